"""What two spans of different sources say differently of the same thing. Pure.

Owns: which differences are disagreements. Knows nothing about retrieval or how an answer is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, islice, pairwise
from typing import Literal, TypeVar

from rag.notices import Notice
from rag.scoring.values import Conflicts
from rag.text import query_terms
from rag.types import Span
from rag.verify.conflict.asked import Asked, read_asked
from rag.verify.conflict.contraries import are_opposite, deny_alike, find_negation
from rag.verify.conflict.pairing import Pairing, Pairs, pair
from rag.verify.conflict.same_thing import happens_once, is_label, is_shared_by_many, names_another, tells_apart
from rag.verify.conflict.slots import Slot
from rag.verify.conflict.vocabulary import EVENTS, MUTUAL, TELLS_APART
from rag.verify.parse.lexicon import MUTUAL_WORDS
from rag.verify.parse.parsed_text import is_light, parse_text
from rag.verify.parse.quantities import Quantity

Kind = Literal["number", "date", "name", "order", "negation", "opposite"]
Value = TypeVar("Value")

# "The first six months" and "the first nine months" are two periods.
_PERIOD = re.compile(r"(?:first|last|past|next|previous)\b", re.I)
# Below this share of the words of the shorter one, two sentences are not laid side by side; a name or two are most of
# a short one.
_LEAST_SHARED, _LEAST_SHARED_OF_SHORT, _SHORT = 0.5, 0.3, 8
# Longer sentences are no sentences.
_LONGEST_SENTENCE = 2000
# Most characters of what each side is said to say.
_LONGEST_VALUE = 80
# Characters behind two names that are read for a word that says the same of both.
_BEHIND = 24
_CENTURY = re.compile(r"[\s-]+(?:centur|jahrhundert)", re.I)
_COUNTED = re.compile(r"\s[^\W\d_]+")
_PRONOUNS = {word: group[0] for group in (("he", "him", "his"), ("she", "her", "hers")) for word in group}
_LIST = re.compile(r"(?:\W|\b(?:and|or|with|und|oder|mit)\b)*", re.I)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What two spans say differently.

    Attributes:
        kind: In what they differ; "order" is that two names or values have changed places.
        first: What the first says.
        second: What the second says.
        once: Whether they tell of an event that happened once, so that a later source cannot have changed it.
    """

    kind: Kind
    first: str
    second: str
    once: bool = False

    @property
    def values(self) -> Notice:
        """Both values as a notice: "25 days or 30 days" in words."""
        return Notice("values-differ", {"first": self.first, "second": self.second})

    def reversed(self) -> Disagreement:
        """Return the same with the sides exchanged."""
        return replace(self, first=self.second, second=self.first)


def find_disagreement(left: Span, right: Span, question: str, limits: Conflicts) -> Disagreement | None:
    """Find what two spans of different sources say differently of the same thing.

    They must be about the same thing: share most of their words, name nothing that the other does not, and differ in
    one place alone. There one has another number, another date, another name, the opposite word or a negation; or two
    names or numbers have changed places. What differs elsewhere are two periods, two things or the rows of a table,
    which do not disagree. A clause that only one of them has counts for nothing.

    "Staff get 25 days of leave." and "Staff get 30 days of leave." disagree; "The toll of the south pier is 3." and
    "The toll of the north pier is 4." do not.

    Args:
        left: A span.
        right: Another one.
        question: The question that both are evidence for.
        limits: How much the two must share to be about the same thing.

    Returns:
        What each of them says; None where they do not disagree.
    """
    if left.source == right.source or left.quote == right.quote or left.header != right.header:
        return None
    if max(len(left.quote), len(right.quote)) > _LONGEST_SENTENCE:
        return None
    if not _may_be_alike(left.quote, right.quote):
        return None
    if _persons(left.quote) ^ _persons(right.quote) == {"he", "she"}:
        return None
    asked = read_asked(question)
    if found := _other_value(left.quote, right.quote, asked, limits):
        return found
    pairing = pair(left.quote, right.quote)
    if pairing is None or not pairing.shares(limits.shared_stems, limits.shared_share):
        return None
    is_row = bool(left.header) or "|" in left.quote or "|" in right.quote
    found = _in_place(left.quote, right.quote, pairing, asked, is_row)
    return found if found and len(found.first) <= _LONGEST_VALUE and len(found.second) <= _LONGEST_VALUE else None


