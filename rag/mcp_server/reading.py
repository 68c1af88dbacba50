"""The tool ``read`` and the resources: the text of a source, a part at a time.

Owns: which part is returned, and where the text goes on. Knows nothing about how sources are found. Parts are cut from
the stored text by offsets; a source is looked up by its name in the catalog and never as a path of this machine.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from glob import escape
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.hosting.calls import note_index
from rag.mcp_server.arguments import ReadArguments
from rag.mcp_server.call import Call
from rag.mcp_server.results import HeadingResult, ReadResult
from rag.mcp_server.threads import in_thread
from rag.text.shown import plain_line
from rag.types import Block, page_of

if TYPE_CHECKING:
    from rag.mcp_server.served import Served
    from rag.store.catalog import Catalog

MOST_CHARACTERS = 8_000
"""The most characters of a source that one call of ``read`` returns."""
_MOST_HEADINGS = 200
_LONGEST_HEADING = 200
_MOST_SUGGESTIONS = 3
# A part that is cut off ends with a line where one ends in its last fifth.
_LEAST_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a source that is in an index.

    Attributes:
        name: Its name.
        title: Its title.
        text: Its canonical text.
        blocks: Its structure.
        pages: The offsets at which its pages start.
    """

    name: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    pages: tuple[int, ...]


async def read(call: Call, arguments: ReadArguments) -> ReadResult:
    """Read a part of a source.

    Args:
        call: Who reads, and what is open.
        arguments: The source, and which part.

    Returns:
        The part, of at most ``MOST_CHARACTERS``.
    """
    name = await call.index_name(arguments.index)
    return await in_thread(lambda: _read(open_source(call.served, name, arguments.source), arguments, name))


def open_source(served: Served, index: str, name: str) -> Source:
    """Return the text of a source.

    Args:
        served: What the server has open.
        index: The name of an index that the caller may see.
        name: The name of the source.

    Returns:
        The source.

    Raises:
        UsageError: It is not in the index, or could not be read when it was added.
    """
    note_index(index)
    with served.catalog(index) as catalog, catalog.read_transaction():
        record = catalog.source_named(name)
        if record is None:
            raise UsageError(f"{plain_line(name)!r} is not in the index {index!r}{_suggestions(catalog, name)}")
        found = catalog.document_text(record.document_id) if record.document_id else None
        if found is None or record.document_id is None:
            why = f": {record.problem}" if record.problem else ""
            raise UsageError(f"{plain_line(name)!r} could not be read when it was added{why}")
        blocks, pages = catalog.structure(record.document_id)
        return Source(record.source, record.title, found[0], blocks, pages)


def _suggestions(catalog: Catalog, name: str) -> str:
    """Return what to do about a name that no source has: sources of that file name, else the list."""
    last = name.rstrip("/").rpartition("/")[2]
    near = catalog.find_sources(f"*{escape(last)}", searchable=True)[:_MOST_SUGGESTIONS] if last else []
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else "; list_sources names those that are."


def _read(source: Source, arguments: ReadArguments, index: str) -> ReadResult:
    asked = [name for name in ("span", "page", "outline") if getattr(arguments, name)]
    if len(asked) > 1:
        raise UsageError(f"Read one thing at a time: {' or '.join(asked)}.")
    if arguments.outline:
        return _result(source, index, 0, 0, None, outline(source))
    start, end = asked_span(source, arguments.span, arguments.page)
    cut = cut_end(source.text, start, end, MOST_CHARACTERS)
    goes_on = next_span(source.text, cut, end)
    return _result(source, index, start, cut, goes_on, [])


def asked_span(source: Source, span: str | None, page: int | None) -> tuple[int, int]:
    """Return where the part begins and ends that is asked for.

    Args:
        source: The source.
        span: ``START:END``; None for none.
        page: A page, from 1; None for none.

    Returns:
        The two offsets; without a span and a page those of the whole text.

    Raises:
        UsageError: The source has no such part.
    """
    length = len(source.text)
    if page is not None:
        if not source.pages:
            raise UsageError(f"{plain_line(source.name)!r} has no pages; read a span or its outline.")
        if page > len(source.pages):
            raise UsageError(f"{plain_line(source.name)!r} has {len(source.pages)} pages; there is no page {page}.")
        return source.pages[page - 1], source.pages[page] if page < len(source.pages) else length
    if span is None:
        return 0, length
    start, _, end = span.partition(":")
    first, last = int(start), int(end)
    if not first <= last <= length:
        raise UsageError(
            f"{span} is no span of {plain_line(source.name)!r}; write START:END with 0 <= START <= END <= {length}."
        )
    return first, last


def cut_end(text: str, start: int, end: int, most: int) -> int:
    """Return where a part ends that is cut to a length, at the end of a line where there is one near.

    Args:
        text: The whole text.
        start: Where the part begins.
        end: Where it would end.
        most: Most characters.

    Returns:
        Where it ends.
    """
    if end - start <= most:
        return end
    line_end = text.rfind("\n", start + int(most * _LEAST_SHARE), start + most)
    return start + most if line_end < 0 else line_end + 1


def next_span(text: str, cut: int, end: int) -> str | None:
    """Return the span at which reading goes on.

    Args:
        text: The whole text.
        cut: Where the part that was returned ends.
        end: Where the part that was asked for ends.

    Returns:
        What is left of what was asked for, else what follows it, cut to the most that one call returns; None at the end
        of the text.
    """
    if cut >= len(text):
        return None
    return f"{cut}:{min(end if cut < end else len(text), cut + MOST_CHARACTERS)}"


def outline(source: Source) -> list[HeadingResult]:
    """Return the headings of a source in order; of very many those that stand highest.

    Args:
        source: The source.

    Returns:
        The headings.

    Raises:
        UsageError: It has none.
    """
    blocks = [block for block in source.blocks if block.kind == "heading"]
    deepest = max((block.level for block in blocks), default=0)
    while len(blocks) > _MOST_HEADINGS and deepest > 1:
        deepest -= 1
        blocks = [block for block in blocks if block.level <= deepest]
    headings = [
        HeadingResult(words=words, level=block.level, start=block.start, page=page_of(source.pages, block.start))
        for block in blocks[:_MOST_HEADINGS]
        if (words := plain_line(source.text[block.start : block.end], _LONGEST_HEADING).strip("#=- "))
    ]
    if not headings:
        raise UsageError(f"{plain_line(source.name)!r} has no headings; read a span or a page.")
    return headings


def _result(
    source: Source, index: str, start: int, end: int, goes_on: str | None, headings: list[HeadingResult]
) -> ReadResult:
    from rag.injection.detector import find_injections

    text = source.text[start:end]
    return ReadResult(
        index=index,
        source=source.name,
        title=source.title,
        characters=len(source.text),
        pages=len(source.pages) or None,
        page=max(1, bisect_right(source.pages, start)) if source.pages else None,
        start=start,
        end=end,
        text=text,
        next_span=goes_on,
        outline=headings,
        order=find_injections(text),
    )
