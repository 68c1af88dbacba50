"""Conversations, their answers and what people think of them.

Owns: what is stored of a conversation, and that the document versions it cites stay as long as it does. A function is
given the user and answers about that user's conversations alone; ids cannot be guessed. Knows nothing about how an
answer came about.

A question that is asked again, or otherwise, gives another version of its turn and of all that follows: the turns of a
conversation are a tree, of which one path is shown. What is taken away can be brought back for an hour; it is deleted
for good with the next change after that.

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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from rag.errors import IndexUnusable, UsageError
from rag.notices import Notice
from rag.store.catalog.answers import read_answer, write_answer
from rag.store.catalog.columns import storable
from rag.store.catalog.forgetting import forget_documents
from rag.store.catalog.records import Conversation, Feedback, StoredTurn
from rag.store.catalog.schema import FILE, connect, index_absent, prepare, transaction
from rag.store.catalog.turn_tree import TurnTree, delete_removed, nearest_turn
from rag.store.catalog.unanswered import carry_over_switch
from rag.types import Answer, Citation, Passage

# The name, in the folder of a new index, of an old catalog whose conversations could not be read.
UNREAD = "catalog.unread.sqlite"

# Longer titles and notes are cut.
_TITLE_CHARACTERS, _NOTE_CHARACTERS = 120, 4000
# How long what was taken away can be brought back.
_KEPT = timedelta(hours=1)
# Seconds for which an index is absent while another takes its place.
_REPLACEMENT_SECONDS = 0.1

_CONVERSATION = "c.id, c.user, c.title, c.created, c.changed"
_TURNS = (
    "SELECT t.id, t.conversation, t.question, t.answer, t.created, f.thumb, f.note, f.created, t.parent "
    "FROM turns t JOIN conversations c ON c.id = t.conversation LEFT JOIN feedback f ON f.turn = t.id"
)
# The columns that move into an index made anew, by table.
_CARRIED = {
    "conversations": "id, user, title, created, changed, removed",
    "turns": "number, id, conversation, question, answer, words, created, parent, shown, removed",
    "cited": "turn, document_id, source, title",
    "feedback": "turn, thumb, note, created",
}

_log = logging.getLogger(__name__)


class History:
    """The conversations stored in the index at ``folder``. Safe to use from several threads.

    Each method raises IndexUnusable where there is no index, or one of a format that cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    # -- conversations -----------------------------------------------------------------------------------------------

    def begin(self, user: str, title: str = "") -> Conversation:
        """Begin an empty conversation.

        Args:
            user: Whose conversation it is.
            title: Its title; "" for one that the first question gives.

        Returns:
            The new conversation.
        """
        with self._writing() as db:
            delete_removed(db, _iso(datetime.now(UTC) - _KEPT))
            at = _now()
            row = (_new_id(), user, _title(title) or "New conversation", at, at)
            db.execute("INSERT INTO conversations (id, user, title, created, changed) VALUES (?, ?, ?, ?, ?)", row)
        return Conversation(*row)

    def conversation(self, user: str, id_: str) -> Conversation | None:
        """Find a conversation.

        Args:
            user: Whose conversation it is.
            id_: The id of the conversation.

        Returns:
            Its head, or None when the user has no such conversation.
        """
        with self._reading() as db:
            return _conversation(db, user, id_)

    def conversations(self, user: str, search: str = "", limit: int = 50, offset: int = 0) -> list[Conversation]:
        """List conversations in pages.

        Args:
            user: Whose conversations are listed.
            search: Only conversations whose title, questions or answers hold each of its words are listed; case does
                not matter. "" lists all.
            limit: How many conversations a page has at most.
            offset: How many conversations come before the page.

        Returns:
            The heads of the page, last changed first.
        """
        where, arguments = _search_condition(user, search)
        with self._reading() as db:
            rows = db.execute(
                f"SELECT {_CONVERSATION} FROM conversations c WHERE {where} ORDER BY c.changed DESC, c.id "
                "LIMIT ? OFFSET ?",
                (*arguments, limit, offset),
            )
            return [Conversation(*row) for row in rows]

    def count(self, user: str, search: str = "") -> int:
        """Count the conversations of which ``conversations`` lists pages.

        Args:
            user: Whose conversations are counted.
            search: The words that each must hold.

        Returns:
            The number of conversations.
        """
        where, arguments = _search_condition(user, search)
        with self._reading() as db:
            return int(db.execute(f"SELECT count(*) FROM conversations c WHERE {where}", arguments).fetchone()[0])

    def rename(self, user: str, id_: str, title: str) -> Conversation | None:
        """Give a conversation another title.

        Args:
            user: Whose conversation it is.
            id_: The id of the conversation.
            title: The new title; a long one is cut.

        Returns:
            The conversation with its title, or None when the user has no such conversation.

        Raises:
            UsageError: The title has no visible character.
        """
        new_title = _title(title)
        if not new_title:
            raise UsageError(Notice("conversation-title-needed"))
        with self._writing() as db:
            db.execute("UPDATE conversations SET title = ? WHERE id = ? AND user = ?", (new_title, storable(id_), user))
            return _conversation(db, user, id_)

    def remove(self, user: str, id_: str) -> bool:
        """Take a conversation away; for an hour ``restore`` brings it back.

        Args:
            user: Whose conversation it is.
            id_: The id of the conversation.

        Returns:
            Whether there was such a conversation.
        """
        with self._writing() as db:
            delete_removed(db, _iso(datetime.now(UTC) - _KEPT))
            if _conversation(db, user, id_) is None:
                return False
            db.execute("UPDATE conversations SET removed = ? WHERE id = ?", (_now(), storable(id_)))
        return True

    def restore(self, user: str, id_: str) -> Conversation | None:
        """Bring a conversation back that was taken away.

        Args:
            user: Whose conversation it is.
            id_: The id of the conversation.

        Returns:
            The conversation, or None when it is deleted for good, or was never the user's.
        """
        with self._writing() as db:
            db.execute("UPDATE conversations SET removed = '' WHERE id = ? AND user = ?", (storable(id_), user))
            return _conversation(db, user, id_)

    # -- turns -------------------------------------------------------------------------------------------------------

    def save(
        self, user: str, conversation: str, answer: Answer, turn: str = "", after: str | None = None
    ) -> StoredTurn:
        """Append an answer to a conversation, or replace the snapshot of it that was saved before.

        Save the first snapshot that has passages, and again the last one: from then on no document version that the
        answer may cite is deleted, and once it is done those that it does cite. A conversation without a turn takes
        its title from the question.

        Args:
            user: Whose conversation it is.
            conversation: The id of the conversation.
            answer: A snapshot of the answer.
            turn: The id of the turn to replace; "" to append one.
            after: The id of the turn that a new one follows, "" for a first one; None: the last one that is shown. In
                place of one that was taken away it is the nearest before it that is there.

        Returns:
            The turn as it is stored.

        Raises:
            UsageError: The conversation or the turn is not there, or not the user's.
        """
        with self._writing() as db:
            head = _conversation(db, user, conversation)
            if head is None:
                raise UsageError(Notice("conversation-gone"))
            at = _now()
            question = storable(answer.question)
            values = (question, write_answer(answer), fold(f"{question}\n{answer.answer}"))
            cited = db.execute("SELECT document_id FROM cited WHERE turn = ?", (storable(turn),)).fetchall()
            if turn:
                updated = db.execute(
                    "UPDATE turns SET question = ?, answer = ?, words = ? WHERE id = ? AND conversation = ?",
                    (*values, storable(turn), conversation),
                ).rowcount
                if not updated:
                    raise UsageError(Notice("answer-gone"))
                db.execute("DELETE FROM cited WHERE turn = ?", (turn,))
            else:
                delete_removed(db, _iso(datetime.now(UTC) - _KEPT))
                turn = _new_id()
                tree = TurnTree(db, conversation)
                first = not tree.heads
                parent = tree.last if after is None else nearest_turn(db, conversation, storable(after), tree)
                db.execute(
                    "INSERT INTO turns (id, conversation, question, answer, words, created, parent, shown) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (turn, conversation, *values, at, parent, tree.next_shown),
                )
                if first and head.title == "New conversation":
                    db.execute("UPDATE conversations SET title = ? WHERE id = ?", (_title(question), conversation))
            db.executemany(
                "INSERT OR IGNORE INTO cited SELECT ?1, id, ?3, ?4 FROM documents WHERE id = ?2",
                ((turn, span.source_id, span.source, span.title) for span in _citable_spans(answer)),
            )
            forget_documents(db, (id_ for (id_,) in cited))
            db.execute("UPDATE conversations SET changed = ? WHERE id = ?", (at, conversation))
            stored_turn = _turn(db, user, turn)
        assert stored_turn is not None
        return stored_turn

    def turns(self, user: str, conversation: str) -> list[StoredTurn]:
        """List the turns of a conversation that are shown: of each turn the version that was shown last.

        Args:
            user: Whose conversation it is.
            conversation: The id of the conversation.

        Returns:
            Its turns in order; none when it is not the user's.
        """
        with self._reading() as db:
            if _conversation(db, user, conversation) is None:
                return []
            tree = TurnTree(db, storable(conversation))
            stored = {}
            for row in db.execute(f"{_TURNS} WHERE c.user = ? AND c.id = ?", (user, storable(conversation))):
                if row[0] in tree.path:
                    stored[row[0]] = _stored_turn(row, tree.versions(row[-1]))
            return [stored[id_] for id_ in tree.path]

    def turn(self, user: str, id_: str) -> StoredTurn | None:
        """Find a turn.

        Args:
            user: Whose conversation it is in.
            id_: The id of the turn.

        Returns:
            The turn, or None when the user has no such turn.
        """
        with self._reading() as db:
            return _turn(db, user, id_)

    def choose(self, user: str, turn: str) -> bool:
        """Show a version of a turn, with what follows it, in place of the version that is shown.

        Args:
            user: Whose conversation it is in.
            turn: The id of the version.

        Returns:
            Whether the user has such a turn.
        """
        with self._writing() as db:
            stored = _turn(db, user, turn)
            if stored is None:
                return False
            shown = TurnTree(db, stored.conversation).next_shown
            db.execute("UPDATE turns SET shown = ? WHERE id = ?", (shown, stored.id))
        return True

    def remove_turn(self, user: str, turn: str) -> bool:
        """Take a turn away with what follows it; for an hour ``restore_turn`` brings it back.

        Args:
            user: Whose conversation it is in.
            turn: The id of the turn.

        Returns:
            Whether the user has such a turn.
        """
        return self._set_removed(user, turn, _now())

    def restore_turn(self, user: str, turn: str) -> bool:
        """Bring a turn back that was taken away, with what follows it.

        Args:
            user: Whose conversation it is in.
            turn: The id of the turn.

        Returns:
            Whether the user has such a turn still.
        """
        return self._set_removed(user, turn, "")

    def withdraw(self, user: str, turn: str) -> bool:
        """Delete a turn that was never answered; those that follow it then follow the one before it.

        Args:
            user: Whose conversation it is in.
            turn: The id of the turn.

        Returns:
            Whether the user has such a turn.
        """
        with self._writing() as db:
            stored = _turn(db, user, turn)
            if stored is None:
                return False
            db.execute("UPDATE turns SET parent = ? WHERE parent = ?", (stored.parent, stored.id))
            db.execute("DELETE FROM turns WHERE id = ?", (stored.id,))
        return True

    def before(self, user: str, turn: StoredTurn, count: int) -> list[StoredTurn]:
        """List the turns that a turn follows, whether they are shown or not.

        Args:
            user: Whose conversation it is in.
            turn: The turn.
            count: How many are listed at most.

        Returns:
            The last of them, in order.
        """
        found: list[StoredTurn] = []
        with self._reading() as db:
            parent = turn.parent
            while parent and len(found) < count and (stored := _turn(db, user, parent)) is not None:
                found.insert(0, stored)
                parent = stored.parent
        return found

    def _set_removed(self, user: str, turn: str, removed: str) -> bool:
        with self._writing() as db:
            if removed:
                delete_removed(db, _iso(datetime.now(UTC) - _KEPT))
            if _turn(db, user, turn) is None:
                return False
            db.execute("UPDATE turns SET removed = ? WHERE id = ?", (removed, storable(turn)))
        return True

    def rate(self, user: str, turn: str, thumb: Literal["up", "down", ""], note: str = "") -> StoredTurn | None:
        """Store what the user thinks of an answer, in the place of what was stored before.

        Args:
            user: Whose conversation the answer is in.
            turn: The id of the answer's turn.
            thumb: Up, down, or "" to take it back.
            note: What the user writes about it; a long note is cut.

        Returns:
            The turn with its feedback, or None when the user has no such turn.

        Raises:
            UsageError: The thumb is none of the three.
        """
        if thumb not in ("up", "down", ""):
            raise UsageError(Notice("thumb-unknown"))
        with self._writing() as db:
            if _turn(db, user, turn) is None:
                return None
            db.execute("DELETE FROM feedback WHERE turn = ?", (turn,))
            if thumb:
                row = (turn, thumb, storable(note)[:_NOTE_CHARACTERS], _now())
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
def carry_over_conversations(old: Path, new: Path) -> Iterator[None]:
    """Copy all conversations, with the document versions they cite, into the index that replaces theirs.

    Nobody can add to the old conversations before the block inside has ended, so the exchange of the two belongs
    inside. An old catalog that cannot be read is copied beside the new one, under the name ``UNREAD``: nothing is
    thrown away.

    Args:
        old: The folder of the index that is replaced.
        new: The folder of the index that was made anew.

    Yields:
        Nothing; inside, the index at ``new`` has the conversations.
    """
    try:
        old_db = _open(old)
    except (IndexUnusable, sqlite3.DatabaseError):
        if (old / FILE).is_file():
            _copy_unread(old, new)
        yield
        return
    with closing(old_db):
        # Keeps other writers out until the exchange is done.
        old_db.execute("BEGIN IMMEDIATE")
        try:
            with closing(_open(new)) as new_db, transaction(new_db):
                _copy_conversations(old_db, new_db)
            yield
        finally:
            old_db.execute("ROLLBACK")


