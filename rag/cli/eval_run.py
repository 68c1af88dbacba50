"""The commands that measure: ``rag eval run`` and ``accept``.

Owns: their options, and what is printed and written where. Knows nothing about how anything is measured; heavy modules
are imported inside the commands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.eval_corpus import (
    ConversationOption,
    CorpusAnywhereOption,
    CorpusIndexOption,
    HtmlOption,
    LimitOption,
    ResumeOption,
    SuiteArgument,
    file_option,
    load_cases,
    opened_corpus,
)
from rag.cli.eval_reports import check_reports
from rag.cli.opening import fetcher, settings_of
from rag.cli.options import HomeOption, LlmOption
from rag.cli.screen import laid_out, say, warn

if TYPE_CHECKING:
    from rag.evaluate.judging.judge import Judge
    from rag.evaluate.results import Baseline, Results
    from rag.evaluate.run.configuration import Configuration
    from rag.evaluate.run.runner import Run
    from rag.evaluate.systems.opening import Named, OtherSystem
    from rag.evaluate.types import Suite
    from rag.settings import Settings
    from rag.store.index import Index


def run(
    suite: SuiteArgument,
    index: CorpusIndexOption = None,
    home: HomeOption = None,
    llm: LlmOption = None,
    json_: Annotated[Path | None, file_option("--json", "Write the results; - for standard output.")] = None,
    junit: Annotated[Path | None, file_option("--junit", "Write JUnit XML.")] = None,
    html: HtmlOption = None,
    csv: Annotated[Path | None, file_option("--csv", "Write one row a case.")] = None,
    markdown: Annotated[Path | None, file_option("--markdown", "Write a summary for a comment.")] = None,
    baseline: Annotated[Path | None, file_option("--baseline", "Compare with accepted results.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Exit with 1 where the gate fails.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 where the gate fails or cannot decide.")
    ] = False,
    resume: ResumeOption = False,
    judge: Annotated[
        str | None,
        typer.Option("--judge", metavar="SPEC", help="Have a language model judge, too.", show_default=False),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Do again only what failed in the results of --json.")
    ] = False,
    limit: LimitOption = None,
    answers: Annotated[
        Path | None, file_option("--answers", "Measure answers that another system gave: JSON lines.")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="TARGET",
            help="Measure another system: http(s)://… or module:function.",
            show_default=False,
        ),
    ] = None,
    target_timeout: Annotated[
        float,
        typer.Option("--target-timeout", metavar="SECONDS", min=0.001, help="How long an answer of it may take."),
    ] = 120.0,
    conversation: ConversationOption = "",
    corpus_anywhere: CorpusAnywhereOption = False,
) -> None:
    """Ask every case of a suite, print the figures, and say what the gate says."""
    from rag.cli.eval_judge import opened_judge
    from rag.evaluate.gate import exit_code
    from rag.evaluate.judging.missing import judge_error_lines
    from rag.evaluate.report import console
    from rag.evaluate.results import build_results, read_baseline
    from rag.evaluate.run.configuration import prompt_texts
    from rag.evaluate.systems.not_given import gated
    from rag.evaluate.systems.opening import read_named

    reports = {"json": json_, "junit": junit, "html": html, "csv": csv, "markdown": markdown}
    loaded = load_cases(suite, limit, conversation=conversation, corpus_anywhere=corpus_anywhere)
    check_reports(*reports.values())
    before = read_baseline(baseline) if baseline and _is_there(baseline) else None
    if before:
        _warn_of_other_cases(loaded, before)
    named = read_named(answers, target, loaded.path.parent, target_timeout)
    settings = settings_of(home)
    with (
        _opened_configuration(loaded, index, settings, llm, named) as (opened, corpus_sha256, configuration),
        _opened_system(named, opened, configuration, loaded) as system,
        opened_judge(judge, loaded, settings) as judge_answer,
    ):
        asked, description, journal = _ask_cases(
            loaded, opened, configuration, system, judge_answer, corpus_sha256, resume, json_, retry_failed
        )
        gated_suite = gated(loaded, asked.records)
        if gated_suite.without:
            warn(f"not gated, because the system does not give it: {', '.join(gated_suite.without)}.")
        results = build_results(
            gated_suite.suite,
            corpus_sha256,
            description,
            asked,
            before,
            judge_answer.metrics if judge_answer else (),
            prompts={} if system else prompt_texts(configuration),
        )
        _write_reports(results, reports, opened)
    journal.unlink(missing_ok=True)
    stream = sys.stderr if str(json_) == "-" else sys.stdout
    for line in laid_out(console.lines(results), 2, stream):
        typer.echo(line, file=stream)
    for line in judge_error_lines(results.records):
        warn(line)
    state = results.gate.state
    if state == "INCONCLUSIVE":
        warn("warning: the gate is inconclusive; nothing is shown to be worse.")
    raise typer.Exit(exit_code(results.gate, strict=strict) if gate or strict or state == "INVALID" else 0)


@contextmanager
def _opened_configuration(
    suite: Suite, index: str | None, settings: Settings, llm: str | None, named: Named | None
) -> Iterator[tuple[Index, str, Configuration]]:
    """Open the index, the hash of its documents, and what answers; of another system what judges its sentences."""
    from rag.cli.check import open_sentence_judge
    from rag.evaluate.run.configuration import Configuration, apply_overrides, open_configuration, suite_settings

    values = suite_settings(suite) | ({"llm": llm} if llm else {})
    changed, options = apply_overrides(settings, values)
    with opened_corpus(suite, index, changed) as (opened, sha256):
        if named:
            with open_sentence_judge(changed, llm or "none") as (model, told):
                for notice in told:
                    warn(str(notice))
                yield opened, sha256, Configuration(changed, options, model)
            return
        opened.warm()
        with open_configuration(changed, options, fetcher(changed)) as configuration:
            yield opened, sha256, configuration


@contextmanager
def _opened_system(
    named: Named | None, index: Index, configuration: Configuration, suite: Suite
) -> Iterator[OtherSystem | None]:
    """Open the other system that is measured, and tell which cases it has no recorded answer to; None for Footnote."""
    from rag.evaluate.systems.opening import open_system
    from rag.evaluate.systems.recorded import RecordedAnswers

    if named is None:
        yield None
        return
    if isinstance(named.source, RecordedAnswers):
        for problem in named.source.problems(suite.cases):
            warn(f"warning: {problem}")
    with open_system(named, index, configuration.settings, configuration.model) as system:
        yield system


def _ask_cases(
    suite: Suite,
    index: Index,
    configuration: Configuration,
    system: OtherSystem | None,
    judge: Judge | None,
    corpus_sha256: str,
    resume: bool,
    results: Path | None,
    retries: bool,
) -> tuple[Run, dict[str, Any], Path]:
    """Ask the cases with journal and progress: what came of it, the configuration's description, and the journal."""
    from rag.cli.eval_judge import described, journal_to_retry
    from rag.cli.progress import CaseProgress
    from rag.evaluate.run.configuration import describe_configuration, describe_system
    from rag.evaluate.run.journal import open_journal, pending_cases
    from rag.evaluate.run.runner import RunStopped, run_key, run_suite

    judged_by = judge.name if judge else ""
    if system:
        settings, checked_by = configuration.settings, configuration.model
        description = describe_system(index, settings, system.describe(), checked_by, judged_by)
    else:
        description = describe_configuration(index, configuration, judged_by)
    description = described(description, judge)
    if results and str(results) != "-":
        path = results.with_name(results.name + ".journal")
    else:
        path = index.own_folder / "eval.journal"
    key = run_key(suite, corpus_sha256, description)
    if retries:
        resume = True
    elif not resume and (pending := pending_cases(path)):
        warn(f"{pending} finished cases of a stopped run are put aside in {path}.old (see --resume).")
    try:
        with open_journal(path, key, resume) as journal, CaseProgress() as progress:
            if retries:
                journal_to_retry(suite, journal, judge, results, key, progress)
            asked = run_suite(
                suite,
                index,
                configuration,
                system=system,
                judge=judge,
                journal=journal,
                report_progress=progress,
            )
            return asked, description, path
    except RunStopped as stopped:
        warn(f"Stopped; {stopped.done} of {stopped.total} cases are kept: run the same command with --resume.")
        raise typer.Exit(130) from None


