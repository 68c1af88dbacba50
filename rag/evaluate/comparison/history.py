"""The runs of a folder in their order, and what changed from each to the next.

Owns: which files are read, the order of the runs, and how a run stands to the one before. Asks nothing; a file that
cannot be read is told and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import UsageError
from rag.evaluate.comparison.differences import figure_of
from rag.evaluate.comparison.runs import MeasuredRun, asked_by, labels, read_run
from rag.evaluate.comparison.words import cost_words
from rag.evaluate.figures import compare_all
from rag.evaluate.metrics.latency import Latency, latencies
from rag.evaluate.settings import compare_settings, settings_of
from rag.evaluate.types import Comparison, Figure, Record
from rag.evaluate.usage import usage_of_run

# What is followed over time, besides time and cost.
_RIGHT, _REFUSED = "right", "refused"
_DAY = "%Y-%m-%d"
_MINUTE = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of a folder, as far as a history shows it.

    Attributes:
        label: The name of its file.
        date: When it was run; without that, when its file was written.
        is_dated: Whether ``date`` is that of the run.
        suite: The name of its suite.
        model: What answered.
        gate: The word of its gate.
        cases: How many cases were asked.
        right: The share of right answers; None where no case expects anything.
        refused: The share of refusals; None where the results do not say.
        latency: How long answers took; None where the results do not say.
        cost: What a case cost; None without a language model or a price.
        tokens: Tokens a case; None without a language model.
        cost_words: Cost or tokens as they are shown.
        settings: What answered, by setting.
        suite_sha256: The hash of what was asked.
        corpus_sha256: The hash of the documents.
        records: One for each case, with nothing but what the comparison of ``right`` needs.
        asked: A hash of what each case asks and expects.
        difference: How ``right`` differs from the run before, over the cases in common.
        changes: What else is not as in the run before, a sentence each.
    """

    label: str
    date: datetime
    is_dated: bool
    suite: str
    model: str
    gate: str
    cases: int
    right: Figure | None
    refused: Figure | None
    latency: Latency | None
    cost: float | None
    tokens: float | None
    cost_words: str
    settings: Mapping[str, str]
    suite_sha256: str
    corpus_sha256: str
    records: tuple[Record, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)
    difference: Comparison | None = None
    changes: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        """The day of the run."""
        return self.date.strftime(_DAY)

    @property
    def minute(self) -> str:
        """The day and minute of the run; marked where it is that of the file."""
        return self.date.strftime(_MINUTE) + ("" if self.is_dated else " (file)")


@dataclass(frozen=True, slots=True)
class History:
    """The runs of a folder.

    Attributes:
        folder: The folder.
        suites: The runs of each suite by its name, from the oldest to the newest.
        skipped: One sentence for each file that is left out.
    """

    folder: Path
    suites: Mapping[str, tuple[PastRun, ...]]
    skipped: tuple[str, ...]


def read_history(folder: Path) -> History:
    """Read the results files of a folder and of the folders in it.

    Args:
        folder: The folder.

    Returns:
        The runs of each suite in the order of their dates; files of one date in the order of their names.

    Raises:
        UsageError: There is no such folder, or no results file in it.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; name one with results files (rag eval … --json DIR/NAME.json).")
    paths = sorted(path for path in folder.rglob("*.json") if path.is_file())
    runs: list[PastRun] = []
    skipped: list[str] = []
    for path, label in zip(paths, labels(paths), strict=True):
        try:
            runs.append(_past(read_run(path, label)))
        except UsageError as error:
            name = str(path.relative_to(folder))
            skipped.append(f"Left out: {str(error).replace(str(path), name)}")
    if not runs:
        raise UsageError(
            f"The folder {folder} holds no results file; write some with: rag eval … --json {folder}/NAME.json"
            + (f" ({len(skipped)} other JSON files are left out)." if skipped else "")
        )
    runs.sort(key=lambda run: run.date)
    suites = {name: [run for run in runs if run.suite == name] for name in sorted({run.suite for run in runs})}
    return History(folder, {name: tuple(_with_changes(rows)) for name, rows in suites.items()}, tuple(skipped))


def _past(run: MeasuredRun) -> PastRun:
    """Return a run without its answers: many runs are in memory at a time."""
    usage = usage_of_run(run.records)
    is_asked = usage is not None and usage.total.calls > 0
    stages = {stage.stage: stage for stage in latencies(run.records)}
    return PastRun(
        label=run.label,
        date=run.date or datetime.fromtimestamp(0, UTC),
        is_dated=run.is_dated,
        suite=run.suite,
        model=run.model,
        gate=run.gate,
        cases=len(run.records),
        right=figure_of(run, _RIGHT),
        refused=figure_of(run, _REFUSED),
        latency=stages.get("total_ms"),
        cost=usage.cost_per_case if usage and is_asked else None,
        tokens=usage.tokens_per_case if usage and is_asked else None,
        cost_words=cost_words(run),
        settings=settings_of(run.config),
        suite_sha256=run.suite_sha256,
        corpus_sha256=run.corpus_sha256,
        records=tuple(_slim(record) for record in run.records),
        asked=asked_by(run),
    )


def _slim(record: Record) -> Record:
    return replace(record, metrics={_RIGHT: record.metrics.get(_RIGHT)}, answer={}, gold=(), timings={}, reasons=())


def _with_changes(runs: Sequence[PastRun]) -> Iterator[PastRun]:
    """Yield runs with what changed from each to the next, and without what that needed."""
    before: PastRun | None = None
    for run in runs:
        changed = (
            replace(run, difference=_difference(before, run), changes=tuple(_changes(before, run))) if before else run
        )
        yield replace(changed, records=(), asked={})
        before = run


def _difference(before: PastRun, run: PastRun) -> Comparison | None:
    common = {id_ for id_, asked in run.asked.items() if before.asked.get(id_) == asked}
    now, then = ([one for one in rows if one.id in common] for rows in (run.records, before.records))
    return next(iter(compare_all([_RIGHT], now, then)), None)


def _changes(before: PastRun, run: PastRun) -> Iterator[str]:
    added = len(run.asked.keys() - before.asked.keys())
    removed = len(before.asked.keys() - run.asked.keys())
    altered = sum(before.asked.get(id_, asked) != asked for id_, asked in run.asked.items())
    counts = [
        f"{count} {word}" for count, word in ((added, "added"), (removed, "removed"), (altered, "changed")) if count
    ]
    if counts:
        yield f"cases: {', '.join(counts)}"
    if before.corpus_sha256 != run.corpus_sha256:
        yield "other documents"
    for setting in compare_settings([before.settings, run.settings]):
        if setting.differs:
            yield f"{setting.name}: {' → '.join(setting.values)}"
