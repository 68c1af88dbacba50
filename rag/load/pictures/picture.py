"""Read a picture: the words of each of its frames.

Owns: which frames are pages, the limit on their size, and the day of the picture. Knows nothing about recognition.
"""

from __future__ import annotations

import io
import re
from contextlib import suppress
from typing import Any

from PIL import Image

from rag.errors import SkipFile
from rag.load import recognition
from rag.load.builder import Builder
from rag.load.limits import Limits
from rag.load.pictures.letters import has_ink, legible
from rag.notices import Notice

# Nothing else is opened: other formats of the library run programs, or are no pictures.
_FORMATS = ("PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP")
# Of these formats, each frame is a page; the frames of others are one moving picture.
_PAGED = ("TIFF",)
# A frame of more pixels takes gigabytes.
_MOST_MEGAPIXELS = 120
# Numbers of properties: the day of the file, and the day of the photo.
_DAY_TAGS = (306, 36867)
_EXIF_PART = 0x8769
_DAY = re.compile(r"((?:19|20)\d\d):(0[1-9]|1[0-2]):(0[1-9]|[12]\d|3[01])\b")


def read_picture(data: bytes, builder: Builder, limits: Limits) -> str:
    """Append the words of a picture, a paragraph a block; of a TIFF each frame is a page.

    Args:
        data: The bytes of the file.
        builder: What they are appended to.
        limits: The limits of reading, and the languages.

    Returns:
        The media type of the picture.

    Raises:
        SkipFile: When it is too large, has too many pages, or holds no words.
    """
    Image.MAX_IMAGE_PIXELS = None  # The size is checked here, frame by frame, before anything is unpacked.
    with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        pages = getattr(image, "n_frames", 1) if image.format in _PAGED else 1
        if pages > limits.max_pages:
            raise SkipFile(Notice("file-too-many-pages", {"pages": limits.max_pages}))
        wordless = [number + 1 for number in range(pages) if _is_wordless(image, number, pages, builder, limits)]
        builder.date = _day(image)
        media_type = Image.MIME[image.format or "PNG"]
    if not builder.blocks:
        raise SkipFile(Notice("file-picture-wordless"))
    builder.warn(Notice("reading-picture-ocr"))
    if wordless:
        builder.warn(Notice("reading-pages-wordless", {"pages": wordless}))
    return media_type


def _is_wordless(image: Image.Image, number: int, pages: int, builder: Builder, limits: Limits) -> bool:
    """Append the words of a frame; tell whether something is drawn there in which none were recognised."""
    if pages > 1:
        image.seek(number)
        builder.begin_page()
    if image.width * image.height > _MOST_MEGAPIXELS * 1_000_000:
        raise SkipFile(Notice("file-picture-too-large", {"megapixels": _MOST_MEGAPIXELS}))
    letters = legible(image)
    if not has_ink(letters):
        return False
    paragraphs = recognition.recognise(letters, limits.ocr_languages)
    for paragraph in paragraphs:
        builder.add("paragraph", paragraph)
    return not paragraphs


def _day(image: Image.Image) -> str:
    """Return the day that a picture's properties give, ``YYYY-MM-DD``, or ""."""
    values: list[Any] = []
    # Properties are written by anything, and wrong ones make the library raise nearly anything.
    with suppress(Exception):
        exif = image.getexif()
        values = [exif.get(tag) or exif.get_ifd(_EXIF_PART).get(tag) for tag in _DAY_TAGS]
    found = next(filter(None, (_DAY.match(str(value)) for value in values)), None)
    return "-".join(found.groups()) if found else ""
