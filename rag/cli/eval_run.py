"""The commands that measure: ``rag eval run``, ``accept`` and ``sweep``.

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
    LimitOption,
    SuiteArgument,
    file_option,
    load_cases,
    opened_corpus,
)
from rag.cli.opening import fetcher, settings_of
from rag.cli.options import HomeOption, JsonOption, LlmOption
from rag.cli.screen import laid_out, say, warn

if TYPE_CHECKING:
    from rag.evaluate.results import Baseline, Results
    from rag.evaluate.run.configuration import Configuration
    from rag.evaluate.run.runner import Judge, Run
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
    html: Annotated[Path | None, file_option("--html", "Write one self-contained page.")] = None,
    csv: Annotated[Path | None, file_option("--csv", "Write one row a case.")] = None,
    markdown: Annotated[Path | None, file_option("--markdown", "Write a summary for a comment.")] = None,
    baseline: Annotated[Path | None, file_option("--baseline", "Compare with accepted results.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Exit with 1 where the gate fails.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where a run was stopped.")] = False,
    judge: Annotated[
        str | None,
        typer.Option("--judge", metavar="SPEC", help="Have a language model judge, too.", show_default=False),
    ] = None,
    limit: LimitOption = None,
    conversation: ConversationOption = "",
    corpus_anywhere: CorpusAnywhereOption = False,
) -> None:
    """Ask every case of a suite, print the figures, and say what the gate says."""
    from rag.evaluate.gate import exit_code
    from rag.evaluate.report import console
    from rag.evaluate.results import build_results, read_baseline
    from rag.evaluate.run.configuration import suite_settings

    reports = {"json": json_, "junit": junit, "html": html, "csv": csv, "markdown": markdown}
    loaded = load_cases(suite, limit, conversation=conversation, corpus_anywhere=corpus_anywhere)
    _check_reports([path for path in reports.values() if path])
    before = read_baseline(baseline) if baseline else None
    if before:
        _warn_of_other_suite(loaded, before)
    settings = settings_of(home)
    values = suite_settings(loaded) | ({"llm": llm} if llm else {})
    with (
        _opened_configuration(loaded, index, settings, values) as (opened, corpus_sha256, configuration),
        _opened_judge(judge, settings) as (judge_answer, judge_name),
    ):
        asked, description, journal = _ask_cases(
            loaded, opened, configuration, judge_answer, judge_name, corpus_sha256, resume, json_
        )
        results = build_results(loaded, corpus_sha256, description, asked, before, _judged_metrics(judge_name))
        _write_reports(results, reports, opened)
    journal.unlink(missing_ok=True)
    stream = sys.stderr if str(json_) == "-" else sys.stdout
    for line in laid_out(console.lines(results), 2, stream):
        typer.echo(line, file=stream)
    state = results.gate.state
    if state == "INCONCLUSIVE" and (gate or before):
        warn("warning: the gate is inconclusive; nothing is shown to be worse.")
    raise typer.Exit(exit_code(results.gate) if gate or state == "INVALID" else 0)


@contextmanager
def _opened_configuration(
    suite: Suite, index: str | None, settings: Settings, values: dict[str, Any]
) -> Iterator[tuple[Index, str, Configuration]]:
    """Open the index, the hash of its documents, and what answers."""
    from rag.evaluate.run.configuration import apply_overrides, open_configuration

    suite_settings, options = apply_overrides(settings, values)
    with opened_corpus(suite, index, suite_settings) as (opened, sha256):
        opened.warm()
        with open_configuration(suite_settings, options, fetcher(suite_settings)) as configuration:
            yield opened, sha256, configuration


@contextmanager
def _opened_judge(spec: str | None, settings: Settings) -> Iterator[tuple[Judge | None, str]]:
    """Open the judge and give its model's name; None and nothing when none is asked for."""
    from rag.errors import UsageError

    if not spec:
        yield None, ""
        return
    from rag.evaluate.run.judge import make_judge
    from rag.models.llm.metering import meter_for, metered
    from rag.models.llm.opening import open_llm

    model = open_llm(spec, settings, fetcher(settings))
    if model is None:
        raise UsageError("--judge none judges nothing; leave it away.")
    try:
        yield make_judge(metered(model, meter_for(settings, model, of_a_question=False))), model.name
    finally:
        model.close()


