"""Find the passages that bear on a question.

Owns: the order dense + keyword → fuse → prefer sources → rerank → no copies → top k, and the filter by source. Knows
nothing about answers.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from rag.errors import UsageError
from rag.injection.detector import find_injections
from rag.models.cross_encoder import load_cross_encoder
from rag.models.encoder import Vectors
from rag.notices import Notice
from rag.question.mentions import is_period
from rag.question.question_words import question_terms, search_words
from rag.question.times import read_time_wish
from rag.retrieval.copies import without_copies
from rag.retrieval.fusion import fuse, neighbour_boost
from rag.retrieval.preferences import prefer_sources
from rag.retrieval.table_passages import prefer_tables
from rag.scoring.values import Fusion
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.store.nearest import nearest_chunks
from rag.text import embedded_text, source_as_words, terms
from rag.types import Passage, page_of

# Scores of shape (len(texts),) that say how well each text answers a question; higher is better.
Reranker = Callable[[str, Sequence[str]], Sequence[float]]

# Nearest vectors asked for beyond the candidates: some may be of a version just replaced, not deleted yet.
_SPARE = 20
# Other spellings that are searched for beside the words of a question.
_MOST_SPELLINGS = 24
_LOG = logging.getLogger(__name__)

# Keyword searches run here while the model encodes the question.
_keyword_pool = ThreadPoolExecutor(2, "keyword")


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the two searches found, before their rankings are fused.

    Attributes:
        chunks: The candidates by id; only what the catalog shows.
        dense: Cosine similarities with the question, by id. A candidate of the keyword search has one, too, where its
            vector is in the cache.
        keyword: BM25 scores by id, of the candidates that share a term with the question.
    """

    chunks: dict[str, ChunkRecord]
    dense: dict[str, float]
    keyword: dict[str, float]


def retrieve(
    index: Index,
    question: str,
    k: int = 8,
    *,
    sources: Sequence[str] = (),
    reranker: Reranker | None = None,
    dense_weight: float | None = None,
    table_share: float = 0.0,
    beyond: int = 0,
) -> list[Passage]:
    """Find the ``k`` best passages. Ties are broken by chunk id, so equal calls give equal lists.

    A source whose path holds words of the question, or that is of the time that it asks for, is preferred; a passage
    that says nothing but what a better one says is left out.

    Args:
        index: The index to search.
        question: A question that stands alone.
        k: How many passages are wanted; fewer come back where the index holds fewer.
        sources: Globs; only sources that match one of them are searched. Empty: all sources.
        reranker: Scores the best candidates once more; its order then counts.
        dense_weight: The share, 0…1, of the dense ranking in the fused one; None: what the index's scoring says.
        table_share: The share, 0…1, of the places that may go to passages further down with a table row that the
            question names: a table says little in words, so that prose about its subject ranks before it.
        beyond: How many of the next best passages are returned behind these.

    Returns:
        The passages, best first, with every score they earned.

    Raises:
        UsageError: There are globs and no source matches one.
    """
    started = time.perf_counter()
    index.refresh()
    index.check_vectors()
    fusion = index.scoring.fusion
    candidates = find_candidates(index, question, matching_sources(index, sources))
    ranked = fuse_rankings(candidates, fusion if dense_weight is None else replace(fusion, dense_weight=dense_weight))
    ranked = prefer_sources(index, question, ranked, read_time_wish(question), index.scoring.sources)
    rerank_scores: dict[str, float] = {}
    if reranker:
        ranked = ranked[: max(k + beyond, fusion.reranked)]
        rerank_scores = _rerank(reranker, question, [chunk for chunk, _ in ranked])
        ranked.sort(key=lambda item: (-rerank_scores[item[0].id], item[0].id))
    if places := int(table_share * k):
        ranked = prefer_tables(index, question, ranked, k, places, beyond)
    dense_ranks, keyword_ranks = _ranks(candidates.dense), _ranks(candidates.keyword)
    passages: list[Passage] = []
    best = without_copies(((chunk.text, (chunk, fused)) for chunk, fused in ranked), k + beyond)
    for rank, (chunk, fused) in enumerate(best, start=1):
        scores: dict[str, float] = {
            "dense": round(candidates.dense.get(chunk.id, 0.0), 6),
            "keyword": round(candidates.keyword.get(chunk.id, 0.0), 6),
            "fused": round(fused, 6),
        }
        if chunk.id in dense_ranks:
            scores["dense_rank"] = dense_ranks[chunk.id]
        if chunk.id in keyword_ranks:
            scores["keyword_rank"] = keyword_ranks[chunk.id]
        if chunk.id in rerank_scores:
            scores["rerank"] = round(rerank_scores[chunk.id], 6)
        passages.append(passage_of(index, chunk, rank, scores))
    _LOG.info(
        "passages retrieved",
        extra={
            "index": index.name,
            "candidates": len(ranked),
            "passages": len(passages),
            "reranked": reranker is not None,
            "seconds": round(time.perf_counter() - started, 3),
        },
    )
    return passages


