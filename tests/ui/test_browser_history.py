"""Conversations in a real browser: the list and its menu, searching, addresses, sharing, files; in both languages."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rag.store.catalog import FILE, History
from rag.types import Answer
from tests.ui.conftest import NewTab
from tests.ui.served import Served, Tab, wait_until

pytestmark = pytest.mark.browser

ROWS = "#conversations .f-talk"


def choose(tab: Tab, title: str, *names: str) -> None:
    """Choose something of the menu of a row."""
    row = tab.page.locator(ROWS, has=tab.page.locator(".f-talk-title", has_text=re.compile(f"^{re.escape(title)}$")))
    row.hover()
    row.locator(".f-talk-more").click()
    for name in names:
        tab.page.get_by_role("menuitem", name=name, exact=True).click()


def titles(tab: Tab) -> list[str]:
    return [str(title) for title in tab.page.locator(f"{ROWS} .f-talk-title").all_inner_texts()]


def stored(chat: Served, title: str, words: str = "The toll is 3 crowns.") -> str:
    history = History(chat.index.folder)
    head = history.begin("", title)
    history.save("", head.id, Answer(title, title, words))
    return head.id


@pytest.fixture(autouse=True)
def clean(chat: Served) -> Iterator[None]:
    yield
    history = History(chat.index.folder)
    for head in history.conversations("", limit=-1):
        history.remove("", head.id)


def test_a_conversation_is_renamed_pinned_archived_and_deleted(tab: Tab, chat: Served) -> None:
    page = tab.page
    for title in ("The harbour", "The ferry", "The castle"):
        stored(chat, title)
    page.reload()
    page.locator("body.f-ready").wait_for()
    wait_until(lambda: titles(tab) == ["The castle", "The ferry", "The harbour"])
    choose(tab, "The ferry", "Rename")
    field = page.get_by_label("Name")
    assert field.evaluate("field => field === document.activeElement")
    field.fill("Not this")
    field.press("Escape")
    assert "The ferry" in titles(tab)
    choose(tab, "The ferry", "Rename")
    page.get_by_label("Name").fill("The <b>boat</b>")
    page.get_by_label("Name").press("Enter")
    wait_until(lambda: titles(tab) == ["The castle", "The <b>boat</b>", "The harbour"])
    choose(tab, "The harbour", "Pin")
    wait_until(lambda: titles(tab) == ["The harbour", "The castle", "The <b>boat</b>"])
    assert page.locator(".f-talks-day").all_inner_texts() == ["Pinned", "Today"]
    choose(tab, "The castle", "Archive")
    wait_until(lambda: titles(tab) == ["The harbour", "The <b>boat</b>"])
    page.locator("#talks-archive", has_text="Archive (1)").click()
    wait_until(lambda: titles(tab) == ["The harbour", "The <b>boat</b>", "The castle"])
    choose(tab, "The castle", "Take out of the archive")
    wait_until(lambda: not page.locator("#talks-archive").count())
    page.locator(ROWS, has_text="boat").locator(".f-talk-open").click()
    page.locator(".f-title", has_text="The <b>boat</b>").wait_for()
    choose(tab, "The <b>boat</b>", "Delete")
    wait_until(lambda: "The <b>boat</b>" not in titles(tab))
    page.locator(".f-welcome").wait_for()
    page.locator("#f-notice button", has_text="Undo").click()
    page.locator(".f-title", has_text="The <b>boat</b>").wait_for()
    wait_until(lambda: "The <b>boat</b>" in titles(tab))
    # The same is behind the title.
    page.locator(".f-title-more").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_label("Name").fill("The boat again")
    page.get_by_label("Name").press("Enter")
    page.locator(".f-title", has_text="The boat again").wait_for()
    wait_until(lambda: page.title() == "The boat again · Footnote")


def test_the_list_is_one_tab_stop_with_keys_of_its_own(tab: Tab, chat: Served) -> None:
    page = tab.page
    for title in ("One", "Two", "Three"):
        stored(chat, title)
    page.reload()
    page.locator("body.f-ready").wait_for()
    wait_until(lambda: titles(tab) == ["Three", "Two", "One"])
    focused = "document.activeElement.closest('.f-talk')?.dataset.title + '/' + document.activeElement.className"
    page.locator("#search").press("ArrowDown")
    assert page.evaluate(focused) == "Three/f-talk-open"
    assert page.locator("#conversations .f-talk-open[tabindex='0']").count() == 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "Two/f-talk-more"
    page.keyboard.press("Enter")
    page.get_by_role("menu").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Rename"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.textContent") == "Delete"
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "Two/f-talk-more"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("F2")
    page.keyboard.type("Second")
    page.keyboard.press("Enter")
    wait_until(lambda: titles(tab) == ["Three", "Second", "One"])
    wait_until(lambda: page.evaluate(focused) == "Second/f-talk-open")
    page.keyboard.press("Delete")
    wait_until(lambda: titles(tab) == ["Three", "One"])
    wait_until(lambda: page.evaluate(focused) == "One/f-talk-open")
    page.keyboard.press("Enter")
    page.locator(".f-title", has_text="One").wait_for()
    assert page.locator("#conversations [aria-current='true']").inner_text() == "One"


def test_a_search_shows_the_line_and_finds_nothing_that_is_hidden(tab: Tab, chat: Served) -> None:
    page = tab.page
    stored(chat, "Crossing <i>costs</i>", "First line.\nThe toll for carts is 2 crowns.")
    hidden = stored(chat, "Versions", "The old mason Brandt.")
    History(chat.index.folder).save("", hidden, Answer("Versions", "Versions", "Now another."), after="")
    field = page.get_by_label("Search conversations")
    field.fill("carts crossing")
    wait_until(lambda: titles(tab) == ["Crossing <i>costs</i>"])
    assert page.locator(".f-talk-line").inner_text() == "The toll for carts is 2 crowns."
    assert page.locator(f"{ROWS} mark").all_inner_texts() == ["Crossing", "carts"]
    assert "1 conversation found" in page.locator("#f-announce").inner_text()
    field.fill("brandt")
    page.locator(".f-talks-none", has_text="Nothing found").wait_for()
    field.press("Escape")
    wait_until(lambda: len(titles(tab)) == 2)
    assert field.input_value() == ""


def test_back_leads_through_conversations_and_the_title_follows(tab: Tab, chat: Served) -> None:
    page = tab.page
    first, second = stored(chat, "First talk"), stored(chat, "Second talk")
    page.reload()
    page.locator("body.f-ready").wait_for()
    page.locator(ROWS, has_text="First talk").click()
    page.locator(".f-title", has_text="First talk").wait_for()
    assert page.title() == "First talk · Footnote"
    page.locator(ROWS, has_text="Second talk").click()
    page.locator(".f-title", has_text="Second talk").wait_for()
    assert page.url.endswith(f"/{second}")
    page.locator("#show-documents").click()
    page.go_back()
    wait_until(lambda: page.evaluate("document.body.dataset.view") == "conversation")
    page.locator(".f-title", has_text="Second talk").wait_for()
    page.go_back()
    page.locator(".f-title", has_text="First talk").wait_for()
    assert page.url.endswith(f"/{first}")
    page.go_forward()
    page.locator(".f-title", has_text="Second talk").wait_for()
    page.reload()
    page.locator("body.f-ready").wait_for()
    page.locator(".f-title", has_text="Second talk").wait_for()
    History(chat.index.folder).remove("", second)
    page.reload()
    page.locator("body.f-ready").wait_for()
    page.locator("#f-notice", has_text="This conversation is no longer there.").wait_for()
    page.locator(".f-welcome").wait_for()
    wait_until(lambda: page.evaluate("location.href").endswith("/"))
    assert page.title() == "Footnote"


# Opens the documents as soon as the page can be used.
HASTE = """new MutationObserver((_, observer) => {
  if (!document.body?.classList.contains("f-ready")) return;
  observer.disconnect();
  document.querySelector("#show-documents").click();
}).observe(document, { subtree: true, childList: true, attributes: true })"""


def test_a_view_stays_while_the_conversation_of_the_address_arrives(chat: Served, new_tab: NewTab) -> None:
    talk = stored(chat, "Long talk")
    tab = new_tab(chat.address)
    tab.is_as_new = False
    page = tab.page
    page.add_init_script(HASTE)
    tab.open(f"/#own:library/{talk}")
    view = "document.body.dataset.view"
    wait_until(lambda: page.locator("#title .f-title").count())
    assert page.evaluate(view) == "documents"
    assert page.url.endswith("/documents")
    page.go_back()
    page.locator(".f-title", has_text="Long talk").wait_for()
    assert page.evaluate(view) == "conversation"
    # A new conversation is begun from any view, also where none is open.
    for _ in range(2):
        page.locator("#show-documents").click()
        page.locator("#new").click()
        page.locator(".f-welcome").wait_for()
        assert page.evaluate(view) == "conversation"
        assert page.get_by_label("Question").evaluate("field => field === document.activeElement")
        wait_until(lambda: page.evaluate("location.href").endswith("/#own:library/"))
    tab.check()


def test_an_answer_that_was_left_behind_is_marked_until_it_is_opened(tab: Tab, chat: Served) -> None:
    page = tab.page
    chat.model.pause, before = 0.25, chat.model.pause
    try:
        tab.ask("How slow is the harbour?", wait=False)
        row = page.locator(ROWS, has_text="How slow is the harbour?")
        wait_until(lambda: row.get_attribute("data-sign") == "answering")
        wait_until(lambda: page.title() == "(…) How slow is the harbour? · Footnote")
        page.locator("#new").click()
        page.locator(".f-welcome").wait_for()
        wait_until(lambda: page.title() == "Footnote")
        assert row.get_attribute("data-sign") == "answering"
    finally:
        chat.model.pause = 0
    wait_until(lambda: row.get_attribute("data-sign") == "unread", 90)
    chat.model.pause = before
    assert "Answered: How slow is the harbour?" in page.locator("#f-announce").inner_text()
    row.click()
    page.locator(".f-title", has_text="How slow is the harbour?").wait_for()
    wait_until(lambda: row.get_attribute("data-sign") == "")


def test_a_shared_conversation_is_read_by_its_link_until_it_is_withdrawn(
    tab: Tab, new_tab: NewTab, chat: Served
) -> None:
    page = tab.page
    tab.ask("What is the toll for cars?")
    page.locator(".f-title-more").click()
    page.get_by_role("menuitem", name="Share").click()
    page.locator("#f-dialog").get_by_role("button", name="Share").click()
    page.locator("#f-dialog").get_by_role("button", name="Copy link").wait_for()
    link = page.get_by_label("Link").input_value()
    page.keyboard.press("Escape")
    tab.ask("When was the harbour built?")
    for width, height in ((1440, 900), (390, 844)):
        reader = new_tab(chat.address, viewport={"width": width, "height": height}, java_script_enabled=False)
        reader.page.goto(link)
        cite = reader.page.locator(".f-shared-cite").first
        assert not cite.locator("blockquote").is_visible()
        cite.locator("summary").click()
        assert cite.locator("blockquote").inner_text() == "The toll is 3 crowns for cars."
        assert cite.locator("b").inner_text() == "bridge.md"
        assert "harbour" not in reader.page.content()
        assert reader.page.locator("button, input, a").count() == 0, "to be read only"
        assert reader.page.locator("html").evaluate("page => page.scrollWidth") <= width
        reader.check()
    wait_until(lambda: page.locator(f"{ROWS}[data-shared]").count() == 1)
    page.locator(".f-title-more").click()
    page.get_by_role("menuitem", name="Share (shared)").click()
    page.locator("#f-dialog").get_by_role("button", name="Update to now").click()
    page.locator("#f-notice", has_text="as it is now").wait_for()
    reader.page.reload()
    assert "harbour" in reader.page.content()
    page.locator("#f-dialog").get_by_role("button", name="Stop sharing").click()
    page.locator("#f-notice", has_text="Not shared any more").wait_for()
    assert reader.page.request.get(link).status == 404


def test_conversations_are_exported_in_each_format_and_imported(tab: Tab, chat: Served, tmp_path: Path) -> None:
    page = tab.page
    tab.ask("What is the toll for cars?")
    for name, begins in (("Markdown", b"# What"), ("Web page (HTML)", b"<!DOCTYPE"), ("Word", b"PK"), ("PDF", b"%PDF")):
        page.locator(".f-title-more").click()
        page.get_by_role("menuitem", name="Export …").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=name).click()
        assert download.value.path().read_bytes().startswith(begins)
        assert download.value.suggested_filename.startswith("footnote-what-is-the-toll-for-cars.")
    page.locator("#talks-all").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export all (zip)").click()
    packed = tmp_path / "all.zip"
    download.value.save_as(packed)
    assert "conversations.json" in zipfile.ZipFile(packed).namelist()
    page.locator("#talks-all").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Import …").click()
    chooser.value.set_files(packed)
    page.locator("#f-notice", has_text="1 conversation imported").wait_for()
    wait_until(lambda: titles(tab).count("What is the toll for cars?") == 2)
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    page.locator("#talks-all").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Import …").click()
    chooser.value.set_files(wrong)
    page.locator("#f-notice.f-bad", has_text="nothing was imported").wait_for()
    tab.complaints = [complaint for complaint in tab.complaints if "400" not in complaint]


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (390, 844)])
def test_two_hundred_conversations_and_a_long_one(new_tab: NewTab, chat: Served, width: int, height: int) -> None:
    history = History(chat.index.folder)
    made = [history.begin("", f"Old conversation {number:03}").id for number in range(200)]
    for number in range(40):
        history.save(
            "", made[0], Answer(f"Question {number}?", f"Question {number}?", "An answer of some words. " * 20)
        )
    with sqlite3.connect(chat.index.folder / FILE) as db:
        for number, id_ in enumerate(made):
            at = (datetime.now(UTC) - timedelta(days=(199 - number) / 2)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            db.execute("UPDATE conversations SET changed = ? WHERE id = ?", (at, id_))
    db.close()
    tab = new_tab(chat.address, viewport={"width": width, "height": height}, has_touch=width < 761).open()
    page = tab.page
    if width < 761:
        page.locator("#show-left").click()
    listed = page.locator(ROWS)
    wait_until(lambda: listed.count() >= 60)
    assert listed.count() < 200, "what is far down is loaded once it is near"

    def scrolled_to_the_end() -> bool:
        page.locator("#conversations").evaluate("list => { list.scrollTop = list.scrollHeight }")
        return int(listed.count()) == 200

    wait_until(scrolled_to_the_end)
    outer, last = page.locator("#left").bounding_box(), listed.last.bounding_box()
    assert outer is not None
    assert last is not None
    assert outer["x"] <= last["x"]
    assert last["x"] + last["width"] <= outer["x"] + outer["width"]
    assert page.locator(".f-talks-day", has_text="Previous 7 days").count() == 1
    assert page.locator(".f-brand").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    more = listed.last.locator(".f-talk-more")
    if width < 761:
        assert more.evaluate("button => getComputedStyle(button).opacity") == "1"
        assert (more.bounding_box() or {})["height"] >= 32
    listed.last.locator(".f-talk-open").click()
    page.locator(".f-title", has_text="Old conversation 000").wait_for()
    wait_until(lambda: page.locator(".f-question").count() == 40)
    tab.check()
