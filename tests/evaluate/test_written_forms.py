"""One word in several spellings, and one number in several forms: what an evaluation takes for the same."""

from __future__ import annotations

import pytest

from rag.evaluate.metrics.answer import answer_measures, contains
from rag.evaluate.metrics.numbers import states_number
from rag.evaluate.suite.gold_evidence import find_quote
from rag.evaluate.types import Case, ExpectedNumber
from rag.types import Answer

# As a document has it, and as people type it.
SAME = [
    ("The kiosk sells crêpes at dusk.", "The kiosk sells cre\u0302pes at dusk."),
    ("A \ufb01ne ef\ufb01gy \ufb02oats.", "A fine effigy floats."),
    ("The pass costs 2\u00a0350 EUR.", "The pass costs 2 350 EUR."),
    ("She said \u201cit\u2019s open\u201d today.", 'She said "it\'s open" today.'),
    ("The as\u00adsem\u00adbly meets.", "The assembly meets."),
    ("Two parts : five \u2013 at most.", "Two parts : five - at most."),
    ("A word\u200bbreak.", "A wordbreak."),
    ("It holds 10\u00b9\u2078 grains.", "It holds 10^18 grains."),
    ("Take 2\u00bd spoons.", "Take 2 1/2 spoons."),
    ("The rule\u00b9 stands.", "The rule stands."),
    ("It spans 40 km\u00b2 in all.", "It spans 40 km2 in all."),
]


@pytest.mark.parametrize(("document", "typed"), SAME)
def test_what_is_typed_otherwise_is_the_same(document: str, typed: str) -> None:
    assert [document[start:end] for start, end in find_quote(typed, document)] == [document]
    assert contains(document, typed.rstrip("."))
    assert contains(typed, document.rstrip("."))


@pytest.mark.parametrize(
    ("document", "other"),
    [("It holds 10\u00b9\u2078 grains.", "1018 grains"), ("Take 2\u00bd spoons.", "21/2 spoons")],
)
def test_a_power_and_a_fraction_are_no_other_number(document: str, other: str) -> None:
    assert list(find_quote(other, document)) == []
    assert not contains(document, other)


def test_letter_case_and_sharp_s_are_no_difference_to_an_answer() -> None:
    assert contains("Das Depot liegt in der Lange Stra\u00dfe 7.", "lange strasse 7")


@pytest.mark.parametrize(
    ("text", "value", "unit", "stated"),
    [
        ("The margin was (7) %.", -7, "%", True),
        ("It rose by 7 %.", -7, "%", False),
        ("Result 310 295 (7) 2", -7, "", True),
        ("2 345,5 €", 2345.5, "eur", True),
        ("2.345,5 EUR", 2345.5, "EUR", True),
        ("¾ cup", 0.75, "cup", True),
        ("1½ hours", 1.5, "hours", True),
        ("4.5e3 m", 4500, "m", True),
        ("3.2 × 10^6 m", 3.2e6, "m", True),
        ("10¹⁶ atoms", 1e16, "atoms", True),
        ("10¹⁶ atoms", 1016, "", False),
        ("7-year lease", 7, "years", True),
        ("a seven-year lease", 7, "years", True),
        ("a twenty-one-day wait", 21, "days", True),
        ("a five-hundred-page book", 500, "pages", True),
        ("between 3 and 9 weeks", 6, "weeks", False),
        ("1 250 crowns", 1250, "crowns", True),
        ("It costs 12 345 678 in all.", 12345678, "", True),
        ("about 1 250.5 kg.", 1250.5, "kg", True),
        ("in 3 250 ml bottles", 250, "ml", True),
        ("Sales 310 295 4", 310295, "", False),
        ("In 2014 250 people came.", 2014250, "", False),
        ("1 250 crowns", 1251, "crowns", False),
    ],
)
def test_a_number_is_read_in_each_form(text: str, value: float, unit: str, stated: bool) -> None:
    assert states_number(text, ExpectedNumber(value, unit)) is stated


@pytest.mark.parametrize(
    "text",
    [
        "See page 4; in 2014 there were 6 lamps.",
        "[4] There are 6 lamps.",
        "4. There are 6 lamps.",
        "4) 6 lamps",
        "On 4 May 2014 six lamps burned.",
        "On May 4, 2014 there were 6 lamps.",
        "2014-05-04: 6 lamps",
        "04/05/2014: 6 lamps",
        "At 4:30 there were 6 lamps.",
        "No. 4 has 6 lamps.",
        "p. 4 names 6 lamps.",
        "Version 4 has 6 lamps.",
        "Room 4 has 6 lamps.",
    ],
)
def test_a_bare_number_is_none_that_names_a_place_or_a_time(text: str) -> None:
    assert not states_number(text, ExpectedNumber(4))
    assert states_number(text, ExpectedNumber(6))


def test_a_number_that_stands_alone_may_be_a_day_or_a_page() -> None:
    assert states_number("On 4 May.", ExpectedNumber(4))
    assert states_number("On page 4.", ExpectedNumber(4))


@pytest.mark.parametrize(("said", "expected"), [("1 250 crowns", "1250 crowns"), ("It is 1,250.", "1 250")])
def test_thousands_are_one_number_however_they_are_set_apart(said: str, expected: str) -> None:
    assert contains(said, expected)
    assert contains(expected, said.removeprefix("It is ").removesuffix("."))
    assert not contains(said, "1251")


def test_the_f1_of_a_right_answer_is_set_by_the_case() -> None:
    # Two of two expected words among eight: 2 · 2 / (2 + 8) = 0.4.
    answer = Answer("q", "q", answer="The ferry that leaves at noon is blue-green white")
    strict = Case("c", "q", answers=("white ferry",), match="f1")
    lenient = Case("c", "q", answers=("white ferry",), match="f1", f1_threshold=0.3)
    f1 = answer_measures(strict, answer)["f1"]
    assert f1
    assert 0.3 < f1 < 0.5
    assert (answer_measures(strict, answer)["right"], answer_measures(lenient, answer)["right"]) == (0, 1)