def matching_sources(index: Index, globs: Sequence[str]) -> list[str] | None:
    """Find the sources that globs allow.

    Args:
        index: The index that holds the sources.
        globs: Names of sources, or patterns such as ``*.pdf``.

    Returns:
        The readable sources that match any glob, by name; None when there is no glob, which allows all.

    Raises:
        UsageError: There are globs and no source matches one.
    """
    if not globs:
        return None
    # Names as they are, which may be thousands, cost one look together.
    among = index.catalog.names_among([glob[1:] for glob in globs if glob.startswith("/")])
    there = {name for name, readable in among.items() if readable}
    others = [glob for glob in globs if not glob.startswith("/") or glob[1:] not in there]
    names = sorted(there.union(*(index.catalog.find_sources(glob, searchable=True) for glob in others)))
    if not names:
        raise UsageError(Notice("no-source-matches", {"index": index.name, "globs": list(globs)}))
    return names


@lru_cache(maxsize=1)
def open_reranker(spec: str, threads: int, device: str = "cpu", models: Path | None = None) -> Reranker | None:
    """Open a cross-encoder of sentence-transformers, once.

    Args:
        spec: The folder or the name of a model that is already on this machine, or ``hf:OWNER/MODEL``; "" for none.
        threads: How many threads the model computes with.
        device: Where it computes, as ``RAG_DEVICE`` names it.
        models: The folder of all models, for a model of the hub.

    Returns:
        A function from a question and texts to scores, safe to call from several threads; None without a model.

    Raises:
        ModelError: The model is not there or cannot be loaded.
    """
    if not spec:
        return None
    model = load_cross_encoder(spec, threads, "RAG_RERANKER", device=device, models=models)
    computing = threading.Lock()

    def score(question: str, texts: Sequence[str]) -> Sequence[float]:
        with computing:
            scores = model.predict([(question, text) for text in texts], show_progress_bar=False)
        return [float(value) for value in scores]

    return score


def find_candidates(index: Index, question: str, sources: list[str] | None = None) -> Candidates:
    """Search by vector and by keyword, at the same time, and give both kinds of candidates both kinds of scores.

    Args:
        index: The index to search.
        question: A question that stands alone.
        sources: The only sources that are searched; None: all.

    Returns:
        The candidates, not fused yet.
    """
    wanted = index.scoring.fusion.candidates
    # SQLite looks for the words while the model encodes the question.
    keyword_search = _keyword_pool.submit(_search_keywords, index, question, wanted, sources)
    try:
        vector = index.encoder.encode_question(question)
        nearest = dict(nearest_chunks(index.catalog, index.vectors, vector, wanted + _SPARE, sources))
    finally:
        # Where a part fails the index is closed at once, and a connection that is closed while it is read crashes.
        wait([keyword_search])
    keyword = dict(keyword_search.result())
    chunks = index.catalog.chunks(list(nearest.keys() | keyword.keys()))
    visible = [(id_, score) for id_, score in nearest.items() if id_ in chunks]
    dense = dict(visible[:wanted])
    keyword_only = [chunks[id_] for id_ in keyword if id_ in chunks and id_ not in dense]
    dense |= _cached_similarities(index, vector, keyword_only)
    return Candidates(chunks, dense, {id_: score for id_, score in keyword.items() if id_ in chunks})


def _search_keywords(index: Index, question: str, wanted: int, sources: list[str] | None) -> list[tuple[str, float]]:
    """Search for the words of a question, and for the other spellings of what it mentions that the index knows."""
    query = [*search_words(question), *_other_spellings(index, question)]
    return index.catalog.search(list(dict.fromkeys(query)), wanted, sources)


