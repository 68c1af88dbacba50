"""Do two sources disagree? Pure.

Owns: recognising two sentences that say different numbers or dates of the same thing. Knows nothing about retrieval
or how an answer is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from typing import TypeVar

from rag.types import Span
from rag.verify.quantities import Quantity
from rag.verify.reading import ParsedText, is_light, parse_text

T = TypeVar("T")

# Content words that two sentences must share, and the part of the smaller one's that this must be.
_SHARED, _SHARE = 2, 0.7
# A question whose answer is a date. To any other one, a date says of when something is told.
_ASKS_DATE = re.compile(
    r"\b(?:when|since|until|deadlines?|due|dates?|days?|months?|years?|born|died|founded|founding|established|built|opened"
    r"|opens?|closes?|launched|published|signed|starts?|began|begins?|ends?|ended|expires?|expiry)\b",
    re.I,
)
# "The first six months" and "the first nine months" are two occasions.
_OCCASION = re.compile(r"(?:first|last|past|next|previous)\b", re.I)


def find_disagreement(left: Span, right: Span, question: str) -> str:
    """What two spans of different sources say differently of the same thing, in words; "" where they do not.

    They must share most of their words, name nothing that the other does not ("the south pier", "the north pier"), and
    differ in one number, or in one date where the question asks for one. What differs in more is said of two occasions:
    last year and this year, a quarter and a half. So are two ordinals, and rows of tables with other columns.
    """
    if left.source == right.source or left.quote == right.quote or left.header != right.header:
        return ""
    one, other = parse_text(left.quote), parse_text(right.quote)
    mine, theirs = _content(one), _content(other)
    shared = mine & theirs
    if len(shared) < _SHARED or len(shared) < _SHARE * min(len(mine), len(theirs)):
        return ""
    names = [{name.lower() for name in reading.names} for reading in (one, other)]
    if names[0] ^ names[1]:
        return ""
    if _contrasted(one, other, shared):
        return ""
    numbers = _apart(one.quantities, other.quantities, Quantity.equals)
    dates = _apart(one.dates, other.dates, lambda a, b: a.within(b) or b.within(a))
    match (*numbers, *dates):
        case ([a], [b], [], []) if a.unit == b.unit != "ordinal" and not _OCCASION.match(a.text):
            # A year is read as a number where it stands alone.
            told = not (a.is_year() and b.is_year()) or _ASKS_DATE.search(question)
            return f"{a.text.strip()} or {b.text.strip()}" if told else ""
        case ([], [], [earlier], [later]) if _ASKS_DATE.search(question):
            return f"{earlier.text} or {later.text}"
    return ""


def find_conflicts(spans: Sequence[Span], question: str) -> list[tuple[Span, Span, str]]:
    """The pairs of spans that disagree, in the order of the spans, each span in one pair at most."""
    found: list[tuple[Span, Span, str]] = []
    used: set[Span] = set()
    for left, right in combinations(spans, 2):
        if left in used or right in used:
            continue
        if about := find_disagreement(left, right, question):
            found.append((left, right, about))
            used |= {left, right}
    return found


def _content(reading: ParsedText) -> set[str]:
    return set(_stems(reading))


def _stems(reading: ParsedText) -> list[str]:
    return [token.stem for token in reading.content_in_order() if not is_light(token)]


def _contrasted(one: ParsedText, other: ParsedText, shared: set[str]) -> bool:
    """Whether a word that both use is told apart by the word before it: "the car toll", "the lorry toll"."""
    before = [
        {after: word for word, after in pairwise(_stems(reading)) if after in shared and word not in shared}
        for reading in (one, other)
    ]
    return bool(before[0].keys() & before[1].keys())


def _apart(mine: Sequence[T], theirs: Sequence[T], alike: Callable[[T, T], bool]) -> tuple[list[T], list[T]]:
    """Those of each side that none of the other side is like."""
    return (
        [a for a in mine if not any(alike(a, b) for b in theirs)],
        [b for b in theirs if not any(alike(b, a) for a in mine)],
    )
