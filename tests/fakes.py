"""Fakes that one can compute by eye: an encoder with one axis a word, a model that says what it is told to.

Owns: stand-ins for the two models. ``python -m tests.fakes`` is the command ``rag`` with the fake encoder, for tests
that need a process of their own.
"""

from __future__ import annotations

import re
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rag.models.encoder import EncodedTokens, Vectors
from rag.models.llm.metering import End, Meter
from rag.types import ModelCall

# A known word has an axis of its own; the others share the rest by a checksum.
WORDS = ("bridge", "ferry", "toll", "keeper", "storm", "crowns", "metres", "cars")
DIMENSION = 64


class WordEncoder:
    """Counts words: one axis a known word, vectors of unit length, tokens are words.

    ``delay`` seconds are spent on each call; ``texts`` are all passages it was ever given.
    """

    def __init__(self, name: str = "words", delay: float = 0.0, max_tokens: int = 256) -> None:
        self.name, self.delay, self.max_tokens = name, delay, max_tokens
        self.fingerprint = f"fake-{name}"
        self.texts: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        time.sleep(self.delay)
        self.texts.extend(texts)
        return np.stack([vector_of(text) for text in texts])

    def encode_question(self, text: str) -> Vectors:
        return vector_of(text)

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        time.sleep(self.delay)
        return [_closely(text) for text in texts]


def _closely(text: str) -> EncodedTokens:
    words = list(re.finditer(r"\w+", text))
    tokens = np.stack([vector_of(word.group()) for word in words]) if words else np.zeros((0, DIMENSION), np.float32)
    return EncodedTokens(vector_of(text), tokens, tuple(word.span() for word in words))


def vector_of(text: str) -> Vectors:
    """How often each axis is hit, at unit length; text without words lies on the last axis."""
    vector = np.zeros(DIMENSION, dtype=np.float32)
    for word in re.findall(r"\w+", text.lower()):
        known = WORDS.index(word) if word in WORDS else None
        spare = len(WORDS) + zlib.crc32(word.encode()) % (DIMENSION - len(WORDS) - 1)
        vector[spare if known is None else known] += 1
    if not vector.any():
        vector[-1] = 1
    unit: Vectors = vector / np.linalg.norm(vector)
    return unit


@dataclass
class ScriptedModel:
    """Says the pieces of its script; an exception in it is raised, a function is called and says nothing."""

    script: Sequence[str | Exception | Callable[[], None]]
    weak: bool = False
    name: str = "scripted"
    context_window: int = 4096
    asked: list[Sequence[Any]] = field(default_factory=list)
    likelihood: Callable[[Sequence[Any], Sequence[str]], tuple[float, ...] | None] | None = None
    meter: Meter = field(default_factory=Meter)
    spec: str = ""
    most: int = 0

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(
        self,
        messages: Sequence[Any],
        max_tokens: int,
        stop: Sequence[str] = (),
        cancel: threading.Event | None = None,
        purpose: str = "",
    ) -> Iterator[str]:
        sent = sum(self.count_tokens(message.content) for message in messages)
        admission = self.meter.admit(self.spec, self.name, sent)
        self.asked.append(messages)
        self.meter.most[purpose] = self.most or max_tokens
        reply, end = "", End("stop")
        try:
            for piece in self.script:
                if cancel is not None and cancel.is_set():
                    return
                if isinstance(piece, Exception):
                    raise piece
                if isinstance(piece, End):
                    end = piece
                elif callable(piece):
                    piece()
                else:
                    reply += piece
                    yield piece
        finally:
            written = self.count_tokens(reply)
            self.meter.record(ModelCall(purpose, self.name, sent, written, end.thought, True, end.reason), admission)

    def close(self) -> None:
        self.script = ()


def run(delay: float = 0.0) -> None:
    """The command ``rag``, its embedding model replaced."""
    import rag.store.index
    from rag.__main__ import main

    rag.store.index.open_encoder = lambda *_: WordEncoder(delay=delay)  # type: ignore[assignment,return-value]
    main()


if __name__ == "__main__":
    run()
