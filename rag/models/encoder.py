"""Turn text into vectors.

Owns: the embedding model's interface, the sentence-transformers model behind it and its tokenizer. Knows nothing about
chunks, documents or the vector store. Heavy libraries are imported only when a vector must really be computed.

Interface: ``Encoder``, which ``SentenceEncoder`` implements; ``rag.models.encoders`` opens the one of the settings.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError
from rag.models.device import CPU, TorchDevice, may_have_gpu
from rag.models.hub_cache import folder_in_hub_cache
from rag.models.hub_names import PREFIX
from rag.models.onnx_export import (
    can_export,
    discard_export,
    existing_export,
    export,
    export_in_eight_bits,
    pooling_of,
)
from rag.models.weights import Fetch, path_of, pull, resolve
from rag.notices import Notice
from rag.parts import warn_once
from rag.precision import FP32, INT8, Precision, marked

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from rag.settings import Settings

Vectors = npt.NDArray[np.float32]

# A question is encoded to search, and its tokens are needed later to rank evidence.
_CACHED_QUESTIONS = 64
# Bytes at each end of a weights file that count in a fingerprint.
_FINGERPRINT_BYTES = 1 << 20
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EncodedTokens:
    """A text as vectors: one of the whole and one of each token, all of unit length.

    Attributes:
        vector: The text's vector, of shape ``(dimension,)``.
        tokens: The vectors of its ``n`` tokens, of shape ``(n, dimension)``; special tokens are left out.
        spans: The half-open span of each token in the text, in characters.
    """

    vector: Vectors
    tokens: Vectors
    spans: tuple[tuple[int, int], ...]


@runtime_checkable
class Encoder(Protocol):
    """What retrieval and ingestion need of an embedding model. Vectors have unit length and are of float32."""

    @property
    def name(self) -> str:
        """The model as the user names it."""
        ...

    @property
    def fingerprint(self) -> str:
        """Equal only for models that give equal vectors."""
        ...

    @property
    def max_tokens(self) -> int:
        """The most tokens that the model takes in, special tokens included; a longer text is cut without notice."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without special tokens."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that are searched, as vectors of shape ``(len(texts), dimension)``."""
        ...

    def encode_question(self, text: str) -> Vectors:
        """Encode a text that searches, as a vector of shape ``(dimension,)``."""
        ...

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        """Encode texts and each of their tokens.

        Args:
            texts: The texts; a text longer than ``max_tokens`` has vectors for its first tokens only.
            question: Whether the texts search; otherwise they are searched.

        Returns:
            One record a text, in order.
        """
        ...


class Engine(Protocol):
    """Computes vectors. They need not be of unit length; a text that is too long counts with its beginning."""

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return a vector a text, of shape ``(len(texts), dimension)``."""
        ...

    def encode_tokens(self, texts: Sequence[str]) -> list[tuple[Vectors, Vectors]]:
        """Return of each text its vector and those of its tokens, special tokens included."""
        ...


