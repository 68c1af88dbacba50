"""Turns at a scarce thing: `rag.hosting.turns`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import aclosing
from typing import Any

import pytest

from rag.hosting import turns as module
from rag.hosting.turns import Turn, TurnLimits, Turns
from rag.serve.errors import ApiError

_SECONDS = 60


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, _SECONDS))


def held(begun: threading.Event, free: threading.Event) -> Any:
    """Work that goes on until it is let go, or told to end."""

    def make(cancel: threading.Event) -> Iterator[str]:
        begun.set()
        yield "begun"
        while not free.wait(0.01):
            if cancel.is_set():
                yield "stopped"
                return
        yield "done"

    return make


async def last(turn: Turn, make: Any) -> str:
    try:
        async with aclosing(turn.run(make)) as items:
            return [item async for item in items][-1]
    finally:
        turn.leave()


async def until(condition: Any) -> None:
    while not condition():
        await asyncio.sleep(0.005)


def test_who_finds_no_place_is_told_when_to_come_again() -> None:
    async def work() -> None:
        turns = Turns(TurnLimits(at_once=1, waiting=1))
        first, second = turns.enter(""), turns.enter("")
        with pytest.raises(ApiError) as refused:
            turns.enter("")
        assert refused.value.status == 429
        assert int((refused.value.headers or {})["Retry-After"]) >= 1
        second.leave()
        second.leave()
        turns.enter("").leave()
        first.leave()
        await until(lambda: turns.inside == 0)

    run(work())


def test_a_caller_with_a_name_has_a_limit_of_its_own() -> None:
    async def work() -> None:
        turns = Turns(TurnLimits(at_once=1, waiting=10, each=2))
        taken = [turns.enter("anna"), turns.enter("anna")]
        with pytest.raises(ApiError, match="This key has 2 requests under way"):
            turns.enter("anna")
        turns.enter("ben").leave()
        for turn in taken:
            turn.leave()

    run(work())


def test_callers_take_turns_and_know_their_position() -> None:
    async def work() -> None:
        turns = Turns(TurnLimits(at_once=1))
        begun, free = threading.Event(), threading.Event()
        served: list[str] = []
        positions: list[int] = []

        async def ask(name: str) -> None:
            turn = turns.enter(name)

            def make(_: threading.Event) -> Iterator[str]:
                served.append(name)
                yield name

            try:
                async with aclosing(turn.run(make, positions.append if name == "ben" else None)) as items:
                    assert [item async for item in items] == [name]
            finally:
                turn.leave()

        holder = asyncio.create_task(last(turns.enter("anna"), held(begun, free)))
        await until(begun.is_set)
        waiting = []
        for number, name in enumerate(["anna", "anna", "ben"], 2):
            waiting.append(asyncio.create_task(ask(name)))
            await until(lambda number=number: turns.inside == number)
        await until(lambda: positions)
        free.set()
        assert await holder == "done"
        await asyncio.gather(*waiting)
        assert served == ["ben", "anna", "anna"]
        assert positions == [1]
        await until(lambda: turns.inside == 0)

    run(work())


def test_a_reader_who_leaves_stops_the_work_which_gives_the_place_back() -> None:
    async def work() -> None:
        turns = Turns(TurnLimits(at_once=1))
        begun, free = threading.Event(), threading.Event()
        turn = turns.enter("")
        reading = asyncio.create_task(last(turn, held(begun, free)))
        await until(begun.is_set)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await until(turn.over.is_set)
        await until(lambda: turns.inside == 0)
        other = held(threading.Event(), free)
        free.set()
        assert await last(turns.enter(""), other) == "done"

    run(work())


def test_a_waiting_reader_who_leaves_loses_only_its_place() -> None:
    async def work() -> None:
        turns = Turns(TurnLimits(at_once=1))
        begun, free = threading.Event(), threading.Event()
        holder = asyncio.create_task(last(turns.enter(""), held(begun, free)))
        await until(begun.is_set)
        waiting = asyncio.create_task(last(turns.enter(""), held(threading.Event(), free)))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert turns.inside == 1
        free.set()
        assert await holder == "done"
        # The place is given back by the thread that worked, a moment later.
        await until(lambda: turns.inside == 0)

    run(work())


def test_work_that_takes_too_long_is_told_to_end_and_what_it_has_is_given() -> None:
    async def work() -> None:
        turns = Turns(TurnLimits(at_once=1, seconds=0.05))
        assert await last(turns.enter(""), held(threading.Event(), threading.Event())) == "stopped"

    run(work())


def test_work_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GRACE_SECONDS", 0.05)
    free = threading.Event()

    def deaf(_: threading.Event) -> Iterator[str]:
        free.wait(_SECONDS)
        yield "late"

    async def work() -> None:
        turns = Turns(TurnLimits(at_once=1, seconds=0.05))
        turn = turns.enter("")
        with pytest.raises(ApiError) as failed:
            await last(turn, deaf)
        assert failed.value.status == 504
        assert turns.inside == 1, "its thread is still at work"
        free.set()
        await until(turn.over.is_set)
        await until(lambda: turns.inside == 0)

    run(work())


def test_who_waits_too_long_is_refused() -> None:
    async def work() -> None:
        turns = Turns(TurnLimits(at_once=1, wait_seconds=0.05))
        begun, free = threading.Event(), threading.Event()
        holder = asyncio.create_task(last(turns.enter(""), held(begun, free)))
        await until(begun.is_set)
        with pytest.raises(ApiError) as refused:
            await last(turns.enter(""), held(threading.Event(), free))
        assert (refused.value.status, refused.value.code) == (429, "waited_too_long")
        free.set()
        assert await holder == "done"

    run(work())


def test_what_the_work_raises_is_raised() -> None:
    def broken(_: threading.Event) -> Iterator[str]:
        yield "begun"
        raise ValueError("broken")

    async def work() -> None:
        turns = Turns(TurnLimits())
        with pytest.raises(ValueError, match="broken"):
            await last(turns.enter(""), broken)
        await until(lambda: turns.inside == 0)

    run(work())


def test_a_slow_reader_gets_the_newest_item_and_the_last() -> None:
    ready = threading.Event()

    def many(_: threading.Event) -> Iterator[int]:
        yield 0
        ready.wait(_SECONDS)
        yield from range(1, 1000)

    async def work() -> None:
        turns = Turns(TurnLimits())
        turn = turns.enter("")
        items: AsyncGenerator[int, None] = turn.run(many)
        assert await anext(items) == 0
        ready.set()
        await asyncio.to_thread(turn.over.wait, _SECONDS)
        assert [item async for item in items] == [999]
        turn.leave()

    run(work())
