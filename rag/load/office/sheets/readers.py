"""The readers of workbooks.

Owns: what each kind of workbook is recognised by. Knows nothing about what its parts mean.
"""

from __future__ import annotations

import re

from rag.load import media_types
from rag.load.builder import Builder
from rag.load.file import File
from rag.load.readers import Content
from rag.load.zip_package import safe_package
from rag.types import Document

# Streams of other kinds of files, in which a workbook may be embedded.
_OTHER_STREAMS = ("EncryptedPackage", "WordDocument", "PowerPoint Document", "__substg1.0")
_XML_WORKBOOK = re.compile(
    rb"\s*<\?xml\b[^>]{0,200}>\s*(?:<[?!][^>]{0,500}>\s*){0,9}<(?:\w{1,30}:)?Workbook\s[^>]{0,3000}>"
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class ExcelReader:
    """Reads workbooks of XML parts. Their headings are names of sheets, and no title."""

    media_type = media_types.XLSX
    suffixes = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam")
    content: Content = "zip"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a workbook by its parts."""
        return _is_package(file) and "xl/workbook.bin" not in file.entries

    def read(self, file: File) -> Document:
        """Return the document in a package."""
        from rag.load.office.sheets.xlsx import read_xlsx

        builder = Builder(file.limits.max_characters)
        title = read_xlsx(safe_package(file.data, file.limits.max_expansion), builder)
        return builder.document(self.media_type, file.name, title, headings_are_titles=False)


class BinaryWorkbookReader:
    """Reads workbooks of binary parts."""

    media_type = media_types.XLSB
    suffixes = (".xlsb",)
    content: Content = "zip"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a workbook by its parts."""
        return _is_package(file) and "xl/workbook.bin" in file.entries

    def read(self, file: File) -> Document:
        """Return the document in a package."""
        from rag.load.office.sheets.xlsb import read_xlsb

        builder = Builder(file.limits.max_characters)
        title = read_xlsb(safe_package(file.data, file.limits.max_expansion, keep=(".bin",)), builder)
        return builder.document(self.media_type, file.name, title, headings_are_titles=False)


class OldExcelReader:
    """Reads workbooks of Excel 97 to 2003."""

    media_type = media_types.XLS
    # Not .xls: what web sites name so is often HTML, or rows of text.
    suffixes = (".xlt",)
    content: Content = "any"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a workbook by the stream in its container; by its name where something else is embedded in it."""
        if not file.data.startswith(_OLE) or not any(_has_stream(file, name) for name in ("Workbook", "Book")):
            return False
        is_named = file.suffix in (".xls", ".xlt")
        return not any(_has_stream(file, name) for name in (("EncryptedPackage",) if is_named else _OTHER_STREAMS))

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        from rag.load.office.sheets.xls import read_xls

        builder = Builder(file.limits.max_characters)
        title = read_xls(file.data, builder)
        return builder.document(self.media_type, file.name, title, headings_are_titles=False)


class SpreadsheetXmlReader:
    """Reads workbooks of one XML text, as Excel 2003 and programs that export to it write them, whatever their name."""

    media_type = media_types.XLS
    suffixes: tuple[str, ...] = ()
    content: Content = "any"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a workbook by its root and the namespace of that."""
        root = _XML_WORKBOOK.match(file.head)
        return root is not None and b"urn:schemas-microsoft-com:office:spreadsheet" in root[0]

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        from rag.load.office.sheets.spreadsheet_xml import read_spreadsheet_xml

        builder = Builder(file.limits.max_characters)
        title = read_spreadsheet_xml(file.data, builder)
        return builder.document(self.media_type, file.name, title, headings_are_titles=False)


class OpenWorkbookReader:
    """Reads workbooks of OpenDocument, as LibreOffice writes them."""

    media_type = media_types.ODS
    suffixes = (".ods", ".ots")
    content: Content = "zip"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a workbook by the media type that the package declares; by its name where it declares none."""
        if not file.declared_type:
            return "content.xml" in file.entries and file.suffix in self.suffixes
        return file.declared_type in (self.media_type, f"{self.media_type}-template")

    def read(self, file: File) -> Document:
        """Return the document in a package."""
        from rag.load.office.sheets.ods import read_ods

        builder = Builder(file.limits.max_characters)
        title = read_ods(safe_package(file.data, file.limits.max_expansion), builder)
        return builder.document(self.media_type, file.name, title, headings_are_titles=False)


def _is_package(file: File) -> bool:
    return (
        "[Content_Types].xml" in file.entries
        and file.declared_type != media_types.EPUB
        and any(entry.startswith("xl/") for entry in file.entries)
    )


def _has_stream(file: File, name: str) -> bool:
    return f"{name}".encode("utf-16-le") in file.data
