"""What the server has open: its indexes, and the one language model that answers from all of them.

Owns: which index a call means, the model, and whose question is next. Which indexes are open is owned by
``rag.hosting.open_indexes``. Knows nothing about tools or the protocol.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.hosting.access import Caller
from rag.hosting.fair_queue import FairQueue
from rag.hosting.open_indexes import FetchWeights, OpenIndexes, meant_index
from rag.notices import Notice

if TYPE_CHECKING:
    from rag.hosting.own_model import OwnModel
    from rag.models.llm.model import Model
    from rag.settings import Settings
    from rag.store.catalog import Catalog
    from rag.store.index import Index

# So many calls may wait for the model or use it.
_MOST_WAITING = 32


class Served:
    """The open indexes and the model of a server. Safe to use from several threads."""

    def __init__(self, settings: Settings, spec: str, only: Sequence[str], fetch: FetchWeights) -> None:
        """Open nothing yet.

        Args:
            settings: The settings of the server.
            spec: The language model, as on the command line.
            only: The names of the indexes that are served; none: all in the home folder.
            fetch: Fetches weights that are absent.
        """
        self.settings, self.spec, self._fetch = settings, spec, fetch
        self.home = settings.home.expanduser()
        self.queue = FairQueue()
        self._indexes = OpenIndexes(settings, only, fetch)
        self._opening_model = threading.Lock()
        self._admitting, self._admitted = threading.Lock(), 0
        self._own_model: OwnModel | None = None

    # -- indexes -----------------------------------------------------------------------------------------------------

    def names(self, caller: Caller) -> list[str]:
        """Return the names of the indexes that a caller may see, in order."""
        return self._indexes.names(caller)

    def name_of(self, caller: Caller, name: str | None) -> str:
        """Return the name of the index that a call means.

        Args:
            caller: Who calls.
            name: The name that the call has; None: the only index, or that which is called ``default``.

        Returns:
            The name of an index that is there and that the caller may see.

        Raises:
            UsageError: There is none.
        """
        names = self.names(caller)
        if not names:
            raise UsageError("There is no index to ask yet; the user makes one with: rag ingest PATH")
        meant = meant_index(names, name)
        if meant not in names:
            listed = ", ".join(names)
            raise UsageError(
                f"There is no index {meant!r}; choose one of: {listed}"
                if name
                else f"Several indexes are served; name one of them as index: {listed}"
            )
        return meant

    @contextmanager
    def catalog(self, name: str) -> Iterator[Catalog]:
        """Open the catalog of an index alone: what needs no model does not wait for one.

        Args:
            name: The name of an index that the caller may see.

        Yields:
            The catalog, as it is now; it is closed behind the block.

        Raises:
            IndexUnusable: It cannot be used.
        """
        from rag.store.catalog import Catalog
        from rag.store.folders import index_folder
        from rag.store.moving import recover_index

        recover_index(name, self.home)
        with closing(Catalog(index_folder(name, self.home))) as catalog:
            yield catalog

    def index(self, name: str) -> Index:
        """Return an open index; it stays open until the server ends.

        Args:
            name: The name of an index that the caller may see.

        Returns:
            The index.

        Raises:
            IndexUnusable: It cannot be used.
            ModelError: Its embedding model cannot be fetched.
        """
        return self._indexes.open(name)

    # -- whose turn it is --------------------------------------------------------------------------------------------

    def admit(self) -> None:
        """Count a call that is going to use the model; `dismiss` counts it off.

        Raises:
            UsageError: Too many wait already.
        """
        with self._admitting:
            if self._admitted >= _MOST_WAITING:
                raise UsageError(f"{self._admitted} questions wait for an answer already; ask again in a minute.")
            self._admitted += 1

    def dismiss(self) -> None:
        """Count off a call that was admitted."""
        with self._admitting:
            self._admitted -= 1

    # -- the model ---------------------------------------------------------------------------------------------------

    def model(self) -> tuple[Model | None, Notice | None]:
        """Return the language model, opened with the first question, or why quotes have to do.

        A model that takes long to load, or to be fetched, is not waited for: assistants wait for a minute at most.

        Returns:
            The model, None without one; and what keeps it from being used, None where nothing does or none is wanted.
        """
        from rag.hosting.own_model import OwnModel
        from rag.models.llm.opening import open_llm

        with self._opening_model:
            if self._own_model is None:
                self._own_model = OwnModel(self.spec, lambda: open_llm(self.spec, self.settings, self._fetch))
        return self._own_model.get()

    def close(self) -> None:
        """Close what is open."""
        with self._opening_model:
            if self._own_model is not None:
                self._own_model.close()
        self._indexes.close()
