"""Dates in the forms people write. Pure.

Owns: which day, month and year a text names. Knows nothing about sentences or verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from rag.patterns import lazy_pattern
from rag.text import UNSPACED, in_small_letters, is_unspaced, with_plain_digits
from rag.verify.parse.digits import DIGIT, with_plain_letters, words_in
from rag.verify.parse.lexicon import FULL_MONTHS, MONTHS
from rag.verify.parse.local_words import LOCAL_MONTHS
from rag.verify.parse.unspaced_numbers import find_unspaced_dates, without_unspaced

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:1\d{3}|20\d{2}|2100)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_JOINED_DIGITS = re.compile(r"\d[-/.]\d")
# 2021-03-04, 2021/3/4
_ALL_DIGITS = re.compile(rf"(?<!\d)(?P<year>{_YEAR})[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>{_DAY})(?!\d)")
# These are searched in small letters.
_FORMS_WITH_NAME = (
    # 3 March 2021, 3rd of March, 3.–5. March 2021
    re.compile(
        rf"(?<![\d.,])(?P<day>{_DAY})(?:st|nd|rd|th|\.|er|º)?(?:\s*(?:[-–]|to|and|bis|und|et|au|y|al|e)\s*(?P<last>{_DAY})(?:st|nd|rd|th|\.)?)?"
        rf"\s+(?:of\s+|de\s+)?(?P<name>{_MONTH})\b\.?(?:\s?,?\s+(?:de\s+|of\s+)?(?P<year>{_YEAR})(?!\d))?",
    ),
    # March 3, 2021; March 3–5, 2021; March 3
    re.compile(
        rf"\b(?P<name>{_MONTH})\b\.?\s+(?:the\s+)?(?P<day>{_DAY})(?!\d|[.,]\d{{1,3}}(?!\d))(?:st|nd|rd|th)?"
        rf"(?:\s*[-–]\s*(?P<last>{_DAY})(?:st|nd|rd|th)?(?!\d))?(?:\s?,?\s+(?P<year>{_YEAR})(?!\d))?",
    ),
    # March 2021, March of 2021
    re.compile(rf"\b(?P<name>{_MONTH})\b\.?,?\s+(?:of\s+|de\s+)?(?P<year>{_YEAR})(?!\d)"),
)
# 3.4.2021, 3/4/21
_NUMERIC = re.compile(
    rf"(?<![\d.,/])(?P<first>\d{{1,2}})[./-](?P<second>\d{{1,2}})[./-](?P<year>{_YEAR}|\d{{2}})(?![\d/])"
)
# 3/2021, 03/2021
_MONTH_AND_YEAR = re.compile(rf"(?<![\w./,-])(?P<month>1[0-2]|0?[1-9])/(?P<year>{_YEAR})(?![\d/])")
# The same with the names of months in other languages: 3 мая 2023, 3 de maj, ٣ مايو ٢٠٢٣, 3. μαΐου.
_LOCAL_MONTH = "|".join(sorted(map(re.escape, LOCAL_MONTHS), key=len, reverse=True))
_LOCAL_DAY_FIRST = lazy_pattern(
    rf"(?<![\d.,])(?:(?P<day>{_DAY})\.?(?:\s*(?:[-–]|и|по)\s*(?P<last>{_DAY})\.?)?\s+)?(?P<name>{_LOCAL_MONTH})(?!\w)\.?"
    rf"(?:\s?,?\s+(?P<year>{_YEAR})(?!\d))?"
)
_MONTH_ALONE = re.compile(rf"\b(?:{'|'.join(sorted(FULL_MONTHS))})\b")
# Scripts whose months stand without spaces, or have marks: they are no runs of letters.
_TORN_WORDS = re.compile(f"[{UNSPACED}\u0900-\u097f]")
# "May", "Mai", "March" and "August" alone are months only behind such a word.
_TIME_WORD_BEFORE = re.compile(
    r"\b(?:in|of|by|until|till|since|from|to|through|during|before|after|and|early|mid|late|each|every|last|next"
    r"|im|seit|bis|ab|vom|zum|von|vor|nach|und|anfang|mitte|ende)[\s-]+$",
    re.I,
)
# Two digits of a year from here on are of the twentieth century.
_FIRST_YEAR_OF_1900S = 41


@dataclass(frozen=True, slots=True)
class Date:
    """A date, or a part of one.

    Attributes:
        text: The date as written.
        start: Where it starts in the text it was found in.
        end: Where it ends.
        interpretations: What it may mean, as ``(year, month, day)`` with 0 for what is not said. "03/04/2021" has two.
    """

    text: str
    start: int
    end: int
    interpretations: frozenset[tuple[int, int, int]]

    def years(self) -> frozenset[int]:
        """Return the years that it may name; none where it names no year."""
        return frozenset(year for year, _, _ in self.interpretations if year)

    def is_implied_by(self, other: Date) -> bool:
        """Return whether the other date says all that this one says: "3 March 2021" implies "March 2021"."""
        return any(
            all(part in (0, other_part) for part, other_part in zip(own, others, strict=True))
            for own in self.interpretations
            for others in other.interpretations
        )


def all_implied(dates: Iterable[Date]) -> frozenset[tuple[int, int, int]]:
    """Return all that some dates imply: "3 March 2021" implies "March 2021", "2021", "3 March" and so on."""
    return frozenset(
        less
        for date in dates
        for year, month, day in date.interpretations
        for less in product((0, year), (0, month), (0, day))
    )


def find_dates(text: str) -> list[Date]:
    """Return the dates of a text in order, without overlaps. A year alone is a number, not a date.

    "3–5 March 2021" is two dates of the same span.
    """
    dates: list[Date] = []
    plain = with_plain_digits(with_plain_letters(text))
    for date in sorted(_all_dates(plain), key=lambda date: (date.start, -date.end)):
        if not dates or date.start >= dates[-1].end or (date.start, date.end) == (dates[-1].start, dates[-1].end):
            dates.append(date if plain is text else replace(date, text=text[date.start : date.end]))
    return dates


def _all_dates(text: str) -> Iterator[Date]:
    """Yield the dates of every form, overlaps among them."""
    if not words_in(text).isdisjoint(LOCAL_MONTHS) or (not text.isascii() and _TORN_WORDS.search(text)):
        yield from _dates_of_other_languages(text)
        if is_unspaced(text):
            text = without_unspaced(text)
    has_month = not words_in(text).isdisjoint(MONTHS)
    has_digit = DIGIT.search(text) is not None
    small = in_small_letters(text) if has_month else ""
    for form in _FORMS_WITH_NAME if has_month and has_digit else ():
        for match in form.finditer(small):
            parts = match.groupdict()
            year = int(parts["year"]) if parts.get("year") else 0
            # In French months have small letters: "1er mai" is a date.
            is_french = parts["name"] == "mai" and small[match.start()].isdecimal()
            if not (year or is_french or _is_month(text[match.start("name") : match.end("name")])):
                continue
            days = filter(None, (parts.get("day"), parts.get("last"))) if parts.get("day") else ("0",)
            written = text[match.start() : match.end()]
            for day in days:
                meant = (year, MONTHS[parts["name"]], int(day))
                yield Date(written, match.start(), match.end(), frozenset({meant}))
    has_digits_only = has_digit and _JOINED_DIGITS.search(text) is not None
    for match in _ALL_DIGITS.finditer(text) if has_digits_only else ():
        day = (int(match["year"]), int(match["month"]), int(match["day"]))
        yield Date(match.group(), match.start(), match.end(), frozenset({day}))
    for match in _NUMERIC.finditer(text) if has_digits_only else ():
        first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
        if year < 100:
            year += 1900 if year >= _FIRST_YEAR_OF_1900S else 2000
        orders = ((first, second), (second, first))
        interpretations = {(year, month, day) for day, month in orders if 1 <= month <= 12 and 1 <= day <= 31}
        if interpretations:
            yield Date(match.group(), match.start(), match.end(), frozenset(interpretations))
    for match in _MONTH_AND_YEAR.finditer(text) if has_digits_only else ():
        yield Date(match.group(), match.start(), match.end(), frozenset({(int(match["year"]), int(match["month"]), 0)}))
    for match in _MONTH_ALONE.finditer(small):
        name, before = text[match.start() : match.end()], text[max(0, match.start() - 24) : match.start()]
        is_also_word = name.lower() in ("may", "mai", "march", "august")
        if name[0].isupper() and (not is_also_word or _TIME_WORD_BEFORE.search(before)):
            yield Date(name, match.start(), match.end(), frozenset({(0, MONTHS[name.lower()], 0)}))


def _dates_of_other_languages(text: str) -> Iterator[Date]:
    """Yield the dates whose months English and German do not name."""
    if is_unspaced(text):
        for found in find_unspaced_dates(text):
            meant = (found.year, found.month, found.day)
            yield Date(text[found.start : found.end], found.start, found.end, frozenset({meant}))
    small = in_small_letters(text)
    for match in _LOCAL_DAY_FIRST.finditer(small):
        if not (match["day"] or match["year"]) or (match.start("name") and small[match.start("name") - 1].isalpha()):
            continue
        written = text[match.start() : match.end()]
        for day in filter(None, (match["day"] or "0", match["last"])):
            meant = (int(match["year"] or 0), LOCAL_MONTHS[match["name"]], int(day))
            yield Date(written, match.start(), match.end(), frozenset({meant}))


def _is_month(name: str) -> bool:
    """Return whether a name beside a number is meant as a month: in small letters, "may 3" and "mar 5" are not."""
    return name[0].isupper() or name.lower() not in ("may", "march", "mar", "mai", "mars", "mei", "dec", "sep")
