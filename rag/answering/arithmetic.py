"""Compute an expression that a person or a model wrote: sums, differences, products, quotients and percentages. Pure.

Owns: the grammar of an expression, its exact value, and how both are shown. Knows no names, no functions and no powers,
and runs no code.

    expression = term (("+" | "-") term)*
    term       = factor (("*" | "/") factor)*
    factor     = ("+" | "-")* (number | "(" expression ")") "%"*

A number may have a currency sign before it, separators in it (1,234.5) and a scale behind it (8.9 billion).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from rag.errors import UsageError
from rag.types import Span
from rag.verify.parse.quantities import find_quantities

# Most characters of an expression, numbers in it, digits of a number, and brackets inside one another.
_LONGEST, _MOST_OPERANDS, _MOST_DIGITS, _DEEPEST = 300, 40, 30, 20
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:US)?[$€£¥]?\s?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?![\d.,]*\d)"
    r"(?:\s?(?P<scale>thousand|million|billion|trillion)s?\b)?)|(?P<sign>[-+−–*×·/÷:%()]))",
    re.ASCII | re.IGNORECASE,
)
_SIGNS = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", ":": "/"}
_SHOWN = {"-": " − ", "+": " + ", "*": " × ", "/": " ÷ ", "%": " %", "(": "(", ")": ")"}
# Signs of markup, or the number of an item of a list, may stand before it, and a full stop behind it.
_COMPUTE = re.compile(
    r"^[ \t>*_`#-]{0,8}(?:\d{1,2}[.)][ \t]{1,4})?[*_`]{0,4}COMPUTE[*_`]{0,4}[ \t]*:[ \t*_`]*"
    r"(?P<expression>[^\n`]*?)`?[ \t*]*(?P<marks>(?:\[\d+(?:,\s?\d+)*\]\s*)*)[ \t.*_`]*$",
    re.M,
)
# Decimals that are shown of a value that does not end before, and of one below 1.
_DECIMALS, _DECIMALS_BELOW_ONE, _MOST_DECIMALS = 1, 2, 4


class ExpressionError(UsageError):
    """A text that is no expression, is too long, or divides by zero."""


@dataclass(frozen=True, slots=True)
class Computed:
    """An expression and what it comes to.

    Attributes:
        value: The exact value.
        operands: The numbers in it as written, without scale: "8.9 billion" is 8900000000.
        expression: The expression as it is shown: "16,105,005 ÷ 5,184,437".
    """

    value: Fraction
    operands: tuple[Fraction, ...]
    expression: str

    def __str__(self) -> str:
        """Return the expression and its value: "16,105,005 ÷ 5,184,437 = 3.1"."""
        return f"{self.expression} = {show_number(self.value)}"


def evaluate(expression: str) -> Computed:
    """Compute an expression exactly.

    Args:
        expression: Numbers, ``+ - * /`` or ``− × · ÷ :``, brackets, and ``%`` behind a number or a bracket.

    Returns:
        The value, the numbers in it, and the expression as it is shown.

    Raises:
        ExpressionError: It is no expression, is too long, or divides by zero.
    """
    return _Parser(expression).parse()


def fill_computations(text: str) -> tuple[str, tuple[Computed, ...]]:
    """Replace each line ``COMPUTE: expression`` of a model's words by the expression and its value.

    A line that cannot be computed is left out. Citation marks behind an expression stay.

    Args:
        text: What a model wrote.

    Returns:
        The text with what the expressions come to, and the expressions in order; their operands are to be checked.
    """
    computations: list[Computed] = []

    def fill(match: re.Match[str]) -> str:
        try:
            computed = evaluate(match["expression"].partition("=")[0].rstrip(" ."))
        except ExpressionError:
            return ""
        computations.append(computed)
        return " ".join(filter(None, (str(computed), match["marks"].strip())))

    filled = _COMPUTE.sub(fill, text)
    return filled, tuple(computations)


def operands_supported(operands: Iterable[Fraction], spans: Sequence[Span]) -> bool:
    """Tell whether every operand stands in one of the spans, by its value: with its scale or as it is written.

    Small whole numbers that only count or scale (2 of "divided by 2", 100) need no source.

    Args:
        operands: The numbers of an expression.
        spans: What is cited.

    Returns:
        True where none is missing.
    """
    stated: set[Fraction] = set()
    for span in spans:
        for quantity in find_quantities(span.quote):
            for value in quantity.values:
                exact = abs(Fraction(repr(value)))
                stated |= {exact, exact / Fraction(repr(quantity.factor)), exact / Fraction(repr(quantity.base))}
    return all(abs(operand) in stated or operand in _NEEDS_NO_SOURCE for operand in operands)


_NEEDS_NO_SOURCE = frozenset(map(Fraction, (1, 2, 100)))


def show_number(value: Fraction | Decimal, language: str = "en", decimals: int | None = None) -> str:
    """Return a number as a reader writes it: "4,322", "6.9", "−0.54"; in German "4.322" and "6,9".

    Args:
        value: The number.
        language: ``en`` or ``de``.
        decimals: How many decimals at most; None: all of them where there are at most four, else one or two.

    Returns:
        The number with a true minus sign.
    """
    exact = Fraction(value)
    if decimals is None:
        ends_soon = (exact * 10**_MOST_DECIMALS).denominator == 1
        short = _DECIMALS if abs(exact) >= 1 else _DECIMALS_BELOW_ONE
        decimals = _MOST_DECIMALS if ends_soon else short
    digits = Context(prec=2 * _LONGEST)
    number = digits.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, digits)
    shown = f"{rounded.copy_abs():,f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    if language == "de":
        shown = shown.translate(str.maketrans(",.", ".,"))
    return f"−{shown}" if rounded < 0 else shown


class _Parser:
    """Reads an expression from left to right; see the grammar above."""

    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise ExpressionError(f"the expression is longer than {_LONGEST} characters; write a shorter one")
        self._text = text
        self._tokens: list[tuple[str, Fraction | None]] = []
        self._shown: list[str] = []
        self._position = 0
        self._depth = 0
        self._read_tokens()

    def parse(self) -> Computed:
        value = self._expression()
        if self._position < len(self._tokens):
            raise self._fault()
        operands = tuple(number for _, number in self._tokens if number is not None)
        return Computed(value, operands, _tidy("".join(self._shown)))

    def _read_tokens(self) -> None:
        end = len(self._text.rstrip())
        start = 0
        while start < end:
            match = _TOKEN.match(self._text, start, end)
            if match is None:
                raise self._fault()
            start = match.end()
            if match["sign"]:
                sign = _SIGNS.get(match["sign"], match["sign"])
                self._tokens.append((sign, None))
                self._shown.append(_SHOWN[sign])
                continue
            digits = match["digits"].replace(",", "")
            if len(digits) > _MOST_DIGITS:
                raise ExpressionError(f"a number has more than {_MOST_DIGITS} digits; write a shorter one")
            scale = (match["scale"] or "").lower()
            self._tokens.append(("number", Fraction(digits) * _SCALES.get(scale, 1)))
            self._shown.append(" ".join(filter(None, (show_number(Fraction(digits), decimals=_MOST_DIGITS), scale))))
        if sum(number is not None for _, number in self._tokens) > _MOST_OPERANDS:
            raise ExpressionError(f"the expression has more than {_MOST_OPERANDS} numbers; write a shorter one")

    def _next(self) -> str:
        return self._tokens[self._position][0] if self._position < len(self._tokens) else ""

    def _expression(self) -> Fraction:
        value = self._term()
        while (sign := self._next()) in ("+", "-"):
            self._position += 1
            right = self._term()
            value = value + right if sign == "+" else value - right
        return value

    def _term(self) -> Fraction:
        value = self._factor()
        while (sign := self._next()) in ("*", "/"):
            self._position += 1
            right = self._factor()
            if sign == "/" and not right:
                raise ExpressionError("the expression divides by zero; check its numbers")
            value = value * right if sign == "*" else value / right
        return value

    def _factor(self) -> Fraction:
        negative = False
        while (sign := self._next()) in ("+", "-"):
            self._position += 1
            negative ^= sign == "-"
        if sign == "(":
            self._depth += 1
            if self._depth > _DEEPEST:
                raise ExpressionError(f"more than {_DEEPEST} brackets stand inside one another; write fewer")
            self._position += 1
            value = self._expression()
            if self._next() != ")":
                raise self._fault()
            self._depth -= 1
        elif sign == "number":
            value = self._tokens[self._position][1] or Fraction(0)
        else:
            raise self._fault()
        self._position += 1
        while self._next() == "%":
            self._position += 1
            value /= 100
        return -value if negative else value

    def _fault(self) -> ExpressionError:
        return ExpressionError(f"{self._text[:60]!r} is no expression; write numbers with + - * / and brackets")


def _tidy(shown: str) -> str:
    """Return an expression with single spaces, and none behind a sign that stands before its first number."""
    line = " ".join(shown.split())
    line = re.sub(r"(^|\(|[−+×÷] )([−+]) (?=[\d(.])", r"\1\2", line)
    # "(16,105,005) ÷ (5,184,437)": brackets around a single number say nothing.
    return re.sub(r"\((\d[\d,.]*(?: (?:thousand|million|billion|trillion))?)\)", r"\1", line)
