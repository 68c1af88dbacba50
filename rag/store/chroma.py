"""Chroma as a vector store, embedded or on a server, through LlamaIndex's ``ChromaVectorStore``.

Owns: the Chroma client, the collection and the form of a node in it. Knows nothing about files, the catalog or the
embedding model: it is given vectors.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from weakref import WeakValueDictionary

from rag.errors import IndexUnusable, RagError
from rag.notices import Notice
from rag.settings import Settings
from rag.store.chroma_engine import ChromaEngine, is_stored, open_engine
from rag.store.vector_stores import VectorRecord

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from rag.models.encoder import Vectors
    from rag.store.compared import Compared

_Result = TypeVar("_Result")

# A disk with fewer free bytes is full: Chroma's log and graph grow by more.
_LEAST_FREE = 500_000
# Chroma refuses larger batches.
_LARGEST_BATCH = 5000
# Where there are at most so many vectors, all of them are compared, and found alike in each process. To read them, once
# a process, takes 30 µs each beyond a search of the graph; then a search takes less than that of the graph.
# (`python -m tests.benchmarks.exact_search`)
EXACT_UP_TO = 3000
# So often vectors are read where another process writes amid it.
_READINGS = 3
# HNSW looks at 200 neighbours while it searches and while it builds: recall@10 of 1.00 on 50,000 vectors.
_HNSW: Any = {"hnsw": {"space": "cosine", "ef_search": 200, "ef_construction": 200}}

# The clients of embedded vectors, by the folder and the file that its vectors begin with: what one client writes,
# another beside it would see late. Each has a thread for each core and a dozen open files as long as it lives, and it
# lives as long as a store or a search holds it.
_CLIENTS: WeakValueDictionary[tuple[Path, int], ClientAPI] = WeakValueDictionary()
_CONNECTING = threading.Lock()


class ChromaStore:
    """One collection of vectors, opened when first needed: embedded, or on a server. A ``VectorStore``.

    Where the vectors cannot be used, since the files are damaged or no server answers, each method raises an
    IndexUnusable.
    """

    def __init__(self, folder: Path, collection: str, settings: Settings | None = None) -> None:
        """Name a collection; nothing is opened yet.

        Args:
            folder: Where the embedded vectors lie.
            collection: The name of the collection.
            settings: Name the server that holds it instead, and what it asks for; None for embedded vectors.
        """
        self.folder, self.name = folder, collection
        self.settings = settings or Settings(chroma_url="")
        self.url = self.settings.chroma_url
        self._collection: Collection | None = None
        self._client: ClientAPI | None = None
        # Reads until the client is needed; None before it was tried, and False once the client must be used.
        self._engine: ChromaEngine | Literal[False] | None = None
        # How many vectors there are, until something is written; None where that is to be asked.
        self._total: int | None = None
        # All vectors where they are few enough to compare; and the chunks that were searched last where those are few.
        self._whole: Compared | None = None
        self._chosen: tuple[tuple[str, ...], Compared] | None = None
        # Counts what was forgotten: what was read before is not kept behind it.
        self._forgotten = 0
        # What is read in the place of a folder that this user may only read.
        self._copy: TemporaryDirectory[str] | None = None
        # Whether something failed since the files were opened.
        self._has_failed = False
        self._guard = threading.RLock()

    @property
    def place(self) -> str:
        """The address of the server, or the folder."""
        return self.url.rpartition("@")[2] if "@" in self.url else self.url or str(self.folder)

    def add(self, records: Sequence[VectorRecord], vectors: Vectors) -> None:
        """Add chunks; an id that is already there keeps its vector, which is the same by construction.

        Args:
            records: The chunks.
            vectors: Their vectors of unit length, of shape ``(len(records), dimension)``.
        """
        from llama_index.core.schema import BaseNode, TextNode

        self._begin_to_write()
        store = self.llama_index_store()
        for i in range(0, len(records), _LARGEST_BATCH):
            nodes: list[BaseNode] = [
                TextNode(
                    id_=record.id,
                    text=record.text,
                    embedding=vector.tolist(),
                    start_char_idx=record.start,
                    end_char_idx=record.end,
                    metadata={
                        "source": record.source,
                        "source_id": record.document_id,
                        "title": record.title,
                        "context": record.context,
                        "start": record.start,
                        "end": record.end,
                        **({"page": record.page} if record.page else {}),
                    },
                    excluded_embed_metadata_keys=["source", "source_id", "title", "context", "start", "end", "page"],
                    excluded_llm_metadata_keys=["source_id", "context", "start", "end"],
                )
                for record, vector in zip(records[i : i + _LARGEST_BATCH], vectors[i : i + _LARGEST_BATCH], strict=True)
            ]
            self._call(partial(store.add, nodes))
        # Once more: a search meanwhile may have read what was there amid it.
        self._forget()

    def delete(self, ids: Sequence[str]) -> None:
        """Delete vectors; ids that are not there are passed over."""
        self._begin_to_write()
        for i in range(0, len(ids), _LARGEST_BATCH):
            self._call(partial(self._delete, ids[i : i + _LARGEST_BATCH]))
        self._forget()

    def _delete(self, ids: Sequence[str]) -> None:
        self._open().delete(ids=list(ids))

    def nearest(self, vector: Vectors, limit: int, among: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Find the nearest vectors: of embedded ones the same in each process where there are at most ``EXACT_UP_TO``.

        The graph that Chroma searches else is made anew, from the log of what was written last, whenever a collection
        is opened. No two are alike, and which of many vectors that are nearly as near are found differs with it.

        Args:
            vector: A vector of unit length, of shape ``(dimension,)``.
            limit: How many to return at most.
            among: Only these ids are searched; None for all.

        Returns:
            ``(id, cosine similarity in -1…1)``.
        """
        if among is not None and not among:
            return []
        total = self.count()
        # A server would send the vectors one by one.
        if not self.url and (compared := self._compared(among, total)):
            return compared.nearest(vector, limit, among)
        count = min(limit, total if among is None else len(among))
        if count < 1:
            return []
        nearest = self._call(lambda: self._steadily(lambda: self._search(vector, count, among)))
        return [(id_, 1.0 - distance) for id_, distance in nearest]

    def _search(self, vector: Vectors, count: int, among: Sequence[str] | None) -> list[tuple[str, float]]:
        """Return ids with their distances, nearest first."""
        if engine := self._open_engine():
            return engine.nearest(vector, count, among)
        arguments: dict[str, Any] = {} if among is None else {"ids": list(among)}
        result = self._open().query(
            query_embeddings=[vector.tolist()], n_results=count, include=["distances"], **arguments
        )
        return list(zip(result["ids"][0], (result["distances"] or [])[0], strict=True))

    def _compared(self, among: Sequence[str] | None, total: int) -> Compared | None:
        """Return the vectors to compare one by one, which stay in memory for the next question.

        The vector of an id never changes, and of one that is deleted meanwhile the catalog knows.

        Returns:
            The vectors; None where they are too many, or changed each time that they were read.
        """
        with self._guard:
            whole, chosen, forgotten = self._whole, self._chosen, self._forgotten
        if whole is not None:
            return whole
        if among is not None and _is_few(len(among), total):
            wanted = tuple(among)
            if chosen is None or chosen[0] != wanted:
                if (compared := self._call(lambda: self._read(wanted))) is None:
                    return None
                chosen = (wanted, compared)
                with self._guard:
                    self._chosen = chosen if self._forgotten == forgotten else None
            return chosen[1]
        if total > EXACT_UP_TO:
            return None
        whole = self._call(lambda: self._read(None))
        with self._guard:
            self._whole = whole if self._forgotten == forgotten else None
        return whole

    def _read(self, ids: Sequence[str] | None) -> Compared | None:
        """Read the vectors of some ids, of which some may be absent, or of all; None where they change amid it."""
        # Only now: what tells where vectors are computes nothing.
        from rag.store.compared import Compared

        try:
            return Compared.of(*self._steadily(lambda: self._vectors(ids)))
        except Exception as error:
            if not _is_within_chroma(error):
                raise
            return None

    def _steadily(self, action: Callable[[], _Result]) -> _Result:
        """Return what ``action()`` reads; what another process changed amid it is read anew."""
        for _ in range(_READINGS - 1):
            try:
                return action()
            except Exception as error:
                if not _is_within_chroma(error):
                    raise
                # A client is one that this process writes with, and sees its own changes.
                if self._engine:
                    self.refresh()
        return action()

    def vectors(self, ids: Sequence[str]) -> list[tuple[str, list[float]]]:
        """Read vectors; ids that are not there are left out."""
        found, vectors = self._call(lambda: self._vectors(ids))
        return list(zip(found, vectors, strict=True))

    def _vectors(self, ids: Sequence[str] | None) -> tuple[list[str], list[list[float]]]:
        if engine := self._open_engine():
            return engine.vectors(ids)
        found = self._open().get(ids=None if ids is None else list(ids), include=["embeddings"])
        vectors = found["embeddings"]
        return found["ids"], [] if vectors is None else [[float(number) for number in vector] for vector in vectors]

    def _begin_to_write(self) -> None:
        """See to it that what was written before it failed does not stand in the way.

        Of a disk that was full Chroma leaves a transaction open. It reads beside it; but its next write waits for it
        for ever, and the program with it. Opened anew the files are as they were before.
        """
        if self._has_failed:
            self.refresh()
            self._has_failed = False
        self._forget()

    def _forget(self) -> None:
        """Drop what is in memory of the vectors that there are."""
        with self._guard:
            self._total = self._whole = self._chosen = None
            self._forgotten += 1

    def count(self) -> int:
        """Return how many vectors there are; it is asked again after a change, since it takes long in a large store."""
        with self._guard:
            total, forgotten = self._total, self._forgotten
        if total is None or self.url:
            total = int(self._call(lambda: (self._open_engine() or self._open()).count()))
            with self._guard:
                self._total = total if self._forgotten == forgotten else None
        return total

    def ids(self) -> Iterator[str]:
        """Yield the ids of all vectors; only some thousands are in memory at a time."""
        offset = 0
        while True:
            part = self._call(partial(self._ids, offset))
            yield from part
            offset += len(part)
            if len(part) < _LARGEST_BATCH:
                return

    def _ids(self, offset: int) -> list[str]:
        if engine := self._open_engine():
            return engine.ids(_LARGEST_BATCH, offset)
        return self._open().get(limit=_LARGEST_BATCH, offset=offset, include=[])["ids"]

    def llama_index_store(self) -> ChromaVectorStore:
        """Open the collection as LlamaIndex's vector store."""
        from llama_index.vector_stores.chroma import ChromaVectorStore

        return ChromaVectorStore.from_collection(self._open())

    def refresh(self) -> None:
        """Drop what this process has in memory; call it when another process has written."""
        with self._guard:
            if not self.url:
                # The next client opens the files anew; other stores keep the one that they have.
                with _CONNECTING:
                    for key in [key for key in _CLIENTS if key[0] == self.folder]:
                        del _CLIENTS[key]
            self.close()

    def close(self) -> None:
        """Close the connections to a server and the files of embedded vectors; the next call opens them anew.

        A search that another thread is in ends first: the files are closed behind it.
        """
        with self._guard:
            self._forget()
            if self._client is not None and self.url:
                from rag.store.chroma_server import sessions_of

                # Chroma (1.5) leaves them open when the client is closed, and keeps it until the program ends.
                for session in sessions_of(self._client):
                    session.close()
                for part in (self._client, getattr(self._client, "_admin_client", None)):
                    _forget_system(getattr(part, "_identifier", ""))
            self._client = self._collection = self._engine = None
            if self._copy is not None:
                self._copy.cleanup()
                self._copy = None

    def overwrite_free_space(self, only_small: bool = False) -> None:
        """Overwrite what the files of embedded vectors hold besides vectors: memory of the process that wrote them.

        The caller holds the lock of whoever writes.

        Args:
            only_small: Whether that is left which the files of a graph that is stored have room for, up to a fifth of
                them. Those of one that is not are written whole by each client that opens them.
        """
        if self.url or (only_small and (self._collection is None or is_stored(self.folder))):
            return
        if self.folder.is_dir():
            from rag.store.chroma_files import overwrite_free_space

            # Chroma writes what is still to be written when it is asked for anything; afterwards nobody writes.
            self._forget()
            self.count()
            self._call(lambda: overwrite_free_space(self.folder))

    def drop(self) -> None:
        """Delete the collection from a server; embedded vectors go with their folder."""
        if not self.url:
            return
        self._open()
        assert self._client is not None
        client = self._client
        self._call(lambda: client.delete_collection(self.name))
        self.refresh()

    def _open(self) -> Collection:
        """Return the collection; it is connected to, or made, the first time."""
        with self._guard:
            if self._collection is None:
                self._collection = self._call(self._connect)
                # What the client writes, an engine beside it would see late.
                self._engine = False
            return self._collection

    def _open_engine(self) -> ChromaEngine | Literal[False]:
        """Return the engine alone, which opens far faster than the client; False where the client must be used."""
        with self._guard:
            if self._engine is None:
                self._engine = (not self.url and open_engine(self._files(only_read=True), self.name)) or False
            return self._engine

    def _files(self, only_read: bool) -> Path:
        """Return the folder that Chroma opens: it opens none that it cannot write to, and is given a copy of such.

        Where the disk is full only what reads is given one: what is written would be lost.
        """
        main = self.folder / "chroma.sqlite3"
        may_write = os.access(main, os.W_OK) and os.access(self.folder, os.W_OK)
        if not main.is_file() or (may_write and not (only_read and _is_full(self.folder))):
            return self.folder
        if self._copy is None:
            copy = TemporaryDirectory(prefix="footnote-")
            with ExitStack() as failed:
                failed.callback(copy.cleanup)
                for path in sorted(self.folder.rglob("*")):
                    target = Path(copy.name) / path.relative_to(self.folder)
                    if path.is_dir():
                        target.mkdir()
                    else:
                        shutil.copyfile(path, target)
                failed.pop_all()
            self._copy = copy
        return Path(self._copy.name)

    def _connect_to(self) -> ClientAPI:
        if not self.url:
            return _embedded_client(self._files(only_read=False))
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        from rag.store.chroma_server import server_client

        return server_client(self.url, self.settings)

    def _connect(self) -> Collection:
        self._client = self._connect_to()
        return self._client.get_or_create_collection(self.name, embedding_function=None, configuration=_HNSW)

    def _call(self, action: Callable[[], _Result]) -> _Result:
        """Return what ``action()`` returns; what Chroma raises becomes one sentence."""
        try:
            return action()
        except RagError:
            raise
        except Exception as error:
            if self.url:
                # Only now: importing it imports all of Chroma's client.
                from rag.store.chroma_server import explain

                raise IndexUnusable(explain(error, self.url)) from error
            from chromadb.errors import ChromaError

            self._has_failed = True
            if _is_full(self.folder):
                # Chroma names another cause for each place at which it could not write.
                raise IndexUnusable(Notice("vectors-disk-full", {"folder": str(self.folder)})) from error
            if isinstance(error, ChromaError | ConnectionError | OSError):
                values = {"folder": str(self.folder), "cause": str(error)}
                raise IndexUnusable(Notice("vectors-unusable", values)) from error
            raise


