"""Years, quarters, halves, dates, times and numbers by what they mean, however they are written. Pure.

Owns: which values a text states, which of them satisfy a question, and the other spellings under which a value may
stand in a keyword index. Numbers and dates are read by ``rag.verify``. Knows nothing about retrieval.

A value is a key such as ``("year", 2022)`` or ``("date", 2025, 3, 11)``: "FY22", "fiscal 2022" and "2022" state one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from rag.question.spellings import spell_date, spell_number, spell_quarter, spell_time, spell_year
from rag.verify.parse.dates import Date, find_dates
from rag.verify.parse.quantities import Quantity, find_quantities

ValueKind = Literal["year", "part of a year", "length", "date", "time", "number"]
Key = tuple[Any, ...]
"""What is compared: the name of a kind and its numbers."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a text writes.

    Attributes:
        text: How it is written.
        start: Where it starts in the text.
        end: Where it ends.
        kind: What it is; a "part of a year" is a quarter or a half, a "length" a number of months.
        stated: All that a text states by it: a day states its month and its year, too.
        wanted: What a text must state any of to say the same.
        spellings: Other spellings of it, in plain words.
    """

    text: str
    start: int
    end: int
    kind: ValueKind
    stated: frozenset[Key]
    wanted: frozenset[Key]
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Periods:
    """The times that a text is about, each kind apart.

    Attributes:
        years: Years.
        parts: Quarters and halves: "Q2", "H1".
        lengths: Lengths of a period in months.
        months: Months of a year.
        days: Days, whatever their year.
    """

    years: frozenset[Key] = frozenset()
    parts: frozenset[Key] = frozenset()
    lengths: frozenset[Key] = frozenset()
    months: frozenset[Key] = frozenset()
    days: frozenset[Key] = frozenset()

    def differ(self, other: Periods, setting: Periods) -> bool:
        """Tell whether another text names times of one kind, and none of them is one of these.

        Args:
            other: The times of the other text.
            setting: The times of the document around it; of the kinds that the text itself does not name they count.

        Returns:
            Whether of any kind both have some and share none.
        """
        return any(
            own and theirs and own.isdisjoint(theirs)
            for own, theirs in (
                (self.years, other.years or setting.years),
                (self.parts, other.parts or setting.parts),
                (self.lengths, other.lengths or setting.lengths),
                (self.months, other.months),
                (self.days, other.days),
            )
        )


_FISCAL = r"(?:FY|CY|GJ|fiscal(?:\s+year)?|financial\s+year|Geschäftsjahr(?:es)?)"
_YEAR = r"(?:19|20)\d\d"
# The year behind a quarter: "FY23", "'23", "/2023", "2023", "of fiscal 2023".
_OF_YEAR = (
    rf"(?:(?:\s*,?\s*(?:of\s+|des\s+)?{_FISCAL}\s*['’]?|\s?['’/-])(?P<short>\d{{4}}|\d{{2}})(?!\w)"
    rf"|\s*,?\s*(?:of\s+|in\s+)?(?:the\s+year\s+)?(?P<year>{_YEAR})(?!\w))?"
)
_NUMBERED = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "1.": 1,
    "2.": 2, "3.": 3, "4.": 4, "erste": 1, "zweite": 2, "dritte": 3, "vierte": 4,
}  # fmt: skip
_WHICH = rf"(?P<which>{'|'.join(re.escape(word) for word in _NUMBERED)})[nmrs]?"
_PARTS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?<!\w)(?P<kind>[QH])(?P<number>[1-4]){_OF_YEAR}(?!\w)",
        r"(?<!\w)(?P<number>[1-4])(?P<kind>[QH])(?:\s?['’]?(?P<short>\d{4}|\d{2}))?(?!\w)",
        rf"(?<!\w)(?P<year>{_YEAR})[\s_/-]?(?P<kind>[QH])(?P<number>[1-4])(?!\w)",
        rf"(?<!\w){_WHICH}[\s-]+(?:fiscal\s+|calendar\s+)?(?P<kind>quarter|quartals?|half|halbjahr(?:es)?)(?![\w-]){_OF_YEAR}",
        r"\b(?P<kind>quarter)\s+(?P<number>[1-4])(?!\w)",
    )
)
_FISCAL_YEAR = re.compile(
    rf"(?<!\w){_FISCAL}\s*['’]?(?P<first>\d{{4}}|\d{{2}})(?:\s?[/–-]\s?(?P<last>\d{{4}}|\d{{2}}))?(?!\w)", re.I
)
# 2022/23, 2022–2023
_YEARS = re.compile(rf"(?<![\w.,/–-])(?P<first>{_YEAR})\s?[/–-]\s?(?P<last>\d{{4}}|\d{{2}})(?![\w/–-])")
# 2024-11, 11/2024
_MONTH_IN_DIGITS = re.compile(
    rf"(?<![\w.,/–-])(?:(?P<year>{_YEAR})-(?P<month>0\d|1[0-2])|(?P<month2>0?\d|1[0-2])/(?P<year2>{_YEAR}))(?![\w/–-])"
)
_YEAR_ALONE = re.compile(rf"(?<![\w.,/–-])(?P<first>{_YEAR})(?P<last>)(?![\w]|[.,/–-]\d)")
_LENGTHS = {"three": 3, "six": 6, "nine": 9, "twelve": 12, "drei": 3, "sechs": 6, "neun": 9, "zwölf": 12}
_LENGTH = re.compile(
    rf"(?<!\w)(?P<months>{'|'.join(_LENGTHS)}|3|6|9|12)[\s-]+(?:months?|monat(?:e|en)?)(?!\w)"
    r"|\b(?P<whole>(?:full|fiscal|entire|whole)[\s-]years?(?=\s+ended\b)|years?\s+ended|full[\s-]year|gesamtjahr(?:es)?)(?!\w)",
    re.I,
)
# Two digits of a year from here on are of the twentieth century.
_FIRST_YEAR_OF_1900S = 70
# What tells at once that a text states no value.
_ANY = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred|thousand|million|billion"
    r"|trillion|dozen|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\w+th|erste\w?|zweite\w?|dritte\w?"
    r"|vierte\w?|final|full|years?|gesamtjahr\w*|drei|sechs|neun|zwölf|january|february|march|april|may|june|july|august"
    r"|september|october|november|december)\b",
    re.I,
)


@lru_cache(maxsize=8192)
def find_values(text: str) -> tuple[Value, ...]:
    """Return the values of a text in order, without overlaps; of two at one place the longer one."""
    if not _ANY.search(text):
        return ()
    found = [*_parts_of_years(text), *_lengths(text), *_years(text), *_dates(text), *_quantities(text)]
    values: list[Value] = []
    # Of the same words the reading that comes first in the list above counts; sorting keeps their order.
    for value in sorted(found, key=lambda value: (value.start, -value.end)):
        if not values or value.start >= values[-1].end:
            values.append(value)
    return tuple(values)


@lru_cache(maxsize=8192)
def stated_values(text: str) -> frozenset[Key]:
    """Return all that the values of a text state."""
    return frozenset(key for value in find_values(text) for key in value.stated)


@lru_cache(maxsize=8192)
def periods(text: str) -> Periods:
    """Return the times that a text is about."""
    keys = [key for value in find_values(text) if value.kind != "number" for key in value.stated]
    kinds = (("year",), ("quarter", "half"), ("months",), ("month",), ("day",))
    return Periods(*(frozenset(key for key in keys if key[0] in kind) for kind in kinds))


@lru_cache(maxsize=1024)
def named_periods(text: str) -> str:
    """Return the years, quarters and dates of a text as it writes them, with spaces between them."""
    return " ".join(value.text for value in find_values(text) if value.kind not in ("number", "time", "length"))


def is_exact(value: Value) -> bool:
    """Tell whether a value is precise enough to be missed: no small count, no quarter, no month without its year."""
    if value.kind in ("part of a year", "length"):
        return False
    if value.kind == "date":
        return any(key[0] in ("date", "month") for key in value.wanted)
    return value.kind != "number" or len(re.sub(r"\D", "", value.text)) >= 3


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= _FIRST_YEAR_OF_1900S else 2000)


def _year_keys(*years: int) -> frozenset[Key]:
    return frozenset(("year", float(year)) for year in years)


def _parts_of_years(text: str) -> Iterator[Value]:
    """Yield quarters and halves, with their year where it is named."""
    for form in _PARTS:
        for match in form.finditer(text):
            groups = match.groupdict()
            kind = "quarter" if groups["kind"][0] in "Qq" else "half"
            number = int(groups["number"]) if groups.get("number") else _NUMBERED[groups["which"].lower()]
            if kind == "half" and number > 2:
                continue
            digits = groups.get("year") or groups.get("short")
            year = _full_year(digits) if digits else None
            part: Key = (kind, float(number))
            stated = {part, ("months", 3.0 if kind == "quarter" else 6.0)} | (_year_keys(year) if year else set())
            spellings = spell_quarter(kind, number, year)
            yield Value(
                match.group(),
                match.start(),
                match.end(),
                "part of a year",
                frozenset(stated),
                frozenset({part}),
                spellings,
            )


def _lengths(text: str) -> Iterator[Value]:
    """Yield the lengths of reported periods: "nine months", "full year"."""
    for match in _LENGTH.finditer(text):
        written = match["months"]
        months = 12 if not written else _LENGTHS.get(written.lower()) or int(written)
        key: Key = ("months", float(months))
        number = frozenset({("number", float(months))}) if written else frozenset[Key]()
        yield Value(match.group(), match.start(), match.end(), "length", frozenset({key}) | number, frozenset({key}))


def _years(text: str) -> Iterator[Value]:
    """Yield years: fiscal ones, two of them, months in digits, and years alone."""
    for form in (_FISCAL_YEAR, _YEARS, _YEAR_ALONE):
        for match in form.finditer(text):
            years = [_full_year(digits) for digits in (match["first"], match["last"]) if digits]
            if len(years) == 2 and not years[0] < years[1] <= years[0] + 99:
                continue
            # A report of 2022/23 is one of either year.
            keys = _year_keys(*years)
            numbers = frozenset(("number", float(year)) for year in years)
            spellings = tuple(spelling for year in years for spelling in spell_year(year))
            yield Value(match.group(), match.start(), match.end(), "year", keys | numbers, keys, spellings)
    for match in _MONTH_IN_DIGITS.finditer(text):
        year, month = int(match["year"] or match["year2"]), int(match["month"] or match["month2"])
        if month:
            yield _date_value(Date(match.group(), match.start(), match.end(), frozenset({(year, month, 0)})))


def _dates(text: str) -> Iterator[Value]:
    for date in find_dates(text):
        yield _date_value(date)


def _date_value(date: Date) -> Value:
    """Return a date with what it states and what it asks for; each of its readings counts."""
    stated: set[Key] = set()
    wanted: set[Key] = set()
    spellings: list[str] = []
    for year, month, day in sorted(date.interpretations):
        whole: list[Key] = []
        if year and day:
            whole = [("date", year, month, day), ("month", year, month), ("day", month, day)]
            # A text that leaves out the year may mean this one.
            wanted |= {("date", year, month, day), ("day of a year", month, day)}
        elif day:
            whole = [("day", month, day), ("day of a year", month, day)]
            wanted.add(("day", month, day))
        elif year:
            whole = [("month", year, month)]
            wanted.add(("month", year, month))
        else:
            wanted.add(("month name", month))
        stated |= {*whole, ("month name", month), *([("year", year)] if year else [])}
        spellings += spell_date(year, month, day)
    return Value(date.text, date.start, date.end, "date", frozenset(stated), frozenset(wanted), tuple(spellings))


def _quantities(text: str) -> Iterator[Value]:
    """Yield numbers and times of day."""
    for quantity in find_quantities(text):
        if quantity.unit and quantity.unit == quantity.text:
            continue  # A version number is a code.
        keys = frozenset(_quantity_keys(quantity))
        # A comma between thousands in a question is one; in a text "4,300" may be 4.3, too.
        likeliest = replace(quantity, values=quantity.values[:1]) if "," in quantity.text else quantity
        wanted = frozenset(_quantity_keys(likeliest))
        if quantity.unit == "time of day":
            spellings = spell_time([int(value) for value in quantity.values])
            yield Value(quantity.text, quantity.start, quantity.end, "time", keys, keys, spellings)
        else:
            spellings = (
                () if quantity.unit in ("ordinal", "decade") else spell_number(quantity.values[0] / quantity.base)
            )
            yield Value(quantity.text, quantity.start, quantity.end, "number", keys, wanted, spellings)


def _quantity_keys(quantity: Quantity) -> Iterator[Key]:
    """Yield the values that a number may have, in its base unit and as it is written."""
    kind = {"time of day": "time", "ordinal": "ordinal", "decade": "decade"}.get(quantity.unit, "number")
    for value in quantity.values:
        yield (kind, round(value, 6))
        if quantity.base != 1:
            yield (kind, round(value / quantity.base, 6))
