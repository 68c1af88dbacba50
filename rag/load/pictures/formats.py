"""The reader of pictures.

Owns: what a picture is recognised by. Knows nothing about pixels.
"""

from __future__ import annotations

from rag.load import media_types, recognition
from rag.load.builder import Builder
from rag.load.file import File
from rag.load.readers import Content
from rag.load.refusals import picture_kind
from rag.types import Document


class PictureReader:
    """Reads the words of pictures where tesseract is installed; a frame of a TIFF is a page."""

    media_type = media_types.PNG
    suffixes = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp")
    content: Content = "any"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a picture by its signature. Without tesseract it is none that can be read."""
        return bool(picture_kind(file.data)) and recognition.is_available(file.limits.ocr_languages)

    def read(self, file: File) -> Document:
        """Return the document in a picture."""
        from rag.load.pictures.picture import read_picture

        builder = Builder(file.limits.max_characters)
        media_type = read_picture(file.data, builder, file.limits)
        return builder.document(media_type, file.name)
