"""Rows of a table as HTML, the cited ones and their cells marked. Pure.

Owns: reading "Column: value; Column: value" back into columns. A cell is a slice of the canonical text, never a copy
from the file, so what is marked is exactly what was cited. Knows nothing about indexes or files.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.types import Block
from ui.views.source_text import SIZE, Window
from ui.views.templates import render

_ROWS_BEFORE = 8
_MOST_ROWS = 40
# Of a wide table fewer rows are shown.
_MOST_CELLS = 4_000
_LONGEST_CAPTION = 500
# Rows beyond the shown ones that are searched for names of columns, and characters on either side.
_SEARCHED_ROWS = 40
_SEARCHED_CHARACTERS = 100_000

# The name of a column, and which of several columns of that name it is.
_Column = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Field:
    """What stands between two semicolons of a row: the name it may have, and offsets of it and of its value."""

    name: str
    start: int
    value: int
    end: int


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a row: ``text[start:end]``."""

    column: _Column
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _ShownCell:
    """A cell as it is shown: its ``cited`` words, those on either side, and whether it has the table's first mark."""

    before: str = ""
    cited: str = ""
    after: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class _ShownRow:
    """A row as it is shown; ``first`` is one that is cited without a mark in a cell, below rows without any."""

    cells: Sequence[_ShownCell]
    cited: bool
    first: bool


