"""Numbers that follow from others (`rag.verify.calculation`)."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.answering.arithmetic import evaluate
from rag.notices import Notice
from rag.verify.calculation import find_calculation, find_calculations
from rag.verify.calculation.ratios import find_ratios
from rag.verify.parse.parsed_text import ParsedText, parse_text
from rag.verify.verdict import check_sentence, source_lines
from tests.processor_time import at_most

PUMPS = """| pump | weight | price |
| --- | --- | --- |
| Alba | 98 kg | 1,250 EUR |
| Borea | 491 kg | 2,980 EUR |
| Cora | 1,117 kg | 4,400 EUR |
| Dune | 92 kg | 990 EUR |"""
ACCOUNTS = """(In millions, except per share data)
October 29, 2023  October 30, 2022
Revenue  $ 8,120  $ 5,931
Cost of revenue  4,720  2,754
Gross profit  3,400  3,177
Research and development  1,294  945
Marketing  689  631"""
FERRY = """The ferry Linde was built in 1979 in Turku. It carried 1,574 passengers in its first season and 2,856
passengers in its tenth season. It was scrapped on 12 March 2004. The crossing took 95 minutes before the
rebuild and takes 62 minutes since.""".replace("\n", " ")
TOWN = """The town has 48,200 inhabitants, of whom 6,025 are students. The harbour district has 12,300 inhabitants and
the old town 9,800. In 1990 the town had 24,100 inhabitants.""".replace("\n", " ")
REFUND = """A refund needs these conditions:
- The ticket is unused. It has not been stamped.
- The ticket was bought from us.
- The refund is asked for within 30 days."""
FLAG = "The colours of the flag are red, green, white and blue."
LAGER = """Der Umsatz stieg von 2.945 Euro im Jahr 2020 auf 3.294 Euro im Jahr 2021. Die Brücke wurde 1931 gebaut und
1974 abgerissen. Das Lager in Ulm hat 420 Plätze, das Lager in Köln 1.260 Plätze.""".replace("\n", " ")

MILL = """(in millions)
| | 2023 | 2022 |
| --- | --- | --- |
| Revenue | 7,200 | 6,100 |
| Cost of sales | (2,950) | (2,400) |
| Wages | 640 | 590 |
| Rent | 85 | 81 |
| Net income | 900 | 700 |"""
YEARS = """Boats sold (in millions)
| Item | 2022 | 2023 |
| --- | --- | --- |
| Boats | 40 | 50 |
| Ropes | 10 | 8 |
| Sails | 25 | 30 |"""
BURNED = "The mill was built in 1890. It burned in 1923."
GRAIN = "Sales rose by 15 from 2020 to 2021."

CALCULATIONS = [
    # Differences.
    ("Total sales were 88 million in 2023.", YEARS, "50 + 8 + 30 = 88"),
    ("Boats made up 57 % of sales in 2023.", YEARS, "50 ÷ (50 + 8 + 30) = 56.8 %"),
    ("Boats sold about 1.25 times as much in 2023 as in 2022.", YEARS, "50 ÷ 40 = 1.25"),
    ("Boats sold about 6.3 times as much as ropes in 2023.", YEARS, "50 ÷ 8 = 6.25"),
    ("The mill stood for 33 years.", BURNED, "1923 − 1890 = 33 years"),
    ("Cora is 626 kg heavier than Borea.", PUMPS, "1,117 kg − 491 kg = 626 kg"),
    ("Cora costs 1,420 EUR more than Borea.", PUMPS, "4,400 EUR − 2,980 EUR = 1,420 EUR"),
    ("Research and development expenses rose by $349 million.", ACCOUNTS, "1,294 − 945 = 349"),
    ("Revenue went up by $2,189 million.", ACCOUNTS, "$8,120 − $5,931 = $2,189"),
    ("Gross profit rose by $223 million, from $3,177 million to $3,400 million.", ACCOUNTS, "3,400 − 3,177 = 223"),
    ("The crossing is 33 minutes shorter since the rebuild.", FERRY, "95 minutes − 62 minutes = 33 minutes"),
    ("The remaining 42,175 inhabitants are no students.", TOWN, "48,200 − 6,025 = 42,175"),
    ("Der Umsatz stieg um 349 Euro.", LAGER, "3.294 Euro − 2.945 Euro = 349 Euro"),
    ("The rate fell by 0.5 percentage points.", "The rate fell from 4.5 % to 4 %.", "4.5 % − 4 % = 0.5 %"),
    # Sums and averages.
    ("Together, Alba and Borea weigh 589 kg.", PUMPS, "98 kg + 491 kg = 589 kg"),
    ("The pumps weigh 1,798 kg in total.", PUMPS, "98 kg + 491 kg + 1,117 kg + 92 kg = 1,798 kg"),
    ("The average pump weighs 449.5 kg.", PUMPS, "(98 kg + 491 kg + 1,117 kg + 92 kg) ÷ 4 = 449.5 kg"),
    ("The harbour district and the old town together have 22,100 inhabitants.", TOWN, "12,300 + 9,800 = 22,100"),
    ("Die beiden Lager haben zusammen 1.680 Plätze.", LAGER, "420 + 1.260 = 1.680"),
    # By what the names of amounts mean.
    ("Gross profit was $4,250 million in 2023.", MILL, "7,200 − 2,950 = 4,250"),
    (
        "The gross profit was 3,177.",
        "Year  2022  2021\nRevenue  5,931  40\nCost of revenue  2,754  30",
        "5,931 − 2,754 = 3,177",
    ),
    ("The net margin was 12.5 % in 2023.", MILL, "900 ÷ 7,200 = 12.5 %"),
    (
        "Der Rohertrag betrug 41 Euro.",
        "Der Umsatz betrug 90 Euro. Die Umsatzkosten lagen bei 49 Euro.",
        "90 Euro − 49 Euro = 41 Euro",
    ),
    ("Net income was 81 EUR.", "Income before tax: 103 EUR\nIncome tax: 22 EUR", "103 EUR − 22 EUR = 81 EUR"),
    ("Wages and rent cost $725 million.", MILL, "640 + 85 = 725"),
    # What stands beside the years and names that are told.
    (GRAIN, "| | 2019 | 2020 | 2021 |\n| Sales | 30 | 45 | 60 |", "60 − 45 = 15"),
    (GRAIN, "  2019  2020  2021\nSales  30  45  60", "60 − 45 = 15"),
    (GRAIN, "item: Sales; 2019: 30; 2020: 45; 2021: 60", "60 − 45 = 15"),
    (GRAIN, "In 2019 sales were 30, in 2020 45 and in 2021 60.", "60 − 45 = 15"),
    (GRAIN, "Sales were 30 in 2019, 45 in 2020 and 60 in 2021.", "60 − 45 = 15"),
    (GRAIN, "Sales were 30, 45 and 60 in 2019, 2020 and 2021, respectively.", "60 − 45 = 15"),
    (
        "Ada scored 15 points more than Bo.",
        "Cy scored 30 points, Bo 45 points and Ada 60 points.",
        "60 − 45 = 15",
    ),
    # Growth and shares.
    ("Revenue grew by 36.9 % year over year.", ACCOUNTS, "$8,120 ÷ $5,931 − 1 = 36.9 %"),
    ("Passenger numbers rose by 81.4 % by the tenth season.", FERRY, "2,856 ÷ 1,574 − 1 = 81.4 %"),
    ("Since the rebuild the crossing takes 35 % less time.", FERRY, "1 − 62 minutes ÷ 95 minutes = 34.7 %"),
    ("The rebuild shortened the crossing by about a third.", FERRY, "1 − 62 minutes ÷ 95 minutes = 34.7 %"),
    ("Students make up 12.5 % of the town.", TOWN, "6,025 ÷ 48,200 = 12.5 %"),
    ("The gross margin was 41.9% of revenue.", ACCOUNTS, "3,400 ÷ $8,120 = 41.9 %"),
    ("Der Umsatz wuchs um 11,9 %.", LAGER, "3.294 Euro ÷ 2.945 Euro − 1 = 11,9 %"),
    ("The remaining 27 % of the soil is sand.", "Clay is 73 % of the soil.", "100 % − 73 % = 27 %"),
    # Ratios in words.
    ("Alba weighs about one fifth of what Borea weighs.", PUMPS, "98 kg ÷ 491 kg = 0.2"),
    ("Borea costs 2.4 times as much as Alba.", PUMPS, "2,980 EUR ÷ 1,250 EUR = 2.4"),
    ("Cora costs more than three times as much as Alba.", PUMPS, "4,400 EUR ÷ 1,250 EUR = 3.52"),
    ("The population of the town has doubled since 1990.", TOWN, "48,200 ÷ 24,100 = 2"),
    ("One in eight inhabitants of the town is a student.", TOWN, "6,025 ÷ 48,200 = 0.125"),
    ("Das Lager in Köln hat dreimal so viele Plätze wie das in Ulm.", LAGER, "1.260 ÷ 420 = 3"),
    # Durations and ages.
    ("The Linde was scrapped 25 years after it was built.", FERRY, "12 March 2004 − 1979 = 25 years"),
    ("The ferry Linde was 25 years old when it was scrapped.", FERRY, "12 March 2004 − 1979 = 25 years"),
    ("Die Brücke stand 43 Jahre lang.", LAGER, "1974 − 1931 = 43 Jahre"),
    (
        "The fair lasts 12 days.",
        "The fair is held from 3 May 2021 to 15 May 2021.",
        "15 May 2021 − 3 May 2021 = 12 days",
    ),
    (
        "Ada Lund died at the age of 40.",
        "Ada Lund was born on 9 June 1901. Ada Lund died on 2 June 1942.",
        "2 June 1942 − 9 June 1901 = 40",
    ),
    # Counts and ranks.
    ("Three conditions must be met for a refund.", REFUND, "The ticket is, The ticket was, The refund is = Three"),
    ("All four colours of the flag are bright.", FLAG, "red, green, white, blue = four"),
    ("Three people played.", "Ada, Bo and Cy played.", "Ada, Bo, Cy = Three"),
    ("Two children sang.", "Ada Lund and Bo Berg sang in the hall.", "Ada Lund, Bo Berg = Two"),
    ("There are four pumps in the list.", PUMPS, "Alba, Borea, Cora, Dune = four"),
    ("Borea is the second heaviest pump.", PUMPS, "1,117 kg > 491 kg > 98 kg > 92 kg"),
    ("The lightest pump is Dune.", PUMPS, "92 kg < 98 kg < 491 kg < 1,117 kg"),
]


def lines_of(source: str) -> list[ParsedText]:
    return [parse_text(line) for line in source_lines(source)]


def calculations(sentence: str, source: str) -> list[str]:
    return [calculation.text for calculation in find_calculations(parse_text(sentence), lines_of(source))]


@pytest.mark.parametrize(("sentence", "source", "expected"), CALCULATIONS)
def test_a_number_that_follows_from_others_is_computed(sentence: str, source: str, expected: str) -> None:
    assert expected in calculations(sentence, source)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Cora is 726 kg heavier than Borea.", PUMPS),
        ("Together, Alba and Borea weigh 689 kg.", PUMPS),
        ("Revenue grew by 41.2 % year over year.", ACCOUNTS),
        ("The population of the town has tripled since 1990.", TOWN),
        ("The Linde was scrapped 35 years after it was built.", FERRY),
        ("Five conditions must be met for a refund.", REFUND),
        ("Four people played.", "Ada, Bo and Cy played."),
        ("Three people sang.", "Ada, Bo and Cy played."),
        ("Gross profit was $4,350 million.", MILL),
        # Of two periods.
        ("Gross profit was $4,800 million.", MILL),
        ("Gross profit was $3,700 million in 2023.", MILL),
        ("The gross profit was 40 EUR.", "Revenue in 2020 was 100 EUR. Cost of sales in 2021 was 60 EUR."),
        # Of another name.
        ("The gross profit was 40 EUR.", "Revenue was 100 EUR. Cost of sales of the other shop was 60 EUR."),
        ("The margin was 725.", MILL),
        ("Wages cost $725 million.", MILL),
        ("Alba is the second heaviest pump.", PUMPS),
        ("Dune is the heaviest pump.", PUMPS),
        ("Gross profit rose from $3,177 million to $5,931 million, or 3,623.", ACCOUNTS),
    ],
)
def test_another_number_does_not_follow(sentence: str, source: str) -> None:
    assert calculations(sentence, source) == []


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        # No word of an operation.
        ("Cora and Borea, 626 kg.", PUMPS),
        # None of the words of the lines.
        ("Tax rates rose by 349.", ACCOUNTS),
        # What an amount became is no change.
        (
            "Research and development expenses rose to $349 million.",
            "Research and development  1,294  945\n(In millions)",
        ),
        # Of two units.
        ("The tank is 60 kg heavier.", "The tank weighs 80 kg and is 20 m long."),
        # "More than 140" says nothing of what follows.
        ("Over more than 140 years, 23 prizes went to the school.", "The school won 27 prizes and gave 50 prizes."),
        # A year, and a number that stands there.
        ("Revenue rose by 2019.", "Revenue was 4,019 and rose from 2,000."),
        ("Marketing rose by 58.", "Marketing  689  631  58"),
        # A ratio that the source says itself.
        ("The population has doubled.", "The population has doubled from 100 to 200."),
        ("Between 20 and 30 boats lie at each pier.", "Between 20 and 40 boats lie at each pier."),
        ("An jedem Steg liegen pro Nacht zwischen 20 und 30 Boote.", "An jedem Steg liegen zwischen 20 und 40 Boote."),
    ],
)
def test_nothing_is_computed_without_a_reason(sentence: str, source: str) -> None:
    assert calculations(sentence, source) == []


@pytest.mark.parametrize(
    ("words", "height", "follows"),
    [
        ("", 1200, True),
        ("", 1201, False),
        ("about", 1195, True),
        ("about", 1192, False),
        ("roughly", 1207, False),
        ("nearly", 1185, True),
        ("nearly", 1175, False),
        ("almost", 1205, False),
        ("more than", 1215, True),
        ("more than", 1195, False),
        ("over", 1225, False),
        ("less than", 1185, True),
        ("less than", 1205, False),
    ],
)
def test_how_far_a_word_before_a_number_reaches(words: str, height: int, follows: bool) -> None:
    source = f"The old mast is 1,000 m high, the new mast {height:,} m."
    assert bool(calculations(f"The new mast is {words} 200 m higher than the old one.", source)) == follows


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("half of them", [0.5]),
        ("the first half of the year", []),
        ("half a year", []),
        ("two thirds of it", [2 / 3]),
        ("a third party", []),
        ("in the third quarter of 2020", []),
        ("sales more than doubled", [2]),
        ("she voted twice", []),
        ("twice as long", [2]),
        ("ten times larger than", [10]),
        ("three times a week", []),
        ("a 3.5-fold rise", [3.5]),
        ("it is 2.5x as fast", [2.5]),
        ("a 3 x 4 m rug", []),
        ("one in five trains", [0.2]),
        ("1 in 0 cases", []),
        ("it fell by a quarter", [0.25]),
        ("doppelt so groß", [2]),
        ("fünfmal so viel", [5]),
        ("ein Viertel der Fläche", [0.25]),
    ],
)
def test_ratios_in_words(text: str, numbers: list[float]) -> None:
    assert [ratio.number for ratio in find_ratios(text)] == pytest.approx(numbers)


AMOUNTS = st.integers(min_value=13, max_value=999_999)
# Two amounts of which the second is 1.2 to 90 times as much.
GROWN = st.tuples(AMOUNTS, st.integers(min_value=120, max_value=9_000)).map(
    lambda pair: (pair[0], pair[0] * pair[1] // 100)
)


def recomputed(text: str) -> tuple[float, float]:
    """What the left and the right side of a shown calculation come to; a percentage as it is written."""
    left, right = text.split(" = ")
    factor = 100 if right.endswith(" %") else 1
    return factor * float(evaluate(left).value), float(evaluate(right.removesuffix(" %")).value)


def source_of(first: int, second: int) -> str:
    return f"The old depot holds {first:,} crates.\nThe new depot holds {second:,} crates."


@given(AMOUNTS, AMOUNTS)
def test_a_difference_is_found_and_recomputes(first: int, second: int) -> None:
    assume(abs(first - second) > 1 and abs(first - second) not in (first, second))
    sentence = (
        f"The new depot holds {abs(first - second):,} crates {'more' if second > first else 'less'} than the old one."
    )
    (text,) = calculations(sentence, source_of(first, second))
    left, right = recomputed(text)
    assert left == right == abs(first - second)


@given(AMOUNTS, AMOUNTS)
def test_a_sum_is_found_and_recomputes(first: int, second: int) -> None:
    (text,) = calculations(f"Together the depots hold {first + second:,} crates.", source_of(first, second))
    left, right = recomputed(text)
    assert left == right == first + second


@given(GROWN)
def test_growth_is_found_and_recomputes(amounts: tuple[int, int]) -> None:
    first, second = amounts
    growth = 100 * (second / first - 1)
    assume(round(growth, 1) not in amounts)
    sentence = f"The new depot holds {growth:.1f} % more crates than the old depot."
    (text, *_) = calculations(sentence, source_of(first, second))
    left, right = recomputed(text)
    assert right == pytest.approx(left, abs=0.051)
    assert right == pytest.approx(growth, abs=0.101)


@given(GROWN)
def test_a_multiple_is_found_and_recomputes(amounts: tuple[int, int]) -> None:
    first, second = amounts
    sentence = f"The new depot holds {second / first:.1f} times as many crates as the old depot."
    (text,) = calculations(sentence, source_of(first, second))
    left, right = recomputed(text)
    assert right == pytest.approx(left, rel=0.05)
    assert left == pytest.approx(second / first)


@given(AMOUNTS, AMOUNTS, st.sampled_from([0.62, 0.7, 0.8, 0.88, 1.12, 1.2, 1.3, 1.39]))
def test_a_wrong_number_is_not_found(first: int, second: int, factor: float) -> None:
    difference = abs(first - second)
    wrong = round(difference * factor)
    assume(difference > 50 and wrong not in (first, second))
    assert calculations(f"The new depot holds {wrong:,} crates more than the old one.", source_of(first, second)) == []


def test_the_scale_of_a_table_is_read() -> None:
    rows = "Wages  1,250  900\nRent  300  280"
    assert calculations("Wages rose by 350 million dollars.", f"In millions\n{rows}")
    assert calculations("Wages rose by 350 thousand dollars.", f"In millions\n{rows}") == []
    assert calculations("Wages rose by 350 million dollars.", rows) == []


def test_numbers_of_two_rows_stand_in_one_column() -> None:
    rows = "Wages  1,250  900\nRent  300  280"
    assert calculations("Wages exceed rent by 950.", rows) == ["1,250 − 300 = 950"]
    assert calculations("Wages exceed rent by 970.", rows) == []


def test_what_the_sentence_names_is_taken() -> None:
    source = "The north wing has 40 beds, the south wing 60 beds, the east wing 80 beds and the west wing 20 beds."
    sentence = "The wing with 80 beds has 20 more beds than the one with 60 beds."
    quantity = parse_text(sentence).quantities[1]
    found = find_calculation(quantity, parse_text(sentence), lines_of(source))
    assert found is not None
    assert found.text == "80 − 60 = 20"
    assert [operand.values[0] for operand in found.operands] == [80, 60]


def test_members_are_shown_without_addresses() -> None:
    source = "The shops: [Ada](https://ada.example/pay), ![Bo](https://bo.example/i.png) and Cleo."
    for text in calculations("There are three shops.", source):
        assert not re.search(r"[:/()\[\]!]", text)


def test_a_computed_number_is_the_reason() -> None:
    check = check_sentence("Borea outweighs Alba: it is 393 kg heavier.", [PUMPS])
    assert check.verdict == "partly"
    assert check.reason == Notice("computed", {"calculation": "491 kg − 98 kg = 393 kg"})
    assert not check.objects
    assert check.reason.text() == "computed from the source: 491 kg − 98 kg = 393 kg"
    assert check.reason.text("de") == "aus der Quelle berechnet: 491 kg − 98 kg = 393 kg"


def test_several_calculations_are_one_reason() -> None:
    check = check_sentence("Revenue rose by $2,189 million, or 37 %, in the quarter.", [ACCOUNTS])
    assert check.reason is not None
    assert check.reason.values["calculation"] == "$8,120 − $5,931 = $2,189; $8,120 ÷ $5,931 − 1 = 36.9 %"


def test_a_sentence_with_a_computed_number_is_no_near_copy() -> None:
    source = "The old mast is 60 m high and the new mast is 75 m high. The new mast is higher."
    assert check_sentence("The new mast is 15 m higher.", [source]).verdict == "partly"
    assert check_sentence("The new mast is higher.", [source]).verdict == "verified"


def test_a_denial_outweighs_a_calculation() -> None:
    source = "It is false that the old mast is 60 m high and the new mast 75 m."
    check = check_sentence("The new mast is 15 m higher than the old mast.", [source])
    assert check.reason is not None
    assert check.reason.code == "scope"


@pytest.mark.parametrize(
    "text",
    [
        "1 and 2, " * 7_000,
        "half of " * 8_000,
        "the sum is 5, " * 4_500,
        "1) " * 21_000,
        "one in " * 9_000,
        " " * 64_000,
        "| 5 " * 16_000,
        "a, b and c; " * 5_000,
        "more than " * 6_400,
    ],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    hostile, usual = parse_text(text), parse_text("The four depots hold 999 crates more in total, twice as many.")
    with at_most(2):
        find_calculations(hostile, lines_of(PUMPS))
        find_calculations(usual, [hostile, *lines_of(PUMPS)])


def test_ten_sentences_over_eight_passages_take_no_time() -> None:
    passages = [PUMPS, ACCOUNTS, FERRY, TOWN, REFUND, FLAG, LAGER, PUMPS]
    lines = [line for passage in passages for line in lines_of(passage)]
    claims = [parse_text(sentence) for sentence, *_ in CALCULATIONS[:10]]
    find_calculations(parse_text("Warm up: 5 % more."), lines)
    with at_most(0.5):
        for claim in claims:
            find_calculations(claim, lines)
        # Milliseconds; the bound is for busy machines.


def test_many_numbers_are_bounded() -> None:
    row = "crates  " + "  ".join(f"{1_000 + 37 * i:,}" for i in range(2_000))
    with at_most(2):
        calculations("The crates rose by 12,345,678.", row)
    table = parse_text("It rose by " + ", ".join(str(100 + i) for i in range(61)))
    assert find_calculation(table.quantities[0], table, lines_of(PUMPS)) is None


def test_numbers_beyond_what_can_be_computed_are_left_alone() -> None:
    huge = "9" * 400
    assert (
        calculations(f"The new depot holds {huge} crates more.", f"The depot holds {huge} crates and 5,000 crates.")
        == []
    )
    assert calculations(f"The new depot holds {huge} crates more.", source_of(400, 500)) == []
    assert calculations("The new depot holds 0 crates more.", source_of(500, 500)) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Sales of boats rose by $10 million from 2022 to 2023.", "50 − 40 = 10"),
        ("Sales of boats rose by 25 % from 2022 to 2023.", "50 ÷ 40 − 1 = 25 %"),
    ],
)
def test_a_number_that_also_stands_there_for_something_else_is_computed(sentence: str, expected: str) -> None:
    check = check_sentence(sentence, YEARS.splitlines())
    assert check.verdict == "partly"
    assert check.reason == Notice("computed", {"calculation": expected})


def test_the_items_of_a_list_are_counted_without_what_stands_around_it() -> None:
    lines = ["The members are:", "- Ada", "- Bo", "- Cy"]
    check = check_sentence("There are three members.", lines, "crew.md")
    assert check.reason == Notice("computed", {"calculation": "Ada, Bo, Cy = three"})
