"""The blocks of text that is its own canonical text: plain text, Markdown and source code.

Owns: one linear scan over lines for each of the three. Knows nothing about files, and never changes the text.

Every expression is anchored at the start of a line and cannot backtrack over it, so that a hostile file costs no
more than a long one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.types import Block, BlockKind

_ATX = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"[ \t]*(?:[-*+•◦▪‣●○–]|\(?\d{1,4}[.)]|\(?[a-zA-Z][.)])[ \t]+(?=\S)")
_DEFINITION = re.compile(
    r"(?:export |default |pub |public |private |protected |static |async |abstract |final )*"
    r"(?:def|class|function|func|fn|struct|enum|trait|impl|interface|type|module|namespace|package|"
    r"create|CREATE|alter|ALTER|insert|INSERT|select|SELECT)\b"
)
_UNDERLINES = {"=": 1, "-": 2, "~": 3, "^": 4}
_LONG_LINE = 1000
_CODE_LINES = 60
_MATTER_LINES = 200

Line = tuple[int, str]


def _lines(text: str) -> Iterator[Line]:
    """Each line with its offset."""
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


class _Blocks:
    """Gathers lines into blocks that begin and end with a visible character."""

    def __init__(self) -> None:
        self.done: list[Block] = []
        self.open: list[Line] = []
        self.kind: BlockKind = "paragraph"

    def take(self, line: Line, kind: BlockKind | None = None) -> None:
        """Put a line into the open block; with a kind, open a block of that kind first."""
        if kind is not None:
            self.close()
            self.kind = kind
        self.open.append(line)

    def close(self, kind: BlockKind | None = None, level: int = 0, header: str = "") -> None:
        """End the open block, as another kind if one is given."""
        visible = [line for line in self.open if line[1] and not line[1].isspace()]
        if visible:
            first, last = visible[0], visible[-1]
            start = first[0] + len(first[1]) - len(first[1].lstrip())
            end = last[0] + len(last[1].rstrip())
            self.done.append(Block(start, end, kind or self.kind, level, header))
        self.open = []
        self.kind = "paragraph"


def _underline(line: str) -> int:
    """The level of the heading that a line of ``===`` or ``---`` makes of the line above, or 0."""
    mark = line.strip()
    if not mark or mark[0] not in _UNDERLINES or len(mark) > _LONG_LINE or mark != mark[0] * len(mark):
        return 0
    return _UNDERLINES[mark[0]]


def _enclosed(line: str) -> int:
    """The level of a wiki heading, ``== Name ==``, or 0."""
    mark = line.strip()
    if len(mark) > _LONG_LINE or not (mark.startswith("=") and mark.endswith("=")):
        return 0
    name = mark.strip("= ")
    before, _, after = mark.partition(name) if name else ("", "", "")
    level = before.count("=")
    return level if 0 < level <= 6 and level == after.count("=") else 0


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Paragraphs, list items, wiki headings, and headings that are underlined by at least half their length."""
    blocks = _Blocks()
    for line in _lines(text):
        content = line[1]
        if not content or content.isspace():
            blocks.close()
        elif _is_underlined(blocks, content):
            blocks.take(line)
            blocks.close("heading", _underline(content))
        elif level := _enclosed(content):
            blocks.take(line, "heading")
            blocks.close(level=level)
        elif _ITEM.match(content):
            blocks.take(line, "item")
        else:
            blocks.take(line)
    blocks.close()
    return tuple(blocks.done)


def _is_underlined(blocks: _Blocks, content: str) -> bool:
    if len(blocks.open) != 1 or blocks.kind != "paragraph" or not _underline(content):
        return False
    mark = len(content.strip())
    return mark >= 3 and 2 * mark >= len(blocks.open[0][1].strip())


def code_blocks(text: str) -> tuple[Block, ...]:
    """Code, cut before each definition at the margin, and at blank lines where a block has grown long."""
    blocks = _Blocks()
    blank = False
    for line in _lines(text):
        content = line[1]
        if not content or content.isspace():
            blank = True
            continue
        margin = not content[0].isspace() and content[0] not in ")]}"
        grown = len(blocks.open) >= _CODE_LINES
        opens = _DEFINITION.match(content) is not None and not _decorated(blocks)
        if (blank and (margin or grown)) or (margin and opens):
            blocks.take(line, "code")
        else:
            blocks.take(line)
        if len(blocks.open) == 1:
            blocks.kind = "code"
        blank = False
    blocks.close()
    return tuple(blocks.done)


