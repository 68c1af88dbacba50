"""Read CSV and TSV.

Owns: what stands above the rows, and which rows are no rows of the table. Knows nothing about quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from rag.load.builder import Builder
from rag.load.data.csv_rows import fields, guess_delimiter, split_directive, usual_width
from rag.load.tables import Cell, SheetRow, add_parts
from rag.load.tables.kinds import VALUES, kind_of

# How a field says to spreadsheets that it is text, although it looks like a number: ="007".
_QUOTED = re.compile(r"=\"([^\"]*)\"$")
# So many rows tell how many fields the others have.
_FIRST_ROWS = 100


def read_delimited(text: str, builder: Builder, delimiter: str = "") -> None:
    """Append each row.

    Args:
        text: The canonical text of the file.
        builder: What the rows are appended to.
        delimiter: What stands between two fields; without it, the one that the first line gives, else the one that cuts
            the first lines most evenly.
    """
    given, text = split_directive(text)
    delimiter = given or delimiter or guess_delimiter(text)
    add_parts(builder, _rows(text, delimiter), side_by_side=False)


def _rows(text: str, delimiter: str) -> Iterator[SheetRow]:
    """Yield the rows with words; a comment above them is one field, whatever it holds."""
    first_rows = [row for row in islice(fields(text, delimiter), _FIRST_ROWS) if row]
    comments = _count_comments(first_rows)
    shifted = _shifted_names(first_rows) if delimiter == "\t" else None
    for number, row in enumerate(fields(text, delimiter)):
        if row == shifted:
            row = ["", *row]
            shifted = None
        is_comment = bool(row) and comments > 0
        comments -= is_comment
        texts = [delimiter.join(row)] if is_comment else row
        cells = {at: Cell(_QUOTED.sub(r"\1", text)) for at, text in enumerate(texts) if text.strip()}
        if cells:
            yield SheetRow(number, cells)


def _count_comments(rows: list[list[str]]) -> int:
    """Return how many rows from the top are comments; one as wide as the table, above figures, holds its names."""
    marked = next((at for at, row in enumerate(rows) if not row[0].startswith("#")), len(rows))
    if not marked or marked == len(rows):
        return 0
    usual = usual_width(rows[marked:])
    has_names_below = not any(kind_of(field.strip()) in VALUES for field in rows[marked])
    return marked if has_names_below or len(rows[marked - 1]) != usual else marked - 1


def _shifted_names(rows: list[list[str]]) -> list[str] | None:
    """Return the first row where it has one field less than all others, as R writes rows that have names themselves."""
    if len(rows) < 2 or not all(len(row) == len(rows[0]) + 1 for row in rows[1:]):
        return None
    return rows[0] if all(field.strip() for field in rows[0]) else None
