"""What grows with the index and what does not: a search of some sources, a change, and lists that are read in order."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.store import chroma, nearest
from rag.store.catalog import Catalog, History, NewVersion, SourceRecord
from rag.store.catalog.keywords import narrowing
from rag.store.catalog.schema import connect
from rag.store.chroma import ChromaStore
from rag.store.index import Index
from rag.store.nearest import nearest_chunks
from rag.store.vector_records import records_of_versions
from rag.store.vector_stores import CheckedVectorStore
from rag.types import Answer, Chunk, Document
from tests.conftest import Command

SOURCES, CHUNKS, DIMENSION = 30, 12, 16


def version(source: str, *texts: str) -> NewVersion:
    """A version of a source with one chunk a text."""
    whole = "\n".join(texts)
    spans, position = [], 0
    for text in texts:
        spans.append(Chunk(position, position + len(text), ""))
        position += len(text) + 1
    record = SourceRecord(source, "/", f"/{source}", "1", "h", "f", f"doc-{whole}", source, None, False)
    return NewVersion(
        record, Document(whole, source, "text/plain"), spans, [f"{source}:{i}" for i in range(len(texts))]
    )


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path, create=True)
    yield opened
    opened.close()


class Filled:
    """A catalog and a real Chroma with the same chunks, whose vectors are drawn by lot."""

    def __init__(self, folder: Path) -> None:
        self.catalog = Catalog(folder, create=True)
        self.vectors = CheckedVectorStore("chroma", ChromaStore(folder / "chroma", "growth"))
        self.names = [f"{number:02}.txt" for number in range(SOURCES)]
        versions = [version(name, *[f"{name} {number}" for number in range(CHUNKS)]) for name in self.names]
        self.ids = [id_ for each in versions for id_ in each.chunk_ids]
        made = np.random.default_rng(1).normal(size=(len(self.ids), DIMENSION))
        self.matrix = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
        self.vectors.add(records_of_versions(versions), self.matrix)
        self.catalog.publish(versions)

    def compared(self, vector: np.ndarray, limit: int, sources: list[str] | None) -> list[str]:
        """The nearest ids, from comparing all of them."""
        similarity = dict(zip(self.ids, (self.matrix @ vector).tolist(), strict=True))
        allowed = [id_ for id_ in self.ids if sources is None or id_.partition(":")[0] in sources]
        return sorted(allowed, key=lambda id_: (-similarity[id_], id_))[:limit]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    made = Filled(tmp_path_factory.mktemp("filled"))
    yield made
    made.catalog.close()
    made.vectors.close()


@pytest.mark.parametrize("way", ["one by one", "by their ids", "among all"])
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_a_search_of_some_sources_finds_their_nearest(filled: Filled, way: str, data: st.DataObject) -> None:
    sources = data.draw(st.lists(st.sampled_from(filled.names), unique=True, min_size=1))
    limit = data.draw(st.integers(1, 40))
    vector = np.random.default_rng(data.draw(st.integers(0, 10**6))).normal(size=DIMENSION).astype(np.float32)
    vector /= np.linalg.norm(vector)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chroma, "EXACT_UP_TO", 0)
        patch.setattr(chroma, "_is_few", lambda chosen, total: way == "one by one")
        patch.setattr(nearest, "_NAMED_IDS", -1 if way == "among all" else 10**6)
        patch.setattr(nearest, "_LEAST_SHARE", 0.0)
        found = nearest_chunks(filled.catalog, filled.vectors, vector, limit, sources)
    assert [id_ for id_, _ in found] == filled.compared(vector, limit, sources)
    scores = dict(zip(filled.ids, (filled.matrix @ vector).tolist(), strict=True))
    assert [score for _, score in found] == pytest.approx([scores[id_] for id_, _ in found], abs=1e-5)


def test_a_search_of_sources_that_are_far_from_the_question_finds_them(filled: Filled) -> None:
    vector = filled.matrix[0]
    far = sorted({id_.partition(":")[0] for id_ in filled.compared(vector, SOURCES * CHUNKS, None)[-40:]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chroma, "EXACT_UP_TO", 0)
        patch.setattr(nearest, "_NAMED_IDS", -1)
        patch.setattr(nearest, "_LEAST_SHARE", 0.0)
        patch.setattr(nearest, "_PLENTY", 0.01)
        found = nearest_chunks(filled.catalog, filled.vectors, vector, 20, far)
    assert [id_ for id_, _ in found] == filled.compared(vector, 20, far)


@pytest.mark.parametrize(("chosen", "total", "few"), [(25, 500_000, True), (1400, 500_000, True), (500, 50_000, False)])
def test_few_chunks_are_compared_one_by_one(chosen: int, total: int, few: bool) -> None:
    assert chroma._is_few(chosen, total) is few


def test_deleted_vectors_are_not_found_again(tmp_path: Path) -> None:
    made = Filled(tmp_path)
    sources = made.names[:1]
    assert len(nearest_chunks(made.catalog, made.vectors, made.matrix[0], 20, sources)) == CHUNKS
    made.vectors.delete(made.ids[:2])
    found = nearest_chunks(made.catalog, made.vectors, made.matrix[0], 20, sources)
    assert {id_ for id_, _ in found} == set(made.ids[2:CHUNKS])
    made.catalog.close()


# -- words ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def words(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """40 chunks with "bridge", 60 with "toll", 5 of them with both, 105 with neither; an index that counts as large."""
    monkeypatch.setattr(narrowing, "MOST_RANKED", 20)
    monkeypatch.setattr(narrowing, "ROWS_RANKED", 2)
    catalog.publish(
        [
            version("a.txt", *[f"bridge {number}" for number in range(35)]),
            version("b.txt", *[f"toll {number}" for number in range(55)]),
            version("both.txt", *[f"bridge toll {number}" for number in range(5)]),
            version("c.txt", *[f"other {number}" for number in range(105)]),
        ]
    )
    return catalog


def sources_of(ranked: list[tuple[str, float]]) -> list[str]:
    return [id_.partition(":")[0] for id_, _ in ranked]


def test_of_frequent_terms_those_that_stand_together_are_ranked(words: Catalog) -> None:
    assert sources_of(words.search(["bridg", "toll"], 5)) == ["both.txt"] * 5


def test_where_frequent_terms_seldom_stand_together_one_will_do(words: Catalog) -> None:
    ranked = sources_of(words.search(["bridg", "toll"], 30))
    assert ranked == ["both.txt"] * 5 + ["a.txt"] * 25


def test_a_rare_term_is_ranked_beside_them(words: Catalog) -> None:
    words.publish([version("rare.txt", "zebra")])
    assert sorted(set(sources_of(words.search(["bridg", "toll", "zebra"], 6)))) == ["both.txt", "rare.txt"]
    assert sources_of(words.search(["zebra"], 6)) == ["rare.txt"]


@given(sources=st.sets(st.sampled_from(["a.txt", "b.txt", "both.txt", "c.txt"]), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_words_are_found_in_the_chosen_sources_as_among_all(words: Catalog, sources: set[str]) -> None:
    ranked = words.search(["bridg"], 1000)
    assert words.search(["bridg"], 1000, sorted(sources)) == [
        (id_, score) for id_, score in ranked if id_.partition(":")[0] in sources
    ]


def test_counts_are_those_of_the_present_version(catalog: Catalog, tmp_path: Path) -> None:
    other = Catalog(tmp_path)
    catalog.publish([version("a.txt", "the bridge")])
    assert (other.chunk_total(), other.document_frequency(["bridg"])) == (1, {"bridg": 1})
    catalog.publish([version("b.txt", "a bridge", "a toll")])
    assert (other.chunk_total(), other.document_frequency(["bridg", "toll"])) == (3, {"bridg": 2, "toll": 1})
    assert other.chunk_count(["b.txt"]) == 2
    catalog.remove(["b.txt"])
    assert (other.chunk_total(), other.chunk_count(["b.txt"]), other.document_frequency(["toll"])) == (
        1,
        0,
        {"toll": 0},
    )
    other.close()


def test_a_term_is_counted_once_a_version(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "the bridge")])
    run = statements(catalog)
    catalog.document_frequency(["bridg"])
    catalog.document_frequency(["bridg"])
    assert sum("MATCH" in statement for statement in run) == 1


# -- changes -------------------------------------------------------------------------------------------------------


def statements(catalog: Catalog) -> list[str]:
    """All SQL that the catalog runs from now on, in this thread."""
    run: list[str] = []
    catalog._db.set_trace_callback(run.append)
    return run


def test_touched_files_are_one_transaction_and_drop_no_documents(catalog: Catalog) -> None:
    versions = [version(f"{number}.txt", f"text {number}") for number in range(40)]
    catalog.publish(versions)
    run = statements(catalog)
    catalog.put_sources([each.record for each in versions])
    assert sum(statement.startswith("BEGIN") for statement in run) == 1
    assert not any("FROM documents" in statement for statement in run)
    assert len(run) <= len(versions) + 5


@pytest.mark.parametrize("others", [5, 50])
def test_a_change_looks_at_the_documents_that_it_lets_go(catalog: Catalog, others: int) -> None:
    catalog.publish([version(f"{number}.txt", f"text {number}") for number in range(others)])
    run = statements(catalog)
    catalog.publish([version("0.txt", "another text")])
    dropped = [statement for statement in run if "DELETE FROM documents" in statement]
    assert len(dropped) == 1
    plan = catalog._db.execute(f"EXPLAIN QUERY PLAN {dropped[0]}").fetchall()
    assert not [step for *_, step in plan if step.startswith("SCAN")], "all documents are looked through"
    assert catalog.document("doc-text 0") is None
    assert catalog.document("doc-another text") is not None


def test_a_document_stays_while_another_source_shows_it(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "the same"), version("b.txt", "the same")])
    catalog.remove(["a.txt"])
    assert catalog.document("doc-the same") is not None
    catalog.put_sources([SourceRecord("b.txt", "/", "/b.txt", "2", "h", "f", None, "b", None, False)])
    assert catalog.document("doc-the same") is None


def test_a_saved_answer_looks_at_no_other_documents(index: Index) -> None:
    # What an answer lets go is tested with the conversations; here, that saving reads no list of all documents.
    run: list[str] = []
    stored = History(index.folder)
    conversation = stored.begin("ben")
    with pytest.MonkeyPatch.context() as patch:

        def traced(path: Path) -> object:
            db = connect(path)
            db.set_trace_callback(run.append)
            return db

        patch.setattr("rag.store.catalog.places.connect", traced)
        stored.save("ben", conversation.id, Answer("a question", "a question"))
    assert run
    assert not any("DELETE FROM documents" in statement for statement in run)


# -- lists ---------------------------------------------------------------------------------------------------------


def test_sources_are_not_all_in_memory(catalog: Catalog) -> None:
    catalog.publish([version(f"{number:05}.txt", f"text {number}") for number in range(1500)])

    def peak(listed: Callable[[], Iterable[object]]) -> int:
        tracemalloc.start()
        count = sum(1 for _ in listed())
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == 1500
        return most

    assert peak(catalog.each_source) < peak(catalog.sources) / 5
    assert peak(catalog.each_source_record) < peak(catalog.source_records) / 5


def test_listed_sources_are_one_object(rag: Command, index: Index) -> None:
    listed = json.loads(rag("sources", "--json").out)["sources"]
    assert [each["source"] for each in listed] == [each.source for each in index.catalog.sources()]
    index.catalog.remove([each["source"] for each in listed])
    assert rag("sources", "--json").out == '{"sources": []}\n'


@given(chunks=st.sets(st.integers(0, 30)), vectors=st.sets(st.integers(0, 40)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_chunks_without_vectors_and_vectors_without_chunks(
    catalog: Catalog, chunks: set[int], vectors: set[int]
) -> None:
    catalog.remove([each.source for each in catalog.sources()])
    catalog.publish([version(f"{number}.txt", "text") for number in chunks])
    visible, stored_ids = {f"{number}.txt:0" for number in chunks}, {f"{number}.txt:0" for number in vectors}
    with catalog.vector_ids(iter([*stored_ids, *stored_ids])) as stored, pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.store.catalog.vector_ids._IDS_AT_A_TIME", 7)
        missing = [id_ for ids in stored.without("vector") for id_ in ids]
        extra = [id_ for ids in stored.without("chunk") for id_ in ids]
        assert (stored.count_without("vector"), stored.count_without("chunk")) == (len(missing), len(extra))
    assert (missing, extra) == (sorted(visible - stored_ids), sorted(stored_ids - visible))
