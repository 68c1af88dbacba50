"""Say of a run and of a case what every form of report says of them.

Owns: the outcome of a case, the figures that stand first, the words of a reason, and how a number is written. Knows no
form of report.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from string import Formatter
from typing import Literal, get_args

from rag.evaluate.histories import as_asked
from rag.evaluate.metrics.table import find_meaning, measure_of, outside_meanings
from rag.evaluate.results import Baseline, Results
from rag.evaluate.types import Case, Comparison, Figure, Record
from rag.evaluate.usage import RunUsage, usage_of_run
from rag.evaluate.verdict_counts import VerdictCounts, count_verdicts
from rag.notices import Notice, money, whole, wordings
from rag.text import shorten
from rag.types import Usage, Verdict

# The level of significance from which a difference counts.
_ALPHA = 0.05
# A case that expects nothing of the answer's words is only measured.
Outcome = Literal["right", "wrong", "measured", "error"]
Change = Literal["", "better", "worse"]

# What a reader looks at first, in this order; a suite whose cases lack one goes without it. Metrics that other packages
# bring come after them: who installed one wants to see it.
HEADLINE = (
    "right",
    "right_and_cited",
    "f1",
    "hit@1/document",
    "hit@5/document",
    "recall@5/span",
    "ndcg@10/document",
    "citation_precision",
    "citation_recall",
    "quote_fidelity",
    "sentences_verified",
    "false_refusal",
    "wrong_on_unanswerable",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A case as reports show it.

    Attributes:
        expected: What a right answer says, in words.
        got: The answer; empty where the case raised.
        why: Why the case is not right; empty for one that is right or only measured.
        change: Whether it became right or wrong since the baseline; empty where it did not or cannot be compared.
    """

    case: Case
    record: Record
    outcome: Outcome
    expected: str
    got: str
    why: str
    change: Change = ""


def comparable_baseline(results: Results) -> Baseline | None:
    """Return the baseline; None where there is none, or it is of another suite."""
    baseline = results.baseline
    return baseline if baseline and baseline.suite_sha256 == results.suite.sha256 else None


def rows(results: Results) -> list[Row]:
    """Return the cases in the suite's order; a case that the baseline asks otherwise has no change."""
    # Turns with the conversation that stood before them.
    cases = {case.id: case for case in as_asked(results.suite, results.records)}
    before = results.comparable
    return [case_row(cases[record.id], record, before.get(record.id)) for record in results.records]


def case_row(case: Case, record: Record, before: Record | None = None) -> Row:
    """Return what reports show of a case.

    Args:
        case: The question with what is expected of its answer.
        record: Its record in the run.
        before: Its record in the baseline, where it can be compared.

    Returns:
        Its outcome, the reason, and the change.
    """
    outcome = _outcome(record)
    change: Change = ""
    if (
        before
        and "measured" not in (outcome, _outcome(before))
        and (outcome == "right") != (_outcome(before) == "right")
    ):
        change = "better" if outcome == "right" else "worse"
    return Row(
        case,
        record,
        outcome,
        expected=_expected(case),
        got=str(record.answer.get("answer", "")),
        why=_why(case, record, outcome),
        change=change,
    )


def _outcome(record: Record) -> Outcome:
    right = record.metrics.get("right")
    return "error" if record.error else "measured" if right is None else "right" if right else "wrong"


def _expected(case: Case) -> str:
    if not case.answerable:
        return "a refusal: the documents do not say"
    if case.numeric:
        return f"{case.numeric.value:g} {case.numeric.unit}".strip()
    if case.small_talk:
        return "a few words without citations"
    if case.pattern:
        return f"a match of {case.pattern}"
    return " / ".join(case.answers or case.must_include) or "the evidence cited"


def _why(case: Case, record: Record, outcome: Outcome) -> str:
    if outcome == "error":
        return record.error
    if outcome in ("right", "measured"):
        return ""
    abstained = bool(record.answer.get("abstained"))
    if not case.answerable:
        return "answered although the documents do not say"
    return "refused although the documents say it" if abstained else f"expected {_expected(case)}"