def _is_full(folder: Path) -> bool:
    """Tell whether the disk of a folder has no room for what Chroma writes at a time."""
    try:
        return shutil.disk_usage(folder).free < _LEAST_FREE
    except OSError:
        return False


def _is_within_chroma(error: Exception) -> bool:
    """Tell whether Chroma's engine failed within, which it does where another process writes amid a reading.

    It takes ids from its database, which shows at once what was written, and vectors from a graph that it has in
    memory, which does not: of an id that is not in the graph yet, or no longer, it raises this error.
    """
    from chromadb.errors import InternalError

    return isinstance(error, InternalError)


def _is_few(chosen: int, total: int) -> bool:
    """Tell whether chosen vectors are compared one by one in less time than a search among them all takes.

    Fetching one takes 35 µs. A search for ids that are few among many goes on until it has met 200 of them: it visits
    ``200 * total / chosen`` vectors, or all of them, at 0.7 µs each. (Chroma 1.5, 50,000 vectors of 384 numbers.)
    """
    return chosen**2 <= 4 * total


def open_chroma(folder: Path, collection: str, settings: Settings) -> ChromaStore:
    """Name a collection of Chroma, on the settings' server or embedded; nothing is opened yet.

    Args:
        folder: Where embedded vectors lie.
        collection: The name of the collection.
        settings: Name the server; without one the vectors are embedded.

    Returns:
        The store.
    """
    return ChromaStore(folder, collection, settings)