def find_conflicts(
    spans: Sequence[Span],
    question: str,
    limits: Conflicts,
    is_compared: Callable[[Span, Span], bool] | None = None,
    counts: Callable[[Span, Span, Disagreement], bool] | None = None,
) -> list[tuple[Span, Span, Disagreement]]:
    """Find the pairs of spans that disagree.

    Args:
        spans: The evidence.
        question: The question that it is for.
        limits: How much two spans must share to be about the same thing.
        is_compared: Whether two spans are compared at all. None: all are.
        counts: Whether what two spans say differently is a disagreement. None: always.

    Returns:
        The pairs with what each says, in the order of the spans; each span is in one pair at most.
    """
    conflicts: list[tuple[Span, Span, Disagreement]] = []
    used: set[Span] = set()
    for left, right in combinations(spans, 2):
        if left in used or right in used or (is_compared and not is_compared(left, right)):
            continue
        found = find_disagreement(left, right, question, limits)
        if found and (counts is None or counts(left, right, found)):
            conflicts.append((left, right, found))
            used |= {left, right}
    return conflicts


# -- all of both sentences, in whichever order their words stand -------------------------------------------------------


def _other_value(left: str, right: str, asked: Asked, limits: Conflicts) -> Disagreement | None:
    """Find the one number or date in which two sentences differ that have the same words in any order."""
    one, other = parse_text(left), parse_text(right)
    one_stems, other_stems = set(_content_stems(left)), set(_content_stems(right))
    shared = one_stems & other_stems
    if len(shared) < limits.shared_stems or len(shared) < limits.shared_share * min(len(one_stems), len(other_stems)):
        return None
    if {name.lower() for name in one.names} != {name.lower() for name in other.names}:
        return None
    if (one_stems - shared and other_stems - shared) or _is_specified_differently(left, right, shared):
        # Each names something of its own: "the fee for a dog", "the fee for a boat".
        return None
    numbers = _differences(one.quantities, other.quantities, Quantity.equals)
    dates = _differences(one.dates, other.dates, lambda a, b: a.is_implied_by(b) or b.is_implied_by(a))
    match (*numbers, *dates):
        case ([a], [b], [], []) if a.unit == b.unit != "ordinal" and not _PERIOD.match(a.text):
            # A year that stands alone is a number.
            if not (a.is_year() and b.is_year()):
                found = Disagreement("number", a.text.strip(), b.text.strip())
                return None if _is_number_of_another(a, b, one.text, other.text, asked) else found
            return Disagreement("date", a.text.strip(), b.text.strip()) if asked.date else None
        case ([], [], [earlier], [later]) if asked.date:
            return Disagreement("date", earlier.text.strip(), later.text.strip())
    return None


def _is_number_of_another(left: Quantity, right: Quantity, left_text: str, right_text: str, asked: Asked) -> bool:
    one, other = (
        Slot("number", f"<number {number.unit}>", number.text, number.start, number.end, frozenset(), value=number)
        for number in (left, right)
    )
    is_named = asked.names(one) or asked.names(other)
    return (is_named and not asked.yes_no) or (is_label(one, left_text, asked) and is_label(other, right_text, asked))


def _may_be_alike(left: str, right: str) -> bool:
    """Return whether two sentences have so many words in common that it is worth laying them side by side."""
    one, other = _terms(left), _terms(right)
    shared, fewest = len(one & other), min(len(one), len(other))
    return shared > 0 and shared >= (_LEAST_SHARED if fewest > _SHORT else _LEAST_SHARED_OF_SHORT) * fewest


@lru_cache(maxsize=2048)
def _terms(text: str) -> frozenset[str]:
    return frozenset(query_terms(text))


def _persons(text: str) -> set[str]:
    return {_PRONOUNS[token.word] for token in parse_text(text).tokens if token.word in _PRONOUNS}


@lru_cache(maxsize=2048)
def _content_stems(text: str) -> tuple[str, ...]:
    """Return the stems of the content words in order; numbers, dates and light words left out."""
    return tuple(token.stem for token in parse_text(text).content_outside_numbers() if not is_light(token))


def _is_specified_differently(left: str, right: str, shared: set[str]) -> bool:
    """Return whether a shared word has another word before it on each side: "the *car* toll", "the *lorry* toll"."""
    specified = [
        {word for before, word in pairwise(_content_stems(text)) if word in shared and before not in shared}
        for text in (left, right)
    ]
    return bool(specified[0] & specified[1])


def _differences(
    left: Sequence[Value], right: Sequence[Value], is_same: Callable[[Value, Value], bool]
) -> tuple[list[Value], list[Value]]:
    """Return the values of each side that the other side does not have, two at most."""
    return (
        list(islice((a for a in left if not any(is_same(a, b) for b in right)), 2)),
        list(islice((b for b in right if not any(is_same(b, a) for a in left)), 2)),
    )


# -- clause by clause, in the order of the words -----------------------------------------------------------------------


