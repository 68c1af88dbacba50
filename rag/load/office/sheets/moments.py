"""Show a day number as a date or a time, by the pieces of a format.

Owns: the calendars of spreadsheets, and the names of months and days. Pure.
"""

from __future__ import annotations

import datetime
import math
from itertools import pairwise

from rag.load.office.sheets.format_codes import Piece, Section

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_DE = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
              "Dezember")  # fmt: skip
_DAYS_DE = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_SECONDS_A_DAY = 86_400
# Excel takes 1900 for a leap year: this day is 29 February 1900.
_NO_DAY = 60
_LAST_DAY = 2_958_465
# A code has so many pieces at most.
_MOST_DIGITS = 1000


def moment(day: float, is_1904: bool = False) -> datetime.datetime | None:
    """Return the date and time of a day number.

    Args:
        day: The days since the calendar begins; the time is the fraction.
        is_1904: Whether the calendar begins in 1904.

    Returns:
        The moment, to a millisecond; None where the number is none of a calendar.
    """
    if not 0 <= day <= _LAST_DAY:
        return None
    begin = datetime.datetime(1904, 1, 1) if is_1904 else datetime.datetime(1899, 12, 30)  # noqa: DTZ001
    if not is_1904 and day < _NO_DAY:
        begin += datetime.timedelta(days=1)
    whole = int(day)
    milliseconds = round((day - whole) * _SECONDS_A_DAY * 1000)
    return begin + datetime.timedelta(days=whole, milliseconds=milliseconds)


def iso(when: datetime.datetime, day: float) -> str:
    """Write a date and time as ISO does.

    Args:
        when: The date and time.
        day: Its day number.

    Returns:
        The date, the time or both: a part that says nothing is left out.
    """
    if 0 < day < 1:
        return when.time().isoformat(timespec="seconds" if when.second else "minutes")
    if when.time() == datetime.time():
        return when.date().isoformat()
    return when.isoformat(" ", timespec="seconds" if when.second else "minutes")


def shown_moment(day: float, section: Section, is_1904: bool) -> str:
    """Show a day number by a section of a format.

    Args:
        day: The day number.
        section: The section, which shows a date or a time.
        is_1904: Whether the calendar begins in 1904.

    Returns:
        The date or time; "" where there is none of that number.
    """
    if not 0 <= day <= _LAST_DAY:
        return ""
    unit = _SECONDS_A_DAY * 10 ** _decimals(section)
    day = round(day * unit) / unit
    when = moment(day, is_1904)
    if when is None:
        return ""
    has_half = "half" in section.kinds
    shown = []
    for number, piece in enumerate(section.pieces):
        if piece.kind == "elapsed":
            shown.append(_elapsed(day, piece.text))
        elif piece.kind == "half":
            shown.append(("AM" if when.hour < 12 else "PM")[: 1 if piece.text == "A/P" else 2])
        elif piece.kind == "date":
            shown.append(_part(when, piece.text, _is_minutes(section.pieces, number), has_half, section.is_german))
        elif piece.kind == "digit":
            shown.append(_fraction(when)[number - _first_digit(section.pieces)])
        else:
            shown.append(piece.text)
    return "".join(shown)


def _decimals(section: Section) -> int:
    """Return how many digits of a second a section shows behind the point."""
    parts = [len(piece.text.partition(".")[2]) for piece in section.pieces if piece.kind == "date"]
    return min(max([0, sum(piece.kind == "digit" for piece in section.pieces), *parts]), 3)


def _first_digit(pieces: tuple[Piece, ...]) -> int:
    return next(at for at, piece in enumerate(pieces) if piece.kind == "digit")


def _fraction(when: datetime.datetime) -> str:
    """Return the digits of a second behind the point, with zeros for those that are too small to be known."""
    return f"{when.microsecond // 1000:03}".ljust(_MOST_DIGITS, "0")


def _elapsed(day: float, unit: str) -> str:
    total = math.floor(round(day * _SECONDS_A_DAY * 1000) / 1000)
    count = total // {"h": 3600, "m": 60, "s": 1}[unit[0]]
    return str(count).rjust(len(unit), "0")


def _is_minutes(pieces: tuple[Piece, ...], number: int) -> bool:
    """Tell whether an "m" stands for minutes: behind hours, or beside seconds."""
    if pieces[number].text not in ("m", "mm"):
        return False
    times = [at for at, piece in enumerate(pieces) if piece.kind in ("date", "elapsed")]
    neighbours = [(pieces[a], pieces[b], b) for a, b in pairwise(times)]
    after_hours = any(b == number and before.text[0] in "hs" for before, _, b in neighbours)
    before_seconds = any(before is pieces[number] and after.text[0] == "s" for before, after, _ in neighbours)
    return after_hours or before_seconds


def _part(when: datetime.datetime, code: str, is_minutes: bool, has_half: bool, is_german: bool) -> str:
    """Show one part of a date or time."""
    width = len(code)
    letter = code[0]
    if letter in "yeg":
        return f"{when.year % 100:02}" if letter == "y" and width <= 2 else f"{when.year:04}"
    if letter == "m" and not is_minutes:
        return _named(when.month, (_MONTHS_DE if is_german else _MONTHS)[when.month - 1], width)
    if letter == "d":
        return _named(when.day, (_DAYS_DE if is_german else _DAYS)[when.weekday()], width, 2 if is_german else 3)
    if letter == "s":
        seconds, _, decimals = code.partition(".")
        fraction = "." + _fraction(when)[: len(decimals)] if decimals else ""
        return str(when.second).rjust(min(len(seconds), 2), "0") + fraction
    value = when.minute if letter == "m" else (when.hour % 12 or 12) if has_half else when.hour
    return str(value).rjust(min(width, 2), "0")


def _named(number: int, name: str, width: int, short: int = 3) -> str:
    """Return a number in one or two digits, or its name in full, short, or as a letter."""
    if width <= 2:
        return str(number).rjust(width, "0")
    return {3: name[:short], 5: name[:1]}.get(width, name)
