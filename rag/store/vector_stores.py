"""Where vectors are kept: the interface of a vector store, the stores by name, and opening the one of the settings.

Owns: ``VectorStore``, what stands beside a vector, and that whatever goes wrong in a store becomes one sentence. Knows
nothing about any one store, the catalog or the embedding model.

Interface: ``open_vectors(folder, collection, settings)``; a store from outside has the entry-point group
``footnote.vector_stores``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from rag.errors import IndexUnusable, UsageError
from rag.notices import Notice
from rag.parts import PartFailed, Parts, Unfit, absent_members
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.models.encoder import Vectors

Result = TypeVar("Result")

EMBEDDED, ON_SERVER = "embedded", "server"
"""What a catalog notes of Chroma, as it did before there were other stores."""
_CHROMA = "chroma"
# Ids taken from a store at a time.
_IDS_AT_A_TIME = 5000


@dataclass(frozen=True, slots=True)
class VectorRecord:
    """A chunk as it is stored beside its vector, so that other programs can use the store, too.

    Attributes:
        id: The id of the vector.
        text: The words of the chunk.
        source: The source it is shown under.
        document_id: The document version it is cut from.
        title: The title of the source.
        context: The title and headings that are embedded with it.
        start: Where it starts in the document's text, in code points.
        end: Where it ends.
        page: The page on which it starts, from 1; None for formats without pages.
    """

    id: str
    text: str
    source: str
    document_id: str
    title: str
    context: str
    start: int
    end: int
    page: int | None


@runtime_checkable
class VectorStore(Protocol):
    """The vectors of one index. Making one opens nothing yet; several threads may call it at once.

    It may hold vectors of chunks that no document shows any more: the catalog decides, and has them deleted later. One
    process writes at a time, others read meanwhile. Of a store only the ids and the vectors are needed; the other
    values of a record are for programs beside this one.
    """

    @property
    def place(self) -> str:
        """Where the vectors are, as ``rag status`` shows it: a folder or an address."""
        ...

    def add(self, records: Sequence[VectorRecord], vectors: Vectors) -> None:
        """Add chunks for good; an id that is already there has the same vector and may keep it.

        Args:
            records: The chunks.
            vectors: Their vectors of unit length, of shape ``(len(records), dimension)``.
        """
        ...

    def delete(self, ids: Sequence[str]) -> None:
        """Delete vectors; ids that are not there are passed over."""
        ...

    def nearest(self, vector: Vectors, limit: int, among: Sequence[str] | None = None) -> Iterable[tuple[str, float]]:
        """Find the nearest vectors.

        Args:
            vector: A vector of unit length, of shape ``(dimension,)``.
            limit: How many to return at most, 1 or more.
            among: Only these ids are searched, of which some may be absent; None for all.

        Returns:
            ``(id, cosine similarity in -1…1)``, in any order; nothing where there are no vectors.
        """
        ...

    def ids(self) -> Iterable[str]:
        """Return the ids of all vectors."""
        ...

    def refresh(self) -> None:
        """Forget what is in memory: another process has written."""
        ...

    def close(self) -> None:
        """Close connections and files; the next call opens them anew."""
        ...

    def drop(self) -> None:
        """Delete what is kept outside the store's folder, which is deleted by others; nothing else is called then."""
        ...


OpenStore = Callable[[Path, str, Settings], VectorStore]
"""Makes the store of an index: from a folder of its own that need not exist, a name of the index that no other has,
and the settings."""


def _name_fault(name: str) -> str:
    return "it is what an index notes of Chroma" if name in (EMBEDDED, ON_SERVER) else ""


VECTOR_STORES: Parts[OpenStore] = Parts(
    "vector store", {_CHROMA: "rag.store.chroma:open_chroma"}, check_name=_name_fault
)