def _in_place(left: str, right: str, pairing: Pairing, asked: Asked, is_row: bool) -> Disagreement | None:
    """Find what stands in the place of another thing, where all else is the same."""
    texts = parse_text(left).text, parse_text(right).text
    if is_row:
        return None
    if negation := find_negation(left, right, pairing):
        return Disagreement("negation", *negation)
    if not deny_alike(left, right, pairing):
        return None
    match _each_once(pairing.replaced):
        case ((one, other),):
            return _one_replaced(one, other, texts, pairing, asked)
        case ((one, other), (second, other_second)):
            return _exchanged((one, second), (other, other_second), texts, pairing)
    return None


def _one_replaced(
    one: Slot, other: Slot, texts: tuple[str, str], pairing: Pairing, asked: Asked
) -> Disagreement | None:
    is_named = asked.names(one) or asked.names(other)
    if any(slot.kind != "word" for extra in pairing.extra for slot in extra) or all(pairing.extra):
        return None
    if one.kind == other.kind == "date":
        is_one_event = happens_once(pairing, texts[0])
        return _found("date", one, other) if is_one_event or (asked.date and not is_named) else None
    if are_opposite(one, other, pairing):
        is_of_another = is_named and not asked.yes_no and bool(one.stems & (TELLS_APART | EVENTS))
        apart = tells_apart(one, texts[0], asked) and tells_apart(other, texts[1], asked)
        return None if any(pairing.extra) or is_of_another or apart else _found("opposite", one, other)
    if is_named and not asked.yes_no:
        return None
    if one.kind == other.kind == "number":
        if asked.date and all(_CENTURY.match(text, slot.end) for text, slot in zip(texts, (one, other), strict=True)):
            return _found("date", one, other)
        is_alike = one.key == other.key != "<number ordinal>" and not _PERIOD.match(one.text)
        labels = is_label(one, texts[0], asked) and is_label(other, texts[1], asked)
        return _found("number", one, other) if is_alike and not labels else None
    if any(pairing.extra):
        return None
    if _is_name(one, texts[0], asked) and _is_name(other, texts[1], asked):
        of_another = names_another(one, texts[0], asked) or names_another(other, texts[1], asked)
        if asked.name and not of_another and not is_shared_by_many(one, texts[0]):
            return replace(_found("name", one, other), once=happens_once(pairing, texts[0]))
    return None


def _each_once(replaced: Pairs) -> Pairs:
    """Return pairs without those that another one holds: of "on 7 May 2009 … in 2009" the first."""
    longest = sorted(replaced, key=lambda pair: -len(pair[0].text))
    kept: list[tuple[Slot, Slot]] = []
    for one, other in longest:
        if not any(one.text in first.text and other.text in second.text for first, second in kept):
            kept.append((one, other))
    return tuple(sorted(kept, key=lambda pair: pair[0].start))


def _exchanged(
    left: tuple[Slot, Slot], right: tuple[Slot, Slot], texts: tuple[str, str], pairing: Pairing
) -> Disagreement | None:
    """Find two names or two values that have changed places: "Ada beat Bo", "Bo beat Ada"."""
    if any(pairing.extra) or not (_are_same(left[0], right[1]) and _are_same(left[1], right[0])):
        return None
    between = [
        text[first.end : second.start].lower() for text, (first, second) in zip(texts, (left, right), strict=True)
    ]
    if between[0] != between[1] or _LIST.fullmatch(between[0]):
        return None
    around = parse_text(between[0] + texts[0][left[1].end : left[1].end + _BEHIND])
    if not {token.word for token in around.tokens}.isdisjoint(MUTUAL_WORDS) or not around.stems.isdisjoint(MUTUAL):
        return None
    first, second = (
        text[slots[0].start : _end_of_phrase(text, slots[1])] for text, slots in zip(texts, (left, right), strict=True)
    )
    if max(len(first), len(second)) > _LONGEST_VALUE:
        first, second = (f"{slots[0].text} … {slots[1].text}" for slots in (left, right))
    return Disagreement("order", first, second, happens_once(pairing, texts[0]))


def _end_of_phrase(text: str, slot: Slot) -> int:
    """Return where a slot ends, a number with the word that it counts."""
    counted = _COUNTED.match(text, slot.end) if slot.kind == "number" else None
    return counted.end() if counted else slot.end


def _are_same(one: Slot, other: Slot) -> bool:
    """Return whether two slots name the same; a name that opens a sentence is read as a word."""
    if one.value is not None or other.value is not None:
        return one.key == other.key and one.says_the_same(other)
    return one.stems == other.stems and (one.kind == "name" or other.kind == "name" or one.text[0].isupper())


def _is_name(slot: Slot, text: str, asked: Asked) -> bool:
    """Return whether a slot is a name; the word that opens a sentence may be one where the question asks who."""
    opens = (
        (asked.who or asked.where or bool(asked.kind_of)) and not text[: slot.start].strip() and slot.text[0].isupper()
    )
    return slot.kind == "name" or opens


def _found(kind: Kind, one: Slot, other: Slot) -> Disagreement:
    return Disagreement(kind, one.text, other.text)
