"""Numbers, dates and scale words as people write them: `rag.verify.parse.quantities`, `digits`, `scale`, `dates`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import sentences
from rag.verify.known_numbers import known_numbers
from rag.verify.parse.dates import all_implied, find_dates
from rag.verify.parse.digits import find_references, write_out
from rag.verify.parse.parsed_text import parse_text
from rag.verify.parse.quantities import find_quantities
from rag.verify.parse.scale import declared_factors, may_be_scaled
from rag.verify.verdict import check_sentence
from tests.processor_time import at_most

Read = list[tuple[float, str]]


def read(text: str) -> Read:
    """The likeliest value of each number of a text, with its unit."""
    return [(quantity.values[0], quantity.unit) for quantity in parse_text(text).quantities]


# -- notation ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It lies 10¹⁶ metres away.", [(1e16, "metre")]),
        ("It has 4.5 × 10⁶ cells.", [(4.5e6, "")]),
        ("It has 4.5 x 10^6 cells.", [(4.5e6, "")]),
        ("It weighs 10⁻³ g.", [(1e-3, "gram")]),
        ("It is 3.5e3 m long.", [(3500.0, "metre")]),
        ("2⁸ is written so.", [(256.0, "")]),
        ("The mill has 1,200³ looms.", [(1200.0, "")]),
        ("The mill has 12³ looms.", [(12.0, "")]),
        ("The margin is 5 %² of sales.", [(5.0, "percent")]),
        ("Sales.³ 5 shops.", [(5.0, "")]),
        ("The lake has 20 km².", [(20e6, "square metre")]),
        ("The field has 2½ acres.", [(2.5, "acre")]),
        ("The field has 2 1/2 acres.", [(2.5, "acre")]),
        ("Take ½ cup and 3/4 cup.", [(0.5, ""), (0.75, "")]),
        ("two thirds of them", [(2 / 3, "")]),
        ("a quarter of sales", [(0.25, "")]),
        ("in the third quarter", [(3.0, "ordinal")]),
        ("It is ７．４ km long.", [(7400.0, "metre")]),
        ("It costs 1 234,5 EUR.", [(1234.5, "euro")]),
        ("| Growth | (5) % | (5.3)% | $ (403) |", [(-5.0, "percent"), (-5.3, "percent"), (-403.0, "dollar")]),
        ("five (5) percent", [(5.0, ""), (5.0, "")]),
        ("a 5-year plan", [(60.0, "month")]),
        ("a five-year-old horse", [(60.0, "month")]),
        ("the first nine months", [(9.0, "month")]),
        ("the 12th gate", [(12.0, "ordinal")]),
        ("das 3. Quartal", [(3.0, "ordinal")]),
        ("1.5M visitors", [(1.5e6, "")]),
        ("$1.2bn", [(1.2e9, "dollar")]),
        ("€5k", [(5000.0, "euro")]),
        ("10 pp", [(10.0, "percentage point")]),
        ("10 percentage points", [(10.0, "percentage point")]),
        ("25 bps", [(0.25, "percentage point")]),
        ("3 ‰", [(3.0, "per mille")]),
        ("5 Mio. €", [(5e6, "euro")]),
        ("3,2 Mrd. Euro", [(3.2e9, "euro")]),
        ("5 T€", [(5000.0, "euro")]),
        ("zweiundzwanzig Tage", [(22 * 86400.0, "second")]),
        ("drei Jahre", [(36.0, "month")]),
    ],
)
def test_a_notation_is_read_as_what_it_is(text: str, expected: Read) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5–10 %", [(5.0, "percent"), (10.0, "percent")]),
        ("from 2 to 4 million", [(2e6, ""), (4e6, "")]),
        ("$5–10 billion", [(5e9, "dollar"), (10e9, "dollar")]),
        ("between 5 and 10 kg", [(5000.0, "gram"), (10000.0, "gram")]),
        ("5 bis 10 Jahre", [(60.0, "month"), (120.0, "month")]),
        ("$400,000,000 to $475 million", [(4e8, "dollar"), (4.75e8, "dollar")]),
        ("2018–19", [(2018.0, ""), (2019.0, "")]),
        ("5 dogs and 10 kg", [(5.0, ""), (10000.0, "gram")]),
    ],
)
def test_both_ends_of_a_range_have_its_unit_and_scale(text: str, expected: Read) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. The mill has 4 looms.", [4.0]),
        ("1) The mill has 4 looms.", [4.0]),
        ("(12) The mill has 4 looms.", [4.0]),
        ("The mill has 4 looms [1], and they are old [2, 3].", [4.0]),
        ("1. März 2021", []),
        ("7", [7.0]),
        ("1.", [1.0]),
        ("It had 3 looms in [2019].", [3.0, 2019.0]),
    ],
)
def test_the_numbers_of_list_items_and_citation_marks_count_nothing(text: str, expected: list[float]) -> None:
    assert [value for value, _ in read(text)] == expected


def test_the_number_of_a_list_item_is_no_word_either() -> None:
    assert "1" not in parse_text("1. The mill is old.").content_stems
    assert find_references("1. The mill [2]") == [(0, 3), (12, 15)]


def test_what_is_written_out_keeps_its_value_apart() -> None:
    assert write_out("10¹⁶, 2½, 1,200³, m², ①5") == "10^16, 2 1⁄2, 1,200, m², 1 5"
    assert write_out("nothing to do: 10.5") == "nothing to do: 10.5"


def test_digits_of_other_scripts_are_not_torn_apart() -> None:
    text = "It is ７．４ km long. It is old."
    assert [text[start:end] for start, end in sentences(text)] == ["It is ７．４ km long.", "It is old."]


# -- scale words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("(in millions)", 1e6),
        ("(In thousands, except per share data)", 1e3),
        ("$ thousands", 1e3),
        ("($ in billions)", 1e9),
        ("USD million", 1e6),
        ("All amounts in EUR million", 1e6),
        ("Mio. €", 1e6),
        ("Angaben in Tsd. Euro", 1e3),
        ("T€", 1e3),
        ("TEUR", 1e3),
        ("£'000", 1e3),
        ("year | (millions) | share", 1e6),
        ("millions of dollars", 1e6),
    ],
)
def test_a_scale_word_is_found(text: str, factor: float) -> None:
    assert declared_factors(text) == {factor}


@pytest.mark.parametrize(
    "text", ["It costs $5 million.", "5 Mio. €", "The in-crowd has thousands.", "5 T€", "", "a mill"]
)
def test_the_scale_of_a_number_is_no_scale_word(text: str) -> None:
    assert not declared_factors(text)


def holds(claim: str, *lines: str) -> bool:
    """Whether the lines hold all numbers of a sentence."""
    known = known_numbers([parse_text(line) for line in lines])
    return all(known.hold(quantity) for quantity in parse_text(claim).quantities)


@pytest.mark.parametrize(
    ("claim", "lines"),
    [
        ("Sales were $14,514 million.", ("(in millions)", "Sales  $ 14,514  $ 13,000")),
        ("Sales were $14.5 billion.", ("(in millions)", "Sales  $ 14,514")),
        ("Sales were 14,514.", ("(in millions)", "Sales  $ 14,514")),
        ("Der Umsatz war 5,2 Mio. €.", ("Angaben in T€", "Umsatz | 5.200")),
        ("The loss was $403 million.", ("(in millions)", "Loss  $ (403)")),
        ("It fell by 5%.", ("Change  (5)%",)),
        ("The result was -5%.", ("The result fell by 5%.",)),
        ("It earned $3.12 a share.", ("(in millions, except per share data)", "Earnings per share | 3.12")),
        ("About 81% voted.", ("80.7 % voted.",)),
        ("Nearly 3,000 came.", ("2,987 came.",)),
        ("Over 900 came.", ("932 came.",)),
        ("1.2 million came.", ("1,204,000 came.",)),
        ("Some two million came.", ("2,014,000 came.",)),
        ("Two-thirds came.", ("66.7 % came.",)),
        ("A quarter of them came.", ("25% of them came.",)),
        ("1.5 million came.", ("1.5m came.",)),
        ("It rose in the 1990s.", ("It rose in 1994.",)),
        ("It has 689 and 631.", ("689 631",)),
        ("The lot holds 2.5 acres.", ("The lot holds 2½ acres.",)),
        ("It takes two years.", ("It takes 24 months.",)),
        ("Notice is 14 days.", ("days: 14",)),
    ],
)
def test_a_number_stands_there_in_another_form(claim: str, lines: tuple[str, ...]) -> None:
    assert holds(claim, *lines)


@pytest.mark.parametrize(
    ("claim", "lines"),
    [
        ("Sales were $14,514 million.", ("Sales were $14,514.",)),
        ("Sales were $14,514 billion.", ("(in millions)", "Sales  $ 14,514")),
        ("Growth was 5 million percent.", ("(in millions)", "Growth  5 %")),
        ("It earned $3 million.", ("(in millions)", "Earnings per share | 3")),
        ("It costs 500 EUR.", ("It costs 520 EUR.",)),
        ("About 81% voted.", ("83 % voted.",)),
        ("Over 900 came.", ("1,200 came.",)),
        ("The result was -5%.", ("The result was 5%.",)),
        ("It is 5 km long.", ("It is 5 m long.",)),
        ("It is 5 km long.", ("It is 5 miles long.",)),
        ("The star lies 1016 metres away.", ("The star lies 10¹⁶ metres away.",)),
        ("It opened in 1931.", ("It opened in 1932.",)),
        ("Half of it is ½.", ("It is 0.4.",)),
    ],
)
def test_another_number_does_not_stand_there(claim: str, lines: tuple[str, ...]) -> None:
    assert not holds(claim, *lines)


def test_what_is_given_per_share_is_not_scaled() -> None:
    (quantity,) = find_quantities("3.12")
    assert may_be_scaled(quantity, "Sales | 3.12")
    assert not may_be_scaled(quantity, "Earnings per share | 3.12")


# -- dates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am 3. März 2021", (2021, 3, 3)),
        ("im März", (0, 3, 0)),
        ("seit Mai", (0, 5, 0)),
        ("5. Jänner 2020", (2020, 1, 5)),
        ("03/2021", (2021, 3, 0)),
    ],
)
def test_a_date_of_another_form(text: str, expected: tuple[int, int, int]) -> None:
    (date,) = find_dates(text)
    assert date.interpretations == {expected}


def test_a_range_of_days_is_two_dates() -> None:
    assert [sorted(date.interpretations) for date in find_dates("3. bis 5. März 2021")] == [
        [(2021, 3, 3)],
        [(2021, 3, 5)],
    ]


# -- any text ----------------------------------------------------------------------------------------------------------

PIECES = (
    *"0123456789.,'– -()[]%$€^×xe/½¼①²³⁻⁵７．１٣\n\t:|mMB", "million ", "first ", "two ", "in millions ", "März ",
    "a quarter of ", "between ", " and ", " to ", "5 kg ", "about ", "per share ", "Dog: ",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_any_digits_are_read_and_stand_in_themselves(text: str) -> None:
    for quantity in find_quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text
    line = " ".join(text.split())
    # A letter between marks, such as "'(.m", says nothing that could stand anywhere.
    if any(character.isnumeric() for character in line):
        assert check_sentence(line, [line]).verdict in ("verified", "partly", "not a claim")


@pytest.mark.parametrize("text", [".¼", ".①", "a．７", ".１", ".²1", ".$0", "9" * 400])
def test_a_number_behind_a_stop_stands_in_itself(text: str) -> None:
    assert check_sentence(text, [text]).verdict in ("verified", "partly")


@given(st.integers(0, 10**15), st.sampled_from(("{:,}", "{}", "{:_}")), st.sampled_from((",", ".", "'", " ", "\u202f")))
def test_an_integer_is_read_with_any_separator(value: int, form: str, separator: str) -> None:
    text = form.format(value).replace("_", separator).replace(",", separator if form == "{:_}" else ",")
    (quantity,) = find_quantities(text)
    assert value in quantity.values


@pytest.mark.parametrize("text", ["5 LİTRE", "5 mıles", "3 mıllıon", "5 ſeconds", "twenty sıx", "sıx times as much"])
def test_letters_that_are_others_without_regard_to_case_are_read(text: str) -> None:
    assert check_sentence(f"It was {text}.", ["It was red."]).verdict != "verified"


@given(*(st.lists(st.sampled_from(["3 March 2021", "March 2021", "3/4/2021", "4 March", "May 1990"]), max_size=4),) * 2)
def test_what_dates_imply_is_what_each_of_them_implies(own: list[str], others: list[str]) -> None:
    dates, known = find_dates("; ".join(own)), find_dates("; ".join(others))
    for date in dates:
        is_implied = not all_implied(known).isdisjoint(date.interpretations)
        assert is_implied == any(date.is_implied_by(other) for other in known)


@pytest.mark.parametrize("text", ["3 APRİL 2021", "Aprıl 3, 2021", "3 Auguſt 2021", "im MAİ 2021"])
def test_months_in_such_letters_are_months(text: str) -> None:
    assert [date.years() for date in find_dates(text)] == [{2021}]


@pytest.mark.parametrize(
    "piece", ["1) ", "1,", "1/", "10^", "½", "[1, ", "5 to ", "2½ ", " ", "\n", "(", "5–", "in ", "$ "]
)
def test_a_long_text_is_read_in_linear_time(piece: str) -> None:
    # Each number takes some 0.1 ms: fewer of them show as well whether the time is linear.
    size = 16_000 if piece.strip() and write_out(piece)[0].isdigit() else 64_000
    text = piece * (size // len(piece))
    with at_most(6):
        find_quantities(write_out(text))
        find_dates(text)
        declared_factors(text)


def test_a_text_of_list_numbers_is_checked_in_a_moment() -> None:
    text = "1) " * 1333
    with at_most(2):
        check_sentence(text, [text])
