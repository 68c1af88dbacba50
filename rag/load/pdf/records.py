"""Keep the records of a PDF's tables: where their cells stand in the document's text.

Owns: the way from rows on a page to ``Table`` records, and the names that a table on the next page goes on under.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.load.builder import Builder
from rag.load.pdf.tables import is_continued
from rag.load.pdf.types import LayoutBlock, PageTable
from rag.types import Table, TableCell


def carry_names(pages: Sequence[Sequence[LayoutBlock]]) -> None:
    """Give the rows of a table without names that goes on from the page before the names there, as their header.

    Args:
        pages: The blocks of each page. The text of a row says only what stands on its own page.
    """
    before: PageTable | None = None
    for blocks in pages:
        tables = list(dict.fromkeys(block.table for block in blocks if block.table is not None))
        if tables and before is not None and before.names and _lacks_names(tables[0], before):
            _carry(tables[0], before, blocks)
        before = tables[-1] if tables else None


def _lacks_names(table: PageTable, before: PageTable) -> bool:
    return not table.names and not table.labels and is_continued(table, before)


def _carry(table: PageTable, before: PageTable, blocks: Sequence[LayoutBlock]) -> None:
    table.names = before.names
    table.caption = table.caption or before.caption
    names = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*before.names, strict=True)]
    said = " | ".join((*filter(None, names), *filter(None, (table.caption,))))
    for block in blocks:
        if block.table is table:
            block.header = " | ".join(filter(None, (block.header, said)))[:300]


class TableRecords:
    """Collects the cells of the tables of a document while its blocks are added."""

    def __init__(self, builder: Builder) -> None:
        """Begin without tables; they are appended to those of ``builder``."""
        self._builder = builder
        self._table: PageTable | None = None
        self._cells: list[TableCell] = []
        self._rows = 0
        self._start = self._end = 0

    def add(self, block: LayoutBlock, start: int) -> None:
        """Record the cells of a block that was added to the text; blocks that are no row are passed over.

        Args:
            block: The block.
            start: Where it starts in the document's text; -1 where it was left out.
        """
        if block.table is None or start < 0:
            return
        if block.table is not self._table:
            self.close()
            self._table, self._start = block.table, start
        self._cells += [
            TableCell(start + cell.start, start + cell.end, self._rows, cell.column, cell.columns)
            for cell in block.cells
        ]
        self._rows += 1
        self._end = start + len(block.text)

    def close(self) -> None:
        """Append the last table."""
        if self._table is not None:
            table = self._table
            self._builder.tables.append(
                Table(self._start, self._end, table.names, tuple(self._cells), table.labels, table.caption)
            )
        self._table, self._cells, self._rows = None, [], 0
