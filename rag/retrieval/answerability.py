"""Do the documents answer the question at all?

Owns: the confidence that the retrieved passages bear on the question, and which threshold counts, below which Footnote
says that the documents do not hold the answer. Uses no language model; its coefficients stand in the scoring file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from rag.question.question_words import question_terms
from rag.retrieval.evidence import RankedEvidence, coverage, term_weights
from rag.scoring.values import Answerability
from rag.store.index import Index
from rag.types import Band, Passage

# The key under which a catalog keeps the threshold that `rag calibrate` found for it.
CALIBRATED = "threshold"


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence is computed from.

    Attributes:
        dense: The best cosine similarity of a passage with the question, -1…1.
        coverage: The share, 0…1 by weight, of the question's terms that stand in the best sentence.
        terms_outside_title: The share, 0…1 by weight, of the question's terms that do not stand in the best passage's
            title; what only the title has in common with the question, a near miss has, too.
        sentence_similarity: The cosine similarity of the question with the best sentence without its title.
        title_similarity: The cosine similarity of the question with that title.
        top_score_lead: The fused score of the best passage less the mean of the next four's, 0…1.
        least_covered_words: How near the two least covered words of the question come to the passage; see
            ``RankedEvidence``.
        absent_names: 1 where a name or a number of the question stands in none of the passages, else 0.
    """

    dense: float
    coverage: float
    terms_outside_title: float
    sentence_similarity: float
    title_similarity: float
    top_score_lead: float
    least_covered_words: float
    absent_names: float


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


def features(
    index: Index, question: str, passages: Sequence[Passage], ranked: RankedEvidence, absent_names: Sequence[str] = ()
) -> Features:
    """Compute the features of what was found for a question.

    Args:
        index: The index that was searched; it knows how rare each term is.
        question: The question that was searched for.
        passages: The retrieved passages, best first.
        ranked: The sentences of the best passages, ranked.
        absent_names: Names and numbers of the question that stand in none of the passages.

    Returns:
        The features; all are 0 where nothing was found.
    """
    if not passages or not ranked.sentences:
        return Features(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    query = question_terms(question)
    fused = [passage.scores["fused"] for passage in passages[:5]]
    others = fused[1:] or [0.0]
    return Features(
        dense=max(passage.scores["dense"] for passage in passages),
        coverage=ranked.sentences[0].coverage,
        terms_outside_title=1 - coverage(query, term_weights(index, query), passages[0].title),
        sentence_similarity=ranked.sentence_similarity,
        title_similarity=ranked.title_similarity,
        top_score_lead=fused[0] - sum(others) / len(others),
        least_covered_words=ranked.least_covered_words,
        absent_names=float(bool(absent_names)),
    )


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
