"""Find the glyphs of a page that no reader sees.

Owns: what counts as unseen: off the page, too small, as light as the paper, or below a bar. Hidden text must not be
read: it is how a document gives orders to a language model behind its reader's back. Knows nothing about lines or
paragraphs.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from rag.load.pdf.glyph_data import PAPER, GlyphData, light_objects
from rag.load.pdf.page_objects import PageObjects
from rag.load.pdf.pdfium import page_image, page_transform
from rag.load.pdf.types import Box

# A glyph smaller than this, in points, is unseen.
_SMALLEST = 1.0
# An area that is drawn over words is at least so wide and so high, in points; of more areas the last are looked at.
_SMALLEST_BAR, _MOST_BARS = 4.0, 1000
# What covers more of a page is no bar: a ground or a frame, which may take long to draw.
_LARGEST_SHARE = 0.25
# Grey values (0 black to 255 white) that differ by no more are one colour.
_ONE_COLOUR = 10
_EDGE = 0.5
# Pixels a point of the rendering that a light glyph is looked for on.
_LOOK_SCALE = 2.0


def unseen_glyphs(page: Any, data: GlyphData, objects: PageObjects) -> Any:
    """Return the glyphs that no reader sees: off the page, smaller than a point, below a bar, or as light as the paper.

    Text that is drawn invisibly is none of them: it is how a scanned page carries its words.

    Args:
        page: PDFium's page.
        data: The glyphs of that page.
        objects: What that page draws.

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
    unseen += _below_bars(page, data, objects)
    if not objects.forms and not light_objects(objects.texts):
        return np.array(unseen, int)
    text_objects = data.text_objects(numbers.tolist())
    if light := light_objects(text_objects):
        glyphs = zip(numbers.tolist(), boxes.tolist(), text_objects, (~is_unseen).tolist(), strict=True)
        light_boxes = {number: box for number, box, text_object, is_seen in glyphs if is_seen and text_object in light}
        unseen += _on_bare_paper(page, light_boxes)
    return np.array(unseen, int)


def _below_bars(page: Any, data: GlyphData, objects: PageObjects) -> set[int]:
    """Return the glyphs that an area covers which is drawn after them, as names are blacked out."""
    if not objects.texts or not objects.paths:
        return set()
    first_text = objects.order.index(objects.texts[0])
    paths = set(objects.paths)
    later = [place for place in range(first_text, len(objects.order)) if objects.order[place] in paths]
    left, bottom, right, top = page.get_bbox()
    largest = _LARGEST_SHARE * (right - left) * (top - bottom)
    bars = [(place, box) for place in later[-_MOST_BARS:] if (box := _opaque_area(objects.order[place], largest))]
    if not bars:
        return set()
    boxes, numbers = data.drawn_boxes, data.drawn
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    last_bar = np.full(len(numbers), -1)
    for place, bar in bars:
        last_bar[((middles >= bar[:2]) & (middles <= bar[2:])).all(axis=1)] = place
    covered = np.flatnonzero(last_bar >= 0)
    places = {found: place for place, found in enumerate(objects.order)}
    text_objects = data.text_objects(numbers[covered].tolist())
    below = {
        int(numbers[at]): _shrunk(data.ink_box(int(numbers[at])))
        for at, found in zip(covered.tolist(), text_objects, strict=True)
        if found in places and places[found] < last_bar[at]
    }
    return _of_one_colour(page, below)


def _shrunk(box: Box) -> Box:
    """Return a box without its edge, where the colours of two areas mix."""
    x0, y0, x1, y1 = box
    across, up = min(_EDGE, (x1 - x0) / 2), min(_EDGE, (y1 - y0) / 2)
    return x0 + across, y0 + up, x1 - across, y1 - up


def _opaque_area(address: int, largest: float) -> Box | None:
    """Return where a path fills an area with a colour that nothing is seen through; None for any other path.

    Args:
        address: The path.
        largest: The size of the largest area, in square points.

    Returns:
        A box in PDF coordinates.
    """
    shape = ctypes.cast(address, pdfium.FPDF_PAGEOBJECT)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(shape, fill, stroke)
    color = [ctypes.c_uint() for _ in range(4)]
    if not fill.value or not pdfium.FPDFPageObj_GetFillColor(shape, *color) or color[3].value < 255:
        return None
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(shape, *sides):
        return None
    left, bottom, right, top = (side.value for side in sides)
    is_bar = min(right - left, top - bottom) >= _SMALLEST_BAR and (right - left) * (top - bottom) <= largest
    return (left, bottom, right, top) if is_bar else None


def _of_one_colour(page: Any, glyph_boxes: dict[int, Box]) -> set[int]:
    """Return the glyphs where the rendered page shows nothing but one colour."""
    return {number for number, (low, high) in _greys(page, glyph_boxes).items() if high - low <= _ONE_COLOUR}


def _ink_length(data: GlyphData, number: int) -> float:
    """Return the longer side of what is drawn of a glyph, in points."""
    x0, y0, x1, y1 = data.ink_box(number)
    return max(x1 - x0, y1 - y0)


def _on_bare_paper(page: Any, glyph_boxes: dict[int, Box]) -> set[int]:
    """Return the glyphs where the rendered page shows nothing but paper; white words on a dark ground are seen."""
    return {number for number, (low, _) in _greys(page, glyph_boxes).items() if low >= PAPER}


def _greys(page: Any, glyph_boxes: dict[int, Box]) -> dict[int, tuple[int, int]]:
    """Return the darkest and the lightest grey of the rendered page in each box; that of paper outside of the page."""
    if not glyph_boxes:
        return {}
    transform = page_transform(page, page.get_rotation())
    with page_image(page, _LOOK_SCALE) as (image, scale):
        grey = image.convert("L")
    greys = {}
    for number, box in glyph_boxes.items():
        x0, y0, x1, y1 = (round(value * scale) for value in transform(box))
        # At least a pixel, inside the image.
        area = (max(0, x0), max(0, y0), min(grey.width, max(x1, x0 + 1)), min(grey.height, max(y1, y0 + 1)))
        is_outside = area[0] >= area[2] or area[1] >= area[3]
        greys[number] = (PAPER, PAPER) if is_outside else grey.crop(area).getextrema()
    return greys
