"""Documents, chunks and the manifest.

Owns: what is visible in an index, and the transactions that change it. Knows nothing about vectors, models or how
documents are read.

The catalog commits last. Ids that may stand in the vector store without being visible (vectors about to be added,
vectors of a version that was just replaced) are kept in ``orphans`` until the vector store has dropped them.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import chain, count
from pathlib import Path
from typing import Any

from rag.database import Connection, read_transaction, transaction
from rag.errors import IndexUnusable
from rag.store.catalog.checks import problems_of
from rag.store.catalog.columns import (
    blocks_from_json,
    blocks_to_json,
    instructions_from_value,
    instructions_value,
    pages_from_json,
    pages_to_json,
    storable,
    tables_from_bytes,
    tables_to_bytes,
)
from rag.store.catalog.connections import ThreadConnections
from rag.store.catalog.counts import Counts
from rag.store.catalog.forgetting import forget_documents
from rag.store.catalog.keywords import (
    add_keywords,
    holds_only_ascii,
    rebuild_keywords,
    remove_keywords,
    search_keywords,
    stands_in_source,
    vocabulary,
)
from rag.store.catalog.places import Place, index_absent, place_of
from rag.store.catalog.records import ChunkRecord, NewVersion, SourceListing, SourceQuery, SourceRecord, SourceSummary
from rag.store.catalog.removals import forget_removal, forget_removals, keep_removed, removed_sources
from rag.store.catalog.schema import SET_VALUE, prepare, utc_now, why_unusable
from rag.store.catalog.source_list import (
    count_in_folder,
    each_summary,
    folders,
    kinds,
    list_sources,
    names_among,
    names_found,
)
from rag.store.catalog.source_names import literal_start, matching, same_name
from rag.store.catalog.source_rows import SOURCE_COLUMNS, put_source, source_record
from rag.store.catalog.vector_ids import VectorIds, vector_ids
from rag.types import Block, Document, Table

# Document versions whose blocks and pages stay in memory.
_CACHED_STRUCTURES = 64
# SQLite takes a limited number of arguments in one statement.
_IDS_A_STATEMENT = 500

_INSERT_CHUNK = (
    'INSERT INTO chunks (number, id, source, start, "end", context, text, instructions) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
)
_CHUNK_QUERY = (
    'SELECT c.number, c.id, c.source, s.document_id, s.title, c.start, c."end", c.context, c.text, c.instructions '
    "FROM chunks c JOIN sources s ON s.source = c.source"
)


class Catalog:
    """An open catalog. Safe to use from several threads; each has a connection of its own."""

    def __init__(self, folder: Path | Place, create: bool = False) -> None:
        """Open the catalog of an index.

        Args:
            folder: The folder of the index, or the place of its catalog.
            create: Whether an empty catalog is made where there is none.

        Raises:
            IndexUnusable: There is no catalog, it is of a format that this version does not read, or it is damaged.
        """
        self.place = folder if isinstance(folder, Place) else place_of(folder)
        if not create and not self.place.exists():
            raise IndexUnusable(index_absent(self.place.folder))
        self._connections = ThreadConnections(self.place)
        self._guard = threading.Lock()
        self._counts = Counts()
        self._structures: dict[str, tuple[tuple[Block, ...], tuple[int, ...]]] = {}
        self._tables: dict[str, tuple[Table, ...]] = {}
        try:
            if create:
                self.place.make(self._db)
            prepare(self._db, self.place.folder)
            self._identity = self.place.identity(self._db)
        except IndexUnusable:
            self.close()
            raise
        except sqlite3.DatabaseError as error:
            self.close()
            raise IndexUnusable(why_unusable(error, self.path)) from error

    def close(self) -> None:
        """Close the connections of all threads."""
        self._connections.close()

    @property
    def path(self) -> Path:
        """The file of the catalog, where it lies in one."""
        return self.place.path

    def is_there(self) -> bool:
        """Tell whether there is a catalog in the place of the one that was opened."""
        return self.place.exists()

    def replaced(self) -> bool:
        """Tell whether another catalog has taken the place of the one that was opened."""
        return self.place.identity(self._db) not in ("", self._identity)

    # -- connections and transactions --------------------------------------------------------------------------------

    @property
    def _db(self) -> Connection:
        """The connection of this thread."""
        return self._connections.of_this_thread()

    def _transaction(self) -> AbstractContextManager[Connection]:
        return transaction(self._db)

    def read_transaction(self) -> AbstractContextManager[None]:
        """Let reads inside see one committed state, whatever a writer commits meanwhile."""
        return read_transaction(self._db)

    # -- manifest ----------------------------------------------------------------------------------------------------

    def get(self, key: str) -> str:
        """Return a value of the manifest; "" when it was never set."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set(self, **values: str) -> None:
        """Set values of the manifest in one transaction; this is no new version of the index."""
        with self._transaction() as db:
            db.executemany(SET_VALUE, values.items())

    def change(self, **makes: Callable[[str], str]) -> None:
        """Set values of the manifest to what is made of the present ones; nobody else sets them meanwhile."""
        with self._transaction() as db:
            db.executemany(SET_VALUE, [(key, make(self.get(key))) for key, make in makes.items()])

    def source_record(self, source: str) -> SourceRecord | None:
        """Return what the manifest knows of a source; None for one that is not in the index."""
        row = self._db.execute(f"SELECT {SOURCE_COLUMNS} FROM sources WHERE source = ?", (storable(source),)).fetchone()
        return source_record(row) if row else None

    def source_named(self, name: str) -> SourceRecord | None:
        """Return the source that a user names, however its letters are composed; None for one not in the index."""
        name = storable(name)
        found = same_name(list(self._names_from(literal_start(name))), name)
        return self.source_record(found[0]) if found else None

    def source_records(self) -> list[SourceRecord]:
        """Return what the manifest knows of all sources, by name."""
        return list(self.each_source_record())

    def each_source_record(self) -> Iterator[SourceRecord]:
        """Yield what the manifest knows of all sources, by name; only one is in memory at a time."""
        return map(source_record, self._db.execute(f"SELECT {SOURCE_COLUMNS} FROM sources ORDER BY source"))

    def source_counts(self) -> tuple[int, int, int]:
        """Return the numbers of sources that can be read, that have a problem, and that were not read in full."""
        row = self._db.execute(
            "SELECT count(document_id), count(CASE WHEN problem <> '' THEN 1 END), "
            "count(CASE WHEN warnings <> '' THEN 1 END) FROM sources"
        ).fetchone()
        return int(row[0]), int(row[1]), int(row[2])

    def chunk_counts(self) -> dict[str, int]:
        """Return the number of visible chunks of each source that has any."""
        return dict(self._db.execute("SELECT source, count(*) FROM chunks GROUP BY source"))

    # -- writing -----------------------------------------------------------------------------------------------------

    def register_vectors(self, ids: Iterable[str]) -> None:
        """Note vectors that are about to be added, so that a crash before ``publish`` leaves them collectable.

        Those of chunks that are visible already are not noted: they must never be collected.
        """
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO orphans SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE id = ?1) "
                "ON CONFLICT DO NOTHING",
                ((id_,) for id_ in ids),
            )

    def publish(self, versions: Sequence[NewVersion]) -> None:
        """Make new versions visible and the ones they replace invisible, in one transaction."""
        with self._transaction() as db:
            retired: set[str] = set()
            added: dict[str, list[tuple[int, str, str]]] = {}
            # Whoever writes is alone, so higher numbers are free.
            free = count(1 + int(db.execute("SELECT coalesce(max(number), 0) FROM chunks").fetchone()[0]))
            for version in versions:
                retired |= self._retire(db, version.record.source)
                document_id = version.record.document_id
                db.execute(
                    "INSERT INTO documents (id, media_type, text, pages, blocks, tables) VALUES (?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (id) DO UPDATE SET blocks = excluded.blocks, tables = excluded.tables",
                    (
                        document_id,
                        version.document.media_type,
                        version.document.text,
                        pages_to_json(version.document.pages),
                        blocks_to_json(version.document.blocks),
                        tables_to_bytes(version.document.tables),
                    ),
                )
                put_source(db, version.record, version.document, len(version.chunks))
                added[version.record.source] = self._add_chunks(db, version, free)
                db.executemany("DELETE FROM orphans WHERE id = ?", ((id_,) for id_ in version.chunk_ids))
            # All at once: each term is counted once for the whole batch.
            add_keywords(db, chain.from_iterable(added.values()))
            self._finish(db, retired)

    def put_sources(self, records: Sequence[SourceRecord]) -> None:
        """Record what is known of files whose visible text does not change (a new stamp, a problem)."""
        with self._transaction() as db:
            retired: set[str] = set()
            for record in records:
                if record.document_id is None:
                    retired |= self._retire(db, record.source)
                put_source(db, record)
            self._finish(db, retired)

    def remove(self, sources: Sequence[str], keep_as: str = "") -> None:
        """Forget sources; their vectors become orphans.

        Args:
            sources: Their names.
            keep_as: A name under which ``removed_sources`` knows them, so that they can be brought back; "" for none.
        """
        with self._transaction() as db:
            retired: set[str] = set()
            if keep_as:
                keep_removed(db, keep_as, sources)
            for source in sources:
                retired |= self._retire(db, source)
                db.execute("DELETE FROM sources WHERE source = ?", (source,))
            self._finish(db, retired)

    def removed_sources(self, removal: str) -> list[SourceRecord]:
        """Return the sources of a removal as they were, by name; none once they are forgotten."""
        return removed_sources(self._db, removal)

    def forget_removal(self, removal: str) -> None:
        """Forget one removal: it was undone, or is not to be."""
        with self._transaction() as db:
            forget_removal(db, removal)

    def forget_removals(self, before: float) -> list[str]:
        """Forget for good what was removed before a moment of the clock; return the names of those removals."""
        with self._transaction() as db:
            return forget_removals(db, before)

    def orphans(self, limit: int) -> list[str]:
        """Return up to ``limit`` ids that the vector store should drop, by id."""
        rows = self._db.execute("SELECT id FROM orphans ORDER BY id LIMIT ?", (limit,))
        return [row[0] for row in rows]

    def forget_orphans(self, ids: Sequence[str]) -> None:
        """Note that the vector store has dropped these ids."""
        with self._transaction() as db:
            db.executemany("DELETE FROM orphans WHERE id = ?", ((id_,) for id_ in ids))

    def _add_chunks(self, db: Connection, version: NewVersion, free: Iterator[int]) -> list[tuple[int, str, str]]:
        """Add the chunks of a version under free numbers; return the number, the context and the text of each."""
        source, document_text = version.record.source, version.document.text
        rows: list[tuple[Any, ...]] = []
        for chunk, id_ in zip(version.chunks, version.chunk_ids, strict=True):
            text = document_text[chunk.start : chunk.end]
            told = (chunk.start, chunk.end, chunk.context, text, instructions_value(text))
            rows.append((next(free), id_, source, *told))
        db.executemany(_INSERT_CHUNK, rows)
        return [(number, context, text) for number, *_, context, text, _ in rows]

    def _retire(self, db: Connection, source: str) -> frozenset[str]:
        """Make the chunks of a source invisible; their vectors become orphans.

        Returns:
            The id of the document version that it showed; nothing where it showed none.
        """
        rows = db.execute("SELECT number, id FROM chunks WHERE source = ?", (source,)).fetchall()
        remove_keywords(db, [number for number, _ in rows])
        db.executemany("INSERT INTO orphans VALUES (?) ON CONFLICT DO NOTHING", ((id_,) for _, id_ in rows))
        db.execute("DELETE FROM chunks WHERE source = ?", (source,))
        shown = db.execute("SELECT document_id FROM sources WHERE source = ? AND document_id NOTNULL", (source,))
        return frozenset(id_ for (id_,) in shown)

    def _finish(self, db: Connection, retired: Iterable[str] = ()) -> None:
        """End a change of what is visible, and count up the version of the index.

        Args:
            db: The connection.
            retired: The ids of document versions that sources showed before: those that nothing shows are dropped.
        """
        forget_documents(db, retired)
        db.execute("UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE key = 'version'")
        db.execute(SET_VALUE, ("changed", utc_now()))

    # -- reading -----------------------------------------------------------------------------------------------------

    def sources(self) -> list[SourceSummary]:
        """Return the readable sources with their sizes, by name."""
        return list(self.each_source())

    def each_source(self, after: str = "", among: Sequence[str] | None = None) -> Iterator[SourceSummary]:
        """Return the readable sources with their sizes, by name; only one is in memory at a time.

        Args:
            after: Only sources whose names come after this one.
            among: The only sources that count, by their very names; None: all do.

        Returns:
            The sources.
        """
        return each_summary(self._db, after, among)

    def find_sources(self, pattern: str, *, searchable: bool = False) -> list[str]:
        """Find sources by name or by pattern.

        The name comes first because a file may be called ``what?.pdf``, which is a glob, too. How letters are composed
        does not matter.

        Args:
            pattern: The name of a source, or a glob; or what ``source_names.exactly`` returned.
            searchable: Whether only sources of which a version could be read count.

        Returns:
            The source of that very name, or else those that the glob matches, by name.
        """
        pattern = storable(pattern)
        is_readable = "SELECT 1 FROM sources WHERE source = ? AND (document_id IS NOT NULL OR ? = 0)"
        name = pattern.removeprefix("/")
        if self._db.execute(is_readable, (name, searchable)).fetchone():
            return [name]
        return matching(self._names_from(literal_start(pattern), searchable), pattern)

    def names_among(self, names: Sequence[str]) -> dict[str, bool]:
        """Return those of some names that are of sources, each with whether a version of it could be read."""
        return names_among(self._db, names)

    def _names_from(self, start: str, searchable: bool = False) -> Iterator[str]:
        """Yield the names of sources that begin with some characters, in order."""
        rows = self._db.execute(
            "SELECT source FROM sources WHERE source >= ? AND source < ? AND (document_id IS NOT NULL OR ? = 0) "
            "ORDER BY source",
            (start, start + "\U0010ffff", searchable),
        )
        return (source for (source,) in rows)

    def document(self, document_id: str) -> Document | None:
        """Return a document version by its content hash, titled as its first source; None for one not stored."""
        row = self._db.execute(
            "SELECT d.text, "
            "coalesce((SELECT title FROM sources WHERE document_id = d.id ORDER BY source LIMIT 1), "
            "(SELECT title FROM cited WHERE document_id = d.id ORDER BY source LIMIT 1), ''), "
            "d.media_type FROM documents d WHERE d.id = ?",
            (document_id,),
        ).fetchone()
        if row is None:
            return None
        text, title, media_type = row
        blocks, pages = self.structure(document_id)
        return Document(text, title, media_type, blocks, pages, self.tables(document_id))

    def document_text(self, document_id: str) -> tuple[str, str] | None:
        """Return the canonical text and the media type of a document version; None for one not stored."""
        row = self._db.execute(
            "SELECT text, media_type FROM documents WHERE id = ?", (storable(document_id),)
        ).fetchone()
        return (str(row[0]), str(row[1])) if row else None

    def sources_of(self, document_id: str) -> list[SourceRecord]:
        """Return the sources that show a document version now, by name."""
        rows = self._db.execute(
            f"SELECT {SOURCE_COLUMNS} FROM sources WHERE document_id = ? ORDER BY source", (document_id,)
        )
        return [source_record(row) for row in rows]

    def cited_as(self, document_id: str) -> list[tuple[str, str]]:
        """Return each ``(source, title)`` under which stored answers cite a document version, visible now or not."""
        rows = self._db.execute(
            "SELECT DISTINCT source, title FROM cited WHERE document_id = ? ORDER BY source, title", (document_id,)
        )
        return [(source, title) for source, title in rows]

    def list_sources(
        self, query: SourceQuery | None = None, limit: int = 50, offset: int = 0
    ) -> tuple[int, list[SourceListing]]:
        """List sources, readable or not, in pages.

        Args:
            query: Which sources, in which order; None for all, by name.
            limit: How many sources a page has at most.
            offset: How many sources come before the page.

        Returns:
            The number of all sources that match, and the sources of the page.
        """
        return list_sources(self._db, query or SourceQuery(), limit, offset)

    def names_found(self, query: SourceQuery) -> list[str]:
        """Return the names of all sources that a query finds, in its order."""
        return names_found(self._db, query)

    def folders(self) -> dict[str, int]:
        """Return each folder that holds sources with their number, all those below it counted, by name."""
        return folders(self._db)

    def count_in_folder(self, folder: str) -> int:
        """Return how many sources lie in a folder, at any depth."""
        return count_in_folder(self._db, folder)

    def kinds(self) -> list[tuple[str, str, int]]:
        """Return how many sources there are of each ``(media type, status)``."""
        return kinds(self._db)

    def names(self) -> list[tuple[str, str]]:
        """Return the name and the title of each readable source, by name."""
        return self._db.execute(
            "SELECT source, title FROM sources WHERE document_id IS NOT NULL ORDER BY source"
        ).fetchall()

    def newest_names(self, limit: int) -> list[tuple[str, str, str]]:
        """Return the name, the title and the version of the readable sources that were added or updated last."""
        return self._db.execute(
            "SELECT s.source, s.title, s.document_id FROM sources s JOIN "
            "(SELECT source, max(number) AS newest FROM chunks GROUP BY source ORDER BY newest DESC LIMIT ?) c "
            "USING (source) WHERE s.document_id IS NOT NULL ORDER BY c.newest DESC",
            (limit,),
        ).fetchall()

    def structure(self, document_id: str) -> tuple[tuple[Block, ...], tuple[int, ...]]:
        """Return the blocks and page starts of a document version; both empty for one not stored.

        A version never changes, so the last ones that were asked for stay in memory.
        """
        with self._guard:
            if document_id in self._structures:
                return self._structures[document_id]
        row = self._db.execute("SELECT blocks, pages FROM documents WHERE id = ?", (document_id,)).fetchone()
        structure = (blocks_from_json(row[0]), pages_from_json(row[1])) if row else ((), ())
        with self._guard:
            if len(self._structures) >= _CACHED_STRUCTURES:
                self._structures.clear()
            self._structures[document_id] = structure
        return structure

    def tables(self, document_id: str) -> tuple[Table, ...]:
        """Return the tables of a document version; none for one not stored.

        A version never changes, so the last ones that were asked for stay in memory.
        """
        with self._guard:
            if document_id in self._tables:
                return self._tables[document_id]
        row = self._db.execute("SELECT tables FROM documents WHERE id = ?", (document_id,)).fetchone()
        tables = tables_from_bytes(row[0]) if row else ()
        with self._guard:
            if len(self._tables) >= _CACHED_STRUCTURES:
                self._tables.clear()
            self._tables[document_id] = tables
        return tables

    def pages(self, document_id: str) -> tuple[int, ...]:
        """Return the offsets at which the pages of a document version start; empty for formats without pages."""
        return self.structure(document_id)[1]

    def chunks(self, ids: Sequence[str]) -> dict[str, ChunkRecord]:
        """Return the visible chunks among ``ids`` by id, in that order; ids that are not visible are left out."""
        records: dict[str, ChunkRecord] = {}
        for i in range(0, len(ids), _IDS_A_STATEMENT):
            part = ids[i : i + _IDS_A_STATEMENT]
            marks = ",".join("?" * len(part))
            for row in self._db.execute(f"{_CHUNK_QUERY} WHERE c.id IN ({marks})", part):
                records[row[1]] = ChunkRecord(*(*row[:-1], instructions_from_value(row[-1])))
        return {id_: records[id_] for id_ in ids if id_ in records}

    def chunk_ids(self, sources: Sequence[str] | None = None) -> list[str]:
        """Return the ids of all chunks, or of those of some sources, in the order in which they were added."""
        if sources is None:
            return [id_ for (id_,) in self._db.execute("SELECT id FROM chunks ORDER BY number")]
        return self._counted().ids_of(self._db, sources)

    def chunk_count(self, sources: Sequence[str]) -> int:
        """Return the number of visible chunks of some sources."""
        return self._counted().within(self._db, sources).chunks

    def among_sources(self, ids: Sequence[str], sources: Sequence[str]) -> frozenset[str]:
        """Tell which chunks are of some sources.

        Args:
            ids: The ids of chunks, visible or not.
            sources: The names of the sources.

        Returns:
            The ids of those that are visible under one of the sources.
        """
        rows = self._db.execute(
            # Put together, so that no index is used: the ids are fewer than the chunks of the sources.
            "SELECT id FROM chunks WHERE id IN (SELECT value FROM json_each(?)) "
            "AND (source || '') IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)), json.dumps(list(sources))),
        )
        return frozenset(id_ for (id_,) in rows)

    def search(self, query: Sequence[str], limit: int, sources: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Find the chunks with the best BM25 score for the terms of a query.

        Args:
            query: Distinct terms, as ``rag.text.query_terms`` makes them; one with spaces is a phrase.
            limit: How many chunks to return at most.
            sources: The sources whose chunks are searched; None for all.

        Returns:
            ``(chunk id, score)``, best first; scores are above 0 and higher is better.
        """
        return self._search(self._counted(), query, limit, sources)

    def search_each(self, queries: Mapping[str, Sequence[str]], limit: int) -> dict[str, list[tuple[str, float]]]:
        """Find the best chunks of each of some sources, each for terms of its own.

        Args:
            queries: The distinct terms to look for, by source.
            limit: How many chunks of each source to return at most.

        Returns:
            What ``search`` returns, by source, in the same order.
        """
        counts = self._counted()
        return {source: self._search(counts, query, limit, [source]) for source, query in queries.items()}

    def _search(
        self, counts: Counts, query: Sequence[str], limit: int, sources: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        within = None if sources is None else counts.within(self._db, sources)
        return search_keywords(self._db, query, limit, within, counts.holding(self._db, query), counts.total(self._db))

    def terms_of(self, source: str) -> Callable[[str], bool]:
        """Return what tells whether a term, or a phrase of several, stands in a visible chunk of a source."""
        return lambda term: stands_in_source(self._db, term, self._counted().within(self._db, [source]))

    def document_frequency(self, query: Sequence[str]) -> dict[str, int]:
        """Return in how many chunks each term stands."""
        return self._counted().holding(self._db, query)

    def vocabulary(self, prefix: str) -> dict[str, int]:
        """Return in how many chunks each term stands that begins with some letters."""
        return vocabulary(self._db, prefix)

    def chunk_total(self) -> int:
        """Return the number of visible chunks."""
        return self._counted().total(self._db)

    def _counted(self) -> Counts:
        """Return what was counted in the version of the index that this thread sees."""
        version = self.get("version")
        with self._guard:
            if self._counts.version != version:
                self._counts = Counts(version)
            return self._counts

    # -- looking after -----------------------------------------------------------------------------------------------

    def problems(self) -> list[str]:
        """Check the file; return what is wrong in it, one sentence each."""
        return problems_of(self._db)

    def vector_ids(self, ids: Iterable[str]) -> AbstractContextManager[VectorIds]:
        """Take the ids of all vectors, to be compared with those of the visible chunks."""
        return vector_ids(self._db, ids)

    def holds_only_ascii(self) -> bool:
        """Tell whether all terms of the keyword index are ASCII."""
        return holds_only_ascii(self._db)

    def rebuild_keywords(self) -> None:
        """Write the keyword index anew from the chunks: a new version, since other terms may be found."""
        with self._transaction() as db:
            rebuild_keywords(db)
            self._finish(db)
