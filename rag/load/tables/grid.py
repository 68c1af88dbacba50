"""Lay cells that span rows and columns out in rows in which each column has its cell.

Owns: the record of a cell, and what a span covers. Knows nothing about what names what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.load.text import without_breaks

# A file may claim that a cell spans a million columns and rows. Spans cover nothing to the right of this column, and
# no more than so many places of one table beside those where their cells begin.
_LAST_COLUMN, _MOST_COVERED = 1000, 1_000_000


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

    def __post_init__(self) -> None:
        """Leave out the marks that show where a word may break."""
        object.__setattr__(self, "text", without_breaks(self.text))


EMPTY = Cell("")


def words_of(cell: Cell) -> str:
    """Return the words of a cell on one line."""
    return " ".join(cell.text.split())


def text_rows(rows: Iterable[Sequence[str]]) -> Iterator[tuple[Cell, ...]]:
    """Yield rows of cells from rows of texts, for formats whose cells span nothing."""
    for row in rows:
        yield tuple(Cell(text) if text else EMPTY for text in row)


def spread(rows: Iterable[Sequence[Cell]]) -> Iterator[tuple[Cell, ...]]:
    """Yield each row with a cell in every column.

    The time is linear in the cells: spans end at a column, and where they cover too many places in all, cells span
    nothing any more.

    Args:
        rows: Of each row the cells that begin in it, from the left. As in HTML, a cell takes the next column that no
            cell from above covers.

    Yields:
        The same rows; a cell stands, the same object, in each row and column that it spans.
    """
    # The cell that covers a column from above, and how many more rows it does so; below 0 for ever.
    covering: dict[int, tuple[Cell, int]] = {}
    room = _MOST_COVERED
    for row in rows:
        room -= len(covering)
        if room < 0:
            covering = {}
        places: dict[int, Cell] = {column: cell for column, (cell, _) in covering.items()}
        covering = {at: (cell, left - 1) for at, (cell, left) in covering.items() if left != 1}
        column = 0
        for cell in row:
            while column in places:
                column += 1
            last = min(column + cell.columns, _LAST_COLUMN) if room > 0 else column
            rows_below = cell.rows - 1 if room > 0 else 0
            while True:
                places[column] = cell
                if rows_below and column < _LAST_COLUMN:
                    covering[column] = (cell, rows_below)
                column += 1
                if column >= last or column in places:
                    break
                room -= 1
        yield tuple(places.get(at, EMPTY) for at in range(max(places, default=-1) + 1))
