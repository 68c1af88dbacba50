"""How far a figure can be trusted: intervals, paired comparisons, and what a number of cases can show.

Owns: resampling with a fixed seed, and the tests. Knows nothing about what a metric means. The resampling is our own,
not scipy's: results must be the same bytes for one seed, whatever the version of scipy, and clusters are drawn whole.

Cases of one cluster (one document, one conversation) are not independent: whole clusters are drawn and flipped. An
empty cluster name is a cluster of its own. All intervals are of 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

from rag.evaluate.types import Comparison, Figure

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

RESAMPLES = 10_000
# The seed of every bootstrap and test, so that the same records give the same results.
_SEED = 0
# The chance that a change is found, and the level of the test, in estimates of how many cases are needed.
_POWER, _ALPHA = 0.8, 0.05
# Differences up to which every combination of signs is tried: 2^18.
_EXACT = 18
# Random numbers in memory at a time.
_CELLS = 4_000_000
# Share of their size up to which two sums count as equal: the rounding of floating point.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class _Sample:
    """Values summed by cluster, the clusters in order of appearance.

    Attributes:
        sums: Σ weight · value of each cluster.
        weights: Σ weight of each cluster.
    """

    sums: Numbers
    weights: Numbers

    @property
    def mean(self) -> float:
        """The weighted mean of all values."""
        return float(self.sums.sum() / self.weights.sum())


def figure(
    metric: str,
    values: Sequence[float],
    clusters: Sequence[str] | None = None,
    weights: Sequence[float] | None = None,
    seed: int = _SEED,
    resamples: int = RESAMPLES,
) -> Figure:
    """Compute the (weighted) mean of a metric with its 95 % interval.

    The interval is Wilson's for values of 0 and 1 with one case a cluster and one weight; else the percentile bootstrap
    over clusters. Where that cannot vary (all values 0, or all 1) it is Wilson's over the clusters; where there is one
    cluster only, nothing is known: 0…1, or what was seen.

    Args:
        metric: Its name.
        values: One a case.
        clusters: The cluster of each case; None where each is its own.
        weights: The weight of each case; None where all are 1.
        seed: Of the bootstrap; the same seed gives the same interval.
        resamples: How often the bootstrap draws.

    Returns:
        The figure over all cases.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError(f"no values of {metric}")
    sample = _sample(values, clusters, weights)
    independent = len(sample.sums) == len(values) and len(set(weights or ())) <= 1
    constant = len(set(values)) == 1
    if set(values) <= {0, 1} and (independent or constant):
        low, high = wilson_interval(round(sample.mean * len(sample.sums)), len(sample.sums))
    elif len(sample.sums) == 1:
        low, high = min(0.0, *values, sample.mean), max(1.0, *values, sample.mean)
    else:
        low, high = _interval(sample, seed, resamples)
    return Figure(metric, sample.mean, low, high, len(values))


def compare(
    metric: str,
    ids: Sequence[str],
    baseline: Sequence[float],
    current: Sequence[float],
    clusters: Sequence[str] | None = None,
    weights: Sequence[float] | None = None,
    *,
    lower_is_better: bool = False,
    resamples: int = RESAMPLES,
) -> Comparison:
    """Compare two runs over the same cases.

    Args:
        metric: Its name.
        ids: The ids of the cases.
        baseline: The baseline's value of each case.
        current: The run's value of each case.
        clusters: The cluster of each case; None where each is its own.
        weights: The weight of each case; None where all are 1.
        lower_is_better: Whether a lower value is a win.
        resamples: How often the bootstrap and the test draw.

    Returns:
        The comparison. The interval is the percentile bootstrap's over clusters of the paired differences; for ``p``
        see `sign_flip`; ``adjusted`` is ``p`` until `holm` is applied.

    Raises:
        ValueError: There are no cases.
    """
    if not ids:
        raise ValueError(f"no cases to compare {metric} over")
    differences = [now - before for before, now in zip(baseline, current, strict=True)]
    sample = _sample(differences, clusters, weights)
    low, high = _interval(sample, _SEED, resamples)
    p = sign_flip([float(value) for value in sample.sums], resamples)
    gains = [-difference if lower_is_better else difference for difference in differences]
    better = tuple(name for name, gain in zip(ids, gains, strict=True) if gain > 0)
    worse = tuple(name for name, gain in zip(ids, gains, strict=True) if gain < 0)
    return Comparison(
        metric,
        _sample(baseline, clusters, weights).mean,
        _sample(current, clusters, weights).mean,
        sample.mean,
        low,
        high,
        p,
        p,
        wins=len(better),
        ties=len(ids) - len(better) - len(worse),
        losses=len(worse),
        better=better,
        worse=worse,
    )


