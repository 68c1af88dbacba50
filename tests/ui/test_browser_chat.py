"""Asking and reading in a real browser: answers, verdicts, citations in each format, and what can be done with them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rag.evaluate.suite.file import load_suite
from rag.load.pdf.boxes import span_boxes
from rag.notices import Notice
from rag.store.catalog import History
from rag.types import Answer, LeftOut, Sentence
from tests.ui.served import REPORTS, Served, Tab, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.localhost]


def cited(tab: Tab) -> str:
    tab.page.locator("#cited").wait_for()
    return str(tab.page.locator("#cited").inner_text())


def choose(answer: Any, name: str) -> None:
    """Choose something of the menu of an answer."""
    answer.locator(".f-act-more").last.click()
    answer.page.get_by_role("menuitem", name=name).click()


def test_an_answer_with_its_verdicts(tab: Tab) -> None:
    answer = tab.ask("What is the toll?")
    assert answer.locator(".f-text").inner_text().startswith("The toll is 3 crowns for cars.[1]")
    wait_until(lambda: tab.page.title() == "What is the toll? · Footnote")


QUOTE = "The toll is 3 crowns for cars."


@pytest.fixture
def judged(tab: Tab, chat: Served) -> Tab:
    """A conversation whose answer has a sentence that is not found, a calculation, and a claim that is contradicted."""
    record = chat.index.catalog.source_record("bridge.md")
    assert record is not None
    assert record.document_id is not None
    stored = chat.index.catalog.document_text(record.document_id)
    assert stored is not None
    start = stored[0].index(QUOTE)
    place = {"source": "bridge.md", "start": start, "end": start + len(QUOTE), "quote": QUOTE}
    answer = Answer(
        "What is asked of cars?",
        "What is asked of cars?",
        "Two cars pay 6 crowns. It is old.",
        sentences=(
            Sentence("Two cars pay 6 crowns.", 0, 22, "verified", (), Notice("computed", {"calculation": "2 × 3 = 6"})),
            Sentence("It is old.", 23, 33, "unsupported", (), Notice("words-not-in-source")),
        ),
        left_out=(
            LeftOut(
                "The toll is 4.", "contradicted", Notice("number-contradicted", {"number": 4, "instead": 3, **place})
            ),
        ),
    )
    history = History(chat.index.folder)
    conversation = history.begin("")
    history.save("", conversation.id, answer)
    tab.open(f"/?again#own:library/{conversation.id}")
    tab.page.locator(".f-foot").wait_for()
    return tab


def test_what_is_not_found_and_what_was_computed_is_said_beside_it(judged: Tab) -> None:
    text = judged.page.locator(".f-text")
    mark = text.locator(".f-mark-unsupported summary")
    assert text.inner_text() == "Two cars pay 6 crowns. (2 × 3 = 6) It is old. (not found in the documents)"
    assert mark.get_attribute("aria-label") == "Not found in the documents: its words do not stand in the source"
    mark.click()
    wait_until(lambda: "its words do not stand in the source" in text.inner_text())


def test_what_contradicts_a_claim_opens_exactly_there(judged: Tab) -> None:
    left_out = judged.page.locator(".f-left-out")
    assert left_out.inner_text() == "1 claim left out: the sources say otherwise"
    assert "The toll is 4." not in judged.page.locator(".f-text").inner_text()
    left_out.locator("summary").click()
    for words in ("The toll is 4.", "the source says 3, the answer 4", QUOTE):
        assert words in left_out.inner_text()
    left_out.locator(".f-open", has_text="bridge.md").click()
    assert cited(judged) == QUOTE
    assert "f-open-now" in str(left_out.locator(".f-open").get_attribute("class"))


@pytest.fixture
def long_answer(chat: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow answer is not over before it is stopped, however slow the machine."""
    monkeypatch.setattr(chat.model, "pause", 1.0)


@pytest.mark.usefixtures("long_answer")
def test_its_steps_are_shown_and_the_draft_streams(tab: Tab) -> None:
    tab.ask("Is the ferry slow with 28 cars?", wait=False)
    tab.page.locator(".f-draft").wait_for()
    assert tab.page.locator(".f-step").inner_text().startswith("Writing")
    first = tab.page.locator(".f-draft").inner_text()
    wait_until(lambda: len(tab.page.locator(".f-draft").inner_text()) > len(first))
    tab.page.locator("#question .stop-button").wait_for()
    tab.page.keyboard.press("Escape")
    tab.page.locator(".f-foot").wait_for()
    assert "Stopped before its end" in tab.page.locator(".f-answer").inner_text()
    assert tab.page.locator("button.f-cite").count() >= 1, "what was written by then is checked and shown"


