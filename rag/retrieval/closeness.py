"""How close sentences come to a question by their vectors.

Owns: the cosine similarity of a sentence, how near its tokens come to the question's, and that sentences are encoded
only where that is asked. Knows nothing about what else a sentence is scored by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rag.models.encoder import EncodedTokens, Vectors
from rag.retrieval.sentence_vectors import SentenceVectors
from rag.text import IN_WORD, STOPWORDS, without_function_words
from rag.types import Span

# A word of the question.
_WORD = re.compile(rf"\w[{IN_WORD}]*")


@dataclass(frozen=True, slots=True)
class Standing:
    """A sentence and those of its document that it is read with.

    Attributes:
        span: The sentence.
        antecedent: Where the sentence before it starts in the document, if it leans on that one; else None.
        record: Where the line starts that says of whom this one tells; None for none.
    """

    span: Span
    antecedent: int | None = None
    record: int | None = None


class Closeness:
    """How close some sentences come to a question. A number stands for a sentence: its place among them."""

    def __init__(self, question: EncodedTokens, sentences: Sequence[Standing], vectors: SentenceVectors) -> None:
        """Begin with no sentence encoded.

        Args:
            question: The question, encoded.
            sentences: The sentences.
            vectors: Encodes them, and knows those of earlier questions.
        """
        self._question, self._sentences, self._vectors = question, sentences, vectors
        self._numbers = {(one.span.source, one.span.start): number for number, one in enumerate(sentences)}
        self._encoded: dict[int, EncodedTokens] = {}
        # Those that were asked for, without those that they are read with.
        self._asked: set[int] = set()
        # Of each token of the question the cosine similarity of the nearest one in the sentence.
        self._nearest: dict[int, Vectors] = {}

    @property
    def encoded(self) -> list[int]:
        """The sentences that are encoded by now, with those that they are read with."""
        return sorted(self._asked)

    def encode(self, numbers: Iterable[int]) -> None:
        """Encode sentences and those that they are read with, in one call; nothing for those that are encoded.

        Args:
            numbers: The sentences.
        """
        asked = list(numbers)
        self._asked.update(asked)
        wanted = dict.fromkeys(each for number in asked for each in (number, *self._read_with(number)))
        lacking = [number for number in wanted if number not in self._encoded]
        found = self._vectors.with_tokens([_in_context(self._sentences[number].span) for number in lacking])
        for number, encoded in zip(lacking, found, strict=True):
            self._encoded[number] = encoded
            self._nearest[number] = (self._question.tokens @ encoded.tokens.T).max(axis=1, initial=0.0)

    def similarity(self, number: int) -> float:
        """Return the cosine similarity, -1…1, of an encoded sentence, with its title, and the question."""
        return float(self._encoded[number].vector @ self._question.vector)

    def nearness(self, number: int) -> float:
        """Return how near the tokens of an encoded sentence come to the question's.

        It is the mean, over the question's tokens, of the cosine similarity of the nearest one. A sentence that leans
        on the one before it is half as near as both together: "She has worked in Cork" is about the person that the
        other one names. A line of a record is as near as it is with the line that says of whom it tells.
        """
        if not len(self._question.tokens):
            return 0.0
        own = self._nearest[number]
        together = np.maximum.reduce([own, *(self._nearest[other] for other in self._read_with(number))])
        if self._sentences[number].record is not None:
            return float(together.mean())
        return float(own.mean() + together.mean()) / 2

    def word_nearness(self, number: int, question: str) -> float:
        """Return how near the content words of the question are, on average, to the tokens of an encoded sentence.

        A word is as near as its tokens, on average, are to the sentence's nearest ones: late interaction, as in Khattab
        and Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over BERT"
        (2020).

        Args:
            number: The sentence; one of a record is read with the line that says of whom it tells.
            question: The words of the question.

        Returns:
            The mean, -1…1; 0 for a question without a token.
        """
        offsets = self._question.spans
        # For each content word of the question, the numbers of its tokens; all tokens are one word where there is none.
        token_groups = [
            [i for i, (start, end) in enumerate(offsets) if match.start() <= start and end <= match.end()]
            for match in _WORD.finditer(without_function_words(question))
            if match.group().lower() not in STOPWORDS
        ]
        token_groups = [group for group in token_groups if group] or [list(range(len(offsets)))]
        if not token_groups[0]:
            return 0.0
        nearest = self._nearest[number]
        if self._sentences[number].record is not None:
            nearest = np.maximum.reduce([nearest, *(self._nearest[other] for other in self._read_with(number))])
        return float(np.mean([nearest[group].mean() for group in token_groups]))

    def nearness_of(self, number: int, places: Sequence[tuple[int, int]]) -> float:
        """Return how near some words of the question are, on average, to an encoded sentence without its title.

        Args:
            number: The sentence; one of a record is read with the line that says of whom it tells.
            places: Where the words stand in the question.

        Returns:
            The mean, -1…1; 1 where none of them has a token.
        """
        read = [number] if self._sentences[number].record is None else [number, *self._read_with(number)]
        nearest = np.maximum.reduce([self._nearest_behind_title(each) for each in read])
        groups = [
            [i for i, (left, right) in enumerate(self._question.spans) if start <= left < right <= end]
            for start, end in places
        ]
        near = [nearest[group].mean() for group in groups if group]
        return float(np.mean(near)) if near else 1.0

    def _nearest_behind_title(self, number: int) -> Vectors:
        encoded, title = self._encoded[number], self._sentences[number].span.title
        behind = [i for i, (start, _) in enumerate(encoded.spans) if start >= len(title)]
        found: Vectors = (self._question.tokens @ encoded.tokens[behind].T).max(axis=1, initial=0.0)
        return found

    def _read_with(self, number: int) -> list[int]:
        """Return the other sentence that one is read with, where it is among these."""
        one = self._sentences[number]
        start = one.antecedent if one.record is None else one.record
        other = None if start is None else self._numbers.get((one.span.source, start))
        return [] if other is None else [other]


def _in_context(span: Span) -> str:
    """Return what is encoded of a sentence: the title, the names of a table's columns, and its words."""
    return "\n".join(filter(None, (span.title, span.header, span.quote)))
