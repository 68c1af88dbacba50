"""What people do with the chat, each way at three sizes and in both languages, one after the other on one page.

Owns: that every way works on a desk, a laptop and a phone, in English and in German. Each is a short function that
clicks and reads as a person would; what a step does in full is tested in the module of its name beside this one:
answers (`test_browser_answer.py`, `test_browser_chat.py`), sources and documents (`test_browser_source.py`,
`test_browser_pdf.py`), the page of documents (`test_browser_documents.py`, `test_browser_document_table.py`,
`test_browser_watched.py`), the first screen and collections (`test_browser_first_screen.py`), conversations
(`test_browser_history.py`), settings (`test_browser_settings.py`), keys (`test_browser_keyboard.py`), screen readers
(`test_browser_access.py`). Nothing that is lost, hidden or half done: `test_browser_paths.py`. Ten tasks and their
clicks: `test_browser_tasks.py`. All words in German: `test_browser_german.py`.

The page is loaded once for a size and a language, so that all ways together cost about as much as loading it for each.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docx import Document as WordDocument

from rag.ingestion.pipeline import ingest
from rag.store.catalog import History
from rag.types import Answer, Citation, CitedCell, Passage, RowCell, Sentence
from tests.models.conftest import smallest_gguf as smallest_gguf
from tests.shared_browser import SHARED_BROWSER, chromium
from tests.ui.reader import ON_TOP, ROOTS, SIZES, Reader
from tests.ui.served import Served, Tab, serving, wait_until
from tests.ui.shown import span_of, words_of
from tests.ui.test_browser_keyboard import NAMELESS
from tests.ui.test_browser_pdf import LAMP, STEPS, book
from ui.i18n import translator

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

TOLL = "The toll is 3 crowns for cars."
BERTH = "A berth in the inner harbour is let for 12 weeks."
WEB = "<h1>Lamps</h1><p>Oil lamps hang on the pier.</p><h2>Wicks</h2><p>A wick burns for 9 hours.</p>"
# A picture of what is held, as a browser gives it.
DRAG = """kind => {
  const transfer = new DataTransfer();
  transfer.items.add(new File(["x"], "x.txt"));
  document.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true }));
}"""
FOCUSED = "element => element === document.activeElement"


@pytest.fixture(scope="module")
def model_server(smallest_gguf: Path) -> Iterator[str]:
    """The address of llama.cpp's own server, which speaks as OpenAI's does."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(smallest_gguf)
    parameters.n_ctx, parameters.n_parallel, parameters.verbosity = 2048, 1, -1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    running = xllamacpp.Server(parameters)
    yield running.listening_address
    del running


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The library, with a long PDF, a Word file and a web page."""
    chromium()
    with serving(tmp_path_factory.mktemp("journeys")) as served:
        (served.library / "book.pdf").write_bytes(book(20))
        (served.library / "lamps.html").write_text(WEB)
        word = WordDocument()
        word.add_heading("Moorings", 1)
        word.add_paragraph(BERTH)
        table = word.add_table(1, 2)
        for cell, words in zip(table.rows[0].cells, ("Quay", "Depth 4 m"), strict=True):
            cell.text = words
        word.save(str(served.library / "moorings.docx"))
        ingest(served.index, [served.library])
        served.model.says |= {
            "lighthouse": f"{STEPS.rstrip('.')} [1]. {LAMP.rstrip('.')} [2].",
            "berth": f"{BERTH.rstrip('.')} [1].",
            "wick": "A wick burns for 9 hours [1].",
        }
        yield served


@pytest.fixture(scope="module", params=[(size, language) for size in SIZES for language in ROOTS], ids="-".join)
def reader(request: pytest.FixtureRequest, chat: Served, model_server: str) -> Iterator[Reader]:
    size, language = request.param
    width, height = SIZES[size]
    is_phone = size == "phone"
    kind, page = SHARED_BROWSER.take_page(
        viewport={"width": width, "height": height}, has_touch=is_phone, is_mobile=is_phone, reduced_motion="reduce"
    )
    tab = Tab(page, chat.address)
    yield Reader(tab, translator(language), size, chat, model_server)
    tab.stop_listening()
    SHARED_BROWSER.give_back(kind, page)


# -- the ways ---------------------------------------------------------------------------------------------------------


def the_first_screen(r: Reader) -> None:
    start = r.page.locator("#f-start")
    assert start.locator("h1").inner_text() == "library"
    assert r.t("several documents", count=12) in start.inner_text()
    suggested = start.locator(".f-suggested")
    suggested.first.wait_for()
    assert suggested.count() == 3
    r.page.evaluate(DRAG, "dragover")
    assert r.t("drop into", name="library") in r.page.locator("#f-overlay").inner_text()
    r.page.evaluate("() => document.dispatchEvent(new DragEvent('dragleave'))")
    wait_until(lambda: not r.page.locator("#f-overlay").count())
    question = suggested.first.inner_text()
    r.press(suggested.first)
    r.page.locator(".f-question", has_text=question).wait_for()
    r.page.locator(".f-foot").wait_for()
    # What may be asked next comes after the answer.
    r.page.locator(".f-next button").first.wait_for()
    r.show_left()
    r.press(r.page.locator("#new"))
    recent = start.locator(".f-recent", has_text=question).first
    recent.wait_for()
    r.press(recent)
    r.page.locator(".f-question", has_text=question).wait_for()


def an_answer_comes_first(r: Reader) -> None:
    answer = r.ask("What is the toll?")
    assert answer.locator(".f-short").inner_text() == "3 crowns"
    tops = [answer.locator(part).bounding_box()["y"] for part in (".f-short", ".f-text", ".f-rests")]
    assert tops == sorted(tops)
    # The question stands at the top, so that its answer is read from its beginning.
    log = r.page.locator("#conversation [role=log]").bounding_box()
    assert 0 <= r.page.locator(".f-asked").last.bounding_box()["y"] - log["y"] < 60
    assert r.page.evaluate("document.documentElement.scrollWidth") == SIZES[r.size][0]


def its_steps_are_shown_and_it_can_be_stopped(r: Reader) -> None:
    # It is not over before it is stopped, however slow the machine.
    r.chat.model.pause, before = 1.0, r.chat.model.pause
    try:
        r.ask("Is the ferry slow with 28 cars?", wait=False)
        r.page.locator(".f-step", has_text=r.t("writing")).wait_for()
        r.page.locator(".f-draft").wait_for()
        r.press(r.page.locator("#question .stop-button"))
        r.page.locator(".f-foot").wait_for()
    finally:
        r.chat.model.pause = before
    assert r.page.locator("button.f-cite").count() >= 1, "what was written by then is checked and shown"


def what_is_not_there_is_said_calmly(r: Reader) -> None:
    answer = r.ask("Who won the chess olympiad?")
    card = answer.locator(".f-card")
    assert card.locator(".f-card-title").inner_text() == r.t("abstained")
    assert r.page.locator("#f-announce").inner_text() == r.t("abstained")
    assert r.t("nearest") in card.inner_text()
    near = card.locator(".f-near button")
    assert near.count() == 3
    r.press(near.first)
    r.page.locator("#cited").wait_for()
    r.close_panel()
    r.press(answer.get_by_role("button", name=r.t("anyway")))
    tentative = r.page.locator(".f-answer.f-tentative .f-card")
    tentative.wait_for()
    r.page.locator("#question .submit-button").wait_for()
    assert tentative.locator("button.f-cite").count() >= 1
    assert r.page.locator(".f-question").all_inner_texts() == ["Who won the chess olympiad?"]
    assert r.page.locator(".f-abstained").count() == 0
    assert tentative.get_by_role("button", name=r.t("anyway")).count() == 0


def another_wording_goes_into_the_box_and_is_not_asked(r: Reader) -> None:
    record = r.chat.index.catalog.source_record("bridge.md")
    assert record is not None
    text = words_of(r.chat.index, "bridge.md")
    title, document = "Lantern bridge", record.document_id or ""
    near = Passage("c", "bridge.md", document, title, 0, len(text), text, title, None, 1, {})
    refused = Answer("What is the toll on Mars?", "q", abstained=True, passages=(near,), language=r.t.language)
    card = r.open_stored(refused).locator(".f-card")
    assert card.locator(".f-asked-word").first.inner_text().lower() == "toll"
    asked = len(r.chat.model.asked)
    r.press(card.locator(".f-suggest"))
    words = r.t("say about", title="Lantern bridge", words="toll")
    wait_until(lambda: r.page.locator("#question textarea").input_value() == words)
    assert len(r.chat.model.asked) == asked
    assert r.page.locator(".f-question").count() == 1


def quotes_are_folded(r: Reader) -> None:
    quotes = ("One is here.", "Two is here.", "Three is here.", "Four is here.")
    sentences, citations, text = [], [], ""
    for number, quote in enumerate(quotes, start=1):
        line = f"“{quote}” [{number}]"
        sentences.append(Sentence(line, len(text), len(text) + len(line), "verified", (number,)))
        citations.append(Citation(number, "a.md", "a", "A", 0, len(quote), quote))
        text += f"{line}\n"
    stored = Answer("q", "q", text.rstrip(), sentences=tuple(sentences), citations=tuple(citations))
    answer = r.open_stored(stored)
    shown = answer.locator(".f-quote")
    assert [one.is_visible() for one in shown.all()] == [True, True, False, False]
    assert "“" not in shown.first.inner_text(), "a rule sets it off, and no marks"
    more = answer.locator(".f-folded summary")
    assert more.inner_text() == r.t("more quotes", count=2)
    r.press(more)
    wait_until(lambda: shown.last.is_visible())


def a_table_answers_as_a_table(r: Reader) -> None:
    id_, start, end = span_of(r.chat.index, "prices.csv", "item: lantern; price in crowns: 45")
    row = words_of(r.chat.index, "prices.csv")[start:end]
    name, price = start + row.index("lantern"), start + row.index("45")
    cells = (RowCell(name, name + 7, name="item"), RowCell(price, price + 2, name="price in crowns"))
    cited = Citation(1, "prices.csv", id_, "", start, end, row, cells=cells, cell=CitedCell(price, price + 2))
    words = f"“{row}” [1]"
    stored = Answer("q", "q", words, sentences=(Sentence(words, 0, len(words), "verified", (1,)),), citations=(cited,))
    answer = r.open_stored(stored)
    table = answer.locator(".f-row table")
    assert table.locator("thead th").all_inner_texts() == ["item", "price in crowns"]
    assert table.locator("td.f-answers").inner_text() == "45"
    r.press(answer.locator("button.f-cite").first)
    marked = r.page.locator("tr.cited td.f-answers")
    marked.wait_for()
    assert marked.inner_text() == "45"
    wait_until(lambda: marked.evaluate(ON_TOP))
    r.close_panel()


def sources_stand_there_once(r: Reader) -> None:
    answer = r.ask("What is the toll?")
    rests = answer.locator(".f-rests")
    assert rests.inner_text().count("bridge.md") == 1
    assert not rests.locator(".f-also .f-place").first.is_visible(), "folded"
    chip = answer.locator("button.f-cite").first
    if r.is_phone:
        for control in (".f-rests > .f-origins .f-place", ".f-acts .f-act"):
            assert answer.locator(control).first.bounding_box()["height"] >= 32, control
    else:
        chip.hover()
        preview = r.page.locator("#f-hover mark")
        preview.wait_for()
        assert preview.inner_text() == TOLL
        r.page.mouse.move(5, 5)
    r.press(rests.locator(".f-also summary"))
    r.press(chip)
    r.page.locator("#cited").wait_for()
    assert r.page.locator("#cited").inner_text() == TOLL
    wait_until(lambda: r.page.locator("#cited").evaluate(ON_TOP))
    places = answer.locator(".f-place")
    if not r.is_phone:
        # An open panel follows the arrow keys.
        places.first.focus()
        r.page.keyboard.press("ArrowDown")
        wait_until(lambda: "f-open-now" in str(places.nth(1).get_attribute("class")))
        r.page.keyboard.press("ArrowUp")
        wait_until(lambda: places.first.evaluate(FOCUSED))
    r.close_panel()


def a_pdf_is_read(r: Reader) -> None:
    answer = r.ask("How many steps has the lighthouse, and when was its lamp lit?")
    r.press(answer.locator("button.f-cite").first)
    panel = r.page.locator("#panel")
    panel.locator(".f-picture[data-shown]").first.wait_for()
    number = r.page.get_by_label(r.t("pdf page field"), exact=True)
    wait_until(lambda: number.input_value() == "17")
    box = panel.locator(".f-box:not(.f-other)").first
    box.wait_for(state="attached")
    sheet = panel.locator('.f-sheet[data-page="17"]')
    sheet.get_by_text(STEPS).wait_for(state="attached")
    width = sheet.bounding_box()["width"]
    r.press(panel.get_by_label(r.t("pdf cited")))
    wait_until(lambda: sheet.bounding_box()["width"] > 1.2 * width)
    r.press(panel.get_by_label(r.t("pdf fit")))
    wait_until(lambda: abs(sheet.bounding_box()["width"] - width) < 3)
    r.press(panel.get_by_label(r.t("pdf strip")).first)
    r.press(panel.locator('.f-side [data-page="16"]'))
    wait_until(lambda: number.input_value() == "16")
    r.press(panel.get_by_label(r.t("pdf find")).first)
    panel.get_by_role("searchbox").fill("lighthouse")
    wait_until(lambda: panel.locator(".f-find output").inner_text() == r.t("pdf find at", number=1, total=1))
    assert r.page.evaluate("document.documentElement.scrollWidth") == SIZES[r.size][0]
    panel.get_by_role("searchbox").press("Escape")
    with r.page.expect_download() as download:
        r.press(panel.get_by_label(r.t("pdf download")))
    assert download.value.path().read_bytes() == (r.chat.library / "book.pdf").read_bytes()
    r.close_panel()


def word_and_web_pages_keep_their_form(r: Reader) -> None:
    panel = r.page.locator("#panel")
    r.press(r.ask("How long is a berth let?").locator("button.f-cite").first)
    r.page.locator("#cited").wait_for()
    assert r.page.locator("#cited").inner_text() == BERTH
    assert panel.locator(".source-text :is(h3, h4)", has_text="Moorings").count() == 1
    assert panel.locator(".source-text table td").all_inner_texts()[-1] == "Depth 4 m"
    r.close_panel()
    r.press(r.ask("How long does a wick burn?").locator("button.f-cite").first)
    r.page.locator("#cited", has_text="9 hours").wait_for()
    assert panel.locator(".source-text :is(h3, h4, h5)").all_inner_texts() == ["Lamps", "Wicks"]
    r.close_panel()


def a_sheet_is_a_grid(r: Reader) -> None:
    r.press(r.ask("What does a grain barge pay?").locator("button.f-cite").first)
    row = r.page.locator("tr.cited")
    row.wait_for()
    assert row.locator("td.cited mark").all_inner_texts() == ["Grain barge", "71"]
    tabs = r.page.locator(".f-tabs button")
    assert tabs.all_inner_texts() == ["Keepers", "Tariffs"]
    r.press(tabs.first)
    wait_until(lambda: r.page.locator(".f-tabs [aria-current]").inner_text() == "Keepers")
    r.press(r.page.locator("td", has_text="Astrid Holm"))
    assert r.page.locator(".f-cell-bar").inner_text().startswith("Name")
    r.close_panel()


def documents_are_sorted_found_chosen_and_deleted(r: Reader) -> None:
    r.show("documents")
    page = r.page
    rows = page.locator("#documents .f-doc")
    wait_until(lambda: rows.count() == 12)
    head = page.locator("#documents [role=columnheader][data-sort=title]")
    names = "[...document.querySelectorAll('#documents .f-doc')].map(row => row.dataset.name)"
    before = page.evaluate(names)
    if not r.is_phone:
        r.press(head.get_by_role("button"))
        wait_until(lambda: page.evaluate(names) == before[::-1])
        assert head.get_attribute("aria-sort") == "descending"
        r.press(head.get_by_role("button"))
        wait_until(lambda: page.evaluate(names) == before)
    page.locator(".f-search").fill("ferry")
    wait_until(lambda: rows.count() == 1)
    assert rows.locator("mark").first.inner_text() == "ferry"
    page.locator(".f-search").fill("")
    wait_until(lambda: rows.count() == 12)
    for name in ("sea/ferry.txt", "sea/keeper.txt"):
        r.press(page.locator(f".f-doc[data-name='{name}'] .f-cell-pick input"))
    bar = page.locator(".f-bar-row")
    bar.get_by_text(r.t("selected", count=2)).wait_for()
    r.press(bar.get_by_role("button", name=r.t("read again")))
    page.locator(".f-strip .f-job b", has_text=re.compile(r.t("count updated", count=2))).wait_for()
    r.press(bar.get_by_role("button", name=r.t("delete"), exact=True))
    strip = page.locator(".f-strip")
    strip.get_by_text(r.t("deleted several", count=2)).wait_for()
    wait_until(lambda: rows.count() == 10)
    r.press(strip.get_by_role("button", name=r.t("undo")))
    wait_until(lambda: rows.count() == 12)
    strip.locator("b", has_text=r.t("count restored", count=2)).wait_for()


def a_question_is_kept_to_a_folder(r: Reader) -> None:
    r.show("documents")
    page = r.page
    if r.is_phone:
        page.locator("select.f-filter-folder").select_option("sea")
    else:
        r.press(page.locator(".f-folder", has_text="sea"))
    wait_until(lambda: page.locator("#documents .f-doc").count() == 2)
    r.press(page.get_by_role("button", name=r.t("ask about folder")))
    kept = page.locator("#f-only", has_text="sea")
    kept.wait_for()
    assert r.t("several documents", count=2) in kept.inner_text()
    assert kept.bounding_box()["y"] < page.locator("#question").bounding_box()["y"], "above the question"
    answer = r.ask("How many windows did the storm of 1952 break?")
    assert "weather" not in answer.inner_text()
    r.press(kept.get_by_role("button").first)
    wait_until(lambda: not page.locator("#f-only button").count())
    # Or to rows that are chosen; the folder is still open.
    r.show("documents")
    r.press(page.locator(".f-doc[data-name='sea/ferry.txt'] .f-cell-pick input"))
    r.press(page.locator(".f-bar-row").get_by_role("button", name=r.t("ask about these")))
    page.locator("#f-only", has_text="ferry").wait_for()
    r.press(page.locator("#f-only").get_by_role("button").first)
    wait_until(lambda: not page.locator("#f-only button").count())


def a_collection_is_made_renamed_and_deleted(r: Reader) -> None:
    page = r.page
    name = page.locator(".f-collection-name")
    menu = page.locator("#f-collection-menu")

    def open_menu() -> None:
        r.show_left()
        r.press(page.locator("#f-collection"))
        # It is drawn anew once the sizes are known.
        menu.locator(".f-collection-list small").first.wait_for()

    def is_called(words: str) -> bool:
        return bool(name.text_content() == words)

    open_menu()
    r.press(menu.locator("button[value=new]"))
    page.keyboard.type("Tide tables")
    page.keyboard.press("Enter")
    wait_until(lambda: is_called("Tide tables"))
    page.locator(".f-welcome", has_text=r.t("empty index")).wait_for()
    open_menu()
    r.press(menu.locator("button[value=rename]"))
    page.keyboard.type("Tides <b>")
    page.keyboard.press("Enter")
    wait_until(lambda: is_called("Tides <b>"))
    open_menu()
    r.press(menu.locator(".f-collection-list button", has_text="library"))
    wait_until(lambda: is_called("library"))
    # The name is on the screen at all times: in the left column, or in the head of a phone.
    if r.is_phone:
        page.keyboard.press("Escape")
        assert page.locator("#f-where").inner_text() == "library"
    else:
        assert name.is_visible()
    open_menu()
    r.press(menu.locator(".f-collection-list button", has_text="Tides"))
    wait_until(lambda: is_called("Tides <b>"))
    open_menu()
    r.press(menu.locator("button[value=delete]"))
    wait_until(lambda: is_called("library"))
    r.notice("Tides <b>")


def conversations_are_kept_in_order(r: Reader) -> None:
    page = r.page
    r.ask("What is the toll?")
    r.ask("How many cars does the ferry carry?")
    # Of its row, which a mouse must point at; the phone shows the button.
    r.show_left()
    assert page.locator(".f-talks-day", has_text=r.t("today")).count() == 1
    row = page.locator("#conversations .f-talk[data-title='What is the toll?']").first

    def of_row(*names: str) -> None:
        r.show_left()
        if not r.is_phone:
            row.hover()
        r.press(row.locator(".f-talk-more"))
        r.choose(*names)

    of_row(r.t("pin"))
    page.locator(".f-talks-day", has_text=r.t("pinned")).wait_for()
    of_row(r.t("unpin"))
    wait_until(lambda: not page.locator(".f-talks-day", has_text=r.t("pinned")).count())
    listed = page.locator("#conversations .f-talk").count()
    of_row(r.t("to archive"))
    r.notice(r.t("in archive now"))
    wait_until(lambda: page.locator("#conversations .f-talk").count() == listed - 1)
    r.press(page.locator("#f-notice").get_by_role("button", name=r.t("undo")))
    wait_until(lambda: page.locator("#conversations .f-talk").count() == listed)
    # By a word of its answer, which is marked.
    r.show_left()
    page.get_by_label(r.t("search conversations")).fill("28 cars")
    marks = page.locator("#conversations .f-talk mark")
    wait_until(lambda: {"28", "cars"} <= set(marks.all_inner_texts()))
    page.get_by_label(r.t("search conversations")).fill("")
    wait_until(lambda: page.locator("#conversations .f-talk").count() == listed)
    page.keyboard.press("Escape")
    assert page.title() == "What is the toll? · Footnote"
    # Back leads to where one was.
    r.show_left()
    r.press(page.locator("#new"))
    wait_until(lambda: page.title() == "Footnote")
    page.go_back()
    wait_until(lambda: page.title() == "What is the toll? · Footnote")


def a_conversation_is_shared_by_its_link(r: Reader) -> None:
    page = r.page
    r.ask("What is the toll?")
    r.press(page.locator(".f-title-more"))
    r.choose(r.t("share"))
    dialog = page.locator("#f-dialog")
    r.press(dialog.get_by_role("button", name=r.t("share and copy")))
    link = dialog.get_by_label(r.t("share link"))
    link.wait_for()
    shown = page.request.get(link.input_value()).text()
    assert "3 crowns" in shown
    assert "<button" not in shown, "it is to be read only"
    r.press(dialog.get_by_role("button", name=r.t("stop sharing")))
    r.notice(r.t("shared no longer"))


def a_model_is_chosen_in_settings(r: Reader) -> None:
    page = r.page
    r.show("settings")
    models = page.locator("#f-part-model")
    r.press(models.get_by_text(r.t("quotes only"), exact=True))
    saved = models.locator(".f-saved", has_text=r.t("saved"))
    saved.wait_for()
    # Each choice is explained in a sentence.
    for name in ("policy", "strictness"):
        explained = page.locator(f"input[name={name}] + span small").all_inner_texts()
        assert len(explained) >= 2
        assert all(words.endswith(".") for words in explained)
    r.press(page.get_by_text(r.t("add server")))
    r.press(page.locator("#f-server").get_by_role("button", name=r.t("try it")))
    page.get_by_text(r.t("server address missing")).wait_for()
    r.press(models.get_by_text("teller", exact=True))
    wait_until(lambda: r.chat.service.options_of("").model == "teller")
    assert page.locator("#settings").evaluate("view => view.scrollWidth <= view.clientWidth")


def a_model_is_added_by_its_address(r: Reader) -> None:
    page = r.page
    r.show("settings")
    r.press(page.get_by_text(r.t("add server")))
    form = page.locator("#f-server")
    form.get_by_label(r.t("server address"), exact=True).fill(r.model_server)
    r.press(form.get_by_role("button", name=r.t("list models")))
    form.get_by_text(r.t("server models found", count=1)).wait_for()
    r.press(form.get_by_role("button", name=r.t("try it")))
    form.locator(".f-result q").wait_for()
    form.get_by_label(r.t("server name"), exact=True).fill("Llama")
    r.press(form.get_by_role("button", name=r.t("save")))
    added = page.locator(".f-model", has_text="Llama")
    added.get_by_role("radio").wait_for()
    r.press(added.get_by_role("button", name=r.t("remove named", name="Llama")))
    r.notice(r.t("server removed", name="Llama"))
    r.press(page.locator("#f-part-model").get_by_text("teller", exact=True))
    wait_until(lambda: r.chat.service.options_of("").model == "teller")


def own_instructions_are_kept(r: Reader) -> None:
    r.show("settings")
    box = r.page.get_by_label(r.t("part instructions"), exact=True)
    box.fill("Write like a sailor.")
    r.page.locator("#f-part-instructions .f-saved", has_text=r.t("saved")).wait_for()
    assert r.chat.service.options_of("").instructions == "Write like a sailor."
    r.page.go_back()
    assert r.ask("What is the toll?").locator("button.f-cite").count()
    r.show("settings")
    assert box.input_value() == "Write like a sailor."
    box.fill("")
    wait_until(lambda: r.chat.service.options_of("").instructions == "")


def questions_without_an_answer_are_listed(r: Reader) -> None:
    page = r.page
    switch = page.get_by_label(r.t("list switch", name="library"))
    listed = page.locator("#f-part-unanswered")
    r.show("settings")
    assert not switch.is_checked(), "off unless chosen"
    r.press(switch)
    listed.get_by_text(r.t("list empty")).wait_for()
    page.go_back()
    r.ask("Who won the chess olympiad?")
    r.show("settings")
    row = listed.locator("tbody tr")
    row.wait_for()
    assert r.t("list refused") in row.inner_text()
    r.press(switch)
    wait_until(lambda: not row.count())


def words_are_set_in_two_fonts_of_one_scale(r: Reader) -> None:
    r.ask("What is the toll?")
    loaded = "document.fonts.ready.then(() => [...document.fonts].filter((one) => one.status === 'loaded').length)"
    wait_until(lambda: r.page.evaluate(loaded) >= 2)
    sizes = r.page.evaluate(
        """() => [...new Set([...document.querySelectorAll('.f-asked, .f-answer, .f-answer *')]
          .filter((one) => one.innerText?.trim() && one.offsetParent)
          .map((one) => parseFloat(getComputedStyle(one).fontSize)))].filter((size) => size)"""
    )
    assert len(sizes) <= 6, sizes
    assert min(sizes) >= 11
    # Whoever asks for no motion has none.
    moving = r.page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((one) => {
          const { transitionDuration, animationDuration } = getComputedStyle(one);
          return `${transitionDuration}, ${animationDuration}`.split(',').some((time) => parseFloat(time) > 0.01);
        }).map((one) => one.id || one.className)"""
    )
    assert moving == []


