"""A window of a text as HTML, a span of it marked. Pure.

Owns: how much of a document is shown around a span, and the one mark around exactly its words. Knows nothing about
indexes or files.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from rag.types import Block
from ui.views.templates import render

# Characters shown at once, and how many of them stand before the span.
SIZE = 16_000
_BEFORE = 4_000
# How far an edge may move to the end of a line or a word.
_REACH = 1_000
# What Markdown adds to the words: signs of headings, quotes, fences, rules, emphasis, code, links and cells.
_MARKDOWN = re.compile(
    r"^[ \t]{0,8}(?:#{1,6}(?=[ \t])|>+(?=[ \t])|(?:```|~~~).*$|[|:=_ *-]{3,}$)"
    r"|(?<!\w)(?:\*{1,3}|_{1,3}|~~)(?=[^\s*_~])|(?<=[^\s*_~])(?:\*{1,3}|_{1,3}|~~)(?!\w)|`+|\|"
    r"|!?\[(?=[^\]\n]{1,200}\]\()|\]\([^)\n]{0,500}\)",
    re.M,
)


class _Piece(NamedTuple):
    """Words, or a sign of Markdown between them."""

    text: str
    sign: bool = False


class _Run(NamedTuple):
    """Words of one look but for the signs in them; ``style`` is a class of the style sheet, empty for plain words."""

    pieces: Sequence[_Piece]
    style: str = ""


class _Part(NamedTuple):
    """The cited words, or those before or behind them."""

    runs: Sequence[_Run]
    cited: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a text as it is shown.

    Attributes:
        html: Escaped HTML of ``text[first:last]``.
        first: Where it begins in the text.
        last: Where it ends.
        before: Where the window before it begins; None at the start of the text.
        after: Where the window after it begins; None at the end of the text.
    """

    html: Markup
    first: int
    last: int
    before: int | None
    after: int | None


def window(
    text: str, blocks: Sequence[Block], start: int, end: int, at: int | None = None, markdown: bool = False
) -> Window:
    """Return the window around ``text[start:end]``, or the one that begins at ``at``.

    Windows follow each other without a gap. A span that is longer than a window is marked as far as it is shown.
    Every character of the text is in it.

    Args:
        text: The canonical text of a document.
        blocks: Its blocks, in order; headings and code are styled.
        start: The first character of the cited span, an offset into ``text``.
        end: The character behind it; the same as ``start`` marks nothing.
        at: Where the window begins, as ``before`` or ``after`` of another window says.
        markdown: Whether the signs of Markdown between the words are styled to stand back.

    Returns:
        The window, at most ``SIZE`` characters but for the rest of a line.
    """
    first = _line_end(text, max(0, start - _BEFORE), start) if at is None else min(max(0, at), len(text))
    last = _line_end(text, min(len(text), first + SIZE - _REACH), first + SIZE)
    before = None if first == 0 else 0 if first <= SIZE - _REACH else _line_end(text, first - SIZE + _REACH, first)
    after = None if last >= len(text) else last
    parts = _parts(text, blocks, first, last, start, end, markdown)
    return Window(render("source_text", "window", parts=parts), first, last, before, after)


def cited_html(text: str) -> Markup:
    """Return the HTML of a text that was cited as a whole."""
    return render("source_text", "window", parts=[_Part([_Run([_Piece(text)])], cited=True)])


def heading_path(text: str, blocks: Sequence[Block], offset: int) -> tuple[str, ...]:
    """Return the headings under which ``offset`` stands, outermost first.

    Args:
        text: The canonical text of a document.
        blocks: Its blocks, in order.
        offset: A character of the text.

    Returns:
        The words of each heading, without signs of Markdown around them.
    """
    path: list[tuple[int, str]] = []
    for block in blocks[: bisect_right(blocks, offset, key=lambda block: block.start)]:
        if block.kind == "heading" and block.end <= offset:
            while path and path[-1][0] >= block.level:
                path.pop()
            words = " ".join(text[block.start : block.end].split()).strip("#=- ")
            path.append((block.level, words))
    return tuple(words for _, words in path if words)


def _line_end(text: str, position: int, limit: int) -> int:
    """Return the first end of a line from ``position`` on, else of a word, else ``position``; not beyond ``limit``."""
    if position <= 0 or position >= len(text):
        return max(0, min(position, len(text)))
    reach = min(position + _REACH, limit, len(text))
    for separator in ("\n", " "):
        end = text.find(separator, position - 1, reach)
        if end >= 0:
            return end + 1
    return position


def _parts(
    text: str, blocks: Sequence[Block], first: int, last: int, start: int, end: int, markdown: bool
) -> list[_Part]:
    """Return ``text[first:last]``, cut at the ends of the cited span."""
    start, end = max(start, first), min(end, last)
    styled = [block for block in blocks if _style(block) and block.start < last and block.end > first]
    signs = [match.span() for match in _MARKDOWN.finditer(text, first, last)] if markdown else []
    cuts = [(first, start, False), (start, end, True), (end, last, False)] if start < end else [(first, last, False)]
    return [_Part(list(_runs(text, styled, signs, begin, stop)), cited) for begin, stop, cited in cuts]


def _style(block: Block) -> str:
    """Return the class of a block that does not look like plain text."""
    if block.kind == "heading":
        return f"source-heading level-{min(max(block.level, 1), 6)}"
    return "source-code" if block.kind == "code" else ""


def _runs(
    text: str, blocks: Sequence[Block], signs: Sequence[tuple[int, int]], first: int, last: int
) -> Iterator[_Run]:
    """Yield ``text[first:last]``, its headings and code styled, also those that are cut by an end of it."""
    position = first
    for block in blocks:
        begin, stop = max(block.start, position), min(block.end, last)
        if begin < stop:
            yield _Run(list(_pieces(text, signs, position, begin)))
            # In code a star is a star.
            yield _Run(list(_pieces(text, () if block.kind == "code" else signs, begin, stop)), _style(block))
            position = stop
    yield _Run(list(_pieces(text, signs, position, last)))


def _pieces(text: str, signs: Sequence[tuple[int, int]], first: int, last: int) -> Iterator[_Piece]:
    """Yield ``text[first:last]``, cut at the signs in it."""
    position = first
    for start, end in signs[bisect_right(signs, first, key=lambda sign: sign[1]) :]:
        if start >= last:
            break
        begin, stop = max(start, position), min(end, last)
        yield _Piece(text[position:begin])
        yield _Piece(text[begin:stop], sign=True)
        position = stop
    yield _Piece(text[position:last])
