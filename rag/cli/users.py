"""The commands on the users of a chat or service: ``rag users list``, ``rights``, ``remove`` and ``copy``.

Owns: their arguments, and what is printed. Knows nothing about how users are kept; heavy modules are imported inside
the commands. Users are added by ``rag chat --add-user``, which asks for their passwords.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.help import Command, Group
from rag.cli.options import AllIndexesOption, ChangedIndexesOption, JsonOption, OpenedIndexesOption

if TYPE_CHECKING:
    from rag.hosting.rights import Rights
    from rag.hosting.users import UserFile

users_app = typer.Typer(
    cls=Group,
    help="List, remove and copy the users of a chat or service, and say which indexes each may use.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

AuthOption = Annotated[
    Path, typer.Option("--auth", metavar="FILE", help="File of users, or: database.", show_default=False)
]


@users_app.command("list", cls=Command)
def list_users(auth: AuthOption, as_json: JsonOption = False) -> None:
    """List the users by name, with the indexes that each may read and change."""
    from rag.cli.table import say_table
    from rag.hosting.users import read_users
    from rag.serialize import to_json

    file = read_users(auth)
    rows = [_row(name, file) for name in sorted(file.users)]
    if as_json:
        typer.echo(to_json({"users": rows}))
        return
    if not rows:
        typer.echo(f"There are no users; add one with: rag chat --auth {auth} --add-user NAME")
        return
    names = ("name", "operator", "reads", "writes")
    cells = [_cells(row) for row in rows]
    say_table(names, cells)


@users_app.command(
    "rights",
    cls=Command,
    epilog="""
Examples:
  rag users rights ann --auth users.json --scope read --index handbook --write letters
  rag users rights ben --auth users.json --scope write --all-indexes
  rag users rights ann --auth users.json --by-default
""",
)
def set_rights(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")],
    auth: AuthOption,
    scope: Annotated[
        str | None,
        typer.Option("--scope", metavar="S", help="read: ask; write: documents, too.", show_default=False),
    ] = None,
    index: OpenedIndexesOption = None,
    write: ChangedIndexesOption = None,
    all_indexes: AllIndexesOption = False,
    no_index: Annotated[bool, typer.Option("--no-index", help="They may open none that is shared.")] = False,
    by_default: Annotated[
        bool, typer.Option("--by-default", help="They read what is shared; an operator writes it in rag serve.")
    ] = False,
) -> None:
    """Say which indexes a user may read and change; a running chat or service follows at once."""
    from rag.errors import UsageError
    from rag.hosting import users
    from rag.hosting.kept_text import place_of

    opens = bool(index or write)
    if [opens, all_indexes and not opens, no_index, by_default].count(True) != 1 or (all_indexes and index):
        raise UsageError(
            "Say what the user may open: --index NAME or --write NAME, which may be repeated, --all-indexes, "
            "--no-index or --by-default."
        )
    if (scope is None) is not (no_index or by_default):
        raise UsageError("Say what for: --scope read or --scope write; with --no-index and --by-default leave it out.")
    if scope not in (None, "read", "write"):
        raise UsageError(f"{scope!r} is no scope; choose one of read, write.")
    if scope == "write" and write:
        raise UsageError("With --scope write all that is opened may be changed; name it with --index, not --write.")
    rights = None if by_default else _rights(scope, index or (), write or (), all_indexes)
    users.set_rights(auth, name, rights)
    typer.echo(f"{name} {_sentence(rights)} in {place_of(auth)}")


@users_app.command("remove", cls=Command)
def remove_user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")],
    auth: AuthOption,
) -> None:
    """Take a user out; a running chat or service signs them out at once. What they stored stays."""
    from rag.hosting import users
    from rag.hosting.kept_text import place_of

    users.remove_user(auth, name)
    typer.echo(f"{name} was taken out of {place_of(auth)}")


@users_app.command("copy", cls=Command)
def copy_users(auth: AuthOption) -> None:
    """Copy the users of a file into the database of RAG_DATABASE_URL, for --auth database."""
    from rag.hosting import users

    copied = users.copy_to_database(auth)
    typer.echo(f"{', '.join(copied)} copied to the database; start the chat and services with --auth database")


def _rights(scope: str | None, index: list[str] | tuple[()], write: list[str] | tuple[()], all_indexes: bool) -> Rights:
    from rag.hosting.rights import NOTHING, named_rights

    if scope is None:
        return NOTHING
    return named_rights(None if all_indexes else index, None if scope == "write" else write)


def _sentence(rights: Rights | None) -> str:
    if rights is None:
        return "has the rights of users by default"
    reads, writes = rights.as_json()["read"], rights.as_json()["write"]
    return f"may read {_said(reads, 'all indexes')} and change {_said(writes, 'all of them')}"


def _row(name: str, file: UserFile) -> dict[str, Any]:
    rights = file.rights.get(name)
    return {
        "name": name,
        "operator": name in file.operators,
        "rights": None if rights is None else rights.as_json(),
    }


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    rights = row["rights"] or {"read": None, "write": None}
    default = "by default" if row["rights"] is None else ""
    reads = default or _said(rights["read"], "all")
    writes = default or _said(rights["write"], "all of them")
    return (row["name"], "yes" if row["operator"] else "no", reads, writes)


def _said(names: list[str] | None, everything: str) -> str:
    return everything if names is None else ", ".join(names) or "none"
