"""Tell whether anything that was found bears on a topic.

Owns: the band of an answer that is no look-up of a fact. Knows nothing about what is made of the passages.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.extraction.scope import core_terms
from rag.retrieval.answerability import band_of, confidence_of_search, within_band
from rag.retrieval.evidence import rank_evidence
from rag.retrieval.search import SearchOptions
from rag.store.index import Index
from rag.text import terms
from rag.types import Band, Passage

# A best passage as near as this bears on the topic, whatever its words. Chosen by looking, not fitted.
_NEAR = 0.5
# Passages in which the words of the topic are looked for.
_LOOKED_AT = 10


def bearing_of(index: Index, topic: str, passages: Sequence[Passage], options: SearchOptions) -> tuple[float, Band]:
    """Say how sure it is that passages bear on a topic.

    Only a topic that stands nowhere is refused: a summary needs no sentence that answers it.

    Args:
        index: The index that was searched.
        topic: What was searched for.
        passages: What was found, best first.
        options: The thresholds.

    Returns:
        The confidence, 0…1, and the band.
    """
    if not passages:
        return 0.0, "refused"
    ranked = rank_evidence(index, topic, passages)
    if not ranked.sentences:
        return 0.0, "refused"
    model = index.scoring.answerability
    by_features = confidence_of_search(index, topic, passages, ranked)
    band = band_of(by_features, model.threshold, model.tentative)
    wanted = core_terms(topic)
    present = {stem for passage in passages[:_LOOKED_AT] for stem in terms(f"{passage.context} {passage.text}")}
    stands = sum(stem in present for stem in wanted)
    if wanted and stands == len(wanted):
        band = "sure"
    elif band != "sure" and (2 * stands >= len(wanted) > 0 or passages[0].scores["dense"] >= _NEAR):
        band = "tentative"
    elif wanted and not stands:
        # A foreign topic: the nearest passages share no word with it.
        band = "refused"
    return bearing_in(band, by_features, index, options)


def bearing_in(band: Band, by_features: float, index: Index, options: SearchOptions) -> tuple[float, Band]:
    """Say how sure it is that passages bear on a topic, where more than the features of the confidence tells.

    Args:
        band: The band by the thresholds of the index's scoring.
        by_features: The confidence of the features, 0…1.
        index: The index that was searched.
        options: The thresholds that count.

    Returns:
        The confidence, 0…1, and the band that it has by those thresholds.
    """
    sure = within_band(by_features, band, index.scoring.answerability)
    return sure, band_of(sure, options.threshold, options.tentative)
