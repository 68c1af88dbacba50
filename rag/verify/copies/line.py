"""A line of a source as a sentence is compared with it, and what pronouns in it may mean. Pure.

Owns: ``Line``, and what a line speaks of. Knows nothing about sentences.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rag.verify.copies.roles import (
    ARTICLES,
    BE,
    is_boundary,
    is_verb,
    relation,
)
from rag.verify.copies.units import WE, Row, Unit
from rag.verify.parse.parsed_text import ParsedText

# Cap on the units of a relative clause that is left out, of a moved phrase, and of the noun that a pronoun stands for.
_MAX_RELATIVE, _MAX_MOVED, _MAX_SUBJECT = 6, 5, 6


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source.

    Attributes:
        parsed: The line.
        row: Its units.
        known: The stems of what a pronoun that opens it may mean.
        kinds: The stems of what the line before says that this is: "song" for "Bright Bay is a song."
        titles: The stems of the titles above it, which may name who "we" are.
        names: The stems of all lines in order, in which a name may stand in full.
    """

    parsed: ParsedText
    row: Row
    known: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    names: str = ""

    def lacks(self, unit: Unit) -> bool:
        """Return whether the line does not have a word."""
        return unit.value is None and unit.stem not in self.parsed.stems and unit.stem != WE


def subject_stems(row: Row) -> frozenset[str]:
    """Return the stems of the words that open a line, up to its first verb: what "it" in the next line may mean."""
    ends = (at for at, unit in enumerate(row.units) if at and (is_verb(unit) or relation(unit)))
    return frozenset(unit.stem for unit in row.units[: min(next(ends, _MAX_SUBJECT), _MAX_SUBJECT)] if unit.stem)


def described_as(row: Row) -> frozenset[str]:
    """Return the stems of what a text says that its subject is: "new" and "song" for "Bay is a new song by Bo"."""
    at = next((at for at, unit in enumerate(row.units) if at and is_predicate(unit)), None)
    if at is None:
        return frozenset()
    rest = row.units[at:]
    end = next((i for i, unit in enumerate(rest) if i and (unit.before or is_boundary(unit))), len(rest))
    return frozenset(unit.stem for unit in rest[:end] if unit.stem)


def is_predicate(unit: Unit) -> bool:
    """Return whether a unit is what something is said to be: "is a song"."""
    return bool(BE.intersection(unit.before)) and unit.before[-1] in ARTICLES


def is_kind(unit: Unit, kinds: Collection[str]) -> bool:
    """Tell whether a unit is "the song" or "this song" where something is said to be a song.

    Args:
        unit: The unit.
        kinds: The stems of what something is said to be.

    Returns:
        Whether it is.
    """
    return unit.before in (("the",), ("this",)) and unit.stem in kinds
