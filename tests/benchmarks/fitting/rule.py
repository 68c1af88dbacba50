"""When a fitted value moves. Pure.

The one-standard-error rule (Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees", 1984, section
3.4.3), with the value of today in the place of the simplest tree: a value moves only when the best of its grid beats it
by more than one standard error of the paired difference. Then it moves to the first value of the grid, which goes from
simple to special, that the best does not beat by more than one standard error. Values are varied one at a time, the
others held, until none moves. So values that are round and stable stay, and a second fit from its own result changes
nothing.

A difference is paired: both settings are scored on the same questions. Scores come in strata, such as one a data set or
one a kind of question; each stratum counts the same, however many questions it has.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

# In words, as it stands in the file.
IN_WORDS = (
    "A value moves only when the best of its grid beats it by more than one standard error of the paired difference, "
    "then to the first of the grid within one standard error of the best; one value at a time, until none moves."
)

Group = TypeVar("Group")
Scores = npt.NDArray[np.float64]
Strata = tuple[Scores, ...]
# How much better the first is than the second, and the standard error of that.
Gain = Callable[[Strata, Strata], tuple[float, float]]

# More rounds than this are a circle.
_ROUNDS = 10


def mean_gain(better: Strata, than: Strata) -> tuple[float, float]:
    """The difference of means over the strata, and its standard error."""
    differences = [one - other for one, other in zip(better, than, strict=True)]
    error = math.sqrt(sum(float(np.var(each, ddof=1)) / len(each) for each in differences)) / len(differences)
    return float(np.mean([each.mean() for each in differences])), error


def auroc_gain(better: Strata, than: Strata) -> tuple[float, float]:
    """The difference of two AUROCs and its standard error, from placements (see ``placements``).

    DeLong, DeLong and Clarke-Pearson, "Comparing the Areas under Two or More Correlated Receiver Operating
    Characteristic Curves" (1988).
    """
    differences = [one - other for one, other in zip(better, than, strict=True)]
    error = math.sqrt(sum(float(np.var(each, ddof=1)) / len(each) for each in differences))
    return float(differences[0].mean()), error


def placements(scores: Scores, positive: npt.NDArray[np.bool_]) -> Strata:
    """For each positive the share of negatives below it, and for each negative the share of positives above it.

    Ties count half. The mean of either is the AUROC.
    """
    above = np.sign(scores[positive][:, None] - scores[~positive][None, :]) / 2 + 0.5
    return above.mean(axis=1), above.mean(axis=0)


def choose(grid: Sequence[Any], present: Any, score: Callable[[Any], Strata], gain: Gain = mean_gain) -> Any:
    """The value of a grid that the rule takes; ``grid`` goes from simple to special, ``present`` may be outside it."""
    scored = [(value, score(value)) for value in dict.fromkeys([*grid, present])]
    now = next(strata for value, strata in scored if value == present)
    # The first of several that are equally good.
    _, best = max(scored, key=lambda pair: gain(pair[1], now)[0])
    difference, error = gain(best, now)
    if difference <= error:
        return present
    for value, strata in scored:
        difference, error = gain(best, strata)
        if difference <= error:
            return value
    raise AssertionError("the best is within one standard error of itself")


def fit_group(
    group: Group, grids: Mapping[str, Sequence[Any]], score: Callable[[Group], Strata], gain: Gain = mean_gain
) -> Group:
    """A group of values after the rule was applied to each of ``grids``, until none moves."""
    for _ in range(_ROUNDS):
        before = group
        for name, grid in grids.items():

            def score_of(value: Any, name: str = name, group: Group = group) -> Strata:
                return score(replace(group, **{name: value}))  # type: ignore[type-var]

            group = replace(group, **{name: choose(grid, getattr(group, name), score_of, gain)})  # type: ignore[type-var]
        if group == before:
            return group
    raise RuntimeError(f"the values of {type(group).__name__} go in a circle")


def describe_moves(before: Any, after: Any) -> list[str]:
    """Which values moved, one line each."""
    from rag.scoring.file import value_paths

    def value(record: Any, names: str) -> Any:
        for name in names.split("."):
            record = getattr(record, name)
        return record

    return [
        f"{names}: {value(before, names)} -> {value(after, names)}"
        for names in value_paths(before)
        if value(before, names) != value(after, names)
    ]
