"""Sources as resources of the protocol: ``footnote://INDEX/SOURCE``.

Owns: these addresses, lists of them in pages, and how much of a source one of them returns. A name in an address is
looked up in the catalog, and is never a path of this machine.
"""

from __future__ import annotations

from urllib.parse import parse_qs, quote, unquote

import mcp_types as types
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS

from rag.errors import UsageError
from rag.hosting.access import Caller
from rag.mcp_server.reading import asked_span, cut_end, open_source
from rag.mcp_server.served import Served
from rag.text.shown import plain_line

_SCHEME = "footnote://"
_TYPE = "text/plain"
MOST_CHARACTERS = 50_000
"""The most characters of a source that one resource returns; ``?span=START:END`` behind it is another part."""
_RESOURCES_A_PAGE = 100
_CURSOR_PARTS = 2

TEMPLATE = types.ResourceTemplate(
    name="source",
    title="A document",
    uri_template=_SCHEME + "{index}/{+source}",
    description="The text of a source of an index; ?span=START:END for a part of it.",
    mime_type=_TYPE,
)


def address_of(index: str, source: str) -> str:
    """Return the address of a source.

    Args:
        index: The name of its index.
        source: Its name.

    Returns:
        The address, in which all but letters, digits and slashes is escaped.
    """
    return f"{_SCHEME}{quote(index, safe='')}/{quote(source, errors='replace')}"


def list_resources(served: Served, caller: Caller, cursor: str | None) -> types.ListResourcesResult:
    """List the sources of all indexes that a caller may see, a page at a time.

    Args:
        served: What the server has open.
        caller: Who asks.
        cursor: What the page before it ended with; None for the first page.

    Returns:
        A page; an index that cannot be used has no sources.

    Raises:
        MCPError: The cursor is none.
    """
    names = served.names(caller)
    if not names:
        return types.ListResourcesResult(resources=[])
    index, start = _read_cursor(cursor, names)
    resources, total = _page(served, index, start)
    after = names[names.index(index) + 1 :]
    end = start + _RESOURCES_A_PAGE
    following = f"{end}/{index}" if end < total else f"0/{after[0]}" if after else None
    return types.ListResourcesResult(resources=resources, next_cursor=following)


def _read_cursor(cursor: str | None, names: list[str]) -> tuple[str, int]:
    if cursor is None:
        return names[0], 0
    start, _, index = cursor.partition("/")
    if index not in names or not start.isdecimal() or len(start) > len("1000000000"):
        raise MCPError(INVALID_PARAMS, "This cursor is none of this server; list from the beginning.")
    return index, int(start)


def _page(served: Served, index: str, start: int) -> tuple[list[types.Resource], int]:
    from rag.errors import IndexUnusable
    from rag.store.catalog import SourceQuery

    try:
        with served.catalog(index) as catalog:
            total, listed = catalog.list_sources(SourceQuery(status="read"), _RESOURCES_A_PAGE, start)
    except IndexUnusable:
        return [], 0
    return [
        types.Resource(
            name=source.source, title=source.title or None, uri=address_of(index, source.source), mime_type=_TYPE
        )
        for source in listed
    ], total


def read_resource(served: Served, caller: Caller, address: str) -> types.ReadResourceResult:
    """Read a source by its address.

    Args:
        served: What the server has open.
        caller: Who asks.
        address: The address.

    Returns:
        Its text; where it was cut, a second part says at which address it goes on.

    Raises:
        MCPError: There is nothing at the address.
    """
    try:
        index, source, span = _parts_of(address)
        opened = open_source(served, served.name_of(caller, index), source)
        start, end = asked_span(opened, span, None)
    except UsageError as error:
        raise MCPError(INVALID_PARAMS, str(error), {"uri": plain_line(address)}) from None
    cut = cut_end(opened.text, start, end, MOST_CHARACTERS)
    contents = [types.TextResourceContents(uri=address, mime_type=_TYPE, text=opened.text[start:cut])]
    if cut < end:
        following = f"{address_of(index, opened.name)}?span={cut}:{min(end, cut + MOST_CHARACTERS)}"
        words = f"Only characters {start}:{cut} of {len(opened.text)} are here; it goes on at {following}"
        contents.append(types.TextResourceContents(uri=following, mime_type=_TYPE, text=words))
    return types.ReadResourceResult(contents=list(contents))


def _parts_of(address: str) -> tuple[str, str, str | None]:
    """Return the index, the source and the span that an address names."""
    path, _, query = address.removeprefix(_SCHEME).partition("?")
    index, slash, source = path.partition("/")
    span = parse_qs(query).get("span", [None])[0]
    is_span = span is None or all(part.isdecimal() and len(part) <= len("999999999999") for part in span.split(":", 1))
    if not (address.startswith(_SCHEME) and index and slash and source and is_span and (span is None or ":" in span)):
        raise UsageError(f"{plain_line(address)} is no address of a source; one is {_SCHEME}INDEX/SOURCE")
    return unquote(index), unquote(source), span
