"""Text of pictured pages, by tesseract where it is installed.

Owns: the call of the ``ocr`` extra. Knows nothing about PDF files.
"""

from __future__ import annotations

import io
import shutil
from importlib.util import find_spec

_SECONDS = 60


def available() -> bool:
    """Whether both the Python package and the program are there."""
    return shutil.which("tesseract") is not None and find_spec("pytesseract") is not None


def read(png: bytes) -> str:
    """The text of a page from its PNG picture; nothing when tesseract fails on it: the other pages are still read."""
    import pytesseract
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        try:
            return str(pytesseract.image_to_string(image, timeout=_SECONDS))
        except (pytesseract.TesseractError, RuntimeError):
            return ""
