"""Read the tables of a page as rows of cells.

Owns: which rows belong to a table, what its marks say of names, and which tables only lay out a page. Knows nothing
about how a cell's words are read, or how a row is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from rag.load.markup.elements import children
from rag.load.markup.sheets import Sheet
from rag.load.markup.words import struck
from rag.load.tables import Cell, spread

# A table with a longer cell, in characters, lays out the page.
_LONGEST_DATA_CELL = 2000
_SECTIONS = ("thead", "tbody", "tfoot")
_BLOCKS_OF_PAGES = "h1, h2, h3, h4, h5, h6, pre, form"
_CELLS = ("td", "th")
_MOST_SPANNED = {"colspan": 100, "rowspan": 65_534}


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A table that holds data.

    Attributes:
        rows: Its rows, laid out.
        titles: What stands above its names over its whole width.
        names: How many rows are marked to name the columns; None where nothing is marked.
        labels: How many columns are marked to name the rows; None where nothing is marked.
    """

    rows: list[tuple[Cell, ...]]
    titles: list[str]
    names: int | None
    labels: int | None


def data_table(table: Any, words: Callable[[Any], str], sheet: Sheet, is_struck: bool = False) -> HtmlTable | None:
    """Return a table that holds data, or None for one that lays out the page.

    Args:
        table: The element.
        words: Returns the words of a cell, without those of tables in it.
        sheet: What the style sheets say.
        is_struck: Whether all of it is struck out.

    Returns:
        The table.
    """
    if (table.attributes.get("role") or "").lower() in ("presentation", "none"):
        return None
    sections = [(name, row) for name, row in _rows(table, sheet) if not sheet.is_hidden(row)]
    cells = [
        [cell for cell in children(row) if cell.tag in _CELLS and not sheet.is_hidden(cell)] for _, row in sections
    ]
    is_marked = _is_marked(table, cells)
    if not is_marked and any(cell.css_first("table") is not None for row in cells for cell in row):
        return None
    if not is_marked and any(cell.css_first(_BLOCKS_OF_PAGES) is not None for row in cells for cell in row):
        return None

    def words_of(cell: Any, are_struck: bool) -> str:
        """Return the words of a cell; in what is struck out the names are not marked again."""
        is_cell_struck = (are_struck and cell.tag == "td") or sheet.is_struck(cell)
        return struck(words(cell)) if is_cell_struck else words(cell)

    struck_rows = [is_struck or any(map(sheet.is_struck, (row, row.parent))) for _, row in sections]
    read = [
        [_cell(element, words_of(element, are_struck), name == "thead", is_marked) for element in row]
        for (name, _), row, are_struck in zip(sections, cells, struck_rows, strict=True)
    ]
    texts = [[cell.text for cell in row if cell.text] for row in read]
    if not any(len(row) > 1 for row in texts):
        return None
    if any(len(text) > _LONGEST_DATA_CELL for row in texts for text in row):
        return None
    return _laid_out(read, sum(name == "thead" for name, _ in sections))


def captions(table: Any) -> Iterator[Any]:
    """Yield the captions of a table."""
    return (child for child in children(table) if child.tag == "caption")


def _rows(table: Any, sheet: Sheet) -> Iterator[tuple[str, Any]]:
    """Yield the rows of a table with the names of their sections, as a reader sees them: the foot last."""
    foot: list[tuple[str, Any]] = []
    for child in children(table):
        if child.tag == "tr":
            yield "tbody", child
        elif child.tag in _SECTIONS and not sheet.is_hidden(child):
            rows = ((child.tag, row) for row in children(child) if row.tag == "tr")
            if child.tag == "tfoot":
                foot += rows
            else:
                yield from rows
    yield from foot


def _is_marked(table: Any, rows: Sequence[Sequence[Any]]) -> bool:
    """Tell whether a table is marked to hold data: it has names, a caption, or lines around its cells."""
    border = (table.attributes.get("border") or "").strip()
    if border not in ("", "0") or next(captions(table), None) is not None:
        return True
    # One such cell alone may be a heading in a page that is laid out.
    return [cell.tag for row in rows for cell in row].count("th") > 1


def _cell(element: Any, words: str, is_head: bool, is_marked: bool) -> Cell:
    is_name = (element.tag == "th" or is_head) if is_marked else None
    return Cell(words, _span(element, "colspan", 1), _span(element, "rowspan", 0), is_name)


def _span(element: Any, attribute: str, least: int) -> int:
    value = (element.attributes.get(attribute) or "").strip()
    is_number = value.isdecimal() and value.isascii() and len(value) < 6
    return max(least, min(int(value), _MOST_SPANNED[attribute])) if is_number else 1


def _laid_out(read: Sequence[Sequence[Cell]], head_rows: int) -> HtmlTable:
    """Return the rows of a table with what its marks say of names."""
    is_told = any(cell.is_name for row in read for cell in row)
    rows = list(spread(read))
    titles: list[str] = []
    width = max(map(len, rows), default=0)
    while len(rows) > 1 and width > 1 and _is_one_cell(rows[0]):
        titles.append(rows.pop(0)[0].text)
        head_rows = max(0, head_rows - 1)
    if not is_told:
        return HtmlTable(rows, titles, None, None)
    names = max(head_rows, sum(1 for _ in takewhile(_are_names, rows)))
    if names == len(rows):
        # All cells are marked: nothing is told apart.
        return HtmlTable(rows, titles, None, None)
    return HtmlTable(rows, titles, names, _labels(rows, names))


def _is_one_cell(row: Sequence[Cell]) -> bool:
    """Tell whether one cell stands over the whole table."""
    return all(cell is row[0] for cell in row)


def _are_names(row: Sequence[Cell]) -> bool:
    """Tell whether a row names the columns: its cells are names, but for one in the corner."""
    filled = [cell for cell in row if cell.text]
    return len(set(map(id, filled))) > 1 and all(cell.is_name for cell in filled)


def _labels(rows: Sequence[Sequence[Cell]], names: int) -> int:
    """Return how many columns from the left name the rows: those under names of their own do not."""
    below = [row for row in rows[names:] if row and not _is_one_cell(row)]
    if not below:
        return 0
    counts = [sum(1 for _ in takewhile(lambda cell: bool(cell.is_name), row)) for row in below]
    labels = min(counts)
    is_named = any(cell.text for row in rows[:names] for cell in row[:labels])
    return 0 if is_named else labels
