"""The readers of notebooks, captions, reStructuredText, Org and TeX.

Owns: what each is recognised by. Knows nothing about their marks.
"""

from __future__ import annotations

from collections.abc import Callable

from rag.load import media_types
from rag.load.builder import Builder
from rag.load.file import File
from rag.load.readers import Content
from rag.load.text import decode
from rag.types import Document


class NotebookReader:
    """Reads notebooks of Jupyter."""

    media_type = media_types.NOTEBOOK
    suffixes = (".ipynb",)
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a notebook by the name of its file."""
        return file.suffix in self.suffixes

    def read(self, file: File) -> Document:
        """Return the document in a notebook; what is none is read as it is written."""
        from rag.load.notation.notebook import read_notebook
        from rag.load.plain_text.formats import read_code

        builder = Builder(file.limits.max_characters)
        title = read_notebook(decode(file.data), builder)
        return read_code(file) if title is None else builder.document(self.media_type, file.name, title)


class CaptionsReader:
    """Reads captions of films and talks."""

    media_type = media_types.CAPTIONS
    suffixes = (".srt", ".vtt")
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell captions by the name of their file, or by the words that WebVTT begins with."""
        return file.suffix in self.suffixes or file.head.startswith(b"WEBVTT")

    def read(self, file: File) -> Document:
        """Return the document in a file; one without a cue is plain text."""
        from rag.load.notation.captions import read_captions
        from rag.load.plain_text.formats import PlainReader

        builder = Builder(file.limits.max_characters)
        title = read_captions(decode(file.data), builder)
        if not builder.blocks:
            return PlainReader().read(file)
        return builder.document(self.media_type, file.name, title)


class RstReader:
    """Reads reStructuredText."""

    media_type = media_types.RST
    suffixes = (".rst", ".rest")
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell reStructuredText by the name of its file."""
        return file.suffix in self.suffixes

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        from rag.load.notation.rst import rst_html

        return _read(file, self.media_type, rst_html)


class OrgReader:
    """Reads Org."""

    media_type = media_types.ORG
    suffixes = (".org",)
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell Org by the name of its file."""
        return file.suffix in self.suffixes

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        from rag.load.notation.org import org_html

        return _read(file, self.media_type, org_html)


class TexReader:
    """Reads TeX."""

    media_type = media_types.TEX
    suffixes = (".tex", ".latex", ".ltx")
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell TeX by the name of its file."""
        return file.suffix in self.suffixes

    def read(self, file: File) -> Document:
        """Return the document in a file; one that is made of definitions, as a package of macros is, is code."""
        from rag.load.notation.tex import is_made_of_definitions, tex_html
        from rag.load.plain_text.formats import read_code

        document = _read(file, self.media_type, tex_html)
        return read_code(file) if is_made_of_definitions(decode(file.data), document.text) else document


def _read(file: File, media_type: str, to_html: Callable[[str, Builder], str]) -> Document:
    """Return the document in a text that is written as a page first; one without words is read as it is written."""
    from rag.load.markup.html import read_html
    from rag.load.plain_text.formats import read_code

    builder = Builder(file.limits.max_characters)
    page = to_html(decode(file.data), builder)
    title = read_html(page, builder)
    return builder.document(media_type, file.name, title) if builder.blocks else read_code(file)
