"""How well a judge agrees with people.

Owns: Cohen's kappa with its interval, the confusion matrix, and the threshold at which a graded verdict agrees best.
Pure; knows nothing about files and models.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.evaluate.statistics import wilson_interval

MIDDLE = 0.5
"""A value of 0…1 from here on is a yes."""
LEAST_LABELS = 30
"""Fewer labelled answers say nothing about a judge."""
LEAST_OF_A_KIND = 5
"""Nor do labels of which fewer than this are of one kind: a judge that always says the other would look good."""
_NORMAL = 1.959964
# What is added to each cell of the matrix for the interval: without it a matrix with an empty cell gives an interval
# that is too narrow (it holds the true kappa in 0.78 of the draws at n = 30; `tests.benchmarks.agreement`).
_CONTINUITY = 0.5
# Thresholds that are tried at most, spread over those that differ.
_MOST_THRESHOLDS = 200


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a person and the judge said what: ``yes_no`` is the person's yes and the judge's no."""

    yes_yes: int
    yes_no: int
    no_yes: int
    no_no: int

    @property
    def n(self) -> int:
        """How many answers."""
        return self.yes_yes + self.yes_no + self.no_yes + self.no_no

    @property
    def agreement(self) -> float:
        """The share of the answers on which both said the same."""
        return (self.yes_yes + self.no_no) / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well the values of one metric agree with a person's labels.

    Attributes:
        metric: The name of the metric.
        confusion: The counts at ``threshold``.
        threshold: A value of the metric from here on counts as a yes.
        is_enough: Whether there are enough labels of both kinds to say anything.
        kappa: Cohen's kappa; None where there are too few labels, or where one of both always says the same.
        low: Lower end of its 95 % interval; None where ``kappa`` is.
        high: Upper end of it.
        sensitivity: Of the person's yes the share that the judge called yes, with its 95 % interval.
        specificity: Of the person's no the share that the judge called no, likewise.
        best_threshold: The threshold with the highest kappa; None for verdicts of 0 and 1, or too few labels.
        best_kappa: The kappa there, which is too good: it was chosen on these labels.
        honest_kappa: The kappa where each answer is called by the best threshold of the others.
    """

    metric: str
    confusion: Confusion
    threshold: float
    is_enough: bool
    kappa: float | None = None
    low: float | None = None
    high: float | None = None
    sensitivity: tuple[float, float, float] | None = None
    specificity: tuple[float, float, float] | None = None
    best_threshold: float | None = None
    best_kappa: float | None = None
    honest_kappa: float | None = None


def measure_agreement(
    metric: str, labels: Sequence[float], values: Sequence[float], threshold: float = MIDDLE
) -> Agreement:
    """Compare the values of a metric with a person's labels.

    Args:
        metric: Its name.
        labels: One an answer, 0…1; from `MIDDLE` on it is a yes.
        values: The metric's value of each, 0…1.
        threshold: From where on a value is a yes.

    Returns:
        The agreement.

    Raises:
        ValueError: There are not as many values as labels.
    """
    said = [label >= MIDDLE for label in labels]
    confusion = confusion_of(said, [value >= threshold for value in values])
    yes, no = sum(said), len(said) - sum(said)
    if len(said) < LEAST_LABELS or min(yes, no) < LEAST_OF_A_KIND:
        return Agreement(metric, confusion, threshold, is_enough=False)
    kappa = cohen_kappa(confusion)
    low, high = kappa_interval(confusion) if kappa is not None else (None, None)
    best, best_kappa, honest = _fit(said, values)
    return Agreement(
        metric,
        confusion,
        threshold,
        True,
        kappa,
        low,
        high,
        (confusion.yes_yes / yes, *wilson_interval(confusion.yes_yes, yes)),
        (confusion.no_no / no, *wilson_interval(confusion.no_no, no)),
        best,
        best_kappa,
        honest,
    )


def confusion_of(labels: Sequence[bool], calls: Sequence[bool]) -> Confusion:
    """Count what was said.

    Args:
        labels: What a person said of each answer.
        calls: What the judge said.

    Returns:
        The counts.

    Raises:
        ValueError: There are not as many of both.
    """
    pairs = list(zip(labels, calls, strict=True))
    return Confusion(*(pairs.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))))


def cohen_kappa(confusion: Confusion) -> float | None:
    """Return the agreement beyond chance: (observed - expected) / (1 - expected) (Cohen, 1960).

    Args:
        confusion: The counts.

    Returns:
        -1…1; None where it is not defined, because one of both always says the same.
    """
    kappa = _kappa(confusion.yes_yes, confusion.yes_no, confusion.no_yes, confusion.no_no)
    one_sided = {confusion.yes_yes + confusion.yes_no, confusion.yes_yes + confusion.no_yes} <= {0, confusion.n}
    return None if one_sided else kappa


def kappa_interval(confusion: Confusion) -> tuple[float, float]:
    """Return the 95 % interval of kappa: Fleiss, Cohen and Everitt's (1969), over the counts and a half in each cell.

    Args:
        confusion: The counts.

    Returns:
        Its ends, within -1…1, which hold ``cohen_kappa``.
    """
    cells = [count + _CONTINUITY for count in (confusion.yes_yes, confusion.yes_no, confusion.no_yes, confusion.no_no)]
    n = math.fsum(cells)
    a, b, c, d = (cell / n for cell in cells)
    kappa = _kappa(a, b, c, d) or 0.0
    person, judge = (a + b, c + d), (a + c, b + d)
    expected = person[0] * judge[0] + person[1] * judge[1]
    agreeing = sum(share * (1 - (person[i] + judge[i]) * (1 - kappa)) ** 2 for i, share in enumerate((a, d)))
    differing = (1 - kappa) ** 2 * (b * (judge[0] + person[1]) ** 2 + c * (judge[1] + person[0]) ** 2)
    variance = agreeing + differing - (kappa - expected * (1 - kappa)) ** 2
    half = _NORMAL * math.sqrt(max(0.0, variance) / n) / (1 - expected)
    plain = cohen_kappa(confusion)
    shown = kappa if plain is None else plain
    return max(-1.0, min(kappa - half, shown)), min(1.0, max(kappa + half, shown))


def _kappa(yes_yes: float, yes_no: float, no_yes: float, no_no: float) -> float | None:
    n = yes_yes + yes_no + no_yes + no_no
    if not n:
        return None
    observed = (yes_yes + no_no) / n
    expected = ((yes_yes + yes_no) * (yes_yes + no_yes) + (no_yes + no_no) * (yes_no + no_no)) / n**2
    return (observed - expected) / (1 - expected) if expected < 1 else None


def _fit(labels: Sequence[bool], values: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    """Return the best threshold, its kappa, and the kappa of thresholds that are chosen without each answer in turn."""
    distinct = sorted(set(values))
    if len(distinct) < 3:
        return None, None, None
    thresholds = [(low + high) / 2 for low, high in pairwise(distinct)]
    thresholds = thresholds[:: math.ceil(len(thresholds) / _MOST_THRESHOLDS)]
    columns = [[value >= threshold for value in values] for threshold in thresholds]
    whole = [confusion_of(labels, calls) for calls in columns]
    best = _best(whole)
    honest = []
    for i, label in enumerate(labels):
        without = [_without(counts, label, calls[i]) for counts, calls in zip(whole, columns, strict=True)]
        honest.append(columns[_best(without)][i])
    return round(thresholds[best], 4), cohen_kappa(whole[best]), cohen_kappa(confusion_of(labels, honest))


def _best(counts: Sequence[Confusion]) -> int:
    """Return the position of the highest kappa, of equal ones that in the middle."""
    kappas = [cohen_kappa(one) for one in counts]
    highest = max(-1.0 if kappa is None else kappa for kappa in kappas)
    positions = [i for i, kappa in enumerate(kappas) if (-1.0 if kappa is None else kappa) == highest]
    return positions[len(positions) // 2]


def _without(counts: Confusion, label: bool, call: bool) -> Confusion:
    """Return counts without one answer."""
    return Confusion(
        counts.yes_yes - (label and call),
        counts.yes_no - (label and not call),
        counts.no_yes - (not label and call),
        counts.no_no - (not label and not call),
    )
