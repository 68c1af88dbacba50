"""The work that fixed tasks take, against what is stored: more fails, less is told at the end of the run."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.counts import fresh, stored
from tests.counts.conftest import LESS
from tests.counts.counting import (
    CHROMA,
    ENCODER_CALLS,
    SQL,
    TEXTS,
    TOKENS,
    CountingEncoder,
    Counts,
    counted_stores,
    shape,
)
from tests.counts.stored import differences
from tests.fakes import WordEncoder


@pytest.fixture(scope="module")
def counted() -> dict[str, Counts]:
    return fresh.count()


@pytest.mark.parametrize("task", stored.read())
def test_no_task_takes_more_than_is_stored(
    task: str, counted: dict[str, Counts], request: pytest.FixtureRequest
) -> None:
    more, less = differences(task, stored.read()[task], counted[task].by_kind)
    request.config.stash.setdefault(LESS, []).extend(less)
    assert not more, "\n".join(more)


def test_every_task_is_stored(counted: dict[str, Counts]) -> None:
    assert list(stored.read()) == list(counted), "store the tasks: python -m tests.counts --write"


def test_each_kind_is_counted_somewhere(counted: dict[str, Counts]) -> None:
    for kind in (ENCODER_CALLS, TEXTS, TOKENS, SQL, CHROMA):
        assert sum(counts.by_kind[kind] for counts in counted.values()) > 0, kind


def test_what_is_encoded_is_counted_whether_one_text_or_several() -> None:
    counts = Counts()
    encoder = CountingEncoder(WordEncoder(), counts)
    encoder.encode_passages(["the bridge", "a ferry to Skarholm"])
    encoder.encode_tokens(texts=["the toll"], question=True)
    encoder.encode_question("who keeps it?")
    encoder.count_tokens(["not encoded"])
    assert counts.by_kind == {ENCODER_CALLS: 3, TEXTS: 4, TOKENS: 2 + 4 + 2 + 3, SQL: 0, CHROMA: 0}
    assert counts.details[TEXTS] == {"encode_passages": 2, "encode_tokens": 1, "encode_question": 1}


def test_statements_are_counted_as_they_run_and_only_meanwhile(tmp_path: Path) -> None:
    counts = Counts()
    with counted_stores(counts):
        connection = sqlite3.connect(tmp_path / "some.sqlite", isolation_level=None)
        connection.execute("CREATE TABLE tolls (place TEXT, crowns INTEGER)")
        connection.executemany("INSERT INTO tolls VALUES (?, ?)", [("bridge", 3), ("ferry", 5)])
        connection.execute("SELECT * FROM tolls WHERE place = 'bridge'").fetchall()
        connection.close()
    other = sqlite3.connect(tmp_path / "some.sqlite")
    other.execute("SELECT * FROM tolls").fetchall()
    other.close()
    assert counts.by_kind[SQL] == 4
    assert counts.details[SQL]["INSERT INTO tolls VALUES (?…)"] == 2


def test_a_full_text_table_counts_as_the_statements_that_are_asked(tmp_path: Path) -> None:
    counts = Counts()
    with counted_stores(counts):
        connection = sqlite3.connect(tmp_path / "some.sqlite", isolation_level=None)
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(body)")
        connection.execute("INSERT INTO words VALUES ('the bridge')")
        connection.close()
    assert counts.by_kind[SQL] == 2


def test_calls_of_chroma_count_once_however_it_works_inside(tmp_path: Path) -> None:
    import chromadb

    counts = Counts()
    client = chromadb.PersistentClient(str(tmp_path), settings=chromadb.config.Settings(anonymized_telemetry=False))
    with counted_stores(counts):
        collection = client.get_or_create_collection("some", embedding_function=None)
        collection.add(ids=["1"], embeddings=[[1.0, 0.0]])
        collection.query(query_embeddings=[[1.0, 0.0]], n_results=1)
    assert counts.details[CHROMA] == {"Client.get_or_create_collection": 1, "Collection.add": 1, "Collection.query": 1}


def test_the_values_of_a_statement_do_not_count() -> None:
    assert shape("SELECT a FROM t\n WHERE b IN ('x', 'it''s', 3) AND t2.c = 1.5e-3") == (
        "SELECT a FROM t WHERE b IN (?…) AND t2.c = ?"
    )


def test_more_is_a_fault_and_less_is_told() -> None:
    more, less = differences(
        "one question", {"SQL statements": 5, "encoder calls": 2}, {"SQL statements": 7, "encoder calls": 1}
    )
    assert len(more) == len(less) == 1
    assert more[0].startswith("one question: SQL statements: 5 before, 7 now (+2)")
    assert "python -m tests.counts --write" in more[0]
    assert less[0].startswith("one question: encoder calls: 2 before, 1 now (-1)")


def test_a_kind_that_was_never_stored_is_a_fault() -> None:
    more, less = differences("one question", {}, {"SQL statements": 7})
    assert "not stored" in more[0]
    assert not less


def test_equal_counts_say_nothing() -> None:
    assert differences("one question", {"SQL statements": 7}, {"SQL statements": 7}) == ([], [])
