"""Read the text of pictured pages with tesseract, where it is installed.

Owns: the call of the ``ocr`` extra. Knows nothing about PDF files.
"""

from __future__ import annotations

import io
import shutil
from importlib.util import find_spec

# The longest that tesseract may take for a page.
_TIMEOUT_SECONDS = 60


def is_available() -> bool:
    """Tell whether both the Python package and the program are installed."""
    return shutil.which("tesseract") is not None and find_spec("pytesseract") is not None


def read(png: bytes) -> str:
    """Return the text of a page's PNG picture; "" when tesseract fails on it: the other pages are still read."""
    import pytesseract
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        try:
            return str(pytesseract.image_to_string(image, timeout=_TIMEOUT_SECONDS))
        except (pytesseract.TesseractError, RuntimeError):
            return ""
