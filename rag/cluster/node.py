"""What runs on a node of a cluster: reading and cutting a file, and embedding texts.

Owns: what is kept in a process between two tasks, and what a node tells of itself. What goes wrong comes back as a
value, so that it has its code and its words on the machine that asked. Knows nothing about Ray but ``get``.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import rag
from rag.cluster.model_files import SentModel, store_model
from rag.errors import LoadError, ModelError, RagError, SkipFile
from rag.ingestion.chunking import CHUNKER_VERSION
from rag.ingestion.workers import CutDocument, Cutting
from rag.load.limits import Limits
from rag.load.loader import Loader, loader_version
from rag.models.device import CPU, choose_torch_device
from rag.models.encoder import Encoder, Vectors
from rag.models.encoders import open_encoder
from rag.notices import Notice
from rag.precision import Precision
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class NodeState:
    """What a node tells of itself.

    Attributes:
        versions: Of Footnote, of its readers and of where a chunk ends; equal where files become equal chunks.
        has_gpu: Whether torch finds a GPU there; False where that was not asked.
    """

    versions: str
    has_gpu: bool


@dataclass(frozen=True, slots=True)
class WantedModel:
    """The embedding model of an index.

    Attributes:
        spec: Its name in the settings.
        fingerprint: Equal only for models that give equal vectors.
        precision: How exactly it computes.
        query_prompt: As in the settings.
        passage_prompt: As in the settings.
        versions: Those of the machine that asks, as in ``NodeState``; a node with others refuses.
        device: Where it computes.
        threads: Threads that it computes with.
    """

    spec: str
    fingerprint: str
    precision: Precision
    query_prompt: str
    passage_prompt: str
    versions: str
    device: str = CPU
    threads: int = 1


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file as the machine that asks sees it.

    Attributes:
        path: Where it lies.
        source: The name of its source.
        size: Its bytes.
        modified_ns: When it was last written, in nanoseconds.
        data: Its bytes, for a node that does not see it; None where it is to look.
    """

    path: str
    source: str
    size: int
    modified_ns: int
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """What went wrong on a node.

    Attributes:
        notice: What it was.
        skipped: Whether the file is one to be passed over.
        is_of_model: Whether it is the model's, and no file's.
    """

    notice: Notice
    skipped: bool = False
    is_of_model: bool = False

    def error(self) -> RagError:
        """Return it as the error that it was."""
        if self.is_of_model:
            return ModelError(self.notice)
        return SkipFile(self.notice) if self.skipped else LoadError(self.notice)


@dataclass(frozen=True, slots=True)
class Unseen:
    """The node does not see the file, or another one under its path."""


@dataclass(frozen=True, slots=True)
class ModelAbsent:
    """The node does not have the model, or another one under its name."""


def this_node(asks_for_gpu: bool) -> NodeState:
    """Return what this node tells of itself.

    Args:
        asks_for_gpu: Whether torch is asked for a GPU, which takes a second or two.
    """
    versions = f"{rag.__version__} ({loader_version()}.{CHUNKER_VERSION}, Python {platform.python_version()})"
    return NodeState(versions, asks_for_gpu and choose_torch_device("auto") != CPU)


def read_file(
    file: FileToRead, limits: Limits, chunk_limit: int, model: WantedModel, sent: SentModel | None
) -> CutDocument | Failed | Unseen | ModelAbsent:
    """Read and cut a file.

    Args:
        file: The file.
        limits: The limits of reading.
        chunk_limit: The most tokens of a chunk.
        model: The model whose tokens are counted.
        sent: Its files; None where the node is to have them.

    Returns:
        The document with its chunks, or why there is none.
    """
    encoder = _encoder(model, sent)
    if not isinstance(encoder, Encoder):
        return encoder
    if file.data is None and not _sees(file):
        return Unseen()
    loader = _loader(limits)
    try:
        loaded = (
            loader.load(Path(file.path), file.source)
            if file.data is None
            else loader.load_bytes(bytes(file.data), file.source)
        )
        return Cutting(encoder.count_tokens, chunk_limit).cut(loaded)
    except LoadError as error:
        return Failed(error.notice, isinstance(error, SkipFile))
    except ModelError as error:
        return Failed(error.notice, is_of_model=True)


class EncoderSeat:
    """A process that embeds; Ray makes an actor of it."""

    def encode(
        self, texts: Sequence[str], model: WantedModel, sent: SentModel | None
    ) -> Vectors | Failed | ModelAbsent:
        """Embed texts.

        Args:
            texts: The texts, which are computed together.
            model: The model.
            sent: Its files; None where the node is to have them.

        Returns:
            Their vectors, of shape ``(texts, dimension)``, or why there are none.
        """
        encoder = _encoder(model, sent)
        if not isinstance(encoder, Encoder):
            return encoder
        try:
            return encoder.encode_passages(texts)
        except ModelError as error:
            return Failed(error.notice, is_of_model=True)


def _sees(file: FileToRead) -> bool:
    """Tell whether this node sees the same file: as large, and written at the same moment."""
    try:
        status = os.stat(file.path)
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (file.size, file.modified_ns)


@lru_cache(maxsize=1)
def _loader(limits: Limits) -> Loader:
    return Loader(limits)


def _encoder(model: WantedModel, sent: SentModel | None) -> Encoder | Failed | ModelAbsent:
    """Return the model, from this node or of the files that were sent; nothing is fetched from the network."""
    try:
        return _opened(model, "")
    except LookupError:
        if sent is None:
            return ModelAbsent()
    except ModelError as error:
        if not _is_absent(error):
            return Failed(error.notice, is_of_model=True)
        if sent is None:
            return ModelAbsent()
    try:
        folder = store_model(sent, Settings().models)
        return _opened(model, str(folder))
    except LookupError:
        return Failed(Notice("cluster-model-differs", {"model": model.spec}), is_of_model=True)
    except RagError as error:
        return Failed(error.notice, is_of_model=True)


class _NotHere(ModelError):
    """The model would have to be fetched."""


def _is_absent(error: ModelError) -> bool:
    return isinstance(error, _NotHere) or error.notice.code == "model-unknown"


@lru_cache(maxsize=2)
def _opened(model: WantedModel, folder: str) -> Encoder:
    """Open the model by its name, or from a folder; a LookupError where its vectors would be others."""

    def fetch(name: str) -> Path:
        raise _NotHere(Notice("model-unknown", {"name": name, "known": []}))

    here = this_node(asks_for_gpu=False).versions
    if here != model.versions:
        # A node that has joined since the others were asked.
        raise ModelError(
            Notice("cluster-node-differs", {"node": platform.node(), "there": here, "here": model.versions})
        )
    settings: dict[str, Any] = {
        "embedding_model": folder or model.spec,
        "embedding_precision": model.precision,
        "query_prompt": model.query_prompt,
        "passage_prompt": model.passage_prompt,
        "device": model.device,
        "threads": model.threads,
    }
    encoder = open_encoder(Settings(**settings), fetch)
    if encoder.fingerprint != model.fingerprint:
        raise LookupError(model.spec)
    return encoder
