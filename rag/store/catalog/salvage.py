"""Read what can be read of a damaged catalog into a new one.

Owns: which rows of a damaged file are whole. A row counts when SQLite can read it and what it holds agrees with the
rest: a document version with its hash, a chunk with its document's slice, an answer and a line of the manifest with
its form. Knows nothing about where the documents came from; what is lost is read again by who calls this.
"""

from __future__ import annotations

import math
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rag.database import transaction
from rag.store.catalog.answers import UNREADABLE, read_answer
from rag.store.catalog.columns import blocks_from_json, pages_from_json, tables_from_bytes
from rag.store.catalog.keywords import add_keywords
from rag.store.catalog.removals import forget_removals
from rag.store.catalog.schema import FILE, FORMAT, connect, make_tables
from rag.store.catalog.source_rows import SOURCE_COLUMNS, has_form

# The damaged file, beside the new one.
DAMAGED = "catalog.damaged.sqlite"
_SALVAGED = "catalog.salvaged.sqlite"
# SQLite quotes a damaged schema in what it says of it, and that may be no text.
_UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
# Row numbers that are tried one by one between two damaged places.
_MOST_TRIED = 500_000
# What the manifest must say for the index to be opened.
_NEEDED = ("embedding_model", "embedding_fingerprint")
# The form of what the manifest says and is made anew where it is missing, or where its new value stands already.
_FORMS = {"id": r"[0-9a-f]{12}", "version": r"\d{1,18}", "collection": r"footnote-[0-9a-f]{12}"}

