"""The source panel and the list of documents, as pieces of HTML.

Owns: what one source around a span and a page of documents look like. Knows nothing about
routes but how an address is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from markupsafe import Markup

from rag.store.catalog import SourceListing
from rag.types import Passage
from ui.i18n import Translate
from ui.views.source import SourceView
from ui.views.templates import render

DOCUMENTS_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class _Addresses:
    """What can be loaded beside a view of a source: its neighbours, and the picture of a PDF's page.

    ``before`` and ``after`` are windows of a text, empty at either end, or pages of a PDF, which may not be there.
    """

    before: str
    after: str
    image: str = ""


@dataclass(frozen=True, slots=True)
class _DocumentRow:
    """A document in the list; ``address`` is empty for one that cannot be opened, ``status`` for one that was read."""

    listing: SourceListing
    address: str
    status: str


def turn_address(workspace: str, turn_id: str) -> str:
    """Return the address that those of all views of an answer begin with."""
    return f"/i/{quote(workspace, safe=':')}/turns/{quote(turn_id)}"


def document_address(workspace: str, source_id: str) -> str:
    """Return the address that shows a document, without the source that is meant among those of the same words."""
    return f"/i/{quote(workspace, safe=':')}/documents/{quote(source_id)}"


def instructions_html(passage: Passage, t: Translate) -> Markup:
    """Return the flag of a passage whose words read like orders to a model, or nothing."""
    return render("panels", "instructions", passage=passage, t=t)


def source_html(
    view: SourceView,
    address: str,
    workspace: str,
    t: Translate,
    back: str = "",
    flag: Markup | None = None,
    cells: Markup | None = None,
) -> Markup:
    """Return one source with the cited words marked.

    Args:
        view: What is shown of the source.
        address: Where this view itself is loaded from.
        workspace: The id of the workspace that holds the source.
        t: Gives the texts of the page in the reader's language.
        back: Where the sources of the answer are loaded from; empty for a source that was not opened from an answer.
        flag: What `instructions_html` returns, shown above the words; None for nothing.
        cells: The cited table rows as a small table, shown above words that are no table; None for nothing.
    """
    if view.kind == "pdf":
        page = view.page or 1
        image = f"/i/{quote(workspace, safe=':')}/pages/{quote(view.image)}/{page}?width=1200"
        addresses = _Addresses(_with(address, page=page - 1), _with(address, page=page + 1), image)
    else:
        before = "" if view.before is None else _with(address, at=view.before)
        after = "" if view.after is None else _with(address, at=view.after)
        addresses = _Addresses(before, after)
    return render("panels", "source", view=view, addresses=addresses, back=back, flag=flag, cells=cells, t=t)


def _with(address: str, **values: int) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}"


def documents_html(
    listings: Sequence[SourceListing], total: int, page: int, workspace: str, search: str, writable: bool, t: Translate
) -> Markup:
    """Return one page of the list of documents.

    Args:
        listings: The documents on this page.
        total: How many documents there are on all pages.
        page: The number of this page, counted from 1.
        workspace: The id of the workspace that holds them.
        search: What they were searched by; empty for all documents.
        writable: Whether the reader may remove documents.
        t: Gives the texts of the page in the reader's language.
    """
    if not total:
        return render("panels", "no_documents", search=search, t=t)
    first = (page - 1) * DOCUMENTS_A_PAGE + 1
    return render(
        "panels",
        "documents",
        rows=[_document_row(listing, workspace) for listing in listings],
        page=page,
        first=first,
        last=first + len(listings) - 1,
        total=total,
        writable=writable,
        t=t,
    )


def _document_row(listing: SourceListing, workspace: str) -> _DocumentRow:
    address = ""
    if listing.source_id:
        address = f"{document_address(workspace, listing.source_id)}?{urlencode({'source': listing.source})}"
    status = "" if not listing.problem else "skipped" if listing.skipped else "failed"
    return _DocumentRow(listing, address, status)
