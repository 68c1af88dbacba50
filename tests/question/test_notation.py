"""Values whatever their notation: `rag.question.notation` and `rag.question.spellings`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.notation import find_values, named_periods, periods, stated_values
from rag.question.spellings import spell_date, spell_number, spell_quarter, spell_time, spell_year

SAME = {
    "year": ("2021", "FY2021", "FY21", "FY 2021", "FY'21", "fiscal 2021", "fiscal year 2021", "Geschäftsjahr 2021"),
    "quarter": ("Q3", "3Q", "third quarter", "3rd quarter", "quarter 3", "third fiscal quarter", "drittes Quartal"),
    "quarter of a year": ("Q3 2021", "3Q21", "Q3 FY21", "third quarter of 2021", "2021Q3", "Q3'21", "3. Quartal 2021"),
    "half": ("H1", "first half", "1H", "erstes Halbjahr"),
    "day": ("7 May 2020", "May 7, 2020", "2020-05-07", "07.05.2020", "7/5/2020", "5/7/2020", "7. Mai 2020"),
    "month": ("May 2020", "Mai 2020", "2020-05", "05/2020"),
    "time": ("18:05", "6:05 pm", "6.05 p.m."),
    "number": ("3,600", "3600", "3 600", "3.6 thousand", "3.6k"),
    "money": ("$1.4bn", "$1,400 million", "1.4 billion", "1,400,000,000"),
    "word": ("3", "three"),
    "ordinal": ("4th", "fourth"),
}


@pytest.mark.parametrize("notations", SAME.values(), ids=SAME.keys())
def test_each_notation_of_a_value_asks_for_what_each_other_states(notations: tuple[str, ...]) -> None:
    for question in notations:
        (asked,) = find_values(f"What of {question}?")
        for text in notations:
            assert not asked.wanted.isdisjoint(stated_values(f"It is {text}, they say.")), (question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("FY21", "FY22"),
        ("Q3", "Q2"),
        ("H1", "Q1"),
        ("7 May 2020", "7 May 2021"),
        ("7 May 2020", "8 May 2020"),
        ("May 2020", "June 2020"),
        ("18:05", "6:05 am"),
        ("3,600", "3 and 600"),
        ("3,600", "36,000"),
        ("fourth", "4"),
    ],
)
def test_another_value_is_not_the_same(question: str, text: str) -> None:
    (asked,) = find_values(question)
    assert asked.wanted.isdisjoint(stated_values(text))


def test_a_day_states_its_month_and_its_year_and_not_the_other_way_round() -> None:
    month, day = find_values("In May 2020?")[0], find_values("On 7 May 2020?")[0]
    assert not month.wanted.isdisjoint(stated_values("On 7.5.2020 it rained."))
    assert day.wanted.isdisjoint(stated_values("In May 2020 it rained."))
    # A text that leaves out the year may mean it.
    assert not day.wanted.isdisjoint(stated_values("On 7 May it rained."))


def test_the_report_of_two_years_is_one_of_either() -> None:
    assert {("year", 2021), ("year", 2022)} <= stated_values("the report of 2021/22")
    assert ("year", 2022) not in stated_values("the report of 2021/11")


def test_the_periods_of_a_text_are_told_apart_by_kind() -> None:
    found = periods("nine months to May 31, 2020, and the second quarter of FY19")
    assert {key[1] for key in found.years} == {2019, 2020}
    assert found.parts == {("quarter", 2.0)}
    assert {key[1] for key in found.lengths} == {3, 9}
    assert found.days == {("day", 5, 31)}
    assert named_periods("reports 2019 Q2 of 12 mills") == "2019 Q2"


def test_spellings_that_a_keyword_index_may_hold() -> None:
    assert {"2021", "fy21"} <= set(spell_year(2021))
    assert {"third quarter", "q3", "3q21"} <= set(spell_quarter("quarter", 3, 2021))
    assert {"7 may 2020", "7.5.2020", "2020 05 07"} <= set(spell_date(2020, 5, 7))
    assert {"may 2020", "31.05.2020"} <= set(spell_date(2020, 5, 0))
    assert {"18 05", "6 05 pm", "6.05 p m"} <= set(spell_time([1085]))
    assert {"3600", "3,600", "3 600", "3.6 thousand", "3.6k"} <= set(spell_number(3600.0))


@given(st.text(max_size=80) | st.from_regex(r"[QH]?\d{1,5}[-/. ]?\d{0,4}( (May|FY|pm|km|million))?", fullmatch=True))
def test_values_are_slices_in_order_and_answer_themselves(text: str) -> None:
    end = 0
    for value in find_values(text):
        assert value.start >= end
        assert text[value.start : value.end].endswith(value.text[-1])
        assert not value.wanted.isdisjoint(value.stated | {("day of a year", *key[2:]) for key in value.stated})
        end = value.end
