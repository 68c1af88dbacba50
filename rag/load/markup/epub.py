"""Read EPUB books.

Owns: the reading order of a book's chapters. Knows nothing about HTML, which it hands on.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from urllib.parse import unquote

from defusedxml.ElementTree import ParseError, fromstring

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.markup.html import read_html
from rag.load.text import decode
from rag.notices import Notice

_CHAPTER_SUFFIXES = (".xhtml", ".html", ".htm")


def read_epub(package: io.BytesIO, builder: Builder) -> str:
    """Append each chapter in the order of the spine, or of their names where there is none.

    Args:
        package: The unpacked book.
        builder: What the chapters are appended to.

    Returns:
        The title that the package file gives, or "".

    Raises:
        LoadError: When there is no chapter.
    """
    with zipfile.ZipFile(package) as book:
        names = set(book.namelist())
        title, chapters = _title_and_spine(book, names)
        if not chapters:
            chapters = sorted(name for name in names if name.lower().endswith(_CHAPTER_SUFFIXES))
        if not chapters:
            raise LoadError(Notice("file-epub-without-chapters"))
        for chapter in chapters:
            data = book.read(chapter)
            if data.strip():
                read_html(decode(data), builder)
    return title


def _title_and_spine(book: zipfile.ZipFile, names: set[str]) -> tuple[str, list[str]]:
    """Return the title and the chapters that the package file gives; ("", []) where it cannot be read."""
    try:
        container = fromstring(book.read("META-INF/container.xml"))
        rootfile = next(node for node in container.iter() if _local_name(node.tag) == "rootfile")
        path = rootfile.get("full-path", "")
        package = fromstring(book.read(path))
    except (KeyError, StopIteration, ParseError):
        return "", []
    folder = posixpath.dirname(path)
    files: dict[str, str] = {}
    spine: list[str] = []
    title = ""
    for node in package.iter():
        name = _local_name(node.tag)
        if name == "item":
            target = posixpath.normpath(posixpath.join(folder, unquote(node.get("href", ""))))
            files[node.get("id", "")] = target
        elif name == "itemref":
            spine.append(node.get("idref", ""))
        elif name == "title" and not title:
            title = (node.text or "").strip()
    return title, [files[key] for key in spine if files.get(key) in names]


def _local_name(tag: str) -> str:
    """Return the name of an element without its namespace."""
    return tag.rsplit("}", 1)[-1]
