"""Read what lies over a page: filled form fields, text typed on it, and comments.

Owns: which of them are read, and their words. Knows nothing about where these go in the text of the page.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import pypdfium2.raw as pdfium

from rag.load.pdf.types import Box
from rag.load.text import canonical

# A page may claim millions of annotations, a field as many choices, and a text of gigabytes.
_MOST_ANNOTATIONS, _MOST_CHOICES, _LONGEST_BYTES = 5000, 500, 200_000
# The lines that one annotation marks.
_MOST_AREAS = 200
_UNSEEN_FLAGS = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
# The flag of a field for passwords (PDF 1.7, table 228).
_PASSWORD = 1 << 13
_TICKED, _NOT_TICKED = "☒", "☐"
_COMMENTS = frozenset(
    (
        pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_LINE, pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_CIRCLE,
        pdfium.FPDF_ANNOT_POLYGON, pdfium.FPDF_ANNOT_POLYLINE, pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE, pdfium.FPDF_ANNOT_SQUIGGLY, pdfium.FPDF_ANNOT_STRIKEOUT,
        pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_CARET, pdfium.FPDF_ANNOT_INK,
    )
)  # fmt: skip
_BOXES_TO_TICK = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
_CHOICES = (pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)

Kind = Literal["value", "tick", "typed", "comment"]


@dataclass(frozen=True, slots=True)
class Annotation:
    """Words that lie over a page.

    Attributes:
        number: Its number among the annotations of the page.
        kind: Whether it is the value of a form field, a box to tick, text typed on the page, or a comment.
        text: Its words; several lines of a typed text or a value are several lines.
        box: Where it lies, in PDF coordinates.
        label: What the form says of the field, where it says so.
    """

    number: int
    kind: Kind
    text: str
    box: Box
    label: str = ""


def page_annotations(page: Any) -> Iterator[Annotation]:
    """Yield the annotations of a page that have words and are seen.

    Args:
        page: PDFium's page, of a document whose forms were opened.
    """
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
        with _open_annotation(page, number) as found:
            if not found or pdfium.FPDFAnnot_GetFlags(found) & _UNSEEN_FLAGS:
                continue
            box = _box(found)
            if box is None:
                continue
            subtype = pdfium.FPDFAnnot_GetSubtype(found)
            if subtype == pdfium.FPDF_ANNOT_WIDGET and page.formenv:
                yield from _field(page.formenv, found, number, box)
            elif subtype == pdfium.FPDF_ANNOT_FREETEXT:
                if words := _string(found, b"Contents"):
                    yield Annotation(number, "typed", words, box)
            elif subtype in _COMMENTS and (words := " ".join(_string(found, b"Contents").split())):
                author = " ".join(_string(found, b"T").split())
                yield Annotation(number, "comment", f"Note by {author}: {words}" if author else f"Note: {words}", box)


def annotation_box(page: Any, number: int) -> Box | None:
    """Return where an annotation lies, in PDF coordinates.

    Args:
        page: PDFium's page.
        number: The number of the annotation on that page.

    Returns:
        A box; None where there is no such annotation.
    """
    with _open_annotation(page, number) as found:
        return _box(found) if found else None


def struck_areas(page: Any) -> Iterator[Box]:
    """Yield the areas of a page that annotations strike out, a line each, in PDF coordinates."""
    points = pdfium.FS_QUADPOINTSF()
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
        with _open_annotation(page, number) as found:
            if not found or pdfium.FPDFAnnot_GetSubtype(found) != pdfium.FPDF_ANNOT_STRIKEOUT:
                continue
            if pdfium.FPDFAnnot_GetFlags(found) & _UNSEEN_FLAGS:
                continue
            for area in range(min(pdfium.FPDFAnnot_CountAttachmentPoints(found), _MOST_AREAS)):
                if pdfium.FPDFAnnot_GetAttachmentPoints(found, area, points):
                    across = (points.x1, points.x2, points.x3, points.x4)
                    up = (points.y1, points.y2, points.y3, points.y4)
                    yield min(across), min(up), max(across), max(up)


@contextmanager
def _open_annotation(page: Any, number: int) -> Iterator[Any]:
    found = pdfium.FPDFPage_GetAnnot(page, number)
    try:
        yield found
    finally:
        if found:
            pdfium.FPDFPage_CloseAnnot(found)


def _field(form: Any, found: Any, number: int, box: Box) -> Iterator[Annotation]:
    """Yield the annotation of a form field that is filled, or a box to tick."""
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, found)
    label = " ".join(_read(lambda *rest: pdfium.FPDFAnnot_GetFormFieldAlternateName(form, found, *rest)).split())
    if kind in _BOXES_TO_TICK:
        yield Annotation(
            number, "tick", _TICKED if pdfium.FPDFAnnot_IsChecked(form, found) else _NOT_TICKED, box, label
        )
        return
    if kind not in (*_CHOICES, pdfium.FPDF_FORMFIELD_TEXTFIELD):
        return
    if kind == pdfium.FPDF_FORMFIELD_TEXTFIELD and pdfium.FPDFAnnot_GetFormFieldFlags(form, found) & _PASSWORD:
        return
    words = _chosen(form, found) if kind in _CHOICES else ""
    words = words or _read(lambda *rest: pdfium.FPDFAnnot_GetFormFieldValue(form, found, *rest))
    if words.strip():
        yield Annotation(number, "value", words.strip(), box, label)


def _chosen(form: Any, found: Any) -> str:
    """Return what is chosen of a field's choices, as it is shown."""
    count = min(pdfium.FPDFAnnot_GetOptionCount(form, found), _MOST_CHOICES)
    chosen = (number for number in range(count) if pdfium.FPDFAnnot_IsOptionSelected(form, found, number))
    labels = (_read(lambda *rest, of=of: pdfium.FPDFAnnot_GetOptionLabel(form, found, of, *rest)) for of in chosen)
    return ", ".join(label.strip() for label in labels if label.strip())


def _string(found: Any, key: bytes) -> str:
    return _read(lambda *rest: pdfium.FPDFAnnot_GetStringValue(found, key, *rest)).strip()


def _read(get: Callable[..., int]) -> str:
    """Return a text that PDFium writes to a buffer, and tells the length of."""
    length = get(None, 0)
    if not 2 < length <= _LONGEST_BYTES:
        return ""
    buffer = (ctypes.c_ushort * (length // 2))()
    get(buffer, length)
    return canonical(bytes(buffer).decode("utf-16-le", "replace").rstrip("\0"))


def _box(found: Any) -> Box | None:
    rectangle = pdfium.FS_RECTF()
    if not pdfium.FPDFAnnot_GetRect(found, rectangle):
        return None
    left, right = sorted((rectangle.left, rectangle.right))
    bottom, top = sorted((rectangle.bottom, rectangle.top))
    return (left, bottom, right, top) if left < right and bottom < top else None
