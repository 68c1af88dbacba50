"""Reads a collection of embedded Chroma through Chroma's engine alone, without its Python client.

The client brings servers, embedding functions and tracing along, whose import takes longer than a question; the engine,
which does all the work of a search, is one compiled module of the same package. What it is called with here is what the
client calls it with. It is no public interface: an engine that is called otherwise is left to the client.

Owns: opening the engine, and what it returns. Knows nothing about writing, servers or the catalog.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.models.encoder import Vectors

_LOG = logging.getLogger(__name__)

# Chroma's defaults, under which its client makes collections.
_DATABASE = {"tenant": "default_tenant", "database": "default_database"}
# How the engine of Chroma 1.5 is called.
_SIGNATURES = {
    "get_collection": "($self, name, tenant, database)",
    "query": "($self, collection_id, ids, query_embeddings, n_results, where=..., where_document=None, include=..., "
    "tenant=..., database=...)",
    "get": "($self, collection_id, ids=None, where=..., limit=None, offset=0, where_document=None, include=..., "
    "tenant=..., database=...)",
    "count": "($self, collection_id, tenant=..., database=...)",
}
# What Chroma writes when it stores the graph of a collection, which it does with each thousand vectors.
_STORED = "*/index_metadata.pickle"
# An open collection has five files, and the engine may keep as many open as a process may have files.
_FILES_OF_A_COLLECTION = 5


class ChromaEngine:
    """One collection, to be searched. Several threads may search at once."""

    def __init__(self, bindings: Any, collection: str) -> None:
        """Keep an open engine.

        Args:
            bindings: The engine.
            collection: The id of the collection.
        """
        self._bindings, self._collection = bindings, collection

    def count(self) -> int:
        """Return how many vectors there are."""
        return int(self._bindings.count(self._collection, **_DATABASE))

    def ids(self, limit: int, offset: int) -> list[str]:
        """Read ids, in an order that stays as long as nothing is written.

        Args:
            limit: How many to read at most.
            offset: How many to pass over.

        Returns:
            The ids.
        """
        return list(self._bindings.get(self._collection, limit=limit, offset=offset, include=[], **_DATABASE).ids)

    def vectors(self, ids: Sequence[str] | None = None) -> tuple[list[str], list[list[float]]]:
        """Read vectors.

        Args:
            ids: Those to read, of which some may be absent; None for all.

        Returns:
            The ids that are there, and the vector of each.
        """
        answer = self._bindings.get(
            self._collection, ids=None if ids is None else list(ids), include=["embeddings"], **_DATABASE
        )
        return list(answer.ids), answer.embeddings or []

    def nearest(self, vector: Vectors, limit: int, among: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Find the nearest vectors.

        Args:
            vector: A vector, of shape ``(dimension,)``.
            limit: How many to return, at most as many as there are.
            among: Only these ids are searched; None for all.

        Returns:
            ``(id, distance)``, the nearest first.
        """
        answer = self._bindings.query(
            self._collection,
            None if among is None else list(among),
            [vector.tolist()],
            limit,
            include=["distances"],
            **_DATABASE,
        )
        return list(zip(answer.ids[0], answer.distances[0], strict=True))


def open_engine(folder: Path, collection: str) -> ChromaEngine | None:
    """Open a collection that there is, in the files of an embedded Chroma.

    Args:
        folder: Where the files lie.
        collection: The name of the collection.

    Returns:
        The collection; None where the client must open it: there are no files yet, the installed engine is called in
        another way, or it does not open the collection.
    """
    if not (folder / "chroma.sqlite3").is_file():
        return None
    # Of a graph that is not stored yet Chroma makes files when it opens it, with what the memory held before: words,
    # perhaps, of documents that are gone. For whoever only reads they are made elsewhere, and are needed no more then.
    made: TemporaryDirectory[str] | None = None
    try:
        if not is_stored(folder):
            made = TemporaryDirectory(prefix="footnote-")
        import chromadb_rust_bindings as engine

        if any(getattr(engine.Bindings, name).__text_signature__ != known for name, known in _SIGNATURES.items()):
            _LOG.info("the engine of Chroma is another one; its client is used")
            return None
        files = engine.SqliteDBConfig(
            hash_type=engine.MigrationHash.MD5,
            migration_mode=engine.MigrationMode.Apply,
            url=str(folder / "chroma.sqlite3"),
        )
        bindings = engine.Bindings(
            allow_reset=False,
            sqlite_db_config=files,
            persist_path=made.name if made else str(folder),
            hnsw_cache_size=_most_files() // _FILES_OF_A_COLLECTION,
        )
        opened = ChromaEngine(bindings, str(bindings.get_collection(collection, **_DATABASE).id))
        # It opens the graph when it is first asked for anything.
        opened.count()
        return opened
    except Exception as error:  # The client says what is wrong, or makes what is not there.
        _LOG.info("the engine of Chroma did not open the collection", extra={"cause": str(error)})
        return None
    finally:
        if made:
            made.cleanup()


def is_stored(folder: Path) -> bool:
    """Tell whether the graph of vectors is stored in a folder; else Chroma makes it anew from its log of changes."""
    return any(folder.glob(_STORED))


def _most_files() -> int:
    """Return how many files a process may have open, as Chroma's client asks for it."""
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.cdll.msvcrt._getmaxstdio())
    import resource

    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
