"""The spellings of a value that a document may use. Pure.

Owns: how one year, quarter, date, time or number is written in different notations. Knows nothing about reading them.
"""

from __future__ import annotations

from collections.abc import Sequence

_MONTHS = (
    "january february march april may june july august september october november december".split(),
    "jan feb mar apr may jun jul aug sep oct nov dec".split(),
    "januar februar märz april mai juni juli august september oktober november dezember".split(),
)
_ORDINALS = ("", "first", "second", "third", "fourth")
_ORDINALS_SHORT = ("", "1st", "2nd", "3rd", "4th")
# Scales as words and as the letters that stand behind a number.
_SCALES = ((1e3, ("thousand",), ("k",)), (1e6, ("million", "mio"), ("m", "mn")), (1e9, ("billion", "mrd"), ("bn", "b")))
# The smallest number whose separators and scales are spelled out: smaller ones have neither.
_FIRST_WITH_SEPARATORS = 1000


def spell_year(year: int) -> tuple[str, ...]:
    """Return the spellings of a year: 2022, FY2022, FY22."""
    short = f"{year % 100:02}"
    return (str(year), f"fy{year}", f"fy{short}", f"fy {short}", f"gj{year}")


def spell_quarter(kind: str, number: int, year: int | None = None) -> tuple[str, ...]:
    """Return the spellings of a quarter or a half of a year.

    Args:
        kind: "quarter" or "half".
        number: Which one, from 1.
        year: Its year, where it is known.

    Returns:
        The spellings, those with the year last.
    """
    letter, german = ("q", "quartal") if kind == "quarter" else ("h", "halbjahr")
    plain = (
        f"{letter}{number}",
        f"{number}{letter}",
        f"{_ORDINALS[number]} {kind}",
        f"{_ORDINALS[number]} fiscal {kind}",
        f"{_ORDINALS_SHORT[number]} {kind}",
        f"{number} {german}",
    )
    if year is None:
        return plain
    short = f"{year % 100:02}"
    return (*plain, f"{number}{letter}{short}", f"{number}{letter}{year}", f"{year}{letter}{number}")


def spell_date(year: int, month: int, day: int) -> list[str]:
    """Return the spellings of a date; 0 stands for a part that is not known.

    Args:
        year: The year, or 0.
        month: The month, 1…12.
        day: The day, or 0: then every day of the month is spelled where its number holds the month.

    Returns:
        The spellings.
    """
    names = list(dict.fromkeys(language[month - 1] for language in _MONTHS))
    if not year:
        return [f"{day} {name}" for name in names] + [f"{name} {day}" for name in names] if day else names
    months = list(dict.fromkeys((str(month), f"{month:02}")))
    if not day:
        dotted = [f"{d}.{m}.{year}" for d in range(1, 32) for m in months]
        dotted += [f"{d:02}.{m}.{year}" for d in range(1, 10) for m in months]
        return [*(f"{name} {year}" for name in names), f"{year} {month:02}", *(f"{m} {year}" for m in months), *dotted]
    days = list(dict.fromkeys((str(day), f"{day:02}")))
    spelled = [f"{day} {name} {year}" for name in names] + [f"{name} {day} {year}" for name in names]
    for d in days:
        for m in months:
            spelled += [f"{d}.{m}.{year}", f"{d} {m} {year}", f"{m} {d} {year}", f"{d}.{m}.{year % 100:02}"]
            spelled += [f"{year} {m} {d}", f"{m}.{d}.{year}", f"{year}.{m}.{d}"]
    return list(dict.fromkeys(spelled))


def spell_time(minutes: Sequence[int]) -> tuple[str, ...]:
    """Return the spellings of times of day, each in minutes after midnight."""
    spelled: list[str] = []
    for value in minutes:
        hour, minute = divmod(value, 60)
        half, on_clock = ("am" if hour < 12 else "pm"), hour % 12 or 12
        split_half = f"{half[0]} m"
        for separator in (" ", "."):
            spelled += [f"{hour}{separator}{minute:02}", f"{hour:02}{separator}{minute:02}"]
            spelled += [f"{on_clock}{separator}{minute:02} {suffix}" for suffix in (half, split_half)]
        if not minute:
            spelled += [f"{on_clock} {half}", f"{on_clock}{half}", f"{on_clock} {split_half}"]
    return tuple(dict.fromkeys(spelled))


def spell_number(value: float) -> tuple[str, ...]:
    """Return the spellings of a number: 4300, 4,300, 4.300, 4 300, 4.3 thousand, 4.3k."""
    value = abs(value)
    plain = f"{value:.6f}".rstrip("0").rstrip(".")
    spelled = [plain, plain.replace(".", ",")]
    if value >= _FIRST_WITH_SEPARATORS:
        grouped = f"{value:,.6f}".rstrip("0").rstrip(".")
        swapped = grouped.translate(str.maketrans(",.", ".,"))
        spelled += [grouped, swapped, grouped.replace(",", " ")]
    for scale, words, letters in _SCALES:
        scaled = value / scale
        if scaled >= 0.1 and round(scaled, 3) == round(scaled, 9):
            number = f"{scaled:,.3f}".rstrip("0").rstrip(".")
            spelled += [f"{number} {word}" for word in words] + [f"{number}{letter}" for letter in letters]
    return tuple(dict.fromkeys(spelled))
