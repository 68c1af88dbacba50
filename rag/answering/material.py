"""What an answer is written from.

Owns: the record that the gathering of a kind of question hands to whoever writes the answer. Builds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rag.answering.composer import Composer
from rag.notices import Notice
from rag.retrieval.search import SelectedEvidence
from rag.types import Band, Kind


@dataclass(frozen=True, slots=True)
class Material:
    """What was gathered for a question.

    Attributes:
        selected: The passages and the evidence, best first; a strong model is given the passages in their order.
        band: Whether the documents hold the answer, for sure, perhaps, or not.
        compose: Composes the answer that needs no model: quotes, a table, or a summary of the source's own sentences.
        task: What a strong model is told beside the question, in a sentence; "" for nothing.
        weak_words: Whether a weak model may add words of its own; a summary or a list is beyond it.
        strong_words: Whether a strong model writes at all; a list from the catalog needs none.
        reads_all: Whether a strong model must read all passages, in parts where they exceed its window; otherwise it
            reads the first ones that fit. See ``rag.answering.writers.long_reading``.
        notices: What the reader must know beside the answer.
        kind: What the question turned out to ask for; None: what the plan says.
    """

    selected: SelectedEvidence
    band: Band
    compose: Callable[[], Composer]
    task: str = ""
    weak_words: bool = False
    strong_words: bool = True
    reads_all: bool = False
    notices: tuple[Notice, ...] = field(default=())
    kind: Kind | None = None
