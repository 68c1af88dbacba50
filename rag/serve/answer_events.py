"""An answer as server-sent events, while it is made.

Owns: the events ``position``, ``snapshot``, ``done`` and ``error``, their ids, how often a draft is sent, and the
comments that keep a silent connection open. Knows nothing about how an answer is made.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from rag.errors import RagError
from rag.serialize import answer_json, to_json
from rag.serve.errors import ApiError, error_json, kind_of, status_of
from rag.types import Answer

_LOG = logging.getLogger(__name__)
# Seconds of silence after which a comment is sent: proxies close what says nothing for a minute.
HEARTBEAT_SECONDS = 15.0
# A draft is sent again when it has grown by so many characters, and by this share of itself: what is sent of all drafts
# together grows with the length of the answer, and not with its square.
_GROWN_CHARACTERS, _GROWN_SHARE = 40, 0.125


class Positions:
    """The place in the queue that an answer waits at; set from any thread, read in the loop it was made in."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._position = 0

    def tell(self, position: int) -> None:
        """Note the place, from 1."""
        self._position = position
        self._loop.call_soon_threadsafe(self._changed.set)

    async def next(self) -> int:
        """Return the place when it has changed."""
        await self._changed.wait()
        self._changed.clear()
        return self._position


async def answer_events(
    snapshots: AsyncGenerator[Answer, None], positions: Positions, heartbeat: float = HEARTBEAT_SECONDS
) -> AsyncIterator[bytes]:
    """Yield an answer as server-sent events.

    Args:
        snapshots: The answer as it grows; closed at the end.
        positions: Where it waits meanwhile.
        heartbeat: Seconds of silence after which a comment is sent.

    Yields:
        The events, each with an id that is greater than those before.
    """
    numbered = _Numbered()
    sent = _Sent()
    step = asyncio.ensure_future(anext(snapshots, None))
    move = asyncio.ensure_future(positions.next())
    try:
        while True:
            done, _ = await asyncio.wait({step, move}, timeout=heartbeat, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                yield b": still at work\n\n"
            if move in done:
                yield numbered.event("position", {"position": move.result()})
                move = asyncio.ensure_future(positions.next())
            if step not in done:
                continue
            try:
                snapshot = step.result()
            except Exception as error:
                yield numbered.event("error", _error(error))
                return
            if snapshot is None:
                return
            if snapshot.state == "done":
                yield numbered.event("done", answer_json(snapshot))
            elif sent.is_due(snapshot):
                yield numbered.event("snapshot", {"state": snapshot.state, **answer_json(snapshot)})
            step = asyncio.ensure_future(anext(snapshots, None))
    finally:
        move.cancel()
        # Inside a task that is cancelled nothing can be awaited: the rest ends by itself.
        if not step.done():
            step.cancel()
        else:
            _close(snapshots)


class _Numbered:
    """Writes events with ids that grow."""

    def __init__(self) -> None:
        self._number = 0

    def event(self, kind: str, data: dict[str, Any]) -> bytes:
        """Return one event. Its data is one line: all that could end one is escaped."""
        self._number += 1
        return f"id: {self._number}\nevent: {kind}\ndata: {to_json(data)}\n\n".encode("ascii")


class _Sent:
    """Knows what of an answer was sent last."""

    def __init__(self) -> None:
        self._state, self._length = "", 0

    def is_due(self, snapshot: Answer) -> bool:
        """Return whether a snapshot is worth sending, and note that it is sent."""
        length = len(snapshot.answer)
        grown = abs(length - self._length)
        if snapshot.state == self._state and grown < max(_GROWN_CHARACTERS, _GROWN_SHARE * self._length):
            return False
        self._state, self._length = snapshot.state, length
        return True


_closing: set[asyncio.Task[None]] = set()


def _close(snapshots: AsyncGenerator[Answer, None]) -> None:
    async def close() -> None:
        await snapshots.aclose()

    task = asyncio.get_running_loop().create_task(close())
    _closing.add(task)
    task.add_done_callback(_closing.discard)


def _error(error: Exception) -> dict[str, object]:
    if isinstance(error, ApiError):
        return error_json(error.message, kind_of(error.status), error.code, error.param)
    if isinstance(error, RagError):
        return error_json(str(error), kind_of(status_of(error)), error.notice.code)
    _LOG.error("answer failed", extra={"error": type(error).__name__}, exc_info=error)
    return error_json("Something unexpected happened; the service's log says more.", "server_error", "unexpected")
