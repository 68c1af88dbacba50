"""Tell the headings of a PDF from its paragraphs.

Owns: what a bookmark says of it, and else the guess, by size, weight and length. Knows nothing about PDF files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rag.load.pdf.types import LayoutBlock

# A heading has at most so many lines, and so many characters.
_MAX_LINES, _MAX_CHARACTERS = 3, 150
_LOWEST = 6
# The height of a heading's lines to that of the body's, for the first and the second level.
_FIRST_LEVEL, _SECOND_LEVEL = 1.6, 1.15


def body_height(pages: Iterable[Sequence[LayoutBlock]]) -> float:
    """Return the height, in points, of the lines that hold most of the text; 0 for a document without any."""
    heights: Counter[float] = Counter()
    for page in pages:
        for block in page:
            for line in block.lines:
                heights[round(line.height * 2) / 2] += len(line.text)
    return heights.most_common(1)[0][0] if heights else 0.0


def bookmarked(bookmarks: Iterable[tuple[str, int, int]]) -> dict[tuple[int, str], int]:
    """Return the levels of headings by page, from 0, and plain words.

    Args:
        bookmarks: The words, the level from 1 and the page from 1 of each.
    """
    return {(page - 1, plain(words)): min(level, _LOWEST) for words, level, page in bookmarks}


def plain(words: str) -> str:
    """Return the letters and digits of a heading in small letters: bookmarks leave out signs and spaces."""
    return "".join(filter(str.isalnum, words[: 2 * _MAX_CHARACTERS].casefold()))


def heading_level(block: LayoutBlock, body: float, marked: int = 0) -> int:
    """Guess the level of a heading: larger than the body's letters, or bold, and as short as headings are.

    The guess errs towards none: a paragraph that is taken for a heading would stand above what follows.

    Args:
        block: A block of any kind.
        body: The height of the body's lines, in points.
        marked: The level of the bookmark with its words on its page; 0 for none.

    Returns:
        1 (the top) to 6, or 0 where the block is no heading.
    """
    text = block.text
    if marked and block.kind in ("paragraph", "item"):
        return marked
    is_short = len(block.lines) <= _MAX_LINES and len(text) <= _MAX_CHARACTERS
    if block.kind != "paragraph" or not is_short:
        return 0
    letters = sum(character.isalpha() for character in text)
    if letters < 3 or letters < 0.5 * len(text.replace(" ", "")) or text.endswith((".", ",", ";", ":")):
        return 0
    ratio = block.height / body if body else 1.0
    if ratio >= _FIRST_LEVEL:
        return 1
    if ratio >= _SECOND_LEVEL:
        return 2
    return 3 if block.bold and ratio > 0.9 else 0
