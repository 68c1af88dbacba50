"""Numbers with their units, in the notations people write. Pure.

Owns: what a number in a text means: its value in the locale it may be written in, its scale, unit, currency and bound.
Knows nothing about sentences or verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag.verify.lexicon import CARDINALS, CURRENCIES, ORDINALS, SCALES, SPELLED_SCALES, UNITS


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands at ``start``…``end`` of a text.

    ``values`` are its possible readings ("1,234" is 1234, or 1.234 in another locale), likeliest first, in the base
    unit of ``unit`` where that is a known one: ``factor`` of it make one of what is written. ``unit`` is "" for a plain
    number. ``base`` is how many of that base unit one of the written unit is. ``bound`` is ">", ">=", "<", "<=", "~" or
    "".
    """

    text: str
    start: int
    end: int
    values: tuple[float, ...]
    unit: str = ""
    bound: str = ""
    factor: float = 1.0
    base: float = 1.0

    def equals(self, other: Quantity) -> bool:
        """Whether the two may mean the same number of the same thing."""
        return self.same_value(other) and self.same_unit(other)

    def same_value(self, other: Quantity) -> bool:
        if _close(self.values[0], other.values[0]):
            return True
        # Another locale's reading counts only where both are written in the same unit.
        return self.factor == other.factor and any(_close(a, b) for a in self.values for b in other.values)

    def is_year(self) -> bool:
        """Whether it is written as a year is: four digits from 1000 to 2099, and no unit."""
        return not self.unit and re.fullmatch(r"1\d{3}|20\d\d", self.text.strip()) is not None

    def same_unit(self, other: Quantity) -> bool:
        return self.unit == other.unit

    def same_written(self, other: Quantity) -> bool:
        """Whether the two are the same number, each in the unit it is written in."""
        return self.same_value(other) or _close(self.values[0] / self.base, other.values[0] / other.base)


# Digits with the separators of several locales: 1,234.5 · 1.234,5 · 1 234,5 · 1'234.5 · 12,34,567.
_DIGITS = (
    r"\d{1,3}(?:[\u00a0\u202f\u2009'’ ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)+|\d+[/⁄]\d+(?![\d/⁄])|\.\d+(?!\d)|\d+"
)
_CURRENCY_BEFORE = "|".join(sorted((re.escape(mark) for mark in CURRENCIES), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?:(?<![\w.])(?P<currency>{_CURRENCY_BEFORE})\s?)?"
    rf"(?P<open>\()?(?P<sign>(?<![\w)\]])[-−–](?=[\d.])|\b(?:minus|negative)\s)?(?<![\w])(?<!\d[.,])(?P<digits>{_DIGITS})(?P<close>\))?"
    r"(?P<ordinal>(?:st|nd|rd|th)\b)?",
    re.I,
)
_CLOCK = re.compile(
    r"(?<![\w:.,])(?:(?P<hour>[01]?\d|2[0-4])(?:\s?:\s?|[.h])(?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?"
    r"|(?P<only>1[0-2]|0?\d)\s?(?P<half2>[ap])\.?\s?m\b\.?)(?![\d:])",
    re.I,
)
_WORDS = re.compile(
    rf"\b(?:{'|'.join([*CARDINALS, *ORDINALS])})(?:(?:[\s-]+(?:and\s+)?)(?:{'|'.join([*CARDINALS, *ORDINALS])}))*\b",
    re.I,
)
_SCALE = re.compile(rf"[\s\u00a0-]?(?P<scale>{'|'.join(sorted(SPELLED_SCALES, key=len, reverse=True))})\b", re.I)
# One or two letters are a scale behind a number; "m", "b" and "t" only of money.
_SHORT_SCALE = re.compile(r"\s?(?P<scale>k|bn|mn|mm|tn|mio|mrd)\b\.?", re.I)
_MONEY_SCALE = re.compile(r"\s?(?P<scale>[kmbt]|bn|mn|mm|tn|mio|mrd)\b\.?", re.I)
_UNIT_NAMES = "|".join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True))
_UNIT = re.compile(rf"(?:\s?-\s?|[\s\u00a0])?(?P<unit>{_UNIT_NAMES})(?![^\W\d_])", re.I)
_CURRENCY_AFTER = re.compile(rf"[\s\u00a0]?(?P<currency>{_CURRENCY_BEFORE}|dollars?|euros?|yen|rupees?)(?!\w)", re.I)
_DECADE = re.compile(r"(?:\s?['’])?s\b")
# 2.1.4, 10.0.0.1, 4.2.1: a version, an address, a section; as one it has no other value than itself.
_DOTTED = re.compile(r"\d+(?:\.\d+){2,}")
# 2018–19
_YEARS = re.compile(r"(?<![\w.,/–-])(?P<century>1\d|20)\d\d\s?(?:--?|[–/])\s?(?P<year>\d\d)(?![\w-])")

