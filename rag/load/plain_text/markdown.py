"""Cut Markdown into blocks, and find its title.

Owns: the parts of Markdown that matter to a reader of its source. Knows nothing about files, and never changes the
text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.load.plain_text.line_blocks import (
    ITEM,
    LONGEST_MARK,
    BlockCollector,
    Line,
    split_lines,
    underline_level,
    wiki_heading_level,
)
from rag.types import Block

_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_INDENT = ("    ", "\t")
_FRONT_MATTER_ENDS = ("---", "...")
# Front matter that is not closed within so many lines is none.
_FRONT_MATTER_LINES = 200
# The part of the text, in characters, that is looked at for the front matter's title.
_TITLE_SEARCH = 20_000
# The longest header of a table, in characters.
_LONGEST_HEADER = 1000


def markdown_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of Markdown.

    They are front matter, headings (``#``, underlined and wiki), fences, indented code, items, table rows and
    paragraphs.
    """
    collector = BlockCollector()
    lines = list(split_lines(text))
    number = _take_front_matter(lines, collector)
    fence = ""
    table_header = ""
    after_blank = True
    while number < len(lines):
        line = lines[number]
        content = line[1]
        number += 1
        if fence:
            collector.take(line)
            if _closes_fence(content, fence):
                collector.close()
                fence = ""
            continue
        if not content or content.isspace():
            if collector.kind != "code":
                collector.close()
            table_header = ""
            after_blank = True
            continue
        follows_blank, after_blank = after_blank, False
        if collector.kind == "code":
            if content.startswith(_INDENT):
                collector.take(line)
                continue
            collector.close()
        opening = _FENCE.match(content)
        if opening and "`" not in content[opening.end() :]:
            fence = opening.group(1)
            collector.take(line, "code")
        elif heading := _HEADING.match(content):
            collector.take(line, "heading")
            collector.close(level=len(heading.group(1)))
        elif level := wiki_heading_level(content):
            collector.take(line, "heading")
            collector.close(level=level)
        elif level := _underlined_level(collector, content):
            collector.take(line)
            collector.close("heading", level)
        elif table_header and "|" in content:
            collector.take(line, "row")
            collector.close(header=table_header)
        elif "|" in content and number < len(lines) and _is_delimiter_row(lines[number][1]):
            table_header = _column_names(content)
            collector.take(line, "row")
            collector.take(lines[number])
            collector.close()
            number += 1
        elif ITEM.match(content):
            collector.take(line, "item")
        elif follows_blank and content.startswith(_INDENT):
            # Indented text after a list belongs to its item; anywhere else it is code.
            after_item = bool(collector.blocks) and collector.blocks[-1].kind == "item"
            collector.take(line, "item" if after_item else "code")
        else:
            table_header = ""
            collector.take(line)
    collector.close()
    return tuple(collector.blocks)


def markdown_title(text: str, blocks: Sequence[Block]) -> str:
    """Return the title of a Markdown text.

    Args:
        text: The text.
        blocks: Its blocks, as ``markdown_blocks`` returns them.

    Returns:
        The title that the front matter gives, else the first heading without its marks, or "".
    """
    return _front_matter_title(text) or _first_heading(text, blocks)


def _front_matter_title(text: str) -> str:
    lines = text[:_TITLE_SEARCH].split("\n")
    if lines[0].rstrip() != "---":
        return ""
    for line in lines[1:_FRONT_MATTER_LINES]:
        if line.rstrip() in _FRONT_MATTER_ENDS:
            break
        name, colon, value = line.partition(":")
        if colon and name.strip().lower() == "title":
            return value.strip().strip("\"'")
    return ""


def _first_heading(text: str, blocks: Sequence[Block]) -> str:
    """Return the first heading without the number signs before it and the line under it; "" for none."""
    heading = next((block for block in blocks if block.kind == "heading"), None)
    if heading is None:
        return ""
    return text[heading.start : heading.end].split("\n")[0].strip().strip("#").strip()


def _take_front_matter(lines: list[Line], collector: BlockCollector) -> int:
    """Take the front matter as one block; return the number of the line after it."""
    if not lines or lines[0][1].rstrip() != "---":
        return 0
    for number in range(1, min(len(lines), _FRONT_MATTER_LINES)):
        if lines[number][1].rstrip() in _FRONT_MATTER_ENDS:
            collector.open_lines = lines[: number + 1]
            collector.close("code")
            return number + 1
    return 0


def _underlined_level(collector: BlockCollector, content: str) -> int:
    """Return the level of a heading underlined in Markdown's way, ``=`` or ``-`` below a one-line paragraph, or 0."""
    if len(collector.open_lines) != 1 or collector.kind != "paragraph":
        return 0
    level = underline_level(content)
    return level if level <= 2 else 0


def _closes_fence(content: str, fence: str) -> bool:
    mark = content.strip()
    return len(mark) >= len(fence) and len(mark) <= LONGEST_MARK and mark == fence[0] * len(mark)


def _is_delimiter_row(content: str) -> bool:
    """Tell whether a line is that below the names of a table's columns: ``| --- | --- |``."""
    return "-" in content and len(content) <= 10 * LONGEST_MARK and not content.strip().strip("|:- \t")


def _column_names(content: str) -> str:
    """Return the names of a table's columns without the marks of a row, " | " between two."""
    cells = (cell.strip() for cell in content.strip().strip("|").split("|"))
    return " | ".join(cell for cell in cells if cell)[:_LONGEST_HEADER]
