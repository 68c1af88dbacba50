"""Work ahead comes in order, stays within its bounds, and stops when nobody takes it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingestion.read_ahead import Bounds, ReadAhead


def nothing() -> None:
    """Stop nothing."""


@given(
    weights=st.lists(st.integers(0, 50), max_size=30),
    workers=st.integers(1, 4),
    most=st.integers(1, 8),
    budget=st.integers(0, 100),
)
def test_results_come_in_order_and_within_bounds(weights: list[int], workers: int, most: int, budget: int) -> None:
    begun: set[int] = set()
    lock = threading.Lock()

    def work(number: int) -> int:
        with lock:
            begun.add(number)
        return number * number

    ahead = ReadAhead(work, lambda number, _: weights[number], nothing, Bounds(workers, most, budget))
    for expected, (number, result) in enumerate(ahead.over(range(len(weights)))):
        assert (number, result) == (expected, expected * expected)
        with lock:
            held = sorted(begun - set(range(expected + 1)))
        assert len(held) < most
        assert len(held) <= 1 or sum(weights[each] for each in held) <= budget


def test_the_slowest_keeps_its_place() -> None:
    def work(number: int) -> int:
        time.sleep(0.1 if number == 0 else 0)
        return number

    ahead = ReadAhead(work, lambda *_: 0, nothing, Bounds(3, 10, 10))
    assert [result for _, result in ahead.over(range(6))] == list(range(6))


def until(happened: Callable[[], bool]) -> None:
    """Wait until it has happened; a minute is more than the busiest machine needs."""
    for _ in range(6000):
        if happened():
            return
        time.sleep(0.01)


def test_what_is_done_weighs_what_it_has_become() -> None:
    begun: list[int] = []
    gate = threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        if number:
            gate.wait(60)
        return 100 if number else 1

    results = ReadAhead(work, lambda _, result: result or 1, nothing, Bounds(1, 50, 20)).over(range(50))
    assert next(results) == (0, 1)
    gate.set()
    until(lambda: len(begun) >= 20)
    assert begun == list(range(20))
    assert next(results) == (1, 100)
    time.sleep(0.3)  # time for what must not begin
    assert begun == list(range(20)), "results of 100 leave no room"
    results.close()


@pytest.mark.parametrize("ends", [KeyboardInterrupt, ValueError])
def test_who_stops_stops_the_work(ends: type[BaseException]) -> None:
    stopped = threading.Event()
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        if number:
            stopped.wait(60)
        return number

    results = ReadAhead(work, lambda *_: 0, stopped.set, Bounds(2, 10, 10)).over(range(10))
    assert next(results) == (0, 0)
    with pytest.raises(ends):
        results.throw(ends())
    assert stopped.is_set()
    assert len(begun) < 10
