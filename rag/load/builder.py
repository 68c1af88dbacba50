"""Build the canonical text of a document block by block.

Owns: the white space between blocks, the counting of offsets while text is appended, and the limit on text. Knows
nothing about formats.

A reader, also one from another package, needs no more than this::

    builder = Builder(file.limits.max_characters)
    builder.begin_page()                        # only for formats with pages
    builder.add("heading", "Opening hours", level=1)
    builder.warn(Notice("reading-pages-pictures", {"pages": [2]}))
    return builder.document(self.media_type, file.name)

``rag.load.text.decode`` makes text of a text file's bytes, ``rag.load.tables.add_table`` appends tables, and
``rag.load.zip_package.safe_package`` unpacks a zip package within limits.
"""

from __future__ import annotations

from rag.errors import SkipFile
from rag.load.limits import Limits
from rag.load.text import canonical
from rag.load.titles import first_title
from rag.notices import Notice
from rag.types import Block, BlockKind, Document, Table

# Between two blocks of one of these kinds stands one newline, else two.
_TIGHT_KINDS = ("row", "item")


class Builder:
    """Collects blocks and pages. The text of a block is trimmed; the white space between two is the builder's.

    Attributes:
        blocks: The blocks so far.
        pages: The offsets where pages start, so far.
        length: The number of characters so far.
        tables: The tables so far; ``rag.load.tables`` appends them.
        date: The day of the file's last change as the file itself gives it, ``YYYY-MM-DD``; "" for none.
        warnings: What of the file was not read, so far.
    """

    def __init__(self, max_characters: int = 0) -> None:
        """Begin with an empty text.

        Args:
            max_characters: The most characters of a document; 0 for no limit. Reading a file that holds more ends
                before the memory is full of it.
        """
        self.blocks: list[Block] = []
        self.pages: list[int] = []
        self.length = 0
        self.tables: list[Table] = []
        self.date = ""
        self.warnings: list[Notice] = []
        self._parts: list[str] = []
        self._max_characters = max_characters
        # Whether nothing was appended since the text, or the page, began.
        self._at_start = True
        self._last_kind: BlockKind | None = None

    @property
    def text(self) -> str:
        """Return the text so far."""
        return "".join(self._parts)

    def text_since(self, start: int) -> str:
        """Return the text from an offset on, at which something was appended; it takes no time for what is before."""
        first, length = len(self._parts), self.length
        while first and length > start:
            first -= 1
            length -= len(self._parts[first])
        return "".join(self._parts[first:])

    def add(self, kind: BlockKind, text: str, level: int = 0, header: str = "", margin: bool = False) -> int:
        """Append a block; text without a visible character is left out.

        Args:
            kind: The kind of the block.
            text: Its text; it is made canonical and trimmed.
            level: The depth of a heading, from 1.
            header: The names of the columns of a table row whose own words do not name them.
            margin: Whether the block stands beside the text; the white space around it is that of its kind.

        Returns:
            The offset where the block starts; -1 when it was left out.

        Raises:
            SkipFile: When the text becomes too long.
        """
        text = canonical(text).strip()
        if not text:
            return -1
        if not self._at_start:
            is_tight = kind in _TIGHT_KINDS and self._last_kind == kind
            self._append("\n" if is_tight else "\n\n")
        start = self.length
        self._append(text)
        self.blocks.append(Block(start, self.length, "margin" if margin else kind, level, header))
        self._last_kind = kind
        self._at_start = False
        return start

    def begin_page(self) -> None:
        """Begin a page. An empty page starts where the next one does."""
        if not self._at_start:
            self._append("\n\n")
            self._at_start = True
        self.pages.append(self.length)

    def warn(self, warning: Notice) -> None:
        """Note what of the file is not read; the same is said once."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    def first_heading(self) -> str:
        """Return the words of the first heading, for a title, or ""."""
        for block in self.blocks:
            if block.kind == "heading":
                return " ".join(self.text[block.start : block.end].split())
        return ""

    def document(self, media_type: str, name: str, title: str = "", headings_are_titles: bool = True) -> Document:
        """Return the document.

        Args:
            media_type: The media type of its file.
            name: The name of its file.
            title: The title that the file states, or "".
            headings_are_titles: Whether the first heading is the title where the file states none; else, and where
                there is no heading, it is the name of the file.

        Returns:
            The text with the blocks and pages so far.
        """
        heading = self.first_heading() if headings_are_titles else ""
        return Document(
            self.text,
            first_title(name, title, heading),
            media_type,
            tuple(self.blocks),
            tuple(self.pages),
            tuple(self.tables),
            self.date,
            tuple(self.warnings),
        )

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self.length += len(text)
        if self._max_characters and self.length > self._max_characters:
            raise SkipFile(_too_much_text(self._max_characters))


def check_length(text: str, limits: Limits) -> None:
    """Refuse a text that is too long.

    Args:
        text: The text.
        limits: The limits of reading.

    Raises:
        SkipFile: When it holds more characters than the limits allow.
    """
    if len(text) > limits.max_characters:
        raise SkipFile(_too_much_text(limits.max_characters))


def _too_much_text(max_characters: int) -> Notice:
    return Notice("file-too-much-text", {"megabytes": max_characters / 1_000_000})
