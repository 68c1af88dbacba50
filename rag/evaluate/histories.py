"""What stands before a turn of a conversation while a suite is run.

Owns: the history of a turn, from the system's own answers or from the suite. Knows nothing about how a question is
asked: whatever answers is called with a question and its history.

A live history is taken from the records, never from answers in memory, so that a run that was stopped in the middle of
a conversation goes on with the same history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.evaluate.suite.conversations import MOST_TURNS, without_skipped, written_reply
from rag.evaluate.types import Case, Record, Suite
from rag.types import Turn

# Gives the assistant's words after a turn; None or "" where there are none.
_Replies = Callable[[Case], str | None]


def with_history(suite: Suite, records: Sequence[Record]) -> Case:
    """Return the next case of a suite as it is asked: a turn of a conversation with what stands before it.

    Of a turn that raised without an answer, a live history has the question alone.

    Args:
        suite: The suite, and whether its conversations are live or have a fixed history.
        records: Those of the cases before it, in order.

    Returns:
        The case; a question of its own as it is.
    """
    return _with_replies(suite, len(records), _replies(suite, records[-MOST_TURNS:]))


def as_asked(suite: Suite, records: Sequence[Record]) -> list[Case]:
    """Return the cases of a run as they were asked: each turn of a conversation with what stood before it.

    Args:
        suite: The suite as it was run.
        records: The records of the run.

    Returns:
        The cases, in order.
    """
    asked = without_skipped(suite)
    replies = _replies(asked, records)
    return [_with_replies(asked, position, replies) for position in range(len(asked.cases))]


def with_written_histories(suite: Suite) -> list[Case]:
    """Return the cases of a suite, each turn of a conversation with what the suite writes before it."""
    return [_with_replies(suite, position, written_reply) for position in range(len(suite.cases))]


def _replies(suite: Suite, records: Sequence[Record]) -> _Replies:
    """Return what gives the assistant's words after a turn."""
    if suite.conversation == "fixed":
        return written_reply
    answers = {record.id: str(record.answer.get("answer", "")) for record in records}
    return lambda turn: answers.get(turn.id)


def _with_replies(suite: Suite, position: int, reply_to: _Replies) -> Case:
    """Return a case with the turns before it and the replies to them; a case without such turns as it is."""
    case, first = suite.cases[position], position
    while case.conversation and first and suite.cases[first - 1].conversation == case.conversation:
        first -= 1
    turns: list[Turn] = []
    for earlier in suite.cases[first:position]:
        turns.append(Turn("user", earlier.question))
        if reply := reply_to(earlier):
            turns.append(Turn("assistant", reply))
    return replace(case, history=tuple(turns)) if turns else case


def turns_before(suite: Suite, case: Case) -> list[Case]:
    """Return the turns of a case's conversation that are asked before it.

    Args:
        suite: The suite.
        case: One of its cases.

    Returns:
        The turns in order; none for a question of its own.
    """
    if not case.conversation:
        return []
    return [one for one in suite.cases if one.conversation == case.conversation and one.turn < case.turn]
