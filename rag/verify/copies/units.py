"""The content words, numbers and dates of a sentence in order, each with the small words before it. Pure.

Owns: ``Unit`` and how a parsed text becomes a row of them (``units_of``); which unit of a sentence is which of a line
(``match_in_order``). Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.verify.parse.dates import Date
from rag.verify.parse.lexicon import OPPOSITES
from rag.verify.parse.parsed_text import ParsedText, Token, is_light, stem_of
from rag.verify.parse.quantities import Quantity

# A sentence and a line with more pairs of equal units than this are not matched: it would take too long.
_MAX_PAIRS = 600
# What a skipped unit of the line costs, up to the cap, and what two pairs without a gap between them gain.
_SKIP_COST, _MAX_SKIP_COST, _NEIGHBOUR_GAIN = 0.02, 0.3, 0.1
# What a pair gains whose units have the same small words before them.
_SAME_BEFORE_GAIN = 0.1
# Words that add nothing behind a preposition, which then tells no role: "for example", "in fact".
_PHRASES = {
    "example": ("for",), "instance": ("for",), "fact": ("in",), "addition": ("in",), "general": ("in",),
    "particular": ("in",), "result": ("as",), "course": ("of",), "hand": ("other", "one"), "contrast": ("in",),
}  # fmt: skip
# The stem of the words by which whoever speaks means himself, and these words.
WE = "we"
_FIRST_PERSON = frozenset("we us our ours".split())
# Stems of words with an opposite, none of which adds nothing.
_OPPOSITES = frozenset(stem_of(word) for pair in OPPOSITES for words in pair for word in words.split())
# They add nothing to a name or word beside them.
_TITLES = frozenset("mr mrs ms miss dr prof sir word one ones even notably importantly".split())
# Words before "to" and a verb that say no more than the words given with them, and what goes with these.
_HELPERS = {
    "ability": ("can",), "able": ("can",), "manage": (), "manages": (), "managed": (), "due": ("because", "of"),
    "owing": ("because", "of"),
}  # fmt: skip
_HELPED = frozenset("is are was were be been has have had the an".split())
_WORD = re.compile(r"\w+")
_NO_MARK = re.compile(r"[\w\s'’-]")
# Hyphens that stand for a dash.
_DASH = re.compile(r"--|(?<=\s)-(?=\s)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A content word, a number or a date of a text.

    Attributes:
        word: The word in small letters, or the number or date as written.
        stem: Its stem; "" for a number or date.
        value: The number or the date; None for a word.
        before: The small words between the unit before it and this one, in order and in small letters; words that add
            nothing to what is said are among them.
        marks: The characters between the two that are neither letters nor digits, without white space and hyphens.
        is_upper: Whether it starts with a capital.
    """

    word: str
    stem: str
    value: Quantity | Date | None
    before: tuple[str, ...]
    marks: str
    is_upper: bool

    def is_same(self, other: Unit) -> bool:
        """Return whether a unit of a line says what this one of a sentence says."""
        if self.value is None:
            return other.value is None and self.stem == other.stem
        if isinstance(self.value, Date):
            return isinstance(other.value, Date) and self.value.is_implied_by(other.value)
        if isinstance(other.value, Date):
            return not self.value.unit and bool(other.value.years().intersection(self.value.values))
        return other.value is not None and self.value.equals(other.value)


@dataclass(frozen=True, slots=True)
class Row:
    """The units of a text in order.

    Attributes:
        units: The units.
        behind: The small words behind the last one.
        subject: For the second part of a sentence the stems of the subject that it may share with the first.
        kinds: The stems of what the first part says that this subject is.
        shared: The stems of the first part, whose words the second may leave out: "Ada has 5 boats and Bo 6".
        ends_in_subject: Whether a verb may follow in the line.
    """

    units: tuple[Unit, ...]
    behind: tuple[str, ...] = ()
    subject: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    ends_in_subject: bool = False


@lru_cache(maxsize=4096)
def units_of(parsed: ParsedText) -> Row:
    """Return the units of a parsed text in order."""
    text = parsed.text
    numbers: tuple[Quantity | Date, ...] = (*parsed.quantities, *parsed.dates)
    values = sorted(numbers, key=lambda value: value.start)
    ends = [value.end for value in values]
    # "US" and "IT" are small words in small letters.
    acronyms = [name for name in parsed.names if name.isupper()]
    units: list[Unit] = []
    before: list[str] = []
    end = parsed.tokens[0].start if parsed.tokens else 0
    gap_start = 0 if not text[:end].strip() or not _WORD.search(text[:end]) else end
    taken: set[int] = set()

    def add(word: str, stem: str, value: Quantity | Date | None, start: int, stop: int) -> None:
        nonlocal gap_start
        marks = _NO_MARK.sub("", _DASH.sub("–", text[gap_start:start]))
        is_about = isinstance(value, Quantity) and before[-1:] == ["about"]
        # "About 50" is a bound, and no role.
        small = tuple(before[:-1] if is_about else before)
        units.append(Unit(word, stem, value, small, marks, text[start].isupper()))
        before.clear()
        gap_start = max(gap_start, stop)

    for token in parsed.tokens:
        at = bisect_left(ends, token.start + 1)
        value = values[at] if at < len(values) and values[at].start <= token.start else None
        if value is not None:
            if at not in taken:
                taken.add(at)
                add(value.text.strip().casefold(), "", value, value.start, value.end)
        elif token.word in _FIRST_PERSON and not text[token.start : token.end].isupper():
            add(token.word, WE, None, token.start, token.end)
        elif token.word == "along" and text[token.end :].startswith(" with "):
            before.append("and")
        elif token.word in _PHRASES and before[-1:] and before[-1] in _PHRASES[token.word]:
            del before[_phrase_start(before) :]
        elif text[token.start : token.end] in acronyms or _says_something(token):
            add(token.word, token.stem, None, token.start, token.end)
        else:
            before.append(token.word)
    units = [replace(u, before=("and", *u.before[2:])) if u.before[:2] == ("and", "with") else u for u in units]
    units = _ranges_with_dashes(units)
    return Row(tuple(_without_helpers(_without_totals(units))), tuple(before))


