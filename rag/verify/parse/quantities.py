"""Numbers with their units, in the notations people write. Pure.

Owns: what a number in a text means: its value in the locale it may be written in, its scale, unit, currency and bound.
Which numbers only count or refer, as that of a list item or a citation mark, and how raised digits are written out,
is told in ``digits``. Knows nothing about sentences or verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from rag.text import IN_WORD, is_unspaced, with_plain_digits
from rag.verify.parse.digits import DIGIT, GERMAN_COUNTED, find_references, inside_any, with_plain_letters, words_in
from rag.verify.parse.lexicon import CARDINALS, CURRENCIES, FRACTIONS, ORDINALS, SCALES, SPELLED_SCALES, UNITS
from rag.verify.parse.local_words import LOCAL_BOUNDS, LOCAL_CURRENCIES, LOCAL_SCALES, LOCAL_UNITS, THOUSANDS_OF
from rag.verify.parse.unspaced_numbers import (
    UNSPACED_BOUNDS_AFTER,
    UNSPACED_BOUNDS_BEFORE,
    UnspacedNumber,
    find_unspaced_numbers,
    without_unspaced,
)

Reading = Literal["", "sure", "likely", "open"]
"""How sure it is which of two values a number has: ``likely`` where its language is also written otherwise."""


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
        reading: How sure the text around a number of two values is of one (``notation``); "" where nobody asked, or
            where it has one value.
        otherwise: The value that the text around it leaves out.
    """

    text: str
    start: int
    end: int
    values: tuple[float, ...]
    unit: str = ""
    bound: str = ""
    factor: float = 1.0
    base: float = 1.0
    reading: Reading = ""
    otherwise: tuple[float, ...] = ()

    def equals(self, other: Quantity) -> bool:
        """Return whether the two may mean the same number of the same thing."""
        return self.unit == other.unit and self.same_value(other)

    def same_value(self, other: Quantity) -> bool:
        """Return whether the two may have one value in their base units, whichever these are.

        Where nothing tells what "1.380" is, "1380" is the same number, and "1.38" is not. What is written alike, in the
        same units, is the same.
        """
        if "open" in (self.reading, other.reading):
            return self.may_be(other) and _FIGURE.findall(self.digits()) == _FIGURE.findall(other.digits())
        if is_close(self.values[0], other.values[0]):
            return True
        if self.otherwise and other.otherwise and self.factor == other.factor and self.digits() == other.digits():
            return (self.values[0] < 0) == (other.values[0] < 0)
        # Another locale's value counts only where both are written in the same unit.
        return self.factor == other.factor and any(is_close(a, b) for a in self.values for b in other.values)

    def same_written_number(self, other: Quantity) -> bool:
        """Return whether the two are one number in base units, or in the units they are written in: "5 km" and "5"."""
        if self.same_value(other) or "open" in (self.reading, other.reading):
            return self.same_value(other)
        return is_close(self.values[0] / self.base, other.values[0] / other.base)

    def may_be(self, other: Quantity) -> bool:
        """Return whether any of the two's values are one, in whichever notation they are read."""
        own, others = (*self.values, *self.otherwise), (*other.values, *other.otherwise)
        return any(is_close(a, b) for a in own for b in others)

    def digits(self) -> str:
        """Return its digits as written, with the separators between them: "1.380" of "€ 1.380"."""
        written = _WRITTEN_DIGITS.search(with_plain_digits(self.text))
        return written.group() if written else ""

    def is_year(self) -> bool:
        """Return whether it is written as a year is: four digits from 1000 to 2099, and no unit."""
        return not self.unit and re.fullmatch(r"1\d{3}|20\d\d", with_plain_digits(self.text.strip())) is not None


