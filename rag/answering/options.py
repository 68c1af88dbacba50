"""How a question is to be answered.

Owns: the options of one question, and the limits that hold for all. Builds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.draft import Policy
from rag.retrieval.fusion import DENSE_WEIGHT
from rag.settings import Settings

# Sentences of the evidence that an answer carries along, for whoever asks why.
EVIDENCE_SHOWN = 20

# What a model is shown of a question; the window must have room for the evidence.
QUESTION_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Options:
    """How a question is to be answered.

    ``threshold`` is the confidence below which it is not; None: the index's own, or the one that Footnote ships with.
    ``policy`` says what becomes of a model's sentence that the documents do not support.
    """

    passages: int = 8
    sources: tuple[str, ...] = ()
    max_tokens: int = 400
    threshold: float | None = None
    dense_weight: float = DENSE_WEIGHT
    policy: Policy = "strict"

    @classmethod
    def of(cls, settings: Settings, sources: Sequence[str] = ()) -> Options:
        """The options that the settings name."""
        return cls(
            passages=settings.top_k,
            sources=tuple(sources),
            max_tokens=settings.max_answer_tokens,
            threshold=settings.threshold,
            policy=settings.policy,
        )
