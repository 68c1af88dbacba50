"""Find the glyphs of a page that no reader sees.

Owns: what counts as unseen: off the page, too small, or as light as the paper. Hidden text must not be read: it is
how a document gives orders to a language model behind its reader's back. Knows nothing about lines or paragraphs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rag.load.pdf.glyph_data import PAPER, GlyphData, light_objects
from rag.load.pdf.pdfium import page_image, page_transform
from rag.load.pdf.types import Box

# A glyph smaller than this, in points, is unseen.
_SMALLEST = 1.0
# Pixels a point of the rendering that a light glyph is looked for on.
_LOOK_SCALE = 2.0


def unseen_glyphs(page: Any, data: GlyphData) -> Any:
    """Return the glyphs that no reader sees: off the page, smaller than a point, or as light as the paper under them.

    Text that is drawn invisibly is none of them: it is how a scanned page carries its words.

    Args:
        page: PDFium's page.
        data: The glyphs of that page.

    Returns:
        An array of numbers.
    """
    numbers, boxes = data.drawn, data.drawn_boxes
    left, bottom, right, top = page.get_bbox()
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    is_on_paper = ((middles >= (left, bottom)) & (middles <= (right, top))).all(axis=1)
    is_small = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0.0) < _SMALLEST
    for place in np.flatnonzero(is_small):
        is_small[place] = _ink_length(data, int(numbers[place])) < _SMALLEST
    is_unseen = ~is_on_paper | is_small
    unseen = [number for number in numbers[is_unseen].tolist() if not data.is_generated(number)]
    text_objects = data.text_objects(numbers.tolist())
    if light := light_objects(text_objects):
        glyphs = zip(numbers.tolist(), boxes.tolist(), text_objects, (~is_unseen).tolist(), strict=True)
        light_boxes = {number: box for number, box, text_object, is_seen in glyphs if is_seen and text_object in light}
        unseen += _on_bare_paper(page, light_boxes)
    return np.array(unseen, int)


def _ink_length(data: GlyphData, number: int) -> float:
    """Return the longer side of what is drawn of a glyph, in points."""
    x0, y0, x1, y1 = data.ink_box(number)
    return max(x1 - x0, y1 - y0)


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
        if area[0] >= area[2] or area[1] >= area[3] or grey.crop(area).getextrema()[0] >= PAPER:
            blank.add(number)
    return blank
