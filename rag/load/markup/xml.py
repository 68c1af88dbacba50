"""Read XML by its text: articles, feeds, pages, records, and files of any other kind.

Owns: what kind of XML a file is, its title and its day. Knows nothing about what its elements are.

    xml_safe     parsing, and which entities may be
    xml_html     elements to HTML, which is then read as a page
    xml_nodes    single elements
    xml_names    the elements of DocBook, JATS and TEI
    xml_records  records
    feeds        RSS and Atom
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.load.builder import Builder
from rag.load.markup.charset import decode_markup
from rag.load.markup.dates import day_of
from rag.load.markup.feeds import feed_html, is_feed
from rag.load.markup.html import read_html
from rag.load.markup.xml_html import to_html
from rag.load.markup.xml_nodes import local_name
from rag.load.markup.xml_safe import parse_xml
from rag.notices import Notice

_ARTICLE_PARTS = frozenset(("para", "simpara", "sec", "front", "teiHeader", "front-stub", "title-info"))
_ARTICLE_ROOTS = frozenset(
    "article book chapter section part set refentry appendix preface TEI sect1 sect2 FictionBook".split()
)
_DATES = frozenset(("date", "pub-date", "pubdate"))
# Elements that are looked at for the kind of a file and for its date.
_LOOKED_AT = 500


def read_xml(data: bytes, builder: Builder) -> str | None:
    """Append the text of an XML file.

    Args:
        data: The bytes of the file.
        builder: What the blocks are appended to.

    Returns:
        Its title, or ""; None where it is no sound XML: nothing is appended then.

    Raises:
        LoadError: When it declares entities that grow.
    """
    parsed = parse_xml(data)
    if parsed is None:
        return None
    root, entities, outside = parsed
    if outside:
        builder.warn(Notice("reading-other-files", {"names": outside}))
    if local_name(root).lower() == "html":
        return read_html(decode_markup(data), builder)
    if is_feed(root):
        body, title, builder.date = feed_html(root)
    else:
        is_article = _is_article(root)
        body, title = to_html(root, entities, is_article=is_article), ""
        builder.date = _date(root) if is_article else ""
    read_html(f"<!DOCTYPE html><body>{body}</body>", builder)
    return title


def _is_article(root: Any) -> bool:
    """Tell whether a file is DocBook, JATS, TEI or FictionBook by its root and its first elements."""
    if local_name(root) not in _ARTICLE_ROOTS:
        return False
    return "docbook" in str(root.tag) or any(local_name(node) in _ARTICLE_PARTS for node in _first(root))


def _date(root: Any) -> str:
    for node in _first(root):
        if local_name(node) in _DATES:
            day = day_of(node.get("iso-8601-date") or node.get("when") or "".join(node.itertext()))
            if day:
                return day
    return ""


def _first(root: Any) -> Iterator[Any]:
    for count, node in enumerate(root.iter()):
        if count >= _LOOKED_AT:
            return
        yield node
