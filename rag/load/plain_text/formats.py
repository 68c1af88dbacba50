"""The readers of plain text, Markdown and source code.

Owns: the names that each is known by. Knows nothing about lines.

Their text is scanned by code of ours in linear time, about a millisecond for 100 kB, so they need no sandbox.
"""

from __future__ import annotations

from pathlib import PurePath

from rag.load import media_types
from rag.load.builder import check_length
from rag.load.file import File
from rag.load.plain_text.code import code_blocks
from rag.load.plain_text.markdown import markdown_structure
from rag.load.plain_text.plain import plain_blocks
from rag.load.readers import Content
from rag.load.text import decode
from rag.load.titles import first_title
from rag.types import Document

_CODE_SUFFIXES = (
    ".bash .bat .c .cc .cfg .clj .cmake .conf .cpp .cs .css .cxx .dart .erl .ex .exs .f90 .go .gradle .groovy .h .hpp"
    " .hs .ini .java .jl .js .jsx .kt .kts .less .lua .m .mjs .ml .mm .nix .php .pl .proto .ps1 .py .pyi .r .rb .rs"
    " .scala .scss .sh .sql .svelte .swift .tcl .tf .toml .ts .tsx .vb .vue .xsd .xsl .yaml .yml .zig .zsh"
)
_CODE_NAMES = ("makefile", "dockerfile", "cmakelists.txt", "jenkinsfile", "vagrantfile")


class MarkdownReader:
    """Reads Markdown. Its title is that of its front matter, else its first heading."""

    media_type = media_types.MARKDOWN
    suffixes = (".md", ".markdown", ".mdown", ".mdx", ".qmd", ".rmd")
    content: Content = "text"
    sandboxed = False

    def recognises(self, file: File) -> bool:
        """Tell Markdown by the name of its file."""
        return file.suffix in self.suffixes

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        text = _text(file)
        seen = markdown_structure(text)
        title = first_title(file.name, seen.title)
        return Document(text, title, self.media_type, seen.blocks, (), seen.tables, seen.date)


class CodeReader:
    """Reads source code and settings."""

    media_type = media_types.CODE
    suffixes = tuple(_CODE_SUFFIXES.split())
    content: Content = "text"
    sandboxed = False

    def recognises(self, file: File) -> bool:
        """Tell code by the name of its file."""
        return file.suffix in self.suffixes or PurePath(file.name).name.lower() in _CODE_NAMES

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        return read_code(file)


class PlainReader:
    """Reads any text."""

    media_type = media_types.PLAIN
    # Text by any other name is plain, unless its beginning says otherwise: it lays claim to none.
    suffixes: tuple[str, ...] = ()
    content: Content = "text"
    sandboxed = False

    def recognises(self, file: File) -> bool:  # noqa: ARG002
        """Tell that it is text, as all is that it is asked about."""
        return True

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        text = _text(file)
        return Document(text, first_title(file.name), self.media_type, plain_blocks(text))


def read_code(file: File) -> Document:
    """Return the document in a file of source code, or in one that is not quite what its name says."""
    text = _text(file)
    return Document(text, first_title(file.name), media_types.CODE, code_blocks(text))


def _text(file: File) -> str:
    """Return the text of a file, which is its own canonical text, unless it is too long."""
    text = decode(file.data)
    check_length(text, file.limits)
    return text