def keys_and_names_lead_through_the_page(r: Reader) -> None:
    page = r.page
    r.ask("What is the toll?")
    assert page.evaluate(NAMELESS) == []
    wait_until(lambda: page.locator("#f-announce").inner_text() != "")
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("?")
    dialog = page.locator("#f-dialog")
    assert r.t("keys") in dialog.inner_text()
    assert r.t("key esc") in dialog.inner_text()
    page.keyboard.press("Escape")
    wait_until(lambda: not dialog.count())
    page.locator("#f-skip button", has_text=r.t("skip to answer")).focus()
    page.keyboard.press("Enter")
    wait_until(lambda: page.locator(".f-answer").last.evaluate(FOCUSED))
    page.locator("#f-skip button", has_text=r.t("skip to question")).focus()
    page.keyboard.press("Enter")
    wait_until(lambda: page.locator("#question textarea").evaluate(FOCUSED))
    page.locator(".f-act-more").last.focus()
    page.keyboard.press("Enter")
    wait_until(lambda: page.evaluate("document.activeElement.textContent") == r.t("edit"))
    page.keyboard.press("Escape")
    wait_until(lambda: page.locator(".f-act-more").last.evaluate(FOCUSED))
    for view, region in (("documents", r.t("documents")), ("settings", r.t("settings"))):
        r.show(view)
        assert page.get_by_role("region", name=region).count() >= 1
        assert page.evaluate(NAMELESS) == []
    page.keyboard.press("Escape")