IsWhole = Callable[[str, str, Sequence[int], str], bool]


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What could be read of a damaged catalog.

    Attributes:
        opens: Whether the index can be opened with it and names sources; else it has to be made anew from its files.
        sources: How many sources it names.
        doubtful: The sources of which something was lost, by name; they count as never read.
        conversations: How many conversations are whole.
        answers: How many answers are whole.
        lost_answers: How many answers were there and are lost, as far as can be told.
    """

    opens: bool
    sources: int
    doubtful: tuple[str, ...]
    conversations: int
    answers: int
    lost_answers: int


def salvage(folder: Path, is_whole: IsWhole) -> Salvaged:
    """Put a new catalog in the place of a damaged one, with every row that is whole; the damaged file stays beside it.

    Args:
        folder: The folder of the index; the caller holds its write lock.
        is_whole: Tells whether a document version is what its id says, given its id, media type, page starts and text.

    Returns:
        What could be read. Where that is nothing, an empty catalog stands in its place.
    """
    fresh_path = folder / _SALVAGED
    _delete(fresh_path)
    with closing(connect(fresh_path)) as fresh:
        make_tables(fresh)
        fresh.execute("PRAGMA foreign_keys = OFF")
        begun = _manifest(fresh)
        with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as damaged, transaction(fresh):
            # A flipped bit may leave bytes that are no UTF-8; what they stand in is found not to be whole.
            damaged.text_factory = lambda value: value.decode("utf-8", "replace")
            with suppress(*_UNREADABLE):
                _read_by_schema_of(fresh, damaged)
            with suppress(*_UNREADABLE):
                _copy(damaged, fresh)
            _keep_whole_manifest(fresh, begun)
            found = _keep_what_is_whole(fresh, is_whole)
        fresh.execute("PRAGMA journal_mode = DELETE")
    for ending in ("-wal", "-shm"):
        _move(folder / (FILE + ending), folder / (DAMAGED + ending))
    _move(folder / FILE, folder / DAMAGED)
    os.replace(fresh_path, folder / FILE)
    return found


def _delete(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _move(path: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        path.rename(target)


# -- reading ----------------------------------------------------------------------------------------------------------


def _read_by_schema_of(fresh: sqlite3.Connection, damaged: sqlite3.Connection) -> None:
    """Read the tables of a damaged file as the present schema has them, as long as its connection is open.

    Of the file's own schema, only where each table begins is needed. A row that an older format wrote lacks the last
    columns, which SQLite reads as their defaults. Nothing of it is committed.
    """
    # A statement that is damaged, of an index for one, is passed over.
    damaged.execute("PRAGMA writable_schema = ON")
    damaged.execute("BEGIN IMMEDIATE")
    statements = fresh.execute("SELECT sql, name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'keywords%'")
    damaged.executemany(
        "UPDATE sqlite_master SET type = 'table', tbl_name = name, sql = ? WHERE name = ?", statements.fetchall()
    )
    damaged.execute("PRAGMA writable_schema = RESET")
    damaged.execute("PRAGMA writable_schema = ON")


def _copy(damaged: sqlite3.Connection, fresh: sqlite3.Connection) -> None:
    """Copy each row that can be read, of each table that both have."""
    tables = fresh.execute(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'keywords%'"
    ).fetchall()
    for table, without_rowid in tables:
        columns = _shared_columns(damaged, fresh, table)
        if not columns:
            continue
        marks = ", ".join("?" * len(columns))
        insert = f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        keys = _primary_key(fresh, table) if without_rowid else ["rowid"]
        kinds = dict(fresh.execute("SELECT name, type FROM pragma_table_info(?)", (table,)))
        for read in _readable_rows(damaged, table, columns, keys):
            row = [_as_kind(kinds[column], value) for column, value in zip(columns, read, strict=True)]
            # A value that a flipped bit made NULL, or of another kind.
            with suppress(sqlite3.IntegrityError, sqlite3.DataError):
                fresh.execute(insert, row)


def _as_kind(kind: str, value: object) -> object:
    """Return a value of a column: one bit makes bytes of a text."""
    return value.decode("utf-8", "replace") if kind == "TEXT" and isinstance(value, bytes) else value


def _shared_columns(damaged: sqlite3.Connection, fresh: sqlite3.Connection, table: str) -> list[str]:
    try:
        had = {row[0] for row in damaged.execute("SELECT name FROM pragma_table_info(?)", (table,))}
    except _UNREADABLE:
        return []
    return [name for (name,) in fresh.execute("SELECT name FROM pragma_table_info(?)", (table,)) if name in had]


def _primary_key(db: sqlite3.Connection, table: str) -> list[str]:
    return [name for (name,) in db.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", (table,))]


def _readable_rows(
    db: sqlite3.Connection, table: str, columns: Sequence[str], keys: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a table from both ends up to a damaged place; of numbered rows, those in between, too."""
    listed = ", ".join(columns)
    numbered = list(keys) == ["rowid"]
    ends: list[int | None] = []
    for direction in ("ASC", "DESC"):
        order = ", ".join(f"{key} {direction}" for key in keys)
        selected = f"rowid, {listed}" if numbered else f"NULL, {listed}"
        end = None
        try:
            for number, *row in db.execute(f"SELECT {selected} FROM {table} NOT INDEXED ORDER BY {order}"):
                yield tuple(row)
                end = number
        except sqlite3.DatabaseError:
            ends.append(end)
            continue
        return
    if not numbered:
        return
    first, last = ends[0] or 0, ends[1]
    if last is None:
        # Nothing can be read from the end: how far the numbers go, only they know.
        last = first + _MOST_TRIED
    missed = 0
    for number in range(first + 1, min(last, first + _MOST_TRIED)):
        try:
            found = db.execute(f"SELECT {listed} FROM {table} WHERE rowid = ?", (number,)).fetchone()
        except sqlite3.DatabaseError:
            continue
        missed = 0 if found else missed + 1
        if found:
            yield tuple(found)
        elif missed > 50_000:
            return


# -- what is whole ----------------------------------------------------------------------------------------------------


def _manifest(db: sqlite3.Connection) -> dict[str, object]:
    return dict(db.execute("SELECT key, value FROM meta"))


def _keep_whole_manifest(db: sqlite3.Connection, begun: dict[str, object]) -> None:
    """Put what a new manifest begins with in the place of what has lost its form, or forget that."""
    # The rows were read by the present schema, whatever the file was made by.
    found = _manifest(db) | {"format": str(FORMAT)}
    for key, value in found.items():
        if not isinstance(value, str) or not re.fullmatch(_FORMS.get(key, r"(?s).*"), value):
            value = begun.get(key)
        if value is None:
            db.execute("DELETE FROM meta WHERE key = ?", (key,))
        else:
            db.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))


def _keep_what_is_whole(db: sqlite3.Connection, is_whole: IsWhole) -> Salvaged:
    # What could be brought back was removed on purpose.
    forget_removals(db, math.inf)
    documents = _keep_whole_documents(db, is_whole)
    doubtful = _keep_whole_chunks(db, documents)
    lost_answers = _keep_whole_answers(db)
    rows = db.execute("SELECT number, context, text FROM chunks ORDER BY number").fetchall()
    add_keywords(db, rows)
    has = {key for (key,) in db.execute("SELECT key FROM meta WHERE value != ''")}
    # The vectors are those of the new state of things.
    db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'version'")
    sources, conversations, answers = (
        int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        for table in ("sources", "conversations", "turns")
    )
    # One that names no source any more is better made anew from the folders that it was made of.
    opens = has.issuperset(_NEEDED) and sources > 0
    return Salvaged(opens, sources, doubtful, conversations, answers, lost_answers)


