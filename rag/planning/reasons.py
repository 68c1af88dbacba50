"""Say why a question is planned as it is.

Owns: which reasons a reading leaves in a plan. Knows nothing about searches.
"""

from __future__ import annotations

from rag.notices import Notice
from rag.question.reading import Question


def reasons_of(question: Question) -> tuple[Notice, ...]:
    """Return what a message was read to be: what was left out, what is asked for, and how to answer."""
    reasons: list[Notice] = []
    if question.talk:
        return (Notice("plan-small-talk", {"talk": question.talk}),)
    if question.shortened:
        reasons.append(Notice("plan-question-found", {"question": question.asked}))
    if question.instructions:
        reasons.append(Notice("plan-instructions", {"instructions": list(question.instructions)}))
    values = {"kind": question.kind, "topic": question.topic, "sides": list(question.sides)}
    reasons.append(Notice("plan-kind", {**values, "type": question.answer_type or ""}))
    if question.sentences or question.items:
        reasons.append(Notice("plan-length", {"sentences": question.sentences, "items": question.items}))
    return tuple(reasons)
