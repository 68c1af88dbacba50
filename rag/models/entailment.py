"""Whether models find that a source supports a sentence.

Owns: the cosine of the embedding model and, where one is configured, the confidence of a fact-checking cross-encoder or
of the language model. Knows nothing about the rules that decide first: a model counts only for what they leave open.

Interface: ``open_entailment(spec, …)`` returns a ``ModelEntailment``.
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

Entails = Callable[[str, str], float | None]
"""Given a sentence and a source, returns the confidence 0…1 that the source supports it; None when it cannot tell."""

BY_LANGUAGE_MODEL = "llm"
"""The value of ``RAG_CHECKER`` that asks the language model that answers."""
_SUPPORTING_LABELS = ("entail", "support", "consistent", "yes", "true")


class ModelEntailment:
    """What models find about a sentence and its source.

    Args:
        encoder: The embedding model.
        entails: The configured checker; None when there is none.
    """

    def __init__(self, encoder: Encoder, entails: Entails | None = None) -> None:
        self._encoder, self._entails = encoder, entails

    def similarity(self, sentence: str, source: str) -> float:
        """Return how similar a sentence and its source are to the embedding model.

        Args:
            sentence: A sentence of an answer.
            source: The words it rests on.

        Returns:
            Their cosine, −1…1.
        """
        left, right = self._encoder.encode_passages([sentence, source])
        return float(left @ right)

    def entails(self, sentence: str, source: str) -> float | None:
        """Return the confidence of the configured checker that a source supports a sentence.

        Args:
            sentence: A sentence of an answer.
            source: The words it rests on.

        Returns:
            A number 0…1; None without a checker, or when it cannot tell.
        """
        return self._entails(sentence, source) if self._entails else None


def open_entailment(spec: str, encoder: Encoder, model: Model | None, prompt: Prompt, threads: int) -> ModelEntailment:
    """Open the checker that a setting names.

    Args:
        spec: Empty: the embedding model alone; ``llm``: the language model; else a cross-encoder, by folder or name.
        encoder: The embedding model.
        model: The language model that answers; without one ``llm`` checks nothing.
        prompt: The prompt ``check``, for the language model.
        threads: Threads that a cross-encoder computes with.

    Returns:
        What models find about sentences.

    Raises:
        ModelError: The cross-encoder cannot be loaded or has no class that means support.
    """
    if spec == BY_LANGUAGE_MODEL:
        return ModelEntailment(encoder, _by_language_model(model, prompt) if model else None)
    return ModelEntailment(encoder, load_entailment_model(spec, threads) if spec else None)


@lru_cache(maxsize=1)
def load_entailment_model(spec: str, threads: int) -> Entails:
    """Load a sentence-transformers CrossEncoder for natural language inference or fact checking; the last is cached.

    It is given the pair (source, sentence). Of several classes the one that is called entailment, or the like, counts
    after a softmax; a single score counts after a sigmoid.

    Args:
        spec: Its folder, or a Hugging Face name whose files are already on this machine.
        threads: Threads that it computes with.

    Returns:
        A function of a sentence and a source; it may be called from several threads.

    Raises:
        ModelError: It cannot be loaded, or has no class that means support.
    """
    import torch

    model = load_cross_encoder(spec, threads, "RAG_CHECKER")
    column = _supporting_class(model.config, spec)
    model_lock = threading.Lock()

    def entails(sentence: str, source: str) -> float:
        with model_lock:
            output = model.predict([(source, sentence)], activation_fn=torch.nn.Identity(), show_progress_bar=False)[0]
        if column is None:
            return 1 / (1 + math.exp(-max(-50.0, min(50.0, float(output)))))
        logits = [float(logit) for logit in output]
        exponentials = [math.exp(logit - max(logits)) for logit in logits]
        return exponentials[column] / sum(exponentials)

    return entails


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
    raise ModelError(
        f"The checker {spec!r} has the classes {', '.join(labels.values())}, none of which is called entailment; "
        "name another in RAG_CHECKER."
    )


def _by_language_model(model: Model, prompt: Prompt) -> Entails:
    def entails(sentence: str, source: str) -> float | None:
        system, user = prompt.fill(source=source, statement=sentence)
        try:
            reply = "".join(model.stream([Message("system", system), Message("user", user)], max_tokens=4))
        except LLMError:
            return None
        word = reply.strip().lower()
        return 1.0 if word.startswith("yes") else 0.0 if word.startswith("no") else None

    return entails
