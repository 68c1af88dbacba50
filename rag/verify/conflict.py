"""Do two sources disagree? Pure.

Owns: finding two sentences that say different numbers or dates of the same thing. Knows nothing about retrieval or how
an answer is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from typing import TypeVar

from rag.notices import Notice
from rag.scoring.values import Conflicts
from rag.types import Span
from rag.verify.parsed_text import ParsedText, is_light, parse_text
from rag.verify.quantities import Quantity

Value = TypeVar("Value")

# A question that asks for a date. Beside any other one, a date only tells when something was said.
_ASKS_FOR_DATE = re.compile(
    r"\b(?:when|since|until|deadlines?|due|dates?|days?|months?|years?|born|died|founded|founding|established|built|opened"
    r"|opens?|closes?|launched|published|signed|starts?|began|begins?|ends?|ended|expires?|expiry)\b",
    re.I,
)
# "The first six months" and "the first nine months" are two periods.
_PERIOD = re.compile(r"(?:first|last|past|next|previous)\b", re.I)


def find_disagreement(left: Span, right: Span, question: str, limits: Conflicts) -> Notice | None:
    """Find what two spans of different sources say differently of the same thing.

    They must share most of their words, one of them all of its own, name nothing that the other does not, and differ in
    one number, or in one date
    where the question asks for one. Where more differs, they are about two periods, such as last year and this year.
    Two ordinals, and rows of tables with other columns, do not disagree.

    "Staff get 25 days of leave." and "Staff get 30 days of leave." disagree; "The toll of the south pier is 3." and
    "The toll of the north pier is 4." do not.

    Args:
        left: A span.
        right: Another one.
        question: The question that both are evidence for.
        limits: How much the two must share to be about the same thing.

    Returns:
        The two values, "25 days or 30 days" in words; None where they do not disagree.
    """
    if left.source == right.source or left.quote == right.quote or left.header != right.header:
        return None
    one, other = parse_text(left.quote), parse_text(right.quote)
    one_stems, other_stems = set(_content_stems(one)), set(_content_stems(other))
    shared = one_stems & other_stems
    if len(shared) < limits.shared_stems or len(shared) < limits.shared_share * min(len(one_stems), len(other_stems)):
        return None
    if {name.lower() for name in one.names} != {name.lower() for name in other.names}:
        return None
    if (one_stems - shared and other_stems - shared) or _is_specified_differently(one, other, shared):
        # Each names something of its own: "the fee for a dog", "the fee for a boat".
        return None
    numbers = _differences(one.quantities, other.quantities, Quantity.equals)
    dates = _differences(one.dates, other.dates, lambda a, b: a.is_implied_by(b) or b.is_implied_by(a))
    match (*numbers, *dates):
        case ([a], [b], [], []) if a.unit == b.unit != "ordinal" and not _PERIOD.match(a.text):
            # A year that stands alone is a number.
            are_dates = a.is_year() and b.is_year()
            return _either(a.text.strip(), b.text.strip()) if not are_dates or _ASKS_FOR_DATE.search(question) else None
        case ([], [], [earlier], [later]) if _ASKS_FOR_DATE.search(question):
            return _either(earlier.text, later.text)
    return None


def find_conflicts(
    spans: Sequence[Span],
    question: str,
    limits: Conflicts,
    may_disagree: Callable[[Span, Span], bool] | None = None,
) -> list[tuple[Span, Span, Notice]]:
    """Find the pairs of spans that disagree.

    Args:
        spans: The evidence.
        question: The question that it is for.
        limits: How much two spans must share to be about the same thing.
        may_disagree: Whether two spans can contradict each other at all; those of two times do not. None: all can.

    Returns:
        The pairs with their two values, in the order of the spans; each span is in one pair at most.
    """
    conflicts: list[tuple[Span, Span, Notice]] = []
    used: set[Span] = set()
    for left, right in combinations(spans, 2):
        if left in used or right in used:
            continue
        if (may_disagree is None or may_disagree(left, right)) and (
            values := find_disagreement(left, right, question, limits)
        ):
            conflicts.append((left, right, values))
            used |= {left, right}
    return conflicts


def _either(first: str, second: str) -> Notice:
    return Notice("values-differ", {"first": first, "second": second})


def _content_stems(parsed: ParsedText) -> list[str]:
    """Return the stems of the content words in order; numbers, dates and light words left out."""
    return [token.stem for token in parsed.content_outside_numbers() if not is_light(token)]


def _is_specified_differently(one: ParsedText, other: ParsedText, shared: set[str]) -> bool:
    """Return whether a shared word has another word before it on each side: "the *car* toll", "the *lorry* toll"."""
    specified = [
        {word for before, word in pairwise(_content_stems(parsed)) if word in shared and before not in shared}
        for parsed in (one, other)
    ]
    return bool(specified[0] & specified[1])


def _differences(
    left: Sequence[Value], right: Sequence[Value], is_same: Callable[[Value, Value], bool]
) -> tuple[list[Value], list[Value]]:
    """Return the values of each side that the other side does not have."""
    return (
        [a for a in left if not any(is_same(a, b) for b in right)],
        [b for b in right if not any(is_same(b, a) for a in left)],
    )
