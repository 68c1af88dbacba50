"""Powers, marks of notes and indices on the line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.load.raised import fraction, lowered, power, raised
from tests.processor_time import at_most


@pytest.mark.parametrize(
    ("before", "text", "after", "expected"),
    [
        ("4.5 × 10", "6", " litres", "⁶"),
        ("3 × 10", "−4", "", "⁻⁴"),
        ("25 m", "2", "", "²"),
        ("per km", "2", "", "²"),
        ("6 in", "2", "", "²"),
        ("E = mc", "2", "", "²"),
        ("an area of πr", "2", "", "²"),
        ("Energy is ½mv", "2", "", "²"),
        ("F = kx", "3", "", "³"),
        ("for ab", "3", "", "³"),
        ("he is so", "2", "", " [2]"),
        ("called πόλη", "2", "", " [2]"),
        ("status = on", "2", "", " [2]"),
        ("13", "a", "", " [a]"),
        ("1", "a", " edição", "a"),
        ("found in", "2", "", " [2]"),
        ("2", "10", " = 1024", "¹⁰"),
        ("7", "3", " = 343", "³"),
        ("(a + b)", "2", "", "²"),
        ("(see there)", "3", "", " [3]"),
        ("1,200", "3", " people", " [3]"),
        ("in 2010", "3", "", " [3]"),
        ("by 14", "[2]", " %", " [2]"),
        ("14 towns", "1, 2", "", " [1, 2]"),
        ("since 1987.", "8", "", " [8]"),
        ("", "5", " Guards", "[5]"),
        ("the ", "14", "C date", "¹⁴"),
        ("12.4", "a", "", " [a]"),
        ("Ca", "2+", "", "²⁺"),
        ("s", "-1", "", "⁻¹"),
        ("19", "th", "", "th"),
        ("XIX", "e", "", "e"),
        ("M", "me", "", "me"),
        ("0 ", "o", "C", "°"),
        ("Footnote", "TM", "", "™"),
        ("5", "*", "", "*"),
        ("x", "n + 1", "", "^(n + 1)"),
        ("人口", "3", "", " [3]"),
    ],
)
def test_raised(before: str, text: str, after: str, expected: str) -> None:
    assert raised(text, before, after) == expected


def test_lowered_power_and_fraction() -> None:
    assert [lowered(text) for text in ("2", "max", "i = 1", "", "+")] == ["₂", "_max", "_(i = 1)", "", "₊"]
    assert [power(text) for text in ("12", "-k", "n", "k", "")] == ["¹²", "^(-k)", "ⁿ", "^k", ""]
    assert [fraction("1", "2", "2"), fraction("3", "16", "2"), fraction("3", "16", "")] == ["½", " 3/16", "3/16"]


@given(st.text(), st.text(), st.text())
def test_any_text_may_be_raised(text: str, before: str, after: str) -> None:
    assert isinstance(raised(text, before, after), str)
    assert isinstance(lowered(text), str)


def test_long_texts_take_no_longer() -> None:
    with at_most(1):
        for sign in ("1", "a", "1,", "(a+", " "):
            raised(sign * 100_000, sign * 100_000, sign * 100_000)
            lowered(sign * 100_000)
            power(sign * 100_000)
