"""Chores that chat programs send beside a person's questions: a title for the chat, tags, questions to go on with.

Owns: telling such a prompt from a question, and its answer, which no document is searched for. Knows nothing about
indexes. Pure.

Open WebUI sends each after an answer, to the same model, as a prompt that begins with ``### Task:``, names the JSON
that it expects, and holds the conversation between ``<chat_history>`` and ``</chat_history>``.
"""

from __future__ import annotations

import json
import re

from rag.text import shorten

_TASK = re.compile(r"\s*### Task:\s")
_EXPECTED = re.compile(r"\{\s*\\?\"(title|tags|follow_ups|queries)\\?\"\s*:")
_HISTORY = re.compile(r"<chat_history>(.*)</chat_history>", re.S)
_FIRST_QUESTION = re.compile(r"^\s*USER:\s*(.+?)\s*$", re.M | re.I)
_TITLE_CHARACTERS = 50


def chore_answer(prompt: str) -> str | None:
    """Return the answer to a chore; None for anything else, such as a person's question.

    Args:
        prompt: The last message of a request.

    Returns:
        The JSON that the prompt expects: the first question as the title, and nothing where something had to be
        thought up.
    """
    history = _HISTORY.search(prompt) if _TASK.match(prompt) else None
    expected = _EXPECTED.search(prompt) if history else None
    if history is None or expected is None:
        return None
    if expected[1] != "title":
        return json.dumps({expected[1]: []})
    question = _FIRST_QUESTION.search(history[1])
    return json.dumps({"title": shorten(question[1], _TITLE_CHARACTERS) if question else "Chat"}, ensure_ascii=False)
