"""Server-sent events, and readers who leave.

Owns: the form of events, that a stream never falls silent, and that work nobody reads is stopped. Knows nothing about
what is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from rag.serialize import to_json

Item = TypeVar("Item")

# A proxy must neither keep events back nor store them.
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


class ReaderLeft(Exception):
    """The client closed the connection before it had its response."""


class EventStream(StreamingResponse):
    """A response that sends events as they come, and closes them when the client leaves."""

    def __init__(self, events: AsyncGenerator[str, None]) -> None:
        """Send nothing yet.

        Args:
            events: The events, as `event` and `comment` make them.
        """
        super().__init__(events, media_type="text/event-stream", headers=_HEADERS)
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events.

        Args:
            scope: The connection.
            receive: Tells when the client leaves.
            send: Takes what it is sent.
        """
        try:
            await super().__call__(scope, receive, send)
        finally:
            # Also where the client left while it was being sent something.
            await self._events.aclose()


def event(data: Any, name: str = "") -> str:
    """Return an event.

    Args:
        data: What is sent, as JSON; a text is sent as it is.
        name: The name of the event; empty for none.

    Returns:
        Its lines.
    """
    text = data if isinstance(data, str) else to_json(data)
    return (f"event: {name}\n" if name else "") + f"data: {text}\n\n"


def comment(text: str) -> str:
    """Return a line that clients skip."""
    return f": {text}\n\n"


async def with_ticks(items: AsyncGenerator[Item, None], seconds: float) -> AsyncGenerator[Item | None, None]:
    """Give items as they come, and None each time that none has come for a while.

    Args:
        items: The items; they are closed at the end.
        seconds: How long a while is.

    Yields:
        An item, or None.
    """
    coming: asyncio.Task[Item] | None = None
    try:
        while True:
            coming = coming or asyncio.create_task(_next_of(items))
            await asyncio.wait([coming], timeout=seconds)
            if not coming.done():
                yield None
                continue
            came, coming = coming, None
            try:
                item = came.result()
            except StopAsyncIteration:
                return
            yield item
    finally:
        if coming is not None:
            # The task ends the items itself; it may not be waited for where this one is being cancelled.
            coming.cancel()
        else:
            await items.aclose()


async def last_of(items: AsyncGenerator[Item, None], request: Request) -> Item:
    """Return the last item, unless the client leaves before it comes.

    Args:
        items: The items; at least one comes. They are closed at the end.
        request: The request, whose body was read.

    Returns:
        The last item.

    Raises:
        ReaderLeft: The client closed the connection.
    """

    async def read() -> Item:
        async with aclosing(items):
            return [item async for item in items][-1]

    async def leave() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            continue

    reading, leaving = asyncio.create_task(read()), asyncio.create_task(leave())
    try:
        await asyncio.wait([reading, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            raise ReaderLeft
        return reading.result()
    finally:
        reading.cancel()
        leaving.cancel()


async def _next_of(items: AsyncGenerator[Item, None]) -> Item:
    return await anext(items)
