"""Walk over the lines of a text with marks, a block at a time.

Owns: how deep blocks may lie in each other. Knows nothing about marks: it is told what a block is.
"""

from __future__ import annotations

import html
from collections.abc import Callable

# Blocks that lie deeper in others are read as words.
_LARGEST_DEPTH = 20


class BlockWalk:
    """Returns lines as blocks of HTML, also when it is called for the lines of a block."""

    def __init__(self, block: Callable[[list[str], int], tuple[int, str]]) -> None:
        """Begin at the top.

        Args:
            block: Given the lines and the number of one, returns the number of the line after the block that begins
                there, and the block.
        """
        self._block = block
        self._depth = 0

    def __call__(self, lines: list[str]) -> str:
        """Return lines as blocks of HTML."""
        if self._depth >= _LARGEST_DEPTH:
            return f"<p>{html.escape(' '.join(lines))}</p>"
        self._depth += 1
        parts: list[str] = []
        at = 0
        while at < len(lines):
            if not lines[at]:
                at += 1
                continue
            at, written = self._block(lines, at)
            parts.append(written)
        self._depth -= 1
        return "".join(parts)
