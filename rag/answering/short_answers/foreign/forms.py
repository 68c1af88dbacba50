"""The forms that answers take in a language. Pure.

Owns: the record, and the notation of numbers. Knows no language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER = r"(?:\d{1,3}(?:[\u00a0\u202f\u2009 ]\d{3})+(?!\d)(?:[.,٫]\d+)?|\d+(?:[.,٬٫]\d+)*)"
"""A number in the notations of all these languages; digits of any script are digits."""

YEAR = r"(?:1\d{3}|20\d\d|[١][٠-٩]{3}|٢٠[٠-٩]{2})"


@dataclass(frozen=True, slots=True)
class Forms:
    """How a language writes what a question of fact may ask for; patterns are searched in the text as it is.

    Attributes:
        date: Finds dates, months with a year, and years.
        clock: Finds times of day.
        spelled: Numbers in words.
        money: Units of money, behind a number.
        duration: Units of time, behind a number.
        percent: What makes a number a share, behind it.
        place: Words before a place.
        agent: Words before the one who does something.
        ends: Words that no phrase goes beyond.
        titles: Words before a name that belong to it.
        particles: Words in small letters inside a name.
    """

    date: re.Pattern[str]
    clock: re.Pattern[str]
    spelled: str
    money: str
    duration: str
    percent: str
    place: frozenset[str] = frozenset()
    agent: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()


def words(text: str) -> frozenset[str]:
    """Return the words of a list as a set."""
    return frozenset(text.split())
