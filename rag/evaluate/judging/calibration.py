"""Calibrate a judge: its verdicts beside what people say of the same answers.

Owns: which verdict belongs to which label, and what is left out and why. Knows nothing about statistics and commands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rag.errors import UsageError
from rag.evaluate.judging.agreement import (
    LEAST_LABELS,
    LEAST_OF_A_KIND,
    MIDDLE,
    Agreement,
    measure_agreement,
)
from rag.evaluate.judging.judge import Judge
from rag.evaluate.judging.labels import ANSWER, Labels, metric_of_label
from rag.evaluate.metrics.table import JUDGED
from rag.evaluate.types import Record, Suite
from rag.marks import strip_marks

# Called with how many are judged, of how many, and the id of the case that is judged next.
Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What came of comparing one label with its metric.

    Attributes:
        label: The name of the label.
        agreement: How well both agree.
        labelled: How many answers have the label.
        without_verdict: How many of these the judge gave no verdict on.
        other_answer: How many labels are of other words than the answer in the results.
        disagreeing: The ids of cases on which both differ.
    """

    label: str
    agreement: Agreement
    labelled: int
    without_verdict: int
    other_answer: int
    disagreeing: tuple[str, ...]


def judged_answers(suite: Suite, judge: Judge, report: Report | None = None) -> list[Record]:
    """Judge the answers that stand beside the labels of a suite, with the evidence of their cases as what is cited.

    Args:
        suite: The cases; those without a label or without the words that were looked at are passed over.
        judge: The judge.
        report: Called before each answer, and at the end.

    Returns:
        One record an answer that was judged.

    Raises:
        CapReached: The cap of a day is reached.
    """
    cases = [case for case in suite.cases if len(case.labels) > 1 and str(case.labels.get(ANSWER, "")).strip()]
    records = []
    for done, case in enumerate(cases):
        if report:
            report(done, len(cases), case.id)
        quotes = [{"quote": evidence.quote} for evidence in case.evidence if evidence.quote]
        answer = {"answer": case.labels[ANSWER], "standalone_question": case.question, "citations": quotes}
        records.append(judge.judge(case, Record(case.id, {}, answer, tags=case.tags)))
    if report:
        report(len(cases), len(cases), "")
    return records


def calibrate(records: Sequence[Record], labels: Labels, threshold: float = MIDDLE) -> list[Calibrated]:
    """Compare the values of records with labels.

    Args:
        records: The records of a run.
        labels: What people say of the answers.
        threshold: From where on a value counts as a yes.

    Returns:
        One comparison a label, in the order of their names.

    Raises:
        UsageError: No case has a label, or a label is of a metric that the records do not have.
    """
    by_id = {record.id: record for record in records}
    known = frozenset(name for record in records for name in record.metrics)
    labelled = {id_: found for id_, found in labels.items() if id_ in by_id}
    if not labelled:
        raise UsageError(
            "No answer has a label; write 'labels: {judge_correct: true}' in the cases, or give --labels FILE."
        )
    names = sorted({name for values, _ in labelled.values() for name in values})
    return [_calibrated(name, metric_of_label(name, known), by_id, labelled, threshold) for name in names]


def _calibrated(name: str, metric: str, records: Mapping[str, Record], labels: Labels, threshold: float) -> Calibrated:
    if not any(metric in record.metrics for record in records.values()):
        measured = {known for record in records.values() for known in record.metrics}
        judged = sorted(known for known in measured if known.startswith(JUDGED))
        has = f"it has: {', '.join(judged)}" if judged else "run the suite with --judge SPEC"
        raise UsageError(f"The label {name!r} is of {metric!r}, which no answer was measured by; {has}.")
    pairs: list[tuple[str, float, float]] = []
    labelled = without = other = 0
    for id_, (values, words) in labels.items():
        if name not in values:
            continue
        labelled += 1
        record = records[id_]
        value = record.metrics.get(metric)
        if words and not _is_same(words, str(record.answer.get("answer", ""))):
            other += 1
        elif value is None:
            without += 1
        else:
            pairs.append((id_, values[name], value))
    agreement = measure_agreement(metric, [pair[1] for pair in pairs], [pair[2] for pair in pairs], threshold)
    disagreeing = tuple(id_ for id_, label, value in pairs if (label >= MIDDLE) != (value >= threshold))
    return Calibrated(name, agreement, labelled, without, other, disagreeing)


