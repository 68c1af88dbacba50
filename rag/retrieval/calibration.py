"""Choose the confidence from which a question is answered, on questions whose answers are known.

Owns: the rule that picks a threshold. Knows nothing about how confidence comes about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Of the answerable questions, the share that may be refused at the chosen threshold.
FALSE_REFUSALS = 0.1


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold does: the share of answerable questions it refuses wrongly, and of the others, rightly."""

    threshold: float
    false_refusals: float
    refused: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The chosen point, others to compare it with, and how well confidence tells the two kinds apart (AUROC)."""

    chosen: Point
    points: tuple[Point, ...]
    auroc: float
    answerable: int
    unanswerable: int


def calibrate(answerable: Sequence[float], unanswerable: Sequence[float], most: float = FALSE_REFUSALS) -> Calibration:
    """The threshold with the best balanced accuracy among those that wrongly refuse at most a share ``most``.

    ``answerable`` and ``unanswerable`` are confidences; both must not be empty. A threshold lies half way between two
    confidences that were seen, so that neither stands on its edge.
    """
    seen = sorted({0.0, *answerable, *unanswerable, 1.0})
    edges = [0.0, *((left + right) / 2 for left, right in pairwise(seen))]
    points = [_point(edge, answerable, unanswerable) for edge in edges]
    allowed = [point for point in points if point.false_refusals <= most]
    chosen = max(allowed, key=lambda point: (point.refused - point.false_refusals, -point.threshold))
    return Calibration(
        Point(round(chosen.threshold, 4), chosen.false_refusals, chosen.refused),
        tuple(_point(step / 20, answerable, unanswerable) for step in range(1, 20)),
        auroc([*answerable, *unanswerable], [True] * len(answerable) + [False] * len(unanswerable)) or 0.0,
        len(answerable),
        len(unanswerable),
    )


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Return the chance that a positive case scores above a negative one, ties counted half.

    Args:
        scores: One score a case.
        positive: Whether each case is a positive one, in the same order.

    Returns:
        A share 0…1, or None where one of the two kinds is absent.
    """
    if len(set(positive)) < 2:
        return None
    # Imported late: it takes a second, and only evaluation needs it.
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(positive, scores))


def _point(threshold: float, answerable: Sequence[float], unanswerable: Sequence[float]) -> Point:
    return Point(
        threshold,
        sum(value < threshold for value in answerable) / len(answerable),
        sum(value < threshold for value in unanswerable) / len(unanswerable),
    )
