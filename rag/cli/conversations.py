"""The commands on stored conversations: ``rag conversations export`` and ``rag conversations import``.

Owns: their arguments, and what is printed. They are about the conversations of a chat without users; with users each
exports and imports their own on the page. Heavy modules are imported inside the commands.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rag.cli.opening import open_catalog, settings_of
from rag.cli.options import DEFAULT_INDEX, HomeOption, IndexOption

conversations_app = typer.Typer(help="Export all conversations, and import them again.", no_args_is_help=True)

FileArgument = Annotated[str, typer.Argument(metavar="FILE", help="A file; - is standard output or input.")]


@conversations_app.command("export")
def export_conversations(file: FileArgument, index: IndexOption = DEFAULT_INDEX, home: HomeOption = None) -> None:
    """Write all conversations into a JSON file that can be imported again."""
    from rag.atomic_file import write_atomically
    from rag.store.catalog import History
    from rag.store.catalog.transfer import conversations_json
    from rag.store.folders import index_folder

    settings = settings_of(home)
    with open_catalog(index, settings):
        history = History(index_folder(index, settings.home))
        content = conversations_json(history, "")
        count = history.count("")
    if file == "-":
        typer.echo(content, nl=False)
        return
    write_atomically(Path(file), content, private=True)
    typer.echo(f"{count} conversation{'' if count == 1 else 's'} written to {file}")


@conversations_app.command("import")
def import_file(file: FileArgument, index: IndexOption = DEFAULT_INDEX, home: HomeOption = None) -> None:
    """Read conversations from a file that was exported; they are added as new ones."""
    from rag.errors import UsageError
    from rag.store.catalog import History
    from rag.store.catalog.transfer import LARGEST_FILE, import_conversations
    from rag.store.folders import index_folder

    settings = settings_of(home)
    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
    with open_catalog(index, settings) as catalog:

        def text_of(source_id: str) -> str | None:
            stored = catalog.document_text(source_id)
            return stored[0] if stored else None

        count = import_conversations(History(index_folder(index, settings.home)), "", data, text_of)
    typer.echo(f"{count} conversation{'' if count == 1 else 's'} imported into {index}")
