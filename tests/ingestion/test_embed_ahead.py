"""Vectors are computed ahead in order; progress and errors come to the caller, and whoever stops waits for one step."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from rag.ingestion.embed_ahead import EmbedAhead
from rag.models.encoder import Vectors


def embed(batch: int, step: Callable[[int], None]) -> Vectors:
    """A batch is a number, and so is its vector."""
    step(batch)
    return np.full((1, 1), batch, np.float32)


def numbers(results: object) -> list[tuple[int, float]]:
    return [(batch, float(vectors[0, 0])) for batch, vectors in results]  # type: ignore[attr-defined]


def test_results_come_in_order_with_their_progress() -> None:
    told: list[tuple[int, int]] = []
    threads: set[int] = set()

    def progress(batch: int, done: int) -> None:
        told.append((batch, done))
        threads.add(threading.get_ident())

    found: list[tuple[int, float]] = []
    with EmbedAhead(embed, progress) as embedding:
        for batch in range(5):
            embedding.begin(batch)
            found += numbers(embedding.results(leave=1))
        found += numbers(embedding.results())
    assert found == [(n, n) for n in range(5)]
    assert told == [(n, n) for n in range(5)]
    assert threads == {threading.get_ident()}, "a caller's progress is told in the caller's thread"


def test_one_batch_is_computed_while_the_one_before_is_stored() -> None:
    gates = [threading.Event() for _ in range(3)]
    begun: list[int] = []
    reached = threading.Event()

    def wait_for_gate(batch: int, step: Callable[[int], None]) -> Vectors:
        begun.append(batch)
        if batch:
            reached.set()
        assert gates[batch].wait(30)
        return embed(batch, step)

    with EmbedAhead(wait_for_gate, lambda *_: None) as embedding:
        embedding.begin(0)
        assert numbers(embedding.results(leave=1)) == [], "the first is left at work"
        embedding.begin(1)
        gates[0].set()
        results = embedding.results(leave=1)
        assert next(results)[0] == 0
        # Here the first is stored.
        assert reached.wait(30)
        assert begun == [0, 1]
        assert list(results) == []
        gates[1].set()
        assert [batch for batch, _ in embedding.results()] == [1]


def test_what_is_done_is_handed_over_though_it_may_stay() -> None:
    with EmbedAhead(embed, lambda *_: None) as embedding:
        embedding.begin(7)
        found: list[tuple[int, float]] = []
        while not found:
            found = numbers(embedding.results(leave=1))
        assert found == [(7, 7)]


def test_an_error_reaches_the_caller() -> None:
    def fail(batch: int, step: Callable[[int], None]) -> Vectors:
        raise ValueError(batch)

    with EmbedAhead(fail, lambda *_: None) as embedding:
        embedding.begin(3)
        with pytest.raises(ValueError, match="3"):
            list(embedding.results())


@pytest.mark.parametrize("ends", [KeyboardInterrupt, ValueError])
def test_who_stops_waits_for_one_step_and_no_further_batch(ends: type[BaseException]) -> None:
    steps: list[int] = []
    stepped = threading.Event()

    def many_steps(batch: int, step: Callable[[int], None]) -> Vectors:
        for _ in range(10_000):
            steps.append(batch)
            stepped.set()
            time.sleep(0.01)
            step(1)
        raise AssertionError("it was not stopped")

    def stop() -> None:
        with EmbedAhead(many_steps, lambda *_: None) as embedding:
            embedding.begin(0)
            embedding.begin(1)
            assert stepped.wait(30)
            raise ends

    with pytest.raises(ends):
        stop()
    at_end = len(steps)
    time.sleep(0.1)
    assert len(steps) == at_end, "the thread has ended"
    assert set(steps) == {0}


def test_progress_that_raises_ends_the_wait() -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with EmbedAhead(embed, stop) as embedding:
        embedding.begin(1)
        with pytest.raises(KeyboardInterrupt):
            list(embedding.results())
