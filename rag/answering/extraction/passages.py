"""Chunks as passages, and what is selected of them without a ranking.

Owns: making these records for whoever writes the answer. Ranks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.answering.context import AnswerContext
from rag.answering.extraction.statements import Statement
from rag.retrieval.passages import passage_of
from rag.retrieval.search import SelectedEvidence
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.types import Band, Evidence, Passage


def chunks_of(index: Index, sources: Sequence[str]) -> list[ChunkRecord]:
    """Read all chunks of some sources.

    Args:
        index: The index that holds them.
        sources: The names of the sources.

    Returns:
        The chunks by source, in the order of the names, and by place.
    """
    order = {source: number for number, source in enumerate(sources)}
    chunks = index.catalog.chunks(index.catalog.chunk_ids(sources)).values()
    return sorted(chunks, key=lambda chunk: (order[chunk.source], chunk.start))


def searched_sources(context: AnswerContext) -> tuple[str, ...]:
    """Return the globs of the sources to search: those that the user chose, or else those the question names."""
    named = dict.fromkeys(source for search in context.plan.searches for source in search.sources)
    return context.search_options.sources or tuple(named)


def passages_of(index: Index, chunks: Sequence[ChunkRecord]) -> tuple[Passage, ...]:
    """Make passages of chunks that no search found.

    Args:
        index: The index that holds them.
        chunks: The chunks, in the order in which a model reads them.

    Returns:
        The passages, ranked in that order; their scores are 0.
    """
    scores = {"dense": 0.0, "keyword": 0.0, "fused": 0.0}
    return tuple(passage_of(index, chunk, rank, dict(scores)) for rank, chunk in enumerate(chunks, start=1))


def selection(
    question: str, passages: Sequence[Passage], quoted: Iterable[Statement], confidence: float, band: Band
) -> SelectedEvidence:
    """Say what an answer rests on that is made of whole sentences.

    Args:
        question: What was searched for.
        passages: The passages, in the order in which a model reads them.
        quoted: The sentences that the answer quotes.
        confidence: How likely the documents hold the answer, 0…1.
        band: How the question is answered.

    Returns:
        The passages and the sentences, none of them compared with another for what they dispute.
    """
    ranks = {passage.chunk_id: passage.rank for passage in passages}
    evidence = tuple(
        Evidence(item.span, 0.0, 0.0, 0.0, ranks.get(item.chunk_id, len(passages) + 1), item.block) for item in quoted
    )
    return SelectedEvidence(
        passages=tuple(passages),
        evidence=evidence,
        confidence=confidence,
        band=band,
        question=question,
        missing=(),
        evidence_by_part=(),
    )
