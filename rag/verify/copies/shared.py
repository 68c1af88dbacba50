"""Which parts of a sentence stand in a line: its content stems, its numbers and its dates. Pure.

Owns: what the parts of a sentence are and when a line has one. Numbers and dates are looked up, so that a sentence of
many and a source of many take no longer than both together. Knows nothing about which lines a sentence rests on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

from rag.verify.parse.dates import Date, all_implied
from rag.verify.parse.parsed_text import ParsedText
from rag.verify.parse.quantities import Quantity

# A part of a sentence: a content stem, a quantity by the start and end of the first that says the same, or a date by
# its start and its number below 0.
Part = str | tuple[int, int]

# Wider than the distance of two values that are one, relative to them.
_NEAR = 3e-9


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a sentence.

    Attributes:
        stems: Its content stems outside numbers and dates.
        repeats: How many numbers or dates a part stands for, where it is more than one.
        count: How many parts there are, each number and date counted.
    """

    stems: frozenset[str]
    repeats: Mapping[Part, int]
    count: int
    _numbers: _Numbers
    _dates: _Dates

    def in_line(self, line: ParsedText) -> Set[Part]:
        """Return the parts that a line has."""
        found: set[Part] = set(self.stems & line.stems)
        if self._numbers and (line.quantities or line.dates):
            found.update(self._numbers.in_line(line))
        if self._dates and line.dates:
            found.update(self._dates.in_line(line))
        return found

    def weight(self, some: Set[Part]) -> float:
        """Return how many parts some are, each number and date counted."""
        further = sum(self.repeats[part] - 1 for part in some & self.repeats.keys()) if self.repeats else 0
        return len(some) + further


class _Numbers:
    """The numbers of a sentence by their units and values."""

    def __init__(self, quantities: Iterable[tuple[Quantity, Part]]) -> None:
        entries: dict[str, list[tuple[float, int, Quantity, Part]]] = {}
        self._plain: dict[float, list[Part]] = {}
        for at, (quantity, part) in enumerate(quantities):
            for value in quantity.values:
                entries.setdefault(quantity.unit, []).append((value, at, quantity, part))
                if not quantity.unit:
                    self._plain.setdefault(value, []).append(part)
        self._entries = {unit: sorted(some, key=lambda entry: entry[:2]) for unit, some in entries.items()}
        self._values = {unit: [entry[0] for entry in some] for unit, some in self._entries.items()}

    def __bool__(self) -> bool:
        return bool(self._entries)

    def in_line(self, line: ParsedText) -> Iterator[Part]:
        for other in line.quantities:
            values = self._values.get(other.unit, ())
            for value in other.values if values else ():
                margin = _NEAR * abs(value) if isfinite(value) else 0.0
                first, last = bisect_left(values, value - margin), bisect_right(values, value + margin)
                for _, _, quantity, part in self._entries[other.unit][first:last]:
                    if quantity.equals(other):
                        yield part
        for date in line.dates if self._plain else ():
            for year in date.years():
                yield from self._plain.get(year, ())


class _Dates:
    """The dates of a sentence by what they may mean."""

    def __init__(self, dates: Iterable[tuple[Date, Part]]) -> None:
        self._parts: dict[tuple[int, int, int], list[Part]] = {}
        for date, part in dates:
            for interpretation in date.interpretations:
                self._parts.setdefault(interpretation, []).append(part)

    def __bool__(self) -> bool:
        return bool(self._parts)

    def in_line(self, line: ParsedText) -> Iterator[Part]:
        for implied in all_implied(line.dates):
            yield from self._parts.get(implied, ())


@lru_cache(maxsize=256)
def parts_of(claim: ParsedText) -> Parts:
    """Return the parts of a sentence, ready to be looked for in lines."""
    repeats: dict[Part, int] = {}
    numbers: dict[tuple[object, ...], tuple[Quantity, Part]] = {}
    for quantity in claim.quantities:
        key = (quantity.unit, quantity.values, quantity.factor)
        _, part = numbers.setdefault(key, (quantity, (quantity.start, quantity.end)))
        repeats[part] = repeats.get(part, 0) + 1
    dates: dict[frozenset[tuple[int, int, int]], tuple[Date, Part]] = {}
    for date in claim.dates:
        # "March 3-5" is two dates that stand in one place.
        _, part = dates.setdefault(date.interpretations, (date, (date.start, -1 - len(dates))))
        repeats[part] = repeats.get(part, 0) + 1
    stems = frozenset(token.stem for token in claim.content_outside_numbers())
    return Parts(
        stems,
        {part: count for part, count in repeats.items() if count > 1},
        len(stems) + len(claim.quantities) + len(claim.dates),
        _Numbers(numbers.values()),
        _Dates(dates.values()),
    )
