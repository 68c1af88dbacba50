"""An index: a folder with a catalog, a vector store beside it, and the embedding model both were made with.

Owns: opening an index, and that it is opened with the model and the vector store it was made with. Knows nothing about
how documents are read or questions answered.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from rag.errors import IndexUnusable, RagError
from rag.models.encoder import Encoder
from rag.models.encoders import open_encoder
from rag.models.weights import Fetch
from rag.notices import Notice
from rag.precision import precision_of, unmarked
from rag.scoring.file import scoring_for
from rag.scoring.values import Scoring
from rag.settings import Settings
from rag.settings import load_settings as read_settings
from rag.store.catalog import Catalog
from rag.store.catalog.places import holds_index, index_absent, own_folder
from rag.store.folders import CACHE_FILE, REPLACED, index_folder, make_folder
from rag.store.moving import recover_index
from rag.store.nearest import are_missing
from rag.store.reading import Reading
from rag.store.vector_cache import VectorCache
from rag.store.vector_stores import (
    EMBEDDED,
    ON_SERVER,
    CheckedVectorStore,
    find_store,
    noted_store,
    open_vectors,
    store_noted,
)
from rag.store.write_lock import write_lock
from rag.text import TERMS_VERSION

_LOG = logging.getLogger(__name__)
# Stale vectors deleted at a time.
_STALE_BATCH = 5000
# So long an exchange of two folders may take; it is two renames.
_EXCHANGE_SECONDS = 1.0


class Closeable(Protocol):
    """Anything that is closed when it is done with."""

    def close(self) -> None:
        """Let go of what it holds."""
        ...


@dataclass
class Index:
    """An open index. Close it when done; several threads may read at once.

    Attributes:
        name: The name it was opened by.
        folder: The folder by which it is known.
        catalog: Its documents and chunks, and the keyword index.
        vectors: The vectors of its chunks.
        encoder: The embedding model that it was made with.
        cache: Vectors by content, shared with the other indexes of the home folder.
        settings: The settings that it was opened with, by which it is ingested, searched and asked; their home is the
            folder that it lies in.
        scoring: The numbers by which passages, sentences and answers are scored.
        scoring_is_fitted: Whether they were fitted with this embedding model; see ``rag.scoring``.
        seen_version: The version that ``refresh`` saw last.
        closed: Whether it was closed.
        held: What is kept open as long as the index, by name, such as an assistant over it; closed before it.
    """

    name: str
    folder: Path
    catalog: Catalog
    vectors: CheckedVectorStore
    encoder: Encoder
    cache: VectorCache
    settings: Settings
    scoring: Scoring
    scoring_is_fitted: bool
    seen_version: str = ""
    closed: bool = False
    held: dict[str, Closeable] = field(default_factory=dict, repr=False, compare=False)
    # The version whose vectors were found to be there.
    _with_vectors: str = field(default="", init=False, repr=False, compare=False)
    _refreshing: threading.RLock = field(default_factory=threading.RLock, init=False, repr=False, compare=False)

    def close(self) -> None:
        """Close its files and connections, and what was opened over it."""
        self.closed = True
        # Work that ends by itself meanwhile is held no more.
        with suppress(KeyError):
            while self.held:
                self.held.popitem()[1].close()
        self.catalog.close()
        self.vectors.close()
        self.cache.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def own_folder(self) -> Path:
        """The folder of what lies beside its catalog, such as its vectors."""
        return self.catalog.place.own_folder

    @cached_property
    def reading(self) -> Reading:
        """What its encoder reads."""
        return Reading.of(self.encoder, self.catalog, self.settings)

    def reads(self, language: str) -> bool | None:
        """Tell whether its encoder reads a language well, by the ISO 639-1 code; None where that is not known."""
        return self.reading.reads(language, self.catalog)

    @property
    def version(self) -> str:
        """The version of the index: it changes with every committed change, and when the index is made anew."""
        return f"{self.catalog.get('id')}-{self.catalog.get('version')}"

    def refresh(self) -> None:
        """See what another process committed since the last call; cheap when it committed nothing.

        Where the index was made anew in another precision, the encoder of that precision is opened.

        Raises:
            IndexUnusable: The index is gone, or it was made anew with another embedding model or vector store.
        """
        with self._refreshing:
            self.check_is_there()
            if self.catalog.replaced():
                self._follow()
            version = self.version
            if self.seen_version and version != self.seen_version:
                self.vectors.refresh()
            self.seen_version = version

    def check_vectors(self) -> None:
        """See that each chunk has a vector: without them only words would be found. Asked once for each version.

        Call it after `refresh`, which has seen the version.

        Raises:
            IndexUnusable: Vectors are missing, or the store cannot be used.
        """
        if self.seen_version == self._with_vectors:
            return
        if are_missing(self.catalog, self.vectors):
            raise IndexUnusable(Notice("vectors-missing", {"place": self.vectors.place}))
        self._with_vectors = self.seen_version

    def check_is_there(self) -> None:
        """See that the folder was not deleted; between the two renames of an exchange it is only out of sight.

        Raises:
            IndexUnusable: It was.
        """
        parked = self.own_folder.with_name(self.own_folder.name + REPLACED)
        latest = time.monotonic() + _EXCHANGE_SECONDS
        while not (is_there := self.catalog.is_there()) and parked.is_dir() and time.monotonic() < latest:
            time.sleep(_EXCHANGE_SECONDS / 100)
        if not is_there:
            # Where the exchange was cut off, the old one comes back.
            recover_index(self.name, self.settings.home)
            if not self.catalog.is_there():
                raise IndexUnusable(index_absent(self.folder))

    def _follow(self) -> None:
        """Open the index that was put in the place of this one: what is open here is the old one's files."""
        with ExitStack() as opened:
            catalog = opened.enter_context(closing(Catalog(self.folder)))
            encoder, fingerprint = self.encoder, catalog.get("embedding_fingerprint")
            if fingerprint != encoder.fingerprint and unmarked(fingerprint) == unmarked(encoder.fingerprint):
                encoder = open_encoder(_as_made(self.folder, self.settings))
            _check_model(catalog, encoder, self.name, create=False)
            check_vector_store(catalog, self.settings, self.name)
            vectors = open_vectors(self.own_folder, _collection(catalog), self.settings)
            opened.pop_all()
        self.catalog.close()
        # Not only closed: a store may keep the deleted files open for whoever opens the folder again.
        self.vectors.refresh()
        self.catalog, self.vectors = catalog, vectors
        if encoder is not self.encoder:
            self.encoder = encoder
            self.scoring, self.scoring_is_fitted = scoring_for(encoder.fingerprint, self.settings.scoring)
            self.__dict__.pop("reading", None)

    def warm(self) -> None:
        """Load the embedding model in the background, so that a first question waits less."""

        def load() -> None:
            # What fails in this thread fails again, with its error shown, when the model is needed.
            with suppress(RagError):
                self.encoder.encode_question("warm")

        # No daemon: one that is cut off inside the engine, as the program ends, takes the program down with it.
        threading.Thread(target=load).start()

    def describe(self) -> dict[str, str]:
        """Return the name, version and embedding model, as they stand in every answer."""
        return {"name": self.name, "version": self.version, "embedding_model": self.encoder.name}