_WRITTEN_DIGITS, _FIGURE = re.compile(r"\d(?:[\d.,'’ \u00a0\u202f\u2009]*\d)?"), re.compile(r"\d")
# One separator with three digits behind it: thousands, or decimals.
_THOUSANDS_OR_DECIMALS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_TENTH_PARTS = (
    r"(?:1[/⁄]2|[12][/⁄]3|[13][/⁄]4|[1-4][/⁄]5|[15][/⁄]6|[1-6][/⁄]7|[1357][/⁄]8|[1-8][/⁄]9|[1379][/⁄]10"
    r"|1?[135][/⁄]16|[79][/⁄]16)(?![\d/⁄])"
)
# 4.5 × 10^6, 10^16, 3.5e3
_POWER = (
    r"(?:\d{1,9}(?:[.,]\d{1,9})?\s?[×x·*]\s?10(?:\^|\*\*)[-−+]?\d{1,2}|\d{1,3}(?:\^|\*\*)[-−+]?\d{1,2}"
    r"|\d{1,9}(?:\.\d{1,9})?e[-+]?\d{1,2})(?!\w)(?![.,]\d)"
)
# Digits with the separators of several locales: 1,234.5 · 1.234,5 · 1 234,5 · 1'234.5 · 12,34,567.
_DIGITS = (
    rf"{_POWER}|\d{{1,6}} {_TENTH_PARTS}|"
    r"\d{1,3}(?:[\u00a0\u202f\u2009'’ ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)+|\d+[/⁄]\d+(?![\d/⁄])|\.\d+(?!\d)|\d+"
)
_CURRENCY_NAMES = frozenset(CURRENCIES.values())
_CURRENCY = "|".join(sorted((re.escape(mark) for mark in CURRENCIES), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?:(?<!\w)(?P<currency>{_CURRENCY})\s?)?"
    rf"(?P<open>\()?(?P<sign>(?<![\w)\]])[-−–](?=[\d.])|\b(?:minus|negative)\s)?(?<![\w])(?<!\d[.,])(?P<digits>{_DIGITS})(?P<close>\))?"
    rf"(?P<ordinal>(?:st|nd|rd|th)\b|\.(?=\s{GERMAN_COUNTED}))?",
    re.I,
)
# Characters between the start of a number and its first digit: "dollar (negative 5".
_LONGEST_BEFORE_DIGITS = 20
# 7:40, 19.40 h, 7 pm
_TIME_OF_DAY = re.compile(
    r"(?<![\w:.,])(?:(?P<hour>[01]?\d|2[0-4])(?:\s?:\s?|[.h])(?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?"
    r"|(?P<only>1[0-2]|0?\d)\s?(?P<half2>[ap])\.?\s?m\b\.?)(?![\d:])",
    re.I,
)
# 14 h 30; в 14 ч 30 мин
_LOCAL_TIME = re.compile(
    r"(?<![\w:.,])(?P<hour>[01]?\d|2[0-4])\sh\s(?P<minute>[0-5]\d)(?!\d|\s?min)"
    r"|(?<!\w)(?:в|до|к|около)\s(?P<hour2>[01]?\d|2[0-4])\s?(?:ч\.?|час(?:а|ов)?)\s(?P<minute2>[0-5]?\d)\s?мин(?:ут[аы]?|\b\.?)"
)
_WORD = re.compile(r"\b[^\W\d_]+\b")
_ALL_NUMBER_WORDS = frozenset((*CARDINALS, *ORDINALS))
# twenty-one, two hundred and five, third
_NUMBER_WORDS = re.compile(
    rf"\b(?:{'|'.join([*CARDINALS, *ORDINALS])})(?:(?:[\s-]+(?:and\s+)?)(?:{'|'.join([*CARDINALS, *ORDINALS])}))*\b",
    re.I,
)
_SCALE = re.compile(
    rf"[\s\u00a0-]?(?P<scale>{'|'.join(sorted(SPELLED_SCALES, key=len, reverse=True))})\b"
    r"(?:(?<=mio)\.|(?<=mrd)\.|(?<=tsd)\.)?",
    re.I,
)
# One or two letters are a scale behind a number; "m", "b" and "t" only of money, and "M" and "B" right behind it.
_SHORT_SCALE = re.compile(r"\s?(?P<scale>k|bn|mn|mm|tn)\b\.?|(?P<letter>(?-i:[MB]))\b", re.I)
_MONEY_SCALE = re.compile(r"\s?(?P<scale>[kmbt]|bn|mn|mm|tn)\b\.?", re.I)
# 5 T€, 5 TEUR: thousands of euros.
_THOUSANDS_OF_EUROS = re.compile(r"[\s\u00a0]?T(?=€|EUR\b)")
_UNIT_NAMES = "|".join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True))
_UNIT = re.compile(rf"(?:\s?-\s?|[\s\u00a0])?(?P<unit>{_UNIT_NAMES})(?![^\W\d_])", re.I)
_CURRENCY_AFTER = re.compile(rf"[\s\u00a0]?(?P<currency>{_CURRENCY}|dollars?|euros?|yen|rupees?)(?!\w)", re.I)
# The word behind a number, with what may connect it: "5 км/ч", "3 кв. км", "2 millions d'euros".
_LOCAL_WORD = re.compile(
    rf"[\s\u00a0\u202f]?(?:de\s|d['’])?(?P<square>кв\.\s?)?(?P<word>[^\W\d_][{IN_WORD}]*(?:[/·][^\W\d_]+)?|[₴₺₨℃])(?P<stop>\.)?"
)
_YEAR_OR_GRAM, _FIRST_YEAR, _LAST_YEAR = frozenset("г"), 1000, 2100
# The end of "1990s" and "1990's".
_DECADE = re.compile(r"(?:\s?['’])?s\b")
# 2.1.4, 10.0.0.1: a version, an address, a section. It equals only itself: what is written is its unit.
_DOTTED = re.compile(r"\d+(?:\.\d+){2,}")
# 2018–19
_YEAR_RANGE = re.compile(r"(?<![\w.,/–-])(?P<century>1\d|20)\d\d\s?(?:--?|[–/])\s?(?P<year>\d\d)(?![\w-])")

