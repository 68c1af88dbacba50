"""What a server remembers for a while: values by kind and name, each with its owner and its end.

Owns: what such a memory can do, and the one of a single process. Several servers on one database share theirs
(``rag.hosting.shared_state``). Knows nothing about what the values mean.

A value is what JSON can hold. A kind is a plain word, such as ``session``.
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

Change = Callable[[Any], Any]
"""Returns the new value of an old one; None stands for no value, before and after."""


class State(Protocol):
    """A memory for values that end by themselves. Safe to use from several threads.

    Attributes:
        is_shared: Whether other servers have the same one, and reading it waits for a database.
    """

    is_shared: bool

    def now(self) -> float:
        """Return the seconds by the clock that all who share this memory go by."""
        ...

    def get(self, kind: str, name: str) -> Any:
        """Return a value.

        Args:
            kind: Its kind.
            name: Its name.

        Returns:
            The value; None where there is none, or it is over.
        """
        ...

    def owned(self, kind: str, owner: str, most: int | None = None) -> dict[str, Any]:
        """Return the values of an owner by their names, in the order in which they came.

        Args:
            kind: Their kind.
            owner: Their owner.
            most: How many are wanted, those that came last; None: all.

        Returns:
            Those that are not over.
        """
        ...

    def change(self, kind: str, name: str, change: Change, seconds: float | None, owner: str = "") -> Any:
        """Replace a value; whoever changes the same one waits meanwhile.

        Args:
            kind: Its kind.
            name: Its name.
            change: Returns the new value of the old one; quick, and without looking into this memory.
            seconds: After how many seconds it ends; None: when the old one would have.
            owner: Whose it is.

        Returns:
            The new value.
        """
        ...


def put(state: State, kind: str, name: str, value: Any, seconds: float | None, owner: str = "") -> None:
    """Keep a value, whatever was there before.

    Args:
        state: Where.
        kind: Its kind.
        name: Its name.
        value: The value.
        seconds: After how many seconds it ends; None: when the old one would have.
        owner: Whose it is.
    """
    state.change(kind, name, lambda _: value, seconds, owner)


def remove(state: State, kind: str, name: str) -> None:
    """Forget a value.

    Args:
        state: Where it is.
        kind: Its kind.
        name: Its name.
    """
    state.change(kind, name, lambda _: None, 0.0)


def hidden_name(*parts: object) -> str:
    """Return a name that does not show what it was made of, such as a token, or what somebody typed as their name."""
    return sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(slots=True)
class _Entry:
    value: Any
    owner: str
    until: float


class MemoryState:
    """The memory of one process; it ends with it."""

    is_shared = False

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = 10_000) -> None:
        """Remember nothing yet.

        Args:
            clock: Returns seconds; replaced by tests.
            most: Cap on the values of a kind; the one that was changed longest ago is forgotten first.
        """
        self._clock, self._most = clock, most
        self._guard = threading.Lock()
        self._kinds: dict[str, OrderedDict[str, _Entry]] = {}

    def now(self) -> float:
        """Return the seconds by the clock of this process."""
        return self._clock()

    def count(self, kind: str) -> int:
        """Return how many values of a kind are remembered."""
        with self._guard:
            return len(self._kinds.get(kind, ()))

    def get(self, kind: str, name: str) -> Any:
        """Return a value.

        Args:
            kind: Its kind.
            name: Its name.

        Returns:
            The value; None where there is none, or it is over.
        """
        with self._guard:
            return self._value(kind, name)

    def owned(self, kind: str, owner: str, most: int | None = None) -> dict[str, Any]:
        """Return the values of an owner by their names, those that were changed last come last.

        Args:
            kind: Their kind.
            owner: Their owner.
            most: How many are wanted, those that came last; None: all.

        Returns:
            Those that are not over.
        """
        with self._guard:
            names = [name for name, entry in self._kinds.get(kind, {}).items() if entry.owner == owner]
            found = {name: self._value(kind, name) for name in names}
        there = [(name, value) for name, value in found.items() if value is not None]
        return dict(there if most is None else there[max(0, len(there) - most) :])

    def change(self, kind: str, name: str, change: Change, seconds: float | None, owner: str = "") -> Any:
        """Replace a value.

        Args:
            kind: Its kind.
            name: Its name.
            change: Returns the new value of the old one.
            seconds: After how many seconds it ends; None: when the old one would have.
            owner: Whose it is.

        Returns:
            The new value.
        """
        with self._guard:
            value = change(self._value(kind, name))
            entries = self._kinds.setdefault(kind, OrderedDict())
            before = entries.pop(name, None)
            if value is not None:
                until = before.until if before and seconds is None else self._clock() + (seconds or 0.0)
                entries[name] = _Entry(value, owner, until)
                while len(entries) > self._most:
                    entries.popitem(last=False)
            return value

    def _value(self, kind: str, name: str) -> Any:
        entries = self._kinds.get(kind, OrderedDict())
        entry = entries.get(name)
        if entry is None:
            return None
        if entry.until <= self._clock():
            del entries[name]
            return None
        return entry.value
