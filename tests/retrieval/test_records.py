"""Lines "label: value" that describe one thing together: `rag.retrieval.records`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.records import match_records

LEAD = [(1, "Name: Ada Vik"), (1, "Role: Lead surveyor"), (1, "Degree: MSc in geodesy, 2010.")]
DEPUTY = [(2, "Name: Bo Lind"), (2, "Role: Deputy lead surveyor"), (2, "Degree: BSc in law, 2012.")]
BOTH = LEAD + DEPUTY


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Which degree does the lead surveyor have?", {2: 1}),
        ("Which degree does the deputy lead surveyor have?", {5: 4}),
        ("Who is the lead surveyor?", {0: 1}),
        ("What is the role of Bo Lind?", {4: 3}),
        ("What is the degree of Ada Vik?", {2: 0}),
        ("Which degree is best?", {}),
        ("Where is the lead surveyor?", {}),
        ("", {}),
    ],
)
def test_the_line_of_the_record_that_is_named(question: str, found: dict[int, int]) -> None:
    assert match_records(question, BOTH) == found


def test_a_label_that_comes_again_begins_another_record() -> None:
    lines = [(1, text) for _, text in BOTH]
    assert match_records("Which degree does the deputy lead surveyor have?", lines) == {5: 4}


def test_a_sentence_or_a_heading_ends_a_record() -> None:
    assert match_records("Which degree has Ada Vik?", [LEAD[0], (1, "A sentence between."), LEAD[2]]) == {}
    assert match_records("Which degree has Ada Vik?", [LEAD[0], (2, LEAD[2][1])]) == {}


def test_two_records_that_are_named_alike_are_both_meant() -> None:
    lines = [*LEAD, (2, "Name: Cleo Ma"), *[(2, text) for _, text in LEAD[1:]]]
    assert match_records("Which degree does the lead surveyor have?", lines) == {2: 1, 5: 4}


def test_a_long_value_names_no_record() -> None:
    long = (1, "Note: the lead surveyor walks the whole of the northern line in May")
    assert match_records("Which degree does the lead surveyor have?", [long, LEAD[2]]) == {}


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["a: b", "b: a c", "x", "name: a", "a:", ": b"])), max_size=12
    )
)
def test_lines_are_of_one_run(lines: list[tuple[int, str]]) -> None:
    for number, other in match_records("who is a b", lines).items():
        assert number != other
        assert {place for place, _ in lines[min(number, other) : max(number, other) + 1]} == {lines[number][0]}
