"""Conversations, their answers and what people think of them.

Owns: what is kept of a conversation, and that the document versions it cites stay as long as it does. A function is
given the user and answers about that user's conversations alone; ids cannot be guessed. Knows nothing about how an
answer came about.

Conversations lie in the index that was asked, beside the text they cite. Each call opens the file anew, so that an
index that was made anew meanwhile is seen, and nothing is written to the one it replaced.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import sqlite3
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from rag.errors import IndexUnusable, UsageError
from rag.store.catalog.answers import read_answer, write_answer
from rag.store.catalog.records import Conversation, Feedback, StoredTurn
from rag.store.catalog.schema import FILE, FORGET_DOCUMENTS, connect, prepare, transaction
from rag.types import Answer, Citation, Passage

LONGEST_TITLE = 120
LONGEST_NOTE = 4000
_MOMENT = 0.1
UNREAD = "catalog.unread.sqlite"
_log = logging.getLogger(__name__)
_CONVERSATION = "c.id, c.user, c.title, c.created, c.changed"


class History:
    """The conversations kept in the index at ``folder``. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    # -- conversations -----------------------------------------------------------------------------------------------

    def begin(self, user: str, title: str = "") -> Conversation:
        """A new, empty conversation."""
        with self._writing() as db:
            at = _now()
            row = (_new_id(), user, _title(title) or "New conversation", at, at)
            db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", row)
        return Conversation(*row)

    def conversation(self, user: str, id_: str) -> Conversation | None:
        with self._reading() as db:
            return _conversation(db, user, id_)

    def conversations(self, user: str, search: str = "", limit: int = 50, offset: int = 0) -> list[Conversation]:
        """The user's conversations, last changed first.

        ``search`` keeps those whose title, questions or answers hold each of its words; case does not matter.
        """
        where, arguments = _matching(user, search)
        with self._reading() as db:
            rows = db.execute(
                f"SELECT {_CONVERSATION} FROM conversations c WHERE {where} ORDER BY c.changed DESC, c.id "
                "LIMIT ? OFFSET ?",
                (*arguments, limit, offset),
            )
            return [Conversation(*row) for row in rows]

    def count(self, user: str, search: str = "") -> int:
        """How many conversations `conversations` has pages of."""
        where, arguments = _matching(user, search)
        with self._reading() as db:
            return int(db.execute(f"SELECT count(*) FROM conversations c WHERE {where}", arguments).fetchone()[0])

    def rename(self, user: str, id_: str, title: str) -> Conversation | None:
        """Give a conversation another title. Raises UsageError for one without a visible character."""
        shown = _title(title)
        if not shown:
            raise UsageError("A conversation needs a title with at least one letter; write one.")
        with self._writing() as db:
            db.execute("UPDATE conversations SET title = ? WHERE id = ? AND user = ?", (shown, _clean(id_), user))
            return _conversation(db, user, id_)

    def delete(self, user: str, id_: str) -> bool:
        """Delete a conversation with all its turns; versions that only it cited go, too. False when there is none."""
        with self._writing() as db:
            gone = db.execute("DELETE FROM conversations WHERE id = ? AND user = ?", (_clean(id_), user)).rowcount
            db.execute(FORGET_DOCUMENTS)
        return bool(gone)

    # -- turns -------------------------------------------------------------------------------------------------------

    def save(self, user: str, conversation: str, answer: Answer, turn: str = "") -> StoredTurn:
        """Append an answer to a conversation, or put it in the place of the ``turn`` that was saved before.

        Save the first snapshot that has passages, and again the last one: from then on no document version that the
        answer may cite is deleted, and once it is done those that it does cite. A conversation without a turn takes
        its title from the question. Raises UsageError when the conversation or the turn is not the user's.
        """
        with self._writing() as db:
            head = _conversation(db, user, conversation)
            if head is None:
                raise UsageError("This conversation is no longer there; start a new one.")
            at = _now()
            question = _clean(answer.question)
            stored = (question, write_answer(answer), _fold(f"{question}\n{answer.answer}"))
            if turn:
                found = db.execute(
                    "UPDATE turns SET question = ?, answer = ?, words = ? WHERE id = ? AND conversation = ?",
                    (*stored, _clean(turn), conversation),
                ).rowcount
                if not found:
                    raise UsageError("This answer is no longer there; ask again.")
                db.execute("DELETE FROM cited WHERE turn = ?", (turn,))
            else:
                turn = _new_id()
                first = not db.execute("SELECT 1 FROM turns WHERE conversation = ?", (conversation,)).fetchone()
                db.execute(
                    "INSERT INTO turns (id, conversation, question, answer, words, created) VALUES (?, ?, ?, ?, ?, ?)",
                    (turn, conversation, *stored, at),
                )
                if first and head.title == "New conversation":
                    db.execute("UPDATE conversations SET title = ? WHERE id = ?", (_title(question), conversation))
            db.executemany(
                "INSERT OR IGNORE INTO cited SELECT ?1, id, ?3, ?4 FROM documents WHERE id = ?2",
                ((turn, place.source_id, place.source, place.title) for place in _places(answer)),
            )
            db.execute(FORGET_DOCUMENTS)
            db.execute("UPDATE conversations SET changed = ? WHERE id = ?", (at, conversation))
            kept = _turn(db, user, turn)
        assert kept is not None
        return kept

    def turns(self, user: str, conversation: str) -> list[StoredTurn]:
        """The turns of a conversation in order; none when it is not the user's."""
        with self._reading() as db:
            rows = db.execute(f"{_TURNS} WHERE c.user = ? AND c.id = ? ORDER BY t.number", (user, _clean(conversation)))
            return [_stored(row) for row in rows]

    def turn(self, user: str, id_: str) -> StoredTurn | None:
        with self._reading() as db:
            return _turn(db, user, id_)

    def forget_from(self, user: str, turn: str) -> int:
        """Delete a turn and those after it (to undo, to ask again, to ask otherwise); returns how many."""
        with self._writing() as db:
            gone = db.execute(
                "DELETE FROM turns WHERE number IN (SELECT later.number "
                "FROM turns t JOIN conversations c ON c.id = t.conversation "
                "JOIN turns later ON later.conversation = t.conversation AND later.number >= t.number "
                "WHERE t.id = ? AND c.user = ?)",
                (_clean(turn), user),
            ).rowcount
            db.execute(FORGET_DOCUMENTS)
        return gone

    def rate(self, user: str, turn: str, thumb: Literal["up", "down", ""], note: str = "") -> StoredTurn | None:
        """Keep what the user thinks of an answer; an empty thumb takes it back."""
        if thumb not in ("up", "down", ""):
            raise UsageError("A thumb goes up or down; choose one of them.")
        with self._writing() as db:
            if _turn(db, user, turn) is None:
                return None
            db.execute("DELETE FROM feedback WHERE turn = ?", (turn,))
            if thumb:
                row = (turn, thumb, _clean(note)[:LONGEST_NOTE], _now())
                db.execute("INSERT INTO feedback VALUES (?, ?, ?, ?)", row)
            return _turn(db, user, turn)

    # -- the file ----------------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(_open(self._folder)) as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        path = self._folder / FILE
        while True:
            inode = _inode(path)
            with closing(_open(self._folder)) as db, transaction(db):
                # Since then the file may have been replaced; what is written to the old one would be lost.
                if _inode(path) == inode:
                    yield db
                    return


