"""Tell which rows name the columns of a table, and which columns name its rows.

Owns: what a name looks like beside a value. Knows nothing about formats or how a row is written. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load.tables.grid import Cell

_NUMBER = re.compile(r"[-+(]?\s*[$€£¥]?\s*[-+]?\d[\d.,\s'’]{0,40}\s*(?:%|[kKmM]|bn)?\)?$")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
# Longer texts, in characters, are no name of a column, and no number or date.
_LONGEST_NAME, _LONGEST_VALUE = 120, 60
# A row of names fills at least this share of the widest row's cells.
_FULL_ROW = 0.6


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the names of a table stand.

    Attributes:
        notes: How many rows from the top say something of the whole table: its title, a note.
        names: How many rows below those name the columns.
        labels: How many columns from the left hold the names of what stands beside them.
    """

    notes: int = 0
    names: int = 0
    labels: int = 0


def find_names(rows: Sequence[Sequence[Cell]], *, is_sheet: bool = False) -> Layout:
    """Return where the names of a table stand.

    Args:
        rows: Its first rows, laid out, without those that are empty.
        is_sheet: Whether it is a sheet or a CSV, whose first row names the columns where it could be either.

    Returns:
        The layout; all zeros for a table without names.
    """
    texts = [[" ".join(cell.text.split()) for cell in row] for row in rows]
    is_pair = not is_sheet and max(map(len, texts), default=0) == 2
    if is_pair and not any(_is_value(row[-1]) for row in texts[1:]):
        return Layout(labels=1)
    number = _header_row(texts)
    return Layout(notes=number, names=1) if number >= 0 else Layout()


def _header_row(rows: Sequence[Sequence[str]]) -> int:
    """Return the number of the row that names the columns, or -1.

    It is the first row as wide as the table whose cells are distinct short words, without a number or a date.
    """
    if len(rows) < 2:
        return -1
    width = max(sum(map(bool, row)) for row in rows)
    if width < 2:
        return -1
    for number, row in enumerate(rows[:-1]):
        cells = [cell for cell in row if cell]
        if len(cells) < max(2, _FULL_ROW * width):
            # A title or a note above the table.
            continue
        are_names = all(len(cell) <= _LONGEST_NAME and not _is_value(cell) for cell in cells)
        return number if are_names and len(set(cells)) == len(cells) else -1
    return -1


def _is_value(cell: str) -> bool:
    """Tell whether a cell holds a number or a date, which no column is named after; a bare year may be one."""
    if len(cell) == 4 and cell.isdecimal() and "1900" <= cell <= "2100":
        return False
    return bool(len(cell) <= _LONGEST_VALUE and (_NUMBER.match(cell) or _DATE.match(cell)))
