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

import secrets
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal

from rag.database import Connection
from rag.errors import IndexUnusable, UsageError
from rag.notices import Notice
from rag.store.catalog.answers import read_answer, write_answer
from rag.store.catalog.columns import storable
from rag.store.catalog.conversation_list import fold, found_conversations, head_of, heads
from rag.store.catalog.forgetting import forget_documents
from rag.store.catalog.places import Place, place_of
from rag.store.catalog.records import Conversation, Feedback, FoundConversation, ImportedConversation, StoredTurn
from rag.store.catalog.schema import code_of
from rag.store.catalog.turn_tree import TurnTree, delete_removed, nearest_turn
from rag.types import Answer, Citation, Passage

# Longer titles and notes are cut.
_TITLE_CHARACTERS, _NOTE_CHARACTERS = 120, 4000
# How long what was taken away can be brought back.
_KEPT = timedelta(hours=1)

# Whoever writes is alone, so the number is free.
_INSERT_TURN = (
    "INSERT INTO turns (number, id, conversation, question, answer, words, created, parent, shown) "
    "VALUES ((SELECT coalesce(max(number), 0) + 1 FROM turns), ?, ?, ?, ?, ?, ?, ?, ?)"
)
_TURNS = (
    "SELECT t.id, t.conversation, t.question, t.answer, t.created, f.thumb, f.note, f.created, t.parent "
    "FROM turns t JOIN conversations c ON c.id = t.conversation LEFT JOIN feedback f ON f.turn = t.id"
)


