"""Gather lines into blocks, and tell which lines are headings or list items.

Owns: what plain text and Markdown share. Knows nothing about files.

Every expression is anchored at the start of a line and cannot backtrack over it, so that a hostile file costs no
more than a long one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.types import Block, BlockKind

ITEM = re.compile(r"[ \t]*(?:[-*+•◦▪‣●○–]|\(?\d{1,4}[.)]|\(?[a-zA-Z][.)])[ \t]+(?=\S)")
# A line of more characters is neither a mark nor a wiki heading.
LONGEST_MARK = 1000
_UNDERLINES = {"=": 1, "-": 2, "~": 3, "^": 4}

# The offset of a line in its text, and its characters without the newline.
Line = tuple[int, str]


def split_lines(text: str) -> Iterator[Line]:
    """Yield each line with its offset."""
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


class BlockCollector:
    """Gathers lines into blocks that begin and end with a visible character.

    Attributes:
        blocks: The blocks that are closed.
        open_lines: The lines of the block that is open.
        kind: The kind of the open block, where closing it names no other.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.open_lines: list[Line] = []
        self.kind: BlockKind = "paragraph"

    def take(self, line: Line, kind: BlockKind | None = None) -> None:
        """Put a line into the open block.

        Args:
            line: The line with its offset.
            kind: Given, the open block is closed and one of this kind is opened first.
        """
        if kind is not None:
            self.close()
            self.kind = kind
        self.open_lines.append(line)

    def close(self, kind: BlockKind | None = None, level: int = 0, header: str = "") -> None:
        """End the open block; nothing where its lines are blank.

        Args:
            kind: The kind of the block, if it is another than that it was opened with.
            level: The depth of a heading, from 1.
            header: The names of the columns of a table row.
        """
        visible = [line for line in self.open_lines if line[1] and not line[1].isspace()]
        if visible:
            first, last = visible[0], visible[-1]
            start = first[0] + len(first[1]) - len(first[1].lstrip())
            end = last[0] + len(last[1].rstrip())
            self.blocks.append(Block(start, end, kind or self.kind, level, header))
        self.open_lines = []
        self.kind = "paragraph"


def underline_level(line: str) -> int:
    """Return the level of the heading that a line of ``===`` or ``---`` makes of the line above, or 0."""
    mark = line.strip()
    if not mark or mark[0] not in _UNDERLINES or len(mark) > LONGEST_MARK or mark != mark[0] * len(mark):
        return 0
    return _UNDERLINES[mark[0]]


def wiki_heading_level(line: str) -> int:
    """Return the level of a wiki heading, ``== Name ==``, or 0."""
    mark = line.strip()
    if len(mark) > LONGEST_MARK or not (mark.startswith("=") and mark.endswith("=")):
        return 0
    name = mark.strip("= ")
    before, _, after = mark.partition(name) if name else ("", "", "")
    level = before.count("=")
    return level if 0 < level <= 6 and level == after.count("=") else 0
