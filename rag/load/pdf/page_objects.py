"""List what is drawn on a page, by its kind.

Owns: the calls for it, which are made from C: a page may draw thousands of objects. Knows nothing about what they show.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as pdfium

from rag.load.pdf.calls import bound, call_each, pointer

# Pages with more paths are drawings or maps: only so many of them are looked at.
_MOST_PATHS = 20_000

_object_of_page = bound("FPDFPage_GetObject", ctypes.c_void_p)
_object_type = bound("FPDFPageObj_GetType", ctypes.c_int)
_draw_mode = bound("FPDFPath_GetDrawMode", ctypes.c_int)
_bounds = bound("FPDFPageObj_GetBounds", ctypes.c_int)


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
        kinds: The kind of each, as PDFium numbers them: an array of integers.
    """

    order: Any
    kinds: Any

    @cached_property
    def texts(self) -> list[int]:
        """The addresses of its texts."""
        return self._of_kind(pdfium.FPDF_PAGEOBJ_TEXT)

    @cached_property
    def paths(self) -> list[int]:
        """The addresses of its lines, curves and areas."""
        return self._of_kind(pdfium.FPDF_PAGEOBJ_PATH)

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

    def _of_kind(self, kind: int) -> list[int]:
        addresses: list[int] = self.order[self.kinds == kind].tolist()
        return addresses


def page_objects(page: Any) -> PageObjects:
    """Return what a page draws.

    Args:
        page: PDFium's page.
    """
    address = pointer(ctypes.cast(page.raw, ctypes.c_void_p).value)
    count = max(0, pdfium.FPDFPage_CountObjects(page))
    objects = [found or 0 for found in map(_object_of_page, repeat(address), range(count))]
    kinds = np.fromiter(map(_object_type, map(pointer, objects)), np.int32, count)
    return PageObjects(np.array(objects, np.uint64), kinds)


def _shapes(paths: list[int]) -> Shapes:
    """Return how paths are drawn.

    Args:
        paths: Their addresses.
    """
    addresses = [list(map(pointer, paths))]
    has_mode, modes = call_each(_draw_mode, addresses, np.int32, 2, are_apart=True)
    has_bounds, boxes = call_each(_bounds, addresses, np.float32, 4, are_apart=True)
    drawn = (modes != 0) & ((has_mode != 0) & (has_bounds != 0))[:, np.newaxis]
    return Shapes(drawn[:, 0], drawn[:, 1], boxes.astype(float))
