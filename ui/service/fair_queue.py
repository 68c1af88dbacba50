"""Fair turns at one language model.

Owns: who goes next: users take turns, however many questions each has asked. Knows nothing about models or pages.

    with turns.take(user) as ticket:
        while not ticket.wait(0.5):
            ...  # show ticket.position
        ...  # the model is yours until the block ends
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

# How often a waiting thread looks whether a holder is still there, in seconds.
_LOOK = 0.5


@dataclass(eq=False)
class _QueueEntry:
    """What the queue holds. It does not know its ticket, so a ticket that nobody holds any more can free it."""

    user: str
    alive: Callable[[], bool] | None
    touched: float
    over: bool = False
    dropped: bool = False
    waiters: int = 0


class FairQueue:
    """Hands out ``slots`` places at once, round robin between users. Safe to use from several threads."""

    def __init__(self, slots: int = 1, patience: float = 600.0) -> None:
        """``patience`` is how many seconds one may hold or wait for a place without a word; see `Ticket.touch`."""
        self._slots, self._patience = slots, patience
        self._changed = threading.Condition()
        self._holding: list[_QueueEntry] = []
        # The users who wait, next first, each with the places they wait for.
        self._waiting: OrderedDict[str, deque[_QueueEntry]] = OrderedDict()

    def take(self, user: str, alive: Callable[[], bool] | None = None) -> Ticket:
        """Stand in the queue; returns at once. ``alive`` is asked now and then whether the client is still there (for a
        thread: ``threading.current_thread().is_alive``); when it is not, the place is free."""
        place = _QueueEntry(user, alive, time.monotonic())
        with self._changed:
            self._waiting.setdefault(user, deque()).append(place)
            for held in self._holding:
                # Whoever is being served lets the others go first.
                if held.user != user and held.user in self._waiting:
                    self._waiting.move_to_end(held.user)
            self._advance()
        return Ticket(self, place)

    @property
    def waiting(self) -> int:
        """How many wait."""
        with self._changed:
            self._advance()
            return sum(map(len, self._waiting.values()))

    def _advance(self) -> None:
        """Free the places of those who are gone, then hand out what is free."""
        now = time.monotonic()
        for place in [*self._holding, *(place for queue in self._waiting.values() for place in queue)]:
            if self._gone(place, now):
                self._remove(place)
        while self._waiting and len(self._holding) < self._slots:
            user, queue = self._waiting.popitem(last=False)
            place = queue.popleft()
            place.touched = now
            self._holding.append(place)
            if queue:
                # The user's next question waits behind one of every other user.
                self._waiting[user] = queue
            self._changed.notify_all()

    def _gone(self, place: _QueueEntry, now: float) -> bool:
        if place.dropped or (place.alive is not None and not place.alive()):
            return True
        return not place.waiters and now - place.touched > self._patience

    def _remove(self, place: _QueueEntry) -> None:
        place.over = True
        if place in self._holding:
            self._holding.remove(place)
        elif (queue := self._waiting.get(place.user)) and place in queue:
            queue.remove(place)
            if not queue:
                del self._waiting[place.user]
        self._changed.notify_all()

    def _position(self, place: _QueueEntry) -> int:
        with self._changed:
            place.touched = time.monotonic()
            self._advance()
            if place.over:
                return -1
            if place in self._holding:
                return 0
            # Round by round, as `_advance` will hand them out.
            users = list(self._waiting)
            round_ = self._waiting[place.user].index(place)
            before = sum(min(len(self._waiting[user]), round_) for user in users)
            in_round = [user for user in users if len(self._waiting[user]) > round_]
            return before + in_round.index(place.user) + 1

    def _wait(self, place: _QueueEntry, timeout: float | None) -> bool:
        until = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            place.waiters += 1
            try:
                while True:
                    self._advance()
                    if place.over or place in self._holding:
                        return not place.over
                    left = _LOOK if until is None else min(_LOOK, until - time.monotonic())
                    if left <= 0:
                        return False
                    self._changed.wait(left)
            finally:
                place.waiters -= 1
                place.touched = time.monotonic()

    def _release(self, place: _QueueEntry) -> None:
        with self._changed:
            if not place.over:
                self._remove(place)
                self._advance()

    def _touch(self, place: _QueueEntry) -> None:
        with self._changed:
            place.touched = time.monotonic()


class Ticket:
    """A place in the queue, or at the model. Leaving the ``with``, `release` or dropping the ticket frees it."""

    def __init__(self, turns: FairQueue, place: _QueueEntry) -> None:
        self._turns, self._place = turns, place

    @property
    def position(self) -> int:
        """0 when it is this ticket's turn, else how many turns it is from it, counted from 1; -1 when it is over."""
        return self._turns._position(self._place)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is this ticket's turn, at most ``timeout`` seconds; False when it is not yet or no longer."""
        return self._turns._wait(self._place, timeout)

    def touch(self) -> None:
        """Say that the holder is still at work."""
        self._turns._touch(self._place)

    def release(self) -> None:
        """Free the place, or leave the queue; harmless the second time."""
        self._turns._release(self._place)

    def __enter__(self) -> Ticket:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()

    def __del__(self) -> None:
        # Not `release`: the collector may run while this very thread is in the queue.
        self._place.dropped = True
