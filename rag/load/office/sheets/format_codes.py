"""Take the format code of a cell, "#,##0.00;[Red](#,##0.00)", apart.

Owns: sections, their conditions, and the pieces of one. Knows nothing about values. Pure.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal

PieceKind = Literal[
    "literal", "digit", "point", "comma", "percent", "exponent", "slash", "date", "elapsed", "half", "text", "general"
]

# A longer code is no code that a person wrote.
_LONGEST_CODE = 1000
_PIECES = re.compile(
    r"""(?P<quoted>"[^"]*"?)
    |(?P<escaped>\\.)
    |(?P<space>_.)
    |(?P<fill>\*.)
    |(?P<bracket>\[[^\]]*\])
    |(?P<general>General)
    |(?P<half>AM/PM|A/P|上午/下午)
    |(?P<exponent>E[+-])
    |(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|e+|g+)
    |(?P<digit>[0#?])
    |(?P<mark>[.,%/@])
    |(?P<other>.)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_MARKS: dict[str, PieceKind] = {".": "point", ",": "comma", "%": "percent", "/": "slash", "@": "text"}
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d{1,15}(?:\.\d{1,15})?)\]$")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]$", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-([^\]]*))?\]$")
_GERMAN = frozenset({"407", "807", "C07", "1007", "1407"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a section: what it is and its characters; of a literal, the characters that are shown."""

    kind: PieceKind
    text: str


@dataclass(frozen=True)
class Section:
    """One section of a code.

    Attributes:
        pieces: Its pieces, in order.
        compare: How a value is compared with ``bound`` to be shown by it; None where its place among the sections says.
        bound: The number in its condition.
        is_german: Whether the names of its months and days are German.
    """

    pieces: tuple[Piece, ...]
    compare: Callable[[float, float], bool] | None = None
    bound: float = 0.0
    is_german: bool = False

    @cached_property
    def kinds(self) -> frozenset[PieceKind]:
        """The kinds of its pieces."""
        return frozenset(piece.kind for piece in self.pieces)

    @cached_property
    def is_date(self) -> bool:
        """Whether it shows a date or a time."""
        return bool({"date", "elapsed"} & self.kinds)

    @cached_property
    def is_fraction(self) -> bool:
        """Whether a slash stands behind a digit."""
        return any(b.kind == "slash" and a.kind == "digit" for a, b in pairwise(self.pieces))

    @cached_property
    def literals(self) -> str:
        """Its literal characters."""
        return "".join(piece.text for piece in self.pieces if piece.kind == "literal")

    @cached_property
    def digits(self) -> Digits:
        """Where its digits stand."""
        return Digits.of(self.pieces)


@dataclass(frozen=True, slots=True)
class Digits:
    """Where the digits of a section stand among its pieces, and what else says how a number is written.

    Attributes:
        whole: The places before the point.
        decimals: The places behind it.
        powers: The places of the exponent.
        point: The place of the point; where there is none, the end of the digits.
        exponent: The place of the exponent's sign; None where there is none.
        commas: The places of all commas.
        is_grouped: Whether commas part thousands.
        shift: By how many powers of ten the number is multiplied: two for each percent sign, less three for each comma
            behind the digits.
    """

    whole: tuple[int, ...]
    decimals: tuple[int, ...]
    powers: tuple[int, ...]
    point: int
    exponent: int | None
    commas: tuple[int, ...]
    is_grouped: bool
    shift: int

    @classmethod
    def of(cls, pieces: tuple[Piece, ...]) -> Digits:
        """Find the digits among pieces."""
        places = [at for at, piece in enumerate(pieces) if piece.kind == "digit"]
        exponent = next((at for at, piece in enumerate(pieces) if piece.kind == "exponent"), None)
        end = len(pieces) if exponent is None else exponent
        point = next((at for at, piece in enumerate(pieces) if piece.kind == "point"), end)
        whole = tuple(at for at in places if at < point)
        decimals = tuple(at for at in places if point < at < end)
        commas = tuple(at for at, piece in enumerate(pieces) if piece.kind == "comma")
        last = max((*whole, *decimals), default=-1)
        thousands = sum(at > (whole[-1] if whole else -1) and (at < point or at > last) for at in commas)
        percents = sum(piece.kind == "percent" for piece in pieces)
        is_grouped = bool(whole) and any(whole[0] < at < whole[-1] for at in commas)
        powers = tuple(at for at in places if at > end)
        return cls(whole, decimals, powers, point, exponent, commas, is_grouped, 2 * percents - 3 * thousands)


@lru_cache(maxsize=1000)
def sections_of(code: str) -> tuple[Section, ...]:
    """Return the sections of a format code, one at least."""
    sections: list[Section] = []
    pieces: list[Piece] = []
    condition: tuple[Callable[[float, float], bool] | None, float] = (None, 0.0)
    is_german = False
    for match in _PIECES.finditer(code[:_LONGEST_CODE]):
        kind, text = match.lastgroup, match.group()
        if kind == "other" and text == ";":
            sections.append(Section(tuple(pieces), *condition, is_german))
            pieces, condition, is_german = [], (None, 0.0), False
        elif kind == "bracket":
            if compared := _CONDITION.match(text):
                condition = (_COMPARE[compared[1]], float(compared[2]))
            elif currency := _CURRENCY.match(text):
                is_german = is_german or (currency[2] or "").upper() in _GERMAN
                pieces.append(Piece("literal", currency[1]))
            elif elapsed := _ELAPSED.match(text):
                pieces.append(Piece("elapsed", elapsed[1].lower()))
        elif piece := _piece(kind or "", text):
            pieces.append(piece)
    sections.append(Section(tuple(pieces), *condition, is_german))
    return tuple(sections)


def _piece(kind: str, text: str) -> Piece | None:
    """Return a piece, None for one that shows nothing: white space to line up columns."""
    if kind in ("space", "fill"):
        return None
    if kind == "quoted":
        return Piece("literal", text.strip('"'))
    if kind == "escaped":
        return Piece("literal", text[1:])
    if kind == "mark":
        return Piece(_MARKS[text], text)
    if kind == "date":
        return Piece("date", text.lower())
    if kind in ("digit", "general", "half", "exponent"):
        return Piece(kind, text.upper())  # type: ignore[arg-type]
    return Piece("literal", text)
