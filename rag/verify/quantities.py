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
    """A number with its unit.

    Attributes:
        text: The quantity as written, unit included.
        start: Where it starts in the text it was found in.
        end: Where it ends.
        values: What it may mean, likeliest first, in the base unit: "1,234" is 1234, or 1.234 in another locale.
        unit: The name of the base unit ("metre", "dollar", "ordinal"), a version number as written, or "" for a plain
            number.
        bound: ">", ">=", "<", "<=", "~" (about), or "" for none.
        factor: What the number as written is multiplied by: "5 million km" has 10^6 · 1000.
        base: How many base units one written unit is: 1000 for km.
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
        """Return whether the two may mean the same number of the same thing."""
        return self.unit == other.unit and self.same_value(other)

    def same_value(self, other: Quantity) -> bool:
        """Return whether the two may have one value in their base units, whichever these are."""
        if _is_close(self.values[0], other.values[0]):
            return True
        # Another locale's value counts only where both are written in the same unit.
        return self.factor == other.factor and any(_is_close(a, b) for a in self.values for b in other.values)

    def same_written_number(self, other: Quantity) -> bool:
        """Return whether the two are one number in base units, or in the units they are written in: "5 km" and "5"."""
        return self.same_value(other) or _is_close(self.values[0] / self.base, other.values[0] / other.base)

    def is_year(self) -> bool:
        """Return whether it is written as a year is: four digits from 1000 to 2099, and no unit."""
        return not self.unit and re.fullmatch(r"1\d{3}|20\d\d", self.text.strip()) is not None


# Digits with the separators of several locales: 1,234.5 · 1.234,5 · 1 234,5 · 1'234.5 · 12,34,567.
_DIGITS = (
    r"\d{1,3}(?:[\u00a0\u202f\u2009'’ ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)+|\d+[/⁄]\d+(?![\d/⁄])|\.\d+(?!\d)|\d+"
)
_CURRENCY = "|".join(sorted((re.escape(mark) for mark in CURRENCIES), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?:(?<![\w.])(?P<currency>{_CURRENCY})\s?)?"
    rf"(?P<open>\()?(?P<sign>(?<![\w)\]])[-−–](?=[\d.])|\b(?:minus|negative)\s)?(?<![\w])(?<!\d[.,])(?P<digits>{_DIGITS})(?P<close>\))?"
    r"(?P<ordinal>(?:st|nd|rd|th)\b)?",
    re.I,
)
# 7:40, 19.40 h, 7 pm
_TIME_OF_DAY = re.compile(
    r"(?<![\w:.,])(?:(?P<hour>[01]?\d|2[0-4])(?:\s?:\s?|[.h])(?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?"
    r"|(?P<only>1[0-2]|0?\d)\s?(?P<half2>[ap])\.?\s?m\b\.?)(?![\d:])",
    re.I,
)
# twenty-one, two hundred and five, third
_NUMBER_WORDS = re.compile(
    rf"\b(?:{'|'.join([*CARDINALS, *ORDINALS])})(?:(?:[\s-]+(?:and\s+)?)(?:{'|'.join([*CARDINALS, *ORDINALS])}))*\b",
    re.I,
)
_SCALE = re.compile(rf"[\s\u00a0-]?(?P<scale>{'|'.join(sorted(SPELLED_SCALES, key=len, reverse=True))})\b", re.I)
# One or two letters are a scale behind a number; "m", "b" and "t" only of money.
_SHORT_SCALE = re.compile(r"\s?(?P<scale>k|bn|mn|mm|tn|mio|mrd)\b\.?", re.I)
_MONEY_SCALE = re.compile(r"\s?(?P<scale>[kmbt]|bn|mn|mm|tn|mio|mrd)\b\.?", re.I)
_UNIT_NAMES = "|".join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True))
_UNIT = re.compile(rf"(?:\s?-\s?|[\s\u00a0])?(?P<unit>{_UNIT_NAMES})(?![^\W\d_])", re.I)
_CURRENCY_AFTER = re.compile(rf"[\s\u00a0]?(?P<currency>{_CURRENCY}|dollars?|euros?|yen|rupees?)(?!\w)", re.I)
# The end of "1990s" and "1990's".
_DECADE = re.compile(r"(?:\s?['’])?s\b")
# 2.1.4, 10.0.0.1: a version, an address, a section. It equals only itself: what is written is its unit.
_DOTTED = re.compile(r"\d+(?:\.\d+){2,}")
# 2018–19
_YEAR_RANGE = re.compile(r"(?<![\w.,/–-])(?P<century>1\d|20)\d\d\s?(?:--?|[–/])\s?(?P<year>\d\d)(?![\w-])")

# Behind these, "second" is a time.
_BEFORE_SECOND = re.compile(r"\b(?:a|per|each|every|one|split)\s+$", re.I)
# "Hundred" alone is a number only behind "a".
_ARTICLE = re.compile(r"\ban?\s+$", re.I)
# Characters before and behind a number that are searched for the words that make it a bound, a time or a loss.
_CHARACTERS_BEFORE, _CHARACTERS_BEHIND = 24, 16
# Words before a number that make it a bound.
_BOUNDS_BEFORE = (
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
# Words behind a number that make it a bound.
_BOUNDS_AFTER = (
    (re.compile(r"^\s*(?:\+|(?:or|and) (?:more|above|over|greater|higher|longer|older|later))", re.I), ">="),
    (re.compile(r"^\s*(?:or|and) (?:less|fewer|under|below|lower|shorter|younger|earlier)", re.I), "<="),
)


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities of a text in order, without overlaps. The text is best in normalised spelling."""
    candidates = [*_times_of_day(text), *_short_years(text), *_numbers_in_digits(text), *_numbers_in_words(text)]
    quantities: list[Quantity] = []
    for quantity in sorted(candidates, key=lambda quantity: (quantity.start, -quantity.end)):
        if not quantities or quantity.start >= quantities[-1].end:
            quantities.append(quantity)
    return [replace(quantity, bound=_bound(text, quantity)) for quantity in quantities]


