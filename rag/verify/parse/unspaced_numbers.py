"""Numbers, times and dates in scripts without spaces between words: Chinese, Japanese, Korean and Thai. Pure.

Owns: the value of numerals such as 三百二十, 3万5千 and 二〇二三, the units that stand right behind them, times such as
午後2時半, and dates such as 2023年5月3日, 令和5年4月1日 and 3 พฤษภาคม 2566. Knows nothing about sentences or verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.patterns import lazy_pattern
from rag.text import UNSPACED
from rag.verify.parse.local_words import (
    BUDDHIST_ERA,
    ERAS,
    HAN_DIGITS,
    HAN_SCALES,
    HAN_TENS,
    LOCAL_MONTHS,
    THAI_SCALES,
    UNSPACED_UNITS,
)


class UnspacedNumber(NamedTuple):
    """A number as it is written, with its unit.

    Attributes:
        start: Where it starts.
        end: Where it ends, unit included.
        values: What it may mean, likeliest first, in the base unit.
        unit: The name of the base unit, "ordinal", "time of day", or "".
        factor: What the number as written is multiplied by.
        base: How many base units one written unit is.
    """

    start: int
    end: int
    values: tuple[float, ...]
    unit: str
    factor: float
    base: float


class UnspacedDate(NamedTuple):
    """A date as it is written; 0 stands for what is not said."""

    start: int
    end: int
    year: int
    month: int
    day: int


_SIGNS = "".join(HAN_DIGITS) + "".join(HAN_TENS)
_SCALE_SIGNS = "".join(HAN_SCALES)
_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
# The longest run of numerals that is read: no number has more.
_LONGEST = 40
_NUMERAL = lazy_pattern(
    rf"(?<![\d.,])(?P<prefix>第|百分之|[零〇一二三四五六七八九十]{{1,3}}分之|[約约])?(?P<run>(?:{_DIGITS}\s?|[{_SIGNS}])"
    rf"(?:[{_SIGNS}{_SCALE_SIGNS}点點余餘多]|(?<=[{_SCALE_SIGNS}千百천백余餘多]){_DIGITS}|(?<=[만억조천백])\s{_DIGITS}){{0,{_LONGEST}}})"
)
_ANY_NUMERAL = re.compile(rf"[\d{_SIGNS}]")
_NUMERAL_SIGN = re.compile(rf"{_DIGITS}|[{_SIGNS}{_SCALE_SIGNS}点點]")
_UNIT = lazy_pattern(r"\s?(?P<unit>" + "|".join(sorted(map(re.escape, UNSPACED_UNITS), key=len, reverse=True)) + ")")
_THAI_SCALE = re.compile(r"\s?(?P<scale>" + "|".join(sorted(THAI_SCALES, key=len, reverse=True)) + ")")
_POSITIONAL = re.compile(r"[〇零一二三四五六七八九]{4}|[〇零一二三四五六七八九]*[〇零][〇零一二三四五六七八九]*")
_MONTH_OR_DAY = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_ERA = "|".join(ERAS)
_DATE = lazy_pattern(
    rf"(?:(?:(?P<era>{_ERA})\s?(?P<era_year>元|\d{{1,3}}|[一二三四五六七八九十]{{1,3}})"
    rf"|(?<![\d.,])(?P<year>[12]\d{{3}}|[〇零一二三四五六七八九]{{4}}))\s?[年년]"
    rf"(?:度|\s?(?P<month>{_MONTH_OR_DAY})\s?[月월](?:\s?(?P<day>{_MONTH_OR_DAY})\s?[日号號일])?)?"
    rf"|(?<![\d.,一二三四五六七八九十])(?P<month2>{_MONTH_OR_DAY})\s?[月월](?!間|间)(?:\s?(?P<day2>{_MONTH_OR_DAY})\s?[日号號일])?)"
)
_TIME = lazy_pattern(
    r"(?:(?P<half>上午|早上|凌晨|清晨|下午|晚上|傍晚|中午|午前|午後|오전|오후)\s?)?(?<![\d.,:])"
    r"(?P<hour>\d{1,2}|[一二三四五六七八九十]{1,3})\s?(?:(?P<clock>[时時点點시](?![间間])|:)\s?"
    r"(?:(?P<minute>[0-5]?\d|[一二三四五六七八九十]{1,3})\s?[分분]?|(?P<on_half>半|반))?)(?P<sharp>钟|鐘|整)?"
)
_AFTERNOON = frozenset("下午 晚上 傍晚 中午 午後 오후".split())
_SHARE = re.compile(rf"(?P<parts>\d{{1,3}}|[{_SIGNS}]{{1,3}})分の(?P<count>\d{{1,3}}|[{_SIGNS}]{{1,3}})")
_THAI_TIME = re.compile(r"(?<![\d.:])(?P<hour>[01]?\d|2[0-4])[.:](?P<minute>[0-5]\d)\s?(?:น\.|นาฬิกา)")
_THAI_MONTH = "|".join(
    sorted((re.escape(name) for name in LOCAL_MONTHS if "\u0e00" <= name[0] <= "\u0e7f"), key=len, reverse=True)
)
_THAI_DATE = re.compile(
    rf"(?:(?<!\d)(?P<day>\d{{1,2}})\s{{0,3}})?(?P<name>{_THAI_MONTH})\.?(?:\s{{0,3}}(?P<era>[พค]\.\s?ศ\.\s?)?(?P<year>\d{{4}})(?!\d))?"
)
_THAI_YEAR = re.compile(r"(?:(?P<era>พ\.\s?ศ\.|ค\.\s?ศ\.)|ปี)\s?(?P<year>\d{4})(?!\d)")
# Words before and behind a number that make it a bound.
UNSPACED_BOUNDS_BEFORE = (
    (re.compile(r"(?:至少|最少|不少于|最低|อย่างน้อย)\s*$"), ">="),
    (re.compile(r"(?:最多|至多|不超过|不超過|ไม่เกิน)\s*$"), "<="),
    (re.compile(r"(?:超过|超過|多于|大于|มากกว่า)\s*$"), ">"),
    (re.compile(r"(?:不到|少于|小于|น้อยกว่า)\s*$"), "<"),
    (re.compile(r"(?:大约|大約|约|約|近|ประมาณ)\s*$"), "~"),
)
UNSPACED_BOUNDS_AFTER = (
    (re.compile(r"^[人名位个個台件]?(?:以上|이상)"), ">="),
    (re.compile(r"^[人名位个個台件]?(?:以下|이하)"), "<="),
    (re.compile(r"^[人名位个個台件]?(?:未満|未满|미만)"), "<"),
)
_FIRST_BUDDHIST_YEAR, _LAST_BUDDHIST_YEAR = 2300, 2700
_LARGEST_LENGTH_IN_YEARS = 1000


def numeral_value(run: str) -> float | None:
    """Return the value of a run of digits and numerals: 3万5千, 三百二十, 二〇二三, 二点五; None where it is none."""
    if _POSITIONAL.fullmatch(run):
        return float("".join(str(HAN_DIGITS[sign]) for sign in run))
    total = section = 0.0
    current: float | None = None
    last = 1.0
    tokens = _NUMERAL_SIGN.findall(run)
    for at, sign in enumerate(tokens):
        if sign in "点點":
            digits = "".join(str(HAN_DIGITS[digit]) for digit in tokens[at + 1 :] if digit in HAN_DIGITS)
            behind = tokens[at + 1 + len(digits) :]
            if not digits or any(scale_sign not in HAN_SCALES for scale_sign in behind):
                return None
            scale = 1.0
            for scale_sign in behind:
                scale *= HAN_SCALES[scale_sign]
            return (total + section + (current or 0) + float(f"0.{digits}")) * scale
        if sign in HAN_DIGITS:
            if current is not None and current != 0:
                return None
            current = float(HAN_DIGITS[sign])
            last = 1.0 if not current else last
        elif sign in HAN_TENS:
            section += (1 if current is None else current) * HAN_TENS[sign]
            current, last = None, HAN_TENS[sign]
        elif sign in HAN_SCALES:
            total += (section + (current or 0) or 1) * HAN_SCALES[sign]
            section, current, last = 0.0, None, HAN_SCALES[sign]
        elif current is not None:
            return None
        else:
            current, last = float(sign.replace(",", "")), 1.0
    # "一百二" is 120.
    if current is not None and last >= 100 and current < 10 and tokens[-1] in HAN_DIGITS and len(tokens) > 2:
        current *= last / 10
    return total + section + (current or 0)


def find_unspaced_numbers(text: str) -> Iterator[UnspacedNumber]:
    """Yield the numbers of a text that are written in numerals, or that have a unit of these scripts behind them.

    Numerals without a digit count where a unit follows or where they are two signs at least: "一" is mostly "a".
    """
    if not _ANY_NUMERAL.search(text):
        return
    yield from _times(text)
    yield from _era_years(text)
    for match in _SHARE.finditer(text):
        if parts := numeral_value(match["parts"]):
            share = (numeral_value(match["count"]) or 0) / parts
            yield UnspacedNumber(match.start(), match.end(), (share,), "", 1.0, 1.0)
    for match in _NUMERAL.finditer(text):
        run = match["run"].rstrip()
        start, end = match.start("run"), match.start("run") + len(run)
        value = numeral_value(run.replace("余", "").replace("餘", "").replace("多", ""))
        if value is None:
            continue
        prefix = match["prefix"] or ""
        if prefix == "第":
            yield UnspacedNumber(match.start(), end, (value,), "ordinal", 1.0, 1.0)
            continue
        if prefix == "百分之":
            yield UnspacedNumber(match.start(), end, (value,), "percent", 1.0, 1.0)
            continue
        if prefix.endswith("分之"):
            parts = numeral_value(prefix[:-2])
            if parts:
                yield UnspacedNumber(match.start(), end, (value / parts,), "", 1.0, 1.0)
            continue
        factor = next((HAN_SCALES[sign] for sign in reversed(run) if sign in HAN_SCALES), 1.0)
        if thai := _THAI_SCALE.match(text, end):
            factor, end = THAI_SCALES[thai["scale"]], thai.end()
            value *= factor
        has_digit = any(sign.isdecimal() for sign in run)
        unit = _UNIT.match(text, end)
        name, base = UNSPACED_UNITS[unit["unit"]] if unit else ("", 1.0)
        if unit and unit["unit"][0] in "年년" and value >= _LARGEST_LENGTH_IN_YEARS:
            unit, name, base = None, "", 1.0
        if not has_digit and (
            run in ("一", "十", "百", "千", "几") or (len(run) == 1 and not unit) or _is_idiom(run, unit)
        ):
            continue
        if has_digit and not unit and factor == 1:
            # Digits alone, with a sign of a currency or a unit of other scripts, are read elsewhere.
            continue
        if unit and name:
            end = unit.end()
        yield UnspacedNumber(start, end, (round(value * base, 9),), name, factor * base, base)


def find_unspaced_dates(text: str) -> Iterator[UnspacedDate]:
    """Yield the dates of a text: 2023年5月3日, 令和5年4月, 5月3日, 3 พฤษภาคม 2566; a year alone is none."""
    for match in _DATE.finditer(text):
        month, day = _small(match["month"] or match["month2"]), _small(match["day"] or match["day2"])
        if not month or month > 12 or day > 31:
            continue
        yield UnspacedDate(match.start(), match.end(), _year(match), month, day)
    if max(text, default="") >= "\u0e01" and _THAI_DATE.search(text):
        for match in _THAI_DATE.finditer(text):
            year, day = int(match["year"] or 0), int(match["day"] or 0)
            if day <= 31:
                yield UnspacedDate(
                    match.start(), match.end(), _common_year(year, match["era"] or ""), LOCAL_MONTHS[match["name"]], day
                )


def without_unspaced(text: str) -> str:
    """Return a text of the same length with a comma of their own in place of the letters of these scripts."""
    return _UNSPACED_LETTER.sub("、", text)


_UNSPACED_LETTER = lazy_pattern(f"[{UNSPACED}]")


def _is_idiom(run: str, unit: re.Match[str] | None) -> bool:
    """Tell whether numerals are no number: "十分", "千万", "一二" without a unit."""
    if unit and unit["unit"] == "分" and run == "十":
        return True
    return not unit and (
        run in ("千万", "百万", "十万", "百千") or (all(sign in HAN_DIGITS for sign in run) and len(run) < 4)
    )


def _times(text: str) -> Iterator[UnspacedNumber]:
    """Yield times of day in minutes."""
    for match in _TIME.finditer(text):
        clock, half = match["clock"], match["half"]
        is_clear = half or match["on_half"] or match["sharp"] or clock in "时時시"
        if not is_clear and not (clock in "点點" and match["minute"] and match.group().endswith("分")):
            continue
        hour, minute = _small(match["hour"]), 30 if match["on_half"] else _small(match["minute"])
        if hour > 24 or minute > 59:
            continue
        if half:
            hours = [hour % 12 + 12 if half in _AFTERNOON and hour <= 12 else hour % 12 if hour == 12 else hour]
        else:
            hours = [hour, hour + 12] if 0 < hour < 12 else [hour]
        yield UnspacedNumber(
            match.start(), match.end(), tuple(float(each * 60 + minute) for each in hours), "time of day", 1.0, 1.0
        )
    for match in _THAI_TIME.finditer(text):
        value = float(int(match["hour"]) * 60 + int(match["minute"]))
        yield UnspacedNumber(match.start(), match.end(), (value,), "time of day", 1.0, 1.0)


def _era_years(text: str) -> Iterator[UnspacedNumber]:
    """Yield years alone that are counted from another year: 令和5年, พ.ศ. 2566; or that are written in numerals."""
    for match in _DATE.finditer(text):
        if not (match["month"] or match["month2"]) and (match["era"] or not match["year"].isascii()):
            yield UnspacedNumber(match.start(), match.end(), (float(_year(match)),), "", 1.0, 1.0)
    for match in _THAI_YEAR.finditer(text):
        year = int(match["year"])
        if match["era"] or _common_year(year) != year:
            common = float(_common_year(year, match["era"] or ""))
            yield UnspacedNumber(match.start(), match.end(), (common,), "", 1.0, 1.0)


def _year(match: re.Match[str]) -> int:
    """Return the year of a date; 0 where it names none."""
    if match["era"]:
        return ERAS[match["era"]] + (1 if match["era_year"] == "元" else _small(match["era_year"]))
    return int(numeral_value(match["year"]) or 0) if match["year"] else 0


def _small(written: str | None) -> int:
    """Return the number, 0…99, of digits or numerals; 0 where there is none."""
    return int(numeral_value(written) or 0) if written else 0


def _common_year(year: int, era: str = "") -> int:
    """Return the year of the common era for one that may be of the Buddhist era.

    Args:
        year: The year as written; 0 for none.
        era: The era that is written beside it, พ.ศ. for the Buddhist one; "" for none.

    Returns:
        The year of the common era; without an era written, one of these centuries is taken for Buddhist.
    """
    if era:
        return year - BUDDHIST_ERA if year and era.startswith("พ") else year
    return year - BUDDHIST_ERA if _FIRST_BUDDHIST_YEAR < year < _LAST_BUDDHIST_YEAR else year
