"""Work in the background that reads an index.

Owns: that it has ended before the index is closed. SQLite ends the whole program where a connection is closed while a
thread still reads by it. Knows nothing about what the work is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from rag.store.index import Index

# Seconds that the closing of an index waits for its work, which looks at `stop` after each question that it tries.
_PATIENCE = 60.0


class IndexWork:
    """A thread over an index, begun at once; the index holds it, and closes it before itself."""

    def __init__(self, index: Index, name: str, work: Callable[[], None], stop: threading.Event) -> None:
        """Begin.

        Args:
            index: The open index.
            name: The name of the thread.
            work: Does it; ends soon once ``stop`` is set.
            stop: Set when the index is to be closed.
        """
        self._stop, self._work = stop, work
        self._index, self._key = index, f"{name} {id(self)}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        index.held[self._key] = self
        self._thread.start()

    def close(self) -> None:
        """End it, and wait until it has ended."""
        self._stop.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(_PATIENCE)

    def _run(self) -> None:
        try:
            self._work()
        finally:
            self._index.held.pop(self._key, None)
