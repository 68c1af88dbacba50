"""What the source panel shows of one citation, or of one source.

Owns: the choice between a PDF's page, a table and a text, and what is said of a source that has changed since. It is
asked with document ids and numbers, never with paths, and every id is looked up in the index. Knows nothing about the
page it is shown on: ``html`` is escaped and complete.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rag.errors import LoadError, UsageError
from rag.load.sniff import CSV, MARKDOWN, PDF, TSV, XLSX
from rag.store.index import Index
from rag.types import Passage, page_of
from ui.views.escape import escape
from ui.views.source_page import cited_file, page_size, picture
from ui.views.source_table import table
from ui.views.source_text import heading_path, window

_TABLES = (CSV, TSV, XLSX)


@dataclass(frozen=True, slots=True)
class BoxOnPage:
    """A rectangle on a page, in percent of the page's width and height from its top left."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class SourceView:
    """What is shown of a source. ``state`` is ``changed`` when the source holds another version now, ``removed`` when
    it is no longer in the index, ``no page`` when a PDF's file is gone or another, so that its text is shown instead;
    ``note`` says it in one sentence. ``changed`` is true for the first two.

    ``html`` is escaped HTML: a ``<div class="source-text">`` (show its white space as it is) or a
    ``<table class="source-table">``, with ``<mark id="cited">`` around exactly ``text[start:end]``. In a table the
    first of several marks has the id; cited rows are ``<tr class="cited">``, their cells ``<td class="cited">``.
    ``first`` and ``last`` are the offsets of what it shows; ``before`` and ``after`` go into ``view(…, at=…)`` to read
    on, None at either end.

    A PDF has no ``html`` but ``page`` of ``pages``, the page's size in points, boxes, and ``image``: the id for
    `page_image`. To turn to another page: ``view(…, page=…)``.
    """

    kind: Literal["text", "pdf", "table"]
    source: str
    source_id: str
    title: str
    heading: tuple[str, ...]
    start: int
    end: int
    state: Literal["current", "changed", "removed", "no page"] = "current"
    note: str = ""
    html: str = ""
    first: int = 0
    last: int = 0
    before: int | None = None
    after: int | None = None
    page: int | None = None
    pages: int | None = None
    width: float = 0.0
    height: float = 0.0
    boxes: tuple[BoxOnPage, ...] = ()
    image: str = ""

    @property
    def changed(self) -> bool:
        return self.state in ("changed", "removed")


def view_source(
    index: Index,
    source_id: str,
    start: int = 0,
    end: int = 0,
    *,
    source: str = "",
    at: int | None = None,
    page: int | None = None,
    as_text: bool = False,
) -> SourceView:
    """What is shown of ``text[start:end]`` of a document version; ``start == end`` marks nothing.

    ``source`` chooses among sources of the same words. ``at`` is where the window begins (see ``before`` and
    ``after``), ``page`` another page of a PDF; ``as_text`` shows a PDF's or a table's words as text. Raises UsageError
    for an id that the index does not hold or numbers outside of the text.
    """
    with index.catalog.snapshot():
        found = index.catalog.text(source_id)
        if found is None:
            raise UsageError("This text is no longer in the index: its source has changed or was removed.")
        text, media_type = found
        blocks, pages = index.catalog.structure(source_id)
        head = _head(index, source_id, source)
    if not 0 <= start <= end <= len(text):
        raise UsageError(f"There is no place {start}:{end} in {head.source!r}; it has {len(text)} characters.")
    head = replace(head, start=start, end=end, heading=heading_path(text, blocks, start))
    head = replace(head, page=page_of(pages, start), pages=len(pages) or None)
    if media_type == PDF and not as_text:
        file = cited_file(index, source_id, source)
        paged = _pdf_page(head, file, pages, text[start:end], page) if file else None
        if paged:
            return paged
        if head.state == "current":
            note = f"The file of {head.source!r} is gone or is being changed, so its words are shown, not its page."
            head = replace(head, state="no page", note=note)
        if page is not None and 1 <= page <= len(pages):
            at, head = pages[page - 1], replace(head, page=page)
    shown = table(text, blocks, start, end, at) if media_type in _TABLES and not as_text else None
    kind: Literal["table", "text"] = "table" if shown else "text"
    shown = shown or window(text, blocks, start, end, at, markdown=media_type == MARKDOWN)
    return replace(
        head,
        kind=kind,
        html=shown.html,
        first=shown.first,
        last=shown.last,
        before=shown.before,
        after=shown.after,
    )


def kept_passage(index: Index, passage: Passage) -> SourceView:
    """A passage as it was kept with an answer that did not cite it: the version it stood in is no longer held."""
    words = f'<div class="source-text"><mark id="cited">{escape(passage.text)}</mark></div>'
    state: Literal["changed", "removed"] = "changed" if index.catalog.source_record(passage.source) else "removed"
    head = SourceView("text", passage.source, passage.source_id, passage.title, (), passage.start, passage.end, state)
    return replace(head, html=words, first=passage.start, last=passage.end)


def page_image(index: Index, source_id: str, page: int, width: int = 1000) -> bytes:
    """A page of a PDF as PNG, ``width`` pixels wide (rounded up to hundreds, 100 to 3000).

    Raises UsageError for an id or a page that is not there, LoadError when the file is no longer the cited one.
    """
    found = index.catalog.text(source_id)
    if found is None or found[1] != PDF:
        raise UsageError("There is no such PDF in the index; it was changed or removed.")
    if not 1 <= page <= len(index.catalog.pages(source_id)):
        raise UsageError(f"There is no page {page} in this PDF.")
    file = cited_file(index, source_id)
    if file is None:
        raise LoadError("the file is gone or has changed since it was read, so its page cannot be shown")
    return picture(*file, page, width)


def _head(index: Index, source_id: str, source: str) -> SourceView:
    """The name and the state of a document version."""
    catalog = index.catalog
    current = {record.source: record.title for record in catalog.sources_of(source_id)}
    once = dict(catalog.cited_as(source_id))
    name = source if source in current or source in once else next(iter({**current, **once}), source)
    view_ = SourceView("text", name, source_id, {**once, **current}.get(name, ""), (), 0, 0)
    if name in current:
        return view_
    if catalog.source_record(name):
        note = f"{name!r} has changed since this answer; shown is the text that was cited."
        return replace(view_, state="changed", note=note)
    note = f"{name!r} is no longer in the index; shown is the text that was cited."
    return replace(view_, state="removed", note=note)


def _pdf_page(
    head: SourceView, file: tuple[Path, str], pages: tuple[int, ...], quote: str, page: int | None
) -> SourceView | None:
    """A page with the boxes of the words on it; None for a file that cannot be shown."""
    from rag.load.pdf.boxes import boxes

    number = head.page if page is None else page
    if number is None or not 1 <= number <= len(pages):
        raise UsageError(f"There is no page {number} in {head.source!r}; it has {len(pages)}.")
    path, file_hash = file
    try:
        width, height = page_size(path, file_hash, number)
    except LoadError:
        return None
    placed = boxes(path, pages, head.start, head.end, quote) if quote else ()
    shares = tuple(
        BoxOnPage(100 * x0 / width, 100 * y0 / height, 100 * (x1 - x0) / width, 100 * (y1 - y0) / height)
        for on, x0, y0, x1, y1 in placed
        if on == number
    )
    return replace(head, kind="pdf", page=number, width=width, height=height, boxes=shares, image=head.source_id)