def _judged_metrics(judge_name: str) -> tuple[str, ...]:
    if not judge_name:
        return ()
    from rag.evaluate.run.judge import JUDGED_METRICS

    return JUDGED_METRICS


def _ask_cases(
    suite: Suite,
    index: Index,
    configuration: Configuration,
    judge: Judge | None,
    judge_name: str,
    corpus_sha256: str,
    resume: bool,
    results: Path | None,
) -> tuple[Run, dict[str, Any], Path]:
    """Ask the cases with journal and progress: what came of it, the configuration's description, and the journal."""
    from rag.cli.progress import CaseProgress
    from rag.evaluate.metrics.table import outside_meanings
    from rag.evaluate.run.configuration import configuration_fingerprint, describe_configuration
    from rag.evaluate.run.journal import open_journal, pending_cases
    from rag.evaluate.run.runner import RunStopped, cutoffs, run_suite

    description = describe_configuration(index, configuration, judge_name)
    if results and str(results) != "-":
        path = results.with_name(results.name + ".journal")
    else:
        path = index.folder / "eval.journal"
    key = {"suite": suite.sha256, "corpus": corpus_sha256, "config": configuration_fingerprint(description)}
    key["ks"] = " ".join(map(str, cutoffs(suite)))
    if outside := outside_meanings():
        key["metrics"] = " ".join(outside)
    if not resume and (pending := pending_cases(path)):
        warn(f"{pending} finished cases of a stopped run are put aside in {path}.old (see --resume).")
    try:
        with open_journal(path, key, resume) as journal, CaseProgress() as progress:
            asked = run_suite(suite, index, configuration, judge=judge, journal=journal, report_progress=progress)
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


def _check_reports(paths: list[Path]) -> None:
    """Fail on a report that cannot be written before any question is asked."""
    from rag.errors import UsageError
    from rag.evaluate.results import check_writable

    if len(set(paths)) < len(paths):
        raise UsageError("Two reports would go to one file; name a file for each.")
    for path in paths:
        if str(path) != "-":
            check_writable(path)


def _warn_of_other_suite(suite: Suite, baseline: Baseline) -> None:
    """Say before the questions are asked that the comparison will be worth nothing."""
    if baseline.suite_sha256 != suite.sha256:
        warn("warning: the baseline is of another suite, so nothing can be compared.")


def accept(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Written by rag eval SUITE --json RESULTS.")],
    baseline: Annotated[Path, typer.Argument(metavar="BASELINE", help="The file to compare later runs with.")],
) -> None:
    """Make results the baseline that later runs are compared with."""
    from rag.evaluate.results import accept_baseline, check_writable

    check_writable(baseline)
    say(f"{baseline} is the baseline now ({accept_baseline(results, baseline)} cases).")


def sweep(
    suite: SuiteArgument,
    settings: Annotated[
        list[str], typer.Option("--set", metavar="NAME=VALUE,VALUE", help="What varies; may be repeated.")
    ],
    index: CorpusIndexOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    limit: LimitOption = None,
    corpus_anywhere: CorpusAnywhereOption = False,
) -> None:
    """Run variants over one corpus and say which differ: rag eval sweep SUITE --set top_k=4,8 --set fusion=0.3,0.7"""  # noqa: D415
    from rag.cli.progress import CaseProgress
    from rag.evaluate.run.configuration import parse_assignments
    from rag.evaluate.sweep import combinations, sweep_lines
    from rag.evaluate.sweep import sweep as run_sweep
    from rag.evaluate.sweep import variants_data as variants_json
    from rag.serialize import to_json

    loaded = load_cases(suite, limit, corpus_anywhere=corpus_anywhere)
    varied = parse_assignments(settings)
    # Fails on a setting that cannot vary before the corpus is opened.
    combinations(varied)
    base = settings_of(home)
    with opened_corpus(loaded, index, base) as (opened, _), CaseProgress() as progress:
        variants = run_sweep(loaded, opened, varied, fetch=fetcher(base), report_progress=progress)
    if as_json:
        typer.echo(to_json(variants_json(variants)))
        return
    say(*sweep_lines(variants), hang=2)
