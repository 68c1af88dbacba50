"""A window of a text as HTML, a span of it marked. Pure.

Owns: how much of a document is shown around a span, and the one mark around exactly its words. Knows nothing about
indexes or files.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rag.types import Block
from ui.views.escape import escape

# Characters shown at once, and how many of them stand before the span.
SIZE = 16_000
_BEFORE = 4_000
# How far an edge may move to the end of a line or a word.
_REACH = 1_000
# What Markdown's writers add to the words: signs of headings, quotes, fences, rules, emphasis, code, links and cells.
_MARKDOWN = re.compile(
    r"^[ \t]{0,8}(?:#{1,6}(?=[ \t])|>+(?=[ \t])|(?:```|~~~).*$|[|:=_ *-]{3,}$)"
    r"|(?<!\w)(?:\*{1,3}|_{1,3}|~~)(?=[^\s*_~])|(?<=[^\s*_~])(?:\*{1,3}|_{1,3}|~~)(?!\w)|`+|\|"
    r"|!?\[(?=[^\]\n]{1,200}\]\()|\]\([^)\n]{0,500}\)",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Window:
    """``text[first:last]`` as HTML; ``before`` and ``after`` are where the neighbouring windows begin."""

    html: str
    first: int
    last: int
    before: int | None
    after: int | None


def window(
    text: str, blocks: Sequence[Block], start: int, end: int, at: int | None = None, markdown: bool = False
) -> Window:
    """The window around ``text[start:end]``, or the one that begins at ``at``.

    Windows follow each other without a gap. A span that is longer than a window is marked as far as it is shown.
    Every character of the text is in it; with ``markdown`` the signs between the words are dressed to stand back.
    """
    first = _edge(text, max(0, start - _BEFORE), start) if at is None else min(max(0, at), len(text))
    last = _edge(text, min(len(text), first + SIZE - _REACH), first + SIZE)
    before = None if first == 0 else 0 if first <= SIZE - _REACH else _edge(text, first - SIZE + _REACH, first)
    after = None if last >= len(text) else last
    return Window(_html(text, blocks, first, last, start, end, markdown), first, last, before, after)


def heading_path(text: str, blocks: Sequence[Block], offset: int) -> tuple[str, ...]:
    """The headings under which ``offset`` stands, outermost first."""
    path: list[tuple[int, str]] = []
    for block in blocks[: bisect_right(blocks, offset, key=lambda block: block.start)]:
        if block.kind == "heading" and block.end <= offset:
            while path and path[-1][0] >= block.level:
                path.pop()
            words = " ".join(text[block.start : block.end].split()).strip("#=- ")
            path.append((block.level, words))
    return tuple(words for _, words in path if words)


def _edge(text: str, position: int, limit: int) -> int:
    """The first end of a line from ``position`` on, else of a word, else ``position``; never beyond ``limit``."""
    if position <= 0 or position >= len(text):
        return max(0, min(position, len(text)))
    reach = min(position + _REACH, limit, len(text))
    for mark in ("\n", " "):
        found = text.find(mark, position - 1, reach)
        if found >= 0:
            return found + 1
    return position


def _html(text: str, blocks: Sequence[Block], first: int, last: int, start: int, end: int, markdown: bool) -> str:
    start, end = max(start, first), min(end, last)
    marked = start < end
    dressed = [block for block in blocks if _dress(block) and block.start < last and block.end > first]
    signs = [found.span() for found in _MARKDOWN.finditer(text, first, last)] if markdown else []

    def part(begin: int, stop: int) -> str:
        return _part(text, dressed, signs, begin, stop)

    pieces = [part(first, start if marked else last)]
    if marked:
        pieces += [f'<mark id="cited">{part(start, end)}</mark>', part(end, last)]
    return f'<div class="source-text">{"".join(pieces)}</div>'


def _dress(block: Block) -> str:
    """The class of a block that does not look like plain text."""
    if block.kind == "heading":
        return f"source-heading level-{min(max(block.level, 1), 6)}"
    return "source-code" if block.kind == "code" else ""


def _part(text: str, blocks: Sequence[Block], signs: Sequence[tuple[int, int]], first: int, last: int) -> str:
    """``text[first:last]`` with its headings and code dressed; one that is cut by an edge is dressed on both sides."""
    pieces: list[str] = []
    position = first
    for block in blocks:
        begin, stop = max(block.start, position), min(block.end, last)
        if begin < stop:
            pieces.append(_words(text, signs, position, begin))
            # In code a star is a star.
            inner = _words(text, () if block.kind == "code" else signs, begin, stop)
            pieces.append(f'<span class="{_dress(block)}">{inner}</span>')
            position = stop
    pieces.append(_words(text, signs, position, last))
    return "".join(pieces)


def _words(text: str, signs: Sequence[tuple[int, int]], first: int, last: int) -> str:
    """``text[first:last]``, the signs in it dressed."""
    pieces: list[str] = []
    position = first
    for start, end in signs[bisect_right(signs, first, key=lambda sign: sign[1]) :]:
        begin, stop = max(start, position), min(end, last)
        if start >= last:
            break
        pieces.append(escape(text[position:begin]))
        pieces.append(f'<span class="source-sign">{escape(text[begin:stop])}</span>')
        position = stop
    pieces.append(escape(text[position:last]))
    return "".join(pieces)
