"""An answer as server-sent events, while it is made.

Owns: the events ``position``, ``snapshot``, ``done`` and ``error``, their ids, how often a draft is sent, and the
comments that keep a silent connection open. Knows nothing about how an answer is made.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from rag.errors import RagError
from rag.hosting.error_json import error_json, kind_of
from rag.serialize import answer_json
from rag.serve.errors import ApiError, told_json, unexpected_json
from rag.serve.streaming import comment, event, with_ticks
from rag.types import Answer

_LOG = logging.getLogger(__name__)
# Seconds between two looks at the place in the queue.
_LOOK_EVERY = 0.5
# Seconds of silence after which a comment is sent: proxies close what says nothing for a minute.
_SILENCE = 15.0
# A draft is sent again when it has grown by so many characters, and by this share of itself: what is sent of all drafts
# together grows with the length of the answer, and not with its square.
_GROWN_CHARACTERS, _GROWN_SHARE = 40, 0.125


class Position:
    """The place in the queue that an answer waits at, from 1; 0 while there is none."""

    def __init__(self) -> None:
        self.now = self._told = 0

    def tell(self, position: int) -> None:
        """Note the place."""
        self.now = position

    def news(self) -> int:
        """Return the place if it has changed since the last call, else 0."""
        changed, self._told = self.now != self._told, self.now
        return self.now if changed else 0


async def answer_events(
    snapshots: AsyncGenerator[Answer, None], position: Position, silence: float = _SILENCE
) -> AsyncGenerator[str, None]:
    """Yield an answer as server-sent events.

    Args:
        snapshots: The answer as it grows; closed at the end.
        position: Where it waits meanwhile.
        silence: Seconds without an event after which a comment is sent.

    Yields:
        The events, each with an id that is greater than those before.
    """
    numbered, sent, silent = _Numbered(), _Sent(), 0.0
    try:
        async with aclosing(with_ticks(snapshots, min(_LOOK_EVERY, silence))) as ticks:
            async for snapshot in ticks:
                silent += _LOOK_EVERY
                if place := position.news():
                    silent = 0.0
                    yield numbered.event("position", {"position": place})
                if snapshot is None:
                    if silent >= silence:
                        silent = 0.0
                        yield comment("still at work")
                elif snapshot.state == "done":
                    yield numbered.event("done", answer_json(snapshot))
                elif sent.is_due(snapshot):
                    silent = 0.0
                    yield numbered.event("snapshot", {"state": snapshot.state, **answer_json(snapshot)})
    except Exception as error:
        yield numbered.event("error", _error(error))


class _Numbered:
    """Writes events with ids that grow."""

    def __init__(self) -> None:
        self._number = 0

    def event(self, kind: str, data: dict[str, Any]) -> str:
        """Return one event. Its data is one line: all that could end one is escaped."""
        self._number += 1
        return f"id: {self._number}\n{event(data, kind)}"


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


def _error(error: Exception) -> dict[str, object]:
    if isinstance(error, ApiError):
        return error_json(error.message, kind_of(error.status), error.code, error.param)
    if isinstance(error, RagError):
        return told_json(error)
    _LOG.error("answer failed", extra={"error": type(error).__name__}, exc_info=error)
    return unexpected_json()