def open_index(
    name: str = "default",
    home: Path | None = None,
    *,
    settings: Settings | None = None,
    create: bool = False,
    encoder: Encoder | None = None,
    fetch: Fetch | None = None,
) -> Index:
    """Open an index, or make an empty one.

    Args:
        name: The name of the index.
        home: The folder in which indexes lie; by default the settings' one.
        settings: The settings, which the index keeps; by default those of the environment.
        create: Whether to make an empty index where there is none.
        encoder: An embedding model to use in the place of the settings' one.
        fetch: Fetches the weights of the settings' model where they are absent; by default they are fetched silently.

    Returns:
        The open index; close it when done, or use it in a ``with``.

    Raises:
        IndexUnusable: There is no index, it is of another format, or it was made with another embedding model or vector
            store.
        UsageError: The name cannot name an index, its folder cannot be made, or the settings name no vector store.
        ModelError: The embedding model cannot be fetched.
    """
    started = time.perf_counter()
    settings = settings or read_settings()
    home = (home or settings.home).expanduser()
    settings = settings.model_copy(update={"home": home})
    folder = index_folder(name, home)
    recover_index(name, home)
    with ExitStack() as opened:
        if not create:
            # That there is no index is said before a model is fetched for it.
            catalog = opened.enter_context(closing(Catalog(folder)))
        # What the settings name is read before anything is made: a wrong setting leaves no empty index behind.
        find_store(settings)
        encoder = encoder or open_encoder(_as_made(folder, settings), fetch)
        scoring, is_fitted = scoring_for(encoder.fingerprint, settings.scoring)
        if create:
            make_folder(own_folder(folder))
            catalog = opened.enter_context(closing(Catalog(folder, create)))
        _check_model(catalog, encoder, name, create)
        _update_keywords(catalog, folder)
        vectors = open_vectors(catalog.place.own_folder, _collection(catalog), settings)
        opened.callback(_close_quietly, vectors)
        check_vector_store(catalog, settings, name)
        cache = opened.enter_context(closing(VectorCache(home / CACHE_FILE)))
        index = Index(name, folder, catalog, vectors, encoder, cache, settings, scoring, is_fitted)
        index.seen_version = index.version
        opened.pop_all()
    _LOG.info(
        "index opened",
        extra={"index": name, "embedding_model": encoder.name, "seconds": round(time.perf_counter() - started, 3)},
    )
    return index


