"""Choose the confidence from which a question is answered, on questions whose answers are known.

Owns: the rule that picks a threshold. Knows nothing about how confidence comes about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

FALSE_REFUSALS = 0.02
"""Of the answerable questions, the share that may be refused at the chosen threshold."""
DOUBTED = 0.1
"""Of the answerable questions, the share that may be refused or answered tentatively."""


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold does.

    Attributes:
        threshold: The confidence, 0…1, below which a question is refused.
        false_refusals: The share, 0…1, of the answerable questions that it refuses.
        refused: The share, 0…1, of the unanswerable questions that it refuses.
    """

    threshold: float
    false_refusals: float
    refused: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A chosen threshold and what it was chosen on.

    Attributes:
        chosen: The chosen threshold and what it does.
        points: Thresholds from 0.05 to 0.95 to compare it with.
        auroc: How well confidence tells the two kinds of questions apart, 0…1; 0.5 is chance.
        answerable: How many answerable questions there were.
        unanswerable: How many unanswerable ones.
    """

    chosen: Point
    points: tuple[Point, ...]
    auroc: float
    answerable: int
    unanswerable: int


def calibrate(answerable: Sequence[float], unanswerable: Sequence[float], most: float = FALSE_REFUSALS) -> Calibration:
    """Choose the threshold with the best balanced accuracy among those that refuse few answerable questions.

    That is the threshold with the largest difference of the two shares refused (Youden, "Index for rating diagnostic
    tests", 1950); of several, the lowest. A threshold lies half way between two confidences that were seen, so that
    neither stands on its edge.

    Args:
        answerable: Confidences, 0…1, of questions that the documents answer; not empty.
        unanswerable: Confidences of questions that they do not answer; not empty.
        most: The share, 0…1, of the answerable questions that may be refused.

    Returns:
        The chosen threshold, rounded to four digits, with others to compare it with.
    """
    confidences = sorted({0.0, *answerable, *unanswerable, 1.0})
    thresholds = [0.0, *((left + right) / 2 for left, right in pairwise(confidences))]
    points = [_point(threshold, answerable, unanswerable) for threshold in thresholds]
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

    It is the area under the receiver operating characteristic (Hanley and McNeil, "The Meaning and Use of the Area
    under a ROC Curve", 1982).

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
        sum(confidence < threshold for confidence in answerable) / len(answerable),
        sum(confidence < threshold for confidence in unanswerable) / len(unanswerable),
    )
