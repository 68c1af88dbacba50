"""What an assistant is told while a tool is at work.

Owns: that a thread may say which step is running, and that something is said every few seconds, so that a client that
waits for a sign of life goes on waiting. Knows nothing about the steps or the protocol.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import anyio

_EVERY_SECONDS = 5.0


class Progress:
    """Says how far one call is. Made in the event loop; its ``say`` may be called from any thread."""

    def __init__(self, send: Callable[[float, str], Awaitable[None]]) -> None:
        """Say nothing yet.

        Args:
            send: Tells the client a number that grows, and words.
        """
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._began = time.monotonic()
        self._number = 0
        self._step = "working"
        self._telling: set[asyncio.Task[None]] = set()

    def say(self, step: str) -> None:
        """Tell the client which step is running, unless it knows."""
        if step != self._step:
            self._step = step
            # Of a loop that has ended nobody hears any more.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._begin_telling, step)

    async def keep_alive(self) -> None:
        """Tell the client every few seconds that the step is still running, until this is cancelled."""
        while True:
            await anyio.sleep(_EVERY_SECONDS)
            await self._tell(f"{self._step}, {time.monotonic() - self._began:.0f} s")

    def _begin_telling(self, words: str) -> None:
        # Begun in the loop, which ends what was begun with itself; and held, since a loop holds its tasks weakly.
        task = self._loop.create_task(self._tell(words))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self, words: str) -> None:
        self._number += 1
        await self._send(self._number, words)
