"""Words that are struck out in a document, which its text holds as "[struck out: 1 May]". Pure.

Owns: where such words begin and end. Knows nothing about how documents mark them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENING = "[struck out: "
_BRACKET = re.compile(r"[\[\]]")
# Stands in place of each character: it is neither part of a word nor white space.
_MASK = "\u2060"


def struck_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words that are struck out stand in a text, with the mark around them.

    Args:
        text: A text.

    Yields:
        Half-open spans in order, without overlaps; one whose mark is not closed reaches to the end of the text.
    """
    start = text.find(_OPENING)
    while start >= 0:
        depth, end = 0, len(text)
        for bracket in _BRACKET.finditer(text, start):
            depth += 1 if bracket.group() == "[" else -1
            if not depth:
                end = bracket.end()
                break
        yield start, end
        start = text.find(_OPENING, end)


def without_struck(text: str) -> str:
    """Return a text without the words that are struck out, and one space where they stood between two."""
    kept: list[str] = []
    position = 0
    for start, end in struck_spans(text):
        kept.append(text[position:start])
        position = end + 1 if text[start - 1 : start] in ("", " ") and text[end : end + 1] == " " else end
    return "".join((*kept, text[position:])) if kept else text


def with_struck_masked(text: str) -> str:
    """Return a text of the same length with signs that no word is made of in place of words that are struck out."""
    kept: list[str] = []
    position = 0
    for start, end in struck_spans(text):
        kept += (text[position:start], _MASK * (end - start))
        position = end
    return "".join((*kept, text[position:])) if kept else text


def trim_masked(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span of a masked text without white space and struck-out words at its ends.

    Args:
        text: What ``with_struck_masked`` returned.
        start: Where the span begins.
        end: Where it ends.

    Returns:
        Start and end; equal where nothing else is left.
    """
    words = text[start:end]
    left = len(words) - len(words.lstrip(_MASK + " \t\n"))
    kept = words.strip(_MASK + " \t\n")
    return start + left, start + left + len(kept)


def without_mask(text: str) -> str:
    """Return a part of a masked text as it is shown: without struck-out words, single spaces between the others."""
    return " ".join(text.replace(_MASK, "").split()) if _MASK in text else text
