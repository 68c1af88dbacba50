"""Checking a sentence against its source: `rag.verify`."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.types import Verdict
from rag.verify.parse.dates import find_dates
from rag.verify.parse.quantities import find_quantities, possible_values
from rag.verify.verdict import check_sentence, normalised_numbers
from tests.processor_time import at_most

SOURCE = "The Lantern bridge opened in 1931. It is 412 metres long and costs 1,500 crowns a year."

# -- verdicts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The Lantern bridge opened in 1931.", "verified"),
        ("The lantern bridges were opening in 1931!", "verified"),
        ("The bridge costs 1500 crowns.", "verified"),
        ("The bridge costs 1,500.0 crowns.", "verified"),
        ("It costs one thousand five hundred crowns a year.", "verified"),
        ("The Lantern bridge opened in 1932.", "contradicted"),
        ("The Lantern bridge opened in 1931 and is 412 metres long.", "verified"),
        ("The Lantern bridge is 41 metres long.", "contradicted"),
        ("The Lantern bridge is 412 feet long.", "contradicted"),
        ("The Lantern bridge is 0.412 km long.", "verified"),
        ("The Lantern bridge is not 412 metres long.", "partly"),
        ("The Lantern bridge never opened in 1931.", "partly"),
        ("The Lantern bridge opened before 1931.", "partly"),
        ("The Lantern bridge opened with fireworks.", "partly"),
        ("The Lantern bridge may have opened in 1931.", "partly"),
        ("A purple elephant dances.", "unsupported"),
        ("Berlin opened in 1931.", "partly"),
        ("The Berlin bridge opened in 1931.", "partly"),
        ("Here it is:", "not a claim"),
        ("…", "not a claim"),
        ("1931", "verified"),
        ("7", "unsupported"),
    ],
)
def test_the_verdict_on_a_sentence(sentence: str, verdict: str) -> None:
    assert check_sentence(sentence, [SOURCE]).verdict == verdict


@pytest.mark.parametrize(
    "sentence",
    [
        "Hello!",
        "Here is what the documents say:",
        "Based on the provided documents, here is the answer:",
        "I hope this helps.",
        "Let me know if you have any other questions.",
        "Would you like to know more about the bridge?",
        "The documents do not say.",
        "Die Dokumente sagen dazu nichts.",
    ],
)
def test_a_sentence_without_a_fact_is_not_a_claim(sentence: str) -> None:
    assert check_sentence(sentence, [SOURCE]).verdict == "not a claim"


@pytest.mark.parametrize("sentence", ["Sure, it is 412 metres long.", "The documents say that it opened in 1931."])
def test_a_fact_beside_a_greeting_is_a_claim(sentence: str) -> None:
    assert check_sentence(sentence, [SOURCE]).verdict in ("verified", "partly")


@pytest.mark.parametrize(
    ("sentence", "source", "words"),
    [
        ("It opened in 1932.", "It opened in 1931.", "the source says 1931, the answer 1932"),
        ("It costs 500 EUR.", "It costs 900 EUR.", "the source says 900 EUR, the answer 500 EUR"),
        ("It has 7 wings.", "Birds sing.", "the number 7 does not stand in the source"),
        ("The Lantern bridge opened with fireworks.", SOURCE, "not in the source: fireworks"),
        ("The Lantern bridge never opened in 1931.", SOURCE, "the sentence denies ('never') what the source states"),
    ],
)
def test_a_verdict_that_is_not_good_says_why(sentence: str, source: str, words: str) -> None:
    assert str(check_sentence(sentence, [source]).reason) == words


def test_a_claim_is_not_verified_against_nothing() -> None:
    assert check_sentence("The Lantern bridge opened.", []).verdict == "unsupported"
    assert check_sentence("In 1931.", [""]).verdict == "unsupported"


def test_a_negation_elsewhere_in_the_source_does_not_matter() -> None:
    quotes = ["The bridge is closed in winter.", "The ferry does not sail at night."]
    assert check_sentence("The bridge is closed in winter.", quotes).verdict == "verified"
    assert check_sentence("The ferry does not sail at night.", quotes).verdict == "verified"
    assert check_sentence("The ferry sails at night.", quotes).verdict == "partly"


# Each line: a true sentence | its mutant; the true one is also the source.
TURNED = """
The keeper Bo Lund sleeps. | The keeper Ada Lund sleeps.
The bridge opened in April. | The bridge opened in March.
The fair is on Tuesday. | The fair is on Monday.
It was signed on 3 March 2021. | It was signed on 4 March 2021.
It was signed on 3 March 2021. | It was signed on March 3, 2020.
It was signed on 2021-03-04. | It was signed on 4 April 2021.
Sales fell to 5 percent. | Sales rose to 5 percent.
The change was 5 percent. | The change was -5 percent.
The change was 5 percent. | The change was 5 percentage points.
Ferries leave after noon. | Ferries leave before noon.
Guests may pay. | Guests must pay.
Guests must pay. | Guests need not pay.
Guests should pay. | Guests must pay.
Trucks pay at most 5 crowns. | Trucks pay at least 5 crowns.
Trucks pay more than 5 crowns. | Trucks pay less than 5 crowns.
Trucks pay up to 5 crowns. | Trucks pay over 5 crowns.
Some ferries sail at night. | All ferries sail at night.
Most ferries sail at night. | Few ferries sail at night.
The shop is always open. | The shop is sometimes open.
The shop is open. | The shop isn't open.
The shop is no longer open. | The shop is open.
Staff cannot work from home. | Staff can work from home.
The trip takes 3 hours. | The trip takes 3 days.
The trip takes 3 hours. | The trip takes 4 hours.
The trip costs $5 million. | The trip costs $5 billion.
The trip costs $5. | The trip costs €5.
The trip costs 1,234.50 crowns. | The trip costs 12,345.00 crowns.
The town has twelve towers. | The town has thirteen towers.
It is the third tower. | It is the fourth tower.
Two keepers live there. | Three keepers live there.
The shop opens at 7:40. | The shop opens at 7:30.
The shop opens at 7 am. | The shop opens at 7 pm.
It opened before 1931. | It opened after 1931.
It opened in the 1990s. | It opened in the 1980s.
It fought in World War II. | It fought in World War III.
Pope Paul II came. | Pope Paul I came.
The patient has type II diabetes. | The patient has type I diabetes.
Section 4.2.1 is on refunds. | Section 4.2.3 is on refunds.
Version 2.1.0 is out. | Version 2.1.10 is out.
Store it at minus 20 degrees. | Store it at 20 degrees.
Ask the IT desk. | Ask the HR desk.
Ask the HR desk. | Ask the IT desk.
The offer holds until Friday. | The offer holds from Friday.
The news came yesterday. | The news came today.
"""


@pytest.mark.parametrize("pair", [line.split(" | ") for line in TURNED.strip().splitlines()], ids=lambda p: p[1])
def test_a_turned_sentence_is_not_verified(pair: list[str]) -> None:
    source, mutant = pair
    assert check_sentence(source, [source]).verdict == "verified"
    result = check_sentence(mutant, [source])
    assert result.verdict in ("partly", "unsupported", "contradicted"), result
    assert result.reason
    if result.verdict == "contradicted":
        assert result.reason.code in ("number-contradicted", "date-contradicted")


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Ada has 7 boats.", "Ada has 5 boats and Bo has 7 boats."),
        ("The ferry takes 28 cars.", "The bridge takes 28 cars. The ferry is small."),
        ("The bridge is 412 metres long.", "The bridge is old. The tunnel is 412 metres long."),
        ("Ada beat Bo.", "Bo beat Ada."),
        ("Employees smoke.", "Some employees smoke."),
        ("The drug causes headaches.", "The drug may cause headaches."),
        ("The town has 400 towers.", "The town has about 400 towers."),
        ("The report is complete.", "The report is nearly complete."),
        ("The storm reaches the coast.", "The storm is expected to reach the coast."),
        ("The heater turns off at night.", "The heater turns on at night."),
        ("Dan and her family live here.", "Dan and his family live here."),
        ("The shop is not without heating.", "The shop is without heating."),
        ("The tenant sued the landlord.", "The landlord sued the tenant."),
        ("The firm lent money to the bank.", "The bank lent money to the firm."),
        ("Add the water to the acid.", "Add the acid to the water."),
        ("The captain replaced the goalkeeper.", "The captain was replaced by the goalkeeper."),
        ("The ferry is cancelled.", "If it rains, the ferry is cancelled."),
        ("The ferry sails.", "The board decides whether the ferry sails."),
        ("Staff get a bonus.", "Staff get a bonus unless sales fall."),
        ("The cover holds for theft.", "The cover holds for theft, provided that a report is filed."),
        ("All staff get a bonus.", "All staff get a bonus, except interns."),
        ("There was a change in the rules.", "The report names any change in the rules."),
        ("Bo Kern runs the lab in Cork.", "Ada Lund runs the lab in Cork. Bo Kern left."),
    ],
)
def test_words_of_the_source_put_together_wrongly_are_never_verified(sentence: str, source: str) -> None:
    result = check_sentence(sentence, [source])
    assert result.verdict in ("partly", "unsupported"), result


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("The toll is 5%.", "The toll is five per cent."),
        ("It weighs 2 kg.", "It weighs 2,000 g."),
        ("It costs $1.2 million.", "It costs $1,200,000."),
        ("It costs 1.234,50 €.", "It costs €1,234.50."),
        ("It opened on March 3, 2021.", "It opened on 3 March 2021."),
        ("It opened in 2021.", "It opened on 3rd of March 2021."),
        ("The ferry sails daily.", "The ferry sails daily; if it rains, bring an umbrella."),
        ("The ferry sails if it rains.", "The ferry sails if it rains."),
        ("Lunch was provided.", "Lunch was provided by the hotel."),
        ("The shop opens at 19:40.", "The shop opens at 7:40 pm."),
        ("Twenty-one days are free.", "21 days are free."),
        ("The trip takes 2 years.", "The trip takes 24 months."),
        ("The colour was analysed.", "The color was analyzed."),
        ("It didn't open.", "It did not open."),
        ("The bridge is open.", "The bridge is open and was not damaged."),
        ("It opened in the 1990's.", "It opened in the 1990s."),
        ("It opens at 11:00.", "It opens at 11 : 00 ."),
        ("It ran in 2018–19.", "It ran in 2018-2019."),
        ("The U.S. buys steel.", "The US buys steel."),
        ("The US buys steel.", "The U.S. buys steel."),
        ("Keep it at minus 20 °C.", "Keep it at -20 °C."),
        ("According to the handbook, staff get 25 days.", "Staff get 25 days."),
        ("The document states that staff get 25 days.", "Staff get 25 days."),
        ("In short, staff get 25 days.", "Staff get 25 days."),
        ("The guide lists forty plants.", "The guide, last revised in 2019, lists forty plants."),
        ("In Oslo she met Bo in 1990.", "In 1990 she met Bo in Oslo."),
        ("The harbour was destroyed by the storm.", "The storm destroyed the harbour."),
        ("Ada, a pupil of Bo, paints ships.", "Ada, a pupil of Bo, paints ships."),
        ("Bo has 30 days.", "name: Bo; days: 30"),
    ],
)
def test_another_spelling_is_still_verified(sentence: str, source: str) -> None:
    assert check_sentence(sentence, [source]).verdict == "verified", check_sentence(sentence, [source])


def test_a_quotation_must_stand_in_the_source_verbatim() -> None:
    source = "The rule says that no dog may cross the bridge."
    assert check_sentence("The rule says “no dog may cross the bridge”.", [source]).verdict == "verified"
    other = check_sentence("The rule says “no dog can cross the bridge”.", [source])
    assert (other.verdict, other.objects) == ("partly", True)


def test_a_stitched_sentence_needs_both_of_its_sources() -> None:
    bridge, ferry = "The bridge opened in 1931.", "The ferry carries 28 cars."
    stitched = "The bridge opened in 1931 and the ferry carries 28 cars."
    assert check_sentence(stitched, [bridge]).verdict != "verified"
    assert check_sentence(stitched, [ferry]).verdict != "verified"
    assert check_sentence(stitched, [bridge, ferry]).verdict == "verified"


def test_a_title_may_name_what_a_source_calls_it() -> None:
    assert check_sentence("The Lantern bridge opened in 1931.", ["It opened in 1931."]).verdict == "partly"
    assert (
        check_sentence("The Lantern bridge opened in 1931.", ["It opened in 1931."], "The Lantern bridge").verdict
        == "verified"
    )
    assert (
        check_sentence("The Lantern bridge opened in 1931.", ["It opened."], "Lantern bridge 1931").verdict
        == "unsupported"
    )


@example("Table A and Table B")
@given(st.text(max_size=200).map(lambda text: " ".join(text.split())))
def test_a_sentence_stands_in_itself(text: str) -> None:
    assert check_sentence(text, [text]).verdict in ("verified", "partly", "not a claim")


@pytest.mark.parametrize(
    "piece",
    [
        "the bridge opened ",
        "Ada 12 not must ",
        "A B C ",
        "May 3 before 5 km ",
        "mill involving boats ",
        "mill, which Bo built, ",
    ],
)
def test_a_huge_sentence_is_checked_in_seconds(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    with at_most(15):
        check_sentence(text, [text])


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_the_checker(sentence: str, source: str) -> None:
    assert check_sentence(sentence, [source]).verdict in get_args(Verdict)


@given(st.integers(10, 9999), st.integers(10, 9999))
def test_another_number_is_never_verified(number: int, in_source: int) -> None:
    verdict = check_sentence(f"The town has {number} towers.", [f"The town has {in_source} towers."]).verdict
    assert (verdict == "verified") == (number == in_source)


# -- quantities and dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,500", (1500, 1.5)),
        ("1.500", (1.5, 1500)),
        ("1,234,567", (1234567,)),
        ("1.234.567,89", (1234567.89,)),
        ("1,234.5", (1234.5,)),
        ("1'234.5", (1234.5,)),
        ("1 234,5", (1234.5,)),
        ("12,34,567", (1234567,)),
        ("2.50", (2.5,)),
        ("3/4", (0.75,)),
    ],
)
def test_values_in_the_notations_of_several_locales(text: str, expected: tuple[float, ...]) -> None:
    assert possible_values(text) == [expected]


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("$1.2 million", 1.2e6, "dollar", ""),
        ("€5bn", 5e9, "euro", ""),
        ("5 m", 5, "metre", ""),
        ("$5 m", 5e6, "dollar", ""),
        ("5%", 5, "percent", ""),
        ("2.5 per cent", 2.5, "percent", ""),
        ("twenty-one days", 21 * 86400, "second", ""),
        ("two hundred and five", 205, "", ""),
        ("a hundred people", 100, "", ""),
        ("21st", 21, "ordinal", ""),
        ("7:40 pm", 19 * 60 + 40, "time of day", ""),
        ("at least 5 years", 60, "month", ">="),
        ("5 or more", 5, "", ">="),
        ("about 9", 9, "", "~"),
        ("no more than 9", 9, "", "<="),
        ("-3", -3, "", ""),
        ("the 1990s", 1990, "decade", ""),
    ],
)
def test_a_quantity_is_its_value_unit_and_bound(text: str, value: float, unit: str, bound: str) -> None:
    (quantity,) = find_quantities(text)
    assert (quantity.values, quantity.unit, quantity.bound) == ((value,), unit, bound)
    assert text[quantity.start : quantity.end] == quantity.text


def test_numbers_for_a_reader() -> None:
    assert normalised_numbers("1,500 m and 2.50 at 7:40") == ["1500 metre", "2.5", "460 time of day"]
    assert normalised_numbers("no number; one of them; a second look; v1x") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 March 2021", (2021, 3, 3)),
        ("March 3rd, 2021", (2021, 3, 3)),
        ("2021-03-03", (2021, 3, 3)),
        ("3.3.2021", (2021, 3, 3)),
        ("3rd of March", (0, 3, 3)),
        ("March 2021", (2021, 3, 0)),
        ("12 mars 2020", (2020, 3, 12)),
        ("Sept. 5", (0, 9, 5)),
        ("in May", (0, 5, 0)),
    ],
)
def test_a_date_in_its_forms(text: str, expected: tuple[int, int, int]) -> None:
    (date,) = find_dates(text)
    assert date.interpretations == {expected}


def test_a_verb_is_no_month_and_an_ambiguous_date_has_two_interpretations() -> None:
    assert find_dates("May I march with you? You may 3 times.") == []
    assert find_dates("03/04/2021")[0].interpretations == {(2021, 3, 4), (2021, 4, 3)}
    assert [sorted(d.interpretations) for d in find_dates("3–5 March 2021")] == [[(2021, 3, 3)], [(2021, 3, 5)]]


@given(st.text(max_size=120))
def test_positions_slice_the_text(text: str) -> None:
    for part in (*find_quantities(text), *find_dates(text)):
        assert text[part.start : part.end] == part.text
