"""Each glyph that a PDF page shows stands in the page's text, whatever the layout makes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.load.pdf import layout
from rag.load.pdf.blocks import layout_blocks
from rag.load.pdf.pdfium import open_document, open_page, open_text_page
from rag.load.pdf.types import Box, Glyph, LayoutBlock
from tests.load.test_pdf_tables import Page
from tests.reading.expectations import FILES

_WORDS = (
    "a",
    "14",
    "$",
    "(5)%",
    "2024",
    "Kiln",
    "fired twice,",
    "June 30,",
    "By:",
    "☐",
    "—",
    "cross-",
    "over",
    "Total",
)
_PLACES = st.tuples(st.sampled_from(_WORDS), st.integers(0, 60), st.integers(0, 24))


def lost_words(runs: Sequence[Sequence[Glyph]], blocks: Sequence[LayoutBlock]) -> list[str]:
    """Return the words whose glyphs stand nowhere in the text, and which are not said as names.

    Hyphens aside, and the dots that lead to a value.
    """
    standing = {number for block in blocks for number in block.glyph_numbers}
    said = "".join("".join(block.text.split()) for block in blocks)
    lost = []
    for run in runs:
        drawn = [(each, glyph.number + at) for glyph in run for at, each in enumerate(glyph.character)]
        words = groupby(drawn, key=lambda pair: pair[1] >= 0 and pair[1] not in standing and pair[0] not in " -\xad")
        lost += ["".join(each for each, _ in word) for is_lost, word in words if is_lost]
    return [word for word in lost if word not in said and word.strip(".")]


def repeated_glyphs(blocks: Sequence[LayoutBlock]) -> list[int]:
    """Return the numbers of the glyphs that stand in a text twice."""
    counts = Counter(number for block in blocks for number in block.glyph_numbers if number >= 0)
    return [number for number, count in counts.items() if count > 1]


def is_bold(number: int) -> bool:
    return number % 7 == 0


@settings(max_examples=300)
@given(st.lists(_PLACES, max_size=60))
def test_pages_of_any_pieces_are_read_and_lose_nothing(places: list[tuple[str, int, int]]) -> None:
    page = Page()
    for text, x, line in places:
        page.draw(text, 9.0 * x, line / 1.5)
    blocks = layout_blocks(page.runs, is_bold)
    assert lost_words(page.runs, blocks) == []
    assert repeated_glyphs(blocks) == []
    assert all(len(block.text) == len(block.glyph_numbers) == len(block.line_numbers) for block in blocks)


@given(st.lists(_PLACES, max_size=40), st.integers(1, 6), st.integers(1, 12))
def test_ruled_pages_lose_nothing(places: list[tuple[str, int, int]], columns: int, rows: int) -> None:
    page = Page()
    for text, x, line in places:
        page.draw(text, 9.0 * x, line)
    level: list[Box] = [(0.0, 24.0 * row, 540.0, 24.0 * row) for row in range(rows + 1)]
    upright: list[Box] = [(540.0 * at / columns, 0.0, 540.0 * at / columns, 24.0 * rows) for at in range(columns + 1)]
    blocks = layout_blocks(page.runs, is_bold, [*level, *upright])
    assert lost_words(page.runs, blocks) == []
    assert repeated_glyphs(blocks) == []


def test_a_row_of_very_many_cells_is_read() -> None:
    page = Page()
    for line in range(3):
        page.row(line, **{f"x{20 * at}": "7" for at in range(80)})
    assert lost_words(page.runs, page.blocks()) == []


@pytest.mark.parametrize("path", sorted(FILES.glob("pdf*/*.pdf")), ids=lambda path: path.stem)
def test_files_lose_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[tuple[Sequence[Sequence[Glyph]], list[LayoutBlock]]] = []

    def watched(
        runs: Sequence[Sequence[Glyph]], is_bold: Callable[[int], bool], rulings: Sequence[Box]
    ) -> list[LayoutBlock]:
        pages.append((runs, layout_blocks(runs, is_bold, rulings)))
        return list(pages[-1][1])

    monkeypatch.setattr(layout, "layout_blocks", watched)
    with open_document(path.read_bytes()) as document:
        for number in range(len(document)):
            with open_page(document, number) as page, open_text_page(page) as text_page:
                layout.read_page(page, text_page)
    for runs, blocks in pages:
        # Words of an annotation share one number.
        alone = [[glyph for glyph in run if glyph.box or glyph.character == " "] for run in runs]
        assert lost_words(alone, blocks) == []
