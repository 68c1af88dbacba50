"""The command line of checking: ``rag verify`` and ``rag calibrate``.

Owns: their options, and what is printed where. Knows nothing about how anything is checked; heavy modules are imported
inside the commands.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.opening import settings_of
from rag.cli.options import HomeOption, JsonOption

if TYPE_CHECKING:
    from rag.load.loader import Loader
    from rag.types import Document


def verify(
    text: Annotated[Path, typer.Option("--text", metavar="FILE", help="The text to check; - reads standard input.")],
    source: Annotated[
        list[Path], typer.Option("--source", metavar="FILE", help="A source, in any format; may be repeated.")
    ],
    as_json: JsonOption = False,
    gate: Annotated[bool, typer.Option("--gate", help="Exit with 1 when a sentence is not supported.")] = False,
) -> None:
    """Say by the rules, whatever RAG_CHECKER names, which words of the sources support each sentence of a text."""
    from rag.answering.checkers import open_checker_for
    from rag.cli.lines import verification_lines
    from rag.ingestion.pipeline import read_limits
    from rag.load.loader import Loader
    from rag.serialize import to_json
    from rag.verify.document import verify_text

    settings = settings_of(None)
    checker = open_checker_for(settings)
    with Loader(read_limits(settings)) as loader:
        documents = {str(path): _read_document(loader, path) for path in dict.fromkeys(source)}
        if str(text) == "-":
            checked_text = sys.stdin.buffer.read().decode("utf-8", "replace")
        else:
            checked_text = _read_document(loader, text).text
    verification = verify_text(checked_text, documents, checker)
    if as_json:
        typer.echo(to_json({"text": str(text), "sources": list(documents), **verification.as_json()}))
    else:
        for line in verification_lines(verification):
            typer.echo(line)
    raise typer.Exit(1 if gate and verification.count("unsupported") else 0)


def _read_document(loader: Loader, path: Path) -> Document:
    """Read the document in a file, or raise the user's mistake in one sentence."""
    from rag.errors import LoadError, SkipFile, UsageError

    if path.is_dir():
        raise UsageError(f"{path} is a folder; name the files in it.")
    if not path.is_file():
        raise UsageError(f"There is no file {path}; check the path.")
    try:
        return loader.load(path, path.name).document
    except (LoadError, SkipFile) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None


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
) -> None:
    """Choose from which confidence an index answers, on questions whose answers are known, and keep it there."""
    from dataclasses import asdict

    from rag.cli.lines import calibration_lines
    from rag.cli.terminal import IngestProgress
    from rag.errors import UsageError
    from rag.evaluate.run.calibration import calibrate_index
    from rag.evaluate.run.runner import open_corpus
    from rag.evaluate.suite.file import load_suite
    from rag.retrieval.answerability import CALIBRATED
    from rag.serialize import to_json
    from rag.store.index import open_index

    settings = settings_of(home)
    loaded = load_suite(suite)
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
        calibration = calibrate_index(opened, loaded.cases, false_refusals)
        if not dry_run:
            opened.catalog.set(**{CALIBRATED: f"{calibration.chosen.threshold:g}"})
    if as_json:
        typer.echo(to_json({"index": opened.name, "kept": not dry_run, **asdict(calibration)}))
        return
    for line in calibration_lines(calibration):
        typer.echo(line)
    typer.echo(f"{'Not kept' if dry_run else 'Kept with'} the index {opened.name}.")