def test_a_citation_opens_the_words_in_a_text(tab: Tab) -> None:
    answer = tab.ask("What is the toll?")
    answer.locator("button.f-cite").first.hover()
    hover = tab.page.locator("#f-hover")
    hover.locator("mark").wait_for()
    assert hover.locator("mark").inner_text() == "The toll is 3 crowns for cars."
    assert hover.locator("small").inner_text() == "Toll · bridge.md"
    tab.page.mouse.move(5, 5)
    wait_until(lambda: not tab.page.locator("#f-hover").is_visible())
    answer.locator("button.f-cite").first.click()
    assert cited(tab) == "The toll is 3 crowns for cars."
    head = tab.page.locator(".f-source-head").inner_text()
    assert "Lantern bridge › Toll" in head
    assert tab.page.locator("#cited").is_visible()
    assert answer.locator(".f-open-now").count() == 2, "the number, and its place among the sources"
    answer.locator(".f-also summary").click()
    answer.locator(".f-also .f-place").first.click()
    wait_until(lambda: answer.locator(".f-also .f-open-now").count() == 1)


def test_a_citation_is_lit_before_its_source_is_there(tab: Tab) -> None:
    chip = tab.ask("What is the toll?").locator("button.f-cite").first
    held: list[Any] = []
    tab.page.route("**/turns/*/c1", lambda route: held.append(route))
    chip.click()
    wait_until(lambda: "f-open-now" in chip.get_attribute("class") and held)
    assert not tab.page.locator("#cited").is_visible()
    held[0].continue_()
    assert cited(tab) == QUOTE
    assert "f-open-now" in chip.get_attribute("class")
    tab.page.unroute_all()


def test_a_citation_opens_the_row_of_a_table(tab: Tab) -> None:
    tab.ask("How much is the lantern?").locator("button.f-cite").first.click()
    tab.page.locator("tr.cited").wait_for()
    assert tab.page.locator("tr.cited").inner_text().split() == ["2", "lantern", "45"], "below the names"
    assert tab.page.locator("td.cited").all_inner_texts() == ["lantern", "45"]
    assert tab.page.locator(".source-table thead th").all_inner_texts() == ["item", "price in crowns"]


def test_a_citation_opens_the_row_of_a_sheet(tab: Tab) -> None:
    tab.ask("What does a grain barge pay?").locator("button.f-cite").first.click()
    row = tab.page.locator("tr.cited")
    row.wait_for()
    assert row.count() == 1
    assert row.locator("td.cited mark").all_inner_texts() == ["Grain barge", "71"]
    table = tab.page.locator(".source-table").last
    assert table.locator("thead th").all_inner_texts() == ["Vessel", "Fee in crowns"]
    assert tab.page.locator(".f-tabs [aria-current]").inner_text() == "Tariffs"
    assert table.locator("tbody tr").count() == 2
    plain, marked = (cell.evaluate("cell => getComputedStyle(cell).backgroundColor") for cell in (
        table.locator("tbody td").first, row.locator("td").first))  # fmt: skip
    assert plain != marked


@pytest.mark.parametrize("name", REPORTS)
def test_a_citation_opens_the_page_with_boxes_on_the_words(name: str, tab: Tab, chat: Served) -> None:
    words, _ = REPORTS[name]
    tab.ask(f"When was the {name.removesuffix('.pdf')} made?").locator("button.f-cite").first.click()
    tab.page.locator(".f-sheet canvas[data-shown]").wait_for()
    sheet = tab.page.locator(".f-sheet")
    record = chat.index.catalog.source_record(name)
    assert record is not None
    document = chat.index.catalog.document(record.document_id or "")
    assert document is not None
    start = document.text.index(words)
    ((_, x0, y0, x1, y1),) = span_boxes(chat.library / name, document.pages, start, start + len(words))
    tab.page.locator(".f-box").first.wait_for()
    # At one look, while the page may still be laid out.
    page, box = tab.page.evaluate(
        "[...['.f-sheet', '.f-box']].map((one) => document.querySelector(one).getBoundingClientRect().toJSON())"
    )
    width, height = (500, 800) if REPORTS[name][1] == 0 else (800, 500)
    assert page["height"] / page["width"] == pytest.approx(height / width, abs=0.01)
    assert box["x"] - page["x"] == pytest.approx(x0 / width * page["width"], abs=1.5)
    assert box["y"] - page["y"] == pytest.approx(y0 / height * page["height"], abs=1.5)
    assert box["width"] == pytest.approx((x1 - x0) / width * page["width"], abs=1.5)
    assert box["height"] == pytest.approx((y1 - y0) / height * page["height"], abs=1.5)
    dark = tab.page.evaluate(_INK, [x0 / width, y0 / height, x1 / width, y1 / height])
    assert dark["inside"] > 20, "the picture has ink under the box"
    before = page["width"]
    tab.page.get_by_label("Zoom in").click()
    wait_until(lambda: sheet.bounding_box()["width"] > before * 1.2)


