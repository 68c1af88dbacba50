"""Answering a question that was read already, without a model: for the tests of what is gathered."""

from __future__ import annotations

from dataclasses import replace

from rag.answering.clock import Clock
from rag.answering.context import AnswerContext
from rag.answering.kinds.gathering import gather
from rag.answering.material import Material
from rag.answering.options import AnswerOptions
from rag.answering.writers.quotes import QuoteWriter
from rag.models.llm.model import Model
from rag.question.reading import Question
from rag.retrieval.search import SearchOptions
from rag.scoring.file import shipped_scoring
from rag.store.index import Index
from rag.types import Answer, Kind, Plan, PlannedSearch

# The confidence of the fake encoder means nothing: between these two every answer is a tentative one.
_THRESHOLD, _TENTATIVE = 0.0, shipped_scoring().answerability.tentative


def material_of(index: Index, kind: Kind, question: str, model: Model | None = None, **more: object) -> Material:
    """What is gathered for a question; ``more`` are fields of ``Question``, and ``sources`` that it names."""
    material, _ = _gathered(index, kind, question, model, **more)
    return material


def ask(index: Index, kind: Kind, question: str, **more: object) -> Answer:
    """The answer without a model; what must hold for each is checked."""
    material, context = _gathered(index, kind, question, None, **more)
    snapshot = Answer(question, question, kind=kind, language=context.language)
    snapshot = replace(snapshot, passages=material.selected.passages, notices=material.notices)
    *_, answer = QuoteWriter().write(snapshot, material, context)
    for sentence in answer.sentences:
        assert answer.answer[sentence.start : sentence.end] == sentence.text
        assert sentence.verdict == "not a claim" or sentence.citations
    for citation in answer.citations:
        document = index.catalog.document(citation.source_id)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote
    return answer


def quotes(answer: Answer) -> list[str]:
    """What an answer quotes, in order, a quote as often as it stands there."""
    by_number = {citation.number: citation.quote for citation in answer.citations}
    return [by_number[number] for sentence in answer.sentences for number in sentence.citations]


def _gathered(
    index: Index, kind: Kind, question: str, model: Model | None, **more: object
) -> tuple[Material, AnswerContext]:
    sources = tuple(more.pop("sources", ()))  # type: ignore[arg-type]
    threshold = float(more.pop("threshold", _THRESHOLD))  # type: ignore[arg-type]
    read = Question(question, question, kind, **more)  # type: ignore[arg-type]
    plan = Plan(kind, question, (PlannedSearch(question, sources),))
    options = AnswerOptions()
    search = SearchOptions(options.passages, options.sources, threshold, _TENTATIVE)
    context = AnswerContext(index, options, search, Clock(), read, plan, read.language, model)
    steps = gather(Answer(question, question), context)
    while True:
        try:
            next(steps)
        except StopIteration as stopped:
            return stopped.value, context
