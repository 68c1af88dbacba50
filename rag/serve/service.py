"""What one service has open: its indexes and its language model, and the answering of questions with them.

Owns: which indexes are served, that each is opened once, and the model. Knows nothing about requests or protocols.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from rag.errors import IndexUnusable, UsageError
from rag.hosting.uploads import Uploads
from rag.notices import Notice
from rag.serve.access import Caller
from rag.settings import Settings
from rag.store.catalog.schema import known_indexes
from rag.store.index import Index, open_index


class Service:
    """The open indexes and the model of a service. Safe to use from several threads."""

    def __init__(self, settings: Settings, spec: str = "none", only: Sequence[str] = ()) -> None:
        """Open nothing yet.

        Args:
            settings: The settings of the service.
            spec: The language model, as on the command line.
            only: The names of the indexes that are served; none: all in the home folder.
        """
        self.settings, self.spec = settings, spec
        self.uploads = Uploads()
        self._only = tuple(only)
        self._opening = threading.Lock()
        self._open: dict[str, Index] = {}

    def names(self, caller: Caller) -> list[str]:
        """Return the names of the indexes that a caller may see, in order."""
        there = known_indexes(self.settings.home.expanduser())
        return [name for name in there if caller.may_read(name) and (not self._only or name in self._only)]

    def open(self, caller: Caller, name: str) -> Index:
        """Return an open index; it stays open until the service is closed.

        Args:
            caller: Who wants to see it.
            name: Its name.

        Returns:
            The index.

        Raises:
            UsageError: There is none of that name for this caller.
            IndexUnusable: It cannot be opened.
        """
        if name not in self.names(caller):
            raise UsageError(Notice("no-such-index"))
        with self._opening:
            index = self._open.get(name)
            if index is None or index.closed:
                # One encoder serves all indexes that were made with it.
                others = [other for other in self._open.values() if not other.closed]
                try:
                    index = open_index(name, settings=self.settings, encoder=others[0].encoder if others else None)
                except IndexUnusable:
                    if not others:
                        raise
                    index = open_index(name, settings=self.settings)
                self._open[name] = index
            return index

    def close(self) -> None:
        """Close what is open."""
        self.uploads.close()
        with self._opening:
            for index in self._open.values():
                index.close()
            self._open.clear()