def number(value: float | None) -> str:
    """Return a figure for a person: three digits behind the point, none for one of 10 or more, a dash for none."""
    if value is None or math.isnan(value):
        return "–"
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.3f}"


def has_interval(figure: Figure | Comparison) -> bool:
    """Return whether an interval is known; too few clusters give none, or one that leaves all of 0…1 possible."""
    if any(end is None or math.isnan(end) for end in (figure.low, figure.high)):
        return False
    return isinstance(figure, Comparison) or not (figure.low <= 0 and 1 <= figure.high <= 1)


def interval(figure: Figure) -> str:
    """Return the ends of a figure's interval: ``0.912 … 0.978``; "none" where there is none."""
    return f"{number(figure.low)} … {number(figure.high)}" if has_interval(figure) else "none"


def difference_interval(comparison: Comparison) -> str:
    """Return the ends of a difference's interval: ``-0.052 … +0.013``; a dash where there is none."""
    return f"{comparison.low:+.3f} … {comparison.high:+.3f}" if has_interval(comparison) else "–"


def direction(comparison: Comparison) -> Literal["", "better", "worse"]:
    """Return whether a metric became better or worse; "" where that is not significant, or neither is better."""
    if not is_certain(comparison):
        return ""
    known = find_meaning(comparison.metric)
    if known and known.better == "neither":
        return ""
    rose = comparison.difference > 0
    return "better" if rose != bool(known and known.better == "lower") else "worse"


def headline_names(measured: Iterable[str]) -> list[str]:
    """Return what stands first of the names measured: those of ``HEADLINE``, then those of metrics from outside."""
    names = dict.fromkeys(measured)
    outside = outside_meanings()
    return [name for name in HEADLINE if name in names] + [name for name in names if measure_of(name) in outside]


def headline(figures: Sequence[Figure], judged: Sequence[str] = ()) -> list[Figure]:
    """Return the figures that stand first, and after them those that a language model judged.

    Args:
        figures: All figures of a run.
        judged: Names of the metrics that a language model judged.

    Returns:
        Those that a reader looks at first, in the order of ``headline_names`` and ``judged``.
    """
    by_name = {figure.metric: figure for figure in figures}
    return [by_name[name] for name in (*headline_names(by_name), *judged) if name in by_name]


def outside_notes(figures: Sequence[Figure]) -> dict[str, str]:
    """Return what each measure with a figure says that another package brings; the handbook explains none of them."""
    measured = {measure_of(figure.metric) for figure in figures}
    return {
        name: meaning.text + ("" if meaning.better == "neither" else f" ({meaning.better} is better)")
        for name, meaning in outside_meanings().items()
        if name in measured
    }


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """How many sentences have a verdict.

    Attributes:
        name: The verdict; with ", left out" for the claims with it that are not shown.
        count: How many of the run.
        before: How many of the baseline; None where there is none to compare with.
    """

    name: str
    count: int
    before: int | None


def verdict_rows(results: Results) -> list[VerdictRow]:
    """Return the verdicts that some sentence of the run or of the baseline has, those left out at the end."""
    baseline = comparable_baseline(results)
    now = _by_name(results.verdicts)
    before = _by_name(count_verdicts(baseline.records)) if baseline else {}
    rows = ((name, now.get(name, 0), before.get(name, 0)) for name in _by_name(_EACH))
    return [VerdictRow(name, n, m if baseline else None) for name, n, m in rows if n or m]


_EACH = VerdictCounts(dict.fromkeys(get_args(Verdict), 0), dict.fromkeys(get_args(Verdict), 0))


