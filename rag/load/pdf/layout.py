"""Read the blocks of a page.

Owns: the way from an open page to its blocks. It depends on that page alone, so that ``boxes`` can read a page again,
long after the document was indexed, and find the same glyph behind each character.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.load.pdf.blocks import layout_blocks
from rag.load.pdf.glyph_data import GlyphData
from rag.load.pdf.glyphs import boldness, page_glyphs
from rag.load.pdf.lines import join_runs
from rag.load.pdf.raised_glyphs import write_raised
from rag.load.pdf.types import LayoutBlock

# A page of fewer characters is a picture of one, perhaps with a number on it.
_FEW_CHARACTERS = 20


def page_blocks(page: Any, text_page: Any) -> list[LayoutBlock]:
    """Return the blocks of a page, in reading order.

    Args:
        page: PDFium's page.
        text_page: PDFium's text of that page.

    Returns:
        Blocks with their text; none for a page without text.
    """
    data = GlyphData(text_page)
    lines = [write_raised(run) for run, _ in join_runs(page_glyphs(page, data))]
    return layout_blocks(lines, boldness(data))


def is_scanned(blocks: Sequence[LayoutBlock]) -> bool:
    """Tell whether a page holds so little text that it is read by OCR."""
    return sum(len(block.text) for block in blocks) < _FEW_CHARACTERS
