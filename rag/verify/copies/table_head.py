"""Rows of a table that a model wrote, read under the head that it wrote above them. Pure.

Owns: telling a row with the names of its columns, and finding a value that stands under another name in its source.
Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rag.notices import Notice
from rag.verify.layout import cells, is_delimiter
from rag.verify.parse.parsed_text import stem_of

_WORD = re.compile(r"[^\W_]+")


def with_names(row: str, head: str) -> str:
    """Return a row with the names of its columns: "item: car; fee: 5 EUR".

    Args:
        row: The row as it was written.
        head: The head of its table; "" for none.

    Returns:
        It; the row itself where the head names other columns than it has.
    """
    values, names = _plain(row), _plain(head)
    if not head or len(values) != len(names):
        return row
    return "; ".join(f"{name}: {value}" if name else value for name, value in zip(names, values, strict=True))


def other_column(row: str, head: str, source: str, source_head: str) -> Notice | None:
    """Find a value of a row that its source has under another name.

    Args:
        row: The row.
        head: The head of its table.
        source: The row of the source.
        source_head: The names of its columns.

    Returns:
        The reason, with the name; None where all names agree, or where one side has none.
    """
    values, names = _plain(row), _plain(head)
    theirs, their_names = _plain(source), _plain(source_head)
    if not head or len(values) != len(names) or len(theirs) != len(their_names):
        return None
    for name, value in zip(names, values, strict=True):
        own = [other for other, there in zip(their_names, theirs, strict=True) if _is_same(value, there)]
        if value and own and not any(_agree(name, other) for other in own):
            return Notice("other-role", {"word": name})
    return None


def rows_with_heads(text: str, above: str = "") -> Iterator[tuple[str, str]]:
    """Yield the rows of the tables of a text, each with the head of its table.

    Args:
        text: The text.
        above: The head of the table that the text begins in; "" for none.

    Yields:
        The row, and the head; "" for none.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if is_delimiter(following):
            above = line
        elif "|" in line and not is_delimiter(line):
            yield line, above


def head_above(text: str) -> str:
    """Return the head of the last table of a text; "" for none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line, following in reversed(list(pairwise(lines))) if is_delimiter(following)), "")


def has_label_of(row: str, other: str) -> bool:
    """Tell whether two rows begin with the same value, which says what they are about.

    Args:
        row: A row.
        other: Another one.

    Returns:
        Whether they do.
    """
    return [value.casefold() for value in _plain(row)[:1]] == [value.casefold() for value in _plain(other)[:1]]


def _plain(row: str) -> list[str]:
    """Return the cells of a row without markup."""
    return [cell.strip(" \t*_`>") for cell in cells(row)] if "|" in row else []


def _is_same(value: str, other: str) -> bool:
    return " ".join(value.split()).casefold() == " ".join(other.split()).casefold()


def _agree(name: str, other: str) -> bool:
    """Return whether two names of columns may name the same: one has all words of the other, or says nothing."""
    own, theirs = (frozenset(map(stem_of, _WORD.findall(words.casefold()))) for words in (name, other))
    return own <= theirs or theirs <= own
