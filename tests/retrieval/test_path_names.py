"""Names that a file name writes as one word, or in full where the question has initials."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.path_names import named_words, names_of_path


def test_names_of_a_path_are_its_longer_words_and_neighbours() -> None:
    assert names_of_path("SMITH_BARROW_2022_10K") == ["BARROW", "SMITH BARROW"]
    assert names_of_path("NORTHFERRY_2022_10K") == ["NORTHFERRY"]
    assert names_of_path("2022") == []


@pytest.mark.parametrize(
    ("question", "name", "count"),
    [
        ("What did North Ferry earn in 2022?", "NORTHFERRY", 2),
        ("What is North Ferry's margin?", "NorthFerry", 2),
        ("How large is Bell and Olsen Freight?", "BELLOLSENFREIGHT", 3),
        ("What did SnB earn in 2022?", "SMITH BARROW", 2),
        ("What did S&B earn in 2022?", "SMITH BARROW", 2),
        ("Is NOFE growing?", "NORTHFERRY", 2),
    ],
)
def test_a_question_names_a_word_of_a_path(question: str, name: str, count: int) -> None:
    assert named_words(question, [name, "REPORT"]) == {name: count}


@pytest.mark.parametrize(
    "question", ["What goes north ferry by ferry?", "What did North River earn?", "IS NOFE GROWING?", "What did SB do?"]
)
def test_other_words_name_nothing(question: str) -> None:
    assert named_words(question, ["NORTHFERRY", "SMITHBARROW"]) == {}


@given(st.text(max_size=80), st.text(max_size=30))
def test_any_text_is_read(question: str, name: str) -> None:
    assert all(count >= 2 for count in named_words(question, names_of_path(name)).values())
