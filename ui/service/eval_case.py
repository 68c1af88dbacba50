"""Turn an answer of a conversation into a case of an evaluation suite.

Owns: what a person may choose for a case, what is proposed, and the id and the tag of the case. Which parts of an
answer are expected again is decided by ``rag.evaluate.suite.from_answer``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import UsageError
from rag.evaluate.suite.from_answer import case_from_answer
from rag.evaluate.types import Case, GoldEvidence
from rag.notices import Notice
from rag.serialize import answer_json
from rag.store.catalog import StoredTurn
from rag.types import Citation, Span

_LONGEST_SLUG = 48
_ID_TAIL = 6
# Sentences that are offered as evidence beside those that were cited.
_OFFERED = 8
_MOST_PHRASES, _LONGEST_PHRASE = 20, 400
_LONGEST_QUESTION = 4000


@dataclass(frozen=True, slots=True)
class OfferedEvidence:
    """A quote that may be the evidence of a case.

    Attributes:
        key: What names it in a form.
        span: The words and where they stand.
        is_proposed: Whether it is chosen until a person says otherwise.
    """

    key: str
    span: Citation | Span
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class CaseForm:
    """What a person sees before a case is made.

    Attributes:
        question: The question, as it stands alone.
        answerable: Whether the documents are taken to hold the answer.
        phrases: What should stand in the answer.
        evidence: The quotes that may be chosen.
    """

    question: str
    answerable: bool
    phrases: tuple[str, ...]
    evidence: tuple[OfferedEvidence, ...]


def case_form(turn: StoredTurn) -> CaseForm:
    """Return what is proposed for the case of an answer; of one that was rated down nothing is proposed as right."""
    answer = turn.answer
    is_wrong = turn.feedback is not None and turn.feedback.thumb == "down"
    expected = _expected(turn)
    proposed = {(item.source, item.start, item.end) for item in expected.evidence}
    spans: list[tuple[str, Citation | Span]] = [(f"c{citation.number}", citation) for citation in answer.citations]
    cited = {_place(span) for _, span in spans}
    further = [item.span for item in answer.evidence if _place(item.span) not in cited][:_OFFERED]
    spans += [(f"e{number}", span) for number, span in enumerate(further)]
    phrases = (answer.short_answer,) if answer.short_answer else expected.answers
    return CaseForm(
        question=_asked(turn),
        answerable=expected.answerable or is_wrong,
        phrases=() if is_wrong else phrases,
        evidence=tuple(OfferedEvidence(key, span, not is_wrong and _place(span) in proposed) for key, span in spans),
    )


def case_from_form(turn: StoredTurn, values: Mapping[str, Any]) -> Case:
    """Return the case that a person has described.

    Args:
        turn: The question with its answer.
        values: ``question``; ``answerable``; ``phrases`` and the keys of ``evidence`` as lists.

    Returns:
        The case; of a question that the documents do not answer neither phrases nor evidence are expected.

    Raises:
        UsageError: There is no question, or nothing that is expected of an answerable one.
    """
    question = _storable(str(values.get("question", "")))[:_LONGEST_QUESTION]
    if not any(character.isalnum() for character in question):
        raise UsageError(Notice("case-without-question"))
    described = json.dumps([question, values.get("answerable"), values.get("phrases"), values.get("evidence")])
    id_ = _id(question, turn, hashlib.sha256(described.encode()).hexdigest()[:_ID_TAIL])
    if values.get("answerable") is False:
        return Case(id_, question, answerable=False, tags=("chat",))
    lines = [_storable(line)[:_LONGEST_PHRASE] for line in _texts(values.get("phrases"))]
    phrases = [line for line in lines if line]
    chosen = set(_texts(values.get("evidence")))
    spans = [offered.span for offered in case_form(turn).evidence if offered.key in chosen]
    evidence = tuple(GoldEvidence(span.source, span.quote, span.start, span.end, span.page) for span in spans)
    if not phrases and not evidence:
        raise UsageError(Notice("case-expects-nothing"))
    return Case(id_, question, must_include=tuple(phrases[:_MOST_PHRASES]), evidence=evidence, tags=("chat",))


def is_case_of(id_: str, turn: StoredTurn) -> bool:
    """Return whether an id is one that a case of this turn has."""
    return id_.endswith(f"-{_tail(turn.id)}")


def _asked(turn: StoredTurn) -> str:
    """Return the question of a case: one that follows others as it was understood, so that the case stands alone."""
    return (turn.answer.standalone_question if turn.parent else "") or turn.question


def _expected(turn: StoredTurn) -> Case:
    """Return the case that expects what was answered: verified sentences and cited evidence, or an abstention."""
    question = _asked(turn)
    return case_from_answer({**answer_json(turn.answer), "question": question}, id_=_id(question, turn))


def _place(span: Citation | Span) -> tuple[str, int, int]:
    return span.source, span.start, span.end


def _texts(value: object) -> Sequence[str]:
    return [str(text) for text in value] if isinstance(value, list) else []


def _storable(text: str) -> str:
    """Return text that any file holds, without white space around it."""
    return text.encode("utf-8", "replace").decode().strip()


def _id(question: str, turn: StoredTurn, mark: str = "0") -> str:
    """Return a readable id; ``mark`` tells several cases of one answer apart, its end is that of the turn's own."""
    words = re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")
    slug = words[:_LONGEST_SLUG].rstrip("-") or "question"
    return f"{slug}-{mark}-{_tail(turn.id)}"


def _tail(id_: str) -> str:
    """Return the end of a turn's id, in characters that an id of a case may have."""
    return re.sub(r"[^A-Za-z0-9]", "0", id_)[-_ID_TAIL:].lower()
