"""Find the boxes of a span on the pages of its PDF.

Owns: the way from offsets of a document's text back to glyphs on a page, which is read again for it. Knows nothing
about citations.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.pdf.annotations import annotation_box
from rag.load.pdf.glyph_data import GlyphData
from rag.load.pdf.layout import PageReading, read_page
from rag.load.pdf.pdfium import open_document, open_page, open_text_page, page_transform
from rag.load.pdf.types import Box, LayoutBlock, enclosing_box

# The number of the page, from 1, and x0, y0, x1, y1 in points from the top left of the visible page.
PageBox = tuple[int, float, float, float, float]


def span_boxes(
    source: bytes | Path, document_pages: tuple[int, ...], start: int, end: int, expected: str | None = None
) -> tuple[PageBox, ...]:
    """Return where ``text[start:end]`` of a document stands on its pages, a box a line.

    Args:
        source: The PDF, or the path to it.
        document_pages: The offset of the text where each page starts.
        start: The offset where the span begins.
        end: The offset behind its last character.
        expected: The words of the span. When the pages no longer hold them (white space aside), there are no boxes:
            none are better than wrong ones.

    Returns:
        ``(page, x0, y0, x1, y1)`` a line: the page from 1, the rest in points from the top left of the visible page. A
        page that was read by OCR gives its whole area. None when the file cannot be read.
    """
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
        with open_document(data) as document:
            return find_boxes(document, document_pages, start, end, expected)
    except (OSError, LoadError, pypdfium2.PdfiumError):
        return ()


def find_boxes(
    document: Any, document_pages: tuple[int, ...], start: int, end: int, expected: str | None
) -> tuple[PageBox, ...]:
    """Return the boxes of a span in an open document, as ``span_boxes`` does.

    Args:
        document: PDFium's document.
        document_pages: The offset of the text where each page starts.
        start: The offset where the span begins.
        end: The offset behind its last character.
        expected: The words of the span, or None.

    Returns:
        ``(page, x0, y0, x1, y1)`` a line.
    """
    boxes, words = _boxes_and_words(document, document_pages, start, end, expected)
    if expected is not None and words is not None and "".join(words.split()) != "".join(expected.split()):
        return ()
    return tuple(boxes)


def _boxes_and_words(
    document: Any, document_pages: tuple[int, ...], start: int, end: int, expected: str | None
) -> tuple[list[PageBox], str | None]:
    """Return the boxes of a span, and its words as the pages hold them now; None for words that OCR read."""
    page_boxes: list[PageBox] = []
    words: list[str] = []
    by_ocr = False
    for number, page_start in enumerate(document_pages[: len(document)]):
        page_end = document_pages[number + 1] if number + 1 < len(document_pages) else end
        if page_start >= end or page_end <= start or page_end == page_start:
            continue
        with open_page(document, number) as page, open_text_page(page) as text_page:
            reading = read_page(page, text_page)
            text, glyph_numbers, line_numbers = page_text(reading.blocks)
            span = slice(max(0, start - page_start), max(0, min(end, page_end) - page_start))
            is_other = reading.letters == "implausible" and expected is not None and not _holds(expected, text[span])
            if is_other or _is_recognised(reading, len(text), page_end - page_start, span):
                by_ocr = True
                page_boxes.append((number + 1, *_picture_box(page, reading)))
                continue
            words.append(text[span])
            for box in _line_boxes(page, text_page, glyph_numbers[span], line_numbers[span]):
                page_boxes.append((number + 1, *box))
    return page_boxes, None if by_ocr else "".join(words)


def _holds(expected: str, words: str) -> bool:
    """Tell whether a text holds some words, white space aside."""
    return "".join(words.split()) in "".join(expected.split())


def _is_recognised(reading: PageReading, own_length: int, length: int, span: slice) -> bool:
    """Tell whether a span is of words that were recognised in the picture of a page.

    Args:
        reading: What the page holds now.
        own_length: The length of its text, without what may have been recognised.
        length: How long the text of the page was, with the white space behind it, as far as that is known.
        span: The span, in the text of the page.
    """
    if reading.picture is None:
        return False
    if reading.is_scanned or reading.letters != "told":
        # Recognised words stood in place of the page's own, of which there are as many only by chance.
        return bool(max(span.stop, length) > own_length + len("\n\n"))
    return bool(span.start > own_length)


def _picture_box(page: Any, reading: PageReading) -> Box:
    """Return the box of a page's picture, as far as it is seen."""
    width, height = page.get_size()
    assert reading.picture is not None
    x0, y0, x1, y1 = page_transform(page, page.get_rotation())(reading.picture)
    return max(0.0, round(x0, 2)), max(0.0, round(y0, 2)), min(width, round(x1, 2)), min(height, round(y1, 2))


def page_text(blocks: list[LayoutBlock]) -> tuple[str, list[int], list[int]]:
    """Return the text of a page as a builder makes it, and the glyph and line behind each character (-1 for none).

    Args:
        blocks: The blocks of the page.

    Returns:
        The text; the numbers of the glyphs; and the numbers of the lines.
    """
    builder = Builder()
    glyph_numbers: list[int] = []
    line_numbers: list[int] = []
    for block in blocks:
        block_start = builder.add(block.kind, block.text)
        white_space = [-1] * (block_start - len(glyph_numbers))
        glyph_numbers += white_space + block.glyph_numbers
        line_numbers += white_space + block.line_numbers
    return builder.text, glyph_numbers, line_numbers


def _line_boxes(page: Any, text_page: Any, glyph_numbers: list[int], line_numbers: list[int]) -> list[Box]:
    """Return the boxes of some glyphs, one for each line, as far as the page shows them."""
    transform = page_transform(page, page.get_rotation())
    width, height = page.get_size()
    data = GlyphData(text_page)
    numbered = [pair for pair in zip(glyph_numbers, line_numbers, strict=True) if pair[0] >= 0]
    drawn = [pair for pair in numbered if pair[0] < data.count and not data.codes[pair[0]].isspace()]
    line_boxes: dict[int, list[Box]] = {}
    font_boxes = data.font_boxes([number for number, _ in drawn]).tolist()
    for (number, line_number), (x0, y0, x1, y1) in zip(drawn, font_boxes, strict=True):
        # Both boxes: some fonts draw outside of what they declare.
        line_boxes.setdefault(line_number, []).extend((transform((x0, y0, x1, y1)), transform(data.ink_box(number))))
    for number, line_number in dict.fromkeys(pair for pair in numbered if pair[0] >= data.count):
        if box := annotation_box(page, number - data.count):
            line_boxes.setdefault(line_number, []).append(transform(box))
    visible: list[Box] = []
    for x0, y0, x1, y1 in map(enclosing_box, line_boxes.values()):
        x0, y0, x1, y1 = max(0.0, x0), max(0.0, y0), min(width, x1), min(height, y1)
        if x0 < x1 and y0 < y1:
            visible.append((round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)))
    return visible