def _write_reports(results: Results, reports: dict[str, Path | None], index: Index) -> None:
    """Write the reports that were asked for, the results first."""
    from rag.evaluate.report.junit import junit
    from rag.evaluate.report.markdown import markdown
    from rag.evaluate.report.page import page
    from rag.evaluate.report.table import table
    from rag.evaluate.results import dump_json, results_data, write_text
    from rag.evaluate.run.runner import source_text

    texts = {
        "json": lambda: dump_json(results_data(results)),
        "junit": lambda: junit(results),
        "html": lambda: page(results, lambda source: source_text(index, source)),
        "csv": lambda: table(results),
        "markdown": lambda: markdown(results),
    }
    for name, path in reports.items():
        if path is None:
            continue
        if str(path) == "-":
            sys.stdout.write(texts[name]())
        else:
            write_text(path, texts[name]())


def _is_there(baseline: Path) -> bool:
    """Return whether there is a baseline; a first run has none yet and says so."""
    if baseline.exists():
        return True
    warn(
        f"There is no baseline {baseline} yet, so nothing is compared; make it with: rag eval accept RESULTS {baseline}"
    )
    return False


def _warn_of_other_cases(suite: Suite, baseline: Baseline) -> None:
    """Say before the questions are asked that the comparison will be worth nothing."""
    if not {case.id for case in suite.cases} & {record.id for record in baseline.records}:
        warn("warning: the baseline has no case in common with this suite, so nothing can be compared.")


def accept(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Written by rag eval SUITE --json RESULTS.")],
    baseline: Annotated[Path, typer.Argument(metavar="BASELINE", help="The file to compare later runs with.")],
    partial: Annotated[
        bool, typer.Option("--partial", help="Also accept a part of the suite, or cases that raised.")
    ] = False,
) -> None:
    """Make results the baseline that later runs are compared with."""
    from rag.evaluate.results import accept_baseline, check_writable

    check_writable(baseline)
    say(f"{baseline} is the baseline now ({accept_baseline(results, baseline, partial=partial)} cases).")
