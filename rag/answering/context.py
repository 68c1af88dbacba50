"""What the steps of one answer share.

Owns: the record that is handed from step to step. Builds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.answering.clock import Clock
from rag.answering.options import AnswerOptions
from rag.models.llm.metering import Meter
from rag.models.llm.model import Model
from rag.question.reading import Question
from rag.retrieval.passages import Reranker
from rag.retrieval.search import SearchOptions
from rag.store.index import Index
from rag.types import Plan


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What holds for one answer, whoever gathers its material and writes it.

    Attributes:
        index: The index that is asked.
        options: How the question is to be answered.
        search_options: How it is searched for.
        clock: The clock that was started when the question came.
        question: The question as it was read; it stands alone.
        plan: What is done about it.
        language: The language of the answer, ``en`` or ``de``.
        model: The open language model; None without one.
        reranker: Scores the retrieved passages once more; None for none.
        meter: What the calls of language models cost so far.
    """

    index: Index
    options: AnswerOptions
    search_options: SearchOptions
    clock: Clock
    question: Question
    plan: Plan
    language: str
    model: Model | None = None
    reranker: Reranker | None = None
    meter: Meter = field(default_factory=Meter)
