"""Bounds of numbers and dates: "at least 5", "before 1931", "about 400", "until Friday". Pure.

Owns: ``opposite_bound`` and ``different_bound``. Bounds of numbers are found by ``rag.verify.parse.quantities``; those
of time ("before", "until", "since") here. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.verify.parse.dates import Date
from rag.verify.parse.lexicon import WEEKDAYS
from rag.verify.parse.parsed_text import ParsedText
from rag.verify.parse.quantities import Quantity
from rag.verify.rule import Comparison, Values

Bounded = Quantity | Date

_LOWER_BOUNDS, _UPPER_BOUNDS = frozenset({">", ">="}), frozenset({"<", "<="})
# The codes of bounds in the values of a reason.
_CODES = {"<": "less-than", "<=": "at-most", ">": "more-than", ">=": "at-least", "~": "about", "": "exactly"}
_TIME_BOUND = re.compile(
    r"\b(?P<word>before|after|since|until|till|by|from|prior to|following|earlier than|later than|vor|nach|seit|bis|ab)"
    r"\s+(?:the\s+|dem\s+|der\s+|zum\s+)?"
    r"(?:(?:year|end of|start of|beginning of|early|late|mid|ende|anfang|mitte)\s+)?$",
    re.I,
)
_TIME_BOUNDS = {
    "before": "<", "prior to": "<", "earlier than": "<", "until": "<=", "till": "<=", "by": "<=", "after": ">",
    "following": ">", "later than": ">", "since": ">=", "from": ">=", "vor": "<", "bis": "<=", "nach": ">",
    "seit": ">=", "ab": ">=",
}  # fmt: skip
# Characters before a number that are searched for a bound of time.
_CHARACTERS_BEFORE = 24
_DAYS = sorted(WEEKDAYS)


def opposite_bound(comparison: Comparison) -> Values | None:
    """Find a number or date that the sentence bounds from below and the lines from above, or the other way round.

    Fires: Trucks pay at least 5 crowns. | Trucks pay at most 5 crowns.
    Fires: It opened after 1931. | It opened before 1931.
    Fires: The offer holds from Friday. | The offer holds until Friday.
    Silent: Trucks pay more than 5 crowns. | Trucks pay at least 5 crowns.
    """
    for value, bound, source_bounds in _changed_bounds(comparison.claim, comparison.lines):
        if _is_opposite(bound, source_bounds):
            return _values(value, bound, source_bounds[0])
    return None


def different_bound(comparison: Comparison) -> Values | None:
    """Find a number or date with another bound than in the lines; "about" for an exact number is none.

    Fires: Trucks pay more than 5 crowns. | Trucks pay at least 5 crowns.
    Fires: The town has 400 towers. | The town has about 400 towers.
    Silent: The town has about 400 towers. | The town has 400 towers.
    Silent: Wages rose by 5 %. | Wages rose 5 %.
    """
    for value, bound, source_bounds in _changed_bounds(comparison.claim, comparison.lines):
        if bound != "~" and not _is_opposite(bound, source_bounds):
            return _values(value, bound, source_bounds[0])
    return None


def time_bound(parsed: ParsedText, part: Bounded) -> str:
    """Return the bound that "before", "until" and the like right before a number or date make of it.

    Args:
        parsed: The text that it stands in.
        part: The number or date.

    Returns:
        The bound, as that of a ``Quantity``; "" for none.
    """
    match = _TIME_BOUND.search(parsed.text[max(0, part.start - _CHARACTERS_BEFORE) : part.start])
    is_step = bool(match) and isinstance(part, Quantity) and part.unit not in ("", "weekday")
    if not match or (is_step and match["word"].lower() == "by"):
        return ""  # "Wages rose by 5 %."
    return _TIME_BOUNDS[match["word"].lower()]


def _values(value: str, bound: str, in_source: str) -> Values:
    return {"value": value, "bound": _CODES[bound], "source_bound": _CODES[in_source]}


def _changed_bounds(claim: ParsedText, lines: Sequence[ParsedText]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each number and date that the lines hold with other bounds only: its text, its bound, and theirs."""
    source_bounds = list(dict.fromkeys(pair for line in lines for pair in _bounds(line)))
    for part, bound in dict.fromkeys(_bounds(claim)):
        others = [other_bound for other, other_bound in source_bounds if _is_same(part, other)]
        if others and bound not in others:
            yield part.text.strip(), bound, others


def _is_opposite(bound: str, source_bounds: Sequence[str]) -> bool:
    opposite = _UPPER_BOUNDS if bound in _LOWER_BOUNDS else _LOWER_BOUNDS if bound in _UPPER_BOUNDS else frozenset()
    return any(other in opposite for other in source_bounds)


def _is_same(part: Bounded, other: Bounded) -> bool:
    if isinstance(part, Quantity):
        return isinstance(other, Quantity) and part.equals(other)
    return isinstance(other, Date) and part.is_implied_by(other)


def _bounds(parsed: ParsedText) -> Iterator[tuple[Bounded, str]]:
    """Yield numbers, dates and days of the week with their bounds ("" for none), their positions set to 0.

    "Before", "until" and the like right before any of them are bounds, too.
    """
    weekdays = (
        Quantity(token.word, token.start, token.end, (float(_DAYS.index(token.word.removesuffix("s"))),), "weekday")
        for token in parsed.tokens
        if token.word.removesuffix("s") in WEEKDAYS
    )
    parts: tuple[Bounded, ...] = (*parsed.quantities, *parsed.dates, *weekdays)
    for part in parts:
        bound = part.bound if isinstance(part, Quantity) else ""
        yield replace(part, start=0, end=0), time_bound(parsed, part) or bound
