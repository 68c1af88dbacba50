"""The order in which an index is copied, and the moment at which the copy becomes visible.

Owns: the locks on both, what a copy that was cut off leaves behind, and putting a finished catalog in its place. The
vectors are copied first, into a collection that no index names yet; then all rows in one transaction; then the finished
catalog takes its place in one step. So a crash at any moment leaves the place of the copy as it was.
"""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from rag.atomic_file import write_atomically
from rag.database import Connection, is_postgres, read_transaction, transaction
from rag.database.address import shown_address
from rag.database.schemas import drop_schema, rename_schema
from rag.errors import DatabaseUnusable, IndexUnusable, RagError, UsageError
from rag.notices import Notice
from rag.settings import Settings
from rag.store.catalog.places import Place
from rag.store.catalog.postgres_schema import make_postgres_tables
from rag.store.catalog.schema import FILE, SET_VALUE, cause_of, connect, make_tables
from rag.store.copying.rows import copy_rows, count_rows
from rag.store.copying.vectors import copy_vectors, delete_vectors
from rag.store.folders import REPLACED, make_folder
from rag.store.vector_stores import (
    EMBEDDED,
    ON_SERVER,
    CheckedVectorStore,
    find_store,
    noted_store,
    open_vectors,
    store_noted,
)
from rag.store.write_lock import place_lock

Progress = Callable[[int, int], None]
"""Is told how many parts of the work are done, and how many there are."""

