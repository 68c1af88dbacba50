"""Write the rows of a table on a page as blocks: each cell behind its names.

Owns: the glyph behind each character of a row; names that are put in have none. Knows nothing about columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rag.load.pdf.joining import join_pieces
from rag.load.pdf.types import GridCell, GridRow, LayoutBlock, Line, PageTable, PlacedCell
from rag.load.tables import row_text

# The names of a table are written before each of its cells.
_REMEMBERED = 512


def row_block(row: GridRow, table: PageTable, lines: list[Line]) -> LayoutBlock:
    """Return the block of a row.

    Args:
        row: Its cells, whose words are joined.
        table: The table it is part of.
        lines: The lines that its words stand on.

    Returns:
        A row "Label; Name: value; Name: value", or "Label: value" where the table has labels and no names.
    """
    block = LayoutBlock("row", lines, table=table)
    if table.labels and not table.names and len(row) > 1 and row[0].text != row[1].text:
        return _label_value(block, row)
    text, places = row_text([(cell_name(table, cell), cell.text) for cell in row])
    block.text = text
    block.glyph_numbers = [-1] * len(text)
    block.line_numbers = [row[0].line_numbers[0]] * len(text)
    for cell, (start, end) in zip(row, places, strict=True):
        _place(block, cell, start, end)
    return block


def join_cells(rows: Sequence[GridRow], page_words: set[str]) -> None:
    """Set the text of each cell from its pieces.

    Args:
        rows: The rows of a table.
        page_words: The words of the page in small letters, as they are written where no line ends.
    """
    for row in rows:
        for cell in row:
            cell.text, cell.glyph_numbers, cell.line_numbers = join_pieces(cell.pieces, page_words)


def cell_name(table: PageTable, cell: GridCell) -> str:
    """Return what is written before a cell.

    Args:
        table: The table.
        cell: One of its cells.

    Returns:
        The names above its columns, outermost first and each once; "" for none.
    """
    return _name_above(table.names, cell.column, cell.column + cell.columns) if table.names else ""


@lru_cache(maxsize=_REMEMBERED)
def _name_above(rows: tuple[tuple[str, ...], ...], first: int, end: int) -> str:
    """Return the name of the columns from ``first`` on to ``end`` in some rows of names."""
    return " ".join(dict.fromkeys(filter(None, (name for names in rows for name in names[first:end]))))


def _label_value(block: LayoutBlock, row: GridRow) -> LayoutBlock:
    """Fill the block of a row "label: value"."""
    label, values = row[0], row[1:]
    words = label.text.rstrip(" :")
    if not words or words == values[0].text:
        # Such a name would be left out.
        words = label.text
    text, places = row_text((words, cell.text) for cell in values)
    block.text = text
    block.glyph_numbers = [-1] * len(text)
    block.line_numbers = [label.line_numbers[0]] * len(text)
    _place(block, label, 0, len(words))
    for cell, (start, end) in zip(values, places, strict=True):
        _place(block, cell, start, end)
    return block


def _place(block: LayoutBlock, cell: GridCell, start: int, end: int) -> None:
    """Put a cell's glyphs behind its words in a row."""
    block.glyph_numbers[start:end] = cell.glyph_numbers[: end - start]
    block.line_numbers[start:end] = cell.line_numbers[: end - start]
    block.cells.append(PlacedCell(start, end, cell.column, cell.columns))