def _close_quietly(vectors: CheckedVectorStore) -> None:
    """Close a store of an index that does not open; the error that is on its way says why."""
    with suppress(RagError):
        vectors.close()


def delete_stale_vectors(index: Index) -> int:
    """Delete the vectors that the catalog no longer shows; return how many there were."""
    deleted = 0
    while ids := index.catalog.orphans(limit=_STALE_BATCH):
        index.vectors.delete(ids)
        index.catalog.forget_orphans(ids)
        deleted += len(ids)
    return deleted


def _as_made(folder: Path, settings: Settings) -> Settings:
    """Return settings with the precision that an index was made with; a new one is made with that of the settings."""
    if not holds_index(folder):
        return settings
    with closing(Catalog(folder)) as catalog:
        fingerprint = catalog.get("embedding_fingerprint")
    return settings.model_copy(update={"embedding_precision": precision_of(fingerprint)}) if fingerprint else settings


def _check_model(catalog: Catalog, encoder: Encoder, name: str, create: bool) -> None:
    """Note the embedding model in a new catalog; raise IndexUnusable where an older one was made with another."""
    made_with, fingerprint = catalog.get("embedding_model"), catalog.get("embedding_fingerprint")
    if not fingerprint and create:
        catalog.set(embedding_model=encoder.name, embedding_fingerprint=encoder.fingerprint)
    elif fingerprint and fingerprint != encoder.fingerprint:
        values = {"index": name, "made_with": made_with, "configured": encoder.name}
        if unmarked(fingerprint) == encoder.fingerprint:
            raise IndexUnusable(Notice("index-of-eight-bits", values))
        raise IndexUnusable(Notice("index-of-other-model", values))


def _update_keywords(catalog: Catalog, folder: Path) -> None:
    """Write the keyword index anew where an older program cut text into other terms."""
    made_with = catalog.get("terms")
    if made_with == TERMS_VERSION:
        return
    # Both versions cut text in ASCII into the same terms.
    if made_with and not (made_with == "1" and catalog.holds_only_ascii()):
        with write_lock(folder):
            catalog.rebuild_keywords()
    catalog.set(terms=TERMS_VERSION)


def check_vector_store(catalog: Catalog, settings: Settings, name: str) -> None:
    """Note in a new catalog where its vectors are.

    Args:
        catalog: The catalog of the index.
        settings: Name the vector store.
        name: The name of the index.

    Raises:
        IndexUnusable: The settings name another store than that of the index.
    """
    configured = store_noted(settings)
    made_with = catalog.get("vectors")
    if not made_with:
        catalog.set(vectors=configured)
    elif made_with != configured:
        raise IndexUnusable(Notice("index-vectors-elsewhere", {"index": name, **_where(made_with, settings)}))


def _where(made_with: str, settings: Settings) -> dict[str, Any]:
    """Return where an index keeps its vectors and which settings lead there, as values of a notice."""
    store = noted_store(made_with)
    kept = {ON_SERVER: "on-server", EMBEDDED: "in-folder"}.get(made_with, "in-store")
    to_set = [f"RAG_VECTOR_STORE={store}"] if settings.vector_store != store else []
    if kept == "on-server" and not settings.chroma_url:
        to_set.append("RAG_CHROMA_URL")
    to_unset = ["RAG_CHROMA_URL"] if kept == "in-folder" and settings.chroma_url else []
    return {"kept": kept, "store": store, "to_set": to_set, "to_unset": to_unset}


def _collection(catalog: Catalog) -> str:
    """Return the name of the collection of vectors, as noted when the index was made.

    It outlives a replacement of the index's folder, and never meets another home's on one server.
    """
    collection = catalog.get("collection")
    if not collection:
        collection = f"footnote-{catalog.get('id')}"
        catalog.set(collection=collection)
    return collection
