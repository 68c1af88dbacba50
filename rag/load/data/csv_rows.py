"""Cut a text of delimited values into rows of fields.

Owns: quotes, also those that never close, and the guess of the delimiter. Pure, and linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# The part of a text, in characters, that the delimiter is guessed from.
_SAMPLE = 16_384
# In doubt the later one: a comma may part the decimals of a number, and a semicolon words of a sentence.
_DELIMITERS = ",;|\t"
_DIRECTIVE = re.compile(r'"?sep=(.)"?\n', re.IGNORECASE)


def split_directive(text: str) -> tuple[str, str]:
    """Return the delimiter that the first line gives, "sep=;" for Excel, and the text below; "" where it gives none."""
    match = _DIRECTIVE.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def guess_delimiter(text: str) -> str:
    """Return the delimiter that cuts most lines into the same number of fields, more than one; a comma in doubt.

    Not ``csv.Sniffer``: it takes letters for delimiters and its expressions are quadratic.
    """
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE and "\n" in sample:
        # The last line of a sample is cut off.
        sample = sample[: sample.rindex("\n")]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        rows = [row for row in fields(sample, delimiter) if row and not row[0].startswith("#")]
        usual = usual_width(rows)
        score = sum(len(row) == usual for row in rows) / len(rows) if usual > 1 else 0.0
        if score and score >= best_score:
            best, best_score = delimiter, score
    return best


def usual_width(rows: list[list[str]]) -> int:
    """Return how many fields most rows have; 0 without rows."""
    widths = [len(row) for row in rows]
    return max(set(widths), key=lambda width: (widths.count(width), width), default=0)


def fields(text: str, delimiter: str) -> Iterator[list[str]]:
    r"""Yield the fields of each row; an empty line is a row of none.

    Only ``\n`` ends a row: other characters that some call line breaks are part of a field. A quote opens a field that
    may hold delimiters, line breaks and doubled quotes; a quote before a delimiter or the end of a line closes it. One
    that nothing closes is a character like any other.

    Args:
        text: The text, with newlines ``\n``.
        delimiter: The character between two fields.

    Yields:
        The fields of each row.
    """
    reader = _Reader(text, delimiter)
    position = 0
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if '"' in text[position:end]:
            row, end = reader.quoted_row(position)
        else:
            row = text[position:end].split(delimiter) if end > position else []
        yield row
        position = end + 1


class _Reader:
    """Reads rows with quotes."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._text, self._delimiter = text, delimiter
        # Behind this place no quote closes a field.
        self._last_close = len(text)

    def quoted_row(self, position: int) -> tuple[list[str], int]:
        """Return the fields of a row that begins at a place, and where it ends."""
        text, delimiter = self._text, self._delimiter
        row: list[str] = []
        while True:
            begin = position
            while delimiter != " " and text.startswith(" ", begin):
                begin += 1
            if text.startswith('"', begin) and (close := self._close(begin + 1)) >= 0:
                row.append(text[begin + 1 : close].replace('""', '"'))
                position = self._field_end(close + 1)
            else:
                end = self._field_end(position)
                row.append(text[position:end])
                position = end
            if position >= len(text) or text[position] == "\n":
                return row, position
            position += 1

    def _close(self, position: int) -> int:
        """Return where the quote stands that closes a field; -1 where none does."""
        if position > self._last_close:
            return -1
        begin = position
        text = self._text
        while (position := text.find('"', position)) >= 0:
            if text.startswith('"', position + 1):
                position += 2
                continue
            after = position + 1
            while self._delimiter != " " and text.startswith(" ", after):
                after += 1
            if after >= len(text) or text[after] in (self._delimiter, "\n"):
                return position
            position += 1
        self._last_close = begin - 1
        return -1

    def _field_end(self, position: int) -> int:
        """Return where the field ends that goes on at a place."""
        end = self._text.find("\n", position)
        end = len(self._text) if end < 0 else end
        cut = self._text.find(self._delimiter, position, end)
        return end if cut < 0 else cut
