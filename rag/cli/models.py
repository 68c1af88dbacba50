"""The commands on model weights: ``rag models list``, ``rag models pull`` and ``rag models remove``.

Owns: their arguments, and what is printed. Knows nothing about where weights come from; heavy modules are imported
inside the commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.help import Command, Group
from rag.cli.opening import pull_with_progress, settings_of
from rag.cli.options import JsonOption
from rag.cli.screen import columns, padded, say, styled, wrap

if TYPE_CHECKING:
    from pathlib import Path

    from rag.settings import Settings

models_app = typer.Typer(
    cls=Group,
    help="List, fetch and remove model weights, checked by SHA-256.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_TITLES = {
    "embedding-english": "Embedding, English",
    "embedding-multilingual": "Embedding, many languages",
    "reranker": "Reranker",
    "judge": "Judge of sentences",
    "llm-small": "Language model, small",
    "llm-better": "Language model, better",
}
_NAME_COLUMN = 28
_NONE_CHECKED = "none was run and checked; the handbook's page on models names some of the hub, hf:…"

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="A name of `rag models list`, or hf:OWNER/REPO….")]


@models_app.command("list", cls=Command)
def list_models(as_json: JsonOption = False) -> None:
    """List recommended models by what they do, and the fetched ones."""
    from rag.models.known_weights import JOBS
    from rag.serialize import to_json

    folder = settings_of(None).models
    rows, fetched = _known_rows(folder), _fetched_rows(folder)
    if as_json:
        jobs = [{"job": job, "models": [row["name"] for row in rows if row["job"] == job]} for job in JOBS]
        typer.echo(to_json({"folder": str(folder), "jobs": jobs, "models": rows, "fetched": fetched}))
        return
    width = columns()
    for job in JOBS:
        typer.echo(styled(_TITLES[job], "bold"))
        of_job = [row for row in rows if row["job"] == job]
        for line in (_screen(of_job, width) if width else _lines(of_job)) or [f"  {_NONE_CHECKED}"]:
            say(line)
    if fetched:
        typer.echo("Fetched from the hub at your wish, not measured")
        for row in fetched:
            say(f"  {row['name']}  {row['megabytes']} MB  {row['licence'] or 'licence not stated'}")


@models_app.command("pull", cls=Command)
def pull_model(name: NameArgument) -> None:
    """Fetch the weights of a model, or check those that are here; an embedding model is made ready for use, too."""
    settings = settings_of(None)
    _check_name(name)
    _remove_damaged(name, settings)
    typer.echo(f"{name} is at {pull_with_progress(name, settings)}")
    if told := _prepared(name, settings):
        typer.echo(told)


@models_app.command("remove", cls=Command)
def remove_model(name: NameArgument) -> None:
    """Delete the weights of a model from this machine."""
    from rag.models.fetching import format_bytes
    from rag.models.weights import remove

    _check_name(name)
    freed = remove(name, settings_of(None).models)
    typer.echo(f"{name} was removed: {format_bytes(freed)} are free again" if freed else f"{name} is not here")


def _remove_damaged(name: str, settings: Settings) -> None:
    """Delete weights that are no longer what was fetched, so that they are fetched anew."""
    from rag.models.weight_check import damage_of
    from rag.models.weights import remove

    if damage := damage_of(name, settings.models):
        typer.echo(str(damage), err=True)
        remove(name, settings.models)


def _prepared(name: str, settings: Settings) -> str:
    """Export an embedding model that was fetched, so that the first question need not wait for it.

    Returns what was made and where; "" for another model, and for one that runs without an export.
    """
    from rag.models.encoder import open_sentence_encoder
    from rag.models.fetching import format_bytes
    from rag.models.onnx_export import pooling_of
    from rag.models.weights import path_of

    folder = path_of(name, settings.models)
    if folder is None or pooling_of(folder) is None:
        return ""
    exported = open_sentence_encoder(name, settings).prepare()
    if exported is None:
        return ""
    size = sum(file.stat().st_size for file in exported.iterdir() if file.is_file())
    return f"{name} is ready for ONNX Runtime ({settings.embedding_precision}, {format_bytes(size)}): {exported}"


def _check_name(name: str) -> None:
    from rag.errors import ModelError, UsageError
    from rag.models.hub_names import PREFIX, read_hub_name
    from rag.models.weights import known

    try:
        read_hub_name(name) if name.startswith(PREFIX) else known(name)
    except ModelError as error:
        raise UsageError(str(error)) from None


def _known_rows(folder: Path) -> list[dict[str, Any]]:
    from rag.models.llm.local_service import DEFAULT_MODEL
    from rag.models.weights import TABLE, path_of
    from rag.settings import Settings

    defaults = (Settings.model_fields["embedding_model"].default, DEFAULT_MODEL)
    return [
        {
            "name": weights.name,
            "kind": weights.kind,
            "job": weights.job,
            "default": weights.name in defaults,
            "download_megabytes": round(weights.size / 1e6),
            "megabytes": round((weights.unpacked_size or weights.size) / 1e6),
            "memory_megabytes": round(weights.memory / 1e6),
            "present": path_of(weights.name, folder) is not None,
            "licence": weights.licence,
            "checked": True,
            "about": weights.about,
        }
        for weights in TABLE.values()
    ]


def _fetched_rows(folder: Path) -> list[dict[str, Any]]:
    from rag.models.weights import fetched_models

    return [
        {
            "name": manifest["name"],
            "kind": manifest.get("kind"),
            "megabytes": round(sum(file["size"] for file in manifest["files"]) / 1e6),
            "present": True,
            "licence": manifest.get("licence") or "",
            "revision": manifest.get("revision") or "",
            "checked": False,
        }
        for manifest in fetched_models(folder)
    ]


def _screen(rows: list[dict[str, Any]], width: int) -> list[str]:
    """Return each model as a terminal shows it: its size behind its name, and below what it is."""
    lines: list[str] = []
    for row in rows:
        here = styled("on this machine", "green") if row["present"] else f"{row['download_megabytes']} MB to fetch"
        default = ", the default" if row["default"] else ""
        lines.append(f"  {padded(row['name'], _NAME_COLUMN)}  {here}{default}")
        about = f"{row['about']} {row['megabytes']} MB, {row['memory_megabytes']} MB of memory, {row['licence']}."
        lines += wrap(about, width, "    ")
    return lines


def _lines(rows: list[dict[str, Any]]) -> list[str]:
    def line(row: dict[str, Any]) -> Iterator[str]:
        yield f"  {row['name']:{_NAME_COLUMN}}"
        yield "present" if row["present"] else "absent "
        yield f"{row['megabytes']:>5} MB, {row['memory_megabytes']:>4} MB of memory"
        yield f"{row['licence']}"
        yield row["about"]

    return ["  ".join(line(row)) for row in rows]
