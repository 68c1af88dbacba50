"""A turn of a conversation as a case of an evaluation suite.

Owns: the name of the case. What of an answer is expected again, ``rag.evaluate.suite.from_answer`` knows.
"""

from __future__ import annotations

import re

from rag.evaluate.suite.from_answer import case_from_answer as expected_again
from rag.evaluate.types import Case
from rag.serialize import answer_json
from rag.store.catalog import StoredTurn

_LONGEST_SLUG = 48
_ID_TAIL = 6


def case_from_turn(turn: StoredTurn) -> Case:
    """The case that expects what the turn answered: its verified sentences, its cited evidence, or its abstention.

    A question that leaned on earlier turns is asked as it was understood, so that the case stands alone.
    """
    question = turn.answer.standalone_question or turn.question
    answer = {**answer_json(turn.answer), "question": question}
    return expected_again(answer, tags=("chat",), id_=f"{_slug(question)}-{_tail(turn.id)}")


def _slug(question: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")
    return words[:_LONGEST_SLUG].rstrip("-") or "question"


def _tail(id_: str) -> str:
    """The end of a turn's id, so that two turns of one question are two cases."""
    return re.sub(r"[^A-Za-z0-9]", "0", id_)[-_ID_TAIL:].lower()
