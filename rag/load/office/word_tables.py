"""Lay out the tables of a Word document: merged cells, rows of names, tables in cells.

Owns: what a cell spans. Knows nothing about the words of a cell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from rag.load.office.word_xml import CELL, ROW, descendants, find, is_on, value
from rag.load.office.xml_parts import number
from rag.load.tables import Cell

# Cap on the columns of a cell that spans several, and of those left out at the beginning of a row.
_MAX_SPAN = 100
# Cap on the columns that the cells of a table span beside their first.
_MOST_SPANNED = 1_000_000
_EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell before it is known how many rows it spans."""

    element: Any
    column: int
    columns: int
    continues: bool


def lay_out(table: Any, cell_text: Callable[[Any], str]) -> tuple[list[tuple[Cell, ...]], int]:
    """Return the rows of a table, and how many of them are marked as names of the columns.

    Args:
        table: The element of the table.
        cell_text: Gives the words of a cell's element.

    Returns:
        Rows in which each column has its cell, the same one wherever it is merged; the number of rows of names.
    """
    rows = [row for row in descendants(table, ROW) if find(row, "trPr/del") is None]
    placed = [_placed(row) for row in rows]
    if sum(cell.columns for cells in placed for cell in cells) > _MOST_SPANNED:
        placed = [[replace(cell, column=at, columns=1) for at, cell in enumerate(cells)] for cells in placed]
    heights = _heights(placed)
    names = next((at for at, row in enumerate(rows) if not is_on(find(row, "trPr/tblHeader"))), len(rows))
    laid_out: list[tuple[Cell, ...]] = []
    above: dict[int, Cell] = {}
    for at, cells in enumerate(placed):
        columns: dict[int, Cell] = {}
        for cell in cells:
            merged = above.get(cell.column) if cell.continues else None
            if merged is None:
                rows_spanned = heights.get((at, cell.column), 1)
                merged = Cell(cell_text(cell.element), cell.columns, rows_spanned, True if at < names else None)
            columns.update(dict.fromkeys(range(cell.column, cell.column + cell.columns), merged))
        laid_out.append(tuple(columns.get(column, _EMPTY) for column in range(max(columns, default=-1) + 1)))
        above = columns
    return laid_out, names if names < len(rows) else 0


def _placed(row: Any) -> list[_Placed]:
    """Return the cells of a row with their columns."""
    cells: list[_Placed] = []
    column = min(number(value(row, "trPr/gridBefore"), 0), _MAX_SPAN)
    for element in descendants(row, CELL):
        if value(element, "tcPr/hMerge") == "continue" and cells:
            cells[-1] = _Placed(cells[-1].element, cells[-1].column, cells[-1].columns + 1, cells[-1].continues)
            column += 1
            continue
        columns = max(1, min(number(value(element, "tcPr/gridSpan"), 1), _MAX_SPAN))
        merge = find(element, "tcPr/vMerge")
        # Without a value, the cell goes on from above.
        continues = merge is not None and value(element, "tcPr/vMerge", "continue") == "continue"
        cells.append(_Placed(element, column, columns, continues))
        column += columns
    return cells


def _heights(placed: list[list[_Placed]]) -> dict[tuple[int, int], int]:
    """Return how many rows the cells span that others continue, by row and column."""
    heights: dict[tuple[int, int], int] = {}
    below: dict[int, int] = {}
    for at in range(len(placed) - 1, -1, -1):
        heights |= {(at, cell.column): 1 + below[cell.column] for cell in placed[at] if cell.column in below}
        below = {cell.column: 1 + below.get(cell.column, 0) for cell in placed[at] if cell.continues}
    return heights


def frame_cell(table: Any) -> Any:
    """Return the cell of a table that has one alone, and so only draws a frame around paragraphs; else None."""
    cells = (cell for row in descendants(table, ROW) for cell in descendants(row, CELL))
    first = next(cells, None)
    return first if next(cells, None) is None else None
