"""One run of a model for several callers: `rag.models.shared_runs`, alone and with the real embedding model."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.models.encoder import SentenceEncoder, open_sentence_encoder
from rag.models.shared_runs import Floats, SharedRuns
from rag.settings import Settings

_SECONDS = 60


class Doubling:
    """Gives each token its double as a vector, and remembers what was run together."""

    def __init__(self) -> None:
        self.batches: list[list[list[int]]] = []

    def __call__(self, texts: Sequence[Sequence[int]]) -> Floats:
        self.batches.append([list(text) for text in texts])
        if [7] in self.batches[-1]:
            raise ValueError("seven")
        return np.array(texts, np.float32)[:, :, None] * 2


def wait_until(shared: SharedRuns, number: int) -> None:
    deadline = time.monotonic() + _SECONDS
    while len(shared._waiting) < number:
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_texts_of_equal_length_run_together() -> None:
    run = Doubling()
    shared = SharedRuns(run, threading.Lock(), 6)
    vectors = shared.vectors_of([[1, 2], [3], [4, 5], [6, 8], [9, 10], []])
    assert [one[:, 0].tolist() for one in vectors] == [[2, 4], [6], [8, 10], [12, 16], [18, 20], []]
    assert run.batches == [[[1, 2], [4, 5], [6, 8]], [[3]], [[9, 10]], [[]]]
    assert shared._waiting == []


def test_who_waits_for_the_lock_is_run_with_the_first() -> None:
    run, lock = Doubling(), threading.Lock()
    shared = SharedRuns(run, lock, 512)
    with ThreadPoolExecutor(8) as pool:
        with lock:
            asked = [pool.submit(shared.vectors_of, [[number, 0]]) for number in range(8)]
            wait_until(shared, 8)
        for number, future in enumerate(asked):
            assert future.result(_SECONDS)[0][:, 0].tolist() == [2 * number, 0]
    assert len(run.batches) == 1


def test_an_error_reaches_everybody_whose_text_it_was() -> None:
    run, lock = Doubling(), threading.Lock()
    shared = SharedRuns(run, lock, 512)
    with ThreadPoolExecutor(2) as pool:
        with lock:
            asked = [pool.submit(shared.vectors_of, [[number]]) for number in (6, 7)]
            wait_until(shared, 2)
        for future in asked:
            with pytest.raises(ValueError, match="seven"):
                future.result(_SECONDS)
    assert shared.vectors_of([[1]])[0][:, 0].tolist() == [2]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return open_sentence_encoder("all-minilm-l6-v2", Settings(threads=2, device="cpu"))


QUESTIONS = [
    *(f"How long is the {thing}?" for thing in ("bridge", "ferry", "storm", "toll", "summer", "road", "night", "wall")),
    *(f"Who is the keeper of the {thing}?" for thing in ("bridge", "harbour", "castle", "door", "light")),
    "When did the ferry to Skarholm leave on the morning after the storm of 1952?",
    "toll",
    "Wie hoch ist die Maut für Autos?",
]


@pytest.mark.model
def test_a_question_has_the_same_vectors_alone_and_among_others(encoder: SentenceEncoder) -> None:
    engine = encoder._load()
    alone = [engine.encode_tokens([question])[0] for question in QUESTIONS]
    for chosen in (QUESTIONS, QUESTIONS[::-1], QUESTIONS[:2], QUESTIONS[3:7], QUESTIONS[:5] + QUESTIONS[8:]):
        for question, (vector, tokens) in zip(chosen, engine.encode_tokens(chosen), strict=True):
            expected_vector, expected_tokens = alone[QUESTIONS.index(question)]
            assert np.array_equal(vector, expected_vector), question
            assert np.array_equal(tokens, expected_tokens), question


@pytest.mark.model
def test_callers_who_wait_together_get_the_vectors_that_they_get_alone(encoder: SentenceEncoder) -> None:
    from rag.models.compute_lock import COMPUTE_LOCK

    engine = encoder._load()
    alone = [engine.encode_tokens([question])[0][1] for question in QUESTIONS]
    with ThreadPoolExecutor(len(QUESTIONS)) as pool:
        with COMPUTE_LOCK:
            asked = [pool.submit(engine.encode_tokens, [question]) for question in QUESTIONS]
            wait_until(engine._shared, len(QUESTIONS))  # type: ignore[attr-defined]
        for expected, future in zip(alone, asked, strict=True):
            assert np.array_equal(future.result(_SECONDS)[0][1], expected)
