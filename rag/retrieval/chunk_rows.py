"""The lines of chunks that may be table rows, read once for many questions.

Owns: which lines of a chunk may be rows with a figure, and what is kept of them. Knows nothing about questions.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence

from rag.retrieval.row_records import read_recorded
from rag.retrieval.table_rows import has_figure
from rag.store.catalog import Catalog, ChunkRecord
from rag.store.index import Index
from rag.types import Span, Table

# One of these stands in each row: a gap between cells, a bar, or a colon or a semicolon between a name and a value.
_ROW_MARKS = ("  ", "|", ": ", "; ")
# A longer line, in characters, is a paragraph.
_LONGEST_ROW = 1000
# Chunks whose rows are kept, and the name under which an index holds them.
_MOST_CHUNKS = 2000
_HELD = "chunk rows"


class ChunkRows:
    """The rows of the chunks of a catalog that were looked at last. Several threads may ask at once."""

    def __init__(self, catalog: Catalog) -> None:
        """Begin with none.

        Args:
            catalog: The catalog that holds the chunks and their tables.
        """
        self.catalog = catalog
        # The least recently used first.
        self._kept: OrderedDict[tuple[str, str], tuple[Span, ...]] = OrderedDict()
        self._guard = threading.Lock()

    def close(self) -> None:
        """Let go of nothing: they go with the index that holds them."""

    def of(self, chunk: ChunkRecord) -> tuple[Span, ...]:
        """Return the lines of a chunk that may be table rows with a figure.

        Args:
            chunk: A chunk of the catalog.

        Returns:
            The lines in order, with the cells of those that have a record.
        """
        # A version that is shown under another title keeps the ids of its chunks.
        key = chunk.id, chunk.title
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        rows = tuple(_rows(chunk, self.catalog.tables(chunk.document_id))) if has_figure(chunk.text) else ()
        with self._guard:
            self._kept[key] = rows
            if len(self._kept) > _MOST_CHUNKS:
                self._kept.popitem(last=False)
        return rows


def rows_of(index: Index) -> ChunkRows:
    """Return the rows of an index's chunks, which are kept as long as it is open.

    Args:
        index: The index.

    Returns:
        What is kept; all threads share it.
    """
    held = index.held.get(_HELD)
    if not isinstance(held, ChunkRows) or held.catalog is not index.catalog:
        held = index.held[_HELD] = ChunkRows(index.catalog)
    return held


def _rows(chunk: ChunkRecord, tables: Sequence[Table]) -> Iterator[Span]:
    start = chunk.start
    for line in chunk.text.split("\n"):
        if len(line) <= _LONGEST_ROW and has_figure(line) and any(mark in line for mark in _ROW_MARKS):
            cells = read_recorded(tables, line, start) if tables else ()
            yield Span(chunk.source, chunk.document_id, chunk.title, start, start + len(line), line, cells=cells)
        start += len(line) + 1
