"""The time that a question asks for, and the time that a name or a line gives to a document. Pure.

Owns: years and dates in names such as ``2019/contract.md``, words such as "latest", and lines such as
"Effective 1 March 2025". Knows nothing about indexes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.question.vocabulary import TEXT, TEXTS
from rag.verify.parse.dates import find_dates

Order = Literal["", "newest", "older"]
"""Which version of a rule is meant: the one in force, the one before it, or none in particular."""

_YEAR = re.compile(r"(?<![\d.,$€£-])(?:FY ?)?((?:19|20)\d\d)(?![\d%])(?![.,]\d)", re.I)
_SHORT_FISCAL_YEAR = re.compile(r"\bFY ?'?(\d\d)\b(?!\d)", re.I)
_NEWEST = re.compile(
    rf"\b(?:new(?= (?:\w+ )?{TEXT}\b)"
    r"|latest|newest|current|currently|now|nowadays|today|at present|presently|most recent|up[- ]to[- ]date"
    r"|in force|aktuell\w*|derzeit\w*|heute|jetzt|neueste\w*|momentan|gültig\w*)\b",
    re.I,
)
_OLDER = re.compile(
    rf"\b(?:(?:old|older|previous|former|earlier|alten?|alter|frühere[nrs]?)(?= (?:\w+ )?{TEXT}\b)"
    r"|formerly|previously|used to|(?:last|previous|prior) year(?:['’]s)?|old rules?|old version|previous version"
    r"|früher|vorher|bisher|(?:letztes|voriges|vorigen|letzten) jahr\w*|alte fassung)\b",
    re.I,
)
# "2024-05-03 minutes.md", "minutes_20240503.md", "2019/contract.md", "2023 Q2 AAPL.pdf", "leave-2023.html".
_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_YEAR_IN_NAME = re.compile(r"(?<![0-9A-Za-z])(?:FY[ _-]?)?((?:19|20)\d\d)(?=$|[^0-9A-Za-z]|Q[1-4])", re.I)
# A line that says when a document was made or from when it counts.
_DATED_LINE = re.compile(
    r"\b(?:effective(?:[ _]date)?|valid[ _](?:from|since)|as of|(?:last[ _])?(?:updated|modified|revised|changed)"
    r"(?:[ _]at)?|dated?|published|issued"
    r"|approved|in force (?:from|since)|applies from|version|stand|gültig (?:ab|seit)|gilt (?:ab|seit)|datum|fassung"
    r"|aktualisiert|geändert|veröffentlicht)\b(?: (?:on|from|since|of|vom|am|ab))?\s*:?\s*",
    re.I,
)
# "Which documents are from 2023?", "Liste alle Dateien vom Mai 2023".
_ASKS_FOR_DOCUMENTS = (
    r"^\W*(?:which|what|list|show|name|give|find|how\s+many|are\s+there|do\s+(?:you|we|i)\s+have|have\s+(?:you|we)"
    r"|welche[nrms]?|liste|zeige?|nenne|wie\s*viele|gibt\s+es|hast\s+du|haben\s+wir)"
    r"(?:\s+(?:me|all|of|the|my|our|these|any|a|us|mir|alle|die|der|meine|meiner|unsere|auf))*"
)
_WERE_MADE = (
    r"(?:that|which|is|are|was|were|do|did|you|i|we|have|has|there|last|first|written|created|made|changed|modified"
    r"|published|issued|dated|sent|received|die|der|ist|sind|war|waren|wurden?|stammen|gibt|es|hast|du|haben|wir)"
)
_DOCUMENTS_OF = re.compile(
    rf"{_ASKS_FOR_DOCUMENTS}\s+(?:{TEXTS}|{TEXT})\b(?:\s+{_WERE_MADE})*"
    r"\s+(?:from|of|in|dated|aus|von|vom|im)(?:\s+(?:the\s+year|dem\s+jahre?|jahre?))?\s+"
    r"(?:(?P<day>(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)"
    r"|(?:(?P<month>[^\W\d_]{3,12})\.?\s+(?:of\s+)?)?(?P<year>(?:19|20)\d\d))"
    rf"(?:\s+(?:{_WERE_MADE}|geschrieben|erstellt|geändert|auf))*\W*$",
    re.I,
)
# How far behind such words the date may stand, and how far into a document they are looked for.
_NEAR_CHARACTERS, _OPENING_CHARACTERS = 24, 1500


@dataclass(frozen=True, slots=True)
class TimeWish:
    """The time that a question asks for: years, or the newest or an older version; nothing where it does not say."""

    years: tuple[int, ...] = ()
    order: Order = ""

    def __bool__(self) -> bool:
        return bool(self.years or self.order)


@dataclass(frozen=True, slots=True, order=True)
class DocumentTime:
    """When a document was made or from when it counts; month and day are 0 where only the year is known."""

    year: int
    month: int = 0
    day: int = 0

    def is_before(self, other: DocumentTime) -> bool:
        """Tell whether this time is before another one for certain: "2025" is not before "March 2025"."""
        for own, its in ((self.year, other.year), (self.month, other.month), (self.day, other.day)):
            if not own or not its:
                return False
            if own != its:
                return own < its
        return False

    def is_within(self, other: DocumentTime) -> bool:
        """Tell whether this time lies in another one for certain: 3 March 2025 is within "2025" and "March 2025"."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(not its or own == its for own, its in pairs)

    def __str__(self) -> str:
        """Return the time as digits: 2025, 2025-03 or 2025-03-01."""
        return "-".join(f"{part:02}" for part in (self.year, self.month, self.day) if part)


