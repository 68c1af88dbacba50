"""Read a table row by the signs between its cells, for rows without a record: "| Dog | $40 |", "Dog; fee: $40".

Owns: what of a line is a label, a name or a value. The row says its names itself ("Fee: $40"), or the names of its
columns stand beside it. Knows nothing about what a value means. Pure.

A row whose values and columns do not match in number has values without columns: better none than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.text import STOPWORDS, trim

# Two spaces or more between two cells of a row that was read by the gaps between them.
_GAP = re.compile(r"[^\S\n]{2,}")
# "| a | b |": a bar that is not escaped.
_BAR = re.compile(r"(?<!\\)\|")
_SEMICOLON = re.compile(r";\s")
# "Fee: $40"; a time of day or an address has no space behind the colon.
_NAMED = re.compile(r"(?P<name>[^:;]{1,120}?):\s+(?=\S)")
# The longest label of a line such as "Fee: $40", in characters.
_LONGEST_LABEL = 80
# What has more words before a full stop is a sentence.
_WORDS_BEFORE_FULL_STOP = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell ``quote[start:end]`` of a row; ``name`` is that of its column, "" where it is not known."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A row: what it is about, what its labels are of, and its cells.

    Attributes:
        label: What names the row.
        section: The label above the row, or of the labels' own column; "" for none.
        labels: The cells that the label is read from; none of a row that is a name and a value only.
        values: The cells behind the label.
    """

    label: str
    section: str
    labels: tuple[Piece, ...]
    values: tuple[Piece, ...]


def read_written(quote: str, header: str = "") -> WrittenRow | None:
    """Read a row.

    Args:
        quote: Its words.
        header: The names of its columns, " | " between two of them; "" where it says them itself.

    Returns:
        The row; None where the words are none.
    """
    separator = _BAR if quote.startswith("|") else _GAP
    pieces = _pieces(quote, separator)
    if len(pieces) == 1 and separator is _GAP:
        pieces = [_named(quote, piece) for piece in _pieces(quote, _SEMICOLON)]
        without_name = sum(not piece.name for piece in pieces)
        if len(pieces) == 1:
            return _single(quote, pieces[0])
        if without_name > 1:
            return None
    if len(pieces) < 2:
        return None
    first, values = pieces[0], pieces[1:]
    section, columns = _columns(header, len(values))
    named = [piece if piece.name else replace(piece, name=name) for piece, name in zip(values, columns, strict=True)]
    label = first if first.name else replace(first, name=section)
    return WrittenRow(quote[first.start : first.end], section, (label,), tuple(named))


def _single(quote: str, piece: Piece) -> WrittenRow | None:
    """Return "Fee: $40" alone as a row, whose name is the label; "Fee: $40." too, and "The fee is: $40." is none."""
    value = quote[piece.start : piece.end]
    is_name = not STOPWORDS.intersection(piece.name.lower().split())
    is_short = is_name and value.endswith(".") and len(value.split()) <= _WORDS_BEFORE_FULL_STOP
    if 0 < len(piece.name) <= _LONGEST_LABEL and (is_short or not value.endswith((".", "?", "!"))):
        return WrittenRow(piece.name, "", (), (replace(piece, name="", end=piece.end - is_short),))
    return None


def _pieces(text: str, separator: re.Pattern[str]) -> list[Piece]:
    """Return the parts between separators without white space at their ends; the empty ones are left out."""
    ends = [(match.start(), match.end()) for match in separator.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    spans = (trim(text, start, end) for start, (end, _) in zip(starts, [*ends, (len(text), 0)], strict=True))
    return [Piece("", start, end) for start, end in spans if start < end]


def _named(text: str, piece: Piece) -> Piece:
    """Return a piece such as "Fee: $40" as the value behind its name; any other as it is."""
    match = _NAMED.match(text, piece.start, piece.end)
    return Piece(match["name"], match.end(), piece.end) if match else piece


def _columns(header: str, count: int) -> tuple[str, Sequence[str]]:
    """Return the label of the section, or of the labels' own column, and the names of the values' columns."""
    names = [name.strip() for name in header.split(" | ")] if header else []
    if len(names) == count:
        return "", names
    if len(names) == count + 1:
        return names[0], names[1:]
    return "", [""] * count
