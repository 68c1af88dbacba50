"""A run as its results file has it.

Owns: what of a results file a comparison looks at, and how runs are told apart by name. Asks and measures nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.evaluate.results import conversation_mode, incomplete_results, read_results
from rag.evaluate.run.journal import record_of
from rag.evaluate.since_baseline import asked_fingerprints
from rag.evaluate.suite.file import case_to_json
from rag.evaluate.types import Case, Figure, Record

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """A run with all that a comparison shows of it.

    Attributes:
        label: What tells it from the runs beside it: the name of its file, or what a sweep varied.
        suite: The name of its suite.
        suite_sha256: The hash of what was asked.
        corpus_sha256: The hash of the documents.
        config: What answered, see `rag.evaluate.run.configuration.describe_configuration`.
        records: One for each case.
        cases: The cases by id.
        figures: The figures over all records, as they were written.
        prompts: The whole text of each prompt by its name; none where an earlier version wrote the results.
        date: When it was run; without that, when its file was written.
        is_dated: Whether ``date`` is that of the run.
        gate: The word of its gate; "" where it had none.
        conversation: ``live`` or ``fixed``: what stood before the turns of its conversations.
    """

    label: str
    suite: str
    suite_sha256: str
    corpus_sha256: str
    config: Mapping[str, Any]
    records: tuple[Record, ...]
    cases: Mapping[str, Case]
    figures: tuple[Figure, ...] = ()
    prompts: Mapping[str, str] = field(default_factory=dict)
    date: datetime | None = None
    is_dated: bool = True
    gate: str = ""
    conversation: str = "live"

    @property
    def model(self) -> str:
        """The name of what answered."""
        return str(self.config.get("model", "none"))


def read_run(path: Path, label: str = "") -> MeasuredRun:
    """Read a run from its results.

    Args:
        path: A ``results.json``, or a baseline.
        label: What it is called; by default the name of the file.

    Returns:
        The run; its records have the times that stand in the block ``timing``.

    Raises:
        UsageError: The file is no results file, or an incomplete one.
    """
    data = read_results(path)
    with incomplete_results(path):
        timing = dict(data.get("timing") or {})
        times = dict(timing.get("cases") or {})
        records = [record_of(case) for case in data["cases"]]
        date = _date(timing.get("date"))
        return MeasuredRun(
            label=label or path.stem,
            suite=str(data["suite"]["name"]),
            suite_sha256=str(data["suite"]["sha256"]),
            corpus_sha256=str(data["corpus"]["sha256"]),
            config=dict(data["config"]),
            records=tuple(replace(record, timings=_times(times.get(record.id))) for record in records),
            cases={case.id: case for case in _case_list().validate_python([row["case"] for row in data["cases"]])},
            figures=tuple(_figures(data["figures"])),
            prompts={str(name): str(text) for name, text in dict(data.get("prompts") or {}).items()},
            date=date or datetime.fromtimestamp(path.stat().st_mtime, UTC),
            is_dated=date is not None,
            gate=str(data["gate"]["state"]),
            conversation=conversation_mode(data),
        )


def asked_by(run: MeasuredRun) -> dict[str, str]:
    """Return what each case of a run asks and expects, as a fingerprint by its id, in the order of the records."""
    return asked_fingerprints((case_to_json(run.cases[record.id]) for record in run.records), run.conversation)


def read_runs(paths: Sequence[Path]) -> list[MeasuredRun]:
    """Read runs, each called by as much of its path as tells it from the others.

    Args:
        paths: Results files.

    Returns:
        The runs in the order of the paths.

    Raises:
        UsageError: A file is no results file, or an incomplete one.
    """
    return [read_run(path, label) for path, label in zip(paths, labels(paths), strict=True)]


def labels(paths: Sequence[Path]) -> list[str]:
    """Return a name for each path: that of the file, with as many folders before it as the paths differ in."""
    parts = [path.absolute().with_suffix("").parts for path in paths]
    depth, names = 0, [""] * len(parts)
    while len(set(names)) < len(set(parts)) or (names and not names[0]):
        depth += 1
        names = ["/".join(own[-depth:]) for own in parts]
    # A file may be named twice.
    seen: dict[str, int] = {}
    for number, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            names[number] = f"{name} ({seen[name]})"
    return names


@lru_cache(maxsize=1)
def _case_list() -> TypeAdapter[list[Case]]:
    from pydantic import TypeAdapter

    # Fields that this version does not know are left out: a later version may have written the results.
    return TypeAdapter(list[Case])


def _figures(data: Mapping[str, Any]) -> list[Figure]:
    return [
        Figure(str(name), float(one["mean"]), _number(one["low"]), _number(one["high"]), int(one["n"]))
        for name, one in data.items()
        if one["mean"] is not None
    ]


def _number(value: Any) -> float:
    """Return the end of an interval; not a number where there is none."""
    return float("nan") if value is None else float(value)


def _times(data: Any) -> dict[str, float]:
    return {str(name): float(value) for name, value in dict(data or {}).items()}


def _date(text: Any) -> datetime | None:
    """Return a date with its zone; None for what is none."""
    try:
        date = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
