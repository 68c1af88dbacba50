"""Fair turns at one language model: `ui.service.fair_queue`."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.service.fair_queue import FairQueue


def until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def test_the_first_goes_at_once_and_the_others_know_their_place() -> None:
    turns = FairQueue()
    first, second, third = turns.take("anna"), turns.take("ben"), turns.take("cleo")
    assert [ticket.position for ticket in (first, second, third)] == [0, 1, 2]
    assert first.wait(0)
    assert not second.wait(0)
    assert turns.waiting == 2
    first.release()
    assert [ticket.position for ticket in (first, second, third)] == [-1, 0, 1]
    assert not first.wait(0)


def test_users_take_turns_however_much_one_of_them_asks() -> None:
    turns = FairQueue()
    holder = turns.take("anna")
    greedy = [turns.take("anna") for _ in range(3)]
    modest = turns.take("ben")
    late = turns.take("cleo")
    assert [ticket.position for ticket in (*greedy, modest, late)] == [3, 4, 5, 1, 2]
    served: list[str] = []
    names = {id(modest): "ben", id(late): "cleo"} | {id(ticket): "anna" for ticket in greedy}
    queue = [*greedy, modest, late]
    holder.release()
    while queue:
        (now,) = [ticket for ticket in queue if ticket.position == 0]
        served.append(names[id(now)])
        queue.remove(now)
        now.release()
    assert served == ["ben", "cleo", "anna", "anna", "anna"]


def test_who_gives_up_frees_the_place_at_once() -> None:
    turns = FairQueue()
    first, second, third = turns.take("anna"), turns.take("ben"), turns.take("cleo")
    second.release()
    assert third.position == 1
    with first:
        pass
    assert third.position == 0
    first.release()
    assert third.position == 0, "a second release takes nobody else's place"


def test_several_slots() -> None:
    turns = FairQueue(slots=2)
    tickets = [turns.take(str(n)) for n in range(4)]
    assert [ticket.position for ticket in tickets] == [0, 0, 1, 2]


def test_ten_threads_each_get_the_model_alone() -> None:
    turns = FairQueue()
    inside: list[int] = []
    most: list[int] = []
    answered: list[str] = []
    guard = threading.Lock()

    def ask(user: str) -> None:
        for _ in range(5):
            with turns.take(user) as ticket:
                while not ticket.wait(0.05):
                    assert ticket.position != -1
                with guard:
                    inside.append(1)
                    most.append(len(inside))
                time.sleep(0.002)
                with guard:
                    inside.pop()
                    answered.append(user)

    threads = [threading.Thread(target=ask, args=(f"user {n}",)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answered) == 50
    assert max(most) == 1
    assert turns.waiting == 0
    # Nobody is served twice while somebody waits who was not served at all.
    assert len(set(answered[:20])) == 10


def test_a_waiting_thread_is_woken_when_its_turn_comes() -> None:
    turns = FairQueue()
    first = turns.take("anna")
    woken = threading.Event()

    def ask() -> None:
        with turns.take("ben") as ticket:
            if ticket.wait():
                woken.set()

    thread = threading.Thread(target=ask)
    thread.start()
    assert until(lambda: turns.waiting == 1)
    assert not woken.is_set()
    first.release()
    assert woken.wait(2)
    thread.join(2)


def test_a_holder_whose_thread_dies_is_no_holder() -> None:
    turns = FairQueue()
    kept: list[object] = []

    def die() -> None:
        kept.append(turns.take("anna", alive=threading.current_thread().is_alive))

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()
    second = turns.take("ben")
    assert second.wait(2)


def test_a_client_that_went_away_is_passed_over() -> None:
    turns = FairQueue()
    first = turns.take("anna")
    there = [True]
    gone = turns.take("ben", alive=lambda: there[0])
    third = turns.take("cleo")
    assert third.position == 2
    there[0] = False
    assert third.position == 1
    first.release()
    assert third.wait(0)
    assert gone.position == -1


def test_a_ticket_that_nobody_holds_any_more_is_free() -> None:
    turns = FairQueue()
    turns.take("anna")
    gc.collect()
    assert turns.take("ben").wait(2)


def test_a_holder_without_a_word_loses_the_place() -> None:
    turns = FairQueue(patience=0.3)
    silent = turns.take("anna")
    second = turns.take("ben")
    started = time.monotonic()
    assert second.wait(5)
    assert time.monotonic() - started > 0.2
    assert silent.position == -1
    third = turns.take("cleo")
    for _ in range(5):
        time.sleep(0.1)
        second.touch()
        assert third.position == 1
    assert second.position == 0


def test_one_who_waits_in_a_call_is_not_silent() -> None:
    turns = FairQueue(patience=0.2)
    there = [True]
    first = turns.take("anna", alive=lambda: there[0])
    got: list[bool] = []
    thread = threading.Thread(target=lambda: got.append(turns.take("ben").wait(3)))
    thread.start()
    for _ in range(8):
        time.sleep(0.08)
        first.touch()
    there[0] = False
    thread.join(3)
    assert got == [True]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["take", "release", "ask"])), max_size=40),
    st.integers(1, 3),
)
def test_positions_are_the_order_in_which_places_are_handed_out(steps: list[tuple[str, str]], slots: int) -> None:
    turns = FairQueue(slots)
    open_ = []
    for user, step in steps:
        if step == "take":
            open_.append(turns.take(user))
        elif step == "release" and open_:
            open_.pop(len(open_) // 2).release()
    positions = sorted(ticket.position for ticket in open_)
    holding = min(slots, len(open_))
    assert positions == [0] * holding + list(range(1, len(open_) - holding + 1))
    waiting = {ticket.position: ticket for ticket in open_ if ticket.position}
    for place in range(1, len(waiting) + 1):
        holder = next(ticket for ticket in open_ if ticket.position == 0)
        open_.remove(holder)
        holder.release()
        assert waiting[place].position == 0


@pytest.mark.parametrize("timeout", [0, 0.05])
def test_waiting_ends_after_its_time(timeout: float) -> None:
    turns = FairQueue()
    first = turns.take("anna")
    started = time.monotonic()
    assert not turns.take("ben").wait(timeout)
    assert time.monotonic() - started < 1
    assert first.position == 0
