"""The table of 5,000 documents in a real browser, at three sizes: what is in the page, and what the keys do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.load.media_types import MARKDOWN, PDF
from rag.notices import Notice
from rag.store.catalog import Catalog, NewVersion, SourceQuery, SourceRecord
from rag.types import Block, Chunk, Document
from tests.shared_browser import chromium
from tests.ui.conftest import NewTab
from tests.ui.served import Served, serving, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

MANY = 5000
SIZES = [(1440, 900), (1280, 720), (390, 844)]


def fill(catalog: Catalog, number: int = MANY) -> None:
    """Write made-up documents straight into a catalog."""
    versions = []
    for n in range(number):
        folder, kind = f"Archive {n % 10}/{2000 + n % 4}", ("pdf", "md")[n % 2]
        name, title = f"{folder}/note-{n:04d}.{kind}", f"Note {n:04d} of the harbour"
        text = f"{title} says little."
        warnings = (Notice("reading-pages-pictures", {"pages": [2]}),) if n % 100 == 0 else ()
        stamp = f"{1000 + n}:{1_700_000_000_000_000_000 + n * 10**12}:1:1"
        record = SourceRecord(name, "/r", f"/r/{name}", stamp, "h", "f", f"doc {n}", title, None, False, "", warnings)
        pages = tuple(range(n % 40)) if kind == "pdf" else ()
        block = Block(0, len(text), "paragraph")
        document = Document(text, title, PDF if kind == "pdf" else MARKDOWN, (block,), pages)
        versions.append(NewVersion(record, document, [Chunk(0, len(text))], [f"chunk {n}"]))
    catalog.publish(versions)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    chromium()
    with serving(tmp_path_factory.mktemp("archive"), files={"top.md": "The top of the archive.\n"}) as served:
        fill(served.index.catalog)
        yield served


def test_pages_of_many_documents_cost_little(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Told and not judged: a time depends on the machine."""
    catalog = Catalog(tmp_path, create=True)
    fill(catalog)
    queries = [SourceQuery(sort="pages", descending=True), SourceQuery("harbour", sort="title")]
    for query in queries:
        begun = time.perf_counter()
        total, page = catalog.list_sources(query, 50, MANY - 100)
        with capsys.disabled():
            print(f"\n  {query.sort}: {1000 * (time.perf_counter() - begun):.1f} ms", end="")
        assert (total, len(page)) == (MANY, 50)
    assert len(catalog.folders()) == 30
    catalog.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_five_thousand_documents_are_moved_through_by_wheel_and_key(
    new_tab: NewTab, archive: Served, width: int, height: int
) -> None:
    tab = new_tab(archive.address, viewport={"width": width, "height": height}).open("/#own:library/documents")
    page = tab.page
    rows = page.locator("#documents .f-doc")
    rows.first.wait_for()
    page.locator(".f-table[aria-rowcount='5002']").wait_for()
    assert rows.count() < 100
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert rows.first.bounding_box()["height"] == (56 if width < 761 else 40)
    # By the wheel, far away at once.
    page.locator(".f-table").evaluate("table => { table.scrollTop = table.scrollHeight / 2; }")
    wait_until(lambda: 2300 < int(rows.nth(10).get_attribute("aria-rowindex") or 0) < 2700)
    assert rows.count() < 100
    # By the keys.
    rows.nth(12).focus()
    page.keyboard.press("End")
    wait_until(lambda: page.evaluate("document.activeElement.getAttribute('aria-rowindex')") == "5002")
    assert page.evaluate("document.activeElement.dataset.name") == "top.md"
    page.keyboard.press("ArrowUp")
    wait_until(lambda: str(page.evaluate("document.activeElement.dataset.name")).endswith("note-4999.md"))
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    page.locator(".f-bar-row", has_text="3 selected").wait_for()
    page.keyboard.press("Escape")
    wait_until(lambda: "selected" not in page.locator(".f-bar-row").inner_text())
    page.keyboard.press("Home")
    wait_until(lambda: page.evaluate("document.activeElement.getAttribute('aria-rowindex')") == "2")
    page.keyboard.press("Enter")
    page.locator("#panel .f-source h2", has_text="Note 0000 of the harbour").wait_for()
    page.keyboard.press("Escape")
    wait_until(lambda: not page.locator("#panel").is_visible())
    # Search finds what is far from sight, and marks it.
    page.locator(".f-search").fill("NOTE-4321")
    wait_until(lambda: rows.count() == 1)
    assert page.locator("#documents .f-doc mark").all_inner_texts() == ["note-4321"]
    tab.check()


