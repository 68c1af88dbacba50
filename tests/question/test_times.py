"""The time of a question and of a document: `rag.question.times`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.times import DocumentTime, TimeWish, read_time_wish, time_in_name, time_in_opening


@pytest.mark.parametrize(
    ("question", "wish"),
    [
        ("What was the rent in 2019?", TimeWish((2019,))),
        ("How did sales do in FY22 and FY 2021?", TimeWish((2021, 2022))),
        ("What is the current fee?", TimeWish((), "newest")),
        ("Wie hoch ist die aktuelle Gebühr?", TimeWish((), "newest")),
        ("What was last year's fee?", TimeWish((), "older")),
        ("What was the rent in the old contract?", TimeWish((), "older")),
        ("What does the new policy say on dogs?", TimeWish((), "newest")),
        ("What does the old bridge cost?", TimeWish()),
        ("What does a berth cost?", TimeWish()),
        ("Who has paid $2000?", TimeWish()),
    ],
)
def test_the_time_that_a_question_asks_for(question: str, wish: TimeWish) -> None:
    assert read_time_wish(question) == wish
    assert bool(read_time_wish(question)) == (wish != TimeWish())


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("2019/contract.md", DocumentTime(2019)),
        ("leave-2023.html", DocumentTime(2023)),
        ("rules 2023 old.md", DocumentTime(2023)),
        ("minutes/2024-05-03 board.md", DocumentTime(2024, 5, 3)),
        ("2023 Q2 ACME.pdf", DocumentTime(2023)),
        ("contract.md", None),
        ("rfc2019x.txt", None),
    ],
)
def test_the_time_in_a_name(name: str, time: DocumentTime | None) -> None:
    assert time_in_name(name) == time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Rules\n\nEffective 1 March 2025. Owner: the harbour.", DocumentTime(2025, 3, 1)),
        ("Subject: Move\nDate: Tue, 04 Feb 2025 09:12:00 +0100", DocumentTime(2025, 2, 4)),
        ("Last updated: 2024", DocumentTime(2024)),
        ("Parkordnung\n\nStand: 01.02.2022", DocumentTime(2022, 2, 1)),
        ("title: Fees\neffective_date: 2022-01-01", DocumentTime(2022, 1, 1)),
        ("last_updated: 2022-01-31", DocumentTime(2022, 1, 31)),
        ("Parking, valid from 1 March 2024", DocumentTime(2024, 3, 1)),
        ("The bridge opened on 3 May 1931.", None),
    ],
)
def test_the_time_that_the_first_lines_state(text: str, time: DocumentTime | None) -> None:
    assert time_in_opening(text) == time


def test_a_year_is_not_before_a_month_of_it() -> None:
    assert DocumentTime(2023).is_before(DocumentTime(2025, 3, 1))
    assert not DocumentTime(2025).is_before(DocumentTime(2025, 3, 1))
    assert not DocumentTime(2025, 3, 1).is_before(DocumentTime(2025, 3, 1))
    assert str(DocumentTime(2025, 3, 1)) == "2025-03-01"


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    read_time_wish(text)
    time_in_name(text)
    time_in_opening(text)
