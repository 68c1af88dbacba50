"""Gather the passages and sentences that answer a question of fact.

Owns: the course of a look-up: search, select evidence, say how sure it is. Knows nothing about models.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from rag.answering.answer_basis import joined, short_answers_of
from rag.answering.answerable import open_ask_model
from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.material import Material
from rag.answering.quotes import compose_quotes, select_quotes, with_answered_rows
from rag.retrieval.search import SelectedEvidence, passages_holding, search, select_evidence
from rag.types import Answer, Band


def gather(snapshot: Answer, context: AnswerContext) -> Generator[Answer, None, Material]:
    """Search for each part of the question and select the evidence.

    Args:
        snapshot: The answer so far, with its plan.
        context: The context of the answer.

    Yields:
        The answer with the passages that were found.

    Returns:
        The material.
    """
    index, options = context.index, context.search_options
    parts = search(index, context.plan, options, context.reranker)
    yield context.clock.stamp(replace(snapshot, passages=parts[0].passages, state="reading"), "retrieve_ms")
    ask_model = open_ask_model(context.model, index.settings)
    selected = select_evidence(index, context.plan.question, parts, options, context.reranker, ask_model)
    band = _band(selected, context)
    answers = short_answers_of(selected, context)
    answered = [answer.span for answer in answers]
    quotes = with_answered_rows(select_quotes(selected, index), answered, selected)
    if context.model is None or context.model.weak:
        # These quotes are what is cited; a strong model cites what it reads.
        pool = [passage for part in parts for passage in (*part.passages, *part.beyond)]
        passages = passages_holding(selected.passages, [*selected.passages, *pool], quotes, may_grow=True)
        selected = replace(selected, passages=passages)

    def compose() -> Composer:
        composer = compose_quotes(quotes, context.language, band)
        composer.short_answer, composer.answered = joined(answers) or None, tuple(answered)
        return composer

    return Material(
        selected,
        band,
        compose,
        weak_words=True,
    )


def _band(selected: SelectedEvidence, context: AnswerContext) -> Band:
    """Return how the question is answered: a refused one that is to be answered anyway, with what comes nearest.

    What is said of other codes, days or names than the one asked for answers for sure only whether it is so: "Did the
    wheel cost 5,300?".
    """
    if selected.band == "refused" and context.options.anyway and selected.evidence:
        return "tentative"
    lacks = selected.band == "sure" and len(selected.evidence_by_part) == 1 and bool(selected.missing)
    limits = context.search_options
    may_be_tentative = limits.threshold < limits.tentative and context.question.kind != "yes-no"
    return "tentative" if lacks and may_be_tentative else selected.band
