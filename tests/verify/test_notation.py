"""Numbers and dates of two readings: `rag.verify.parse.notation`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Span, Verdict
from rag.verify.checker import ClaimToCheck
from rag.verify.parse.digits import Notation
from rag.verify.parse.notation import is_ambiguous, notation_of, read_in
from rag.verify.parse.parsed_text import parse_text
from rag.verify.rule_checker import RuleChecker
from tests.processor_time import at_most


def verdict_on(claim: str, *source: str) -> Verdict:
    """The verdict on a claim against the first of some lines of one document."""
    spans = tuple(Span("a.txt", "id", "", 100 * i, 100 * i + len(line), line) for i, line in enumerate(source))
    (judgement,) = RuleChecker().check([ClaimToCheck(claim, spans[:1], spans)])
    return judgement.verdict


@pytest.mark.parametrize(
    ("text", "document", "expected"),
    [
        ("Die Anlage erzeugt 7.420 kWh im Jahr.", "", Notation(",", is_day_first=True)),
        ("The plant yields 7,420 kWh a year.", "", Notation(".")),
        ("发电厂每年发电7,420千瓦时。", "", Notation(".")),
        ("La planta produce 7.420 kWh al año.", "", Notation(",", is_regional=True, is_day_first=True)),
        ("La planta produce 7.420 kWh y cuesta 18,50 €.", "", Notation(",", is_day_first=True)),
        ("7.420 kWh", "", Notation()),
        ("7.420 kWh", "18,50 €", Notation(",")),
        ("7.420 kWh", "Fee: $18.50", Notation(".")),
        ("7.420 kWh", "3.100.250 m", Notation(",")),
        ("The plant yields 7.420 kWh and costs 18,50 €.", "", Notation()),
        ("Le musée a ouvert le 09/25/2018 dans la ville.", "", Notation(",")),
    ],
)
def test_the_text_around_tells_the_notation(text: str, document: str, expected: Notation) -> None:
    assert notation_of(text, document) == expected


@pytest.mark.parametrize(
    ("text", "decimal", "values", "reading"),
    [
        ("7.420 kWh", ",", (7_420_000.0,), "sure"),
        ("7.420 kWh", ".", (7_420.0,), "sure"),
        ("7,420 kWh", ",", (7_420.0,), "sure"),
        ("7,420 kWh", ".", (7_420_000.0,), "sure"),
        ("7.420 kWh", "", (7_420.0, 7_420_000.0), "open"),
        ("0.420 kWh", ",", (420.0,), ""),
        ("7.42 kWh", ",", (7_420.0,), ""),
    ],
)
def test_one_reading_is_left(text: str, decimal: str, values: tuple[float, ...], reading: str) -> None:
    (quantity,) = read_in(parse_text(text), Notation(decimal)).quantities
    assert (quantity.values, quantity.reading) == (values, reading)


@pytest.mark.parametrize(
    ("claim", "source", "verdict"),
    [
        # A German text.
        ("Die Anlage erzeugt 7,42 kWh im Jahr.", ["Die Anlage erzeugt 7.420 kWh im Jahr."], "contradicted"),
        ("Die Anlage erzeugt 7.42 kWh im Jahr.", ["Die Anlage erzeugt 7.420 kWh im Jahr."], "contradicted"),
        ("Die Anlage erzeugt 7420 kWh im Jahr.", ["Die Anlage erzeugt 7.420 kWh im Jahr."], "verified"),
        ("Der Steg ist 3,150 Meter lang und neu.", ["Der Steg ist 3.150 Meter lang und neu."], "contradicted"),
        ("Der Steg ist 3150 Meter lang und neu.", ["Der Steg ist 3,150 Meter lang und neu."], "contradicted"),
        # Numbers of the same document.
        ("Ertrag: 7,42 kWh", ["Ertrag: 7.420 kWh", "Gebühr: 18,50 €"], "contradicted"),
        ("Ertrag: 7420 kWh", ["Ertrag: 7.420 kWh", "Gebühr: 18,50 €"], "verified"),
        # Nothing tells.
        ("Ertrag: 7,42 kWh", ["Ertrag: 7.420 kWh"], "partly"),
        ("Ertrag: 7,420 kWh", ["Ertrag: 7.420 kWh"], "verified"),
        ("Ertrag: 7420 kWh", ["Ertrag: 7.420 kWh"], "verified"),
        # Other languages.
        ("Мост через реку имеет длину 3150 км.", ["Мост через реку имеет длину 3,150 км."], "contradicted"),
        ("Il molo del porto è lungo 3150 metri.", ["Il molo del porto è lungo 3.150 metri."], "verified"),
        ("大桥全长3150米。", ["大桥全长3,150米，票价50元。"], "verified"),
        ("大桥全长3.15米。", ["大桥全长3,150米，票价50元。"], "partly"),
        # Spanish is written both ways: another reading is no contradiction.
        ("El puente del río mide 3150 metros.", ["El puente del río mide 3,150 metros."], "partly"),
        ("El puente del río mide 3150 metros.", ["El puente del río mide 3.150 metros."], "verified"),
        # English.
        ("The pier is 3.15 km long.", ["The pier is 3.150 km long."], "verified"),
        ("The pier is 3150 m long.", ["The pier is 3,150 m long."], "verified"),
    ],
)
def test_a_number_is_read_as_its_text_writes_it(claim: str, source: list[str], verdict: Verdict) -> None:
    assert verdict_on(claim, *source) == verdict


@pytest.mark.parametrize("claim", ["The pier is 3,150 metres long.", "The pier is 3.150 metres long."])
def test_a_claim_is_read_in_its_own_language_or_copies_the_number(claim: str) -> None:
    check = verdict_on(claim, "Der Steg am Hafen ist 3.150 Meter lang.")
    assert check == "partly"
    assert verdict_on(claim.replace("150", "250"), "Der Steg am Hafen ist 3.150 Meter lang.") != "verified"


@pytest.mark.parametrize(
    ("claim", "source", "verdict"),
    [
        ("La halle a rouvert ses portes le 4 juin 2019.", "La halle a rouvert ses portes le 04/06/2019.", "verified"),
        ("La halle a rouvert ses portes le 6 avril 2019.", "La halle a rouvert ses portes le 04/06/2019.",
         "contradicted"),
        ("The hall opened on 6 April 2019.", "The hall opened on 04/06/2019.", "verified"),
        ("สะพานเปิดเมื่อ 4 มิถุนายน ค.ศ. 2019", "สะพานเปิดเมื่อ 4 มิถุนายน พ.ศ. 2562", "verified"),
        ("สะพานเปิดเมื่อ 4 มิถุนายน 2562", "สะพานเปิดเมื่อ 4 มิถุนายน พ.ศ. 2562", "verified"),
        ("สะพานเปิดเมื่อ 4 มิถุนายน ค.ศ. 2562", "สะพานเปิดเมื่อ 4 มิถุนายน พ.ศ. 2562", "contradicted"),
        ("สะพานเปิดในปี ค.ศ. 2562", "สะพานเปิดในปี พ.ศ. 2562", "contradicted"),
    ],
)  # fmt: skip
def test_a_date_is_read_as_its_text_writes_it(claim: str, source: str, verdict: Verdict) -> None:
    assert verdict_on(claim, source) == verdict


def test_a_number_behind_a_month_is_no_day() -> None:
    parsed = parse_text("Die Pumpe hat im Mai 3.150 kWh gebraucht.")
    assert [quantity.text for quantity in parsed.quantities] == ["3.150 kWh"]


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"), st.sampled_from([".", ",", ""]))
def test_thousands_and_decimals_are_never_one_number(whole: int, rest: int, mark: str, decimal: str) -> None:
    (quantity,) = read_in(parse_text(f"{whole}{mark}{rest:03d} kg"), Notation(decimal)).quantities
    (thousands,) = parse_text(f"{whole}{rest:03d} kg").quantities
    (tenths,) = parse_text(f"{whole}.{rest:03d}1 kg").quantities
    assert not (quantity.same_value(thousands) and quantity.same_value(tenths))
    assert quantity.same_value(thousands) is (mark != decimal)


@given(st.text("0123456789.,/ €kgMai月年", max_size=30))
def test_reading_changes_no_place(text: str) -> None:
    parsed = parse_text(text)
    for notation in (Notation(","), Notation("."), Notation(), Notation(",", is_regional=True, is_day_first=True)):
        read = read_in(parsed, notation)
        assert [(one.start, one.end, one.text) for one in read.quantities] == [
            (one.start, one.end, one.text) for one in parsed.quantities
        ]
        assert len(read.dates) == len(parsed.dates)
        assert not is_ambiguous(parsed) or read.notation == notation


@pytest.mark.parametrize("part", ["3.150 ", "3,150,", "18,50 € ", "04/06/2019 ", "1.", "1,1 kg "])
def test_hostile_numbers_take_linear_time(part: str) -> None:
    text = part * (64_000 // len(part))
    with at_most(4):
        read_in(parse_text(text), notation_of(text, text))
