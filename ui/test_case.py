"""A turn of a conversation as a case of an evaluation suite.

Owns: what of a turn is expected again. Knows nothing about suites and their files.
"""

from __future__ import annotations

import re

from rag.catalog import StoredTurn
from rag.evaluate.types import Anchor, Case
from rag.types import Answer

_LONGEST_SLUG = 48
_ID_TAIL = 6


def case_of(turn: StoredTurn) -> Case:
    """The case that expects what the turn answered: its verified sentences, its cited evidence, or its abstention.

    A question that leaned on earlier turns is asked as it was understood, so that the case stands alone.
    """
    answer = turn.answer
    question = answer.standalone_question or turn.question
    return Case(
        id=f"{_slug(question)}-{_tail(turn.id)}",
        question=question,
        answers=() if answer.abstained else _answers(answer),
        answerable=not answer.abstained,
        evidence=() if answer.abstained else _evidence(answer),
        tags=("chat",),
    )


def _answers(answer: Answer) -> tuple[str, ...]:
    """The verified sentences without their marks; quotes around a whole sentence are ours, too."""
    found: list[str] = []
    for sentence in answer.sentences:
        if sentence.verdict == "verified":
            marks = "".join(f" [{number}]" for number in sentence.citations)
            words = sentence.text.removesuffix(marks).strip()
            if words.startswith("“") and words.endswith("”"):
                words = words[1:-1].strip()
            if words:
                found.append(words)
    return tuple(dict.fromkeys(found))


def _evidence(answer: Answer) -> tuple[Anchor, ...]:
    """The spans that verified sentences cite: words a reader checked, unlike those of the other sentences."""
    cited = {number for sentence in answer.sentences if sentence.verdict == "verified" for number in sentence.citations}
    return tuple(
        Anchor(citation.source, citation.quote, page=citation.page)
        for citation in answer.citations
        if citation.number in cited
    )


def _slug(question: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")
    return words[:_LONGEST_SLUG].rstrip("-") or "question"


def _tail(id_: str) -> str:
    """The end of a turn's id, so that two turns of one question are two cases."""
    return re.sub(r"[^A-Za-z0-9]", "0", id_)[-_ID_TAIL:].lower()
