"""The short answer that a weak model proposes, held against the evidence: the model proposes, the rules dispose. Pure.

Owns: when a proposed phrase is shown. Knows nothing about prompts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.answering.short_answers.asked import Asked, read_asked
from rag.answering.short_answers.choice import Candidate, candidates, is_named
from rag.answering.short_answers.evidence_answer import NO_PHRASE
from rag.answering.short_answers.features import ProposalFeatures, phrase_features, probability, read_words
from rag.answering.short_answers.phrases import MOST_WORDS, Phrase, find_phrases
from rag.answering.short_answers.proposal import Proposal, find_proposal
from rag.answering.short_answers.types import ShortAnswer, cut
from rag.question.reading import Question
from rag.scoring.values import ShortAnswers
from rag.text import STOPWORDS, terms
from rag.types import Evidence

# Types whose answers have a form that is told for certain: a date, an amount.
_FORMED = ("date", "year", "time", "duration", "money", "percentage", "number")


def proposed_answer(
    question: Question,
    asked: str,
    draft: str,
    given: Sequence[Evidence],
    confidence: float,
    limits: ShortAnswers,
) -> ShortAnswer | None:
    """Take the phrase that a weak model proposes as the short answer, if it stands in the evidence and is likely right.

    Args:
        question: The question as it was read.
        asked: Its words as they were searched for.
        draft: What the model wrote.
        given: The sentences that it was given, best first.
        confidence: How likely the passages hold the answer, 0…1.
        limits: What the features weigh, and how likely the phrase must be.

    Returns:
        The phrase with the slice that it is; None where it is not sure enough.
    """
    if question.kind in NO_PHRASE or question.kind == "yes-no":
        return None
    described = describe_proposal(read_asked(asked, question.answer_type), draft, given, confidence, limits)
    if described is None:
        return None
    item, phrase, features = described
    if probability(features, limits.proposal) < limits.proposal_least:
        return None
    return ShortAnswer(item.span.quote[phrase.start : phrase.end], cut(item.span, phrase.start, phrase.end))


def describe_proposal(
    asked: Asked, draft: str, given: Sequence[Evidence], confidence: float, limits: ShortAnswers
) -> tuple[Evidence, Phrase, ProposalFeatures] | None:
    """Describe the phrase that a model proposes.

    Args:
        asked: The question.
        draft: What the model wrote.
        given: The sentences that it was given, best first.
        confidence: How likely the passages hold the answer.
        limits: What the features of the phrases of the evidence weigh.

    Returns:
        The sentence, the phrase in it and its features; None where the draft stands in no sentence, is longer than
        twelve words, or only repeats the question.
    """
    proposal = find_proposal(draft, asked, given)
    if proposal is None:
        return None
    item = proposal.item
    phrase = _of_form(asked, proposal)
    text = item.span.quote[phrase.start : phrase.end]
    if len(text.split()) > MOST_WORDS or is_named(asked, item.span.quote, phrase):
        return None
    words = read_words(item.span.quote, asked)
    found = list(candidates(asked, given, confidence, limits.phrase))
    same = [one for one in found if one.item is item and _overlap(one.phrase, phrase)]
    others = [one for one in found if one not in same and one.text != text]
    stems = [stem for stem in terms(text) if stem not in STOPWORDS]
    formed = asked.answer_type in _FORMED
    as_phrase = phrase_features(asked, words, phrase, 1, proposal.rank, given[0].score - item.score, confidence)
    features = ProposalFeatures(
        near=as_phrase.near,
        distance=as_phrase.distance,
        rank=as_phrase.rank,
        behind=as_phrase.behind,
        length=as_phrase.length,
        whole=math.exp(as_phrase.length) / max(1, len(words.words)),
        repeated=sum(stem in asked.stems for stem in stems) / max(1, len(stems)),
        formed=float(formed and bool(same)),
        misformed=float(formed and not same),
        agreed=_most(same),
        rival=_most(others),
        confidence=confidence,
    )
    return item, phrase, features


def _of_form(asked: Asked, proposal: Proposal) -> Phrase:
    """Return the proposed phrase, cut to the one date or amount in it where such is asked for."""
    if asked.answer_type is None or asked.answer_type not in _FORMED:
        return proposal.phrase
    found = find_phrases(proposal.item.span.quote, asked.answer_type, asked.focus)
    inside = [phrase for phrase in found if _overlap(phrase, proposal.phrase)]
    return inside[0] if len(inside) == 1 else proposal.phrase


def _overlap(one: Phrase, other: Phrase) -> bool:
    return one.start < other.end and other.start < one.end


def _most(found: Sequence[Candidate]) -> float:
    return max((one.probability for one in found), default=0.0)
