"""An embedding model that is sent to nodes that lack it.

Owns: taking the files of a model apart, and putting them in a folder of the node only where each has its hash.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from rag.errors import ModelError
from rag.models.hashing import sha256_of
from rag.notices import Notice

# A file is sent in pieces of so many bytes.
_PIECE_BYTES = 32 << 20
# How the name of a folder begins whose model is not whole yet, and how long a model may be under way.
_UNFINISHED, _UNFINISHED_SECONDS = ".part-", 24 * 3600
RECEIVED = ".received"
"""The folder of models that were sent, in that of all models of a node."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a model.

    Attributes:
        name: Its path below the folder of the model, with slashes.
        sha256: Its hash.
        pieces: What ``get`` gives the bytes for, one after the other.
    """

    name: str
    sha256: str
    pieces: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SentModel:
    """The files of a model.

    Attributes:
        files: The files.
        digest: A hash of their names and hashes.
        get: Returns the bytes of a piece.
    """

    files: tuple[SentFile, ...]
    digest: str
    get: Callable[[Any], bytes]


def send_model(folder: Path, put: Callable[[bytes], Any], get: Callable[[Any], bytes]) -> SentModel:
    """Make the files of a model ready to be sent.

    Args:
        folder: The folder of the model.
        put: Keeps bytes for all nodes, and returns what gets them back.
        get: Gets them back on a node.

    Returns:
        The files.
    """
    files = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                pieces = tuple(put(piece) for piece in iter(lambda file=file: file.read(_PIECE_BYTES), b""))  # type: ignore[misc]
            files.append(SentFile(path.relative_to(folder).as_posix(), sha256_of(path), pieces))
    return SentModel(tuple(files), _digest(files), get)


def store_model(sent: SentModel, models: Path) -> Path:
    """Put a model that was sent into a folder, unless it is there.

    Args:
        sent: The model.
        models: The folder of all models of this node.

    Returns:
        Its folder.

    Raises:
        ModelError: A file has not its hash or a name that leads out of the folder, or it cannot be written.
    """
    folder = models.expanduser() / RECEIVED / sent.digest
    if folder.is_dir():
        return folder
    if sent.digest != _digest(sent.files) or any(not _is_inside(file.name) for file in sent.files):
        raise ModelError(Notice("cluster-model-damaged"))
    temporary = ""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _delete_unfinished(folder.parent)
        temporary = tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.parent)
        for file in sent.files:
            path = Path(temporary, file.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as target:
                for piece in file.pieces:
                    target.write(sent.get(piece))
                # The folder is trusted by its name from then on, also after a power cut.
                target.flush()
                os.fsync(target.fileno())
            if sha256_of(path) != file.sha256:
                raise ModelError(Notice("cluster-model-damaged"))
        with suppress(OSError):
            os.rename(temporary, folder)
        # Where another process of this node was first, its folder stays.
        if not folder.is_dir():
            raise ModelError(Notice("cluster-model-not-stored", {"folder": str(folder), "cause": "it is in the way"}))
    except OSError as error:
        values = {"folder": str(folder), "cause": (error.strerror or type(error).__name__).lower()}
        raise ModelError(Notice("cluster-model-not-stored", values)) from None
    finally:
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _delete_unfinished(folder: Path) -> None:
    """Delete what processes that were killed left of a model; what another one writes now is younger."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _UNFINISHED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _digest(files: list[SentFile] | tuple[SentFile, ...]) -> str:
    return hashlib.sha256(json.dumps([[file.name, file.sha256] for file in files]).encode()).hexdigest()[:32]


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
