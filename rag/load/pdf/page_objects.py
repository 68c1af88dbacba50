"""List what is drawn on a page, by its kind, with its boxes, colours and directions.

Owns: the calls for it, one or two an object: a page may draw thousands of them. Knows nothing about what they show.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as pdfium

from rag.load.pdf.calls import bound, call_each, pointer

# Pages with more paths are drawings or maps: only so many of them are looked at.
_MOST_PATHS = 20_000
# A colour (0 black to 255 white) at least this light is paper, and so is what is next to transparent.
PAPER = 250
_OPAQUE = 255
# The slope of text that runs nearly level.
_NEARLY_LEVEL = 0.05

_object_of_page = bound("FPDFPage_GetObject", ctypes.c_size_t)
_object_type = bound("FPDFPageObj_GetType", ctypes.c_int)
_draw_mode = bound("FPDFPath_GetDrawMode", ctypes.c_int)
_bounds = bound("FPDFPageObj_GetBounds", ctypes.c_int)
_matrix = bound("FPDFPageObj_GetMatrix", ctypes.c_int)
_fill_color = bound("FPDFPageObj_GetFillColor", ctypes.c_int)
_render_mode = bound("FPDFTextObj_GetTextRenderMode", ctypes.c_int)


class Shapes(NamedTuple):
    """How some paths are drawn: an array each, with a row a path.

    Attributes:
        is_filled: Whether its area is filled.
        is_stroked: Whether its outline is drawn.
        boxes: The box around it in PDF coordinates: left, bottom, right, top. One that PDFium does not know the box
            of is neither filled nor stroked.
    """

    is_filled: Any
    is_stroked: Any
    boxes: Any


@dataclass(frozen=True)
class PageObjects:
    """What a page draws itself, in the order of drawing; what forms draw is not listed.

    Attributes:
        order: The address of each object: an array of integers.
        pointers: The same, ready to be passed to C.
        kinds: The kind of each, as PDFium numbers them: an array of integers.
    """

    order: Any
    pointers: list[Any]
    kinds: Any

    @cached_property
    def texts(self) -> list[Any]:
        """Pointers to its texts."""
        return self._of_kind(pdfium.FPDF_PAGEOBJ_TEXT)

    @cached_property
    def paths(self) -> list[Any]:
        """Pointers to its lines, curves and areas."""
        return self._of_kind(pdfium.FPDF_PAGEOBJ_PATH)

    def places(self, addresses: Any) -> Any:
        """Return where objects, given by an array of addresses, stand in the order of drawing; -1 for others."""
        by_address = np.argsort(self.order)
        places = by_address[np.searchsorted(self.order, addresses, sorter=by_address).clip(max=len(self.order) - 1)]
        return np.where(self.order[places] == addresses, places, -1)

    @cached_property
    def has_forms(self) -> bool:
        """Whether it draws forms, which draw anything."""
        return bool((self.kinds == pdfium.FPDF_PAGEOBJ_FORM).any())

    @cached_property
    def shapes(self) -> Shapes:
        """How its paths are drawn, the first 20,000 of them."""
        return _shapes(self.paths[:_MOST_PATHS])

    def last_shapes(self, count: int) -> Shapes:
        """Return how the last of its paths are drawn, at least one."""
        if len(self.paths) > _MOST_PATHS:
            return _shapes(self.paths[-count:])
        return Shapes(*(each[-count:] for each in self.shapes))

    def _of_kind(self, kind: int) -> list[Any]:
        return list(compress(self.pointers, (self.kinds == kind).tolist()))


def page_objects(page: Any) -> PageObjects:
    """Return what a page draws.

    Args:
        page: PDFium's page.
    """
    address = pointer(ctypes.cast(page.raw, ctypes.c_void_p).value)
    count = max(0, pdfium.FPDFPage_CountObjects(page))
    order = np.fromiter(map(_object_of_page, repeat(address), range(count)), np.uint64, count)
    pointers = list(map(pointer, order.tolist()))
    return PageObjects(order, pointers, np.fromiter(map(_object_type, pointers), np.int32, count))


def are_level(texts: Sequence[Any]) -> bool:
    """Tell whether all text objects, given by pointers, run to the right or to the left, none up, down or aslant."""
    _, matrices = call_each(_matrix, [texts], np.float32, 6)
    return bool((np.abs(matrices[:, 1]) <= _NEARLY_LEVEL * np.abs(matrices[:, 0])).all())


def are_light(texts: Sequence[Any]) -> list[bool]:
    """Tell which text objects are as light as paper, and are not drawn invisibly as the words of a scan are.

    Args:
        texts: Pointers to them.

    Returns:
        Whether each of them is.
    """
    is_known, colors = call_each(_fill_color, [texts], np.uint32, 4, are_apart=True)
    darkest = np.minimum(np.minimum(colors[:, 0], colors[:, 1]), colors[:, 2])
    is_light = (is_known != 0) & ((colors[:, 3] < _OPAQUE - PAPER) | (darkest >= PAPER))
    for place in np.flatnonzero(is_light).tolist():
        is_light[place] = _render_mode(texts[place]) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    light: list[bool] = is_light.tolist()
    return light


def are_opaque(paths: Sequence[Any]) -> Any:
    """Tell of which paths, given by pointers, the colour of the area is one that nothing is seen through: an array."""
    is_known, colors = call_each(_fill_color, [paths], np.uint32, 4, are_apart=True)
    return (is_known != 0) & (colors[:, 3] >= _OPAQUE)


def _shapes(paths: list[Any]) -> Shapes:
    """Return how paths are drawn.

    Args:
        paths: Pointers to them.
    """
    has_mode, modes = call_each(_draw_mode, [paths], np.int32, 2, are_apart=True)
    has_bounds, boxes = call_each(_bounds, [paths], np.float32, 4, are_apart=True)
    drawn = (modes != 0) & ((has_mode != 0) & (has_bounds != 0))[:, np.newaxis]
    return Shapes(drawn[:, 0], drawn[:, 1], boxes.astype(float))