def possible_values(digits: str) -> list[tuple[float, ...]]:
    """Return the possible values of a run of digits and separators, likeliest first.

    One tuple for one number ("1,234": 1234 or 1.234), one for each part of a list or a version ("1,2,3").
    """
    plain = re.sub(r"[\u00a0\u202f\u2009'’ ]", "", digits)
    if "/" in plain or "⁄" in plain:
        numerator, denominator = (float(part) for part in re.split("[/⁄]", plain))
        return [(numerator / denominator,)] if denominator else [(numerator,), (denominator,)]
    commas, points = plain.count(","), plain.count(".")
    if commas and points:
        # The last separator is the decimal one: 1,234.5 and 1.234,5.
        decimal = max(plain.rfind(","), plain.rfind("."))
        grouping = "," if plain[decimal] == "." else "."
        if plain.count(plain[decimal]) == 1 and grouping not in plain[decimal:]:
            return [(float(plain[:decimal].replace(grouping, "") + "." + plain[decimal + 1 :]),)]
    elif commas + points == 0:
        return [(float(plain),)]
    elif commas + points == 1:
        decimal_value = float(plain.replace(",", "."))
        if re.fullmatch(r"[1-9]\d{0,2}[,.]\d{3}", plain):
            grouped_value = float(re.sub("[,.]", "", plain))
            return [(grouped_value, decimal_value) if commas else (decimal_value, grouped_value)]
        return [(decimal_value,)]
    elif re.fullmatch(r"\d{1,3}(?:([,.])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}", plain):
        return [(float(re.sub("[,.]", "", plain)),)]
    return [(float(part),) for part in re.split("[,.]", plain) if part]


def _is_close(left: float, right: float) -> bool:
    return abs(left - right) <= 1e-9 * max(abs(left), abs(right))


def _times_of_day(text: str) -> Iterator[Quantity]:
    """Yield times of day in minutes; before noon without "am" it may be an afternoon hour, too."""
    for match in _TIME_OF_DAY.finditer(text):
        half = (match["half"] or match["half2"] or "").lower()
        if match["minute"] and not half and ":" not in match.group() and "h" not in match.group().lower():
            continue  # 7.40 is a number.
        hour, minute = int(match["hour"] or match["only"]), int(match["minute"] or 0)
        if half:
            hours = [hour % 12 + (12 if half == "p" else 0)]
        elif 0 < hour < 12:
            hours = [hour, hour + 12]
        else:
            hours = [hour, 0] if hour == 12 else [hour]
        values = tuple(float(hour * 60 + minute) for hour in hours)
        yield Quantity(match.group(), match.start(), match.end(), values, "time of day")


def _short_years(text: str) -> Iterator[Quantity]:
    """Yield the second of two years that is written without its century: 19 in "2018–19" is 2019."""
    for match in _YEAR_RANGE.finditer(text):
        yield Quantity(match["year"], match.start("year"), match.end(), (float(match["century"] + match["year"]),))


