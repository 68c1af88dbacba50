"""Read the straight lines that are drawn on a page.

Owns: which drawn shapes are rulings. Knows nothing about text or tables.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium

from rag.load.pdf.glyph_data import bound
from rag.load.pdf.page_objects import PageObjects
from rag.load.pdf.types import Box

# A shape at most so thick, in points, is a line; one at least so long is a ruling.
_THICKEST, _SHORTEST = 2.5, 4.0
# Pages with more shapes are drawings or maps: the others are not looked at.
_MOST_OBJECTS = 20_000
# A path with more segments is a drawing.
_MOST_SEGMENTS = 2_000
# Segments of a rectangle.
_RECTANGLE_SEGMENTS = 5
# The size of C's int and float.
_VALUE_BYTES = 4
# Boxes differ by less than this, in points, where they are the same.
_SAME = 0.5

_draw_mode = bound("FPDFPath_GetDrawMode", ctypes.c_int, *[ctypes.c_void_p] * 3)
_bounds = bound("FPDFPageObj_GetBounds", ctypes.c_int, *[ctypes.c_void_p] * 5)


def page_rulings(objects: PageObjects) -> list[Box]:
    """Return the horizontal and vertical lines of a page.

    Args:
        objects: What the page draws.

    Returns:
        Thin boxes in PDF coordinates: points from the bottom left.
    """
    return list(_lines(objects.paths[:_MOST_OBJECTS]))


def _lines(paths: Sequence[int]) -> Iterator[Box]:
    """Yield the lines among the shapes of a page, in PDF coordinates."""
    count = len(paths)
    modes, bounds = (ctypes.c_int * (2 * count))(), (ctypes.c_float * (4 * count))()
    has_mode = list(map(_draw_mode, paths, *_addresses(modes, 2)))
    has_bounds = list(map(_bounds, paths, *_addresses(bounds, 4)))
    for number in range(count):
        is_stroked = bool(modes[2 * number + 1])
        if not (has_mode[number] and has_bounds[number]) or not (modes[2 * number] or is_stroked):
            continue
        left, bottom, right, top = bounds[4 * number : 4 * number + 4]
        width, height = right - left, top - bottom
        if min(width, height) <= _THICKEST:
            if max(width, height) >= _SHORTEST:
                yield left, bottom, right, top
        elif is_stroked:
            shape = ctypes.cast(paths[number], pdfium.FPDF_PAGEOBJECT)
            yield from _outline(shape, (left, bottom, right, top))


def _addresses(values: Any, width: int) -> Iterator[range]:
    """Return the addresses of the first, the second … of each ``width`` values of an array of C's."""
    start, size = ctypes.addressof(values), ctypes.sizeof(values)
    step = width * _VALUE_BYTES
    return (range(start + _VALUE_BYTES * place, start + size, step) for place in range(width))


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
