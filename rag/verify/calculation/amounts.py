"""Sums, differences, averages, shares, growth and multiples. Pure.

Owns: trying each operation that a sentence tells with the related numbers, and how it is shown. The work is bounded by
the square of ``operands.MAX_OPERANDS``. Knows nothing about dates and lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import fsum
from operator import truediv

from rag.verify.calculation.calculated import (
    Calculation,
    has_decimal_comma,
    shown_amount,
    shown_inside,
    shown_number,
    shown_operand,
)
from rag.verify.calculation.cues import Operation
from rag.verify.calculation.operands import Operand, are_related, strongest
from rag.verify.calculation.targets import Target
from rag.verify.parsed_text import ParsedText

# Numbers of these units are never added up or divided.
_NO_AMOUNTS = frozenset({"ordinal", "decade", "time of day"})
# A number up to this one without a unit is taken from a row of a table, or where the sentence has it, alone.
_SMALL = 12
# "In millions", "$ thousands" above a table.
_SCALE_OF_TABLE = re.compile(
    r"(?:\bin|[$€£]|\b(?:USD|EUR|GBP)|\b(?:dollars|euros?) in)\s*\(?(?P<scale>thousand|million|billion)s?\b", re.I
)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
# Fewest numbers of a line or a column that are a series to be added up.
_SERIES = 3


@dataclass(frozen=True, slots=True)
class Term:
    """An operand with its value in the unit and scale in which the number of the sentence is written."""

    value: float
    operand: Operand


@dataclass(frozen=True, slots=True)
class Found:
    """A calculation, and the operands that it takes."""

    calculation: Calculation
    operands: tuple[Operand, ...]


def table_scales(lines: Sequence[ParsedText]) -> frozenset[float]:
    """Return what the numbers of tables are multiplied by, as the lines say: 10^6 for "in millions"."""
    return frozenset(_SCALES[match["scale"].lower()] for line in lines for match in _SCALE_OF_TABLE.finditer(line.text))


def find_amounts(
    target: Target, told: frozenset[Operation], operands: Sequence[Operand], scales: frozenset[float]
) -> Iterator[Found]:
    """Yield the calculations with amounts that give a number.

    Args:
        target: The number.
        told: The operations that the sentence tells.
        operands: The numbers that are related to it.
        scales: What the numbers of tables are multiplied by.

    Yields:
        Each, in the order of the operands.
    """
    if target.kind == "multiple":
        yield from _quotients(target, operands, _shown_ratio, truediv)
    elif target.kind == "percent":
        yield from _percentages(target, told, operands)
    else:
        for terms in _views(target, operands, scales):
            yield from _sums_and_differences(target, told, terms)
        if "ratio" in told and not (target.quantity and target.quantity.unit):
            yield from _quotients(target, operands, _shown_ratio, truediv)


def _percentages(target: Target, told: frozenset[Operation], operands: Sequence[Operand]) -> Iterator[Found]:
    if told & {"rise", "change"}:
        yield from _quotients(target, operands, _shown_growth, lambda first, second: 100 * (first / second - 1))
    if told & {"fall", "change"}:
        yield from _quotients(target, operands, _shown_decline, lambda first, second: 100 * (1 - first / second))
    if "share" in told:
        yield from _quotients(target, operands, _shown_share, lambda first, second: 100 * first / second)
    percentages = [one for one in operands if one.quantity.unit == "percent"]
    terms = [Term(one.quantity.values[0], one) for one in strongest(percentages)]
    yield from _sums_and_differences(target, told, terms)
    if "rest" in told:
        for term in terms:
            if target.holds(100 - term.value):
                shown = shown_number(100 - term.value, target.low, target.high)
                text = f"100 % − {shown_operand(term.operand.quantity)} = {shown} %"
                yield Found(Calculation(text, (term.operand.quantity,)), (term.operand,))


def _views(target: Target, operands: Sequence[Operand], scales: frozenset[float]) -> Iterator[list[Term]]:
    """Yield the operands with their values as the number is written: as they stand, then in the scale of a table."""
    assert target.quantity
    own = target.quantity
    own_scale = own.factor / own.base
    fitting = strongest([one for one in operands if _fits(own.unit, one)])
    yield [Term(one.quantity.values[0] / _divisor(target, one), one) for one in fitting]
    if own_scale in scales:
        unscaled = [one for one in fitting if one.quantity.factor == 1]
        yield [Term(one.quantity.values[0], one) for one in unscaled]
    if any(_may_be_grouped_by_points(one) for one in fitting):
        yield [
            Term(one.quantity.values[-1] / _divisor(target, one), one)
            for one in fitting
            if _may_be_grouped_by_points(one) or "." not in one.quantity.text
        ]


def _divisor(target: Target, operand: Operand) -> float:
    """Return what turns the value of an operand into the unit and scale in which a number is written."""
    assert target.quantity
    own, other = target.quantity, operand.quantity
    if own.unit == other.unit:
        return own.factor
    return own.factor / own.base * (other.base if other.unit else 1.0)


def _fits(unit: str, operand: Operand) -> bool:
    """Return whether an operand may be of a unit."""
    other = operand.quantity
    if unit == "percentage point":
        return other.unit in ("percent", unit)
    return _is_amount(operand) and other.unit != "percent" and (other.unit == unit or not unit or not other.unit)


def _is_amount(operand: Operand) -> bool:
    """Return whether a number may be added up or divided; a year may not."""
    quantity = operand.quantity
    if not (quantity.unit or operand.in_row or operand.is_named) and abs(quantity.values[0]) <= _SMALL:
        return False
    return quantity.unit not in _NO_AMOUNTS and not quantity.unit[:1].isdigit() and not quantity.is_year()


def _may_be_grouped_by_points(operand: Operand) -> bool:
    """Return whether the full stop of a number may stand between thousands: "2.294"."""
    return len(operand.quantity.values) > 1 and "." in operand.quantity.text


def _sums_and_differences(target: Target, told: frozenset[Operation], terms: Sequence[Term]) -> Iterator[Found]:
    if told & {"rise", "fall", "change", "rest"}:
        yield from _differences(target, terms)
    if told & {"sum", "average"}:
        yield from _sums(target, told, terms)
    if "average" in told:
        yield from _rates(target, terms)


def _differences(target: Target, terms: Sequence[Term]) -> Iterator[Found]:
    for first in terms:
        for second in terms:
            difference = first.value - second.value
            if target.low <= difference <= target.high and _together(first, second):
                yield _amount(target, difference, (first, second), " − ")


def _sums(target: Target, told: frozenset[Operation], terms: Sequence[Term]) -> Iterator[Found]:
    for some in _series(terms):
        total = fsum(term.value for term in some)
        if "sum" in told and target.holds(total):
            yield _amount(target, total, some, " + ")
        if "average" in told and target.holds(total / len(some)):
            yield _amount(target, total / len(some), some, " + ", len(some))


def _series(terms: Sequence[Term]) -> Iterator[tuple[Term, ...]]:
    """Yield what may be added up: any two, all that are named, and the series of a line or of a column."""
    for i, first in enumerate(terms):
        for second in terms[i + 1 :]:
            if _together(first, second):
                yield first, second
    series = [tuple(term for term in terms if term.operand.is_named)]
    series += [tuple(some) for _, some in groupby(terms, key=lambda term: term.operand.line)]
    rows = [term for term in terms if term.operand.in_row or _alone(term, terms)]
    for place in sorted({term.operand.place for term in rows}):
        column = [term for term in rows if term.operand.place == place]
        series.append(tuple(column))
    yield from (some for some in dict.fromkeys(series) if len(some) >= _SERIES)


def _alone(term: Term, terms: Sequence[Term]) -> bool:
    return sum(other.operand.line == term.operand.line for other in terms) == 1


def _rates(target: Target, terms: Sequence[Term]) -> Iterator[Found]:
    """Yield one amount for each of another: dollars a share."""
    for first in terms:
        for second in terms:
            is_rate = first.operand.quantity.unit and not second.operand.quantity.unit and second.value > 1
            if is_rate and target.holds(first.value / second.value) and are_related(first.operand, second.operand):
                yield _quotient(target, first.operand, second.operand, first.value / second.value, _shown_ratio)


def _together(first: Term, second: Term) -> bool:
    return _of_one_unit(first.operand, second.operand) and are_related(first.operand, second.operand)


def _of_one_unit(one: Operand, other: Operand) -> bool:
    """Return whether two numbers have one unit; of two in rows only one may have it, as in a table of money."""
    first, second = one.quantity, other.quantity
    if one is other or first.unit == second.unit:
        return one is not other
    return "" in (first.unit, second.unit) and one.in_row and other.in_row and first.factor == second.factor == 1


def _amount(target: Target, value: float, terms: Sequence[Term], sign: str, parts: int = 1) -> Found:
    operands = tuple(term.operand for term in terms)
    quantities = tuple(one.quantity for one in operands)
    first, *others = quantities
    left = sign.join([shown_operand(first), *map(shown_inside, others)])
    # In base units, whatever scale the number of the sentence has.
    ratio = next((term.operand.quantity.values[0] / term.value for term in terms if term.value), 1.0)
    shown = shown_amount(value * ratio, quantities, target.low / value, target.high / value)
    text = f"({left}) ÷ {parts} = {shown}" if parts > 1 else f"{left} = {shown}"
    return Found(Calculation(text, quantities), operands)


# A share of a percentage, or its growth in percent, is hardly ever told.
_RATES = frozenset({"percent", "percentage point"})
Shown = Callable[[Operand, Operand, float, Target], str]


def _quotients(
    target: Target,
    operands: Sequence[Operand],
    shown: Shown,
    result: Callable[[float, float], float],
) -> Iterator[Found]:
    """Yield the quotients of two amounts of one unit, or what ``result`` makes of these, that give a number."""
    amounts = strongest([one for one in operands if _is_amount(one) and one.quantity.unit not in _RATES])
    pairs = [(one.quantity.values[0], one) for one in amounts if one.quantity.values[0] > 0]
    for first, one in pairs:
        for second, other in pairs:
            if (
                target.low <= (value := result(first, second)) <= target.high
                and _of_one_unit(one, other)
                and are_related(one, other)
            ):
                yield _quotient(target, one, other, value, shown)


def _quotient(target: Target, one: Operand, other: Operand, value: float, shown: Shown) -> Found:
    text = shown(one, other, value, target)
    return Found(Calculation(text, (one.quantity, other.quantity)), (one, other))


def _divided(one: Operand, other: Operand) -> str:
    return f"{shown_operand(one.quantity)} ÷ {shown_operand(other.quantity)}"


def _result(one: Operand, other: Operand, value: float, target: Target) -> str:
    comma = has_decimal_comma((one.quantity, other.quantity))
    return shown_number(value, target.low, target.high, comma)


def _shown_ratio(one: Operand, other: Operand, value: float, target: Target) -> str:
    return f"{_divided(one, other)} = {_result(one, other, value, target)}"


def _shown_share(one: Operand, other: Operand, value: float, target: Target) -> str:
    return f"{_shown_ratio(one, other, value, target)} %"


def _shown_growth(one: Operand, other: Operand, value: float, target: Target) -> str:
    return f"{_divided(one, other)} − 1 = {_result(one, other, value, target)} %"


def _shown_decline(one: Operand, other: Operand, value: float, target: Target) -> str:
    return f"1 − {_divided(one, other)} = {_result(one, other, value, target)} %"
