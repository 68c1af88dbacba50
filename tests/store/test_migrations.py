"""A catalog of every older format becomes the present one: the same tables as a new one, and nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rag.store.catalog import FILE, FORMAT, Catalog, History, SourceQuery

# What made each format out of the one before it, word for word as catalogs on disk were made.
MADE: dict[int, str] = {
    1: """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, media_type TEXT NOT NULL, text TEXT NOT NULL, pages TEXT NOT NULL, blocks TEXT NOT NULL
);
CREATE TABLE sources (
    source TEXT PRIMARY KEY, root TEXT NOT NULL, path TEXT NOT NULL, stamp TEXT NOT NULL, file_hash TEXT NOT NULL,
    fingerprint TEXT NOT NULL, document_id TEXT REFERENCES documents(id), title TEXT NOT NULL DEFAULT '',
    problem TEXT NOT NULL DEFAULT '', skipped INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sources_document ON sources(document_id);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL REFERENCES sources(source),
    start INTEGER NOT NULL, end INTEGER NOT NULL, context TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX chunks_source ON chunks(source, start);
CREATE VIRTUAL TABLE keywords USING fts5(context, text, tokenize="ascii tokenchars '.,_'");
CREATE TABLE orphans (id TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO meta VALUES ('id', 'abc'), ('version', '7'), ('created', '2026-01-01T00:00:00Z');
INSERT INTO documents VALUES ('d1', 'text/plain', 'the bridge', '[[0,10]]', '[[0,10,"paragraph",0,""]]');
INSERT INTO sources VALUES ('a.txt', '/r', '/r/a.txt', '10:1767225600000000000', 'h', 'f', 'd1', 'A', '', 0);
INSERT INTO sources VALUES ('b.bin', '/r', '/r/b.bin', '3', 'h', 'f', NULL, '', '{"code": "file-binary"}', 1);
INSERT INTO chunks (number, id, source, start, end, context, text) VALUES (1, 'c1', 'a.txt', 0, 10, '', 'the bridge');
INSERT INTO keywords (rowid, context, text) VALUES (1, '', 'bridg');
INSERT INTO orphans VALUES ('gone');
""",
    2: """
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
INSERT INTO conversations (id, user, title, created, changed)
    VALUES ('k1', '', 'Bridges', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z');
INSERT INTO turns (number, id, conversation, question, answer, words, created)
    VALUES (1, 't1', 'k1', 'How long?', '{}', 'how long?', '2026-01-01T00:00:00Z'),
    (2, 't2', 'k1', 'How old?', '{}', 'how old?', '2026-01-02T00:00:00Z');
INSERT INTO cited VALUES ('t1', 'd1', 'a.txt', 'A');
INSERT INTO feedback VALUES ('t1', 'up', 'Good.', '2026-01-01T00:00:00Z');
""",
    3: """
ALTER TABLE documents ADD COLUMN tables BLOB NOT NULL DEFAULT x'';
ALTER TABLE sources ADD COLUMN date TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN warnings TEXT NOT NULL DEFAULT '';
""",
    4: """
ALTER TABLE turns ADD COLUMN parent TEXT NOT NULL DEFAULT '';
ALTER TABLE turns ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE turns ADD COLUMN removed TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN removed TEXT NOT NULL DEFAULT '';
CREATE INDEX turns_parent ON turns(parent);
UPDATE turns SET shown = number, parent = CASE id WHEN 't2' THEN 't1' ELSE '' END;
""",
    5: "ALTER TABLE chunks ADD COLUMN instructions TEXT",
    6: """
ALTER TABLE sources ADD COLUMN media_type TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN chunks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN size INTEGER AS (CAST(stamp AS INTEGER)) VIRTUAL;
ALTER TABLE sources ADD COLUMN status TEXT AS (CASE WHEN problem = '' AND warnings = '' THEN 'read'
    WHEN problem = '' THEN 'part' WHEN skipped THEN 'skipped' ELSE 'failed' END) VIRTUAL;
ALTER TABLE sources ADD COLUMN day TEXT AS (CASE WHEN date != '' THEN substr(date, 1, 10) WHEN instr(stamp, ':') THEN
    date(CAST(substr(stamp, instr(stamp, ':') + 1) AS INTEGER) / 1000000000, 'unixepoch') ELSE '' END) VIRTUAL;
ALTER TABLE sources ADD COLUMN shown TEXT AS (CASE title WHEN '' THEN source ELSE title END) VIRTUAL;
UPDATE sources SET media_type = 'text/plain', pages = 1, chunks = 1 WHERE source = 'a.txt';
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
""",
}


def made(folder: Path, format_: int) -> Path:
    """Make the catalog of an older format."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE)) as db:
        for step in range(1, format_ + 1):
            db.executescript(MADE[step])
        db.execute("INSERT INTO meta VALUES ('format', ?)", (str(format_),))
        db.commit()
    return folder


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the columns of each table of a catalog and the columns of each index, by name."""
    with closing(sqlite3.connect(path)) as db:
        named = db.execute("SELECT name, type FROM sqlite_master WHERE name NOT LIKE 'sqlite%'").fetchall()
        about = {"table": "table_xinfo", "index": "index_xinfo"}
        return {name: db.execute(f"SELECT * FROM pragma_{about[kind]}(?)", (name,)).fetchall() for name, kind in named}


def test_every_older_format_is_tried() -> None:
    assert list(MADE) == list(range(1, FORMAT)), "a new format needs its step here"


@pytest.mark.parametrize("format_", MADE)
def test_an_older_catalog_is_as_a_new_one_with_all_that_it_held(tmp_path: Path, format_: int) -> None:
    folder = made(tmp_path / "old", format_)
    (tmp_path / "new").mkdir()
    with closing(Catalog(tmp_path / "new", create=True)):
        pass
    with closing(Catalog(folder)) as catalog:
        assert (catalog.get("format"), catalog.get("version")) == (str(FORMAT), "7")
        assert tables(folder / FILE) == tables(tmp_path / "new" / FILE)
        assert catalog.problems() == []
        assert catalog.orphans(9) == ["gone"]
        assert [chunk.text for chunk in catalog.chunks(["c1"]).values()] == ["the bridge"]
        listed = catalog.list_sources(SourceQuery(sort="size"))[1]
        assert [(row.source, row.media_type, row.pages, row.chunks, row.status, row.size) for row in listed] == [
            ("b.bin", "", None, 0, "skipped", 3),
            ("a.txt", "text/plain", 1, 1, "read", 10),
        ]
        assert listed[1].day == "2026-01-01"
        catalog.remove(["a.txt"], keep_as="one")
        assert [record.title for record in catalog.removed_sources("one")] == ["A"]
    history = History(folder)
    if format_ >= 2:
        turns = history.turns("", "k1")
        assert [(turn.id, turn.question, turn.parent) for turn in turns] == [
            ("t1", "How long?", ""),
            ("t2", "How old?", "t1"),
        ]
        assert turns[0].feedback is not None
        assert turns[0].feedback.note == "Good."
        assert history.conversations("")[0].title == "Bridges"
