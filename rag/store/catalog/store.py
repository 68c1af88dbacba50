"""Documents, chunks, the keyword index and the manifest.

Owns: what is visible in an index, and the transactions that change it. Knows nothing about vectors, models or how
documents are read.

The catalog commits last. Ids that may stand in the vector store without being visible (vectors about to be added,
vectors of a version that was just replaced) are kept in ``orphans`` until the vector store has dropped them.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from rag.errors import IndexUnusable
from rag.store.catalog.records import ChunkRecord, NewVersion, SourceListing, SourceRecord, SourceSummary
from rag.store.catalog.schema import FILE, FORGET_DOCUMENTS, connect, make_tables, now, prepare, transaction
from rag.text import terms
from rag.types import Block, Document

_STRUCTURES_KEPT = 64
# Chunks that hold a telling term: more of them are ranked only where the rarest term alone stands in more.
_ROWS_RANKED = 2000

# FTS5's own ranking has fixed k1 = 1.2 and b = 0.75. Terms of the title and headings count this much beside the text;
# chosen together with the fusion weights, see `rag.retrieval.fusion`.
CONTEXT_WEIGHT = 1.0


class Catalog:
    """An open catalog. Safe to use from several threads; each has a connection of its own."""

    def __init__(self, folder: Path, create: bool = False) -> None:
        self.path = folder / FILE
        if not create and not self.path.is_file():
            raise IndexUnusable(f"There is no index at {folder}; make one with: rag ingest PATH")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._structures: dict[str, tuple[tuple[Block, ...], tuple[int, ...]]] = {}
        try:
            if create:
                make_tables(self._db)
            prepare(self._db, folder)
            self._inode = self.path.stat().st_ino
        except IndexUnusable:
            self.close()
            raise
        except sqlite3.DatabaseError as error:
            self.close()
            raise self._unusable(error) from error

    def close(self) -> None:
        with self._guard:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()

    def replaced(self) -> bool:
        """Whether another file stands in the place of the one that was opened."""
        try:
            return self.path.stat().st_ino != self._inode
        except OSError:
            return False

    # -- connections and transactions --------------------------------------------------------------------------------

    @property
    def _db(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = connect(self.path)
            self._local.connection = connection
            with self._guard:
                self._connections.append(connection)
        return connection

    def _transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        return transaction(self._db)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one committed state, whatever a writer commits meanwhile."""
        db = self._db
        if db.in_transaction:
            yield
            return
        db.execute("BEGIN")
        try:
            yield
        finally:
            db.execute("COMMIT")

    def _unusable(self, error: sqlite3.DatabaseError) -> IndexUnusable:
        return IndexUnusable(
            f"The catalog {self.path} cannot be read ({error}); "
            "make the index anew from the files with: rag ingest --rebuild PATH"
        )

    # -- manifest ----------------------------------------------------------------------------------------------------

    def get(self, key: str) -> str:
        """A value of the manifest; empty when it was never set."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set(self, **values: str) -> None:
        with self._transaction() as db:
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def source_record(self, source: str) -> SourceRecord | None:
        row = self._db.execute(
            f"SELECT {_SOURCE_COLUMNS} FROM sources WHERE source = ?", (_storable(source),)
        ).fetchone()
        return _source_record(row) if row else None

    def source_records(self) -> list[SourceRecord]:
        rows = self._db.execute(f"SELECT {_SOURCE_COLUMNS} FROM sources ORDER BY source")
        return [_source_record(row) for row in rows]

    def chunk_counts(self) -> dict[str, int]:
        return dict(self._db.execute("SELECT source, count(*) FROM chunks GROUP BY source"))

    # -- writing -----------------------------------------------------------------------------------------------------

    def expect(self, ids: Iterable[str]) -> None:
        """Note vectors that are about to be added, so that a crash before ``publish`` leaves them collectable.

        Those of chunks that are visible already are not noted: they must never be collected.
        """
        with self._transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO orphans SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE id = ?1)",
                ((id_,) for id_ in ids),
            )

    def publish(self, versions: Sequence[NewVersion]) -> None:
        """Make new versions visible and the ones they replace invisible, in one transaction."""
        with self._transaction() as db:
            for version in versions:
                self._retire_chunks(db, version.record.source)
                document_id = version.record.document_id
                db.execute(
                    "INSERT INTO documents VALUES (?, ?, ?, ?, ?) "
                    "ON CONFLICT (id) DO UPDATE SET blocks = excluded.blocks",
                    (
                        document_id,
                        version.document.media_type,
                        version.document.text,
                        json.dumps(version.document.pages),
                        _blocks_to_json(version.document.blocks),
                    ),
                )
                self._put_source(db, version.record)
                self._add_chunks(db, version)
                db.executemany("DELETE FROM orphans WHERE id = ?", ((id_,) for id_ in version.chunk_ids))
            self._finish(db)

    def put_sources(self, records: Sequence[SourceRecord]) -> None:
        """Record what is known of files whose visible text does not change (a new stamp, a problem)."""
        with self._transaction() as db:
            for record in records:
                if record.document_id is None:
                    self._retire_chunks(db, record.source)
                self._put_source(db, record)
            self._finish(db)

    def remove(self, sources: Sequence[str]) -> None:
        """Forget sources; their vectors become orphans."""
        with self._transaction() as db:
            for source in sources:
                self._retire_chunks(db, source)
                db.execute("DELETE FROM sources WHERE source = ?", (source,))
            self._finish(db)

    def orphans(self, limit: int) -> list[str]:
        """Up to ``limit`` ids that the vector store should drop."""
        rows = self._db.execute("SELECT id FROM orphans ORDER BY id LIMIT ?", (limit,))
        return [row[0] for row in rows]

    def forget_orphans(self, ids: Sequence[str]) -> None:
        with self._transaction() as db:
            db.executemany("DELETE FROM orphans WHERE id = ?", ((id_,) for id_ in ids))

    def _put_source(self, db: sqlite3.Connection, record: SourceRecord) -> None:
        db.execute(
            f"INSERT INTO sources ({_SOURCE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (source) DO UPDATE SET root = excluded.root, path = excluded.path, stamp = excluded.stamp, "
            "file_hash = excluded.file_hash, fingerprint = excluded.fingerprint, document_id = excluded.document_id, "
            "title = excluded.title, problem = excluded.problem, skipped = excluded.skipped",
            (
                record.source,
                _path_value(record.root),
                _path_value(record.path),
                record.stamp,
                record.file_hash,
                record.fingerprint,
                record.document_id,
                record.title,
                record.problem,
                int(record.skipped),
            ),
        )

    def _add_chunks(self, db: sqlite3.Connection, version: NewVersion) -> None:
        source, text = version.record.source, version.document.text
        for chunk, id_ in zip(version.chunks, version.chunk_ids, strict=True):
            words = text[chunk.start : chunk.end]
            number = db.execute(
                "INSERT INTO chunks (id, source, start, end, context, text) VALUES (?, ?, ?, ?, ?, ?)",
                (id_, source, chunk.start, chunk.end, chunk.context, words),
            ).lastrowid
            db.execute(
                "INSERT INTO keywords (rowid, context, text) VALUES (?, ?, ?)",
                (number, " ".join(terms(chunk.context)), " ".join(terms(words))),
            )

    def _retire_chunks(self, db: sqlite3.Connection, source: str) -> None:
        rows = db.execute("SELECT number, id FROM chunks WHERE source = ?", (source,)).fetchall()
        db.executemany("DELETE FROM keywords WHERE rowid = ?", ((number,) for number, _ in rows))
        db.executemany("INSERT OR IGNORE INTO orphans VALUES (?)", ((id_,) for _, id_ in rows))
        db.execute("DELETE FROM chunks WHERE source = ?", (source,))

    def _finish(self, db: sqlite3.Connection) -> None:
        db.execute(FORGET_DOCUMENTS)
        db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'version'")
        db.execute("INSERT OR REPLACE INTO meta VALUES ('changed', ?)", (now(),))

    # -- reading -----------------------------------------------------------------------------------------------------

    def sources(self) -> list[SourceSummary]:
        rows = self._db.execute(
            "SELECT s.source, s.document_id, s.title, d.media_type, d.pages, "
            "(SELECT count(*) FROM chunks c WHERE c.source = s.source), length(d.text) "
            "FROM sources s JOIN documents d ON d.id = s.document_id ORDER BY s.source"
        )
        return [
            SourceSummary(source, id_, title, media_type, len(json.loads(pages)) or None, chunks, characters)
            for source, id_, title, media_type, pages, chunks, characters in rows
        ]

    def named(self, pattern: str, *, searchable: bool = False) -> list[str]:
        """The source of that very name, else those a glob matches, in order; ``searchable``: only those with text.

        The name comes first because a file may be called ``report[1].pdf``, which is a glob, too.
        """
        rows = self._db.execute(
            "SELECT source FROM sources WHERE document_id IS NOT NULL OR NOT ? ORDER BY source", (searchable,)
        )
        names = [source for (source,) in rows]
        return [pattern] if pattern in names else [name for name in names if fnmatchcase(name, pattern)]

    def document(self, document_id: str) -> Document | None:
        """A document version by its content hash; its title is the one of its first source."""
        row = self._db.execute(
            "SELECT d.text, "
            "coalesce((SELECT title FROM sources WHERE document_id = d.id ORDER BY source LIMIT 1), "
            "(SELECT title FROM cited WHERE document_id = d.id ORDER BY source LIMIT 1), ''), "
            "d.media_type, d.blocks, d.pages FROM documents d WHERE d.id = ?",
            (document_id,),
        ).fetchone()
        if row is None:
            return None
        text, title, media_type, blocks, pages = row
        return Document(text, title, media_type, _blocks_from_json(blocks), tuple(json.loads(pages)))

    def text(self, document_id: str) -> tuple[str, str] | None:
        """The canonical text and the media type of a document version; None for one that is not kept."""
        row = self._db.execute(
            "SELECT text, media_type FROM documents WHERE id = ?", (_storable(document_id),)
        ).fetchone()
        return (str(row[0]), str(row[1])) if row else None

    def sources_of(self, document_id: str) -> list[SourceRecord]:
        """The sources that show a document version now."""
        rows = self._db.execute(
            f"SELECT {_SOURCE_COLUMNS} FROM sources WHERE document_id = ? ORDER BY source", (document_id,)
        )
        return [_source_record(row) for row in rows]

    def cited_as(self, document_id: str) -> list[tuple[str, str]]:
        """``(source, title)`` under which kept answers cite a document version, whatever the sources hold now."""
        rows = self._db.execute(
            "SELECT DISTINCT source, title FROM cited WHERE document_id = ? ORDER BY source, title", (document_id,)
        )
        return [(source, title) for source, title in rows]

    def list_sources(self, search: str = "", limit: int = 50, offset: int = 0) -> tuple[int, list[SourceListing]]:
        """A page of all sources, by name, and how many there are; ``search`` keeps those whose name or title holds it.

        Case does not matter for letters a-z.
        """
        wanted = "%" + _storable(search).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        match = "(s.source LIKE ?1 ESCAPE '\\' OR s.title LIKE ?1 ESCAPE '\\')"
        total = self._db.execute(f"SELECT count(*) FROM sources s WHERE {match}", (wanted,)).fetchone()[0]
        rows = self._db.execute(
            "SELECT s.source, s.document_id, s.title, coalesce(d.media_type, ''), coalesce(d.pages, '[]'), "
            "(SELECT count(*) FROM chunks c WHERE c.source = s.source), s.problem, s.skipped "
            f"FROM (SELECT * FROM sources s WHERE {match} ORDER BY s.source LIMIT ?2 OFFSET ?3) s "
            "LEFT JOIN documents d ON d.id = s.document_id ORDER BY s.source",
            (wanted, limit, offset),
        )
        return int(total), [
            SourceListing(
                source, id_, title, media_type, len(json.loads(pages)) or None, chunks, problem, bool(skipped)
            )
            for source, id_, title, media_type, pages, chunks, problem, skipped in rows
        ]

    def structure(self, document_id: str) -> tuple[tuple[Block, ...], tuple[int, ...]]:
        """The blocks and page starts of a document version; a version never changes, so the last few are kept."""
        with self._guard:
            if document_id in self._structures:
                return self._structures[document_id]
        row = self._db.execute("SELECT blocks, pages FROM documents WHERE id = ?", (document_id,)).fetchone()
        found = (_blocks_from_json(row[0]), tuple(json.loads(row[1]))) if row else ((), ())
        with self._guard:
            if len(self._structures) >= _STRUCTURES_KEPT:
                self._structures.clear()
            self._structures[document_id] = found
        return found

    def pages(self, document_id: str) -> tuple[int, ...]:
        return self.structure(document_id)[1]

    def chunks(self, ids: Sequence[str]) -> dict[str, ChunkRecord]:
        """The visible chunks among ``ids``, by id; ids that the catalog does not know are left out."""
        found: dict[str, ChunkRecord] = {}
        for i in range(0, len(ids), 500):
            part = ids[i : i + 500]
            marks = ",".join("?" * len(part))
            for row in self._db.execute(f"{_CHUNK_QUERY} WHERE c.id IN ({marks})", part):
                found[row[1]] = ChunkRecord(*row)
        return found

    def all_chunks(self) -> Iterator[ChunkRecord]:
        for row in self._db.execute(f"{_CHUNK_QUERY} ORDER BY c.number"):
            yield ChunkRecord(*row)

    def chunk_ids(self, sources: Sequence[str] | None = None) -> list[str]:
        """The ids of all chunks, or of those of some sources."""
        if sources is None:
            return [row[0] for row in self._db.execute("SELECT id FROM chunks ORDER BY number")]
        rows = self._db.execute(
            "SELECT id FROM chunks WHERE source IN (SELECT value FROM json_each(?)) ORDER BY number",
            (json.dumps(list(sources)),),
        )
        return [row[0] for row in rows]

    def search(self, query: Sequence[str], limit: int, sources: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The chunks with the best BM25 score for the query's terms: ``(id, score)``, best first, higher is better."""
        if not query or limit < 1:
            return []
        every = " OR ".join(_quoted(term) for term in query)
        match = every
        if sources is None and len(query) > 1:
            telling = " OR ".join(_quoted(term) for term in self._telling(query))
            match = f"({telling}) AND ({every})"
        sql = (
            f"SELECT rowid, bm25(keywords, {CONTEXT_WEIGHT}, 1.0) AS score FROM keywords WHERE keywords MATCH ? "
            + (
                ""
                if sources is None
                else "AND rowid IN (SELECT number FROM chunks WHERE source IN (SELECT value FROM json_each(?))) "
            )
            + "ORDER BY score, rowid LIMIT ?"
        )
        arguments: list[Any] = [match, limit] if sources is None else [match, json.dumps(list(sources)), limit]
        ranked = self._db.execute(sql, arguments).fetchall()
        ids = dict(
            self._db.execute(
                "SELECT number, id FROM chunks WHERE number IN (SELECT value FROM json_each(?))",
                (json.dumps([number for number, _ in ranked]),),
            )
        )
        return [(ids[number], -score) for number, score in ranked if number in ids]

    def _telling(self, query: Sequence[str]) -> list[str]:
        """The query's rarest terms, enough of them to leave plenty of chunks to rank.

        A chunk that holds only terms which stand in a large part of the index never ranks high, but scoring every such
        chunk took four fifths of a search at 50,000 chunks.
        """
        frequency = self.document_frequency(query)
        chosen: list[str] = []
        rows = 0
        for term in sorted(query, key=lambda term: (frequency[term], term)):
            if rows >= _ROWS_RANKED:
                break
            chosen.append(term)
            rows += frequency[term]
        return chosen

    def document_frequency(self, query: Sequence[str]) -> dict[str, int]:
        """In how many chunks each term stands."""
        count = "SELECT count(*) FROM keywords WHERE keywords MATCH ?"
        return {term: int(self._db.execute(count, (_quoted(term),)).fetchone()[0]) for term in query}

    def chunk_total(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM chunks").fetchone()[0])

    # -- looking after -----------------------------------------------------------------------------------------------

    def problems(self) -> list[str]:
        """What is wrong inside the file, one sentence each."""
        found = [
            f"catalog damaged: {row[0]}" for row in self._db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"
        ]
        chunks, keywords = (
            self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("chunks", "keywords")
        )
        if chunks != keywords:
            found.append(f"keyword index has {keywords} entries for {chunks} chunks")
        wrong = sum(self._wrong_slices(*row) for row in self._db.execute("SELECT source, document_id FROM sources"))
        if wrong:
            found.append(f"{wrong} chunks whose text is not their document's slice")
        return found

    def _wrong_slices(self, source: str, document_id: str | None) -> int:
        """How many chunks of a source are not their document's slice. Slicing in SQL would read the text each time."""
        row = self._db.execute("SELECT text FROM documents WHERE id = ?", (document_id,)).fetchone()
        text = row[0] if row else ""
        chunks = self._db.execute("SELECT start, end, text FROM chunks WHERE source = ?", (source,))
        return sum(text[start:end] != words for start, end, words in chunks)

    def rebuild_keywords(self) -> None:
        """Write the keyword index anew from the chunks."""
        with self._transaction() as db:
            db.execute("DELETE FROM keywords")
            rows = db.execute("SELECT number, context, text FROM chunks").fetchall()
            db.executemany(
                "INSERT INTO keywords (rowid, context, text) VALUES (?, ?, ?)",
                ((number, " ".join(terms(context)), " ".join(terms(text))) for number, context, text in rows),
            )


_SOURCE_COLUMNS = "source, root, path, stamp, file_hash, fingerprint, document_id, title, problem, skipped"
_CHUNK_QUERY = (
    "SELECT c.number, c.id, c.source, s.document_id, s.title, c.start, c.end, c.context, c.text "
    "FROM chunks c JOIN sources s ON s.source = c.source"
)


def _quoted(term: str) -> str:
    """A term as FTS5 takes it, whatever characters it has."""
    return '"' + term.replace('"', '""') + '"'


def _source_record(row: Sequence[Any]) -> SourceRecord:
    source, root, path, stamp, file_hash, fingerprint, document_id, title, problem, skipped = row
    places = os.fsdecode(root), os.fsdecode(path)
    return SourceRecord(source, *places, stamp, file_hash, fingerprint, document_id, title, problem, bool(skipped))


def _storable(text: str) -> str:
    """What was asked for, as SQLite takes it: a browser may send half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


def _path_value(path: str) -> str | bytes:
    """A path as it is stored: text, or the file system's bytes where UTF-8 cannot hold them."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def _blocks_to_json(blocks: Sequence[Block]) -> str:
    return json.dumps([[b.start, b.end, b.kind, b.level, b.header] for b in blocks], separators=(",", ":"))


def _blocks_from_json(text: str) -> tuple[Block, ...]:
    return tuple(Block(*values) for values in json.loads(text))
