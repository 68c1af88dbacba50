"""Abstention and confidence over a whole set of cases. Pure.

Owns: the table of answered and refused cases, AUROC, risk–coverage and calibration. Knows nothing about how a single
case is measured.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.evaluate.types import Record
from rag.retrieval.calibration import auroc

# The figures of `suite_metrics`; only the last three are better when lower.
SUITE_METRICS = (
    "balanced_accuracy",
    "abstention_precision",
    "abstention_recall",
    "abstention_f1",
    "auroc",
    "aurc",
    "brier",
    "calibration_error",
)
# How many bins of equal width over 0…1 cases are sorted into by their confidence.
_BINS = 10


@dataclass(frozen=True, slots=True)
class AbstentionTable:
    """Numbers of cases: answerable or not, answered, refused or answered tentatively.

    A tentative answer is neither of the others. A case that raised counts as the wrong one.
    """

    answered_answerable: int = 0
    refused_answerable: int = 0
    answered_unanswerable: int = 0
    refused_unanswerable: int = 0
    tentative_answerable: int = 0
    tentative_unanswerable: int = 0


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Cases with a confidence of ``low``…``high``: how many, their mean confidence, the share that was right."""

    low: float
    high: float
    n: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class ConfidenceOutcomes:
    """The confidence of each answer and whether it was right, case by case.

    Attributes:
        confidences: 0…1 for each case.
        answerable: Whether the documents hold an answer to the case.
        right: What an answer (no refusal) given to the case scores, 0…1.
    """

    confidences: tuple[float, ...]
    answerable: tuple[bool, ...]
    right: tuple[float, ...]

    @property
    def losses(self) -> list[float]:
        """What an answer to each case loses, 0…1."""
        return [1 - right for right in self.right]


def abstention_table(records: Sequence[Record]) -> AbstentionTable:
    """Count the answered, refused and tentatively answered cases of a set."""
    counts = Counter(kind for record in records if (kind := _kind(record)))
    return AbstentionTable(**counts)


def _kind(record: Record) -> str:
    """Return the field of the table that a case counts in; empty where it was not measured."""
    false_refusal, wrong = record.metrics.get("false_refusal"), record.metrics.get("wrong_on_unanswerable")
    if false_refusal is None and wrong is None:
        return ""
    answerable = "answerable" if false_refusal is not None else "unanswerable"
    if record.metrics.get("tentative") and not record.error:
        return f"tentative_{answerable}"
    is_refused = bool(false_refusal) if false_refusal is not None else not wrong
    return f"{'refused' if is_refused else 'answered'}_{answerable}"


def confidence_outcomes(records: Sequence[Record]) -> ConfidenceOutcomes:
    """Collect the confidences of the cases that were answered or refused.

    Cases that raised or expect nothing are left out. Any answer to an unanswerable question is wrong, and so is a
    refusal of an answerable one.
    """
    judged = [r for r in records if not r.error and "confidence" in r.answer and r.metrics.get("right") is not None]
    answerable = tuple(record.metrics.get("false_refusal") is not None for record in judged)
    right = tuple(float(r.metrics["right"] or 0) if known else 0.0 for r, known in zip(judged, answerable, strict=True))
    return ConfidenceOutcomes(tuple(float(record.answer["confidence"]) for record in judged), answerable, right)


def suite_metrics(records: Sequence[Record]) -> dict[str, float | None]:
    """Measure a whole set of cases.

    balanced_accuracy: mean of the share of answerable cases answered, tentatively or not, and the share of unanswerable
    ones refused; a tentative answer is no refusal. abstention_…: precision, recall and F1 of the refusals as findings
    of unanswerable cases. auroc: the chance that an answerable case has more confidence than an unanswerable one. aurc:
    area under the risk–coverage curve. brier and calibration_error: of the confidence as the probability that an answer
    is right.

    Args:
        records: The records of a run.

    Returns:
        The figures by the names of `SUITE_METRICS`, each 0…1; None where one is undefined.
    """
    cells, outcomes = abstention_table(records), confidence_outcomes(records)
    shown = cells.answered_answerable + cells.tentative_answerable
    unanswerable = cells.refused_unanswerable + cells.answered_unanswerable + cells.tentative_unanswerable
    refused = cells.refused_unanswerable + cells.refused_answerable
    answered = _ratio(shown, shown + cells.refused_answerable)
    recall = _ratio(cells.refused_unanswerable, unanswerable)
    values = (
        None if answered is None or recall is None else (answered + recall) / 2,
        _ratio(cells.refused_unanswerable, refused),
        recall,
        _ratio(2 * cells.refused_unanswerable, refused + unanswerable) if unanswerable else None,
        auroc(outcomes.confidences, outcomes.answerable),
        aurc(outcomes.confidences, outcomes.losses),
        brier(outcomes.confidences, outcomes.right),
        calibration_error(outcomes.confidences, outcomes.right),
    )
    return dict(zip(SUITE_METRICS, values, strict=True))


