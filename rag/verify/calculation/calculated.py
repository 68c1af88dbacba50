"""A calculation, and how it is shown. Pure.

Owns: the record ``Calculation`` and the form of its numbers: those of the sources as written there, the result in their
unit and notation. Knows nothing about finding one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.calculation.operands import Operand
from rag.verify.parse.quantities import Quantity

# Decimals that are tried for a result until it lies where the sentence puts it.
_DECIMALS = (1, 2, 3, 4)
# A result that ends within so many decimals is shown whole.
_MOST_DECIMALS, _MOST_DECIMALS_BELOW_ONE = 2, 3
_WRITTEN = re.compile(r"(?P<before>[^\d.]*)(?P<digits>(?:\d|\.\d)[\d.,'’\s/⁄]*(?<=\d))(?P<behind>.*)", re.S)
# A decimal comma, or full stops between thousands beside one.
_DECIMAL_COMMA = re.compile(r"\d,(?:\d{1,2}|\d{4,})(?!\d)")


@dataclass(frozen=True, slots=True)
class Calculation:
    """How a number follows from others.

    Attributes:
        text: The calculation as it is shown: "2,294 − 1,945 = 349".
        operands: The numbers of the sources that it takes; none where things are counted.
    """

    text: str
    operands: tuple[Quantity, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A calculation that gives a number, and what speaks for it.

    Attributes:
        calculation: The calculation.
        named: How many of its operands the sentence names.
        shared: How many words they share with the sentence.
        beside: How many of its years and of its words with a capital stand right beside some of them and not all, and
            how many of them have such a year or word.
        in_one_line: Whether they stand in one line.
        error: How far the result lies from the number, as a share of it.
        line: The number of the first line that it takes a number of.
    """

    calculation: Calculation
    named: int
    shared: int
    beside: tuple[int, int, int]
    in_one_line: bool
    error: float
    line: int

    @classmethod
    def of(cls, text: str, operands: Sequence[Operand], error: float) -> Found:
        """Return a calculation with what speaks for it.

        Args:
            text: It as it is shown.
            operands: The numbers that it takes.
            error: How far the result lies from the number of the sentence, as a share of it.

        Returns:
            It.
        """
        return cls(
            Calculation(text, tuple(one.quantity for one in operands)),
            sum(one.is_named for one in operands),
            len(frozenset().union(*(one.kin for one in operands))),
            _beside_one(operands),
            len({one.line for one in operands}) == 1,
            error,
            min(one.line for one in operands),
        )

    def likelihood(self) -> tuple[int, int, tuple[int, int, int], bool, float, int]:
        """Return what speaks for it, to be compared: more is better."""
        return self.named, self.shared, self.beside, self.in_one_line, -self.error, -self.line


def _beside_one(operands: Sequence[Operand]) -> tuple[int, int, int]:
    """Count the years and the words with a capital that tell operands apart, and the operands that these stand by."""
    beside = [one.beside for one in operands]
    apart = frozenset().union(*beside).difference(frozenset.intersection(*beside)) if beside else frozenset()
    with_own = sum(not apart.isdisjoint(words) for words in beside)
    return sum(word.isdigit() for word in apart), sum(word[0].isupper() for word in apart), with_own


def shown_operand(quantity: Quantity) -> str:
    """Return a number as its source writes it, a loss with a minus sign: "$2,294 million", "−1,353"."""
    before, digits, behind = _parts(quantity)
    sign = "−" if quantity.values[0] < 0 else ""
    return f"{sign}{before}{digits}{behind}"


def shown_inside(quantity: Quantity) -> str:
    """Return a number as it stands behind a sign: one below zero in brackets."""
    shown = shown_operand(quantity)
    return f"({shown})" if shown.startswith("−") else shown


def shown_amount(value: float, like: Sequence[Quantity], low: float, high: float) -> str:
    """Return the result of a sum, a difference or an average in the currency, scale and unit of its operands.

    Args:
        value: The result, in base units.
        like: The operands.
        low: The least that the result may be shown as, in base units.
        high: The most.

    Returns:
        It, such as "$349" or "393 MB".
    """
    model = max(like, key=lambda quantity: (quantity.factor != 1, bool(quantity.unit)))
    before, _, behind = _parts(model)
    factor = model.factor
    shown = shown_number(value / factor, low / factor, high / factor, has_decimal_comma(like))
    return f"−{before}{shown[1:]}{behind}" if shown.startswith("−") else f"{before}{shown}{behind}"


def shown_number(value: float, low: float, high: float, decimal_comma: bool = False) -> str:
    """Return a number with as few decimals as leave it between two others.

    Args:
        value: The number.
        low: The least that it may be shown as.
        high: The most.
        decimal_comma: Whether decimals stand behind a comma, thousands before a full stop.

    Returns:
        It with separators and a true minus sign: "1,234.5".
    """
    whole = round(value)
    if abs(value - whole) < 1e-9 * max(1.0, abs(value)):
        shown = f"{abs(whole):,}"
    else:
        most = _MOST_DECIMALS if abs(value) >= 1 else _MOST_DECIMALS_BELOW_ONE
        ends = abs(value - round(value, most)) <= 1e-9 * abs(value)
        inside = (decimals for decimals in _DECIMALS if min(low, high) <= round(value, decimals) <= max(low, high))
        shown = f"{abs(value):,.{most if ends else next(inside, _DECIMALS[-1])}f}".rstrip("0").rstrip(".")
    if decimal_comma:
        shown = shown.translate(str.maketrans(",.", ".,"))
    return f"−{shown}" if value < 0 else shown


def has_decimal_comma(quantities: Sequence[Quantity]) -> bool:
    """Tell whether numbers are written with a decimal comma."""
    return any(_DECIMAL_COMMA.search(quantity.text) or _is_grouped_by_points(quantity) for quantity in quantities)


def _is_grouped_by_points(quantity: Quantity) -> bool:
    match = re.search(r"\d{1,3}(?:\.\d{3})+", quantity.text)
    return match is not None and abs(quantity.values[0] / quantity.factor) >= 1000


def _parts(quantity: Quantity) -> tuple[str, str, str]:
    """Return what stands before the digits of a number, these, and what stands behind: ("$", "2,294", " million")."""
    match = _WRITTEN.fullmatch(" ".join(quantity.text.split()))
    if match is None:
        return "", quantity.text.strip(), ""
    before = re.sub(r"[-−–(]|\b(?:minus|negative)\b", "", match["before"], flags=re.I).strip()
    behind = match["behind"].rstrip(" )").replace("-", " ")
    return f"{before} " if before[-1:].isalpha() else before, match["digits"].strip(), behind
