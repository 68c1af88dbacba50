"""Open PDF files, pages and their texts with PDFium.

Owns: the one lock around PDFium, which is not thread-safe, and the way from PDF coordinates to those of a page as it
is seen. Knows nothing about lines or paragraphs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import ceil, floor
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from rag.errors import LoadError
from rag.load.pdf.types import Box
from rag.notices import Notice

PDFIUM_LOCK = threading.RLock()
# Cap on the pixels of a rendered page: a page may claim to be as large as a house.
_MAX_PIXELS = 40_000_000


@contextmanager
def open_document(data: bytes) -> Iterator[Any]:
    """Open a PDF and hold PDFium's lock until it is closed.

    Args:
        data: The bytes of the file.

    Yields:
        PDFium's document.

    Raises:
        LoadError: When the file is damaged or protected by a password.
    """
    with PDFIUM_LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            code = pdfium.FPDF_GetLastError()
            if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
                raise LoadError(Notice("file-protected")) from None
            raise LoadError(Notice("file-damaged-pdf")) from None
        try:
            # Values of fields are read, and drawn, with the help of the document's forms; nothing in them runs.
            with suppress(pypdfium2.PdfiumError):
                document.init_forms()
            yield document
        finally:
            document.close()


@contextmanager
def open_page(document: Any, number: int) -> Iterator[Any]:
    """Open a page.

    Args:
        document: PDFium's document.
        number: The number of the page, from 0.

    Yields:
        PDFium's page.
    """
    page = document[number]
    try:
        yield page
    finally:
        page.close()


@contextmanager
def open_text_page(page: Any) -> Iterator[Any]:
    """Open the text of a page: its glyphs, numbered from 0."""
    text_page = page.get_textpage()
    try:
        yield text_page
    finally:
        text_page.close()


@contextmanager
def page_image(page: Any, scale: float) -> Iterator[tuple[Any, float]]:
    """Render a page.

    Args:
        page: PDFium's page.
        scale: Pixels a point; less is taken where the image would have more than 40 million pixels.

    Yields:
        A Pillow image, which is valid until the block ends, and the scale that was taken.
    """
    with page_area_image(page, scale, (0.0, 0.0, *page.get_size())) as (image, taken, _):
        yield image, taken


@contextmanager
def page_area_image(page: Any, scale: float, area: Box) -> Iterator[tuple[Any, float, tuple[int, int]]]:
    """Render a part of a page, whose pixels are those of the whole rendered page.

    Args:
        page: PDFium's page.
        scale: As for ``page_image``.
        area: The part, in points from the top left of the page as it is seen. What is outside of the page is left out;
            at least one pixel is rendered.

    Yields:
        A Pillow image, which is valid until the block ends; the scale that was taken; and how many pixels of the
        page are to the left of the image and above it.
    """
    width, height = page.get_size()
    scale = min(scale, (_MAX_PIXELS / max(width * height, 1)) ** 0.5)
    across, down = ceil(width * scale), ceil(height * scale)
    left, right = _pixels(area[0] * scale, area[2] * scale, across)
    top, bottom = _pixels(area[1] * scale, area[3] * scale, down)
    # PDFium is told what to cut off in points, which are rounded up to pixels.
    crop = [max(0.0, (cut - 0.5) / scale) for cut in (left, down - bottom, across - right, top)]
    bitmap = page.render(scale=scale, crop=tuple(crop))
    try:
        yield bitmap.to_pil(), scale, (left, top)
    finally:
        bitmap.close()


def _pixels(start: float, end: float, count: int) -> tuple[int, int]:
    """Return the first of ``count`` pixels that a stretch touches, and that behind the last one, with one beside."""
    first = max(0, min(floor(start) - 1, count - 1))
    return first, max(first + 1, min(ceil(end) + 1, count))


def page_transform(page: Any, rotation: int) -> Callable[[Box], Box]:
    """Return a function from a box in PDF coordinates to one on the page as it is seen.

    Args:
        page: PDFium's page; only what its crop box shows is seen.
        rotation: By how many degrees, clockwise, the page is turned: 0, 90, 180 or 270.

    Returns:
        A function whose result is in points from the top left of the cropped and turned page.
    """
    left, bottom, right, top = page.get_bbox()

    def transform(box: Box) -> Box:
        x0, y0, x1, y1 = box
        if rotation == 90:
            return (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
        if rotation == 180:
            return (right - x1, y0 - bottom, right - x0, y1 - bottom)
        if rotation == 270:
            return (top - y1, right - x1, top - y0, right - x0)
        return (x0 - left, top - y1, x1 - left, top - y0)

    return transform
