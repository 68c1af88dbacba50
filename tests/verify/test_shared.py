"""Which parts of a sentence stand in a line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.scoring.file import shipped_scoring
from rag.types import Span
from rag.verify.checker import ClaimToCheck
from rag.verify.claims import SupportingSpans, supporting_spans
from rag.verify.copies.shared import parts_of
from rag.verify.parse.parsed_text import ParsedText, parse_text
from rag.verify.rule_checker import RuleChecker
from tests.processor_time import is_in_proportion

LIMITS = shipped_scoring().support.alignment
WORDS = st.sampled_from(
    """ferry boats 5 7 5% 1,234 1.234 1234 km 2021 (5) million 3 March 2021 May 03/04/2021 $5 -5 twelve third the . ,
    12:30 7pm""".split()
)
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


def test_words_numbers_and_dates_are_parts() -> None:
    claim = parse_text("The ferry took 5 cars on 3 March 2021.")
    line = parse_text("On 3 March 2021 a ferry sank.")
    found = parts_of(claim).in_line(line)
    assert {part for part in found if isinstance(part, str)} == {"ferri"}
    assert [claim.text[slice(*part)] for part in found if not isinstance(part, str)] == ["3 March 2021"]
    assert parts_of(claim).count == len({"ferri", "took", "car"}) + 2


def test_equal_numbers_are_one_part_that_counts_for_each() -> None:
    parts = parts_of(parse_text("Ada has 5, Bo 5 and Cy 7."))
    found = parts.in_line(parse_text("5 and 7"))
    assert (len(found), parts.weight(found)) == (2, 3)


@given(TEXTS, TEXTS)
def test_looking_up_finds_what_comparing_each_with_each_finds(sentence: str, source: str) -> None:
    claim, line = parse_text(sentence), parse_text(source)
    parts = parts_of(claim)
    assert parts.weight(parts.in_line(line)) == len(_compared(claim, line))
    assert parts.weight(parts.in_line(claim)) == parts.count


def _compared(claim: ParsedText, line: ParsedText) -> set[object]:
    years = {year for date in line.dates for year in date.years()}
    return {
        *(token.stem for token in claim.content_outside_numbers() if token.stem in line.stems),
        *(
            quantity.start
            for quantity in claim.quantities
            if any(quantity.equals(other) for other in line.quantities)
            or (not quantity.unit and years.intersection(quantity.values))
        ),
        *(
            (number, date.text)
            for number, date in enumerate(claim.dates)
            if any(date.is_implied_by(other) for other in line.dates)
        ),
    }


def test_spans_are_chosen_as_by_a_call_for_each_selection() -> None:
    spans = [Span("a", "a", "", 0, len(text), text) for text in ("A red ferry.", "It takes 28 cars.", "Bo sleeps.")]
    claim = "The red ferry takes 28 cars."
    supporting = SupportingSpans(claim, LIMITS)
    for pool in (spans, spans[1:], spans[::-1], []):
        assert supporting.among(pool) == supporting_spans(claim, pool, LIMITS)


def _numbers(count: int) -> tuple[str, list[str]]:
    numbers = range(1000, 1000 + count)
    return ", ".join(f"{number} boats" for number in numbers), [f"Pier {number}: {number} boats." for number in numbers]


def _dates(count: int) -> tuple[str, list[str]]:
    dates = [f"{day % 28 + 1} March {1500 + day % 400}" for day in range(count)]
    return ", ".join(dates), [f"Bo came on {date}." for date in dates]


def _negations(count: int) -> tuple[str, list[str]]:
    return "no one fails, " * count, ["no one fails, " * count]


@pytest.mark.parametrize("make", [_numbers, _dates, _negations])
def test_four_times_the_text_takes_some_four_times_as_long(make: Callable[[int], tuple[str, list[str]]]) -> None:
    def work(count: int) -> None:
        sentence, lines = make(count)
        spans = tuple(Span("a", "a", "", 0, len(line), line) for line in lines)
        parse_text.cache_clear()
        RuleChecker().check([ClaimToCheck(sentence, (), spans)])

    assert is_in_proportion(work, 200, 800)
