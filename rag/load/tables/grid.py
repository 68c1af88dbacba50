"""Lay cells that span rows and columns out in rows in which each column has its cell.

Owns: the record of a cell, and what a span covers. Knows nothing about what names what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# Caps on what one cell may span: a file may claim a million.
_MOST_COLUMNS, _MOST_ROWS = 1000, 65_535


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell of a table. In a row that was laid out, one cell stands in each column that it spans.

    Attributes:
        text: Its words; white space in them does not matter.
        columns: How many columns it spans.
        rows: How many rows it spans; 0 for all that follow.
        is_name: Whether the format marks it as a name; None where the format does not tell.
    """

    text: str
    columns: int = 1
    rows: int = 1
    is_name: bool | None = None


EMPTY = Cell("")


def text_rows(rows: Iterable[Sequence[str]]) -> Iterator[tuple[Cell, ...]]:
    """Yield rows of cells from rows of texts, for formats whose cells span nothing."""
    for row in rows:
        yield tuple(Cell(text) if text else EMPTY for text in row)


def spread(rows: Iterable[Sequence[Cell]]) -> Iterator[tuple[Cell, ...]]:
    """Yield each row with a cell in every column.

    Args:
        rows: Of each row the cells that begin in it, from the left. As in HTML, a cell takes the next column that no
            cell from above covers.

    Yields:
        The same rows; a cell stands, the same object, in each row and column that it spans.
    """
    # The cell that covers a column from above, and how many more rows it does so; below 0 for ever.
    covering: dict[int, tuple[Cell, int]] = {}
    for row in rows:
        places: dict[int, Cell] = {column: cell for column, (cell, _) in covering.items()}
        column = 0
        opened: dict[int, tuple[Cell, int]] = {}
        for cell in row:
            while column in places:
                column += 1
            for _ in range(max(1, min(cell.columns, _MOST_COLUMNS))):
                if column in places:
                    break
                places[column] = cell
                if cell.rows != 1:
                    opened[column] = (cell, min(cell.rows, _MOST_ROWS) if cell.rows > 0 else 0)
                column += 1
        covering = {at: (cell, left - 1) for at, (cell, left) in covering.items() if left != 1}
        covering |= {at: (cell, left - 1) for at, (cell, left) in opened.items()}
        yield tuple(places.get(at, EMPTY) for at in range(max(places, default=-1) + 1))
