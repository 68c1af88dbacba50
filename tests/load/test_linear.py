"""Formulas on one line."""

from __future__ import annotations

import pytest

from rag.load.linear import joined, over, piece, root, scripted
from rag.load.tex_math import readable_math


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"E = mc^2", "E = mc²"),
        (r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}", "(-b ± √(b² - 4ac))/(2a)"),
        (r"\frac12 + \frac{a}{b}", "1/2 + a/b"),
        (r"F = 250\,\mathrm{N}", "F = 250 N"),
        (r"v_{\max}^2 \neq 2gh", "v_max² ≠ 2gh"),
        (r"\sum_{i=1}^n x_i", "∑_(i = 1)^n x_i"),
        (r"\sqrt[3]{8} \cdot 90^\circ", "∛8 · 90°"),
        (r"a &= b \\ c &= d", "a = b\nc = d"),
        (r"A = \begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}", "A = [1, 2; 3, 4]"),
        (r"}}{\frac", "()/()"),
        (r"\foo x", "foo x"),
    ],
)
def test_formulas_of_tex(tex: str, expected: str) -> None:
    assert readable_math(tex) == expected


def test_parts() -> None:
    assert joined([piece(text) for text in ("x", "=", "-", "2", "y", "+", "sin", "z")]) == "x = -2y + sin z"
    assert over("a + b", "2").text == "(a + b)/2"
    assert root("x + 1").text == "√(x + 1)"
    assert scripted(piece("x"), "i", "2").text == "x_i²"
    assert joined([]) == ""


def test_deep_formulas_are_read() -> None:
    assert readable_math("{" * 5000 + "x" + "}" * 5000) == "x"
    readable_math(r"\frac{" * 5000)
    readable_math("x^" * 5000)
