"""Rows of a table as HTML, the cited ones and their cells marked. Pure.

Owns: reading "Column: value; Column: value" back into columns. A cell is a slice of the canonical text, never a copy
from the file, so what is marked is exactly what was cited. Knows nothing about indexes or files.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.types import Block
from ui.views.escape import escape
from ui.views.source_text import SIZE, Window

# Rows shown before the cited one, and in all; of a wide table fewer.
_BEFORE = 8
_ROWS = 40
_CELLS = 4_000
_LONGEST_CAPTION = 500
# Rows beyond the shown ones that are asked for names of columns, and characters on either side.
_ASKED = 40
_ASKED_CHARACTERS = 100_000

# The name of a column, and which of several columns of that name it is.
_Column = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Cell:
    column: _Column
    start: int
    end: int


def table(text: str, blocks: Sequence[Block], start: int, end: int, at: int | None = None) -> Window | None:
    """The rows around ``text[start:end]``, or from ``at`` on; None where the span is in no row, or a row is too long.

    A table is a run of rows; what stands above it (the name of a sheet, a note) is its caption.
    """
    here = bisect_right(blocks, start if at is None else at, key=lambda block: block.start) - 1
    if at is not None or start == end:
        here = _next_row(blocks, max(here, 0))
    if not 0 <= here < len(blocks) or blocks[here].kind != "row":
        return None
    low, high = _asked(blocks, here)
    cells = _cells(text, blocks[low:high])
    columns = _columns(cells)
    rows = max(1, min(_ROWS, _CELLS // max(1, len(columns))))
    first = max(low, here - min(_BEFORE, rows - 1)) if at is None else here
    while first < here and blocks[here].end - blocks[first].start > SIZE // 2:
        first += 1
    last = first + 1
    while last < min(high, first + rows) and (last <= here or blocks[last].end - blocks[first].start <= SIZE):
        last += 1
    if blocks[last - 1].end - blocks[first].start > 2 * SIZE:
        return None
    above = first
    while above > 0 and blocks[above - 1].kind != "row":
        above -= 1
    caption = "\n".join(text[block.start : block.end] for block in blocks[above:first])[-_LONGEST_CAPTION:]
    return Window(
        _html(text, caption, columns, blocks[first:last], cells[first - low : last - low], start, end),
        blocks[above].start,
        blocks[last - 1].end,
        _before(blocks, above, rows),
        blocks[last].start if _next_row(blocks, last) < len(blocks) else None,
    )


def _asked(blocks: Sequence[Block], here: int) -> tuple[int, int]:
    """The run of rows around row ``here`` that columns are read from, as a slice of the blocks."""
    low, high = here, here + 1
    while low > 0 and blocks[low - 1].kind == "row" and here - low < _ROWS + _ASKED:
        if blocks[here].end - blocks[low - 1].start > _ASKED_CHARACTERS:
            break
        low -= 1
    while high < len(blocks) and blocks[high].kind == "row" and high - here < _ROWS + _ASKED:
        if blocks[high].end - blocks[here].start > _ASKED_CHARACTERS:
            break
        high += 1
    return low, high


def _next_row(blocks: Sequence[Block], number: int) -> int:
    while number < len(blocks) and blocks[number].kind != "row":
        number += 1
    return number


def _before(blocks: Sequence[Block], first: int, rows: int) -> int | None:
    """Where the rows before block ``first`` begin; None when there are none."""
    begin = first
    while begin > 0 and blocks[begin - 1].kind == "row" and first - begin < rows:
        begin -= 1
    return blocks[begin].start if begin < first else None


def _cells(text: str, rows: Sequence[Block]) -> list[list[_Cell]]:
    pieces = [_pieces(text, row) for row in rows]
    count = Counter(name for row in pieces for name in {name for name, *_ in row if name})
    names = {name for name, rows_with in count.items() if rows_with >= min(2, len(rows))}
    return [_row_cells(row, names) for row in pieces]


def _pieces(text: str, row: Block) -> list[tuple[str, int, int, int]]:
    """What stands between semicolons: the name it may have, where it starts, where its value does, where it ends."""
    found: list[tuple[str, int, int, int]] = []
    position = row.start
    while position < row.end:
        stop = text.find("; ", position, row.end)
        stop = row.end if stop < 0 else stop
        colon = text.find(": ", position, stop)
        value = position if colon < 0 else colon + 2
        found.append((text[position:colon] if colon >= 0 else "", position, value, stop))
        position = stop + 2
    return found


def _row_cells(pieces: Sequence[tuple[str, int, int, int]], names: set[str]) -> list[_Cell]:
    """Cells of one row. A piece without a column's name goes on with the value before it, which held a semicolon."""
    found: list[_Cell] = []
    seen: Counter[str] = Counter()
    for name, begin, value, stop in pieces:
        if name in names:
            found.append(_Cell((name, seen[name]), value, stop))
            seen[name] += 1
        elif found and names:
            found[-1] = _Cell(found[-1].column, found[-1].start, stop)
        else:
            found.append(_Cell(("", seen[""]), begin, stop))
            seen[""] += 1
    return found


def _columns(rows: Sequence[Sequence[_Cell]]) -> list[_Column]:
    """The columns in the order of the rows; a column that a row is the first to have stands behind its left one."""
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


def _html(
    text: str,
    caption: str,
    columns: Sequence[_Column],
    rows: Sequence[Block],
    cells: Sequence[Sequence[_Cell]],
    start: int,
    end: int,
) -> str:
    head = f"<caption>{escape(caption)}</caption>" if caption else ""
    if any(name for name, _ in columns):
        names = "".join(f'<th scope="col">{escape(name)}</th>' for name, _ in columns)
        head += f"<thead><tr>{names}</tr></thead>"
    body: list[str] = []
    marks = 0
    for row, row_cells in zip(rows, cells, strict=True):
        by_column = {cell.column: cell for cell in row_cells}
        cited = start < end and row.start < end and row.end > start
        shown: list[str] = []
        for column in columns:
            cell = by_column.get(column)
            if cell is None:
                shown.append("<td></td>")
            elif cited and max(cell.start, start) < min(cell.end, end):
                shown.append(f'<td class="cited">{_marked(text, cell, start, end, first=not marks)}</td>')
                marks += 1
            else:
                shown.append(f"<td>{escape(text[cell.start : cell.end])}</td>")
        # A span that holds the name of a column alone is in no cell.
        named = ' id="cited"' if cited and not marks else ""
        marks += bool(named)
        dressed = ' class="cited"' if cited else ""
        body.append(f"<tr{named}{dressed}>{''.join(shown)}</tr>")
    return f'<table class="source-table">{head}<tbody>{"".join(body)}</tbody></table>'


def _marked(text: str, cell: _Cell, start: int, end: int, first: bool) -> str:
    begin, stop = max(cell.start, start), min(cell.end, end)
    name = 'id="cited"' if first else 'class="cited"'
    left, words, right = text[cell.start : begin], text[begin:stop], text[stop : cell.end]
    return f"{escape(left)}<mark {name}>{escape(words)}</mark>{escape(right)}"
