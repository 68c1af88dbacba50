"""How far a figure can be trusted: intervals and paired comparisons.

Owns: the formulas. Knows nothing about what a metric means, or which cases belong together. Nothing is drawn at random:
the same values give the same results.

Cases of one group (one document, one conversation) are not independent. The variance of a mean over groups is the
cluster-robust one without bias (CR2) with its own degrees of freedom (Bell and McCaffrey, 2002; Pustejovsky and Tipton,
2018), so that two or three documents give wide intervals in place of wrong ones. An empty group name is a group of its
own. All intervals are of 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.evaluate.types import Comparison, Figure

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

# Both tails outside of an interval.
_OUTSIDE = 0.05
# The unit of a comparison whose cases are independent.
CASES = "cases"


@dataclass(frozen=True, slots=True)
class _Spread:
    """The variance of a mean.

    Attributes:
        variance: Its estimate.
        freedom: Its degrees of freedom, 1 or more.
        units: How many units vary: cases or groups.
    """

    variance: float
    freedom: float
    units: int


def figure(
    metric: str, values: Sequence[float], clusters: Sequence[str] | None = None, weights: Sequence[float] | None = None
) -> Figure:
    """Compute the (weighted) mean of a metric with its 95 % interval.

    The interval is Wilson's for values of 0 and 1 with one case a cluster and one weight. Else it is Wilson's with the
    effective number of cases, m · (1 - m) ÷ variance, and the quantile of Student's t (Korn and Graubard, 1998; Dean
    and Pagano, 2015); for values beyond 0…1 it is m ± t · √variance. The variance is the larger one of that over
    clusters and that over cases. What never varies counts each cluster as one case. Of one cluster nothing is known:
    0…1, or what was seen.

    Args:
        metric: Its name.
        values: One a case.
        clusters: The cluster of each case; None where each is its own.
        weights: The weight of each case; None where all are 1.

    Returns:
        The figure over all cases.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError(f"no values of {metric}")
    y, scale, members = _arrays(values, weights, clusters)
    mean = float(scale @ y / scale.sum())
    groups = int(members.max()) + 1
    constant = len(set(values)) == 1
    if set(values) <= {0, 1} and (constant or (groups == len(values) and len(set(weights or ())) <= 1)):
        low, high = wilson_interval(round(mean * groups), groups)
    elif groups == 1:
        low, high = min(0.0, *values, mean), max(1.0, *values, mean)
    else:
        over_groups = _robust_spread(y - mean, scale, members)
        over_cases = _robust_spread(y - mean, scale, _each_alone(len(values)))
        variance = max(over_groups.variance, over_cases.variance)
        quantile = _quantile(over_groups.freedom, _OUTSIDE / 2)
        if _are_shares(values):
            effective = mean * (1 - mean) / variance if variance else groups
            low, high = _score_interval(mean, effective, quantile)
        else:
            low, high = mean - quantile * math.sqrt(variance), mean + quantile * math.sqrt(variance)
    return Figure(metric, mean, low, high, len(values))


def compare(
    metric: str,
    ids: Sequence[str],
    baseline: Sequence[float],
    current: Sequence[float],
    groupings: Mapping[str, Sequence[str]] | None = None,
    weights: Sequence[float] | None = None,
    *,
    lower_is_better: bool = False,
) -> Comparison:
    """Compare two runs over the same cases.

    The interval and the p-values are those of one test: t = difference ÷ standard error. Its unit is what varies most.
    Over cases the variance is that under "no difference" with one more differing case, (Σ d² + max d²) ÷ n², which is
    McNemar's for values of 0 and 1 but for that case: without it three losses and no gain would be significant. Over
    groups it is CR2. A group is the unit where its variance is larger than that of cases, so that few documents still
    allow a decision and documents that change as a whole are not mistaken for many cases.

    Args:
        metric: Its name.
        ids: The ids of the cases.
        baseline: The baseline's value of each case.
        current: The run's value of each case.
        groupings: By the name of a unit, such as ``documents``, the group of each case.
        weights: The weight of each case; None where all are 1.
        lower_is_better: Whether a lower value is a win.

    Returns:
        The comparison; the adjusted p-values are the plain ones until `holm` is applied.

    Raises:
        ValueError: There are no cases.
    """
    if not ids:
        raise ValueError(f"no cases to compare {metric} over")
    before, scale, _ = _arrays(baseline, weights, None)
    now, _, _ = _arrays(current, weights, None)
    differences = now - before
    total = float(scale.sum())
    difference = float(scale @ differences / total)
    shares = _are_shares([*baseline, *current])
    over_cases = _null_spread(differences, scale, 1.0 if shares else float(max(abs(before).max(), abs(now).max())))
    unit, spread = CASES, over_cases
    for name, groups in (groupings or {}).items():
        _, _, members = _arrays(baseline, weights, groups)
        count = int(members.max()) + 1
        if 1 < count < len(ids):
            over_groups = _robust_spread(differences - difference, scale, members)
            if over_groups.variance > spread.variance:
                unit, spread = name, over_groups
    error = math.sqrt(spread.variance)
    half = _quantile(spread.freedom, _OUTSIDE / 2) * error
    low, high = difference - half, difference + half
    gains = -differences if lower_is_better else differences
    p_worse = tail(float(scale @ gains) / total, error, spread.freedom)
    p = 2 * tail(-abs(difference), error, spread.freedom)
    least = tail(-float(scale @ abs(differences)) / total, math.sqrt(over_cases.variance), over_cases.freedom)
    better = tuple(name for name, gain in zip(ids, gains, strict=True) if gain > 0)
    worse = tuple(name for name, gain in zip(ids, gains, strict=True) if gain < 0)
    return Comparison(
        metric,
        float(scale @ before / total),
        float(scale @ now / total),
        difference,
        max(low, -1.0) if shares else low,
        min(high, 1.0) if shares else high,
        p,
        p,
        wins=len(better),
        ties=len(ids) - len(better) - len(worse),
        losses=len(worse),
        better=better,
        worse=worse,
        p_worse=p_worse,
        p_worse_adjusted=p_worse,
        p_least=least,
        standard_error=error,
        freedom=spread.freedom,
        unit=unit,
        units=spread.units,
        design_effect=spread.variance / over_cases.variance if over_cases.variance else 1.0,
    )


