"""Two sources that disagree: `rag.verify.conflict`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.scoring.file import shipped_scoring
from rag.types import Span
from rag.verify.conflict.disagreement import find_conflicts, find_disagreement
from tests.processor_time import at_most

LIMITS = shipped_scoring().conflicts


def span(quote: str, source: str) -> Span:
    return Span(source, f"id-{source}", "", 0, len(quote), quote)


@pytest.mark.parametrize(
    ("left", "right", "about"),
    [
        ("Staff get 25 days of leave.", "Staff get 30 days of leave.", "25 days or 30 days"),
        ("The toll is 3 crowns a car.", "The toll is 4 crowns a car.", "3 or 4"),
        ("The bridge opened on 3 May 1931.", "The bridge opened on 4 May 1931.", "3 May 1931 or 4 May 1931"),
        ("Staff get 25 days of leave.", "Staff get twenty-five days of leave.", ""),
        ("Staff get 25 days of leave.", "Staff get 30 days of sick pay in a bad year.", ""),
        ("The Lantern bridge has 3 lanes.", "The Moss bridge has 4 lanes.", ""),
        ("In May 2022 sales were 3 crowns.", "In May 2023 sales were 4 crowns.", ""),
        ("Sales rose in the first quarter.", "Sales rose in the second quarter.", ""),
        ("Sales of laptops fell in 2022.", "Sales of laptops fell in 2023.", ""),
        ("Net income from sales  393  247", "Net income from sales  76  151", ""),
        ("Sales fell during the first six months.", "Sales fell during the first nine months.", ""),
        ("In the first 6 months sales were 3 crowns.", "In the first 9 months sales were 4 crowns.", ""),
        ("Staff get leave.", "Staff get leave now.", ""),
        ("The gate code of the south pier is 9023.", "The gate code of the north pier is 4417.", ""),
        ("The toll of the bridge is 3 crowns.", "The full toll of the bridge is 4 crowns.", "3 or 4"),
    ],
)
def test_what_two_sources_say_differently(left: str, right: str, about: str) -> None:
    question = "When did it open?" if "opened" in left else "What is it?"
    found = find_disagreement(span(left, "a.md"), span(right, "b.md"), question, LIMITS)
    assert (found.values.text() if found else "") == about


def differ(question: str, left: str, right: str) -> str:
    """Both values with their kind; "" where the two do not disagree, and the same whichever stands first."""
    one, other = span(left, "a.md"), span(right, "b.md")
    found, turned = find_disagreement(one, other, question, LIMITS), find_disagreement(other, one, question, LIMITS)
    assert found == (turned.reversed() if turned else None)
    return f"{found.kind}: {found.first} | {found.second}" if found else ""


@pytest.mark.parametrize(
    ("question", "left", "right", "about"),
    [
        # A name in the place of another.
        (
            "Who chaired the meeting?",
            "The meeting was chaired by Ada Berg.",
            "The meeting was chaired by Bo Lund.",
            "name: Ada Berg | Bo Lund",
        ),
        ("Who is the mayor?", "The mayor is Ada Berg.", "The mayor is Bo Lund.", "name: Ada Berg | Bo Lund"),
        ("Who chairs the board?", "Ada chairs the board.", "Bo chairs the board.", "name: Ada | Bo"),
        (
            "In which city was she born?",
            "She was born in Oslo in 1931.",
            "She was born in Bergen in 1931.",
            "name: Oslo | Bergen",
        ),
        (
            "Who led the crew?",
            "The crew was led by Conrad of Moss.",
            "The crew was led by Ada E. Berg, who wrote of it.",
            "name: Conrad of Moss | Ada E. Berg",
        ),
        # One person in two spellings.
        ("Who is the mayor?", "The mayor is Ada Berg.", "The mayor is A. Berg.", ""),
        ("Who is the mayor?", "The mayor is Ada Berg.", "The mayor is Mrs Berg.", ""),
        ("Who runs the port?", "The port is run by the Moss Harbour Board.", "The port is run by the MHB.", ""),
        # True of many, or of two things.
        ("Who works in the kitchen?", "Ada Berg works in the kitchen.", "Bo Lund works in the kitchen.", ""),
        ("Who keeps the light?", "Ada Berg is a keeper of the light.", "Bo Lund is a keeper of the light.", ""),
        ("Who are the keepers?", "The keeper is Ada Berg.", "The keeper is Bo Lund.", ""),
        ("Who is the mayor?", "The mayor of Oslo is Ada Berg.", "The mayor of Bergen is Ada Berg.", ""),
        ("What is the toll?", "The toll of the Moss pier is 3.", "The toll of the Lantern pier is 3.", ""),
        ("When does it open?", "The office in Oslo opens at eight.", "The office in Leeds opens at eight.", ""),
        ("Whom did Ada Berg name?", "Ada Berg named a new keeper.", "Bo Lund named a new keeper.", ""),
        ("Who came?", "The meeting was attended by Ada Berg.", "The meeting was attended by Bo Lund.", ""),
        ("Where was the keeper born?", "Ada Berg was born in Oslo.", "Bo Lund was born in Oslo.", ""),
        ("Where was the keeper born?", "He was born in Oslo.", "She was born in Bergen.", ""),
        ("When does it open?", "The pool opens at eight on Monday.", "The pool opens at eight on Tuesday.", ""),
        (
            "Wer leitet das Museum?",
            "Das Museum wird von Ada Berg geleitet.",
            "Das Museum wird von Bo Lund geleitet.",
            "name: Ada Berg | Bo Lund",
        ),
        # Places exchanged.
        (
            "Who won the final?",
            "Ada Berg beat Bo Lund in the final.",
            "Bo Lund beat Ada Berg in the final.",
            "order: Ada Berg beat Bo Lund | Bo Lund beat Ada Berg",
        ),
        (
            "What does it carry?",
            "The ferry, which was built here, carries 35 cars and 20 lorries.",
            "The ferry carries 20 cars and 35 lorries.",
            "order: 35 cars and 20 lorries | 20 cars and 35 lorries",
        ),
        ("Who won?", "Ada Berg and Bo Lund won the final.", "Bo Lund and Ada Berg won the final.", ""),
        ("Who met?", "Ada Berg met Bo Lund in town.", "Bo Lund met Ada Berg in town.", ""),
        ("Who won?", "Ada Berg beat Bo Lund in the final.", "Bo Lund was beaten by Ada Berg in the final.", ""),
        # Denied and stated.
        (
            "Is the museum open on Monday?",
            "The museum is open on Monday.",
            "The museum isn't open on Monday.",
            "negation: is open | is not open",
        ),
        (
            "Does the ferry sail on Sunday?",
            "The ferry sails on Sunday.",
            "The ferry does not sail on Sunday, and the office is shut.",
            "negation: sails | does not sail",
        ),
        (
            "Did she sign?",
            "Ada signed the lease.",
            "Ada refused to sign the lease.",
            "negation: signed | refused to sign",
        ),
        (
            "Sind Hunde erlaubt?",
            "Hunde sind auf dem Steg erlaubt.",
            "Hunde sind auf dem Steg nicht erlaubt.",
            "negation: erlaubt | nicht erlaubt",
        ),
        ("Does it sail?", "The ferry sails at night.", "The ferry does not sail at night if a storm comes.", ""),
        ("Does it sail?", "The ferry sails in summer.", "The ferry does not sail in winter.", ""),
        # Opposite words.
        (
            "Is the museum open on Monday?",
            "The museum is open on Monday.",
            "The museum is closed on Monday.",
            "opposite: open | closed",
        ),
        (
            "Where does the ferry leave?",
            "The ferry leaves from the north pier.",
            "The ferry leaves from the south pier.",
            "opposite: north | south",
        ),
        (
            "Are pets allowed?",
            "Pets are allowed in the cabins.",
            "Pets are forbidden in the cabins.",
            "opposite: allowed | forbidden",
        ),
        ("Are pets allowed?", "The museum is not open on Monday.", "The museum is closed on Monday.", ""),
        ("Is it official?", "The map is official.", "The map is unofficial.", "opposite: official | unofficial"),
        ("Was it likely?", "A strike was likely in May.", "A strike was unlikely in May.", ""),
        ("What is the toll?", "The toll of the north pier is 3.", "The toll of the south pier is 3.", ""),
        ("What of Ada Berg?", "Ada Berg was born in Oslo.", "Ada Berg died in Oslo.", ""),
        # Dates, whatever is asked.
        (
            "Who designed the bridge?",
            "The bridge was designed by Ada Berg and opened in 1931.",
            "The bridge was designed by Ada Berg and opened in 1932.",
            "date: 1931 | 1932",
        ),
        (
            "Who wrote it?",
            "The manual of the ferry was updated in 2021.",
            "The manual of the ferry was updated in 2022.",
            "",
        ),
        ("Who sold more?", "Sales of the shop rose in 2021.", "Sales of the shop rose in 2022.", ""),
        (
            "In which century was it built?",
            "The tower of the castle was built in the 12th century.",
            "The tower of the castle was built in the 14th century.",
            "date: 12th | 14th",
        ),
        # Numbers that name a thing, and that the question names.
        ("What does a room cost?", "Room 12 costs 80 EUR a night.", "Room 14 costs 80 EUR a night.", ""),
        ("Which room is hers?", "Her lesson is in room 12.", "Her lesson is in room 14.", "number: 12 | 14"),
        ("Which gate?", "Flight 12 leaves from gate 4.", "Flight 14 leaves from gate 4.", ""),
        ("What do 3 nights cost?", "A stay of 3 nights costs 80 EUR.", "A stay of 5 nights costs 80 EUR.", ""),
    ],
)
def test_what_stands_in_the_place_of_another(question: str, left: str, right: str, about: str) -> None:
    assert differ(question, left, right) == about


def test_rows_of_a_table_name_other_things() -> None:
    assert differ("Who is the keeper?", "| Ada Berg | keeper | Moss |", "| Bo Lund | keeper | Moss |") == ""


@given(st.lists(st.sampled_from("The mayor keeper of Oslo is not Ada Berg 3 in 1931 and , . if open closed".split())))
def test_a_sentence_does_not_contradict_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert differ("Who is the mayor?", text, f"{text} ") == ""


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_are_compared(left: str, right: str) -> None:
    differ(left, left, right)


@pytest.mark.parametrize("piece", ["1) ", "a, ", "Ada Berg ", " ", "not ", "(", "the of "])
def test_long_texts_take_no_time(piece: str) -> None:
    text = piece * (64_000 // len(piece))
    with at_most(2):
        for length in (len(text), 1_900):
            differ(text, f"{text[:length]} 3", f"{text[:length]} 4")


def test_one_source_does_not_contradict_itself() -> None:
    assert (
        find_disagreement(
            span("The toll is 3 crowns.", "a.md"), span("The toll is 4 crowns.", "a.md"), "What is the toll?", LIMITS
        )
        is None
    )


def test_a_span_is_in_one_conflict_only() -> None:
    spans = [span(f"The toll is {n} crowns.", f"{n}.md") for n in (3, 4, 5)]
    assert [(a.source, b.source) for a, b, _ in find_conflicts(spans, "What is the toll?", LIMITS)] == [
        ("3.md", "4.md")
    ]


def test_the_values_are_joined_in_the_language_of_the_reader() -> None:
    left, right = span("Staff get 25 days of leave.", "a.md"), span("Staff get 30 days of leave.", "b.md")
    found = find_disagreement(left, right, "What is it?", LIMITS)
    assert found is not None
    assert found.values.values == {"first": "25 days", "second": "30 days"}
    assert found.values.text("de") == "25 days oder 30 days"
