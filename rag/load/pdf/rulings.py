"""Read the straight lines that are drawn on a page.

Owns: which drawn shapes are rulings. Knows nothing about text or tables.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from rag.load.pdf.types import Box

# A shape at most so thick, in points, is a line; one at least so long is a ruling.
_THICKEST, _SHORTEST = 2.5, 4.0
# Pages with more shapes are drawings or maps: the others are not looked at.
_MOST_OBJECTS = 20_000
# A path with more segments is a drawing.
_MOST_SEGMENTS = 2_000
# Segments of a rectangle.
_RECTANGLE_SEGMENTS = 5
# Boxes differ by less than this, in points, where they are the same.
_SAME = 0.5


def page_rulings(page: Any) -> list[Box]:
    """Return the horizontal and vertical lines of a page.

    Args:
        page: PDFium's page.

    Returns:
        Thin boxes in PDF coordinates: points from the bottom left.
    """
    return list(_lines(page))


def _lines(page: Any) -> Iterator[Box]:
    """Yield the lines among the shapes of a page, in PDF coordinates."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        shape = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(shape) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        pdfium.FPDFPath_GetDrawMode(shape, fill, stroke)
        if not fill.value and not stroke.value:
            continue
        if not pdfium.FPDFPageObj_GetBounds(shape, left, bottom, right, top):
            continue
        box = (left.value, bottom.value, right.value, top.value)
        width, height = box[2] - box[0], box[3] - box[1]
        if min(width, height) <= _THICKEST:
            if max(width, height) >= _SHORTEST:
                yield box
        elif stroke.value:
            yield from _outline(shape, box)


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
