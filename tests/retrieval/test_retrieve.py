"""Retrieval over a small index whose vectors one can compute by eye: `rag.retrieval.passages`."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rag.errors import IndexUnusable, UsageError
from rag.ingestion.pipeline import ingest, remove
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.index import Index
from rag.store.vector_stores import VectorRecord
from rag.text import embedded_text
from tests.conftest import LIBRARY, Opener, write_files
from tests.fakes import vector_of


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("Which ferry?", "sea/ferry.txt"),
        ("the keeper", "sea/keeper.txt"),
        ("storm", "weather.txt"),
        ("What is the toll for crossing the bridge?", "bridge.md"),
        ("Skarholm", "sea/ferry.txt"),
    ],
)
def test_the_right_passage_comes_first(index: Index, question: str, source: str) -> None:
    passages = retrieve(index, question)
    assert passages[0].source == source
    assert [passage.rank for passage in passages] == list(range(1, len(passages) + 1))


def test_scores_can_be_checked_by_hand(index: Index) -> None:
    passages = retrieve(index, "Which ferry?")
    for passage in passages:
        vector = vector_of(embedded_text(passage.text, passage.context))
        assert passage.scores["dense"] == pytest.approx(float(vector @ vector_of("Which ferry?")), abs=1e-5)
    first = passages[0]
    assert first.scores["fused"] == 1
    assert (first.scores["dense_rank"], first.scores["keyword_rank"]) == (1, 1)
    assert first.scores["keyword"] > 0
    assert all("keyword_rank" not in passage.scores and passage.scores["keyword"] == 0 for passage in passages[1:])


def test_a_passage_is_an_exact_slice(index: Index) -> None:
    for passage in retrieve(index, "bridge ferry keeper storm"):
        document = index.catalog.document(passage.source_id)
        assert document is not None
        assert document.text[passage.start : passage.end] == passage.text
        assert document.text == LIBRARY[passage.source]


def test_k_passages_and_no_more(index: Index) -> None:
    all_of_them = retrieve(index, "bridge")
    assert len(all_of_them) == index.catalog.chunk_total()
    assert retrieve(index, "bridge", 2) == all_of_them[:2]


def test_equal_calls_give_equal_lists(index: Index) -> None:
    for question in ("bridge", "nothing of the kind", "", "?!", "the", "桥", "a" * 5000):
        assert retrieve(index, question) == retrieve(index, question)


def test_a_source_filter_searches_nothing_else(index: Index) -> None:
    for globs, expected in (
        (["sea/*"], {"sea/ferry.txt", "sea/keeper.txt"}),
        (["*.md"], {"bridge.md"}),
        (["weather.txt", "*keeper*"], {"weather.txt", "sea/keeper.txt"}),
    ):
        searched = {passage.source for passage in retrieve(index, "bridge ferry keeper storm", sources=globs)}
        assert searched == expected


def test_a_filter_that_matches_nothing_is_the_users_mistake(index: Index) -> None:
    with pytest.raises(UsageError, match=r"\*\.pdf.*rag sources"):
        retrieve(index, "bridge", sources=["*.pdf"])


def test_a_name_with_brackets_can_be_chosen_by_its_name(index: Index, library: Path, settings: Settings) -> None:
    write_files(library, {"[1].txt": "The toll is high."})
    ingest(index, [library])
    assert [passage.source for passage in retrieve(index, "toll", sources=["[1].txt"])] == ["[1].txt"]


def test_vectors_that_the_catalog_does_not_know_are_ignored(index: Index) -> None:
    expected = retrieve(index, "ferry")
    strays = [VectorRecord(f"stray{n}", "ferry", "x.txt", "x", "X", "", 0, 5, None) for n in range(15)]
    index.vectors.add(strays, [vector_of("ferry")] * 15)
    assert retrieve(index, "ferry") == expected


def test_a_chunk_without_a_vector_is_not_passed_over_in_silence(index: Index) -> None:
    index.vectors.delete(index.catalog.chunk_ids(["sea/ferry.txt"]))
    with pytest.raises(IndexUnusable, match="rag doctor --fix"):
        retrieve(index, "Skarholm", 1)


def test_an_empty_index_has_no_passages(open_again: Opener) -> None:
    assert retrieve(open_again(), "bridge") == []


def test_a_reranker_has_the_last_word(index: Index) -> None:
    def by_length(question: str, texts: Sequence[str]) -> Sequence[float]:
        assert question == "ferry"
        return [-len(text) for text in texts]

    passages = retrieve(index, "ferry", reranker=by_length)
    lengths = [len(embedded_text(passage.text, passage.context)) for passage in passages]
    assert lengths == sorted(lengths)
    assert [passage.scores["rerank"] for passage in passages] == [-length for length in lengths]


def test_many_chunks_of_one_word_are_ordered_by_id(open_again: Opener, tmp_path: Path, settings: Settings) -> None:
    # Too short to be taken for copies of each other.
    write_files(tmp_path / "docs", {f"{n:03d}.md": "# T\n\nA toll here.\n" for n in range(150)})
    index = open_again()
    ingest(index, [tmp_path / "docs"])
    passages = retrieve(index, "toll", 20)
    ids = [passage.chunk_id for passage in passages]
    assert ids == sorted(ids)
    assert retrieve(index, "toll", 20) == passages
    chosen = retrieve(index, "toll", 100, sources=["00*"])
    assert {passage.source for passage in chosen} == {f"{n:03d}.md" for n in range(10)}


def test_several_threads_read_while_the_index_changes(index: Index, library: Path, settings: Settings) -> None:
    ended = Event()

    def search() -> set[str]:
        best = {retrieve(index, "bridge", 1)[0].source}
        while not ended.is_set():
            best.add(retrieve(index, "bridge", 1)[0].source)
        return best

    with ThreadPoolExecutor(4) as pool:
        searches = [pool.submit(search) for _ in range(4)]
        try:
            for n in range(5):
                write_files(library, {"weather.txt": f"Storm number {n}."})
                ingest(index, [library])
        finally:
            ended.set()
        assert [future.result() for future in searches] == [{"bridge.md"}] * 4


def test_a_removed_source_is_gone_at_once(index: Index) -> None:
    remove(index, ["sea/ferry.txt"])
    assert all(passage.source != "sea/ferry.txt" for passage in retrieve(index, "ferry Skarholm"))


@given(question=st.text(max_size=60))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
def test_no_question_breaks_retrieval(index: Index, question: str) -> None:
    passages = retrieve(index, question)
    assert len(passages) == index.catalog.chunk_total()
    fused = [passage.scores["fused"] for passage in passages]
    assert fused == sorted(fused, reverse=True)


def test_a_part_that_fails_leaves_nobody_reading_the_index(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index may be closed as soon as the error comes."""
    failed, ended = Event(), Event()

    def search(*_: object) -> list[tuple[str, float]]:
        failed.wait(60)
        sleep(0.05)
        ended.set()
        return []

    def nearest(*_: object) -> list[tuple[str, float]]:
        failed.set()
        raise OSError("gone")

    monkeypatch.setattr(index.catalog, "search", search)
    monkeypatch.setattr(index.vectors, "nearest", nearest)
    with pytest.raises(OSError, match="gone"):
        retrieve(index, "bridge")
    assert ended.is_set()


def test_other_spellings_of_what_a_question_mentions_are_searched_for(open_again: Opener, tmp_path: Path) -> None:
    files = {
        "a.md": "# Rossi & Blake\n\nNothing is said.\n",
        "b.md": "# Mill\n\nSales of fiscal 2021 grew in the second quarter.\n",
        "c.md": "# Hinges\n\nThe hinge 310 55 08 is red.\n",
    }
    write_files(tmp_path / "others", files)
    index = open_again("others")
    ingest(index, [tmp_path / "others"])
    for question, source in (("RnB?", "a.md"), ("FY21?", "b.md"), ("Q2?", "b.md"), ("310-55-08?", "c.md")):
        (best,) = [passage for passage in retrieve(index, question) if passage.scores["keyword"]]
        assert best.source == source
