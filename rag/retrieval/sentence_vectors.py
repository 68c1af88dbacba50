"""Vectors of sentences and of their tokens, computed once for many questions.

Owns: what is kept of the sentences that were last weighed, and how much. Knows nothing about how they are weighed.

Questions that are asked in a row meet the same passages, and so do those of tomorrow: what is no longer in memory is
read from the cache on the disk.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import numpy as np

from rag.models.encoder import EncodedTokens, Encoder, Vectors
from rag.store.folders import SENTENCES_FILE
from rag.store.index import Index
from rag.store.sentence_cache import SentenceCache

# Bytes of vectors that are kept: about five hundred sentences of forty tokens of 384 numbers.
_MOST_BYTES = 32 << 20
# The name under which an index holds them.
_HELD = "sentence vectors"


Kept = TypeVar("Kept", bound="Vectors | EncodedTokens")


class _LastUsed(Generic[Kept]):
    """What was computed of the last texts, up to a number of bytes. Several threads may ask at once."""

    def __init__(self, compute: Callable[[Sequence[str]], Sequence[Kept]], most_bytes: int) -> None:
        self._compute = compute
        self._most_bytes, self._bytes = most_bytes, 0
        # The least recently used first.
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._guard = threading.Lock()

    def of(self, texts: Sequence[str]) -> list[Kept]:
        """Return what belongs to each text; what is not kept is computed, in one call."""
        with self._guard:
            found = {text: self._kept[text] for text in texts if text in self._kept}
            for text in found:
                self._kept.move_to_end(text)
        if absent := [text for text in dict.fromkeys(texts) if text not in found]:
            computed = dict(zip(absent, self._compute(absent), strict=True))
            found |= computed
            with self._guard:
                for text, value in computed.items():
                    self._keep(text, value)
        return [found[text] for text in texts]

    def _keep(self, text: str, value: Kept) -> None:
        """Keep one more, and let go of the least recently used where that is too much. The caller holds the guard."""
        if text not in self._kept:
            self._kept[text] = value
            self._bytes += _size(value)
        while self._bytes > self._most_bytes:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= _size(dropped)


class SentenceVectors:
    """The vectors of the last sentences under one encoder. Several threads may ask at once."""

    def __init__(self, encoder: Encoder, cache: SentenceCache, most_bytes: int = _MOST_BYTES) -> None:
        """Begin with none.

        Args:
            encoder: The encoder that is asked for what is not kept.
            cache: The vectors of earlier questions, on the disk; it is closed with this.
            most_bytes: How many bytes are kept at most of the vectors of tokens, and again of those of whole texts.
        """
        self.encoder, self._cache = encoder, cache
        self._tokens = _LastUsed[EncodedTokens](
            lambda texts: cache.encode(encoder.fingerprint, "tokens", texts, encoder.encode_tokens), most_bytes
        )
        self._whole = _LastUsed[Vectors](self._whole_kept, most_bytes)

    def _whole_kept(self, texts: Sequence[str]) -> list[Vectors]:
        def compute(lacking: Sequence[str]) -> list[EncodedTokens]:
            # A row that is cut out of the array of all would keep that array.
            rows = [row.copy() for row in self.encoder.encode_passages(lacking)]
            return [EncodedTokens(row, np.zeros((0, len(row)), np.float32), ()) for row in rows]

        return [one.vector for one in self._cache.encode(self.encoder.fingerprint, "whole", texts, compute)]

    def close(self) -> None:
        """Close the cache on the disk; what is in memory goes with the index that holds it."""
        self._cache.close()

    def with_tokens(self, texts: Sequence[str]) -> list[EncodedTokens]:
        """Return the vectors of sentences and of their tokens; only those that are not kept are computed, in one call.

        Args:
            texts: Sentences in their context.

        Returns:
            One record a text, in order.
        """
        return self._tokens.of(texts)

    def whole(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of whole texts; only those that are not kept are computed, in one call.

        Args:
            texts: Sentences or titles; at least one.

        Returns:
            An array of shape ``(len(texts), dimension)``, of unit length.
        """
        return np.stack(self._whole.of(texts))


def vectors_of(index: Index) -> SentenceVectors:
    """Return the vectors of sentences under the encoder of an index, which are kept as long as it is open.

    Args:
        index: The index.

    Returns:
        What is kept; all threads share it.
    """
    held = index.held.get(_HELD)
    if not isinstance(held, SentenceVectors) or held.encoder is not index.encoder:
        # Where two threads begin at once one begins again: nothing but time is lost.
        held = index.held[_HELD] = SentenceVectors(index.encoder, SentenceCache(index.settings.home / SENTENCES_FILE))
    return held


def _size(value: Vectors | EncodedTokens) -> int:
    return int(value.vector.nbytes + value.tokens.nbytes if isinstance(value, EncodedTokens) else value.nbytes)
