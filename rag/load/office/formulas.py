"""Write formulas in a line: (a + b)/c, x², √(x + 1), ∑_(i = 1)^n x_i, (1, 0; 0, k).

Owns: how the parts of a formula are put together, and which of them need brackets. Knows nothing about formats. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load.raised import lowered, power

# A number, a letter with its index or power, or a function's name: it needs no brackets.
_ATOM = re.compile(r"(?:\d[\d.,]*|\w['′\u0300-\u036f]*|[^\W\d_]{2,9}(?=$))(?:[⁰-⁾₀-₎ⁿ²³¹]+|[_^]\w+)*")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_RELATIONS = re.compile(r"\s?([=≈≠≡≤≥<>≪≫∼∝→⇒⇔∈⊂⊆])\s?")
# Signs between two operands; a hyphen between two words is none.
_OPERATIONS = re.compile(
    r"(?<=[\w)\]}!'′⁰-⁾₀-₎\u0300-\u036f])\s*([+−±∓×÷]|(?<![^\W\d_]{2})-|-(?![^\W\d_]{2}))\s*(?=[\w(\[{√∛∑∏∫|∞])"
)
_SPACES = re.compile(r"\s{2,}")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_OPENING = "([{"


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a formula.

    Attributes:
        text: How it is written.
        is_quotient: Whether it is a fraction, which needs brackets beside another factor.
        is_matrix: Whether it holds rows, which have brackets of their own where nothing encloses them.
    """

    text: str
    is_quotient: bool = False
    is_matrix: bool = False


def sequence(terms: Sequence[Term]) -> Term:
    """Return terms one after the other."""
    terms = [term for term in terms if term.text]
    if len(terms) == 1:
        return terms[0]
    parts: list[str] = []
    for number, term in enumerate(terms):
        text = term.text
        before = parts[-1][-1:] if parts else ""
        after = terms[number + 1].text[:1] if number + 1 < len(terms) else ""
        if term.is_quotient and (before.isalnum() or before == ")" or after.isalnum() or after in tuple(_OPENING)):
            text = f"({text})"
        parts.append(f"[{text}]" if term.is_matrix else text)
    return Term(_spaced("".join(parts)))


def fraction(numerator: Term, denominator: Term) -> Term:
    """Return a fraction."""
    return Term(f"{_bracketed(numerator)}/{_bracketed(denominator)}", is_quotient=True)


def scripts(base: Term, below: Term | None, above: Term | None) -> Term:
    """Return a base with an index and a power.

    Args:
        base: The base.
        below: The index, or None.
        above: The power, or None.

    Returns:
        "x₁", "x_i", "x²", "e^(x + 1)".
    """
    text = base.text if not base.text or base.text.isalpha() else _bracketed(base)
    if below is not None:
        text += lowered(below.text)
    return Term(text + (power(above.text) if above is not None else ""))


def limits(operator: Term, below: Term | None, above: Term | None, operand: Term | None = None) -> Term:
    """Return an operator such as a sum or an integral with its limits.

    Args:
        operator: The operator.
        below: Its lower limit, or None.
        above: Its upper limit, or None.
        operand: What it is applied to, where that is at hand.

    Returns:
        "∑_(i = 1)^n x", with a space behind it.
    """
    text = operator.text
    for sign, limit in (("_", below), ("^", above)):
        if limit is not None and limit.text:
            text += sign + (limit.text if limit.text.isalnum() else f"({limit.text})")
    return Term(f"{text} {operand.text if operand is not None else ''}")


def root(operand: Term, degree: Term | None) -> Term:
    """Return a root.

    Args:
        operand: What it is of.
        degree: Its degree; None for a square root.

    Returns:
        "√x", "∛(x + 1)", "ⁿ√x".
    """
    written = degree.text if degree is not None else ""
    sign = _ROOTS.get(written)
    return Term((sign or f"{power(written)}√") + _bracketed(operand))


def function(name: Term, operand: Term) -> Term:
    """Return a function of an operand.

    Args:
        name: Its name.
        operand: What it is applied to.

    Returns:
        "sin x", "f(x)".
    """
    return Term(f"{name.text} {operand.text}" if operand.text[:1] not in _OPENING else name.text + operand.text)


def accent(base: Term, sign: str) -> Term:
    """Return a base under an accent.

    Args:
        base: The base.
        sign: The accent, a combining character.

    Returns:
        "x̄"; a base of several letters is in brackets.
    """
    return Term(base.text + sign if len(base.text) == 1 else f"({base.text}){sign}")


def matrix(rows: Sequence[Sequence[Term]]) -> Term:
    """Return the rows of a matrix or of several equations."""
    return Term("; ".join(", ".join(cell.text for cell in row) for row in rows), is_matrix=True)


def enclosed(terms: Sequence[Term], opening: str, closing: str, separator: str) -> Term:
    """Return terms in brackets.

    Args:
        terms: What stands in them.
        opening: The sign before; "" for none.
        closing: The sign after; "" for none.
        separator: What stands between two terms.

    Returns:
        "(a, b)".
    """
    return Term(opening + f"{separator} ".join(term.text for term in terms) + closing)


def whole(term: Term) -> str:
    """Return a whole formula."""
    return " ".join(_spaced(f"[{term.text}]" if term.is_matrix else term.text).split())


def _spaced(text: str) -> str:
    """Return a formula with spaces around its signs of relation and between operands."""
    return _OPERATIONS.sub(r" \1 ", _RELATIONS.sub(r" \1 ", _SPACES.sub(" ", text)))


def _bracketed(term: Term) -> str:
    """Return a term in brackets, unless it needs none."""
    text = term.text.strip()
    is_simple = _ATOM.fullmatch(text) and not _LETTERS.match(text)
    return text if is_simple or _is_enclosed(text) else f"({text})"


def _is_enclosed(text: str) -> bool:
    """Tell whether one pair of brackets encloses all of a text."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for number, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if not depth:
            return number == len(text) - 1
    return False
