"""Conversations as a file that can be read again, here or elsewhere.

Owns: the JSON of that file, and that nothing else is taken for one. What an answer was made from, its prompt and the
passages that it does not show, stays behind; its words, verdicts and quotes are there whole. Knows nothing about where
the file lies.

A file comes from anybody. It is checked whole before anything of it is stored, every conversation gets ids of its own,
and a citation whose words do not stand at that place of a document that is here is cut off from it: its quote stays,
and opens nothing.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from rag.errors import UsageError
from rag.notices import Notice
from rag.store.catalog.answers import VERSION, read_answer
from rag.store.catalog.history import History
from rag.store.catalog.records import Feedback, ImportedConversation, StoredTurn
from rag.types import Answer

FORMAT_NAME, FORMAT_VERSION = "footnote-conversations", 1
FILE_NAME = "conversations.json"
"""What the file is called in an archive."""
LARGEST_FILE = 64_000_000
"""Bytes that a file may have at most."""

_MOST_CONVERSATIONS, _MOST_TURNS, _LONGEST_TEXT, _DEEPEST = 5000, 1000, 1_000_000, 40
# Passages that are shown in place of an answer stay.
_SHOWN_PASSAGES = 3

TextOf = Callable[[str], str | None]
"""Returns the text of a document version that is here; None for one that is not."""


def conversations_json(history: History, user: str) -> str:
    """Return all conversations of a user, archived ones among them, with the turns that are shown.

    Args:
        history: Where they are stored.
        user: Whose conversations they are.

    Returns:
        A JSON object; the same conversations give the same text.
    """
    conversations = [
        {
            "title": head.title,
            "created": head.created,
            "changed": head.changed,
            "pinned": head.pinned,
            "archived": head.archived,
            "turns": [_turn_json(turn) for turn in history.turns(user, head.id) if turn.answer.state == "done"],
        }
        for head in history.conversations(user, limit=-1)
    ]
    content = {"format": FORMAT_NAME, "version": FORMAT_VERSION, "conversations": conversations}
    return json.dumps(content, indent=1) + "\n"


def import_conversations(history: History, user: str, data: bytes, text_of: TextOf) -> int:
    """Store the conversations of a file as new ones; what is there already stays as it is.

    Args:
        history: Where they are stored.
        user: Whose conversations they become.
        data: The file, or an archive that holds it under the name ``FILE_NAME``.
        text_of: Gives the texts of the documents that are here.

    Returns:
        How many were stored.

    Raises:
        UsageError: The file is too large, or is not one that ``conversations_json`` wrote; nothing is stored then.
    """
    unpacked = _json_in(data)
    if len(unpacked) > LARGEST_FILE:
        raise UsageError(Notice("import-too-large", {"most": LARGEST_FILE // 1_000_000}))
    try:
        imported = list(_conversations(json.loads(unpacked), text_of))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(Notice("import-unreadable")) from None
    # The oldest first, as they were begun.
    for conversation in reversed(imported):
        history.adopt(user, conversation)
    return len(imported)


def _json_in(data: bytes) -> bytes:
    """Return the JSON in an archive of conversations, read no further than it may be long; other data as it is."""
    if not data.startswith(b"PK"):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(FILE_NAME) as file:
            return file.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return b""


def _turn_json(turn: StoredTurn) -> dict[str, Any]:
    shown = turn.answer.passages[:_SHOWN_PASSAGES] if turn.answer.abstained else ()
    answer = replace(turn.answer, passages=shown, evidence=(), prompt="")
    feedback = {"feedback": asdict(turn.feedback)} if turn.feedback else {}
    return {"created": turn.created, "answer": {"version": VERSION, "answer": asdict(answer)}, **feedback}


def _conversations(content: Any, text_of: TextOf) -> Iterator[ImportedConversation]:
    if content["format"] != FORMAT_NAME or content["version"] != FORMAT_VERSION:
        raise ValueError("another format")
    _check_size(content)
    conversations = _list(content["conversations"], _MOST_CONVERSATIONS)
    for one in conversations:
        turns = [_turn(turn, text_of) for turn in _list(one["turns"], _MOST_TURNS)]
        yield ImportedConversation(
            _text(one["title"]),
            _moment(one["created"]),
            _moment(one["changed"]),
            one.get("pinned") is True,
            one.get("archived") is True,
            turns,
        )


def _turn(turn: Any, text_of: TextOf) -> tuple[str, Answer, Feedback | None]:
    question = _text(turn["answer"]["answer"]["question"])
    answer = read_answer(json.dumps(turn["answer"]), question)
    if answer.state != "done" or any(notice.code == "answer-unreadable" for notice in answer.notices):
        raise ValueError("no answer")
    position = 0
    for sentence in answer.sentences:
        if not position <= sentence.start <= sentence.end <= len(answer.answer):
            raise ValueError("a sentence outside of its answer")
        if answer.answer[sentence.start : sentence.end] != sentence.text:
            raise ValueError("a sentence of another answer")
        position = sentence.end
    numbers = [citation.number for citation in answer.citations]
    if len(set(numbers)) != len(numbers) or not all(number > 0 for number in numbers):
        raise ValueError("citations without numbers of their own")
    citations = tuple(
        citation if _stands_here(citation.source_id, citation.start, citation.end, citation.quote, text_of)
        else replace(citation, source_id="", boxes=())
        for citation in answer.citations
    )  # fmt: skip
    passages = tuple(
        passage if _stands_here(passage.source_id, passage.start, passage.end, passage.text, text_of)
        else replace(passage, source_id="")
        for passage in answer.passages
    )  # fmt: skip
    return _moment(turn["created"]), replace(answer, citations=citations, passages=passages), _feedback(turn)


def _feedback(turn: Any) -> Feedback | None:
    stored = turn.get("feedback")
    if stored is None:
        return None
    if stored["thumb"] not in ("up", "down"):
        raise ValueError("no thumb")
    return Feedback(stored["thumb"], _text(stored["note"]), _moment(stored["created"]))


def _stands_here(source_id: str, start: int, end: int, words: str, text_of: TextOf) -> bool:
    text = text_of(source_id)
    return text is not None and 0 <= start <= end <= len(text) and text[start:end] == words


def _check_size(value: Any, depth: int = 0) -> None:
    """Refuse texts longer than any answer, and what lies deeper in itself than any record."""
    if depth > _DEEPEST or (isinstance(value, str) and len(value) > _LONGEST_TEXT):
        raise ValueError("too large")
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check_size(one, depth + 1)


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("no list, or too long a one")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _moment(value: Any) -> str:
    """Return a time as it is stored; conversations are ordered by these texts."""
    return datetime.fromisoformat(_text(value)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