# The catalog that is being made, beside the one whose place it takes; and a note of the vectors that are being copied.
_STAGED, _NOTE = "catalog.copied.sqlite", "copying.json"
# No schema of an index begins so, whatever its name.
_STAGED_START = "footnote-copy-of-"


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied.

    Attributes:
        sources: How many sources.
        chunks: How many chunks, each with its vector.
        conversations: How many conversations.
        place: Where the catalog of the copy lies, as it may be shown.
        vectors: Where its vectors lie.
    """

    sources: int
    chunks: int
    conversations: int
    place: str
    vectors: str


def shown_place(place: Place) -> str:
    """Return where a catalog lies as it may be shown: its file, or its database without the password."""
    return f"{shown_address(place.url)}, schema {place.schema}" if place.url else str(place.path)


def copy_index(
    source: Place, target: Place, settings: Settings, vectors: str, overwrite: bool, progress: Progress
) -> Copied:
    """Copy an index to another place, with its vectors, conversations and removed sources; the original stays.

    Args:
        source: Where the catalog lies.
        target: Where its copy is to lie.
        settings: Name the vector store of the copy, and the servers of both.
        vectors: The vector store of the copy, as catalogs note it; "" for that of the settings.
        overwrite: Whether an index in the place of the copy is replaced.
        progress: Called as the work goes on.

    Returns:
        What was copied.

    Raises:
        UsageError: Both places are the same or would have one folder for vectors, or there is an index in the place of
            the copy already.
        IndexUnusable: There is no index, somebody writes to it, or the copy cannot be made; its place is as it was.
    """
    if source == target:
        raise UsageError(Notice("copy-onto-itself", {"index": source.folder.name, "place": shown_place(source)}))
    if target.exists() and not overwrite:
        raise UsageError(Notice("copy-place-taken", {"index": target.folder.name, "place": shown_place(target)}))
    kept = _store_settings(settings, vectors)
    find_store(kept)
    with ExitStack() as held, _in_one_sentence(target):
        db = held.enter_context(source.opened())
        _check_folders(source, target, db, kept)
        make_folder(target.own_folder)
        for place in (source, target):
            held.enter_context(place_lock(place))
        _delete_leftovers(target, settings)
        replaced = _vectors_of_place(target, settings)
        held.enter_context(read_transaction(db))
        return _Work(source, target, settings, kept, db, progress).run(replaced)


class _Work:
    """One copy, under the locks of both places."""

    def __init__(
        self, source: Place, target: Place, settings: Settings, kept: Settings, db: Connection, progress: Progress
    ) -> None:
        self._source, self._target, self._settings, self._kept = source, target, settings, kept
        self._db, self._progress = db, progress
        self._collection = f"footnote-{uuid.uuid4().hex[:12]}"
        self._done = 0
        self._total = count_rows(db) + _count(db, "chunks")

    def run(self, replaced: CheckedVectorStore | None) -> Copied:
        """Copy all; then delete the vectors of the index whose place was taken."""
        self._progress(0, self._total)
        note = self._target.own_folder / _NOTE
        write_atomically(note, json.dumps({"collection": self._collection, "vectors": store_noted(self._kept)}))
        with closing(open_vectors(self._target.own_folder, self._collection, self._kept)) as added:
            try:
                self._copy_vectors(added)
                if self._target.url:
                    self._copy_into_schema()
                else:
                    self._copy_into_file()
            except BaseException:
                # What went wrong is what is told; what cannot be deleted now is deleted before the next copy.
                with suppress(RagError):
                    delete_vectors(added)
                    note.unlink(missing_ok=True)
                raise
            place = added.place
        note.unlink(missing_ok=True)
        if replaced is not None:
            with closing(replaced), suppress(RagError):
                delete_vectors(replaced)
        sources, chunks, conversations = (_count(self._db, table) for table in ("sources", "chunks", "conversations"))
        return Copied(sources, chunks, conversations, shown_place(self._target), place)

    def _copy_vectors(self, added: CheckedVectorStore) -> None:
        with closing(_noted_vectors(self._source, self._db, self._settings)) as kept:
            copy_vectors(self._db, kept, added, self._advance)

    def _fill(self, db: Connection) -> None:
        copy_rows(self._db, db, self._advance)
        rows = {"collection": self._collection, "vectors": store_noted(self._kept)}
        db.executemany(SET_VALUE, rows.items())

    def _copy_into_schema(self) -> None:
        """Make a schema, fill it and give it its name, all in one transaction: nobody sees it before it is whole."""
        target = self._target
        staged = replace(target, schema=f"{_STAGED_START}{target.schema}")
        parked = f"{target.schema}{REPLACED}"
        if not drop_schema(target.url, parked):
            values = {"database": shown_address(target.url), "cause": f"it reads in an older {target.folder.name}"}
            raise DatabaseUnusable(Notice("database-busy", values))
        with closing(staged.connect()) as db:
            assert is_postgres(db)
            with transaction(db):
                make_postgres_tables(db, staged.schema)
                self._fill(db)
                rename_schema(db, target.schema, parked)
                rename_schema(db, staged.schema, target.schema)
        drop_schema(target.url, parked)

    def _copy_into_file(self) -> None:
        """Make a file, fill it in one transaction and let it take its place in one step."""
        path = self._target.folder / _STAGED
        _delete_file(path)
        try:
            with closing(connect(path)) as db:
                make_tables(db)
                with transaction(db):
                    self._fill(db)
                # Its log goes into the file.
                db.execute("PRAGMA journal_mode = DELETE")
            current = self._target.folder / FILE
            if current.is_file():
                # What stands in the old log is not to be read into the new file; a crash must not lose it either.
                with closing(connect(current)) as old:
                    old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                for ending in ("-wal", "-shm"):
                    current.with_name(FILE + ending).unlink(missing_ok=True)
            os.replace(path, current)
        finally:
            _delete_file(path)

    def _advance(self, more: int) -> None:
        self._done += more
        self._progress(self._done, self._total)


@contextmanager
def _in_one_sentence(target: Place) -> Iterator[None]:
    """Let what the disk or SQLite refuses be one sentence."""
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        cause = cause_of(error) if isinstance(error, sqlite3.Error) else error.strerror or str(error)
        raise IndexUnusable(Notice("copy-failed", {"place": shown_place(target), "cause": cause})) from error


def _check_folders(source: Place, target: Place, db: Connection, kept: Settings) -> None:
    """Refuse to let vectors of two indexes lie in one folder, which is moved and made anew as a whole."""
    noted = dict(db.execute("SELECT key, value FROM meta WHERE key = 'vectors'"))
    on_server = noted.get("vectors") == ON_SERVER == store_noted(kept)
    if source.own_folder == target.own_folder and not on_server:
        values = {"index": target.folder.name, "folder": str(target.own_folder)}
        raise UsageError(Notice("copy-shares-folder", values))


def _store_settings(settings: Settings, note: str) -> Settings:
    """Return settings that name a vector store as a catalog notes it; "" leaves them as they are."""
    if not note:
        return settings
    if note == ON_SERVER and not settings.chroma_url:
        raise UsageError(Notice("copy-without-server"))
    server = settings.chroma_url if note == ON_SERVER else ""
    return settings.model_copy(update={"vector_store": noted_store(note), "chroma_url": server})


def _noted_vectors(place: Place, db: Connection, settings: Settings) -> CheckedVectorStore:
    """Open the vectors of an index where its catalog notes them."""
    noted = dict(db.execute("SELECT key, value FROM meta WHERE key IN ('collection', 'vectors')"))
    return open_vectors(
        place.own_folder, noted.get("collection", ""), _store_settings(settings, noted.get("vectors", "") or EMBEDDED)
    )


def _vectors_of_place(target: Place, settings: Settings) -> CheckedVectorStore | None:
    """Return the vectors of the index whose place is taken; None where there is none, or they cannot be reached."""
    if not target.exists():
        return None
    with suppress(RagError), target.opened() as db:
        return _noted_vectors(target, db, settings)
    return None


def _delete_leftovers(target: Place, settings: Settings) -> None:
    """Delete the vectors that a copy to this place left when it was cut off."""
    note = target.own_folder / _NOTE
    try:
        noted = json.loads(note.read_text(encoding="utf-8"))
        collection, store = str(noted["collection"]), str(noted["vectors"])
    except (OSError, ValueError, KeyError, TypeError):
        note.unlink(missing_ok=True)
        return
    with suppress(RagError):
        # A copy may have become visible before its note was deleted.
        if not _names(target, collection):
            with closing(open_vectors(target.own_folder, collection, _store_settings(settings, store))) as left:
                delete_vectors(left)
    note.unlink(missing_ok=True)


def _names(place: Place, collection: str) -> bool:
    """Tell whether the index in a place has this collection of vectors."""
    if not place.exists():
        return False
    with place.opened() as db:
        row = db.execute("SELECT 1 FROM meta WHERE key = 'collection' AND value = ?", (collection,)).fetchone()
    return row is not None


def _count(db: Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _delete_file(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
