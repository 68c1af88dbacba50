"""The indexes that a server has open.

Owns: which indexes are served and to whom, that each is opened once and not before it is needed, and that one encoder
serves all that were made with it. Knows nothing about requests, protocols or language models. What opening needs is
imported late: a server lists its indexes before it opens one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import IndexUnusable
from rag.hosting.access import Caller

if TYPE_CHECKING:
    from rag.settings import Settings
    from rag.store.index import Index

_DEFAULT_INDEX = "default"

FetchWeights = Callable[[str], Path]
"""Fetches weights that are absent, by name, says so, and returns where they lie."""


def meant_index(names: Sequence[str], name: str | None) -> str:
    """Return the name of the index that is meant.

    Args:
        names: The names of those that there are.
        name: What was said; None or "" where nothing was.

    Returns:
        That name, which need not be one of them; else the only one, or that which is called ``default``.
    """
    return name or (names[0] if len(names) == 1 else _DEFAULT_INDEX)


class OpenIndexes:
    """The open indexes of a server. Safe to use from several threads."""

    def __init__(self, settings: Settings, only: Sequence[str] = (), fetch: FetchWeights | None = None) -> None:
        """Open nothing yet.

        Args:
            settings: The settings of the server.
            only: The names of the indexes that are served; none: all in the home folder.
            fetch: Fetches weights that are absent; None: their absence is an error.
        """
        self._settings, self._only, self._fetch = settings, tuple(only), fetch
        self._home = settings.home.expanduser()
        self._opening = threading.Lock()
        self._open: dict[str, Index] = {}

    def names(self, caller: Caller) -> list[str]:
        """Return the names of the indexes that a caller may see, in order."""
        from rag.store.catalog.places import known_indexes

        there = known_indexes(self._home)
        return [name for name in there if caller.rights.may_read(name) and (not self._only or name in self._only)]

    def open(self, name: str) -> Index:
        """Return an open index; it stays open until `close`.

        Args:
            name: The name of an index that the caller may see: see `names`.

        Returns:
            The index.

        Raises:
            IndexUnusable: It cannot be used.
            ModelError: Its embedding model is absent, and cannot be fetched.
        """
        from rag.store.index import open_index

        with self._opening:
            index = self._open.get(name)
            if index is None or index.closed:
                self._fetch_cross_encoders()
                others = self.opened()
                try:
                    encoder = others[0].encoder if others else None
                    index = open_index(name, settings=self._settings, encoder=encoder, fetch=self._fetch)
                except IndexUnusable:
                    if not others:
                        raise
                    # It was made with another encoder.
                    index = open_index(name, settings=self._settings, fetch=self._fetch)
                self._open[name] = index
            return index

    def opened(self) -> list[Index]:
        """Return the indexes that are open now."""
        return [index for index in list(self._open.values()) if not index.closed]

    def close(self) -> None:
        """Close what is open."""
        with self._opening:
            for index in self._open.values():
                index.close()
            self._open.clear()

    def _fetch_cross_encoders(self) -> None:
        if self._fetch is None:
            return
        from rag.models.hub_names import hub_cross_encoders

        for spec in hub_cross_encoders(self._settings.reranker, self._settings.checker):
            self._fetch(spec)
