"""The results of a run: what is written, and what is read back as a baseline.

Owns: the form of ``results.json``, the figures that go into it, and the check of a file that claims to be one. Two runs
of one configuration give the same bytes but for the block ``timing``. Knows nothing about how a report looks.
"""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from rag.atomic_file import write_atomically
from rag.errors import RagError, UsageError
from rag.evaluate import gate
from rag.evaluate.metrics import abstention
from rag.evaluate.run.configuration import fingerprint
from rag.evaluate.run.journal import record_of
from rag.evaluate.run.runner import Run
from rag.evaluate.suite.file import case_to_json
from rag.evaluate.types import SCHEMA_VERSION, Case, Figure, GateFinding, GateVerdict, Record, Suite

_DIGITS = 6
# Each tag's figures cost a bootstrap a metric.
_TAG_RESAMPLES = 2000


class UntrustworthyResultsError(RagError):
    """Results that cannot be trusted."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a run is compared with: accepted results as they were read."""

    suite_sha256: str
    corpus_sha256: str
    config: Mapping[str, Any]
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a report tells. ``abstention`` holds the 2×2 table, figures, risk–coverage curve and reliability bins;
    ``timing`` all that is time or machine; ``judged`` the names of metrics that a language model judged."""

    suite: Suite
    corpus_sha256: str
    config: Mapping[str, Any]
    records: tuple[Record, ...]
    figures: tuple[Figure, ...]
    by_tag: Mapping[str, tuple[Figure, ...]]
    abstention: Mapping[str, Any]
    gate: GateVerdict
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    timing: Mapping[str, Any] = field(default_factory=dict)
    judged: tuple[str, ...] = ()
    baseline: Baseline | None = None

    @property
    def cases(self) -> Mapping[str, Case]:
        """The cases by id."""
        return {case.id: case for case in self.suite.cases}

    @property
    def errors(self) -> int:
        """How many cases raised."""
        return sum(bool(record.error) for record in self.records)


def build_results(
    suite: Suite,
    corpus_sha256: str,
    config: Mapping[str, Any],
    run: Run,
    baseline: Baseline | None = None,
    judged: Sequence[str] = (),
) -> Results:
    """Figures, abstention, timing and the gate's word on a run."""
    records = run.records
    tags = sorted({tag for record in records for tag in record.tags})
    return Results(
        suite=suite,
        corpus_sha256=corpus_sha256,
        config=config,
        records=records,
        figures=tuple(gate.compute_figures(records)),
        by_tag={
            tag: tuple(gate.compute_figures([record for record in records if tag in record.tags], resamples=_TAG_RESAMPLES))
            for tag in tags
        },
        abstention=_abstention(records),
        gate=_word(suite, corpus_sha256, run, baseline),
        problems=run.problems,
        timing=_timing(run),
        judged=tuple(judged),
        baseline=baseline,
    )


def _word(suite: Suite, corpus_sha256: str, run: Run, baseline: Baseline | None) -> GateVerdict:
    """The gate's word; INVALID, too, where the suite names evidence that its corpus does not hold."""
    word = gate.decide_gate(
        suite.gate,
        run.records,
        baseline.records if baseline else None,
        suite_sha256=suite.sha256,
        baseline_suite_sha256=baseline.suite_sha256 if baseline else "",
        corpus_sha256=corpus_sha256,
        baseline_corpus_sha256=baseline.corpus_sha256 if baseline else "",
    )
    findings: list[GateFinding] = []
    if run.problems:
        count = len(run.problems)
        findings.append(
            GateFinding(
                "evidence",
                "INVALID",
                f"The evidence of {count} case{'s' * (count > 1)} is not in the corpus: "
                f"{', '.join(list(run.problems)[:5])}{', …' * (count > 5)}; mend the suite with: rag eval lint",
            )
        )
    if suite.corpus_sha256 not in ("", corpus_sha256) and not corpus_sha256.startswith("index:"):
        findings.append(
            GateFinding(
                "corpus",
                "INVALID",
                f"The corpus is not the one the suite was written for (hash {corpus_sha256[:12]}…, the suite names "
                f"{suite.corpus_sha256[:12]}…); restore it, or write the new hash into the suite.",
            )
        )
    return GateVerdict("INVALID", (*findings, *word.findings), word.comparisons) if findings else word


def _abstention(records: Sequence[Record]) -> dict[str, Any]:
    sure = abstention.confidence_outcomes(records)
    risks = abstention.risk_coverage(sure.confidences, [1 - right for right in sure.right])
    return {
        "table": asdict(abstention.abstention_table(records)),
        "figures": abstention.suite_metrics(records),
        "risk_coverage": [list(point) for point in risks],
        "reliability": [asdict(found) for found in abstention.reliability_bins(sure.confidences, sure.right)],
    }


def _timing(run: Run) -> dict[str, Any]:
    return {
        "seconds": round(run.seconds, 3),
        "resumed": run.resumed,
        "machine": {"system": platform.system(), "python": platform.python_version(), "cores": os.cpu_count()},
        "cases": {record.id: dict(record.timings) for record in run.records},
    }