def _is_same(words: str, answer: str) -> bool:
    """Tell whether two answers are the same but for white space and marks."""
    return strip_marks(words).split() == strip_marks(answer).split()


# -- what is said of it ------------------------------------------------------------------------------------------------


def calibration_data(calibrated: Iterable[Calibrated]) -> dict[str, Any]:
    """Return comparisons as plain data, by the name of the label."""
    return {one.label: _data(one) for one in calibrated}


def _data(one: Calibrated) -> dict[str, Any]:
    data = asdict(one)
    agreement = data.pop("agreement")
    agreement["n"], agreement["agreement"] = one.agreement.confusion.n, round(one.agreement.confusion.agreement, 6)
    return {**data, **agreement}


def calibration_lines(calibrated: Sequence[Calibrated]) -> list[str]:
    """Return comparisons in words.

    Args:
        calibrated: The comparisons.

    Returns:
        Lines; those that begin with a space belong to the line before.
    """
    return [line for one in calibrated for line in _lines(one)]


def _lines(one: Calibrated) -> list[str]:
    agreement, counts = one.agreement, one.agreement.confusion
    lines = [f"{one.label}: {counts.n} of {one.labelled} labelled answers have a verdict of {agreement.metric}"]
    if one.without_verdict:
        lines.append(f"  {one.without_verdict} have none; see the judge's errors in the results")
    if one.other_answer:
        lines.append(f"  {one.other_answer} labels are of another answer than the results have, and are left out")
    lines += [
        f"  person yes: judge yes {counts.yes_yes}, judge no {counts.yes_no}",
        f"  person no:  judge yes {counts.no_yes}, judge no {counts.no_no}",
    ]
    if not agreement.is_enough:
        lines.append(
            f"  too few labels to say anything: it takes {LEAST_LABELS} answers, and {LEAST_OF_A_KIND} of each kind"
        )
        return lines
    if agreement.kappa is None or agreement.low is None or agreement.high is None:
        lines.append("  the judge always says the same, so that it is no better than chance")
    else:
        interval = f"[{agreement.low:.2f}–{agreement.high:.2f}]"
        lines.append(f"  Cohen's kappa {agreement.kappa:.2f} {interval}, {_in_words(agreement.low)}")
    lines.append(f"  agreement {counts.agreement:.2f}, from a threshold of {agreement.threshold:g}")
    for share, kind in ((agreement.sensitivity, "yes"), (agreement.specificity, "no")):
        if share:
            found, low, high = share
            lines.append(f"  of the person's {kind}, the judge says {kind} to {found:.2f} [{low:.2f}–{high:.2f}]")
    if agreement.best_threshold is not None and agreement.best_kappa is not None:
        honest = ""
        if agreement.honest_kappa is not None:
            honest = f"; {agreement.honest_kappa:.2f} when chosen without each answer"
        lines.append(
            f"  best threshold {agreement.best_threshold:g}: kappa {agreement.best_kappa:.2f} on these labels{honest}"
        )
    if one.disagreeing:
        more = ", …" if len(one.disagreeing) > 5 else ""
        lines.append(f"  they differ on {', '.join(one.disagreeing[:5])}{more}")
    return lines


def _in_words(low: float) -> str:
    """Return what the lower end of an interval allows to say."""
    if low <= 0:
        return "which may be chance"
    return "at least moderate" if low > 0.4 else "more than chance"
