"""The tables of a catalog in SQLite, their format, and how an older format becomes the present one.

Owns: the schema, its version, and what every connection is set to. Knows nothing about what the tables mean.
"""

from __future__ import annotations

import os
import sqlite3
import time
import uuid
from pathlib import Path

from rag.database import Connection, is_postgres, transaction
from rag.errors import IndexUnusable
from rag.notices import Notice
from rag.store.catalog.postgres_schema import make_postgres_tables

# The format of the tables that this version writes, and the only one that it reads without a migration.
FORMAT = 7
FILE = "catalog.sqlite"

SET_VALUE = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
"""Sets a value of the manifest."""

_INDEX_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, media_type TEXT NOT NULL, text TEXT NOT NULL, pages TEXT NOT NULL, blocks TEXT NOT NULL,
    tables BLOB NOT NULL DEFAULT x''
);
CREATE TABLE sources (
    source TEXT PRIMARY KEY, root TEXT NOT NULL, path TEXT NOT NULL, stamp TEXT NOT NULL, file_hash TEXT NOT NULL,
    fingerprint TEXT NOT NULL, document_id TEXT REFERENCES documents(id), title TEXT NOT NULL DEFAULT '',
    problem TEXT NOT NULL DEFAULT '', skipped INTEGER NOT NULL DEFAULT 0,
    date TEXT NOT NULL DEFAULT '', warnings TEXT NOT NULL DEFAULT ''
);
CREATE INDEX sources_document ON sources(document_id);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL REFERENCES sources(source),
    start INTEGER NOT NULL, end INTEGER NOT NULL, context TEXT NOT NULL, text TEXT NOT NULL, instructions TEXT
);
CREATE INDEX chunks_source ON chunks(source, start);
CREATE VIRTUAL TABLE keywords USING fts5(context, text, tokenize="ascii tokenchars '.,_'");
CREATE TABLE orphans (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""

# Since format 2. `cited` keeps the document versions that an answer cites, with the name they had then. What format 4
# added stands in _VERSION_COLUMNS.
_HISTORY_TABLES = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL
);
CREATE INDEX conversations_user ON conversations(user, changed);
CREATE TABLE turns (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    question TEXT NOT NULL, answer TEXT NOT NULL, words TEXT NOT NULL, created TEXT NOT NULL
);
CREATE INDEX turns_conversation ON turns(conversation, number);
CREATE TABLE cited (
    turn TEXT NOT NULL REFERENCES turns(id) ON DELETE CASCADE, document_id TEXT NOT NULL, source TEXT NOT NULL,
    title TEXT NOT NULL, PRIMARY KEY (turn, document_id, source)
) WITHOUT ROWID;
CREATE INDEX cited_document ON cited(document_id);
CREATE TABLE feedback (
    turn TEXT PRIMARY KEY REFERENCES turns(id) ON DELETE CASCADE, thumb TEXT NOT NULL, note TEXT NOT NULL,
    created TEXT NOT NULL
) WITHOUT ROWID;
"""

# Since format 3: the tables of a document; the day that a file gives for its last change, and what of it was not read.
_READING_COLUMNS = """
ALTER TABLE documents ADD COLUMN tables BLOB NOT NULL DEFAULT x'';
ALTER TABLE sources ADD COLUMN date TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN warnings TEXT NOT NULL DEFAULT '';
"""

# Since format 4: a turn follows `parent` ("" for a first one), so that turns with one parent are versions of each
# other; the one that was shown last has the highest `shown`. `removed` is when a turn was taken away, "" while it is
# there.
_VERSION_COLUMNS = """
ALTER TABLE turns ADD COLUMN parent TEXT NOT NULL DEFAULT '';
ALTER TABLE turns ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE turns ADD COLUMN removed TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN removed TEXT NOT NULL DEFAULT '';
CREATE INDEX turns_parent ON turns(parent);
UPDATE turns SET shown = number, parent = coalesce((SELECT earlier.id FROM turns earlier
    WHERE earlier.conversation = turns.conversation AND earlier.number < turns.number
    ORDER BY earlier.number DESC LIMIT 1), '');
"""

# Since format 5: the words of a chunk that read like an order to a language model; NULL where nobody looked for them.
_INSTRUCTIONS_COLUMN = "ALTER TABLE chunks ADD COLUMN instructions TEXT"

# Since format 6: what a list of sources shows and is sorted by, so that it never reads a document; and the sources that
# were removed and can still be brought back. The size and the time of a file are the first numbers of its stamp.
_LISTING = """
ALTER TABLE sources ADD COLUMN media_type TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN chunks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN size INTEGER AS (CAST(stamp AS INTEGER)) VIRTUAL;
ALTER TABLE sources ADD COLUMN status TEXT AS (CASE WHEN problem = '' AND warnings = '' THEN 'read'
    WHEN problem = '' THEN 'part' WHEN skipped THEN 'skipped' ELSE 'failed' END) VIRTUAL;
ALTER TABLE sources ADD COLUMN day TEXT AS (CASE WHEN date != '' THEN substr(date, 1, 10) WHEN instr(stamp, ':') THEN
    date(CAST(substr(stamp, instr(stamp, ':') + 1) AS INTEGER) / 1000000000, 'unixepoch') ELSE '' END) VIRTUAL;
ALTER TABLE sources ADD COLUMN shown TEXT AS (CASE title WHEN '' THEN source ELSE title END) VIRTUAL;
UPDATE sources SET media_type = (SELECT media_type FROM documents WHERE id = document_id),
    pages = (SELECT json_array_length(pages) FROM documents WHERE id = document_id),
    chunks = (SELECT count(*) FROM chunks WHERE chunks.source = sources.source) WHERE document_id NOTNULL;
