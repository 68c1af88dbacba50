"""Compute vectors with sentence-transformers and torch: any model, also on a GPU.

Owns: loading the model without a network, and going on on the CPU where a GPU fails. Knows nothing about prompts.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError
from rag.models.compute_lock import COMPUTE_LOCK
from rag.models.device import CPU, TorchDevice
from rag.models.offline import keep_libraries_offline
from rag.notices import Notice

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Floats = npt.NDArray[np.float32]

# Texts encoded at once. On a CPU small batches of similar length waste least on padding; 16 was measured fastest of
# 8, 16, 32 and 64 for MiniLM.
BATCH_SIZE = 16
# A GPU computes many texts in the time of one.
GPU_BATCH_SIZE = 128


class TorchEngine:
    """A sentence-transformers model that is loaded. It may be used from several threads; one computes at a time.

    Attributes:
        model: The model.
    """

    def __init__(self, folder: Path, threads: int, device: TorchDevice) -> None:
        """Load the model.

        Args:
            folder: The folder of a sentence-transformers model.
            threads: Threads that it computes with.
            device: Where it computes.

        Raises:
            ModelError: The model cannot be loaded.
        """
        self._device = device
        self.model = device.load(lambda name: load_model(folder, threads, name))

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """Return a vector a text, of shape ``(len(texts), dimension)``."""
        vectors = self._run(list(texts), convert_to_numpy=True)
        return np.asarray(vectors, dtype=np.float32)

    def encode_tokens(self, texts: Sequence[str]) -> list[tuple[Floats, Floats]]:
        """Return of each text its vector and those of its tokens, special tokens included."""
        return [
            (
                output["sentence_embedding"].float().cpu().numpy(),
                output["token_embeddings"][output["attention_mask"].bool()].float().cpu().numpy(),
            )
            for output in self._run(list(texts), output_value=None)
        ]

    def _run(self, texts: list[str], **options: Any) -> Any:
        """Encode texts where the model computes; where a GPU fails, on the CPU."""

        def run() -> Any:
            batch = BATCH_SIZE if self._device.name == CPU else GPU_BATCH_SIZE
            # The prompt stands in the texts already: "" keeps the model from adding its own.
            return self.model.encode(texts, prompt="", batch_size=batch, show_progress_bar=False, **options)

        with COMPUTE_LOCK:
            return self._device.run(run, lambda: self.model.to(CPU))


def load_model(folder: Path, threads: int, device: str) -> SentenceTransformer:
    """Load a sentence-transformers model without a network.

    Args:
        folder: Its folder.
        threads: Threads that it computes with.
        device: The name of a device of torch.

    Returns:
        The model.

    Raises:
        ModelError: It cannot be loaded.
    """
    keep_libraries_offline()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    torch.set_num_threads(threads)
    try:
        return SentenceTransformer(str(folder), device=device, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        values = {"folder": str(folder), "cause": type(error).__name__}
        raise ModelError(Notice("embedding-model-unloadable", values)) from error
