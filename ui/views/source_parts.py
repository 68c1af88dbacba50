"""The parts of a long document, which are shown one after the other. Pure.

Owns: where a part begins, which depends on the document alone, so that parts follow each other without a gap from
wherever a reader comes. Knows nothing about what a part looks like.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.types import Block

# Characters and blocks of a part; a longer block is cut.
SIZE = 6_000
MOST_BLOCKS = 150
# How far a cut in a long block may move to the end of a line or a word.
_REACH = 1_000


@dataclass(frozen=True, slots=True)
class Extent:
    """The parts that are shown: ``text[first:last]``, and where the parts beside them begin, None at an end."""

    first: int
    last: int
    before: int | None
    after: int | None


def extent(text: str, blocks: Sequence[Block], start: int, at: int | None = None) -> Extent:
    """Return the part that holds ``start`` and those beside it, or the one part that holds ``at``.

    Args:
        text: The canonical text of a document.
        blocks: Its blocks, in order; a part begins with one where it can.
        start: An offset into ``text``.
        at: Where the part begins, as ``before`` or ``after`` of another extent says.

    Returns:
        The extent.
    """
    starts = list(_starts(text, blocks))
    if at is not None and at >= len(text):
        return Extent(len(text), len(text), starts[-1], None)
    number = max(0, bisect_right(starts, start if at is None else max(0, at)) - 1)
    begin, stop = (number, number + 1) if at is not None else (max(0, number - 1), min(len(starts), number + 2))
    return Extent(
        starts[begin],
        starts[stop] if stop < len(starts) else len(text),
        starts[begin - 1] if begin else None,
        starts[stop] if stop < len(starts) else None,
    )


def _starts(text: str, blocks: Sequence[Block]) -> Iterator[int]:
    """Yield where each part begins, the first at 0."""
    yield 0
    first, count = 0, 0
    for block in blocks:
        count += 1
        if block.start > first and (block.end - first > SIZE or count > MOST_BLOCKS):
            # White space alone is no part.
            if first or block.start > _REACH or not text[: block.start].isspace():
                yield block.start
            first, count = block.start, 1
        while block.end - first > 2 * SIZE:
            first = _line_end(text, first + SIZE, block.end)
            yield first
    while len(text) - first > 2 * SIZE:
        first = _line_end(text, first + SIZE, len(text))
        yield first


def _line_end(text: str, position: int, limit: int) -> int:
    """Return the first end of a line from ``position`` on, else of a word, else ``position``; below ``limit``."""
    reach = min(position + _REACH, limit - 1)
    for separator in ("\n", " "):
        end = text.find(separator, position - 1, reach)
        if end >= 0:
            return end + 1
    return position
