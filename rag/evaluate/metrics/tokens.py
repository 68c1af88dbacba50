"""How much was read? Pure.

Owns: the numbers of tokens of what was retrieved and of what a model was sent.
"""

from __future__ import annotations

from collections.abc import Mapping

from rag.evaluate.metrics.table import Meaning, Measured


class TokensMetric:
    """How many tokens were retrieved and sent."""

    meanings: Mapping[str, Meaning] = {
        "context_tokens": Meaning("lower", "tokens of the passages retrieved", bounded=False),
        "prompt_tokens": Meaning("lower", "tokens sent to the model", bounded=False),
    }

    def measure(self, measured: Measured) -> dict[str, float | None]:
        """Return both counts; no prompt was sent where no model wrote."""
        answer, count = measured.answer, measured.count_tokens
        return {
            "context_tokens": float(sum(count(passage.text) for passage in answer.passages)),
            "prompt_tokens": float(count(answer.prompt)) if answer.prompt else None,
        }
