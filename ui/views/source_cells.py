"""Rows of a document's text read back into cells. Pure.

Owns: which words of a row stand in which column: by the record that the reader kept, by the names before the values,
or by the bars of Markdown. A cell is a slice of the canonical text, never a copy from the file. Knows nothing about
how a table looks.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from rag.types import Block, Table

# Rows without a record on either side that are searched for names of columns, and characters.
_SEARCHED_ROWS = 150
_SEARCHED_CHARACTERS = 100_000
# How far above a table its caption may stand in the text.
_CAPTION_REACH = 600
_BAR = re.compile(r"\\.|\|")
_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"[; ]*")

# The name of a column, and which of several columns of that name it is.
_Column = tuple[str, int]


class RowCell(NamedTuple):
    """A cell of a row, ``text[start:end]``, and its place among the columns."""

    start: int
    end: int
    column: int
    columns: int = 1
    is_label: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its block and its cells; none for words that stand across the table, such as the label of a section."""

    block: Block
    cells: Sequence[RowCell]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table, one after the other.

    Attributes:
        key: Where the table begins in the text: rows of one key belong together.
        names: The rows of names above the columns.
        rows: The rows.
        width: How many columns there are.
        caption: What is said of the whole table.
        name_rows: How many rows from the top are names that stand in the text themselves, as in Markdown.
        columns: The column of the file that each column is, from 0; none where that is not known.
    """

    key: int
    names: Sequence[Sequence[str]]
    rows: Sequence[Row]
    width: int
    caption: str = ""
    name_rows: Sequence[Row] = field(default=())
    columns: Sequence[int] = ()


class Cells:
    """The tables of one document."""

    def __init__(self, text: str, blocks: Sequence[Block], tables: Sequence[Table], markdown: bool = False) -> None:
        """Take what is known of a document.

        Args:
            text: Its canonical text.
            blocks: Its blocks, in order.
            tables: The records of its tables.
            markdown: Whether bars divide the cells.
        """
        self._text, self._blocks, self._tables, self._markdown = text, blocks, tables, markdown

    def rows(self, first: int, last: int) -> Iterator[Rows]:
        """Yield the tables of ``blocks[first:last]``, which are rows, cut where one table ends."""
        while first < last:
            block = self._blocks[first]
            if self._markdown and "|" in self._text[block.start : block.end]:
                stop = self._markdown_end(first, last)
                yield self._of_markdown(first, stop)
            else:
                table = self._table_of(self._blocks[first])
                stop = self._end_of(table, first, last)
                yield self._recorded(table, first, stop) if table else self._named(first, stop)
            first = stop

    # -- by the record --

    def _table_of(self, block: Block) -> Table | None:
        at = bisect_right(self._tables, block.start, key=lambda table: table.start) - 1
        return self._tables[at] if at >= 0 and block.end <= self._tables[at].end else None

    def _end_of(self, table: Table | None, first: int, last: int) -> int:
        """Return the block behind the rows of a table, or behind those without a record."""
        stop = first + 1
        while stop < last and self._table_of(self._blocks[stop]) is table:
            stop += 1
        return stop

    def _recorded(self, table: Table, first: int, last: int) -> Rows:
        width = max(
            (*(len(names) for names in table.names), *(cell.column + cell.columns for cell in table.cells[:400])),
            default=1,
        )
        kept = table.cells[-1].start if table.cells else -1
        said = {word for names in table.names for name in names for word in _WORD.findall(name)}
        above = bisect_left(self._blocks, table.start, key=lambda block: block.start)
        numbers = self._numbers(table, above)
        rows = []
        for at in range(first, last):
            block = self._blocks[at]
            low = bisect_left(table.cells, block.start, key=lambda cell: cell.start)
            high = bisect_left(table.cells, block.end, key=lambda cell: cell.start)
            cells = [
                RowCell(cell.start, cell.end, cell.column, cell.columns, cell.column < table.labels)
                for cell in table.cells[low:high]
            ]
            if not cells and block.start > kept and table.names:
                # The record of a very large table ends somewhere; its rows go on as they began.
                cells = self._by_names(block, table)
            number = numbers.of(at - above) if numbers else at - above + 1
            rows.append(Row(block, self._whole(block, cells, said), number))
            width = max(width, *(cell.column + cell.columns for cell in cells), 1)
        around = self._text[max(0, table.start - _CAPTION_REACH) : table.start]
        caption = "" if table.caption in around or first > above else table.caption
        columns = table.sheet_columns if numbers else ()
        return Rows(table.start, table.names, rows, width, caption, columns=columns)

    def _numbers(self, table: Table, above: int) -> _SheetRows | None:
        """Return the rows of the sheet that the blocks of a table are; None where that is not known of each."""
        below = bisect_left(self._blocks, table.end, key=lambda block: block.start)
        known = _SheetRows(table.sheet_rows)
        return known if known.count == below - above else None

    def _whole(self, block: Block, cells: Sequence[RowCell], said: set[str]) -> list[RowCell]:
        """Return the cells of a row so that no word is lost: what is no name in the heading stays before a value."""
        whole: list[RowCell] = []
        end = block.start
        for cell in cells:
            words = set(_WORD.findall(self._text[end : cell.start]))
            labels = {word for label in whole if label.is_label for word in self._words(label)}
            start = cell.start if words <= said | labels else end + len(_BETWEEN.match(self._text, end).group())  # type: ignore[union-attr]
            whole.append(cell._replace(start=start))
            end = cell.end
        if whole and self._text[end : block.end].strip():
            whole[-1] = whole[-1]._replace(end=block.end)
        return whole

    def _words(self, cell: RowCell) -> list[str]:
        return _WORD.findall(self._text[cell.start : cell.end])

    def _by_names(self, block: Block, table: Table) -> list[RowCell]:
        """Return the cells of a row by the names before them; the same name twice is that of the next column."""
        columns: dict[str, list[int]] = {}
        for column in range(max(map(len, table.names))):
            columns.setdefault(table.column_name(column), []).append(column)
        found: list[RowCell] = []
        for part in _fields(self._text, block):
            free = [column for column in columns.get(part.name, ()) if not found or column > found[-1].column]
            if free:
                found.append(RowCell(part.value, part.end, free[0]))
            elif found:
                found[-1] = found[-1]._replace(end=part.end)
            else:
                found.append(RowCell(part.start, part.end, 0))
        return found

    # -- by the names in the rows --

    def _named(self, first: int, last: int) -> Rows:
        """Return rows without a record: a column is what several of them, or the only one, have a name for."""
        low, high = self._run(first, last)
        fields = [list(_fields(self._text, block)) for block in self._blocks[low:high]]
        counts = Counter(name for row in fields for name in {part.name for part in row if part.name})
        names = {name for name, rows_with in counts.items() if rows_with >= min(2, len(fields))}
        cells = [_row_cells(row, names) for row in fields]
        columns = _columns(cells)
        places = {column: at for at, column in enumerate(columns)}
        rows = [
            Row(
                self._blocks[at],
                [RowCell(start, end, places[column]) for column, start, end in cells[at - low]],
                at - low + 1,
            )
            for at in range(first, last)
        ]
        heads = [[name for name, _ in columns]] if any(name for name, _ in columns) else []
        return Rows(self._blocks[low].start, heads, rows, max(1, len(columns)))

    def _run(self, first: int, last: int) -> tuple[int, int]:
        """Return the rows without a record around some, as a slice of the blocks, that columns are read from."""
        low, high = first, last
        while low > 0 and first - low < _SEARCHED_ROWS and self._is_unrecorded(self._blocks[low - 1]):
            if self._blocks[first].end - self._blocks[low - 1].start > _SEARCHED_CHARACTERS:
                break
            low -= 1
        while high < len(self._blocks) and high - last < _SEARCHED_ROWS and self._is_unrecorded(self._blocks[high]):
            if self._blocks[high].end - self._blocks[first].start > _SEARCHED_CHARACTERS:
                break
            high += 1
        return low, high

    def _is_unrecorded(self, block: Block) -> bool:
        return block.kind == "row" and self._table_of(block) is None

    # -- by bars --

    def _markdown_end(self, first: int, last: int) -> int:
        """Return the block behind the rows of a table: the next one begins with names."""
        stop = first + 1
        while stop < last and not self._has_names(self._blocks[stop]):
            stop += 1
        return stop

    def _has_names(self, block: Block) -> bool:
        """Tell whether a block is the names of a table with the line below them."""
        return not block.header and "\n" in self._text[block.start : block.end]

    def _of_markdown(self, first: int, last: int) -> Rows:
        begin = first
        while begin > 0 and not self._has_names(self._blocks[begin]) and self._blocks[begin - 1].kind == "row":
            begin -= 1
        head = self._blocks[begin]
        has_names = self._has_names(head)
        lines = list(_lines(self._text, head.start, head.end))[:-1] if has_names else []
        spans = len(lines) > 1
        naming = [Row(Block(*line, "row"), _bar_cells(self._text, *line, spans)) for line in lines]
        rows = [
            Row(block, _bar_cells(self._text, block.start, block.end, spans), at - begin + (not has_names))
            for at, block in enumerate(self._blocks[first:last], first)
            if at > begin or not has_names
        ]
        ends = [cell.column + cell.columns for row in (*naming, *rows) for cell in row.cells]
        names = [[self._text[cell.start : cell.end] for cell in row.cells] for row in naming]
        # Its caption stands in the text itself.
        # Names are words of the text where the table begins, and repeated above a part of it.
        return Rows(head.start, names, rows, max(ends, default=1), "", naming if begin == first else ())


class _SheetRows:
    """The rows of a sheet that blocks were read from, by the place of each block."""

    def __init__(self, runs: Sequence[tuple[int, int]]) -> None:
        self._runs = runs
        self._begins = [0, *accumulate(count for _, count in runs)]
        self.count = self._begins[-1]

    def of(self, at: int) -> int:
        """Return the number of the row of a block, from 1; 0 for a block of no row."""
        run = bisect_right(self._begins, at) - 1
        first = self._runs[run][0]
        return first + at - self._begins[run] if first else 0


class _Field(NamedTuple):
    """What stands between two semicolons of a row: the name it may have, and offsets of it and of its value."""

    name: str
    start: int
    value: int
    end: int


def _fields(text: str, row: Block) -> Iterator[_Field]:
    position = row.start
    while position < row.end:
        stop = text.find("; ", position, row.end)
        stop = row.end if stop < 0 else stop
        colon = text.find(": ", position, stop)
        name, value = ("", position) if colon < 0 else (text[position:colon], colon + 2)
        yield _Field(name, position, value, stop)
        position = stop + 2


def _row_cells(fields: Sequence[_Field], names: set[str]) -> list[tuple[_Column, int, int]]:
    """Return the cells of a row; a field without a column's name is the rest of a value that has a semicolon."""
    cells: list[tuple[_Column, int, int]] = []
    seen: Counter[str] = Counter()
    for part in fields:
        if part.name in names:
            cells.append(((part.name, seen[part.name]), part.value, part.end))
            seen[part.name] += 1
        elif cells and names:
            cells[-1] = (*cells[-1][:2], part.end)
        else:
            cells.append((("", seen[""]), part.start, part.end))
            seen[""] += 1
    return cells


