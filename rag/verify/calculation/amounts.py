"""Sums, differences and averages. Pure.

Owns: adding up and subtracting the numbers that are related to a sentence, in the unit and scale in which it writes the
result. The work is bounded by the square of ``operands.MAX_OPERANDS``. Knows nothing about quotients, dates and lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import fsum

from rag.verify.calculation.calculated import Found, shown_amount, shown_inside, shown_number, shown_operand
from rag.verify.calculation.cues import Operation
from rag.verify.calculation.operands import Operand, are_related, is_amount, named_first, of_one_unit, strongest
from rag.verify.calculation.targets import Target
from rag.verify.parse.parsed_text import ParsedText

# "In millions", "$ thousands" above a table.
_SCALE_OF_TABLE = re.compile(
    r"(?:\bin|[$€£]|\b(?:USD|EUR|GBP)|\b(?:dollars|euros?) in)\s*\(?(?P<scale>thousand|million|billion)s?\b", re.I
)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
# Fewest numbers of a line or a column that are a series to be added up.
_SERIES = 3
_PERCENTAGES = ("percent", "percentage point")


@dataclass(frozen=True, slots=True)
class _Term:
    """An operand as the sentence would write it.

    Attributes:
        value: Its value in the unit and scale in which the result is written.
        scale: What turns such a value into base units of the operand.
        operand: The operand.
    """

    value: float
    scale: float
    operand: Operand


def table_scales(lines: Sequence[ParsedText]) -> frozenset[float]:
    """Return what the numbers of tables are multiplied by, as the lines say: 10^6 for "in millions"."""
    found = (_SCALE_OF_TABLE.search(line.text) for line in lines if "illion" in line.text or "housand" in line.text)
    return frozenset(_SCALES[match["scale"].lower()] for match in found if match)


def find_amounts(
    target: Target, told: frozenset[Operation], operands: Sequence[Operand], scales: frozenset[float]
) -> Iterator[Found]:
    """Yield the sums, differences and averages that give a number.

    Args:
        target: The number.
        told: The operations that the sentence tells.
        operands: The numbers that are related to it.
        scales: What the numbers of tables are multiplied by.

    Yields:
        Each, in the order of the operands.
    """
    if target.quantity is None:
        return
    for terms in _views(target, operands, scales):
        changes = bool(told & {"rise", "fall", "change"})
        if changes or "rest" in told:
            yield from _differences(target, terms)
        # "Total revenue grew by 5 %" adds nothing up.
        if told & {"sum", "average"} and not (changes and target.kind == "percent"):
            yield from _sums(target, told, terms)
        if "rest" in told and target.kind == "percent":
            yield from _complements(target, terms)


def _views(target: Target, operands: Sequence[Operand], scales: frozenset[float]) -> Iterator[list[_Term]]:
    """Yield the operands as they stand, then in the scale of a table that the sentence writes out."""
    assert target.quantity
    own = target.quantity
    fitting = named_first(strongest([one for one in operands if _fits(own.unit, one)]), target.number)
    scaled = [(_scale(target, one), one) for one in fitting]
    yield [_Term(one.quantity.values[0] / scale, scale, one) for scale, one in scaled]
    if own.factor / own.base in scales:
        yield [_Term(one.quantity.values[0], 1.0, one) for one in fitting if one.quantity.factor == 1]


def _scale(target: Target, operand: Operand) -> float:
    """Return what turns the number of a sentence, as it is written, into base units of an operand."""
    assert target.quantity
    own, other = target.quantity, operand.quantity
    return own.factor if own.unit == other.unit else own.factor / own.base * (other.base if other.unit else 1.0)


def _fits(unit: str, operand: Operand) -> bool:
    """Return whether an operand may be of a unit."""
    other = operand.quantity.unit
    if unit in _PERCENTAGES:
        return other == "percent" or other == unit
    return is_amount(operand) and other not in _PERCENTAGES and (other == unit or not unit or not other)


def _differences(target: Target, terms: Sequence[_Term]) -> Iterator[Found]:
    for first in terms:
        for second in terms:
            difference = first.value - second.value
            if target.low <= difference <= target.high and _together(first, second):
                yield _found(target, difference, (first, second), " − ")


def _sums(target: Target, told: frozenset[Operation], terms: Sequence[_Term]) -> Iterator[Found]:
    for some in _series(target, terms):
        total = fsum(term.value for term in some)
        if "sum" in told and target.holds(total):
            yield _found(target, total, some, " + ")
        if "average" in told and target.holds(total / len(some)):
            yield _found(target, total / len(some), some, " + ", len(some))


def _series(target: Target, terms: Sequence[_Term]) -> Iterator[tuple[_Term, ...]]:
    """Yield what may be added up: two that fit, all that are named, and the series of a line or of a column."""
    for i, first in enumerate(terms):
        for second in terms[i + 1 :]:
            total = first.value + second.value
            if (target.holds(total) or target.holds(total / 2)) and _together(first, second):
                yield first, second
    alone = {line for line, some in groupby(terms, key=_line) if len(list(some)) == 1}
    rows = [term for term in terms if term.operand.in_row or term.operand.line in alone]
    series = [
        tuple(term for term in terms if term.operand.is_named),
        *(tuple(some) for _, some in groupby(terms, key=_line)),
        *(tuple(some) for _, some in groupby(sorted(rows, key=_place), key=_place)),
    ]
    for some in dict.fromkeys(series):
        if len(some) >= _SERIES and all(of_one_unit(some[0].operand, other.operand) for other in some[1:]):
            yield some


def _complements(target: Target, terms: Sequence[_Term]) -> Iterator[Found]:
    """Yield what a percentage leaves of the whole."""
    for term in terms:
        if target.holds(rest := 100 - term.value):
            text = f"100 % − {shown_operand(term.operand.quantity)} = {shown_number(rest, target.low, target.high)} %"
            yield Found.of(text, [term.operand], abs(rest / target.number - 1))


def _line(term: _Term) -> int:
    return term.operand.line


def _place(term: _Term) -> int:
    return term.operand.place


def _together(first: _Term, second: _Term) -> bool:
    return of_one_unit(first.operand, second.operand) and are_related(first.operand, second.operand)


def _found(target: Target, value: float, terms: Sequence[_Term], sign: str, parts: int = 1) -> Found:
    """Return a sum or a difference, or the average of so many parts."""
    operands = [term.operand for term in terms]
    quantities = [one.quantity for one in operands]
    left = sign.join([shown_operand(quantities[0]), *map(shown_inside, quantities[1:])])
    scale = terms[0].scale
    low, high = target.shown_between(value)
    result = shown_amount(value * scale, quantities, low * scale, high * scale)
    text = f"({left}) ÷ {parts} = {result}" if parts > 1 else f"{left} = {result}"
    return Found.of(text, operands, abs(value / target.number - 1))
