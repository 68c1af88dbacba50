"""Compute vectors with ONNX Runtime: no torch is imported, and a question is encoded within a second of the start.

Owns: the run of an exported embedding model: tokens in, vectors of tokens and texts out. Knows nothing about how the
export was made (``onnx_export``), or about prompts and questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rag.models.compute_lock import COMPUTE_LOCK
from rag.models.onnx_export import MODEL_FILE, Pooling

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

Floats = npt.NDArray[np.float32]

# Tokens, padding included, that are computed at once.
_BATCH_TOKENS = 2048


class OnnxEngine:
    """An exported embedding model. It may be used from several threads; one computes at a time."""

    def __init__(self, exported: Path, tokenizer: Tokenizer, pooling: Pooling, threads: int) -> None:
        """Load the model.

        Args:
            exported: The folder of the export.
            tokenizer: The model's tokenizer, which cuts a text to the length that the model takes.
            pooling: How the vector of a text is made of those of its tokens.
            threads: Threads that it computes with.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that spin while they wait slow whatever else the machine does.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(exported / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {value.name for value in self._session.get_inputs()}
        self._tokenizer, self._pooling = tokenizer, pooling

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """Return a vector a text, of shape ``(len(texts), dimension)``; not of unit length."""
        encodings = self._tokenizer.encode_batch(list(texts))
        vectors: list[Floats] = [np.zeros(0, np.float32)] * len(texts)
        for batch in _batches([len(encoding.ids) for encoding in encodings]):
            tokens, mask = self._run([encodings[i] for i in batch])
            for i, vector in zip(batch, self._pooled(tokens, mask), strict=True):
                vectors[i] = vector
        return np.stack(vectors) if vectors else np.zeros((0, 0), np.float32)

    def encode_tokens(self, texts: Sequence[str]) -> list[tuple[Floats, Floats]]:
        """Return of each text its vector and those of its tokens, special tokens included; not of unit length."""
        encodings = self._tokenizer.encode_batch(list(texts))
        found: list[tuple[Floats, Floats]] = [(np.zeros(0, np.float32),) * 2] * len(texts)
        for batch in _batches([len(encoding.ids) for encoding in encodings]):
            tokens, mask = self._run([encodings[i] for i in batch])
            pooled = self._pooled(tokens, mask)
            for row, i in enumerate(batch):
                found[i] = (pooled[row], tokens[row, : len(encodings[i].ids)])
        return found

    def _run(self, encodings: Sequence[Encoding]) -> tuple[Floats, npt.NDArray[np.int64]]:
        """Return the vectors of all tokens of a batch, and which of them are padding (0)."""
        length = max(len(encoding.ids) for encoding in encodings)
        ids = np.full((len(encodings), length), self._pooling.pad_id, np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        fed: dict[str, Any] = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        with COMPUTE_LOCK:
            (tokens,) = self._session.run(None, {name: fed[name] for name in self._inputs})
        return tokens, mask

    def _pooled(self, tokens: Floats, mask: npt.NDArray[np.int64]) -> Floats:
        if self._pooling.mode == "cls":
            return tokens[:, 0]
        weights = mask[..., np.newaxis].astype(np.float32)
        means: Floats = (tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        return means


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return the numbers of texts that are computed together: of like length, so that little is padding."""
    batches: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        # The first of a batch is its longest.
        if batches and (len(batches[-1]) + 1) * lengths[batches[-1][0]] <= _BATCH_TOKENS:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches
