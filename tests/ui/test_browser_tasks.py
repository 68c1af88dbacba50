"""The ten tasks of the user test in CONTRIBUTING, done as a person would, each within the clicks that stand there."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rag.evaluate.suite.file import load_suite
from rag.store.catalog import FILE, History
from rag.types import Answer
from tests.conftest import ROOT, write_files
from tests.ui.conftest import NewTab
from tests.ui.served import Served, wait_until
from ui.i18n import translator

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

ORCHARDS = {
    "pears.md": "# Pear orchard\n\nThe pear orchard has 74 trees. The pear orchard was planted in 1968.\n",
    "plums.md": "# Plum orchard\n\nThe plum orchard has 31 trees. The plum orchard was planted in 1990.\n",
}
SAYS = {
    "plum": "The pear orchard has 74 trees [1]. The plum orchard has 31 trees [2].",
    "pear": "The pear orchard has 74 trees [1].",
}
ROOTS = {"en": "/", "de": "/de/"}
PLANTED = "The pear orchard was planted in 1968."


def allowed(column: int) -> dict[int, int]:
    """The most clicks of each task, from the table in CONTRIBUTING: in column 0 at a desk, in column 1 on a phone."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| .+ \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    return {int(task): int(most[column]) for task, *most in rows}


class Person:
    """Someone at the page, whose clicks, taps and keys are counted; words are written where the keyboard is."""

    def __init__(self, page: Any, column: int, language: str) -> None:
        self.page = page
        self.t = translator(language)
        self.is_touch = column == 1
        self.most = allowed(column)
        self.clicks = 0

    def click(self, what: Any) -> None:
        self.clicks += 1
        if self.is_touch:
            what.tap()
        else:
            what.click()

    def press(self, key: str) -> None:
        self.clicks += 1
        self.page.keyboard.press(key)

    def go_back(self) -> None:
        self.clicks += 1
        self.page.go_back()

    def write(self, words: str) -> None:
        """Write without a click: what the page does before must have put the keyboard there."""
        field = "document.activeElement.matches('textarea, input:not([type=file], [type=radio], [type=checkbox])')"
        wait_until(lambda: self.page.evaluate(field))
        self.page.keyboard.type(words)

    def ask(self, question: str) -> Any:
        """Write a question and send it, and return its answer."""
        before = self.page.locator(".f-foot").count()
        self.write(question)
        self.press("Enter")
        self.page.locator(".f-question", has_text=question).last.wait_for()
        self.page.locator(".f-foot").nth(before).wait_for()
        self.page.locator("#question .submit-button").wait_for()
        return self.page.locator(".f-answer").last

    @contextmanager
    def task(self, number: int) -> Iterator[None]:
        self.clicks = 0
        yield
        assert 1 <= self.clicks <= self.most[number], f"task {number} took {self.clicks} clicks"


@pytest.fixture
def folder(chat: Served, tmp_path: Path) -> Path:
    """A folder that is not in the collection, of which the model knows; and conversations of the last weeks."""
    chat.model.says = {**SAYS, **chat.model.says}
    made = tmp_path / "orchards"
    made.mkdir()
    write_files(made, ORCHARDS)
    history = History(chat.index.folder)
    for number in range(30):
        head = history.begin("", f"Question {number}")
        words = "Old Brandt laid the keystone." if number == 5 else f"Nothing of note, {number}."
        history.save("", head.id, Answer(f"Question {number}", f"Question {number}", words))
        with sqlite3.connect(chat.index.folder / FILE) as db:
            at = (datetime.now(UTC) - timedelta(days=7, hours=number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            db.execute("UPDATE conversations SET changed = ? WHERE id = ?", (at, head.id))
        db.close()
    return made


def test_the_table_names_ten_tasks() -> None:
    for column in (0, 1):
        assert sorted(allowed(column)) == list(range(1, 11))


@pytest.mark.parametrize(("language", "width", "height"), [("en", 1440, 900), ("de", 1280, 720)])
def test_the_ten_tasks_at_a_desk(
    chat: Served, new_tab: NewTab, folder: Path, language: str, width: int, height: int
) -> None:
    tab = new_tab(chat.address, viewport={"width": width, "height": height}).open(ROOTS[language])
    page = tab.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person = Person(page, 0, language)
    t = person.t
    suite = chat.library.parent / "cases.yaml"
    before = {case.id for case in load_suite(suite).cases} if suite.exists() else set()
    added = re.compile("|".join((t("count added", count=2), t("count unchanged", count=2))))
    with person.task(1):
        person.click(page.locator("#f-start").get_by_text(t("add documents")))
        with page.expect_file_chooser() as chooser:
            person.click(page.get_by_label(t("add folder")))
        chooser.value.set_files(folder)
        # Whoever did the tasks before has added the same folder.
        page.locator(".f-strip b", has_text=added).wait_for()
    with person.task(2):
        person.press("/")
        answer = person.ask("How many trees has the pear orchard?")
        assert "74 trees" in answer.inner_text()
    with person.task(3):
        person.click(answer.locator("button.f-cite").first)
        page.locator("#cited").wait_for()
        assert page.locator("#cited").inner_text() == "The pear orchard has 74 trees."
        assert page.locator("#cited").is_visible()
    with person.task(4):
        # The keyboard is at the source that was opened.
        person.press("/")
        answer = person.ask("Compare the pear orchard with the plum orchard")
        assert answer.locator("button.f-cite").count() >= 2
        rests = answer.locator(".f-rests").inner_text()
        assert "pears.md" in rests
        assert "plums.md" in rests
    with person.task(5):
        person.click(answer.get_by_role("button", name=t("bad")))
        person.click(answer.locator(".f-act-more"))
        person.click(page.get_by_role("menuitem", name=t("case")))
        page.locator("#f-dialog .f-case").wait_for()
        person.write("1968")
        person.click(page.locator(".f-offered", has_text=PLANTED))
        person.click(page.get_by_role("button", name=t("case save")))
        page.locator("#f-notice", has_text=t("case made", suite="cases.yaml")).wait_for()
        (case,) = [case for case in load_suite(suite).cases if case.id not in before]
        assert case.must_include == ("1968",)
        assert PLANTED in case.evidence[0].quote
    hand_on(person)
    with person.task(8):
        person.click(page.get_by_label(t("search conversations")))
        find_the_old_one(person)
    with person.task(9):
        person.click(page.locator("#show-documents"))
        person.click(page.locator(".f-folder", has_text="orchards"))
        person.click(page.get_by_role("button", name=t("ask about folder")))
        page.locator("#f-only", has_text="orchards").wait_for()
        answer = person.ask("When was the pear orchard planted?")
        assert "orchards/pears.md" in answer.inner_text()
        assert "bridge.md" not in answer.inner_text()
    with person.task(10):
        change_the_model_and_the_look(person)
    tab.check()


@pytest.mark.parametrize("language", list(ROOTS))
def test_tasks_on_a_phone(chat: Served, new_tab: NewTab, folder: Path, language: str) -> None:
    tab = new_tab(chat.address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = tab.open(ROOTS[language]).page
    person = Person(page, 1, language)
    t = person.t
    question = page.locator("#question textarea")
    question.fill("What is the toll?")
    question.press("Enter")
    page.locator(".f-foot").wait_for()
    answer = page.locator(".f-answer").last
    with person.task(3):
        person.click(answer.locator("button.f-cite").first)
        page.locator("#cited").wait_for()
        assert page.locator("#cited").inner_text() == "The toll is 3 crowns for cars."
        # The words are in sight.
        wait_until(lambda: 0 <= (page.locator("#cited").bounding_box() or {"y": -1})["y"] < 844)
    address = page.url
    page.go_back()
    wait_until(lambda: not page.locator("#panel").is_visible())
    assert (page.url, answer.is_visible()) == (address, True), "Back leads out of the source, to its answer"
    with person.task(8):
        person.click(page.locator("#show-left"))
        person.click(page.get_by_label(t("search conversations")))
        find_the_old_one(person)
    with person.task(10):
        person.click(page.locator("#show-left"))
        change_the_model_and_the_look(person)
    tab.check()


@pytest.mark.parametrize("language", list(ROOTS))
def test_adding_asking_correcting_and_handing_on_with_a_phone(
    chat: Served, new_tab: NewTab, folder: Path, language: str
) -> None:
    tab = new_tab(chat.address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = tab.open(ROOTS[language]).page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person = Person(page, 1, language)
    t = person.t
    question = page.locator("#question textarea")
    added = re.compile("|".join((t("count added", count=2), t("count unchanged", count=2))))
    with person.task(1):
        person.click(page.locator("#f-start").get_by_text(t("add documents")))
        with page.expect_file_chooser() as chooser:
            person.click(page.get_by_label(t("add folder")))
        chooser.value.set_files(folder)
        # Whoever ran the other tasks before has added the same folder.
        page.locator(".f-strip b", has_text=added).wait_for()
    with person.task(2):
        person.go_back()
        person.click(question)
        answer = person.ask("How many trees has the pear orchard?")
        assert "74 trees" in answer.inner_text()
    answer.locator("button.f-cite").first.tap()
    page.locator("#cited").wait_for()
    with person.task(4):
        person.go_back()
        wait_until(lambda: not page.locator("#panel").is_visible())
        person.click(question)
        answer = person.ask("Compare the pear orchard with the plum orchard")
        rests = answer.locator(".f-rests").inner_text()
        assert "pears.md" in rests
        assert "plums.md" in rests
    suite = chat.library.parent / "cases.yaml"
    before = {case.id for case in load_suite(suite).cases} if suite.exists() else set()
    with person.task(5):
        person.click(answer.get_by_role("button", name=t("bad")))
        person.click(answer.locator(".f-act-more"))
        person.click(page.get_by_role("menuitem", name=t("case")))
        page.locator("#f-dialog .f-case").wait_for()
        person.write("1968 as a phone says")
        person.click(page.locator(".f-offered", has_text=PLANTED))
        person.click(page.get_by_role("button", name=t("case save")))
        page.locator("#f-notice", has_text=t("case made", suite="cases.yaml")).wait_for()
        (case,) = [case for case in load_suite(suite).cases if case.id not in before]
        assert case.must_include == ("1968 as a phone says",)
    hand_on(person)
    with person.task(9):
        person.click(page.locator("#show-left"))
        person.click(page.locator("#show-documents"))
        # The system's own list of folders opens with a tap.
        folders = page.locator("select.f-filter-folder")
        person.clicks += 1
        folders.select_option("orchards")
        person.click(page.get_by_role("button", name=t("ask about folder")))
        page.locator("#f-only", has_text="orchards").wait_for()
        answer = person.ask("When was the pear orchard planted?")
        assert "orchards/pears.md" in answer.inner_text()
        assert "bridge.md" not in answer.inner_text()
    tab.check()


def hand_on(person: Person) -> None:
    """Tasks 6 and 7: as a Word file, and as a link."""
    page, t = person.page, person.t
    with person.task(6):
        person.click(page.locator(".f-title-more"))
        person.click(page.get_by_role("menuitem", name=t("export")))
        with page.expect_download() as download:
            person.click(page.get_by_role("menuitem", name=t("export docx")))
        assert download.value.suggested_filename.endswith(".docx")
    with person.task(7):
        person.click(page.locator(".f-title-more"))
        person.click(page.get_by_role("menuitem", name=t("share"), exact=True))
        person.click(page.locator("#f-dialog").get_by_role("button", name=t("share and copy")))
        page.locator("#f-notice", has_text=t("link copied")).wait_for()
        link = page.evaluate("navigator.clipboard.readText()")
        assert "74 trees" in page.request.get(link).text()
    page.keyboard.press("Escape")


def find_the_old_one(person: Person) -> None:
    page = person.page
    person.write("keystone")
    row = page.locator("#conversations .f-talk")
    wait_until(lambda: row.count() >= 1 and "keystone" in row.first.inner_text())
    person.click(row.first.locator(".f-talk-open"))
    page.locator(".f-title", has_text="Question 5").wait_for()
    page.locator(".f-answer", has_text="keystone").wait_for()


def change_the_model_and_the_look(person: Person) -> None:
    page, t = person.page, person.t
    person.click(page.locator("#show-settings"))
    # The other one: who did the tasks before, at a desk, may have left quotes chosen.
    models = page.locator("#f-part-model")
    are_quotes = models.get_by_role("radio", name=t("quotes only")).is_checked()
    person.click(models.get_by_text("teller" if are_quotes else t("quotes only"), exact=are_quotes))
    page.locator("#f-part-model .f-saved", has_text=t("saved")).wait_for()
    person.click(page.locator("#f-part-appearance").get_by_text(t("dark"), exact=True))
    wait_until(lambda: page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark")
