"""The command line of evaluation: ``rag eval``.

Owns: its commands and options, and what is printed where. Knows nothing about how anything is measured; heavy modules
are imported inside the commands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from rag.cli.options import AsJson, Home, Llm, pull_with_progress, settings_of

if TYPE_CHECKING:
    from rag.evaluate.results import Baseline, Results
    from rag.evaluate.run.configuration import Configuration
    from rag.evaluate.types import Case, Suite
    from rag.settings import Settings
    from rag.store.index import Index


class _SuiteGroup(TyperGroup):
    """A group whose first word may be a suite: then the command is ``run``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


eval_app = typer.Typer(
    cls=_SuiteGroup,
    help="Ask every question of a suite, measure the answers, and gate a change: rag eval SUITE",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SuitePath = Annotated[Path, typer.Argument(metavar="SUITE", help="A suite file, or a folder with suite.yaml.")]
IndexName = Annotated[
    str | None,
    typer.Option(
        "--index",
        metavar="NAME",
        help="Ask this index as it is; without it the suite's corpus is indexed first.",
        show_default=False,
    ),
]


def _file(flag: str, words: str) -> Any:
    return typer.Option(flag, metavar="FILE", help=words, show_default=False)


@eval_app.command()
def run(
    suite: SuitePath,
    index: IndexName = None,
    home: Home = None,
    llm: Llm = None,
    json_: Annotated[Path | None, _file("--json", "Write the results; - for standard output.")] = None,
    junit: Annotated[Path | None, _file("--junit", "Write JUnit XML.")] = None,
    html: Annotated[Path | None, _file("--html", "Write one self-contained page.")] = None,
    csv: Annotated[Path | None, _file("--csv", "Write one row a case.")] = None,
    markdown: Annotated[Path | None, _file("--markdown", "Write a summary for a comment.")] = None,
    baseline: Annotated[Path | None, _file("--baseline", "Compare with accepted results.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Exit with 1 where the gate fails.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where a run was stopped.")] = False,
    judge: Annotated[
        str | None,
        typer.Option("--judge", metavar="SPEC", help="Have a language model judge, too.", show_default=False),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Only the first N cases.", show_default=False)
    ] = None,
) -> None:
    """Ask every case of a suite, print the figures, and say what the gate says."""
    from dataclasses import replace

    from rag.evaluate.gate import exit_code
    from rag.evaluate.report import console
    from rag.evaluate.results import build_results, read_baseline
    from rag.evaluate.run.configuration import defaults
    from rag.evaluate.suite.file import load_suite

    reports = {"json": json_, "junit": junit, "html": html, "csv": csv, "markdown": markdown}
    found = load_suite(suite)
    if limit:
        found = replace(found, cases=found.cases[:limit])
    _check_reports([path for path in reports.values() if path])
    before = read_baseline(baseline) if baseline else None
    if before:
        _warn_early(found, before)
    chosen = settings_of(home)
    values = defaults(found) | ({"llm": llm} if llm else {})
    with _asked(found, index, chosen, values) as (opened, corpus_sha256, setup), _judge(judge, chosen) as (says, name):
        ran, config, journal = _run(found, opened, setup, says, name, corpus_sha256, resume, json_)
        results = build_results(found, corpus_sha256, config, ran, before, _judged(name))
        _write(results, reports, opened)
    journal.unlink(missing_ok=True)
    for line in console.lines(results):
        typer.echo(line, err=str(json_) == "-")
    state = results.gate.state
    if state == "INCONCLUSIVE" and (gate or before):
        typer.echo("rag: warning: the gate is inconclusive; nothing is shown to be worse.", err=True)
    raise typer.Exit(exit_code(results.gate) if gate or state == "INVALID" else 0)


@eval_app.command()
def lint(suite: SuitePath, index: IndexName = None, home: Home = None, as_json: AsJson = False) -> None:
    """Say what is wrong with a suite before it is run; exit with 1 where figures would be wrong."""
    from dataclasses import asdict

    from rag.evaluate.suite.file import load_suite
    from rag.evaluate.suite.lint import lint as examine
    from rag.serialize import to_json
    from rag.text import printable

    found = load_suite(suite)
    with _corpus(found, index, settings_of(home)) as (opened, _):
        problems = examine(found, opened)
    if as_json:
        typer.echo(to_json({"suite": found.name, "problems": [asdict(problem) for problem in problems]}))
    for problem in () if as_json else problems:
        named = f" {problem.case}:" if problem.case else ""
        typer.echo(printable(f"{problem.where}: {problem.severity}:{named} {problem.text}"))
    wrong = sum(problem.severity == "error" for problem in problems)
    if not as_json:
        typer.echo(f"{len(found.cases)} cases, {wrong} errors, {len(problems) - wrong} other findings")
    raise typer.Exit(1 if wrong else 0)


@eval_app.command()
def new(
    suite: SuitePath,
    corpus: Annotated[
        Path, typer.Option("--from-corpus", metavar="PATH", help="The documents to ask about.", show_default=False)
    ],
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, max=1000, help="How many cases.")] = 30,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed drafts other cases.")] = 0,
    home: Home = None,
    llm: Llm = None,
) -> None:
    """Draft a suite from your documents; every draft is tagged, for you to look over."""
    from rag.cli.progress import CaseProgress
    from rag.errors import LLMError, UsageError
    from rag.evaluate.run.configuration import apply_overrides, open_configuration
    from rag.evaluate.suite.file import FILE, append_cases
    from rag.evaluate.suite.generate import generate_cases
    from rag.evaluate.types import Suite

    path = suite if suite.suffix in (".yaml", ".yml") else suite / FILE
    if path.exists():
        raise UsageError(f"There is a suite {path} already; name another, or add cases with: rag eval add")
    if not corpus.exists():
        raise UsageError(f"There is no file or folder {corpus}; check --from-corpus.")
    empty = Suite(path.stem if path.name != FILE else path.parent.name or "suite", path, corpus, "", (), "")
    chosen = settings_of(home)
    settings, options = apply_overrides(chosen, {"llm": llm or "none"})
    cases: list[Case] = []
    broken_off: BaseException | None = None
    with _corpus(empty, None, chosen) as (index, _), open_configuration(settings, options, _fetcher(chosen)) as setup:
        try:
            with CaseProgress() as progress:
                for case in generate_cases(index, count, seed, setup.model, settings.prompts):
                    cases.append(case)
                    progress(len(cases), count, case.question)
        except (KeyboardInterrupt, LLMError) as error:
            broken_off = error
    if broken_off and not cases:
        raise broken_off
    if not cases:
        raise UsageError(f"The documents in {corpus} give nothing to ask about; they may be too short.")
    append_cases(path, cases, corpus)
    if broken_off:
        why = "Stopped." if isinstance(broken_off, KeyboardInterrupt) else str(broken_off)
        typer.echo(f"rag: {why} What was drafted until then is kept.", err=True)
    wanted = "" if broken_off or len(cases) == count else f" of {count} (the documents give no more)"
    typer.echo(
        f"{len(cases)} drafts{wanted} are in {path}; look over each, take the tag 'draft' away, then: rag eval {path}"
    )
    if broken_off:
        raise typer.Exit(1 if isinstance(broken_off, LLMError) else 130)