class SentenceEncoder:
    """A sentence-transformers model from a local folder, loaded when first needed.

    Models such as E5 and BGE need a prompt before questions and passages. Those that the model's own configuration
    names are used, unless ``query_prompt`` or ``passage_prompt`` is given.

    Args:
        name: The model as the user names it.
        folder: The folder of a sentence-transformers model.
        threads: Threads that it computes with.
        query_prompt: Put before each question; empty: the model's own.
        passage_prompt: Put before each passage; empty: the model's own.
        device: Where it computes, as ``RAG_DEVICE`` names it. It does not count in the fingerprint: vectors of a GPU
            differ from those of a CPU in their last digits only.
        precision: How exactly it computes, which counts in the fingerprint; in eight bits it computes on the CPU.

    Raises:
        ModelError: The folder holds no tokenizer that can be read.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        threads: int,
        query_prompt: str = "",
        passage_prompt: str = "",
        device: str = CPU,
        precision: Precision = FP32,
    ) -> None:
        self.name = name
        self._precision = precision
        self._device = device
        self._query_prompt = query_prompt or _own_prompt(folder, "query")
        self._passage_prompt = passage_prompt or _own_prompt(folder, "document", "passage", "corpus")
        self._folder, self._threads = folder, threads
        self._engine: Engine | None = None
        self._loading = threading.Lock()
        self._tokenizer = _read_tokenizer(folder)
        self.max_tokens = _max_tokens(folder) - (self.count_tokens([passage_prompt])[0] if passage_prompt else 0)
        self.fingerprint = marked(_fingerprint(folder, passage_prompt), precision)
        self._weights_fingerprint = _fingerprint(folder, "")
        self._encode_one_question = lru_cache(maxsize=_CACHED_QUESTIONS)(lambda text: self._encode([text], True)[0])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without special tokens and without loading the model."""
        return [
            len(encoding.ids)
            for i in range(0, len(texts), 4096)
            for encoding in self._tokenizer.encode_batch_fast(list(texts[i : i + 4096]), add_special_tokens=False)
        ]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that are searched, as vectors of shape ``(len(texts), dimension)`` and unit length."""
        prompt = self._passage_prompt
        return _normalised(self._load().encode_texts([prompt + text for text in texts]))

    def encode_question(self, text: str) -> Vectors:
        """Encode a text that searches, as a vector of shape ``(dimension,)`` and unit length; 64 are cached."""
        return self._encode_one_question(text).vector

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        """Encode texts and each of their tokens.

        Args:
            texts: The texts; a text longer than ``max_tokens`` has vectors for its first tokens only.
            question: Whether the texts search; otherwise they are searched.

        Returns:
            One record a text, in order.
        """
        return [self._encode_one_question(text) for text in texts] if question else self._encode(texts, False)

    def _encode(self, texts: Sequence[str], question: bool) -> list[EncodedTokens]:
        prompt = self._query_prompt if question else self._passage_prompt
        outputs = self._load().encode_tokens([prompt + text for text in texts])
        return [self._encoded_tokens(prompt, text, *output) for text, output in zip(texts, outputs, strict=True)]

    def _encoded_tokens(self, prompt: str, text: str, vector: Vectors, vectors: Vectors) -> EncodedTokens:
        """Return one text's vectors from an engine's, without those of special tokens and of the prompt."""
        encoding = self._tokenizer.encode(prompt + text)
        positions = [
            i
            for i, (special, (start, end)) in enumerate(
                zip(encoding.special_tokens_mask, encoding.offsets, strict=True)
            )
            if not special and end > max(start, len(prompt)) and i < len(vectors)
        ]
        # A piece may begin with the space behind the prompt.
        offsets = ((max(encoding.offsets[i][0], len(prompt)), encoding.offsets[i][1]) for i in positions)
        return EncodedTokens(
            vector=_normalised(vector),
            tokens=_normalised(vectors[positions]),
            spans=tuple((start - len(prompt), end - len(prompt)) for start, end in offsets),
        )

    def _load(self) -> Engine:
        with self._loading:
            if self._engine is None:
                started = time.perf_counter()
                self._engine = self._open_engine()
                _LOG.info(
                    "embedding model loaded",
                    extra={
                        "model": self.name,
                        "engine": type(self._engine).__name__,
                        "seconds": round(time.perf_counter() - started, 3),
                    },
                )
            return self._engine

    def prepare(self) -> Path | None:
        """Make the export that this model computes with, where there is none yet.

        Returns:
            The folder of the export; None where there can be none, or a GPU may compute.

        Raises:
            ModelError: The model cannot be loaded.
        """
        if self._precision == FP32 and may_have_gpu(self._device):
            return None
        fingerprint = self._weights_fingerprint
        exported = existing_export(self._folder, fingerprint, self._precision)
        if exported is not None or not can_export(self._folder, fingerprint, self._precision):
            return exported
        if self._precision == INT8:
            return self._export_in_eight_bits()
        self._export_with_torch(TorchDevice(CPU))
        return existing_export(self._folder, fingerprint)

    def _open_engine(self) -> Engine:
        """Open the model for ONNX Runtime, exported first where it can be; with torch on a GPU and for the others."""
        if self._precision == INT8:
            return self._open_in_eight_bits()
        if not may_have_gpu(self._device) and (engine := self._open_existing(FP32)):
            return engine
        return self._export_with_torch(TorchDevice(self._device))

    def _open_in_eight_bits(self) -> Engine:
        if engine := self._open_existing(INT8):
            return engine
        exported = self._export_in_eight_bits()
        if exported is None:
            raise ModelError(Notice("int8-not-computed", {"model": self.name, "folder": str(self._folder)}))
        return self._open_export(exported)

    def _open_existing(self, precision: Precision) -> Engine | None:
        """Open the export of a precision; None where there is none that can be read."""
        exported = existing_export(self._folder, self._weights_fingerprint, precision)
        if exported is None:
            return None
        try:
            return self._open_export(exported)
        except Exception as error:  # the library raises types of its own for a file that is damaged
            _LOG.warning("the export of an embedding model cannot be read: %s", type(error).__name__)
            discard_export(self._folder, precision)
            return None

    def _export_with_torch(self, device: TorchDevice) -> Engine:
        """Open the model with torch; where it computes on the CPU, export it, and open the export where that works."""
        from rag.models.torch_engine import TorchEngine

        engine = TorchEngine(self._folder, self._threads, device)
        if device.name != CPU or not can_export(self._folder, self._weights_fingerprint):
            return engine
        exported = export(self._folder, self._weights_fingerprint, engine.model, self._vectors_of)
        return self._open_export(exported) if exported else engine

    def _export_in_eight_bits(self) -> Path | None:
        """Make the export in eight bits of that in full precision, which is made first where there is none."""
        if self._open_existing(FP32) is None:
            self._export_with_torch(TorchDevice(CPU))
        full = existing_export(self._folder, self._weights_fingerprint)
        if full is None:
            return None
        return export_in_eight_bits(self._folder, self._weights_fingerprint, full, self._vectors_of)

    def _vectors_of(self, exported: Path) -> Callable[[list[str]], Vectors]:
        """Open an export, and return what gives a vector for each text."""
        return self._open_export(exported).encode_texts

    def _open_export(self, exported: Path) -> Engine:
        from tokenizers import Tokenizer

        from rag.models.onnx_engine import OnnxEngine

        pooling = pooling_of(self._folder)
        assert pooling is not None, "only such models are exported"
        cutting = Tokenizer.from_str(self._tokenizer.to_str())
        cutting.enable_truncation(_max_tokens(self._folder))
        return OnnxEngine(exported, cutting, pooling, self._threads)


def folder_on_disk(name: str, settings: Settings) -> Path | None:
    """Return where the files of a sentence-transformers model lie; None where they must be fetched first.

    Args:
        name: As for ``open_sentence_encoder``.
        settings: The folder of models.

    Returns:
        The folder.

    Raises:
        ModelError: The name stands for no model.
    """
    location = resolve(name, settings.models)
    if location.path is None and location.weights is None and not name.startswith(PREFIX):
        return path_of(PREFIX + location.hub, settings.models) or folder_in_hub_cache(location.hub)
    return location.path


def open_sentence_encoder(name: str, settings: Settings, fetch: Fetch | None = None) -> SentenceEncoder:
    """Open a sentence-transformers model; it is fetched first where it is absent and its name says from where.

    Args:
        name: A name of ``rag models list``, ``hf:OWNER/MODEL``, ``owner/model``, or a folder.
        settings: The folder of models, the prompts, the threads, the device and the precision.
        fetch: Fetches weights that are absent; by default they are fetched silently.

    Returns:
        The model; its weights are loaded when they are first needed. A model that cannot be brought to eight bits has
        full precision, and that is said once.

    Raises:
        ModelError: The model cannot be fetched.
    """
    folder = folder_on_disk(name, settings)
    if folder is None:
        location = resolve(name, settings.models)
        wanted = location.weights.name if location.weights else PREFIX + location.hub.removeprefix(PREFIX)
        folder = fetch(wanted) if fetch else pull(wanted, settings.models)

    def at(precision: Precision) -> SentenceEncoder:
        prompts = settings.query_prompt, settings.passage_prompt
        return SentenceEncoder(name, folder, settings.threads, *prompts, settings.device, precision)

    encoder = at(settings.embedding_precision)
    if settings.embedding_precision == INT8 and encoder.prepare() is None:
        # Its fingerprint would promise what it cannot compute.
        warn_once(str(Notice("int8-not-made", {"model": name})))
        encoder = at(FP32)
    return encoder


def open_hub_encoder(name: str, settings: Settings, fetch: Fetch | None = None) -> SentenceEncoder:
    """Open a sentence-transformers model of the Hugging Face hub: what ``hf:`` stands for.

    Args:
        name: ``OWNER/MODEL[@REVISION]``.
        settings: As of ``open_sentence_encoder``.
        fetch: As of ``open_sentence_encoder``.

    Returns:
        The model; its weights are loaded when they are first needed.

    Raises:
        ModelError: The model cannot be fetched.
        UsageError: It is no such name.
    """
    return open_sentence_encoder(PREFIX + name, settings, fetch)


def _normalised(vectors: Any) -> Vectors:
    """Return vectors scaled to unit length along the last axis; a zero vector stays zero."""
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return unit


def _own_prompt(folder: Path, *names: str) -> str:
    """Return the first of some prompts that the model's own configuration has, else its default, else ""."""
    config = _read_json_object(folder / "config_sentence_transformers.json")
    prompts = config.get("prompts")
    if not isinstance(prompts, dict):
        return ""
    found = next((prompts[name] for name in names if prompts.get(name)), None)
    return str(found or prompts.get(config.get("default_prompt_name")) or "")


