"""Table rows as text: "Column: value; Column: value".

Owns: how a row reads, and which row names the columns. Knows nothing about where the cells come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from rag.load.builder import Builder

_NUMBER = re.compile(r"[-+(]?\s*[$€£¥]?\s*[-+]?\d[\d.,\s'’]{0,40}\s*(?:%|[kKmM]|bn)?\)?$")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_HEADER_SEARCH = 20
_LONG_NAME = 120

Row = Sequence[str]


def add_table(builder: Builder, rows: Iterable[Row], headed: bool = False) -> None:
    """Append a table, a block a row. ``headed`` says that the first row is known to name the columns.

    Lines above the row of column names (a table's own title, a note) become paragraphs. Rows stream: only the first
    few are held.
    """
    stream = (row for row in (tuple(map(_flat, row)) for row in rows) if any(row))
    first = list(islice(stream, _HEADER_SEARCH))
    position = 0 if headed and first else header_row(first)
    names: Row = first[position] if position >= 0 else ()
    for row in first[: max(position, 0)]:
        builder.add("paragraph", "; ".join(filter(None, row)))
    if names:
        # Without a row below, the names are all that the table says.
        rest = chain(first[position + 1 :], stream)
        if not _add_rows(builder, rest, names):
            builder.add("row", "; ".join(filter(None, names)))
    else:
        _add_rows(builder, chain(first, stream), ())


def _add_rows(builder: Builder, rows: Iterable[Row], names: Row) -> int:
    count = 0
    for row in rows:
        if row != names:
            builder.add("row", render(row, names))
            count += 1
    return count


def render(row: Row, names: Row) -> str:
    """One row as text; a pair with an empty value is left out, a value without a name stands alone."""
    pairs = []
    for number, value in enumerate(row):
        if value:
            name = names[number] if number < len(names) else ""
            pairs.append(f"{name}: {value}" if name and name != value else value)
    return "; ".join(pairs)


def header_row(rows: Sequence[Row]) -> int:
    """The number of the row that names the columns, or -1.

    It is the first row as wide as the table whose cells are distinct short words, without a number or a date.
    """
    if len(rows) < 2:
        return -1
    width = max(sum(map(bool, row)) for row in rows)
    if width < 2:
        return -1
    for number, row in enumerate(rows[:-1]):
        cells = [cell for cell in row if cell]
        if len(cells) < max(2, 0.6 * width):
            # A title or a note above the table.
            continue
        words = all(len(cell) <= _LONG_NAME and not is_value(cell) for cell in cells)
        return number if words and len(set(cells)) == len(cells) else -1
    return -1


def is_value(cell: str) -> bool:
    """Whether a cell holds a number or a date, which no column is named after; a bare year may be one."""
    if len(cell) == 4 and cell.isdecimal() and "1900" <= cell <= "2100":
        return False
    return bool(len(cell) <= 60 and (_NUMBER.match(cell) or _DATE.match(cell)))


def _flat(cell: str) -> str:
    return " ".join(cell.split())
