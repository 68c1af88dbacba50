"""Read EPUB books.

Owns: the reading order of a book's chapters, and what is told of the book. Knows nothing about HTML, which it hands on.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from rag.errors import LoadError, SkipFile
from rag.load.builder import Builder
from rag.load.markup.charset import decode_markup
from rag.load.markup.dates import day_of
from rag.load.markup.html import read_html
from rag.notices import Notice

_CHAPTER_SUFFIXES = (".xhtml", ".html", ".htm")
_CHAPTER_TYPES = frozenset(
    ("application/xhtml+xml", "text/html", "application/xml", "text/xml", "text/x-oeb1-document", "image/svg+xml")
)
# Fonts are garbled in many books that anyone may read.
_FONT_ALGORITHMS = ("embedding", "enc#rc")
_SHEET_CHARACTERS = 500_000


@dataclass(slots=True)
class _Book:
    """What the package file of a book says.

    Attributes:
        title: The title.
        days: The days of its last change, its change, and its making, where it gives them.
        files: The parts by their names in it, with their media types.
        spine: The parts in reading order.
    """

    title: str = ""
    days: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    spine: list[str] = field(default_factory=list)


def read_epub(package: io.BytesIO, builder: Builder) -> str:
    """Append each chapter in the order of the spine, or of their names where there is none.

    Args:
        package: The unpacked book.
        builder: What the chapters are appended to.

    Returns:
        The title that the package file gives, or "".

    Raises:
        LoadError: When there is no chapter, or none without protection.
    """
    with zipfile.ZipFile(package) as archive:
        names = set(archive.namelist())
        book = _read_package(archive)
        chapters = list(_chapters(book)) or sorted(name for name in names if name.lower().endswith(_CHAPTER_SUFFIXES))
        protected = _protected(archive, names)
        readable = [name for name in chapters if name in names and name not in protected]
        if not readable:
            is_protected = any(name in protected for name in chapters)
            raise LoadError(Notice("file-protected" if is_protected else "file-epub-without-chapters"))
        unread = [name for name in chapters if name not in readable]
        unread += [key for key in dict.fromkeys(book.spine) if key and key not in book.files and chapters]
        builder.date = next((book.days[key] for key in ("modified", "modification", "") if book.days.get(key)), "")
        sheet = _sheet(archive, book, names)
        for chapter in readable:
            data = archive.read(chapter)
            if not data.strip():
                continue
            try:
                text = decode_markup(data)
            except SkipFile:
                # No text: a damaged chapter.
                unread.append(chapter)
                continue
            read_html(text, builder, sheet)
        if unread:
            builder.warn(Notice("reading-chapters", {"names": [posixpath.basename(name) for name in unread]}))
    return book.title


def _read_package(archive: zipfile.ZipFile) -> _Book:
    """Return what the package file says; nothing where it cannot be read."""
    book = _Book()
    try:
        container = fromstring(archive.read("META-INF/container.xml"))
        rootfile = next(node for node in container.iter() if _local_name(node.tag) == "rootfile")
        path = rootfile.get("full-path", "")
        package = fromstring(archive.read(path))
    except (KeyError, StopIteration, ParseError, DefusedXmlException):
        return book
    folder = posixpath.dirname(path)
    for node in package.iter():
        name = _local_name(node.tag)
        if name == "item":
            target = posixpath.normpath(posixpath.join(folder, unquote(node.get("href", ""))))
            book.files[node.get("id", "")] = (target, node.get("media-type", "").lower())
        elif name == "itemref":
            book.spine.append(node.get("idref", ""))
        elif name == "title" and not book.title:
            book.title = " ".join("".join(node.itertext()).split())
        else:
            _take_date(node, name, book)
    return book


def _take_date(node: Element, name: str, book: _Book) -> None:
    """Take a date of the book: of its last change, or another."""
    if name == "meta" and node.get("property") == "dcterms:modified":
        book.days.setdefault("modified", day_of(node.text))
    elif name == "date":
        event = next((value for key, value in node.items() if _local_name(key) == "event"), "")
        book.days.setdefault(event if event == "modification" else "", day_of(node.text))


def _chapters(book: _Book) -> Iterator[str]:
    """Yield the parts of the spine that are pages, each once."""
    seen: set[str] = set()
    for key in book.spine:
        name, media_type = book.files.get(key, ("", ""))
        is_page = media_type in _CHAPTER_TYPES or not media_type or name.lower().endswith(_CHAPTER_SUFFIXES)
        if name and is_page and name not in seen:
            seen.add(name)
            yield name


def _protected(archive: zipfile.ZipFile, names: set[str]) -> set[str]:
    """Return the parts that are encrypted; a garbled font is none."""
    if "META-INF/encryption.xml" not in names:
        return set()
    try:
        root = fromstring(archive.read("META-INF/encryption.xml"))
    except (ParseError, DefusedXmlException):
        return set()
    protected: set[str] = set()
    for data in root.iter():
        if _local_name(data.tag) != "EncryptedData":
            continue
        parts = list(data.iter())
        methods = [node.get("Algorithm", "").lower() for node in parts if _local_name(node.tag) == "EncryptionMethod"]
        if not any(method.endswith(_FONT_ALGORITHMS) for method in methods):
            uris = (node.get("URI", "") for node in parts if _local_name(node.tag) == "CipherReference")
            protected.update(posixpath.normpath(unquote(uri)) for uri in uris)
    return protected


def _sheet(archive: zipfile.ZipFile, book: _Book, names: set[str]) -> str:
    """Return the style sheets of the book, as far as they are looked at."""
    sheets = (name for name, media_type in book.files.values() if media_type == "text/css" and name in names)
    return "\n".join(archive.read(name).decode("utf-8", "replace") for name in sheets)[:_SHEET_CHARACTERS]


def _local_name(tag: str) -> str:
    """Return the name of an element without its namespace."""
    return tag.rsplit("}", 1)[-1]
