"""The commands on model weights: ``rag models list`` and ``rag models pull``.

Owns: their arguments, and what is printed. Knows nothing about where weights come from; heavy modules are imported
inside the commands.
"""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.opening import pull_with_progress, settings_of
from rag.cli.options import JsonOption

models_app = typer.Typer(help="List and fetch model weights, checked by SHA-256.", no_args_is_help=True)


@models_app.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """List known models, and which of them are on this machine."""
    from rag.models.weights import TABLE, path_of
    from rag.serialize import to_json

    folder = settings_of(None).models
    rows = [
        {
            "name": weights.name,
            "kind": weights.kind,
            "megabytes": round(weights.size / 1e6),
            "present": path_of(weights.name, folder) is not None,
            "licence": weights.licence,
            "about": weights.about,
        }
        for weights in TABLE.values()
    ]
    if as_json:
        typer.echo(to_json({"folder": str(folder), "models": rows}))
        return
    for row in rows:
        present = "present" if row["present"] else "absent "
        typer.echo(f"{row['name']:30} {present}  {row['megabytes']:>5} MB  {row['licence']}  {row['about']}")


@models_app.command("pull")
def pull_model(name: Annotated[str, typer.Argument(metavar="NAME", help="A name of `rag models list`.")]) -> None:
    """Fetch the weights of a known model and check them."""
    from rag.errors import ModelError, UsageError
    from rag.models.weights import known

    try:
        known(name)
    except ModelError as error:
        raise UsageError(str(error)) from None
    typer.echo(f"{name} is at {pull_with_progress(name, settings_of(None))}")
