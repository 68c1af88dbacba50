"""The command ``rag index copy``: an index from files into the team's database, or back.

Owns: its options, and what is printed. Heavy modules are imported inside the command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.help import Command, Group
from rag.cli.opening import settings_of
from rag.cli.options import DEFAULT_INDEX, HomeOption, JsonOption, index_names
from rag.cli.screen import say, warn

if TYPE_CHECKING:
    from rag.settings import Settings
    from rag.store.catalog.places import Place

FILES, DATABASE = "files", "database"

index_app = typer.Typer(
    cls=Group,
    help="Copy an index between files and the team's database.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@index_app.callback()
def index_commands() -> None:
    """Copy an index between files and the team's database."""


@index_app.command(
    "copy",
    cls=Command,
    epilog="""
Examples:
  rag index copy default --to postgresql://footnote@db.example.org/footnote
  rag index copy default --from database --to files --overwrite
  rag index copy handbook --to database --vectors server

Where RAG_DATABASE_URL names the database, write database in its place: the password is then seen by nobody else.
""",
)
def copy(
    index: Annotated[
        str, typer.Argument(metavar="NAME", help="Which index.", autocompletion=index_names)
    ] = DEFAULT_INDEX,
    from_: Annotated[
        str, typer.Option("--from", metavar="PLACE", help="files, database, or the address of a database.")
    ] = FILES,
    to: Annotated[
        str, typer.Option("--to", metavar="PLACE", help="files, database, or the address of a database.")
    ] = FILES,
    vectors: Annotated[
        str,
        typer.Option(
            "--vectors",
            metavar="STORE",
            help="embedded, server or the name of a vector store; by default that of the settings.",
            show_default=False,
        ),
    ] = "",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the index that is in the place of the copy.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy an index with its vectors and conversations; nothing is embedded again, and the original stays."""
    from dataclasses import asdict

    from rag.cli.progress import CopyProgress
    from rag.serialize import to_json
    from rag.store.copying import copy_index

    settings = settings_of(home)
    source, target = _place(index, from_, settings), _place(index, to, settings)
    try:
        with CopyProgress() as progress:
            copied = copy_index(source, target, settings, vectors, overwrite, progress)
    except KeyboardInterrupt:
        warn("Stopped; nothing was copied, and the original is as it was.")
        raise typer.Exit(130) from None
    if as_json:
        typer.echo(to_json({"index": index, **asdict(copied)}))
        return
    conversations = f"{copied.conversations} conversation{'' if copied.conversations == 1 else 's'}"
    held = f"{copied.sources} sources, {copied.chunks} chunks and {conversations}"
    say(f"{index}: {held} copied to {copied.place}", f"vectors: {copied.vectors}", hang=2)


def _place(index: str, name: str, settings: Settings) -> Place:
    """Return the place that a word of the command line names."""
    from rag.database.address import database_url, shown_address
    from rag.errors import UsageError
    from rag.store.catalog.places import Place, schema_of
    from rag.store.folders import index_folder

    folder = index_folder(index, settings.home)
    if name == FILES:
        return Place(folder)
    url = database_url() if name == DATABASE else name
    if not url:
        raise UsageError("RAG_DATABASE_URL names no database; set it, or write the address in the place of: database")
    shown_address(url)
    return Place(folder, url, schema_of(folder))
