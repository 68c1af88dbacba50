"""The gate: may this run take the baseline's place?

Owns: the states PASS, FAIL, INCONCLUSIVE and INVALID, and the sentence that explains each. Knows nothing about files
and reports.

A bound is judged on the mean alone. A drop (a rise, where lower is better) is judged over the same cases in both runs:
it fails when it is larger than the rule's ``min_effect`` and significant after Holm over all metrics compared; larger
but not significant is INCONCLUSIVE. What cannot be compared is INVALID, whatever the figures say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.evaluate.metrics.abstention import SUITE_METRICS, suite_metrics
from rag.evaluate.metrics.table import metric, metric_value
from rag.evaluate.statistics import RESAMPLES, cases_needed, compare, figure, smallest_p, holm
from rag.evaluate.types import Comparison, Figure, GateFinding, GateRule, GateState, GateVerdict, Record

# For a suite that writes down no gate.
DEFAULT_RULES = (
    GateRule("right"),
    GateRule("citation_recall"),
    GateRule("false_refusal"),
    GateRule("wrong_on_unanswerable"),
    GateRule("pointer_validity", min=1.0),
    GateRule("quote_fidelity", min=1.0),
)
# With a larger share of cases that raised a run says nothing.
MAX_ERRORS = 0.1

# id → value, of the cases that a metric applies to.
Column = dict[str, float]

_SEVERITY: tuple[GateState, ...] = ("PASS", "INCONCLUSIVE", "FAIL", "INVALID")
_EXIT_CODES: Mapping[GateState, int] = {"PASS": 0, "INCONCLUSIVE": 0, "FAIL": 1, "INVALID": 3}
# The metric of a finding about the run as a whole.
WHOLE_RUN = "run"


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
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> GateVerdict:
    """The gate's word on ``records``, compared with those of ``baseline`` when there is one.

    Without rules those of `DEFAULT_RULES` that apply to some case are used. The hashes are of what was asked and of the
    files asked about; they matter with a baseline only. ``max_errors`` is the share of cases that may have raised. The
    state is the worst of the findings'.
    """
    problems = _problems(records, max_errors, "This run")
    if baseline is not None:
        problems += _problems(baseline, max_errors, "The baseline")
        if suite_sha256 != baseline_suite_sha256:
            problems.append("The baseline is of another suite; accept a run of this one as its baseline.")
        elif corpus_sha256 != baseline_corpus_sha256:
            problems.append("The baseline's documents differ from this run's; accept a run over these as the baseline.")
        problems += _other_cases(records, baseline)
    if problems:
        return _gate([GateFinding(WHOLE_RUN, "INVALID", problem) for problem in problems])
    runs = [records] if baseline is None else [records, baseline]
    rules = rules or [rule for rule in DEFAULT_RULES if all(_column(run, rule.metric) for run in runs)]
    if not rules:
        return _gate(
            [GateFinding(WHOLE_RUN, "INVALID", "No rule applies to these cases; write some in the suite's gate.")]
        )
    columns = {rule.metric: [_column(run, rule.metric) for run in runs] for rule in rules}
    findings = [finding for rule in rules for finding in _unfit(rule, records, columns[rule.metric])]
    unfit = {finding.metric for finding in findings}
    fit = [rule for rule in rules if rule.metric not in unfit]
    findings += [finding for rule in fit for finding in _bounds(rule, records, columns[rule.metric][0])]
    if baseline is None:
        return _gate(findings)
    gated = list(dict.fromkeys(rule.metric for rule in fit if _gated_by_drop(rule)))
    comparisons = compare_all(gated, records, baseline, seed=seed, resamples=resamples)
    found = {comparison.metric: comparison for comparison in comparisons}
    for rule in fit:
        if rule.metric in found:
            now, before = columns[rule.metric]
            findings.append(_drop(rule, found[rule.metric], now, before, len(found)))
    return _gate(findings, comparisons)


def exit_code(gate: GateVerdict) -> int:
    """0 for PASS and INCONCLUSIVE, 1 for FAIL, 3 for INVALID."""
    return _EXIT_CODES[gate.state]


def compute_figures(records: Sequence[Record], seed: int = 0, resamples: int = RESAMPLES) -> list[Figure]:
    """The figure of every metric that applies to some case, in the order of the names; errors count as wrong."""
    found: list[Figure] = []
    for name in dict.fromkeys(name for record in records for name in record.metrics):
        column = _column(records, name)
        if column:
            own = [record for record in records if record.id in column]
            clusters, weights = [record.cluster for record in own], [record.weight for record in own]
            found.append(figure(name, list(column.values()), clusters, weights, seed, resamples))
    return found


def compare_all(
    metrics: Sequence[str],
    records: Sequence[Record],
    baseline: Sequence[Record],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> tuple[Comparison, ...]:
    """The metrics compared, each over the cases to which it applies in both runs, and adjusted after Holm.

    A metric without such a case is left out.
    """
    found: list[Comparison] = []
    for name in metrics:
        now, before = _column(records, name), _column(baseline, name)
        own = [record for record in records if record.id in now and record.id in before]
        if own:
            found.append(
                compare(
                    name,
                    [record.id for record in own],
                    [before[record.id] for record in own],
                    [now[record.id] for record in own],
                    [record.cluster for record in own],
                    [record.weight for record in own],
                    lower_is_better=_lower_is_better(name),
                    seed=seed,
                    resamples=resamples,
                )
            )
    adjusted = holm([comparison.p for comparison in found])
    return tuple(replace(comparison, adjusted=p) for comparison, p in zip(found, adjusted, strict=True))


# -- what cannot be judged ---------------------------------------------------------------------------------------------


def _problems(records: Sequence[Record], max_errors: float, run: str) -> list[str]:
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


def _other_cases(records: Sequence[Record], baseline: Sequence[Record]) -> list[str]:
    one, other = (dict.fromkeys(record.id for record in run) for run in (records, baseline))
    alone = [name for name in one if name not in other] + [name for name in other if name not in one]
    if not alone:
        return []
    shown = ", ".join(alone[:3]) + (", …" if len(alone) > 3 else "")
    count = f"{len(alone)} cases are" if len(alone) > 1 else "1 case is"
    return [f"{count} in one of the two runs only ({shown}); run the whole suite."]


def _unfit(rule: GateRule, records: Sequence[Record], columns: Sequence[Column]) -> list[GateFinding]:
    """Why a rule cannot be applied; empty when it can. ``columns``: the run's and, if there is one, the baseline's."""
    name = rule.metric
    unbounded = rule.min is None and rule.max is None
    if name in SUITE_METRICS:
        if unbounded:
            return [_invalid(name, "is a figure of the whole set: give it a min or a max.")]
        return [] if suite_metrics(records)[name] is not None else [_invalid(name, "is undefined for these cases.")]
    written = dict.fromkeys(written for record in records for written in record.metrics)
    if name not in written:
        known = ", ".join([*written, *SUITE_METRICS]) if metric(name) is None else _alike(name, list(written))
        return [_invalid(name, f"is not a metric of this run; it has: {known}.")]
    if not all(columns):
        return [_invalid(name, "applies to no case; drop the rule, or add cases that it applies to.")]
    if any(not _number(value) for column in columns for value in column.values()):
        return [_invalid(name, "holds what is not a number; run the suite again.")]
    if len(columns) == 2 and not columns[0].keys() & columns[1].keys():
        return [_invalid(name, "applies to no case in both runs.")]
    if unbounded and not _gated_by_drop(rule):
        return [_invalid(name, "is neither better nor worse when it changes: give it a min or a max.")]
    if unbounded and len(columns) == 1:
        return [GateFinding(name, "INCONCLUSIVE", f"{name}: there is no baseline to compare with.")]
    return []


def _invalid(name: str, reason: str) -> GateFinding:
    return GateFinding(name, "INVALID", f"{name} {reason}")


def _alike(name: str, written: Sequence[str]) -> str:
    """The names of the same measure, or all when there is none."""
    same = [other for other in written if other.split("@")[0] == name.split("@")[0]]
    return ", ".join(same or written)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


# -- bounds and drops --------------------------------------------------------------------------------------------------


def _bounds(rule: GateRule, records: Sequence[Record], column: Column) -> list[GateFinding]:
    mean, seen = _mean(rule.metric, records, column)
    findings = []
    for bound, limit, kept in (
        ("min", rule.min, rule.min is None or mean >= rule.min),
        ("max", rule.max, rule.max is None or mean <= rule.max),
    ):
        if limit is not None:
            word = "keeps to" if kept else "misses"
            reason = f"{rule.metric} is {seen} and {word} its {bound} of {limit:g}."
            findings.append(GateFinding(rule.metric, "PASS" if kept else "FAIL", reason))
    return findings


def _mean(name: str, records: Sequence[Record], column: Column) -> tuple[float, str]:
    """A figure, unrounded and in words."""
    if name in SUITE_METRICS:
        value = suite_metrics(records)[name] or 0.0
        return value, f"{value:.3f}"
    weights = {record.id: record.weight for record in records}
    # fsum, so that a mean of ones is 1.
    mean = math.fsum(weights[at] * value for at, value in column.items()) / math.fsum(weights[at] for at in column)
    return mean, f"{mean:.3f} over {len(column)} cases"


def _drop(rule: GateRule, comparison: Comparison, now: Column, before: Column, compared: int) -> GateFinding:
    """The finding on one metric, of ``compared`` in all."""
    name, change = rule.metric, comparison.difference
    harm = change if _lower_is_better(name) else -change
    cases = comparison.wins + comparison.ties + comparison.losses
    applied = max(len(now), len(before))
    both = f", the others of {applied} in one run only" if applied > cases else ""
    moved = f"{name}: {comparison.baseline:.3f} → {comparison.current:.3f} over {cases} cases{both}"
    tested = f"95 % interval {comparison.low:+.3f} … {comparison.high:+.3f}, p {comparison.adjusted:.2g} after Holm"
    few = "; fewer than 30 cases are too few" if cases < 30 else ""
    if harm <= rule.min_effect:
        return GateFinding(name, "PASS", f"{moved}, no change for the worse of more than {rule.min_effect:g}{few}.")
    if comparison.adjusted <= rule.alpha:
        return GateFinding(name, "FAIL", f"{moved}, worse by {harm:.3f}, more than {rule.min_effect:g} ({tested}).")
    differing = comparison.wins + comparison.losses
    hopeless = (
        f"; {differing} differing cases can give no p below {smallest_p(differing):.2g}"
        if smallest_p(differing) > rule.alpha
        else ""
    )
    needed = cases_needed(change, _deviation(now, before), alpha=rule.alpha / compared)
    reason = f"{moved}, worse by {harm:.3f} but undecided ({tested}){hopeless}; about {max(needed, cases + 1)} cases"
    return GateFinding(name, "INCONCLUSIVE", f"{reason} would decide it.")


def _deviation(now: Column, before: Column) -> float:
    """The standard deviation of the paired differences."""
    differences = [value - before[at] for at, value in now.items() if at in before]
    mean = math.fsum(differences) / len(differences)
    return math.sqrt(math.fsum((difference - mean) ** 2 for difference in differences) / len(differences))


def _column(records: Sequence[Record], name: str) -> Column:
    values = {record.id: metric_value(record, name) for record in records}
    return {at: value for at, value in values.items() if value is not None}


def _lower_is_better(name: str) -> bool:
    found = metric(name)
    return found is not None and found.better == "lower"


def _gated_by_drop(rule: GateRule) -> bool:
    """Whether a change can be for the worse. A metric that is not listed is a judge's: higher is better."""
    found = metric(rule.metric)
    return rule.metric not in SUITE_METRICS and (found is None or found.better != "neither")


def _gate(findings: Sequence[GateFinding], comparisons: tuple[Comparison, ...] = ()) -> GateVerdict:
    worst: GateState = max((finding.state for finding in findings), key=_SEVERITY.index, default="PASS")
    return GateVerdict(worst, tuple(findings), comparisons)
