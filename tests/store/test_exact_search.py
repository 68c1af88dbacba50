"""Few vectors are all compared: the nearest are found, ties by id, and every process finds the same."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.store import chroma
from rag.store.chroma import ChromaStore
from rag.store.compared import Compared
from rag.store.vector_stores import VectorRecord

NAME = "footnote-test"
# How far the arithmetic of single precision may be off.
NEAR = 1e-6


def record(id_: str) -> VectorRecord:
    return VectorRecord(id_, f"Text {id_}.", "a.txt", "d", "A", "", 0, 7, None)


def unit(vectors: np.ndarray) -> np.ndarray:
    scaled: np.ndarray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled.astype(np.float32)


def crowded(count: int, seed: int) -> np.ndarray:
    """Vectors of which a third are copies and a third lie close together, as those of like documents do."""
    vectors = np.random.default_rng(seed).normal(size=(count, 16))
    third = count // 3
    vectors[:third] = vectors[0] + 0.01 * vectors[:third]
    vectors[third : 2 * third] = vectors[count - third :]
    return unit(vectors)


def test_the_nearest_come_first_and_ties_by_id() -> None:
    compared = Compared.of(["b", "d", "a", "c"], [[0, 1], [0.6, 0.8], [0, 1], [1, 0]])
    across, up = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
    assert compared.nearest(across, 2) == [("c", 1.0), ("d", pytest.approx(0.6))]
    assert compared.nearest(up, 4) == [("a", 1.0), ("b", 1.0), ("d", pytest.approx(0.8)), ("c", 0.0)]
    assert compared.nearest(up, 1) == [("a", 1.0)]
    assert compared.nearest(up, 2, ["c", "b", "absent"]) == [("b", 1.0), ("c", 0.0)]
    assert Compared.of([], []).nearest(up, 3) == []


@given(
    count=st.integers(1, 120), deleted=st.integers(0, 120), limit=st.integers(1, 130), seed=st.integers(0, 10**6),
    some=st.booleans(),
)  # fmt: skip
@settings(max_examples=15, deadline=None)
def test_a_search_equals_a_comparison_with_all(count: int, deleted: int, limit: int, seed: int, some: bool) -> None:
    random, vectors = np.random.default_rng(seed), crowded(count, seed)
    ids = [f"{n:03d}" for n in random.permutation(count)]
    with tempfile.TemporaryDirectory() as folder:
        writer = ChromaStore(Path(folder), NAME)
        writer.add([record(id_) for id_ in ids], vectors)
        writer.delete(ids[:deleted])
        left = dict(zip(ids[deleted:], vectors[deleted:], strict=True))
        among = [id_ for id_ in ids if int(id_) % 3] if some else None
        allowed = [id_ for id_ in left if among is None or id_ in among]
        question = vectors[random.integers(count)]
        for store in (writer, ChromaStore(Path(folder), NAME)):
            found = store.nearest(question, limit, among)
            true = {id_: float(left[id_] @ question) for id_ in allowed}
            assert len(found) == min(limit, len(allowed))
            assert [score for _, score in found] == pytest.approx([true[id_] for id_, _ in found], abs=NEAR)
            assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
            # None that is left out is nearer; of its copies those with the lower ids are found.
            for id_ in set(allowed) - {id_ for id_, _ in found}:
                assert true[id_] <= found[-1][1] + NEAR
                assert all(other < id_ for other, _ in found if np.array_equal(left[other], left[id_]))


SEARCH = """
import sys
import numpy as np
from pathlib import Path
from rag.store.chroma import ChromaStore
store = ChromaStore(Path(sys.argv[1]), sys.argv[2])
for question in np.load(sys.argv[3]):
    print(store.nearest(question, 200))
"""


def test_all_processes_find_the_same(tmp_path: Path) -> None:
    vectors = crowded(518, seed=1)
    writer = ChromaStore(tmp_path / "chroma", NAME)
    writer.add([record(f"{n:03d}") for n in range(518)], vectors)
    writer.delete(["007", "300"])
    questions = unit(vectors[::100] + 0.1 * crowded(6, seed=2))
    np.save(tmp_path / "questions.npy", questions)
    command = [sys.executable, "-c", SEARCH, str(tmp_path / "chroma"), NAME, str(tmp_path / "questions.npy")]
    first, second = (subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(2))
    assert first == second
    assert first.splitlines() == [str(writer.nearest(question, 200)) for question in questions]


def test_more_vectors_are_left_to_the_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = crowded(30, seed=1)
    store = ChromaStore(tmp_path / "chroma", NAME)
    store.add([record(f"{n:03d}") for n in range(30)], vectors)
    monkeypatch.setattr(chroma, "EXACT_UP_TO", 29)
    assert len(store.nearest(vectors[0], 5)) == 5
    assert store._whole is None
    monkeypatch.setattr(chroma, "EXACT_UP_TO", 30)
    assert len(store.nearest(vectors[0], 5)) == 5
    assert store._whole is not None
    # What is in memory is gone with the next change.
    store.delete(["000"])
    assert "000" not in dict(store.nearest(vectors[0], 30))