# -- out ---------------------------------------------------------------------------------------------------------------


def to_json(results: Results) -> dict[str, Any]:
    """The results as plain data; only ``timing`` differs between equal runs."""
    suite = results.suite
    return {
        "schema_version": SCHEMA_VERSION,
        "footnote": results.config.get("footnote", ""),
        "suite": {"name": suite.name, "sha256": suite.sha256, "cases": len(results.records)},
        "corpus": {"sha256": results.corpus_sha256},
        "config": dict(results.config),
        "config_fingerprint": fingerprint(results.config),
        "figures": _by_name(results.figures),
        "by_tag": {tag: _by_name(figures) for tag, figures in results.by_tag.items()},
        "judged": list(results.judged),
        "abstention": dict(results.abstention),
        "gate": asdict(results.gate),
        "errors": results.errors,
        "problems": {id_: list(found) for id_, found in results.problems.items()},
        "cases": [_case(results.cases[record.id], record) for record in results.records],
        "timing": dict(results.timing),
    }


def _by_name(figures: Sequence[Figure]) -> dict[str, Any]:
    return {
        figure.metric: {
            "mean": figure.mean,
            "low": figure.low,
            "high": figure.high,
            "n": figure.n,
            "too_few": figure.few,
        }
        for figure in figures
    }


def _case(case: Case, record: Record) -> dict[str, Any]:
    return {**asdict(replace(record, timings={})), "case": case_to_json(case)}


def results_json(value: Any) -> str:
    """JSON that is the same for the same data: sorted keys, rounded numbers, no word for what is not a number."""
    return json.dumps(_tidy(value), sort_keys=True, ensure_ascii=True, indent=1) + "\n"


def _tidy(value: Any) -> Any:
    if isinstance(value, float):
        # Adding 0.0 makes -0.0 plain zero.
        return round(value, _DIGITS) + 0.0 if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _tidy(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_tidy(item) for item in value]
    return value


def write_text(path: Path, text: str) -> None:
    """Write a report whole or not at all. Raises UsageError."""
    try:
        write_atomically(path, text)
    except OSError as error:
        raise UsageError(f"The report {path} cannot be written ({error.strerror}); choose another place.") from None


def check_writable(path: Path) -> None:
    """Fail at the door rather than after an hour: a report must be able to go where it is asked for."""
    folder = path.parent
    if path.is_dir():
        raise UsageError(f"The report {path} cannot be written: that is a folder; name a file.")
    if not folder.is_dir():
        raise UsageError(f"The report {path} cannot be written: there is no folder {folder}; make it first.")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"The report {path} cannot be written: the folder {folder} is read-only; choose another.")


# -- in ----------------------------------------------------------------------------------------------------------------


def read_results(path: Path) -> dict[str, Any]:
    """The plain data of a ``results.json``. Raises UsageError in one sentence for anything else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"The results {path} cannot be read ({error.strerror}); check the path.") from None
    except (ValueError, RecursionError):
        raise UsageError(
            f"{path} is not a results file (it is not JSON); write one with: rag eval … --json FILE"
        ) from None
    version = found.get("schema_version") if isinstance(found, dict) else None
    if version is None or "suite" not in found:
        raise UsageError(f"{path} is not a results file of rag eval; write one with: rag eval … --json FILE")
    if version != SCHEMA_VERSION:
        raise UsageError(
            f"The results {path} have the schema version {version!r} and this Footnote reads {SCHEMA_VERSION}; "
            "run the suite again and accept the new results."
        )
    return dict(found)


def read_baseline(path: Path) -> Baseline:
    """Accepted results to compare a run with. Raises UsageError."""
    found = read_results(path)
    try:
        return Baseline(
            suite_sha256=str(found["suite"]["sha256"]),
            corpus_sha256=str(found["corpus"]["sha256"]),
            config=dict(found["config"]),
            records=tuple(record_of(case) for case in found["cases"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            f"The results {path} are incomplete ({type(error).__name__}: {error}); run the suite again and accept the "
            "new results."
        ) from None


def accept_baseline(results: Path, baseline: Path) -> int:
    """Make results the baseline; returns the number of cases. The only way a baseline is ever written.

    Raises UsageError for a file that is no results, UntrustworthyError for results that cannot be trusted.
    """
    found = read_results(results)
    cases = read_baseline(results).records
    errors = sum(bool(case.error) for case in cases)
    if errors > gate.MAX_ERRORS * len(cases):
        raise UntrustworthyResultsError(f"The results {results} cannot be a baseline: {errors} of {len(cases)} cases raised.")
    if found.get("problems"):
        raise UntrustworthyResultsError(
            f"The results {results} cannot be a baseline: the evidence of {len(found['problems'])} cases is not in the "
            "corpus; mend the suite with: rag eval lint"
        )
    found.pop("timing", None)
    write_text(baseline, results_json(found))
    return len(cases)
