"""The numbers that the lines of some sources hold, to look a number of a sentence up in. Pure.

Owns: when a number of a sentence stands in its sources: as written, in another unit or locale, under a scale word,
rounded, or as a part of a date. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from math import floor, isfinite, log10

from rag.verify.parse.digits import Notation
from rag.verify.parse.lexicon import FALLING_WORDS, ROMAN_NUMERALS
from rag.verify.parse.parsed_text import ParsedText
from rag.verify.parse.quantities import Quantity, possible_values
from rag.verify.parse.scale import declared_factors, may_be_scaled

# Distance of two values that are one, relative to them.
_NOISE = 1e-9
# From so many digits that tell something on, a number without a word such as "about" may be rounded.
_FEWEST_DIGITS_OF_ROUNDED = 2
# So much of a plain number is rounded away at most where no word says that it is rounded.
_ROUNDED_BY = 0.01
# From here on a number in words is a rounded one.
_ROUGH_WORDS = 1000
_FISCAL_YEAR = re.compile(r"(?:fy|cy|gj)((?:19|20)?\d\d)")
_SHORT_YEAR, _CENTURY = 2, 2000
_SPACE_IN_DIGITS = re.compile(r"\d[ \u00a0\u202f]\d")
_METRES_OR_MILLIONS = re.compile(r"\dm$")


@dataclass(frozen=True, slots=True)
class _Known:
    """A number of a source in one of its readings; ``falls`` where its line says that something goes down."""

    quantity: Quantity
    falls: bool


@dataclass(frozen=True, slots=True)
class _Window:
    """A range of sizes, in base units or as the number is written; ``is_other`` if it is read in another locale."""

    low: float
    high: float
    is_written: bool = False
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines that are the same where their texts are, and how these are read."""

    texts: tuple[tuple[str, Notation | None], ...]
    lines: tuple[ParsedText, ...] = field(compare=False)


def known_numbers(lines: Sequence[ParsedText]) -> KnownNumbers:
    """Return the numbers of some lines; they are read once for all sentences that are held against them."""
    return _read(_Lines(tuple((line.text, line.notation) for line in lines), tuple(lines)))


class KnownNumbers:
    """The numbers of some lines, and of what stands around them."""

    def __init__(self, lines: Sequence[ParsedText]) -> None:
        """Read the numbers of lines.

        Args:
            lines: The lines of the sources, and what stands around them.
        """
        factors = frozenset().union(*(declared_factors(line.text) for line in lines)) if lines else frozenset()
        known: dict[_Known, tuple[float, ...]] = {}
        self._years: set[float] = set()
        self._days: set[float] = set()
        self._numerals: set[float] = set()
        for line in lines:
            if line.quantities:
                known.update(_numbers_of(_Lines(((line.text, line.notation),), (line,)), factors))
                self._years.update(quantity.values[0] for quantity in line.quantities if quantity.is_year())
            if line.dates:
                self._years.update(year for date in line.dates for year in date.years())
                self._days.update(day for date in line.dates for _, _, day in date.interpretations)
            self._years.update(_years_in_words(line))
            self._numerals.update(ROMAN_NUMERALS[name.lower()] for name in line.names if name.lower() in ROMAN_NUMERALS)
        self._sorted = sorted(
            ((size, at, one) for at, (one, sizes) in enumerate(known.items()) for size in sizes),
            key=lambda entry: entry[:2],
        )
        self._values = [value for value, _, _ in self._sorted]

    def hold(self, quantity: Quantity) -> bool:
        """Return whether a number of a sentence may stand in the lines."""
        return self._hold_in_date(quantity) or any(self._hold_reading(own) for own in _own_readings(quantity))

    def _hold_in_date(self, quantity: Quantity) -> bool:
        if quantity.unit == "decade":
            return any(0 <= year - quantity.values[0] < 10 for year in self._years)
        if quantity.unit not in ("", "ordinal"):
            return False
        if quantity.unit == "ordinal" and not self._days.isdisjoint(quantity.values):
            return True
        return not self._years.isdisjoint(quantity.values) or not self._numerals.isdisjoint(quantity.values)

    def _hold_reading(self, quantity: Quantity) -> bool:
        for window in _windows(quantity):
            first = bisect_left(self._values, window.low - _NOISE * abs(window.low))
            last = bisect_right(self._values, window.high + _NOISE * abs(window.high))
            if any(_fits(quantity, one, window) for _, _, one in self._sorted[first:last]):
                return True
        return False