class History:
    """The conversations stored in the index at ``folder``. Safe to use from several threads.

    Each method raises IndexUnusable where there is no index, or one of a format that cannot be read.
    """

    def __init__(self, folder: Path | Place) -> None:
        """Open nothing yet.

        Args:
            folder: The folder of the index, or the place of its catalog.
        """
        self._given = folder

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
            db.execute('INSERT INTO conversations (id, "user", title, created, changed) VALUES (?, ?, ?, ?, ?)', row)
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
            return head_of(db, user, id_)

    def conversations(
        self, user: str, search: str = "", limit: int = 50, offset: int = 0, archived: bool | None = None
    ) -> list[Conversation]:
        """List conversations in pages.

        Args:
            user: Whose conversations are listed.
            search: Only conversations whose title, or questions and answers that are shown, hold each of its words are
                listed; case does not matter. "" lists all.
            limit: How many conversations a page has at most.
            offset: How many conversations come before the page.
            archived: Whether only archived ones are listed, or only others; None for both.

        Returns:
            The heads of the page, pinned ones first, then last changed first.
        """
        if search.split():
            found = [one.conversation for one in self.search(user, search)]
            return [head for head in found if archived in (None, head.archived)][offset : offset + limit]
        with self._reading() as db:
            return list(heads(db, user, archived, limit, offset))

    def search(self, user: str, search: str, limit: int | None = None) -> list[FoundConversation]:
        """Find conversations by the words of their titles and of the questions and answers that are shown.

        Args:
            user: Whose conversations are looked through, archived ones among them.
            search: The words, each of which must be there; case does not matter.
            limit: How many are found at most; None for all.

        Returns:
            What was found, last changed first.
        """
        with self._reading() as db:
            return list(islice(found_conversations(db, user, search), limit))

    def count(self, user: str, search: str = "", archived: bool | None = None) -> int:
        """Count the conversations of which ``conversations`` lists pages.

        Args:
            user: Whose conversations are counted.
            search: The words that each must hold.
            archived: Whether only archived ones are counted, or only others; None for both.

        Returns:
            The number of conversations.
        """
        return len(self.conversations(user, search, sys.maxsize, archived=archived))

    def place(
        self, user: str, id_: str, *, pinned: bool | None = None, archived: bool | None = None
    ) -> Conversation | None:
        """Say where a conversation stands in the list.

        Args:
            user: Whose conversation it is.
            id_: The id of the conversation.
            pinned: Whether it stands before all others; None leaves that as it is.
            archived: Whether it stands apart from the others; None leaves that as it is.

        Returns:
            The conversation, or None when the user has no such conversation.
        """
        with self._writing() as db:
            db.execute(
                "UPDATE conversations SET pinned = coalesce(?, pinned), archived = coalesce(?, archived) "
                'WHERE id = ? AND "user" = ?',
                (pinned, archived, storable(id_), user),
            )
            return head_of(db, user, id_)

    def adopt(self, user: str, imported: ImportedConversation) -> Conversation:
        """Store a conversation from elsewhere as a new one, all of it or nothing.

        Args:
            user: Whose conversation it becomes.
            imported: The conversation.

        Returns:
            Its head.
        """
        head = Conversation(
            _new_id(),
            user,
            _title(imported.title) or "…",
            imported.created,
            imported.changed,
            imported.pinned,
            imported.archived,
        )
        with self._writing() as db:
            db.execute(
                'INSERT INTO conversations (id, "user", title, created, changed, pinned, archived) '
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (head.id, user, head.title, head.created, head.changed, head.pinned, head.archived),
            )
            parent = ""
            for shown, (created, answer, feedback) in enumerate(imported.turns, start=1):
                turn, question = _new_id(), storable(answer.question)
                values = (question, write_answer(answer), fold(f"{question}\n{answer.answer}"))
                db.execute(
                    _INSERT_TURN,
                    (turn, head.id, *values, created, parent, shown),
                )
                _keep_cited(db, turn, answer)
                if feedback:
                    row = (turn, feedback.thumb, storable(feedback.note)[:_NOTE_CHARACTERS], feedback.created)
                    db.execute("INSERT INTO feedback VALUES (?, ?, ?, ?)", row)
                parent = turn
        return head

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
            rename = 'UPDATE conversations SET title = ? WHERE id = ? AND "user" = ?'
            db.execute(rename, (new_title, storable(id_), user))
            return head_of(db, user, id_)

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
            if head_of(db, user, id_) is None:
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
            restore = "UPDATE conversations SET removed = '' WHERE id = ? AND \"user\" = ?"
            db.execute(restore, (storable(id_), user))
            return head_of(db, user, id_)

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
            IndexUnusable: The disk is full.
        """
        with self._writing() as db:
            head = head_of(db, user, conversation)
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
                    _INSERT_TURN,
                    (turn, conversation, *values, at, parent, tree.next_shown),
                )
                if first and head.title == "New conversation":
                    db.execute("UPDATE conversations SET title = ? WHERE id = ?", (_title(question), conversation))
            _keep_cited(db, turn, answer)
            forget_documents(db, (id_ for (id_,) in cited))
            # Who goes on with a conversation is not done with it.
            db.execute("UPDATE conversations SET changed = ?, archived = 0 WHERE id = ?", (at, conversation))
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
            if head_of(db, user, conversation) is None:
                return []
            tree = TurnTree(db, storable(conversation))
            stored = {}
            for row in db.execute(f'{_TURNS} WHERE c."user" = ? AND c.id = ?', (user, storable(conversation))):
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

    # -- the place ---------------------------------------------------------------------------------------------------

    def _reading(self) -> AbstractContextManager[Connection]:
        return self._place().opened()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        place = self._place()
        try:
            with place.writing() as db:
                yield db
        except sqlite3.OperationalError as error:
            # A full disk shows as either.
            if code_of(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
                raise IndexUnusable(Notice("conversation-not-stored", {"folder": str(place.folder)})) from error
            raise

    def _place(self) -> Place:
        return self._given if isinstance(self._given, Place) else place_of(self._given)


def _turn(db: Connection, user: str, id_: str) -> StoredTurn | None:
    row = db.execute(f'{_TURNS} WHERE c."user" = ? AND t.id = ?', (user, storable(id_))).fetchone()
    if row is None:
        return None
    tree = TurnTree(db, row[1])
    return _stored_turn(row, tree.versions(row[-1]))


def _stored_turn(row: Sequence[str], versions: tuple[str, ...]) -> StoredTurn:
    id_, conversation, question, answer, created, thumb, note, rated, parent = row
    feedback = Feedback("up" if thumb == "up" else "down", note, rated) if thumb else None
    return StoredTurn(id_, conversation, question, read_answer(answer, question), created, feedback, parent, versions)


def _keep_cited(db: Connection, turn: str, answer: Answer) -> None:
    """Note which of the documents that are here an answer cites, so that they stay."""
    db.executemany(
        "INSERT INTO cited SELECT ?1, id, ?3, ?4 FROM documents WHERE id = ?2 ON CONFLICT DO NOTHING",
        ((turn, span.source_id, span.source, span.title) for span in _citable_spans(answer)),
    )


def _citable_spans(answer: Answer) -> Sequence[Citation | Passage]:
    """Return where the document versions stand that must stay: until an answer is done, it may cite any passage."""
    return answer.citations if answer.state == "done" else (*answer.citations, *answer.passages)


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
