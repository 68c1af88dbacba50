"""Find the passages that bear on a question.

Owns: the order dense + keyword → fuse → rerank → top k, and the filter by source. Knows nothing about answers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from rag.errors import UsageError
from rag.injection.detector import find_injections
from rag.models.cross_encoder import load_cross_encoder
from rag.models.encoder import Vectors
from rag.retrieval.fusion import CANDIDATES, DENSE_SHARE, DENSE_WEIGHT, KEYWORD_SHARE, fuse, neighbour_boost
from rag.retrieval.question import question_terms
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.text import embedded_text
from rag.types import Passage, page_of

# Scores of shape (len(texts),) that say how well each text answers a question; higher is better.
Reranker = Callable[[str, Sequence[str]], Sequence[float]]

# Candidates a cross-encoder reads: it costs a model pass each.
_RERANKED = 30
# Stale vectors of a version just replaced may stand among the nearest until they are swept.
_SPARE = 20

_keyword_pool = ThreadPoolExecutor(2, "keyword")


def retrieve(
    index: Index,
    question: str,
    k: int = 8,
    *,
    sources: Sequence[str] = (),
    reranker: Reranker | None = None,
    dense_weight: float = DENSE_WEIGHT,
) -> list[Passage]:
    """The ``k`` best passages, best first. Ties are broken by chunk id, so equal calls give equal lists.

    ``sources`` are globs; only sources that match one of them are searched. Raises UsageError when none does.
    """
    index.refresh()
    chosen = matching_sources(index, sources)
    terms = question_terms(question)
    # SQLite looks for the words while the model encodes the question.
    searching = _keyword_pool.submit(index.catalog.search, terms, CANDIDATES, chosen)
    vector = index.encoder.encode_question(question)
    among = None if chosen is None else index.catalog.chunk_ids(chosen)
    nearest = index.vectors.nearest(vector, CANDIDATES + _SPARE, among)
    keyword = dict(searching.result())
    dense = dict(nearest)
    chunks = index.catalog.chunks(list(dense.keys() | keyword.keys()))
    dense = {id_: score for id_, score in dense.items() if id_ in chunks}
    dense = dict(list(dense.items())[:CANDIDATES])
    dense |= _similarities(index, vector, [chunks[id_] for id_ in keyword if id_ in chunks and id_ not in dense])
    keyword = {id_: score for id_, score in keyword.items() if id_ in chunks}
    beside = _neighbours(chunks.values())
    ranked = fuse(
        neighbour_boost(dense, beside, DENSE_SHARE), neighbour_boost(keyword, beside, KEYWORD_SHARE), dense_weight
    )
    dense_rank, keyword_rank = _ranks(dense), _ranks(keyword)
    passages: list[Passage] = []
    order = [(chunks[id_], fused) for id_, fused in ranked]
    reranks: dict[str, float] = {}
    if reranker:
        order = order[: max(k, _RERANKED)]
        reranks = _rerank(reranker, question, [chunk for chunk, _ in order])
        order.sort(key=lambda item: (-reranks[item[0].id], item[0].id))
    for rank, (chunk, fused) in enumerate(order[:k], start=1):
        scores: dict[str, float] = {
            "dense": round(dense.get(chunk.id, 0.0), 6),
            "keyword": round(keyword.get(chunk.id, 0.0), 6),
            "fused": round(fused, 6),
        }
        if chunk.id in dense_rank:
            scores["dense_rank"] = dense_rank[chunk.id]
        if chunk.id in keyword_rank:
            scores["keyword_rank"] = keyword_rank[chunk.id]
        if chunk.id in reranks:
            scores["rerank"] = round(reranks[chunk.id], 6)
        passages.append(_passage(index, chunk, rank, scores))
    return passages


def matching_sources(index: Index, globs: Sequence[str]) -> list[str] | None:
    """The sources that match any glob; None when there is no glob. Raises UsageError when none matches."""
    if not globs:
        return None
    chosen = sorted({source for glob in globs for source in index.catalog.named(glob, searchable=True)})
    if not chosen:
        raise UsageError(f"No source of the index {index.name!r} matches {', '.join(globs)}; see: rag sources")
    return chosen


@lru_cache(maxsize=1)
def open_reranker(spec: str, threads: int) -> Reranker | None:
    """A sentence-transformers CrossEncoder by folder or name of a model that is already on this machine."""
    if not spec:
        return None
    model = load_cross_encoder(spec, threads, "RAG_RERANKER")
    computing = threading.Lock()

    def score(question: str, texts: Sequence[str]) -> Sequence[float]:
        with computing:
            found = model.predict([(question, text) for text in texts], show_progress_bar=False)
        return [float(value) for value in found]

    return score


def _neighbours(chunks: Iterable[ChunkRecord]) -> dict[str, list[str]]:
    """The chunks right before and after each chunk in its source, where they are candidates, too."""
    places = {(chunk.source, chunk.number): chunk.id for chunk in chunks}
    return {
        id_: [places[place] for place in ((source, number - 1), (source, number + 1)) if place in places]
        for (source, number), id_ in places.items()
    }


def _similarities(index: Index, vector: Vectors, chunks: Sequence[ChunkRecord]) -> dict[str, float]:
    """Cosine similarities of chunks that only the keyword search found; their vectors are in the cache."""
    if not chunks:
        return {}
    known = index.cache.known(index.encoder, [embedded_text(chunk.text, chunk.context) for chunk in chunks])
    return {chunk.id: float(found @ vector) for chunk, found in zip(chunks, known, strict=True) if found is not None}


def _rerank(reranker: Reranker, question: str, chunks: Sequence[ChunkRecord]) -> dict[str, float]:
    """The cross-encoder's score of each chunk, read with its context."""
    scores = reranker(question, [embedded_text(chunk.text, chunk.context) for chunk in chunks])
    return {chunk.id: score for chunk, score in zip(chunks, scores, strict=True)}


def _ranks(scores: dict[str, float]) -> dict[str, int]:
    ordered = sorted(scores, key=lambda id_: (-scores[id_], id_))
    return {id_: rank for rank, id_ in enumerate(ordered, start=1)}


def _passage(index: Index, chunk: ChunkRecord, rank: int, scores: dict[str, float]) -> Passage:
    return Passage(
        chunk_id=chunk.id,
        source=chunk.source,
        source_id=chunk.document_id,
        title=chunk.title,
        start=chunk.start,
        end=chunk.end,
        text=chunk.text,
        context=chunk.context,
        page=page_of(index.catalog.pages(chunk.document_id), chunk.start),
        rank=rank,
        scores=scores,
        instructions=find_injections(chunk.text),
    )
