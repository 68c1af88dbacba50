"""What the short answer to a question, or to each of its parts, may rest on.

Owns: which evidence goes with which part of a question. Knows nothing about how a phrase is cut out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rag.answering.captions import caption_above
from rag.answering.context import AnswerContext
from rag.answering.empty_columns import empty_columns
from rag.answering.short_answers.evidence_answer import short_answer
from rag.answering.short_answers.phrases import MOST_WORDS
from rag.answering.short_answers.types import Basis, ShortAnswer
from rag.answering.struck_out import valid_evidence
from rag.answering.subject import Subject, told_of
from rag.question.reading import Question, read_again
from rag.retrieval.search import SelectedEvidence
from rag.scoring.values import ShortAnswers
from rag.types import Evidence


def bases_of(selected: SelectedEvidence, context: AnswerContext) -> Sequence[Basis]:
    """Return what the short answer to each part of a question may rest on.

    Args:
        selected: The evidence.
        context: The context of the answer.

    Returns:
        One for each part; none where a part of several was not answered.
    """
    parts = selected.evidence_by_part
    if len(parts) == 1:
        return [_basis(context.question, selected.question, parts[0], selected, context)]
    searches = context.plan.searches
    if len(parts) != len(searches):
        return []
    return [
        _basis(read_again(context.question, search.query), search.query, evidence, selected, context)
        for search, evidence in zip(searches, parts, strict=True)
    ]


def _basis(
    question: Question,
    asked: str,
    evidence: Sequence[Evidence],
    selected: SelectedEvidence,
    context: AnswerContext,
) -> Basis:
    """Return what the short answer to a part of a question may rest on.

    That is the evidence without what it strikes out, and without documents that tell of nothing that is asked about.
    """
    valid = valid_evidence(context.index, evidence, selected.passages)
    return Basis(
        question,
        asked,
        told_of(Subject(context.index, asked), valid.items),
        selected.confidence,
        selected.band != "sure",
        partial(caption_above, context.index),
        partial(empty_columns, context.index),
        valid.restored,
    )


def short_answers_of(bases: Sequence[Basis], limits: ShortAnswers) -> list[ShortAnswer]:
    """Return what the evidence answers in a phrase, without a model: "1841" and "Agnes Thorne" to two parts.

    Args:
        bases: What the short answer to each part of the question may rest on.
        limits: What a phrase's features weigh, and how likely it must be.

    Returns:
        The phrases of all parts; none where one of them is not sure enough, or where they are too long together.
    """
    found = [one for basis in bases if (one := short_answer(basis, limits))]
    is_short = len(joined(found).split()) <= MOST_WORDS
    return found if len(found) == len(bases) and is_short else []


def joined(answers: Sequence[ShortAnswer]) -> str:
    """Return short answers as one: "1841; Agnes Thorne"."""
    return "; ".join(answer.text for answer in answers)
