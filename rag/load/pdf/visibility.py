"""Find the glyphs of a page that no reader sees.

Owns: what counts as unseen: off the page, too small, as light as the paper, or below a bar. Hidden text must not be
read: it is how a document gives orders to a language model behind its reader's back. Knows nothing about lines or
paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from rag.load.pdf.calls import pointer
from rag.load.pdf.glyph_data import GlyphData
from rag.load.pdf.page_objects import PAPER, PageObjects, are_light, are_opaque
from rag.load.pdf.pdfium import page_area_image, page_transform
from rag.load.pdf.types import Box, enclosing_box

# A glyph smaller than this, in points, is unseen.
_SMALLEST = 1.0
# An area that is drawn over words is at least so wide and so high, in points; of more areas the last are looked at.
_SMALLEST_BAR, _MOST_BARS = 4.0, 1000
# So many pairs of a bar and a glyph are compared at once.
_MOST_PAIRS = 200_000
# What covers more of a page is no bar: a ground or a frame, which may take long to draw.
_LARGEST_SHARE = 0.25
_TEXT_AND_PATH = (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH)
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
    x0, y0, x1, y1 = boxes.T
    is_unseen = ~_is_inside(boxes, page.get_bbox())
    for place in np.flatnonzero(np.maximum(x1 - x0, y1 - y0) < _SMALLEST):
        is_unseen[place] |= _ink_length(data, int(numbers[place])) < _SMALLEST
    unseen = [number for number in numbers[is_unseen].tolist() if not data.is_generated(number)]
    unseen += _below_bars(page, data, objects)
    if not objects.has_forms and not any(are_light(objects.texts)):
        return np.array(unseen, int)
    text_objects = data.text_objects(numbers.tolist()).tolist()
    distinct = [found for found in dict.fromkeys(text_objects) if found]
    if light := set(compress(distinct, are_light(list(map(pointer, distinct))))):
        glyphs = zip(numbers.tolist(), boxes.tolist(), text_objects, (~is_unseen).tolist(), strict=True)
        light_boxes = {number: box for number, box, text_object, is_seen in glyphs if is_seen and text_object in light}
        unseen += _on_bare_paper(page, light_boxes)
    return np.array(unseen, int)


def _below_bars(page: Any, data: GlyphData, objects: PageObjects) -> set[int]:
    """Return the glyphs that an area covers which is drawn after them, as names are blacked out."""
    bars, boxes = _bars(page, objects)
    if not len(bars):
        return set()
    across, up = _middles(data.drawn_boxes)
    order = np.argsort(up)
    across, up = across[order], up[order]
    last_bar = np.full(len(order), -1)
    firsts, lasts = np.searchsorted(up, boxes[:, 1], "left"), np.searchsorted(up, boxes[:, 3], "right")
    for which, places in _pairs(firsts, lasts):
        is_covered = (across[places] >= boxes[which, 0]) & (across[places] <= boxes[which, 2])
        # Of several bars the last one stays.
        last_bar[places[is_covered]] = bars[which[is_covered]]
    covered = np.flatnonzero(last_bar >= 0)
    if not len(covered):
        return set()
    glyphs = data.drawn[order[covered]]
    places = objects.places(data.text_objects(glyphs.tolist()))
    below = glyphs[(places >= 0) & (places < last_bar[covered])]
    return _of_one_colour(page, {number: _shrunk(data.ink_box(number)) for number in np.sort(below).tolist()})


def _pairs(firsts: Any, lasts: Any) -> Iterator[tuple[Any, Any]]:
    """Yield pairs of the number of a range and a place in it, as two arrays, in the order of the ranges.

    Args:
        firsts: Where each range begins: an array of integers.
        lasts: Where each ends.
    """
    counts = np.maximum(lasts - firsts, 0)
    behind = np.cumsum(counts)
    for some in np.split(np.arange(len(counts)), np.flatnonzero(np.diff(behind // _MOST_PAIRS)) + 1):
        which = np.repeat(some, counts[some])
        begins = behind[some] - counts[some]
        yield which, np.arange(len(which)) + np.repeat(firsts[some] - (begins - begins[0]), counts[some])


def _bars(page: Any, objects: PageObjects) -> tuple[Any, Any]:
    """Return the areas that are drawn after a text and hide what is below them.

    Nothing is seen through their colour.

    Returns:
        An array of their places in the order of drawing, and one of their boxes in PDF coordinates, a row each.
    """
    texts, paths = (np.flatnonzero(objects.kinds == kind) for kind in _TEXT_AND_PATH)
    later = paths[paths > texts[0]][-_MOST_BARS:] if len(texts) else paths[:0]
    if not len(later):
        return later, np.zeros((0, 4))
    shapes = objects.last_shapes(len(later))
    left, bottom, right, top = page.get_bbox()
    widths, heights = shapes.boxes[:, 2] - shapes.boxes[:, 0], shapes.boxes[:, 3] - shapes.boxes[:, 1]
    is_large = np.minimum(widths, heights) >= _SMALLEST_BAR
    is_ground = widths * heights > _LARGEST_SHARE * (right - left) * (top - bottom)
    found = np.flatnonzero(shapes.is_filled & is_large & ~is_ground)
    found = found[are_opaque([objects.pointers[place] for place in later[found].tolist()])]
    return later[found], shapes.boxes[found]


def _is_inside(boxes: Any, area: Box) -> Any:
    """Return whether the middle of each box, of an array of them, is in an area."""
    across, up = _middles(boxes)
    left, bottom, right, top = area
    return (across >= left) & (across <= right) & (up >= bottom) & (up <= top)


def _middles(boxes: Any) -> tuple[Any, Any]:
    return (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2


def _shrunk(box: Box) -> Box:
    """Return a box without its edge, where the colours of two areas mix."""
    x0, y0, x1, y1 = box
    across, up = min(_EDGE, (x1 - x0) / 2), min(_EDGE, (y1 - y0) / 2)
    return x0 + across, y0 + up, x1 - across, y1 - up


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
    seen = {number: transform(box) for number, box in glyph_boxes.items()}
    with page_area_image(page, _LOOK_SCALE, enclosing_box(list(seen.values()))) as (image, scale, (left, top)):
        grey = image.convert("L")
    greys = {}
    for number, box in seen.items():
        x0, y0, x1, y1 = (round(value * scale) for value in box)
        x0, y0, x1, y1 = x0 - left, y0 - top, x1 - left, y1 - top
        # At least a pixel, inside the image.
        area = (max(0, x0), max(0, y0), min(grey.width, max(x1, x0 + 1)), min(grey.height, max(y1, y0 + 1)))
        is_outside = area[0] >= area[2] or area[1] >= area[3]
        greys[number] = (PAPER, PAPER) if is_outside else grey.crop(area).getextrema()
    return greys
