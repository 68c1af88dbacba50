"""Vectors by content: kept tightly, the same whenever they are asked for, and carried over from older files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from rag.ingestion.pipeline import ingest, remove
from rag.models.encoder import Vectors
from rag.store.index import Index
from rag.store.vector_cache import VectorCache, key_of
from rag.store.vector_file import VectorFile
from rag.store.vector_use import keys_in_use
from rag.text import embedded_text
from tests.conftest import Command, Opener, write_files
from tests.fakes import WordEncoder, vector_of

DIMENSION = 384


class SeededEncoder(WordEncoder):
    """Gives each text a random vector of the size of MiniLM's, always the same."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.texts.extend(texts)
        vectors = np.stack(
            [np.random.default_rng(len(text) * 1000 + int(text[-3:])).normal(size=DIMENSION) for text in texts]
        )
        unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return unit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.sqlite"


def texts(count: int, name: str = "text") -> list[str]:
    return [f"{name} {number:03d}" for number in range(count)]


def older_file(path: Path, encoder: WordEncoder, of: Sequence[str]) -> None:
    """Write a cache as version 0.1.0 did."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
        vectors = encoder.encode_passages(of)
        rows = [(key_of(encoder.fingerprint, text), vector.tobytes()) for text, vector in zip(of, vectors, strict=True)]
        db.executemany("INSERT INTO vectors VALUES (?, ?)", rows)
        db.commit()
    encoder.texts.clear()


@pytest.fixture
def older(path: Path) -> Iterator[VectorCache]:
    """The cache of an older file with 300 vectors."""
    older_file(path, SeededEncoder(), texts(300))
    cache = VectorCache(path)
    yield cache
    cache.close()


def test_a_vector_takes_a_tenth_more_than_its_numbers_at_most(path: Path) -> None:
    cache = VectorCache(path)
    cache.encode(SeededEncoder(), [f"{'x' * (i // 1000)} {i % 1000:03d}" for i in range(4000)])
    cache.close()
    assert path.stat().st_size <= 1.1 * 4000 * DIMENSION * 2
    assert not path.with_name("vectors.sqlite-wal").exists()


def test_a_vector_is_the_same_when_it_is_computed_and_when_it_is_read(path: Path) -> None:
    encoder = SeededEncoder()
    cache = VectorCache(path)
    computed = cache.encode(encoder, texts(100))
    assert np.array_equal(cache.encode(encoder, texts(100)), computed)
    found = cache.look_up(encoder, ["text 007", "other 007"])
    assert found[0] is not None
    assert np.array_equal(found[0], computed[7])
    assert found[1] is None
    cache.close()
    assert len(encoder.texts) == 100


def test_half_precision_keeps_direction_and_length(path: Path) -> None:
    encoder = SeededEncoder()
    cache = VectorCache(path)
    kept, exact = cache.encode(encoder, texts(200)), encoder.encode_passages(texts(200))
    cache.close()
    assert (kept * exact).sum(axis=1).min() > 0.999999
    assert np.allclose(np.linalg.norm(kept, axis=1), 1, atol=1e-6)
    assert kept.dtype == np.float32


def test_an_older_file_is_read_as_it_is(older: VectorCache, path: Path) -> None:
    before = path.read_bytes()
    encoder = SeededEncoder()
    vectors = older.encode(encoder, texts(300))
    assert encoder.texts == []
    assert (vectors * encoder.encode_passages(texts(300))).sum(axis=1).min() > 0.999999
    assert older.count() == 300
    older.close()
    assert len(path.read_bytes()) >= len(before), "a question writes nothing"


def test_an_older_file_is_renewed_before_a_vector_is_added(older: VectorCache, path: Path) -> None:
    encoder = SeededEncoder()
    size = path.stat().st_size
    before = older.encode(encoder, texts(300))
    older.encode(encoder, ["new 001"])
    assert np.array_equal(older.encode(encoder, texts(300)), before)
    assert encoder.texts == ["new 001"], "what was cached is not encoded again"
    assert older.count() == 301
    older.close()
    assert path.stat().st_size < size / 3
    again = VectorCache(path)
    assert np.array_equal(again.encode(encoder, texts(300)), before)
    again.close()


def test_an_older_program_goes_on_beside_a_newer_one(older: VectorCache, path: Path) -> None:
    """It has the file open, so it is not written anew; what the program adds is found."""
    encoder = SeededEncoder()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM vectors").fetchone() == (300,)
        older.encode(encoder, ["new 001"])
        assert db.execute("SELECT count(*) FROM vectors").fetchone() == (0,)
        vector = encoder.encode_passages(["late 001"])[0]
        db.execute("INSERT INTO vectors VALUES (?, ?)", (key_of(encoder.fingerprint, "late 001"), vector.tobytes()))
        db.commit()
        encoder.texts.clear()
        found = older.encode(encoder, ["late 001"])
    assert encoder.texts == []
    assert found[0] @ vector > 0.999999


@pytest.mark.parametrize("moved", [1, 2, 3])
def test_a_move_that_is_broken_off_loses_nothing(
    older: VectorCache, path: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    monkeypatch.setattr("rag.store.vector_file._MOVED_TOGETHER", 100)
    encoder = SeededEncoder()
    insert, calls = VectorFile._insert, []

    def killed(file: VectorFile, packed: dict[bytes, bytes]) -> None:
        calls.append(packed)
        insert(file, packed)
        if len(calls) == moved:
            raise KeyboardInterrupt

    monkeypatch.setattr(VectorFile, "_insert", killed)
    with pytest.raises(KeyboardInterrupt):
        older.encode(encoder, ["new 001"])
    encoder.texts.clear()
    for cache in (older, again := VectorCache(path)):
        cache.encode(encoder, texts(300))
        assert cache.count() == 300
    again.encode(encoder, ["new 001"])
    assert again.count() == 301
    again.close()
    assert encoder.texts == ["new 001"]


def test_only_what_is_used_is_kept(path: Path) -> None:
    encoder = SeededEncoder()
    cache = VectorCache(path)
    before = cache.encode(encoder, texts(600))
    assert cache.keep_only(key_of(encoder.fingerprint, text) for text in texts(100)) == 500
    assert cache.keep_only(key_of(encoder.fingerprint, text) for text in texts(100)) == 0
    assert np.array_equal(cache.encode(encoder, texts(100)), before[:100])
    assert cache.count() == 100
    cache.encode(encoder, texts(101))
    cache.close()
    assert path.stat().st_size < 600 * DIMENSION
    assert len(encoder.texts) == 601


def test_two_who_write_the_same_vectors_agree(path: Path) -> None:
    one, other = VectorCache(path), VectorCache(path)
    encoder = SeededEncoder()
    vectors = one.encode(encoder, texts(10))
    with closing(VectorFile(path, 1)) as file:
        file.write({key_of(encoder.fingerprint, text): b"\0\0" for text in texts(10)})
    assert np.array_equal(other.encode(encoder, texts(12))[:10], vectors)
    assert one.count() == 12
    one.close()
    other.close()


def test_doctor_forgets_the_vectors_of_no_index(
    rag: Command, index: Index, open_again: Opener, library: Path, tmp_path: Path, encoder: WordEncoder
) -> None:
    write_files(tmp_path / "more", {"storm.txt": "A storm, and no keeper.", "cars.txt": "Cars pay."})
    other = open_again("other")
    ingest(other, [tmp_path / "more"])
    total = index.cache.count()
    assert total == len(set(encoder.texts))
    assert set(keys_in_use(index.settings.home)) == {key_of(encoder.fingerprint, text) for text in encoder.texts}
    assert f"{total} vectors in the cache of all indexes" in rag("doctor").out
    assert "of which 0 were in no index" in rag("doctor", "--fix").out
    remove(other, ["cars.txt"])
    assert "of which 1 were in no index" in rag("doctor", "--fix").out
    assert index.cache.count() == total - 1
    chunks = [chunk for each in (index, other) for chunk in each.catalog.chunks(each.catalog.chunk_ids()).values()]
    found = index.cache.look_up(encoder, [embedded_text(chunk.text, chunk.context) for chunk in chunks])
    assert all(vector is not None for vector in found)


def test_nothing_is_forgotten_where_an_index_cannot_be_read(
    rag: Command, index: Index, open_again: Opener, tmp_path: Path
) -> None:
    write_files(tmp_path / "more", {"cars.txt": "Cars pay."})
    other = open_again("other")
    ingest(other, [tmp_path / "more"])
    total = index.cache.count()
    other.close()
    for path in other.folder.glob("catalog.sqlite*"):
        path.write_bytes(b"garbage" * 1000)
    assert "none was forgotten" in rag("doctor", "--fix").out
    assert index.cache.count() == total


def test_a_vector_of_words_comes_back(path: Path) -> None:
    """Halves of small whole numbers at unit length, worked by hand: 3-4-5."""
    cache = VectorCache(path)
    (vector,) = cache.encode(WordEncoder(), ["bridge bridge bridge ferry ferry ferry ferry"])
    cache.close()
    assert vector[:2] == pytest.approx([0.6, 0.8], abs=3e-4)
    assert vector @ vector_of("bridge bridge bridge ferry ferry ferry ferry") == pytest.approx(1, abs=1e-6)
