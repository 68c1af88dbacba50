"""The list of documents, as rows of HTML, and what it can be filtered by.

Owns: what a row says of a document. Knows nothing about routes but how an address is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from rag.notices import Notice
from rag.store.catalog import SourceListing
from ui.i18n import Translate
from ui.service.document_choice import kind_of
from ui.views.panels import document_address
from ui.views.templates import render

_LONGEST_SIGN = 4
_MOST_MARKS = 20
_KIND_TEXTS = {
    "pdf": "kind pdf",
    "text": "kind text",
    "sheet": "kind sheet",
    "slides": "kind slides",
    "plain": "kind plain",
    "web": "kind web",
    "mail": "kind mail",
    "image": "kind image",
    "other": "kind other",
}
_STATUS_TEXTS = {"read": "status read", "part": "status part", "skipped": "file skipped", "failed": "file failed"}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: the listing, and what is made of it."""

    listing: SourceListing
    number: int
    address: str
    name: list[tuple[str, bool]]
    path: list[tuple[str, bool]]
    kind: str
    sign: str
    size: str
    status: str
    status_text: str
    sentences: list[Notice]


def rows_html(
    listings: Sequence[SourceListing],
    offset: int,
    workspace: str,
    search: str,
    at_work: Collection[str],
    t: Translate,
) -> Markup:
    """Return rows of the list, one element each.

    Args:
        listings: The documents.
        offset: How many come before them.
        workspace: The id of the workspace that holds them.
        search: What they were searched by, which is marked; "" for nothing.
        at_work: The names of those that are being read.
        t: Gives the texts of the page in the reader's language.
    """
    rows = [
        _row(listing, offset + number, workspace, search, listing.source in at_work, t)
        for number, listing in enumerate(listings)
    ]
    return render("documents", "rows", rows=rows, t=t)


def overview_json(folders: Mapping[str, int], kinds: Sequence[tuple[str, str, int]], t: Translate) -> dict[str, Any]:
    """Return the folders, and what a list can be filtered by, as JSON values.

    Args:
        folders: The number of documents in each folder.
        kinds: The number of documents of each media type and status.
        t: Gives the texts of the page in the reader's language.

    Returns:
        ``total``; ``folders`` as pairs of a path and a number; ``kinds`` and ``statuses`` as triples of a value, its
        words and a number.
    """
    by_kind: Counter[str] = Counter()
    by_status: Counter[str] = Counter()
    for media_type, status, count in kinds:
        by_kind[kind_of(media_type)] += count
        by_status[status] += count
    return {
        "total": by_status.total(),
        "folders": list(folders.items()),
        "kinds": [(kind, t(_KIND_TEXTS[kind]), count) for kind, count in by_kind.most_common()],
        "statuses": [
            (status, t(_STATUS_TEXTS[status]), by_status[status]) for status in _STATUS_TEXTS if by_status[status]
        ],
    }


def marked(text: str, search: str) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is what was searched for; case does not matter for letters a-z."""
    if not search:
        return [(text, False)]
    pieces = re.split(f"({re.escape(search)})", text, maxsplit=_MOST_MARKS, flags=re.IGNORECASE | re.ASCII)
    return [(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece]


def sign_of(source: str) -> str:
    """Return the short sign of a file's type, such as ``PDF``: its ending; ``…`` where that is long or missing."""
    ending = PurePosixPath(source).suffix.lstrip(".").upper()
    return ending if ending and len(ending) <= _LONGEST_SIGN else "…"


def file_size(size: int, t: Translate) -> str:
    """Return a number of bytes in words: ``640 KB``, ``2.5 MB``; "" where it is not known."""
    if size <= 0:
        return ""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    megabytes = size / 1_000_000
    return f"{t.number(megabytes, 1 if megabytes < 10 else 0)} MB"


def _row(listing: SourceListing, number: int, workspace: str, search: str, is_at_work: bool, t: Translate) -> _Row:
    path = PurePosixPath(listing.source)
    address = ""
    if listing.source_id:
        address = f"{document_address(workspace, listing.source_id)}?{urlencode({'source': listing.source})}"
    status = "reading" if is_at_work else listing.status
    return _Row(
        listing=listing,
        number=number,
        address=address,
        name=marked(listing.title or path.name, search),
        path=marked(listing.source, search),
        kind=kind_of(listing.media_type),
        sign=sign_of(listing.source),
        size=file_size(listing.size, t),
        status=status,
        status_text=t("working") if is_at_work else t(_STATUS_TEXTS[status]),
        sentences=[*([listing.problem] if listing.problem else []), *listing.warnings],
    )
