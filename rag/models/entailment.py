"""How sure models are that a source supports a sentence, many pairs at once.

Owns: the confidence of a fact-checking cross-encoder. Knows nothing about rules or verdicts.

Interface: ``load_entailment_model``.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from rag.errors import ModelError
from rag.models.cross_encoder import load_cross_encoder
from rag.notices import Notice

SentenceAndSource = tuple[str, str]
Entails = Callable[[Sequence[SentenceAndSource]], list[float]]
"""Given sentences and sources, returns for each pair the confidence 0…1 that the source supports the sentence."""

_SUPPORTING_LABELS = ("entail", "support", "consistent", "yes", "true")


@lru_cache(maxsize=1)
def load_entailment_model(spec: str, threads: int) -> Entails:
    """Load a sentence-transformers CrossEncoder for natural language inference or fact checking; the last is cached.

    It is given the pair (source, sentence). Of several classes the one that is called entailment, or the like, counts
    after a softmax; a single score counts after a sigmoid.

    Args:
        spec: Its folder, or a Hugging Face name whose files are already on this machine.
        threads: Threads that it computes with.

    Returns:
        A function of sentences and sources; it may be called from several threads.

    Raises:
        ModelError: It cannot be loaded, or has no class that means support.
    """
    import torch

    model = load_cross_encoder(spec, threads, "RAG_CHECKER")
    column = _supporting_class(model.config, spec)
    model_lock = threading.Lock()

    def entails(pairs: Sequence[SentenceAndSource]) -> list[float]:
        inputs = [(source, sentence) for sentence, source in pairs]
        with model_lock:
            outputs = model.predict(inputs, activation_fn=torch.nn.Identity(), show_progress_bar=False)
        return [_confidence(output, column) for output in outputs]

    return entails


def _confidence(output: Any, column: int | None) -> float:
    """Return the confidence that one output of a model stands for."""
    if column is None:
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, float(output)))))
    logits = [float(logit) for logit in output]
    exponentials = [math.exp(logit - max(logits)) for logit in logits]
    return exponentials[column] / sum(exponentials)


def _supporting_class(config: Any, spec: str) -> int | None:
    """Return which class means that a source supports a sentence; None for a model with one score.

    Raises:
        ModelError: Of three classes or more none has a name that means support.
    """
    labels: dict[int, str] = {int(key): str(value).lower() for key, value in dict(config.id2label or {}).items()}
    if len(labels) <= 1:
        return None
    for column, label in sorted(labels.items()):
        if label.startswith(_SUPPORTING_LABELS):
            return column
    if len(labels) == 2:
        return 1  # two unnamed classes: 1 is the positive one by convention
    raise ModelError(Notice("checker-without-entailment", {"name": spec, "classes": list(labels.values())}))
