r"""Find the cells of tables in Markdown: GitHub's form, with MultiMarkdown's spans, several rows of names and captions.

Owns: where the words of a cell stand in a line, and the record of a table. Never changes the text. Pure.

Between two cells stands a bar that is not escaped (``\|``). Where a table has several rows of names, bars without
anything between them make the cell before them span so many columns, as in MultiMarkdown; elsewhere they hold an
empty cell, as on GitHub.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.load.plain_text.line_blocks import LONGEST_MARK, Line
from rag.load.tables import Cell
from rag.load.tables.names import find_names
from rag.types import Table, TableCell

_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)*")
_BAR = re.compile(r"\\.|\|")
_CAPTION = re.compile(
    r"\[([^\[\]]{1,300})\](?:\[[^\[\]]{0,100}\])?[ \t]*$|(?:[Tt]able[ \t]*\d{0,4})?:[ \t]+(\S.{0,500})$"
)
# A table has so many rows of names at the most.
_MOST_NAMES = 3
# Cells of a document whose places are kept; rows by which the layout of a table is told.
MOST_CELLS = 200_000
_FIRST_ROWS = 20
# The longest header of a row, in characters.
_LONGEST_HEADER = 1000

# Where the words of a cell start and end, and how many columns it spans.
_Place = tuple[int, int, int]


def name_rows(lines: Sequence[Line], number: int) -> int:
    """Tell whether a table begins at a line.

    Args:
        lines: The lines of the text.
        number: The number of the line.

    Returns:
        How many rows of names it has, above the line that divides them from the rest; 0 for no table.
    """
    for count in range(1, _MOST_NAMES + 1):
        if number + count >= len(lines) or "|" not in lines[number + count - 1][1]:
            return 0
        if count > 1 and not _is_outer(lines[number][1]):
            # Above the names a line of text may stand.
            return 0
        if _divides(lines[number + count][1], lines[number + count - 1][1]):
            return count
    return 0


def caption_of(content: str) -> str:
    """Return the caption that a line below or above a table is, or ""."""
    match = _CAPTION.match(content.strip()[:LONGEST_MARK])
    return (match.group(1) or match.group(2)).strip() if match else ""


def goes_on(content: str) -> bool:
    """Tell whether a line below a blank one is a further row of the table above it."""
    return _is_outer(content)


def _is_outer(content: str) -> bool:
    return content[_QUOTED.match(content).end() :].startswith("|")  # type: ignore[union-attr]


def _divides(content: str, names: str) -> bool:
    """Tell whether a line is that below the names of a table's columns: ``| --- | :---: |``."""
    mark = content[_QUOTED.match(content).end() :].strip()  # type: ignore[union-attr]
    if "-" not in mark or len(mark) > 10 * LONGEST_MARK or mark.strip("|:-+= \t"):
        return False
    # Below two names, a line without a bar makes a heading of them.
    return "|" in mark or "+" in mark or len(_places((0, names), spans=False)) < 2


def _places(line: Line, spans: bool) -> list[_Place]:
    """Return the place of each cell of a row.

    Args:
        line: The row.
        spans: Whether bars without anything between them make a cell span columns.
    """
    offset, content = line
    start = _QUOTED.match(content).end()  # type: ignore[union-attr]
    end = len(content.rstrip())
    if content[start:end].startswith("|"):
        start += 1
    found: list[_Place] = []
    for match in _BAR.finditer(content, start, end):
        if match.group() == "|":
            _take(found, offset, content, start, match.start(), spans)
            start = match.end()
    if start < end:
        _take(found, offset, content, start, end, spans)
    return found


def _take(found: list[_Place], offset: int, content: str, start: int, end: int, spans: bool) -> None:
    if start == end and spans and found:
        first, last, columns = found[-1]
        found[-1] = first, last, columns + 1
        return
    words = content[start:end]
    first = start + len(words) - len(words.lstrip())
    found.append((offset + first, offset + max(first, start + len(words.rstrip())), 1))


class TableBuilder:
    """Gathers the rows of one table.

    Attributes:
        header: The names of its columns, as a row that does not repeat them carries them.
    """

    def __init__(self, text: str, lines: Sequence[Line], room: int) -> None:
        """Begin below the names.

        Args:
            text: The text.
            lines: The lines with the names.
            room: How many cells may be kept.
        """
        self._text = text
        self._spans = len(lines) > 1
        names = [self._named(line) for line in lines]
        width = max(map(len, names))
        self._names = [row + ("",) * (width - len(row)) for row in names]
        self._rows: list[list[_Place]] = []
        self._room = room
        self._cells = 0
        self._start = self._end = -1
        columns = (" ".join(dict.fromkeys(filter(None, column))) for column in zip(*self._names, strict=True))
        self.header = " | ".join(filter(None, columns))[:_LONGEST_HEADER]

    def add(self, line: Line) -> None:
        """Add a row."""
        row = _places(line, self._spans)
        self._cells += len(row)
        self._rows.append(row if self._cells <= self._room else [])
        content = line[1]
        if self._start < 0:
            self._start = line[0] + len(content) - len(content.lstrip())
        self._end = line[0] + len(content.rstrip())

    def table(self) -> Table | None:
        """Return the table, None for one without a row."""
        if not self._rows:
            return None
        names = tuple(row for row in self._names if any(row))
        labels = 0 if names else self._labels()
        return Table(self._start, self._end, names, tuple(self._placed()), labels)

    def _placed(self) -> list[TableCell]:
        cells = []
        for number, row in enumerate(self._rows):
            column = 0
            for start, end, columns in row:
                if start < end:
                    cells.append(TableCell(start, end, number, column, columns))
                column += columns
        return cells

    def _labels(self) -> int:
        """Return how many columns hold names of what stands beside them, where no row names the columns."""
        return find_names([tuple(map(Cell, self._worded(row))) for row in self._rows[:_FIRST_ROWS]]).labels

    def _worded(self, row: list[_Place]) -> list[str]:
        return [self._text[start:end] for start, end, columns in row for _ in range(columns)]

    def _named(self, line: Line) -> tuple[str, ...]:
        places = _places(line, self._spans)
        return tuple(self._name(start, end) for start, end, columns in places for _ in range(columns))

    def _name(self, start: int, end: int) -> str:
        return " ".join(self._text[start:end].replace("\\|", "|").split())
