"""Find the glyphs of a page that no reader sees.

Owns: what counts as unseen: off the page, too small, or as light as the paper. Hidden text must not be read: it is
how a document gives orders to a language model behind its reader's back. Knows nothing about lines or paragraphs.
"""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

from rag.load.pdf.pdfium import font_box, ink_box, page_image, page_transform
from rag.load.pdf.types import Box

# A glyph smaller than this, in points, is unseen.
_SMALLEST = 1.0
# A grey (0 black to 255 white) at least this light is paper.
_PAPER = 250
# Pixels a point of the rendering that a light glyph is looked for on.
_LOOK_SCALE = 2.0


def unseen_glyphs(page: Any, text_page: Any) -> frozenset[int]:
    """Return the glyphs that no reader sees: off the page, smaller than a point, or as light as the paper under them.

    Text that is drawn invisibly is none of them: it is how a scanned page carries its words.

    Args:
        page: PDFium's page.
        text_page: PDFium's text of that page.

    Returns:
        Numbers of glyphs.
    """
    left, bottom, right, top = page.get_bbox()
    unseen: set[int] = set()
    light_glyphs: dict[int, Box] = {}
    for number in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, number)
        if code <= 0x20 or pdfium.FPDFText_IsGenerated(text_page, number) == 1:
            continue
        box = font_box(text_page, number)
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        outside = not (left <= x <= right and bottom <= y <= top)
        small = max(box[2] - box[0], box[3] - box[1]) < _SMALLEST
        if outside or (small and _ink_length(text_page, number) < _SMALLEST):
            unseen.add(number)
        elif _is_light(text_page, number) and not _is_drawn_invisibly(text_page, number):
            light_glyphs[number] = box
    return frozenset(unseen | _on_bare_paper(page, light_glyphs))


def _ink_length(text_page: Any, number: int) -> float:
    """Return the longer side of what is drawn of a glyph, in points."""
    x0, y0, x1, y1 = ink_box(text_page, number)
    return max(x1 - x0, y1 - y0)


def _is_light(text_page: Any, number: int) -> bool:
    """Tell whether a glyph is filled with the colour of paper, or with next to none."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFText_GetFillColor(text_page, number, red, green, blue, alpha):
        return False
    return alpha.value < 255 - _PAPER or min(red.value, green.value, blue.value) >= _PAPER


def _is_drawn_invisibly(text_page: Any, number: int) -> bool:
    """Tell whether a glyph is of the text that is laid over a scanned page."""
    text_object = pdfium.FPDFText_GetTextObject(text_page, number)
    return bool(text_object) and (
        pdfium.FPDFTextObj_GetTextRenderMode(text_object) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    )


def _on_bare_paper(page: Any, glyph_boxes: dict[int, Box]) -> set[int]:
    """Return the glyphs where the rendered page shows nothing but paper; white words on a dark ground are seen."""
    if not glyph_boxes:
        return set()
    transform = page_transform(page, page.get_rotation())
    with page_image(page, _LOOK_SCALE) as (image, scale):
        grey = image.convert("L")
    blank = set()
    for number, box in glyph_boxes.items():
        x0, y0, x1, y1 = (round(value * scale) for value in transform(box))
        # At least a pixel, inside the image.
        area = (max(0, x0), max(0, y0), min(grey.width, max(x1, x0 + 1)), min(grey.height, max(y1, y0 + 1)))
        if area[0] >= area[2] or area[1] >= area[3] or grey.crop(area).getextrema()[0] >= _PAPER:
            blank.add(number)
    return blank
