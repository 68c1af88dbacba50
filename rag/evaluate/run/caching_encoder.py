"""An embedding model that embeds no text twice in a run.

Owns: what is kept in memory of the last sentences. Vectors of passages are kept in ``rag.store.vector_cache``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from rag.models.encoder import EncodedTokens, Encoder, Vectors
from rag.store.vector_cache import VectorCache

# Sentences whose token vectors are kept in memory: about a hundred megabytes.
_MOST_SENTENCES = 2500


class CachingEncoder:
    """An encoder in front of another, for many questions in a row that retrieve the same passages.

    Token vectors of the last sentences and vectors of questions are kept in memory, vectors of passages in the cache
    beside the indexes.

    Args:
        encoder: The encoder that is asked for what is not kept.
        cache: The vectors of passages that are kept beside the indexes.
    """

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self._encoder, self._cache = encoder, cache
        self._questions: dict[str, Vectors] = {}
        # The least recently used first.
        self._tokens: OrderedDict[tuple[str, bool], EncodedTokens] = OrderedDict()
        self.name, self.fingerprint, self.max_tokens = encoder.name, encoder.fingerprint, encoder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text."""
        return self._encoder.count_tokens(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector for each passage: an array texts × dimensions."""
        return self._cache.encode(self._encoder, texts)

    def encode_question(self, text: str) -> Vectors:
        """Return the vector of a question."""
        if text not in self._questions:
            self._questions[text] = self._encoder.encode_question(text)
        return self._questions[text]

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        """Return the token vectors of each text.

        Args:
            texts: Sentences of passages, or questions.
            question: Whether they are questions.

        Returns:
            One for each text, in order.
        """
        encoded = {text: self._tokens[text, question] for text in texts if (text, question) in self._tokens}
        missing = [text for text in dict.fromkeys(texts) if text not in encoded]
        if missing:
            encoded.update(zip(missing, self._encoder.encode_tokens(missing, question), strict=True))
        for text, tokens in encoded.items():
            self._tokens[text, question] = tokens
            self._tokens.move_to_end((text, question))
        while len(self._tokens) > _MOST_SENTENCES:
            self._tokens.popitem(last=False)
        return [encoded[text] for text in texts]
