"""The command ``rag convert``: another precision for the vectors of an index.

Owns: its options, and what is printed. Heavy modules are imported inside the command.
"""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.opening import fetcher, settings_of
from rag.cli.options import DEFAULT_INDEX, HomeOption, IndexOption
from rag.cli.screen import warn


def convert(
    precision: Annotated[str, typer.Argument(metavar="PRECISION", help="int8 or fp32.")],
    index: IndexOption = DEFAULT_INDEX,
    home: HomeOption = None,
) -> None:
    """Embed the text of an index anew in another precision; no file is read and nothing is lost."""
    from rag.cli.terminal import IngestProgress
    from rag.errors import UsageError
    from rag.ingestion.conversion import convert as run_convert
    from rag.precision import FP32, INT8

    precisions = {str(name): name for name in (FP32, INT8)}
    if precision not in precisions:
        raise UsageError(f"{precision!r} is no precision; write int8 or fp32.")
    settings = settings_of(home)
    try:
        with IngestProgress() as progress:
            chunks = run_convert(index, precisions[precision], settings, progress, fetcher(settings))
    except KeyboardInterrupt:
        warn("Stopped; the index is as it was, run the command again to go on.")
        raise typer.Exit(130) from None
    if chunks is None:
        typer.echo(f"{index} is of {precision}")
    else:
        typer.echo(f"{index}: {chunks} chunks are embedded anew, in {precision}")
