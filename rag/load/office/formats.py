"""The readers of DOCX and PPTX.

Owns: what each package is recognised by. Knows nothing about what its parts mean.
"""

from __future__ import annotations

from rag.load import media_types
from rag.load.builder import Builder
from rag.load.file import File
from rag.load.readers import Content
from rag.load.zip_package import safe_package
from rag.types import Document


class WordReader:
    """Reads Word documents, which have no pages until they are printed."""

    media_type = media_types.DOCX
    suffixes = (".docx", ".docm", ".dotx", ".dotm")
    content: Content = "zip"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a Word document by its parts."""
        return _is_office_package(file, "word/")

    def read(self, file: File) -> Document:
        """Return the document in a package."""
        from rag.load.office.word import read_docx

        builder = Builder(file.limits.max_characters)
        title = read_docx(safe_package(file.data, file.limits.max_expansion), builder)
        return builder.document(self.media_type, file.name, title)


class PowerPointReader:
    """Reads presentations; a slide is a page."""

    media_type = media_types.PPTX
    suffixes = (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm")
    content: Content = "zip"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a presentation by its parts."""
        return _is_office_package(file, "ppt/")

    def read(self, file: File) -> Document:
        """Return the document in a package."""
        from rag.load.office.powerpoint import read_pptx

        builder = Builder(file.limits.max_characters)
        title = read_pptx(safe_package(file.data, file.limits.max_expansion), builder, file.limits.max_pages)
        return builder.document(self.media_type, file.name, title)


def _is_office_package(file: File, folder: str) -> bool:
    """Tell whether a package is one of XML parts, with the program's own in a folder; a binary workbook is none."""
    return (
        "[Content_Types].xml" in file.entries
        and "xl/workbook.bin" not in file.entries
        and file.declared_type != media_types.EPUB
        and any(entry.startswith(folder) for entry in file.entries)
    )
