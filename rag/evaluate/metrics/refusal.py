"""Was the right case refused? Pure.

Owns: the measures of a refusal of one case; those of a whole set of cases stand in ``abstention``.
"""

from __future__ import annotations

from collections.abc import Mapping

from rag.evaluate.metrics.table import Meaning, Measured


class RefusalMetric:
    """Whether the answer is a refusal, and whether it should have been."""

    meanings: Mapping[str, Meaning] = {
        "refused": Meaning("neither", "the answer says that the documents do not hold it"),
        "false_refusal": Meaning("lower", "an answerable question was refused"),
        "wrong_on_unanswerable": Meaning("lower", "an unanswerable question was answered, and not tentatively"),
        "tentative": Meaning("neither", "an answer is shown that the documents may not hold"),
    }

    def measure(self, measured: Measured) -> dict[str, float | None]:
        """Return the four values; None for the one that the case is not of the kind for."""
        abstained, answerable = measured.answer.abstained, measured.case.answerable
        tentative = measured.answer.tentative
        return {
            "refused": float(abstained),
            "false_refusal": float(abstained) if answerable else None,
            "wrong_on_unanswerable": None if answerable else float(not abstained and not tentative),
            "tentative": float(tentative),
        }
