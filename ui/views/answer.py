"""Answers as HTML.

Owns: what a question and an answer look like in the conversation. Knows nothing about how an answer came about, and
nothing about pages or servers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from rag.answering.notices import not_mentioned
from rag.notices import Notice
from rag.types import Answer
from ui.i18n import Translate
from ui.service.steps import Step
from ui.views.cited_table import cited_table_html
from ui.views.pieces import NEAREST_PASSAGES, notices_beside, omissions_of, pieces_of
from ui.views.templates import render

_ACTION_OF_RATING = {"up": "good", "down": "bad"}


def question_html(question: str, turn_id: str = "", versions: Sequence[str] = ()) -> Markup:
    """Return a question as it stands in the conversation.

    Args:
        question: Its words.
        turn_id: The id of its turn.
        versions: The ids of the versions of the turn, this one among them; fewer than two: nothing can be chosen.

    Returns:
        The HTML.
    """
    position = versions.index(turn_id) if turn_id in versions else 0
    return render("answer", "question", text=question, position=position, versions=versions)


def interrupted_html(answer: Answer, t: Translate, turn_name: str) -> Markup:
    """Return what stands for an answer that nobody makes any more: the program that made it was ended."""
    return answer_html(replace(answer, state="done", notices=(Notice("answer-interrupted"),)), t, turn_name)


def error_html(message: str, t: Translate) -> Markup:
    """Return what went wrong, in place of an answer."""
    return render("answer", "error", message=message, t=t)


def waiting_html(position: int, t: Translate) -> Markup:
    """Return what stands for a question in the queue; its ``position`` counts from 1, and is 0 while unknown."""
    return render("answer", "waiting", position=position, t=t)


def answer_html(
    answer: Answer, t: Translate, turn_name: str = "", steps: Sequence[Step] = (), rated: str = ""
) -> Markup:
    """Return a snapshot of an answer as HTML.

    Args:
        answer: The answer, finished or not.
        t: Gives the texts of the page in the reader's language.
        turn_name: The name under which the answer is stored; without it nothing in the answer can be clicked.
        steps: What was done so far for an answer that is not finished.
        rated: ``up`` or ``down`` when its reader rated it.
    """
    pieces = list(pieces_of(answer))
    if answer.state != "done":
        done = [step for step in steps if step.state != answer.state]
        return render("answer", "unfinished", answer=answer, pieces=pieces, done=done, t=t)
    return render(
        "answer",
        "finished",
        answer=answer,
        pieces=pieces,
        citations={citation.number: citation for citation in answer.citations},
        tables={citation.number: table for citation in answer.citations if (table := cited_table_html(citation))},
        nearest=answer.passages[:NEAREST_PASSAGES],
        missing=not_mentioned(answer),
        omissions=omissions_of(answer),
        notices=notices_beside(answer),
        turn_name=turn_name,
        chosen=_ACTION_OF_RATING.get(rated, ""),
        t=t,
    )
