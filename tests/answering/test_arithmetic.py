"""Expressions are computed exactly, and nothing else is."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.arithmetic import (
    ExpressionError,
    evaluate,
    fill_computations,
    operands_supported,
    show_number,
)
from rag.types import Span


def _span(quote: str) -> Span:
    return Span("report.md", "id", "Report", 0, len(quote), quote)


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("(16105005) / (5184437)", "16,105,005 ÷ 5,184,437 = 3.1"),
        ("66,608 - 62,286", "66,608 − 62,286 = 4,322"),
        ("(66608 − 62286) / 62286 × 100", "(66,608 − 62,286) ÷ 62,286 × 100 = 6.9"),
        ("15% * 200", "15 % × 200 = 30"),
        ("0.1 + 0.2", "0.1 + 0.2 = 0.3"),
        ("$8.9 billion / 2", "8.9 billion ÷ 2 = 4,450,000,000"),
        ("-3 - -4", "−3 − −4 = 1"),
        ("1/3", "1 ÷ 3 = 0.33"),
        ("2-3", "2 − 3 = −1"),
    ],
)
def test_an_expression_is_shown_with_its_value(expression: str, shown: str) -> None:
    assert str(evaluate(expression)) == shown


@pytest.mark.parametrize(
    "text",
    [
        *("", "2 +", "2 ** 3", "9^9", "(1", "1)", "1/0", "1/(2-2)", "x", "__import__('os')", "1e9", "1_000", "1,23"),
        *("1.2.3", "(" * 21 + "1" + ")" * 21, "1" * 31, "+".join("1" * 41), "1+" * 200 + "1", "٣+٤", "3 4"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text)


_NUMBERS = st.decimals(0, 10**12, places=3).map(str)


@st.composite
def _expressions(draw: st.DrawFn, depth: int = 3) -> tuple[str, Fraction]:
    if not depth or draw(st.booleans()):
        number = draw(_NUMBERS)
        return number, Fraction(number)
    (left, a), (right, b) = draw(_expressions(depth - 1)), draw(_expressions(depth - 1))
    sign = draw(st.sampled_from("+-*/" if b else "+-*"))
    value = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[sign]()
    return f"({left}) {sign} ({right})", value


@given(_expressions())
def test_the_value_is_exact(case: tuple[str, Fraction]) -> None:
    expression, value = case
    assert evaluate(expression).value == value


@given(st.text("0123456789.,+-*/%() $€xe^_−×÷", max_size=40) | st.text(max_size=40))
def test_no_text_raises_any_other_error(text: str) -> None:
    try:
        computed = evaluate(text)
    except ExpressionError:
        return
    assert str(computed)
    # What is shown reads as the same expression.
    assert evaluate(computed.expression).value == computed.value


def test_lines_of_a_model_are_filled_and_others_stay() -> None:
    text = "The ratio follows.\nCOMPUTE: (16105005) / (5184437) [1][2]\nIt is COMPUTE: 1+1.\nCOMPUTE: import os\nEnd."
    filled, computations = fill_computations(text)
    assert filled == "The ratio follows.\n16,105,005 ÷ 5,184,437 = 3.1 [1][2]\nIt is COMPUTE: 1+1.\n\nEnd."
    assert [computed.operands for computed in computations] == [(16105005, 5184437)]


@pytest.mark.parametrize(
    "line",
    ["**COMPUTE:** 12 / 4 [1]", "1. COMPUTE: 12 / 4 [1].", "- **COMPUTE: 12 / 4** [1]", "## COMPUTE: 12 / 4 = 7. [1]"],
)
def test_a_line_to_compute_may_be_marked_up(line: str) -> None:
    assert fill_computations(line)[0] == "12 ÷ 4 = 3 [1]"


def test_operands_are_supported_by_their_value() -> None:
    spans = [_span("Revenue  $ 66,608  $ 62,286"), _span("It paid 8.9 billion dollars.")]
    assert operands_supported([Fraction(66608), Fraction(62286), Fraction(100)], spans)
    assert operands_supported([Fraction(8_900_000_000)], spans)
    assert operands_supported([Fraction("8.9")], spans)
    assert not operands_supported([Fraction(66609)], spans)
    assert not operands_supported([Fraction(3)], [])


def test_numbers_are_shown_in_the_readers_language() -> None:
    assert show_number(Fraction("-4322.5"), "de") == "−4.322,5"
    assert show_number(Fraction(2, 3)) == "0.67"
