"""The readers of ODT, ODP, flat OpenDocument files and RTF.

Owns: what each is recognised by. Knows nothing about what is in them.
"""

from __future__ import annotations

from rag.errors import SkipFile
from rag.load import media_types
from rag.load.builder import Builder
from rag.load.file import File
from rag.load.office.odf_flat import flat_kind, flat_package
from rag.load.readers import Content
from rag.load.zip_package import safe_package
from rag.notices import Notice
from rag.types import Document

# Templates, texts that hold others, and web pages.
_VARIETIES = ("template", "master", "web", "web-template")


class OpenTextReader:
    """Reads texts of OpenDocument, as LibreOffice writes them."""

    media_type = media_types.ODT
    suffixes = (".odt", ".ott", ".odm", ".oth")
    content: Content = "zip"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a text by the media type that the package declares."""
        return _is_open_document(file, self.media_type, self.suffixes)

    def read(self, file: File) -> Document:
        """Return the document in a package."""
        from rag.load.office.odf import read_odt

        builder = Builder(file.limits.max_characters)
        title = read_odt(safe_package(file.data, file.limits.max_expansion), builder)
        return builder.document(self.media_type, file.name, title)


class OpenPresentationReader:
    """Reads presentations of OpenDocument; a slide is a page."""

    media_type = media_types.ODP
    suffixes = (".odp", ".otp")
    content: Content = "zip"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a presentation by the media type that the package declares."""
        return _is_open_document(file, self.media_type, self.suffixes)

    def read(self, file: File) -> Document:
        """Return the document in a package."""
        from rag.load.office.odf import read_odp

        builder = Builder(file.limits.max_characters)
        title = read_odp(safe_package(file.data, file.limits.max_expansion), builder, file.limits.max_pages)
        return builder.document(self.media_type, file.name, title)


class FlatReader:
    """Reads texts, workbooks and presentations of OpenDocument that are one text, as LibreOffice writes them."""

    media_type = media_types.ODT
    suffixes = (".fodt", ".fods", ".fodp")
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell such a file by the kind that its root declares."""
        return bool(flat_kind(file.data))

    def read(self, file: File) -> Document:
        """Return the document in a file, as that in a package of its kind."""
        from rag.load.office.odf import read_odp, read_odt
        from rag.load.office.sheets.ods import read_ods

        builder = Builder(file.limits.max_characters)
        package = safe_package(flat_package(file.data), file.limits.max_expansion)
        kind = flat_kind(file.data)
        if kind.startswith("spreadsheet"):
            title = read_ods(package, builder)
            return builder.document(media_types.ODS, file.name, title, headings_are_titles=False)
        if kind.startswith("presentation"):
            title = read_odp(package, builder, file.limits.max_pages)
            return builder.document(media_types.ODP, file.name, title)
        if not kind.startswith("text"):
            raise SkipFile(Notice("file-opendocument"))
        return builder.document(media_types.ODT, file.name, read_odt(package, builder))


class RichTextReader:
    """Reads RTF, also where it is named as a Word document."""

    media_type = media_types.RTF
    suffixes = (".rtf",)
    content: Content = "any"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell RTF by how it begins."""
        return file.head.lstrip().startswith(b"{\\rtf")

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        from rag.load.office.rtf import read_rtf

        builder = Builder(file.limits.max_characters)
        title = read_rtf(file.data, builder)
        return builder.document(self.media_type, file.name, title)


def _is_open_document(file: File, media_type: str, suffixes: tuple[str, ...]) -> bool:
    """Tell whether a package declares a media type or a variety of it; by its name where it declares none."""
    if "content.xml" not in file.entries:
        return False
    if not file.declared_type:
        return file.suffix in suffixes
    return file.declared_type in (media_type, *(f"{media_type}-{variety}" for variety in _VARIETIES))
