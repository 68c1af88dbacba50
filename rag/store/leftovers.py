"""What stays behind where an index is deleted or replaced: its vectors, and an index that was not finished.

Owns: finding and deleting both. Knows nothing about how an index is made.

Interface: ``delete_for_good``; ``drop_vectors``; ``removed_unless_finished`` around the making of ``NAME.rebuilt``;
``is_unfinished`` and ``remove_unfinished`` for one whose maker is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from rag.errors import IndexUnusable, RagError
from rag.notices import Notice
from rag.settings import Settings
from rag.store.catalog import Catalog
from rag.store.catalog.places import holds_index, own_folder
from rag.store.folders import REBUILT, index_folder
from rag.store.moving import delete_index
from rag.store.vector_stores import EMBEDDED, ON_SERVER, noted_store, open_vectors


def delete_for_good(folder: Path, settings: Settings) -> None:
    """Delete an index with its catalog and its vectors, also where those lie outside its folder.

    Args:
        folder: Its folder.
        settings: Name the server that has its vectors, where there is one.

    Raises:
        IndexUnusable: The store of its vectors does not answer, or its address is not in the settings; the index is
            still there.
        DatabaseUnusable: Its catalog lies in a database that cannot be reached, or somebody reads in it all the time;
            the catalog is still there.
    """
    # Once the index is gone, nobody knows which collection of a server was its own.
    _drop_vectors(folder, settings, needs_server=True)
    delete_index(folder)


def drop_vectors(name: str, settings: Settings) -> None:
    """Delete the vectors that an index which is replaced keeps outside its folder, such as on a server.

    Args:
        name: The name of the index.
        settings: Name the home folder, and the server where there is one.

    Raises:
        IndexUnusable: The store does not answer.
    """
    _drop_vectors(index_folder(name, settings.home), settings, needs_server=False)


def _drop_vectors(folder: Path, settings: Settings, needs_server: bool) -> None:
    try:
        catalog = Catalog(folder)
    except RagError:
        return
    with closing(catalog):
        noted = catalog.get("vectors")
        if needs_server and noted == ON_SERVER and not settings.chroma_url:
            raise IndexUnusable(Notice("copy-without-server"))
        server = "" if noted == EMBEDDED else settings.chroma_url
        made_with = settings.model_copy(update={"vector_store": noted_store(noted), "chroma_url": server})
        try:
            vectors = open_vectors(catalog.place.own_folder, catalog.get("collection"), made_with)
        except RagError:
            # A store that is installed no more; its vectors stay wherever it kept them.
            return
        vectors.drop()


def is_unfinished(name: str, settings: Settings) -> bool:
    """Tell whether there is an index ``NAME.rebuilt``: it is being made, or its maker was stopped.

    Args:
        name: The name of the index that it was to replace.
        settings: Name the home folder.

    Returns:
        Whether there is.
    """
    folder = index_folder(name, settings.home).with_name(name + REBUILT)
    return own_folder(folder).is_dir() or holds_index(folder)


def remove_unfinished(name: str, settings: Settings) -> None:
    """Delete ``NAME.rebuilt`` with its vectors; the caller holds the write lock of ``NAME``, so nobody is making it.

    Args:
        name: The name of the index that it was to replace.
        settings: Name the home folder, and the vector store.

    Raises:
        IndexUnusable: The store of its vectors does not answer.
    """
    if is_unfinished(name, settings):
        drop_vectors(name + REBUILT, settings)
        delete_index(index_folder(name + REBUILT, settings.home))


@contextmanager
def removed_unless_finished(name: str, settings: Settings) -> Iterator[None]:
    """Let ``NAME.rebuilt`` be made inside, from nothing; it is deleted where it did not take the place of ``NAME``.

    Args:
        name: The name of the index that is replaced.
        settings: Name the home folder, and the vector store.

    Yields:
        Nothing.

    Raises:
        IndexUnusable: What an earlier try left cannot be deleted.
    """
    remove_unfinished(name, settings)
    try:
        yield
    except BaseException:
        # What stopped the work is what is told.
        with suppress(RagError):
            remove_unfinished(name, settings)
        raise
