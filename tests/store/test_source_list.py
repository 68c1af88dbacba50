"""Lists of sources, their folders, and sources that were removed and come back: `rag.store.catalog`."""

from __future__ import annotations

import gzip
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.notices import Notice
from rag.store.catalog import FILE, Catalog, NewVersion, SourceQuery, SourceRecord
from rag.types import Block, Chunk, Document

FILES = {
    # name: title, media type, pages, stamp
    "b/Über.pdf": ("Zoll", "application/pdf", 12, "900:1714780800000000000:1:1"),
    "b/c/a.md": ("anchor", "text/markdown", 0, "10:1700000000000000000:1:1"),
    "b0.md": ("Boat", "text/markdown", 0, "5000:1600000000000000000:1:1"),
    "top.md": ("", "text/markdown", 0, ""),
}


def version(name: str) -> NewVersion:
    title, media_type, pages, stamp = FILES[name]
    text = f"The words of {name} are few."
    warnings = (Notice("file-empty"),) if name == "b0.md" else ()
    record = SourceRecord(name, "/r", f"/r/{name}", stamp, "h", "f", f"doc {name}", title, None, False, "", warnings)
    document = Document(text, title, media_type, (Block(0, len(text), "paragraph"),), tuple(range(pages)))
    return NewVersion(record, document, [Chunk(0, 9), Chunk(10, len(text))], [f"{name} 1", f"{name} 2"])


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path, create=True)) as opened:
        opened.publish([version(name) for name in FILES])
        broken = SourceRecord("b/x.pdf", "/r", "/r/x", "7:0:1:1", "h", "f", None, "", Notice("file-empty"), True)
        opened.put_sources([broken])
        yield opened


def names(catalog: Catalog, query: SourceQuery) -> list[str]:
    total, page = catalog.list_sources(query)
    assert total == len(page)
    assert [row.source for row in page] == catalog.names_found(query)
    return [row.source for row in page]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (SourceQuery(), ["b/c/a.md", "b/x.pdf", "b/Über.pdf", "b0.md", "top.md"]),
        (SourceQuery(sort="title"), ["b/c/a.md", "b/x.pdf", "b0.md", "top.md", "b/Über.pdf"]),
        (SourceQuery(sort="title", descending=True), ["b/Über.pdf", "top.md", "b0.md", "b/x.pdf", "b/c/a.md"]),
        (SourceQuery(sort="pages", descending=True), ["b/Über.pdf", "top.md", "b0.md", "b/x.pdf", "b/c/a.md"]),
        (SourceQuery(sort="size"), ["top.md", "b/x.pdf", "b/c/a.md", "b/Über.pdf", "b0.md"]),
        (SourceQuery(sort="date"), ["top.md", "b/x.pdf", "b0.md", "b/c/a.md", "b/Über.pdf"]),
        (SourceQuery(sort="status"), ["b0.md", "b/c/a.md", "b/Über.pdf", "top.md", "b/x.pdf"]),
        (SourceQuery(sort="type"), ["b/x.pdf", "b/Über.pdf", "b/c/a.md", "b0.md", "top.md"]),
        (SourceQuery(folder="b"), ["b/c/a.md", "b/x.pdf", "b/Über.pdf"]),
        (SourceQuery(folder="b/c"), ["b/c/a.md"]),
        (SourceQuery(folder="b/c/a.md"), []),
        (SourceQuery(status="part"), ["b0.md"]),
        (SourceQuery(status="skipped", folder="b"), ["b/x.pdf"]),
        (SourceQuery(media_types=("text/markdown",), search="A"), ["b/c/a.md", "b0.md"]),
        (SourceQuery(search="u\u0308BER"), []),
        (SourceQuery(search="U\u0308ber"), ["b/Über.pdf"]),
        (SourceQuery(search="x.pdf", sort="title"), ["b/x.pdf"]),
    ],
)
def test_a_list_is_searched_filtered_and_sorted(catalog: Catalog, query: SourceQuery, expected: list[str]) -> None:
    assert names(catalog, query) == expected


def test_a_row_tells_what_is_known_without_reading_a_document(catalog: Catalog) -> None:
    rows = {row.source: row for row in catalog.list_sources()[1]}
    assert [(row.pages, row.chunks, row.size, row.day, row.status) for row in rows.values()] == [
        (None, 2, 10, "2023-11-14", "read"),
        (None, 0, 7, "1970-01-01", "skipped"),
        (12, 2, 900, "2024-05-04", "read"),
        (None, 2, 5000, "2020-09-13", "part"),
        (None, 2, 0, "", "read"),
    ]
    # A new stamp keeps them, a version that is gone takes them with it.
    record = catalog.source_record("b/Über.pdf")
    assert record is not None
    catalog.put_sources([record])
    assert catalog.list_sources(SourceQuery("Über"))[1][0].pages == 12
    gone = SourceRecord("b/Über.pdf", "/r", "/r/x", "7:0:1:1", "h", "f", None, "", Notice("file-empty"), False)
    catalog.put_sources([gone])
    row = catalog.list_sources(SourceQuery("Über"))[1][0]
    assert (row.pages, row.chunks, row.media_type, row.status) == (None, 0, "", "failed")


def test_folders_and_kinds_are_counted(catalog: Catalog) -> None:
    assert list(catalog.folders().items()) == [("b", 3), ("b/c", 1)]
    assert [catalog.count_in_folder(folder) for folder in ("b", "b/c", "b0", "c")] == [3, 1, 0, 0]
    assert catalog.kinds() == [
        ("", "skipped", 1),
        ("application/pdf", "read", 1),
        ("text/markdown", "part", 1),
        ("text/markdown", "read", 2),
    ]


def test_an_older_catalog_gets_what_its_list_shows(tmp_path: Path) -> None:
    packed = Path(__file__).parent / "format-3.sqlite.gz"
    (tmp_path / FILE).write_bytes(gzip.decompress(packed.read_bytes()))
    with closing(Catalog(tmp_path)) as catalog:
        for row, summary in zip(catalog.list_sources()[1], catalog.sources(), strict=True):
            assert (row.media_type, row.pages, row.chunks) == (summary.media_type, summary.pages, summary.chunks)
        assert all(row.chunks for row in catalog.list_sources()[1])


def test_what_was_removed_is_kept_until_it_is_forgotten(catalog: Catalog, tmp_path: Path) -> None:
    before = {name: catalog.source_record(name) for name in ("b0.md", "b/x.pdf")}
    catalog.remove(["b0.md", "b/x.pdf"], keep_as="first")
    assert catalog.list_sources()[0] == 3
    assert {record.source: record for record in catalog.removed_sources("first")} == before
    assert catalog.document("doc b0.md") is not None
    assert sorted(catalog.orphans(9)) == ["b0.md 1", "b0.md 2"]
    assert catalog.forget_removals(time.time() - 60) == []
    catalog.remove(["top.md"], keep_as="second")
    catalog.forget_removal("second")
    assert catalog.document("doc top.md") is None
    assert catalog.forget_removals(time.time() + 1) == ["first"]
    assert catalog.removed_sources("first") == []
    assert catalog.document("doc b0.md") is None
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        assert db.execute("SELECT count(*) FROM removed_sources").fetchone() == (0,)
