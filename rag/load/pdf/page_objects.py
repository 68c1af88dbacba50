"""List what is drawn on a page, by its kind.

Owns: the calls for it, which are made from C: a page may draw thousands of objects. Knows nothing about what they show.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import compress, repeat
from typing import Any

import pypdfium2.raw as pdfium

from rag.load.pdf.glyph_data import bound

_object_of_page = bound("FPDFPage_GetObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_object_type = bound("FPDFPageObj_GetType", ctypes.c_int, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class PageObjects:
    """The addresses of what a page draws itself, in the order of drawing; what forms draw is not listed.

    Attributes:
        texts: Its texts.
        paths: Its lines, curves and areas.
        forms: Its forms, which draw anything.
        order: All of these, and pictures, in the order of drawing.
    """

    texts: list[int]
    paths: list[int]
    forms: list[int]
    order: list[int]


def page_objects(page: Any) -> PageObjects:
    """Return what a page draws.

    Args:
        page: PDFium's page.
    """
    address = ctypes.cast(page.raw, ctypes.c_void_p).value
    count = max(0, pdfium.FPDFPage_CountObjects(page))
    objects = list(map(_object_of_page, repeat(address), range(count)))
    kinds = list(map(_object_type, objects))
    texts, paths, forms = (
        list(compress(objects, map(kind.__eq__, kinds)))
        for kind in (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM)
    )
    return PageObjects(texts, paths, forms, objects)
