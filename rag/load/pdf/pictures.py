"""Tell what of a page is a picture of words, and whether its letters can be told.

Owns: when a page is read by character recognition. Knows nothing about how that is done, or about lines.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Any

import pypdfium2.raw as pdfium

from rag.load.pdf.types import Box, enclosing_box

# A picture of at least this share of a page may hold words that its text does not.
_LARGE = 0.25
# A page of so many lines and curves, and hardly any text, may have its words drawn as such.
_MANY_PATHS = 40
# A path so thin and so long, in points, is a line of a grid.
_THIN, _LONG = 2.5, 40.0
# Forms are drawn within forms, pictures of strips: no more of either are looked at.
_DEEPEST, _MOST_OBJECTS = 3, 2000
# The share of white and of black in the picture of a page of words: darker or lighter ones are photographs.
_WHITE, _BLACK = 180, 110
_LEAST_WHITE, _LEAST_BLACK, _MOST_BLACK = 0.5, 0.002, 0.35
# Characters that no font that tells its letters has: controls, private ones, the sign for an unknown one.
_NO_LETTERS = re.compile("[\0\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_FEW_LETTERS, _MANY_UNKNOWN = 40, 0.3
# In every language of Latin letters most letters are among the first of these, and a third are vowels.
_COMMON, _VOWELS = "etaoinsrhl", "aeiouy"
_LEAST_COMMON, _LEAST_VOWELS = 0.5, 0.3


def has_unknown_letters(codes: str) -> bool:
    """Tell whether many letters of a page have no meaning: their font does not say what they are."""
    visible = len(codes) - sum(map(codes.count, " \r\n\t"))
    return visible >= 10 and len(_NO_LETTERS.findall(codes)) > _MANY_UNKNOWN * visible


def is_implausible(text: str) -> bool:
    """Tell whether the letters of a text are those of no language: its font gives others than it shows.

    Only texts of mostly ASCII letters are judged.
    """
    text = text.lower()
    letters = text.encode("utf-8", "surrogatepass")
    count = _count_of(letters, ascii_lowercase)
    if count < _FEW_LETTERS:
        return False
    common, vowels = (_count_of(letters, some) / count for some in (_COMMON, _VOWELS))
    return common < _LEAST_COMMON and vowels < _LEAST_VOWELS and count >= 0.8 * sum(map(str.isalpha, text))


def _count_of(letters: bytes, some: str) -> int:
    """Return how many of some letters there are."""
    return len(letters) - len(letters.translate(None, some.encode()))


def picture_box(page: Any) -> Box | None:
    """Return the box around the pictures of a page, where they are large; None where there are none or small ones.

    Args:
        page: PDFium's page.

    Returns:
        A box in PDF coordinates. It is that of the page where its words may be drawn as lines and curves.
    """
    left, bottom, right, top = page.get_bbox()
    boxes = []
    paths = 0
    for kind, box in _drawn(page):
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            paths += not _is_straight(box)
            continue
        x0, y0, x1, y1 = max(left, box[0]), max(bottom, box[1]), min(right, box[2]), min(top, box[3])
        if x0 < x1 and y0 < y1:
            boxes.append((x0, y0, x1, y1))
    area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in boxes)
    if boxes and area >= _LARGE * (right - left) * (top - bottom):
        return enclosing_box(boxes)
    return (left, bottom, right, top) if paths >= _MANY_PATHS else None


def has_drawings(page: Any) -> bool:
    """Tell whether anything is drawn on a page beside its text and the lines of grids."""
    sides = [ctypes.c_float() for _ in range(4)]
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        found = pdfium.FPDFPage_GetObject(page, number)
        kind = pdfium.FPDFPageObj_GetType(found)
        if kind == pdfium.FPDF_PAGEOBJ_PATH and pdfium.FPDFPageObj_GetBounds(found, *sides):
            left, bottom, right, top = (side.value for side in sides)
            if _is_straight((left, bottom, right, top)):
                continue
        if kind != pdfium.FPDF_PAGEOBJ_TEXT:
            return True
    return False


def shows_words(image: Any) -> bool:
    """Tell whether a picture may be one of words: dark on mostly white, as a photograph is not.

    Args:
        image: A Pillow image.
    """
    counts = image.convert("L").histogram()
    total = sum(counts) or 1
    white, black = sum(counts[_WHITE:]) / total, sum(counts[:_BLACK]) / total
    return bool(white >= _LEAST_WHITE and _LEAST_BLACK <= black <= _MOST_BLACK)


def _drawn(page: Any) -> Iterator[tuple[int, Box]]:
    """Yield the kind and the box of each picture and path; a form that holds pictures is one."""
    sides = [ctypes.c_float() for _ in range(4)]
    for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        found = pdfium.FPDFPage_GetObject(page, number)
        kind = pdfium.FPDFPageObj_GetType(found)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and _holds_picture(found):
            kind = pdfium.FPDF_PAGEOBJ_IMAGE
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH):
            pdfium.FPDFPageObj_GetBounds(found, *sides)
            left, bottom, right, top = (side.value for side in sides)
            yield kind, (left, bottom, right, top)


def _is_straight(box: Box) -> bool:
    """Tell whether a path is a long level or upright line, as of a grid: letters are drawn of none."""
    sides = sorted((box[2] - box[0], box[3] - box[1]))
    return sides[0] <= _THIN and sides[1] >= _LONG


def _holds_picture(form: Any) -> bool:
    """Tell whether a form draws a picture, itself or in forms within it."""
    forms = [(form, 0)]
    looked_at = 0
    while forms:
        within, depth = forms.pop()
        for number in range(pdfium.FPDFFormObj_CountObjects(within)):
            looked_at += 1
            if looked_at > _MOST_OBJECTS:
                return False
            found = pdfium.FPDFFormObj_GetObject(within, number)
            kind = pdfium.FPDFPageObj_GetType(found)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                return True
            if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                forms.append((found, depth + 1))
    return False
