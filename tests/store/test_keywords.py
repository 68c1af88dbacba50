"""The keyword index in both databases: what PostgreSQL ranks is what SQLite ranks, score for score."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.database import Connection, transaction
from rag.store.catalog import keywords
from rag.store.catalog.keywords import Within, fts5, narrowing, postings
from rag.store.catalog.keywords.narrowing import AllOf, AnyOf, Expression, any_of
from tests.postgres_server import PostgresServer

# The first ones are frequent. They are stems already; one has a letter that is no ASCII.
WORDS = ("bridg", "toll", "river", "ferri", "zebra", "wal\u00e7", "3.5", "under_scor")
# Other spellings of what a question mentions; of the last one no chunk holds all words.
PHRASES = ("bridg toll", "toll bridg bridg", "bridg bridg", "zebra absent")
SOURCES = ("a.txt", "b/c.txt", "d.txt")
CHUNKS = "CREATE TABLE chunks (number BIGINT PRIMARY KEY, id TEXT, source TEXT, context TEXT, text TEXT)"


@dataclass
class Engines:
    """The same chunks in SQLite and in PostgreSQL."""

    sqlite: sqlite3.Connection
    postgres: Connection

    def each(self) -> tuple[Connection, Connection]:
        return self.sqlite, self.postgres

    def add(self, chunks: list[tuple[int, str, str, str]]) -> None:
        for db in self.each():
            with transaction(db):
                db.executemany(
                    "INSERT INTO chunks VALUES (?, ?, ?, ?, ?)",
                    [(number, f"id{number}", source, context, text) for number, source, context, text in chunks],
                )
                keywords.add_keywords(db, [(number, context, text) for number, _, context, text in chunks])

    def remove(self, numbers: list[int]) -> None:
        for db in self.each():
            with transaction(db):
                db.executemany("DELETE FROM chunks WHERE number = ?", [(number,) for number in numbers])
                keywords.remove_keywords(db, numbers)

    def clear(self) -> None:
        for db in self.each():
            with transaction(db):
                db.execute("DELETE FROM chunks")
                keywords.rebuild_keywords(db)

    def search(
        self, query: list[str], limit: int, sources: list[str] | None
    ) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        first, second = (search(db, query, limit, sources) for db in self.each())
        return first, second

    def ranked(self, wanted: Expression) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        total = self.sqlite.execute("SELECT count(*) FROM chunks").fetchone()[0]
        frequency = keywords.document_frequency(self.sqlite, [*WORDS, "absent"])
        assert fts5.count(self.sqlite, wanted) == postings.count(self.postgres, wanted)
        return (
            fts5.ranked(self.sqlite, wanted, 30, None, frequency, total),
            postings.ranked(self.postgres, wanted, 30, None, frequency, total),
        )


def narrowed(query: list[str]) -> Iterator[Expression]:
    """What a large index is searched for: the rare terms alone, and the first of the frequent ones beside others."""
    if not query:
        return
    first, *others = query
    alone = [word for word in WORDS if word not in query][:2]
    for beside in (AnyOf(tuple(others)), AllOf(tuple(others))) if others else ():
        yield AllOf((any_of([*alone, *query]), AnyOf((*alone, AllOf((first, beside))))))


def search(db: Connection, query: list[str], limit: int, sources: list[str] | None) -> list[tuple[str, float]]:
    total = db.execute("SELECT count(*) FROM chunks").fetchone()[0]
    within = None if sources is None else Within.of(db, sources)
    return keywords.search_keywords(db, query, limit, within, keywords.document_frequency(db, query), total)


@pytest.fixture(scope="module")
def engines(postgres_server: PostgresServer) -> Iterator[Engines]:
    from rag.database.postgres import PostgresConnection

    with (
        closing(sqlite3.connect(":memory:", isolation_level=None)) as sqlite,
        closing(PostgresConnection(postgres_server.new_database(), "words")) as postgres,
    ):
        sqlite.execute(CHUNKS)
        sqlite.execute("CREATE VIRTUAL TABLE keywords USING fts5(context, text, tokenize=\"ascii tokenchars '.,_'\")")
        postgres.execute("CREATE SCHEMA words")
        for statement in (CHUNKS, *filter(str.strip, postings.TABLES.split(";\n"))):
            postgres.execute(statement)
        yield Engines(sqlite, postgres)


@pytest.fixture(scope="module", params=["as it is", "small"])
def size(request: pytest.FixtureRequest) -> Iterator[str]:
    """Rank as in a small index, and as in a large one, in which frequent terms are passed over."""
    with pytest.MonkeyPatch.context() as patched:
        if request.param == "small":
            patched.setattr(narrowing, "MOST_RANKED", 6)
            patched.setattr(narrowing, "ROWS_RANKED", 3)
        yield request.param


texts = st.lists(
    st.sampled_from([word for place, word in enumerate(WORDS) for _ in range(2 ** (len(WORDS) - place))]), max_size=8
).map(" ".join)
chunks = st.lists(
    st.tuples(st.sampled_from(SOURCES), texts.map(lambda text: text[:12]), texts), min_size=1, max_size=24
)
queries = st.lists(st.sampled_from((*WORDS, *PHRASES, "absent")), min_size=1, max_size=6, unique=True)
searches = st.tuples(queries, st.integers(1, 30), st.none() | st.lists(st.sampled_from(SOURCES), max_size=2))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chunks, st.lists(searches, min_size=8, max_size=8), st.sets(st.integers(1, 24)))
def test_both_databases_rank_alike(
    engines: Engines,
    size: str,
    added: list[tuple[str, str, str]],
    asked: list[tuple[list[str], int, list[str] | None]],
    gone: set[int],
) -> None:
    engines.clear()
    engines.add([(number, *chunk) for number, chunk in enumerate(added, start=1)])
    engines.remove(sorted(gone))
    for query, limit, sources in asked:
        words = [term for term in query if " " not in term]
        # FTS5 (3.40) passes over a term that is asked for beside a phrase which does not stand there, where both are
        # parts of a part; of one chunk alone it counts it.
        sqlite, postgres = engines.search(words if size == "small" else query, limit, sources)
        assert postgres == sqlite
        assert all(math.isfinite(score) and score > 0 for _, score in postgres)
        assert keywords.document_frequency(engines.postgres, query) == keywords.document_frequency(
            engines.sqlite, query
        )
        for wanted in narrowed(words):
            sqlite, postgres = engines.ranked(wanted)
            assert postgres == sqlite
    query, first, _ = asked[0]
    for last in (24, first + 3):
        held = [fts5.stands_between(engines.sqlite, term, first, last) for term in query]
        assert held == [postings.stands_between(engines.postgres, term, first, last) for term in query]
    for prefix in ("b", "w"):
        assert keywords.vocabulary(engines.postgres, prefix) == keywords.vocabulary(engines.sqlite, prefix)
    assert keywords.holds_only_ascii(engines.postgres) == keywords.holds_only_ascii(engines.sqlite)


def test_a_phrase_stands_in_a_row_and_in_one_part_of_a_chunk(engines: Engines) -> None:
    engines.clear()
    engines.add(
        [
            (1, "a.txt", "e", "mail e mail e mail"),
            (2, "a.txt", "", "mail e"),
            (3, "b.txt", "", "e mail"),
        ]
    )
    for db in engines.each():
        assert keywords.document_frequency(db, ["e mail", "mail e", "e post", "mail"]) == {
            "e mail": 2,
            "mail e": 2,
            "e post": 0,
            "mail": 3,
        }
        assert [id_ for id_, _ in search(db, ["e mail", "post"], 9, ["b.txt", "c.txt"])] == ["id3"]


def test_a_phrase_of_a_large_index_finds_the_same_chunks(engines: Engines) -> None:
    """Its terms stand in it twice: FTS5 (3.40) may count fewer there, PostgreSQL counts as FTS5 does outside of it."""
    texts = ("e mail post post", "post", "e mail", "mail e post", "ship post e mail", "mail")
    engines.clear()
    engines.add([(number, "a.txt", "", text) for number, text in enumerate((*texts, *["ship"] * 20), start=1)])
    asked = any_of(["e mail", "post"])
    total, frequency = 26, keywords.document_frequency(engines.sqlite, asked.parts)  # type: ignore[arg-type]
    wanted = AllOf((asked, asked))
    alone = dict(fts5.ranked(engines.sqlite, asked, 30, None, frequency, total))
    assert postings.ranked(engines.postgres, asked, 30, None, frequency, total) == list(alone.items())
    ranked = postings.ranked(engines.postgres, wanted, 30, None, frequency, total)
    assert dict(ranked) == pytest.approx({id_: 2 * score for id_, score in alone.items()})
    fewer = dict(fts5.ranked(engines.sqlite, wanted, 30, None, frequency, total))
    assert set(fewer) == set(alone)
    assert all(score <= dict(ranked)[id_] + 1e-9 for id_, score in fewer.items())
