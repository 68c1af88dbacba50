"""Compute the vectors of batches while the one before them is stored and the next is read.

Owns: the threads that compute, the order of the batches, and that whoever stops it waits for one step at most. Knows
nothing about files, indexes or models. Progress is told in the thread of the caller, and so is whatever went wrong.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from threading import Event
from typing import Generic, TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")

# So often, in seconds, the caller looks up while it waits: it tells progress, and Ctrl-C reaches it on every system.
_TICK = 0.1


class _Stopped(Exception):
    """Nobody waits for the vectors any more."""


class EmbedAhead(Generic[Batch, Result]):
    """Computes the vectors of batches in threads. Use it in a ``with``, which ends them."""

    def __init__(
        self,
        embed: Callable[[Batch, Callable[[int], None]], Result],
        progress: Callable[[Batch, int], None],
        at_once: int = 1,
    ) -> None:
        """Begin nothing yet.

        Args:
            embed: Returns what comes of a batch, with its vectors. It is called in another thread, and calls what it is
                given after each step, with the number of texts done.
            progress: Is told how many more texts of a batch are done, in the thread of the caller.
            at_once: How many batches are computed at the same time.
        """
        self._embed, self._progress = embed, progress
        self._stopped = Event()
        self._at_work: deque[tuple[Batch, Future[Result]]] = deque()
        self._told: SimpleQueue[tuple[Batch, int]] = SimpleQueue()
        self._pool = ThreadPoolExecutor(at_once, "embed")

    def begin(self, batch: Batch) -> None:
        """Have a batch embedded, after those that were begun before."""
        self._at_work.append((batch, self._pool.submit(self._run, batch)))

    def results(self, leave: int = 0) -> Iterator[tuple[Batch, Result]]:
        """Yield batches with what came of them, in order: those that are done, and those that must be waited for.

        Args:
            leave: So many batches may stay at work.

        Raises:
            Exception: What ``embed`` raised.
        """
        self._tell()
        while self._at_work and (len(self._at_work) > leave or self._at_work[0][1].done()):
            batch, future = self._at_work.popleft()
            while not future.done():
                wait([future], _TICK)
                self._tell()
            result = future.result()
            self._tell()
            yield batch, result

    def __enter__(self) -> EmbedAhead[Batch, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._pool.shutdown(cancel_futures=True)

    def _run(self, batch: Batch) -> Result:
        def step(done: int) -> None:
            self._told.put((batch, done))
            if self._stopped.is_set():
                raise _Stopped

        return self._embed(batch, step)

    def _tell(self) -> None:
        while not self._told.empty():
            self._progress(*self._told.get())
