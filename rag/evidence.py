"""Choose the sentences of the passages that bear on the question.

Owns: the score of a sentence and how many are kept. Knows nothing about language models or how an answer is shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.index import Index
from rag.text import query_terms, sentences, terms
from rag.types import Evidence, Passage, Span, page_of

# Passages whose sentences are read: a sentence costs a share of a model pass.
_PASSAGES = 5
# Shorter pieces ("See also", "1.") say nothing by themselves.
_SHORTEST = 12


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each feature counts in a sentence's score."""

    similarity: float = 0.5
    coverage: float = 0.3
    passage: float = 0.2


def candidates(passages: Sequence[Passage], index: Index) -> list[tuple[Span, Passage]]:
    """The sentences of passages with their exact places, each place once, in the passages' order."""
    found: dict[tuple[str, int, int], tuple[Span, Passage]] = {}
    for passage in passages:
        pages = index.catalog.pages(passage.source_id)
        for start, end in sentences(passage.text):
            place = (passage.source_id, passage.start + start, passage.start + end)
            if place in found:
                continue
            span = Span(
                passage.source,
                passage.source_id,
                passage.title,
                place[1],
                place[2],
                passage.text[start:end],
                page_of(pages, place[1]),
            )
            found[place] = (span, passage)
    return list(found.values())


def score(index: Index, question: str, passages: Sequence[Passage], weights: Weights = Weights()) -> list[Evidence]:
    """The sentences of the best passages, best first."""
    pool = [
        (span, passage) for span, passage in candidates(passages[:_PASSAGES], index) if len(span.quote) >= _SHORTEST
    ]
    if not pool:
        return []
    vector = index.encoder.encode_question(question)
    texts = [f"{passage.title}\n{span.quote}" if passage.title else span.quote for span, passage in pool]
    similarities = index.encoder.encode_passages(texts) @ vector
    asked = query_terms(question)
    rarity = term_weights(index, asked)
    scored = [
        Evidence(
            span,
            weights.similarity * float(similarity)
            + weights.coverage * coverage(asked, rarity, span.quote)
            + weights.passage * passage.scores["fused"],
            passage.rank,
        )
        for (span, passage), similarity in zip(pool, similarities, strict=True)
    ]
    return sorted(scored, key=lambda item: (-item.score, item.passage_rank, item.span.start))


def term_weights(index: Index, asked: Sequence[str]) -> dict[str, float]:
    """How much each term of a question tells: its inverse document frequency among the chunks of the index."""
    total = index.catalog.chunk_total()
    frequency = index.catalog.document_frequency(asked)
    return {term: math.log(1 + (total - frequency[term] + 0.5) / (frequency[term] + 0.5)) for term in asked}


def coverage(asked: Sequence[str], rarity: dict[str, float], text: str) -> float:
    """The share of the question's terms, by weight, that stand in a text."""
    whole = sum(rarity[term] for term in asked)
    if not whole:
        return 0.0
    held = set(terms(text))
    return sum(rarity[term] for term in asked if term in held) / whole
