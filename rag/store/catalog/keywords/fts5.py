"""The keyword index in SQLite, by its FTS5.

Owns: the table ``keywords`` there, and an expression in FTS5's language. FTS5 stores the terms, counts and ranks them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rag.store.catalog.keywords import narrowing
from rag.store.catalog.keywords.narrowing import AllOf, Expression
from rag.store.catalog.keywords.within import Within


def add(db: sqlite3.Connection, chunks: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> None:
    """Add chunks.

    Args:
        db: A connection inside a transaction.
        chunks: ``(number, terms of the context, terms of the text)`` of each.
    """
    db.executemany(
        "INSERT INTO keywords (rowid, context, text) VALUES (?, ?, ?)",
        ((number, " ".join(context), " ".join(text)) for number, context, text in chunks),
    )


def remove(db: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Take chunks out, by their numbers, inside a transaction.

    Args:
        db: A connection.
        numbers: The numbers of the chunks.
    """
    db.executemany("DELETE FROM keywords WHERE rowid = ?", ((number,) for number in numbers))


def clear(db: sqlite3.Connection) -> None:
    """Take all chunks out, inside a transaction."""
    db.execute("DELETE FROM keywords")


def holds_only_ascii(db: sqlite3.Connection) -> bool:
    """Tell whether all terms are ASCII."""
    _make_vocabulary(db)
    other = db.execute("SELECT 1 FROM temp.keyword_terms WHERE term GLOB '*[^ -~]*' LIMIT 1").fetchone()
    return other is None


def frequencies(db: sqlite3.Connection, terms: Iterable[str]) -> dict[str, int]:
    """Return in how many chunks each term stands; this reads all the places of a term.

    Args:
        db: A connection.
        terms: The terms.

    Returns:
        The number of chunks, by term.
    """
    return {term: count(db, term) for term in terms}


def vocabulary(db: sqlite3.Connection, prefix: str) -> dict[str, int]:
    """Return in how many chunks each term stands that begins with some letters.

    Args:
        db: A connection.
        prefix: What they begin with; not empty.

    Returns:
        The number of chunks, by term.
    """
    _make_vocabulary(db)
    rows = db.execute(
        "SELECT term, doc FROM temp.keyword_terms WHERE term >= ? AND term < ?", (prefix, prefix + "\U0010ffff")
    )
    return {term: int(number) for term, number in rows}


def count(db: sqlite3.Connection, wanted: Expression) -> int:
    """Return how many chunks an expression finds.

    Args:
        db: A connection.
        wanted: The expression.

    Returns:
        The number of chunks.
    """
    matched = db.execute("SELECT count(*) FROM keywords WHERE keywords MATCH ?", (_written(wanted),))
    return int(matched.fetchone()[0])


def stands_between(db: sqlite3.Connection, wanted: Expression, first: int, last: int) -> bool:
    """Tell whether an expression finds one of the chunks whose numbers lie between two, these among them.

    Args:
        db: A connection.
        wanted: The expression.
        first: The lowest number.
        last: The highest.

    Returns:
        Whether there is one; it stops at the first.
    """
    found = db.execute(
        "SELECT 1 FROM keywords WHERE keywords MATCH ? AND rowid BETWEEN ? AND ? LIMIT 1",
        (_written(wanted), first, last),
    )
    return found.fetchone() is not None


def ranked(
    db: sqlite3.Connection,
    wanted: Expression,
    limit: int,
    within: Within | None,
    _: Mapping[str, int],
    total: int,
) -> list[tuple[str, float]]:
    """Rank the chunks that an expression finds by BM25.

    Args:
        db: A connection.
        wanted: The expression.
        limit: How many chunks to return at most.
        within: The sources whose chunks are ranked, which have some; None for all.
        _: In how many chunks each term stands; FTS5 counts for itself.
        total: How many chunks there are.

    Returns:
        ``(chunk id, score)``, best first.
    """
    among, arguments = _among(within, total) if within else ("", ())
    # FTS5's own ranking has fixed k1 = 1.2 and b = 0.75; terms of the title and headings count as much as those of the
    # text, which was chosen together with the weights of fusion on SciFact train.
    found: list[Any] = db.execute(
        "SELECT rowid, bm25(keywords) AS score FROM keywords "
        f"WHERE keywords MATCH ? {among}ORDER BY score, rowid LIMIT ?",
        (_written(wanted), *arguments, limit),
    ).fetchall()
    if not found:
        return []
    ids = dict(
        db.execute(
            "SELECT number, id FROM chunks WHERE number IN (SELECT value FROM json_each(?))",
            (json.dumps([number for number, _ in found]),),
        )
    )
    # FTS5's scores are negative: lower is better.
    return [(ids[number], -score) for number, score in found if number in ids]


def _among(within: Within, total: int) -> tuple[str, tuple[int | str, ...]]:
    """Return what keeps matches in ``keywords`` to some chunks: further SQL, and its arguments.

    Args:
        within: The sources of the chunks.
        total: How many chunks there are.
    """
    # With a plus sign, so that SQLite matches the text once and then looks at the rows: it would match anew for each of
    # the numbers.
    allowed = (
        "SELECT number FROM chunks WHERE source IN (SELECT value FROM json_each(?))"
        if within.chunks < max(narrowing.MOST_RANKED, total / 4)
        # Fewer rows match than there are numbers.
        else "SELECT number FROM chunks c WHERE c.number = keywords.rowid "
        "AND +c.source IN (SELECT value FROM json_each(?))"
    )
    sources = json.dumps(within.sources)
    return f"AND rowid BETWEEN ? AND ? AND +rowid IN ({allowed}) ", (within.first, within.last, sources)


def _make_vocabulary(db: sqlite3.Connection) -> None:
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.keyword_terms USING fts5vocab('main', 'keywords', 'row')")


def _written(wanted: Expression) -> str:
    """Return an expression in FTS5's language; a term is quoted, whatever characters it has."""
    if isinstance(wanted, str):
        return '"' + wanted.replace('"', '""') + '"'
    between = " AND " if isinstance(wanted, AllOf) else " OR "
    return between.join(
        part if isinstance(each, str) else f"({part})" for each in wanted.parts for part in [_written(each)]
    )
