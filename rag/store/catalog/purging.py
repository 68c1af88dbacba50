"""Take the words of documents that are no longer in an index out of its catalog.

Owns: which answers hold such words, and that none stays in the pages of the file. Knows nothing about vectors.
"""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from rag.database import Connection, is_postgres, transaction
from rag.database.parameters import quoted
from rag.notices import Notice
from rag.store.catalog.answers import UNREADABLE, read_answer, write_answer
from rag.store.catalog.carry_over import UNREAD
from rag.store.catalog.conversation_list import fold
from rag.store.catalog.places import place_of
from rag.store.catalog.removals import forget_removals
from rag.store.catalog.salvage import DAMAGED
from rag.store.catalog.turn_tree import delete_removed
from rag.types import Answer

# What the keys begin with under which a catalog keeps what was made of the words of documents, and can be made again.
MADE_OF_WORDS = "made-of-words-"
# Later than any moment that is stored.
_NEVER = "9999"


@dataclass(frozen=True, slots=True)
class PurgedWords:
    """What was taken out of a catalog.

    Attributes:
        answers: How many answers held words of documents that are gone; their questions stay.
        notes: How many notes that people wrote on those answers.
        removed: How many removed documents that could be brought back.
        documents: How many document versions that only such answers and documents kept.
        files: Copies of a damaged catalog, by name.
    """

    answers: int
    notes: int
    removed: int
    documents: int
    files: tuple[str, ...]


def purge_words(folder: Path) -> PurgedWords:
    """Take the words of removed sources out of answers, notes and the free pages of a catalog.

    What was taken away and could be brought back is deleted for good.

    Args:
        folder: The folder of the index; the caller holds its write lock.

    Returns:
        What was taken out.

    Raises:
        IndexUnusable: The catalog cannot be read.
        sqlite3.OperationalError: Another process has the file open for reading all the time.
    """
    with place_of(folder).opened() as db:
        with transaction(db):
            before = _count(db, "documents")
            delete_removed(db, _NEVER)
            removed = _count(db, "removed_sources")
            forget_removals(db, math.inf)
            db.execute("DELETE FROM meta WHERE substr(key, 1, length(?1)) = ?1", (MADE_OF_WORDS,))
            sources = frozenset(source for (source,) in db.execute("SELECT source FROM sources"))
            purged = _purge_answers(db, sources)
            marks = [(turn,) for turn in purged]
            clear_note = "UPDATE feedback SET note = '' WHERE turn = ? AND note != ''"
            notes = sum(db.execute(clear_note, mark).rowcount for mark in marks)
            db.executemany("DELETE FROM cited WHERE turn = ?", marks)
            # NOT EXISTS: of NOT IN, PostgreSQL reads the whole list for each row once it outgrows its memory.
            db.execute("DELETE FROM cited WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.source = cited.source)")
            db.execute(
                "DELETE FROM documents WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.document_id = documents.id) "
                "AND NOT EXISTS (SELECT 1 FROM cited c WHERE c.document_id = documents.id)"
            )
            documents = before - _count(db, "documents")
        _write_anew(db)
    files = [path for name in (DAMAGED, UNREAD) for path in folder.glob(f"{name}*")]
    for path in files:
        path.unlink()
    return PurgedWords(len(purged), notes, removed, documents, tuple(path.name for path in files))


def _write_anew(db: Connection) -> None:
    """Write the catalog anew: until then, words of deleted rows stand in its free pages."""
    if is_postgres(db):
        tables = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
        with db.patient():
            for (table,) in tables:
                db.execute(f"VACUUM (FULL) {quoted(table)}")
        return
    # In the keyword index they stand until its parts are merged.
    db.execute("INSERT INTO keywords (keywords) VALUES ('optimize')")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _count(db: Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _purge_answers(db: Connection, sources: AbstractSet[str]) -> list[str]:
    """Empty each answer that holds words of another source than these; return the ids of their turns."""
    purged: list[str] = []
    # Conversations of which an answer was emptied: what is sent to a model later quotes it.
    told: set[str] = set()
    turns = db.execute("SELECT id, conversation, question, answer FROM turns ORDER BY number").fetchall()
    for id_, conversation, question, stored in turns:
        answer = read_answer(stored, question)
        kept: Answer | None = None
        if not _sources_of(answer) <= sources or any(notice.code == UNREADABLE for notice in answer.notices):
            kept = Answer(question, question, notices=(Notice("answer-purged"),), language=answer.language)
            purged.append(id_)
            told.add(conversation)
        elif conversation in told:
            kept = replace(answer, prompt="", standalone_question=question)
        if kept is not None:
            words = fold(f"{question}\n{kept.answer}")
            db.execute("UPDATE turns SET answer = ?, words = ? WHERE id = ?", (write_answer(kept), words, id_))
    return purged


def _sources_of(answer: Answer) -> set[str]:
    """Return the sources whose words an answer holds."""
    quoted = {citation.source for citation in answer.citations}
    read = {passage.source for passage in answer.passages}
    return quoted | read | {evidence.span.source for evidence in answer.evidence}
