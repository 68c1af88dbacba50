"""Render a page of a PDF as a picture.

Owns: the picture's format. Knows nothing about what is drawn on it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import LoadError
from rag.load.pdf.pdfium import open_document, open_page, page_image
from rag.notices import Notice


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendered page: PNG bytes, and the width and height of the visible page in points."""

    png: bytes
    width: float
    height: float


def render_page(source: bytes | Path, page: int, scale: float) -> Picture:
    """Return the picture of a page.

    Args:
        source: The PDF, or the path to it.
        page: The number of the page, from 1.
        scale: Pixels a point; less is taken for a page so large that it would have more than 40 million pixels.

    Returns:
        The picture as PNG, and the size of the page.

    Raises:
        LoadError: When the file cannot be read or has no such page.
    """
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        cause = (error.strerror or "unknown error").lower()
        raise LoadError(Notice("file-pdf-unreadable", {"error": cause})) from None
    with open_document(data) as document:
        if not 1 <= page <= len(document):
            raise LoadError(Notice("file-page-absent", {"page": page, "pages": len(document)}))
        return page_picture(document, page - 1, scale)


def page_picture(document: Any, number: int, scale: float) -> Picture:
    """Return the picture of a page of an open document.

    Args:
        document: PDFium's document.
        number: The number of the page, from 0.
        scale: Pixels a point, as for ``render``.

    Returns:
        The picture as PNG, and the size of the page.
    """
    with open_page(document, number) as page:
        width, height = page.get_size()
        buffer = io.BytesIO()
        with page_image(page, scale) as (image, _):
            image.save(buffer, "PNG")
        return Picture(buffer.getvalue(), width, height)
