"""The pages of a PDF as a reader sees them: their sizes, the words over their pictures, and their headings.

Owns: how the words on a page lie in the canonical text. Knows nothing about citations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from rag.errors import LoadError
from rag.text import printable, shorten
from rag.types import Block, page_of
from ui.service.page_reader import PageFile, page_reader

_MOST_HEADINGS, _LONGEST_HEADING = 500, 120

_Entry = TypeVar("_Entry")
# Width and height of pages in points, each with how many pages in a row have them.
Sizes = tuple[tuple[float, float, int], ...]


def size_of(sizes: Sizes, page: int) -> tuple[float, float] | None:
    """Return the size of a page, counted from 1, in points; None where there is none of that number."""
    for width, height, count in sizes:
        page -= count
        if page <= 0:
            return max(width, 1.0), max(height, 1.0)
    return None


def words_on_page(file: PageFile | None, sizes: Sizes, text: str, pages: Sequence[int], page: int) -> dict[str, Any]:
    """Return the words of a page, and where they lie on it.

    Args:
        file: The PDF; None where it is gone.
        sizes: The sizes of its pages.
        text: The canonical text.
        pages: The offsets at which its pages start.
        page: The number of the page, counted from 1.

    Returns:
        ``runs``: a list for each run of words, with its words, the offset of the first in the canonical text (-1 where
        that is not known), its left, top, width and height in percent of the page, its turn in degrees, and whether a
        paragraph ends behind it. ``text``: the canonical text of the page where no runs are known, else "".
    """
    start, end = pages[page - 1], pages[page] if page < len(pages) else len(text)
    size = size_of(sizes, page)
    own = text[start:end].strip()
    try:
        words = page_reader().words(file, page) if file and size else None
    except LoadError:
        words = None
    if words is None or size is None or not words["runs"]:
        return {"runs": [], "text": printable(own)}
    runs, found = [], 0
    is_same = text.startswith(words["text"], start)
    for run_text, at, left, top, right, bottom, turn, ends_block in words["runs"]:
        offset = start + at if at >= 0 else -1
        if not is_same and at >= 0:
            # Names of tables were carried over from page to page, or words recognised in pictures stand beside.
            offset = text.find(run_text.strip(), max(start, found), end)
            found = offset + len(run_text.strip()) if offset >= 0 else found
        across, down = 100 / size[0], 100 / size[1]
        place = left * across, top * down, (right - left) * across, (bottom - top) * down
        runs.append([printable(run_text), offset, *(round(share, 3) for share in place), turn, ends_block])
    if all(run[1] < 0 for run in runs):
        # What was read on the page is not what its letters say: it was recognised in a picture.
        return {"runs": [], "text": printable(own)}
    return {"runs": runs, "text": ""}


def outline_of(
    file: PageFile | None, text: str, blocks: Sequence[Block], pages: tuple[int, ...]
) -> list[tuple[str, int, int]]:
    """Return the table of contents of a PDF: its own bookmarks, else the headings that were read.

    Args:
        file: The PDF; None where it is gone.
        text: The canonical text.
        blocks: Its blocks.
        pages: The offsets at which its pages start.

    Returns:
        The words, the level from 1, and the page from 1 of each; the deepest levels are left out where there are too
        many.
    """
    own = page_reader().outline(file) if file else ()
    if own:
        entries = _few_enough(own, lambda entry: entry[1])
        return [(printable(shorten(words, _LONGEST_HEADING)), level, page) for words, level, page in entries]
    headings = _few_enough([block for block in blocks if block.level], lambda block: block.level)
    return [
        (printable(shorten(" ".join(text[block.start : block.end].split()), _LONGEST_HEADING)), block.level, page)
        for block in headings
        if (page := page_of(pages, block.start))
    ]


def _few_enough(entries: Sequence[_Entry], level: Callable[[_Entry], int]) -> Sequence[_Entry]:
    """Return entries without their deepest levels, where there are too many."""
    while len(entries) > _MOST_HEADINGS and len({level(entry) for entry in entries}) > 1:
        deepest = max(level(entry) for entry in entries)
        entries = [entry for entry in entries if level(entry) < deepest]
    return entries[:_MOST_HEADINGS]
