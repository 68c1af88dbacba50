"""The lines of chunks that may be rows are read once, and only those with a figure: `rag.retrieval.chunk_rows`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.ingestion.pipeline import ingest
from rag.retrieval import chunk_rows
from rag.retrieval.chunk_rows import ChunkRows, rows_of
from rag.retrieval.passages import retrieve
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.types import Table
from tests.conftest import write_files


class Tables:
    """A catalog that counts how often it is asked for tables, and has none."""

    def __init__(self) -> None:
        self.asked = 0

    def tables(self, document_id: str) -> Sequence[Table]:
        self.asked += 1
        return ()


def chunk(text: str, id_: str = "1") -> ChunkRecord:
    return ChunkRecord(1, id_, "a.md", "doc", "Fees", 10, 10 + len(text), "Fees", text)


def kept_of(catalog: Tables) -> ChunkRows:
    fake: Any = catalog
    return ChunkRows(fake)


def test_lines_with_a_mark_and_a_figure_may_be_rows() -> None:
    text = "The dog is big.\nDog: 40\nCat: none\nIt costs 40 in all.\n| Horse | 60 |"
    spans = kept_of(Tables()).of(chunk(text))
    assert [(span.quote, span.start, span.end) for span in spans] == [
        ("Dog: 40", 26, 33),
        ("| Horse | 60 |", 64, 78),
    ]
    assert all(text[span.start - 10 : span.end - 10] == span.quote for span in spans)


def test_a_chunk_is_read_once_and_one_without_a_figure_not_at_all() -> None:
    catalog = Tables()
    kept = kept_of(catalog)
    first = kept.of(chunk("Dog: 40"))
    assert kept.of(chunk("Dog: 40")) is first
    assert kept.of(chunk("Cat: none", "2")) == ()
    assert catalog.asked == 1
    # Shown under another title it keeps its id.
    (renamed,) = kept.of(replace(chunk("Dog: 40"), title="Prices"))
    assert renamed.title == "Prices"


def test_only_so_many_chunks_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunk_rows, "_MOST_CHUNKS", 2)
    catalog = Tables()
    kept = kept_of(catalog)
    for id_ in ("1", "2", "1", "3", "1", "2"):
        kept.of(chunk("Dog: 40", id_))
    assert catalog.asked == 4


def test_rows_go_with_the_catalog_of_their_index(index: Index, library: Path) -> None:
    write_files(library, {"fees.md": "# Fees\n\nDog: 40 crowns\n\nCat: 30 crowns\n"})
    ingest(index, [library])
    retrieve(index, "What is the fee for a dog?", table_share=0.5)
    kept = rows_of(index)
    assert rows_of(index) is kept
    index.catalog.close()
    index.catalog = type(index.catalog)(index.folder)
    assert rows_of(index) is not kept
