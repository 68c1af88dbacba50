"""The connections to one catalog, one for each thread that uses it.

Owns: that a connection ends with its thread, so that a process never runs out of files. Knows nothing about tables.
"""

from __future__ import annotations

import threading
from weakref import WeakSet

from rag.database import Connection
from rag.store.catalog.places import Place


class ThreadConnections:
    """Gives each thread a connection of its own. Safe to use from several threads."""

    def __init__(self, place: Place) -> None:
        """Name the place; nothing is opened yet."""
        self._place = place
        self._local = threading.local()
        # Those of threads that live: a thread's own is closed once the thread has ended.
        self._open: WeakSet[_ThreadConnection] = WeakSet()
        self._guard = threading.Lock()

    def __len__(self) -> int:
        return len(self._open)

    def of_this_thread(self) -> Connection:
        """Return the connection of the thread that calls."""
        connection: _ThreadConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = _ThreadConnection(self._place.connect())
            self._local.connection = connection
            with self._guard:
                self._open.add(connection)
        return connection.db

    def close(self) -> None:
        """Close the connections of all threads; the next call opens one anew."""
        with self._guard:
            for connection in list(self._open):
                connection.db.close()
            self._open.clear()
            self._local = threading.local()


class _ThreadConnection:
    """A connection that is closed with the thread whose it is: its values are dropped when it ends."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def __del__(self) -> None:
        self.db.close()
