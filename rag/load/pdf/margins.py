"""Find what stands on the pages of a PDF beside its text: running heads and feet, page numbers, tables of contents.

Owns: telling such blocks from the text by where they stand and how they repeat. Knows nothing about PDF files or about
what becomes of the blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rag.load.pdf.types import LayoutBlock

# So many of the highest and so many of the lowest blocks of a page may be running heads and feet.
_EDGE_BLOCKS = 2
# On fewer pages than this, nothing runs.
_MIN_PAGES = 3
# The longest running head or foot, in characters.
_LONGEST = 160
_NUMBER = re.compile(r"\d{1,4}")
_NUMBER_AT_AN_END = re.compile(r"(?:^|(?<=\s))\d{1,4}$|^\d{1,4}(?=\s)")
# The dots that lead to a page number.
_LEADER = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}$")
_CONTENTS_ENTRY = re.compile(r"(?:\d|[IVX]+\b|(?:item|chapter|part|section|appendix|annex)\b)", re.I)
# A table of contents without dots has at least so many entries, one below the other.
_MIN_ENTRIES = 6
# A block of at most so many characters between two entries does not end a table of contents.
_SHORT = 40

Pages = Sequence[Sequence[LayoutBlock]]


def find_margins(pages: Pages) -> set[int]:
    """Return the ids (of ``id()``) of the blocks that are part of a document's text and say nothing of its matter."""
    finders = (_repeated_blocks, _numbered_blocks, _contents_entries)
    return {id(block) for find in finders for block in find(pages)}


def _repeated_blocks(pages: Pages) -> Iterator[LayoutBlock]:
    """Yield outermost blocks of the same text on several pages, or the same but for a number that grows by page.

    What is the very same is left on the first page: a letterhead holds facts.
    """
    # Keys: the text around a number, and by how much that number exceeds its page's; or the whole text and None.
    alike: dict[tuple[str, str, int | None], list[LayoutBlock]] = {}
    for page_number, block in _outermost_blocks(pages):
        alike.setdefault((block.text, "", None), []).append(block)
        for match in _NUMBER.finditer(block.text):
            around = block.text[: match.start()], block.text[match.end() :]
            alike.setdefault((*around, int(match.group()) - page_number), []).append(block)
    for (_, _, offset), blocks in alike.items():
        if len(blocks) >= _MIN_PAGES:
            yield from blocks[1:] if offset is None else blocks


def _numbered_blocks(pages: Pages) -> Iterator[LayoutBlock]:
    """Yield outermost blocks that begin or end with the number of their page, whatever else they say.

    Such as "5.3 Fields  33".
    """
    # The offset is that of the printed page numbers to the pages', which count from 0.
    candidates = [
        (int(match.group()) - page_number, page_number, block)
        for page_number, block in _outermost_blocks(pages)
        for match in _NUMBER_AT_AN_END.finditer(block.text)
    ]
    pages_per_offset = Counter(offset for offset, _ in {(offset, number) for offset, number, _ in candidates})
    # Ties go to the smallest offset, so that a document is always read alike.
    usual = min(pages_per_offset, key=lambda offset: (-pages_per_offset[offset], offset), default=0)
    if pages_per_offset[usual] >= max(_MIN_PAGES, len(pages) // 3):
        yield from (block for offset, _, block in candidates if offset == usual)


def _contents_entries(pages: Pages) -> Iterator[LayoutBlock]:
    """Yield the lines of a table of contents: dots and a number, or a run of titles with growing page numbers."""
    for page in pages:
        run: list[LayoutBlock] = []
        last_number = 0
        for block in page:
            if block.text[-1:].isdecimal() and _LEADER.search(block.text):
                yield block
            number = _named_page(block)
            if last_number <= number <= len(pages):
                run.append(block)
                last_number = number
                continue
            if block.kind != "row" and len(block.text) <= _SHORT:
                continue
            yield from run if len(run) >= _MIN_ENTRIES else ()
            run, last_number = [], 0
        yield from run if len(run) >= _MIN_ENTRIES else ()


def _named_page(block: LayoutBlock) -> int:
    """Return the number at the end of a row that names a part of a document; -1 for any other block."""
    if block.kind != "row":
        return -1
    last = block.lines[-1].cells[-1].text
    is_entry = last.isdecimal() and len(last) < 5 and _CONTENTS_ENTRY.match(block.text)
    return int(last) if is_entry else -1


def _outermost_blocks(pages: Pages) -> Iterator[tuple[int, LayoutBlock]]:
    """Yield the highest and the lowest short blocks of each page, with the number of the page from 0."""
    for page_number, page in enumerate(pages):
        by_height = sorted(page, key=lambda block: block.lines[0].box[1])
        edges = {id(block): block for block in (*by_height[:_EDGE_BLOCKS], *by_height[-_EDGE_BLOCKS:])}
        yield from ((page_number, block) for block in edges.values() if len(block.text) <= _LONGEST)