def _copy_unread(old: Path, new: Path) -> None:
    for ending in ("", "-wal"):
        with suppress(FileNotFoundError):
            shutil.copy2(old / (FILE + ending), new / (UNREAD + ending))
    _log.warning("conversations in the old catalog cannot be read; it is kept as %s", UNREAD)


def _copy_conversations(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    for table, columns in _CARRIED.items():
        marks = ", ".join("?" * (columns.count(",") + 1))
        rows = old.execute(f"SELECT {columns} FROM {table} ORDER BY 1")
        new.executemany(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", rows)
    carry_over_switch(old, new)
    columns = "id, media_type, text, pages, blocks, tables"
    cited = f"SELECT {columns} FROM documents WHERE id IN (SELECT document_id FROM cited)"
    new.executemany(f"INSERT OR IGNORE INTO documents ({columns}) VALUES (?, ?, ?, ?, ?, ?)", old.execute(cited))


def _open(folder: Path) -> sqlite3.Connection:
    """Open the catalog in a folder, with the SQL function ``fold`` that makes words comparable."""
    path = folder / FILE
    if not path.is_file():
        # Between the two renames of a replacement there is none for a moment.
        time.sleep(_REPLACEMENT_SECONDS)
    if not path.is_file():
        raise IndexUnusable(index_absent(folder))
    db = connect(path)
    try:
        prepare(db, folder)
        db.create_function("fold", 1, fold, deterministic=True)
    except BaseException:
        db.close()
        raise
    return db


def _inode(path: Path) -> int:
    """Return what tells a file from another of the same name; 0 where there is none."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _conversation(db: sqlite3.Connection, user: str, id_: str) -> Conversation | None:
    row = db.execute(
        f"SELECT {_CONVERSATION} FROM conversations c WHERE c.id = ? AND c.user = ? AND c.removed = ''",
        (storable(id_), user),
    ).fetchone()
    return Conversation(*row) if row else None


def _turn(db: sqlite3.Connection, user: str, id_: str) -> StoredTurn | None:
    row = db.execute(f"{_TURNS} WHERE c.user = ? AND t.id = ?", (user, storable(id_))).fetchone()
    if row is None:
        return None
    tree = TurnTree(db, row[1])
    return _stored_turn(row, tree.versions(row[-1]))


def _stored_turn(row: Sequence[str], versions: tuple[str, ...]) -> StoredTurn:
    id_, conversation, question, answer, created, thumb, note, rated, parent = row
    feedback = Feedback("up" if thumb == "up" else "down", note, rated) if thumb else None
    return StoredTurn(id_, conversation, question, read_answer(answer, question), created, feedback, parent, versions)


def _citable_spans(answer: Answer) -> Sequence[Citation | Passage]:
    """Return where the document versions stand that must stay: until an answer is done, it may cite any passage."""
    return answer.citations if answer.state == "done" else (*answer.citations, *answer.passages)


def _search_condition(user: str, search: str) -> tuple[str, list[str]]:
    """Return the SQL condition, and its arguments, of a user's conversations with all the words of a search."""
    words = fold(search).split()
    either = (
        "(instr(fold(c.title), ?) OR EXISTS (SELECT 1 FROM turns t WHERE t.conversation = c.id "
        "AND t.removed = '' AND instr(t.words, ?)))"
    )
    condition = " AND ".join(["c.user = ?", "c.removed = ''", *([either] * len(words))])
    return condition, [user, *(word for word in words for _ in range(2))]


def fold(text: str) -> str:
    """Return text in the form in which a search compares it.

    Args:
        text: A question with its answer, or the words of a search.

    Returns:
        The text without differences of case and of how letters are composed.
    """
    return unicodedata.normalize("NFKC", storable(text)).casefold()


def _title(text: str) -> str:
    """Return text on one line, cut to the length of a title."""
    line = " ".join(storable(text).split())
    return line if len(line) <= _TITLE_CHARACTERS else line[: _TITLE_CHARACTERS - 1].rstrip() + "…"


def _new_id() -> str:
    """Return an id that cannot be guessed."""
    return secrets.token_urlsafe(16)


def _now() -> str:
    """Return the time in UTC, ISO 8601, to the microsecond: conversations are ordered by it."""
    return _iso(datetime.now(UTC))


def _iso(time_: datetime) -> str:
    return time_.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
