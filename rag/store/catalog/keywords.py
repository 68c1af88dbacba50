"""The keyword index of a catalog: which chunks hold which terms, ranked by BM25.

Owns: the table ``keywords``, by SQLite's FTS5. Each function takes an open connection; those that write belong inside a
transaction of the caller. Knows nothing about sources or document versions but the chunks' rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from rag.text import further_terms, terms

# FTS5's own ranking has fixed k1 = 1.2 and b = 0.75. Terms of the title and headings count this much beside the text;
# chosen together with the weights of fusion on SciFact train.
CONTEXT_WEIGHT = 1.0

# Chunks with one of the query's rarest terms that are ranked; more only where the rarest term alone stands in more.
_ROWS_RANKED = 2000


def add_keywords(db: sqlite3.Connection, chunks: Iterable[tuple[int, str, str]]) -> None:
    """Add chunks to the keyword index.

    Args:
        db: A connection inside a transaction.
        chunks: ``(number, context, text)`` of each chunk; the number is its row in ``chunks``.
    """
    db.executemany(
        "INSERT INTO keywords (rowid, context, text) VALUES (?, ?, ?)",
        (
            # Stems of the text's own language stand last, so that neighbours stay neighbours.
            (number, " ".join(terms(context)), " ".join((*terms(text), *further_terms(f"{text}\n{context}"))))
            for number, context, text in chunks
        ),
    )


def remove_keywords(db: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Take chunks out of the keyword index.

    Args:
        db: A connection inside a transaction.
        numbers: The chunks' rows in ``chunks``.
    """
    db.executemany("DELETE FROM keywords WHERE rowid = ?", ((number,) for number in numbers))


def rebuild_keywords(db: sqlite3.Connection) -> None:
    """Write the keyword index anew from the table of chunks, inside a transaction of the caller."""
    db.execute("DELETE FROM keywords")
    add_keywords(db, db.execute("SELECT number, context, text FROM chunks").fetchall())


def holds_only_ascii(db: sqlite3.Connection) -> bool:
    """Tell whether all terms of the keyword index are ASCII."""
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.keyword_terms USING fts5vocab('main', 'keywords', 'row')")
    other = db.execute("SELECT 1 FROM temp.keyword_terms WHERE term GLOB '*[^ -~]*' LIMIT 1").fetchone()
    return other is None


def search_keywords(
    db: sqlite3.Connection, query: Sequence[str], limit: int, sources: Sequence[str] | None
) -> list[tuple[str, float]]:
    """Rank the chunks that hold terms of a query by BM25.

    Args:
        db: A connection.
        query: Distinct terms, as ``rag.text.query_terms`` makes them.
        limit: How many chunks to return at most.
        sources: The sources whose chunks are ranked; None for all.

    Returns:
        ``(chunk id, score)``, best first; scores are above 0 and higher is better.
    """
    if not query or limit < 1:
        return []
    match = " OR ".join(map(_quoted, query))
    if sources is None and len(query) > 1:
        rarest = " OR ".join(map(_quoted, _rarest_terms(db, query)))
        match = f"({rarest}) AND ({match})"
    of_sources, arguments = "", [match]
    if sources is not None:
        # With a plus sign, so that SQLite matches the text once and then looks rows up among the numbers: it would
        # match anew for each number.
        of_sources = "AND +rowid IN (SELECT number FROM chunks WHERE source IN (SELECT value FROM json_each(?))) "
        arguments.append(json.dumps(list(sources)))
    ranked: list[Any] = db.execute(
        f"SELECT rowid, bm25(keywords, {CONTEXT_WEIGHT}, 1.0) AS score FROM keywords "
        f"WHERE keywords MATCH ? {of_sources}ORDER BY score, rowid LIMIT ?",
        (*arguments, limit),
    ).fetchall()
    ids = dict(
        db.execute(
            "SELECT number, id FROM chunks WHERE number IN (SELECT value FROM json_each(?))",
            (json.dumps([number for number, _ in ranked]),),
        )
    )
    # FTS5's scores are negative: lower is better.
    return [(ids[number], -score) for number, score in ranked if number in ids]


def document_frequency(db: sqlite3.Connection, query: Sequence[str]) -> dict[str, int]:
    """Count the chunks in which terms stand.

    Args:
        db: A connection.
        query: The terms.

    Returns:
        The number of chunks, by term.
    """
    count = "SELECT count(*) FROM keywords WHERE keywords MATCH ?"
    return {term: int(db.execute(count, (_quoted(term),)).fetchone()[0]) for term in query}


def vocabulary(db: sqlite3.Connection, prefix: str) -> dict[str, int]:
    """Return the terms of the keyword index that begin with some letters.

    Args:
        db: A connection.
        prefix: What they begin with; not empty.

    Returns:
        The number of chunks in which each stands, by term.
    """
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.keyword_terms USING fts5vocab('main', 'keywords', 'row')")
    rows = db.execute(
        "SELECT term, doc FROM temp.keyword_terms WHERE term >= ? AND term < ?", (prefix, prefix + "\U0010ffff")
    )
    return {term: int(count) for term, count in rows}


def _rarest_terms(db: sqlite3.Connection, query: Sequence[str]) -> list[str]:
    """Return the query's rarest terms, enough of them to leave plenty of chunks to rank.

    A chunk that holds only terms which stand in a large part of the index never ranks high, but scoring every such
    chunk took four fifths of a search at 50,000 chunks.
    """
    frequency = document_frequency(db, query)
    rarest: list[str] = []
    rows = 0
    for term in sorted(query, key=lambda term: (frequency[term], term)):
        if rows >= _ROWS_RANKED:
            break
        rarest.append(term)
        rows += frequency[term]
    return rarest


def _quoted(term: str) -> str:
    """Return a term as FTS5 takes it, whatever characters it has."""
    return '"' + term.replace('"', '""') + '"'
