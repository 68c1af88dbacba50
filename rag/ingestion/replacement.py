"""Put an index that is made anew in the place of the one of its name.

Owns: the order in which that is done, so that the old index answers until the new one is whole, and no conversation is
lost. Knows nothing about how the new one is filled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rag.models.encoder import Encoder
from rag.models.weights import Fetch
from rag.settings import Settings
from rag.store.catalog.carry_over import carry_over_conversations
from rag.store.folders import REBUILT, index_folder
from rag.store.index import Index, open_index
from rag.store.leftovers import drop_vectors, removed_unless_finished
from rag.store.moving import delete_replaced, replace_index


@contextmanager
def made_in_place_of(
    name: str, settings: Settings, encoder: Encoder | None = None, fetch: Fetch | None = None
) -> Iterator[Index]:
    """Make an index beside one, and put it in its place at the end; the caller holds the write lock of the old one.

    Args:
        name: The name of the index.
        settings: As for ``open_index``.
        encoder: The embedding model of the new index; None for that of the settings.
        fetch: Fetches a model that is not on this machine.

    Yields:
        The new index, empty. Where the block inside fails it is deleted, and the old one stays.

    Raises:
        RagError: The new index cannot be made or put in its place.
    """
    with removed_unless_finished(name, settings):
        with open_index(name + REBUILT, settings=settings, create=True, encoder=encoder, fetch=fetch) as fresh:
            try:
                yield fresh
            finally:
                # Lets go of the files, which are moved now, or deleted.
                fresh.vectors.refresh()
        drop_vectors(name, settings)
        home = settings.home.expanduser()
        with carry_over_conversations(index_folder(name, home), index_folder(name + REBUILT, home)):
            replace_index(name, home)
        delete_replaced(name, home)
