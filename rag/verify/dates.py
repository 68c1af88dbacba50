"""Dates in the forms people write. Pure.

Owns: which day, month and year a text names. Knows nothing about sentences or verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.verify.lexicon import FULL_MONTHS, MONTHS

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:1\d{3}|20\d{2}|2100)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_FORMS = (
    # 2021-03-04, 2021/3/4
    re.compile(rf"(?<!\d)(?P<year>{_YEAR})[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>{_DAY})(?!\d)"),
    # 3 March 2021, 3rd of March, 3.–5. March 2021
    re.compile(
        rf"(?<![\d.,])(?P<day>{_DAY})(?:st|nd|rd|th|\.|er|º)?(?:\s*(?:[-–]|to|and)\s*(?P<last>{_DAY})(?:st|nd|rd|th|\.)?)?"
        rf"\s+(?:of\s+|de\s+)?(?P<name>{_MONTH})\b\.?(?:\s?,?\s+(?:de\s+|of\s+)?(?P<year>{_YEAR})(?!\d))?",
        re.I,
    ),
    # March 3, 2021; March 3–5, 2021; March 3
    re.compile(
        rf"\b(?P<name>{_MONTH})\b\.?\s+(?:the\s+)?(?P<day>{_DAY})(?!\d)(?:st|nd|rd|th)?"
        rf"(?:\s*[-–]\s*(?P<last>{_DAY})(?:st|nd|rd|th)?(?!\d))?(?:\s?,?\s+(?P<year>{_YEAR})(?!\d))?",
        re.I,
    ),
    # March 2021, March of 2021
    re.compile(rf"\b(?P<name>{_MONTH})\b\.?,?\s+(?:of\s+|de\s+)?(?P<year>{_YEAR})(?!\d)", re.I),
)
_NUMERIC = re.compile(
    rf"(?<![\d.,/])(?P<first>\d{{1,2}})[./-](?P<second>\d{{1,2}})[./-](?P<year>{_YEAR}|\d{{2}})(?![\d/])"
)
_ALONE = re.compile(rf"\b(?:{'|'.join(sorted(FULL_MONTHS))})\b", re.I)
# "may" and "march" are verbs, too, unless something says that they are a time.
_TIMELY = re.compile(
    r"\b(?:in|of|by|until|till|since|from|to|through|during|before|after|and|early|mid|late|each|every|last|next)[\s-]+$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date, or a part of one, as it stands at ``start``…``end``.

    ``readings`` are ``(year, month, day)``; 0 is not said.
    """

    text: str
    start: int
    end: int
    readings: frozenset[tuple[int, int, int]]

    def years(self) -> frozenset[int]:
        return frozenset(year for year, _, _ in self.readings if year)

    def within(self, other: Date) -> bool:
        """Whether the other names at least what this one names, and the same."""
        return any(
            all(said in (0, held) for said, held in zip(mine, theirs, strict=True))
            for mine in self.readings
            for theirs in other.readings
        )


def find_dates(text: str) -> list[Date]:
    """The dates of a text in order, without overlaps. A year alone is a number, not a date."""
    found: list[Date] = []
    for date in sorted(_dates(text), key=lambda d: (d.start, -d.end)):
        if not found or date.start >= found[-1].end or (date.start == found[-1].start and date.end == found[-1].end):
            found.append(date)
    return found


def _dates(text: str) -> Iterator[Date]:
    for form in _FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            month = int(parts["month"]) if parts.get("month") else MONTHS[parts["name"].lower()]
            year = int(parts["year"]) if parts.get("year") else 0
            if parts.get("name") and not (year or _is_month(parts["name"])):
                continue
            for day in filter(None, (parts.get("day"), parts.get("last"))) if parts.get("day") else ("0",):
                yield Date(match.group(), match.start(), match.end(), frozenset({(year, month, int(day))}))
    for match in _NUMERIC.finditer(text):
        first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
        year += (1900 if year > 40 else 2000) if year < 100 else 0
        days = {(year, m, d) for d, m in ((first, second), (second, first)) if 1 <= m <= 12 and 1 <= d <= 31}
        if days:
            yield Date(match.group(), match.start(), match.end(), frozenset(days))
    for match in _ALONE.finditer(text):
        name = match.group()
        if not name[0].isupper():
            continue
        if name.lower() in ("may", "march", "august") and not _TIMELY.search(
            text[max(0, match.start() - 24) : match.start()]
        ):
            continue
        yield Date(name, match.start(), match.end(), frozenset({(0, MONTHS[name.lower()], 0)}))


def _is_month(name: str) -> bool:
    """Whether a name beside a number is meant as a month: "may 3" and "mar 5" are not when written small."""
    return name[0].isupper() or name.lower() not in ("may", "march", "mar", "mai", "mars", "mei", "dec", "sep")