@eval_app.command()
def add(
    suite: SuitePath,
    answer: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines of rag ask --json; - reads them.")],
    corpus: Annotated[
        Path | None,
        typer.Option("--corpus", metavar="PATH", help="The documents, for a suite that is not there yet."),
    ] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="May be repeated.")] = None,
    id_: Annotated[str, typer.Option("--id", metavar="ID", help="Name the case; made of the question without.")] = "",
) -> None:
    """Make cases of answers, so that they are asked again: rag ask … --json | rag eval add SUITE -"""
    from rag.errors import UsageError
    from rag.evaluate.suite.file import append_cases
    from rag.evaluate.suite.from_answer import case_from_answer

    found = _json_lines(answer)
    if id_ and len(found) > 1:
        raise UsageError("--id names one case and there are several answers; leave it away.")
    cases: list[Case] = [case_from_answer(one, tuple(tags or ()), id_) for one in found]
    append_cases(suite, cases, corpus)
    for case in cases:
        typer.echo(f"added {case.id}")


@eval_app.command()
def accept(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Written by rag eval SUITE --json RESULTS.")],
    baseline: Annotated[Path, typer.Argument(metavar="BASELINE", help="The file to compare later runs with.")],
) -> None:
    """Make results the baseline that later runs are compared with."""
    from rag.evaluate.results import accept_baseline as run_accept
    from rag.evaluate.results import check_writable

    check_writable(baseline)
    typer.echo(f"{baseline} is the baseline now ({run_accept(results, baseline)} cases).")