def sign_flip(differences: Sequence[float], draws: int = RESAMPLES) -> float:
    """Test the hypothesis that each difference might as well have the other sign (Fisher, 1935).

    Exact where all are of one size (the sign test, for 0/1 metrics McNemar's) or few; else over random draws, with one
    added to both counts so that p is never 0 (Phipson and Smyth, 2010).

    Args:
        differences: One for each cluster of cases.
        draws: How many.

    Returns:
        The two-sided p-value.
    """
    sizes = [difference for difference in differences if difference]
    if not sizes:
        return 1.0
    largest = max(map(abs, sizes))
    if all(math.isclose(abs(size), largest, rel_tol=_ROUNDING) for size in sizes):
        from scipy.stats import binomtest

        return float(binomtest(sum(size > 0 for size in sizes), len(sizes)).pvalue)
    import numpy as np

    observed = abs(math.fsum(sizes)) - _ROUNDING * largest
    if len(sizes) <= _EXACT:
        sums = np.zeros(1)
        for size in sizes:
            sums = np.concatenate([sums + size, sums - size])
        return float(np.mean(np.abs(sums) >= observed))
    values, extreme = np.asarray(sizes), 0
    random = np.random.Generator(np.random.PCG64(_SEED))
    for rows in _blocks(draws, len(sizes)):
        signs = random.integers(0, 2, size=(rows, len(sizes)), dtype=np.int8) * 2.0 - 1.0
        extreme += int(np.sum(np.abs(signs @ values) >= observed))
    return (extreme + 1) / (draws + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted for all of them being looked at (Holm, 1979), in the order given."""
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, i in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
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


def smallest_detectable_change(n: int, discordant: float = 0.1) -> float:
    """Return the smallest change of a proportion that paired cases show at level `_ALPHA` with a chance of `_POWER`.

    (z₁₋α⸝₂ + z_power) · √(discordant / n), the usual approximation for McNemar's test.

    Args:
        n: How many cases.
        discordant: The share of them on which the two runs differ.

    Returns:
        A change of 0…1.
    """
    return min(1.0, _standard_errors(_ALPHA) * math.sqrt(discordant / n)) if n else 1.0


def cases_needed(difference: float, deviation: float, alpha: float = _ALPHA) -> int:
    """Return how many pairs show a mean difference with a chance of `_POWER`.

    Args:
        difference: The mean difference, not 0.
        deviation: The standard deviation of the differences of the pairs.
        alpha: The level of the test.

    Returns:
        The number of pairs.
    """
    return math.ceil((_standard_errors(alpha) * deviation / difference) ** 2)


def smallest_p(discordant: int) -> float:
    """Return the smallest two-sided p-value that so many differing pairs can give: 2 · 0.5^d; 0.05 needs six."""
    return min(1.0, 2 * 0.5**discordant)


# -- resampling --------------------------------------------------------------------------------------------------------


def _sample(values: Sequence[float], clusters: Sequence[str] | None, weights: Sequence[float] | None) -> _Sample:
    import numpy as np

    names = [name or f"\0{i}" for i, name in enumerate(clusters or [""] * len(values))]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    members = [numbers[name] for name in names]
    scale = np.asarray(weights if weights is not None else [1.0] * len(values), dtype=np.float64)
    sums, totals = np.zeros(len(numbers)), np.zeros(len(numbers))
    np.add.at(sums, members, scale * np.asarray(values, dtype=np.float64))
    np.add.at(totals, members, scale)
    return _Sample(sums, totals)


def _interval(sample: _Sample, seed: int, resamples: int) -> tuple[float, float]:
    """Return the percentile bootstrap's interval of the mean: whole clusters are drawn with replacement."""
    import numpy as np

    clusters = len(sample.sums)
    means = []
    for block, rows in enumerate(_blocks(resamples, clusters)):
        counts = _cluster_counts(clusters, rows, seed, block)
        means.append((counts @ sample.sums) / (counts @ sample.weights))
    low, high = np.quantile(np.concatenate(means), [0.025, 0.975])
    return float(low), float(high)


@lru_cache(maxsize=4)
def _cluster_counts(clusters: int, rows: int, seed: int, block: int) -> Numbers:
    """Return how often each cluster is drawn in each of ``rows`` resamples: an array rows × clusters.

    Cached, because many metrics are over the same cases.
    """
    import numpy as np

    random = np.random.Generator(np.random.PCG64([seed, block]))
    cells = random.integers(0, clusters, size=(rows, clusters)) + clusters * np.arange(rows)[:, None]
    return np.bincount(cells.ravel(), minlength=rows * clusters).reshape(rows, clusters).astype(np.float64)


def _blocks(rows: int, columns: int) -> Iterator[int]:
    """Yield how many of ``rows`` to draw at a time, so that a block fits the memory."""
    part = max(1, _CELLS // max(1, columns))
    for start in range(0, rows, part):
        yield min(part, rows - start)


def _standard_errors(alpha: float) -> float:
    """Return how many standard errors a difference must have to be found at a level with a chance of `_POWER`."""
    normal = NormalDist()
    return float(normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(_POWER))
