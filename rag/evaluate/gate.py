"""The gate: may this run take the baseline's place?

Owns: the states PASS, FAIL, INCONCLUSIVE and INVALID, and the sentence that explains each. Knows nothing about files
and reports.

A bound is checked on the mean alone. A drop (a rise, where lower is better) is tested over the same cases in both runs:
it fails when it is larger than the rule's ``min_effect`` and significant after Holm over all metrics compared; larger
but not significant is INCONCLUSIVE. What cannot be compared is INVALID, whatever the figures say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import pstdev

from rag.evaluate.figures import Column, column_of, compare_all, is_lower_better
from rag.evaluate.metrics.abstention import SUITE_METRICS, suite_metrics
from rag.evaluate.metrics.table import find_meaning, measure_of
from rag.evaluate.statistics import RESAMPLES, cases_needed, smallest_p
from rag.evaluate.types import FEW_CASES, Comparison, GateFinding, GateRule, GateState, GateVerdict, Record

# For a suite that writes down no gate.
DEFAULT_RULES = (
    GateRule("right"),
    GateRule("citation_recall"),
    GateRule("false_refusal"),
    GateRule("wrong_on_unanswerable"),
    GateRule("pointer_validity", min=1.0),
    GateRule("quote_fidelity", min=1.0),
)
# Share of cases that may raise: with more a run says nothing.
MAX_ERRORS = 0.1
# The metric of a finding about the run as a whole.
WHOLE_RUN = "run"

_SEVERITY: tuple[GateState, ...] = ("PASS", "INCONCLUSIVE", "FAIL", "INVALID")
_EXIT_CODES: Mapping[GateState, int] = {"PASS": 0, "INCONCLUSIVE": 0, "FAIL": 1, "INVALID": 3}


def decide_gate(
    rules: Sequence[GateRule],
    records: Sequence[Record],
    baseline: Sequence[Record] | None = None,
    *,
    suite_sha256: str = "",
    baseline_suite_sha256: str = "",
    corpus_sha256: str = "",
    baseline_corpus_sha256: str = "",
    max_errors: float = MAX_ERRORS,
    resamples: int = RESAMPLES,
) -> GateVerdict:
    """Decide whether a run passes.

    Args:
        rules: What is demanded; without any, those of `DEFAULT_RULES` that apply to some case.
        records: The records of the run.
        baseline: The records that it is compared with; None where there is no baseline.
        suite_sha256: The hash of what was asked. All four hashes matter with a baseline only.
        baseline_suite_sha256: The same of the baseline.
        corpus_sha256: The hash of the files asked about.
        baseline_corpus_sha256: The same of the baseline.
        max_errors: The share of cases that may have raised, 0…1.
        resamples: How often each comparison draws.

    Returns:
        The verdict; its state is the worst of the findings'.
    """
    problems = _run_problems(records, max_errors, "This run")
    if baseline is not None:
        problems += _run_problems(baseline, max_errors, "The baseline")
        if suite_sha256 != baseline_suite_sha256:
            problems.append("The baseline is of another suite; accept a run of this one as its baseline.")
        elif corpus_sha256 != baseline_corpus_sha256:
            problems.append("The baseline's documents differ from this run's; accept a run over these as the baseline.")
        problems += _unshared_cases(records, baseline)
    if problems:
        return _verdict([GateFinding(WHOLE_RUN, "INVALID", problem) for problem in problems])
    runs = [records] if baseline is None else [records, baseline]
    rules = rules or [rule for rule in DEFAULT_RULES if all(column_of(run, rule.metric) for run in runs)]
    if not rules:
        reason = "No rule applies to these cases; write some in the suite's gate."
        return _verdict([GateFinding(WHOLE_RUN, "INVALID", reason)])
    columns = {rule.metric: [column_of(run, rule.metric) for run in runs] for rule in rules}
    findings = [finding for rule in rules for finding in _inapplicable(rule, records, columns[rule.metric])]
    inapplicable = {finding.metric for finding in findings}
    applicable = [rule for rule in rules if rule.metric not in inapplicable]
    findings += [finding for rule in applicable for finding in _check_bounds(rule, records, columns[rule.metric][0])]
    if baseline is None:
        return _verdict(findings)
    compared = list(dict.fromkeys(rule.metric for rule in applicable if _is_gated_by_drop(rule)))
    comparisons = compare_all(compared, records, baseline, resamples=resamples)
    by_metric = {comparison.metric: comparison for comparison in comparisons}
    for rule in applicable:
        if rule.metric in by_metric:
            current, before = columns[rule.metric]
            findings.append(_check_drop(rule, by_metric[rule.metric], current, before, len(by_metric)))
    return _verdict(findings, comparisons)


def exit_code(gate: GateVerdict) -> int:
    """Return 0 for PASS and INCONCLUSIVE, 1 for FAIL, 3 for INVALID."""
    return _EXIT_CODES[gate.state]


def _verdict(findings: Sequence[GateFinding], comparisons: tuple[Comparison, ...] = ()) -> GateVerdict:
    worst: GateState = max((finding.state for finding in findings), key=_SEVERITY.index, default="PASS")
    return GateVerdict(worst, tuple(findings), comparisons)


# -- what makes a run or a rule invalid --------------------------------------------------------------------------------


def _run_problems(records: Sequence[Record], max_errors: float, run: str) -> list[str]:
    """Return why a run says nothing; ``run`` is its name in the sentences."""
    if not records:
        return [f"{run} has no cases."]
    problems = []
    if len({record.id for record in records}) < len(records):
        problems.append(f"{run} has cases of the same id.")
    errors = [record for record in records if record.error]
    if len(errors) > max_errors * len(records):
        problems.append(
            f"{run}: {len(errors)} of {len(records)} cases raised an error, more than {max_errors:.0%}; "
            f"the first is {errors[0].id}: {errors[0].error}"
        )
    return problems


def _unshared_cases(records: Sequence[Record], baseline: Sequence[Record]) -> list[str]:
    """Return one sentence on the cases that are in one run only; empty when there is none."""
    ids, baseline_ids = (dict.fromkeys(record.id for record in run) for run in (records, baseline))
    unshared = [id_ for id_ in ids if id_ not in baseline_ids] + [id_ for id_ in baseline_ids if id_ not in ids]
    if not unshared:
        return []
    shown = ", ".join(unshared[:3]) + (", …" if len(unshared) > 3 else "")
    count = f"{len(unshared)} cases are" if len(unshared) > 1 else "1 case is"
    return [f"{count} in one of the two runs only ({shown}); run the whole suite."]


def _inapplicable(rule: GateRule, records: Sequence[Record], columns: Sequence[Column]) -> list[GateFinding]:
    """Return why a rule cannot be applied; empty when it can. ``columns``: the run's and, if any, the baseline's."""
    name = rule.metric
    unbounded = rule.min is None and rule.max is None
    if name in SUITE_METRICS:
        if unbounded:
            return [_invalid(name, "is a figure of the whole set: give it a min or a max.")]
        return [] if suite_metrics(records)[name] is not None else [_invalid(name, "is undefined for these cases.")]
    measured = dict.fromkeys(measured for record in records for measured in record.metrics)
    if name not in measured:
        names = [*measured, *SUITE_METRICS] if find_meaning(name) is None else _same_measure(name, list(measured))
        return [_invalid(name, f"is not a metric of this run; it has: {', '.join(names)}.")]
    if not all(columns):
        return [_invalid(name, "applies to no case; drop the rule, or add cases that it applies to.")]
    if any(not _is_finite_number(value) for column in columns for value in column.values()):
        return [_invalid(name, "holds what is not a number; run the suite again.")]
    if len(columns) == 2 and not columns[0].keys() & columns[1].keys():
        return [_invalid(name, "applies to no case in both runs.")]
    if unbounded and not _is_gated_by_drop(rule):
        return [_invalid(name, "is neither better nor worse when it changes: give it a min or a max.")]
    if unbounded and len(columns) == 1:
        return [GateFinding(name, "INCONCLUSIVE", f"{name}: there is no baseline to compare with.")]
    return []


def _invalid(name: str, reason: str) -> GateFinding:
    return GateFinding(name, "INVALID", f"{name} {reason}")


def _same_measure(name: str, measured: Sequence[str]) -> Sequence[str]:
    """Return the names of the same measure at other cut-offs or levels, or all names when there is none."""
    return [other for other in measured if measure_of(other) == measure_of(name)] or measured


def _is_finite_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _is_gated_by_drop(rule: GateRule) -> bool:
    """Tell whether a change can be for the worse. A metric that is not listed is a judge's: higher is better."""
    known = find_meaning(rule.metric)
    return rule.metric not in SUITE_METRICS and (known is None or known.better != "neither")


