"""Answers as HTML.

Owns: what a question and an answer look like in the conversation. Knows nothing about how an answer came about, and
nothing about pages or servers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.types import Answer, Citation
from ui.i18n import Translate
from ui.service.steps import Step
from ui.views.templates import render

_NEAREST_PASSAGES = 3

# What the notice of an answer says of the claims that were left out; they are shown, not only counted.
_LEFT_OUT_COUNT = re.compile(r"\d+ claims? left out: not supported\.\s*")
_ACTION_OF_RATING = {"up": "good", "down": "bad"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence of an answer without its citation marks, or what stands between two sentences."""

    text: str
    citations: Sequence[Citation] = ()
    verdict: str = ""
    reason: str = ""


def question_html(question: str) -> str:
    """Return a question as it stands in the conversation."""
    return render("answer", "question", text=question)


def error_html(message: str, t: Translate) -> str:
    """Return what went wrong, in place of an answer."""
    return render("answer", "error", message=message, t=t)


def waiting_html(position: int, t: Translate) -> str:
    """Return what stands for a question in the queue; its ``position`` counts from 1, and is 0 while unknown."""
    return render("answer", "waiting", position=position, t=t)


def answer_html(answer: Answer, t: Translate, turn: str = "", steps: Sequence[Step] = (), rated: str = "") -> str:
    """Return a snapshot of an answer.

    Args:
        answer: The answer, finished or not.
        t: Gives the texts of the page in the reader's language.
        turn: The name under which the answer is stored; without it nothing in the answer can be clicked.
        steps: What was done so far for an answer that is not finished.
        rated: ``up`` or ``down`` when its reader rated it.
    """
    pieces = list(_pieces(answer))
    if answer.state != "done":
        done = [step for step in steps if step.state != answer.state]
        return render("answer", "unfinished", answer=answer, pieces=pieces, done=done, t=t)
    return render(
        "answer",
        "finished",
        answer=answer,
        pieces=pieces,
        citations={citation.number: citation for citation in answer.citations},
        nearest=answer.passages[:_NEAREST_PASSAGES],
        notice=_LEFT_OUT_COUNT.sub("", answer.notice) if answer.left_out else answer.notice,
        turn=turn,
        chosen=_ACTION_OF_RATING.get(rated, ""),
        t=t,
    )


def _pieces(answer: Answer) -> Iterator[_Piece]:
    """Yield the text of an answer in order; what stands between two sentences, such as a line's end, belongs to it."""
    citations = {citation.number: citation for citation in answer.citations}
    position = 0
    for sentence in answer.sentences:
        yield _Piece(answer.answer[position : sentence.start])
        marks = "".join(f" [{number}]" for number in sentence.citations)
        cited = [citations[number] for number in sentence.citations if number in citations]
        yield _Piece(sentence.text.removesuffix(marks), cited, sentence.verdict, sentence.reason)
        position = sentence.end
    yield _Piece(answer.answer[position:])
