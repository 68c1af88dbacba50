"""Questions of one time and of several."""

from __future__ import annotations

import pytest

from rag.question.several_times import asks_of_several_times, names_time
from tests.processor_time import at_most


@pytest.mark.parametrize(
    "question",
    [
        "How has total output changed over time?",
        "Has the reserve changed over the reported quarters?",
        "How did ticket sales fluctuate across quarters?",
        "How do costs in the newest quarter compare to previous quarters?",
        "What is the effect? List it for each reported period.",
        "What is the rate in these quarters?",
        "How did the rent develop in the last three years?",
        "Wie hat sich die Miete über die letzten drei Jahre entwickelt?",
        "How did it do quarter over quarter?",
    ],
)
def test_asks_of_several_times(question: str) -> None:
    assert asks_of_several_times(question)


@pytest.mark.parametrize(
    "question",
    [
        "What does the permit cost per month?",
        "How many days of leave do I get each year?",
        "Can leave be carried over for two years?",
        "What was the rate in the second quarter of 2023?",
        "Which of the reports mentions the mill?",
        "Did sales rise in the same quarter?",
        "How long do contracts over two years bind?",
        "Wie viele Tage gibt es pro Jahr?",
    ],
)
def test_asks_of_one_time(question: str) -> None:
    assert not asks_of_several_times(question)


def test_side_that_names_a_time() -> None:
    assert names_time("costs in the most recent quarter")
    assert not names_time("costs of the northern branch")


def test_long_question_is_read_in_no_time() -> None:
    with at_most(2):
        asks_of_several_times("over the last " * 20_000)
