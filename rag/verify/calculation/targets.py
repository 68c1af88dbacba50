"""What a number of a sentence, or a ratio in words, must come to. Pure.

Owns: how exactly a number is written, and how far "about" and "nearly" reach. Knows nothing about sources.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.verify.calculation.ratios import Ratio, find_ratios
from rag.verify.parse.parsed_text import ParsedText
from rag.verify.parse.quantities import Quantity

Kind = Literal["amount", "percent", "multiple"]
"""What a number is: an amount of something, a percentage, or how many times as much."""

# How far the result may lie from the number, as shares of it.
_ABOUT, _NEARLY, _MORE, _MORE_THAN_A_MULTIPLE, _RATIO_IN_WORDS = 0.03, 0.10, 0.10, 0.25, 0.05
# How far rounding reaches at most, so that 1 million is not what is left of 0.5 million.
_ROUNDED = 0.2
# Characters before a number that are searched for "about" or "nearly".
_BEFORE = 24
_EXACT = 1e-9

_ABOUT_WORDS = re.compile(
    r"(?:\b(?:about|approximately|approx\.?|around|roughly|some|circa|ca?\.|etwa|rund|ungefähr|gut)|[~≈])\s*$", re.I
)
_NEARLY_WORDS = re.compile(
    r"\b(?:nearly|almost|close to|just under|(?:a little |slightly )?(?:less|fewer|lower|shorter|younger) than|under"
    r"|below|not quite|knapp|fast|beinahe|weniger als|unter)\s*$",
    re.I,
)
_MORE_WORDS = re.compile(
    r"\b(?:(?:more|greater|higher|longer|larger|older) than|over|above|exceed(?:s|ed|ing)?|at least|upwards of"
    r"|mehr als|über|mindestens)\s*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Target:
    """A number of a sentence, or a ratio in words.

    Attributes:
        start: Where it starts in the sentence.
        end: Where it ends.
        kind: What it is.
        number: The number as it is written: 349 for "$349 million".
        low: The least that a calculation may come to, as it is written.
        high: The most.
        quantity: It with its unit; None for a ratio that is only in words.
        step: How far a result may lie from it that is rounded as it is.
    """

    start: int
    end: int
    kind: Kind
    number: float
    low: float
    high: float
    quantity: Quantity | None = None
    step: float = 0.0

    def shown_between(self, result: float) -> tuple[float, float]:
        """Return between which numbers a result is shown: rounded as the number is where that gives it, else nearer."""
        low, high = self.number - self.step, self.number + self.step
        return (low, high) if self.step and low <= result <= high else (self.low, self.high)

    def holds(self, result: float) -> bool:
        """Return whether a result may be written so."""
        return self.low <= result <= self.high


def target_of(quantity: Quantity, claim: ParsedText) -> Target:
    """Return what a number of a sentence must come to.

    Args:
        quantity: The number.
        claim: The sentence.

    Returns:
        The target; the ratio where it is a part of one, as the five of "five times".
    """
    for ratio in ratios_in_words(claim.text):
        if ratio.start < quantity.end and quantity.start < ratio.end:
            return ratio
    number = abs(quantity.values[0]) / quantity.factor
    step = min(_ROUNDED * number, 0.5 * 10.0 ** -_decimals(quantity.text, number))
    low, high = _range(claim.text[max(0, quantity.start - _BEFORE) : quantity.start], number, step, _ABOUT, _MORE)
    kind: Kind = "percent" if quantity.unit == "percent" else "amount"
    return Target(quantity.start, quantity.end, kind, number, low, high, quantity, step)


@lru_cache(maxsize=1024)
def ratios_in_words(text: str) -> tuple[Target, ...]:
    """Return what the ratios that a sentence says in words must come to; a change in percent."""
    return tuple(_target_of_ratio(ratio, text) for ratio in find_ratios(text))


def _target_of_ratio(ratio: Ratio, text: str) -> Target:
    number = 100 * ratio.number if ratio.is_change else ratio.number
    before = text[max(0, ratio.start - _BEFORE) : ratio.start]
    step = number * _RATIO_IN_WORDS
    if not number.is_integer() and (decimals := _decimals(text[ratio.start : ratio.end], number)):
        step = 0.5 * 10.0**-decimals
    low, high = _range(before, number, step, _RATIO_IN_WORDS, _MORE_THAN_A_MULTIPLE)
    kind: Kind = "percent" if ratio.is_change else "multiple"
    return Target(ratio.start, ratio.end, kind, number, low, high, step=0.0 if number.is_integer() else step)


def _range(before: str, number: float, step: float, about: float, more: float) -> tuple[float, float]:
    """Return the least and the most that a result may be, by the step it is rounded to and the words before it."""
    tiny = _EXACT * max(1.0, number)
    if _MORE_WORDS.search(before):
        return number - tiny, number * (1 + more) + tiny
    if _NEARLY_WORDS.search(before):
        return number * (1 - _NEARLY) - tiny, number + tiny
    reach = max(step, about * number) if _ABOUT_WORDS.search(before) else step
    return number - reach - tiny, number + reach + tiny


def _decimals(text: str, number: float) -> int:
    """Return how many decimals a number is written with: none for "2,294", one for "900.0"."""
    match = re.search(r"\d[\d.,'’\s]*", text)
    if match is None:
        return 0
    written = match.group().strip(" .,'’")
    digits = re.sub(r"\D", "", written)
    if not re.search(r"[.,]", written) or abs(float(digits) - number) <= _EXACT * number:
        return 0
    return len(re.split(r"[.,]", written)[-1])