def _by_name(verdicts: VerdictCounts) -> dict[str, int]:
    return {**verdicts.shown, **{f"{verdict}, left out": count for verdict, count in verdicts.left_out.items()}}


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Why sentences were not verified.

    Attributes:
        code: The reason's code.
        words: Its English words, with … for what differs from sentence to sentence; empty where these are made by a
            function, or there are none. Several codes may have the same words.
        count: How many sentences of the run have it, those left out among them.
        before: How many of the baseline have it; None where there is none to compare with, or it does not say.
    """

    code: str
    words: str
    count: int
    before: int | None


def reason_rows(results: Results) -> list[ReasonRow]:
    """Return the reasons of the run, the most frequent first, then those that only the baseline has."""
    baseline = comparable_baseline(results)
    before = baseline.reasons if baseline else None
    now = results.reasons
    codes = [*now, *(code for code in before or () if code not in now)]
    return [
        ReasonRow(code, _reason_words(code), now.get(code, 0), None if before is None else before.get(code, 0))
        for code in codes
    ]


def _reason_words(code: str) -> str:
    """Return the English template of a reason with … for its values; empty where it has none."""
    template = wordings()[code][0] if code in wordings() else ""
    if callable(template):
        return ""
    return "".join(text + "…" * (field is not None) for text, field, *_ in Formatter().parse(template))


@dataclass(frozen=True, slots=True)
class UsageRow:
    """What the calls for a purpose took, in this run and in the baseline.

    Attributes:
        name: The purpose; ``all`` for the last row.
        usage: What they took in the run.
        before: What they took in the baseline; None where there is none to compare with, or it does not say.
    """

    name: str
    usage: Usage
    before: Usage | None


def usage_before(results: Results) -> RunUsage | None:
    """Return what the answers of the baseline took; None where there is none to compare with, or it does not say."""
    baseline = comparable_baseline(results)
    return usage_of_run(baseline.records) if baseline else None


def usage_rows(results: Results) -> list[UsageRow]:
    """Return what language models took, by purpose and then in all; nothing where none was asked."""
    now, before = results.usage, usage_before(results)
    if now is None or not (now.total.calls or (before and before.total.calls)):
        return []
    purposes = dict.fromkeys([*now.by_purpose, *(before.by_purpose if before else ())])
    none = Usage()
    rows = [
        UsageRow(name, now.by_purpose.get(name, none), before.by_purpose.get(name, none) if before else None)
        for name in purposes
    ]
    return [*rows, UsageRow("all", now.total, before.total if before else None)]


def usage_sentence(results: Results) -> str:
    """Return what a case took on the average and all took together, in one line; "" where no model was asked."""
    now, before = results.usage, usage_before(results)
    if now is None or not now.total.calls:
        return ""
    if not now.total.tokens:
        # Another system may tell what it cost and not how many tokens it took.
        return f"cost {money(now.cost_per_case)} a case; in all {money(now.total.cost)}" if now.cost_per_case else ""
    total = Notice("model-calls", asdict(now.total)).text()
    per_case = [f"{whole(round(now.tokens_per_case))} tokens" + _change(now.tokens_per_case, before, "tokens_per_case")]
    if now.cost_per_case:
        per_case.append(f"cost {money(now.cost_per_case)}" + _change(now.cost_per_case, before, "cost_per_case"))
    return f"{', '.join(per_case)} a case; in all {total}"


def _change(now: float, before: RunUsage | None, name: str) -> str:
    value = getattr(before, name, None)
    if not value:
        return ""
    return f" ({(now - value) / value:+.0%} against the baseline)"


def gate_sentence(results: Results) -> str:
    """Return the gate's state with the reasons that are no passes, in one line."""
    reasons = [finding.reason for finding in results.gate.findings if finding.state != "PASS"]
    return ": ".join(filter(None, (results.gate.state, " ".join(reasons))))


def is_certain(comparison: Comparison) -> bool:
    """Return whether a difference to the baseline is significant.

    Args:
        comparison: A metric of both runs; its ``adjusted`` p-value is that after Holm.

    Returns:
        False for no difference at all, whatever its p-value.
    """
    return comparison.difference != 0 and comparison.adjusted < _ALPHA


def flipped(results: Results) -> tuple[list[str], list[str]]:
    """Return the ids of cases that were wrong in the baseline and are right now, and of the other way round."""
    case_rows = rows(results)
    better = [row.case.id for row in case_rows if row.change == "better"]
    worse = [row.case.id for row in case_rows if row.change == "worse"]
    return better, worse


def one_line(text: str, longest: int = 200) -> str:
    """Return text in one line, cut at its end where it is too long.

    Args:
        text: Any text; white space of any kind becomes single spaces.
        longest: Most characters of the line.

    Returns:
        The line; one that was cut ends with an ellipsis.
    """
    return shorten(text, longest)
