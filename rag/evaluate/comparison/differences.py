"""What differs between runs over the cases that all of them have.

Owns: which cases these are, the paired differences to the first run, which cases flipped, and what of the configuration
differs. The formulas stand in ``rag.evaluate.statistics``. Asks nothing and knows no form of report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.errors import UsageError
from rag.evaluate.comparison.runs import MeasuredRun, asked_by
from rag.evaluate.figures import compare_all, compute_figures
from rag.evaluate.report.view import Row, case_row, headline_names
from rag.evaluate.settings import Setting, compare_settings, settings_of
from rag.evaluate.statistics import holm
from rag.evaluate.types import Case, Comparison, Figure


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that is right in one run and not in another, as each run answered it."""

    case: Case
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Runs side by side.

    Attributes:
        runs: The runs with the cases that all have, in one order.
        notes: What a reader must know of the comparison, a sentence each.
        first: The metrics that decide: p is adjusted over them and all runs.
        differences: For each run but the first its difference from that: of every metric, those of ``first`` first.
        settings: What answered.
        flips: The cases that are right in one run and not in another.
        rewritten: For each run but the first how many cases have another answer than there and are no flips.
    """

    runs: tuple[MeasuredRun, ...]
    notes: tuple[str, ...]
    first: tuple[str, ...]
    differences: tuple[tuple[Comparison, ...], ...]
    settings: tuple[Setting, ...]
    flips: tuple[Flip, ...]
    rewritten: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many cases are compared."""
        return len(self.runs[0].records)


def compare_runs(runs: Sequence[MeasuredRun], metrics: Sequence[str] = ()) -> RunComparison:
    """Compare runs with the first of them.

    Args:
        runs: At least one; one alone has no differences.
        metrics: Metrics that decide beside those that stand first in every report.

    Returns:
        The comparison over the cases that all runs have: of one id, question and expectation.

    Raises:
        UsageError: No case is in all of the runs.
    """
    ids = common_cases(runs)
    if not ids:
        raise UsageError(
            f"The runs {', '.join(run.label for run in runs)} have no case in common, so nothing can be compared; "
            "compare runs of one suite."
        )
    shared = tuple(over(run, ids) for run in runs)
    names = list(dict.fromkeys(name for run in shared for record in run.records for name in record.metrics))
    first = tuple(dict.fromkeys([*headline_names(names), *(name for name in metrics if name in names)]))
    flips = tuple(_flips(shared))
    return RunComparison(
        runs=shared,
        notes=tuple(_notes(runs, shared)),
        first=first,
        differences=_differences(shared, first, [name for name in names if name not in first]),
        settings=tuple(compare_settings([settings_of(run.config) for run in shared])),
        flips=flips,
        rewritten=tuple(_rewritten(shared[0], run, {flip.case.id for flip in flips}) for run in shared[1:]),
    )


def common_cases(runs: Sequence[MeasuredRun]) -> list[str]:
    """Return the ids of the cases that all runs asked with the same question and expectation, as the first has them."""
    first, *others = (asked_by(run) for run in runs)
    return [id_ for id_, asked in first.items() if all(other.get(id_) == asked for other in others)]


def over(run: MeasuredRun, ids: Sequence[str]) -> MeasuredRun:
    """Take some cases of a run.

    Args:
        run: The run.
        ids: The ids of the cases, each of which it has.

    Returns:
        The run with these cases in the order given, and the figures over them.
    """
    if [record.id for record in run.records] == list(ids):
        return run
    by_id = {record.id: record for record in run.records}
    records = tuple(by_id[id_] for id_ in ids)
    same = len(ids) == len(run.records)
    return replace(run, records=records, figures=run.figures if same else tuple(compute_figures(records)))


def _notes(runs: Sequence[MeasuredRun], shared: Sequence[MeasuredRun]) -> Iterator[str]:
    count = len(shared[0].records)
    most = max(len(run.records) for run in runs)
    if any(len(run.records) != count for run in runs):
        everywhere = set.intersection(*({record.id for record in run.records} for run in runs))
        anywhere = set.union(*({record.id for record in run.records} for run in runs))
        left_out = [
            f"{number} {words}"
            for number, words in (
                (len(anywhere) - len(everywhere), "stand in some of the runs only"),
                (len(everywhere) - count, "ask or expect something else, or follow other turns"),
            )
            if number
        ]
        yield (
            f"The runs are not of the same cases: compared are the {count} that all have, of at most {most}; "
            f"{' and '.join(left_out)}."
        )
    if len({run.corpus_sha256 for run in runs}) > 1:
        yield "The runs asked different documents, so that a difference may come of these."
    for run in shared:
        if raised := sum(bool(record.error) for record in run.records):
            yield f"{run.label}: {raised} of {count} cases raised an error and count as wrong."


def _differences(
    runs: Sequence[MeasuredRun], first: Sequence[str], others: Sequence[str]
) -> tuple[tuple[Comparison, ...], ...]:
    """Return the differences of each run to the first one, p adjusted after Holm over all runs where it decides."""
    base, *rest = runs
    deciding = [compare_all(first, run.records, base.records) for run in rest]
    # A metric on which no case differs can show nothing, so that it takes nothing from the others.
    adjusted = iter(holm([one.p for row in deciding for one in row if one.wins + one.losses]))
    return tuple(
        (
            *(replace(one, adjusted=next(adjusted)) if one.wins + one.losses else one for one in row),
            *compare_all(others, run.records, base.records),
        )
        for run, row in zip(rest, deciding, strict=True)
    )


def _flips(runs: Sequence[MeasuredRun]) -> Iterator[Flip]:
    cases = runs[0].cases
    for records in zip(*(run.records for run in runs), strict=True):
        case = cases[records[0].id]
        rows = tuple(case_row(case, record, records[0]) for record in records)
        if len({row.outcome == "right" for row in rows if row.outcome != "measured"}) > 1:
            yield Flip(case, rows)


def _rewritten(base: MeasuredRun, run: MeasuredRun, flipped: set[str]) -> int:
    pairs = zip(base.records, run.records, strict=True)
    return sum(one.id not in flipped and one.answer.get("answer") != other.answer.get("answer") for one, other in pairs)


def figure_of(run: MeasuredRun, metric: str) -> Figure | None:
    """Find a figure of a run.

    Args:
        run: The run.
        metric: The name of the metric.

    Returns:
        The figure; None where the metric applies to no case.
    """
    return next((figure for figure in run.figures if figure.metric == metric), None)
