"""What a question asks: `rag.question.question_words`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.question_words import is_other_period, names_and_numbers, split_question, unmentioned


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the toll and who collects it?", ["What is the toll?", "who collects it?"]),
        ("What is the toll? Who collects it?", ["What is the toll?", "Who collects it?"]),
        ("When does it open, and how much does it cost?", ["When does it open?", "how much does it cost?"]),
        ("Does the ferry sail and is the bridge open?", ["Does the ferry sail?", "is the bridge open?"]),
        ("How long are the bridge and the tunnel?", ["How long are the bridge and the tunnel?"]),
        ("Where can I buy salt and pepper?", ["Where can I buy salt and pepper?"]),
        ("Who is the keeper who lives there?", ["Who is the keeper who lives there?"]),
        ("toll and ferry", ["toll and ferry"]),
        ("", [""]),
    ],
)
def test_a_question_is_cut_only_where_both_sides_ask(question: str, expected: list[str]) -> None:
    assert split_question(question) == expected


def test_what_no_text_mentions_is_named_in_runs() -> None:
    texts = ["The bridge opened in 1931.", "Ferries carry cars."]
    assert unmentioned("How many cars does the ferry to North Haven carry?", texts) == ["North Haven"]
    assert unmentioned("When did the bridge open?", texts) == []
    assert unmentioned("What is the moon?", []) == ["moon"]
    assert unmentioned("Wie hoch ist die Maut für den Hafen?", ["Der Hafen ist offen."]) == ["Maut"]


def test_names_and_numbers_of_a_question() -> None:
    assert names_and_numbers("What did Ada Lund pay in 1931?") == ["Ada", "Lund", "1931"]
    assert names_and_numbers("Bridges in winter?") == []


@given(st.text(max_size=200))
def test_no_text_breaks_them(text: str) -> None:
    assert 1 <= len(split_question(text)) <= 3
    assert unmentioned(text, [text]) == []
    names_and_numbers(text)


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("What were sales in 2023?", "Sales rose in 2022.", True),
        ("What were sales in 2023?", "Sales rose in 2022 and in 2023.", False),
        ("What were sales in 2023?", "Sales rose.", False),
        ("What were sales?", "Sales rose in 2022.", False),
        ("What were sales in the third quarter of 2023?", "Q3 2023: 12", False),
        ("What were sales in Q3 2023?", "Sales rose in the second quarter of 2023.", True),
        ("What was sold in the three months to May?", "In nine months, 12 were sold.", True),
        ("What changed after 2020?", "The toll rose in 2021.", False),
    ],
)
def test_another_time_than_the_one_asked_about(question: str, text: str, other: bool) -> None:
    assert is_other_period(question, text) is other
