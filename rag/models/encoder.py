"""Turn text into vectors, once.

Owns: the sentence-transformers model, its tokenizer and the cache of vectors by content. Knows nothing about chunks,
documents or the vector store. Heavy libraries are imported only when a vector must really be computed.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError
from rag.models.compute_lock import COMPUTE_LOCK
from rag.models.offline import keep_libraries_offline

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]

# Small batches of like length waste least on padding on a CPU; measured fastest of 8, 16, 32 and 64 for MiniLM.
BATCH = 16
_QUESTIONS_KEPT = 64


@dataclass(frozen=True, slots=True)
class EncodedTokens:
    """A text read closely: its vector of shape ``(dimension,)``, and its tokens' of shape ``(n, dimension)``.

    ``places[i]`` is the half-open place of token ``i`` in the text. All vectors have unit length.
    """

    vector: Vectors
    tokens: Vectors
    places: tuple[tuple[int, int], ...]


class Encoder(Protocol):
    """What retrieval and ingestion need of an embedding model. Vectors have unit length."""

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
        """Tokens the model reads, special tokens counted; what is longer is cut silently."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape ``(len(texts), dimension)`` for text that is searched."""
        ...

    def encode_question(self, text: str) -> Vectors:
        """A vector of shape ``(dimension,)`` for text that searches."""
        ...

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        """The vectors of texts and of each of their tokens, as text that is searched or that searches."""
        ...


class SentenceEncoder:
    """A sentence-transformers model from a local folder, loaded when first needed.

    Models such as E5 and BGE want a prompt before questions and passages. Where the model's own configuration names
    them they are used; ``query_prompt`` and ``passage_prompt`` take their place.
    """

    def __init__(self, name: str, folder: Path, threads: int, query_prompt: str = "", passage_prompt: str = "") -> None:
        self.name = name
        self._query_prompt, self._passage_prompt = query_prompt, passage_prompt
        self._folder, self._threads = folder, threads
        self._model: SentenceTransformer | None = None
        self._loading = threading.Lock()
        self._tokenizer = _read_tokenizer(folder)
        self.max_tokens = _max_tokens(folder) - (self.count_tokens([passage_prompt])[0] if passage_prompt else 0)
        self.fingerprint = _fingerprint(folder, passage_prompt)
        # A question is searched for first and read closely then.
        self._asked = lru_cache(maxsize=_QUESTIONS_KEPT)(lambda text: self._read([text], True)[0])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [
            len(encoding.ids)
            for i in range(0, len(texts), 4096)
            for encoding in self._tokenizer.encode_batch(list(texts[i : i + 4096]), add_special_tokens=False)
        ]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        model = self._load()
        with COMPUTE_LOCK:
            vectors = model.encode_document(
                list(texts),
                prompt=self._passage_prompt or None,
                batch_size=BATCH,
                convert_to_numpy=True,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)

    def encode_question(self, text: str) -> Vectors:
        return self._asked(text).vector

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        return [self._asked(text) for text in texts] if question else self._read(texts, False)

    def _read(self, texts: Sequence[str], question: bool) -> list[EncodedTokens]:
        model = self._load()
        encode, chosen = (
            (model.encode_query, self._query_prompt) if question else (model.encode_document, self._passage_prompt)
        )
        prompt = chosen or _prompt_of(model, question)
        with COMPUTE_LOCK:
            found = encode(
                list(texts), prompt=prompt or None, batch_size=BATCH, output_value=None, show_progress_bar=False
            )
        return [self._closely(prompt, text, item) for text, item in zip(texts, found, strict=True)]

    def _closely(self, prompt: str, text: str, found: Any) -> EncodedTokens:
        """One text's vectors as the library gives them, without those of special tokens and of the prompt."""
        encoding = self._tokenizer.encode(prompt + text)
        vectors = found["token_embeddings"][found["attention_mask"].bool()].float().numpy()
        kept = [
            i
            for i, (special, (start, end)) in enumerate(
                zip(encoding.special_tokens_mask, encoding.offsets, strict=True)
            )
            if not special and start >= len(prompt) and end > start and i < len(vectors)
        ]
        places = tuple((start - len(prompt), end - len(prompt)) for start, end in (encoding.offsets[i] for i in kept))
        return EncodedTokens(_unit(found["sentence_embedding"].float().numpy()), _unit(vectors[kept]), places)

    def _load(self) -> SentenceTransformer:
        with self._loading:
            if self._model is None:
                self._model = _load_model(self._folder, self._threads)
            return self._model


def _unit(vectors: Any) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return unit


def _prompt_of(model: SentenceTransformer, question: bool) -> str:
    """The prompt that the model's own configuration names for questions, or for text that is searched."""
    names = ("query",) if question else ("document", "passage", "corpus")
    return next((str(model.prompts[name]) for name in names if model.prompts.get(name)), "")


def fetch_hub_model(name: str) -> Path:
    """The folder of a Hugging Face model, from this machine's cache or else fetched. Raises ModelError."""
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):
        pass
    try:
        return Path(snapshot_download(name))
    except Exception as error:  # the hub's client raises many kinds, all of them "not to be had"
        raise ModelError(
            f"The model {name} is not on this machine and cannot be fetched ({type(error).__name__}); "
            "set RAG_EMBEDDING_MODEL to a folder that holds it."
        ) from error


def _load_model(folder: Path, threads: int) -> SentenceTransformer:
    import logging
    import os

    keep_libraries_offline()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    torch.set_num_threads(threads)
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"The embedding model in {folder} cannot be loaded ({type(error).__name__}); fetch it again with: "
            "rag models pull all-minilm-l6-v2"
        ) from error


def _read_tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises a bare Exception for a missing or broken file
        raise ModelError(f"{path} cannot be read; the folder must hold a sentence-transformers model.") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return {}


def _max_tokens(folder: Path) -> int:
    stated = _read_json(folder / "sentence_bert_config.json").get("max_seq_length")
    return int(stated or _read_json(folder / "config.json").get("max_position_embeddings") or 512)


def _fingerprint(folder: Path, passage_prompt: str) -> str:
    """Hash of the model's small files whole, of the size and the first and last megabyte of its weights, and of the
    prompt that changes the vectors of passages."""
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
            digest.update(file.read(1 << 20))
            if size > 2 << 20:
                file.seek(-(1 << 20), 2)
                digest.update(file.read())
    return digest.hexdigest()[:16]