# -- bounds and drops --------------------------------------------------------------------------------------------------


def _check_bounds(rule: GateRule, records: Sequence[Record], column: Column) -> list[GateFinding]:
    """Return a finding for each bound of a rule."""
    mean, shown = _mean(rule.metric, records, column)
    findings = []
    for bound, limit, holds in (
        ("min", rule.min, rule.min is None or mean >= rule.min),
        ("max", rule.max, rule.max is None or mean <= rule.max),
    ):
        if limit is not None:
            verb = "keeps to" if holds else "misses"
            reason = f"{rule.metric} is {shown} and {verb} its {bound} of {limit:g}."
            findings.append(GateFinding(rule.metric, "PASS" if holds else "FAIL", reason))
    return findings


def _mean(name: str, records: Sequence[Record], column: Column) -> tuple[float, str]:
    """Return a figure, unrounded and in words."""
    if name in SUITE_METRICS:
        value = suite_metrics(records)[name] or 0.0
        return value, f"{value:.3f}"
    weights = {record.id: record.weight for record in records}
    # fsum, so that a mean of ones is 1.
    mean = math.fsum(weights[id_] * value for id_, value in column.items()) / math.fsum(weights[id_] for id_ in column)
    return mean, f"{mean:.3f} over {len(column)} cases"