def read_time_wish(question: str) -> TimeWish:
    """Read the years that a question names, and whether it asks for the newest or an older state of things."""
    years = [int(year) for year in _YEAR.findall(question)]
    years += [2000 + int(year) for year in _SHORT_FISCAL_YEAR.findall(question)]
    order: Order = "older" if _OLDER.search(question) else "newest" if _NEWEST.search(question) else ""
    return TimeWish(tuple(dict.fromkeys(years)), order)


def time_of_documents(question: str) -> DocumentTime | None:
    """Read the time that a question asks documents of: "Which files are from March 2023?"; None where it asks another.

    Documents that are about a year, or say something of it, are another matter.
    """
    match = _DOCUMENTS_OF.search(question)
    if match is None:
        return None
    if match["day"]:
        return DocumentTime(*map(int, match["day"].split("-")))
    if not match["month"]:
        return DocumentTime(int(match["year"]))
    months = (part for date in find_dates(f"{match['month']} {match['year']}") for part in date.interpretations)
    return next((DocumentTime(year, month) for year, month, _ in months), None)


def time_in_name(name: str) -> DocumentTime | None:
    """Read the time in the name of a file or in a title; the last one, which tells most: ``2024/2024-05-03.md``."""
    if dates := _DATE_IN_NAME.findall(name):
        year, month, day = map(int, dates[-1])
        return DocumentTime(year, month, day)
    if years := _YEAR_IN_NAME.findall(name):
        return DocumentTime(int(years[-1]))
    return None


def time_in_opening(text: str) -> DocumentTime | None:
    """Read the time that the first lines of a document give to it: "Effective 1 March 2025", the date of a mail."""
    opening = text[:_OPENING_CHARACTERS]
    for match in _DATED_LINE.finditer(opening):
        near = opening[match.end() : match.end() + _NEAR_CHARACTERS].partition("\n")[0]
        for date in find_dates(near):
            # With full stops the day stands first: 01.02.2022 is in February.
            for year, month, day in sorted(date.interpretations, reverse="." in date.text)[:1]:
                if year:
                    return DocumentTime(year, month, day)
        if (year_match := _YEAR.match(near.lstrip())) is not None:
            return DocumentTime(int(year_match[1]))
    return None
