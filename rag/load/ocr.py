"""Text of pictured pages, by tesseract where it is installed.

Owns: the call of the ``ocr`` extra. Knows nothing about PDF files.
"""

from __future__ import annotations

import io
import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.load.pdf import Picture

_SECONDS = 60


def available() -> bool:
    """Whether both the Python package and the program are there."""
    return shutil.which("tesseract") is not None and find_spec("pytesseract") is not None


def read(picture: Picture) -> str:
    """The text of a rendered page; nothing when tesseract fails on it, so that the other pages are still read."""
    import pytesseract
    from PIL import Image

    with Image.open(io.BytesIO(picture.png)) as image:
        try:
            return str(pytesseract.image_to_string(image, timeout=_SECONDS))
        except (pytesseract.TesseractError, RuntimeError):
            return ""