class CheckedVectorStore:
    """A store whose results are checked, and whose failures are each an IndexUnusable of one sentence.

    Args:
        name: The name of the store in the table.
        store: The store itself.
    """

    def __init__(self, name: str, store: VectorStore) -> None:
        self.name, self.store = name, store

    @property
    def place(self) -> str:
        """Where the vectors are: a folder or an address."""
        return self._call(lambda: str(self.store.place))

    def add(self, records: Sequence[VectorRecord], vectors: Vectors) -> None:
        """Add chunks; an id that is already there keeps its vector, which is the same by construction.

        Args:
            records: The chunks.
            vectors: Their vectors of unit length, of shape ``(len(records), dimension)``.
        """
        if records:
            import numpy as np

            self._call(lambda: self.store.add(records, np.asarray(vectors, dtype=np.float32)))

    def delete(self, ids: Sequence[str]) -> None:
        """Delete vectors; ids that are not there are passed over."""
        if ids:
            self._call(lambda: self.store.delete(ids))

    def nearest(self, vector: Vectors, limit: int, among: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Find the nearest vectors.

        Args:
            vector: A vector of unit length, of shape ``(dimension,)``.
            limit: How many to return at most.
            among: Only these ids are searched; None for all.

        Returns:
            ``(id, cosine similarity in -1…1)``, best first; ties by id.
        """
        if limit < 1 or (among is not None and not among):
            return []

        def search() -> list[tuple[str, float]]:
            found = [(str(id_), float(score)) for id_, score in self.store.nearest(vector, limit, among)]
            if not all(math.isfinite(score) for _, score in found):
                raise Unfit("a similarity is no number")
            if among is not None and not {id_ for id_, _ in found}.issubset(among):
                raise Unfit("it found vectors that were not to be searched")
            return found

        return sorted(self._call(search), key=lambda pair: (-pair[1], pair[0]))[:limit]

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """Read vectors, to be copied into another store.

        Args:
            ids: Their ids.

        Returns:
            The vectors in that order, of shape ``(len(ids), dimension)``.

        Raises:
            IndexUnusable: One of them is not there, or the store has no method ``vectors``.
        """
        import numpy as np

        read = getattr(self.store, "vectors", None)
        if read is None:
            raise IndexUnusable(Notice("vector-store-gives-none", {"name": self.name}))
        found = dict(self._call(lambda: list(read(list(ids)))))
        if not found.keys() >= set(ids):
            raise IndexUnusable(Notice("vectors-missing", {"place": self.place}))
        return np.asarray([found[id_] for id_ in ids], dtype=np.float32)

    def count(self) -> int:
        """Return how many vectors there are; a store that cannot tell has its ids counted."""
        count = getattr(self.store, "count", None)
        return sum(1 for _ in self.each_id()) if count is None else int(self._call(count))

    def ids(self) -> set[str]:
        """Return the ids of all vectors."""
        return set(self.each_id())

    def each_id(self) -> Iterator[str]:
        """Yield the ids of all vectors; only some thousands are in memory at a time where the store gives them so."""
        ids = self._call(lambda: iter(self.store.ids()))
        while part := self._call(lambda: [str(id_) for id_ in islice(ids, _IDS_AT_A_TIME)]):
            yield from part

    def refresh(self) -> None:
        """Forget what is in memory; call it when another process has written."""
        self._call(self.store.refresh)

    def overwrite_free_space(self, only_small: bool = False) -> None:
        """Overwrite what the store's files hold besides vectors; a store that has no such files has no such method.

        Args:
            only_small: Whether large files are left as they are: then it may follow each change.
        """
        overwrite = getattr(self.store, "overwrite_free_space", None)
        if overwrite is not None:
            self._call(lambda: overwrite(only_small))

    def close(self) -> None:
        """Close connections and files; the next call opens them anew."""
        self._call(self.store.close)

    def drop(self) -> None:
        """Delete what is kept outside the store's folder."""
        self._call(self.store.drop)

    def _call(self, action: Callable[[], Result]) -> Result:
        return _in_one_sentence(self.name, action)


def find_store(settings: Settings) -> OpenStore:
    """Return what makes the vector store of the settings.

    Raises:
        UsageError: There is no store of that name.
    """
    name = settings.vector_store
    make = VECTOR_STORES.get(name)
    if make is None:
        unknown = Notice("vector-store-unknown", {"name": name, "known": VECTOR_STORES.names()})
        raise UsageError(VECTOR_STORES.problem(name) or unknown)
    return make


def open_vectors(folder: Path, collection: str, settings: Settings) -> CheckedVectorStore:
    """Make the vector store of the settings; nothing is opened yet.

    Args:
        folder: The folder of the index.
        collection: A name of the index that no other has, in no other home either.
        settings: Name the store.

    Returns:
        The store.

    Raises:
        UsageError: There is no store of that name.
        IndexUnusable: The store cannot be made.
    """
    name, make = settings.vector_store, find_store(settings)

    def make_store() -> VectorStore:
        store = make(store_folder(folder, name), collection, settings)
        absent = absent_members(store, VectorStore)
        if absent:
            raise Unfit(f"it has no {', '.join(absent)}")
        return store

    return CheckedVectorStore(name, _in_one_sentence(name, make_store))


def store_noted(settings: Settings) -> str:
    """Return what a catalog notes of the settings' store: its name, but of Chroma whether it is on a server."""
    if settings.vector_store == _CHROMA:
        return ON_SERVER if settings.chroma_url else EMBEDDED
    return settings.vector_store


def noted_store(note: str) -> str:
    """Return the name of the store that a catalog notes."""
    return _CHROMA if note in (EMBEDDED, ON_SERVER, "") else note


def store_folder(folder: Path, name: str) -> Path:
    """Return the folder of a vector store in an index's folder; it is that store's own.

    Args:
        folder: The folder of the index.
        name: The name of the store.

    Returns:
        The folder, whether it exists or not.
    """
    # A name from outside leads out of the index's folder no more than into a file of the catalog.
    return folder / re.sub(r"[^\w-]", "_", name)


def _in_one_sentence(name: str, action: Callable[[], Result]) -> Result:
    """Return what ``action()`` returns; what it raises becomes an IndexUnusable that names the store."""
    try:
        with VECTOR_STORES.calling(name):
            return action()
    except PartFailed as failed:
        raise IndexUnusable(Notice("vector-store-failed", {"name": name, "cause": failed.cause})) from failed