def conversations_are_exported_and_imported(r: Reader) -> None:
    page = r.page
    r.ask("What is the toll?")
    for ending, begins in (("md", b"# What"), ("html", b"<!DOCTYPE"), ("docx", b"PK"), ("pdf", b"%PDF")):
        r.press(page.locator(".f-title-more"))
        r.choose(f"{r.t('export')} …")
        with page.expect_download() as download:
            r.choose(r.t(f"export {ending}"))
        assert download.value.path().read_bytes().startswith(begins)
    r.show_left()
    r.press(page.locator("#talks-all"))
    with page.expect_download() as download:
        r.choose(r.t("export all"))
    packed = Path(download.value.path())
    number = len(json.loads(zipfile.ZipFile(packed).read("conversations.json"))["conversations"])
    assert number >= 1
    r.show_left()
    r.press(page.locator("#talks-all"))
    with page.expect_file_chooser() as chooser:
        r.choose(r.t("import"))
    chooser.value.set_files({"name": "all.zip", "mimeType": "application/zip", "buffer": packed.read_bytes()})
    r.notice(r.t("imported one") if number == 1 else r.t("imported", count=number))
    history = History(r.chat.index.folder)
    for head in history.conversations("", limit=-1):
        history.remove("", head.id)


WAYS: tuple[Callable[[Reader], None], ...] = (
    the_first_screen,
    an_answer_comes_first,
    its_steps_are_shown_and_it_can_be_stopped,
    what_is_not_there_is_said_calmly,
    another_wording_goes_into_the_box_and_is_not_asked,
    quotes_are_folded,
    a_table_answers_as_a_table,
    sources_stand_there_once,
    a_pdf_is_read,
    word_and_web_pages_keep_their_form,
    a_sheet_is_a_grid,
    documents_are_sorted_found_chosen_and_deleted,
    a_question_is_kept_to_a_folder,
    a_collection_is_made_renamed_and_deleted,
    conversations_are_kept_in_order,
    a_conversation_is_shared_by_its_link,
    a_model_is_chosen_in_settings,
    a_model_is_added_by_its_address,
    own_instructions_are_kept,
    questions_without_an_answer_are_listed,
    words_are_set_in_two_fonts_of_one_scale,
    keys_and_names_lead_through_the_page,
    conversations_are_exported_and_imported,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_way(reader: Reader, way: Callable[[Reader], None]) -> None:
    reader.begin()
    way(reader)
    reader.end()
