"""Give places among the passages to tables that a question names.

Owns: which passages make room, and for which. Knows nothing about how passages were found or scored.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.question.question_words import question_terms
from rag.retrieval.evidence import term_weights
from rag.retrieval.table_rows import match_passages
from rag.store.catalog import ChunkRecord
from rag.store.index import Index

# Of so many of the best candidates the rows are read.
_CANDIDATES = 60
# A row that fits less well moves nothing: its label is asked for, but another row holds more of the question.
_LEAST_FIT = 0.7

Ranking = Sequence[tuple[ChunkRecord, float]]


def prefer_tables(index: Index, question: str, ranked: Ranking, k: int, places: int) -> list[tuple[ChunkRecord, float]]:
    """Move passages with a table row that a question names into the last of the first ``k`` places.

    A table says little in words, so that prose about its subject ranks before it. A passage that has such a row itself
    keeps its place; the passages keep their order otherwise.

    Args:
        index: The index that was searched.
        question: The question.
        ranked: The candidates with their scores, best first.
        k: How many passages are wanted.
        places: How many of the last of them may go to tables further down.

    Returns:
        All the candidates, the ``k`` to be taken first.
    """
    texts = [chunk.text for chunk, _ in ranked[:_CANDIDATES]]
    fits = match_passages(question, texts, term_weights(index, question_terms(question)))
    below = sorted((n for n in range(k, len(fits)) if fits[n] >= _LEAST_FIT), key=lambda n: (-fits[n], n))
    movable = [n for n in range(max(0, k - places), min(k, len(fits))) if fits[n] < _LEAST_FIT]
    moved = sorted(below[: len(movable)])
    dropped = set(movable[len(movable) - len(moved) :])
    first = [n for n in range(min(k, len(ranked))) if n not in dropped] + moved
    return [ranked[n] for n in first] + [item for n, item in enumerate(ranked) if n not in set(first)]
