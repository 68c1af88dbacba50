"""Write table rows as text: "Column: value; Column: value".

Owns: how a row reads, and which row names the columns. Knows nothing about where the cells come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from rag.load.builder import Builder

_NUMBER = re.compile(r"[-+(]?\s*[$€£¥]?\s*[-+]?\d[\d.,\s'’]{0,40}\s*(?:%|[kKmM]|bn)?\)?$")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
# The names of the columns are looked for in so many rows.
_HEADER_SEARCH = 20
# Longer texts, in characters, are no name of a column, and no number or date.
_LONGEST_NAME, _LONGEST_VALUE = 120, 60
# A row of names fills at least this share of the widest row's cells.
_FULL_ROW = 0.6

Row = Sequence[str]


def add_table(builder: Builder, rows: Iterable[Row], headed: bool = False) -> None:
    """Append a table, a block a row.

    Rows above that of the column names (a table's own title, a note) become paragraphs. Rows stream: only the first
    few are held.

    Args:
        builder: What the rows are appended to.
        rows: The texts of each row's cells; empty rows are left out.
        headed: Whether the first row is known to name the columns; else that row is looked for.
    """
    stream = (row for row in (tuple(map(_on_one_line, row)) for row in rows) if any(row))
    first_rows = list(islice(stream, _HEADER_SEARCH))
    number = 0 if headed and first_rows else _header_row(first_rows)
    names: Row = first_rows[number] if number >= 0 else ()
    for row in first_rows[: max(number, 0)]:
        builder.add("paragraph", "; ".join(filter(None, row)))
    if names:
        # Without a row below, the names are all that the table says.
        rest = chain(first_rows[number + 1 :], stream)
        if not _add_rows(builder, rest, names):
            builder.add("row", "; ".join(filter(None, names)))
    else:
        _add_rows(builder, chain(first_rows, stream), ())


def _add_rows(builder: Builder, rows: Iterable[Row], names: Row) -> int:
    """Append rows, but for those that say the names again; return how many were appended."""
    count = 0
    for row in rows:
        if row != names:
            builder.add("row", _row_text(row, names))
            count += 1
    return count


def _row_text(row: Row, names: Row) -> str:
    """Return one row as text; a pair with an empty value is left out, a value without a name stands alone."""
    pairs = []
    for number, value in enumerate(row):
        if value:
            name = names[number] if number < len(names) else ""
            pairs.append(f"{name}: {value}" if name and name != value else value)
    return "; ".join(pairs)


def _header_row(rows: Sequence[Row]) -> int:
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


def _on_one_line(cell: str) -> str:
    return " ".join(cell.split())
