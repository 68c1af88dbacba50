"""The tables of a catalog in PostgreSQL: one schema for each index.

Owns: what the tables are there, beside those of SQLite in ``schema``, and the functions of SQLite that statements rest
on. Texts are ordered by their characters' numbers, as SQLite orders them. Knows nothing about what the tables mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.database.schemas import make_schema
from rag.store.catalog.keywords import postings as keywords

if TYPE_CHECKING:
    from rag.database.postgres import PostgresConnection

# In the words of `schema`, whose comments say what the columns are; the generated ones are computed alike.
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    id TEXT PRIMARY KEY, media_type TEXT NOT NULL, text TEXT NOT NULL, pages TEXT NOT NULL, blocks TEXT NOT NULL,
    tables BYTEA NOT NULL DEFAULT ''
);
CREATE TABLE sources (
    source TEXT PRIMARY KEY, root TEXT NOT NULL, path TEXT NOT NULL, stamp TEXT NOT NULL, file_hash TEXT NOT NULL,
    fingerprint TEXT NOT NULL, document_id TEXT REFERENCES documents(id), title TEXT NOT NULL DEFAULT '',
    problem TEXT NOT NULL DEFAULT '', skipped BIGINT NOT NULL DEFAULT 0,
    date TEXT NOT NULL DEFAULT '', warnings TEXT NOT NULL DEFAULT '',
    media_type TEXT NOT NULL DEFAULT '', pages BIGINT NOT NULL DEFAULT 0, chunks BIGINT NOT NULL DEFAULT 0,
    size BIGINT GENERATED ALWAYS AS (whole_number(stamp)) STORED,
    status TEXT GENERATED ALWAYS AS (CASE WHEN problem = '' AND warnings = '' THEN 'read'
        WHEN problem = '' THEN 'part' WHEN skipped <> 0 THEN 'skipped' ELSE 'failed' END) STORED,
    day TEXT GENERATED ALWAYS AS (CASE WHEN date <> '' THEN substr(date, 1, 10) WHEN strpos(stamp, ':') > 0 THEN
        day_of(whole_number(substr(stamp, strpos(stamp, ':') + 1)) / 1000000000) ELSE '' END) STORED,
    shown TEXT GENERATED ALWAYS AS (CASE title WHEN '' THEN source ELSE title END) STORED
);
CREATE INDEX sources_document ON sources(document_id);
CREATE INDEX sources_type ON sources(media_type, source);
CREATE INDEX sources_kind ON sources(media_type, status);
CREATE INDEX sources_status ON sources(status, source);
CREATE INDEX sources_pages ON sources(pages, source);
CREATE INDEX sources_size ON sources(size, source);
CREATE INDEX sources_day ON sources(day, source);
CREATE TABLE chunks (
    number BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL REFERENCES sources(source),
    start BIGINT NOT NULL, "end" BIGINT NOT NULL, context TEXT NOT NULL, text TEXT NOT NULL, instructions TEXT
);
CREATE INDEX chunks_source ON chunks(source, start);
CREATE TABLE orphans (id TEXT PRIMARY KEY);
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, "user" TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL,
    removed TEXT NOT NULL DEFAULT '', pinned BIGINT NOT NULL DEFAULT 0, archived BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX conversations_user ON conversations("user", changed);
CREATE TABLE turns (
    number BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    question TEXT NOT NULL, answer TEXT NOT NULL, words TEXT NOT NULL, created TEXT NOT NULL,
    parent TEXT NOT NULL DEFAULT '', shown BIGINT NOT NULL DEFAULT 0, removed TEXT NOT NULL DEFAULT ''
);
CREATE INDEX turns_conversation ON turns(conversation, number);
CREATE INDEX turns_parent ON turns(parent);
CREATE TABLE cited (
    turn TEXT NOT NULL REFERENCES turns(id) ON DELETE CASCADE, document_id TEXT NOT NULL, source TEXT NOT NULL,
    title TEXT NOT NULL, PRIMARY KEY (turn, document_id, source)
);
CREATE INDEX cited_document ON cited(document_id);
CREATE TABLE feedback (
    turn TEXT PRIMARY KEY REFERENCES turns(id) ON DELETE CASCADE, thumb TEXT NOT NULL, note TEXT NOT NULL,
    created TEXT NOT NULL
);
CREATE TABLE removed_sources (
    removal TEXT NOT NULL, at DOUBLE PRECISION NOT NULL, source TEXT NOT NULL, record TEXT NOT NULL,
    document_id TEXT, PRIMARY KEY (removal, source)
);
CREATE INDEX removed_document ON removed_sources(document_id)
"""

_FUNCTIONS = (
    # The number that a text begins with, as SQLite's CAST finds it; 0 without any.
    "CREATE FUNCTION whole_number(text) RETURNS bigint LANGUAGE sql IMMUTABLE AS "
    "$$ SELECT coalesce(substring($1 from '^-?[0-9]{1,18}'), '0')::bigint $$",
    # The day of a moment, in seconds since 1970.
    "CREATE FUNCTION day_of(bigint) RETURNS text LANGUAGE sql IMMUTABLE AS "
    "$$ SELECT to_char(to_timestamp($1) AT TIME ZONE 'UTC', 'YYYY-MM-DD') $$",
    # The members of a list in JSON, as texts.
    "CREATE FUNCTION json_each(text) RETURNS TABLE (value text) LANGUAGE sql IMMUTABLE AS "
    "$$ SELECT json_array_elements_text($1::json) $$",
    # PostgreSQL reads no half of a surrogate pair and no NUL, which an answer may hold.
    "CREATE FUNCTION json_valid(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS "
    "$$ BEGIN PERFORM $1::json; RETURN true; EXCEPTION WHEN others THEN RETURN false; END $$",
    "CREATE FUNCTION json_extract(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS "
    r"$$ SELECT regexp_replace($1, '\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '?', 'g')::json "
    "#>> string_to_array(substr($2, 3), '.') $$",
)


def make_postgres_tables(db: PostgresConnection, schema: str) -> bool:
    """Make a schema with empty tables, in a transaction of the caller; one that is there stays as it is.

    Args:
        db: A connection to the schema that is to be made.
        schema: Its full name.

    Returns:
        Whether the tables were made now.
    """
    if has_tables(db):
        return False
    make_schema(db, schema)
    # Each column is ordered by the numbers of characters, whatever the database is set to.
    tables = _TABLES.replace(" TEXT", ' TEXT COLLATE "C"')
    for statement in (*_FUNCTIONS, *tables.split(";\n"), *keywords.TABLES.split(";\n")):
        if statement.strip():
            db.execute(statement)
    return True


def has_tables(db: PostgresConnection) -> bool:
    """Tell whether the schema of a connection is there, with its tables."""
    return db.execute("SELECT to_regclass('meta')").fetchone()[0] is not None
