"""Questions that the documents did not answer, for whoever looks after them.

Owns: the switch of an index, and reading these questions out of its stored conversations. Nothing more is recorded for
it: a conversation that is deleted is no longer counted, and what was asked before the switch was turned on never is.
Knows nothing about who may look.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rag.database import Connection, transaction
from rag.store.catalog.places import place_of
from rag.store.catalog.schema import SET_VALUE
from rag.text import normalise

SINCE = "unanswered_since"
"""The key in the catalog's ``meta`` of when the switch was turned on, or the list emptied; absent: off."""
_BEFORE = "unanswered_since_before"
# How the databases read a true value out of JSON.
_TRUE = (1, "true")
# Turns that are read, the newest first, and questions that are listed.
_MOST_TURNS, _MOST_LISTED = 20_000, 500

# The fields of an answer are read by the database: building thousands of answers would take seconds.
_TURNS = """
SELECT t.conversation, t.parent, t.question, t.created,
    json_extract(t.answer, '$.answer.abstained'), json_extract(t.answer, '$.answer.tentative'),
    coalesce(f.thumb, '')
FROM turns t JOIN conversations c ON c.id = t.conversation LEFT JOIN feedback f ON f.turn = t.id
WHERE t.created >= ? AND t.removed = '' AND c.removed = '' AND json_valid(t.answer)
    AND coalesce(json_extract(t.answer, '$.answer.state'), 'done') = 'done'
ORDER BY t.number DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A question, in the words in which it was put last, and how often it was put in which way in vain.

    Attributes:
        question: The question.
        refused: How often it was not answered.
        tentative: How often its answer was a tentative one.
        disliked: How often its answer got a thumb down, without being one of these.
        last: When it was put last: UTC, ISO 8601.
    """

    question: str
    refused: int
    tentative: int
    disliked: int
    last: str

    @property
    def count(self) -> int:
        """How often it was put."""
        return self.refused + self.tentative + self.disliked


class UnansweredQuestions:
    """The list of one index. Safe to use from several threads.

    Each method raises IndexUnusable where there is no index, or one of a format that cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def since(self) -> str:
        """Return from when on questions are listed: UTC, ISO 8601; "" while the list is off."""
        with self._open() as db:
            return _get(db, SINCE)

    def switch(self, on: bool) -> None:
        """Turn the list on, from now on, or off; what is on already goes on as it is."""
        with self._open() as db, transaction(db):
            if not on:
                db.execute("DELETE FROM meta WHERE key IN (?, ?)", (SINCE, _BEFORE))
            elif not _get(db, SINCE):
                _set(db, SINCE, _now())

    def empty(self) -> None:
        """Begin the list anew from now on; ``restore`` takes that back."""
        with self._open() as db, transaction(db):
            if since := _get(db, SINCE):
                _set(db, _BEFORE, since)
                _set(db, SINCE, _now())

    def restore(self) -> bool:
        """Bring back what the list had before it was emptied last.

        Returns:
            Whether it was emptied since it was turned on.
        """
        with self._open() as db, transaction(db):
            before = _get(db, _BEFORE)
            if before:
                _set(db, SINCE, before)
                db.execute("DELETE FROM meta WHERE key = ?", (_BEFORE,))
            return bool(before)

    def questions(self) -> list[UnansweredQuestion]:
        """Return the questions, the most frequent first; none while the list is off.

        Questions of the same words are one. Of a question that was asked again in its place only the last answer
        counts.
        """
        with self._open() as db:
            since = _get(db, SINCE)
            rows = db.execute(_TURNS, (since, _MOST_TURNS)).fetchall() if since else []
        found: dict[str, UnansweredQuestion] = {}
        seen: set[tuple[str, str, str]] = set()
        for conversation, parent, question, created, abstained, doubted, thumb in rows:
            words, refused, tentative = _folded(question), abstained in _TRUE, doubted in _TRUE
            if (conversation, parent, words) in seen or not words:
                continue
            seen.add((conversation, parent, words))
            if not (refused or tentative or thumb == "down"):
                continue
            # The newest comes first: its words and its day are kept.
            known = found.get(words) or UnansweredQuestion(question, 0, 0, 0, created)
            if refused:
                known = replace(known, refused=known.refused + 1)
            elif tentative:
                known = replace(known, tentative=known.tentative + 1)
            else:
                known = replace(known, disliked=known.disliked + 1)
            found[words] = known
        by_count = sorted(found.values(), key=lambda one: one.last, reverse=True)
        return sorted(by_count, key=lambda one: -one.count)[:_MOST_LISTED]

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        with place_of(self._folder).opened() as db:
            yield db


def carry_over_switch(old: Connection, new: Connection) -> None:
    """Copy the switch into the index that replaces the old one.

    Args:
        old: A connection to the catalog that is replaced.
        new: A connection to the new one, in a transaction.
    """
    for key in (SINCE, _BEFORE):
        if value := _get(old, key):
            _set(new, key, value)


def _get(db: Connection, key: str) -> str:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def _set(db: Connection, key: str, value: str) -> None:
    db.execute(SET_VALUE, (key, value))


def _folded(question: str) -> str:
    """Return a question without what does not make it another one: case, spaces, the sign at its end."""
    return " ".join(normalise(question).split()).rstrip(" ?!.。？！")


def _now() -> str:
    # As the turns of conversations have it, so that the two can be compared.
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
