"""The times that a column of a table, a sentence or a question is about. Pure.

Owns: years, quarters and lengths in months, in the notations of reports. Knows nothing about tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FISCAL = r"(?:FY|CY|GJ)\s?['’]?"
_YEAR = re.compile(
    rf"(?<![\w.,])(?:{_FISCAL})?(?P<year>(?:19|20)\d\d)(?![\w]|[.,]\d)|(?<!\w){_FISCAL}(?P<short>\d\d)\b", re.I
)
_NUMBERED = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
    "erste": 1, "zweite": 2, "dritte": 3, "vierte": 4, "1.": 1, "2.": 2, "3.": 3, "4.": 4,
}  # fmt: skip
_QUARTER = re.compile(
    r"(?<!\w)(?:Q(?P<number>[1-4])(?!\d)|(?P<number2>[1-4])Q|(?P<name>"
    + "|".join(map(re.escape, _NUMBERED))
    + r")[nrs]?[\s-](?:fiscal\s)?(?:quarter|quartals?)\b)",
    re.I,
)
# "Q3 '22" and "Q3 22" name a year, too.
_YEAR_OF_QUARTER = re.compile(r"(?<!\w)Q[1-4][\s/-]?(?:FY\s?)?['’]?(\d\d)(?!\w)", re.I)
_LENGTHS = {"three": 3, "six": 6, "nine": 9, "twelve": 12, "drei": 3, "sechs": 6, "neun": 9, "zwölf": 12}
_LENGTH = re.compile(rf"\b({'|'.join(_LENGTHS)}|3|6|9|12)[\s-]+(?:months?|monate?n?)\b", re.I)
_WHOLE_YEAR = re.compile(
    r"\b(?:(?:full|fiscal|whole)[\s-]?year|years?\s+ended|gesamtjahr)\b|(?<!\w)(?:FY|GJ)\s?['’]?\d", re.I
)
_FISCAL_WORD = re.compile(r"\b(?:fiscal|quarters?|geschäftsjahr\w*|quartal\w*|months?|monate?n?)\b", re.I)
_EARLY_END = re.compile(
    r"\b(?:weeks|months|years?)\s+ended\s+(?:January|February|March|Jan\.?|Feb\.?|Mar\.?)\s+\d{1,2},?\s+(?:19|20)\d\d",
    re.I,
)
_QUARTER_MONTHS, _YEAR_MONTHS = 3, 12


@dataclass(frozen=True, slots=True)
class Periods:
    """The times that a text is about.

    Attributes:
        years: The years.
        quarters: The quarters, 1…4.
        lengths: The lengths of reported periods, in months; a quarter is 3, a fiscal year 12.
    """

    years: frozenset[int] = frozenset()
    quarters: frozenset[int] = frozenset()
    lengths: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        """Whether any time is named."""
        return bool(self.years or self.quarters or self.lengths)

    def covers(self, other: Periods) -> bool:
        """Return whether another text is about the time that this one asks for.

        Args:
            other: The times of the text; what it leaves open it does not contradict, but for the year.

        Returns:
            True where each kind of time that is asked for is among those of the text. The year must be named.
        """
        return (
            (not self.years or bool(self.years & other.years))
            and (not self.quarters or not other.quarters or bool(self.quarters & other.quarters))
            and (not self.lengths or not other.lengths or bool(self.lengths & other.lengths))
        )


NO_PERIODS = Periods()
"""No time is named."""


def read_periods(text: str) -> Periods:
    """Return the times that a text is about: "Three Months Ended July 1, 2023" is 2023 and 3 months."""
    years = {int(match["year"] or f"20{match['short']}") for match in _YEAR.finditer(text)}
    years |= {2000 + int(digits) for digits in _YEAR_OF_QUARTER.findall(text)}
    quarters = {
        int(match["number"] or match["number2"] or _NUMBERED[match["name"].lower()])
        for match in _QUARTER.finditer(text)
    }
    lengths = {_LENGTHS.get(number.lower()) or int(number) for number in _LENGTH.findall(text)}
    if quarters and not lengths:
        lengths = {_QUARTER_MONTHS}
    elif not lengths and _WHOLE_YEAR.search(text):
        lengths = {_YEAR_MONTHS}
    return Periods(frozenset(years), frozenset(quarters), frozenset(lengths))


def without_periods(text: str) -> str:
    """Return a text without the words that name a time: "net sales in the second quarter of 2023" are net sales."""
    for pattern in (_YEAR_OF_QUARTER, _QUARTER, _LENGTH, _WHOLE_YEAR, _YEAR, _FISCAL_WORD):
        text = pattern.sub(" ", text)
    return text


def ends_early(text: str) -> bool:
    """Tell whether a year ends in the first months of the one that it names: "52 Weeks Ended January 28, 2023".

    It is mostly the fiscal year 2022, and called 2023 by some.
    """
    return bool(_EARLY_END.search(text)) and not read_periods(text).lengths - {_YEAR_MONTHS}


def named_years(text: str) -> list[tuple[int, int, int]]:
    """Return each year that a text names, with the start and the end of its words, in order."""
    return [(int(match["year"] or f"20{match['short']}"), match.start(), match.end()) for match in _YEAR.finditer(text)]
