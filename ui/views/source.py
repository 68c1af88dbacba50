"""What the source panel shows of one citation, or of one source.

Owns: the choice between a PDF's page, a table and a text, and whether a source has changed since. It takes document ids
and numbers, never paths, and every id is looked up in the index. Knows nothing about the page it is shown on: ``html``
is escaped and complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from rag.errors import LoadError, UsageError
from rag.load.media_types import PDF
from rag.load.page_lane import Ticket
from rag.notices import Notice
from rag.store.index import Index
from rag.types import Passage, page_of
from ui.service.page_reader import PageFile, page_reader
from ui.views.source_blocks import SourceText
from ui.views.source_file import cited_file
from ui.views.source_page import Sizes, size_of
from ui.views.source_text import Heading, cited_html, find, heading_path, is_grid, outline, window


@dataclass(frozen=True, slots=True)
class BoxOnPage:
    """A rectangle on a page, in percent of the page's width and height from its top left."""

    page: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class SourceView:
    """What is shown of a source: a window of its text or table, or a PDF with boxes on the words.

    Attributes:
        kind: Which of the three it is.
        source: The name of the source.
        source_id: The id of the document version that was cited.
        title: The title of that version.
        heading: The headings under which the cited words stand, outermost first.
        start: The first cited character, an offset into the canonical text.
        end: The character behind the last one; the same as ``start`` where nothing is cited.
        state: ``changed`` when the source holds another version now, ``removed`` when it is no longer in the index,
            ``no page`` when a PDF's file is gone or another, so that its text is shown instead.
        html: Escaped HTML of a part of a text or table: a ``<div class="source-text">`` or ``"source-grid"``, with
            ``<mark>`` around exactly the words of ``text[start:end]``; the first mark has the id ``cited``. In a table
            cited rows are ``<tr class="cited">``, their cells ``<td class="cited">``, and the one that answers the
            question ``<td class="cited f-answers">``. Empty for a PDF.
        first: The offset at which ``html`` begins.
        last: The offset at which it ends.
        before: What `view_source` takes as ``at`` to show what stands before; None at the start.
        after: What it takes to show what follows; None at the end.
        page: The page of a PDF that is opened first, counted from 1; `view_source` takes another one.
        pages: How many pages the PDF has.
        sizes: Width and height of its pages in points, each with how many pages in a row have them.
        boxes: Where the cited words stand on the pages.
        outline: The headings of the whole document, or the names of its sheets; none in a part that follows.
    """

    kind: Literal["text", "pdf", "table"]
    source: str
    source_id: str
    title: str
    heading: tuple[str, ...]
    start: int
    end: int
    state: Literal["current", "changed", "removed", "no page"] = "current"
    html: Markup = Markup()  # noqa: RUF009
    first: int = 0
    last: int = 0
    before: int | None = None
    after: int | None = None
    page: int | None = None
    pages: int | None = None
    sizes: Sizes = ()
    boxes: tuple[BoxOnPage, ...] = ()
    outline: tuple[Heading, ...] = ()


def view_source(
    index: Index,
    source_id: str,
    start: int = 0,
    end: int = 0,
    *,
    source: str = "",
    at: int | None = None,
    page: int | None = None,
    others: Sequence[tuple[int, int]] = (),
    answer: tuple[int, int] = (0, 0),
) -> SourceView:
    """Return what is shown of ``text[start:end]`` of a document version.

    Args:
        index: The index that holds or held the version.
        source_id: The id of the version.
        start: The first cited character, an offset into the canonical text.
        end: The character behind the last one; the same as ``start`` marks nothing.
        source: The source that is meant among those of the same words.
        at: Where the window begins; see ``before`` and ``after`` of the view.
        page: Another page of a PDF than that of the span.
        others: What is cited of the version beside the span, marked lightly.
        answer: The cell of a cited row that answers the question; an empty span for none.

    Returns:
        The view. A PDF whose file is no longer the cited one is shown as text.

    Raises:
        UsageError: The index does not hold the version, or a number is outside of it.
    """
    with index.catalog.read_transaction():
        stored = index.catalog.document_text(source_id)
        if stored is None:
            raise UsageError(Notice("text-not-in-index"))
        text, media_type = stored
        blocks, pages = index.catalog.structure(source_id)
        view = _named_view(index, source_id, source)
    if not 0 <= start <= end <= len(text):
        values = {"start": start, "end": end, "source": view.source, "length": len(text)}
        raise UsageError(Notice("no-such-place", values))
    view = replace(view, start=start, end=end, heading=heading_path(text, blocks, start))
    view = replace(view, page=page_of(pages, start), pages=len(pages) or None)
    if media_type == PDF:
        file = cited_file(index, source_id, source)
        paged = _pdf(view, file, pages, text[start:end], page) if file else None
        if paged:
            return paged
        if view.state == "current":
            view = replace(view, state="no page")
        if page is not None and 1 <= page <= len(pages):
            at, view = pages[page - 1], replace(view, page=page)
    document = SourceText(text, blocks, index.catalog.tables(source_id), pages, media_type, view.source)
    shown = window(document, start, end, at, others, answer)
    return replace(
        view,
        kind="table" if is_grid(document) else "text",
        html=shown.html,
        first=shown.first,
        last=shown.last,
        before=shown.before,
        after=shown.after,
        outline=outline(document) if at is None else (),
    )


