"""Watched folders in a real browser: adding one by its path with the keyboard, its state, and taking it away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import write_files
from tests.ui.accessibility import serious
from tests.ui.served import Served, Tab, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.localhost]


def test_a_folder_is_watched_and_taken_away(tab: Tab, chat: Served, tmp_path: Path) -> None:
    page = tab.page
    folder = tmp_path / "logs <b>"
    write_files(folder, {"monday.txt": "The keeper oiled the lamp.\n"})
    held: list[Any] = []
    page.route("**/watched", lambda route: held.append(route))
    page.locator("#show-documents").click()
    page.locator("#documents .f-doc").first.wait_for()
    box = page.locator(".f-watched")
    assert box.locator("summary").is_visible(), "it has its place before its folders are known"
    wait_until(lambda: page.evaluate("1") and held)
    # What was held goes on.
    page.unroute("**/watched")
    box.locator("summary", has_text="Watched folders").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(str(folder))
    page.keyboard.press("Enter")
    row = box.locator("li", has_text=str(folder))
    row.locator(".f-watched-state", has_text="Watching").wait_for(timeout=60_000)
    assert box.locator("summary").inner_text() == "Watched folders (1)"
    page.locator("#documents .f-doc[data-name='monday.txt']").wait_for()
    beside, above = page.locator(".f-collection-count").first, page.locator(".f-bar-row .f-quiet")
    wait_until(lambda: above.inner_text() == beside.inner_text())
    write_files(folder, {"tuesday.txt": "The lamp went out.\n"})
    wait_until(lambda: chat.index.catalog.source_record("tuesday.txt") is not None, 60)
    page.locator("#documents .f-doc[data-name='tuesday.txt']").wait_for(timeout=60_000)
    row.get_by_role("button").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#f-dialog")
    assert str(folder) in dialog.inner_text()
    page.keyboard.press("Escape")
    wait_until(lambda: not dialog.count())
    row.get_by_role("button").click()
    dialog.get_by_role("button", name="Remove the documents").click()
    page.locator(".f-strip .f-job b", has_text="2 documents deleted").wait_for()
    wait_until(lambda: not row.count())
    wait_until(lambda: page.locator("#documents .f-doc[data-name='monday.txt']").count() == 0)
    assert chat.index.catalog.source_record("monday.txt") is None
    assert (folder / "monday.txt").exists()


def test_a_screen_reader_finds_nothing_wrong(tab: Tab, chat: Served, tmp_path: Path, axe: str) -> None:
    page = tab.page
    write_files(tmp_path / "axe", {"wednesday.txt": "The keeper slept.\n"})
    page.locator("#show-documents").click()
    box = page.locator(".f-watched")
    box.locator("summary").click()
    box.get_by_label("Path of a folder of this computer").fill(str(tmp_path / "axe"))
    box.get_by_role("button", name="Watch", exact=True).click()
    box.locator("li .f-watched-state", has_text="Watching").wait_for(timeout=60_000)
    assert serious(page, axe) == []
    box.locator("li").get_by_role("button").click()
    page.locator("#f-dialog").wait_for()
    assert serious(page, axe) == []
    page.locator("#f-dialog").get_by_role("button", name="Keep the documents").click()
    wait_until(lambda: not box.locator("li").count())
