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
from rag.models.shared_runs import SharedRuns

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

# Tokens, padding included, that are computed at once: a larger batch falls out of the caches of a processor core.
# MiniLM computed 3,790 tokens a second of processor time in batches of 256, 3,760 of 512, 3,390 of 1,024, 3,230 of
# 2,048 and 2,410 of 4,096 (`python -m tests.benchmarks.speed --batches`, AMD EPYC, one thread).
_BATCH_TOKENS = 512


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

        # On Windows it is switched off by a call.
        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that spin while they wait slow whatever else the machine does: beside other work, two of them took 1.5
        # times the processor time for chunks and 1.9 times for a question.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(exported / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {value.name for value in self._session.get_inputs()}
        self._tokenizer, self._pooling = tokenizer, pooling
        self._shared = SharedRuns(self._computed, COMPUTE_LOCK, _BATCH_TOKENS)

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """Return a vector a text, of shape ``(len(texts), dimension)``; not of unit length.

        Texts are run in batches, and yet a vector is the same, to the last bit, as that of the text alone: ONNX Runtime
        computes each row of a product by itself, and a token of padding weighs nothing.
        """
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        vectors: list[Floats] = [np.zeros(0, np.float32)] * len(texts)
        for batch in _batches([len(each) for each in ids]):
            tokens = self._run([ids[i] for i in batch])
            for row, i in enumerate(batch):
                vectors[i] = self._pooled(tokens[row, : len(ids[i])])
        return np.stack(vectors) if vectors else np.zeros((0, 0), np.float32)

    def encode_tokens(self, texts: Sequence[str]) -> list[tuple[Floats, Floats]]:
        """Return of each text its vector and those of its tokens, special tokens included; not of unit length.

        Texts of equal length are run together, also those of other callers who wait at this moment; those of other
        lengths are not: a few sentences would be half padding together.
        """
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        return [(self._pooled(tokens), tokens) for tokens in self._shared.vectors_of(ids)]

    def _run(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Return the vectors of all tokens of a batch; behind those of a short text stand some of padding."""
        with COMPUTE_LOCK:
            return self._computed(texts)

    def _computed(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Do the work of `_run`, where the lock is held."""
        ids = np.full((len(texts), max(1, *map(len, texts))), self._pooling.pad_id, np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = text
            mask[row, : len(text)] = 1
        fed: dict[str, Any] = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (tokens,) = self._session.run(None, {name: fed[name] for name in self._inputs})
        vectors: Floats = tokens
        return vectors

    def _pooled(self, tokens: Floats) -> Floats:
        """Return the vector of a text: it is made of its own tokens alone, whatever else is in the batch."""
        vector: Floats = tokens[0] if self._pooling.mode == "cls" else tokens.sum(axis=0) / max(1, len(tokens))
        return vector


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
