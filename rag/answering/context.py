"""What the steps of one answer share.

Owns: the two records that are handed from step to step. Builds nothing.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from rag.answering.clock import Clock
from rag.answering.options import AnswerOptions
from rag.models.llm.model import Model
from rag.prompts import Prompt
from rag.retrieval.search import SelectedEvidence
from rag.store.index import Index
from rag.verify.verdict import Entailment


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What holds for one answer, whoever writes it.

    Attributes:
        index: The index that is asked.
        options: How the question is to be answered.
        clock: The clock that was started when the question came.
        selected: The evidence that the answer may rest on.
        language: The language of the question, ``en`` or ``de``.
    """

    index: Index
    options: AnswerOptions
    clock: Clock
    selected: SelectedEvidence
    language: str


@dataclass(frozen=True, slots=True)
class Writer:
    """A language model that is about to write an answer, and what checks its words.

    Attributes:
        model: The open language model.
        prompt: The prompt with places for the evidence and the question.
        entailment: The model that is asked where the rules leave a verdict open.
        cancel: Set by the caller to end the writing early; None where nobody can.
    """

    model: Model
    prompt: Prompt
    entailment: Entailment
    cancel: threading.Event | None = None
