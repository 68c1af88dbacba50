"""Documents in a real browser: adding, following, removing and choosing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.served import Served, Tab, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.localhost]


def open_documents(tab: Tab) -> None:
    tab.page.locator("#show-documents").click()
    tab.page.locator(".f-documents").wait_for()


def test_a_good_and_a_bad_file(tab: Tab, chat: Served, tmp_path: Path) -> None:
    good, bad = tmp_path / "inn.md", tmp_path / "bad <b>.pdf"
    good.write_text("# Inn\n\nThe ferry inn has 12 rooms.\n")
    bad.write_bytes(b"%PDF-1.4 broken")
    open_documents(tab)
    tab.page.locator("#f-files").set_input_files([good, bad])
    wait_until(lambda: tab.page.locator(".f-progress .f-badge").all_inner_texts() == ["Failed", "Added"], 30)
    assert tab.page.locator(".f-file").all_inner_texts() == ["bad <b>.pdf", "inn.md"]
    assert "damaged" in tab.page.locator(".f-files small").first.inner_text()
    tab.page.locator(".f-search").fill("inn")
    wait_until(lambda: tab.page.locator(".f-documents .f-document").count() == 1)
    tab.page.locator(".f-pick").check()
    tab.page.locator("#f-only", has_text="inn.md").wait_for(state="attached")
    tab.page.locator(".f-document button").click()
    tab.page.locator(".f-source", has_text="The ferry inn has 12 rooms.").wait_for()
    wait_until(lambda: not tab.page.locator("#documents").is_visible())
    open_documents(tab)
    tab.page.locator(".f-search").fill("inn.md")
    wait_until(lambda: tab.page.locator(".f-documents .f-document").count() == 1)
    tab.page.locator(".f-remove").click()
    assert "Remove inn.md from the index?" in tab.page.locator(".f-sure").inner_text()
    tab.page.locator(".f-sure .f-danger").click()
    wait_until(lambda: chat.index.catalog.source_record("inn.md") is None)
    wait_until(lambda: not tab.page.locator("#f-only span").count())


def drop(tab: Tab, path: Path) -> None:
    """What the browser does when a file or folder is let go over the page."""
    devtools = tab.page.context.new_cdp_session(tab.page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 500, "y": 300, "data": data})


@pytest.mark.parametrize("way", ["dropped", "chosen"])
def test_a_folder_keeps_the_paths_of_its_files(way: str, tab: Tab, chat: Served, tmp_path: Path) -> None:
    folder = tmp_path / way
    for shore in ("north", "south"):
        (folder / shore).mkdir(parents=True)
        (folder / shore / "notes.txt").write_text(f"The buoy of the {shore} shore has the number {len(shore)}.\n")
    sources = [f"{way}/{shore}/notes.txt" for shore in ("north", "south")]
    if way == "dropped":
        drop(tab, folder)
    else:
        open_documents(tab)
        tab.page.locator("#f-folder").set_input_files(folder)
    # Until these files are listed, those of the upload before may be.
    wait_until(lambda: tab.page.locator(".f-file").all_inner_texts() == sources, 30)
    wait_until(lambda: tab.page.locator(".f-progress .f-badge").all_inner_texts() == ["Added", "Added"], 30)
    for shore, source in zip(("north", "south"), sources, strict=True):
        record = chat.index.catalog.source_record(source)
        assert record is not None
        assert shore in chat.index.catalog.document(record.document_id or "").text
        chat.service.uploads.remove(chat.index, source)


def test_an_empty_folder_and_an_empty_index_say_so(tab: Tab, tmp_path: Path) -> None:
    drop(tab, tmp_path)
    tab.page.locator("#f-notice.f-bad", has_text="no file").wait_for()
    tab.page.locator(".f-new-name").fill("empty")
    tab.page.get_by_role("button", name="Create").click()
    tab.page.locator(".f-welcome", has_text="There are no documents yet").wait_for()
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
        path.write_text(f"Note {number} says little.\n" * 200)
        files.append(path)
    chat.index.encoder.delay = 0.3  # type: ignore[attr-defined]
    try:
        open_documents(tab)
        tab.page.locator("#f-files").set_input_files(files)
        tab.page.locator(".f-progress progress").wait_for()
        tab.page.keyboard.press("Escape")
        assert "28 cars" in tab.ask("How many cars does the ferry carry?").inner_text()
        tab.page.locator("#show-documents").click()
        tab.page.get_by_role("button", name="Cancel adding").click()
        tab.page.locator(".f-badge", has_text="Cancelled").first.wait_for(timeout=90_000)
    finally:
        chat.index.encoder.delay = 0.0  # type: ignore[attr-defined]


def test_ask_only_about_chosen_documents(tab: Tab) -> None:
    open_documents(tab)
    tab.page.locator(".f-pick[value='weather.txt']").check()
    tab.page.locator("#f-only", has_text="weather.txt").wait_for(state="attached")
    tab.page.keyboard.press("Escape")
    answer = tab.ask("How many cars does the ferry carry?")
    assert "sea/ferry.txt" not in answer.inner_text()
    tab.page.reload()
    tab.page.locator("#f-only", has_text="weather.txt").wait_for()
    tab.page.locator(".f-foot").wait_for()
    tab.page.locator("#f-only button").click()
    wait_until(lambda: tab.page.locator("#f-only span").count() == 0)
    assert "sea/ferry.txt" in tab.ask("How many cars does the ferry carry?").inner_text()


def test_a_new_index_begins_empty(tab: Tab) -> None:
    open_documents(tab)
    tab.page.locator(".f-new-name").fill("../elsewhere")
    tab.page.get_by_role("button", name="Create").click()
    tab.page.locator("#f-notice.f-bad").wait_for()
    tab.complaints = [complaint for complaint in tab.complaints if "400" not in complaint]
    tab.page.locator(".f-new-name").fill("second")
    tab.page.get_by_role("button", name="Create").click()
    tab.page.locator(".f-welcome", has_text="There are no documents yet").wait_for()
    wait_until(
        lambda: tab.page.locator(".f-workspaces").evaluate("box => box.selectedOptions[0].textContent") == "second"
    )
    tab.page.keyboard.press("Escape")
    tab.page.locator(".f-act-documents").click()
    assert tab.page.locator(".f-drop").is_visible()


def test_a_file_is_dropped_where_the_browser_gives_no_entries(tab: Tab, chat: Served) -> None:
    tab.page.evaluate(
        """() => {
          DataTransferItem.prototype.webkitGetAsEntry = () => null;
          const transfer = new DataTransfer();
          transfer.items.add(new File(["The buoy is red."], "buoy.txt"));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
        }"""
    )
    wait_until(lambda: tab.page.locator(".f-progress .f-badge").all_inner_texts() == ["Added"], 30)
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
