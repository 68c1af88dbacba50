"""The list of conversations, and searching it.

Owns: the order of the list, what a search compares, and the line that shows why a conversation was found. Only what is
shown of a conversation is searched: another version of a question, or what was taken away, is not found. Knows nothing
about answers but where their words stand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from rag.database import Connection
from rag.store.catalog.answers import read_answer
from rag.store.catalog.columns import storable
from rag.store.catalog.dialect import position
from rag.store.catalog.records import Conversation, FoundConversation
from rag.store.catalog.turn_tree import TurnTree
from rag.text import normalise

_COLUMNS = 'id, "user", title, created, changed, pinned, archived'
# The length of the line around a word that was found, and what of it stands before the word.
_LINE, _BEFORE = 120, 40

Marks = tuple[tuple[int, int], ...]


def head_of(db: Connection, user: str, id_: str) -> Conversation | None:
    """Find the head of a conversation.

    Args:
        db: A connection.
        user: Whose conversation it is.
        id_: Its id.

    Returns:
        Its head; None where the user has no such conversation, or it was taken away.
    """
    row = db.execute(
        f"SELECT {_COLUMNS} FROM conversations WHERE id = ? AND \"user\" = ? AND removed = ''", (storable(id_), user)
    ).fetchone()
    return _head(row) if row else None


def heads(db: Connection, user: str, archived: bool | None, limit: int = -1, offset: int = 0) -> Iterator[Conversation]:
    """List the heads of a user's conversations.

    Args:
        db: A connection.
        user: Whose conversations they are.
        archived: Whether only archived ones are listed, or only others; None for both.
        limit: How many are listed at most; -1 for all.
        offset: How many come before them.

    Yields:
        The heads: pinned ones first, then last changed first.
    """
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM conversations WHERE \"user\" = ?1 AND removed = '' "
        "AND (CAST(?2 AS BIGINT) IS NULL OR archived = ?2) "
        "ORDER BY pinned DESC, changed DESC, id LIMIT ?3 OFFSET ?4",
        (user, archived, limit if limit >= 0 else sys.maxsize, offset),
    )
    yield from map(_head, rows)


def found_conversations(db: Connection, user: str, search: str) -> Iterator[FoundConversation]:
    """Find the conversations that hold each word of a search in what is shown of them.

    Args:
        db: A connection.
        user: Whose conversations are looked through, archived ones among them.
        search: The words.

    Yields:
        What was found, last changed first.
    """
    words = tuple(dict.fromkeys(fold(search).split()))
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM conversations WHERE \"user\" = ? AND removed = '' ORDER BY changed DESC, id", (user,)
    ).fetchall()
    for conversation in map(_head, rows):
        title = fold(conversation.title)
        missing = [word for word in words if word not in title]
        # Most conversations are passed over here: some version of a turn must hold what the title does not.
        if any(not _in_some_turn(db, conversation.id, word) for word in missing):
            continue
        texts = _shown_words(db, conversation.id)
        if all(any(word in text for text in texts.values()) for word in missing):
            # The line tells what the title does not.
            turn = _best_turn(texts, missing or words)
            line = _line_of(db, turn, missing or words) if turn else ""
            line = "" if line == conversation.title else line
            yield FoundConversation(conversation, line, marks_of(line, words), marks_of(conversation.title, words))


def fold(text: str) -> str:
    """Return text in the form in which a search compares it."""
    return normalise(storable(text))


def marks_of(text: str, words: Sequence[str]) -> Marks:
    """Tell where words stand in a text as it is written.

    Args:
        text: The text.
        words: The words, as ``fold`` gives them.

    Returns:
        Each place as ``(start, end)``, in order and without overlap.
    """
    # A letter may become several: of each letter of the folded text, the letter that it comes from.
    folded, origins = "", []
    for place, letter in enumerate(text):
        one = fold(letter)
        folded += one
        origins += [place] * len(one)
    hit = [False] * len(text)
    for word in filter(None, words):
        at = folded.find(word)
        while at >= 0:
            for place in origins[at : at + len(word)]:
                hit[place] = True
            at = folded.find(word, at + 1)
    edges = [
        place for place in range(len(text) + 1) if (place > 0 and hit[place - 1]) != (place < len(text) and hit[place])
    ]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _head(row: Sequence[object]) -> Conversation:
    id_, user, title, created, changed, pinned, archived = row
    return Conversation(str(id_), str(user), str(title), str(created), str(changed), bool(pinned), bool(archived))


def _in_some_turn(db: Connection, conversation: str, word: str) -> bool:
    found = db.execute(
        f"SELECT 1 FROM turns WHERE conversation = ? AND removed = '' AND {position(db)}(words, ?) > 0 LIMIT 1",
        (conversation, word),
    )
    return found.fetchone() is not None


def _shown_words(db: Connection, conversation: str) -> dict[str, str]:
    """Return the words of each turn of a conversation that is shown, in order, as a search compares them."""
    words = dict(db.execute("SELECT id, words FROM turns WHERE conversation = ? AND removed = ''", (conversation,)))
    return {id_: words[id_] for id_ in TurnTree(db, conversation).path}


def _best_turn(texts: dict[str, str], words: Sequence[str]) -> str:
    """Return the id of the first turn that holds the most of some words; "" where none holds any."""
    counts = {id_: sum(word in text for word in words) for id_, text in texts.items()}
    best = max(counts, key=counts.__getitem__, default="")
    return best if best and counts[best] else ""


def _line_of(db: Connection, turn: str, words: Sequence[str]) -> str:
    """Return the line of a turn that holds the most of some words, cut around the first of them."""
    question, answer = db.execute("SELECT question, answer FROM turns WHERE id = ?", (turn,)).fetchone()
    texts = (question, read_answer(answer, question).answer)
    lines = [" ".join(line.split()) for text in texts for line in text.split("\n")]
    line = max(lines, key=lambda one: sum(word in fold(one) for word in words))
    first = next((start for start, _ in marks_of(line, words)), 0)
    begin = 0 if first <= _BEFORE else line.rfind(" ", 0, first - _BEFORE) + 1
    cut = line[begin : begin + _LINE]
    return ("…" if begin else "") + cut + ("…" if begin + _LINE < len(line) else "")
