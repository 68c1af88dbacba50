"""When the sources say another number or date of the same thing, and when only none of theirs: `rag.verify.rules`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.parse.parsed_text import parse_text
from rag.verify.rule import Comparison
from rag.verify.rules.bound import different_bound, opposite_bound, time_bound
from rag.verify.rules.date import date_absent, date_contradicted
from rag.verify.rules.number import misattributed_number, number_absent, number_contradicted
from rag.verify.verdict import source_lines


def compared(sentence: str, *sources: str, columns: str = "", above: str = "") -> Comparison:
    """A sentence beside all lines of its sources."""
    lines = [parse_text(line) for source in sources for line in source_lines(source)]
    around = [parse_text(text) for text in (columns,) if text]
    return Comparison(parse_text(sentence), lines, around, parse_text(above), sentence, sources, 0.6)


def contradiction(comparison: Comparison) -> Mapping[str, Any] | None:
    """What the sources say otherwise, whether a number or a date."""
    return number_contradicted(comparison) or date_contradicted(comparison)


# Each line: a sentence | a source | what this says instead.
CONTRADICTED = """
At night, the toll is 3 crowns. | At night, the toll is 4 crowns. | 4
The toll was 3 crowns. | The toll was 4 crowns. | 4
Sales rose by 500 EUR in May. | Sales rose by 900 EUR in May. | 900 EUR
It costs 500 EUR. | It costs 900 EUR. | 900 EUR
The mill employs 40 weavers. | The mill employs 30 weavers. | 30
The pier is 5 miles long. | The pier is 5 km long. | 5 km
The seat costs $40. | The seat costs €40. | €40
They sold 3 billion tickets. | They sold 3 million tickets. | 3 million
Notice is 14 weeks. | Notice is 14 days. | 14 days
Rents rose by 5 percentage points. | Rents rose by 5%. | 5%
It loses 10 to 30 percentage points. | It loses 10 to 30%. | 10
It was the fourth attempt. | It was the third attempt. | third
The mill is the third oldest. | The mill is the second oldest. | second
The Lantern bridge is 41 metres long. | The Lantern bridge is 412 metres long and costs 5 crowns. | 412 metres
In 2020 the mill sold 5,417 coats. | In 2019 the mill sold 5,417 coats. | 2019
Das Kindergeld beträgt 250 Euro im Monat. | Das Kindergeld beträgt 255 Euro im Monat. | 255 Euro
Three keepers live there. | Two keepers live there. | Two
The shop opens at 7:30. | The shop opens at 7:40. | 7:40
It opened in 1932. | It opened in 1931. | 1931
It opened in 1932. | It opened in 1931 and costs 1,500 crowns a year. | 1931
It opened in 1932. | It opened on 3 March 1931. | 3 March 1931
It opened on 4 March 1931. | It opened on 3 March 1931. | 3 March 1931
It opened on 3 April 1931. | It opened on 1931-03-03. | 1931-03-03
Der Laden öffnete am 4. März 1931. | Der Laden öffnete am 3. März 1931. | 3. März 1931
Der Laden hat zwölf Türen. | Der Laden hat 11 Türen. | 11
The bus seats 54 people, and the van seats 8. | The bus seats 53 people, and the van seats 8. | 53
The fee for a dog is 15 EUR. | Dog: 12 EUR | 12 EUR
Ada has 30 days. | name: Ada; days: 25; desk: 4 | 25
It fell in the 1840s. | It fell in the 1830s. | 1830s
"""
# Each line: a sentence | a source that does not contradict it.
COMPATIBLE = """
The toll is 3 crowns. | The toll was 4 crowns.
The toll is 3 crowns. | The toll will be 4 crowns.
The toll is 3 crowns. | At night, the toll is 4 crowns.
The toll is 3 crowns. | If it rains, the toll is 4 crowns.
The toll is 3 crowns a day. | The toll is 4 crowns a day in winter.
Ada had 4,500 crowns more in 2020. | Ada had 48,500 crowns in 2020.
Sales rose by 500 EUR in May. | Sales were 900 EUR in May.
It costs 500 EUR. | It weighs 900 kg.
It costs 500 EUR. | It costs 500 EUR in winter and 900 EUR in summer.
About 81% of the members voted. | 80.7 % of the members voted.
Nearly 3,000 guests came. | 2,987 guests came.
Some 1.2 million guests came. | 1,204,000 guests came.
1.2 million guests came. | 1,204,000 guests came.
Over 500 guests came. | 932 guests came.
At most 900 guests came. | 800 guests came.
About 900 guests came. | About 930 guests came.
More than 900 guests came. | At least 800 guests came.
Sales were $403 million. | Sales were $403,000,000.
The load is 5 tons. | The load is 5 tonnes.
It is 20 degrees warm. | It is 20 °C warm.
The toll of the south pier is 3 EUR. | The toll of the north pier is 4 EUR.
Bo has 30 days. | Ada has 25 days.
In 2020 it cost 500 EUR. | In 2019 it cost 900 EUR.
In the second quarter it cost 500 EUR. | In the first quarter it cost 900 EUR.
It cost 500 EUR. | In 2019 it cost 900 EUR.
It cost 500 EUR. | The third of them cost 900 EUR in winter.
The net price is 500 EUR. | The price is 900 EUR.
It does not cost 500 EUR. | It costs 900 EUR.
Some guests pay 500 EUR. | All guests pay 900 EUR.
Guests may pay 500 EUR. | Guests must pay 900 EUR.
Ada paid Bo 500 EUR. | Bo paid Ada 900 EUR.
The Ninth Fleet sailed home. | The Tenth Fleet sailed home.
Room 14 holds 30 people. | Room 12 holds 30 people.
The chapter on page 14 is on taxes. | The chapter on page 12 is on taxes.
The Falcon 9 flew home. | The Falcon 8 flew home.
In 2020 the mill sold 5 coats. | In 2019 the mill sold 5 coats.
It opened before 1935. | It opened in 1931.
It opened in March 1931. | It opened in 1931.
It opened in 1931. | It opened on 3 March 1931.
It opened by 4 March 1931. | It opened on 3 March 1931.
The fee for a large dog is 25 EUR. | Dog: 12 EUR
The fee for a dog is 15 EUR. | Dog: 12 EUR, or 15 EUR from May
The fee for a dog in 2020 is 15 EUR. | Dog: 12 EUR
The fee for a cat is 15 EUR. | Dog: 12 EUR
Bo has 30 days. | name: Ada; days: 25
Ada has 30 hours. | name: Ada; days: 25
"""


def cases(table: str) -> list[list[str]]:
    """The lines of a table of examples."""
    return [line.split(" | ") for line in table.strip().splitlines()]


@pytest.mark.parametrize(("sentence", "source", "instead"), cases(CONTRADICTED))
def test_a_source_that_says_another_value_of_the_same_thing_contradicts(
    sentence: str, source: str, instead: str
) -> None:
    values = contradiction(compared(sentence, source))
    assert values
    assert values["instead"] == instead
    assert instead in compared(sentence, source).lines[values["line"]].text


@pytest.mark.parametrize(("sentence", "source"), cases(COMPATIBLE))
def test_a_source_that_may_be_true_beside_the_sentence_does_not_contradict(sentence: str, source: str) -> None:
    assert contradiction(compared(sentence, source)) is None


def test_a_value_that_another_source_has_contradicts_nothing() -> None:
    assert contradiction(compared("It costs 500 EUR.", "It costs 900 EUR.", "A seat is 500 EUR.")) is None


def test_the_line_that_says_otherwise_is_told() -> None:
    values = contradiction(compared("It costs 500 EUR.", "The mill is old. It is red.", "It costs 900 EUR."))
    assert values is not None
    assert values["line"] == 2


def test_what_stands_above_may_be_what_a_line_calls_it() -> None:
    sentence, source = "The Lantern bridge opened in 1932.", "It opened in 1931."
    assert contradiction(compared(sentence, source, above="The Lantern bridge"))
    assert contradiction(compared(sentence, "The Lantern bridge is long.", source))
    assert contradiction(compared(sentence, source)) is None
    other = "The Lantern bridge is old. It is 412 metres long."
    assert contradiction(compared("The Lantern bridge is 41 metres long.", other))


def test_two_rows_that_say_different_values_contradict_nothing() -> None:
    rows = "Dog: 12 EUR\nDog: 14 EUR"
    assert contradiction(compared("The fee for a dog is 15 EUR.", rows)) is None
    assert contradiction(compared("The fee for a dog is 15 EUR.", "Dog: 12 EUR\nCat: 14 EUR"))


def test_headings_tell_what_a_row_is_about() -> None:
    sentence, row = "The toll for a lorry in Bergen is 15 EUR.", "Lorry: 12 EUR"
    assert contradiction(compared(sentence, row, columns="Tolls in Bergen"))
    assert contradiction(compared(sentence, row, columns="Tolls in Oslo")) is None


def test_a_scaled_number_is_neither_absent_nor_contradicted() -> None:
    row = "Research  $ 2,294  $ 1,945"
    for around in ({"columns": "Costs (in millions)"}, {}):
        sources = (row,) if around else ("($ in millions)\n" + row,)
        assert number_absent(compared("Research cost $2,294 million.", *sources, **around)) is None
        assert number_absent(compared("Research cost $2,294 billion.", *sources, **around))
    assert number_absent(compared("Research cost $2,294 million.", row))


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("It lasted for the first 9 months.", "It lasted for the first nine months."),
        ("It has 3 wings [2].", "It has 3 wings."),
        ("It opened on 29 October 2023.", "October 29,\n2023"),
        ("It opened in March 2021.", "Opened 03/2021"),
        ("It opened in fiscal 2021.", "It opened in FY2021."),
        ("It opened in 2021.", "It opened in FY21."),
    ],
)
def test_what_stands_there_in_another_form_is_not_absent(sentence: str, source: str) -> None:
    assert number_absent(compared(sentence, source)) is None
    assert date_absent(compared(sentence, source)) is None


@pytest.mark.parametrize(
    ("sentence", "source", "is_absent"),
    [
        ("It was below zero.", "It was −5 °C.", False),
        ("It was below zero.", "It was below freezing all day.", False),
        ("Es war unter null Grad.", "Es war −5 °C.", False),
        ("It stayed above zero.", "It was 5 °C.", False),
        ("It was below zero.", "It was 5 °C.", True),
        ("Zero boats sank.", "It was −5 °C. Five boats sank.", True),
        ("No one came once.", "Nobody was there.", False),
        ("One of the boats sank.", "A boat sank.", False),
    ],
)
def test_a_number_that_only_opens_a_phrase_is_not_absent(sentence: str, source: str, is_absent: bool) -> None:
    assert bool(number_absent(compared(sentence, source))) == is_absent


def test_bounds_of_time_are_told_in_both_languages() -> None:
    for text, bound in (("before 1931", "<"), ("vor 1931", "<"), ("seit 1931", ">="), ("in 1931", "")):
        parsed = parse_text(f"It opened {text}.")
        assert time_bound(parsed, parsed.quantities[0]) == bound
    assert opposite_bound(compared("Es endet vor 1931.", "Es endet nach 1931."))
    assert different_bound(compared("Sie zahlen 5 Kronen.", "Sie zahlen mindestens 5 Kronen."))


def test_a_rounded_number_is_doubted_where_no_judge_vouches_for_it() -> None:
    comparison = compared("The town has 1,200 towers.", "The town has 1,204 towers.")
    assert number_absent(comparison) is None
    assert misattributed_number(comparison) == {"number": "1,200", "instead": "1,204"}


@given(st.integers(2, 10**6), st.integers(2, 10**6))
def test_a_number_is_contradicted_by_no_rounded_or_equal_one(number: int, in_source: int) -> None:
    values = contradiction(compared(f"The town has {number} towers.", f"The town has {in_source} towers."))
    assert (values is None) == (number == in_source or _is_rounded(number, in_source))


def _is_rounded(number: int, exact: int) -> bool:
    """Whether a number has two digits at least before its zeros, and is near to the exact one."""
    digits = str(number).rstrip("0")
    step = 10 ** (len(str(number)) - len(digits))
    return step > 1 and len(digits) > 1 and abs(number - exact) <= min(step / 2, 0.01 * number)


@given(st.integers(1, 28), st.integers(1, 12), st.integers(1900, 2090), st.integers(1, 28))
def test_a_day_is_contradicted_by_another_one(day: int, month: int, year: int, other_day: int) -> None:
    source = f"The lease ends on {year}-{month:02}-{other_day:02}."
    sentence = f"The lease ends on {year}-{month:02}-{day:02}."
    assert (contradiction(compared(sentence, source)) is None) == (day == other_day)


@pytest.mark.parametrize(
    ("sentence", "source", "is_absent"),
    [
        ("汽船的通行费是42克朗。", "The toll for a steamer is 42 crowns.", False),
        ("汽船的通行费是42克朗。", "The toll for a steamer is 24 crowns.", True),
        ("Die Brücke ist 42 Meter lang und schmal.", "The old bridge is 42 ells long and it is narrow.", False),
        ("Die Brücke ist 42 Meter lang und schmal.", "The old bridge is 42 miles long and it is narrow.", True),
        ("Il fait 42 degrés dans la salle des machines.", "It is 42 °C in the engine room of the ship.", False),
    ],
)
def test_a_unit_that_is_not_known_in_another_language_is_no_objection(
    sentence: str, source: str, is_absent: bool
) -> None:
    assert (number_absent(compared(sentence, source)) is not None) is is_absent
