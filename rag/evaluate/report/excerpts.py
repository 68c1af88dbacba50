"""Spans highlighted in the text they stand in.

Owns: how much of a text is shown around spans, and its cut into highlighted and plain pieces. Knows nothing about HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

# Characters shown before and after a span; cut at a word's end where one is near.
_CONTEXT = 160
# A span longer than this is shown by its beginning and its end.
_LONGEST = 2400

# Offsets of the first character and behind the last one.
CharRange = tuple[int, int]


class Piece(NamedTuple):
    """Consecutive characters of a text and the names of the highlights they have, in the order they were given."""

    text: str
    highlights: tuple[str, ...]


class Excerpt(NamedTuple):
    """A stretch ``start``…``end`` of a text in pieces; joined, the pieces are that slice."""

    start: int
    end: int
    pieces: tuple[Piece, ...]


def excerpts(text: str, around: Sequence[CharRange], highlights: Mapping[str, Sequence[CharRange]]) -> list[Excerpt]:
    """Return the stretches of a text around spans, each cut into pieces where a highlight begins or ends.

    Args:
        text: The whole text.
        around: The spans to show, as offsets ``(start, end)`` of the text; one that is not in the text is left out.
        highlights: The spans of each highlight, by its name.

    Returns:
        Stretches in the order of the text; those that touch are one.
    """
    windows = [
        _widened(text, start, end)
        for span in around
        if 0 <= span[0] < span[1] <= len(text)
        for start, end in _shortened(*span)
    ]
    return [Excerpt(start, end, _pieces(text, start, end, highlights)) for start, end in _joined(windows)]


def _shortened(start: int, end: int) -> list[CharRange]:
    if end - start <= _LONGEST:
        return [(start, end)]
    half = _LONGEST // 2
    return [(start, start + half), (end - half, end)]


def _widened(text: str, start: int, end: int) -> CharRange:
    left, right = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    if left:
        space = text.find(" ", left, start)
        left = space + 1 if space >= 0 else left
    if right < len(text):
        space = text.rfind(" ", end, right)
        right = space if space >= 0 else right
    return left, right


def _joined(windows: Sequence[CharRange]) -> list[CharRange]:
    joined: list[CharRange] = []
    for start, end in sorted(windows):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _pieces(text: str, start: int, end: int, highlights: Mapping[str, Sequence[CharRange]]) -> tuple[Piece, ...]:
    inside = {
        name: [(max(left, start), min(right, end)) for left, right in spans if left < end and right > start]
        for name, spans in highlights.items()
    }
    edges = sorted({start, end, *(edge for spans in inside.values() for span in spans for edge in span)})
    pieces: list[Piece] = []
    for left, right in pairwise(edges):
        names = tuple(name for name, spans in inside.items() if any(a <= left and right <= b for a, b in spans))
        if pieces and pieces[-1].highlights == names:
            pieces[-1] = Piece(pieces[-1].text + text[left:right], names)
        else:
            pieces.append(Piece(text[left:right], names))
    return tuple(pieces)
