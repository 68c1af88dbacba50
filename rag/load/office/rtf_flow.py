"""Collect the paragraphs and tables of one story of an RTF file: its body, a note, a header.

Owns: where a paragraph, a cell, a row and a table end, and what comes behind them. Knows nothing about control words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rag.load.builder import Builder
from rag.load.office.inline import Inline
from rag.load.office.rtf_tables import OpenTable, RowForm
from rag.load.tables import Cell, add_table

# A bullet or a number that was typed before the words of an item.
_BULLET = re.compile(r"[•·▪●◦‣\uf0b7\-–]\s*\t\s*")
_NUMBERED = re.compile(r"(\(?\w{1,6}(?:\.\w{1,4}){0,8}[.)]?)\s*\t\s*(?=\S)")
# Cap on tables in cells of tables.
_MOST_LEVELS = 30


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its words, the level of a heading, and whether it is an item of a list."""

    text: str
    level: int = 0
    is_item: bool = False


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A table: its rows with a cell in every column, and how many of them are names."""

    rows: list[tuple[Cell, ...]]
    names: int


@dataclass(slots=True)
class Flow:
    """A story that is being collected.

    Attributes:
        blocks: Its paragraphs and tables so far.
        inline: The words of the paragraph that is open.
        label: The number of the paragraph that is open, or "".
        is_item: Whether the paragraph that is open is an item of a list.
        behind: What comes behind the paragraph that is open: boxes, notes, comments.
        tables: The tables that are open, each in a cell of the one before.
    """

    blocks: list[Paragraph | LaidOut] = field(default_factory=list)
    inline: Inline = field(default_factory=Inline)
    label: str = ""
    is_item: bool = False
    behind: list[Paragraph | LaidOut] = field(default_factory=list)
    tables: list[OpenTable] = field(default_factory=list)

    def begin_item(self, label: str) -> None:
        """Make an item of a list of the paragraph that is open; a label without a letter or digit is a bullet."""
        self.is_item = True
        self.label = label if any(map(str.isalnum, label)) else ""

    def end_paragraph(self, depth: int, level: int) -> None:
        """Close the paragraph that is open.

        Args:
            depth: How deep in tables it stands; 0 for none.
            level: The level of a heading; 0 for none.
        """
        paragraph = self._taken(level)
        if depth:
            table = self._table(depth)
            table.paragraphs.append(paragraph.text)
            table.after += self.behind
        else:
            if paragraph.text or self.behind:
                self.end_tables(0)
            if paragraph.text:
                self.blocks.append(paragraph)
            self.blocks += self.behind
        self.behind = []

    def end_cell(self, depth: int) -> None:
        """Close the cell that is open, and the tables in it.

        Args:
            depth: How deep in tables it stands, from 1.
        """
        self.end_paragraph(depth, 0)
        self.end_tables(depth)
        self._table(depth).end_cell()

    def end_row(self, depth: int, form: RowForm) -> None:
        """Close the row that is open.

        Args:
            depth: How deep in tables it stands, from 1.
            form: How the row says that it is.
        """
        if len(self.inline):
            self.end_paragraph(depth, 0)
        self.end_tables(depth)
        self._table(depth).end_row(form)

    def end_tables(self, depth: int) -> None:
        """Close the tables below a depth."""
        while len(self.tables) > min(depth, _MOST_LEVELS):
            table = self.tables.pop()
            table.end_row(RowForm())
            rows, names = table.laid_out()
            done: list[Paragraph | LaidOut] = [LaidOut(rows, names)] if rows else []
            (self.tables[-1].after if self.tables else self.blocks).extend(done + table.after)

    def end(self) -> list[Paragraph | LaidOut]:
        """Close what is open, and return the blocks."""
        self.end_paragraph(0, 0)
        self.end_tables(0)
        return self.blocks

    def _taken(self, level: int) -> Paragraph:
        """Return the paragraph that is open, and begin the next."""
        text = self.inline.text().strip()
        is_item, label = self.is_item, self.label
        if not label and (bullet := _BULLET.match(text)):
            text, is_item = text[bullet.end() :], True
        elif not label and (numbered := _NUMBERED.match(text)) and any(map(str.isalnum, numbered[1])):
            is_typed = numbered[1][-1] in ".)"
            label, text = (numbered[1], text[numbered.end() :]) if is_typed else ("", text)
            is_item = is_item or is_typed
        self.inline, self.label, self.is_item = Inline(), "", False
        return Paragraph(f"{label} {text}" if label and text else text, level, is_item)

    def _table(self, depth: int) -> OpenTable:
        while len(self.tables) < min(depth, _MOST_LEVELS):
            self.tables.append(OpenTable())
        return self.tables[min(depth, _MOST_LEVELS) - 1]


def append(builder: Builder, blocks: list[Paragraph | LaidOut]) -> None:
    """Append paragraphs and tables to a document.

    Args:
        builder: What they are appended to.
        blocks: The paragraphs and tables.
    """
    for block in blocks:
        if isinstance(block, LaidOut):
            add_table(builder, block.rows, names=block.names or None)
        elif block.level:
            builder.add("heading", " ".join(block.text.split()), block.level)
        else:
            builder.add("item" if block.is_item else "paragraph", block.text)


def text_of(blocks: list[Paragraph | LaidOut]) -> str:
    """Return the words of paragraphs, a line each; those of tables with semicolons between the cells."""
    lines = []
    for block in blocks:
        if isinstance(block, LaidOut):
            lines += ["; ".join(filter(None, (cell.text for cell in dict.fromkeys(row)))) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(filter(None, lines))
