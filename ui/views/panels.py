"""The source panel and the list of documents, as pieces of HTML.

Owns: what the sources of an answer, one source at a place, and a page of documents look like. Knows nothing about
routes but how an address is written. The page's script loads what a ``data-load`` names into the panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from rag.store.catalog import SourceListing, StoredTurn
from rag.types import Citation, Passage
from ui.i18n import Translate
from ui.views.answer import shorten, source_and_page
from ui.views.escape import escape
from ui.views.source import SourceView

DOCUMENTS_A_PAGE = 25
_QUOTE = 220
_NOTES = {"changed": "changed", "removed": "removed source", "no page": "no page"}


def turn_address(shelf: str, turn: str) -> str:
    return f"/i/{quote(shelf, safe=':')}/turns/{quote(turn)}"


def document_address(shelf: str, source_id: str) -> str:
    return f"/i/{quote(shelf, safe=':')}/documents/{quote(source_id)}"


# -- the sources of an answer ------------------------------------------------------------------------------------------


def sources_html(turn: StoredTurn, shelf: str, say: Translate) -> str:
    """Every source of an answer, and apart from them what was also looked at."""
    answer, base = turn.answer, turn_address(shelf, turn.id)
    cited = "".join(_cited(citation, base, say) for citation in answer.citations)
    quoted = {(c.source_id, c.start, c.end) for c in answer.citations}
    others = [
        passage
        for passage in answer.passages
        if not any(id_ == passage.source_id and passage.start <= start < passage.end for id_, start, _ in quoted)
    ]
    also = "".join(_looked_at(passage, base, say) for passage in others)
    first = f'<ol class="f-list">{cited}</ol>' if cited else f'<p class="f-small">{say("no sources")}</p>'
    second = f'<h3>{say("also")}</h3><ul class="f-list f-also">{also}</ul>' if also else ""
    return f'<div class="f-sources"><h2>{say("sources")}</h2>{first}{second}</div>'


def _cited(citation: Citation, base: str, say: Translate) -> str:
    columns = f"<small>{escape(shorten(citation.header, _QUOTE))}</small>" if citation.header else ""
    return (
        f'<li><button type="button" class="f-item" data-load="{base}/c{citation.number}" '
        f'data-cite="{citation.number}"><b>[{citation.number}] {escape(source_and_page(citation, say))}</b>'
        f"{columns}<q>{escape(shorten(citation.quote, _QUOTE))}</q></button></li>"
    )


def _looked_at(passage: Passage, base: str, say: Translate) -> str:
    return (
        f'<li><button type="button" class="f-item" data-load="{base}/p{passage.rank}">'
        f"<b>{escape(source_and_page(passage, say))}</b><q>{escape(shorten(passage.text, _QUOTE))}</q></button>"
        f"{instructions_html(passage, say)}</li>"
    )


def instructions_html(passage: Passage, say: Translate) -> str:
    """The flag of a passage whose words read like orders to a model."""
    if not passage.instructions:
        return ""
    words = escape(shorten(passage.instructions, _QUOTE))
    return f'<p class="f-flag" role="note">{say("instructions")} <q>{words}</q></p>'


# -- one source at a place ---------------------------------------------------------------------------------------------


def source_html(view: SourceView, address: str, shelf: str, say: Translate, back: str = "", flag: str = "") -> str:
    """One source with the cited words marked. ``address`` is where this view itself is loaded from."""
    place = " › ".join(escape(part) for part in view.heading)
    returns = f'<button type="button" class="f-back" data-load="{back}">{say("back")}</button>' if back else ""
    head = (
        f'<header class="f-source-head">{returns}<h2>{escape(view.title or view.source)}</h2>'
        f'<p class="f-small">{escape(view.source)}{f" · {place}" if place else ""}</p></header>'
    )
    note = "" if view.state == "current" else f'<p class="f-changed" role="note">{say(_NOTES[view.state])}</p>'
    body = _sheet(view, address, shelf, say) if view.kind == "pdf" else _window(view, address, say)
    return f'<article class="f-source" data-kind="{view.kind}">{head}{note}{flag}{body}</article>'


def _window(view: SourceView, address: str, say: Translate) -> str:
    earlier = "" if view.before is None else _more(address, view.before, "↑", say("earlier"))
    later = "" if view.after is None else _more(address, view.after, "↓", say("later"))
    return f'{earlier}<div class="f-words" tabindex="0">{view.html}</div>{later}'


def _more(address: str, at: int, sign: str, label: str) -> str:
    target = escape(_with(address, at=at))
    return f'<button type="button" class="f-more" data-load="{target}">{sign} {label}</button>'


def _sheet(view: SourceView, address: str, shelf: str, say: Translate) -> str:
    page, pages = view.page or 1, view.pages or 1
    image = f"/i/{quote(shelf, safe=':')}/pages/{quote(view.image)}/{page}"
    boxes = "".join(
        f'<span class="f-box" style="left:{box.left:.3f}%;top:{box.top:.3f}%;width:{box.width:.3f}%;'
        f'height:{box.height:.3f}%"></span>'
        for box in view.boxes
    )
    picture = (
        f'<img src="{escape(image)}?width=1200" width="{view.width:.0f}" height="{view.height:.0f}" '
        f'alt="{say("page image", page=page, title=escape(view.title or view.source))}">'
    )
    return (
        f'<nav class="f-pager">{_turn(address, page - 1, "‹", say("previous page"), page <= 1)}'
        f"<span>{say('page of', page=page, pages=pages)}</span>"
        f"{_turn(address, page + 1, '›', say('next page'), page >= pages)}"
        f'<span class="f-gap"></span><button type="button" class="f-zoom" value="out" title="{say("zoom out")}" '
        f'aria-label="{say("zoom out")}">−</button><button type="button" class="f-zoom" value="in" '
        f'title="{say("zoom in")}" aria-label="{say("zoom in")}">+</button></nav>'
        f'<div class="f-sheets" tabindex="0"><div class="f-sheet">{picture}{boxes}</div></div>'
    )


def _turn(address: str, page: int, sign: str, label: str, off: bool) -> str:
    target = escape(_with(address, page=page))
    disabled = " disabled" if off else ""
    return f'<button type="button" data-load="{target}" title="{label}" aria-label="{label}"{disabled}>{sign}</button>'


def _with(address: str, **values: int) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}"


# -- the documents -----------------------------------------------------------------------------------------------------


def documents_html(
    listings: Sequence[SourceListing], total: int, page: int, shelf: str, search: str, writable: bool, say: Translate
) -> str:
    """One page of documents, counted from 1; what is shown of them comes from the index."""
    if not total:
        return f'<p class="f-small">{say("nothing found" if search else "empty index")}</p>'
    rows = "".join(_document(listing, shelf, writable, say) for listing in listings)
    first = (page - 1) * DOCUMENTS_A_PAGE + 1
    count = say("shown", first=first, last=first + len(listings) - 1, total=total)
    return (
        f'<ul class="f-documents">{rows}</ul><nav class="f-pager">'
        f"{_leaf(page - 1, '‹', say('previous'), page <= 1)}<span>{count}</span>"
        f"{_leaf(page + 1, '›', say('next'), first + len(listings) > total)}</nav>"
    )


def _leaf(page: int, sign: str, label: str, off: bool) -> str:
    disabled = " disabled" if off else ""
    return f'<button type="button" class="f-leaf" value="{page}" aria-label="{label}"{disabled}>{sign}</button>'


def _document(listing: SourceListing, shelf: str, writable: bool, say: Translate) -> str:
    name = escape(listing.source)
    sizes = [say("pages", count=listing.pages)] if listing.pages and listing.pages > 1 else []
    sizes.append(say("one passage") if listing.chunks == 1 else say("several passages", count=listing.chunks))
    about = escape(listing.problem) if listing.problem else ", ".join(sizes)
    status = "failed" if listing.problem and not listing.skipped else "skipped" if listing.problem else ""
    badge = f'<span class="f-badge f-{status}">{say(status)}</span> ' if status else ""
    title = f"<b>{escape(listing.title or listing.source)}</b><span>{name}</span>"
    if listing.source_id:
        query = urlencode({"source": listing.source})
        load = f"{document_address(shelf, listing.source_id)}?{query}"
        title = f'<button type="button" class="f-item" data-load="{escape(load)}">{title}</button>'
    else:
        title = f'<div class="f-item">{title}</div>'
    usable = listing.source_id and listing.chunks
    pick = (
        f'<input type="checkbox" class="f-pick" value="{name}" aria-label="{say("ask only")}: {name}">'
        if usable
        else '<span class="f-no-pick"></span>'
    )
    remove = (
        f'<button type="button" class="f-remove" value="{name}" title="{say("remove")}" '
        f'aria-label="{say("remove")}: {name}">✕</button>'
        if writable
        else ""
    )
    return f'<li>{pick}<div class="f-document">{title}<small>{badge}{about}</small></div>{remove}</li>'
