"""Recognise the words of a picture with tesseract, where it is installed.

Owns: the call of the ``ocr`` extra, and paragraphs of the lines that it finds. Knows nothing about files.

    tesseract    a picture to lines, in the languages that are installed
    paragraphs   lines to paragraphs

Interface: ``is_available``, ``recognise``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.load.recognition.paragraphs import join_lines
from rag.load.recognition.tesseract import find_lines, is_available

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["is_available", "recognise"]


def recognise(image: Image, languages: str = "") -> list[str]:
    """Return the words of a picture.

    Args:
        image: The picture, dark letters on light ground.
        languages: Languages by tesseract's names, such as ``deu+eng``; "" for those that are installed.

    Returns:
        Its paragraphs in tesseract's order, each on one line; none where nothing is recognised, or tesseract fails.
    """
    return list(join_lines(find_lines(image, languages)))