def table(text: str, blocks: Sequence[Block], start: int, end: int, at: int | None = None) -> Window | None:
    """Return the rows around ``text[start:end]``, or from ``at`` on.

    A table is a run of rows; what stands above it (the name of a sheet, a note) is its caption.

    Args:
        text: The canonical text of a document.
        blocks: Its blocks, in order.
        start: The first character of the cited span, an offset into ``text``.
        end: The character behind it; the same as ``start`` marks nothing.
        at: Where the rows begin, as ``before`` or ``after`` of another window says.

    Returns:
        The rows; None where the span is in no row, or a row is too long to be shown as one.
    """
    row = bisect_right(blocks, start if at is None else at, key=lambda block: block.start) - 1
    if at is not None or start == end:
        row = _next_row(blocks, max(row, 0))
    if not 0 <= row < len(blocks) or blocks[row].kind != "row":
        return None
    low, high = _searched_rows(blocks, row)
    cells = _cells(text, blocks[low:high])
    columns = _columns(cells)
    most = max(1, min(_MOST_ROWS, _MOST_CELLS // max(1, len(columns))))
    first = max(low, row - min(_ROWS_BEFORE, most - 1)) if at is None else row
    while first < row and blocks[row].end - blocks[first].start > SIZE // 2:
        first += 1
    last = first + 1
    while last < min(high, first + most) and (last <= row or blocks[last].end - blocks[first].start <= SIZE):
        last += 1
    if blocks[last - 1].end - blocks[first].start > 2 * SIZE:
        return None
    above = first
    while above > 0 and blocks[above - 1].kind != "row":
        above -= 1
    html = render(
        "source_table",
        "table",
        caption="\n".join(text[block.start : block.end] for block in blocks[above:first])[-_LONGEST_CAPTION:],
        names=[name for name, _ in columns] if any(name for name, _ in columns) else [],
        rows=list(_shown_rows(text, blocks[first:last], cells[first - low : last - low], columns, start, end)),
    )
    return Window(
        html,
        blocks[above].start,
        blocks[last - 1].end,
        _start_of_rows_before(blocks, above, most),
        blocks[last].start if _next_row(blocks, last) < len(blocks) else None,
    )


def _searched_rows(blocks: Sequence[Block], row: int) -> tuple[int, int]:
    """Return the run of rows around ``blocks[row]`` that columns are read from, as a slice of the blocks."""
    low, high = row, row + 1
    while low > 0 and blocks[low - 1].kind == "row" and row - low < _MOST_ROWS + _SEARCHED_ROWS:
        if blocks[row].end - blocks[low - 1].start > _SEARCHED_CHARACTERS:
            break
        low -= 1
    while high < len(blocks) and blocks[high].kind == "row" and high - row < _MOST_ROWS + _SEARCHED_ROWS:
        if blocks[high].end - blocks[row].start > _SEARCHED_CHARACTERS:
            break
        high += 1
    return low, high


def _next_row(blocks: Sequence[Block], number: int) -> int:
    """Return the number of the first row from a block on, that of no block when there is none."""
    while number < len(blocks) and blocks[number].kind != "row":
        number += 1
    return number


def _start_of_rows_before(blocks: Sequence[Block], first: int, most: int) -> int | None:
    """Return where the rows before block ``first`` begin, at most so many; None when there are none."""
    begin = first
    while begin > 0 and blocks[begin - 1].kind == "row" and first - begin < most:
        begin -= 1
    return blocks[begin].start if begin < first else None


# -- rows to columns ---------------------------------------------------------------------------------------------------


def _cells(text: str, rows: Sequence[Block]) -> list[list[_Cell]]:
    """Return the cells of each row; a column is what several rows have, or what the only row has."""
    fields = [list(_fields(text, row)) for row in rows]
    counts = Counter(name for row in fields for name in {field.name for field in row if field.name})
    names = {name for name, rows_with in counts.items() if rows_with >= min(2, len(rows))}
    return [_row_cells(row, names) for row in fields]


def _fields(text: str, row: Block) -> Iterator[_Field]:
    position = row.start
    while position < row.end:
        stop = text.find("; ", position, row.end)
        stop = row.end if stop < 0 else stop
        colon = text.find(": ", position, stop)
        name, value = ("", position) if colon < 0 else (text[position:colon], colon + 2)
        yield _Field(name, position, value, stop)
        position = stop + 2


def _row_cells(fields: Sequence[_Field], names: set[str]) -> list[_Cell]:
    """Return the cells of a row; a field without a column's name is the rest of a value that has a semicolon."""
    cells: list[_Cell] = []
    seen: Counter[str] = Counter()
    for field in fields:
        if field.name in names:
            cells.append(_Cell((field.name, seen[field.name]), field.value, field.end))
            seen[field.name] += 1
        elif cells and names:
            cells[-1] = _Cell(cells[-1].column, cells[-1].start, field.end)
        else:
            cells.append(_Cell(("", seen[""]), field.start, field.end))
            seen[""] += 1
    return cells


def _columns(rows: Sequence[Sequence[_Cell]]) -> list[_Column]:
    """Return the columns in the order of the rows; one that a row is the first to have stands behind its left one."""
    order: list[_Column] = []
    known: set[_Column] = set()
    for row in rows:
        left: _Column | None = None
        for cell in row:
            if cell.column not in known:
                order.insert(order.index(left) + 1 if left else 0, cell.column)
                known.add(cell.column)
            left = cell.column
    return order


# -- what is shown -----------------------------------------------------------------------------------------------------


def _shown_rows(
    text: str,
    rows: Sequence[Block],
    cells: Sequence[Sequence[_Cell]],
    columns: Sequence[_Column],
    start: int,
    end: int,
) -> Iterator[_ShownRow]:
    """Yield the rows with what is cited in them, and which of the marks is the first of the table."""
    first = True
    for row, row_cells in zip(rows, cells, strict=True):
        by_column = {cell.column: cell for cell in row_cells}
        cited = start < end and row.start < end and row.end > start
        stop = end if cited else start
        shown = [_shown_cell(text, by_column.get(column), start, stop) for column in columns]
        marked = next((number for number, cell in enumerate(shown) if cell.cited), None)
        if first and marked is not None:
            shown[marked] = replace(shown[marked], first=True)
        # A span that holds the name of a column alone is in no cell.
        yield _ShownRow(shown, cited, first=cited and first and marked is None)
        first = first and not cited


def _shown_cell(text: str, cell: _Cell | None, start: int, end: int) -> _ShownCell:
    """Return a cell with what is cited of it; an empty one for a column that the row does not have."""
    if cell is None:
        return _ShownCell()
    begin, stop = max(cell.start, start), min(cell.end, end)
    if begin >= stop:
        return _ShownCell(text[cell.start : cell.end])
    return _ShownCell(text[cell.start : begin], text[begin:stop], text[stop : cell.end])
