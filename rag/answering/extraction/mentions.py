"""Find the documents that deal with a topic, each with the sentence that shows it.

Owns: which documents count. Knows nothing about how they are named.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.extraction.bearing import bearing_of
from rag.answering.extraction.scope import core_terms
from rag.answering.extraction.statements import Statement, read_statements
from rag.injection.detector import find_injections
from rag.models.encoder import Vectors
from rag.retrieval.passages import Reranker, matching_sources, retrieve
from rag.retrieval.search import SearchOptions
from rag.retrieval.sentence_vectors import vectors_of
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.text import terms
from rag.types import Band, Passage

# Passages that are retrieved, and chunks that are looked at for the words of the topic.
_PASSAGES, _KEYWORD_CHUNKS = 40, 400
# A document without the words of the topic counts where its best passage is as near as this share of the best of all.
_NEAR_SHARE = 0.9
# Sentences of a document that are encoded to find the one that shows it.
_ENCODED = 6
# A document is about what stands in this share of its chunks.
_ABOUT_SHARE = 0.2
# Documents that are named.
_MOST = 30


@dataclass(frozen=True, slots=True)
class Mention:
    """A document that deals with a topic, the share of the topic in a passage, 0…1, and the sentence that shows it."""

    source: str
    share: float
    statement: Statement


@dataclass(frozen=True, slots=True)
class Mentions:
    """The documents that deal with a topic, the passages of them, and how sure that is."""

    documents: tuple[Mention, ...]
    passages: tuple[Passage, ...]
    confidence: float
    band: Band


def documents_mentioning(
    index: Index, topic: str, options: SearchOptions, reranker: Reranker | None = None, *, in_passing: bool = False
) -> Mentions:
    """Find the documents that deal with a topic.

    Args:
        index: The index that is asked.
        topic: What they are to deal with.
        options: How to search.
        reranker: Scores the retrieved passages once more.
        in_passing: Whether a document counts that only names it.

    Returns:
        The documents that have the topic in their name, then the others, by path.
    """
    passages = retrieve(index, topic, _PASSAGES, sources=options.sources, reranker=reranker)
    confidence, band = bearing_of(index, topic, passages, options)
    wanted = core_terms(topic)
    allowed = matching_sources(index, options.sources)
    found = [id_ for id_, _ in index.catalog.search(wanted, _KEYWORD_CHUNKS, allowed)]
    ids = list(dict.fromkeys([*(passage.chunk_id for passage in passages), *found]))
    by_source: dict[str, list[ChunkRecord]] = {}
    for chunk in index.catalog.chunks(ids).values():
        by_source.setdefault(chunk.source, []).append(chunk)
    vector = index.encoder.encode_question(topic)
    nearest = max((passage.scores["dense"] for passage in passages), default=0.0)
    near = {passage.source for passage in passages if passage.scores["dense"] >= _NEAR_SHARE * nearest}
    totals = index.catalog.chunk_counts()
    mentions: list[Mention] = []
    for source, chunks in by_source.items():
        share = _share(wanted, chunks)
        # All of the words, or as near in meaning as the best.
        is_near = source in near and (share >= 0.5 or not wanted)
        if not is_near and (share < 1.0 or not (in_passing or _is_about(wanted, chunks, totals[source]))):
            continue
        statement = _showing(index, wanted, vector, chunks)
        if statement:
            mentions.append(Mention(source, share, statement))
    mentions.sort(key=lambda mention: (-mention.share, mention.source))
    kept = sorted(mentions[:_MOST], key=lambda mention: (not _is_named(wanted, mention), mention.source))
    sources = {mention.source for mention in kept}
    return Mentions(tuple(kept), tuple(each for each in passages if each.source in sources), confidence, band)


def _is_named(wanted: Sequence[str], mention: Mention) -> bool:
    named = set(terms(f"{mention.source} {mention.statement.span.title}"))
    return bool(wanted) and all(stem in named for stem in wanted)


def _is_about(wanted: Sequence[str], chunks: Sequence[ChunkRecord], total: int) -> bool:
    """Tell whether a document says more of a topic than its name: in a title, a heading, or many of its chunks."""
    stems = set(wanted)
    if any(stems <= set(terms(f"{chunk.source} {chunk.context}")) for chunk in chunks):
        return True
    holding = sum(stems <= set(terms(chunk.text)) for chunk in chunks)
    return holding >= max(1, math.ceil(_ABOUT_SHARE * total))


def _share(wanted: Sequence[str], chunks: Sequence[ChunkRecord]) -> float:
    """Return the greatest share of the topic's terms that stand in one chunk, its title, headings and path included."""
    if not wanted:
        return 0.0
    best = 0
    for chunk in chunks:
        present = set(terms(f"{chunk.source} {chunk.context} {chunk.text}"))
        best = max(best, sum(stem in present for stem in wanted))
    return best / len(wanted)


def _showing(index: Index, wanted: Sequence[str], vector: Vectors, chunks: Sequence[ChunkRecord]) -> Statement | None:
    """Return the sentence that shows best that a document deals with a topic."""
    statements = [
        item
        for item in read_statements(index, chunks)
        if not item.span.quote.rstrip().endswith("?") and not find_injections(item.span.quote)
    ]

    def held(item: Statement) -> int:
        present = set(terms(f"{item.span.header} {item.span.quote}"))
        return sum(stem in present for stem in wanted)

    statements.sort(key=lambda item: (-held(item), not item.is_quotable, item.span.start))
    best = statements[:_ENCODED]
    if not best:
        return None
    near = vectors_of(index).whole([item.span.quote for item in best]) @ vector
    order = sorted(
        range(len(best)),
        key=lambda number: (
            -held(best[number]),
            not best[number].is_quotable,
            -float(near[number]),
            best[number].span.start,
        ),
    )
    return best[order[0]]
