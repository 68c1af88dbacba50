"""What is told of a call: to the audit log, the metrics and the traces.

Owns: the record of the call that is being answered, and how whatever answers it adds to the record. Knows nothing about
requests, or where the record goes. Holds no words of documents and answers; the question is there for whoever asked for
it to be kept.

The record belongs to the context of its request: a thread that answers must run in a copy of that context, as the
threads of Starlette, anyio and ``asyncio.to_thread`` do.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from rag.types import Answer


@dataclass(slots=True)
class Call:
    """A call as it is told of.

    Attributes:
        request_id: Names it; no other call has it unless the caller says so.
        method: Its HTTP method.
        route: The template of its address, such as ``/v1/models/{name}``; "" for an address that there is not.
        caller: The name of the key or the user; "" where nobody needs one.
        index: The name of the index that it was about; "" for none.
        status: The HTTP status; 0 before there is one.
        complete: Whether the whole response was sent.
        began: When it began, in seconds since 1970.
        seconds: How long it took.
        question: What was asked; "" for nothing.
        answers: How many answers were made.
        passages: How many passages were found.
        citations: How many citations the answers have.
        abstained: How many answers say that the documents do not hold one.
        verdicts: How many sentences have which verdict.
        sent: Tokens that language models were sent.
        written: Tokens that they wrote.
        retrieve_seconds: How long finding took.
        answer_seconds: How long answering took, with finding.
    """

    request_id: str
    method: str = ""
    route: str = ""
    caller: str = ""
    index: str = ""
    status: int = 0
    complete: bool = False
    began: float = field(default_factory=time.time)
    seconds: float = 0.0
    question: str = ""
    answers: int = 0
    passages: int = 0
    citations: int = 0
    abstained: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    written: int = 0
    retrieve_seconds: float = 0.0
    answer_seconds: float = 0.0


_CURRENT: ContextVar[Call | None] = ContextVar("footnote_call", default=None)


@contextmanager
def recorded(call: Call) -> Iterator[Call]:
    """Make a record that of the call which is answered inside."""
    token = _CURRENT.set(call)
    try:
        yield call
    finally:
        _CURRENT.reset(token)


def current_call() -> Call | None:
    """Return the record of the call that is being answered; None outside of one."""
    return _CURRENT.get()


def note_index(name: str) -> None:
    """Note which index the call is about; it must be the name of one that there is, never what a request says."""
    if (call := _CURRENT.get()) is not None:
        call.index = name


def note_question(question: str) -> None:
    """Note what is asked."""
    if (call := _CURRENT.get()) is not None:
        call.question = question


def note_passages(count: int) -> None:
    """Note how many passages were found."""
    if (call := _CURRENT.get()) is not None:
        call.passages += count


def note_answer(answer: Answer) -> None:
    """Note an answer: its counts, never its words."""
    if (call := _CURRENT.get()) is None:
        return
    call.question = answer.question
    call.answers += 1
    call.passages += len(answer.passages)
    call.citations += len(answer.citations)
    call.abstained += answer.abstained
    call.verdicts.update(sentence.verdict for sentence in answer.sentences)
    call.verdicts.update(claim.verdict for claim in answer.left_out)
    call.sent += sum(one.sent for one in answer.calls)
    call.written += sum(one.written for one in answer.calls)
    call.retrieve_seconds += answer.timings.get("retrieve_ms", 0.0) / 1000
    call.answer_seconds += answer.timings.get("total_ms", 0.0) / 1000
