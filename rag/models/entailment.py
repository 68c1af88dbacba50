"""A second opinion on a sentence that the rules leave open.

Owns: the embedding model's, and where one is configured, that of a fact-checking cross-encoder or of the language
model. Knows nothing about rules: no opinion goes before them.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from rag.errors import LLMError, ModelError
from rag.models.cross_encoder import load_cross_encoder
from rag.models.encoder import Encoder
from rag.models.llm.model import Message, Model
from rag.prompts import Prompt

# How sure it is, 0…1, that a source supports a sentence; None when it cannot say.
Entails = Callable[[str, str], float | None]

# A setting that asks the language model that answers.
BY_LANGUAGE_MODEL = "llm"
_SUPPORTING = ("entail", "support", "consistent", "yes", "true")


class ModelEntailment:
    """What models say of one sentence and its source. ``entails`` is None where nothing is configured."""

    def __init__(self, encoder: Encoder, entails: Entails | None = None) -> None:
        self._encoder, self._entails = encoder, entails

    def similarity(self, sentence: str, source: str) -> float:
        """The cosine of a sentence and its source."""
        left, right = self._encoder.encode_passages([sentence, source])
        return float(left @ right)

    def entails(self, sentence: str, source: str) -> float | None:
        """How sure the configured checker is, 0…1; None without one, or when it cannot say."""
        return self._entails(sentence, source) if self._entails else None


def open_entailment(spec: str, encoder: Encoder, model: Model | None, prompt: Prompt, threads: int) -> ModelEntailment:
    """The second opinion that a setting names: "" for the embedding model's alone, "llm", or a cross-encoder."""
    if spec == BY_LANGUAGE_MODEL:
        return ModelEntailment(encoder, _by_language_model(model, prompt) if model else None)
    return ModelEntailment(encoder, load_entailment_model(spec, threads) if spec else None)


@lru_cache(maxsize=1)
def load_entailment_model(spec: str, threads: int) -> Entails:
    """A sentence-transformers CrossEncoder for inference or fact checking, by folder or name. Raises ModelError.

    It is given (source, sentence). Of several classes the one that is called entailment, or the like, counts after a
    softmax; a single score counts after a sigmoid.
    """
    import torch

    model = load_cross_encoder(spec, threads, "RAG_CHECKER")
    column = _supporting_class(model.config, spec)
    computing = threading.Lock()

    def entails(sentence: str, source: str) -> float:
        with computing:
            found = model.predict([(source, sentence)], activation_fn=torch.nn.Identity(), show_progress_bar=False)[0]
        scores = [float(score) for score in (found if column is not None else [found])]
        if column is None:
            return 1 / (1 + math.exp(-max(-50.0, min(50.0, scores[0]))))
        weights = [math.exp(score - max(scores)) for score in scores]
        return weights[column] / sum(weights)

    return entails


def _supporting_class(config: Any, spec: str) -> int | None:
    """Which class says that a source supports a sentence; None for a model with one score."""
    labels: dict[int, str] = {int(key): str(value).lower() for key, value in dict(config.id2label or {}).items()}
    if len(labels) <= 1:
        return None
    for column, label in sorted(labels.items()):
        if label.startswith(_SUPPORTING):
            return column
    if len(labels) == 2:
        return 1
    raise ModelError(
        f"The checker {spec!r} has the classes {', '.join(labels.values())}, none of which is called entailment; "
        "name another in RAG_CHECKER."
    )


def _by_language_model(model: Model, prompt: Prompt) -> Entails:
    def entails(sentence: str, source: str) -> float | None:
        system, user = prompt.fill(source=source, statement=sentence)
        try:
            said = "".join(model.stream([Message("system", system), Message("user", user)], max_tokens=4))
        except LLMError:
            return None
        word = said.strip().lower()
        return 1.0 if word.startswith("yes") else 0.0 if word.startswith("no") else None

    return entails
