"""Do the documents answer the question at all?

Owns: the confidence that the retrieved passages bear on the question, and the threshold below which Footnote says
that the documents do not hold the answer. Uses no language model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.evidence import coverage, term_weights
from rag.index import Index
from rag.text import query_terms
from rag.types import Evidence, Passage

# Below this confidence the documents are taken not to hold the answer.
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence is computed from, each about 0…1."""

    dense: float
    sentence: float
    coverage: float


# Coefficients of a logistic regression; see `tests/benchmarks/abstention.py`.
_INTERCEPT, _DENSE, _SENTENCE, _COVERAGE = -6.0, 5.0, 3.0, 4.0


def features(index: Index, question: str, passages: Sequence[Passage], evidence: Sequence[Evidence]) -> Features:
    """The features of a question and what was retrieved for it."""
    asked = query_terms(question)
    near = passages[:3]
    covered = coverage(asked, term_weights(index, asked), "\n".join(f"{p.context}\n{p.text}" for p in near))
    return Features(
        dense=max((p.scores["dense"] for p in passages), default=0.0),
        sentence=max((item.score for item in evidence), default=0.0),
        coverage=covered,
    )


def confidence(found: Features) -> float:
    """The probability, 0…1, that the passages hold the answer."""
    z = _INTERCEPT + _DENSE * found.dense + _SENTENCE * found.sentence + _COVERAGE * found.coverage
    return 1 / (1 + math.exp(-z))
