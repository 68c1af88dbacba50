"""How sure models are that a source supports a sentence, many pairs at once.

Owns: what an inference or fact-checking cross-encoder infers, and which of its classes means what. Knows nothing about
rules, verdicts or how long evidence is cut.

Interface: ``load_entailment_model``.
"""

from __future__ import annotations

import logging
import math
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.models.cross_encoder import LoadedCrossEncoder, load_cross_encoder
from rag.models.device import CPU
from rag.notices import Notice

SentenceAndSource = tuple[str, str]

_SUPPORTING = ("entail", "support", "consistent", "factual", "faithful", "grounded", "align", "yes", "true")
_DENYING = ("contradict", "refut", "conflict")
# What the other one of two classes is called where only that one has a telling name.
_LACKING = (*_DENYING, "not", "non", "no", "un", "inconsistent", "incorrect", "inaccurate", "halluc", "false")
# Two classes without names of their own, of which the second is the positive one by custom.
_UNNAMED = re.compile(r"(?:label )?\d+")
_POSITIVE = 1
# Models whose positions are counted from behind the padding token: they have fewer than they state.
_COUNT_FROM_PADDING = frozenset(
    ("roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "longformer", "mpnet", "data2vec-text", "xmod")
)
# What a model that states no limit is given at most: most encoders read 512 tokens.
_USUAL_TOKENS = 512
_NO_LIMIT = 10**6
# Pairs of one batch are padded to the longest of them; on a processor larger ones gain nothing.
_BATCH = 8


@dataclass(frozen=True, slots=True)
class Inference:
    """What a model infers from a source about a sentence.

    Attributes:
        supported: How likely the source supports the sentence, 0…1.
        denied: How likely it says otherwise, 0…1; 0 from a model that does not tell this from saying nothing.
    """

    supported: float
    denied: float = 0.0


@dataclass(frozen=True, slots=True)
class Classes:
    """Which classes of a model mean something here.

    Attributes:
        supporting: The number of the class that means support; None where the model gives one score.
        denying: The number of the class that means contradiction; None where it has none.
    """

    supporting: int | None
    denying: int | None = None


class EntailmentModel:
    """A cross-encoder for natural language inference or fact checking; it may be asked from several threads.

    Attributes:
        most_tokens: How many tokens a pair may have.
        own_tokens: How many of these stand around and between its two texts.
    """

    def __init__(self, model: LoadedCrossEncoder, classes: Classes) -> None:
        """Take over a loaded model.

        Args:
            model: The model; it is given the pair (source, sentence).
            classes: What its outputs mean.
        """
        self._model, self._classes = model, classes
        self._lock = threading.Lock()
        self._tokenizer: Any = model.tokenizer
        self.own_tokens: int = self._tokenizer.num_special_tokens_to_add(pair=True)
        self.most_tokens = _most_tokens(self._tokenizer, model.config)
        # "[SEP]" in a document is text: it does not end the source and begin the sentence.
        self._tokenizer.split_special_tokens = True

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has by itself."""
        with self._lock:
            return self._count_tokens(texts)

    def infer(self, pairs: Sequence[SentenceAndSource]) -> list[Inference]:
        """Infer from each source what it says of its sentence.

        Args:
            pairs: Sentences, each with its source. The library sorts them by length and computes them in batches.

        Returns:
            An inference for each pair, in the same order.

        Raises:
            ValueError: A pair has more than ``most_tokens``: a model that reads only a part of a source finds less in
                it than it says.
        """
        if not pairs:
            return []
        import torch

        with self._lock:
            lengths = self._count_tokens([text for pair in pairs for text in pair])
            pair_lengths = [sum(two) + self.own_tokens for two in zip(lengths[::2], lengths[1::2], strict=True)]
            if max(pair_lengths) > self.most_tokens:
                raise ValueError(f"a pair of {max(pair_lengths)} tokens, where {self.most_tokens} fit")
            outputs = self._model.predict(
                [(source, sentence) for sentence, source in pairs],
                batch_size=_BATCH,
                activation_fn=torch.nn.Identity(),
                show_progress_bar=False,
            )
        return [_inference(output, self._classes) for output in outputs]

    def _count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        encoded = self._tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]


@lru_cache(maxsize=1)
def load_entailment_model(spec: str, threads: int, device: str = CPU, models: Path | None = None) -> EntailmentModel:
    """Load a cross-encoder for natural language inference or fact checking; the last one is cached.

    Args:
        spec: Its folder, ``hf:OWNER/MODEL``, or a Hugging Face name whose files are already on this machine.
        threads: Threads that it computes with.
        device: Where it computes, as ``RAG_DEVICE`` names it.
        models: The folder of all models, for a model of the hub.

    Returns:
        The model.

    Raises:
        ModelError: It cannot be loaded, gives no classes of pairs, or has none that means support.
    """
    with _quiet_libraries():
        model = load_cross_encoder(spec, threads, "RAG_CHECKER", device=device, models=models)
    config: Any = model.config
    architectures = [str(name) for name in config.architectures or ()]
    # Of any other model the library makes up the layer that tells classes apart, at random.
    if not any(name.endswith("ForSequenceClassification") for name in architectures):
        raise ModelError(Notice("checker-no-classifier", {"name": spec}))
    labels = {int(number): str(label) for number, label in dict(config.id2label or {}).items()}
    classes = read_classes([labels[number] for number in sorted(labels)])
    if classes is None:
        raise ModelError(Notice("checker-without-entailment", {"name": spec, "classes": list(labels.values())}))
    return EntailmentModel(model, classes)


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Keep what libraries say of a model from standard error: whether it can be used is told in one sentence."""
    from transformers.utils import logging as transformers_logging

    names = ("sentence_transformers", "transformers")
    levels = [logging.getLogger(name).level for name in names]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in zip(names, levels, strict=True):
            logging.getLogger(name).setLevel(level)


def read_classes(labels: Sequence[str]) -> Classes | None:
    """Read from the names of a model's classes what they mean.

    Args:
        labels: The names, in the order of the model's outputs: ``SUPPORTS``, ``not_entailment``, ``LABEL_0``.

    Returns:
        The classes that mean support and contradiction; None where no name tells which one means support. Of two
        classes without names the second does, as is the custom. Only beside a third class does one mean contradiction:
        of two, the other one takes in what the source says nothing about, whatever it is called.
    """
    if len(labels) <= 1:
        return Classes(None)
    words = [re.sub(r"[\W_]+", " ", label.lower()).strip() for label in labels]
    supporting = next((at for at, word in enumerate(words) if word.startswith(_SUPPORTING)), None)
    denying = next((at for at, word in enumerate(words) if word.startswith(_DENYING)), None)
    if len(labels) == 2:
        supporting, denying = _supporting_of_two(words) if supporting is None else supporting, None
    return None if supporting is None else Classes(supporting, denying)


def _supporting_of_two(words: Sequence[str]) -> int | None:
    """Return which of two classes means support where neither says so: not the one that lacks it."""
    if all(map(_UNNAMED.fullmatch, words)):
        return _POSITIVE
    lacking = [at for at, word in enumerate(words) if word.startswith(_LACKING)]
    return 1 - lacking[0] if len(lacking) == 1 else None


def _inference(output: Any, classes: Classes) -> Inference:
    """Return what one output of a model, before any activation, stands for."""
    if classes.supporting is None:
        return Inference(1 / (1 + math.exp(-max(-50.0, min(50.0, float(output))))))
    logits = [float(logit) for logit in output]
    exponentials = [math.exp(logit - max(logits)) for logit in logits]
    shares = [exponential / sum(exponentials) for exponential in exponentials]
    return Inference(shares[classes.supporting], 0.0 if classes.denying is None else shares[classes.denying])


def _most_tokens(tokenizer: Any, config: Any) -> int:
    """Return how many tokens a pair may have: the least of what the tokenizer and the model state."""
    positions = getattr(config, "max_position_embeddings", None)
    if positions and config.model_type in _COUNT_FROM_PADDING:
        positions -= (config.pad_token_id or 0) + 1
    # Tokenizers without a limit state a number of thirty digits.
    stated = [limit for limit in (tokenizer.model_max_length, positions) if limit and 0 < limit < _NO_LIMIT]
    return min(stated, default=_USUAL_TOKENS)
