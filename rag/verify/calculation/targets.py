"""What a number of a sentence, or a ratio in words, must come to. Pure.

Owns: ratios in words ("half", "tripled", "five times as much"), how exactly a number is written, and how far "about"
and "nearly" reach. Knows nothing about sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.verify.parsed_text import ParsedText
from rag.verify.quantities import Quantity

Kind = Literal["amount", "percent", "multiple"]
"""What a number is: an amount of something, a percentage, or how many times as much."""

# How far the result may lie from the number, as shares of it.
_ABOUT, _NEARLY, _MORE, _MORE_THAN_A_MULTIPLE, _RATIO_IN_WORDS = 0.03, 0.10, 0.10, 0.25, 0.04
# How far rounding reaches at most, so that 1 million is not what is left of 0.5 million.
_ROUNDED = 0.2
# Characters before a number that are searched for "about" or "nearly".
_BEFORE = 24
_EXACT = 1e-9

_NUMBER_WORDS = {
    word: float(value)
    for value, words in enumerate(
        (
            "one a an ein eine einem einer", "two zwei", "three drei", "four vier", "five fünf", "six sechs",
            "seven sieben", "eight acht", "nine neun", "ten zehn", "eleven elf", "twelve zwölf",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_PARTS = {
    word: float(value)
    for value, words in enumerate(
        (
            "half halves hälfte", "third thirds drittel", "quarter quarters fourth fourths viertel",
            "fifth fifths fünftel", "sixth sixths sechstel", "seventh sevenths siebtel", "eighth eighths achtel",
            "ninth ninths neuntel", "tenth tenths zehntel",
        ),
        start=2,
    )
    for word in words.split()
}  # fmt: skip
_MULTIPLES = {
    word: float(value)
    for value, words in (
        (2, "twice doubled doubling doubles double twofold verdoppelt verdoppelte verdoppelten doppelt doppelte"),
        (2, "zweifache"), (3, "thrice tripled tripling triples triple trebled threefold"),
        (3, "verdreifacht verdreifachte verdreifachten dreifache"),
        (4, "quadrupled quadrupling quadruples quadruple fourfold vervierfacht vervierfachte vervierfachten vierfache"),
        (5, "quintupled quintuples fivefold verfünffacht verfünffachte fünffache"),
        (6, "sixfold sechsfache"), (7, "sevenfold siebenfache"), (8, "eightfold achtfache"), (9, "ninefold neunfache"),
        (10, "tenfold verzehnfacht verzehnfachte zehnfache"),
        (0.5, "halved halving halbiert halbierte halbierten"),
    )
    for word in words.split()
}  # fmt: skip
_COUNT = rf"\d{{1,4}}(?:[.,]\d{{1,2}})?|{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))}"
_RATIO_WORDS = re.compile(
    rf"\b(?:(?P<top>{_COUNT})[\s-](?P<bottom>{'|'.join(sorted(_PARTS, key=len, reverse=True))})"
    r"(?=(?<=s)\s|\s+(?:of|the|as|that|its|their|der|des|von|so)\b)"
    # "The first half of the year" and "half a year" are no ratios.
    r"|(?<!first )(?<!second )(?<!other )(?<!last )(?<!a )(?P<half>half|halb|hälfte)"
    r"(?=\s+(?:of|the|as|that|its|their|what|so|der|des|von)\b)"
    rf"|(?P<multiple>{'|'.join(sorted(_MULTIPLES, key=len, reverse=True))})\b"
    rf"|(?P<times>{_COUNT})(?:\s(?:times|mal)(?=\s+(?:as|more|what|the|that|its|their|so|\w{{3,}}er)\b)"
    r"|-?\s?(?:fold|fache?s?|mal(?=\s+so))\b|\s?[x×](?!\w)))",
    re.I,
)  # fmt: skip
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
    """

    start: int
    end: int
    kind: Kind
    number: float
    low: float
    high: float
    quantity: Quantity | None = None

    def holds(self, result: float) -> bool:
        """Return whether a result may be written so."""
        return self.low <= result <= self.high

    @property
    def least_share(self) -> float:
        """What a result may be shown as at least, as a share of the number."""
        return self.low / self.number if self.number else 1.0

    @property
    def most_share(self) -> float:
        """What a result may be shown as at most, as a share of the number."""
        return self.high / self.number if self.number else 1.0


def target_of(quantity: Quantity, claim: ParsedText) -> Target:
    """Return what a number of a sentence must come to.

    Args:
        quantity: The number.
        claim: The sentence.

    Returns:
        The target; the ratio where it is a part of one, as the five of "five times".
    """
    for ratio in ratios_in_words(claim):
        if ratio.start < quantity.end and quantity.start < ratio.end:
            return ratio
    number = abs(quantity.values[0]) / quantity.factor
    step = min(_ROUNDED * number, 0.5 * 10.0 ** -_decimals(quantity.text, number))
    low, high = _range(claim.text[max(0, quantity.start - _BEFORE) : quantity.start], number, step, _ABOUT, _MORE)
    kind: Kind = "percent" if quantity.unit == "percent" else "amount"
    return Target(quantity.start, quantity.end, kind, number, low, high, quantity)


def ratios_in_words(claim: ParsedText) -> list[Target]:
    """Return the ratios that a sentence says in words: "half of", "tripled", "five times as much"."""
    return list(_ratios(claim.text))


def _ratios(text: str) -> Iterator[Target]:
    for match in _RATIO_WORDS.finditer(text):
        if match["bottom"]:
            number = _count(match["top"]) / _PARTS[match["bottom"].lower()]
        elif match["half"]:
            number = 0.5
        elif match["multiple"]:
            number = _MULTIPLES[match["multiple"].lower()]
        else:
            number = _count(match["times"])
        if number > 0:
            step = number * _RATIO_IN_WORDS
            if match["times"] and not number.is_integer():
                step = 0.5 * 10.0 ** -_decimals(match["times"], number)
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            low, high = _range(before, number, step, _RATIO_IN_WORDS, _MORE_THAN_A_MULTIPLE)
            yield Target(match.start(), match.end(), "multiple", number, low, high)


def _count(words: str) -> float:
    return _NUMBER_WORDS.get(words.lower()) or float(words.replace(",", "."))


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
