"""The results of a run: how they are put together, written, and read back as a baseline.

Owns: the form of ``results.json``, the figures that go into it, and the check of a file that claims to be one. Two runs
of one configuration give the same bytes but for the block ``timing``. The file has a line for each case, packed by
`rag.evaluate.packing`; results of version 1, whose cases were not packed, are read, too. Knows nothing about how a
report looks.
"""

from __future__ import annotations

import json
import math
import os
import platform
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.atomic_file import write_atomically
from rag.errors import RagError, UsageError
from rag.evaluate.conversations import conversations_data
from rag.evaluate.figures import compute_figures
from rag.evaluate.gate import MAX_ERRORS, decide_gate
from rag.evaluate.metrics.abstention import (
    abstention_table,
    confidence_outcomes,
    reliability_bins,
    risk_coverage,
    suite_metrics,
)
from rag.evaluate.metrics.table import meanings, measure_of
from rag.evaluate.packing import pack_cases, unpack_cases
from rag.evaluate.run.configuration import configuration_fingerprint
from rag.evaluate.run.journal import record_of
from rag.evaluate.run.runner import Run
from rag.evaluate.since_baseline import asked_fingerprints, configuration_changes, corpus_change, other_questions
from rag.evaluate.suite.conversations import without_skipped
from rag.evaluate.suite.file import case_to_json
from rag.evaluate.types import METRIC_DIGITS, Case, Figure, GateFinding, GateVerdict, Record, Suite
from rag.evaluate.usage import RunUsage, usage_data, usage_of_run
from rag.evaluate.verdict_counts import VerdictCounts, count_verdicts
from rag.types import COST_DIGITS

RESULTS_VERSION = 2
"""The version of the form of results that is written."""
# Version 1 had its cases unpacked.
_READABLE = (1, RESULTS_VERSION)
# A call may cost a small part of a cent.
_COSTS = ("cost", "cost_per_case")