def _years_in_words(line: ParsedText) -> Iterator[float]:
    """Yield the years that are written in one word with what they are: "FY2023", "FY23"."""
    for token in line.tokens:
        if match := _FISCAL_YEAR.fullmatch(token.word):
            yield float(match[1]) if len(match[1]) > _SHORT_YEAR else _CENTURY + float(match[1])


@lru_cache(maxsize=64)
def _read(lines: _Lines) -> KnownNumbers:
    return KnownNumbers(lines.lines)


@lru_cache(maxsize=8192)
def _numbers_of(line: _Lines, factors: frozenset[float]) -> tuple[tuple[_Known, tuple[float, ...]], ...]:
    """Return the numbers of one line in all readings, each with the sizes by which it is found."""
    (parsed,) = line.lines
    falls = any(token.word in FALLING_WORDS for token in parsed.tokens)
    return tuple(
        (_Known(reading, falls), tuple(_magnitudes(reading)))
        for quantity in parsed.quantities
        for reading in _readings(quantity, parsed.text, factors)
    )


def is_same_number(quantity: Quantity, other: Quantity) -> bool:
    """Tell whether two numbers may be the same.

    Args:
        quantity: A number.
        other: Another one.

    Returns:
        Whether they are, in one unit or with the unit on one side only.
    """
    return quantity.equals(other) or (may_lack_unit(quantity, other) and quantity.same_written_number(other))


def may_lack_unit(quantity: Quantity, other: Quantity) -> bool:
    """Tell whether two equal numbers may be the same although only one has the unit, as "25" under "days".

    A pound may be a weight or money. A time of day, a decade and a version number are nothing without their form.

    Args:
        quantity: A number.
        other: Another one.

    Returns:
        Whether their units, or the lack of one, may be the same.
    """
    if quantity.unit and other.unit:
        return {quantity.unit, other.unit} == {"pound", "sterling"}
    unit = quantity.unit or other.unit
    return unit not in ("time of day", "decade") and not unit[:1].isdigit()


def _readings(quantity: Quantity, line: str, factors: frozenset[float]) -> Iterator[Quantity]:
    """Yield what a number of a source may be: as written, scaled, a share, or the numbers of two columns."""
    plain = replace(quantity, start=0, end=0, bound="")
    yield plain
    yield from _other_forms(plain)
    if _SPACE_IN_DIGITS.search(quantity.text):
        for digits in re.findall(r"\d+(?:[.,]\d+)*", quantity.text):
            yield from (Quantity(digits, 0, 0, values) for values in possible_values(digits))
    if factors and may_be_scaled(quantity, line):
        for factor, value in product(factors, quantity.values):
            yield replace(plain, values=(value * factor,), factor=factor)


def _own_readings(quantity: Quantity) -> Iterator[Quantity]:
    yield quantity
    yield from _other_forms(quantity)


def _other_forms(quantity: Quantity) -> Iterator[Quantity]:
    """Yield other readings of a number: 2/3 is 66.7 %, 1.5m a million and a half."""
    value = quantity.values[0]
    if not quantity.unit and 0 < value < 1:
        yield replace(quantity, text=f"{100 * value:.3g}%", values=(100 * value,), unit="percent")
    if quantity.unit == "metre" and _METRES_OR_MILLIONS.search(quantity.text):
        yield replace(quantity, values=(value * 1e6,), unit="", factor=1e6, base=1.0)


def _magnitudes(quantity: Quantity) -> Iterator[float]:
    """Yield the sizes by which a number is found: in base units and in the unit it is written in."""
    sizes = [*(abs(value) for value in quantity.values), abs(quantity.values[0] / quantity.base)]
    yield from dict.fromkeys(size for size in sizes if isfinite(size))


