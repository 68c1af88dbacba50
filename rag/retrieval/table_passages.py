"""Give places among the passages to tables that a question names.

Owns: where tables are looked for beside the candidates, which passages make room, and for which. Knows nothing about
how passages were found or scored.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.question.mentions import is_period
from rag.question.question_words import is_other_period, question_terms
from rag.retrieval.chunk_rows import rows_of
from rag.retrieval.evidence import term_weights
from rag.retrieval.table_rows import asks_for_figure, match_rows, stems_naming
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.text import source_as_words
from rag.types import Span

# So many of the best candidates tell in which documents tables are looked for, and so many chunks of these are read.
_TELLING, _SEARCHED = 8, 60
# No row is what a question about causes asks for; of so many times the passages that are wanted none is lacking.
_PLENTY = 2
# A row that fits less well moves nothing: its label is asked for, but another row holds more of the question.
_LEAST_FIT = 0.7
# From here on a row is what the question names: more passages make room, also for one that was no candidate.
_SURE_FIT = 0.95
# A row that is about another time fits less well than one that is not.
_OTHER_PERIOD = 0.75

Ranking = Sequence[tuple[ChunkRecord, float]]


def prefer_tables(
    index: Index, question: str, ranked: Ranking, k: int, places: int, beyond: int = 0
) -> list[tuple[ChunkRecord, float]]:
    """Move passages with a table row that a question names into the last of the first ``k`` places.

    A table says little in words, so that prose about its subject ranks before it, and it may be no candidate at all:
    the documents of the best candidates are searched for what the question says beside their names. A passage that has
    such a row itself keeps its place; the passages keep their order otherwise.

    Args:
        index: The index that was searched.
        question: The question.
        ranked: The candidates with their scores, best first.
        k: How many passages are wanted.
        places: How many of the last of them may go to tables further down; twice as many to those that fit for sure.
        beyond: How many passages behind these are looked at for rows.

    Returns:
        All the candidates and the tables found beside them, the ``k`` to be taken first, then the other tables.
    """
    if not asks_for_figure(question) and len(ranked) > _PLENTY * (k + beyond):
        return list(ranked)
    candidates = len(ranked)
    ranked = [*ranked, *((chunk, 0.0) for chunk in _searched(index, question, ranked))]
    fits = _fits(index, question, [chunk for chunk, _ in ranked])
    least = [_LEAST_FIT if n < candidates else _SURE_FIT for n in range(len(fits))]
    below = sorted((n for n in range(k, len(fits)) if fits[n] >= least[n]), key=lambda n: (-fits[n], n))
    sure = sum(fits[n] >= _SURE_FIT for n in below)
    room = min(k, max(places, min(2 * places, sure)))
    movable = [n for n in range(max(0, k - room), min(k, len(fits))) if fits[n] < _LEAST_FIT]
    moved = below[: len(movable)]
    dropped = set(movable[len(movable) - len(moved) :])
    first = [*(n for n in range(min(k, len(ranked))) if n not in dropped), *sorted(moved)]
    first += below[len(moved) : len(moved) + beyond // 2]
    taken = set(first)
    return [ranked[n] for n in first] + [item for n, item in enumerate(ranked) if n not in taken]


def _searched(index: Index, question: str, ranked: Ranking) -> list[ChunkRecord]:
    """Return further chunks of the likeliest documents, with what a question says beside their names and times."""
    known = {chunk.id for chunk, _ in ranked}
    sources = {chunk.source: chunk for chunk, _ in ranked[:_TELLING]}
    terms = [term for term in question_terms(question) if not is_period(term)]
    stems = dict.fromkeys(part for term in terms for spelling in term.spellings for part in spelling.split())
    queries: dict[str, list[str]] = {}
    for source, chunk in sources.items():
        naming = stems_naming(question, Span(source, chunk.document_id, chunk.title, 0, 0, ""))
        if wanted := [stem for stem in stems if stem not in naming]:
            queries[source] = wanted
    each = index.catalog.search_each(queries, _SEARCHED)
    found = dict.fromkeys(id_ for ranked_chunks in each.values() for id_, _ in ranked_chunks)
    return list(index.catalog.chunks([id_ for id_ in found if id_ not in known]).values())


def _fits(index: Index, question: str, chunks: Sequence[ChunkRecord]) -> list[float]:
    """Return how well the best table row of each chunk fits a question, 0…1; 0 for a chunk without one."""
    kept = rows_of(index)
    rows = [(number, span) for number, chunk in enumerate(chunks) for span in kept.of(chunk)]
    fits = match_rows(question, [span for _, span in rows], term_weights(index, question_terms(question)))
    best = [0.0] * len(chunks)
    for (number, span), fit in zip(rows, fits, strict=True):
        if fit > best[number]:
            setting = f"{span.title}\n{source_as_words(span.source)}"
            other = is_other_period(question, f"{chunks[number].context} {span.quote}", setting)
            best[number] = max(best[number], fit * _OTHER_PERIOD if other else fit)
    return best
