"""The line before the processes that draw pages: who waits, who is given up, and that one that hangs is alone."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

from rag.load import page_lane
from rag.load.page_lane import Lane, PageLimits, PageTooSlow, Ticket


@pytest.fixture
def lane() -> Iterator[Lane]:
    made = Lane(PageLimits(seconds=1.4, memory_mb=2000), 2, "tests.load.slow_child")
    yield made
    made.close()
    assert not made._threads


def asked(lane: Lane, file_hash: str, **request: object) -> Ticket:
    return lane.ask((file_hash, *request.items()), {"file_hash": file_hash, **request})


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def until(true: object, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_bytes_come_behind_a_reply(lane: Lane) -> None:
    reply, data = asked(lane, "a", bytes=100_000).result()
    assert (reply["asked"], len(data)) == ("a", 100_000)


def test_who_asks_for_the_same_waits_for_the_same(lane: Lane) -> None:
    first, second = asked(lane, "a", sleep=0.4), asked(lane, "a", sleep=0.4)
    assert first.result() is second.result()
    first.leave()
    second.leave()


def test_a_page_that_hangs_is_given_up_while_others_are_drawn(lane: Lane) -> None:
    slow = asked(lane, "slow", sleep=60)
    others = [asked(lane, f"other{number}") for number in range(5)]
    pids = {other.result()[0]["pid"] for other in others}
    assert not slow.reply.done(), "the others did not wait for it"
    with pytest.raises(PageTooSlow, match="takes too long") as error:
        slow.result()
    assert not error.value.left
    assert len(pids) == 1
    again = asked(lane, "slow").result()[0]
    assert again["answered"] >= 1, "a new process has taken the place of the one that was killed"


def test_a_page_that_gets_little_of_a_busy_machine_is_drawn(lane: Lane) -> None:
    # It waits for longer than it may take of the processor, and takes none of it.
    assert asked(lane, "a", sleep=1.6).result()[0]["asked"] == "a"


def test_a_file_that_was_slow_keeps_one_process_free(lane: Lane) -> None:
    with pytest.raises(PageTooSlow):
        asked(lane, "slow", sleep=60).result()
    hanging = [asked(lane, "slow", sleep=30 + number) for number in range(3)]
    assert asked(lane, "other").result()[0]["asked"] == "other"
    assert not any(ticket.reply.done() for ticket in hanging[1:])
    for ticket in hanging:
        ticket.leave()


def test_a_crash_is_that_pages_alone(lane: Lane) -> None:
    with pytest.raises(PageTooSlow):
        asked(lane, "a", crash=True).result()
    assert asked(lane, "a").result()[0]["asked"] == "a"


def test_who_leaves_is_not_drawn_for(lane: Lane) -> None:
    running = [asked(lane, f"long{number}", sleep=1.0) for number in range(2)]
    waiting = asked(lane, "waiting")
    waiting.leave()
    waiting.leave()
    with pytest.raises(PageTooSlow) as error:
        waiting.result()
    assert error.value.left
    assert [ticket.result()[0]["asked"] for ticket in running] == ["long0", "long1"]


def test_a_page_that_nobody_waits_for_is_given_up(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_lane, "_GRACE_SECONDS", 0.1)
    pid = asked(lane, "first").result()[0]["pid"]
    left = asked(lane, "long", sleep=3.5)
    until(lambda: left._job.began)
    left.leave()
    until(left.reply.done)
    with pytest.raises(PageTooSlow) as error:
        left.result()
    assert error.value.left
    until(lambda: gone(pid))
    assert asked(lane, "long").result()[0]["asked"] == "long"


def test_of_two_who_wait_one_may_leave(lane: Lane) -> None:
    stays, leaves = asked(lane, "a", sleep=1.0), asked(lane, "a", sleep=1.0)
    leaves.leave()
    assert stays.result()[0]["asked"] == "a"


def test_a_process_that_is_asked_nothing_ends(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_lane, "_IDLE_SECONDS", 0.3)
    pid = asked(lane, "a").result()[0]["pid"]
    until(lambda: gone(pid))
    until(lambda: not lane._threads)
    assert asked(lane, "a").result()[0]["pid"] != pid


def test_closing_ends_what_runs_and_what_waits() -> None:
    lane = Lane(PageLimits(seconds=30), 1, "tests.load.slow_child")
    tickets = [asked(lane, f"{number}", sleep=20) for number in range(3)]
    until(lambda: tickets[0]._job.child is not None)
    lane.close()
    for ticket in tickets:
        with pytest.raises(PageTooSlow):
            ticket.result()
    with pytest.raises(PageTooSlow):
        asked(lane, "later").result()
    assert not lane._threads


def test_many_threads_ask(lane: Lane) -> None:
    wrong: list[str] = []

    def ask(number: int) -> None:
        for turn in range(20):
            name = f"{(number + turn) % 7}"
            ticket = asked(lane, name, turn=turn)
            if ticket.result()[0]["asked"] != name:
                wrong.append(name)
            ticket.leave()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
