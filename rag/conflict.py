"""Do two sources disagree? Pure.

Owns: recognising two sentences that say different numbers or dates of the same thing. Knows nothing about retrieval
or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from rag.types import Span
from rag.verify.dates import Date
from rag.verify.quantities import Quantity
from rag.verify.reading import Reading, is_light, read

# Content words that two sentences must share, and the part of the smaller one's that this must be.
_SHARED, _SHARE = 2, 0.7


def disagree(left: Span, right: Span) -> str:
    """What two spans of different sources say differently of the same thing, in words; "" where they do not.

    They must share most of their words, name nothing that the other does not, and give other numbers in the same
    unit, or other dates. Two numbers of two dates are no conflict: things change.
    """
    if left.source == right.source or left.quote == right.quote:
        return ""
    one, other = read(left.quote), read(right.quote)
    mine, theirs = _content(one), _content(other)
    shared = mine & theirs
    if len(shared) < _SHARED or len(shared) < _SHARE * min(len(mine), len(theirs)):
        return ""
    names = [{name.lower() for name in reading.names} for reading in (one, other)]
    if names[0] ^ names[1]:
        return ""
    said = _different_dates(one, other)
    if not one.quantities and not other.quantities:
        return said
    return "" if said else _different_numbers(one, other)


def conflicts(spans: Sequence[Span]) -> list[tuple[Span, Span, str]]:
    """The pairs of spans that disagree, in the order of the spans, each span in one pair at most."""
    found: list[tuple[Span, Span, str]] = []
    used: set[Span] = set()
    for left, right in combinations(spans, 2):
        if left in used or right in used:
            continue
        if about := disagree(left, right):
            found.append((left, right, about))
            used |= {left, right}
    return found


def _content(reading: Reading) -> set[str]:
    return {token.stem for token in reading.content_in_order() if not is_light(token)}


def _different_numbers(one: Reading, other: Reading) -> str:
    for unit in dict.fromkeys(q.unit for q in one.quantities):
        mine = [q for q in one.quantities if q.unit == unit]
        theirs = [q for q in other.quantities if q.unit == unit]
        if theirs and not any(_equal(a, b) for a in mine for b in theirs):
            return f"{mine[0].text.strip()} or {theirs[0].text.strip()}"
    return ""


def _equal(left: Quantity, right: Quantity) -> bool:
    return left.equals(right)


def _different_dates(one: Reading, other: Reading) -> str:
    mine: tuple[Date, ...] = one.dates
    theirs: tuple[Date, ...] = other.dates
    if mine and theirs and not any(a.within(b) or b.within(a) for a in mine for b in theirs):
        return f"{mine[0].text} or {theirs[0].text}"
    return ""