@eval_app.command()
def sweep(
    suite: SuitePath,
    settings: Annotated[
        list[str], typer.Option("--set", metavar="NAME=VALUE,VALUE", help="What varies; may be repeated.")
    ],
    index: IndexName = None,
    home: Home = None,
    as_json: AsJson = False,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Only the first N cases.", show_default=False)
    ] = None,
) -> None:
    """Run variants over one corpus and say which differ: rag eval sweep SUITE --set top_k=4,8 --set fusion=0.3,0.7"""
    from dataclasses import replace

    from rag.cli.progress import CaseProgress
    from rag.evaluate.run.configuration import parse
    from rag.evaluate.suite.file import load_suite
    from rag.evaluate.sweep import combinations, lines, to_json
    from rag.evaluate.sweep import sweep as run_sweep
    from rag.serialize import to_json as one_line

    found = load_suite(suite)
    if limit:
        found = replace(found, cases=found.cases[:limit])
    wanted = parse(settings)
    combinations(wanted)
    chosen = settings_of(home)
    with _corpus(found, index, chosen) as (opened, _), CaseProgress() as progress:
        variants = run_sweep(found, opened, chosen, wanted, fetch=_fetcher(chosen), told=progress)
    if as_json:
        typer.echo(one_line(to_json(variants)))
        return
    for line in lines(variants):
        typer.echo(line)


@eval_app.command("import")
def import_(
    format_: Annotated[str, typer.Argument(metavar="FORMAT", help="beir, squad, llama-index, ragas, promptfoo, …")],
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="The data, a file or a folder.")],
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="A new folder for the suite.")],
    corpus: Annotated[
        Path | None, typer.Option("--corpus", metavar="PATH", help="The documents, where the format carries none.")
    ] = None,
) -> None:
    """Make a suite of another tool's data, and say how many rows could not be taken and why."""
    from rag.evaluate.formats import import_suite

    _told(import_suite(format_, source, target, corpus))


@eval_app.command()
def export(
    format_: Annotated[str, typer.Argument(metavar="FORMAT", help="beir, squad, llama-index, ragas, promptfoo, trec")],
    suite: SuitePath,
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="A new file or folder.")],
    results: Annotated[
        Path | None, _file("--results", "Results whose answers and passages go with it, where the format takes them.")
    ] = None,
    index: IndexName = None,
    home: Home = None,
) -> None:
    """Write a suite in another tool's format."""
    from rag.evaluate.formats import export_suite
    from rag.evaluate.results import read_baseline
    from rag.evaluate.suite.file import load_suite

    found = load_suite(suite)
    records = read_baseline(results).records if results else ()
    with _corpus(found, index, settings_of(home)) as (opened, _):
        _told(export_suite(format_, found, target, opened, records))


# -- shared by the commands --------------------------------------------------------------------------------------------


def _fetcher(chosen: Settings) -> Any:
    """Fetches weights that are absent, with progress, as every command does."""
    return lambda name: pull_with_progress(name, chosen)


@contextmanager
def _corpus(suite: Suite, index: str | None, settings: Settings) -> Iterator[tuple[Index, str]]:
    """What is asked: the suite's corpus, brought up to date first, or an index of the user's as it is."""
    from rag.cli.terminal import IngestProgress
    from rag.evaluate.run.runner import existing_corpus, open_corpus

    if index:
        opened, sha256 = existing_corpus(index, settings, _fetcher(settings))
    else:
        with IngestProgress() as progress:
            opened, sha256 = open_corpus(suite, settings, progress, _fetcher(settings))
    with opened:
        yield opened, sha256


@contextmanager
def _asked(
    suite: Suite, index: str | None, settings: Settings, values: dict[str, Any]
) -> Iterator[tuple[Index, str, Configuration]]:
    """The open index, the hash of its documents, and what answers."""
    from rag.evaluate.run.configuration import apply_overrides, open_configuration

    own, options = apply_overrides(settings, values)
    with _corpus(suite, index, own) as (found, sha256):
        found.warm()
        with open_configuration(own, options, _fetcher(own)) as setup:
            yield found, sha256, setup


