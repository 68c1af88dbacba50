"""The commands on suites: ``rag eval lint``, ``new``, ``add``, ``import`` and ``export``.

Owns: their options, what is printed where, and how answers are read from a file. Knows nothing about the formats of
suites; heavy modules are imported inside the commands.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.eval_corpus import (
    CorpusAnywhereOption,
    CorpusIndexOption,
    ResumeOption,
    SuiteArgument,
    file_option,
    load_cases,
    opened_corpus,
)
from rag.cli.opening import fetcher, settings_of
from rag.cli.options import HomeOption, JsonOption, LlmOption
from rag.cli.screen import say, warn

if TYPE_CHECKING:
    from rag.evaluate.formats import TransferReport
    from rag.settings import Settings


def lint(
    suite: SuiteArgument,
    index: CorpusIndexOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    corpus_anywhere: CorpusAnywhereOption = False,
) -> None:
    """Say what is wrong with a suite before it is run; exit with 1 where figures would be wrong."""
    from dataclasses import asdict

    from rag.evaluate.suite.lint import lint_suite as lint_suite
    from rag.serialize import to_json
    from rag.text import printable

    loaded = load_cases(suite, corpus_anywhere=corpus_anywhere)
    with opened_corpus(loaded, index, settings_of(home)) as (opened, _):
        problems = lint_suite(loaded, opened)
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        typer.echo(to_json({"suite": loaded.name, "problems": [asdict(problem) for problem in problems]}))
    else:
        for problem in problems:
            case = f" {problem.case}:" if problem.case else ""
            say(printable(f"{problem.where}: {problem.severity}:{case} {problem.text}"), hang=2)
        typer.echo(f"{len(loaded.cases)} cases, {errors} errors, {len(problems) - errors} other findings")
    raise typer.Exit(1 if errors else 0)


def new(
    suite: SuiteArgument,
    corpus: Annotated[
        Path, typer.Option("--from-corpus", metavar="PATH", help="The documents to ask about.", show_default=False)
    ],
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, max=1000, help="How many cases.")] = 30,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed drafts other cases.")] = 0,
    resume: ResumeOption = False,
    home: HomeOption = None,
    llm: LlmOption = None,
) -> None:
    """Draft a suite from your documents; every draft is tagged, for you to look over."""
    from rag.cli.progress import CaseProgress
    from rag.errors import LLMError, UsageError
    from rag.evaluate.drafting.generate import generate_cases
    from rag.evaluate.run.configuration import apply_overrides, open_configuration
    from rag.evaluate.suite.corpus_path import flag_for
    from rag.evaluate.suite.file import SUITE_FILE, append_cases, load_suite
    from rag.evaluate.types import Suite

    path = suite if suite.suffix in (".yaml", ".yml") else suite / SUITE_FILE
    if path.exists() and not resume:
        raise UsageError(
            f"There is a suite {path} already; name another, go on drafting it with --resume, or add cases with: "
            "rag eval add"
        )
    if not corpus.exists():
        raise UsageError(f"There is no file or folder {corpus}; check --from-corpus.")
    name = path.stem if path.name != SUITE_FILE else path.parent.name or "suite"
    empty = Suite(name, path, corpus, "", (), "")
    base = settings_of(home)
    settings, options = apply_overrides(base, {"llm": llm or _default_drafter(base)})
    known = [case.id for case in load_suite(path, corpus_anywhere=True).cases] if path.exists() else []
    drafted = 0
    broken_off: BaseException | None = None
    with (
        opened_corpus(empty, None, base) as (index, _),
        open_configuration(settings, options, fetcher(base)) as configuration,
    ):
        try:
            with CaseProgress() as progress:
                for case in generate_cases(index, count, seed, configuration.model, known):
                    # Each at once: whatever ends the program, it is kept.
                    append_cases(path, [case], corpus)
                    drafted += 1
                    progress(len(known) + drafted, count, case.question)
        except (KeyboardInterrupt, LLMError) as error:
            broken_off = error
    if broken_off and not drafted:
        raise broken_off
    total = len(known) + drafted
    if not total:
        raise UsageError(f"The documents in {corpus} give nothing to ask about; they may be too short.")
    if broken_off:
        reason = "Stopped." if isinstance(broken_off, KeyboardInterrupt) else str(broken_off)
        warn(f"{reason} What was drafted until then is kept: go on with the same command and --resume.")
    shortfall = "" if broken_off or total >= count else f" of {count} (the documents give no more)"
    say(
        f"{total} drafts{shortfall} are in {path}; look over each, take the tag 'draft' away, then: "
        f"rag eval {path}{flag_for(path, corpus)}"
    )
    if broken_off:
        raise typer.Exit(1 if isinstance(broken_off, LLMError) else 130)


def _default_drafter(settings: Settings) -> str:
    """Return the model that drafts: the one of the settings where it is a strong one, else none."""
    from rag.models.llm.opening import is_hosted, is_known_weak

    spec = settings.llm
    return spec if is_hosted(spec) and not is_known_weak(spec, settings.llm_trust) else "none"


def add(
    suite: SuiteArgument,
    answer: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines of rag ask --json; - reads them.")],
    corpus: Annotated[
        Path | None,
        typer.Option("--corpus", metavar="PATH", help="The documents, for a suite that is not there yet."),
    ] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="May be repeated.")] = None,
    id_: Annotated[str, typer.Option("--id", metavar="ID", help="Name the case; made of the question without.")] = "",
) -> None:
    """Make cases of answers, so that they are asked again: rag ask … --json | rag eval add SUITE -"""  # noqa: D415
    from rag.errors import UsageError
    from rag.evaluate.suite.file import append_cases
    from rag.evaluate.suite.from_answer import case_from_answer

    answers = _read_answers(answer)
    if id_ and len(answers) > 1:
        raise UsageError("--id names one case and there are several answers; leave it away.")
    cases = [case_from_answer(one, tuple(tags or ()), id_) for one in answers]
    append_cases(suite, cases, corpus)
    for case in cases:
        typer.echo(f"added {case.id}")


def _read_answers(path: Path) -> list[dict[str, Any]]:
    """Read the JSON objects of a file, one a line or one in all; ``-`` is standard input."""
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
        answers = [json.loads(text)]
    except ValueError:
        try:
            answers = [json.loads(line) for line in text.split("\n") if line.strip()]
        except (ValueError, RecursionError):
            answers = []
    if not answers or not all(isinstance(answer, dict) for answer in answers):
        raise UsageError(f"{path} holds no answer; give what rag ask --json prints.")
    return answers


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
    from rag.evaluate.suite.corpus_path import flag_for

    report = import_suite(format_, source, target, corpus)
    _print_counts(report)
    if corpus and (flag := flag_for(report.path, corpus)):
        typer.echo(f"Its documents lie outside its folder; run it with: rag eval {report.path}{flag}", err=True)


def export(
    format_: Annotated[str, typer.Argument(metavar="FORMAT", help="beir, squad, llama-index, ragas, promptfoo, trec")],
    suite: SuiteArgument,
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="A new file or folder.")],
    results: Annotated[
        Path | None,
        file_option("--results", "Results whose answers and passages go with it, where the format takes them."),
    ] = None,
    index: CorpusIndexOption = None,
    home: HomeOption = None,
    corpus_anywhere: CorpusAnywhereOption = False,
) -> None:
    """Write a suite in another tool's format."""
    from rag.evaluate.formats import export_suite
    from rag.evaluate.results import read_baseline

    loaded = load_cases(suite, corpus_anywhere=corpus_anywhere)
    records = read_baseline(results).records if results else ()
    with opened_corpus(loaded, index, settings_of(home)) as (opened, _):
        _print_counts(export_suite(format_, loaded, target, opened, records))


def _print_counts(report: TransferReport) -> None:
    """Print how much an import or export took, and the rows it did not take on standard error."""
    from rag.text import printable

    documents = f", {report.documents} documents" if report.documents else ""
    typer.echo(f"{report.cases} cases{documents} in {report.path}")
    if report.answers:
        typer.echo(f"what was answered is kept in {report.answers}; measure it with --answers")
    for rejected in report.rejected:
        typer.echo(printable(f"{rejected.rows} not taken: {rejected.reason} (first: {rejected.first})"), err=True)