def risk_coverage(confidences: Sequence[float], losses: Sequence[float]) -> list[tuple[float, float]]:
    """Compute the risk–coverage curve: the loss when only the most confident cases are answered.

    Geifman and El-Yaniv, "Selective Classification for Deep Neural Networks" (2017). Cases of equal confidence come in
    one by one with their mean loss, as in a random order.

    Args:
        confidences: One a case, 0…1.
        losses: What an answer to each case loses, 0…1.

    Returns:
        (coverage, risk) for each case, most confident first: the share of cases answered, and their mean loss.
    """
    points: list[tuple[float, float]] = []
    taken = lost = 0.0
    for _, group in groupby(sorted(zip(confidences, losses, strict=True), reverse=True), key=lambda pair: pair[0]):
        group_losses = [loss for _, loss in group]
        for _ in group_losses:
            taken, lost = taken + 1, lost + sum(group_losses) / len(group_losses)
            points.append((taken / len(confidences), lost / taken))
    return points


def aurc(confidences: Sequence[float], losses: Sequence[float]) -> float | None:
    """Compute the area under the risk–coverage curve.

    Args:
        confidences: One a case, 0…1.
        losses: What an answer to each case loses, 0…1.

    Returns:
        The mean risk over all coverages, lower is better; None without cases.
    """
    points = risk_coverage(confidences, losses)
    return sum(risk for _, risk in points) / len(points) if points else None


def reliability_bins(confidences: Sequence[float], outcomes: Sequence[float]) -> list[ReliabilityBin]:
    """Sort cases into bins of equal width over 0…1; a bin holds its upper edge only when it is 1.

    Args:
        confidences: One a case, 0…1.
        outcomes: How right each case is, 0…1.

    Returns:
        The bins that are not empty, in order.
    """
    members: dict[int, list[tuple[float, float]]] = {}
    for confidence, outcome in zip(confidences, outcomes, strict=True):
        members.setdefault(max(0, min(_BINS - 1, int(confidence * _BINS))), []).append((confidence, outcome))
    return [
        ReliabilityBin(
            low=number / _BINS,
            high=(number + 1) / _BINS,
            n=len(pairs),
            confidence=sum(confidence for confidence, _ in pairs) / len(pairs),
            right=sum(outcome for _, outcome in pairs) / len(pairs),
        )
        for number, pairs in sorted(members.items())
    ]


def brier(confidences: Sequence[float], outcomes: Sequence[float]) -> float | None:
    """Compute the Brier score (Brier, 1950). scikit-learn's takes outcomes of 0 and 1 only.

    Args:
        confidences: One a case, 0…1.
        outcomes: How right each case is, 0…1.

    Returns:
        The mean squared difference of confidence and outcome, 0…1; None without cases.
    """
    squares = [(confidence - outcome) ** 2 for confidence, outcome in zip(confidences, outcomes, strict=True)]
    return sum(squares) / len(squares) if squares else None


def calibration_error(confidences: Sequence[float], outcomes: Sequence[float]) -> float | None:
    """Compute the expected calibration error: mean |confidence - share right| over the bins, by their size.

    Args:
        confidences: One a case, 0…1.
        outcomes: How right each case is, 0…1.

    Returns:
        0…1; None without cases.
    """
    if not confidences:
        return None
    gaps = (b.n * abs(b.confidence - b.right) for b in reliability_bins(confidences, outcomes))
    return sum(gaps) / len(confidences)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
