"""The command ``rag``: its global options and its commands, in the order in which help lists them.

Owns: the Typer application. Each module beside this one holds the commands of one purpose; heavy modules are imported
inside the commands, so that help is quick.
"""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from rag.cli.ask import ask, retrieve
from rag.cli.chat import chat
from rag.cli.check import calibrate, verify
from rag.cli.conversations import conversations_app
from rag.cli.convert import convert
from rag.cli.evaluate import eval_app
from rag.cli.index_commands import doctor, ingest, remove, show, sources, status
from rag.cli.models import models_app
from rag.log import configure_logging

_LOG = logging.getLogger(__name__)

app = typer.Typer(
    name="rag",
    help="Ask your own documents; every sentence of the answer shows the exact words it rests on.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (verify, calibrate, ingest, ask, retrieve, show, sources, remove, status, doctor, convert, chat):
    app.command()(_command)
app.add_typer(models_app, name="models")
app.add_typer(eval_app, name="eval")
app.add_typer(conversations_app, name="conversations")


def version(requested: bool) -> None:
    """Print the version and stop, when it was asked for."""
    if requested:
        import rag

        typer.echo(f"footnote {rag.__version__}")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    _: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Print the version and stop.")
    ] = False,
    verbose: Annotated[
        int,
        typer.Option(
            "-v", count=True, help="Log each step on standard error; -vv logs more. [env RAG_LOG]", show_default=False
        ),
    ] = 0,
) -> None:
    """Footnote answers questions about your own documents and shows the words each sentence rests on."""
    configure_logging(verbose)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
    else:
        _LOG.info("command started", extra={"command": context.invoked_subcommand})
