"""Conversations in a suite: turns that belong together, each a case of its own.

Owns: how a conversation is written, which cases are its turns, and what its written turns say. Knows nothing about
runs.

    conversation: live            # or fixed: what stands before a turn, see ``rag.evaluate.histories``
    conversations:
      - id: leave
        tags: [staff]
        turns:
          - {question: How many days of leave do I get?, answers: ["25"], reply: You get 25 days.}
          - {question: And part-time staff?, answers: ["15"]}
          - {question: Thanks!, small_talk: true}

A turn has the keys of a case but for ``id``, which is ``leave/1``, ``leave/2`` and so on. In a file of cases a turn is
a case with the keys ``conversation`` and ``turn``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from rag.errors import UsageError
from rag.evaluate.suite.schema import NOT_OF_A_TURN, parse_case, raise_schema_error
from rag.evaluate.suite.source_lines import Located, Location
from rag.evaluate.types import Case, ConversationMode, Suite
from rag.notices import Notice

_KEYS = ("id", "tags", "turns")
# Turns of a conversation; a longer one is a log to cut from.
MOST_TURNS = 200


def read_conversations(located: Located) -> Iterator[tuple[Case, str]]:
    """Read the turns of the conversations that stand in a suite file.

    Args:
        located: The plain data of the suite file.

    Yields:
        Each turn as a case, with its ``file:line``.

    Raises:
        UsageError: Something is wrong in a conversation; the message has the file, the line and what to do.
    """
    conversations = located.data.get("conversations", [])
    if not isinstance(conversations, list):
        raise_schema_error(located.where(("conversations",)), "'conversations' must be a list; correct it.")
    for i, conversation in enumerate(conversations):
        location: Location = ("conversations", i)
        turns = _checked_turns(located, conversation, location)
        for number, turn in enumerate(turns, start=1):
            where: Location = (*location, "turns", number - 1)
            if wrong := next((key for key in NOT_OF_A_TURN if isinstance(turn, dict) and key in turn), None):
                raise_schema_error(located.where((*where, wrong)), f"{wrong!r} is no key of a turn; remove it.")
            data = {"id": turn_id(conversation["id"], number), **turn} if isinstance(turn, dict) else turn
            case = parse_case(located, data, where)
            tags = tuple(dict.fromkeys((*_tags(located, conversation, location), *case.tags)))
            yield replace(case, tags=tags, conversation=conversation["id"], turn=number), located.where(where)


def _checked_turns(located: Located, conversation: Any, location: Location) -> list[Any]:
    if not isinstance(conversation, dict):
        raise_schema_error(
            located.where(location), "a conversation must be an object with 'id' and 'turns'; correct it."
        )
    if unknown := next((key for key in conversation if key not in _KEYS), None):
        what = f"{unknown!r} is an unknown key; known here: {', '.join(_KEYS)}."
        raise_schema_error(located.where((*location, unknown)), what)
    id_ = conversation.get("id")
    if not isinstance(id_, str) or not id_.strip() or not id_.isprintable():
        raise_schema_error(located.where((*location, "id")), "a conversation needs an 'id' of one line; write one.")
    turns = conversation.get("turns")
    if not isinstance(turns, list) or not 1 <= len(turns) <= MOST_TURNS:
        raise_schema_error(
            located.where((*location, "turns")),
            f"the conversation {id_!r} needs a list of 1 to {MOST_TURNS} 'turns'; correct it.",
        )
    return turns


def _tags(located: Located, conversation: dict[str, Any], location: Location) -> tuple[str, ...]:
    tags = conversation.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) and tag.strip() for tag in tags):
        raise_schema_error(located.where((*location, "tags")), "'tags' must be a list of words; correct it.")
    return tuple(tags)


def turn_id(conversation: str, turn: int) -> str:
    """Return the id of a turn.

    Args:
        conversation: The id of its conversation.
        turn: Which turn it is, counted from 1.

    Returns:
        Such as ``leave/2``.
    """
    return f"{conversation}/{turn}"


def check_turns(cases: Sequence[Case], where: dict[str, str]) -> None:
    """Check that the turns of each conversation of a suite stand in a row and in order, from the first.

    Args:
        cases: The cases of the suite, in order.
        where: The ``file:line`` of each, by id.

    Raises:
        UsageError: A turn is missing, stands twice or elsewhere, or has a history; the message has file and line.
    """
    ended: set[str] = set()
    before: Case | None = None
    for case in cases:
        if before is not None and before.conversation and before.conversation != case.conversation:
            ended.add(before.conversation)
        if bool(case.conversation) != bool(case.turn):
            raise_schema_error(where[case.id], "'conversation' and 'turn' stand together; write both or neither.")
        if case.conversation:
            is_next = before is not None and before.conversation == case.conversation
            expected = before.turn + 1 if before is not None and is_next else 1
            if case.turn > MOST_TURNS:
                what = f"the conversation {case.conversation!r} has more than {MOST_TURNS} turns; split it."
                raise_schema_error(where[case.id], what)
            if case.conversation in ended or case.turn != expected:
                raise_schema_error(
                    where[case.id],
                    f"turn {case.turn} of the conversation {case.conversation!r} stands in the wrong place; write its "
                    "turns in a row, from 1.",
                )
            if case.history:
                raise_schema_error(where[case.id], "a turn has its history from the turns before it; remove 'history'.")
        before = case


def mode_of(suite: ConversationMode, wanted: str) -> ConversationMode:
    """Return how conversations are run.

    Args:
        suite: What the suite says.
        wanted: What the user says, ``live`` or ``fixed``; empty for nothing.

    Returns:
        The mode.

    Raises:
        UsageError: There is no such mode.
    """
    modes: dict[str, ConversationMode] = {"live": "live", "fixed": "fixed", "": suite}
    if wanted not in modes:
        raise UsageError(f"{wanted!r} is no way to run a conversation; write live or fixed.")
    return modes[wanted]


def check_replies(cases: Sequence[Case], where: dict[str, str]) -> None:
    """Check that the suite says what a fixed history needs: a reply to each turn that another one follows.

    Args:
        cases: The cases of the suite, in order.
        where: The ``file:line`` of each, by id.

    Raises:
        UsageError: A turn has no reply; the message has file and line.
    """
    for case, following in pairwise(cases):
        if case.conversation and case.conversation == following.conversation and written_reply(case) is None:
            raise_schema_error(
                where[case.id],
                f"the turn {case.id!r} has neither a 'reply' nor 'answers', which a fixed history needs; add one, or "
                "run it live.",
            )


def without_skipped(suite: Suite) -> Suite:
    """Return a suite with the cases that are asked: a turn that is skipped stands before no other, either."""
    return replace(suite, cases=tuple(case for case in suite.cases if not case.skip))


def limited(suite: Suite, limit: int | None) -> Suite:
    """Return a suite with its first cases; the conversation of the last one is not cut off.

    Args:
        suite: The suite.
        limit: How many cases; None for all.

    Returns:
        The suite; it has more cases than ``limit`` where that lies within a conversation.
    """
    if not limit or limit >= len(suite.cases):
        return suite
    last = suite.cases[limit - 1].conversation
    while last and limit < len(suite.cases) and suite.cases[limit].conversation == last:
        limit += 1
    return replace(suite, cases=suite.cases[:limit], whole=len(without_skipped(suite).cases))


def written_reply(case: Case) -> str | None:
    """Return what the suite has the assistant say to a turn: its reply, else its first answer, else a refusal.

    Args:
        case: The turn.

    Returns:
        The words; None where the suite has none.
    """
    if case.reply:
        return case.reply
    if case.answers:
        return case.answers[0]
    if case.small_talk:
        return Notice("thanked").text("en")
    return None if case.answerable else Notice("not-in-documents").text("en")