def tail(value: float, standard_error: float, freedom: float) -> float:
    """Return the chance that Student's t with ``freedom`` degrees is at most value ÷ standard error.

    Args:
        value: A mean difference.
        standard_error: Its standard error; where it is 0, only 0 is possible.
        freedom: Degrees of freedom.

    Returns:
        0…1, and 0.5 for a value of 0.
    """
    if not standard_error:
        return 0.5 if not value else float(value > 0)
    from scipy.special import stdtr

    return float(stdtr(freedom, value / standard_error))


def upper_bound(value: float, standard_error: float, freedom: float, alpha: float) -> float:
    """Return the one-sided upper confidence bound of a mean difference.

    Args:
        value: The mean difference.
        standard_error: Its standard error.
        freedom: Degrees of freedom.
        alpha: The chance that the truth lies above.

    Returns:
        value + t · standard error.
    """
    return value + _quantile(freedom, alpha) * standard_error


def holm(p_values: Sequence[float], weights: Sequence[float] | None = None) -> list[float]:
    """Return the p-values adjusted for all of them being looked at (Holm, 1979), in the order given.

    Args:
        p_values: The p-values.
        weights: How much of the level each gets; None where all get the same.

    Returns:
        The adjusted p-values.
    """
    shares = list(weights) if weights is not None else [1.0] * len(p_values)
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    left = math.fsum(shares)
    for i in sorted(range(len(p_values)), key=lambda i: p_values[i] / shares[i]):
        highest = max(highest, min(1.0, left * p_values[i] / shares[i]))
        adjusted[i] = highest
        left -= shares[i]
    return adjusted


def wilson_interval(successes: int, n: int) -> tuple[float, float]:
    """Compute the score interval of a proportion (Wilson, 1927).

    Args:
        successes: How many of the cases.
        n: How many cases.

    Returns:
        The ends of the 95 % interval; 0 and 1 without cases.
    """
    if not n:
        return 0.0, 1.0
    from scipy.stats import binomtest

    interval = binomtest(successes, n).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


# -- variances ---------------------------------------------------------------------------------------------------------


def _arrays(
    values: Sequence[float], weights: Sequence[float] | None, groups: Sequence[str] | None
) -> tuple[Numbers, Numbers, npt.NDArray[np.intp]]:
    """Return the values, their weights, and the number of each value's group, in order of appearance."""
    import numpy as np

    names = [name or f"\0{i}" for i, name in enumerate(groups or [""] * len(values))]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    scale = np.asarray(weights if weights is not None else [1.0] * len(values), dtype=np.float64)
    return np.asarray(values, dtype=np.float64), scale, np.asarray([numbers[name] for name in names], dtype=np.intp)


def _each_alone(n: int) -> npt.NDArray[np.intp]:
    import numpy as np

    return np.arange(n, dtype=np.intp)


def _robust_spread(residuals: Numbers, scale: Numbers, members: npt.NDArray[np.intp]) -> _Spread:
    """Return the CR2 variance of a weighted mean over two or more groups, with Bell and McCaffrey's degrees of freedom.

    With W the sum of weights, h = W_g ÷ W and r_g the weighted sum of a group's residuals the variance is
    Σ r_g² ÷ (1 - h) ÷ W². The degrees of freedom, (tr G)² ÷ tr G², are those where cases are independent: of equal
    groups their number less 1.
    """
    import numpy as np

    sums, totals = np.bincount(members, scale * residuals), np.bincount(members, scale)
    total = totals.sum()
    rest = 1 - totals / total
    variance = float((sums**2 / rest).sum() / total**2)
    parts = totals**2 / rest
    square = (totals**2).sum() + (parts.sum() ** 2 - (parts**2).sum()) / total**2
    return _Spread(variance, max(1.0, float(total**2 / square)), len(totals))


def _null_spread(differences: Numbers, scale: Numbers, largest: float) -> _Spread:
    """Return the variance of a mean of independent differences, were there none, with one more differing case.

    ``largest`` is the size of that case where no case differs.
    """
    squares = scale**2
    extra = float(abs(differences).max()) or largest
    variance = float(squares @ differences**2 + squares.mean() * extra**2) / float(scale.sum()) ** 2
    # Kish's effective number of cases, which is n for equal weights.
    return _Spread(variance, max(1.0, float(scale.sum() ** 2 / squares.sum()) - 1), len(differences))


def _are_shares(values: Sequence[float]) -> bool:
    return min(values) >= 0 and max(values) <= 1


def _score_interval(mean: float, effective: float, quantile: float) -> tuple[float, float]:
    """Return Wilson's interval for a share of an effective number of cases."""
    square = quantile**2 / effective
    middle = (mean + square / 2) / (1 + square)
    half = math.sqrt(square * (mean * (1 - mean) + square / 4)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def _quantile(freedom: float, above: float) -> float:
    """Return the value that Student's t exceeds with a chance of ``above``."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 1 - above))
