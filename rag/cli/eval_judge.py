"""What the commands of ``rag eval`` share on judges: opening one, and doing again what failed.

Owns: the sentences on both. Heavy modules are imported inside the functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.cli.opening import fetcher
from rag.cli.screen import warn

if TYPE_CHECKING:
    from rag.cli.progress import CaseProgress
    from rag.evaluate.judging.judge import Judge
    from rag.evaluate.run.journal import Journal
    from rag.evaluate.types import Suite
    from rag.settings import Settings


@contextmanager
def opened_judge(spec: str | None, suite: Suite, settings: Settings) -> Iterator[Judge | None]:
    """Open the judge that is asked for, and close its model in the end.

    Args:
        spec: Its language model; None where no judge is asked for.
        suite: Its rubric is graded.
        settings: Of models and prompts.

    Yields:
        The judge; None where none is asked for.

    Raises:
        UsageError: The model judges nothing.
        LLMError: The model cannot be opened.
    """
    from rag.errors import UsageError

    if not spec:
        if suite.rubric:
            warn("warning: the rubric of the suite is not graded; name a judge with --judge SPEC.")
        yield None
        return
    from rag.evaluate.judging.opening import make_judge
    from rag.models.llm.metering import meter_for, metered
    from rag.models.llm.opening import open_llm

    model = open_llm(spec, settings, fetcher(settings))
    if model is None:
        raise UsageError("--judge none judges nothing; leave it away.")
    meter = meter_for(settings, model, of_a_question=False)
    try:
        yield make_judge(metered(model, meter), suite.rubric, settings.prompts)
        if meter.calls:
            taken = meter.usage
            warn(f"The judge {model.name} took {len(meter.calls)} calls and {taken.tokens:,} tokens.")
    finally:
        model.close()


def described(description: dict[str, Any], judge: Judge | None) -> dict[str, Any]:
    """Return the description of a configuration with what the verdicts of a judge depend on.

    Args:
        description: See `rag.evaluate.run.configuration.describe_configuration`.
        judge: The judge, if any.

    Returns:
        The same where a judge grades no rubric.
    """
    return description | {"rubric": dict(judge.description)} if judge and judge.description else description


def journal_to_retry(
    suite: Suite,
    journal: Journal,
    judge: Judge | None,
    results: Path | None,
    key: Mapping[str, str],
    progress: CaseProgress,
) -> None:
    """Fill a journal with what an earlier run finished, judge again where its judge failed, and say what is done.

    Args:
        suite: The cases.
        journal: The open journal; what a stopped run left in it counts more than the results.
        judge: The judge, if any.
        results: The results of the earlier run, if they are a file.
        key: What the run depends on.
        progress: Shows how far it is.

    Raises:
        UsageError: There is nothing to go on from, or it belongs to another run.
        CapReached: The cap of a day is reached.
    """
    from rag.errors import UsageError
    from rag.evaluate.retrying import finished_records, retry_failed

    is_there = results is not None and str(results) != "-" and results.is_file()
    before = finished_records(results, key) if results and is_there else {}
    if not (journal.finished or before):
        raise UsageError("There are no results to mend; name those of the earlier run with --json FILE.")
    retried = retry_failed(suite, journal, judge, before, progress)
    kept = len(journal.finished) - retried.judged
    after = f" with {retried.followers} turns after them" if retried.followers else ""
    warn(
        f"{retried.judged} answers are judged again, {retried.asked} cases that raised are asked again{after}, "
        f"{kept} kept."
    )
