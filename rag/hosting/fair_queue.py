"""Share one language model fairly between users.

Owns: whose question is next: users take turns, however many questions each has asked. Knows nothing about models or
pages.

    with queue.take(user) as ticket:
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

# Seconds between two looks of a waiting thread for entries that were abandoned, which wake nobody.
_POLL_SECONDS = 0.5


@dataclass(eq=False)
class _QueueEntry:
    """What the queue holds of a ticket. It does not refer to the ticket, so that a ticket that is collected frees it.

    ``touched`` is when its ticket was last used, ``waiters`` how many threads wait with it, ``over`` whether it has
    left the queue, ``dropped`` whether its ticket was collected, ``on_turn`` what is called when its turn comes.
    """

    user: str
    touched: float
    on_turn: Callable[[], None] | None = None
    over: bool = False
    dropped: bool = False
    waiters: int = 0


class FairQueue:
    """Gives ``slots`` users at once the model, round robin. Safe to use from several threads."""

    def __init__(self, slots: int = 1, patience: float = 600.0) -> None:
        """Make an empty queue.

        Args:
            slots: How many may use the model at once.
            patience: Seconds after which a ticket is over that is neither waited with nor asked for its position: one
                question that hangs must not keep the model from everyone for good.
        """
        self._slots, self._patience = slots, patience
        self._changed = threading.Condition()
        self._serving: list[_QueueEntry] = []
        # The users who wait, next first, each with their entries, oldest first.
        self._waiting: OrderedDict[str, deque[_QueueEntry]] = OrderedDict()

    def take(self, user: str, on_turn: Callable[[], None] | None = None) -> Ticket:
        """Join the queue, and return the ticket at once; it may be its turn already.

        Args:
            user: Who asks.
            on_turn: Called once when its turn comes, in whichever thread that happens: for those who do not wait in a
                thread of their own. It must return at once and raise nothing.

        Returns:
            The ticket.
        """
        entry = _QueueEntry(user, time.monotonic(), on_turn)
        with self._changed:
            self._waiting.setdefault(user, deque()).append(entry)
            for served in self._serving:
                # Whoever is being served lets the others go first.
                if served.user != user and served.user in self._waiting:
                    self._waiting.move_to_end(served.user)
            self._advance()
        return Ticket(self, entry)

    def take_if_free(self, user: str) -> Ticket | None:
        """Return a ticket whose turn it is, or None where the model is not free at once."""
        entry = _QueueEntry(user, time.monotonic())
        with self._changed:
            self._advance()
            if self._waiting or len(self._serving) >= self._slots:
                return None
            self._serving.append(entry)
        return Ticket(self, entry)

    def _advance(self) -> None:
        """Remove abandoned entries, then serve as many as there are free slots."""
        now = time.monotonic()
        for entry in [*self._serving, *(entry for queue in self._waiting.values() for entry in queue)]:
            if self._abandoned(entry, now):
                self._remove(entry)
        while self._waiting and len(self._serving) < self._slots:
            user, queue = self._waiting.popitem(last=False)
            entry = queue.popleft()
            entry.touched = now
            self._serving.append(entry)
            if entry.on_turn is not None:
                entry.on_turn()
            if queue:
                # The user's next question waits behind one of every other user.
                self._waiting[user] = queue
            self._changed.notify_all()

    def _abandoned(self, entry: _QueueEntry, now: float) -> bool:
        return entry.dropped or (not entry.waiters and now - entry.touched > self._patience)

    def _remove(self, entry: _QueueEntry) -> None:
        entry.over = True
        if entry in self._serving:
            self._serving.remove(entry)
        elif (queue := self._waiting.get(entry.user)) and entry in queue:
            queue.remove(entry)
            if not queue:
                del self._waiting[entry.user]
        self._changed.notify_all()

    def _position(self, entry: _QueueEntry) -> int:
        with self._changed:
            entry.touched = time.monotonic()
            self._advance()
            if entry.over:
                return -1
            if entry in self._serving:
                return 0
            # Round by round, as `_advance` will serve them.
            users = list(self._waiting)
            rounds = self._waiting[entry.user].index(entry)
            before = sum(min(len(self._waiting[user]), rounds) for user in users)
            in_round = [user for user in users if len(self._waiting[user]) > rounds]
            return before + in_round.index(entry.user) + 1

    def _wait(self, entry: _QueueEntry, timeout: float | None) -> bool:
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            entry.waiters += 1
            try:
                while True:
                    self._advance()
                    if entry.over or entry in self._serving:
                        return not entry.over
                    left = _POLL_SECONDS if deadline is None else min(_POLL_SECONDS, deadline - time.monotonic())
                    if left <= 0:
                        return False
                    self._changed.wait(left)
            finally:
                entry.waiters -= 1
                entry.touched = time.monotonic()

    def _release(self, entry: _QueueEntry) -> None:
        with self._changed:
            if not entry.over:
                self._remove(entry)
                self._advance()


class Ticket:
    """One question in the queue, or at the model. Leaving the ``with``, `release` or dropping the ticket ends it."""

    def __init__(self, queue: FairQueue, entry: _QueueEntry) -> None:
        """Make the ticket of an entry.

        Args:
            queue: The queue that it waits in.
            entry: What the queue holds of it.
        """
        self._queue, self._entry = queue, entry

    @property
    def position(self) -> int:
        """0 when it is this ticket's turn, else how many turns it is from it, counted from 1; -1 when it is over."""
        return self._queue._position(self._entry)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is this ticket's turn.

        Args:
            timeout: The most seconds to wait; None: for ever.

        Returns:
            Whether it is this ticket's turn; False when it is not yet, or when the ticket is over.
        """
        return self._queue._wait(self._entry, timeout)

    def release(self) -> None:
        """Give the model back, or leave the queue; harmless the second time."""
        self._queue._release(self._entry)

    def __enter__(self) -> Ticket:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()

    def __del__(self) -> None:
        # Not `release`: the collector may run while this very thread is in the queue.
        self._entry.dropped = True
