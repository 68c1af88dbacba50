"""A checker that vouches for a sentence only where a source has it word for word: ``exact``, ``exact:words``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.checkers import CheckerContext
from rag.errors import UsageError
from rag.notices import Notice
from rag.verify.checker import ClaimToCheck, Judgement

NOT_EXACT = Notice("not-exact", {"text": "No source says this word for word."})


class ExactChecker:
    name = "exact"

    def __init__(self, argument: str, context: CheckerContext) -> None:
        if argument not in ("", "words"):
            raise UsageError(f"The checker exact knows no {argument!r}; write exact, or exact:words.")
        self._words_only = argument == "words"

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        return [self._judge(claim) for claim in claims]

    def _judge(self, claim: ClaimToCheck) -> Judgement:
        sentence = self._plain(claim.sentence)
        exact = tuple(span for span in claim.named if sentence in self._plain(span.quote))
        if exact:
            return Judgement("verified", exact, confidence=1.0)
        return Judgement("unsupported", reason=NOT_EXACT, confidence=0.0)

    def _plain(self, text: str) -> str:
        """Return what is compared: the text with single spaces, or its words alone."""
        return " ".join(re.findall(r"\w+", text.lower()) if self._words_only else text.split())