# Dark pixels of the page's picture inside a box, given in shares of its size.
_INK = """([x0, y0, x1, y1]) => {
  const canvas = document.querySelector('.f-sheet canvas');
  const paper = canvas.getContext('2d');
  const [left, right] = [x0, x1].map(share => Math.round(share * canvas.width));
  const [top, bottom] = [y0, y1].map(share => Math.round(share * canvas.height));
  const seen = paper.getImageData(left, top, right - left, bottom - top);
  let inside = 0;
  for (let i = 0; i < seen.data.length; i += 4) if (seen.data[i] < 128) inside++;
  return { inside };
}"""


def test_what_documents_say_is_shown_and_never_obeyed(tab: Tab) -> None:
    answer = tab.ask("castle gypsy gold toll 9")
    assert "<img src=x onerror=" in answer.inner_text()
    answer.locator("button.f-cite").first.click()
    tab.page.locator("#cited").wait_for()
    assert "<script>document.title='broken'</script>" in tab.page.locator("#f-panel-body").inner_text()
    assert "castle <img src=x onerror=alert(1)>.txt" in tab.page.locator("#f-panel-body").inner_text()
    choose(answer, "Why this answer")
    tab.page.locator("#f-dialog .f-why").wait_for()
    assert tab.page.title() == "castle gypsy gold toll 9 · Footnote"
    assert tab.page.locator("img[src='x'], img[src*='203.0.113.9'], a[href^='javascript:']").count() == 0


def test_copy_retry_edit_and_remove(tab: Tab, chat: Served) -> None:
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = tab.ask("What is the toll?")
    answer.locator(".f-act-copy").click()
    tab.page.locator("#f-notice.f-shown").wait_for()
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    short, text, sources = copied.split("\n\n")
    assert (short, sources) == ("3 crowns", "Sources\n[1] Lantern bridge (bridge.md)")
    assert text.startswith("The toll is 3 crowns for cars. [1]")
    choose(answer, "Copy as Markdown")
    wait_until(lambda: tab.page.evaluate("navigator.clipboard.readText()").startswith("## What is the toll?"))
    answer.locator(".f-act-retry").click()
    versions = tab.page.locator(".f-versions span")
    wait_until(lambda: versions.all_inner_texts() == ["2/2"])
    tab.page.locator("#question .submit-button").wait_for()
    tab.page.locator(".f-foot").first.wait_for()
    assert tab.page.locator(".f-question").count() == 1
    tab.page.locator(".f-edit").click()
    box = tab.page.get_by_label("Question", exact=True)
    wait_until(lambda: box.input_value() == "What is the toll?")
    box.fill("How many cars does the ferry carry?")
    box.press("Enter")
    tab.page.locator(".f-text", has_text="28 cars").wait_for()
    tab.page.locator("#question .submit-button").wait_for()
    assert tab.page.locator(".f-question").all_inner_texts() == ["How many cars does the ferry carry?"]
    wait_until(lambda: versions.all_inner_texts() == ["3/3"])
    tab.page.get_by_role("button", name="The version before").click()
    tab.page.locator(".f-question", has_text="What is the toll?").wait_for()
    wait_until(lambda: versions.all_inner_texts() == ["2/3"])
    choose(tab.page.locator(".f-answer"), "Remove this")
    tab.page.locator(".f-question", has_text="How many cars").wait_for()
    tab.page.locator("#f-notice button", has_text="Undo").click()
    wait_until(lambda: [one[-2:] for one in versions.all_inner_texts()] == ["/3"])


def test_an_edit_is_announced_and_can_be_left(tab: Tab) -> None:
    tab.ask("What is the toll?")
    tab.ask("How many cars does the ferry carry?")
    box = tab.page.get_by_label("Question", exact=True)
    for leave in ("button", "Escape"):
        tab.page.locator(".f-edit").first.click()
        tab.page.locator("#f-editing span", has_text="Another version of this question").wait_for()
        wait_until(lambda: box.input_value() == "What is the toll?")
        if leave == "button":
            tab.page.locator("#f-editing button").click()
        else:
            box.press("Escape")
        wait_until(lambda: not tab.page.locator("#f-editing span").count() and box.input_value() == "")
    assert tab.page.locator(".f-question").count() == 2
    tab.page.locator(".f-act-retry").first.click()
    wait_until(lambda: tab.page.locator(".f-versions span").all_inner_texts() == ["2/2"])
    tab.page.locator("#question .submit-button").wait_for()
    assert tab.page.locator(".f-question").count() == 1
    tab.page.get_by_role("button", name="The version before").click()
    wait_until(lambda: tab.page.locator(".f-question").count() == 2)


