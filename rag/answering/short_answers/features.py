"""What tells whether a phrase answers a question: where it stands among the question's own words. Pure.

Owns: the features of a phrase. Knows nothing about what they weigh.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields

from rag.answering.short_answers.asked import WORD, Asked
from rag.answering.short_answers.phrases import Phrase
from rag.answering.short_answers.words import PLACE_PREPOSITIONS, TIME_PREPOSITIONS
from rag.scoring.values import PhraseWeights, ProposalWeights
from rag.text import terms

# "The guard's sister" says nothing of the guard.
_POSSESSIVE = re.compile(r"['’]s$|s['’]$")
_BREAK = re.compile(r"[,;:()—–]")
# Words around a phrase in which the question's words are counted.
_WINDOW = 8


@dataclass(frozen=True, slots=True)
class PhraseFeatures:
    """What the probability that a phrase answers a question is made of.

    Attributes:
        near: The share of the question's content words that stand within eight words of it.
        distance: The logarithm of one more than the words to the nearest of them.
        breaks: The logarithm of one more than the commas and such between the two.
        behind: How far the sentence scores below the best one.
        rank: The logarithm of the sentence's place, from 1.
        rivals: The logarithm of the number of phrases of the same form in the sentence.
        preposition: Whether a preposition before it fits: "in 1911", "at Deabolis".
        focus: Whether the noun that the question asks for stands in it or right beside it.
        agent: Whether "by" stands before it, or the question's words behind it, where the question asks who did it; and
            before it, where it asks whom or what.
        length: The logarithm of its number of words.
        confidence: How likely the passages hold the answer.
    """

    near: float
    distance: float
    breaks: float
    behind: float
    rank: float
    rivals: float
    preposition: float
    focus: float
    agent: float
    length: float
    confidence: float


@dataclass(frozen=True, slots=True)
class ProposalFeatures:
    """What the probability that a model's phrase answers a question is made of.

    Attributes:
        rank: As ``PhraseFeatures.rank``.
        repeated: The share of its content words that the question has.
        coverage: The share of the question's terms that are in the sentence.
        likelihood: The logarithm of how likely the model held the first piece of what it wrote.
        confidence: How likely the passages hold the answer.
    """

    rank: float
    repeated: float
    coverage: float
    likelihood: float
    confidence: float


def probability(features: PhraseFeatures | ProposalFeatures, weights: PhraseWeights | ProposalWeights) -> float:
    """Return how likely a phrase answers the question: a logistic model.

    Args:
        features: What is known of the phrase.
        weights: Its coefficients: one for each feature, and an intercept.

    Returns:
        The probability, 0…1.
    """
    z = weights.intercept + sum(
        getattr(weights, field.name) * getattr(features, field.name) for field in fields(features)
    )
    return 1 / (1 + math.exp(-z))


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """The words of a sentence with their stems and places, and which of them the question has."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    words: tuple[str, ...]
    stems: tuple[str, ...]
    asked: tuple[int, ...]


def read_words(text: str, asked: Asked) -> SentenceWords:
    """Read the words of a sentence, beside a question.

    Args:
        text: The sentence.
        asked: The question.

    Returns:
        Its words.
    """
    matches = list(WORD.finditer(text))
    stems = tuple("".join(terms(match.group())[:1]) for match in matches)
    return SentenceWords(
        text,
        tuple(match.start() for match in matches),
        tuple(match.end() for match in matches),
        tuple(match.group().lower() for match in matches),
        stems,
        tuple(
            i
            for i, stem in enumerate(stems)
            if stem in asked.stems and not (stem == asked.role and _POSSESSIVE.search(matches[i].group()))
        ),
    )


def phrase_features(
    asked: Asked,
    sentence: SentenceWords,
    phrase: Phrase,
    rivals: int,
    rank: int,
    behind: float,
    confidence: float,
) -> PhraseFeatures:
    """Describe a phrase of a sentence.

    Args:
        asked: The question.
        sentence: The sentence.
        phrase: The phrase.
        rivals: How many phrases of the same form the sentence has.
        rank: The place of the sentence among the evidence, from 0.
        behind: How far it scores below the best one.
        confidence: How likely the passages hold the answer.

    Returns:
        The features.
    """
    first = max(0, bisect_right(sentence.starts, phrase.start) - 1)
    last = max(first, bisect_right(sentence.starts, phrase.end - 1) - 1)
    outside = [i for i in sentence.asked if not first <= i <= last]
    gaps = {i: (first - i if i < first else i - last) for i in outside}
    wanted = max(1, len(asked.stems))
    nearest = min(gaps, key=lambda i: (gaps[i], i), default=None)
    distance = gaps[nearest] if nearest is not None else 30
    between = ""
    if nearest is not None:
        between = (
            sentence.text[sentence.ends[nearest] : phrase.start]
            if nearest < first
            else sentence.text[phrase.end : sentence.starts[nearest]]
        )
    near = {sentence.stems[i] for i, gap in gaps.items() if gap <= _WINDOW}
    before = sentence.words[first - 1] if first else ""
    before2 = sentence.words[first - 2] if first > 1 else ""
    around = {*sentence.stems[max(0, first - 2) : first], *sentence.stems[first : last + 3]}
    return PhraseFeatures(
        near=len(near) / wanted,
        distance=math.log1p(distance),
        breaks=math.log1p(len(_BREAK.findall(between))),
        behind=behind,
        rank=math.log1p(rank),
        rivals=math.log(max(1, rivals)),
        preposition=float(_fits(asked, before, before2)),
        focus=float(bool(asked.focus_stem) and asked.focus_stem in around),
        agent=_agent(asked, before, outside, last),
        length=math.log(last - first + 1),
        confidence=confidence,
    )


def _fits(asked: Asked, before: str, before2: str) -> bool:
    """Tell whether the preposition before a phrase fits what is asked for."""
    if asked.answer_type in ("date", "year", "time"):
        return before in TIME_PREPOSITIONS or (before == "the" and before2 in TIME_PREPOSITIONS)
    if asked.answer_type == "place":
        return before in PLACE_PREPOSITIONS or (before == "the" and before2 in PLACE_PREPOSITIONS)
    return False


def _agent(asked: Asked, before: str, outside: Sequence[int], last: int) -> float:
    """Return 1 where a phrase stands where the one who acts, or is acted on, stands; else -1, or between the two."""
    if asked.answer_type not in ("person", "name", "place"):
        return 0.0
    behind = sum(i > last for i in outside)
    ahead = len(outside) - behind
    if asked.subject:
        if before in ("by", "von", "durch"):
            return 1.0
        return (behind - ahead) / max(1, len(outside))
    return (ahead - behind) / max(1, len(outside))