CREATE INDEX sources_shown ON sources(shown COLLATE NOCASE, source);
CREATE INDEX sources_type ON sources(media_type, source);
CREATE INDEX sources_kind ON sources(media_type, status);
CREATE INDEX sources_status ON sources(status, source);
CREATE INDEX sources_pages ON sources(pages, source);
CREATE INDEX sources_size ON sources(size, source);
CREATE INDEX sources_day ON sources(day, source);
CREATE TABLE removed_sources (
    removal TEXT NOT NULL, at REAL NOT NULL, source TEXT NOT NULL, record TEXT NOT NULL,
    document_id TEXT, PRIMARY KEY (removal, source)
) WITHOUT ROWID;
CREATE INDEX removed_document ON removed_sources(document_id);
"""

# Since format 7: the place of a conversation in the list, 1 for pinned or archived.
_LIST_COLUMNS = """
ALTER TABLE conversations ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection that commits only what ``transaction`` commits, survives a crash and minds foreign keys.

    A catalog that this user may only read is read; a write to it is refused by SQLite.

    Args:
        path: The file.

    Returns:
        The connection.

    Raises:
        sqlite3.DatabaseError: It is damaged, or may not be opened.
    """
    only_read = path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    place = _to_read(path) if only_read else path
    connection = sqlite3.connect(place, timeout=30, isolation_level=None, check_same_thread=False, uri=only_read)
    try:
        if not only_read:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except UnicodeDecodeError:
        # What SQLite says of a damaged schema quotes it, and that may be no text.
        connection.close()
        raise sqlite3.DatabaseError("database disk image is malformed") from None
    except BaseException:
        connection.close()
        raise
    return connection


def _to_read(path: Path) -> str:
    """Return the address of a catalog that is only read.

    SQLite reads one with a log only where it may make a file beside it, unless it is told that nobody writes: so it is
    where there is no log.
    """
    log = path.with_name(path.name + "-wal")
    how = "mode=ro" if log.is_file() and log.stat().st_size else "immutable=1"
    return f"{path.resolve().as_uri()}?{how}"


def make_tables(db: Connection, schema: str = "") -> None:
    """Make the tables of an empty catalog; one that has tables stays as it is.

    Args:
        db: A connection.
        schema: The full name of the schema, for one in PostgreSQL.
    """
    with transaction(db):
        if not (make_postgres_tables(db, schema) if is_postgres(db) else _make_file_tables(db)):
            return
        rows = {"format": str(FORMAT), "id": uuid.uuid4().hex[:12], "version": "0", "created": utc_now()}
        db.executemany("INSERT INTO meta VALUES (?, ?)", rows.items())


def _make_file_tables(db: Connection) -> bool:
    """Make the tables in a file; return whether there were none."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return False
    _run(db, _INDEX_TABLES + _HISTORY_TABLES + _VERSION_COLUMNS + _LISTING + _LIST_COLUMNS)
    return True


def prepare(db: Connection, folder: Path) -> None:
    """Bring an older format to the present one.

    Args:
        db: A connection to the catalog.
        folder: The folder of the index, for error messages.

    Raises:
        IndexUnusable: The catalog is of a format that cannot be read, or cannot be migrated now.
    """
    older = _format_of(db)
    if older in map(str, range(1, FORMAT)):
        try:
            _migrate(db)
        except sqlite3.OperationalError as error:
            values = {"folder": str(folder), "format": older, "readable": FORMAT, "cause": str(error)}
            raise IndexUnusable(Notice("index-not-migrated", values)) from None
    actual = _format_of(db)
    if actual != str(FORMAT):
        values = {"folder": str(folder), "format": actual, "readable": FORMAT}
        raise IndexUnusable(Notice("index-of-other-format", values))


def code_of(error: sqlite3.Error) -> int:
    """Return which error of SQLite one is, by the last eight bits of its code; 0 for one of another database."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def why_unusable(error: sqlite3.DatabaseError, path: Path) -> Notice:
    """Return why the file of a catalog cannot be used.

    Args:
        error: What SQLite said.
        path: The file.

    Returns:
        The notice.
    """
    # Even a reader makes files beside the catalog.
    if code_of(error) in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return Notice("index-not-writable", {"folder": str(path.parent), "cause": str(error)})
    return Notice("catalog-unreadable", {"path": str(path), "cause": cause_of(error)})


def cause_of(error: sqlite3.Error) -> str:
    """Return what SQLite says of an error, without the text of a document that it may quote."""
    return str(error).partition(" with text ")[0]


def utc_now() -> str:
    """Return the time in UTC, ISO 8601, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _migrate(db: Connection) -> None:
    # What each format has beyond the one before it, from format 2 on.
    steps = (
        _HISTORY_TABLES, _READING_COLUMNS, _VERSION_COLUMNS, _INSTRUCTIONS_COLUMN, _LISTING, _LIST_COLUMNS,
    )  # fmt: skip
    with transaction(db):
        for format_, statements in enumerate(steps, start=2):
            # Another process may have done it while this one waited.
            if _format_of(db) == str(format_ - 1):
                _run(db, statements)
                db.execute("UPDATE meta SET value = ? WHERE key = 'format'", (str(format_),))


def _format_of(db: Connection) -> str:
    row = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    return str(row[0]) if row else ""


def _run(db: Connection, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)
