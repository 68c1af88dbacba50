"""Collect the rows of a table of RTF, which gives of each cell where its right edge is.

Owns: which columns a cell spans, and what cells that are merged hold. Knows nothing about words. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import Any

from rag.load.tables import Cell

# In twips: edges that are nearer to each other are the same.
_SAME_EDGE = 60
# Caps on the columns of a table, and on the columns that its cells span beside their first.
_MOST_COLUMNS, _MOST_SPANNED = 500, 1_000_000


@dataclass(frozen=True, slots=True)
class CellForm:
    """How a row says that one of its cells is.

    Attributes:
        edge: Where its right edge is, in twips.
        below: Whether it goes on from the cell above.
        right: Whether it goes on from the cell to the left.
    """

    edge: int = 0
    below: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class RowForm:
    """How a row says that it is.

    Attributes:
        cells: Its cells, from the left.
        pending: What was said of the next cell.
        is_name: Whether it is one of the names of the columns.
    """

    cells: tuple[CellForm, ...] = ()
    pending: CellForm = CellForm()
    is_name: bool = False

    def told(self, word: str, number: int) -> RowForm:
        """Return the form after one more control word.

        Args:
            word: The control word, such as ``cellx``.
            number: The number behind it.

        Returns:
            The form; the same one for a word that says nothing of it.
        """
        if word == "cellx":
            done = replace(self.pending, edge=number)
            cells = (*self.cells, done) if len(self.cells) < _MOST_COLUMNS else self.cells
            return replace(self, cells=cells, pending=CellForm())
        if word in ("clvmrg", "clmrg"):
            merged = replace(self.pending, below=True) if word == "clvmrg" else replace(self.pending, right=True)
            return replace(self, pending=merged)
        return replace(self, is_name=True) if word == "trhdr" else self


@dataclass(slots=True)
class OpenTable:
    """A table whose rows are being collected.

    Attributes:
        paragraphs: The paragraphs of the cell that is open.
        cells: The cells of the row that is open.
        rows: The rows so far with their forms.
        after: What stands in its cells and comes behind it: tables, notes, comments.
    """

    paragraphs: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    rows: list[tuple[RowForm, list[str]]] = field(default_factory=list)
    after: list[Any] = field(default_factory=list)

    def end_cell(self) -> None:
        """Close the cell that is open."""
        self.cells.append("\n".join(filter(None, self.paragraphs)))
        self.paragraphs = []

    def end_row(self, form: RowForm) -> None:
        """Close the row that is open.

        Args:
            form: How the row says that it is.
        """
        if any(self.paragraphs):
            self.end_cell()
        if self.cells:
            self.rows.append((form, self.cells))
        self.cells, self.paragraphs = [], []

    def laid_out(self) -> tuple[list[tuple[Cell, ...]], int]:
        """Return the rows with a cell in every column, and how many of them are names."""
        edges = _edges(cell.edge for form, texts in self.rows for cell in form.cells[: len(texts)])
        rows: list[tuple[Cell, ...]] = []
        above: tuple[Cell, ...] = ()
        spanned = 0
        for form, texts in self.rows:
            spanned += max(0, len(above) - len(texts))
            edges = edges if spanned < _MOST_SPANNED else []
            above = _row(form, texts, edges, above)
            rows.append(above)
        names = next((at for at, (form, _) in enumerate(self.rows) if not form.is_name), 0)
        return rows, names


def _row(form: RowForm, texts: list[str], edges: list[int], above: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Return a row with a cell in every column: a cell reaches to its edge."""
    columns: list[Cell] = []
    for number, text in enumerate(texts):
        told = form.cells[number] if number < len(form.cells) else CellForm()
        last = bisect_left(edges, told.edge - _SAME_EDGE) + 1 if told.edge else 0
        # Cells without an edge, or with one that does not ascend, take the next column.
        width = max(1, last - len(columns))
        if told.right and columns:
            cell = columns[-1]
        elif told.below and len(columns) < len(above):
            cell = above[len(columns)]
        else:
            cell = Cell(text, width, is_name=form.is_name or None)
        columns += [cell] * width
    return tuple(columns)


def _edges(all_edges: Any) -> list[int]:
    """Return the edges of the columns of a table, ascending, those that are near to each other once."""
    edges: list[int] = []
    for edge in sorted({edge for edge in all_edges if edge > 0}):
        if not edges or edge - edges[-1] > _SAME_EDGE:
            edges.append(edge)
    return edges[:_MOST_COLUMNS]