def _other_spellings(index: Index, question: str) -> list[str]:
    """Return what is searched for beside the words of a question, as the index spells it.

    These are whole codes and compound names; the other notations of a fiscal year or a quarter; and the other spellings
    of a name, a date or an amount where the question's own stands nowhere.
    """
    terms_ = [term for term in question_terms(question) if term.kind != "word"]
    known = index.catalog.document_frequency([spelling for term in terms_ for spelling in term.spellings])
    others: list[str] = []
    for term in terms_:
        spellings = [spelling for spelling in term.spellings if known[spelling]]
        is_known = bool(term.spellings) and bool(known[term.spellings[0]])
        if term.kind == "initials" and not spellings and term.pattern:
            others += _names_of_initials(index, term.pattern)
        elif term.whole or not is_known or (is_period(term) and not term.text.isdigit()):
            others += spellings
    return others[:_MOST_SPELLINGS]


def _names_of_initials(index: Index, pattern: re.Pattern[str]) -> list[str]:
    """Return the stems of the name in titles and file names that initials stand for; none where several names fit."""
    names = {
        " ".join(terms(match.group()))
        for source, title in index.catalog.names()
        for match in pattern.finditer(f"{title}\n{source_as_words(source)}")
    }
    return names.pop().split() if len(names) == 1 else []


def _cached_similarities(index: Index, question_vector: Vectors, chunks: Sequence[ChunkRecord]) -> dict[str, float]:
    """Return the cosine similarities of chunks whose vectors are in the cache; nothing is computed for the others."""
    if not chunks:
        return {}
    vectors = index.cache.look_up(index.encoder, [embedded_text(chunk.text, chunk.context) for chunk in chunks])
    return {
        chunk.id: float(vector @ question_vector)
        for chunk, vector in zip(chunks, vectors, strict=True)
        if vector is not None
    }


def fuse_rankings(candidates: Candidates, fusion: Fusion) -> list[tuple[ChunkRecord, float]]:
    """Fuse the two rankings of the candidates; neighbours raise each other's scores.

    Args:
        candidates: What was found.
        fusion: The weights.

    Returns:
        The candidates with their fused scores, 0…1, best first.
    """
    neighbours = _neighbours(candidates.chunks.values())
    fused = fuse(
        neighbour_boost(candidates.dense, neighbours, fusion.dense_share),
        neighbour_boost(candidates.keyword, neighbours, fusion.keyword_share),
        fusion.dense_weight,
        fusion.full_keyword_score,
    )
    return [(candidates.chunks[id_], score) for id_, score in fused]


def _neighbours(chunks: Iterable[ChunkRecord]) -> dict[str, list[str]]:
    """Return the ids of the chunks right before and after each chunk in its source, where they are candidates, too."""
    ids = {(chunk.source, chunk.number): chunk.id for chunk in chunks}
    return {
        id_: [ids[position] for position in ((source, number - 1), (source, number + 1)) if position in ids]
        for (source, number), id_ in ids.items()
    }


def _rerank(reranker: Reranker, question: str, chunks: Sequence[ChunkRecord]) -> dict[str, float]:
    """Return the reranker's score of each chunk, read with its context, by id."""
    scores = reranker(question, [embedded_text(chunk.text, chunk.context) for chunk in chunks])
    return {chunk.id: score for chunk, score in zip(chunks, scores, strict=True)}


def _ranks(scores: dict[str, float]) -> dict[str, int]:
    """Return the rank of each id by its score, from 1, ties by id."""
    ordered = sorted(scores, key=lambda id_: (-scores[id_], id_))
    return {id_: rank for rank, id_ in enumerate(ordered, start=1)}


def passage_of(index: Index, chunk: ChunkRecord, rank: int, scores: dict[str, float]) -> Passage:
    """Return a chunk as a retrieved passage.

    Args:
        index: The index that holds it.
        chunk: The chunk.
        rank: Its place in the ranking, from 1.
        scores: The scores it earned, by name.

    Returns:
        The passage.
    """
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
        instructions=find_injections(chunk.text) if chunk.instructions is None else chunk.instructions,
    )