def _ranges_with_dashes(units: list[Unit]) -> list[Unit]:
    """Return units with "20–30" for "20 to 30" and "between 20 and 30"."""
    for at in range(1, len(units)):
        low, high = units[at - 1], units[at]
        if not (isinstance(low.value, Quantity) and isinstance(high.value, Quantity)) or high.marks.strip("$€£"):
            continue
        if high.before == ("to",) and low.before[-1:] != ("from",):
            units[at] = replace(high, before=(), marks="–")
        elif high.before == ("and",) and low.before[-1:] == ("between",):
            units[at - 1 : at + 1] = [replace(low, before=low.before[:-1]), replace(high, before=(), marks="–")]
    return units


def _without_totals(units: Sequence[Unit]) -> list[Unit]:
    """Return units with "5 boats" for "a total of 5 boats"."""
    kept: list[Unit] = []
    for at, unit in enumerate(units):
        last = units[at - 1] if at else None
        if last and last.word == "total" and last.before[-1:] == ("a",) and unit.value and unit.before == ("of",):
            kept[-1] = replace(unit, before=last.before[:-1], marks=last.marks)
        else:
            kept.append(unit)
    return kept


def _without_helpers(units: Sequence[Unit]) -> Iterator[Unit]:
    """Yield units with "can" for "is able to", "because of" for "due to", and without "managed to"."""
    before: tuple[str, ...] | None = None
    marks = ""
    for at, unit in enumerate(units):
        following = units[at + 1] if at + 1 < len(units) else None
        if before is not None:
            unit = replace(unit, before=(*before, *unit.before[1:]), marks=marks)
            before = None
        if following and following.before[:1] == ("to",) and unit.word in _HELPERS:
            before, marks = (*(word for word in unit.before if word not in _HELPED), *_HELPERS[unit.word]), unit.marks
        else:
            yield unit


def _phrase_start(before: Sequence[str]) -> int:
    """Return where the small words of a phrase begin: at "for" of "for example", at "on" of "on the other hand"."""
    return len(before) - (3 if tuple(before[-3:-1]) == ("on", "the") else 1)


def _says_something(token: Token) -> bool:
    return token.is_content and token.word not in _TITLES and (not is_light(token) or token.stem in _OPPOSITES)


def match_in_order(units: Sequence[Unit], line: Sequence[Unit]) -> list[tuple[int, int]]:
    """Match the units of a sentence with equal units of a line, in the order of both.

    Of all ways the one that matches most is chosen, with the fewest units of the line between matched ones.

    Args:
        units: The units of the sentence.
        line: The units of the line.

    Returns:
        The numbers of matched units in the sentence and in the line, in order; none where too many units are equal.
    """
    pairs = _equal_pairs(units, line)
    if not pairs or len(pairs) > _MAX_PAIRS:
        return []
    best: list[float] = []
    previous: list[int] = []
    for at, (i, j) in enumerate(pairs):
        own = 1.0 + (_SAME_BEFORE_GAIN if units[i].before[-1:] == line[j].before[-1:] else 0.0)
        most, come_from = own, -1
        for other in range(at):
            earlier_i, earlier_j = pairs[other]
            if earlier_i < i and earlier_j < j:
                skipped = j - earlier_j - 1
                step = -min(_MAX_SKIP_COST, _SKIP_COST * skipped) if skipped else _NEIGHBOUR_GAIN
                if best[other] + own + step > most:
                    most, come_from = best[other] + own + step, other
        best.append(most)
        previous.append(come_from)
    at = max(range(len(pairs)), key=lambda pair: best[pair])
    matched = []
    while at >= 0:
        matched.append(pairs[at])
        at = previous[at]
    return matched[::-1]


def _equal_pairs(units: Sequence[Unit], line: Sequence[Unit]) -> list[tuple[int, int]]:
    """Return the numbers of equal units in order; it stops at more than are matched."""
    places: dict[str, list[int]] = {}
    for j, other in enumerate(line):
        places.setdefault(other.stem, []).append(j)
    pairs: list[tuple[int, int]] = []
    for i, unit in enumerate(units):
        if len(pairs) > _MAX_PAIRS:
            break
        same_stem = places.get(unit.stem, [])
        pairs += [(i, j) for j in same_stem if unit.value is None or unit.is_same(line[j])]
    return pairs