# "Second" may be a time; "hundred" alone is a number only behind "a".
_A_SECOND = re.compile(r"\b(?:a|per|each|every|one|split)\s+$", re.I)
_A = re.compile(r"\ban?\s+$", re.I)
_BEFORE = (
    (
        re.compile(r"\b(?:at least|no(?:t)? (?:less|fewer|lower) than|(?:a )?minimum(?: of)?|from)\s*$|≥\s*$", re.I),
        ">=",
    ),
    (
        re.compile(
            r"\b(?:at most|no(?:t)? (?:more|greater|higher|longer|later) than|up to|(?:a )?maximum(?: of)?"
            r"|as (?:many|much) as|not exceed(?:ing)?)\s*$|≤\s*$",
            re.I,
        ),
        "<=",
    ),
    (
        re.compile(
            r"\b(?:(?:more|greater|higher|longer|larger|older|later) than|over|above|exceed(?:s|ed|ing)?|upwards of)"
            r"\s*$|>\s*$",
            re.I,
        ),
        ">",
    ),
    (
        re.compile(
            r"\b(?:(?:less|fewer|lower|shorter|smaller|younger|earlier) than|under|below|within)\s*$|<\s*$", re.I
        ),
        "<",
    ),
    (
        re.compile(
            r"\b(?:about|approximately|approx\.?|around|roughly|nearly|almost|some|circa|ca?\."
            r"|an estimated|estimated at)\s*$|[~≈]\s*$",
            re.I,
        ),
        "~",
    ),
)
_AFTER = (
    (re.compile(r"^\s*(?:\+|(?:or|and) (?:more|above|over|greater|higher|longer|older|later))", re.I), ">="),
    (re.compile(r"^\s*(?:or|and) (?:less|fewer|under|below|lower|shorter|younger|earlier)", re.I), "<="),
)


def _close(left: float, right: float) -> bool:
    return abs(left - right) <= 1e-9 * max(abs(left), abs(right))


def find_quantities(text: str) -> list[Quantity]:
    """The quantities of a text in order, each with its place. The text is best NFKC-normalised before."""
    found: list[Quantity] = []
    for quantity in sorted(
        [*_clocks(text), *_years(text), *_digits(text), *_worded(text)], key=lambda q: (q.start, -q.end)
    ):
        if not found or quantity.start >= found[-1].end:
            found.append(quantity)
    return [replace(quantity, bound=_bound(text, quantity)) for quantity in found]


def possible_readings(digits: str) -> list[tuple[float, ...]]:
    """The possible values of a run of digits and separators, likeliest first; several for a list such as ``1,2,3``."""
    plain = re.sub(r"[\u00a0\u202f\u2009'’ ]", "", digits)
    if "/" in plain or "⁄" in plain:
        left, right = (float(part) for part in re.split("[/⁄]", plain))
        return [(left / right,)] if right else [(left,), (right,)]
    commas, points = plain.count(","), plain.count(".")
    if commas and points:
        decimal = max(plain.rfind(","), plain.rfind("."))
        other = "," if plain[decimal] == "." else "."
        if plain.count(plain[decimal]) == 1 and other not in plain[decimal:]:
            return [(float(plain[:decimal].replace(other, "") + "." + plain[decimal + 1 :]),)]
    elif commas + points == 0:
        return [(float(plain),)]
    elif commas + points == 1:
        decimal_value = float(plain.replace(",", "."))
        if re.fullmatch(r"[1-9]\d{0,2}[,.]\d{3}", plain):
            grouped = float(re.sub("[,.]", "", plain))
            return [(grouped, decimal_value) if commas else (decimal_value, grouped)]
        return [(decimal_value,)]
    elif re.fullmatch(r"\d{1,3}(?:([,.])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}", plain):
        return [(float(re.sub("[,.]", "", plain)),)]
    # A list, a version, an address: each part counts.
    return [(float(part),) for part in re.split("[,.]", plain) if part]


def _clocks(text: str) -> Iterator[Quantity]:
    for match in _CLOCK.finditer(text):
        half = (match["half"] or match["half2"] or "").lower()
        if match["minute"] and not half and ":" not in match.group() and "h" not in match.group().lower():
            continue  # 7.40 is a number.
        hour, minute = int(match["hour"] or match["only"]), int(match["minute"] or 0)
        if half:
            hours = [hour % 12 + (12 if half == "p" else 0)]
        else:
            hours = [hour, hour + 12] if 0 < hour < 12 else [hour, 0] if hour == 12 else [hour]
        values = tuple(float(h * 60 + minute) for h in hours)
        yield Quantity(match.group(), match.start(), match.end(), values, "time of day")


