"""Do the documents answer the question at all?

Owns: the confidence that the retrieved passages bear on the question, and the threshold below which Footnote says
that the documents do not hold the answer. Uses no language model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from rag.retrieval.evidence import RankedEvidence, coverage, term_weights
from rag.retrieval.question import question_terms
from rag.store.index import Index
from rag.types import Passage

# Below this confidence the documents are taken not to hold the answer: on ClapNQ it refuses 6 % of the answerable
# questions and 67 % of the near misses. `rag calibrate` finds another for an index.
THRESHOLD = 0.31
# Where a catalog keeps the threshold that `rag calibrate` found for it.
CALIBRATED = "threshold"


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence is computed from.

    ``dense``: the best cosine of a passage. ``coverage``: the share of the question's terms, by weight, in the best
    sentence. ``untitled``: the share of them that is not in the best passage's title, which every near miss has.
    ``alone`` and ``titled``: the cosine of the best sentence without its title, and of the title. ``lead``: the fused
    score of the best passage over the next four's. ``weakest``: see ``rag.retrieval.evidence``. ``absent``: 1 where a name or a
    number of the question stands in none of the passages, else 0.
    """

    dense: float
    coverage: float
    untitled: float
    alone: float
    titled: float
    lead: float
    weakest: float
    absent: float


# A logistic model with round coefficients, fitted to ClapNQ's 300 answerable and 300 near-miss questions and checked on
# the handbook's suite, and on Chroma's chunking questions with and without the passages that answer them: AUROC 0.91,
# 0.95 and 0.68; with the dense score, a sentence's similarity and its coverage alone 0.87 on ClapNQ, 0.65 on Chroma's.
# A larger coefficient of the lead would suit long documents better, and refuse more in a handbook, where many passages
# are alike.
_INTERCEPT = -9.2
_COEFFICIENTS = Features(
    dense=6.3, coverage=0.6, untitled=1.8, alone=3.8, titled=-1.9, lead=2.5, weakest=3.8, absent=-2.0
)


def threshold_of(index: Index, chosen: float | None = None) -> float:
    """The threshold that counts for an index: the chosen one, or the one it was calibrated to, or the shipped one."""
    if chosen is not None:
        return chosen
    calibrated = index.catalog.get(CALIBRATED)
    return float(calibrated) if calibrated else THRESHOLD


def features(
    index: Index, question: str, passages: Sequence[Passage], weighed: RankedEvidence, absent: Sequence[str] = ()
) -> Features:
    """The features of what was found for a question; ``absent`` are its names and numbers that were not."""
    if not passages or not weighed.sentences:
        return Features(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    asked = question_terms(question)
    fused = [passage.scores["fused"] for passage in passages[:5]]
    others = fused[1:] or [0.0]
    return Features(
        dense=max(passage.scores["dense"] for passage in passages),
        coverage=weighed.sentences[0].coverage,
        untitled=1 - coverage(asked, term_weights(index, asked), passages[0].title),
        alone=weighed.alone,
        titled=weighed.titled,
        lead=fused[0] - sum(others) / len(others),
        weakest=weighed.weakest,
        absent=float(bool(absent)),
    )


def confidence(found: Features) -> float:
    """The probability, 0…1, that the passages hold the answer."""
    pairs = zip(astuple(_COEFFICIENTS), astuple(found), strict=True)
    z = _INTERCEPT + sum(coefficient * value for coefficient, value in pairs)
    return 1 / (1 + math.exp(-z))
