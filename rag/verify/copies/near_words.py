"""Words that mean much the same where they stand: "requires" for "needs". Pure.

Owns: which word of a line a word of a sentence stands for, by the vectors that an embedding model gives to both words
in their sentences. Knows nothing about models, or about what else the two say.

A number, a name, a negation, a modal, a quantifier or a word with an opposite in the line stands for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from rag.verify.copies.units import Row, Unit, units_of
from rag.verify.parse.lexicon import OPPOSITES
from rag.verify.parse.parsed_text import ParsedText, stem_of

Vectors = npt.NDArray[np.float32]

# Cap on the sentences and lines whose vectors are kept, and on the characters of one.
_MAX_KEPT, _MAX_CHARACTERS = 512, 2_000
# A sentence has at least this many words for each that the source lacks, and at most so many of these.
_WORDS_FOR_EACH, _MAX_WORDS = 3, 2
# Prefixes that deny what follows.
_DENYING = ("un", "in", "im", "ir", "il", "dis", "non", "mis", "anti", "de", "over", "under", "re")
_LEAST_LETTERS = 3
_OPPOSITES = tuple(tuple(frozenset(map(stem_of, words.split())) for words in pair) for pair in OPPOSITES)


class EncodedWords(Protocol):
    """A text as vectors of its tokens, of unit length.

    Attributes:
        tokens: The vectors, of shape ``(n, dimension)``.
        spans: The half-open span of each token in the text, in characters.
    """

    @property
    def tokens(self) -> Vectors: ...

    @property
    def spans(self) -> Sequence[tuple[int, int]]: ...


EncodeWords = Callable[[Sequence[str]], Sequence[EncodedWords]]
"""Returns a record for each text."""


class NearWords:
    """Finds which word of a line a word of a sentence stands for.

    Args:
        encode: Gives the vectors of the tokens of texts; it is asked about sentences that are near-copies but for a
            word or two, and once for each text.
        least: The least cosine, 0…1, of the vectors of two words that mean the same where they stand.
    """

    def __init__(self, encode: EncodeWords, least: float) -> None:
        self._encode, self._least = encode, least
        self._words = lru_cache(maxsize=_MAX_KEPT)(self._vectors)

    def in_line(self, claim: ParsedText, line: ParsedText) -> Mapping[str, str]:
        """Find the words of a sentence that a line lacks and has other words for.

        Args:
            claim: The sentence.
            line: The line.

        Returns:
            The stem of each such word with the stem of the word of the line; none where the line lacks more words than
            a near-copy may change.
        """
        row, other = units_of(claim), units_of(line)
        lacking = [unit for unit in row.units if _may_differ(unit, claim) and unit.stem not in line.stems]
        if not lacking or len(lacking) > min(_MAX_WORDS, len(row.units) // _WORDS_FOR_EACH):
            return {}
        candidates = [unit for unit in other.units if _may_differ(unit, line) and unit.stem not in claim.stems]
        pairs = [(own, one) for own in lacking for one in candidates if not _is_contrary(own, one)]
        if not pairs or max(len(claim.text), len(line.text)) > _MAX_CHARACTERS:
            return {}
        ours, theirs = self._words(claim), self._words(line)
        scored = [
            (float(ours[own.start] @ theirs[one.start]), own.stem, one.stem)
            for own, one in pairs
            if own.start in ours and one.start in theirs
        ]
        found: dict[str, str] = {}
        for score, own, one in sorted(scored, reverse=True):
            if score >= self._least and own not in found and one not in found.values():
                found[own] = one
        return found

    def _vectors(self, parsed: ParsedText) -> dict[int, Vectors]:
        """Return the vector of each word of a text, by where the word starts."""
        (encoded,) = self._encode([parsed.text])
        vectors: dict[int, Vectors] = {}
        for token in parsed.tokens:
            at = [i for i, (start, end) in enumerate(encoded.spans) if start < token.end and end > token.start]
            at = [i for i in at if i < len(encoded.tokens)]
            if at:
                mean = encoded.tokens[at].mean(axis=0)
                vectors[token.start] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return vectors


def _may_differ(unit: Unit, text: ParsedText) -> bool:
    """Return whether a unit is a plain word: no number, no name and nothing with a mark in it."""
    is_name = unit.is_upper and (unit.start > 0 or any(name.casefold() == unit.word for name in text.names))
    return unit.value is None and unit.word.isalpha() and len(unit.word) >= _LEAST_LETTERS and not is_name


def _is_contrary(unit: Unit, other: Unit) -> bool:
    """Return whether two words are opposites, or one denies the other: "known" and "unknown"."""
    for left, right in _OPPOSITES:
        if (unit.stem in left and other.stem in right) or (unit.stem in right and other.stem in left):
            return True
    long, short = sorted((unit.stem, other.stem), key=len, reverse=True)
    return any(long == prefix + short for prefix in _DENYING)
