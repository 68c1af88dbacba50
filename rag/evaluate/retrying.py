"""Do again what failed in a run, and only that.

Owns: which records failed, and how: an answer that raised is asked again, and so are the turns that follow it where
answers are the history of a turn; a judge that gave no verdict is asked again about the answer that there is. Knows
nothing about commands.
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
from rag.evaluate.suite.conversations import without_skipped
from rag.evaluate.types import Record, Suite

# Called with how many are judged, of how many, and the id of the case that is judged next.
Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Retried:
    """What is done again.

    Attributes:
        judged: How many answers are judged again.
        asked: How many cases that raised are to be asked again.
        followers: How many turns are to be asked again because a turn before them is.
    """

    judged: int
    asked: int
    followers: int = 0


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
        what = {
            "suite": "the suite has",
            "corpus": "its documents have",
            "config": "the settings, the judge or the system have",
        }
        raise UsageError(
            f"The results {results} cannot be mended: {what[differing[0]]} changed since; run the whole suite again "
            "without --retry-failed."
        )
    timings = read_results(results).get("timing", {}).get("cases", {})
    return {record.id: replace(record, timings=timings.get(record.id, {})) for record in before.records}


def standing(suite: Suite, records: Mapping[str, Record]) -> list[str]:
    """Find the records that need not be asked again.

    Args:
        suite: The cases.
        records: Records by case id.

    Returns:
        The ids of those without an error, in the order of the suite. Where answers are the history of a turn, a turn
        stands only where all turns before it do.
    """
    kept: list[str] = []
    broken: set[str] = set()
    for case in without_skipped(suite).cases:
        record = records.get(case.id)
        if record and not record.error and case.conversation not in broken:
            kept.append(case.id)
        elif case.conversation and suite.conversation == "live":
            broken.add(case.conversation)
    return kept


def retry_failed(
    suite: Suite,
    journal: Journal,
    judge: Judge | None,
    before: Mapping[str, Record],
    report: Report | None = None,
) -> Retried:
    """Judge again where the judge failed, and leave nothing but what stands among what is finished.

    Args:
        suite: The cases.
        journal: The finished cases, which count more than ``before``; each new judgement is written to it at once.
        judge: The judge; None where there is none, so that judge errors stay.
        before: The records of an earlier run, by case id.
        report: Called before each answer that is judged, and at the end.

    Returns:
        How many are done again; a run over the journal asks those cases that are not in it.

    Raises:
        CapReached: The cap of a day is reached.
        UsageError: The journal cannot be written.
    """
    known = {**before, **journal.finished}
    for id_ in set(journal.finished).difference(standing(suite, journal.finished)):
        journal.drop(id_)
    # A live history is of one run: what the journal has begun is not mixed with answers of the earlier run.
    begun = {record.conversation for record in journal.finished.values()} if suite.conversation == "live" else set()
    for id_ in standing(suite, before):
        if id_ not in journal.finished and (not before[id_].conversation or before[id_].conversation not in begun):
            journal.add(before[id_])
    again = [known[case.id] for case in suite.cases if case.id in known and case.id not in journal.finished]
    raised = sum(bool(record.error) for record in again)
    cases = [case for case in suite.cases if (record := journal.finished.get(case.id)) and record.judge_errors]
    for done, case in enumerate(cases if judge else ()):
        if report:
            report(done, len(cases), case.id)
        assert judge is not None
        journal.add(judge.judge(case, journal.finished[case.id]))
    if report and cases:
        report(len(cases), len(cases), "")
    return Retried(len(cases) if judge else 0, raised, len(again) - raised)
