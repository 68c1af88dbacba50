"""Tell what looks like a table and is none: tables of contents, signatures, and text in columns.

Owns: what tells them from tables. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.load.pdf.tables.pieces import is_figure
from rag.load.pdf.tables.regions import VisualLine
from rag.load.pdf.types import GridRow, Piece

# Two columns of cells longer than this, in characters, are prose.
_PROSE_CHARACTERS = 34
# Two columns whose first holds ends of sentences, or begins with small letters and is longer than this, are, too.
_LABEL_CHARACTERS = 20
_SIGNED = re.compile(r"by:(?:$|\s?(?:/s/|_{2}))", re.I)
_CONTENTS_ENTRY = re.compile(r"(?:\d|[IVX]+\b|(?:item|chapter|part|section|appendix|annex|note)\b)", re.I)


def is_contents(region: Sequence[VisualLine]) -> bool:
    """Tell whether lines are entries of a table of contents: titles with the ascending numbers of their pages.

    Args:
        region: Lines that look like the rows of a table.

    Returns:
        True for entries that begin with numbers or words such as "Item"; some may lack the page.
    """
    entries = [line for line in region if len(line) > 1]
    numbers = [int(line[-1].text) for line in entries if line[-1].text.isdecimal() and len(line[-1].text) < 5]
    named = sum(_CONTENTS_ENTRY.match(line[0].text) is not None and _has_words(line[:-1]) for line in entries)
    has_few_cells = all(len(line) <= 3 for line in entries)
    return has_few_cells and numbers == sorted(numbers) and 2 * min(len(numbers), named) >= len(entries)


def is_signature(region: Sequence[VisualLine]) -> bool:
    """Tell whether lines are signed: "By:" stands before a name, or before room for one."""
    return any(_SIGNED.match(piece.text) for line in region for piece in line)


def _has_words(pieces: Sequence[Piece]) -> bool:
    return any(character.isalpha() for piece in pieces for character in piece.text)


def is_prose(rows: Sequence[GridRow]) -> bool:
    """Tell whether rows are columns of running text: long cells beside each other, or sentences that go on below.

    Args:
        rows: Rows of a table without names, with their words.

    Returns:
        False for rows with figures, unless most have two long cells.
    """
    texts = [[cell.text for cell in row] for row in rows]
    long_rows = sum(sum(len(text) > _PROSE_CHARACTERS for text in row) > 1 for row in texts)
    if 2 * long_rows > len(rows):
        return True
    pairs = [row for row in texts if len(row) == 2]
    if 2 * len(pairs) < len(texts) or any(is_figure(text) for row in pairs for text in row):
        return False
    going_on = sum(row[0].endswith(".") or (row[0][0].islower() and len(row[0]) > _LABEL_CHARACTERS) for row in pairs)
    return going_on > 0 and 4 * going_on >= len(pairs)