@contextmanager
def _judge(spec: str | None, settings: Settings) -> Iterator[tuple[Any, str]]:
    """The judge and its model's name; None and nothing when none is asked for."""
    from rag.errors import UsageError

    if not spec:
        yield None, ""
        return
    from rag.evaluate.run.judge import judge_answer
    from rag.models.llm.opening import open_llm

    model = open_llm(spec, settings, _fetcher(settings))
    if model is None:
        raise UsageError("--judge none judges nothing; leave it away.")
    try:
        yield judge_answer(model), model.name
    finally:
        model.close()


def _judged(name: str) -> tuple[str, ...]:
    if not name:
        return ()
    from rag.evaluate.run.judge import JUDGED

    return JUDGED


def _run(
    suite: Suite,
    index: Index,
    setup: Configuration,
    judge: Any,
    judge_name: str,
    corpus_sha256: str,
    resume: bool,
    results: Path | None,
) -> tuple[Any, dict[str, Any], Path]:
    """The run with its journal and progress: what came of it, its configuration, and where the journal is."""
    from rag.cli.progress import CaseProgress
    from rag.evaluate.run.configuration import describe, fingerprint
    from rag.evaluate.run.journal import open_journal, pending_cases
    from rag.evaluate.run.runner import Stopped, cutoffs
    from rag.evaluate.run.runner import run_suite as run_suite

    config = describe(index, setup, judge_name)
    beside = results and str(results) != "-"
    path = results.with_name(results.name + ".journal") if results and beside else index.folder / "eval.journal"
    key = {"suite": suite.sha256, "corpus": corpus_sha256, "config": fingerprint(config)}
    key["ks"] = " ".join(map(str, cutoffs(suite)))
    if not resume and (kept := pending_cases(path)):
        typer.echo(f"rag: {kept} finished cases of a stopped run are put aside in {path}.old (see --resume).", err=True)
    try:
        with open_journal(path, key, resume) as journal, CaseProgress() as progress:
            return run_suite(suite, index, setup, judge=judge, journal=journal, told=progress), config, path
    except Stopped as stopped:
        typer.echo(
            f"rag: Stopped; {stopped.done} of {stopped.total} cases are kept: run the same command with --resume.",
            err=True,
        )
        raise typer.Exit(130) from None


def _write(results: Results, reports: dict[str, Path | None], index: Index) -> None:
    """The reports that were asked for, the results first."""
    from rag.evaluate.report.junit import junit
    from rag.evaluate.report.markdown import markdown
    from rag.evaluate.report.page import page
    from rag.evaluate.report.table import table
    from rag.evaluate.results import results_json, to_json, write_text
    from rag.evaluate.run.runner import text_of

    texts = {
        "json": lambda: results_json(to_json(results)),
        "junit": lambda: junit(results),
        "html": lambda: page(results, lambda source: text_of(index, source)),
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


def _warn_early(suite: Suite, baseline: Baseline) -> None:
    """Say before the questions are asked that the comparison will be worth nothing."""
    if baseline.suite_sha256 != suite.sha256:
        typer.echo("rag: warning: the baseline is of another suite, so nothing can be compared.", err=True)


def _json_lines(path: Path) -> list[dict[str, Any]]:
    """The JSON objects of a file, one a line or one in all; ``-`` is standard input."""
    import json

    from rag.errors import UsageError

    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"The answer {path} cannot be read ({error.strerror}); check the path.") from None
    except UnicodeDecodeError:
        raise UsageError(f"The answer {path} is not UTF-8; give what rag ask --json prints.") from None
    try:
        found = [json.loads(text)]
    except ValueError:
        try:
            found = [json.loads(line) for line in text.split("\n") if line.strip()]
        except (ValueError, RecursionError):
            found = []
    if not found or not all(isinstance(one, dict) for one in found):
        raise UsageError(f"{path} holds no answer; give what rag ask --json prints.")
    return found


def _told(report: Any) -> None:
    """What an import or export did."""
    from rag.text import printable

    documents = f", {report.documents} documents" if report.documents else ""
    typer.echo(f"{report.cases} cases{documents} in {report.path}")
    for refused in report.refused:
        typer.echo(printable(f"{refused.rows} not taken: {refused.reason} (first: {refused.first})"), err=True)