def _decorated(blocks: _Blocks) -> bool:
    """Whether the line above belongs to the definition below it: a decorator or a comment."""
    return bool(blocks.open) and blocks.open[-1][1].startswith(("@", "#", "//", "/*", " *", "--"))


def markdown_blocks(text: str) -> tuple[Block, ...]:
    """Front matter, headings (``#``, underlined and wiki), fences, indented code, items, table rows and paragraphs."""
    blocks = _Blocks()
    lines = list(_lines(text))
    number = _front_matter(lines, blocks)
    fence = ""
    header = ""
    blank = True
    while number < len(lines):
        line = lines[number]
        content = line[1]
        number += 1
        if fence:
            blocks.take(line)
            if _closes(content, fence):
                blocks.close()
                fence = ""
            continue
        if not content or content.isspace():
            if blocks.kind != "code":
                blocks.close()
            header = ""
            blank = True
            continue
        after_blank, blank = blank, False
        if blocks.kind == "code":
            if content.startswith(("    ", "\t")):
                blocks.take(line)
                continue
            blocks.close()
        opening = _FENCE.match(content)
        if opening and "`" not in content[opening.end() :]:
            fence = opening.group(1)
            blocks.take(line, "code")
        elif heading := _ATX.match(content):
            blocks.take(line, "heading")
            blocks.close(level=len(heading.group(1)))
        elif level := _enclosed(content):
            blocks.take(line, "heading")
            blocks.close(level=level)
        elif level := _setext(blocks, content):
            blocks.take(line)
            blocks.close("heading", level)
        elif header and "|" in content:
            blocks.take(line, "row")
            blocks.close(header=header)
        elif "|" in content and number < len(lines) and _is_delimiter(lines[number][1]):
            header = _header(content)
            blocks.take(line, "row")
            blocks.take(lines[number])
            blocks.close()
            number += 1
        elif _ITEM.match(content):
            blocks.take(line, "item")
        elif after_blank and content.startswith(("    ", "\t")):
            # Indented text after a list belongs to its item; anywhere else it is code.
            blocks.take(line, "item" if blocks.done and blocks.done[-1].kind == "item" else "code")
        else:
            header = ""
            blocks.take(line)
    blocks.close()
    return tuple(blocks.done)


def _front_matter(lines: list[Line], blocks: _Blocks) -> int:
    """Take the front matter as one block; return the number of the line after it."""
    if not lines or lines[0][1].rstrip() != "---":
        return 0
    for number in range(1, min(len(lines), _MATTER_LINES)):
        if lines[number][1].rstrip() in ("---", "..."):
            blocks.open = lines[: number + 1]
            blocks.close("code")
            return number + 1
    return 0


def _setext(blocks: _Blocks, content: str) -> int:
    """The level of a heading underlined in Markdown's way: ``=`` or ``-`` below a one-line paragraph."""
    if len(blocks.open) != 1 or blocks.kind != "paragraph":
        return 0
    level = _underline(content)
    return level if level <= 2 else 0


def _closes(content: str, fence: str) -> bool:
    mark = content.strip()
    return len(mark) >= len(fence) and len(mark) <= _LONG_LINE and mark == fence[0] * len(mark)


def _is_delimiter(content: str) -> bool:
    return "-" in content and len(content) <= 10 * _LONG_LINE and not content.strip().strip("|:- \t")


def _header(content: str) -> str:
    cells = (cell.strip() for cell in content.strip().strip("|").split("|"))
    return " | ".join(cell for cell in cells if cell)[:_LONG_LINE]


def markdown_title(text: str) -> str:
    """The title that the front matter gives, or nothing."""
    lines = text[:20_000].split("\n")
    if lines[0].rstrip() != "---":
        return ""
    for line in lines[1:_MATTER_LINES]:
        if line.rstrip() in ("---", "..."):
            break
        name, colon, value = line.partition(":")
        if colon and name.strip().lower() == "title":
            return value.strip().strip("\"'")
    return ""
