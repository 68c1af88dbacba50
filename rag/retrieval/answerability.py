"""Do the documents answer the question at all?

Owns: the confidence that the retrieved passages bear on the question, and which threshold counts, below which Footnote
says that the documents do not hold the answer. Its coefficients stand in the scoring file. Knows nothing about how a
language model is asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

from rag.question.denial import denies
from rag.retrieval.attributes import counts_what_is_absent
from rag.retrieval.evidence import RankedEvidence
from rag.retrieval.languages import AS_THEY_ARE, Scales, languages_of_search, scales_of
from rag.retrieval.shared_words import SharedWords, shared_words
from rag.scoring.values import Answerability, WithModel
from rag.store.index import Index
from rag.store.reading import ENGLISH
from rag.types import Band, Evidence, Passage

AskModel = Callable[[str, Sequence[Evidence]], float | None]
"""Given a question and sentences, best first, how likely a language model says that they answer it, 0…1; None where it
cannot tell."""

# Probabilities nearer to 0 or 1 than this are as good as it.
_EDGE = 1e-4
# The key under which a catalog keeps the threshold that `rag calibrate` found for it.
CALIBRATED = "threshold"
# Where words decide alone: the shares of a question's words, by weight, that a passage must hold for an answer and for
# a sure one, and how many of them must be rare for that. Chosen by looking, not fitted.
_SOME_WORDS, _MOST_WORDS = 0.35, 0.6
_RARE_WORDS = 2
# Where the best sentences say nothing as near as this to what is asked of a subject, the log odds are lower by so much:
# as much as by a denial. Chosen on half of SQuAD 2.0's articles, where it doubts one answerable question in fifty.
_NEAR_ENOUGH, _UNSAID = 0.4, 3.0
# Confidences are shown with four digits.
_STEP = 1e-4


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence is computed from.

    Attributes:
        dense: The best cosine similarity of a passage with the question, -1…1.
        sentence_similarity: The cosine similarity of the question with the best sentence without its title.
        title_similarity: The cosine similarity of the question with that title; what only the title has in common with
            the question, a near miss has, too.
        word_nearness: How near the words of the question come to the best sentence; see ``RankedEvidence``.
        top_score_lead: The fused score of the best passage less the mean of the next four's, 0…1.
        absent_names: 1 where a name or a number of the question stands in none of the passages, else 0.
        denial: 1 where the question denies something and the best sentence denies nothing, else 0: what something is
            does not answer what it is not.
    """

    dense: float
    sentence_similarity: float
    title_similarity: float
    word_nearness: float
    top_score_lead: float
    absent_names: float
    denial: float


def threshold_of(index: Index, chosen: float | None = None) -> float:
    """Return the threshold that counts for an index.

    Args:
        index: The index that is asked.
        chosen: The threshold that the user chose; None for none.

    Returns:
        The chosen threshold, or else the one that the index was calibrated to, or else the one of its
        scoring; 0…1.
    """
    if chosen is not None:
        return chosen
    calibrated = index.catalog.get(CALIBRATED)
    return float(calibrated) if calibrated else index.scoring.answerability.threshold


def tentative_of(index: Index, chosen: float | None = None) -> float:
    """Return the confidence below which an answer is a tentative one.

    Args:
        index: The index that is asked.
        chosen: The one that the user chose; None for none.

    Returns:
        The chosen one, or else the one of the index's scoring; 0…1.
    """
    return index.scoring.answerability.tentative if chosen is None else chosen


def band_of(confidence: float, threshold: float, tentative: float) -> Band:
    """Return how a question is answered.

    Args:
        confidence: How likely the passages hold the answer, 0…1.
        threshold: Below it the question is refused.
        tentative: Below it, and not refused, the answer is a tentative one.

    Returns:
        The band; none is tentative where the threshold is not below ``tentative``.
    """
    if confidence < threshold:
        return "refused"
    return "tentative" if confidence < tentative else "sure"


def within_band(confidence: float, band: Band, model: Answerability) -> float:
    """Move a confidence into a band, where something else than its features tells how well the documents answer.

    The user's own thresholds then decide as over any other confidence.

    Args:
        confidence: The confidence of the features, 0…1.
        band: The band that it belongs to by the thresholds of the scoring.
        model: These thresholds.

    Returns:
        The nearest confidence, 0…1, of that band.
    """
    bounds = {"refused": (0.0, model.threshold), "tentative": (model.threshold, model.tentative)}
    low, above = bounds.get(band, (model.tentative, 1 + _STEP))
    return min(max(confidence, low), max(low, above - _STEP))