def _years(text: str) -> Iterator[Quantity]:
    """The second of two years that is written without its century."""
    for match in _YEARS.finditer(text):
        yield Quantity(match["year"], match.start("year"), match.end(), (float(match["century"] + match["year"]),))


def _digits(text: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(text):
        start, end = match.start(), match.end("ordinal") if match["ordinal"] else match.end("digits")
        sets = possible_readings(match["digits"])
        negative = bool(match["sign"]) or bool(match["open"] and match["close"] and _accounting(text, match))
        if match["ordinal"] and len(sets) == 1:
            yield Quantity(text[match.start("digits") : end], match.start("digits"), end, sets[0], "ordinal")
            continue
        if len(sets) > 1 and _DOTTED.fullmatch(match["digits"]):
            yield Quantity(match["digits"], match.start("digits"), end, sets[0], match["digits"])
            continue
        if len(sets) > 1:
            for part, values in zip(re.finditer(r"\d+", match["digits"]), sets, strict=False):
                at = match.start("digits") + part.start()
                yield Quantity(part.group(), at, at + len(part.group()), values)
            continue
        if (decade := _DECADE.match(text, end)) and sets[0][0] % 10 == 0:
            yield Quantity(text[match.start("digits") : decade.end()], start, decade.end(), sets[0], "decade")
            continue
        currency = CURRENCIES.get((match["currency"] or "").upper(), "")
        if not match["currency"]:
            start = match.start("sign") if match["sign"] else match.start("digits")
        yield _measured(text, start, end, sets[0], currency, negative)


def _worded(text: str) -> Iterator[Quantity]:
    for match in _WORDS.finditer(text):
        parts = [part for part in re.split(r"[\s-]+", match.group().lower()) if part != "and"]
        before = text[max(0, match.start() - 24) : match.start()]
        # "One" is mostly a pronoun.
        if parts == ["one"] or (parts == ["second"] and _A_SECOND.search(before)):
            continue
        if parts[0] in SCALES and not _A.search(before):
            continue
        value = _value(parts)
        if value is None:
            continue
        if parts[-1] in ORDINALS:
            yield Quantity(match.group(), match.start(), match.end(), (value,), "ordinal")
        else:
            yield _measured(text, match.start(), match.end(), (value,), "", False)


def _value(parts: list[str]) -> float | None:
    total = current = 0.0
    for part in parts:
        if part in SCALES:
            scale = SCALES[part]
            current = (current or 1) * scale
            if scale >= 1000:
                total, current = total + current, 0.0
        elif part in ORDINALS:
            current += ORDINALS[part]
        elif part in CARDINALS:
            current += CARDINALS[part]
        else:
            return None
    return total + current


def _measured(text: str, start: int, end: int, values: tuple[float, ...], currency: str, negative: bool) -> Quantity:
    """The number at ``start``…``end`` with the scale and the unit that follow it."""
    factor = base = 1.0
    money = _MONEY_SCALE.match(text, end)
    is_money = bool(currency or (money and _CURRENCY_AFTER.match(text, money.end())))
    if scale := _SCALE.match(text, end) or (money if is_money else _SHORT_SCALE.match(text, end)):
        factor, end = SCALES[scale["scale"].casefold()], scale.end()
    unit = currency
    if not unit and (after := _CURRENCY_AFTER.match(text, end)):
        mark = after["currency"].upper()
        unit, end = CURRENCIES.get(mark) or CURRENCIES[mark.rstrip("S")], after.end()
    elif not unit and (known := _UNIT.match(text, end)) and _is_unit(known["unit"], text, end):
        unit, base = UNITS[known["unit"].casefold()]
        factor, end = factor * base, known.end()
    sign = -1 if negative else 1
    scaled = tuple(round(sign * value * factor, 9) for value in values)
    return Quantity(text[start:end], start, end, scaled, unit, "", factor, base)


def _is_unit(unit: str, text: str, end: int) -> bool:
    """One letter is a unit only in lower case (or W, V, A, K) and right behind the number or one space after it."""
    return len(unit) > 1 or unit in "mgslthWVN%°" or text[end : end + 1] == unit


def _accounting(text: str, match: re.Match[str]) -> bool:
    """Whether a number in brackets is a loss, as in a table: nothing but digits inside and no word around."""
    return (
        bool(re.search(r"(?:[\d$€£|\t%]|^)\s*$", text[max(0, match.start("open") - 24) : match.start("open")]))
        and len(match["digits"]) > 1
    )


def _bound(text: str, quantity: Quantity) -> str:
    before, after = text[max(0, quantity.start - 24) : quantity.start], text[quantity.end : quantity.end + 16]
    for pattern, bound in _BEFORE:
        if pattern.search(before):
            if bound == ">=" and before.rstrip().lower().endswith("from"):
                continue
            return bound
    return next((bound for pattern, bound in _AFTER if pattern.search(after)), "")
