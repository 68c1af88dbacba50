"""When a fitted value moves. Pure.

The one-standard-error rule (Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees", 1984, section
3.4.3), with the value of today in the place of the simplest tree: a value moves only when others of its grid beat it
by more than one standard error of the paired difference. Of these it moves to the first of the grid, which goes from
simple to special, that the best of them does not beat by more than one standard error. Values are varied one at a time,
the others held, until none moves. So values that are round and stable stay, and a second fit from its own result
changes nothing: each move makes the score higher, so there is no circle.

A scoring that is in use is held: what the rule would change is written down and not taken, because every answer, every
calibrated threshold and every baseline of its users changes with it. Taking it is a decision (``--move``).

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

from rag.scoring.file import Move, value_paths

# In words, as it stands in the file.
IN_WORDS = (
    "A value moves only when others of its grid beat it by more than one standard error of the paired difference, then "
    "to the first of these within one standard error of the best; one value at a time, until none moves."
)

Group = TypeVar("Group")
Scores = npt.NDArray[np.float64]
Strata = tuple[Scores, ...]
# How much better the first is than the second, and the standard error of that.
Gain = Callable[[Strata, Strata], tuple[float, float]]


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
    now = score(present)
    scored = [(value, score(value)) for value in grid]
    better = [(value, strata) for value, strata in scored if _is_better(strata, now, gain)]
    if not better:
        return present
    # The first of several that are equally good.
    _, best = max(better, key=lambda pair: gain(pair[1], now)[0])
    return next(value for value, strata in better if not _is_better(best, strata, gain))


def _is_better(one: Strata, other: Strata, gain: Gain) -> bool:
    difference, error = gain(one, other)
    return difference > error


def fit_group(
    path: str,
    present: Group,
    grids: Mapping[str, Sequence[Any]],
    score: Callable[[Group], Strata],
    *,
    hold: bool,
    gain: Gain = mean_gain,
) -> tuple[Group, tuple[Move, ...]]:
    """A group of values after the rule was applied to each of ``grids``, until none moves.

    With ``hold``, the values of today, and what the rule would change. ``path`` is where the group stands.
    """
    fitted = _moved(present, grids, score, gain)
    if not hold or fitted == present:
        return fitted, ()
    return present, (move(path, present, fitted, *gain(score(fitted), score(present))),)


def move(path: str, present: Any, fitted: Any, difference: float, error: float) -> Move:
    """What changes from one group of values to another, with the gain and its standard error."""
    changed = {f"{path}.{name}": float(_value(fitted, name)) for name in _changed(present, fitted)}
    return Move(changed, round(difference, 4), round(error, 4))


def _moved(group: Group, grids: Mapping[str, Sequence[Any]], score: Callable[[Group], Strata], gain: Gain) -> Group:
    before: Group | None = None
    while group != before:
        before = group
        for name, grid in grids.items():

            def score_of(value: Any, name: str = name, group: Group = group) -> Strata:
                return score(replace(group, **{name: value}))  # type: ignore[type-var]

            group = replace(group, **{name: choose(grid, getattr(group, name), score_of, gain)})  # type: ignore[type-var]
    return group


def describe_moves(before: Any, after: Any) -> list[str]:
    """Which values moved, one line each."""
    return [f"{path}: {_value(before, path)} -> {_value(after, path)}" for path in _changed(before, after)]


def _changed(before: Any, after: Any) -> list[str]:
    return [path for path in value_paths(before) if _value(before, path) != _value(after, path)]


def _value(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = getattr(record, name)
    return record
