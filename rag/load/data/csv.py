"""Read CSV and TSV.

Owns: the guess of the delimiter and what happens to a quote that never closes. Knows nothing about other tables.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from rag.load.builder import Builder
from rag.load.tables import add_table, text_rows

# The part of a text, in characters, that the delimiter is guessed from.
_SAMPLE = 16_384
_DELIMITERS = ",;\t|"
# The module's own limit is 128 kB; a field may be as long as a file.
_LONGEST_FIELD = 1_000_000


def read_delimited(text: str, builder: Builder, delimiter: str = "") -> None:
    """Append each row.

    Args:
        text: The canonical text of the file.
        builder: What the rows are appended to.
        delimiter: What stands between two fields; without it, the one is taken that cuts the first lines most evenly.
    """
    delimiter = delimiter or guess_delimiter(text[:_SAMPLE])
    quoting = csv.QUOTE_NONE if _has_open_quote(text, delimiter) else csv.QUOTE_MINIMAL
    add_table(builder, text_rows(_rows(text, delimiter, quoting)), is_sheet=True)


def guess_delimiter(sample: str) -> str:
    """Return the delimiter that cuts most lines into the same number of fields, more than one; a comma in doubt.

    Not ``csv.Sniffer``: it takes letters for delimiters and its expressions are quadratic.
    """
    best, best_score = ",", 0.0
    lines = sample.split("\n")
    # The last line of a sample may be cut off.
    lines = lines[:-1] if len(lines) > 1 else lines
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in _rows("\n".join(lines), delimiter, csv.QUOTE_MINIMAL) if row]
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        score = widths.count(usual) / len(widths) if usual > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _rows(text: str, delimiter: str, quoting: int) -> Iterator[list[str]]:
    csv.field_size_limit(max(_LONGEST_FIELD, len(text)))
    return csv.reader(text.splitlines(keepends=True), delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]


def _has_open_quote(text: str, delimiter: str) -> bool:
    """Tell whether a quoted field runs to the end of the file; read so, it would swallow all the rows below it."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    csv.field_size_limit(max(_LONGEST_FIELD, len(text)))
    try:
        for _ in reader:
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