def _embedded_client(folder: Path) -> ClientAPI:
    """Return a client of the files in a folder: the one that another store of this process has open, or a new one."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    folder.mkdir(parents=True, exist_ok=True)
    with _CONNECTING:
        # Files that were deleted or replaced since have another number.
        client = _CLIENTS.get((folder, _inode(folder)))
        if client is not None:
            return client
        # Chroma would hand out what another opened here before, whose files may have been replaced since.
        _forget_system(str(folder))
        try:
            client = chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))
            _let_go(client)
        finally:
            # Chroma would keep it, or a half-made one, until the program ends, and hand it out the next time.
            _forget_system(str(folder))
        _CLIENTS[folder, _inode(folder)] = client
        return client


def _let_go(client: ClientAPI) -> None:
    """Let a client be freed, and its files closed, as soon as nobody holds it.

    Its parts and the table of its parts refer to each other, and would wait for the garbage collector.
    """
    parts = getattr(getattr(client, "_system", None), "_instances", None)
    if parts is not None:
        parts.clear()


def _inode(folder: Path) -> int:
    """Return which file the embedded vectors of a folder begin with; 0 where there is none."""
    try:
        return (folder / "chroma.sqlite3").stat().st_ino
    except OSError:
        return 0


def _forget_system(identifier: str) -> None:
    """Let the next client open its files anew; other clients keep what they have open.

    Args:
        identifier: What Chroma keeps an open system by; of embedded vectors their folder.
    """
    module = sys.modules.get("chromadb.api.shared_system_client")
    if module is None:
        return
    shared = module.SharedSystemClient
    try:
        shared._identifier_to_system.pop(identifier, None)
        shared._identifier_to_refcount.pop(identifier, None)
    except AttributeError:
        # Another version of Chroma: its public call forgets those of all folders.
        shared.clear_system_cache()
