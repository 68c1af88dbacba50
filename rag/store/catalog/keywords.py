"""The keyword index of a catalog: which chunks hold which terms, ranked by BM25.

Owns: the table ``keywords``, by SQLite's FTS5. Each function takes an open connection; those that write belong inside a
transaction of the caller. Knows nothing about sources or document versions but the chunks' rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.text import further_terms, terms

# FTS5's own ranking has fixed k1 = 1.2 and b = 0.75. Terms of the title and headings count this much beside the text;
# chosen together with the weights of fusion on SciFact train.
CONTEXT_WEIGHT = 1.0

# Chunks with one of the query's rarest terms that are ranked; more only where the rarest term alone stands in more.
_ROWS_RANKED = 2000
# Where that would be more chunks than this, one must hold two of the frequent terms to be ranked, or three, and so on.
# An index that is not large has no such terms.
_MOST_RANKED = 20_000


@dataclass(frozen=True, slots=True)
class Within:
    """The sources that a search is kept to.

    Attributes:
        sources: Their names, as a list in JSON.
        chunks: How many chunks they have.
        first: The lowest number of a chunk of theirs; 0 without chunks.
        last: The highest.
    """

    sources: str
    chunks: int
    first: int
    last: int

    @classmethod
    def of(cls, db: sqlite3.Connection, sources: Sequence[str]) -> Within:
        """Count the chunks of some sources.

        Args:
            db: A connection.
            sources: The names of the sources.

        Returns:
            The sources, with their chunks counted.
        """
        names = json.dumps(list(sources))
        row = db.execute(
            "SELECT count(*), coalesce(min(number), 0), coalesce(max(number), 0) FROM chunks "
            "WHERE source IN (SELECT value FROM json_each(?))",
            (names,),
        ).fetchone()
        return cls(names, *row)

    def condition(self, total: int) -> tuple[str, tuple[int | str, ...]]:
        """Return what keeps matches in ``keywords`` to these chunks: further SQL, and its arguments.

        Args:
            total: How many chunks there are.
        """
        # With a plus sign, so that SQLite matches the text once and then looks at the rows: it would match anew for
        # each of the numbers.
        allowed = (
            "SELECT number FROM chunks WHERE source IN (SELECT value FROM json_each(?))"
            if self.chunks < max(_MOST_RANKED, total / 4)
            # Fewer rows match than there are numbers.
            else "SELECT number FROM chunks c WHERE c.number = keywords.rowid "
            "AND +c.source IN (SELECT value FROM json_each(?))"
        )
        return f"AND rowid BETWEEN ? AND ? AND +rowid IN ({allowed}) ", (self.first, self.last, self.sources)


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
    db: sqlite3.Connection,
    query: Sequence[str],
    limit: int,
    within: Within | None,
    frequency: Mapping[str, int],
    total: int,
) -> list[tuple[str, float]]:
    """Rank the chunks that hold terms of a query by BM25.

    Args:
        db: A connection.
        query: Distinct terms, as ``rag.text.query_terms`` makes them.
        limit: How many chunks to return at most.
        within: The sources whose chunks are ranked; None for all.
        frequency: In how many chunks each term stands.
        total: How many chunks there are.

    Returns:
        ``(chunk id, score)``, best first; scores are above 0 and higher is better.
    """
    if not query or limit < 1:
        return []
    match = _any_of(query)
    among = ""
    arguments: tuple[int | str, ...] = ()
    if within is not None:
        if not within.chunks:
            return []
        among, arguments = within.condition(total)
    if len(query) > 1 and (within is None or total > _MOST_RANKED):
        match = _ranked(db, query, limit, frequency, total, within.chunks / total if within else 1.0)
    ranked: list[Any] = db.execute(
        f"SELECT rowid, bm25(keywords, {CONTEXT_WEIGHT}, 1.0) AS score FROM keywords "
        f"WHERE keywords MATCH ? {among}ORDER BY score, rowid LIMIT ?",
        (match, *arguments, limit),
    ).fetchall()
    if not ranked:
        return []
    ids = dict(
        db.execute(
            "SELECT number, id FROM chunks WHERE number IN (SELECT value FROM json_each(?))",
            (json.dumps([number for number, _ in ranked]),),
        )
    )
    # FTS5's scores are negative: lower is better.
    return [(ids[number], -score) for number, score in ranked if number in ids]


def document_frequency(db: sqlite3.Connection, query: Iterable[str]) -> dict[str, int]:
    """Count the chunks in which terms stand; this reads all the places of a term.

    Args:
        db: A connection.
        query: The terms.

    Returns:
        The number of chunks, by term.
    """
    return {term: _count(db, _quoted(term)) for term in query}


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


def _ranked(
    db: sqlite3.Connection,
    query: Sequence[str],
    limit: int,
    frequency: Mapping[str, int],
    total: int,
    share: float = 1.0,
) -> str:
    """Return an expression that matches the chunks to rank for a query, with its terms in it.

    They are those with one of the query's rarest terms, enough of them to leave plenty of chunks to rank. A chunk that
    holds only terms which stand in a large part of the index never ranks high, but scoring every such chunk took four
    fifths of a search at 50,000 chunks. In a large index, a frequent term counts only beside another.

    Args:
        db: A connection.
        query: Distinct terms, two at least.
        limit: How many chunks are wanted.
        frequency: In how many chunks each term stands.
        total: How many chunks there are.
        share: The share of them, above 0, that may be ranked at all.
    """
    ordered = sorted(query, key=lambda term: (frequency[term], term))
    weighty = query
    if total > _MOST_RANKED:
        # FTS5 gives a term that stands in half of all chunks no weight, and reads all its places to find that out.
        ordered = [term for term in ordered if frequency[term] < total / 2] or ordered[:1]
        weighty = ordered
    rows, rare = 0, 0
    while rare < len(ordered) and rows * share < _ROWS_RANKED:
        rows += frequency[ordered[rare]]
        rare += 1
    if rows * share <= _MOST_RANKED:
        return f"({_any_of(ordered[:rare])}) AND ({_any_of(weighty)})"
    # It is the last of them that stands in so many.
    alone, frequent = ordered[: rare - 1], ordered[rare - 1 :]
    wanted = int(limit / share) - rows + frequency[frequent[0]]
    if len(frequent) == 1 and wanted <= 0:
        return _any_of(alone)
    narrowed = _narrowed(db, frequent, wanted, int(_MOST_RANKED / share))
    return f"({_any_of(ordered)}) AND ({' OR '.join([*map(_quoted, alone), f'({narrowed})'])})"


def _narrowed(db: sqlite3.Connection, frequent: Sequence[str], wanted: int, most: int) -> str:
    """Return an expression for chunks that hold the first of some terms beside others, more of them until few match.

    Args:
        db: A connection.
        frequent: The terms, the rarest first.
        wanted: How many chunks are to be left at least.
        most: How many are few.
    """
    first, *others = map(_quoted, frequent)
    beside = [" OR ".join(others), *(" AND ".join(others[:count]) for count in range(1, len(others) + 1))]
    chosen = first
    for others_matched in filter(None, dict.fromkeys(beside)):
        expression = f"{first} AND ({others_matched})"
        matched = _count(db, expression)
        if matched < wanted:
            break
        chosen = expression
        if matched <= most:
            break
    return chosen


def _count(db: sqlite3.Connection, expression: str) -> int:
    """Return how many chunks an expression of FTS5 matches."""
    return int(db.execute("SELECT count(*) FROM keywords WHERE keywords MATCH ?", (expression,)).fetchone()[0])


def _any_of(terms_: Sequence[str]) -> str:
    return " OR ".join(map(_quoted, terms_))


def _quoted(term: str) -> str:
    """Return a term as FTS5 takes it, whatever characters it has."""
    return '"' + term.replace('"', '""') + '"'
