"""Years, months and days between two dates, and ages. Pure.

Owns: the time between dates or years of the sources. Knows nothing about amounts.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.verify.calculation.calculated import Found
from rag.verify.calculation.cues import Operation
from rag.verify.calculation.operands import MAX_OPERANDS, Operand, are_related, related_words
from rag.verify.calculation.targets import Target
from rag.verify.parse.parsed_text import ParsedText
from rag.verify.parse.quantities import Quantity

_DAY_IN_SECONDS = 86_400
_YEARS_BEHIND = re.compile(r"\s*Jahren?\b")
_REFERS_BACK = re.compile(r"\W*(?:it|he|she|they|es|er|sie)\b", re.I)
# Below this an age or a duration without a unit is looked for among years.
_OLDEST = 150


@dataclass(frozen=True, slots=True)
class _Moment:
    """A year or a date of the sources."""

    year: int
    month: int
    day: int
    operand: Operand


def find_durations(
    target: Target, told: frozenset[Operation], claim: ParsedText, lines: Sequence[ParsedText]
) -> Iterator[Found]:
    """Yield the times between two dates or years that give a number of years, months or days.

    Args:
        target: The number.
        told: The operations that the sentence tells.
        claim: The sentence.
        lines: The lines of its sources.

    Yields:
        Each, in the order of the dates.
    """
    quantity = target.quantity
    if quantity is None or not _is_duration(quantity, claim, told):
        return
    moments = _moments(claim, lines)
    for earlier in moments:
        for later in moments:
            if _orders(earlier) < _orders(later) and are_related(earlier.operand, later.operand):
                length = next(filter(target.holds, _lengths(earlier, later, quantity)), None)
                if length is not None:
                    first, second = later.operand, earlier.operand
                    text = f"{first.quantity.text} − {second.quantity.text} = {quantity.text.strip()}"
                    yield Found.of(text, [first, second], abs(length / target.number - 1))


def _is_duration(quantity: Quantity, claim: ParsedText, told: frozenset[Operation]) -> bool:
    if quantity.unit == "month" or (quantity.unit == "second" and quantity.base >= _DAY_IN_SECONDS):
        return bool(told & {"span", "age"})
    is_in_years = _YEARS_BEHIND.match(claim.text, quantity.end) is not None
    return not quantity.unit and 0 < quantity.values[0] < _OLDEST and ("age" in told or is_in_years)


def _moments(claim: ParsedText, lines: Sequence[ParsedText]) -> list[_Moment]:
    """Return the dates and years of the lines that share words with a sentence, or that it names."""
    words = related_words(claim)
    named_years = {int(quantity.values[0]) for quantity in claim.quantities if quantity.is_year()}
    named_years |= {year for date in claim.dates for year in date.years()}
    moments: list[_Moment] = []
    kin = frozenset[str]()
    for at, line in enumerate(lines):
        # "It burned in 1923" is about what the line before it is about.
        kin = (words & line.content_stems) | (kin if _REFERS_BACK.match(line.text) else frozenset())
        for year, month, day, quantity in _dated(line):
            if kin or year in named_years:
                operand = Operand(quantity, at, 0, kin, year in named_years, False, line.content_stems)
                moments.append(_Moment(year, month, day, operand))
    ranked = sorted(enumerate(moments), key=lambda pair: (-len(pair[1].operand.kin), pair[0]))
    return [moment for _, moment in sorted(ranked[:MAX_OPERANDS], key=lambda pair: pair[0])]


def _dated(line: ParsedText) -> Iterator[tuple[int, int, int, Quantity]]:
    for quantity in line.quantities:
        if quantity.is_year():
            yield int(quantity.values[0]), 0, 0, quantity
    for date in line.dates:
        year, month, day = min(date.interpretations)
        if year and len(date.interpretations) == 1:
            yield year, month, day, Quantity(date.text.strip(), date.start, date.end, (float(year),))


def _orders(moment: _Moment) -> tuple[int, int, int]:
    return moment.year, moment.month, moment.day


def _lengths(earlier: _Moment, later: _Moment, quantity: Quantity) -> Iterator[float]:
    """Yield how long it is from one date to another, in the unit in which a number is written."""
    if quantity.unit == "second":
        if (days := _days_between(earlier, later)) is not None:
            yield days * _DAY_IN_SECONDS / quantity.base
        return
    years = later.year - earlier.year
    if not (earlier.month and later.month):
        yield years * 12 / quantity.base if quantity.unit else years
        return
    months = 12 * years + later.month - earlier.month
    full_months = months - (0 < later.day < earlier.day)
    yield from (full_months // 12, months / 12) if quantity.base != 1 or not quantity.unit else (full_months, months)


def _days_between(earlier: _Moment, later: _Moment) -> int | None:
    try:
        first, last = datetime.date(*_orders(earlier)), datetime.date(*_orders(later))
    except ValueError:
        return None
    return (last - first).days
