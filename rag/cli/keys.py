"""The commands on keys of programs: ``rag keys add``, ``rag keys list``, ``rag keys remove`` and ``rag keys move``.

Owns: their arguments, and what is printed. Knows nothing about how keys are kept; heavy modules are imported inside the
commands.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.help import Command, Group
from rag.cli.opening import settings_of
from rag.cli.options import AllIndexesOption, ChangedIndexesOption, HomeOption, JsonOption, OpenedIndexesOption
from rag.cli.screen import warn

if TYPE_CHECKING:
    from rag.hosting.keys import Key

keys_app = typer.Typer(
    cls=Group,
    help="Make, list, remove and move the keys of programs that call rag serve or rag mcp.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What you call the key, such as the program's name.")]


@keys_app.command(
    "add",
    cls=Command,
    epilog="""
Examples:
  rag keys add assistant --index handbook --scope read
  rag keys add importer --all-indexes --scope write --days 90
  rag keys add clerk --index handbook --write letters --scope read
  rag keys add prometheus --scope metrics
""",
)
def add_key(
    name: NameArgument,
    scope: Annotated[
        str, typer.Option("--scope", metavar="S", help="read: ask; write: documents, too; metrics: nothing else.")
    ],
    index: OpenedIndexesOption = None,
    write: ChangedIndexesOption = None,
    all_indexes: AllIndexesOption = False,
    days: Annotated[
        int | None,
        typer.Option("--days", metavar="N", min=1, max=36_500, help="The key ends after N days.", show_default=False),
    ] = None,
    per_minute: Annotated[
        int | None,
        typer.Option(
            "--per-minute",
            metavar="N",
            min=1,
            max=1_000_000,
            help="Requests a minute. [env RAG_SERVE_PER_MINUTE]",
            show_default=False,
        ),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key and print it: this once, as only its hash is kept."""
    from rag.errors import UsageError
    from rag.hosting.keys import SCOPES, KeyFile
    from rag.serialize import to_json
    from rag.store.catalog.places import known_indexes

    chosen = next((one for one in SCOPES if one == scope), None)
    if chosen is None:
        raise UsageError(f"{scope!r} is no scope; choose one of {', '.join(SCOPES)}.")
    if chosen == "metrics" and (index or write or all_indexes):
        raise UsageError("A key for metrics opens no index; leave --index, --write and --all-indexes out.")
    if chosen == "write" and write:
        raise UsageError("With --scope write the key changes all that it opens; name it with --index, not --write.")
    if chosen != "metrics" and (bool(index) == all_indexes) and (index or not write):
        raise UsageError("Say what the key opens: --index NAME, which may be repeated, or --all-indexes.")
    settings = settings_of(home)
    file = KeyFile(settings.home)
    indexes = None if all_indexes else frozenset(index or ())
    token = file.add(name, indexes, chosen, days, per_minute, frozenset(write or ()))
    there = known_indexes(settings.home.expanduser())
    for missing in sorted({*(indexes or ()), *(write or ())} - set(there)):
        warn(f"There is no index {missing!r} yet; the key opens it once there is.")
    if as_json:
        typer.echo(to_json({**_row(file.all()[name]), "key": token}))
        return
    typer.echo("Keep this key; it cannot be shown again.", err=True)
    typer.echo(token)


@keys_app.command("list", cls=Command)
def list_keys(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the keys by name, with what they open; the keys themselves are not kept."""
    from rag.cli.table import say_table
    from rag.hosting.keys import KeyFile
    from rag.serialize import to_json

    file = KeyFile(settings_of(home).home)
    rows = [_row(key) for key in file.all().values()]
    if left := file.left_behind():
        warn(f"The keys {', '.join(left)} in {file.path} are not used; move them to the database with: rag keys move")
    if as_json:
        typer.echo(to_json({"keys": rows}))
        return
    if not rows:
        typer.echo("There are no keys; make one with: rag keys add NAME --index INDEX --scope read")
        return
    names = ("name", "scope", "indexes", "made", "ends", "a minute")
    cells = [_cells(row) for row in rows]
    say_table(names, cells)


@keys_app.command("remove", cls=Command)
def remove_key(name: NameArgument, home: HomeOption = None) -> None:
    """Remove a key; a running service refuses it at once."""
    from rag.hosting.keys import KeyFile

    KeyFile(settings_of(home).home).remove(name)
    typer.echo(f"{name} was removed")


@keys_app.command("move", cls=Command)
def move_keys(home: HomeOption = None) -> None:
    """Take the keys of the home folder over into the database of RAG_DATABASE_URL."""
    from rag.hosting.keys import KeyFile

    moved = KeyFile(settings_of(home).home).move()
    typer.echo(f"{', '.join(moved)} moved to the database" if moved else "There are no keys to move.")


def _row(key: Key) -> dict[str, Any]:
    return {
        "name": key.name,
        "scope": key.scope,
        "indexes": None if key.indexes is None else sorted(key.indexes),
        "created": _time(key.created),
        "expires": None if key.expires is None else _time(key.expires),
        "per_minute": key.per_minute,
        "writes": sorted(key.writes),
    }


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    opens = "all" if row["indexes"] is None else ", ".join(row["indexes"]) or "none"
    if row["writes"]:
        opens = f"{opens}; writes {', '.join(row['writes'])}"
    ends = (row["expires"] or "never")[:10]
    return (row["name"], row["scope"], opens, row["created"][:10], ends, str(row["per_minute"] or "as set"))


def _time(seconds: float) -> str:
    """Return a time as ISO 8601 in UTC; one beyond all calendars as the last that there is."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (OverflowError, OSError, ValueError):
        return "9999-12-31T23:59:59Z"
