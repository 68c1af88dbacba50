"""The gate: may this run take the baseline's place?

Owns: the states PASS, FAIL, INCONCLUSIVE and INVALID, and the sentence that explains each. Knows nothing about files
and reports.

A bound is checked on the mean alone. A drop (a rise, where lower is better) is tested over the cases that both runs
have: it fails when it is larger than the rule's ``min_effect`` and significant; larger but not significant is
INCONCLUSIVE, unless it is surely below the rule's ``margin``. A run or a baseline without evidence is INVALID, whatever
the figures say; that cases or documents were added or changed is a notice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from rag.evaluate.drops import PRIMARY, check_drop, counted, unit_notice, with_gate_correction
from rag.evaluate.figures import Column, column_of, compare_all
from rag.evaluate.grouping import clusters_of
from rag.evaluate.metrics.abstention import SUITE_METRICS, suite_metrics
from rag.evaluate.metrics.table import find_meaning, measure_of
from rag.evaluate.since_baseline import case_changes
from rag.evaluate.types import Comparison, GateFinding, GateRule, GateState, GateVerdict, Record

# For a suite that writes down no gate.
DEFAULT_RULES = (
    GateRule("right"),
    GateRule("citation_recall"),
    GateRule("false_refusal"),
    GateRule("wrong_on_unanswerable"),
    GateRule("pointer_validity", min=1.0),
    GateRule("quote_fidelity", min=1.0),
)
# For answers of which none of these applies: rankings that nobody made an answer of.
RANKING_RULES = (GateRule("ndcg@10/document"),)
# Share of cases that may raise: with more a run says nothing.
MAX_ERRORS = 0.1
# The metric of a finding about the run as a whole.
WHOLE_RUN = "run"
NO_BASELINE = "There is no baseline to compare with; make one with: rag eval accept RESULTS BASELINE"

_SEVERITY: tuple[GateState, ...] = ("PASS", "INCONCLUSIVE", "FAIL", "INVALID")
_EXIT_CODES: Mapping[GateState, int] = {"PASS": 0, "INCONCLUSIVE": 0, "FAIL": 1, "INVALID": 3}


def decide_gate(
    rules: Sequence[GateRule],
    records: Sequence[Record],
    baseline: Sequence[Record] | None = None,
    *,
    other_questions: frozenset[str] = frozenset(),
    max_errors: float = MAX_ERRORS,
) -> GateVerdict:
    """Decide whether a run passes.

    Args:
        rules: What is demanded; without any, those of `DEFAULT_RULES` that apply to some case, or of
            `RANKING_RULES` where none does.
        records: The records of the run.
        baseline: The records that it is compared with; None where there is no baseline.
        other_questions: The ids under which the baseline asks or expects something else; they are not compared.
        max_errors: The share of cases that may have raised, and of a judge's verdicts that may be missing, 0…1.

    Returns:
        The verdict; its state is the worst of the findings'. Without a baseline what is not bounded passes.
    """
    problems = _run_problems(records, max_errors, "This run")
    changes: tuple[str, ...] = ()
    comparable: list[Record] = []
    if baseline is not None:
        problems += _run_problems(baseline, max_errors, "The baseline")
        ids = {record.id for record in records} - other_questions
        comparable = [record for record in baseline if record.id in ids]
        changes = tuple(case_changes([r.id for r in records], [r.id for r in baseline], other_questions))
        if not problems and not comparable:
            problems.append(
                "The baseline has no case in common with this run; accept a run of this suite as its baseline."
            )
    if problems:
        return _verdict([GateFinding(WHOLE_RUN, "INVALID", problem) for problem in problems], notices=changes)
    runs = [records] if baseline is None else [records, comparable]
    columns = {
        rule.metric: [column_of(run, rule.metric) for run in runs] for rule in rules or DEFAULT_RULES + RANKING_RULES
    }
    for default in (DEFAULT_RULES, RANKING_RULES):
        rules = rules or [rule for rule in default if all(columns[rule.metric])]
    if not rules:
        reason = "No rule applies to these cases; write some in the suite's gate."
        return _verdict([GateFinding(WHOLE_RUN, "INVALID", reason)], notices=changes)
    findings = [
        finding
        for rule in rules
        for finding in _inapplicable(
            rule, records, columns[rule.metric], _without_verdict(rule.metric, runs, max_errors)
        )
    ]
    inapplicable = {finding.metric for finding in findings}
    applicable = [rule for rule in rules if rule.metric not in inapplicable]
    findings += [finding for rule in applicable for finding in _check_bounds(rule, records, columns[rule.metric][0])]
    if baseline is None:
        return _verdict(findings, notices=(NO_BASELINE,) * any(map(_is_gated_by_drop, rules)))
    compared = [rule for rule in applicable if _is_gated_by_drop(rule)]
    comparisons = with_gate_correction(
        compare_all(list(dict.fromkeys(rule.metric for rule in compared)), records, comparable),
        {rule.metric: rule.alpha for rule in reversed(compared)},
    )
    by_metric = {comparison.metric: comparison for comparison in comparisons}
    shared = {record.id for record in comparable}
    for rule in compared:
        if rule.metric in by_metric:
            applied = max(len(column.keys() & shared) for column in columns[rule.metric])
            findings.append(check_drop(rule, by_metric[rule.metric], applied))
    both = [record for record in records if record.id in shared]
    return _verdict(findings, comparisons, (*changes, *_unit_notices(comparisons, both)))


def exit_code(gate: GateVerdict, *, strict: bool = False) -> int:
    """Return the exit code of a verdict.

    Args:
        gate: The verdict.
        strict: Whether what cannot be decided is a failure.

    Returns:
        0 for PASS and INCONCLUSIVE, 1 for FAIL, 3 for INVALID; strict, 1 for INCONCLUSIVE as well.
    """
    return 1 if strict and gate.state == "INCONCLUSIVE" else _EXIT_CODES[gate.state]


def _verdict(
    findings: Sequence[GateFinding], comparisons: tuple[Comparison, ...] = (), notices: tuple[str, ...] = ()
) -> GateVerdict:
    worst: GateState = max((finding.state for finding in findings), key=_SEVERITY.index, default="PASS")
    return GateVerdict(worst, tuple(findings), comparisons, notices)


def _unit_notices(comparisons: Sequence[Comparison], records: Sequence[Record]) -> Iterator[str]:
    """Yield what the test counts, of the primary metric or else of the first that differs."""
    moved = [comparison for comparison in comparisons if comparison.wins or comparison.losses]
    for comparison in sorted(moved, key=lambda comparison: comparison.metric != PRIMARY)[:1]:
        clusters = clusters_of(records)
        groups = len(set(clusters) - {""}) + clusters.count("")
        if notice := unit_notice(comparison, 0 if groups == len(records) else groups):
            yield notice


# -- what makes a run or a rule invalid --------------------------------------------------------------------------------


def _run_problems(records: Sequence[Record], max_errors: float, run: str) -> list[str]:
    """Return why a run says nothing; ``run`` is its name in the sentences."""
    if not records:
        return [f"{run} has no cases."]
    problems = []
    if len({record.id for record in records}) < len(records):
        problems.append(f"{run} has cases of the same id.")
    if any(not (math.isfinite(record.weight) and record.weight > 0) for record in records):
        problems.append(f"{run} has a case whose weight is no number above 0; run the suite again.")
    errors = [record for record in records if record.error]
    if len(errors) > max_errors * len(records):
        problems.append(
            f"{run}: {len(errors)} of {len(records)} cases raised an error, more than {max_errors:.0%}; "
            f"the first is {errors[0].id}: {errors[0].error}"
        )
    return problems


def _without_verdict(name: str, runs: Sequence[Sequence[Record]], max_errors: float) -> str:
    """Return why a judge's metric says nothing: too many verdicts of a run or its baseline are missing; or empty."""
    for run, records in zip(("this run", "the baseline"), runs, strict=False):
        missing = [record for record in records if name in record.judge_errors]
        asked = len(column_of(records, name)) + len(missing)
        if len(missing) > max_errors * asked:
            return (
                f"lacks the verdict of the judge on {len(missing)} of {asked} answers of {run}, more than "
                f"{max_errors:.0%}; judge them again with --retry-failed; the first is {missing[0].id}: "
                f"{missing[0].judge_errors[name]}"
            )
    return ""


def _inapplicable(
    rule: GateRule, records: Sequence[Record], columns: Sequence[Column], unjudged: str
) -> list[GateFinding]:
    """Return why a rule cannot be applied; empty when it can.

    Args:
        rule: The rule.
        records: The records of the run.
        columns: The metric's values of the run and, if any, of the baseline.
        unjudged: Why the judge's verdicts do not suffice; empty where they do.
    """
    name = rule.metric
    unbounded = rule.min is None and rule.max is None
    if name in SUITE_METRICS:
        if unbounded:
            return [_invalid(name, "is a figure of the whole set: give it a min or a max.")]
        return [] if suite_metrics(records)[name] is not None else [_invalid(name, "is undefined for these cases.")]
    if unjudged:
        return [_invalid(name, unjudged)]
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
        return [GateFinding(name, "PASS", f"{name}: there is no baseline to compare with.")]
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


# -- bounds --------------------------------------------------------------------------------------------------


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
    return mean, f"{mean:.3f} over {counted(len(column))}"
