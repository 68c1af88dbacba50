"""Find the rows of the tables of OpenDocument, and read the charts, which keep their data in one.

Owns: which rows are names, and what a chart says. Knows nothing about the words of a cell in a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rag.load.builder import Builder
from rag.load.office.odf_inline import TABLE
from rag.load.tables import Cell, add_table, text_rows

_CHART = "{urn:oasis:names:tc:opendocument:xmlns:chart:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def rows_of(table: Any) -> Iterator[tuple[Any, bool]]:
    """Yield the rows of a table, and whether each is marked as one of names."""
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child, False
        elif child.tag == f"{TABLE}table-header-rows":
            yield from ((row, True) for row, _ in rows_of(child))
        elif child.tag in (f"{TABLE}table-rows", f"{TABLE}table-row-group"):
            yield from rows_of(child)


def marked_names(table: Any, rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many rows name the columns of a table that says that its first row looks different.

    Args:
        table: The table.
        rows: Of each row the cells that begin in it.

    Returns:
        The rows that the cells of the first row span; 0 where the table does not say so, or leaves it open.
    """
    if table.get(f"{TABLE}use-first-row-styles") != "true" or not rows or not rows[0]:
        return 0
    height = max(cell.rows for cell in rows[0])
    return height if height > 1 or all(cell.columns == 1 for cell in rows[0]) else 0


def chart_of(root: Any) -> Any:
    """Return the chart in the root element of an object; None for another object."""
    return root.find(f"{_OFFICE}body/{_OFFICE}chart/{_CHART}chart") if root is not None else None


def add_chart(builder: Builder, chart: Any) -> bool:
    """Append the title of a chart and the table of its data.

    Args:
        builder: What they are appended to.
        chart: The chart.

    Returns:
        Whether its data is stored with it.
    """
    table = chart.find(f"{TABLE}table")
    rows = [_texts(row) for row, _ in rows_of(table)] if table is not None else []
    if len(rows) < 2:
        return False
    title = _words(chart.find(f"{_CHART}title"))
    builder.add("paragraph", title)
    for axis in chart.iter(f"{_CHART}axis"):
        words = _words(axis.find(f"{_CHART}title"))
        if axis.get(f"{_CHART}dimension") == "x" and words and not rows[0][0]:
            rows[0][0] = words
        else:
            builder.add("paragraph", words)
    add_table(builder, text_rows(rows), title, names=1)
    return True


def _texts(row: Any) -> list[str]:
    texts = [_words(cell) for cell in row if cell.tag == f"{TABLE}table-cell"]
    return ["" if text == "NaN" else text for text in texts] or [""]


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
