"""One language model shared fairly between users: `rag.hosting.fair_queue`."""

from __future__ import annotations

import gc
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.hosting import fair_queue
from rag.hosting.fair_queue import FairQueue


def test_the_first_goes_at_once_and_the_others_know_their_position() -> None:
    queue = FairQueue()
    first, second, third = queue.take("anna"), queue.take("ben"), queue.take("cleo")
    assert [ticket.position for ticket in (first, second, third)] == [0, 1, 2]
    assert first.wait(0)
    assert not second.wait(0)
    first.release()
    assert [ticket.position for ticket in (first, second, third)] == [-1, 0, 1]
    assert not first.wait(0)


def test_users_take_turns_however_much_one_of_them_asks() -> None:
    queue = FairQueue()
    holder = queue.take("anna")
    greedy = [queue.take("anna") for _ in range(3)]
    modest = queue.take("ben")
    late = queue.take("cleo")
    assert [ticket.position for ticket in (*greedy, modest, late)] == [3, 4, 5, 1, 2]
    served: list[str] = []
    names = {id(modest): "ben", id(late): "cleo"} | {id(ticket): "anna" for ticket in greedy}
    tickets = [*greedy, modest, late]
    holder.release()
    while tickets:
        (now,) = [ticket for ticket in tickets if ticket.position == 0]
        served.append(names[id(now)])
        tickets.remove(now)
        now.release()
    assert served == ["ben", "cleo", "anna", "anna", "anna"]


def test_who_gives_up_is_passed_over_at_once() -> None:
    queue = FairQueue()
    first, second, third = queue.take("anna"), queue.take("ben"), queue.take("cleo")
    second.release()
    assert third.position == 1
    with first:
        pass
    assert third.position == 0
    first.release()
    assert third.position == 0, "a second release takes nobody else's turn"


def test_several_slots() -> None:
    queue = FairQueue(slots=2)
    tickets = [queue.take(str(n)) for n in range(4)]
    assert [ticket.position for ticket in tickets] == [0, 0, 1, 2]


def test_ten_threads_each_get_the_model_alone() -> None:
    queue = FairQueue()
    inside: list[int] = []
    most: list[int] = []
    answered: list[str] = []
    guard = threading.Lock()
    # All are there before the first is served, however late a thread begins.
    first = {f"user {n}": queue.take(f"user {n}") for n in range(10)}

    def ask(user: str) -> None:
        for _ in range(5):
            with first.pop(user, None) or queue.take(user) as ticket:
                while not ticket.wait(0.05):
                    assert ticket.position != -1
                with guard:
                    inside.append(1)
                    most.append(len(inside))
                time.sleep(0.002)
                with guard:
                    inside.pop()
                    answered.append(user)

    threads = [threading.Thread(target=ask, args=(user,)) for user in list(first)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(answered) == 50
    assert max(most) == 1
    assert queue.take("late").position == 0, "nobody is left in the queue"
    # Nobody is served twice while somebody waits who was not served at all.
    assert len(set(answered[:10])) == 10


def test_a_waiting_thread_is_woken_when_its_turn_comes() -> None:
    queue = FairQueue()
    first = queue.take("anna")
    second = queue.take("ben")
    woken = threading.Event()

    def wait() -> None:
        if second.wait():
            woken.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not woken.wait(0.1)
    first.release()
    assert woken.wait(60)
    thread.join(60)


def test_a_ticket_that_nobody_holds_any_more_is_free() -> None:
    queue = FairQueue()
    queue.take("anna")
    gc.collect()
    assert queue.take("ben").wait(60)


class Clock:
    """The clock of this machine, which a test puts on: a busy machine is far from the patience that is tested."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def put_on(self, seconds: float) -> None:
        self.ahead += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(fair_queue, "time", clock)
    return clock


def test_a_holder_without_a_sign_of_life_loses_the_model(clock: Clock) -> None:
    queue = FairQueue(patience=1000)
    silent = queue.take("anna")
    second = queue.take("ben")
    assert not second.wait(0)
    later = threading.Timer(0.2, clock.put_on, (1001,))
    later.start()
    assert second.wait(900)
    assert silent.position == -1
    third = queue.take("cleo")
    for _ in range(5):
        clock.put_on(400)
        assert second.position == 0
        assert third.position == 1
    assert second.position == 0


def test_one_who_waits_in_a_call_is_not_silent(clock: Clock) -> None:
    queue = FairQueue(patience=1000)
    first, second = queue.take("anna"), queue.take("ben")
    results: list[bool] = []
    thread = threading.Thread(target=lambda: results.append(second.wait(100_000)))
    thread.start()
    while not second._entry.waiters:
        time.sleep(0.01)
    for _ in range(8):
        clock.put_on(400)
        assert first.position == 0
    first.release()
    thread.join(60)
    assert results == [True]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["take", "release", "ask"])), max_size=40),
    st.integers(1, 3),
)
def test_positions_are_the_order_in_which_tickets_are_served(steps: list[tuple[str, str]], slots: int) -> None:
    queue = FairQueue(slots)
    open_ = []
    for user, step in steps:
        if step == "take":
            open_.append(queue.take(user))
        elif step == "release" and open_:
            open_.pop(len(open_) // 2).release()
    positions = sorted(ticket.position for ticket in open_)
    holding = min(slots, len(open_))
    assert positions == [0] * holding + list(range(1, len(open_) - holding + 1))
    waiting = {ticket.position: ticket for ticket in open_ if ticket.position}
    for position in range(1, len(waiting) + 1):
        holder = next(ticket for ticket in open_ if ticket.position == 0)
        open_.remove(holder)
        holder.release()
        assert waiting[position].position == 0


@pytest.mark.parametrize("timeout", [0, 0.05])
def test_waiting_ends_after_its_time(timeout: float) -> None:
    queue = FairQueue()
    first = queue.take("anna")
    assert not queue.take("ben").wait(timeout)
    assert first.position == 0
