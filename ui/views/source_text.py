"""A part of a document as HTML, the cited words marked. Pure.

Owns: how much of a document is shown around a span, its outline, and the headings above a place. Knows nothing about
indexes or files.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup

from rag.load.media_types import CSV, JSON, JSONL, ODS, TSV, XLS, XLSB, XLSX, XML
from rag.types import Block
from ui.views.source_blocks import Shower, SourceText
from ui.views.source_parts import extent
from ui.views.source_pieces import Group, Marker, Piece
from ui.views.templates import render

_SHEETS = (CSV, TSV, XLSX, XLSB, XLS, ODS)
# A file of records is a grid where it holds nothing but rows, and more of them than a page.
_RECORDS = (JSON, JSONL, XML)
_MANY_ROWS = 40
_MOST_HEADINGS = 400
_LONGEST_HEADING = 120
_MOST_PLACES, _LONGEST_SEARCH = 1_000, 200


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a document as it is shown.

    Attributes:
        html: Escaped HTML of ``text[first:last]``.
        first: Where it begins in the text.
        last: Where it ends.
        before: Where the part before it begins; None at the start of the text.
        after: Where the part after it begins; None at the end of the text.
    """

    html: Markup
    first: int
    last: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document: where it begins, its depth from 1, and its words."""

    at: int
    level: int
    words: str


def is_grid(source: SourceText) -> bool:
    """Tell whether a document is shown as the grid of a spreadsheet."""
    if source.media_type in _SHEETS:
        return True
    return (
        source.media_type in _RECORDS
        and len(source.blocks) > _MANY_ROWS
        and all(block.kind == "row" for block in source.blocks)
    )


def window(
    source: SourceText,
    start: int = 0,
    end: int = 0,
    at: int | None = None,
    others: Sequence[tuple[int, int]] = (),
    answer: tuple[int, int] = (0, 0),
) -> Window:
    """Return the part of a document around ``text[start:end]``, or the one that begins at ``at``.

    Windows follow each other without a gap. A span that is longer than a window is marked as far as it is shown. Every
    word of the text is in one.

    Args:
        source: The document.
        start: The first character of the cited span, an offset into its text.
        end: The character behind it; the same as ``start`` marks nothing.
        at: Where the window begins, as ``before`` or ``after`` of another window says.
        others: Spans that are cited beside it, which are marked lightly.
        answer: The cell of a cited row that answers the question; an empty span for none.

    Returns:
        The window.
    """
    grid = is_grid(source)
    shown = extent(source.text, () if source.is_code else source.blocks, start, at)
    marker = Marker(source.text, start, end, others, answer)
    elements = Shower(source, marker, grid).elements(shown.first, shown.last)
    html = render("source_text", "window", elements=elements, grid=grid)
    return Window(html, shown.first, shown.last, shown.before, shown.after)


def cited_html(text: str) -> Markup:
    """Return the HTML of a text that was cited as a whole."""
    return render("source_text", "alone", groups=[Group((Piece(text),), "cited", first=True)])


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
            path.append((block.level, _words(text, block)))
    return tuple(words for _, words in path if words)


def outline(source: SourceText) -> tuple[Heading, ...]:
    """Return the headings of a document in order; of very many those that stand highest."""
    blocks = [block for block in source.blocks if block.kind == "heading"]
    deepest = max((block.level for block in blocks), default=0)
    while len(blocks) > _MOST_HEADINGS and deepest > 1:
        deepest -= 1
        blocks = [block for block in blocks if block.level <= deepest]
    headings = (Heading(block.start, block.level, _words(source.text, block)) for block in blocks[:_MOST_HEADINGS])
    return tuple(heading for heading in headings if heading.words)


def find(text: str, words: str) -> list[tuple[int, int]]:
    """Return where words stand in a text, whatever white space is between them and whether in capitals or not.

    Args:
        text: The text.
        words: What is searched for; without a letter nothing is found.

    Returns:
        The first and the last offset of each place, the first `_MOST_PLACES` of them.
    """
    pattern = r"\s+".join(map(re.escape, words[:_LONGEST_SEARCH].split()))
    places = re.finditer(pattern, text, re.IGNORECASE) if pattern else iter(())
    return [match.span() for match in islice(places, _MOST_PLACES)]


def _words(text: str, block: Block) -> str:
    return " ".join(text[block.start : block.end].split()).strip("#=- ")[:_LONGEST_HEADING]
