"""Which computation a question asks for, in its plain forms."""

from __future__ import annotations

import pytest

from rag.question.computations import read_computation
from rag.question.periods import read_periods


@pytest.mark.parametrize(
    ("question", "operation", "operands"),
    [
        ("How much did revenue grow from FY2021 to FY2022?", "growth", [("revenue", [2021]), ("revenue", [2022])]),
        ("By how much did revenue fall from 2021?", "growth", [("revenue", [2021]), ("revenue", [])]),
        ("What was the increase in rent from 2019 to 2020?", "growth", [("rent", [2019]), ("rent", [2020])]),
        ("Um wie viel ist der Umsatz von 2021 auf 2022 gestiegen?", "growth", [("Umsatz", [2021]), ("Umsatz", [2022])]),
        ("What is the difference between rent in 2022 and 2021?", "difference", [("rent", [2022]), ("rent", [2021])]),
        (
            "How much higher is the London limit than the Leeds limit?",
            "difference",
            [("London limit", []), ("Leeds limit", [])],
        ),
        ("What percentage of staff were trainees in 2021?", "share", [("trainees", [2021]), ("staff", [2021])]),
        ("What is the sum of rent and heating?", "sum", [("rent", []), ("heating", [])]),
        ("Wie ist das Verhältnis von Miete zu Heizung?", "ratio", [("Miete", []), ("Heizung", [])]),
    ],
)
def test_a_plain_question_names_its_figures(
    question: str, operation: str, operands: list[tuple[str, list[int]]]
) -> None:
    asked = read_computation(question)
    assert asked
    assert asked.operation == operation
    assert [(operand.label, sorted(operand.periods.years)) for operand in asked.operands] == operands


@pytest.mark.parametrize(
    ("question", "expression", "noun"),
    [
        ("How many more cars are 28 cars than 3 cars?", "28 - 3", "cars"),
        ("How many fewer eggs are 2 eggs than 12?", "12 - 2", "eggs"),
        ("What is 15% of 200?", "15% * 200", ""),
        ("calculate 12 times 7", "12 * 7", ""),
        ("(3 + 4) / 2 = ?", "(3 + 4) / 2", ""),
    ],
)
def test_a_question_may_hold_its_figures(question: str, expression: str, noun: str) -> None:
    asked = read_computation(question)
    assert asked
    assert (asked.expression, asked.noun) == (expression, noun)


@pytest.mark.parametrize(
    "question",
    [
        "What was revenue in FY2022?",
        "When did the museum open?",
        "What happened on 11/03/2025?",
        "What is 2025-03-11?",
        "How many more cars are 28 cars than 3 boats?",
        "How much has the town changed?",
        "What is the difference between " + "a" * 400 + " and b?",
    ],
)
def test_other_questions_ask_for_no_computation(question: str) -> None:
    assert read_computation(question) is None


@pytest.mark.parametrize(
    ("text", "years", "quarters", "lengths"),
    [
        ("Three Months Ended July 1, 2023", {2023}, set(), {3}),
        ("FY22", {2022}, set(), {12}),
        ("Q3 '22", {2022}, {3}, {3}),
        ("second quarter of 2021", {2021}, {2}, {3}),
        ("1,999 boats", set(), set(), set()),
    ],
)
def test_periods_are_read(text: str, years: set[int], quarters: set[int], lengths: set[int]) -> None:
    periods = read_periods(text)
    assert (periods.years, periods.quarters, periods.lengths) == (years, quarters, lengths)