class UntrustworthyResultsError(RagError):
    """Results that cannot be made a baseline: cases are missing or raised, or evidence is not in the corpus."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a run is compared with: accepted results as they were read.

    Attributes:
        suite_sha256: The hash of what was asked.
        corpus_sha256: The hash of the files asked about.
        config: What answered, see `rag.evaluate.run.configuration.describe_configuration`.
        records: One for each case.
        reasons: How many sentences have which reason's code; None where an earlier version wrote the results.
        asked: What each case asks and expects, as a fingerprint by the case's id.
    """

    suite_sha256: str
    corpus_sha256: str
    config: Mapping[str, Any]
    records: tuple[Record, ...]
    reasons: Mapping[str, int] | None = None
    asked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a report tells.

    Attributes:
        suite: The cases that were asked.
        corpus_sha256: The hash of the files asked about, or ``index:`` and a hash of the documents of an index.
        config: What answered, see `rag.evaluate.run.configuration.describe_configuration`.
        records: One for each case, in the suite's order.
        figures: One of each metric that applies to some case.
        by_tag: The same over the cases of each tag.
        abstention: The 2×2 table, figures, risk–coverage curve and reliability bins.
        gate: The verdict of the gate.
        problems: By case id, one sentence for each evidence that is not in the corpus.
        timing: All that is time or machine.
        judged: The names of metrics that a language model judged.
        baseline: What the run was compared with.
        prompts: The whole text of each prompt by its name, see `rag.evaluate.run.configuration.prompt_texts`.
    """

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
    prompts: Mapping[str, str] = field(default_factory=dict)

    @property
    def cases(self) -> Mapping[str, Case]:
        """Return the cases by id."""
        return {case.id: case for case in self.suite.cases}

    @property
    def comparable(self) -> Mapping[str, Record]:
        """Return the records of the baseline whose cases this run asks unchanged, by case id."""
        others = _other_questions(self.suite, self.baseline)
        asked = self.cases
        before = self.baseline.records if self.baseline else ()
        return {record.id: record for record in before if record.id in asked and record.id not in others}

    @property
    def errors(self) -> int:
        """Return how many cases raised."""
        return sum(bool(record.error) for record in self.records)

    @property
    def reasons(self) -> Mapping[str, int]:
        """Return by code how many sentences have a reason why they are not verified, the most frequent first."""
        counts = Counter(code for record in self.records for code in record.reasons)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @property
    def verdicts(self) -> VerdictCounts:
        """Return how many sentences have which verdict."""
        return count_verdicts(self.records)

    @property
    def usage(self) -> RunUsage | None:
        """Return what the answers took of language models."""
        return usage_of_run(self.records)


def build_results(
    suite: Suite,
    corpus_sha256: str,
    config: Mapping[str, Any],
    run: Run,
    baseline: Baseline | None = None,
    judged: Sequence[str] = (),
    prompts: Mapping[str, str] | None = None,
) -> Results:
    """Put together the figures, abstention, timing and the gate's verdict on a run.

    Args:
        suite: The cases that were asked.
        corpus_sha256: The hash of the files asked about.
        config: What answered, see `rag.evaluate.run.configuration.describe_configuration`.
        run: The records of the cases, and what is wrong with their evidence.
        baseline: What to compare the run with, if anything.
        judged: The names of metrics that a language model judged.
        prompts: The whole text of each prompt by its name.

    Returns:
        The results.
    """
    records = run.records
    tags = sorted({tag for record in records for tag in record.tags})
    by_tag = {tag: [record for record in records if tag in record.tags] for tag in tags}
    return Results(
        suite=suite,
        corpus_sha256=corpus_sha256,
        config=config,
        records=records,
        figures=tuple(compute_figures(records)),
        by_tag={tag: tuple(compute_figures(tagged)) for tag, tagged in by_tag.items()},
        abstention=_abstention(records),
        gate=_verdict(suite, corpus_sha256, config, run, baseline),
        problems=run.problems,
        timing=_timing(run),
        judged=tuple(judged),
        baseline=baseline,
        prompts=dict(prompts or {}),
    )


def _other_questions(suite: Suite, baseline: Baseline | None) -> frozenset[str]:
    """Return the ids under which the baseline asks or expects something else than the suite."""
    if baseline is None or baseline.suite_sha256 == suite.sha256:
        return frozenset()
    asked = (case_to_json(case) for case in without_skipped(suite).cases)
    return other_questions(asked_fingerprints(asked, suite.conversation), baseline.asked)


def _verdict(
    suite: Suite, corpus_sha256: str, config: Mapping[str, Any], run: Run, baseline: Baseline | None
) -> GateVerdict:
    """Return the gate's verdict; INVALID, too, where the suite names evidence that its corpus does not hold."""
    verdict = decide_gate(
        suite.gate,
        run.records,
        baseline.records if baseline else None,
        other_questions=_other_questions(suite, baseline),
    )
    changes = [*_unlike_the_suites(suite, corpus_sha256)]
    if baseline:
        changes += corpus_change(corpus_sha256, baseline.corpus_sha256)
        changes += configuration_changes(config, baseline.config)
    verdict = replace(verdict, notices=(*changes, *verdict.notices))
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
    return replace(verdict, state="INVALID", findings=(*findings, *verdict.findings)) if findings else verdict


def _unlike_the_suites(suite: Suite, corpus_sha256: str) -> Iterator[str]:
    """Yield a sentence where the corpus is not the one whose hash the suite names; its evidence is looked up anyway."""
    if suite.corpus_sha256 not in ("", corpus_sha256) and not corpus_sha256.startswith("index:"):
        yield (
            f"Documents: they are not those the suite was written for (hash {corpus_sha256[:12]}…, the suite names "
            f"{suite.corpus_sha256[:12]}…); look over its cases and write the new hash into the suite."
        )


def _abstention(records: Sequence[Record]) -> dict[str, Any]:
    outcomes = confidence_outcomes(records)
    return {
        "table": asdict(abstention_table(records)),
        "figures": suite_metrics(records),
        "risk_coverage": [list(point) for point in risk_coverage(outcomes.confidences, outcomes.losses)],
        "reliability": [asdict(bin_) for bin_ in reliability_bins(outcomes.confidences, outcomes.right)],
    }


def _timing(run: Run) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 3),
        "resumed": run.resumed,
        "machine": {"system": platform.system(), "python": platform.python_version(), "cores": os.cpu_count()},
        "cases": {record.id: dict(record.timings) for record in run.records},
    }


# -- writing -----------------------------------------------------------------------------------------------------------


