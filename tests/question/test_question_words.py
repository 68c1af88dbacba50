"""What a question asks: `rag.question.question_words`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.question_words import is_other_period, question_terms, search_words, split_question
from tests.processor_time import is_in_proportion


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


@given(st.text(max_size=200))
def test_a_question_has_one_to_three_parts(text: str) -> None:
    assert 1 <= len(split_question(text)) <= 3


@pytest.mark.parametrize("unit", [" ", ", ", "\n\t", "? ", " and ", " and also "])
def test_a_hostile_question_takes_linear_time(unit: str) -> None:
    def work(length: int) -> None:
        question = f"What is it{(unit * length)[:length]}that it is?"
        split_question(question)

    # Four times the length: quadratic time would be sixteen times as long.
    assert is_in_proportion(work, 16_000, 64_000)


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
        ("What were sales in FY23?", "Sales rose in fiscal 2022.", True),
        ("What were sales in FY23?", "Sales rose in 2023.", False),
        ("What were sales in Q2?", "In nine months, 12 were sold.", True),
        ("What were sales in Q2?", "In the three months to May, 12 were sold.", False),
        ("What was sold in the first half?", "2H: 12 were sold.", True),
        ("How high was it on 3 May 2021?", "On 2021-05-04 it was high.", True),
        ("How high was it on 3 May 2021?", "On 03.05.2021 it was high.", False),
        ("How high was it in May 2021?", "On 3.5.2021 it was high.", False),
        ("How high was it in May 2021?", "On 3 June 2021 it was high.", True),
    ],
)
def test_another_time_than_the_one_asked_about(question: str, text: str, other: bool) -> None:
    assert is_other_period(question, text) is other


def test_a_sentence_without_a_time_has_that_of_its_document() -> None:
    assert is_other_period("What was the rent in 2019?", "The rent is 410.", "contracts 2024 rent")
    assert not is_other_period("What was the rent in 2019?", "The rent is 410.", "contracts 2019 rent")
    assert not is_other_period("What was the rent in 2019?", "The rent of 2019 was 410.", "contracts 2024 rent")


def test_a_value_is_one_term_and_the_words_searched_for_stay_single() -> None:
    assert [term.text for term in question_terms("Did KRX-22-B cost 4,300 EUR?")] == [
        "KRX-22-B",
        "cost",
        "4,300",
        "EUR",
    ]
    assert search_words("Did KRX-22-B cost 4,300 EUR?") == ["krx", "22", "b", "cost", "4,300", "eur"]
