"""Whether one metric got worse than the baseline's: what is tested at which level, and the sentence that says so.

Owns: the correction for several metrics, and the finding on one comparison. Knows nothing about runs that cannot be
compared, nor about bounds.

A gate asks whether a run got worse, so its test is one-sided. ``right`` is the primary metric and gets most of the
level; the others are guards, which share the rest. A metric on which so few cases differ that it could not be
significant takes no part (Tarone, 1990).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.evaluate.figures import is_lower_better, is_share
from rag.evaluate.power import units_needed
from rag.evaluate.statistics import CASES, holm, upper_bound
from rag.evaluate.types import FEW_CASES, Comparison, GateFinding, GateRule

PRIMARY = "right"
# The part of the level that the primary metric gets where guards can be significant, too.
PRIMARY_SHARE = 0.9
# The rounding of floating point: a drop of exactly ``min_effect`` is not larger.
_ROUNDING = 1e-9


def with_gate_correction(comparisons: Sequence[Comparison], alphas: Mapping[str, float]) -> tuple[Comparison, ...]:
    """Return the comparisons with ``p_worse_adjusted``.

    Args:
        comparisons: Each metric that the gate looks at.
        alphas: The level of each metric.

    Returns:
        The same in their order. The adjustment is Holm's with weights: `PRIMARY_SHARE` for the primary metric, the rest
        for the guards in equal parts. Without a primary metric, or without guards, what is there shares the level.
    """
    able = [c for c in comparisons if c.p_least <= alphas[c.metric]]
    guards = sum(c.metric != PRIMARY for c in able)
    share = (1 - PRIMARY_SHARE) / guards if guards and guards < len(able) else 1.0
    weights = [PRIMARY_SHARE if c.metric == PRIMARY else share for c in able]
    adjusted = dict(zip((c.metric for c in able), holm([c.p_worse for c in able], weights), strict=True))
    return tuple(replace(c, p_worse_adjusted=adjusted.get(c.metric, c.p_worse)) for c in comparisons)


def check_drop(rule: GateRule, comparison: Comparison, applied: int) -> GateFinding:
    """Return the finding on the change of one metric.

    Args:
        rule: What is demanded.
        comparison: The metric in both runs, its p-value adjusted.
        applied: To how many cases the metric applies in either run.

    Returns:
        FAIL for a drop that is large and significant, INCONCLUSIVE for one that is large and could be chance unless it
        is surely smaller than the margin, else PASS.
    """
    c, name = comparison, comparison.metric
    cases = c.wins + c.ties + c.losses
    both = f", the others of {applied} in one run only" if applied > cases else ""
    moved = f"{name}: {c.baseline:.3f} → {c.current:.3f} over {counted(cases)}{both}"
    harm = c.difference if is_lower_better(name) else -c.difference
    # A share cannot fall by more than 1, whatever t says of two cases.
    most = 1.0 if is_share(name) else math.inf
    most_harm = min(most, upper_bound(harm, c.standard_error, c.freedom, rule.alpha))
    is_large = harm > rule.min_effect + _ROUNDING
    tested = f"one-sided p {_p(c.p_worse_adjusted)}, counted in {_unit(c)}"
    if is_large and c.p_worse_adjusted <= rule.alpha:
        return GateFinding(name, "FAIL", f"{moved}, worse by {harm:.3f}, more than {rule.min_effect:g} ({tested}).")
    if most_harm < rule.margin:
        most_gain = upper_bound(-harm, c.standard_error, c.freedom, rule.alpha)
        shown = "the same within" if most_gain < rule.margin else "no worse than"
        return GateFinding(name, "PASS", f"{moved}, {shown} {rule.margin:g} (worse by {most_harm:.3f} at most).")
    if not is_large:
        few = f"; fewer than {FEW_CASES} cases are too few" if cases < FEW_CASES else ""
        return GateFinding(
            name,
            "PASS",
            f"{moved}, no change for the worse of more than {rule.min_effect:g}; whether it is no worse than "
            f"{rule.margin:g} is open (worse by {most_harm:.3f} at most){few}.",
        )
    reason = f"{moved}, worse by {harm:.3f} but undecided ({tested})"
    if c.p_least > rule.alpha:
        reason += f"; {_differing(c.wins + c.losses)} can give no p below {_p(c.p_least)}"
    return GateFinding(name, "INCONCLUSIVE", f"{reason}; {_what_would_decide(rule, c, harm)}.")


def unit_notice(comparison: Comparison, documents: int) -> str:
    """Return what the test of a metric counts, and why.

    Args:
        comparison: The comparison.
        documents: How many documents and conversations its cases are about; 0 where none share one.

    Returns:
        One sentence; empty where cases are independent.
    """
    if not documents:
        return ""
    cases, name = comparison.wins + comparison.ties + comparison.losses, comparison.metric
    if comparison.unit != CASES:
        return (
            f"The test of {name} counts {_unit(comparison)} and not its {cases} cases, because cases of one changed "
            f"together: their mean varies {comparison.design_effect:.1f} times as much as that of independent cases."
        )
    if documents == 1:
        return (
            f"The test of {name} counts {_unit(comparison)}, because all are about one document or conversation: it "
            "speaks of questions about this one, and others may change otherwise."
        )
    return (
        f"The test of {name} counts {_unit(comparison)}, because those of one of the {documents} documents and "
        "conversations did not change together more than by chance."
    )


def _what_would_decide(rule: GateRule, c: Comparison, harm: float) -> str:
    """Return how many cases or groups would show the same harm, in words."""
    cases = c.wins + c.ties + c.losses
    # The share of the level that the metric has: its adjusted p-value is its own one divided by it.
    share = c.p_worse / c.p_worse_adjusted if 0 < c.p_worse_adjusted < 1 else PRIMARY_SHARE
    level = rule.alpha * min(1.0, share)
    square, extra = c.standard_error**2 * c.units, 0.0
    variance = square
    if c.unit == CASES:
        # What the test adds to Σ d², where the differing cases differ by the same.
        extra = square * cases / (c.wins + c.losses + 1)
        square = max(square - extra / cases, 0.0)
        variance = max(square - harm**2, 0.0)
    needed = units_needed(harm, square, variance, level=level, min_effect=rule.min_effect, extra=extra)
    if needed is None:
        return f"no number of cases would show that it exceeds {rule.min_effect:g}"
    like = "cases like these" if c.unit == CASES else f"{c.unit} with cases like these"
    return f"about {max(needed, c.units + 1)} {like} would decide it"


def counted(cases: int) -> str:
    """Return a number of cases in words."""
    return f"{cases} case" + "s" * (cases != 1)


def _differing(cases: int) -> str:
    return f"{cases} differing case" + "s" * (cases != 1)


def _unit(comparison: Comparison) -> str:
    return counted(comparison.units) if comparison.unit == CASES else f"{comparison.units} {comparison.unit}"


def _p(value: float) -> str:
    return f"{value:.2g}" if value >= 0.001 else "below 0.001"