@pytest.mark.usefixtures("long_answer")
def test_an_answer_goes_on_while_the_page_is_loaded_anew(tab: Tab) -> None:
    tab.ask("Is the ferry slow with 28 cars?", wait=False)
    tab.page.locator(".f-draft").wait_for()
    tab.page.reload()
    tab.page.locator("body.f-ready").wait_for()
    # What Gradio's own script says of the stream that the reload ended.
    tab.complaints.clear()
    tab.page.locator(".f-question", has_text="Is the ferry slow").wait_for()
    tab.page.locator("#question .stop-button").wait_for()
    draft = tab.page.locator(".f-draft").inner_text()
    wait_until(lambda: len(tab.page.locator(".f-draft").inner_text()) > len(draft))
    tab.page.locator("#question .stop-button").click()
    tab.page.locator(".f-foot").wait_for()
    assert "Stopped before its end" in tab.page.locator(".f-answer").inner_text()
    tab.page.locator("#question .submit-button").wait_for()


@pytest.mark.usefixtures("long_answer")
def test_stop_before_the_first_word_and_ask_again(tab: Tab) -> None:
    tab.ask("Is the ferry slow with 28 cars?", wait=False)
    tab.page.locator("#question .stop-button").click()
    tab.page.locator("#question .submit-button").wait_for()
    assert "28 cars" in tab.ask("How many cars does the ferry carry?").inner_text()


def test_why(tab: Tab) -> None:
    answer = tab.ask("What is the toll?")
    choose(answer, "Why this answer")
    why = tab.page.locator("#f-dialog")
    why.locator(".f-why").wait_for()
    for words in ("The question as it was searched", "Evidence chosen", "Passages and their ranks", "Timings"):
        assert words in why.inner_text()
    with tab.page.expect_download() as download:
        why.get_by_text("Download as JSON").click()
    record = json.loads(download.value.path().read_text())
    assert record["question"] == "What is the toll?"
    assert record["answer"]["passages"][0]["scores"]["dense_rank"] >= 1
    tab.page.keyboard.press("Escape")
    wait_until(lambda: tab.page.locator("#f-dialog").count() == 0)


def test_feedback_and_a_test_case(tab: Tab, chat: Served) -> None:
    answer = tab.ask("What is the toll?")
    answer.locator(".f-act-bad").click()
    tab.page.locator(".f-act-bad.f-chosen").wait_for()
    tab.page.locator("#f-notice button", has_text="Say why").click()
    tab.page.locator("#f-dialog textarea").fill("too <b>short</b>")
    tab.page.locator("#f-dialog button[type=submit]").click()
    wait_until(lambda: tab.page.locator("#f-dialog").count() == 0)
    conversation = History(chat.index.folder).conversations("", "What is the toll", 50)[0]
    (stored,) = History(chat.index.folder).turns("", conversation.id)
    assert stored.feedback is not None
    assert (stored.feedback.thumb, stored.feedback.note) == ("down", "too <b>short</b>")
    choose(answer, "Make this a test case")
    form = tab.page.locator("#f-dialog .f-case")
    form.wait_for()
    assert form.get_by_label("Question").input_value() == "What is the toll?"
    assert form.locator("[name=evidence]:checked").count() == 0, "it was rated down"
    form.get_by_label("No: the right answer").check()
    assert not form.locator("[name=phrases]").is_visible()
    form.get_by_label("Yes").check()
    form.locator("[name=phrases]").fill("3 crowns")
    form.locator(".f-offered", has_text="The toll is 3 crowns for cars.").click()
    form.locator("button[type=submit]").click()
    tab.page.locator("#f-notice", has_text="cases.yaml").wait_for()
    suite = chat.library.parent / "cases.yaml"
    (case,) = load_suite(suite).cases
    assert (case.question, case.answerable, case.must_include) == ("What is the toll?", True, ("3 crowns",))
    assert [evidence.quote for evidence in case.evidence] == ["The toll is 3 crowns for cars."]
    tab.page.locator("#f-notice button", has_text="Undo").click()
    tab.page.locator("#f-notice", has_text="Taken out").wait_for()
    assert case.id not in (suite.parent / "cases.cases.jsonl").read_text()
