"""Turn an answer of a conversation into a case of an evaluation suite.

Owns: the id and the tag of the case. Which parts of an answer are expected again is decided by
``rag.evaluate.suite.from_answer``.
"""

from __future__ import annotations

import re

from rag.evaluate.suite.from_answer import case_from_answer
from rag.evaluate.types import Case
from rag.serialize import answer_json
from rag.store.catalog import StoredTurn

_LONGEST_SLUG = 48
_ID_TAIL = 6


def case_from_turn(turn: StoredTurn) -> Case:
    """Return the case that expects what was answered: verified sentences and cited evidence, or an abstention.

    A question that leaned on earlier ones is asked as it was understood, so that the case stands alone.
    """
    question = turn.answer.standalone_question or turn.question
    answer = {**answer_json(turn.answer), "question": question}
    return case_from_answer(answer, tags=("chat",), id_=f"{_slug(question)}-{_tail(turn.id)}")


def _slug(question: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")
    return words[:_LONGEST_SLUG].rstrip("-") or "question"


def _tail(id_: str) -> str:
    """Return the end of a turn's id, so that one question answered twice gives two cases."""
    return re.sub(r"[^A-Za-z0-9]", "0", id_)[-_ID_TAIL:].lower()