def results_data(results: Results) -> dict[str, Any]:
    """Return the results as plain data; only ``timing`` differs between equal runs."""
    suite = results.suite
    return {
        "schema_version": RESULTS_VERSION,
        "footnote": results.config.get("footnote", ""),
        "suite": {
            "name": suite.name,
            "sha256": suite.sha256,
            "cases": len(results.records),
            "of": suite.whole or len(without_skipped(suite).cases),
        },
        "corpus": {"sha256": results.corpus_sha256},
        "config": dict(results.config),
        "config_fingerprint": configuration_fingerprint(results.config),
        "prompts": dict(results.prompts),
        "figures": _by_name(results.figures),
        "by_tag": {tag: _by_name(figures) for tag, figures in results.by_tag.items()},
        "meanings": _meanings(results.figures),
        "judged": list(results.judged),
        "verdicts": asdict(results.verdicts),
        "reasons": dict(results.reasons),
        "abstention": dict(results.abstention),
        "conversations": conversations_data(results.records, results.suite.conversation),
        "usage": usage_data(results.usage),
        "gate": asdict(results.gate),
        "errors": results.errors,
        "problems": {id_: list(problems) for id_, problems in results.problems.items()},
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


def _meanings(figures: Sequence[Figure]) -> dict[str, Any]:
    """Return what each measure says that has a figure; a judge's are not in the table."""
    measured = {measure_of(figure.metric) for figure in figures}
    return {
        name: {"better": meaning.better, "text": meaning.text}
        for name, meaning in meanings().items()
        if name in measured
    }


def _case(case: Case, record: Record) -> dict[str, Any]:
    return {**asdict(replace(record, timings={})), "case": case_to_json(case)}


def dump_json(value: Mapping[str, Any]) -> str:
    """Return the text of a results file, which is the same for the same data.

    Args:
        value: Results as `results_data` or `read_results` gives them.

    Returns:
        JSON with sorted keys, a line for each and one for each case, rounded numbers, and null for what is no number.
        Cases are packed by `rag.evaluate.packing`, which `read_results` undoes.
    """
    data = _rounded(value)
    if isinstance(data.get("cases"), list):
        packed = pack_cases(data["cases"])
        data |= {"schema_version": RESULTS_VERSION, "cases": packed.pop("rows"), "packed": packed}
    return _lines(data, "cases") + "\n"


def _lines(value: Mapping[str, Any], deep: str) -> str:
    """Return an object with a line for each key, and for each item of the list under the key ``deep``."""
    parts = []
    for key in sorted(value):
        item = value[key]
        if key == deep and isinstance(item, list):
            text = "[\n" + ",\n".join(map(_compact, item)) + "\n]"
        else:
            text = _compact(item)
        parts.append(f"{_compact(key)}:{text}")
    return "{\n" + ",\n".join(parts) + "\n}"


def _compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _rounded(value: Any, digits: int = METRIC_DIGITS) -> Any:
    if isinstance(value, float):
        # Adding 0.0 makes -0.0 plain zero.
        return round(value, digits) + 0.0 if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {
            str(key): _rounded(item, COST_DIGITS if str(key) in _COSTS else METRIC_DIGITS)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value


def write_text(path: Path, text: str) -> None:
    """Write a report whole or not at all.

    Args:
        path: The file.
        text: What it shall hold.

    Raises:
        UsageError: The file cannot be written.
    """
    try:
        write_atomically(path, text)
    except OSError as error:
        raise UsageError(f"The report {path} cannot be written ({error.strerror}); choose another place.") from None


def check_writable(path: Path) -> None:
    """Check before an evaluation that its report can be written.

    Args:
        path: Where the report is to go.

    Raises:
        UsageError: ``path`` is a folder, or its folder is absent or read-only.
    """
    folder = path.parent
    if path.is_dir():
        raise UsageError(f"The report {path} cannot be written: that is a folder; name a file.")
    if not folder.is_dir():
        raise UsageError(f"The report {path} cannot be written: there is no folder {folder}; make it first.")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"The report {path} cannot be written: the folder {folder} is read-only; choose another.")


# -- reading -----------------------------------------------------------------------------------------------------------


def read_results(path: Path) -> dict[str, Any]:
    """Read the plain data of a ``results.json``.

    Args:
        path: The file.

    Returns:
        Its data with the cases unpacked; only the schema version and the form of the cases are checked.

    Raises:
        UsageError: The file cannot be read, is no results file, is an incomplete one, or has another schema version.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"The results {path} cannot be read ({error.strerror}); check the path.") from None
    except (ValueError, RecursionError):
        raise UsageError(
            f"{path} is not a results file (it is not JSON); write one with: rag eval … --json FILE"
        ) from None
    version = data.get("schema_version") if isinstance(data, dict) else None
    if version is None or "suite" not in data:
        raise UsageError(f"{path} is not a results file of rag eval; write one with: rag eval … --json FILE")
    if version not in _READABLE:
        raise UsageError(
            f"The results {path} have the schema version {version!r} and this Footnote reads "
            f"{' and '.join(map(str, _READABLE))}; run the suite again and accept the new results."
        )
    if packed := data.pop("packed", None):
        with incomplete_results(path):
            data["cases"] = unpack_cases({**packed, "rows": data["cases"]})
    return dict(data)


@contextmanager
def incomplete_results(path: Path) -> Iterator[None]:
    """Turn what a missing or wrong part of results raises into one sentence.

    Args:
        path: The file that the results were read from.

    Yields:
        Nothing, while the parts are read.

    Raises:
        UsageError: A part is missing or has another type.
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise UsageError(
            f"The results {path} are incomplete ({type(error).__name__}: {error}); run the suite again and accept the "
            "new results."
        ) from None


def read_baseline(path: Path) -> Baseline:
    """Read accepted results to compare a run with.

    Args:
        path: A ``results.json``.

    Returns:
        The baseline.

    Raises:
        UsageError: The file is no results file, or an incomplete one.
    """
    data = read_results(path)
    with incomplete_results(path):
        return Baseline(
            suite_sha256=str(data["suite"]["sha256"]),
            corpus_sha256=str(data["corpus"]["sha256"]),
            config=dict(data["config"]),
            records=tuple(record_of(case) for case in data["cases"]),
            reasons=_counts(data["reasons"]) if "reasons" in data else None,
            asked=asked_fingerprints(
                ({"id": case["id"], **case["case"]} for case in data["cases"] if case.get("case")),
                conversation_mode(data),
            ),
        )


def conversation_mode(data: Mapping[str, Any]) -> str:
    """Return what stood before the turns of a run's conversations: ``live`` or ``fixed``.

    Args:
        data: Results as `read_results` gives them.

    Returns:
        The mode; ``live`` where no conversation was asked.
    """
    return str(dict(data.get("conversations") or {}).get("mode", "live"))


def _counts(data: Mapping[str, Any]) -> dict[str, int]:
    counts = {str(code): int(count) for code, count in data.items()}
    # A file of JSON is sorted by code.
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def accept_baseline(results: Path, baseline: Path, *, partial: bool = False) -> int:
    """Make results the baseline: the only way in which one is ever written.

    Args:
        results: A ``results.json``.
        baseline: The file to write.
        partial: Whether results without some of the suite's cases, or with cases that raised, will do.

    Returns:
        The number of cases.

    Raises:
        UsageError: ``results`` is no results file, or ``baseline`` cannot be written.
        UntrustworthyResultsError: Cases are missing or raised and ``partial`` is not given, too many raised, or
            evidence is not in the corpus.
    """
    data = read_results(results)
    cases = read_baseline(results).records
    errors = sum(bool(case.error) for case in cases)
    refused = f"The results {results} cannot be a baseline:"
    if errors > MAX_ERRORS * len(cases):
        raise UntrustworthyResultsError(f"{refused} {errors} of {len(cases)} cases raised.")
    if data.get("problems"):
        raise UntrustworthyResultsError(
            f"{refused} the evidence of {len(data['problems'])} cases is not in the corpus; mend the suite with: "
            "rag eval lint"
        )
    whole = data["suite"].get("of", len(cases))
    if not partial and (errors or whole != len(cases)):
        what = f"they hold {len(cases)} of the {whole} cases" if whole != len(cases) else f"{_cases(errors)} raised"
        raise UntrustworthyResultsError(f"{refused} {what}; run the whole suite, or accept them with --partial.")
    data.pop("timing", None)
    write_text(baseline, dump_json(data))
    return len(cases)


def _cases(count: int) -> str:
    return f"{count} case{'s' * (count != 1)}"
