"""Check the lines of a draft that were computed from an expression of the model's.

Owns: the verdict on such a line, which goes by its operands: the value is exact, since no model computed it. Knows
nothing about how expressions are computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.arithmetic import Computed, operands_supported
from rag.notices import Notice
from rag.types import Span
from rag.verify.checker import Checker, ClaimToCheck, Judgement


@dataclass(slots=True)
class ComputedLineChecker:
    """Judges computed lines by their operands, and leaves all other sentences to another checker.

    Attributes:
        checker: The other checker.
        computations: What was computed in the draft.
    """

    checker: Checker
    computations: Sequence[Computed]
    name: str = "computed"

    def check(self, claims: Sequence[ClaimToCheck]) -> Sequence[Judgement]:
        """Judge claims.

        Args:
            claims: The claims, with their evidence.

        Returns:
            A judgement on each; a computed line is *verified* where each operand stands in its evidence.
        """
        computed = {str(one): one for one in self.computations}
        others = [claim for claim in claims if claim.sentence not in computed]
        judged = iter(self.checker.check(others) if others else ())
        return [
            _judge(computed[claim.sentence], claim) if claim.sentence in computed else next(judged) for claim in claims
        ]


def _judge(computed: Computed, claim: ClaimToCheck) -> Judgement:
    for spans in (claim.named, claim.everything):
        if spans and operands_supported(computed.operands, spans):
            return Judgement("verified", _needed(computed, spans), checker="computed")
    return Judgement("unsupported", reason=Notice("operand-absent"), checker="computed")


def _needed(computed: Computed, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the first span for each operand, in the order of the operands."""
    needed: dict[Span, None] = {}
    for operand in computed.operands:
        holder = next((span for span in spans if operands_supported([operand], [span])), None)
        if holder is not None and not operands_supported([operand], []):
            needed[holder] = None
    return tuple(needed)
