"""What stands on the pages of a PDF beside its text: running heads and feet, page numbers, tables of contents.

Owns: telling such pieces from the text by where they stand and how they repeat. Knows nothing about PDF files or about
what becomes of the pieces.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rag.load.pdf_layout import LayoutBlock

# So many of the highest and of the lowest pieces of a page may be running heads and feet, on so many pages, no longer
# than this.
_EDGE, _REPEATS, _LONGEST = 2, 3, 160
_NUMBER = re.compile(r"\d{1,4}")
_PAGE_NUMBER = re.compile(r"(?:^|(?<=\s))\d{1,4}$|^\d{1,4}(?=\s)")
_LEADER = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}$")
_ENTRY = re.compile(r"(?:\d|[IVX]+\b|(?:item|chapter|part|section|appendix|annex)\b)", re.I)
# A table of contents without dots has at least so many entries, one below the other.
_ENTRIES = 6

Pages = Sequence[Sequence[LayoutBlock]]


def find_margins(pages: Pages) -> set[int]:
    """The ids of the pieces that are part of a document's text and say nothing of its matter."""
    return {id(piece) for find in (_repeated, _numbered, _contents) for piece in find(pages)}


def _repeated(pages: Pages) -> Iterator[LayoutBlock]:
    """Outermost pieces that say the same on several pages, or the same but for a number that goes with the page's.

    What says the very same is left on the first page: a letterhead holds facts.
    """
    found: dict[tuple[str, str, int | None], list[LayoutBlock]] = {}
    for number, piece in _outermost(pages):
        found.setdefault((piece.text, "", None), []).append(piece)
        for match in _NUMBER.finditer(piece.text):
            around = piece.text[: match.start()], piece.text[match.end() :]
            found.setdefault((*around, int(match.group()) - number), []).append(piece)
    for (_, _, counted), alike in found.items():
        if len(alike) >= _REPEATS:
            yield from alike[1:] if counted is None else alike


def _numbered(pages: Pages) -> Iterator[LayoutBlock]:
    """Outermost pieces that begin or end with the number of their page, whatever else they say: "5.3 Fields  33"."""
    found = [
        (int(match.group()) - number, number, piece)
        for number, piece in _outermost(pages)
        for match in _PAGE_NUMBER.finditer(piece.text)
    ]
    counts = Counter(first for first, _ in {(first, number) for first, number, _ in found})
    # Ties go to the smallest, so that a document is always read alike.
    usual = min(counts, key=lambda first: (-counts[first], first), default=0)
    if counts[usual] >= max(_REPEATS, len(pages) // 3):
        yield from (piece for first, _, piece in found if first == usual)


def _contents(pages: Pages) -> Iterator[LayoutBlock]:
    """The lines of a table of contents: dots and a number, or a run of titles with growing page numbers."""
    for page in pages:
        run: list[LayoutBlock] = []
        last = 0
        for piece in page:
            if _LEADER.search(piece.text):
                yield piece
            number = _page_named(piece)
            if last <= number <= len(pages):
                run.append(piece)
                last = number
                continue
            if piece.kind != "row" and len(piece.text) <= 40:
                continue
            yield from run if len(run) >= _ENTRIES else ()
            run, last = [], 0
        yield from run if len(run) >= _ENTRIES else ()


def _page_named(piece: LayoutBlock) -> int:
    """The number at the end of a row that names a part of a document; -1 for any other piece."""
    last = piece.lines[-1].cells[-1].text
    return int(last) if piece.kind == "row" and last.isdecimal() and len(last) < 5 and _ENTRY.match(piece.text) else -1


def _outermost(pages: Pages) -> Iterator[tuple[int, LayoutBlock]]:
    for number, page in enumerate(pages):
        by_height = sorted(page, key=lambda piece: piece.lines[0].box[1])
        edges = {id(piece): piece for piece in (*by_height[:_EDGE], *by_height[-_EDGE:])}
        yield from ((number, piece) for piece in edges.values() if len(piece.text) <= _LONGEST)
