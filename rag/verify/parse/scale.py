"""Scale words that stand apart from the numbers they are meant for: "(in millions)" above a table. Pure.

Owns: which factors a heading, a caption, a column's name or a line declares (``declared_factors``), and which numbers
these may be meant for (``may_be_scaled``). The scale of a number itself ("5 million") is told in ``quantities``. Knows
nothing about sentences or verdicts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.verify.parse.lexicon import CURRENCIES, SCALES
from rag.verify.parse.quantities import Quantity

_CURRENCY = "|".join(sorted((re.escape(mark) for mark in CURRENCIES), key=len, reverse=True))
_PLURAL = r"thousands|millions|billions|trillions|tausend|millionen|milliarden|tsd\.?|mio\.?|mrd\.?"
_FACTOR = rf"{_PLURAL}|thousand|million|billion|trillion|mn|bn|'?000s?"
_DECLARED = re.compile(
    # in millions; in USD million; in US dollars, in thousands
    rf"\bin\s(?:(?:{_CURRENCY}|u\.?s\.?|dollars?|euros?)\s?){{0,2}}(?P<behind_in>{_FACTOR})(?![\w\d])"
    # $ thousands; USD million; £'000; €m
    rf"|(?<![\w\d])(?:{_CURRENCY})\s?(?:in\s)?(?P<behind_currency>{_FACTOR}|[km])(?![\w\d])"
    # Mio. €; million USD; no number before it
    rf"|(?<![\w\d.,])(?<!\d\s)(?P<before_currency>{_FACTOR})\s(?:of\s)?(?:{_CURRENCY}|dollars|euros?)(?!\w)"
    # (millions); | thousands |
    rf"|[(\[|]\s?(?P<alone>{_PLURAL})(?=\s?[)\]|,;])"
    # T€, TEUR, k€
    rf"|(?<![\w\d])(?<!\d\s)(?P<prefix>[tk])(?:€|eur\b)",
    re.I,
)
# What is given for each share, each unit or each head stands in no thousands.
_FOR_EACH = re.compile(
    r"\b(?<!except )(?<!except for )per[ -](?:share|unit|capita|head|ads)\b|\bje aktie\b|\beps\b", re.I
)
_NEVER_SCALED = frozenset(
    {"percent", "percentage point", "ordinal", "time of day", "decade", "celsius", "fahrenheit", "degree"}
)


@lru_cache(maxsize=8192)
def declared_factors(text: str) -> frozenset[float]:
    """Return what the plain numbers under a text are multiplied by; none where it declares nothing."""
    return frozenset(_factor(next(filter(None, match.groups()))) for match in _DECLARED.finditer(text))


def may_be_scaled(quantity: Quantity, line: str) -> bool:
    """Tell whether a scale word above may be meant for a number.

    Args:
        quantity: A number without a scale of its own.
        line: The line that it stands in.

    Returns:
        False for a percentage, an ordinal, a year and the like, and for what is given per share.
    """
    is_plain = quantity.factor == 1 and quantity.unit not in _NEVER_SCALED and not quantity.unit[:1].isdigit()
    return is_plain and not _is_for_each(line)


# Asked for each number of a line.
@lru_cache(maxsize=1024)
def _is_for_each(line: str) -> bool:
    return _FOR_EACH.search(line) is not None


def _factor(word: str) -> float:
    plain = word.casefold().strip("'.")
    if plain in ("000", "000s", "t"):
        return 1e3
    return SCALES[plain]
