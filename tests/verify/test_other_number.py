"""Numbers that the sources have in another scale, currency or sign, or for another period: `rag.verify.rules`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.notices import Notice
from rag.types import Span
from rag.verify.checker import Judgement
from rag.verify.compare import RULES
from rag.verify.parse.parsed_text import parse_text
from rag.verify.parse.tables import Period, find_cells, period_of
from rag.verify.rule import Comparison
from rag.verify.settle import settle
from rag.verify.verdict import Check, check_sentence, source_lines
from tests.processor_time import at_most

RULED = """(in millions)
| | FY2023 | FY2022 |
| --- | --- | --- |
| Harbour fees | $ 14,514 | $ 12,250 |
| Ice | 305 | 298 |"""
SPACED = """Harbour accounts, in millions, except per share data
December 31, 2023  December 31, 2022
Harbour fees  $ 14,514  $ 12,250
Ice  $ 305  $ 298
Paid for each boat  $ 3  $ 2"""
NAMED = "item: Harbour fees; 2023: 14,514; 2022: 12,250"
YEARS = """| Year | Fees | Boats |
| 2021 | 610 | 31 |
| 2022 | 640 | 35 |"""
CODES = ("scale-left-out", "currency-contradicted", "sign-contradicted", "period-contradicted")
SPAN = Span("a.txt", "a.txt", "", 0, 1, "a")


def reason(sentence: str, *sources: str, context: str = "") -> Notice | None:
    """What one of these rules says; None for none."""
    check = check_sentence(sentence, sources, context)
    return check.reason if check.reason and check.reason.code in CODES else None


@pytest.mark.parametrize(
    ("sentence", "source", "code", "instead"),
    [
        ("Harbour fees were $14,514.", RULED, "scale-left-out", "$ 14,514 (× 1,000,000)"),
        ("Harbour fees came to $ 14,514.", SPACED, "scale-left-out", "$ 14,514 (× 1,000,000)"),
        ("The fees for ice were $305.", SPACED, "scale-left-out", "$ 305 (× 1,000,000)"),
        ("The ice cost €305 million.", RULED, "currency-contradicted", "dollar"),
        ("The margin was 2.1 %.", "Year  2023  2022\nProfit margin  (2.1) %  3.4 %", "sign-contradicted", "(2.1) %"),
        ("The margin was 2.1 %.", "| | 2023 |\n| Margin | −2.1 % |", "sign-contradicted", "−2.1 %"),
        ("Das Ergebnis betrug 120 Euro.", "Ergebnis  −120 Euro  80 Euro", "sign-contradicted", "−120 Euro"),
        ("Harbour fees were $12,250 million in FY2023.", RULED, "period-contradicted", "$ 14,514"),
        ("In 2022 harbour fees were $14,514 million.", SPACED, "period-contradicted", "$ 12,250"),
        ("In 2022 the harbour fees were 14,514.", NAMED, "period-contradicted", "12,250"),
        ("In 2022 the fees were 610.", YEARS, "period-contradicted", "640"),
        ("Im Jahr 2022 lagen die Fees bei 610.", YEARS, "period-contradicted", "640"),
        ("Ice was 41 in the second quarter.", "| | Q1 | Q2 |\n| Ice | 41 | 57 |", "period-contradicted", "57"),
    ],
)
def test_a_number_that_stands_only_otherwise_is_objected_to(
    sentence: str, source: str, code: str, instead: str
) -> None:
    assert (found := reason(sentence, source))
    assert (found.code, found.values["instead"]) == (code, instead)
    assert check_sentence(sentence, [source]).objects


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        # The scale is said, rounded, said of the table, or another.
        ("Harbour fees were $14,514 million.", RULED),
        ("Harbour fees were $14.5 billion.", RULED),
        ("Harbour fees (in millions) were $14,514.", RULED),
        ("Harbour fees were 14,514.", RULED),
        ("Each boat paid $3.", SPACED),
        ("Harbour fees were $14,514.", RULED + "\nThe harbour paid $14,514 to the town."),
        ("The ferry costs $305.", "Accounts in millions\nIce  $ 77  $ 12\nThe ferry left.\nFerry  $ 305  $ 306"),
        # The currency is the same, or may be.
        ("The ice cost $305 million.", RULED),
        ("The ice cost C$305 million.", RULED),
        ("The ice cost €305 million.", RULED + "\nAll amounts are in euros."),
        ("The ice cost €305.", "The ice cost 305."),
        # Below zero is said, or a number in brackets is none.
        ("The profit margin was a loss of 2.1 %.", "Profit margin: (2.1) %"),
        ("The profit margin was −2.1 %.", "Profit margin: (2.1) %"),
        ("The profit margin fell by 2.1 %.", "The profit margin changed by −2.1 % that year."),
        ("The profit margin was 2.1 %.", "The profit margin was (2.1) % in May and 2.1 % in June."),
        ("The profit margin was (2.1) %.", "Profit margin: (2.1) %"),
        ("Income tax was 120 EUR.", "Income tax  (120)  (90)"),
        ("The growth fell by 5.", "Growth  −5  −6"),
        # The period is the right one, both are told, or another may be meant.
        ("Harbour fees were $14,514 million in FY2023.", RULED),
        ("In 2023 harbour fees rose from $12,250 million to $14,514 million.", RULED),
        ("Harbour fees were 12,250 in 2022 and 14,514 in 2023.", NAMED),
        ("In 2023 harbour fees were up on $12,250 million the year before.", RULED),
        ("The fees of the 2023 report were $12,250 million for harbour use.", RULED),
        ("In 2023 harbour fees were $12,250 million.", RULED + "\nThe town sold its harbour for $12,250 million."),
        ("In 2023 the harbour sold 12,250 boats.", "item: Fees for sand; 2023: 14,514; 2022: 12,250"),
        ("In 2022 harbour fees were 7.", "  January 28, 2023  January 29, 2022\nHarbour fees  7  9"),
        (
            "In 2022 the ferry had 31 boats.",
            "| Year | Town | Boats |\n| 2021 | A | 31 |\n| 2022 | B | 4 |\n| 2022 | C | 5 |",
        ),
    ],
)
def test_what_may_be_true_is_not_objected_to(sentence: str, source: str) -> None:
    assert reason(sentence, source) is None


def test_no_judge_overrules_an_exact_number() -> None:
    check = check_sentence("Harbour fees were $12,250 million for FY2023.", [RULED])
    settled = settle(check, (SPAN,), [Judgement("verified", (SPAN,), None, "judge")])
    assert settled.verdict == "partly"
    assert settled.reason == check.reason


def test_a_judge_overrules_a_doubt() -> None:
    assert settle(Check("partly"), (SPAN,), [Judgement("verified", (SPAN,), None, "judge")]).verdict == "verified"


# Neither a year nor a thousand times as much as another.
AMOUNTS = st.one_of(st.integers(200, 999), st.integers(2_100, 99_999))


@given(AMOUNTS, AMOUNTS)
def test_the_number_of_another_year_is_objected_to(first: int, second: int) -> None:
    table = f"| | 2023 | 2022 |\n| Ice | {first} | {second} |"
    is_near = abs(first - second) <= 0.01 * max(first, second)
    assert (reason(f"In 2023 ice cost {second} crowns.", table) is None) == is_near
    assert reason(f"In 2023 ice cost {first} crowns.", table) is None


def test_the_source_that_says_otherwise_is_told() -> None:
    quotes = ["The mill is red. Its fee is 5 EUR.", "The mill is old.", "The pier is tall. The pier is 12 metres long."]
    check = check_sentence("The pier is 14 metres long.", quotes)
    assert check.verdict == "contradicted"
    assert check.against == 2


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("in FY2023", Period(frozenset({"2023"}))),
        ("in the third quarter of 2021", Period(frozenset({"2021"}), frozenset({"3"}))),
        ("im ersten Quartal", Period(frozenset(), frozenset({"1"}))),
        ("2,019 boats and 2021.5 tons, 20 % of 12021", Period()),
        ("the third ship", Period()),
    ],
)
def test_periods_of_a_text(text: str, period: Period) -> None:
    assert period_of(text) == period


@pytest.mark.parametrize("table", [RULED, SPACED, NAMED])
def test_the_cells_of_a_table_have_their_periods(table: str) -> None:
    cells = find_cells([parse_text(line) for line in source_lines(table)])
    fees = [(cell.quantity.values[0], set(cell.period.years)) for cell in cells if "harbour" in cell.label]
    assert fees == [(14_514, {"2023"}), (12_250, {"2022"})]


def test_a_row_that_does_not_fit_its_head_has_no_cells() -> None:
    lines = [parse_text(line) for line in ("2023  2022", "Ice  305  298  4.1 %", "| a | 2023 | 2022 |", "| Ice | 3 |")]
    assert not find_cells(lines)


@pytest.mark.parametrize("text", ["| 5 " * 16_000, "2023  " * 11_000, "a: 5; " * 11_000, "$5  (2.1) % " * 5_000])
def test_hostile_text_takes_linear_time(text: str) -> None:
    claim = parse_text("In 2023 the net margin was 2.1 % and the fee $5.")
    comparison = Comparison(claim, [parse_text(line) for line in source_lines(f"in millions\n{text}")])
    with at_most(1):
        for rule in RULES:
            if rule.id in CODES or rule.id == "number-absent":
                rule.find(comparison)
