"""The command that runs one suite under several settings: ``rag eval sweep``.

Owns: its options, and what is printed and written where. Knows nothing about how anything is measured; heavy modules
are imported inside the command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.eval_corpus import (
    ConversationOption,
    CorpusAnywhereOption,
    CorpusIndexOption,
    HtmlOption,
    LimitOption,
    ResumeOption,
    SuiteArgument,
    load_cases,
    opened_corpus,
)
from rag.cli.eval_reports import check_reports, write_reports
from rag.cli.opening import fetcher, settings_of
from rag.cli.options import HomeOption, JsonOption
from rag.cli.screen import warn

if TYPE_CHECKING:
    from rag.evaluate.sweep import Variant
    from rag.evaluate.types import Suite
    from rag.settings import Settings
    from rag.store.index import Index


def sweep(
    suite: SuiteArgument,
    settings: Annotated[
        list[str], typer.Option("--set", metavar="NAME=VALUE,VALUE", help="What varies; may be repeated.")
    ],
    index: CorpusIndexOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    results: Annotated[
        Path | None,
        typer.Option(
            "--results", metavar="DIR", help="Write the results of each variant into a folder.", show_default=False
        ),
    ] = None,
    resume: ResumeOption = False,
    limit: LimitOption = None,
    conversation: ConversationOption = "",
    corpus_anywhere: CorpusAnywhereOption = False,
) -> None:
    """Run variants and say which differ: rag eval sweep SUITE --set top_k=4,8 --set chunk_tokens=120,240"""  # noqa: D415
    from rag.errors import UsageError
    from rag.evaluate.comparison.page import comparison_page
    from rag.evaluate.run.configuration import parse_assignments
    from rag.evaluate.sweep import combinations, compare_variants, sweep_lines, variants_data, varies_index
    from rag.serialize import to_json

    check_reports(html, Path("-") if as_json else None)
    loaded = load_cases(suite, limit, conversation=conversation, corpus_anywhere=corpus_anywhere)
    varied = parse_assignments(settings)
    # Fails on a setting that cannot vary before the corpus is opened.
    combinations(varied)
    if index and varies_index(varied):
        raise UsageError(
            f"The index {index!r} is asked as it is, so chunks and embedding model cannot vary; leave --index away."
        )
    if results:
        _make_folder(results)
    variants = _run_variants(loaded, index, settings_of(home), varied, resume)
    if results:
        _write_results(loaded, variants, results)
    compared = compare_variants(loaded, variants)
    if as_json:
        typer.echo(to_json(variants_data(variants, compared)))
    write_reports(
        [(html, lambda: comparison_page(compared, f"{loaded.name}: {len(variants)} variants"))],
        () if as_json else sweep_lines(compared),
    )


def _run_variants(
    suite: Suite, index: str | None, settings: Settings, varied: Mapping[str, Sequence[str]], resume: bool
) -> list[Variant]:
    """Run the variants with progress; Ctrl-C ends the command and keeps what is finished."""
    from rag.cli.progress import CaseProgress
    from rag.evaluate.run.runner import RunStopped
    from rag.evaluate.sweep import sweep as run_sweep

    with CaseProgress() as progress:

        @contextmanager
        def open_index(own: Settings, suffix: str) -> Iterator[tuple[Index, str]]:
            # The corpus has a bar of its own, and a screen has room for one.
            progress.bar.stop()
            with opened_corpus(suite, index, own, suffix) as opened:
                progress.bar.start()
                yield opened

        try:
            return run_sweep(
                suite, settings, open_index, varied, fetch=fetcher(settings), resume=resume, report_progress=progress
            )
        except RunStopped as stopped:
            progress.bar.stop()
            warn(f"Stopped; {stopped.done} of {stopped.total} cases are kept: run the same command with --resume.")
            raise typer.Exit(130) from None


def _make_folder(folder: Path) -> None:
    from rag.errors import UsageError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"The folder {folder} cannot be made ({error.strerror}); choose another place.") from None


def _write_results(suite: Suite, variants: Sequence[Variant], folder: Path) -> None:
    from rag.evaluate.results import dump_json, results_data, write_text
    from rag.evaluate.sweep import variant_results

    for variant in variants:
        write_text(folder / variant.file_name, dump_json(results_data(variant_results(suite, variant))))