def _columns(rows: Sequence[Sequence[tuple[_Column, int, int]]]) -> list[_Column]:
    """Return the columns in the order of the rows; one that a row is the first to have stands behind its left one."""
    order: list[_Column] = []
    known: set[_Column] = set()
    for row in rows:
        left: _Column | None = None
        for column, _, _ in row:
            if column not in known:
                order.insert(order.index(left) + 1 if left else 0, column)
                known.add(column)
            left = column
    return order


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends."""
    while start <= end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _bar_cells(text: str, start: int, end: int, spans: bool) -> list[RowCell]:
    """Return the cells between the bars of a row; with ``spans`` bars with nothing between them widen a cell."""
    while start < end and text[start] in "> \t":
        start += 1
    start += text.startswith("|", start, end)
    bars = [match.start() for match in _BAR.finditer(text, start, end) if match[0] == "|"]
    cells: list[RowCell] = []
    for stop in (*bars, *([end] if not bars or text[bars[-1] + 1 : end].strip() else [])):
        words = text[start:stop]
        column = cells[-1].column + cells[-1].columns if cells else 0
        if not words and spans and cells:
            cells[-1] = cells[-1]._replace(columns=cells[-1].columns + 1)
        else:
            begin = start + len(words) - len(words.lstrip())
            cells.append(RowCell(begin, max(begin, start + len(words.rstrip())), column))
        start = stop + 1
    return cells
