"""A metric: how many words an answer has, and whether that is short enough."""

from __future__ import annotations

from collections.abc import Mapping

from rag.evaluate.metrics.table import Meaning, Measured

SHORT = 40


class LengthMetric:
    meanings: Mapping[str, Meaning] = {
        "answer_words": Meaning("neither", "words of an answer that is no refusal", bounded=False),
        "short": Meaning("higher", f"answers of at most {SHORT} words"),
    }

    def measure(self, measured: Measured) -> dict[str, float | None]:
        if measured.answer.abstained:
            return {"answer_words": None, "short": None}
        words = len(measured.answer.answer.split())
        return {"answer_words": float(words), "short": float(words <= SHORT)}
