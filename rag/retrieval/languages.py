"""In which languages a question and its passages are, and what the encoder makes of them.

Owns: telling both, and on which scale a similarity between the two is read. Knows nothing about how a confidence is
computed, or how a notice is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.languages.identify import WORDS_OF_ENGLISH_ALONE, identify
from rag.languages.parallel import REFERENCE, Measured
from rag.scoring.file import shipped_scoring
from rag.store.index import Index
from rag.store.reading import ENGLISH
from rag.types import Evidence, Passage

_WORD = re.compile(r"[^\W\d_]+")
# Languages that have words of their own for what rules on English words look for.
_WITH_RULES = ("", "de", ENGLISH)


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of a search.

    Attributes:
        question: That of the question; "" where it does not tell.
        passages: That of the best evidence, or of the best passage; "" where it does not tell.
        question_read: Whether the encoder reads the one; None where that is not known.
        passages_read: Whether it reads the other.
    """

    question: str
    passages: str
    question_read: bool | None
    passages_read: bool | None

    @property
    def read(self) -> bool:
        """Whether nothing is known to be read badly."""
        return self.question_read is not False and self.passages_read is not False

    @property
    def words_alone(self) -> bool:
        """Whether similarities mean nothing: the question is not read, or does not tell and the passages are not."""
        return self.question_read is False or (not self.question and self.passages_read is False)

    @property
    def has_rules(self) -> bool:
        """Whether rules on English and German words say anything of the question."""
        return self.question in _WITH_RULES


@dataclass(frozen=True, slots=True)
class Scales:
    """How similarities are read: as they are, or as those of the default encoder.

    Attributes:
        own: What was measured of the encoder in the languages of the search; None: similarities are taken as they are.
        fitted: The same of the default encoder, in English.
    """

    own: Measured | None = None
    fitted: Measured = REFERENCE

    def similarity(self, value: float) -> float:
        """Return a similarity of texts as the coefficients take it."""
        return self.own.similarity.onto(self.fitted.similarity, value) if self.own else value

    def nearness(self, value: float) -> float:
        """Return how near words come as the coefficients take it."""
        return self.own.nearness.onto(self.fitted.nearness, value) if self.own else value


AS_THEY_ARE = Scales()
"""Similarities are taken as they are."""
IN_ENGLISH = Languages(ENGLISH, ENGLISH, True, True)
"""The languages of a search that is in English, by an encoder that reads it."""


def languages_of_search(
    index: Index, question: str, passages: Sequence[Passage], evidence: Sequence[Evidence] = ()
) -> Languages:
    """Tell in which languages a question and what bears on it are, and whether the index's encoder reads them.

    Args:
        index: The index that was searched.
        question: The question.
        passages: What was found, best first; further down it may be in any language.
        evidence: The sentences of them that bear on the question, best first.

    Returns:
        The languages.
    """
    asked, found = identify(question) or _english_around_names(question), _language_of_best(passages, evidence)
    return Languages(asked, found, index.reads(asked), index.reads(found))


def scales_of(index: Index, languages: Languages) -> Scales:
    """Tell how the similarities of a search are read.

    Args:
        index: The index that was searched; what is not measured of its encoder yet is measured.
        languages: The languages of the search.

    Returns:
        The scales; similarities are taken as they are where the encoder is the default one and all is in English, and
        where the encoder does not read one of the two. Those of any other encoder are put on the scale of the default
        one, also where a scoring file was fitted with it: so each number of a file means the same whatever the encoder.
    """
    question = languages.question or languages.passages or ENGLISH
    pair = question, languages.passages or question
    if not languages.read or (_is_of_default(index) and index.scoring_is_fitted and pair == (ENGLISH, ENGLISH)):
        return AS_THEY_ARE
    own = index.reading.measure(*pair, index.catalog) or index.reading.measure(ENGLISH, ENGLISH, index.catalog)
    within = index.reading.measure(pair[1], pair[1], index.catalog)
    if own and within and pair[0] != pair[1]:
        own = own.between(within)
    return Scales(own) if own else AS_THEY_ARE


def are_on_scale(index: Index) -> bool:
    """Tell whether the similarities of an index's encoder are put on the scale that the shipped scoring was fitted on.

    Args:
        index: The index; its encoder is measured in English where it was not yet.

    Returns:
        Whether they are; not where the encoder cannot be measured, or tells little apart in English.
    """
    own = index.reading.measure(ENGLISH, ENGLISH, index.catalog) if _is_of_default(index) else None
    return own is not None and own.stands_clear


def _is_of_default(index: Index) -> bool:
    """Tell whether an index is scored by numbers of the default encoder."""
    return index.scoring.encoder.fingerprint == shipped_scoring().encoder.fingerprint


def _english_around_names(question: str) -> str:
    """Return English for a question that has small words of English alone beside names that leave it open, else ""."""
    return ENGLISH if not WORDS_OF_ENGLISH_ALONE.isdisjoint(_WORD.findall(question.lower())) else ""


def _language_of_best(passages: Sequence[Passage], evidence: Sequence[Evidence]) -> str:
    """Return the language of the best sentence, or of the passage around it; without one, of the best passage."""
    if not evidence:
        return identify(passages[0].text) if passages else ""
    best = evidence[0].span
    around = (
        one.text
        for one in passages
        if one.source_id == best.source_id and one.start <= best.start and best.end <= one.end
    )
    return identify(best.quote) or identify(next(around, ""))
