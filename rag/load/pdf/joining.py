"""Join lines to one text, and make words whole that were broken at the end of a line.

Owns: which hyphen was put in to break a word. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from rag.text.scripts import is_unspaced

_HYPHENS = "-\xad"
# Words that take a hyphen: one behind them at the end of a line belongs to the word.
_HYPHENATED_PREFIXES = frozenset(
    "all anti co cross ex full half high in long low mid multi non off on pre self short so well".split()
)


class Joined(Protocol):
    """A line, or a part of one: its words, and the number of the glyph behind each character."""

    text: str
    glyph_numbers: list[int]


class NumberedPart(Joined, Protocol):
    """A part of a line whose number it knows."""

    line_number: int


def join_pieces(parts: Sequence[NumberedPart], page_words: set[str]) -> tuple[str, list[int], list[int]]:
    """Join parts of lines that know the numbers of their lines.

    Args:
        parts: The parts, from the top.
        page_words: The words of the page in small letters, as they are written where no line ends.

    Returns:
        What ``join`` does.
    """
    return join(parts, [part.line_number for part in parts], page_words)


def join(
    parts: Sequence[Joined], line_numbers: Sequence[int], page_words: set[str]
) -> tuple[str, list[int], list[int]]:
    """Join lines with spaces, and make words whole that were broken at the end of a line.

    Args:
        parts: The lines, from the top.
        line_numbers: The number, in the page, of each.
        page_words: The words of the page in small letters, as they are written where no line ends.

    Returns:
        The text, the number of the glyph behind each of its characters (-1 for a space that was put in), and the
        number of the line that each stands on.
    """
    words: list[str] = []
    glyph_numbers: list[int] = []
    lines: list[int] = []
    for number, part in enumerate(parts):
        if number:
            above = parts[number - 1]
            if above.text[-1] in _HYPHENS:
                if _is_broken_word(above.text, part.text, page_words):
                    words[-1] = words[-1][:-1]
                    glyph_numbers.pop()
                    lines.pop()
            elif not (is_unspaced(part.text[0]) and _is_unspaced_end(above.text[-1])):
                words.append(" ")
                glyph_numbers.append(-1)
                lines.append(line_numbers[number - 1])
        words.append(part.text)
        glyph_numbers += part.glyph_numbers
        lines += [line_numbers[number]] * len(part.text)
    return "".join(words), glyph_numbers, lines


def _is_unspaced_end(character: str) -> bool:
    """Tell whether no space stands behind a character of a script without spaces, or behind its punctuation."""
    return is_unspaced(character) or character in "、。，．！？：；）」』】》〉・"


def _is_broken_word(above: str, below: str, page_words: set[str]) -> bool:
    """Tell whether a hyphen at the end of a line was put there to break a word, and is not part of it.

    Only small letters are joined, and never where the page itself writes the word with a hyphen, or goes on with one
    ("year-", "over-year").
    """
    left = re.search(r"([^\W\d_]+)[-\xad]$", above[-40:])
    right = re.match(r"[^\W\d_]+", below[:40])
    if left is None or right is None:
        return False
    head, tail = left.group(1), right.group(0)
    if not head[1:].islower() or not tail.islower() or head.lower() in _HYPHENATED_PREFIXES:
        return False
    if re.match(r"[-\xad]\w", below[right.end() : right.end() + 2]):
        return False
    return f"{head}-{tail}".lower() not in page_words
