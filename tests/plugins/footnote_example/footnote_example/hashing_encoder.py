"""The embedding models ``hashing:DIMENSION``: each word counts on one axis, which its hash chooses."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from rag.errors import UsageError
from rag.models.encoder import EncodedTokens, Encoder, Vectors
from rag.models.encoders import encode_words
from rag.settings import Settings

WORD = re.compile(r"\w+")


def open_encoder(name: str, settings: Settings, fetch: Callable[[str], Path] | None) -> Encoder:
    if not name.isdecimal() or not 2 <= int(name) <= 4096:
        raise UsageError(f"hashing:{name} has no dimension from 2 to 4096; write hashing:64.")
    return HashingEncoder(int(name))


class HashingEncoder:
    max_tokens = 512

    def __init__(self, dimension: int) -> None:
        self.name = f"hashing:{dimension}"
        # Another fingerprint stands for other vectors: count it up when the code below changes.
        self.fingerprint = f"hashing-1-{dimension}"
        self._dimension = dimension

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(WORD.findall(text)) for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.encode_question(text) for text in texts])

    def encode_question(self, text: str) -> Vectors:
        vector = np.zeros(self._dimension, dtype=np.float32)
        for word in WORD.findall(text.lower())[: self.max_tokens] or [""]:
            vector[zlib.crc32(word.encode()) % self._dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        return encode_words(self, texts, question)