def test_sorting_filtering_and_choosing_all_that_match(new_tab: NewTab, archive: Served) -> None:
    tab = new_tab(archive.address).open("/#own:library/documents")
    page = tab.page
    rows = page.locator("#documents .f-doc")
    rows.first.wait_for()
    first = "document.querySelector('.f-doc[aria-rowindex=\"2\"]')?.dataset.name"
    page.get_by_role("columnheader", name="Size").get_by_role("button").click()
    wait_until(lambda: page.evaluate(first) == "Archive 9/2003/note-4999.md")
    assert page.get_by_role("columnheader", name="Size").get_attribute("aria-sort") == "descending"
    assert page.get_by_role("columnheader", name="Name").get_attribute("aria-sort") == "none"
    page.get_by_role("columnheader", name="Size").get_by_role("button").click()
    wait_until(lambda: page.evaluate(first) == "top.md")
    page.get_by_label("Status").select_option("part")
    page.locator(".f-bar-row", has_text="50 documents").wait_for()
    assert page.get_by_label("Status").locator("option:checked").inner_text() == "Read in part (50)"
    page.locator(".f-sentences-of").first.click()
    assert page.locator("#f-sentences").inner_text() == "page 2 is a picture: not read"
    page.keyboard.press("Escape")
    page.get_by_label("Status").select_option("")
    # The tree, by its keys.
    page.locator(".f-folder[data-path='Archive 3']").click()
    page.locator(".f-bar-row", has_text="500 documents").wait_for()
    page.locator(".f-folder[data-path='Archive 3']").press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".f-bar-row", has_text="250 documents").wait_for()
    assert page.locator(".f-crumbs").inner_text().split("\n") == ["All documents", "/", "Archive 3", "/", "2001"]
    # A range, with the rows between that were never in sight.
    rows.first.locator("input").click()
    page.locator(".f-table").evaluate("table => { table.scrollTop = table.scrollHeight; }")
    last = page.locator("#documents .f-doc[aria-rowindex='251']")
    last.wait_for()
    last.click(modifiers=["Shift"])
    page.locator(".f-bar-row", has_text="250 selected").wait_for()
    # All of the collection but one; what is asked about is no list of thousands of names.
    page.get_by_role("button", name="Clear selection").click()
    page.locator(".f-crumbs button").first.click()
    page.locator(".f-bar-row", has_text="5,001 documents").wait_for()
    rows.first.press("Control+a")
    page.locator(".f-bar-row", has_text="5,001 selected").wait_for()
    rows.nth(1).locator("input").click()
    page.locator(".f-bar-row", has_text="5,000 selected").wait_for()
    page.get_by_role("button", name="Ask about these").click()
    page.locator("#f-only", has_text="5,000 documents").wait_for()
    assert len(page.locator("#page-state i").get_attribute("title") or "") < 1000
    tab.check()


def test_a_folder_is_deleted_in_one_step_and_brought_back(new_tab: NewTab, archive: Served) -> None:
    tab = new_tab(archive.address).open("/#own:library/documents")
    page = tab.page
    page.locator(".f-folder[data-path='Archive 7']").click()
    page.locator(".f-bar-row", has_text="500 documents").wait_for()
    page.locator(".f-pick-all").click()
    page.locator(".f-bar-row", has_text="500 selected").wait_for()
    version = int(archive.index.catalog.get("version"))
    page.get_by_role("button", name="Delete", exact=True).click()
    page.locator(".f-strip", has_text="500 documents deleted").wait_for()
    assert int(archive.index.catalog.get("version")) == version + 1
    assert archive.index.catalog.count_in_folder("Archive 7") == 0
    wait_until(lambda: page.locator(".f-folder[data-path='Archive 7']").count() == 0)
    page.get_by_role("button", name="Undo").click()
    page.locator(".f-strip", has_text="500 brought back").wait_for()
    assert archive.index.catalog.count_in_folder("Archive 7") == 500
    page.locator(".f-folder[data-path='Archive 7']").wait_for()
    tab.check()
