"""Bring the vectors of an index into line with its catalog.

Owns: which chunks have no vector, and putting those back: from the cache of vectors, else computed anew from the text
that the catalog holds. Interface: ``compare_vectors``, ``mend_vectors``, ``make_vectors_anew``.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from rag.errors import IndexUnusable
from rag.store.vector_records import records_of_chunks
from rag.store.vector_stores import store_folder
from rag.text import embedded_text

if TYPE_CHECKING:
    from rag.store.index import Index

# Chunks whose vectors are added at a time.
_BATCH = 512


def compare_vectors(index: Index) -> tuple[int, int]:
    """Count the chunks without a vector, and the vectors without a chunk.

    Args:
        index: The index; nobody else writes to it.

    Returns:
        Both numbers.

    Raises:
        IndexUnusable: The vectors cannot be read, or are of another length than the encoder's.
    """
    _probe(index)
    with index.catalog.vector_ids(index.vectors.each_id()) as stored:
        return stored.count_without("vector"), stored.count_without("chunk")


def mend_vectors(index: Index) -> None:
    """Add the vectors that are missing, and delete those that nobody wants; a store that cannot be used begins anew.

    Args:
        index: The index; the caller holds its write lock.

    Raises:
        IndexUnusable: The store cannot be used even so: its server does not answer.
    """
    try:
        _probe(index)
        _bring_into_line(index)
    except IndexUnusable:
        if not _begin_anew(index):
            raise
        _bring_into_line(index)
        _show_others(index)


def make_vectors_anew(index: Index) -> None:
    """Store the vectors of all chunks in a new folder, so that nothing of deleted ones stays in its files.

    On a server nothing is kept in files of ours, and nothing is done but to delete the vectors that nobody wants.

    Args:
        index: The index; the caller holds its write lock.

    Raises:
        IndexUnusable: The store cannot be used.
    """
    _begin_anew(index)
    _bring_into_line(index)
    index.vectors.overwrite_free_space()
    _show_others(index)


def _show_others(index: Index) -> None:
    """Count up the version: a process that has the old files open would search them, and write into them, further."""
    index.catalog.publish([])


def _probe(index: Index) -> None:
    """Search once: vectors of another length than the encoder's cannot be compared with a question."""
    index.vectors.nearest(index.encoder.encode_question("probe"), 1)


def _bring_into_line(index: Index) -> None:
    from rag.store.index import delete_stale_vectors

    with index.catalog.vector_ids(index.vectors.each_id()) as stored:
        for ids in stored.without("vector"):
            _add_vectors(index, ids)
        delete_stale_vectors(index)
        for ids in stored.without("chunk"):
            index.vectors.delete(ids)


def _begin_anew(index: Index) -> bool:
    """Move the folder of a vector store that cannot be used aside; the one that was set aside before is deleted.

    Returns False, and leaves all as it is, where the store cannot be used even so: its server does not answer.
    """
    folder = store_folder(index.own_folder, index.vectors.name)
    damaged = folder.with_name(folder.name + ".damaged")
    if not folder.exists():
        return False
    with suppress(IndexUnusable):
        index.vectors.refresh()
    shutil.rmtree(damaged, ignore_errors=True)
    folder.rename(damaged)
    try:
        index.vectors.ids()
    except IndexUnusable:
        shutil.rmtree(folder, ignore_errors=True)
        damaged.rename(folder)
        return False
    return True


def _add_vectors(index: Index, ids: list[str]) -> None:
    """Add the vectors of visible chunks, from the cache or computed anew."""
    for i in range(0, len(ids), _BATCH):
        chunks = list(index.catalog.chunks(ids[i : i + _BATCH]).values())
        vectors = index.cache.encode(index.encoder, [embedded_text(chunk.text, chunk.context) for chunk in chunks])
        index.vectors.add(records_of_chunks(index.catalog, chunks), vectors)