def _windows(quantity: Quantity) -> Iterator[_Window]:
    """Yield the ranges of sizes in which the exact number may lie."""
    if quantity.reading == "open":
        yield from (_Window(abs(value), abs(value), is_other=True) for value in quantity.values if isfinite(value))
        return
    low, high = _window(quantity)
    others = (*quantity.values[1:], *quantity.otherwise)
    if isfinite(low) and isfinite(high):
        yield _Window(low, high)
        if quantity.base != 1:
            yield _Window(low / quantity.base, high / quantity.base, is_written=True)
    yield from (_Window(abs(value), abs(value), is_other=True) for value in others if isfinite(value))


def _window(quantity: Quantity) -> tuple[float, float]:
    """Return between which sizes the exact number may lie that a sentence gives as this one.

    "About 900" may be 932, "over 900" 932 or 1,000; "1.2 million" may be 1,204,000, and "81 %" 80.7 %.
    """
    size = abs(quantity.values[0])
    if quantity.unit in ("ordinal", "time of day", "decade") or quantity.unit[:1].isdigit() or not isfinite(size):
        return size, size
    step, rough_step = _last_digit(quantity), _rough_step(quantity)
    if quantity.bound == "~":
        return size - rough_step / 2, size + rough_step / 2
    if quantity.bound in (">", ">="):
        return size - step / 2, size + rough_step
    if quantity.bound in ("<", "<="):
        return size - rough_step, size + step / 2
    if quantity.is_year():
        return size, size
    if quantity.factor != quantity.base or quantity.unit == "percent":
        return size - step / 2, size + step / 2
    digits = floor(log10(size / rough_step)) + 1 if size >= rough_step > 0 else 0
    if digits >= _FEWEST_DIGITS_OF_ROUNDED:
        most = min(rough_step / 2, _ROUNDED_BY * size)
        return size - most, size + most
    return size - min(step, 1) / 2, size + min(step, 1) / 2


def _last_digit(quantity: Quantity) -> float:
    """Return what one more of the last written digit adds: 0.1 million for "1.2 million", 1 for "900".

    Words are as rough as they can be from a thousand on: a million for "two million". 0 for a fraction.
    """
    size = abs(quantity.values[0] / quantity.factor)
    written = re.search(r"\d[\d.,]*", quantity.text)
    if not written:
        return _rough_step(quantity) if size >= _ROUGH_WORDS else quantity.factor
    point = re.search(r"[.,](\d+)$" if size != floor(size) else r"[.,](0{1,2})$", written.group().rstrip(".,"))
    if size != floor(size) and not point:
        return 0.0
    return float(10.0 ** -(len(point.group(1)) if point else 0) * quantity.factor)


def _rough_step(quantity: Quantity) -> float:
    """Return what one more of the last digit that is no zero adds: 100 for "900", 10 for "1,210"."""
    size = abs(quantity.values[0] / quantity.factor)
    if size < 1 or size != floor(size):
        return _last_digit(quantity)
    step = 1
    whole = int(size)
    while whole % (step * 10) == 0:
        step *= 10
    return step * quantity.factor


def _fits(quantity: Quantity, known: _Known, window: _Window) -> bool:
    """Return whether a known number in this range of sizes may be a number of a sentence."""
    other = known.quantity
    is_lacking = quantity.unit != other.unit
    if is_lacking and not may_lack_unit(quantity, other):
        return False
    if quantity.values[0] < 0 < other.values[0] and not known.falls:
        return False
    if is_same_number(quantity, other):
        return True
    if window.is_other or other.reading == "open" or (window.is_written and not is_lacking):
        return False
    sizes = [abs(other.values[0]), abs(other.values[0] / other.base) if is_lacking else abs(other.values[0])]
    low, high = window.low - _NOISE * abs(window.low), window.high + _NOISE * abs(window.high)
    return any(low <= size <= high for size in sizes)
