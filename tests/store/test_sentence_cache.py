"""Vectors of sentences on the disk: what is read is what was computed, and the file stays small."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from rag.models.encoder import EncodedTokens
from rag.store.sentence_cache import SentenceCache
from tests.fakes import WordEncoder

TEXTS = ["The ferry carries 28 cars.", "Öl", "", "The bridge opened in 1931."]


class Counting:
    """Encodes, and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self._encoder = WordEncoder()

    def __call__(self, texts: Sequence[str]) -> list[EncodedTokens]:
        self.asked.append(list(texts))
        return self._encoder.encode_tokens(texts)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sentences.sqlite"


@pytest.fixture
def cache(path: Path) -> Iterator[SentenceCache]:
    with closing(SentenceCache(path)) as opened:
        yield opened


def is_equal(one: EncodedTokens, other: EncodedTokens) -> bool:
    same = np.array_equal(one.vector, other.vector) and np.array_equal(one.tokens, other.tokens)
    return same and one.spans == other.spans


def test_what_is_read_is_what_was_computed_to_the_last_bit(cache: SentenceCache, path: Path) -> None:
    compute = Counting()
    first = cache.encode("model", "tokens", TEXTS, compute)
    with closing(SentenceCache(path)) as other:
        again = other.encode("model", "tokens", [*TEXTS[::-1], TEXTS[0]], compute)
    assert compute.asked == [TEXTS]
    assert all(map(is_equal, [*first[::-1], first[0]], again))
    assert all(one.tokens.dtype == np.float32 for one in again)


def test_another_model_and_another_kind_have_vectors_of_their_own(cache: SentenceCache) -> None:
    compute = Counting()
    for fingerprint, kind in (("model", "tokens"), ("other", "tokens"), ("model", "whole"), ("model", "tokens")):
        cache.encode(fingerprint, kind, TEXTS[:1], compute)
    assert len(compute.asked) == 3


def test_vectors_whose_bits_have_changed_are_computed_anew(cache: SentenceCache, path: Path) -> None:
    compute = Counting()
    (whole,) = cache.encode("model", "tokens", TEXTS[:1], compute)
    cache.close()
    with closing(sqlite3.connect(path)) as db, db:
        ((kept,),) = db.execute("SELECT vector FROM halves").fetchall()
        for changed in (kept[:-3] + b"abc", kept[:7], b""):
            db.execute("UPDATE halves SET vector = ?", (changed,))
            db.commit()
            (found,) = cache.encode("model", "tokens", TEXTS[:1], compute)
            assert is_equal(found, whole)
    assert len(compute.asked) == 4


def test_the_file_does_not_grow_and_what_came_last_stays(path: Path) -> None:
    compute = Counting()
    texts = [f"The ferry of route {number} carries {number} cars and carts." for number in range(300)]
    most = 600_000
    with closing(SentenceCache(path, most_bytes=most)) as cache:
        for i in range(0, len(texts), 10):
            cache.encode("model", "tokens", texts[i : i + 10], compute)
        compute.asked.clear()
        cache.encode("model", "tokens", texts[-10:], compute)
        assert compute.asked == []
        cache.encode("model", "tokens", texts[:10], compute)
        assert compute.asked == [texts[:10]]
    assert path.stat().st_size < 1.2 * most


def test_a_damaged_file_is_put_aside_and_one_that_is_locked_is_done_without(
    cache: SentenceCache, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_bytes(b"This is no database, and as long as the head of one would be. " * 40)
    compute = Counting()
    first = cache.encode("model", "tokens", TEXTS, compute)
    assert path.with_name("sentences.sqlite.damaged").exists()
    cache.close()
    caplog.clear()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        with closing(SentenceCache(path)) as other:
            assert all(map(is_equal, other.encode("model", "tokens", ["The toll", *TEXTS], compute)[1:], first))
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


def test_forgetting_leaves_no_vector_and_makes_no_file(cache: SentenceCache, path: Path) -> None:
    assert cache.forget()
    assert not path.exists()
    compute = Counting()
    cache.encode("model", "tokens", TEXTS, compute)
    assert cache.forget()
    cache.encode("model", "tokens", TEXTS, compute)
    assert len(compute.asked) == 2
