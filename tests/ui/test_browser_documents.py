"""Documents in a real browser: adding, following, removing and choosing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ui.conftest import NewTab
from tests.ui.served import Served, Tab, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

LINE = ".f-strip .f-job b"


def open_documents(tab: Tab) -> None:
    tab.page.locator("#show-documents").click()
    tab.page.locator("#documents .f-doc").first.wait_for()


def search(tab: Tab, words: str, found: int) -> None:
    tab.page.locator(".f-search").fill(words)
    wait_until(lambda: tab.page.locator("#documents .f-doc").count() == found)


def test_a_good_and_a_bad_file(tab: Tab, chat: Served, tmp_path: Path) -> None:
    page = tab.page
    good, bad = tmp_path / "inn.md", tmp_path / "bad <b>.pdf"
    good.write_text("# Inn\n\nThe ferry inn has 12 rooms.\n")
    bad.write_bytes(b"%PDF-1.4 broken")
    open_documents(tab)
    page.locator("#f-files").set_input_files([good, bad])
    page.locator(LINE, has_text="1 added, 1 failed").wait_for()
    assert not page.locator(".f-files").is_visible(), "what went well needs no list"
    page.get_by_role("button", name="Details").click()
    assert page.locator(".f-file").all_inner_texts() == ["bad <b>.pdf"]
    assert "damaged" in page.locator(".f-files small").inner_text()
    # The table and the column beside it count the same.
    beside, above = page.locator(".f-collection-count").first, page.locator(".f-bar-row .f-quiet")
    wait_until(lambda: above.inner_text() == f"{beside.inner_text()}, 1 not read")
    # A name that a safe file system keeps.
    search(tab, "bad _b_", 1)
    page.locator("#documents .f-doc .f-sentences-of", has_text="Failed").click()
    assert "damaged" in page.locator("#f-sentences").inner_text()
    page.keyboard.press("Escape")
    wait_until(lambda: not page.locator("#f-sentences").count())
    page.reload()
    page.locator("#documents .f-doc").first.wait_for()
    page.locator(LINE, has_text="1 added, 1 failed").wait_for()
    page.get_by_role("button", name="Dismiss").click()
    wait_until(lambda: not page.locator(LINE).count())
    page.reload()
    page.locator("#documents .f-doc").first.wait_for()
    search(tab, "inn", 1)
    assert page.locator("#documents .f-doc mark").first.inner_text() == "Inn"
    page.locator("#documents .f-doc").click()
    page.locator(".f-source", has_text="The ferry inn has 12 rooms.").wait_for()
    assert page.locator("#documents .f-doc.f-open-now").count() == 1
    assert page.locator("#documents").is_visible(), "it opens beside the table"
    row = page.locator("#documents .f-doc")
    wait_until(lambda: row.evaluate("row => row === document.activeElement"))
    page.keyboard.press("Escape")
    wait_until(lambda: not page.locator("#panel").is_visible())
    assert page.locator("#documents").is_visible()
    row.press("Delete")
    page.locator(LINE, has_text="1 document deleted").wait_for()
    assert chat.index.catalog.source_record("inn.md") is None
    page.get_by_role("button", name="Undo").click()
    page.locator(LINE, has_text="1 brought back").wait_for()
    wait_until(lambda: page.locator("#documents .f-doc").count() == 1)
    assert chat.index.catalog.source_record("inn.md") is not None
    row.press(" ")
    page.locator(".f-bar-row", has_text="1 selected").wait_for()
    page.get_by_role("button", name="Read again").click()
    page.locator(LINE, has_text="1 updated").wait_for()
    page.get_by_role("button", name="Ask about these").click()
    page.locator("#f-only", has_text="inn.md").wait_for()
    chat.service.uploads.remove(chat.index, "inn.md", "bad _b_.pdf")


def drop(tab: Tab, path: Path) -> str:
    """Hold a file or folder over the page and let it go there, as a hand does; return what the page says meanwhile."""
    # What is dragged stays with the page.
    tab.is_as_new = False
    devtools = tab.page.context.new_cdp_session(tab.page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    overlay = tab.page.locator("#f-overlay")

    def hold(kind: str) -> None:
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 500, "y": 300, "data": data})

    hold("dragEnter")
    # A hand that holds something over a page tells it so again and again; the browser lets nothing go over a page that
    # has not said yet that it takes it.
    wait_until(lambda: hold("dragOver") or overlay.count())
    words = str(overlay.inner_text())
    hold("drop")
    wait_until(lambda: not overlay.count())
    return words


@pytest.mark.parametrize("way", ["dropped", "chosen"])
def test_a_folder_keeps_the_paths_of_its_files(way: str, tab: Tab, chat: Served, tmp_path: Path) -> None:
    folder = tmp_path / way
    for shore in ("north", "south"):
        (folder / shore).mkdir(parents=True)
        (folder / shore / "notes.txt").write_text(f"The buoy of the {shore} shore has the number {len(shore)}.\n")
    sources = [f"{way}/{shore}/notes.txt" for shore in ("north", "south")]
    if way == "dropped":
        assert drop(tab, folder) == "Drop to add to “library”"
    else:
        open_documents(tab)
        tab.page.locator("#f-folder").set_input_files(folder)
    wait_until(lambda: chat.index.catalog.source_record(sources[1]), 30)
    tab.page.locator(".f-folder", has_text=way).click()
    wait_until(lambda: tab.page.locator("#documents .f-doc").count() == 2)
    assert [row.get_attribute("data-name") for row in tab.page.locator("#documents .f-doc").all()] == sources
    for shore, source in zip(("north", "south"), sources, strict=True):
        record = chat.index.catalog.source_record(source)
        assert record is not None
        assert shore in chat.index.catalog.document(record.document_id or "").text
    tab.page.locator(LINE, has_text="2 added").wait_for()
    # What is added while a folder is chosen goes into it.
    extra = tmp_path / "extra.txt"
    extra.write_text("The bell of the south shore is cracked.\n")
    tab.page.locator("#f-files").set_input_files(extra)
    wait_until(lambda: chat.index.catalog.source_record(f"{way}/extra.txt"), 30)
    wait_until(lambda: tab.page.locator("#documents .f-doc").count() == 3)
    tab.page.locator(LINE, has_text="1 added").wait_for()
    chat.service.uploads.remove(chat.index, *sources, f"{way}/extra.txt")


# What a tab does when it is looked at again: it lists the documents anew.
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


def test_a_look_at_the_folders_that_comes_late_does_not_leave_a_newer_one(tab: Tab, chat: Served) -> None:
    from rag.ingestion.pipeline import ingest

    page = tab.page
    open_documents(tab)
    page.locator(".f-folder", has_text="sea").wait_for()
    held: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route("**/document-folders", hold_the_first)
    page.evaluate(LOOK_AGAIN)
    wait_until(lambda: page.evaluate("1") and held)
    late = chat.library / "late"
    late.mkdir()
    (late / "tide.txt").write_text("The tide table of the outer reef is lost.\n")
    ingest(chat.index, [chat.library])
    page.evaluate(LOOK_AGAIN)
    page.locator(".f-folder", has_text="late").click()
    rows = page.locator("#documents .f-doc")
    wait_until(lambda: rows.count() == 1)
    ((route, response),) = held
    with page.expect_response("**/document-folders"):
        route.fulfill(response=response)
    page.wait_for_timeout(200)
    assert rows.count() == 1, "the folder that was opened since is not left"
    page.locator(".f-folder[aria-selected=true]", has_text="late").wait_for()
    (late / "tide.txt").unlink()
    ingest(chat.index, [chat.library])


def test_an_empty_folder_and_an_empty_collection_say_so(
    tab: Tab, new_tab: NewTab, chat: Served, tmp_path: Path
) -> None:
    drop(tab, tmp_path)
    tab.page.locator("#f-notice.f-bad", has_text="no file").wait_for()
    chat.service.workspaces.create("", "empty")
    tab = new_tab(chat.address).open("/#own:empty/documents")
    tab.page.locator(".f-nothing h3", has_text="No documents yet").wait_for()
    assert "Markdown and plain text" in tab.page.locator(".f-nothing").inner_text()
    tab.page.keyboard.press("Escape")
    box = tab.page.get_by_label("Question")
    box.fill("What is the toll?")
    box.press("Enter")
    tab.page.locator(".f-wrong", has_text="add some under Documents").wait_for()
    wait_until(lambda: box.input_value() == "What is the toll?")


def test_adding_can_be_cancelled_and_never_blocks_a_question(tab: Tab, chat: Served, tmp_path: Path) -> None:
    files = []
    for number in range(40):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Note {number} says little.\n" * 600)
        files.append(path)
    # The work is not over before it is cancelled, however slow the machine.
    chat.index.encoder.delay = 2.0  # type: ignore[attr-defined]
    try:
        open_documents(tab)
        tab.page.locator("#f-files").set_input_files(files)
        tab.page.locator(".f-strip b", has_text="Reading").wait_for()
        tab.page.keyboard.press("Escape")
        assert "28 cars" in tab.ask("How many cars does the ferry carry?").inner_text()
        tab.page.reload()
        tab.page.locator(".f-foot").first.wait_for()
        open_documents(tab)
        # The work went on without its page, and shows itself again.
        tab.page.locator(".f-strip b", has_text="Reading").wait_for()
        tab.page.locator("#documents .f-doc").first.click()
        tab.page.locator(".f-source").wait_for()
        tab.page.keyboard.press("Delete")
        tab.page.locator("#f-notice.f-bad", has_text="wait for that to end").wait_for()
        tab.page.get_by_role("button", name="Cancel adding").click()
        tab.page.locator(LINE, has_text="cancelled").wait_for(timeout=90_000)
    finally:
        chat.index.encoder.delay = 0.0  # type: ignore[attr-defined]
    tab.complaints = [complaint for complaint in tab.complaints if "400" not in complaint]


def press_through_a_redraw(tab: Tab, what: Any) -> None:
    what.hover()
    tab.page.mouse.down()
    with tab.page.expect_response("**/document-folders"):
        tab.page.evaluate(LOOK_AGAIN)
    # What was answered is drawn by now.
    tab.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 50)))")
    tab.page.mouse.up()


def test_ask_only_about_a_folder(tab: Tab, chat: Served) -> None:
    page = tab.page
    open_documents(tab)
    sea, ask = page.locator(".f-folder", has_text="sea"), page.get_by_role("button", name="Ask about this folder")
    # While the button is held the page is brought up to date.
    press_through_a_redraw(tab, sea)
    wait_until(lambda: page.locator("#documents .f-doc").count() == 2)
    press_through_a_redraw(tab, ask)
    page.locator("#f-only", has_text="sea · 2 documents").wait_for()
    question = "How many windows did the storm of 1952 break?"
    assert "weather" not in tab.ask(question).inner_text(), "it is not looked in"
    page.reload()
    page.locator("#f-only", has_text="sea · 2 documents").wait_for()
    page.locator(".f-foot").first.wait_for()
    page.locator("#f-only").get_by_role("button", name="No longer only sea").click()
    wait_until(lambda: page.locator("#f-only button").count() == 0)
    assert "weather" in tab.ask(question).inner_text()


def test_a_file_is_dropped_where_the_browser_gives_no_entries(tab: Tab, chat: Served) -> None:
    tab.page.evaluate(
        """() => {
          DataTransferItem.prototype.webkitGetAsEntry = () => null;
          const transfer = new DataTransfer();
          transfer.items.add(new File(["The buoy is red."], "buoy.txt"));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
        }"""
    )
    wait_until(lambda: chat.index.catalog.source_record("buoy.txt"), 30)
    tab.page.locator(LINE, has_text="1 added").wait_for()
    chat.service.uploads.remove(chat.index, "buoy.txt")


def test_an_old_citation_shows_the_text_that_was_cited(tab: Tab, chat: Served) -> None:
    from rag.ingestion.pipeline import ingest

    answer = tab.ask("What is the storm of 1952?")
    chip = answer.locator("button.f-cite").first
    chip.wait_for()
    (chat.library / "weather.txt").write_text("Nothing is said here any more.\n")
    ingest(chat.index, [chat.library])
    chip.click()
    tab.page.locator("#cited").wait_for()
    assert "1952" in tab.page.locator("#cited").inner_text()
    assert "has changed since this answer" in tab.page.locator(".f-changed").inner_text()
