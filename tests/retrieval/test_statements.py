"""What says something by itself, and what leans on the sentence before: `rag.retrieval.statements`."""

from __future__ import annotations

import pytest

from rag.retrieval.statements import leans, repeats, states_something


@pytest.mark.parametrize(
    "text", ["Toll: €3", "Open: 9–5", "It rains.", "Ada wins!", "塔高五米", "校长是王芳", "ราคา 20", "Boats | 4"]
)
def test_a_short_line_with_a_label_or_an_end_states_something(text: str) -> None:
    assert len(text) < 12
    assert states_something(text)


@pytest.mark.parametrize(
    "text", ["See also", "1.", "(a)", "Note:", "Page 4", "Fig. 3.", "p. 12", "2021", "---", "", "Nr. 5"]
)
def test_a_mark_or_a_pointer_states_nothing(text: str) -> None:
    assert not states_something(text)


def test_a_line_of_numbers_states_something_in_a_table_only() -> None:
    assert states_something("2021 | 4", is_row=True)
    assert states_something("Dog | 2", is_row=True)
    assert not states_something("2021 |", is_row=True)
    assert not states_something("2021, 2022")


@pytest.mark.parametrize(
    "text",
    [
        "She leads the yard.",
        "In this case it closes.",
        "These are rare.",
        "- They moor there.",
        "Sie leitet die Werft.",
    ],
)
def test_a_sentence_that_opens_with_a_pronoun_leans(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "There is a ferry.",
        "It is said that ferries sink.",
        "Theseus sailed.",
        "Heron Island is small.",
        "Es gibt Boote.",
    ],
)
def test_a_sentence_that_names_its_subject_does_not_lean(text: str) -> None:
    assert not leans(text)


def test_a_row_that_repeats_the_title_says_nothing_more() -> None:
    assert repeats("Subject: Office move", "Office move ")
    assert repeats("Betreff: STRASSE", "Straße")
    assert not repeats("Subject: Office move to Oslo", "Office move")
    assert not repeats("Office move", "Office move")
    assert not repeats("Subject:", "")
