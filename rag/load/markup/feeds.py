"""Write news feeds (RSS and Atom) as HTML.

Owns: which elements of a feed a person reads. Knows nothing about files; the HTML is read as any page.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from rag.load.markup.dates import day_of
from rag.load.markup.xml_nodes import local_name

_ENTRIES = ("item", "entry")
_HEADS = ("channel", "feed")
_DATES = ("pubDate", "updated", "published", "date", "lastBuildDate", "modified")
_AUTHORS = ("author", "creator", "managingEditor")
_TEXTS = ("description", "summary", "subtitle", "tagline", "encoded", "content")
FEED_ROOTS = ("rss", "feed", "RDF")


def is_feed(root: Any) -> bool:
    """Tell whether the root of an XML file is that of a feed."""
    return local_name(root) in FEED_ROOTS and any(local_name(node) in (*_ENTRIES, "channel") for node in root.iter())


def feed_html(root: Any) -> tuple[str, str, str]:
    """Return a feed as the body of a page, its title and the day of its last change."""
    head = next((node for node in root.iter() if local_name(node) in _HEADS), root)
    title = _plain(_child(head, ("title",)))
    date = next((day for name in ("lastBuildDate", "updated", "pubDate", "date", "modified")
                 if (day := day_of(_plain(_child(head, (name,))))))
                , "")  # fmt: skip
    parts = [f"<h1>{html.escape(title)}</h1>" if title else "", _author(head), *_texts(head)]
    for entry in (node for node in root.iter() if local_name(node) in _ENTRIES):
        name = _plain(_child(entry, ("title",)))
        parts.append(f"<h2>{html.escape(name)}</h2>" if name else "")
        day = _plain(_child(entry, _DATES))
        parts.append(f"<p>{html.escape(day)}</p>" if day else "")
        parts += [_author(entry), *_texts(entry)]
    return "".join(parts), title, date


def _author(node: Any) -> str:
    """Return who wrote a feed or an entry as a paragraph of HTML, or ""."""
    author = _child(node, _AUTHORS)
    name = _child(author, ("name",)) if author is not None else None
    words = _plain(author if name is None else name)
    return f"<p>{html.escape(words)}</p>" if words else ""


def _texts(node: Any) -> Iterator[str]:
    """Yield the texts of a feed or an entry as HTML; one that another holds whole is said once."""
    said: list[str] = []
    for child in node:
        if local_name(child) not in _TEXTS:
            continue
        if len(child) and "html" in (child.get("type") or "xhtml"):
            from lxml import etree

            text = etree.tostring(child, encoding="unicode", method="html", with_tail=False)
        else:
            text = "".join(child.itertext())
            text = text if "<" in text else html.escape(text)
        if text.strip() and text not in said:
            said.append(text)
            yield f"<div>{text}</div>"


def _child(node: Any, names: tuple[str, ...]) -> Any:
    """Return the first child of one of some names, the first name first; None for none."""
    for name in names:
        for child in node:
            if local_name(child) == name:
                return child
    return None


def _plain(node: Any) -> str:
    """Return the words of an element, on one line, without marks of HTML in them."""
    if node is None:
        return ""
    return " ".join(html.unescape("".join(node.itertext())).split())