def _read_tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises a bare Exception for a missing or broken file
        raise ModelError(Notice("tokenizer-unreadable", {"path": str(path)})) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _read_json_object(path: Path) -> dict[str, Any]:
    try:
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return value
    except (OSError, ValueError):
        return {}


def _max_tokens(folder: Path) -> int:
    """Return the sequence length that the model's configuration states, or 512, BERT's."""
    stated = _read_json_object(folder / "sentence_bert_config.json").get("max_seq_length")
    return int(stated or _read_json_object(folder / "config.json").get("max_position_embeddings") or 512)


def _fingerprint(folder: Path, passage_prompt: str) -> str:
    """Return a hash of all that decides the vectors of passages.

    Counted are the model's small files whole, of its weights the size and the first and last megabyte, and the prompt.
    """
    digest = hashlib.sha256(passage_prompt.encode())
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if not path.is_file() or any(part.startswith(".") for part in relative.parts):
            continue
        if path.suffix not in (".json", ".safetensors", ".bin", ".txt", ".model") or path.name == "data_config.json":
            continue
        size = path.stat().st_size
        digest.update(f"{relative.as_posix()}:{size}\n".encode())
        with path.open("rb") as file:
            digest.update(file.read(_FINGERPRINT_BYTES))
            if size > 2 * _FINGERPRINT_BYTES:
                file.seek(-_FINGERPRINT_BYTES, os.SEEK_END)
                digest.update(file.read())
    return digest.hexdigest()[:16]
