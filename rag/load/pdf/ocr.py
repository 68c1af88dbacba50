"""Read the text of pictured pages with tesseract, where it is installed.

Owns: the call of the ``ocr`` extra. Knows nothing about PDF files.
"""

from __future__ import annotations

import re
import shutil
from importlib.util import find_spec
from typing import Any

# The longest that tesseract may take for a page.
_TIMEOUT_SECONDS = 60


def is_available() -> bool:
    """Tell whether both the Python package and the program are installed."""
    return shutil.which("tesseract") is not None and find_spec("pytesseract") is not None


def recognise(image: Any) -> list[str]:
    """Return the paragraphs of a picture; none when tesseract fails on it: the other pages are still read.

    Args:
        image: A Pillow image.
    """
    import pytesseract

    try:
        text = str(pytesseract.image_to_string(image, timeout=_TIMEOUT_SECONDS))
    except (pytesseract.TesseractError, RuntimeError):
        return []
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
    return [paragraph for paragraph in paragraphs if paragraph]
