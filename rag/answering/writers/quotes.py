"""Answer without a model: with what the material composes by itself.

Owns: nothing but that. Knows nothing about retrieval.
"""

from __future__ import annotations

from collections.abc import Iterator

from rag.answering.closing import finish_abstained, finish_composed
from rag.answering.context import AnswerContext
from rag.answering.material import Material
from rag.types import Answer


class QuoteWriter:
    """Composes an answer from the sources' own words; see ``rag.answering.writers.writer``."""

    prompt_id = ""

    def write(self, snapshot: Answer, material: Material, context: AnswerContext) -> Iterator[Answer]:
        """Compose the answer, or abstain.

        Args:
            snapshot: The answer so far, with its passages and evidence.
            material: What was gathered.
            context: The context of the answer.

        Yields:
            The finished answer.
        """
        if material.band == "refused":
            yield finish_abstained(snapshot, material, context)
        else:
            yield finish_composed(snapshot, material.compose(), material, context)
