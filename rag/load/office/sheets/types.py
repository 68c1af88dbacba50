"""What a sheet is, whatever file it comes from.

Owns: the record of a sheet, merged cells, and the names of cells. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.load.tables import Area, Cell, SheetRow

# A cell that was merged covers no more columns, and all of a sheet no more places, than these.
_LAST_COLUMN, _MOST_COVERED = 1000, 1_000_000
_MOST_MERGED = 200_000
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?$")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet.

    Attributes:
        title: Its name.
        rows: Its rows with words, from the top. They stream, and are asked for once.
        areas: The tables that the file itself marks.
        comments: The place of each comment, "B3", and its words.
        texts: The words of shapes that lie on the sheet.
    """

    title: str
    rows: Iterable[SheetRow]
    areas: Sequence[Area] = ()
    comments: Sequence[tuple[str, str]] = ()
    texts: Sequence[str] = ()


class Merged:
    """The merged cells of a sheet, which stand in each row and column that they cover."""

    def __init__(self, areas: Iterable[Area]) -> None:
        """Take the areas of merged cells.

        Args:
            areas: The areas, in any order.
        """
        self._begins: dict[int, list[Area]] = {}
        for number, area in enumerate(areas):
            if number < _MOST_MERGED and area.top <= area.bottom and area.left <= area.right < 1 << 20:
                self._begins.setdefault(area.top, []).append(area)
        self._tops = sorted(self._begins, reverse=True)
        self._open: list[tuple[Area, Cell]] = []
        self._room = _MOST_COVERED

    def cover(self, number: int, cells: dict[int, Cell]) -> None:
        """Put the merged cells that cover a row into it; rows come from the top.

        Args:
            number: The row, from 0.
            cells: Its own cells by column.
        """
        self._open = [(area, cell) for area, cell in self._open if area.bottom >= number]
        while self._tops and self._tops[-1] <= number:
            top = self._tops.pop()
            if top == number:
                self._open += [(area, cells[area.left]) for area in self._begins[top] if area.left in cells]
        for area, cell in self._open:
            last = min(area.right, max(area.left, _LAST_COLUMN))
            self._room -= last - area.left + 1
            if self._room >= 0:
                cells.update(dict.fromkeys(range(area.left, last + 1), cell))


def column_number(letters: str) -> int:
    """Return the number of a column, from 0: "A" is 0, "AA" 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, "B3".

    Args:
        row: Its row, from 0.
        column: Its column, from 0.

    Returns:
        The letters of the column and the number of the row.
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def area_of(reference: str, names: int = 1) -> Area | None:
    """Return the area that a reference such as "A3:C5" names; None where it names none.

    Args:
        reference: The reference.
        names: How many of its rows are names.

    Returns:
        The area.
    """
    match = _REFERENCE.match(reference)
    if not match:
        return None
    top, left = int(match[2]) - 1, column_number(match[1])
    return Area(top, left, int(match[4] or match[2]) - 1, column_number(match[3] or match[1]), names)