# Behind these, "second" is a time.
_BEFORE_SECOND = re.compile(r"\b(?:a|per|each|every|one|split)\s+$", re.I)
# "Hundred" alone is a number only behind "a".
_ARTICLE, _MINUS = re.compile(r"\ban?\s+$", re.I), re.compile(r"\b(?:minus|negative)\s+$", re.I)
# Characters before and behind a number that are searched for the words that make it a bound, a time or a loss.
_CHARACTERS_BEFORE, _CHARACTERS_BEHIND = 24, 16
_SHARE = re.compile(
    r"\b(?:(?P<count>two|three|four|five|seven|nine|zwei|drei|vier)[\s-](?P<parts>thirds|quarters|fifths|sixths|eighths"
    r"|tenths|drittel|viertel|fünftel|zehntel)"
    r"|(?:an?|one|ein)[\s-](?P<part>third|quarter|fifth|sixth|eighth|tenth|drittel|viertel|fünftel|zehntel)"
    r"(?=\s(?:of|der|des|aller)\b))\b",
    re.I,
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "nine": 9, "zwei": 2, "drei": 3, "vier": 4}
_RANGE_JOINT = re.compile(r"\s?(?:[-–—~〜～至到]|--|to|bis|から|до)\s?", re.I)
_AND_JOINT = re.compile(r"\s(?:and|und)\s", re.I)
_BETWEEN = re.compile(r"\b(?:between|zwischen)\s(?:[$€£]\s?)?$", re.I)
_WORD_OR_SIGN = re.compile(r"[^\W\d_]|[≥≤<>~≈]")
# Words before a number that make it a bound.
_BOUNDS_BEFORE = (
    (
        re.compile(
            r"\b(?:at least|no(?:t)? (?:less|fewer|lower) than|(?:a )?minimum(?: of)?|from|mindestens|wenigstens)\s*$"
            r"|≥\s*$",
            re.I,
        ),
        ">=",
    ),
    (
        re.compile(
            r"\b(?:at most|no(?:t)? (?:more|greater|higher|longer|later) than|up to|(?:a )?maximum(?: of)?"
            r"|as (?:many|much) as|not exceed(?:ing)?|höchstens|maximal|bis zu)\s*$|≤\s*$",
            re.I,
        ),
        "<=",
    ),
    (
        re.compile(
            r"\b(?:(?:more|greater|higher|longer|larger|older|later) than|over|above|exceed(?:s|ed|ing)?|upwards of"
            r"|mehr als|über)\s*$|>\s*$",
            re.I,
        ),
        ">",
    ),
    (
        re.compile(
            r"\b(?:(?:less|fewer|lower|shorter|smaller|younger|earlier) than|under|below|within|weniger als|unter)\s*$"
            r"|<\s*$",
            re.I,
        ),
        "<",
    ),
    (
        re.compile(
            r"\b(?:about|approximately|approx\.?|around|roughly|nearly|almost|some|circa|ca?\."
            r"|close to|an estimated|estimated at|etwa|ungefähr|rund|fast|knapp|gut|zirka)\s*$|[~≈]\s*$",
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
_LAST_WORDS = re.compile(r"(?:([^\W\d_]+)\s+)?([^\W\d_]+)\s+$")


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities of a text in order, without overlaps. The text is best in normalised spelling."""
    written, text = text, with_plain_digits(with_plain_letters(text))
    candidates: list[Quantity] = []
    spaced = text
    if is_unspaced(text):
        candidates += [Quantity(text[one.start : one.end], *_parts(one)) for one in find_unspaced_numbers(text)]
        spaced = without_unspaced(text)
    if DIGIT.search(text):
        candidates += [
            *_times_of_day(spaced),
            *_short_years(spaced),
            *_numbers_in_digits(spaced),
        ]
        if " h " in spaced or not text.isascii():
            candidates += _local_times_of_day(spaced)
    words = words_in(text)
    if not words.isdisjoint(FRACTIONS):
        candidates += _shares(text)
    if not words.isdisjoint(_ALL_NUMBER_WORDS):
        candidates += _numbers_in_words(text)
    if not candidates:
        return []
    is_reference = inside_any(find_references(text))
    quantities: list[Quantity] = []
    for quantity in sorted(candidates, key=lambda quantity: (quantity.start, -quantity.end)):
        if not is_reference(quantity.start) and (not quantities or quantity.start >= quantities[-1].end):
            quantities.append(quantity)
    if written != text:
        quantities = [replace(each, text=written[each.start : each.end]) for each in quantities]
    bounds = [_bound(text, quantity) for quantity in quantities]
    bounded = [
        replace(quantity, bound=bound) if bound else quantity
        for quantity, bound in zip(quantities, bounds, strict=True)
    ]
    return _ranges_completed(text, bounded)


def _parts(number: UnspacedNumber) -> tuple[int, int, tuple[float, ...], str, str, float, float]:
    return number.start, number.end, number.values, number.unit, "", number.factor, number.base


def possible_values(digits: str) -> list[tuple[float, ...]]:
    """Return the possible values of a run of digits and separators, likeliest first.

    One tuple for one number ("1,234": 1234 or 1.234), one for each part of a list or a version ("1,2,3").
    """
    if re.search(r"[\^*×x·eE]", digits):
        return [_value_of_power(digits)]
    whole, _, part = digits.partition(" ")
    if whole and re.fullmatch(_TENTH_PARTS, part):
        numerator, denominator = (float(number) for number in re.split("[/⁄]", part))
        return [(float(whole) + numerator / denominator,)]
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


def is_close(left: float, right: float) -> bool:
    """Tell whether two values are one number, the noise of floating point aside.

    Args:
        left: A value.
        right: Another one.

    Returns:
        Whether they are.
    """
    return left == right or abs(left - right) <= 1e-9 * max(abs(left), abs(right))


def has_two_readings(quantity: Quantity) -> bool:
    """Return whether a number has thousands in one notation and decimals in another one: "1.380"."""
    return len(quantity.values) > 1 and _THOUSANDS_OR_DECIMALS.fullmatch(quantity.digits()) is not None


def _value_of_power(digits: str) -> tuple[float, ...]:
    """Return the values of "4.5×10^6", "3.5e3" or "85^3"; the last may be 85 with the mark of a footnote, too."""
    number, _, exponent = re.sub(r"\s", "", digits).replace("−", "-").replace("**", "^").rpartition("^")
    if not number:
        return (float(digits.replace(",", ".")),)
    mantissa, times, base = re.sub("[×x·*]", "*", number.replace(",", ".")).rpartition("*")
    power = float(base) ** int(exponent) if float(base) or int(exponent) >= 0 else 0.0
    if times:
        return (float(mantissa) * power,)
    return (power,) if base in ("2", "10") else (power, float(base))


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


def _local_times_of_day(text: str) -> Iterator[Quantity]:
    """Yield times of day as French and Russian write them."""
    for match in _LOCAL_TIME.finditer(text):
        hour, minute = match["hour"] or match["hour2"], match["minute"] or match["minute2"]
        start = match.start("hour") if match["hour"] else match.start("hour2")
        value = float(int(hour) * 60 + int(minute))
        yield Quantity(text[start : match.end()], start, match.end(), (value,), "time of day")


def _short_years(text: str) -> Iterator[Quantity]:
    """Yield the second of two years that is written without its century: 19 in "2018–19" is 2019."""
    for match in _YEAR_RANGE.finditer(text):
        yield Quantity(match["year"], match.start("year"), match.end(), (float(match["century"] + match["year"]),))


def _matched_numbers(text: str) -> Iterator[re.Match[str]]:
    """Yield the numbers in digits; only what stands right before a digit is read, since trying each letter is slow."""
    position = 0
    while digit := DIGIT.search(text, position):
        match = _NUMBER.search(text, max(position, digit.start() - _LONGEST_BEFORE_DIGITS))
        if not match:
            return
        yield match
        position = match.end()


def _numbers_in_digits(text: str) -> Iterator[Quantity]:
    for match in _matched_numbers(text):
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
            is_loss = _is_accounting_loss(text, match)
            is_negative = bool(match["sign"]) or is_loss
            currency = CURRENCIES.get((match["currency"] or "").upper(), "")
            if match["currency"]:
                start = match.start()
            elif is_loss:
                start = match.start("open")
            elif match["sign"]:
                start = match.start("sign")
            if is_loss:
                end = match.end("close")
            yield _with_unit(text, start, end, parts[0], currency, is_negative)


def _shares(text: str) -> Iterator[Quantity]:
    """Yield shares in words: "two thirds", "a quarter of"."""
    for match in _SHARE.finditer(text):
        count = _COUNTS[match["count"].lower()] if match["count"] else 1
        part = FRACTIONS[(match["parts"] or match["part"]).lower()]
        yield Quantity(match.group(), match.start(), match.end(), (count / part,))


def _ranges_completed(text: str, quantities: Sequence[Quantity]) -> list[Quantity]:
    """Return quantities of which both ends of a range have its scale and its unit: "2 to 4 million", "5–10 %"."""
    completed = list(quantities)
    for at, (low, high) in enumerate(pairwise(quantities)):
        between = text[low.end : high.start]
        before = text[max(0, low.start - _CHARACTERS_BEFORE) : low.start]
        is_joined = _RANGE_JOINT.fullmatch(between) or (_AND_JOINT.fullmatch(between) and _BETWEEN.search(before))
        if not is_joined or (low.is_year() and not re.match(r"\d{4}(?!\d)", high.text)):
            continue
        is_smaller = low.values[0] <= high.values[0] / high.factor
        if low.factor == 1 and low.unit in ("", high.unit) and high.factor != 1 and is_smaller:
            completed[at] = _in_unit_of(low, high)
        elif not low.unit and high.factor == 1 and high.unit not in ("", "ordinal", "time of day", "decade"):
            completed[at] = replace(low, unit=high.unit)
        elif low.unit in _CURRENCY_NAMES and not high.unit and not low.text[:1].isdigit():
            completed[at + 1] = replace(high, unit=low.unit)
            if low.factor == 1 and high.factor != 1 and is_smaller:
                completed[at] = _in_unit_of(low, completed[at + 1])
    return completed


def _in_unit_of(low: Quantity, high: Quantity) -> Quantity:
    """Return the lower end of a range with the scale and the unit of the upper one."""
    values = tuple(round(value * high.factor, 9) for value in low.values)
    return replace(low, values=values, unit=high.unit, factor=high.factor, base=high.base)


def _numbers_in_words(text: str) -> Iterator[Quantity]:
    for match in _runs_of_number_words(text):
        parts = [part for part in re.split(r"[\s-]+", match.group().lower()) if part != "and"]
        before = text[max(0, match.start() - _CHARACTERS_BEFORE) : match.start()]
        # "One" is mostly a pronoun.
        if parts == ["one"] or (parts == ["second"] and _BEFORE_SECOND.search(before)):
            continue
        if parts[0] in ORDINALS and parts[1:] and parts[1] in CARDINALS:
            parts = parts[1:]  # "First nine months" are nine.
        if parts[0] in SCALES and not _ARTICLE.search(before):
            continue
        value = _value_of_words(parts)
        if value is None:
            continue
        if parts[-1] in ORDINALS:
            yield Quantity(match.group(), match.start(), match.end(), (value,), "ordinal")
        else:
            sign = len(before) - len(_MINUS.sub("", before))
            yield _with_unit(text, match.start() - sign, match.end(), (value,), "", sign > 0)


def _runs_of_number_words(text: str) -> Iterator[re.Match[str]]:
    """Yield the runs of number words: each word is looked up first, since trying some 200 words at each takes long."""
    end = 0
    for word in _WORD.finditer(text):
        if word.start() >= end and word.group().lower() in _ALL_NUMBER_WORDS:
            run = _NUMBER_WORDS.match(text, word.start())
            if run:
                end = run.end()
                yield run


def _value_of_words(parts: list[str]) -> float | None:
    """Return the value of a number in words, such as ``["two", "five"]``; None where it is none."""
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
    if thousands := _THOUSANDS_OF_EUROS.match(text, end):
        factor, end = 1e3, thousands.end()
    elif scale := _SCALE.match(text, end) or (money_scale if is_money else _SHORT_SCALE.match(text, end)):
        factor, end = SCALES[next(filter(None, scale.groups())).casefold()], scale.end()
    elif behind := _LOCAL_WORD.match(text, end):
        factor, end = _local_scale(text, behind)
    unit = currency
    if not unit and (after := _CURRENCY_AFTER.match(text, end)):
        mark = after["currency"].upper()
        unit, end = CURRENCIES.get(mark) or CURRENCIES[mark.rstrip("S")], after.end()
    elif not unit and (known := _UNIT.match(text, end)) and _is_unit(known["unit"], text, end):
        unit, base = UNITS[known["unit"].casefold()]
        factor, end = factor * base, known.end()
    elif not unit and (behind := _LOCAL_WORD.match(text, end)):
        unit, base, end = _local_unit(behind, values[0], end)
        factor *= base
    sign = -1 if is_negative else 1
    scaled = tuple(round(sign * value * factor, 9) for value in values)
    return Quantity(text[start:end], start, end, scaled, unit, "", factor, base)


def _local_scale(text: str, behind: re.Match[str]) -> tuple[float, int]:
    """Return what the word behind a number multiplies it by in another language, and where that word ends."""
    word = behind["word"].lower()
    if word in LOCAL_SCALES:
        return LOCAL_SCALES[word], behind.end()
    if word in THOUSANDS_OF and (following := _LOCAL_WORD.match(text, behind.end())):
        factor = LOCAL_SCALES.get(following["word"].lower())
        if factor:
            return 1e3 * factor, following.end()
    return 1.0, behind.start()


def _local_unit(behind: re.Match[str], value: float, end: int) -> tuple[str, float, int]:
    """Return the unit that the word behind a number is in another language, its size, and where it ends.

    The unit is "" and the number ends where it did for a word that is none.
    """
    whole, word = behind.group().strip().lower(), behind["word"].lower()
    of_connected = whole.removeprefix("de ").removeprefix("d'").replace(" ", "")
    for name in (of_connected, of_connected.rstrip("."), word):
        if name in LOCAL_CURRENCIES:
            return LOCAL_CURRENCIES[name], 1.0, behind.end()
        # "1998 г." is a year.
        if name in LOCAL_UNITS and not (name in _YEAR_OR_GRAM and _FIRST_YEAR <= value <= _LAST_YEAR):
            unit, base = LOCAL_UNITS[name]
            return unit, base, behind.end()
    return "", 1.0, end


def _is_unit(unit: str, text: str, end: int) -> bool:
    """Return whether a unit's name is one here: a single letter is in small letters, or W, V or N, or right behind."""
    return len(unit) > 1 or unit in "mgslthWVN%‰°" or text[end : end + 1] == unit


def _is_accounting_loss(text: str, match: re.Match[str]) -> bool:
    """Return whether a number in brackets is a loss, as in a table: no word before it, and two digits or a "%"."""
    if not (match["open"] and match["close"]):
        return False
    is_percent = re.match(r"\s?%", text[match.end("close") : match.end("close") + 2])
    if len(match["digits"]) < 2 and not (is_percent or match["currency"]):
        return False
    before = text[max(0, match.start("open") - _CHARACTERS_BEFORE) : match.start("open")]
    # "Five (5) %" says the same twice.
    is_repeated = not words_in(before[-_LONGEST_BEFORE_DIGITS:]).isdisjoint(_ALL_NUMBER_WORDS)
    if re.search(r"(?:[\d$€£|\t%)—]|^)\s*$|\s\s$", before) or match["currency"] or (is_percent and not is_repeated):
        return True
    return re.search(r":\s$", before) is not None and re.match(r"\s?%?\s?(?:[;|]|$)", text[match.end() :]) is not None


def _bound(text: str, quantity: Quantity) -> str:
    """Return the bound that the words around a quantity make it, or ""."""
    before = _ARTICLE.sub("", text[max(0, quantity.start - _CHARACTERS_BEFORE) : quantity.start])
    after = text[quantity.end : quantity.end + _CHARACTERS_BEHIND]
    for pattern, bound in _BOUNDS_BEFORE if _WORD_OR_SIGN.search(before) else ():
        # "From 5" starts a range; only behind it other words may make a bound.
        if pattern.search(before) and not (bound == ">=" and before.rstrip().lower().endswith("from")):
            return bound
    if last := _LAST_WORDS.search(before.lower()):
        local = LOCAL_BOUNDS.get(f"{last[1]} {last[2]}") or LOCAL_BOUNDS.get(last[2])
        if local:
            return local
    if not before.isascii() or not after.isascii():
        found = [bound for pattern, bound in UNSPACED_BOUNDS_BEFORE if pattern.search(before)]
        found += [bound for pattern, bound in UNSPACED_BOUNDS_AFTER if pattern.search(after)]
        if found:
            return found[0]
    return next((bound for pattern, bound in _BOUNDS_AFTER if pattern.search(after)), "")