def _numbers_in_digits(text: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(text):
        start, digits = match.start("digits"), match["digits"]
        end = match.end("ordinal") if match["ordinal"] else match.end("digits")
        parts = possible_values(digits)
        if match["ordinal"] and len(parts) == 1:
            yield Quantity(text[start:end], start, end, parts[0], "ordinal")
        elif len(parts) > 1 and _DOTTED.fullmatch(digits):
            yield Quantity(digits, start, end, parts[0], digits)
        elif len(parts) > 1:
            for part, values in zip(re.finditer(r"\d+", digits), parts, strict=False):
                at = start + part.start()
                yield Quantity(part.group(), at, at + len(part.group()), values)
        elif (decade := _DECADE.match(text, end)) and parts[0][0] % 10 == 0:
            yield Quantity(text[start : decade.end()], match.start(), decade.end(), parts[0], "decade")
        else:
            is_negative = bool(match["sign"]) or _is_accounting_loss(text, match)
            currency = CURRENCIES.get((match["currency"] or "").upper(), "")
            if match["currency"]:
                start = match.start()
            elif match["sign"]:
                start = match.start("sign")
            yield _with_unit(text, start, end, parts[0], currency, is_negative)


def _numbers_in_words(text: str) -> Iterator[Quantity]:
    for match in _NUMBER_WORDS.finditer(text):
        parts = [part for part in re.split(r"[\s-]+", match.group().lower()) if part != "and"]
        before = text[max(0, match.start() - _CHARACTERS_BEFORE) : match.start()]
        # "One" is mostly a pronoun.
        if parts == ["one"] or (parts == ["second"] and _BEFORE_SECOND.search(before)):
            continue
        if parts[0] in SCALES and not _ARTICLE.search(before):
            continue
        value = _value_of_words(parts)
        if value is None:
            continue
        if parts[-1] in ORDINALS:
            yield Quantity(match.group(), match.start(), match.end(), (value,), "ordinal")
        else:
            yield _with_unit(text, match.start(), match.end(), (value,), "", False)


def _value_of_words(parts: list[str]) -> float | None:
    """Return the value of a number in words, such as ``["two", "hundred", "five"]``; None where it is none."""
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


def _with_unit(
    text: str, start: int, end: int, values: tuple[float, ...], currency: str, is_negative: bool
) -> Quantity:
    """Return the number at ``start``…``end`` with the scale and the unit that follow it."""
    factor = base = 1.0
    money_scale = _MONEY_SCALE.match(text, end)
    is_money = bool(currency or (money_scale and _CURRENCY_AFTER.match(text, money_scale.end())))
    if scale := _SCALE.match(text, end) or (money_scale if is_money else _SHORT_SCALE.match(text, end)):
        factor, end = SCALES[scale["scale"].casefold()], scale.end()
    unit = currency
    if not unit and (after := _CURRENCY_AFTER.match(text, end)):
        mark = after["currency"].upper()
        unit, end = CURRENCIES.get(mark) or CURRENCIES[mark.rstrip("S")], after.end()
    elif not unit and (known := _UNIT.match(text, end)) and _is_unit(known["unit"], text, end):
        unit, base = UNITS[known["unit"].casefold()]
        factor, end = factor * base, known.end()
    sign = -1 if is_negative else 1
    scaled = tuple(round(sign * value * factor, 9) for value in values)
    return Quantity(text[start:end], start, end, scaled, unit, "", factor, base)


def _is_unit(unit: str, text: str, end: int) -> bool:
    """Return whether a unit's name is one here: a single letter is in small letters, or W, V or N, or right behind."""
    return len(unit) > 1 or unit in "mgslthWVN%°" or text[end : end + 1] == unit


def _is_accounting_loss(text: str, match: re.Match[str]) -> bool:
    """Return whether a number in brackets is a loss, as in a table: two digits or more, and no word before it."""
    if not (match["open"] and match["close"]) or len(match["digits"]) < 2:
        return False
    before = text[max(0, match.start("open") - _CHARACTERS_BEFORE) : match.start("open")]
    return re.search(r"(?:[\d$€£|\t%]|^)\s*$", before) is not None


def _bound(text: str, quantity: Quantity) -> str:
    """Return the bound that the words around a quantity make it, or ""."""
    before = text[max(0, quantity.start - _CHARACTERS_BEFORE) : quantity.start]
    after = text[quantity.end : quantity.end + _CHARACTERS_BEHIND]
    for pattern, bound in _BOUNDS_BEFORE:
        # "From 5" starts a range; only behind it other words may make a bound.
        if pattern.search(before) and not (bound == ">=" and before.rstrip().lower().endswith("from")):
            return bound
    return next((bound for pattern, bound in _BOUNDS_AFTER if pattern.search(after)), "")
