"""The command ``rag``: its global options and its commands, in the order in which help lists them.

Owns: the Typer application. Each module beside this one holds the commands of one purpose; heavy modules are imported
inside the commands, so that help is quick.
"""

from __future__ import annotations

import logging
from typing import Annotated, Any

import typer

from rag.cli.ask import ask, retrieve
from rag.cli.chat import chat
from rag.cli.check import calibrate, verify
from rag.cli.conversations import conversations_app
from rag.cli.convert import convert
from rag.cli.evaluate import eval_app
from rag.cli.help import CONTEXT_SETTINGS, Command, Group, help_
from rag.cli.index_commands import doctor, ingest, remove, show, sources, status
from rag.cli.index_copy import index_app
from rag.cli.keys import keys_app
from rag.cli.mcp import mcp
from rag.cli.models import models_app
from rag.cli.purge import purge
from rag.cli.serve import serve
from rag.cli.users import users_app
from rag.cli.watch import watch
from rag.log import configure_logging

_LOG = logging.getLogger(__name__)

_EPILOG = """
Begin with:
  rag ingest ~/papers
  rag ask what did the second trial measure
  rag chat

Help on one command: rag help ask
Commands and indexes completed with the Tab key: rag --install-completion
Exit codes: 0 done, 1 not as asked or a gate failed, 2 a mistake to mend, 3 an evaluation not to be trusted, \
130 stopped with Ctrl-C
"""


class _Root(Group):
    """The command ``rag``, with its commands in the order in which most users meet them."""

    sections = {  # noqa: RUF012
        "Ask your documents": ("ingest", "ask", "chat", "watch"),
        "Look closer": ("retrieve", "show", "sources", "verify"),
        "Build on them": ("serve", "keys", "users", "mcp"),
        "Look after them": ("status", "doctor", "remove", "purge", "convert", "index", "models"),
        "Measure": ("eval", "calibrate"),
    }


app = typer.Typer(
    name="rag",
    cls=_Root,
    help="Ask your own documents; every sentence of the answer shows the exact words it rests on.",
    epilog=_EPILOG,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=CONTEXT_SETTINGS,
)
_EXAMPLES: dict[Any, str | None] = {
    ingest: """
Examples:
  rag ingest ~/papers ~/notes/meeting.md
  rag ingest ~/contracts --index contracts
  rag ingest --web https://example.org/handbook.html
""",
    watch: """
Examples:
  rag watch ~/papers
  rag watch /media/share --index team --poll
  rag watch ~/notes --json >> changes.jsonl
""",
    ask: """
Examples:
  rag ask what is the meal allowance
  rag ask "Who signs?" --index contracts --source "2024/*"
  rag ask - --json < questions.txt > answers.jsonl

Quotes are needed where the question has signs that the shell reads itself, such as ? * ' & and -.
""",
    chat: """
Examples:
  rag chat --index contracts
  rag chat --no-browser --port 8080
""",
    retrieve: """
Examples:
  rag retrieve meal allowance -k 3
  rag retrieve "Who signs?" --index contracts --json
""",
    show: """
Examples:
  rag show handbook.md
  rag show handbook.md --span 178:213
""",
    sources: None,
    verify: """
Examples:
  rag verify --text summary.md --source report.pdf --source minutes.docx
  rag verify --text - --source report.pdf --gate < summary.md
""",
    status: None,
    doctor: None,
    remove: """
Examples:
  rag remove old-report.pdf
  rag remove "drafts/*" --index contracts
""",
    serve: """
Examples:
  rag serve
  rag serve --index handbook --port 9000
  rag serve --index handbook --watch ~/handbook
""",
    mcp: """
Examples:
  rag mcp
  rag mcp --index handbook --llm none
  rag mcp --http --port 8765
""",
    purge: None,
    convert: None,
    calibrate: None,
}
for _command, _examples in _EXAMPLES.items():
    app.command(cls=Command, epilog=_examples)(_command)
app.command("help", cls=Command)(help_)
app.add_typer(index_app, name="index")
app.add_typer(keys_app, name="keys")
app.add_typer(users_app, name="users")
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
