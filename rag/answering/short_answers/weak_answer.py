"""The short answer that a weak model proposes, held against the evidence: the model proposes, the rules dispose. Pure.

Owns: when a proposed phrase is shown. Knows nothing about prompts.
"""

from __future__ import annotations

import math

from rag.answering.short_answers.asked import Asked, read_asked
from rag.answering.short_answers.choice import is_named
from rag.answering.short_answers.evidence_answer import NO_PHRASE, best_candidate, lacks_cell, stated_answer
from rag.answering.short_answers.features import ProposalFeatures, probability
from rag.answering.short_answers.kind_check import fits_kind
from rag.answering.short_answers.phrases import MOST_WORDS, Phrase, find_phrases
from rag.answering.short_answers.proposal import Proposal, find_proposal
from rag.answering.short_answers.types import Basis, Draft, ShortAnswer, cut
from rag.answering.short_answers.whole import whole_answer
from rag.scoring.values import ShortAnswers
from rag.text import STOPWORDS, terms
from rag.types import Evidence, Span

GIVEN = 3
"""Sentences that a weak model is given: more confuses it and takes longer."""

# A phrase of this share of its sentence's words is the sentence.
_WHOLE = 0.8
# Where the engine does not tell how likely it held its words, they are taken for ones of middling likelihood.
_UNKNOWN_LOGPROB = -1.0
# Looked at on 39 questions of SQuAD 2.0, articles for fitting, with the default model, 23 of them answerable: where the
# rules hold the same phrase likeliest, 7 of 7 drafts are right, down to a probability of 0.42; of the others, one held
# for less likely than this on average, by the logarithm, was wrong however probable.
_LEAST_AGREED, _LEAST_LOGPROB = 0.4, -0.3
# Types whose answers have a form that is told for certain: a date, an amount.
_FORMED = ("date", "year", "time", "duration", "money", "percentage", "number")


def as_given(span: Span) -> str:
    """Return a sentence as a weak model is given it: with its title, and a row with the names of its columns."""
    return " ".join(": ".join(filter(None, (span.title, span.header, span.quote))).split())


def proposed_answer(basis: Basis, draft: Draft, limits: ShortAnswers) -> ShortAnswer | None:
    """Take the phrase that a weak model proposes as the short answer, if it stands in the evidence and is likely right.

    Args:
        basis: The question and what its answer may rest on; the model was given the first three sentences.
        draft: What the model wrote.
        limits: What the features weigh, and how likely the phrase must be.

    Returns:
        The phrase with the slice that it is; None where it is not sure enough, where the evidence states plainly what
        is asked, which needs no model, and where the question is read by the table of another language.
    """
    if not basis.evidence or basis.question.kind in (*NO_PHRASE, "yes-no"):
        return None
    if stated_answer(basis) or lacks_cell(basis):
        return None
    if basis.question.written_in:
        # The features were fitted to English; what the evidence states in other languages is cut out without a model.
        return None
    described = describe_proposal(basis, draft)
    if described is None:
        return None
    item, phrase, features = described
    is_agreed = _is_agreed(basis, item, phrase, limits)
    least = limits.proposal_least_tentative if basis.tentative else limits.proposal_least
    if is_agreed and not basis.tentative:
        least = min(least, _LEAST_AGREED)
    if probability(features, limits.proposal) < least or (not is_agreed and _is_unsure(draft)):
        return None
    proposed = ShortAnswer(item.span.quote[phrase.start : phrase.end], cut(item.span, phrase.start, phrase.end))
    return basis.restored(whole_answer(proposed, basis))


def _is_agreed(basis: Basis, item: Evidence, phrase: Phrase, limits: ShortAnswers) -> bool:
    """Tell whether the rules, which know nothing of the model, hold the same phrase of the same sentence likeliest."""
    best = best_candidate(read_asked(basis.question, basis.asked), basis.evidence, basis.confidence, limits)
    return (
        best is not None
        and best.item.span == item.span
        and best.phrase.start < phrase.end
        and phrase.start < best.phrase.end
    )


def _is_unsure(draft: Draft) -> bool:
    """Tell whether a model held its words for unlikely, all of them and not the first alone."""
    return bool(draft.logprobs) and sum(draft.logprobs) / len(draft.logprobs) < _LEAST_LOGPROB


def describe_proposal(basis: Basis, draft: Draft) -> tuple[Evidence, Phrase, ProposalFeatures] | None:
    """Describe the phrase that a model proposes.

    Args:
        basis: The question and what its answer may rest on; the model was given the first three sentences.
        draft: What the model wrote.

    Returns:
        The sentence, the phrase in it and its features; None where the draft stands in no sentence, is not of the kind
        that is asked for, is a whole sentence, is longer than twelve words, or only repeats the question.
    """
    asked = read_asked(basis.question, basis.asked)
    given = basis.evidence[:GIVEN]
    proposal = find_proposal(draft.text, asked, given)
    if proposal is None:
        return None
    text = proposal.item.span.quote
    phrase = _of_form(asked, proposal)
    if phrase is None or is_named(asked, text, phrase) or not fits_kind(asked, text, phrase):
        return None
    shown = text[phrase.start : phrase.end]
    count = len(shown.split())
    if count > MOST_WORDS or (count > 1 and count >= _WHOLE * len(text.split())):
        return None
    stems = [stem for stem in terms(shown) if stem not in STOPWORDS]
    repeated = sum(stem in asked.stems for stem in stems) / max(1, len(stems))
    likelihood = draft.logprobs[0] if draft.logprobs else _UNKNOWN_LOGPROB
    features = ProposalFeatures(
        math.log1p(proposal.rank), repeated, proposal.item.coverage, likelihood, basis.confidence
    )
    return proposal.item, phrase, features


def _of_form(asked: Asked, proposal: Proposal) -> Phrase | None:
    """Return the proposed phrase; where a date or an amount is asked for, the one in it, and None without one."""
    if asked.answer_type is None or asked.answer_type not in _FORMED:
        return proposal.phrase
    found = find_phrases(proposal.item.span.quote, asked.answer_type, asked.focus)
    inside = [one for one in found if one.start < proposal.phrase.end and proposal.phrase.start < one.end]
    if len(inside) == 1:
        return inside[0]
    return proposal.phrase if inside else None
