"""Turns at a scarce thing, of the service's requests and of an assistant's calls: who waits, is refused, is stopped.

Owns: how many requests may wait and run, that callers take turns, time limits, and that work stops when nobody wants it
any more. Knows nothing about questions, answers or protocols: the work is a function that yields.

    turn = turns.enter(caller)          # or 429, at once
    try:
        async for item in turn.run(make): ...
    finally:
        turn.leave()

`Turns.do` is that for work which returns one thing.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from contextvars import copy_context
from dataclasses import dataclass
from typing import Generic, TypeVar

from rag.hosting.fair_queue import FairQueue
from rag.hosting.refused import ApiError
from rag.models.llm.opening import is_hosted
from rag.settings import Settings

Item = TypeVar("Item")
Result = TypeVar("Result")
Make = Callable[[threading.Event], Iterator[Item]]
"""Does the work in a thread; ends soon after the event is set. Each item stands for all before it."""

# What is at work at once, where no embedded language model takes the whole machine.
_AT_ONCE = 8
# Seconds between two looks at the position of one who waits.
_POSITION_SECONDS = 1.0
# Seconds that work has to end after it was told to.
_GRACE_SECONDS = 10.0
# The share of the last work in the mean that is told to those who are refused, and the longest that they are told.
_NEWEST_SHARE, _LONGEST_RETRY = 0.2, 120
_TOO_SLOW = "This took longer than the service allows (RAG_SERVE_SECONDS); ask for less."


@dataclass(frozen=True, slots=True)
class TurnLimits:
    """How much is taken on.

    Attributes:
        at_once: How many work at the same time.
        waiting: How many more may wait.
        each: How many one caller may have, waiting or at work.
        wait_seconds: Seconds that one waits.
        seconds: Seconds that one works.
    """

    at_once: int = 1
    waiting: int = 64
    each: int = 16
    wait_seconds: float = 120.0
    seconds: float = 300.0


def limits_of(settings: Settings, at_once: int) -> TurnLimits:
    """Return the limits that the settings of a server name.

    Args:
        settings: The settings.
        at_once: How many work at the same time where the settings leave that open.

    Returns:
        The limits.
    """
    return TurnLimits(
        settings.serve_at_once or at_once,
        settings.serve_waiting,
        settings.serve_each,
        settings.serve_wait_seconds,
        settings.serve_seconds,
    )


def answers_at_once(spec: str, settings: Settings) -> int:
    """Return how many questions a language model answers at once.

    Args:
        spec: The language model, as on the command line.
        settings: How many threads there are.

    Returns:
        The number.
    """
    if is_hosted(spec):
        return _AT_ONCE
    return work_at_once(settings) if spec.strip().lower() == "none" else 1


def work_at_once(settings: Settings) -> int:
    """Return how many searches, checks and answers without a language model are at work at once.

    More than there are cores: while the embedding model runs for one, others wait for it, and are then run together.

    Args:
        settings: How many threads there are.

    Returns:
        The number.
    """
    return max(_AT_ONCE, settings.threads)


class Turns:
    """Gives turns. Its requests are those of one event loop; the work is done in threads."""

    def __init__(self, limits: TurnLimits) -> None:
        """Make an empty queue.

        Args:
            limits: How much is taken on.
        """
        self.limits = limits
        # Work that hangs beyond all limits keeps its place no longer than this.
        self._queue = FairQueue(limits.at_once, patience=limits.seconds + 3 * _GRACE_SECONDS)
        self._guard = threading.Lock()
        self._inside: Counter[str] = Counter()
        self._running: set[Turn] = set()
        self._mean_seconds = 1.0

    @property
    def inside(self) -> int:
        """How many wait or work."""
        with self._guard:
            return self._inside.total()

    def enter(self, caller: str) -> Turn:
        """Take a place, at work or among those who wait.

        Args:
            caller: Who wants it; empty where callers have no names, who then are bound by the common limit alone.

        Returns:
            The turn; whoever takes it lets it go by `Turn.leave`.

        Raises:
            ApiError: There is no place (429).
        """
        limits = self.limits
        with self._guard:
            if caller and self._inside[caller] >= limits.each:
                raise self._refusal(
                    "too_many_requests",
                    f"This key has {limits.each} requests under way, as many as it may; wait for one of them to end.",
                )
            if self._inside.total() >= limits.at_once + limits.waiting:
                raise self._refusal(
                    "queue_full", "Too many requests wait here already; try again in {seconds} seconds."
                )
            self._inside[caller] += 1
        return Turn(self, caller)

    async def do(
        self,
        caller: str,
        work: Callable[[threading.Event], Result],
        waiting: Callable[[int], None] | None = None,
    ) -> Result:
        """Do something when its turn comes.

        Args:
            caller: Who wants it, as for `enter`.
            work: Done in a thread, and given the event that tells it to end; it keeps its place until it does.
            waiting: Told the position, from 1, while it waits.

        Returns:
            What the work returns.

        Raises:
            ApiError: There is no place, or the turn did not come in time (429); it took too long (504).
            Exception: What the work raises.
        """

        def make(cancel: threading.Event) -> Iterator[Result]:
            yield work(cancel)

        turn = self.enter(caller)
        try:
            async with aclosing(turn.run(make, waiting)) as results:
                return await anext(results)
        finally:
            turn.leave()

    def stop(self, timeout: float) -> None:
        """End all work.

        Args:
            timeout: The most seconds to wait for it.
        """
        with self._guard:
            running = list(self._running)
        for turn in running:
            turn.cancel.set()
        deadline = time.monotonic() + timeout
        for turn in running:
            turn.over.wait(max(0.0, deadline - time.monotonic()))

    def _refusal(self, code: str, message: str) -> ApiError:
        """Return why there is no place; its ``{seconds}`` are those after which there may be one. The guard is held."""
        seconds = self._mean_seconds * (self._inside.total() + 1) / self.limits.at_once
        retry = min(_LONGEST_RETRY, max(1, math.ceil(seconds)))
        return ApiError(429, code, message.replace("{seconds}", str(retry)), headers={"Retry-After": str(retry)})

    def _begun(self, turn: Turn) -> None:
        with self._guard:
            self._running.add(turn)

    def _ended(self, turn: Turn, seconds: float | None) -> None:
        with self._guard:
            self._running.discard(turn)
            self._inside[turn.caller] -= 1
            if self._inside[turn.caller] <= 0:
                del self._inside[turn.caller]
            if seconds is not None:
                self._mean_seconds += _NEWEST_SHARE * (seconds - self._mean_seconds)


class Turn:
    """One place.

    Attributes:
        caller: Whose it is.
        cancel: Set when the work is to end.
        over: Set when it has ended.
    """

    def __init__(self, turns: Turns, caller: str) -> None:
        """Join the queue.

        Args:
            turns: What gives the turn.
            caller: Whose it is.
        """
        self.caller, self.cancel, self.over = caller, threading.Event(), threading.Event()
        self._turns = turns
        self._loop = asyncio.get_running_loop()
        self._come, self._started, self._left = asyncio.Event(), False, False
        self._ticket = turns._queue.take(caller, lambda: _tell(self._loop, self._come.set))

    async def run(self, make: Make[Item], waiting: Callable[[int], None] | None = None) -> AsyncGenerator[Item, None]:
        """Wait for the turn, then do the work.

        Args:
            make: Does the work in a thread.
            waiting: Told the position, from 1, while it waits: at once and when it changes.

        Yields:
            The newest item; items that came while the reader was busy with an earlier one are left out. After the time
            limit the work is told to end, and what it yields then is the last.

        Raises:
            ApiError: The turn did not come in time (429), or the work did not end in time (504).
            Exception: What the work raised.
        """
        await self._wait(waiting)
        inbox: _Inbox[Item] = _Inbox(self._loop)
        # What it logs is about this request, too.
        work = copy_context().run
        thread = threading.Thread(target=work, args=(self._work, make, inbox), name="turn", daemon=True)
        self._turns._begun(self)
        try:
            thread.start()
        except RuntimeError:
            # `leave` gives the place back.
            raise ApiError(503, "no_thread", "This machine has no room for another thread; try again later.") from None
        self._started = True
        deadline = self._loop.time() + self._turns.limits.seconds
        try:
            while True:
                try:
                    async with asyncio.timeout_at(deadline):
                        await inbox.filled.wait()
                except TimeoutError:
                    if self.cancel.is_set():
                        raise ApiError(504, "timeout", _TOO_SLOW) from None
                    self.cancel.set()
                    deadline = self._loop.time() + _GRACE_SECONDS
                    continue
                items, over, error = inbox.take()
                for item in items:
                    yield item
                if error is not None:
                    raise error
                if over:
                    return
        finally:
            self.cancel.set()

    def leave(self) -> None:
        """Let the place go: at once where the work has not begun, else as soon as it has ended."""
        self.cancel.set()
        if not self._started and not self._left:
            self._left = True
            self._ticket.release()
            self._turns._ended(self, None)
            self.over.set()

    async def _wait(self, waiting: Callable[[int], None] | None) -> None:
        deadline = self._loop.time() + self._turns.limits.wait_seconds
        told = 0
        while not self._come.is_set():
            position = self._ticket.position
            if position > 0 and position != told and waiting is not None:
                waiting(position)
            told = position
            if self._loop.time() >= deadline:
                with self._turns._guard:
                    raise self._turns._refusal(
                        "waited_too_long",
                        "The turn of this request did not come in time; try again in {seconds} seconds.",
                    )
            try:
                async with asyncio.timeout_at(min(deadline, self._loop.time() + _POSITION_SECONDS)):
                    await self._come.wait()
            except TimeoutError:
                continue

    def _work(self, make: Make[Item], inbox: _Inbox[Item]) -> None:
        started = time.monotonic()
        try:
            for item in make(self.cancel):
                inbox.put(item)
            inbox.end(None)
        except Exception as error:
            inbox.end(error)
        finally:
            # The thread gives the place back, not its reader, who may be long gone: two must never use one model.
            self._ticket.release()
            self._turns._ended(self, time.monotonic() - started)
            self.over.set()


class _Inbox(Generic[Item]):
    """What a thread hands to a task: the newest item, and the end."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.filled = asyncio.Event()
        self._loop, self._guard = loop, threading.Lock()
        self._items: list[Item] = []
        self._over = False
        self._error: Exception | None = None

    def put(self, item: Item) -> None:
        with self._guard:
            self._items = [item]
        _tell(self._loop, self.filled.set)

    def end(self, error: Exception | None) -> None:
        with self._guard:
            self._over, self._error = True, error
        _tell(self._loop, self.filled.set)

    def take(self) -> tuple[list[Item], bool, Exception | None]:
        self.filled.clear()
        with self._guard:
            items, self._items = self._items, []
            return items, self._over, self._error


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    """Call something in a loop, unless the loop is gone: then nobody is there to be told."""
    try:
        loop.call_soon_threadsafe(what)
    except RuntimeError:
        return
