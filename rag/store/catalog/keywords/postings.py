"""The keyword index in PostgreSQL: the terms of each chunk with their counts, ranked as SQLite's FTS5 ranks.

Owns: the tables ``keywords``, ``keyword_terms``, ``keyword_sequences`` and ``keyword_totals``. PostgreSQL's own ranking
of texts knows neither how rare a term is nor how long texts are on average, so BM25 is computed here from what it
needs, in the same steps and the same order as FTS5's: the scores are equal to the last bit.

A chunk is one row with its terms as numbers, by which an inverted index (GIN) finds it. At 20,000 chunks of 850
characters that took 1.1 KB a chunk, a row for each term of each chunk 6.3 KB, and a ``tsvector``, whose counts would
be read from lists of places, 1.9 KB; it was also written soonest. The sequences for phrases come on top.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rag.database import Connection
from rag.store.catalog.keywords.narrowing import AllOf, AnyOf, Expression
from rag.store.catalog.keywords.within import Within

TABLES = """
CREATE TABLE keyword_terms (
    id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, term TEXT COLLATE "C" NOT NULL UNIQUE, chunks BIGINT NOT NULL
) WITH (fillfactor = 70);
CREATE TABLE keywords (
    number BIGINT PRIMARY KEY, length INTEGER NOT NULL, terms INTEGER[] NOT NULL, counts SMALLINT[] NOT NULL
);
CREATE TABLE keyword_sequences (number BIGINT PRIMARY KEY, sequence INTEGER[] NOT NULL);
CREATE FUNCTION times_in_a_row(sequence INTEGER[], phrase INTEGER[]) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS
    $$ SELECT count(*) FROM unnest(array_positions(sequence, phrase[1])) place
    WHERE sequence[place : place + cardinality(phrase) - 1] = phrase $$;
