"""Weights whose bits have changed since they were fetched: found by their hashes, and named when a model fails.

Owns: the comparison of the files of a model with the hashes they were fetched by. Knows nothing about loading them.
Each check reads whole files, some seconds for a large model, so it is made when the user asks for one, and when a model
has failed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import ModelError, RagError
from rag.models.hashing import sha256_of
from rag.models.hub_names import PREFIX, read_hub_name
from rag.models.known_weights import HIDDEN_MANIFEST
from rag.models.weights import TABLE, known, path_of, resolve
from rag.notices import Notice


def altered_files(name: str, folder: Path) -> tuple[str, ...]:
    """Return the files of a fetched model that are not what was fetched.

    Args:
        name: A name of the table of known weights, or ``hf:…``.
        folder: The folder of all models.

    Returns:
        Their paths in the model's folder; none where all are right or the model is not there. A file whose hash was
        not kept is not looked at.

    Raises:
        ModelError: There is no such model.
        UsageError: What follows ``hf:`` is no name.
    """
    if path_of(name, folder) is None:
        return ()
    if name.startswith(PREFIX):
        home, manifest_name = folder / read_hub_name(name).folder, HIDDEN_MANIFEST
    else:
        weights = known(name)
        home, manifest_name = folder / weights.home, weights.manifest
    try:
        manifest = json.loads((home / manifest_name).read_text("utf-8"))
        listed = manifest.get("unpacked") or manifest["files"]
        return tuple(str(file["path"]) for file in listed if _is_altered(home / file["path"], file.get("sha256", "")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # It was whole a moment ago: another process is changing it.
        return ()


def _is_altered(path: Path, sha256: str) -> bool:
    if not sha256:
        return False
    try:
        return sha256_of(path) != sha256
    except OSError:
        return True


def damage_of(name: str, folder: Path) -> Notice | None:
    """Return the notice that a fetched model is damaged: which file, and how it is fetched again.

    Args:
        name: A name of the table of known weights, or ``hf:…``.
        folder: The folder of all models.

    Returns:
        The notice; None where no damage is found.
    """
    try:
        altered = altered_files(name, folder)
    except RagError:
        return None
    title = TABLE[name].title if name in TABLE else name
    return Notice("weights-damaged", {"file": altered[0], "title": title, "name": name}) if altered else None


def weights_of_encoder(spec: str, folder: Path) -> str:
    """Return the name of the weights of an embedding model.

    Args:
        spec: The model as the settings name it.
        folder: The folder of all models.

    Returns:
        A name of the table, or ``hf:…``; "" or another name where its weights are not known.
    """
    try:
        location = resolve(spec, folder)
    except RagError:
        return ""
    return location.weights.name if location.weights else location.hub


@contextmanager
def named_when_damaged(spec: str, folder: Path) -> Iterator[None]:
    """Run what uses a model; where it fails and its weights are damaged, say that and how they are fetched again.

    Args:
        spec: The model: a name of the table, ``hf:…``, or that of an embedding model as the settings name it.
        folder: The folder of all models.

    Yields:
        Nothing.

    Raises:
        ModelError: The weights are damaged, or what was raised before.
    """
    try:
        yield
    except ModelError as error:
        damage = damage_of(spec if spec in TABLE else weights_of_encoder(spec, folder), folder)
        if damage is None:
            raise
        raise ModelError(damage) from error