def features(
    question: str,
    passages: Sequence[Passage],
    ranked: RankedEvidence,
    absent_names: Sequence[str] = (),
    scales: Scales = AS_THEY_ARE,
    with_rules: bool = True,
) -> Features:
    """Compute the features of what was found for a question.

    Args:
        question: The question that was searched for.
        passages: The retrieved passages, best first.
        ranked: The sentences of the best passages, ranked.
        absent_names: Names and numbers of the question that stand in none of the passages.
        scales: How similarities are read.
        with_rules: Whether rules on words say anything of the question; in a language without any they do not.

    Returns:
        The features; all are 0 where nothing was found.
    """
    if not passages or not ranked.sentences:
        return Features(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    fused = [passage.scores["fused"] for passage in passages[:5]]
    others = fused[1:] or [0.0]
    return Features(
        dense=scales.similarity(max(passage.scores["dense"] for passage in passages)),
        sentence_similarity=scales.similarity(ranked.sentence_similarity),
        title_similarity=scales.similarity(ranked.title_similarity),
        word_nearness=scales.nearness(ranked.word_nearness),
        top_score_lead=fused[0] - sum(others) / len(others),
        absent_names=float(with_rules and bool(absent_names)),
        denial=float(with_rules and denies(question) and not denies(ranked.sentences[0].span.quote)),
    )


def confidence_of_search(
    index: Index, question: str, passages: Sequence[Passage], ranked: RankedEvidence, absent_names: Sequence[str] = ()
) -> float:
    """Compute the confidence of what was found for a question, as its language and the index's encoder want it.

    Args:
        index: The index that was searched.
        question: The question that was searched for.
        passages: The retrieved passages, best first.
        ranked: The sentences of the best passages, ranked.
        absent_names: Names and numbers of the question that stand in none of the passages.

    Returns:
        The probability that the passages hold the answer, 0…1. Where the encoder does not read the language of the
        question, its similarities mean nothing, and the words that they share decide alone.
    """
    model = index.scoring.answerability
    languages = languages_of_search(index, question, passages, ranked.sentences)
    if languages.words_alone:
        return confidence_by_words(shared_words(index, question, languages.question, passages), model)
    scales = scales_of(index, languages)
    probability = confidence(features(question, passages, ranked, absent_names, scales, languages.has_rules), model)
    if languages.has_rules and scales.nearness(ranked.attribute_nearness) < _NEAR_ENOUGH:
        probability = 1 / (1 + math.exp(_UNSAID - log_odds(probability)))
    if languages.has_rules and probability >= model.tentative and counts_what_is_absent(question, passages):
        probability = within_band(probability, "tentative", model)
    if languages.question in ("", ENGLISH) or probability >= model.threshold:
        return probability
    # A passage with rare words of a question bears on it, however far each of its sentences is from it.
    shared = shared_words(index, question, languages.question, passages)
    bears = shared.share >= _SOME_WORDS and shared.rare >= _RARE_WORDS
    return within_band(probability, "tentative", model) if bears else probability


def confidence_by_words(shared: SharedWords, model: Answerability) -> float:
    """Compute a confidence from words alone, where nothing is known of what they mean.

    Args:
        shared: The words that the question has in common with what was found.
        model: The thresholds.

    Returns:
        A probability, 0…1: the share of the words, moved into the band that they allow. An answer is sure only where
        rare words match.
    """
    if shared.share >= _MOST_WORDS and shared.rare >= _RARE_WORDS:
        band: Band = "sure"
    elif shared.share >= _SOME_WORDS:
        band = "tentative"
    else:
        band = "refused"
    return within_band(shared.share, band, model)


def confidence(values: Features, model: Answerability) -> float:
    """Compute the probability that the passages hold the answer: a logistic function of the features.

    Args:
        values: The features.
        model: The coefficients.

    Returns:
        The probability, 0…1.
    """
    pairs = zip(astuple(model.coefficients), astuple(values), strict=True)
    z = model.intercept + sum(coefficient * value for coefficient, value in pairs)
    return 1 / (1 + math.exp(-z))


def confidence_with_model(probability: float, model: WithModel, ask: Callable[[], float | None]) -> float:
    """Join the confidence with what a language model says, where it is worth the time.

    Args:
        probability: The confidence without the model, 0…1.
        model: The coefficients, and between which confidences the model is asked.
        ask: Asks it, and returns how likely it says that the documents hold the answer, 0…1; None where it cannot tell.

    Returns:
        The probability, 0…1, a logistic function of the log odds of both; the confidence as it was where the model was
        not asked or cannot tell.
    """
    if not model.asked_from <= probability < model.asked_to:
        return probability
    likelihood = ask()
    if likelihood is None:
        return probability
    z = model.intercept + model.confidence * log_odds(probability) + model.likelihood * log_odds(likelihood)
    return 1 / (1 + math.exp(-z))


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, 0…1; one at the edge counts as 0.0001 or 0.9999."""
    kept = min(max(probability, _EDGE), 1 - _EDGE)
    return math.log(kept / (1 - kept))
