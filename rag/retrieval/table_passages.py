"""Give places among the passages to tables that a question names.

Owns: which passages make room, and for which. Knows nothing about how passages were found or scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.question.question_words import question_terms
from rag.retrieval.evidence import term_weights
from rag.retrieval.row_records import read_recorded
from rag.retrieval.table_rows import match_rows
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.types import Span

# Of so many of the best candidates the rows are read.
_CANDIDATES = 60
# A row that fits less well moves nothing: its label is asked for, but another row holds more of the question.
_LEAST_FIT = 0.7
# One of these stands in each row: a gap between cells, a bar, or a colon behind a name.
_ROW_MARKS = ("  ", "|", ": ")
# A longer line, in characters, is a paragraph.
_LONGEST_ROW = 1000

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
    fits = _fits(index, question, [chunk for chunk, _ in ranked[:_CANDIDATES]])
    below = sorted((n for n in range(k, len(fits)) if fits[n] >= _LEAST_FIT), key=lambda n: (-fits[n], n))
    movable = [n for n in range(max(0, k - places), min(k, len(fits))) if fits[n] < _LEAST_FIT]
    moved = sorted(below[: len(movable)])
    dropped = set(movable[len(movable) - len(moved) :])
    first = [n for n in range(min(k, len(ranked))) if n not in dropped] + moved
    return [ranked[n] for n in first] + [item for n, item in enumerate(ranked) if n not in set(first)]


def _fits(index: Index, question: str, chunks: Sequence[ChunkRecord]) -> list[float]:
    """Return how well the best table row of each chunk fits a question, 0…1; 0 for a chunk without one."""
    rows = [(number, span) for number, chunk in enumerate(chunks) for span in _rows(index, chunk)]
    fits = match_rows(question, [span for _, span in rows], term_weights(index, question_terms(question)))
    best = [0.0] * len(chunks)
    for (number, _), fit in zip(rows, fits, strict=True):
        best[number] = max(best[number], fit)
    return best


def _rows(index: Index, chunk: ChunkRecord) -> Iterator[Span]:
    """Yield the lines of a chunk that may be table rows, with the cells of those that have a record."""
    tables = index.catalog.tables(chunk.document_id)
    start = chunk.start
    for line in chunk.text.split("\n"):
        if len(line) <= _LONGEST_ROW and any(mark in line for mark in _ROW_MARKS):
            cells = read_recorded(tables, line, start) if tables else ()
            yield Span(chunk.source, chunk.document_id, chunk.title, start, start + len(line), line, cells=cells)
        start += len(line) + 1
