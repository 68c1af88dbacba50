"""Gather the passages and sentences that answer a question of fact.

Owns: the course of a look-up: search, select evidence, say how sure it is. Knows nothing about models.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

from rag.answering.answer_basis import bases_of, joined, short_answers_of
from rag.answering.answerable import open_ask_model
from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.extraction.bearing import bearing_in
from rag.answering.extraction.scope import core_terms
from rag.answering.mail_heads import mail_answer, mail_line, with_line
from rag.answering.material import Material
from rag.answering.numbered_items import item_answer, numbered_item, with_item
from rag.answering.quotes import compose_quotes, select_quotes, with_answered, without_beside
from rag.answering.short_answers.evidence_answer import lacks_cell, says_what_is_asked
from rag.answering.short_answers.types import Basis
from rag.answering.struck_out import without_struck_out
from rag.answering.subject import Subject, is_row_of_another_year
from rag.question.column_questions import ColumnQuestion, read_column_question
from rag.question.main_things import main_things
from rag.retrieval.search import SelectedEvidence, passages_holding, search, select_evidence
from rag.text import terms
from rag.types import Answer, Band, Evidence, Passage

# Behind the kind of the things that a question asks for.
_OF_WHAT = re.compile(r"\s(?:of|for|in|at|on|by|to|with|from|der|des|von|bei|zu[mr]?|für|im)\b|['’]s?\s", re.I)
# How sure it must be that passages are about a topic, where no sentence answers the question for it.
_TOLD = 0.5


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
    found = select_evidence(index, context.plan.question, parts, options, context.reranker, ask_model)
    if line := mail_line(index, found.question, found.passages):
        return _of_mail(line, found, context)
    if (asked := read_column_question(context.plan.question)) and (computed := _of_column(asked, found, context)):
        return computed
    item = numbered_item(index, found.question, found.passages)
    selected, is_struck_out = without_struck_out(index, with_item(found, item))
    lead_in = "struck-out-only" if is_struck_out else "nearest-only"
    bases = bases_of(selected, context)
    band = _band(selected, bases, context, is_struck_out)
    if band != "sure" and (topic := main_things(context.question.asked)):
        # No sentence answers it: what is said of the topic does.
        from rag.answering.kinds import summary

        asked_of_topic = replace(context, question=replace(context.question, topic=topic))
        told = yield from summary.gather(snapshot, asked_of_topic)
        is_sure = told.band == "sure" and told.selected.confidence >= _TOLD
        if is_sure and _names_kind(topic, told.selected.passages):
            return told
    of_item = item_answer(item) if item and not is_struck_out else None
    answers = [of_item] if of_item else short_answers_of(bases, index.scoring.short_answers)
    answered = [answer.span for answer in answers]
    quotes = with_answered(select_quotes(without_beside(selected, answered), index), answered, selected)
    if context.plan.kind == "how-to":
        # Imported late, as below: other questions need none of it.
        from rag.answering.steps import in_order_of_steps

        quotes = in_order_of_steps(quotes, selected.question, selected, index)
    if context.model is None or context.model.weak:
        # These quotes are what is cited; a strong model cites what it reads.
        pool = [passage for part in parts for passage in (*part.passages, *part.beyond)]
        passages = passages_holding(selected.passages, [*selected.passages, *pool], quotes, may_grow=True)
        selected = replace(selected, passages=passages)

    def compose() -> Composer:
        composer = compose_quotes(quotes, context.language, band, lead_in)
        composer.short_answer, composer.answered = joined(answers) or None, tuple(answered)
        return composer

    return Material(
        selected,
        band,
        compose,
        weak_words=True,
    )


def _names_kind(topic: str, passages: Sequence[Passage]) -> bool:
    """Tell whether passages have a word for what is asked for: a report without risks tells no "risks of Kestrel"."""
    kind = core_terms(_OF_WHAT.split(topic)[0])
    return not kind or any(stem in terms(f"{each.context} {each.text}") for each in passages for stem in kind)


def _of_column(asked: ColumnQuestion, found: SelectedEvidence, context: AnswerContext) -> Material | None:
    """Return the material of a question that a column of a table answers; None where it is not certain which cells."""
    from rag.answering.kinds.column import column_material

    return column_material(asked, found, context)


def _of_mail(line: Evidence, found: SelectedEvidence, context: AnswerContext) -> Material:
    """Return the material of a question that a line at the head of a mail answers."""
    confidence, band = bearing_in("sure", found.confidence, context.index, context.search_options)
    selected = replace(with_line(found, line), confidence=confidence, band=band)
    answer = mail_answer(line)

    def compose() -> Composer:
        composer = compose_quotes([line.span], context.language, band)
        composer.short_answer, composer.answered = (answer.text, (answer.span,)) if answer else (None, ())
        return composer

    return Material(selected, band, compose, weak_words=False)


def _band(selected: SelectedEvidence, bases: Sequence[Basis], context: AnswerContext, is_struck_out: bool) -> Band:
    """Return how the question is answered: a refused one that is to be answered anyway, with what comes nearest.

    What is said of other codes, days or names than the one asked for answers for sure only whether it is so: "Did the
    wheel cost 5,300?". A sentence that says "X is …" to "What is X?" answers it, however unsure the search was.
    Words that are struck out answer nothing for sure, and neither does what stands beside an empty cell of a table, nor
    a document that tells of nothing that the question names, or a row of other years.
    """
    if selected.band == "tentative" and not is_struck_out and bases and all(map(says_what_is_asked, bases)):
        return "sure"
    if selected.band == "refused" and context.options.anyway and selected.evidence:
        return "tentative"
    if selected.band == "sure" and (is_struck_out or any(map(lacks_cell, bases))):
        return "tentative"
    if selected.band == "sure" and len(selected.evidence_by_part) == 1 and selected.evidence:
        best = selected.evidence[0].span
        is_told = Subject(context.index, selected.question).is_told_in(best.source)
        if not is_told or is_row_of_another_year(selected.question, best):
            return "tentative"
    lacks = selected.band == "sure" and len(selected.evidence_by_part) == 1 and bool(selected.missing)
    limits = context.search_options
    may_be_tentative = limits.threshold < limits.tentative and context.question.kind != "yes-no"
    return "tentative" if lacks and may_be_tentative else selected.band