@contextmanager
def carried_over(old: Path, new: Path) -> Iterator[None]:
    """Inside, the index at ``new`` has all conversations of the one at ``old``, with the versions they cite, and nobody
    can add to the old ones; so the exchange of the two belongs inside.

    A catalog that cannot be read is laid beside the new one, see `UNREAD`: nothing is thrown away.
    """
    try:
        held = _open(old)
    except (IndexUnusable, sqlite3.DatabaseError):
        if (old / FILE).is_file():
            _lay_aside(old, new)
        yield
        return
    with closing(held):
        held.execute("BEGIN IMMEDIATE")
        try:
            with closing(_open(new)) as db, transaction(db):
                _copy(held, db)
            yield
        finally:
            held.execute("ROLLBACK")


def _copy(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    for table, columns in _CARRIED.items():
        marks = ", ".join("?" * (columns.count(",") + 1))
        rows = old.execute(f"SELECT {columns} FROM {table} ORDER BY 1")
        new.executemany(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", rows)
    cited = "SELECT id, media_type, text, pages, blocks FROM documents WHERE id IN (SELECT document_id FROM cited)"
    new.executemany("INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?, ?)", old.execute(cited))


def _lay_aside(old: Path, new: Path) -> None:
    for ending in ("", "-wal"):
        with suppress(FileNotFoundError):
            shutil.copy2(old / (FILE + ending), new / (UNREAD + ending))
    _log.warning("conversations in the old catalog cannot be read; it is kept as %s", UNREAD)


_CARRIED = {
    "conversations": "id, user, title, created, changed",
    "turns": "number, id, conversation, question, answer, words, created",
    "cited": "turn, document_id, source, title",
    "feedback": "turn, thumb, note, created",
}
_TURNS = (
    "SELECT t.id, t.conversation, t.question, t.answer, t.created, f.thumb, f.note, f.created "
    "FROM turns t JOIN conversations c ON c.id = t.conversation LEFT JOIN feedback f ON f.turn = t.id"
)


def _open(folder: Path) -> sqlite3.Connection:
    path = folder / FILE
    if not path.is_file():
        # Between the two renames of an exchange there is none for a moment.
        time.sleep(_MOMENT)
    if not path.is_file():
        raise IndexUnusable(f"There is no index at {folder}; make one with: rag ingest PATH")
    db = connect(path)
    try:
        prepare(db, folder)
        db.create_function("fold", 1, _fold, deterministic=True)
    except BaseException:
        db.close()
        raise
    return db


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _conversation(db: sqlite3.Connection, user: str, id_: str) -> Conversation | None:
    row = db.execute(
        f"SELECT {_CONVERSATION} FROM conversations c WHERE c.id = ? AND c.user = ?", (_clean(id_), user)
    ).fetchone()
    return Conversation(*row) if row else None


def _turn(db: sqlite3.Connection, user: str, id_: str) -> StoredTurn | None:
    row = db.execute(f"{_TURNS} WHERE c.user = ? AND t.id = ?", (user, _clean(id_))).fetchone()
    return _stored(row) if row else None


def _stored(row: Sequence[str]) -> StoredTurn:
    id_, conversation, question, answer, created, thumb, note, rated = row
    feedback = Feedback("up" if thumb == "up" else "down", note, rated) if thumb else None
    return StoredTurn(id_, conversation, question, read_answer(answer, question), created, feedback)


def _places(answer: Answer) -> Sequence[Citation | Passage]:
    """Where the versions stand that must be kept: while an answer is being made, it may cite any of its passages."""
    return answer.citations if answer.state == "done" else (*answer.citations, *answer.passages)


def _matching(user: str, search: str) -> tuple[str, list[str]]:
    """The condition, and its arguments, that keeps a user's conversations with all the words of a search."""
    words = _fold(search).split()
    either = (
        "(instr(fold(c.title), ?) OR EXISTS (SELECT 1 FROM turns t WHERE t.conversation = c.id AND instr(t.words, ?)))"
    )
    return " AND ".join(["c.user = ?", *([either] * len(words))]), [user, *(word for word in words for _ in range(2))]


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", _clean(text)).casefold()


def _clean(text: str) -> str:
    """Text as SQLite takes it: a browser may send half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


def _title(text: str) -> str:
    words = " ".join(_clean(text).split())
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1].rstrip() + "…"


def _new_id() -> str:
    return secrets.token_urlsafe(16)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
