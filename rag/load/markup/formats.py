"""The readers of HTML, saved pages, EPUB, and XML.

Owns: what each is recognised by. Knows nothing about elements or chapters.
"""

from __future__ import annotations

import re

from rag.load import media_types
from rag.load.builder import Builder
from rag.load.file import File
from rag.load.readers import Content
from rag.load.zip_package import safe_package
from rag.types import Document

_HTML_HEAD = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_SAVED_HEAD = re.compile(rb"From: .?<?Saved by ", re.I)


class HtmlReader:
    """Reads web pages."""

    media_type = media_types.HTML
    suffixes = (".html", ".htm", ".xhtml")
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a web page by its name, or by how it begins."""
        return file.suffix in self.suffixes or bool(_HTML_HEAD.match(file.head))

    def read(self, file: File) -> Document:
        """Return the document in a page."""
        from rag.load.markup.charset import decode_markup
        from rag.load.markup.html import read_html

        builder = Builder(file.limits.max_characters)
        title = read_html(decode_markup(file.data), builder)
        return builder.document(self.media_type, file.name, title)


class MhtmlReader:
    """Reads pages that a browser has saved in one file."""

    media_type = media_types.MHTML
    suffixes = (".mhtml", ".mht")
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a saved page by its name, or by the words that browsers begin it with."""
        return file.suffix in self.suffixes or bool(_SAVED_HEAD.match(file.head))

    def read(self, file: File) -> Document:
        """Return the document in a saved page."""
        from rag.load.markup.mhtml import read_mhtml

        builder = Builder(file.limits.max_characters)
        title = read_mhtml(file.data, builder)
        return builder.document(self.media_type, file.name, title)


class EpubReader:
    """Reads books."""

    media_type = media_types.EPUB
    suffixes = (".epub",)
    content: Content = "zip"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a book by the type that it declares, or by a part that all books have together with its name."""
        is_named = file.suffix in self.suffixes and "META-INF/container.xml" in file.entries
        return file.declared_type == self.media_type or is_named

    def read(self, file: File) -> Document:
        """Return the document in a book."""
        from rag.load.markup.epub import read_epub

        builder = Builder(file.limits.max_characters)
        title = read_epub(safe_package(file.data, file.limits.max_expansion), builder)
        return builder.document(self.media_type, file.name, title)


class XmlReader:
    """Reads XML by its text; what only calls itself XML is read as it is written."""

    media_type = media_types.XML
    suffixes = (".xml", ".rss", ".atom", ".dbk", ".fb2", ".jats", ".nxml", ".tei")
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell XML by the name of its file."""
        return file.suffix in self.suffixes

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        from rag.load.markup.xml import read_xml
        from rag.load.plain_text.formats import read_code

        builder = Builder(file.limits.max_characters)
        title = read_xml(file.data, builder)
        if title is None or not builder.blocks:
            return read_code(file)
        return builder.document(self.media_type, file.name, title)
