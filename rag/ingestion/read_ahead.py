"""Do work ahead of the one who takes its results, in order and within bounds.

Owns: how far ahead, and that results come in the order of what they are made of, whichever is done first. Knows nothing
about files.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far work goes ahead.

    Attributes:
        workers: How many items are worked on at the same time.
        items: How many items may be at work or done ahead.
        weight: How much they may weigh together; a single one may be heavier.
    """

    workers: int
    items: int
    weight: float


class ReadAhead(Generic[Item, Result]):
    """Works on items in threads, ahead of the one who iterates."""

    def __init__(
        self,
        work: Callable[[Item], Result],
        weigh: Callable[[Item, Result | None], float],
        stop: Callable[[], None],
        bounds: Bounds,
    ) -> None:
        """Begin nothing yet.

        Args:
            work: Makes a result of an item; it is called in several threads.
            weigh: Returns what an item weighs, with its result once it is done.
            stop: Is called when the iteration ends before its time: what is at work is to end soon.
            bounds: How far to go ahead.
        """
        self._work, self._weigh, self._stop, self._bounds = work, weigh, stop, bounds
        self._ahead: deque[tuple[Item, Future[Result]]] = deque()

    def over(self, items: Iterable[Item]) -> Iterator[tuple[Item, Result]]:
        """Yield each item with its result, in the order of the items."""
        waiting = deque(items)
        with self._pool() as pool:
            while waiting or self._ahead:
                while waiting and self._has_room(waiting[0]):
                    item = waiting.popleft()
                    self._ahead.append((item, pool.submit(self._work, item)))
                item, future = self._ahead.popleft()
                yield item, future.result()

    def _has_room(self, item: Item) -> bool:
        if not self._ahead:
            return True
        if len(self._ahead) >= self._bounds.items:
            return False
        held = sum(self._weigh(each, future.result() if future.done() else None) for each, future in self._ahead)
        return held + self._weigh(item, None) <= self._bounds.weight

    @contextmanager
    def _pool(self) -> Iterator[ThreadPoolExecutor]:
        with ThreadPoolExecutor(self._bounds.workers, "read") as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self._stop()
                raise