def _keep_whole_documents(db: sqlite3.Connection, is_whole: IsWhole) -> dict[str, str]:
    """Delete the document versions that are not what their id says; return the texts of the others by id."""
    texts: dict[str, str] = {}
    for id_, media_type, text, pages, blocks, tables in db.execute(
        "SELECT id, media_type, text, pages, blocks, tables FROM documents"
    ).fetchall():
        try:
            whole = is_whole(id_, media_type, pages_from_json(pages), text)
            blocks_from_json(blocks)
            tables_from_bytes(tables)
        except Exception:  # Bytes of any kind may stand there.
            whole = False
        if whole:
            texts[id_] = text
        else:
            db.execute("DELETE FROM documents WHERE id = ?", (id_,))
    return texts


def _keep_whole_chunks(db: sqlite3.Connection, texts: dict[str, str]) -> tuple[str, ...]:
    """Delete the chunks that are not their document's slice; return the sources of which something is lost."""
    doubtful = _forget_lost_words(db)
    for source, document_id in db.execute("SELECT source, document_id FROM sources ORDER BY source").fetchall():
        text = texts.get(document_id)
        if document_id is not None and text is None:
            db.execute("UPDATE sources SET document_id = NULL WHERE source = ?", (source,))
        chunks = db.execute("SELECT number, start, end, text FROM chunks WHERE source = ? ORDER BY start", (source,))
        spans: list[tuple[int, int]] = []
        for number, start, end, words in chunks.fetchall():
            if text is not None and text[start:end] == words and words:
                spans.append((start, end))
            else:
                db.execute("DELETE FROM chunks WHERE number = ?", (number,))
        if document_id is not None and (text is None or not _covers(spans, text)):
            doubtful.add(source)
            # As one that was never read: the next ingestion reads it.
            db.execute("UPDATE sources SET stamp = '', file_hash = '' WHERE source = ?", (source,))
    db.execute("DELETE FROM chunks WHERE source NOT IN (SELECT source FROM sources)")
    return tuple(sorted(doubtful))


def _forget_lost_words(db: sqlite3.Connection) -> set[str]:
    """Forget what is told of sources that has lost its form; return their names: they are to be read again."""
    lost = set()
    for row in db.execute(f"SELECT {SOURCE_COLUMNS} FROM sources").fetchall():
        if not has_form(row):
            lost.add(row[0])
            db.execute(
                "UPDATE sources SET problem = '', warnings = '', date = '', title = '', stamp = '', file_hash = '' "
                "WHERE source = ?",
                (row[0],),
            )
    return lost


def _covers(spans: Sequence[tuple[int, int]], text: str) -> bool:
    """Tell whether nothing but white space stands outside some spans, which are in order."""
    edges = [(0, 0), *spans, (len(text), len(text))]
    return not any(text[before[1] : after[0]].strip() for before, after in pairwise(edges))


def _keep_whole_answers(db: sqlite3.Connection) -> int:
    """Delete what hangs on nothing; return how many answers are lost."""
    answers = db.execute("SELECT question, answer FROM turns")
    # Such a question stays, with the notice that its answer cannot be read.
    lost = sum(
        any(notice.code == UNREADABLE for notice in read_answer(answer, question).notices)
        for question, answer in answers
    )
    lost += db.execute("DELETE FROM turns WHERE conversation NOT IN (SELECT id FROM conversations)").rowcount
    # What hangs on a row that is gone: its citations and ratings, whatever they are called in this format.
    while broken := db.execute("PRAGMA foreign_key_check").fetchall():
        for table, number, parent, _ in broken:
            if number is not None:
                db.execute(f"DELETE FROM {table} WHERE rowid = ?", (number,))
            else:
                _delete_orphaned(db, table, parent)
    # A version whose earlier turn is gone begins the conversation.
    db.execute("UPDATE turns SET parent = '' WHERE parent != '' AND parent NOT IN (SELECT id FROM turns)")
    return lost


def _delete_orphaned(db: sqlite3.Connection, table: str, parent: str) -> None:
    """Delete the rows of a table without row numbers that name a row of another which is not there."""
    keys = db.execute('SELECT "from", "to" FROM pragma_foreign_key_list(?) WHERE "table" = ?', (table, parent))
    for column, target in keys.fetchall():
        db.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT {target} FROM {parent})")
