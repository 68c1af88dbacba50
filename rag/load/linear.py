"""Write formulas on the line: "A = πr²", "(a + b)/2", "√(x + 1)".

Owns: which spaces and brackets a formula needs on one line. Knows nothing about the notation that it came in. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from rag.load.raised import lowered, power

Kind = Literal["number", "letter", "word", "relation", "operator", "sign", "open", "close", "comma", "large", "space"]
"""What a piece is: ``sign`` stands between its neighbours without space, ``large`` is a sum or an integral."""

_RELATIONS = frozenset("=<>≤≥≠≈≡∼≃≅∝∈∉⊂⊃⊆⊇→←↔⇒⇐⇔↦≪≫∣∥⊥⊢⊨≺≻:≔")
_OPERATORS = frozenset("+-−±∓×·⋅÷∗*∘⊕⊗∪∩∧∨∖•")
_LARGE = frozenset("∑∏∐∫∬∭∮⋃⋂⋀⋁")
_OPENING, _CLOSING, _COMMAS = frozenset("([{⟨⌈⌊"), frozenset(")]}⟩⌉⌋"), frozenset(",;")
# Units of one letter stand apart from their number, variables do not.
_UNIT_LETTERS = frozenset("mskgtlhVWANJKCFHPΩ%")
_SIMPLE = re.compile(r"[\w.,′°%∞]{1,60}[⁰¹²³⁴-⁹⁻ⁿ₀-₉]{0,9}$|[√∛∜]\w{1,9}$")
_NUMBER = re.compile(r"\d[\d.,]{0,40}$")
_PRODUCT = re.compile(r"\d[\d.,]{0,20}[^\W\d]\S{0,20}$")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_ROOT_SIGNS = ("√", "∛", "∜")


class Piece(NamedTuple):
    """A part of a formula with what it is."""

    text: str
    kind: Kind


def piece(text: str) -> Piece:
    """Return a part of a formula by its own look: a number, a letter, a word, a sign."""
    if not text:
        return Piece("", "sign")
    first = text[0]
    if len(text) == 1:
        for kind, signs in _KINDS:
            if first in signs:
                return Piece(text, kind)
    if _NUMBER.match(text):
        return Piece(text, "number")
    if text.isalpha():
        return Piece(text, "letter" if len(text) == 1 else "word")
    if not text.strip():
        return Piece(" ", "space")
    return Piece(text, "word" if any(map(str.isalpha, text)) else "sign")


_KINDS: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("relation", _RELATIONS), ("operator", _OPERATORS), ("large", _LARGE), ("open", _OPENING), ("close", _CLOSING),
    ("comma", _COMMAS),
)  # fmt: skip


def joined(pieces: Sequence[Piece]) -> str:
    """Return a formula on one line."""
    parts: list[str] = []
    before: Piece | None = None
    is_unary = False
    shown = [part for part in pieces if part.text]
    for number, part in enumerate(shown):
        following = shown[number + 1] if number + 1 < len(shown) else None
        if part.kind == "space":
            if parts and not parts[-1].endswith(" "):
                parts.append(" ")
            continue
        if before is not None and not parts[-1].endswith(" ") and not is_unary and _is_apart(before, part, following):
            parts.append(" ")
        starts = before is None or before.kind in ("relation", "operator", "open", "comma", "large")
        is_unary = part.kind == "operator" and starts
        parts.append(part.text)
        before = part
    return "".join(parts).strip()


def over(numerator: str, denominator: str) -> Piece:
    """Return a fraction on the line.

    Args:
        numerator: What stands above, on one line.
        denominator: What stands below.

    Returns:
        "1/2", "(a + b)/2".
    """
    # "1/2a" would read as a half of a.
    below = f"({denominator})" if _PRODUCT.match(denominator) else _wrapped(denominator)
    return Piece(f"{_wrapped(numerator)}/{below}", "word")


def root(content: str, degree: str = "") -> Piece:
    """Return a root on the line.

    Args:
        content: What stands under the root, on one line.
        degree: Its degree; "" for a square root.

    Returns:
        "√2", "∛8", "√(x + 1)".
    """
    sign = _ROOTS.get(degree) or f"{power(degree)}√"
    is_simple = len(content) == 1 or _NUMBER.match(content)
    return Piece(sign + (content if is_simple else f"({content})"), "letter")


def scripted(base: Piece, below: str = "", above: str = "") -> Piece:
    """Return a part with its index and its power.

    Args:
        base: The part.
        below: The index, on one line.
        above: The power, on one line.

    Returns:
        "x_max", "v₁²".
    """
    text = base.text
    if above and not _SIMPLE.match(text) and base.kind == "word":
        text = f"({text})"
    index = lowered(below) if below else ""
    raising = f"^{above}" if index.startswith("_") and above.isalpha() else power(above) if above else ""
    return Piece(text + index + raising, base.kind)


def _wrapped(text: str) -> str:
    return text if _SIMPLE.match(text) else f"({text})"


def _is_apart(before: Piece, after: Piece, following: Piece | None) -> bool:
    """Tell whether a space stands between two parts; ``following`` is what comes behind them."""
    spaced = ("relation", "operator")
    if after.kind in spaced or before.kind in spaced or before.kind in ("comma", "large"):
        return True
    if after.kind in ("comma", "close", "sign") or before.kind in ("open", "sign"):
        return False
    if before.text.startswith(_ROOT_SIGNS) and not before.text.endswith(")") and after.kind == "letter":
        return True
    if after.kind == "open":
        return before.kind == "word" and "/" in before.text
    if "number" in (before.kind, after.kind):
        is_last = following is None or following.kind != "letter"
        is_unit = after.kind == "letter" and after.text[0] in _UNIT_LETTERS and is_last
        return after.kind in ("number", "word", "large") or before.kind != "number" or is_unit
    return "word" in (before.kind, after.kind) or after.kind == "large"