CREATE INDEX keywords_terms ON keywords USING gin (terms);
CREATE TABLE keyword_totals (chunks BIGINT NOT NULL, length BIGINT NOT NULL);
INSERT INTO keyword_totals VALUES (0, 0);
"""
"""What makes the tables, empty. ``terms`` are sorted, so that one is found by halves; a number of ``counts`` belongs to
the term at the same place. ``length`` counts terms with repeats, and ``chunks`` of a term the chunks in which it
stands. A ``sequence`` has the terms of the context, then those of the text: a phrase is found where its terms stand in
a row. It lies in a table of its own, since a search reads many rows of the other and most have no phrase."""

# What FTS5's ranking has fixed; and the weight of a term that stands in half of all chunks, or in more.
_K1, _B, _LEAST_WEIGHT = 1.2, 0.75, 1e-6
# Terms are counted so far in a chunk; more of them change its score no more.
_MOST_COUNTED = 32_767
_CHUNKS_AT_A_TIME = 2000
# No term has this number, so a chunk that must hold it is never found.
_ABSENT = 0
# Stands in a sequence between the context and the text, since no phrase reaches from one into the other.
_BORDER = -1


def add(db: Connection, chunks: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> None:
    """Add chunks.

    Args:
        db: A connection inside a transaction.
        chunks: ``(number, terms of the context, terms of the text)`` of each.
    """
    left = iter(chunks)
    while some := list(islice(left, _CHUNKS_AT_A_TIME)):
        counted = [Counter((*context, *text)) for _, context, text in some]
        ids = _count_up(db, Counter(term for counts in counted for term in counts))
        rows = []
        for (number, context, text), counts in zip(some, counted, strict=True):
            sorted_counts = sorted((ids[term], min(times, _MOST_COUNTED)) for term, times in counts.items())
            terms, times = ([pair[at] for pair in sorted_counts] for at in (0, 1))
            rows.append((number, len(context) + len(text), terms, times))
        db.executemany(
            "INSERT INTO keywords (number, length, terms, counts) VALUES (?, ?, ?::int[], ?::smallint[])", rows
        )
        db.executemany(
            "INSERT INTO keyword_sequences (number, sequence) VALUES (?, ?::int[])",
            (
                (number, [*(ids[term] for term in context), _BORDER, *(ids[term] for term in text)])
                for number, context, text in some
            ),
        )
        _change_totals(db, len(some), sum(len(context) + len(text) for _, context, text in some))


def remove(db: Connection, numbers: Iterable[int]) -> None:
    """Take chunks out, by their numbers, inside a transaction.

    Args:
        db: A connection.
        numbers: The numbers of the chunks.
    """
    gone = (list(numbers),)
    rows = db.execute("DELETE FROM keywords WHERE number = ANY(?) RETURNING length, terms", gone).fetchall()
    if not rows:
        return
    db.execute("DELETE FROM keyword_sequences WHERE number = ANY(?)", gone)
    fewer = Counter(id_ for _, ids in rows for id_ in ids)
    left = db.execute(
        "UPDATE keyword_terms t SET chunks = t.chunks - gone.chunks "
        "FROM unnest(?::int[], ?::bigint[]) gone(id, chunks) WHERE t.id = gone.id RETURNING t.id, t.chunks",
        (list(fewer), list(fewer.values())),
    )
    unused = [id_ for id_, chunks in left if not chunks]
    db.execute("DELETE FROM keyword_terms WHERE id = ANY(?)", (unused,))
    _change_totals(db, -len(rows), -sum(length for length, _ in rows))


def clear(db: Connection) -> None:
    """Take all chunks out, inside a transaction."""
    db.execute("DELETE FROM keywords")
    db.execute("DELETE FROM keyword_sequences")
    db.execute("DELETE FROM keyword_terms")
    db.execute("UPDATE keyword_totals SET chunks = 0, length = 0")


def holds_only_ascii(db: Connection) -> bool:
    """Tell whether all terms are ASCII."""
    other = db.execute("SELECT 1 FROM keyword_terms WHERE octet_length(term) > char_length(term) LIMIT 1").fetchone()
    return other is None


def frequencies(db: Connection, terms: Iterable[str]) -> dict[str, int]:
    """Return in how many chunks each term, or phrase, stands.

    Args:
        db: A connection.
        terms: The terms; one with spaces is a phrase of several.

    Returns:
        The number of chunks, by term.
    """
    asked = list(terms)
    known = dict(db.execute("SELECT term, chunks FROM keyword_terms WHERE term = ANY(?)", (asked,)))
    return {term: count(db, term) if " " in term else known.get(term, 0) for term in asked}


def vocabulary(db: Connection, prefix: str) -> dict[str, int]:
    """Return in how many chunks each term stands that begins with some letters.

    Args:
        db: A connection.
        prefix: What they begin with; not empty.

    Returns:
        The number of chunks, by term.
    """
    return dict(
        db.execute(
            "SELECT term, chunks FROM keyword_terms WHERE term >= ? AND term < ? ORDER BY term",
            (prefix, prefix + "\U0010ffff"),
        )
    )


def count(db: Connection, wanted: Expression) -> int:
    """Return how many chunks an expression finds.

    Args:
        db: A connection.
        wanted: The expression.

    Returns:
        The number of chunks.
    """
    condition = _condition(wanted, _ids_of(db, wanted))
    return int(db.execute(f"SELECT count(*) FROM keywords WHERE {condition}").fetchone()[0])


def stands_between(db: Connection, wanted: Expression, first: int, last: int) -> bool:
    """Tell whether an expression finds one of the chunks whose numbers lie between two, these among them.

    Args:
        db: A connection.
        wanted: The expression.
        first: The lowest number.
        last: The highest.

    Returns:
        Whether there is one; it stops at the first.
    """
    condition = _condition(wanted, _ids_of(db, wanted))
    found = db.execute(f"SELECT 1 FROM keywords WHERE {condition} AND number BETWEEN ? AND ? LIMIT 1", (first, last))
    return found.fetchone() is not None


def ranked(
    db: Connection,
    wanted: Expression,
    limit: int,
    within: Within | None,
    frequency: Mapping[str, int],
    total: int,
) -> list[tuple[str, float]]:
    """Rank the chunks that an expression finds by BM25.

    Args:
        db: A connection.
        wanted: The expression.
        limit: How many chunks to return at most.
        within: The sources whose chunks are ranked, which have some; None for all.
        frequency: In how many chunks each term stands.
        total: How many chunks there are.

    Returns:
        ``(chunk id, score)``, best first.
    """
    length = int(db.execute("SELECT length FROM keyword_totals").fetchone()[0])
    ids = _ids_of(db, wanted)
    score = _Score(frequency, total)
    score.add(wanted)
    columns = score.columns
    # Where a term would stand among the sorted ones of a chunk; then how often it does.
    places = "".join(
        f", width_bucket({ids[term][0]}, terms) AS at_{column}"
        for term, column in columns.items()
        if len(ids[term]) == 1
    )
    counts = ", ".join(f"{_times(ids[term], f'at_{column}')}::float8 AS {column}" for term, column in columns.items())
    parts = ", ".join(
        f"?::float8 * (({column} * ?::float8) / ({column} + ?::float8 * norm)) AS {column}"
        for column in columns.values()
    )
    weights = [value for term in columns for value in (score.weight(term), _K1 + 1.0, _K1)]
    among = "AND number IN (SELECT number FROM chunks WHERE source = ANY(?)) " if within else ""
    rows = db.execute(
        # Each OFFSET 0 keeps what stands inside from being computed once for each time that it is used outside.
        f"SELECT c.id, ranked.score FROM (SELECT number, {' + '.join(score.summands)} AS score FROM ("
        f"SELECT number, {parts} FROM ("
        f"SELECT number, ?::float8 + ?::float8 * length / ?::float8 AS norm, {counts} FROM ("
        f"SELECT number, length, terms, counts{places} FROM keywords "
        f"WHERE ({_condition(wanted, ids)}) {among}OFFSET 0) keywords OFFSET 0) counted OFFSET 0) weighed "
        "ORDER BY score DESC, number LIMIT ?) ranked JOIN chunks c USING (number) ORDER BY ranked.score DESC, number",
        (
            *weights,
            1 - _B,
            _B,
            length / total if length else 1.0,
            *([list(within.sources)] if within else []),
            limit,
        ),
    )
    return [(id_, value) for id_, value in rows]


def _count_up(db: Connection, more: Mapping[str, int]) -> dict[str, int]:
    """Count further chunks for each of some terms; return the number by which the index knows each."""
    known = db.execute(
        "UPDATE keyword_terms t SET chunks = t.chunks + more.chunks FROM unnest(?::text[], ?::bigint[]) "
        "more(term, chunks) WHERE t.term = more.term RETURNING t.term, t.id",
        (list(more), list(more.values())),
    )
    ids: dict[str, int] = dict(known)
    fresh = [term for term in more if term not in ids]
    added = db.execute(
        "INSERT INTO keyword_terms (term, chunks) SELECT * FROM unnest(?::text[], ?::bigint[]) RETURNING term, id",
        (fresh, [more[term] for term in fresh]),
    )
    return ids | dict(added)


def _change_totals(db: Connection, chunks: int, length: int) -> None:
    db.execute("UPDATE keyword_totals SET chunks = chunks + ?, length = length + ?", (chunks, length))


# -- an expression in SQL ----------------------------------------------------------------------------------------------


def _ids_of(db: Connection, wanted: Expression) -> dict[str, tuple[int, ...]]:
    """Return the numbers of each term of an expression, several for a phrase, in the order in which they stand."""
    words = {term: term.split() or [term] for term in _terms(wanted)}
    asked = list({word for parts in words.values() for word in parts})
    known = dict(db.execute("SELECT term, id FROM keyword_terms WHERE term = ANY(?)", (asked,)))
    return {term: tuple(known.get(word, _ABSENT) for word in parts) for term, parts in words.items()}


def _terms(wanted: Expression) -> Iterator[str]:
    if isinstance(wanted, str):
        yield wanted
        return
    for part in wanted.parts:
        yield from _terms(part)


def _condition(wanted: Expression, ids: Mapping[str, tuple[int, ...]]) -> str:
    """Return what is true of the rows of ``keywords`` that an expression finds.

    The numbers of terms stand in it as they are, so that PostgreSQL plans by how frequent they are.
    """
    if isinstance(wanted, str):
        holds_all = f"terms @> {_array(ids[wanted])}"
        return holds_all if len(ids[wanted]) == 1 else f"{holds_all} AND {_times_in_a_row(ids[wanted])} > 0"
    parts = _decisive(wanted)
    single = [ids[part][0] for part in parts if isinstance(part, str) and len(ids[part]) == 1]
    conditions = [f"({_condition(part, ids)})" for part in parts if not (isinstance(part, str) and len(ids[part]) == 1)]
    if single:
        conditions.insert(0, f"terms {'@>' if isinstance(wanted, AllOf) else '&&'} {_array(single)}")
    return (" AND " if isinstance(wanted, AllOf) else " OR ").join(conditions)


def _times(words: Sequence[int], place: str) -> str:
    """Return how often a term, or a phrase of several, stands in a row of ``keywords``.

    Args:
        words: The numbers of its terms.
        place: The column that says where a single term would stand.
    """
    if len(words) > 1:
        return _times_in_a_row(words)
    return f"(CASE WHEN terms[{place}] = {words[0]} THEN counts[{place}] ELSE 0 END)"


def _times_in_a_row(words: Sequence[int]) -> str:
    """Return how often the terms of a phrase stand in a row in the chunk of a row of ``keywords``."""
    return (
        f"(SELECT times_in_a_row(s.sequence, {_array(words)}) FROM keyword_sequences s "
        "WHERE s.number = keywords.number)"
    )


def _decisive(wanted: AnyOf | AllOf) -> Sequence[Expression]:
    """Return the parts of an expression that decide what it finds.

    Of several that must all be fulfilled, one that asks for any of some terms is fulfilled wherever another is that
    asks for fewer of them; its terms count in the score alone. To compare lists of terms is what takes long.
    """
    if isinstance(wanted, AnyOf):
        return wanted.parts
    terms = [set(_terms(part)) for part in wanted.parts]
    return [
        part
        for place, part in enumerate(wanted.parts)
        if not isinstance(part, AnyOf)
        or not all(isinstance(each, str) for each in part.parts)
        or not any(terms[other] < terms[place] or (terms[other] == terms[place] and other > place)
                   for other in range(len(terms)) if other != place)
    ]  # fmt: skip


def _array(ids: Sequence[int]) -> str:
    return f"'{{{','.join(map(str, ids))}}}'::int[]"


@dataclass
class _Score:
    """The sum of BM25 for an expression: of each term for each time that it stands where the expression is fulfilled.

    So FTS5 has it: a term of a part counts only in the chunks that the part finds.

    Attributes:
        frequency: In how many chunks each term stands.
        total: How many chunks there are.
        columns: The column of each term that counts.
        summands: What is added up, in order.
    """

    frequency: Mapping[str, int]
    total: int
    columns: dict[str, str] = field(default_factory=dict)
    summands: list[str] = field(default_factory=list)

    def add(self, wanted: Expression, guard: str = "") -> None:
        """Add the terms of an expression.

        Args:
            wanted: The expression; what a search is for, or a part of it.
            guard: What is true where the part counts; "" where it always does.
        """
        if isinstance(wanted, str):
            column = self._column(wanted)
            self.summands.append(f"CASE WHEN {guard} THEN {column} ELSE 0 END" if guard else column)
            return
        for part in wanted.parts:
            inner = guard
            # A part of an AnyOf need not be fulfilled; of a term alone its count says so.
            if isinstance(wanted, AnyOf) and not isinstance(part, str):
                inner = self._holds(part)
            self.add(part, inner)

    def _holds(self, wanted: Expression) -> str:
        """Return what is true of a chunk that an expression finds, by the columns of its terms."""
        if isinstance(wanted, str):
            # A term that stands in a chunk adds to its score.
            return f"{self._column(wanted)} > 0"
        between = " AND " if isinstance(wanted, AllOf) else " OR "
        return "(" + between.join(map(self._holds, wanted.parts)) + ")"

    def _column(self, term: str) -> str:
        return self.columns.setdefault(term, f"t{len(self.columns)}")

    def weight(self, term: str) -> float:
        """Return what a term weighs: the more, the rarer it is."""
        stands_in = self.frequency[term]
        weight = math.log((self.total - stands_in + 0.5) / (stands_in + 0.5))
        return weight if weight > 0 else _LEAST_WEIGHT