def find_in_source(index: Index, source_id: str, words: str) -> list[tuple[int, int]]:
    """Return where words stand in the text of a document version; capitals do not matter.

    Args:
        index: The index that holds or held the version.
        source_id: The id of the version.
        words: What is searched for.

    Returns:
        The first and the last offset of each place, the first thousand of them.

    Raises:
        UsageError: The index does not hold the version.
    """
    stored = index.catalog.document_text(source_id)
    if stored is None:
        raise UsageError(Notice("text-not-in-index"))
    return find(stored[0], words)


def stored_passage(index: Index, passage: Passage) -> SourceView:
    """Return a passage as it was stored with an answer that did not cite it; the index no longer holds its version."""
    state: Literal["changed", "removed"] = "changed" if index.catalog.source_record(passage.source) else "removed"
    view = SourceView("text", passage.source, passage.source_id, passage.title, (), passage.start, passage.end, state)
    return replace(view, html=cited_html(passage.text), first=passage.start, last=passage.end)


def pdf_page(index: Index, source_id: str, page: int) -> PageFile | None:
    """Return the file of a PDF that has a page.

    Args:
        index: The index that holds the PDF.
        source_id: The id of the document version.
        page: The number of the page, counted from 1.

    Returns:
        The file; None when it is gone or another.

    Raises:
        UsageError: The id or the page is not there.
    """
    stored = index.catalog.document_text(source_id)
    if stored is None or stored[1] != PDF:
        raise UsageError(Notice("no-such-pdf"))
    if not 1 <= page <= len(index.catalog.pages(source_id)):
        raise UsageError(Notice("no-such-page-of-pdf", {"page": page}))
    return cited_file(index, source_id)


def page_image(index: Index, source_id: str, page: int, width: int = 1000) -> bytes | Ticket:
    """Have a page of a PDF drawn.

    Args:
        index: The index that holds the PDF.
        source_id: The id of the document version.
        page: The number of the page, counted from 1.
        width: The width in pixels, rounded up to hundreds, from 100 to 3000.

    Returns:
        The page as PNG, or the ticket of one who waits for it.

    Raises:
        LoadError: The file is no longer the cited one.
    """
    file = pdf_page(index, source_id, page)
    if file is None:
        raise LoadError(Notice("page-not-shown"))
    return page_reader().picture(file, page, width)


def _named_view(index: Index, source_id: str, source: str) -> SourceView:
    """Return a view with the name, the title and the state of a document version alone."""
    catalog = index.catalog
    current = {record.source: record.title for record in catalog.sources_of(source_id)}
    former = dict(catalog.cited_as(source_id))
    name = source if source in current or source in former else next(iter({**current, **former}), source)
    view = SourceView("text", name, source_id, {**former, **current}.get(name, ""), (), 0, 0)
    if name in current:
        return view
    return replace(view, state="changed" if catalog.source_record(name) else "removed")


def _pdf(view: SourceView, file: PageFile, pages: tuple[int, ...], quote: str, page: int | None) -> SourceView | None:
    """Return a PDF with the boxes of the words in it; None for a file that cannot be shown."""
    number = view.page if page is None else page
    if number is None or not 1 <= number <= len(pages):
        values = {"page": number, "source": view.source, "pages": len(pages)}
        raise UsageError(Notice("no-such-page", values))
    reader = page_reader()
    try:
        sizes = reader.sizes(file)
    except LoadError:
        return None
    boxes = []
    for box_page, x0, y0, x1, y1 in reader.boxes(file, pages, view.start, view.end, quote) if quote else ():
        if size := size_of(sizes, box_page):
            across, down = 100 / size[0], 100 / size[1]
            boxes.append(BoxOnPage(box_page, x0 * across, y0 * down, (x1 - x0) * across, (y1 - y0) * down))
    return replace(view, kind="pdf", page=number, sizes=sizes, boxes=tuple(boxes))
