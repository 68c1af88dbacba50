"""Rank the evidence of a follow-up by what was asked, not by what was filled in.

Owns: how the two rankings are joined. Knows nothing about conversations.

"Why was it closed? (the Moss tunnel)" finds the tunnel's page by its name; on the page, the sentence that says why
names no tunnel.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from rag.question.question_words import names_and_numbers
from rag.retrieval.evidence import rank_evidence
from rag.store.index import Index
from rag.text import query_terms, terms
from rag.types import Evidence, Passage


def rank_by_asked(
    index: Index, query: str, asked: str, passages: Sequence[Passage], sentences: Sequence[Evidence]
) -> tuple[Evidence, ...]:
    """Order evidence by the question as it was put as well.

    Where a name was filled in, what other passages say of others is no evidence: "She reports to …".

    Args:
        index: The index that holds the passages.
        query: The question that stands alone.
        asked: The question as it was put, before what it leaves to the conversation was filled in.
        passages: The passages.
        sentences: The evidence for the question that stands alone, best first.

    Returns:
        The evidence, best first, each with the mean of its two scores, by the weight of the scoring file.
    """
    weight = index.scoring.follow_ups.asked
    by_asked = {item.span: item.score for item in rank_evidence(index, asked, passages, margin=math.inf).sentences}
    least = min(by_asked.values(), default=0.0)
    joined = [
        replace(item, score=(item.score + weight * by_asked.get(item.span, least)) / (1 + weight)) for item in sentences
    ]
    named = _passages_with_names(query, asked, passages)
    joined = [item for item in joined if not named or item.passage_rank in named]
    return tuple(sorted(joined, key=lambda item: (-item.score, item.passage_rank, item.span.start)))


def _passages_with_names(query: str, asked: str, passages: Sequence[Passage]) -> set[int]:
    """Return the ranks of the passages with all names that were filled in; what stands in brackets is a hint only."""
    filled_in = set(query_terms(" ".join(names_and_numbers(query.partition(" (")[0])))) - set(query_terms(asked))
    if not filled_in:
        return set()
    return {passage.rank for passage in passages if filled_in.issubset(terms(f"{passage.context} {passage.text}"))}
