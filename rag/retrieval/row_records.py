"""Find the recorded cells of table rows. Pure.

Owns: which cells of which table stand in a part of a document, and what each is called. Knows nothing about questions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import groupby

from rag.types import RowCell, Table, TableCell

# A table in a cell of another one begins behind it; of so many that begin before a row the record is looked for.
_LOOKED_AT = 4
# What stands between a name and its value, two cells, and two rows.
_BETWEEN = " :;|\n"


def read_recorded(tables: Sequence[Table], words: str, start: int) -> tuple[RowCell, ...]:
    """Return the recorded cells in a part of a document.

    Args:
        tables: The tables of the document, in the order of its text.
        words: The part: a row, or rows on lines of their own.
        start: Where it begins in the document's text.

    Returns:
        The cells that stand there whole, in order, each with its names; none where no row with a record stands there.
    """
    number = bisect_right(tables, start, key=lambda table: table.start)
    for table in reversed(tables[max(0, number - _LOOKED_AT) : number]):
        first = bisect_left(table.cells, start, key=lambda cell: cell.start)
        last = bisect_right(table.cells, start + len(words), lo=first, key=lambda cell: cell.end)
        if first == last:
            continue
        begins_inside = first > 0 and table.cells[first - 1].row == table.cells[first].row
        named: list[RowCell] = []
        for _, row in groupby(table.cells[first:last], key=lambda cell: cell.row):
            named += _row(table, tuple(row), words, start, has_beginning=bool(named) or not begins_inside)
        return tuple(named)
    return ()


def _row(table: Table, cells: tuple[TableCell, ...], words: str, start: int, has_beginning: bool) -> list[RowCell]:
    """Return the cells of one row with their names; its label stands in its first column, or before its first cell."""
    # The first of several columns names the rows of a table that marks no labels.
    labels = table.labels or int(len(cells) > 1)
    first = cells[0].start - start
    before = words[words.rfind("\n", 0, first) + 1 : first] if has_beginning and cells[0].column >= table.labels else ""
    label = _without_name(before.strip(_BETWEEN), _column_names(table, cells[0]))
    return [
        RowCell(
            cell.start,
            cell.end,
            "" if cell.column < labels else label,
            _column_names(table, cell),
            cell.row,
            cell.column < labels and (bool(table.labels) or has_beginning),
        )
        for cell in cells
    ]


def _column_names(table: Table, cell: TableCell) -> str:
    """Return the names above all columns of a cell, outermost first and each once."""
    above = (name for names in table.names for name in names[cell.column : cell.column + cell.columns])
    return " ".join(dict.fromkeys(filter(None, above)))


def _without_name(words: str, name: str) -> str:
    """Return a label without the name of the column that stands between it and the value."""
    if not name:
        return words
    return "" if words == name else words.removesuffix(f" {name}").rstrip(_BETWEEN)
