"""How a question is to be answered.

Owns: the options of one question, and what the settings say of them. Builds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.settings import Settings

if TYPE_CHECKING:
    from rag.answering.draft import Policy


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How one question is to be answered.

    Attributes:
        passages: How many passages are retrieved.
        sources: Globs; only sources that match one of them are searched. Empty: all sources.
        max_tokens: Most tokens that a strong model may write.
        threshold: The confidence, 0…1, below which the answer is an abstention; None: what the index was calibrated
            to, or else the scoring's.
        tentative: The confidence, 0…1, below which an answer is a tentative one; None: the scoring's.
        anyway: Whether a question that would be refused is answered tentatively.
        dense_weight: The share, 0…1, of the dense ranking in the fused one; None: what the index's scoring says.
        policy: What becomes of a model's sentence that the documents do not support; see ``rag.answering.draft``.
        checker: What checks a model's sentences, as the setting ``RAG_CHECKER``; empty: what the settings say.
        instructions: How the person wants answers written: tone, language, length. A strong model is given them after
            the rules; what it writes is checked as any other answer. Empty: none.
    """

    passages: int = 8
    sources: tuple[str, ...] = ()
    max_tokens: int = 1024
    threshold: float | None = None
    tentative: float | None = None
    anyway: bool = False
    dense_weight: float | None = None
    policy: Policy = "flag"
    checker: str = ""
    instructions: str = ""

    @classmethod
    def of(cls, settings: Settings, sources: Sequence[str] = (), anyway: bool = False) -> AnswerOptions:
        """Take the options from the settings.

        Args:
            settings: The settings of the program.
            sources: Globs of the sources to search; no setting names them.
            anyway: Whether a question that would be refused is answered tentatively.

        Returns:
            The options, with the default weight of the dense ranking.
        """
        return cls(
            passages=settings.top_k,
            sources=tuple(sources),
            max_tokens=settings.max_answer_tokens,
            threshold=settings.threshold,
            tentative=settings.tentative,
            anyway=anyway,
            policy=settings.policy,
        )
