"""Canonical text put together piece by piece, with the place of every piece.

Owns: the white space between blocks, and the counting of offsets while text is appended. Knows nothing about formats.
"""

from __future__ import annotations

from rag.errors import SkipFile
from rag.load.text import canonical
from rag.types import Block, BlockKind, Document

_TIGHT = ("row", "item")


class Builder:
    """Collects blocks and pages. The text of a block is trimmed; the white space between two is the builder's.

    ``max_characters`` ends the reading of a file that holds too much text, before the memory is full of it.
    """

    def __init__(self, max_characters: int = 0) -> None:
        self.blocks: list[Block] = []
        self.pages: list[int] = []
        self.length = 0
        self._parts: list[str] = []
        self._max_characters = max_characters
        self._fresh = True
        self._kind: BlockKind | None = None

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def add(self, kind: BlockKind, text: str, level: int = 0, header: str = "", margin: bool = False) -> int:
        """Append a block and return its offset; text without a visible character is left out (the offset is -1).

        ``margin`` says that the block stands beside the text; the white space around it is that of its kind.
        """
        text = canonical(text).strip()
        if not text:
            return -1
        if not self._fresh:
            tight = kind in _TIGHT and self._kind == kind
            self._append("\n" if tight else "\n\n")
        start = self.length
        self._append(text)
        self.blocks.append(Block(start, self.length, "margin" if margin else kind, level, header))
        self._kind = kind
        self._fresh = False
        return start

    def page(self) -> None:
        """Begin a page here. An empty page starts where the next one does."""
        if not self._fresh:
            self._append("\n\n")
            self._fresh = True
        self.pages.append(self.length)

    def first_heading(self) -> str:
        """The words of the first heading, for a title."""
        for block in self.blocks:
            if block.kind == "heading":
                return " ".join(self.text[block.start : block.end].split())
        return ""

    def document(self, title: str, media_type: str) -> Document:
        return Document(self.text, title, media_type, tuple(self.blocks), tuple(self.pages))

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self.length += len(text)
        if self._max_characters and self.length > self._max_characters:
            raise too_much_text(self._max_characters)


def too_much_text(max_characters: int) -> SkipFile:
    megabytes = max_characters / 1_000_000
    return SkipFile(f"holds more than {megabytes:g} MB of text; split it, or raise RAG_MAX_TEXT_MB")
