"""Read the title and the day of a page from its head.

Owns: which of its elements say them. Knows nothing about its text.
"""

from __future__ import annotations

from typing import Any

from rag.load.markup.dates import day_of

# Names of a page's last change, and of its making, the best first.
_DATES = (
    "article:modified_time", "og:updated_time", "dcterms.modified", "dc.date.modified", "last-modified", "revised",
    "article:published_time", "dcterms.date", "dc.date", "dcterms.created", "dc.date.created", "dcterms.issued",
    "dc.date.issued", "citation_publication_date", "datepublished", "pubdate", "date",
)  # fmt: skip
_MOST_META = 500


def title_of(head: Any) -> str:
    """Return the title in the head of a page, else the one for those who share it, or ""."""
    element = head.css_first("title")
    title = " ".join(element.text().split()) if element is not None else ""
    return title or " ".join(_metas(head).get("og:title", "").split())


def date_of(head: Any) -> str:
    """Return the day that the head of a page gives for its last change, else for its making; "" for none."""
    metas = _metas(head)
    return next(filter(None, (day_of(metas.get(name)) for name in _DATES)), "")


def _metas(head: Any) -> dict[str, str]:
    """Return what a head says by name; the first of a name counts."""
    metas: dict[str, str] = {}
    for element in head.css("meta")[:_MOST_META]:
        attributes = element.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("http-equiv") or ""
        content = attributes.get("content") or ""
        if name and content:
            metas.setdefault(name.strip().lower(), content)
    return metas
