"""An index: a folder with a catalog, a vector store beside it, and the embedding model both were made with.

Owns: where an index lies, who may write to it, and that it is opened with the model it was made with. Knows nothing
about how documents are read or questions answered.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import IndexUnusable, RagError, UsageError
from rag.models.encoder import Encoder, SentenceEncoder, fetch_hub_model
from rag.models.weights import pull, resolve
from rag.settings import Settings
from rag.settings import settings as read_settings
from rag.store.catalog import Catalog
from rag.store.vector_cache import VectorCache
from rag.store.vectors import VectorStore
from rag.text import TERMS_VERSION

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,55}")
# Folders of an index that is being made anew, and of the one it has just replaced.
REBUILT, REPLACED = ".rebuilt", ".replaced"
_LOCK, _HOLDER = "write.lock", "writer.json"

# Brings known weights that are absent, by name, and says where they lie.
Fetch = Callable[[str], Path]


@dataclass
class Index:
    """An open index. Close it when done; several threads may read at once."""

    name: str
    folder: Path
    catalog: Catalog
    vectors: VectorStore
    encoder: Encoder
    cache: VectorCache
    seen_version: str = field(default="")

    def close(self) -> None:
        self.catalog.close()
        self.cache.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def version(self) -> str:
        """Changes with every committed change of the index."""
        return f"{self.catalog.get('id')}-{self.catalog.get('version')}"

    def refresh(self) -> None:
        """See what another process committed since the last call; cheap when it committed nothing."""
        if self.catalog.replaced():
            # The index was made anew: what is open here is the old one's files.
            self.catalog.close()
            self.catalog = Catalog(self.folder)
            self.vectors = VectorStore(self.folder / "chroma", self.catalog.get("collection"), self.vectors.url)
        version = self.version
        if self.seen_version and version != self.seen_version:
            self.vectors.refresh()
        self.seen_version = version

    def warm(self) -> None:
        """Load the embedding model in the background, so that a first question waits less."""

        def load() -> None:
            # What fails here fails again, in the open, when the model is needed.
            with suppress(RagError):
                self.encoder.encode_question("warm")

        threading.Thread(target=load, daemon=True).start()

    def describe(self) -> dict[str, str]:
        """Name, version and embedding model, as they stand in every answer."""
        return {"name": self.name, "version": self.version, "embedding_model": self.encoder.name}


def index_folder(name: str, home: Path) -> Path:
    """The folder of an index. Raises UsageError for a name that could leave the home folder."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name an index; use letters, digits, '.', '_' and '-' (at most 56).")
    return home.expanduser() / name


def open_encoder(settings: Settings, fetch: Fetch | None = None) -> SentenceEncoder:
    """The embedding model of the settings: fetched first when it is absent and its name says from where."""
    place = resolve(settings.embedding_model, settings.models)
    folder = place.path
    if folder is None and place.weights:
        folder = fetch(place.weights.name) if fetch else pull(place.weights.name, settings.models)
    elif folder is None:
        folder = fetch_hub_model(place.hub)
    return SentenceEncoder(
        settings.embedding_model, folder, settings.threads, settings.query_prompt, settings.passage_prompt
    )


def open_index(
    name: str = "default",
    home: Path | None = None,
    *,
    settings: Settings | None = None,
    create: bool = False,
    encoder: Encoder | None = None,
    fetch: Fetch | None = None,
) -> Index:
    """Open an index, or make an empty one with ``create``.

    Raises IndexUnusable when there is none, it is of another format, or it was made with another embedding model.
    """
    settings = settings or read_settings()
    home = (home or settings.home).expanduser()
    folder = index_folder(name, home)
    recover_index(name, home)
    if create:
        _make_folder(folder)
    catalog = Catalog(folder, create)
    try:
        encoder = encoder or open_encoder(settings, fetch)
        _check_model(catalog, encoder, name, create)
        if catalog.get("terms") != TERMS_VERSION:
            if catalog.get("terms"):
                with write_lock(folder):
                    catalog.rebuild_keywords()
            catalog.set(terms=TERMS_VERSION)
        _check_place(catalog, settings.chroma_url, name)
        # The name outlives a replacement of the index's folder, and never meets another home's on one server.
        collection = catalog.get("collection") or f"footnote-{catalog.get('id')}"
        if not catalog.get("collection"):
            catalog.set(collection=collection)
        vectors = VectorStore(folder / "chroma", collection, settings.chroma_url)
        cache = VectorCache(home / "vectors.sqlite")
    except BaseException:
        catalog.close()
        raise
    opened = Index(name, folder, catalog, vectors, encoder, cache)
    opened.seen_version = opened.version
    return opened


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"The folder {folder} cannot be made ({error.strerror}); choose another with --home or RAG_HOME."
        ) from None


def _check_model(catalog: Catalog, encoder: Encoder, name: str, create: bool) -> None:
    made_with, fingerprint = catalog.get("embedding_model"), catalog.get("embedding_fingerprint")
    if not fingerprint and create:
        catalog.set(embedding_model=encoder.name, embedding_fingerprint=encoder.fingerprint)
    elif fingerprint and fingerprint != encoder.fingerprint:
        raise IndexUnusable(
            f"The index {name!r} was made with the embedding model {made_with!r} and the setting names "
            f"{encoder.name!r}; set RAG_EMBEDDING_MODEL back, or make the index anew with: "
            f"rag ingest --index {name} --rebuild"
        )


def _check_place(catalog: Catalog, url: str, name: str) -> None:
    """An index keeps its vectors embedded or on a server; looking in the other place would find none."""
    wanted = "server" if url else "embedded"
    made = catalog.get("vectors")
    if not made:
        catalog.set(vectors=wanted)
    elif made != wanted:
        there = "on a Chroma server: set RAG_CHROMA_URL" if made == "server" else "beside it: unset RAG_CHROMA_URL"
        raise IndexUnusable(
            f"The index {name!r} keeps its vectors {there}, or move them with: rag ingest --index {name} --rebuild"
        )


@contextmanager
def write_lock(folder: Path) -> Iterator[None]:
    """Hold the index for writing. Raises IndexUnusable naming the process that holds it; readers are not kept out."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / _LOCK)
    holder = folder / _HOLDER
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise IndexUnusable(
            f"The index {folder.name!r} is being written by {_holder(holder)}; wait for it to end, then try again."
        ) from None
    except OSError as error:
        raise IndexUnusable(f"The index folder {folder} cannot be written to ({error.strerror}).") from None
    try:
        holder.write_text(json.dumps({"pid": os.getpid(), "since": time.strftime("%H:%M:%S")}), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return f"process {int(found['pid'])} (since {found['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def replace_index(name: str, home: Path) -> None:
    """Put the finished index ``NAME.rebuilt`` in the place of ``NAME``. A crash in between leaves one of them whole."""
    current, parked = index_folder(name, home), home / (name + REPLACED)
    shutil.rmtree(parked, ignore_errors=True)
    if current.exists():
        current.rename(parked)
    index_folder(name + REBUILT, home).rename(current)
    shutil.rmtree(parked, ignore_errors=True)


def recover_index(name: str, home: Path) -> None:
    """Undo a replacement that was cut off between its two renames."""
    parked = home / (name + REPLACED)
    if parked.is_dir() and not index_folder(name, home).exists():
        parked.rename(index_folder(name, home))


def delete_stale_vectors(index: Index) -> int:
    """Drop vectors that the catalog no longer shows; returns how many."""
    dropped = 0
    while ids := index.catalog.orphans(limit=5000):
        index.vectors.delete(ids)
        index.catalog.forget_orphans(ids)
        dropped += len(ids)
    return dropped
