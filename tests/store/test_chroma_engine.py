"""Chroma's engine without its client: the same answers, and the client wherever the engine will not do."""

from __future__ import annotations

import resource
from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexUnusable
from rag.store.chroma import ChromaStore
from rag.store.chroma_engine import ChromaEngine, open_engine
from rag.store.vector_stores import VectorRecord

NAME = "footnote-test"


def record(number: int) -> VectorRecord:
    return VectorRecord(str(number), f"Text {number}.", "a.txt", "d", "A", "", 0, 7, None)


def unit_vectors(count: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def written(tmp_path: Path) -> ChromaStore:
    """A store of 50 vectors that has been written, and so has a client."""
    store = ChromaStore(tmp_path / "chroma", NAME)
    store.add([record(number) for number in range(50)], unit_vectors(50))
    return store


def test_the_engine_answers_as_the_client_does(written: ChromaStore) -> None:
    reader = ChromaStore(written.folder, NAME)
    for vector in unit_vectors(5, seed=1):
        assert reader.nearest(vector, 7) == written.nearest(vector, 7)
        # More than are compared one by one.
        among = [str(number) for number in range(3, 23)]
        assert reader.nearest(vector, 7, among) == written.nearest(vector, 7, among)
    # The client of this reader was never made, or the comparison would say nothing.
    assert reader._client is None
    assert isinstance(reader._engine, ChromaEngine)


def test_the_installed_engine_is_one_that_is_known(written: ChromaStore) -> None:
    engine = open_engine(written.folder, NAME)
    assert engine is not None
    assert engine.count() == 50


def test_there_is_no_engine_without_files_or_collection(tmp_path: Path, written: ChromaStore) -> None:
    assert open_engine(tmp_path / "empty", NAME) is None
    assert not (tmp_path / "empty").exists()
    assert open_engine(written.folder, "another") is None


def test_an_engine_that_is_called_otherwise_is_left_to_the_client(
    written: ChromaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("rag.store.chroma_engine", fromlist=[""])._SIGNATURES, "count", "($self)")
    reader, vector = ChromaStore(written.folder, NAME), unit_vectors(1)[0]
    assert reader.nearest(vector, 3) == written.nearest(vector, 3)
    assert reader._engine is False


def test_a_store_that_writes_finds_what_it_wrote(written: ChromaStore) -> None:
    store, vector = ChromaStore(written.folder, NAME), unit_vectors(1, seed=2)[0]
    assert "new" not in dict(store.nearest(vector, 3))
    store.add([VectorRecord("new", "New.", "b.txt", "e", "B", "", 0, 4, None)], vector[np.newaxis])
    assert store.nearest(vector, 1) == [("new", pytest.approx(1, abs=1e-6))]
    store.delete(["new"])
    assert "new" not in dict(store.nearest(vector, 3))


def test_a_reader_finds_what_another_wrote_once_it_is_refreshed(written: ChromaStore) -> None:
    reader, vector = ChromaStore(written.folder, NAME), unit_vectors(1, seed=3)[0]
    reader.nearest(vector, 3)
    written.add([VectorRecord("late", "Late.", "b.txt", "e", "B", "", 0, 5, None)], vector[np.newaxis])
    reader.refresh()
    assert reader.nearest(vector, 1)[0][0] == "late"
    assert len(reader.nearest(vector, 100)) == 51


def test_damaged_files_are_one_sentence(written: ChromaStore) -> None:
    (written.folder / "chroma.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(IndexUnusable) as raised:
        ChromaStore(written.folder, NAME).nearest(unit_vectors(1)[0], 3)
    assert raised.value.notice.code == "vectors-unusable"


def test_after_a_write_that_failed_the_next_one_opens_the_files_anew(written: ChromaStore) -> None:
    """Here the files may not grow: a disk that is full would leave a transaction open, for which all writes wait."""
    connected = written._client
    largest = (written.folder / "chroma.sqlite3").stat().st_size + 100_000
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, limit[1]))
    try:
        with pytest.raises(IndexUnusable):
            written.add([record(number) for number in range(50, 2050)], unit_vectors(2000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert written.nearest(unit_vectors(1)[0], 1)[0][0] == record(0).id
    written.delete([record(0).id])
    written.add([record(51)], unit_vectors(1, seed=4))
    assert written._client is not connected
    assert written.count() == 50
