"""The command line of checking: ``rag verify`` and ``rag calibrate``.

Owns: their options, and what is printed where. Knows nothing about how anything is checked; heavy modules are imported
inside the commands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.eval_corpus import CorpusAnywhereOption
from rag.cli.opening import settings_of
from rag.cli.options import HomeOption, JsonOption, LlmOption
from rag.cli.screen import columns, say, warn

if TYPE_CHECKING:
    from rag.models.llm.model import Model
    from rag.notices import Notice
    from rag.settings import Settings
    from rag.types import Verdict


def verify(
    text: Annotated[
        list[Path] | None,
        typer.Option(
            "--text",
            metavar="FILE",
            help="A text to check; - reads standard input. May be repeated.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        list[Path] | None,
        typer.Option("--source", metavar="FILE", help="A source, in any format; may be repeated.", show_default=False),
    ] = None,
    text_list: Annotated[
        Path | None,
        typer.Option(
            "--text-list",
            metavar="FILE",
            help='JSON lines with "id", "text" and, for other sources, "sources"; - reads standard input.',
            show_default=False,
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers",
            metavar="FILE",
            help="Recorded answers with their contexts, one a line in JSON; [n] names the n-th context.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    llm: LlmOption = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit with 1 when a sentence is unsupported or contradicted.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when a sentence is only partly supported, too.")
    ] = False,
) -> None:
    """Say of each sentence of a text which words of the sources support it, and which say otherwise."""
    from itertools import chain

    from rag.answering.checkers import open_checker_for
    from rag.cli.checked_texts import TextReader
    from rag.cli.lines import verification_lines
    from rag.cli.one_line import one_line
    from rag.cli.verification_screen import verification_screen
    from rag.errors import UsageError
    from rag.ingestion.workers import read_limits
    from rag.load.loader import Loader
    from rag.serialize import to_json
    from rag.verify.texts.document import verify_text

    if not (text or text_list or answers):
        raise UsageError("There is no text to check; name it: --text FILE, --text-list FILE or --answers FILE.")
    settings = settings_of(None)
    failing: tuple[Verdict, ...] = ("unsupported", "contradicted", *(("partly",) if strict else ()))
    failed = False
    with Loader(read_limits(settings)) as loader, open_sentence_judge(settings, llm) as (judge, told):
        trace: list[Notice] = []
        checker = open_checker_for(settings, judge, trace=trace)
        _warn(told)
        reader = TextReader(loader, source or [])
        listed = reader.listed(text_list) if text_list else ()
        answered = reader.answers(answers) if answers else ()
        for one in chain(reader.files(text or []), listed, answered):
            trace.clear()
            checked = verify_text(one.text, one.sources, checker)
            _warn(checked.notices)
            if as_json:
                notices = [notice.as_json() for notice in (*told, *checked.notices)]
                asked = [notice.as_json() for notice in trace]
                fields = checked.as_json() | {"notices": notices, "trace": asked}
                typer.echo(to_json({**one.named, "sources": list(one.sources.titles), **fields}))
                sys.stdout.flush()
            else:
                if text_list or answers or len(text or ()) > 1:
                    say(f"{one_line(str(next(iter(one.named.values()))))}:")
                width = columns()
                for line in verification_screen(checked, width) if width else verification_lines(checked):
                    typer.echo(line)
            failed |= any(map(checked.count, failing))
    raise typer.Exit(1 if failed and (gate or strict) else 0)


@contextmanager
def open_sentence_judge(settings: Settings, llm: str | None) -> Iterator[tuple[Model | None, Sequence[Notice]]]:
    """Open the language model that judges, and close it behind the block.

    The models that are fetched by name are too weak to judge, so that none of them is loaded.

    Args:
        settings: Whether a language model judges, and which.
        llm: The model that the command line names; None: that of the settings.

    Yields:
        The model, and what must be told: that it cannot be had, or is too weak. None where the rules check alone, or
        the settings name another judge.
    """
    from rag.answering.checkers import BY_LANGUAGE_MODEL, read_spec
    from rag.errors import LLMError, ModelError
    from rag.models.llm.opening import check_spec, is_known_weak, open_llm
    from rag.notices import Notice
    from rag.verify.judge import JUDGE_FAILED

    spec = llm or settings.llm
    check_spec(spec)
    is_weak, is_none = is_known_weak(spec, settings.llm_trust), spec.strip().lower() == "none"
    is_asked = read_spec(settings.checker) == (BY_LANGUAGE_MODEL, "")
    told: list[Notice] = []
    model = None
    try:
        model = open_llm(spec, settings) if is_asked and not (is_weak or is_none) else None
    except (LLMError, ModelError) as error:
        told = [Notice(JUDGE_FAILED, {"model": spec, "cause": error.notice.as_json()})]
    if is_asked and llm and (model.weak if model else is_weak):
        name = model.name if model else spec
        told = [Notice(JUDGE_FAILED, {"model": name, "cause": Notice("judge-too-weak", {"model": name}).as_json()})]
    try:
        yield model, told
    finally:
        if model:
            model.close()


def _warn(notices: Sequence[Notice]) -> None:
    """Print notices on standard error."""
    from rag.cli.one_line import one_line

    for notice in notices:
        warn(one_line(str(notice)))


def calibrate(
    suite: Annotated[Path, typer.Argument(metavar="SUITE", help="A suite with answerable and unanswerable cases.")],
    index: Annotated[
        str | None,
        typer.Option("--index", metavar="NAME", help="Calibrate this index; default: the suite's corpus, indexed."),
    ] = None,
    home: HomeOption = None,
    false_refusals: Annotated[
        float,
        typer.Option("--false-refusals", metavar="SHARE", min=0, max=1, help="Most answerable questions refused."),
    ] = 0.02,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the figures and keep nothing.")] = False,
    as_json: JsonOption = False,
    corpus_anywhere: CorpusAnywhereOption = False,
) -> None:
    """Choose from which confidence an index answers, on questions whose answers are known, and keep it there."""
    from dataclasses import asdict

    from rag.cli.lines import calibration_lines
    from rag.cli.terminal import IngestProgress
    from rag.errors import UsageError
    from rag.evaluate.histories import with_written_histories
    from rag.evaluate.run.calibration import calibrate_index
    from rag.evaluate.run.runner import open_corpus
    from rag.evaluate.suite.file import load_suite
    from rag.retrieval.answerability import CALIBRATED
    from rag.serialize import to_json
    from rag.store.index import open_index

    settings = settings_of(home)
    loaded = load_suite(suite, corpus_anywhere=corpus_anywhere)
    kinds = {case.answerable for case in loaded.cases}
    if kinds != {True, False}:
        raise UsageError(
            f"{suite} has {'no unanswerable' if True in kinds else 'no answerable'} case; calibration needs both kinds."
        )
    if index:
        opened = open_index(index, settings=settings)
    else:
        with IngestProgress() as progress:
            opened, _ = open_corpus(loaded, settings, progress)
    with opened:
        calibration = calibrate_index(opened, with_written_histories(loaded), false_refusals)
        if not dry_run:
            opened.catalog.set(**{CALIBRATED: f"{calibration.chosen.threshold:g}"})
    if as_json:
        typer.echo(to_json({"index": opened.name, "kept": not dry_run, **asdict(calibration)}))
        return
    say(*calibration_lines(calibration))
    typer.echo(f"{'Not kept' if dry_run else 'Kept with'} the index {opened.name}.")
