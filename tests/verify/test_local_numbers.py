"""Numbers, times and dates in the notation of other languages: `rag.verify.parse`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Span
from rag.verify.checker import ClaimToCheck
from rag.verify.parse.dates import find_dates
from rag.verify.parse.parsed_text import parse_text
from rag.verify.parse.quantities import find_quantities
from rag.verify.parse.unspaced_numbers import numeral_value
from rag.verify.rule_checker import RuleChecker
from tests.processor_time import at_most


def quantities(text: str) -> list[tuple[float, str]]:
    return [(quantity.values[0], quantity.unit) for quantity in parse_text(text).quantities]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三百二十", 320),
        ("3万5千", 35_000),
        ("1億2,000万", 120_000_000),
        ("两千零五", 2005),
        ("二〇二三", 2023),
        ("十五", 15),
        ("二点五", 2.5),
        ("1.2亿", 120_000_000),
        ("一百二", 120),
        ("三三", None),
    ],
)
def test_numerals_have_a_value(written: str, value: float | None) -> None:
    assert numeral_value(written) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全长1,234.5米，有3万5千人，票价50元。", [(1234.5, "metre"), (35_000, ""), (50, "yuan")]),
        ("橋の長さは三百二十メートル。", [(320, "metre")]),
        ("百分之二十", [(20, "percent")]),
        ("第3回", [(3, "ordinal")]),
        ("令和5年に開館", [(2023, "")]),
        ("午後2時半に閉まる", [(870, "time of day")]),
        ("下午3点30分关门", [(930, "time of day")]),
        ("1만 2천 원", [(12_000, "won")]),
        ("ราคา 50บาท เวลา 18.00 น.", [(50, "baht"), (1080, "time of day")]),
        ("พ.ศ. 2566", [(2023, "")]),
        ("一个问题十分重要，千万不要。", []),
        ("Вес 1.234,5 кг, длина 1 234,5 м.", [(1_234_500, "gram"), (1234.5, "metre")]),
        ("В 1998 г. было 500 г муки.", [(1998, ""), (500, "gram")]),
        ("5 тыс. руб. за 20 кв. км", [(5000, "ruble"), (20_000_000, "square metre")]),
        ("в 14 ч 30 мин", [(870, "time of day")]),
        ("5 лет", [(60, "month")]),
        ("3,5 milliards d'euros", [(3_500_000_000, "euro")]),
        ("2 mil millones de euros", [(2_000_000_000, "euro")]),
        ("à 14h30 ou 14 h 45", [(870, "time of day"), (885, "time of day")]),
        ("العدد ١٢٣٤", [(1234, "")]),
        ("۱۲۳", [(123, "")]),
        ("٣٫٥ مليون ريال", [(3_500_000, "riyal")]),
        ("45 ℃", [(45, "celsius")]),
    ],
)
def test_numbers_in_local_notation(text: str, expected: list[tuple[float, str]]) -> None:
    assert quantities(text) == expected


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("超过100人", ">"),
        ("100人以上", ">="),
        ("не менее 5 км", ">="),
        ("más de 5 km", ">"),
        ("environ 5 km", "~"),
        ("约5米", "~"),
    ],
)
def test_bounds_in_other_languages(text: str, bound: str) -> None:
    (quantity,) = find_quantities(text)
    assert quantity.bound == bound


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年5月3日", {(2023, 5, 3)}),
        ("二〇二三年五月三日", {(2023, 5, 3)}),
        ("令和5年4月1日", {(2023, 4, 1)}),
        ("民國112年", set()),
        ("2023년 5월 3일", {(2023, 5, 3)}),
        ("5月3日", {(0, 5, 3)}),
        ("3 мая 2023 г.", {(2023, 5, 3)}),
        ("3 mai 2023", {(2023, 5, 3)}),
        ("le 1er mai", {(0, 5, 1)}),
        ("3 et 4 mai", {(0, 5, 3), (0, 5, 4)}),
        ("3 de mayo de 2023", {(2023, 5, 3)}),
        ("3. Mai 2023", {(2023, 5, 3)}),
        ("٣ مايو ٢٠٢٣", {(2023, 5, 3)}),
        ("3 พฤษภาคม 2566", {(2023, 5, 3)}),
        ("5 maja 2020 r.", {(2020, 5, 5)}),
        ("१५ मई २०२३", {(2023, 5, 15)}),
    ],
)
def test_dates_in_local_notation(text: str, expected: set[tuple[int, int, int]]) -> None:
    assert {meant for date in find_dates(text) for meant in date.interpretations} == expected


@pytest.mark.parametrize(
    ("source", "claim", "is_right"),
    [
        ("灯塔高三百二十米，2023年5月3日开放。", "灯塔高320米", True),
        ("灯塔高三百二十米，2023年5月3日开放。", "灯塔高330米", False),
        ("馆长是李明。", "馆长是李明。", True),
        ("馆长是李明。", "馆长不是李明。", False),
        ("Маяк имеет высоту 1 234,5 м.", "Маяк имеет высоту 1234,5 м.", True),
        ("Маяк построен в 1904 г.", "Маяк построен в 1940 г.", False),
        ("Маяк построен в 1904 г.", "Маяк не построен в 1904 г.", False),
        ("يبلغ طول الجسر ١٢٣٤ مترًا.", "يبلغ طول الجسر 1234 مترا.", True),
        ("يبلغ طول الجسر ١٢٣٤ مترًا.", "يبلغ طول الجسر 1243 مترا.", False),
        ("หอสมุดเปิดเมื่อ 3 พฤษภาคม 2566", "หอสมุดเปิดเมื่อ 3 พฤษภาคม 2023", True),
        ("Le phare mesure 1 234,5 m.", "Le phare mesure 1234,5 m.", True),
        ("Le phare mesure 1 234,5 m.", "Le phare mesure 1 243,5 m.", False),
        ("El faro mide 1.234,5 m.", "El faro mide 1234,5 m.", True),
        ("通行费是42克朗，船重。", "通行费是42克朗，船重。", True),
        ("通行费是42克朗。", "通行费是42克。", False),
    ],
)
def test_the_rules_compare_values_in_local_notation(source: str, claim: str, is_right: bool) -> None:
    span = Span("a.txt", "1", "", 0, len(source), source)
    (judgement,) = RuleChecker().check([ClaimToCheck(claim, (span,), (span,))])
    assert (judgement.verdict == "verified") is is_right


PIECES = (
    *"0123456789.,万億千百十〇一三五年月日分時半点元円米人第٣٫٬۵๕,' -", "令和", "百分之", "午後",
    "พ.ศ. ", " мая ", " г.", " руб.", " тыс. ",
    "3 et ", " mai", " พฤษภาคม ", "ล้าน", "분의", "分の", " مايو ", " h ", "만 ", "平方公里", "以上", "超过",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_numbers_of_any_notation_stand_in_themselves(text: str) -> None:
    for found in (*find_quantities(text), *find_dates(text)):
        assert text[found.start : found.end] == found.text
    parsed = parse_text(text)
    assert all(0 <= token.start < token.end <= len(parsed.text) for token in parsed.tokens)


@given(st.integers(1, 9999), st.sampled_from("万億"))
def test_a_scale_multiplies_digits(number: int, scale: str) -> None:
    assert numeral_value(f"{number}{scale}") == number * {"万": 10**4, "億": 10**8}[scale]


@pytest.mark.parametrize(
    "part",
    ["三百", "3万", "2023年", "令和5年", "5月", "三分之", "午後2時", "พ.ศ. 2566 ", "5 мая ", "٣ مايو ", "1 234 "],
)
def test_hostile_numbers_take_linear_time(part: str) -> None:
    text = part * (64_000 // len(part))
    with at_most(10):
        find_quantities(text)
        find_dates(text)
