"""Shares, growth, multiples and rates. Pure.

Owns: dividing the numbers that are related to a sentence. The work is bounded by the square of
``operands.MAX_OPERANDS``. Knows nothing about sums, dates and lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import fsum
from operator import truediv

from rag.verify.calculation.calculated import Found, has_decimal_comma, shown_number, shown_operand
from rag.verify.calculation.cues import Operation
from rag.verify.calculation.operands import Operand, are_related, is_amount, named_first, of_one_unit, strongest
from rag.verify.calculation.targets import Target

# A share of a percentage, or its growth in percent, is hardly ever told.
_PERCENTAGES = frozenset({"percent", "percentage point"})
# Rows of a column that are added up.
_FEWEST_ROWS, _MOST_ROWS = 3, 12
_MULTIPLE, _SHARE, _GROWTH, _DECLINE = "{} ÷ {} = {}", "{} ÷ {} = {} %", "{} ÷ {} − 1 = {} %", "1 − {} ÷ {} = {} %"


def find_quotients(target: Target, told: frozenset[Operation], operands: Sequence[Operand]) -> Iterator[Found]:
    """Yield the quotients that give a number.

    Args:
        target: The number.
        told: The operations that the sentence tells.
        operands: The numbers that are related to it.

    Yields:
        Each, in the order of the operands.
    """
    has_unit = target.quantity is not None and bool(target.quantity.unit)
    if target.kind == "multiple" or (target.kind == "amount" and "ratio" in told and not has_unit):
        yield from _quotients(target, operands, truediv, _MULTIPLE)
    if target.kind == "percent" and told & {"rise", "change"}:
        yield from _quotients(target, operands, _growth, _GROWTH)
    if target.kind == "percent" and told & {"fall", "change"}:
        yield from _quotients(target, operands, _decline, _DECLINE)
    if target.kind == "percent" and "share" in told:
        yield from _quotients(target, operands, _share, _SHARE)
        yield from _shares_of_columns(target, operands)
    if target.kind == "amount" and told & {"average", "ratio"} and has_unit:
        yield from _rates(target, operands)


def _growth(first: float, second: float) -> float:
    return 100 * (first / second - 1)


def _decline(first: float, second: float) -> float:
    return 100 * (1 - first / second)


def _share(first: float, second: float) -> float:
    return 100 * first / second


def _quotients(
    target: Target, operands: Sequence[Operand], result: Callable[[float, float], float], shown: str
) -> Iterator[Found]:
    """Yield what ``result`` makes of two amounts of one unit, where it gives a number."""
    amounts = named_first(strongest([one for one in operands if _is_divisible(one)]), target.number)
    pairs = [(one.quantity.values[0], one) for one in amounts]
    low, high = target.low, target.high
    for first, one in pairs:
        for second, other in pairs:
            if low <= (value := result(first, second)) <= high and of_one_unit(one, other) and are_related(one, other):
                yield _found(target, one, other, value, shown)


def _shares_of_columns(target: Target, operands: Sequence[Operand]) -> Iterator[Found]:
    """Yield the share that a number of a table has in the sum of its column."""
    rows = [one for one in strongest(operands) if one.in_row and _is_divisible(one)]
    for place in sorted({one.place for one in rows}):
        column = [one for one in rows if one.place == place]
        whole = fsum(one.quantity.values[0] for one in column)
        is_sum = _FEWEST_ROWS <= len(column) <= _MOST_ROWS and len({one.line for one in column}) == len(column)
        of_all = frozenset.intersection(*(one.kin for one in column))
        # Whose share it is, the sentence says.
        for one in [one for one in column if is_sum and one.kin - of_all]:
            if target.holds(share := 100 * one.quantity.values[0] / whole):
                result = shown_number(share, *target.shown_between(share), has_decimal_comma([one.quantity]))
                parts = " + ".join(shown_operand(other.quantity) for other in column)
                text = f"{shown_operand(one.quantity)} ÷ ({parts}) = {result} %"
                yield Found.of(text, [one, *column], abs(share / target.number - 1))


def _rates(target: Target, operands: Sequence[Operand]) -> Iterator[Found]:
    """Yield one amount for each of others: dollars a share."""
    assert target.quantity
    amounts = strongest(
        [one for one in operands if _is_divisible(one) and one.quantity.unit in ("", target.quantity.unit)]
    )
    parts = [one for one in amounts if not one.quantity.unit and one.quantity.values[0] > 1]
    for one in amounts:
        for other in parts:
            value = one.quantity.values[0] / other.quantity.values[0]
            if one.quantity.unit and target.holds(value / target.quantity.factor) and are_related(one, other):
                yield _found(target, one, other, value / target.quantity.factor, _MULTIPLE)


def _is_divisible(operand: Operand) -> bool:
    return is_amount(operand) and operand.quantity.unit not in _PERCENTAGES and operand.quantity.values[0] > 0


def _found(target: Target, one: Operand, other: Operand, value: float, shown: str) -> Found:
    written = [one.quantity, other.quantity, *filter(None, [target.quantity])]
    result = shown_number(value, *target.shown_between(value), has_decimal_comma(written))
    text = shown.format(shown_operand(one.quantity), shown_operand(other.quantity), result)
    return Found.of(text, [one, other], abs(value / target.number - 1))
