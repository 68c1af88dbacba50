"""Cut Markdown into blocks and tables, and find its title and its day.

Owns: the parts of Markdown that matter to a reader of its source. Knows nothing about files, and never changes the
text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.load.plain_text.front_matter import MOST_LINES, front_matter_length, title_and_day
from rag.load.plain_text.line_blocks import (
    ITEM,
    LONGEST_MARK,
    BlockCollector,
    Line,
    split_lines,
    underline_level,
    wiki_heading_level,
)
from rag.load.plain_text.markdown_tables import MOST_CELLS, TableBuilder, caption_of, goes_on, name_rows
from rag.types import Block, Table

_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_INDENT = ("    ", "\t")


@dataclass(frozen=True, slots=True)
class Structure:
    """What is seen in a Markdown text.

    Attributes:
        blocks: Front matter, headings (``#``, underlined and wiki), fences, indented code, items, table rows and
            paragraphs, in order.
        tables: The tables, whose rows are among the blocks.
        title: The title that the front matter gives, else the first heading without its marks, or "".
        date: The day that the front matter gives, ``YYYY-MM-DD``, or "".
    """

    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    title: str
    date: str


def markdown_structure(text: str) -> Structure:
    """Return the blocks and tables of a Markdown text, its title and its day."""
    lines = list(split_lines(text))
    matter = [content for _, content in lines[:MOST_LINES]]
    length = front_matter_length(matter)
    title, day = title_and_day(matter[:length])
    scan = _Scan(text, lines)
    scan.run(length)
    blocks = tuple(scan.collector.blocks)
    return Structure(blocks, tuple(scan.tables), title or _first_heading(text, blocks), day)


class _Scan:
    """One pass over the lines.

    Attributes:
        collector: The blocks so far.
        tables: The tables so far.
    """

    def __init__(self, text: str, lines: list[Line]) -> None:
        self.collector = BlockCollector()
        self.tables: list[Table] = []
        self._text = text
        self._lines = lines
        self._number = 0
        # What closes the fence that is open; "" for none.
        self._fence = ""
        self._after_blank = True
        # The table that may go on, and the line above it where that is its caption.
        self._table: TableBuilder | None = None
        self._caption = ""
        self._cells = 0

    def run(self, front_matter: int) -> None:
        """Scan the text.

        Args:
            front_matter: How many lines from the top are front matter.
        """
        if front_matter:
            self.collector.open_lines = self._lines[:front_matter]
            self.collector.close("code")
        self._number = front_matter
        while self._number < len(self._lines):
            line = self._lines[self._number]
            self._number += 1
            if self._fence:
                self.collector.take(line)
                if _closes_fence(line[1], self._fence):
                    self.collector.close()
                    self._fence = ""
            elif not line[1] or line[1].isspace():
                if self.collector.kind != "code":
                    self.collector.close()
                if self._after_blank:
                    self._end_table()
                self._after_blank = True
            else:
                follows_blank, self._after_blank = self._after_blank, False
                self._take(line, follows_blank)
        self.collector.close()
        self._end_table()

    def _take(self, line: Line, follows_blank: bool) -> None:
        """Take a line that is not blank, outside of a fence."""
        content = line[1]
        if self.collector.kind == "code":
            if content.startswith(_INDENT):
                self.collector.take(line)
                return
            self.collector.close()
        names = name_rows(self._lines, self._number - 1) if "|" in content else 0
        if self._table and not names and "|" in content and (not follows_blank or goes_on(content)):
            self._table.add(line)
            self.collector.take(line, "row")
            self.collector.close(header=self._table.header)
            return
        if self._table:
            self._end_table(caption_of(content))
        opening = _FENCE.match(content)
        if opening and "`" not in content[opening.end() :]:
            self._fence = opening.group(1)
            self.collector.take(line, "code")
        elif heading := _HEADING.match(content):
            self.collector.take(line, "heading")
            self.collector.close(level=len(heading.group(1)))
        elif level := wiki_heading_level(content):
            self.collector.take(line, "heading")
            self.collector.close(level=level)
        elif level := _underlined_level(self.collector, content):
            self.collector.take(line)
            self.collector.close("heading", level)
        elif names:
            self._begin_table(names)
        elif ITEM.match(content):
            self.collector.take(line, "item")
        elif follows_blank and content.startswith(_INDENT):
            # Indented text after a list belongs to its item; anywhere else it is code.
            after_item = bool(self.collector.blocks) and self.collector.blocks[-1].kind == "item"
            self.collector.take(line, "item" if after_item else "code")
        else:
            self.collector.take(line)

    def _begin_table(self, names: int) -> None:
        first = self._number - 1
        above = self._lines[first - 1][1] if first else ""
        naming = self._lines[first : first + names]
        self._caption = caption_of(above)
        self._table = TableBuilder(self._text, naming, MOST_CELLS - self._cells)
        self.collector.close()
        self.collector.kind = "row"
        for line in self._lines[first : first + names + 1]:
            self.collector.take(line)
        self.collector.close()
        self._number = first + names + 1

    def _end_table(self, caption: str = "") -> None:
        """Keep the table that is open.

        Args:
            caption: What the line below it says of it, or "".
        """
        table = self._table.table() if self._table else None
        if table:
            self._cells += len(table.cells)
            self.tables.append(replace(table, caption=caption or self._caption))
        self._table = None


def _first_heading(text: str, blocks: Sequence[Block]) -> str:
    """Return the first heading without the number signs before it and the line under it; "" for none."""
    heading = next((block for block in blocks if block.kind == "heading"), None)
    if heading is None:
        return ""
    return text[heading.start : heading.end].split("\n")[0].strip().strip("#").strip()


def _underlined_level(collector: BlockCollector, content: str) -> int:
    """Return the level of a heading underlined in Markdown's way, ``=`` or ``-`` below a one-line paragraph, or 0."""
    if len(collector.open_lines) != 1 or collector.kind != "paragraph":
        return 0
    level = underline_level(content)
    return level if level <= 2 else 0


def _closes_fence(content: str, fence: str) -> bool:
    mark = content.strip()
    return len(mark) >= len(fence) and len(mark) <= LONGEST_MARK and mark == fence[0] * len(mark)
