"""Models that a user names on the hub: which files of a repository make one up, and which are on this machine.

Owns: that only data is taken (weights as safetensors or GGUF, and the text files beside them), never code or pickles,
and only to paths inside the model's folder. Knows nothing about how files are fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rag.models.hub import HubFile, Repository, connect_to_hub
from rag.models.hub_names import HubName, is_safe_path
from rag.models.known_weights import HIDDEN_MANIFEST, Kind, WeightFile, Weights
from rag.models.partial_fetch import SourceUnavailable
from rag.notices import Notice

# What a model is made of besides its weights.
_TEXT_TYPES = (".json", ".txt", ".model", ".jinja")
_WEIGHTS = re.compile(r"model(?:-\d{5}-of-\d{5})?\.safetensors")
# Where sentence-transformers keeps the layers behind the model: `1_Pooling`, `2_Dense`.
_LAYER = re.compile(r"\d{1,2}_[A-Za-z]{1,40}")
_SPLIT_GGUF = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.gguf", re.IGNORECASE)
_NAMES_SHOWN = 12


def find_on_hub(name: HubName) -> Weights:
    """Ask the hub for the files of a model and their hashes.

    Args:
        name: The model.

    Returns:
        What is to be fetched, pinned to the commit that the revision stands for now.

    Raises:
        SourceUnavailable: The hub cannot be reached, or has no such model, or not in a form that can be used.
    """
    with connect_to_hub() as hub:
        repository = hub.repository(name.repository, name.revision)
    chosen = _gguf_files(name, repository.files) if name.file else _model_files(name, repository.files)
    return _weights(name, repository, chosen)


def fetched_file(name: HubName, folder: Path) -> Path | None:
    """Return where a model of the hub lies, when all of it is there.

    Args:
        name: The model.
        folder: The folder of all models.

    Returns:
        The GGUF file, or the folder of any other model; None when anything is missing.
    """
    home = folder / name.folder
    manifest = _read_manifest(home)
    if manifest is None or manifest["name"] != name.spec:
        return None
    return (home / str(manifest["entry"])).resolve()


def fetched_models(folder: Path) -> list[dict[str, Any]]:
    """Return the manifests of the models of the hub that are on this machine, by name.

    Args:
        folder: The folder of all models.

    Returns:
        What ``rag.models.known_weights.manifest_of`` describes.
    """
    manifests = [_read_manifest(home) for home in folder.glob("hf--*") if home.suffix != ".part"]
    return sorted((manifest for manifest in manifests if manifest), key=lambda manifest: str(manifest["name"]))


def _weights(name: HubName, repository: Repository, chosen: Sequence[HubFile]) -> Weights:
    kind: Kind = "llm" if name.file else "cross-encoder"
    if any(file.path == "modules.json" for file in chosen):
        kind = "embedding"
    return Weights(
        name=name.spec,
        title=name.title,
        kind=kind,
        files=tuple(WeightFile(file.path, file.sha256, (), file.size, file.git_sha1) for file in chosen),
        licence=repository.licence,
        upstream=name.repository,
        about="",
        window=0,
        parameters=0,
        revision=repository.commit,
        folder=name.folder,
    )


def _gguf_files(name: HubName, files: Iterable[HubFile]) -> list[HubFile]:
    """Return the GGUF file that a name names, or all parts of the one that it names a part of, the first one first."""
    by_path = {file.path: file for file in files if file.path.lower().endswith(".gguf") and is_safe_path(file.path)}
    wanted = [name.file]
    if split := _SPLIT_GGUF.fullmatch(name.file):
        wanted = [f"{split[1]}-{number:05d}-of-{split[3]}.gguf" for number in range(1, int(split[3]) + 1)]
    absent = next((path for path in wanted if path not in by_path), None)
    if absent is not None:
        values = {"name": name.repository, "file": absent, "files": sorted(by_path)[:_NAMES_SHOWN]}
        raise SourceUnavailable(Notice("hub-gguf-absent", values))
    return [by_path[path] for path in wanted]


def _model_files(name: HubName, files: Iterable[HubFile]) -> list[HubFile]:
    """Return the files of an embedding model or cross-encoder: its weights as safetensors, and what stands beside."""
    safe = [file for file in files if is_safe_path(file.path)]
    by_path = {file.path: file for file in safe}
    weights = [file for file in safe if _WEIGHTS.fullmatch(file.path)]
    whole = by_path.get("model.safetensors")
    if not weights or "config.json" not in by_path:
        raise SourceUnavailable(Notice("hub-model-without-weights", {"name": name.repository}))
    beside = [file for file in safe if _stands_beside(file.path)]
    layers = [file for file in safe if _is_of_layer(file.path)]
    return [*([whole] if whole else weights), *beside, *layers]


def _stands_beside(path: str) -> bool:
    return "/" not in path and path.lower().endswith(_TEXT_TYPES)


def _is_of_layer(path: str) -> bool:
    folder, _, file = path.partition("/")
    is_data = _WEIGHTS.fullmatch(file) is not None or file.lower().endswith(_TEXT_TYPES)
    return _LAYER.fullmatch(folder) is not None and "/" not in file and is_data


def _read_manifest(home: Path) -> dict[str, Any] | None:
    """Return the manifest of a model whose files are all there; None for any other folder."""
    try:
        manifest = json.loads((home / HIDDEN_MANIFEST).read_text("utf-8"))
        is_whole = (
            isinstance(manifest["name"], str)
            and (manifest["entry"] == "." or is_safe_path(manifest["entry"]))
            and all(
                is_safe_path(file["path"]) and (home / file["path"]).stat().st_size == file["size"]
                for file in manifest["files"]
            )
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return manifest if is_whole else None
