"""Cited table rows as a small table: the names above, the cell that answers marked. Pure.

Owns: which words stand in which column. A cell is a slice of the quote, so what is shown is exactly what was cited.
Knows nothing about indexes or files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from rag.types import Citation, RowCell
from ui.views.templates import render

# A wider row, or more rows, are shown as text.
_MOST_COLUMNS, _MOST_ROWS = 40, 60

# The name of a column, and which of several columns of that name it is.
_Column = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as it is shown: its words, whether it names its row, and whether it answers the question."""

    text: str = ""
    is_label: bool = False
    is_answer: bool = False


@dataclass(frozen=True, slots=True)
class CitedTable:
    """Cited rows: the names of their columns, none where no column has one, and the cells of each row."""

    names: tuple[str, ...]
    rows: tuple[tuple[ShownCell, ...], ...]


def cited_table(citation: Citation) -> CitedTable | None:
    """Return cited table rows in columns.

    Args:
        citation: A citation of an answer.

    Returns:
        The rows; None where it cites no table row with a record, or what is too large for a small table.
    """
    rows = [dict(_row(citation, tuple(cells))) for _, cells in groupby(citation.cells, key=lambda cell: cell.row)]
    columns = _columns(rows)
    if not rows or len(columns) > _MOST_COLUMNS or len(rows) > _MOST_ROWS:
        return None
    names = tuple(name for name, _ in columns)
    shown = tuple(tuple(row.get(column, ShownCell()) for column in columns) for row in rows)
    return CitedTable(names if any(names) else (), shown)


def cited_table_html(citation: Citation) -> Markup | None:
    """Return cited table rows as HTML; None where ``cited_table`` has none."""
    table = cited_table(citation)
    return render("cited_table", "table", table=table) if table else None


def _row(citation: Citation, cells: tuple[RowCell, ...]) -> Iterator[tuple[_Column, ShownCell]]:
    """Yield the cells of a row by column; a label that is no cell stands in a column of its own."""
    seen: Counter[str] = Counter()
    label = next((cell.label for cell in cells if cell.label), "")
    if label:
        seen[""] += 1
        yield ("", 0), ShownCell(label, is_label=True)
    for cell in cells:
        words = citation.quote[cell.start - citation.start : cell.end - citation.start]
        answers = citation.cell is not None and (cell.start, cell.end) == (citation.cell.start, citation.cell.end)
        yield (cell.name, seen[cell.name]), ShownCell(words, cell.is_label, answers)
        seen[cell.name] += 1


def _columns(rows: list[dict[_Column, ShownCell]]) -> list[_Column]:
    """Return the columns in the order of the rows; one that a row is the first to have stands behind its left one."""
    order: list[_Column] = []
    for row in rows:
        left = -1
        for column in row:
            if column in order:
                left = order.index(column)
            else:
                left += 1
                order.insert(left, column)
    return order