def _check_drop(rule: GateRule, comparison: Comparison, current: Column, before: Column, compared: int) -> GateFinding:
    """Return the finding on the change of one metric, of ``compared`` in all."""
    name, change = rule.metric, comparison.difference
    harm = change if is_lower_better(name) else -change
    cases = comparison.wins + comparison.ties + comparison.losses
    applied = max(len(current), len(before))
    both = f", the others of {applied} in one run only" if applied > cases else ""
    moved = f"{name}: {comparison.baseline:.3f} → {comparison.current:.3f} over {cases} cases{both}"
    tested = f"95 % interval {comparison.low:+.3f} … {comparison.high:+.3f}, p {comparison.adjusted:.2g} after Holm"
    if harm <= rule.min_effect:
        few = f"; fewer than {FEW_CASES} cases are too few" if cases < FEW_CASES else ""
        return GateFinding(name, "PASS", f"{moved}, no change for the worse of more than {rule.min_effect:g}{few}.")
    if comparison.adjusted <= rule.alpha:
        return GateFinding(name, "FAIL", f"{moved}, worse by {harm:.3f}, more than {rule.min_effect:g} ({tested}).")
    differing = comparison.wins + comparison.losses
    reason = f"{moved}, worse by {harm:.3f} but undecided ({tested})"
    if smallest_p(differing) > rule.alpha:
        reason += f"; {differing} differing cases can give no p below {smallest_p(differing):.2g}"
    deviation = pstdev(value - before[id_] for id_, value in current.items() if id_ in before)
    needed = cases_needed(change, deviation, alpha=rule.alpha / compared)
    return GateFinding(name, "INCONCLUSIVE", f"{reason}; about {max(needed, cases + 1)} cases would decide it.")
