"""What a number of cases can show: how many would decide, and how large a drop is found.

Owns: the arithmetic before and after a comparison. The test itself is that of ``rag.evaluate.statistics``; both figures
here are normal approximations of its power, and ``tests.benchmarks.gate`` plays them out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

# The chance with which a change is to be found.
POWER = 0.8
# Beyond this a number of cases is no advice.
MOST_UNITS = 1_000_000
# A change is told to a tenth of a point.
_STEPS = 1000


def units_needed(
    harm: float, null_square: float, variance: float, *, level: float, min_effect: float = 0.0, extra: float = 1.0
) -> int | None:
    """Return how many units show a harm with a chance of `POWER`.

    Args:
        harm: How much worse the mean is, above 0.
        null_square: The variance of one unit in the test's standard error, such as the mean of d².
        variance: The variance of one unit's difference.
        level: Of the one-sided test.
        min_effect: What the harm must exceed besides.
        extra: The square of the differing case that the test adds.

    Returns:
        The number of units; None where more than `MOST_UNITS` are needed.
    """

    def is_enough(units: int) -> bool:
        return _chance(harm, units, null_square, variance, level, min_effect, extra) >= POWER

    return _first(is_enough, MOST_UNITS)


def smallest_detectable_drop(
    n: int, discordant: float = 0.1, *, level: float = 0.05, min_effect: float = 0.0
) -> float | None:
    """Return the smallest drop of a share that independent paired cases show with a chance of `POWER`.

    Args:
        n: How many cases.
        discordant: The share of them on which two equal runs differ.
        level: Of the one-sided test.
        min_effect: What the drop must exceed besides.

    Returns:
        A drop of 0…1, to a tenth of a point; None where no drop is found often enough.
    """

    def is_found(step: int) -> bool:
        drop = step / _STEPS
        square = min(1.0, discordant + drop)
        return _chance(drop, n, square, max(0.0, square - drop**2), level, min_effect, 1.0) >= POWER

    step = _first(is_found, _STEPS) if n else None
    return None if step is None else step / _STEPS


def _chance(
    harm: float, units: int, null_square: float, variance: float, level: float, min_effect: float, extra: float
) -> float:
    """Return the chance that a harm is significant and larger than ``min_effect``."""
    from scipy.special import stdtrit

    quantile = float(stdtrit(max(1, units - 1), 1 - level))
    threshold = max(min_effect, quantile * math.sqrt(null_square / units + extra / units**2))
    deviation = math.sqrt(variance / units)
    if not deviation:
        return float(harm > threshold)
    return NormalDist().cdf((harm - threshold) / deviation)


def _first(holds: Callable[[int], bool], most: int) -> int | None:
    """Return the first of 1…most for which something holds that holds for all that follow; None where none does."""
    if not holds(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
