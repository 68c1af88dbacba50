"""Do again what failed in a run, and only that.

Owns: which records failed, and how: an answer that raised is asked again, a judge that gave no verdict is asked again
about the answer that there is. Knows nothing about commands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import UsageError
from rag.evaluate.judging.judge import Judge
from rag.evaluate.results import read_baseline, read_results
from rag.evaluate.run.configuration import configuration_fingerprint
from rag.evaluate.run.journal import Journal
from rag.evaluate.types import Record, Suite

# Called with how many are judged, of how many, and the id of the case that is judged next.
Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Retried:
    """What is done again: how many answers are judged again, and how many cases are to be asked again."""

    judged: int
    asked: int


def finished_records(results: Path, key: Mapping[str, str]) -> dict[str, Record]:
    """Return the records of a results file, to go on from.

    Args:
        results: The file.
        key: The hashes ``suite``, ``corpus`` and ``config`` of the run.

    Returns:
        The records by case id, with their times.

    Raises:
        UsageError: The file is no results file, or one of another suite, other documents or another configuration.
    """
    before = read_baseline(results)
    found = {
        "suite": before.suite_sha256,
        "corpus": before.corpus_sha256,
        "config": configuration_fingerprint(before.config),
    }
    if differing := [name for name, value in found.items() if value != key.get(name)]:
        what = {"suite": "the suite has", "corpus": "its documents have", "config": "the settings or the judge have"}
        raise UsageError(
            f"The results {results} cannot be mended: {what[differing[0]]} changed since; run the whole suite again "
            "without --retry-failed."
        )
    timings = read_results(results).get("timing", {}).get("cases", {})
    return {record.id: replace(record, timings=timings.get(record.id, {})) for record in before.records}


def retry_failed(suite: Suite, journal: Journal, judge: Judge | None, report: Report | None = None) -> Retried:
    """Judge again where the judge failed, and take the answers that raised out of what is finished.

    Args:
        suite: The cases.
        journal: The finished cases; each new judgement is written to it at once.
        judge: The judge; None where there is none, so that judge errors stay.
        report: Called before each answer that is judged, and at the end.

    Returns:
        How many are done again; a run over the journal asks those cases that are taken out.

    Raises:
        CapReached: The cap of a day is reached.
    """
    raised = [id_ for id_, record in journal.finished.items() if record.error]
    for id_ in raised:
        del journal.finished[id_]
    cases = [case for case in suite.cases if (record := journal.finished.get(case.id)) and record.judge_errors]
    for done, case in enumerate(cases if judge else ()):
        if report:
            report(done, len(cases), case.id)
        assert judge is not None
        journal.add(judge.judge(case, journal.finished[case.id]))
    if report and cases:
        report(len(cases), len(cases), "")
    return Retried(len(cases) if judge else 0, len(raised))
