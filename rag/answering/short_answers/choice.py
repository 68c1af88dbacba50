"""The one phrase that is sure enough to answer a question. Pure.

Owns: which phrases are compared, and what is shown of the best. Knows nothing about models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answering.short_answers.asked import WORD, Asked
from rag.answering.short_answers.belonging import of_what_is_named
from rag.answering.short_answers.counted import of_what_is_counted
from rag.answering.short_answers.features import PhraseFeatures, phrase_features, probability, read_words
from rag.answering.short_answers.kind_check import fits_kind
from rag.answering.short_answers.phrases import Phrase, find_phrases, phrases_with
from rag.answering.short_answers.table_answer import cells_of
from rag.scoring.values import PhraseWeights
from rag.text import STOPWORDS, terms
from rag.types import Evidence

_OF = re.compile(r"\bof (?:the )?\Z")
# Sentences whose phrases are compared.
SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that may answer the question: of which sentence, what tells whether it does, and how likely it does."""

    item: Evidence
    phrase: Phrase
    features: PhraseFeatures
    probability: float

    @property
    def text(self) -> str:
        """Its words."""
        return self.item.span.quote[self.phrase.start : self.phrase.end]


def candidates(
    asked: Asked, evidence: Sequence[Evidence], confidence: float, weights: PhraseWeights
) -> Iterator[Candidate]:
    """Find the phrases of the best sentences that have the form of an answer and that the question does not name.

    Args:
        asked: The question.
        evidence: The sentences, best first.
        confidence: How likely the passages hold the answer.
        weights: What each feature weighs.

    Yields:
        Each phrase with its features and its probability.
    """
    for rank, item in enumerate(evidence[:SENTENCES]):
        text = item.span.quote
        if len(cells_of(item.span)) > 1:
            # A row's cells are told apart by their columns.
            continue
        found = [
            phrase
            for phrase in _phrases(text, asked)
            if not is_named(asked, text, phrase) and fits_kind(asked, text, phrase)
        ]
        with_focus = [p for p in found if p.form == "amount" and _has_stem(text, p, asked.focus_stem)]
        found = of_what_is_counted(asked, text, with_focus or found)
        words = read_words(text, asked)
        for phrase in of_what_is_named(asked, text, found):
            features = phrase_features(
                asked, words, phrase, len(found), rank, evidence[0].score - item.score, confidence
            )
            yield Candidate(item, phrase, features, probability(features, weights))


def _phrases(text: str, asked: Asked) -> list[Phrase]:
    """Return the phrases that have the form of the answer, and those that name the noun that is asked for."""
    typed = find_phrases(text, asked.answer_type, asked.focus) if asked.answer_type else []
    if asked.focus_stem and asked.answer_type in (None, "name", "person", "place"):
        nouns = phrases_with(text, asked.focus_stem)
        if any(text[noun.end - 1].isdigit() for noun in nouns):
            # "Which room?" asks for its number.
            return nouns
        outside = [p for p in typed if not any(n.start < p.end and p.start < n.end for n in nouns)]
        typed = sorted([*outside, *nouns], key=lambda phrase: phrase.start)
    return typed


def is_named(asked: Asked, text: str, phrase: Phrase) -> bool:
    """Tell whether the question names a phrase already: all its content words are the question's.

    Args:
        asked: The question.
        text: The sentence.
        phrase: The phrase of it.

    Returns:
        True where nothing is new in it, as in one of function words alone.
    """
    stems = {stem for stem in terms(text[phrase.start : phrase.end]) if stem not in STOPWORDS}
    return stems <= asked.stems | {asked.focus_stem} or _is_owner(asked, text, phrase)


def _is_owner(asked: Asked, text: str, phrase: Phrase) -> bool:
    """Tell whether a name is that of whose person is asked for: "the head of Lund Mills" to "the head of Lund"."""
    before = _OF.search(text, 0, phrase.start) if asked.answer_type == "person" else None
    first = WORD.search(text, phrase.start, phrase.end)
    if not (before and first and first.group()[0].isupper()):
        return False
    return re.search(rf"\bof (?:the )?{re.escape(first.group())}\b", asked.text) is not None


def _has_stem(text: str, phrase: Phrase, stem: str) -> bool:
    return bool(stem) and stem in terms(text[phrase.start : phrase.end])
