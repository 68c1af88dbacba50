"""Read the straight lines that are drawn on a page.

Owns: which drawn shapes are rulings. Knows nothing about text or tables.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from rag.load.pdf.page_objects import PageObjects
from rag.load.pdf.types import Box

# A shape at most so thick, in points, is a line; one at least so long is a ruling.
_THICKEST, _SHORTEST = 2.5, 4.0
# A path with more segments is a drawing.
_MOST_SEGMENTS = 2_000
# Segments of a rectangle.
_RECTANGLE_SEGMENTS = 5
# Boxes differ by less than this, in points, where they are the same.
_SAME = 0.5


def page_rulings(objects: PageObjects) -> list[Box]:
    """Return the horizontal and vertical lines of a page.

    Args:
        objects: What the page draws.

    Returns:
        Thin boxes in PDF coordinates: points from the bottom left.
    """
    return list(_lines(objects))


def _lines(objects: PageObjects) -> Iterator[Box]:
    """Yield the lines among the shapes of a page, in PDF coordinates."""
    is_filled, is_stroked, boxes = objects.shapes
    widths, heights = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    is_thin = np.minimum(widths, heights) <= _THICKEST
    is_line = is_thin & (np.maximum(widths, heights) >= _SHORTEST)
    places = np.flatnonzero((is_line & (is_filled | is_stroked)) | (~is_thin & is_stroked))
    for place, is_whole, (left, bottom, right, top) in zip(
        places.tolist(), is_line[places].tolist(), boxes[places].tolist(), strict=True
    ):
        if is_whole:
            yield left, bottom, right, top
        else:
            shape = ctypes.cast(objects.paths[place], pdfium.FPDF_PAGEOBJECT)
            yield from _outline(shape, (left, bottom, right, top))


def _outline(shape: Any, box: Box) -> Iterator[Box]:
    """Yield the upright and level lines of a stroked path."""
    count = pdfium.FPDFPath_CountSegments(shape)
    if count > _MOST_SEGMENTS:
        return
    if count <= _RECTANGLE_SEGMENTS:
        x0, y0, x1, y1 = box
        yield from ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
        return
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(shape, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    previous: tuple[float, float] | None = None
    for number in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(shape, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        is_line = pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO
        if is_line and previous is not None:
            line = (
                min(previous[0], point[0]),
                min(previous[1], point[1]),
                max(previous[0], point[0]),
                max(previous[1], point[1]),
            )
            if min(line[2] - line[0], line[3] - line[1]) <= _SAME:
                yield line
        previous = point
