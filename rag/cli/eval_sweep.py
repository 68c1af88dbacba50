"""The command that runs one suite under several settings: ``rag eval sweep``.

Owns: its options, and what is printed and written where. Knows nothing about how anything is measured; heavy modules
are imported inside the command.
"""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.eval_corpus import CorpusIndexOption, LimitOption, SuiteArgument, load_cases, opened_corpus
from rag.cli.opening import fetcher, settings_of
from rag.cli.options import HomeOption, JsonOption
from rag.cli.screen import say


def sweep(
    suite: SuiteArgument,
    settings: Annotated[
        list[str], typer.Option("--set", metavar="NAME=VALUE,VALUE", help="What varies; may be repeated.")
    ],
    index: CorpusIndexOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    limit: LimitOption = None,
) -> None:
    """Run variants over one corpus and say which differ: rag eval sweep SUITE --set top_k=4,8 --set fusion=0.3,0.7"""  # noqa: D415
    from rag.cli.progress import CaseProgress
    from rag.evaluate.run.configuration import parse_assignments
    from rag.evaluate.sweep import combinations, sweep_lines
    from rag.evaluate.sweep import sweep as run_sweep
    from rag.evaluate.sweep import variants_data as variants_json
    from rag.serialize import to_json

    loaded = load_cases(suite, limit)
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
