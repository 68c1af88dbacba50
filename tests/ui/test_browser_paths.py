"""What a reader does every day, in one go at each size and in each language: nothing is lost, hidden or half done.

Owns: that the same steps work on a desk, a laptop and a phone, in English and German. What each step does in full is
tested in the modules beside this one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rag.evaluate.suite.file import load_suite
from rag.store.catalog import History
from rag.types import Answer, Citation, Sentence
from tests.ui.conftest import NewTab
from tests.ui.reader import ON_TOP, ROOTS, SIZES
from tests.ui.served import Served, Tab, wait_until
from tests.ui.shown import span_of
from ui.i18n import Translate, translator

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

TOLL = "The toll is 3 crowns for cars."
MARKDOWN = (
    "## Tolls\n\n- **Cars**: {sentence}\n- `lorries`: none\n\n| kind | toll |\n| --- | --- |\n| cars | 3 crowns |\n"
)


@pytest.fixture(params=[(size, language) for size in SIZES for language in ROOTS], ids="-".join)
def reader(request: pytest.FixtureRequest, chat: Served, new_tab: NewTab) -> tuple[Tab, Translate]:
    """A tab of one size, opened at the address of one language, with the texts of that language."""
    size, language = request.param
    width, height = SIZES[size]
    is_phone = size == "phone"
    tab = new_tab(
        chat.address,
        viewport={"width": width, "height": height},
        has_touch=is_phone,
        is_mobile=is_phone,
        reduced_motion="reduce",
    )
    return tab.open(ROOTS[language]), translator(language)


def open_view(tab: Tab, name: str) -> None:
    """Open a page of the left column, which a phone has behind a button."""
    if tab.page.locator("#show-left").is_visible():
        tab.page.locator("#show-left").click()
    tab.page.locator(f"#show-{name}").click()


def choose(answer: Any, name: str) -> None:
    answer.locator(".f-act-more").last.click()
    answer.page.get_by_role("menuitem", name=name).click()


def test_no_turn_is_lost_by_editing_asking_again_or_removing(reader: tuple[Tab, Translate]) -> None:
    tab, t = reader
    page = tab.page
    tab.ask("What is the toll?")
    tab.ask("How many cars does the ferry carry?")
    box = page.locator("#question textarea")
    page.locator(".f-edit").first.click()
    page.locator("#f-editing span", has_text=t("editing")).wait_for()
    wait_until(lambda: box.input_value() == "What is the toll?")
    page.locator("#f-editing button").click()
    wait_until(lambda: not page.locator("#f-editing span").count() and box.input_value() == "")
    assert page.locator(".f-question").count() == 2
    page.locator(".f-act-retry").first.click()
    versions = page.locator(".f-versions span")
    wait_until(lambda: versions.all_inner_texts() == ["2/2"])
    page.locator("#question .submit-button").wait_for()
    page.get_by_role("button", name=t("version previous")).click()
    # What followed the first version is there with it.
    wait_until(lambda: page.locator(".f-question").count() == 2)
    choose(page.locator(".f-answer").first, t("remove turn"))
    page.locator("#f-notice button", has_text=t("undo")).click()
    wait_until(lambda: page.locator(".f-question").count() == 2)
    tab.check()


def test_an_answer_goes_on_through_a_reload(
    reader: tuple[Tab, Translate], chat: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat.model, "pause", 1.0)
    tab, t = reader
    page = tab.page
    tab.ask("Is the ferry slow with 28 cars?", wait=False)
    page.locator(".f-draft").wait_for()
    page.reload()
    page.locator("body.f-ready").wait_for()
    # What Gradio's own script says of the stream that the reload ended.
    tab.complaints.clear()
    page.locator(".f-question", has_text="Is the ferry slow").wait_for()
    draft = page.locator(".f-draft").inner_text()
    wait_until(lambda: len(page.locator(".f-draft").inner_text()) > len(draft))
    page.locator("#question .stop-button").click()
    page.locator(".f-foot").wait_for()
    assert page.locator(".f-act-retry").get_attribute("aria-label") == t("retry")
    tab.check()


def test_what_a_model_wrote_as_markdown_is_read_as_such(reader: tuple[Tab, Translate], chat: Served) -> None:
    tab, t = reader
    page = tab.page
    id_, start, end = span_of(chat.index, "bridge.md", TOLL)
    sentence = f"{TOLL} [1]"
    words = MARKDOWN.format(sentence=sentence)
    at = words.index(sentence)
    stored = Answer(
        "Which tolls are there?",
        "Which tolls are there?",
        words,
        sentences=(Sentence(sentence, at, at + len(sentence), "verified", (1,)),),
        citations=(Citation(1, "bridge.md", id_, "Lantern bridge", start, end, TOLL),),
    )
    history = History(chat.index.folder)
    head = history.begin("")
    history.save("", head.id, stored)
    tab.open(f"{ROOTS[t.language]}?again#own:library/{head.id}")
    text = page.locator(".f-answer .f-text")
    text.locator(":is(h2, h3, h4, h5)", has_text="Tolls").wait_for()
    assert text.locator("li strong").all_inner_texts() == ["Cars"]
    assert "lorries" in text.locator("li code").inner_text()
    assert text.locator("td").all_inner_texts() == ["cars", "3 crowns"]
    assert not {"**", "##", "| "} & {sign for sign in ("**", "##", "| ") if sign in text.inner_text()}
    # The citation has kept its place behind its sentence.
    chip = text.locator("li", has_text="Cars").locator("button.f-cite")
    chip.click()
    page.locator("#cited").wait_for()
    assert page.locator("#cited").inner_text() == TOLL
    wait_until(lambda: page.locator("#cited").evaluate(ON_TOP))
    tab.check()


def test_a_test_case_is_stored_once_its_form_is_filled_in(reader: tuple[Tab, Translate], chat: Served) -> None:
    tab, t = reader
    page = tab.page
    suite = chat.library.parent / "cases.yaml"
    answer = tab.ask("What is the toll?")
    before = suite_cases(suite)
    answer.locator(".f-act-bad").click()
    page.locator(".f-act-bad.f-chosen").wait_for()
    choose(answer, t("case"))
    form = page.locator("#f-dialog .f-case")
    form.wait_for()
    assert suite_cases(suite) == before, "nothing is stored at one click"
    form.locator("[name=phrases]").fill("3 crowns")
    form.locator(".f-offered", has_text=TOLL).click()
    save = form.locator("button[type=submit]")
    assert save.inner_text() == t("case save")
    save.click()
    page.locator("#f-notice", has_text="cases.yaml").wait_for()
    assert len(suite_cases(suite)) == len(before) + 1
    assert load_suite(suite).cases[-1].must_include == ("3 crowns",)
    page.locator("#f-notice button", has_text=t("undo")).click()
    page.locator("#f-notice", has_text=t("case dropped", suite="cases.yaml")).wait_for()
    assert suite_cases(suite) == before
    tab.check()


def suite_cases(suite: Path) -> list[str]:
    """The cases of a suite as they are stored; one without cases cannot be loaded."""
    stored = suite.with_suffix(".cases.jsonl")
    return stored.read_text().splitlines() if stored.exists() else []


def test_documents_are_added_opened_and_kept_to(reader: tuple[Tab, Translate], chat: Served, tmp_path: Path) -> None:
    tab, t = reader
    page = tab.page
    name = f"mill-{tmp_path.name}.md"
    (tmp_path / name).write_text("# Mill\n\nThe mill has 5 sails.\n")
    (tmp_path / "nothing.txt").write_text("")
    open_view(tab, "documents")
    page.locator("#documents .f-doc").first.wait_for()
    page.locator("#f-files").set_input_files([tmp_path / name, tmp_path / "nothing.txt"])
    # An empty file is passed over, as the command line says, and the work has an end.
    page.locator(".f-strip .f-job b").wait_for()
    said = page.locator(".f-strip .f-job b").inner_text()
    assert said == f"{t('count added', count=1)}, {t('count skipped', count=1)}"
    try:
        row = page.locator("#documents .f-doc", has_text=name)
        page.locator(".f-search").fill(name)
        row.wait_for()
        row.click()
        shown = page.locator("#panel .f-source", has_text="The mill has 5 sails.")
        shown.wait_for()
        wait_until(lambda: page.locator("#panel .f-words").evaluate(ON_TOP))
        page.keyboard.press("Escape")
        wait_until(lambda: not page.locator("#panel").is_visible())
        row.press(" ")
        page.get_by_role("button", name=t("ask about these")).click()
        page.locator("#f-only", has_text=name).wait_for()
        # What was chosen, and the collection, outlive the page; a document that is gone does not.
        page.reload()
        page.locator("body.f-ready").wait_for()
        page.locator("#f-only", has_text=name).wait_for()
        assert page.locator("html").get_attribute("lang") == t.language
        assert page.locator("#panel").get_attribute("aria-label") == t("source panel")
        assert "5 sails" in tab.ask("How many sails has the mill?").inner_text()
    finally:
        chat.service.uploads.remove(chat.index, name)
    tab.ask("What is the toll?")
    wait_until(lambda: page.locator("#f-only button").count() == 0)
    tab.check()
