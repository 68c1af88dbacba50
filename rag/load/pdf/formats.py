"""The reader of PDF.

Owns: what a PDF is recognised by, and which title is the best guide to one. Knows nothing about pages.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from rag.load import media_types
from rag.load.builder import Builder
from rag.load.file import File
from rag.load.readers import Content
from rag.types import Document

# Programs that show PDF accept its header within the first kilobyte.
_HEADER_BYTES = 1024
_HEADER = b"%PDF-"


class PdfReader:
    """Reads PDF; pages are those of the file."""

    media_type = media_types.PDF
    suffixes = (".pdf",)
    content: Content = "any"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a PDF by its header. Some writers put bytes before it; then the name must say it, too."""
        data = file.data
        return data.startswith(_HEADER) or (_HEADER in data[:_HEADER_BYTES] and file.suffix in self.suffixes)

    def read(self, file: File) -> Document:
        """Return the document in a PDF."""
        from rag.load.pdf.reader import read_pdf

        builder = Builder(file.limits.max_characters)
        title = read_pdf(file.data, builder, file.limits.max_pages, file.limits.ocr_languages)
        title = title or _telling_stem(file.name)
        return builder.document(self.media_type, file.name, title)


def _telling_stem(name: str) -> str:
    """Return a file's name without its ending where it says something, or "".

    It is a better guide than a heading guessed from its letters.
    """
    stem = PurePath(name).stem
    words = [word for word in re.split(r"[\W_]+", stem) if word]
    has_long_word = any(len(word) > 2 and word.isalpha() for word in words)
    return stem if len(words) > 1 and has_long_word else ""
