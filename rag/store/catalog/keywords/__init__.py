"""The keyword index of a catalog: which chunks hold which terms, ranked by BM25.

Owns: which terms of a chunk are stored, and which of its chunks a search ranks, alike in both databases: ``fts5`` keeps
the index in SQLite and ``postings`` in PostgreSQL. Each function takes an open connection; those that write belong
inside a transaction of the caller. Knows nothing about sources or document versions but the chunks' rows.

Interface: ``add_keywords``, ``remove_keywords`` and ``rebuild_keywords``; ``search_keywords`` with ``Within``;
``document_frequency``, ``vocabulary`` and ``holds_only_ascii``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rag.database import Connection, is_postgres
from rag.store.catalog.keywords import fts5, narrowing, postings
from rag.store.catalog.keywords.narrowing import Expression, any_of, chunks_to_rank
from rag.store.catalog.keywords.within import Within
from rag.text import further_terms, terms

__all__ = [
    "Within",
    "add_keywords",
    "document_frequency",
    "holds_only_ascii",
    "rebuild_keywords",
    "remove_keywords",
    "search_keywords",
    "stands_in_source",
    "vocabulary",
]

# Chunks that are in memory at a time while the index is written anew.
_CHUNKS_AT_A_TIME = 2000


def add_keywords(db: Connection, chunks: Iterable[tuple[int, str, str]]) -> None:
    """Add chunks to the keyword index.

    Args:
        db: A connection inside a transaction.
        chunks: ``(number, context, text)`` of each chunk; the number is its row in ``chunks``.
    """
    _engine(db).add(
        db,
        (
            # Stems of the text's own language stand last, so that neighbours stay neighbours.
            (number, terms(context), [*terms(text), *further_terms(f"{text}\n{context}")])
            for number, context, text in chunks
        ),
    )


def remove_keywords(db: Connection, numbers: Iterable[int]) -> None:
    """Take chunks out of the keyword index.

    Args:
        db: A connection inside a transaction.
        numbers: The chunks' rows in ``chunks``.
    """
    _engine(db).remove(db, numbers)


def rebuild_keywords(db: Connection) -> None:
    """Write the keyword index anew from the table of chunks, inside a transaction of the caller."""
    _engine(db).clear(db)
    add_keywords(db, _chunks(db))


def holds_only_ascii(db: Connection) -> bool:
    """Tell whether all terms of the keyword index are ASCII."""
    return bool(_engine(db).holds_only_ascii(db))


def search_keywords(
    db: Connection,
    query: Sequence[str],
    limit: int,
    within: Within | None,
    frequency: Mapping[str, int],
    total: int,
) -> list[tuple[str, float]]:
    """Rank the chunks that hold terms of a query by BM25.

    Args:
        db: A connection.
        query: Distinct terms, as ``rag.text.query_terms`` makes them; one with spaces is a phrase, whose terms must
            stand in a row.
        limit: How many chunks to return at most.
        within: The sources whose chunks are ranked; None for all.
        frequency: In how many chunks each term stands.
        total: How many chunks there are.

    Returns:
        ``(chunk id, score)``, best first; scores are above 0 and higher is better.
    """
    if not query or limit < 1 or not total or (within is not None and not within.chunks):
        return []
    engine = _engine(db)
    wanted: Expression = any_of(query)
    if len(query) > 1 and (within is None or total > narrowing.MOST_RANKED):
        share = within.chunks / total if within else 1.0
        wanted = chunks_to_rank(query, limit, frequency, total, share, lambda found: engine.count(db, found))
    ranked: list[tuple[str, float]] = engine.ranked(db, wanted, limit, within, frequency, total)
    return ranked


def document_frequency(db: Connection, query: Iterable[str]) -> dict[str, int]:
    """Count the chunks in which terms stand.

    Args:
        db: A connection.
        query: The terms, and phrases of several.

    Returns:
        The number of chunks, by term.
    """
    counted: dict[str, int] = _engine(db).frequencies(db, query)
    return counted


def stands_in_source(db: Connection, term: str, within: Within) -> bool:
    """Tell whether a term stands in a chunk of one source, whose chunks are numbered in a row.

    Args:
        db: A connection.
        term: The term, or a phrase of several.
        within: The source.

    Returns:
        Whether it does.
    """
    found: bool = _engine(db).stands_between(db, any_of([term]), within.first, within.last)
    return within.chunks > 0 and found


def vocabulary(db: Connection, prefix: str) -> dict[str, int]:
    """Return the terms of the keyword index that begin with some letters.

    Args:
        db: A connection.
        prefix: What they begin with; not empty.

    Returns:
        The number of chunks in which each stands, by term.
    """
    found: dict[str, int] = _engine(db).vocabulary(db, prefix)
    return found


def _engine(db: Connection) -> Any:
    """Return the module that keeps the index in the database of a connection."""
    return postings if is_postgres(db) else fts5


def _chunks(db: Connection) -> Iterator[tuple[int, str, str]]:
    """Yield the number, the context and the text of each chunk, some in memory at a time, while others are written."""
    last = -1
    while rows := db.execute(
        "SELECT number, context, text FROM chunks WHERE number > ? ORDER BY number LIMIT ?", (last, _CHUNKS_AT_A_TIME)
    ).fetchall():
        yield from rows
        last = rows[-1][0]
