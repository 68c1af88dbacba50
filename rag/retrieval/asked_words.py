"""Rank the evidence of a follow-up by what was asked, not by what was filled in.

Owns: how the two rankings are joined. Knows nothing about conversations.

"Why was it closed? (the Moss tunnel)" finds the tunnel's page by its name; on the page, the sentence that says why
names no tunnel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.retrieval.evidence import rank_evidence
from rag.store.index import Index
from rag.types import Evidence, Passage


def rank_by_asked(
    index: Index, asked: str, passages: Sequence[Passage], sentences: Sequence[Evidence]
) -> tuple[Evidence, ...]:
    """Order evidence by the question as it was put as well.

    Args:
        index: The index that holds the passages.
        asked: The question as it was put, before what it leaves to the conversation was filled in.
        passages: The passages.
        sentences: The evidence for the question that stands alone, best first.

    Returns:
        The evidence, best first, each with the mean of its two scores, by the weight of the scoring file.
    """
    weight = index.scoring.follow_ups.asked
    by_asked = {item.span: item.score for item in rank_evidence(index, asked, passages).sentences}
    least = min(by_asked.values(), default=0.0)
    joined = (
        replace(item, score=(item.score + weight * by_asked.get(item.span, least)) / (1 + weight)) for item in sentences
    )
    return tuple(sorted(joined, key=lambda item: (-item.score, item.passage_rank, item.span.start)))
