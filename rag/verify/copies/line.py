"""A line of a source as a sentence is compared with it, and what pronouns in it may mean. Pure.

Owns: ``Line``, what a line speaks of, and a sentence told with its words (``in_words_of``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.text import STOPWORDS
from rag.verify.copies.families import relatives_of, verbs_of
from rag.verify.copies.roles import (
    ARTICLES,
    BE,
    is_boundary,
    is_verb,
    relation,
)
from rag.verify.copies.units import WE, Row, Unit
from rag.verify.parse.parsed_text import ParsedText, stem_of

_DEFINITE_WORDS = (("the",), ("this",), ("these",))
# A possessive and the word behind it: "mill's key", "mills' key".
_POSSESSIVE = re.compile(r"(\w+)(?:['’]s|(?<=s)['’])\s{1,3}(\w+)")
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
        owners: The possessives of the sources, each the stems of whose it is and of the word behind.
        kept_owners: The stems of the possessives that the sentence has.
        sources: The words of the sources as written.
    """

    parsed: ParsedText
    row: Row
    known: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    names: str = ""
    owners: frozenset[tuple[str, str]] = frozenset()
    kept_owners: frozenset[str] = frozenset()
    sources: tuple[str, ...] = ()

    def lacks(self, unit: Unit) -> bool:
        """Return whether the line does not have a word."""
        return unit.value is None and unit.stem not in self.parsed.stems and unit.stem != WE


def possessives(texts: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return the possessives of texts as written: the stems of "mill" and "key" for "the mill's key"."""
    found = (match for text in texts if "'" in text or "’" in text for match in _POSSESSIVE.finditer(text))
    return frozenset((stem_of(match[1].casefold()), stem_of(match[2].casefold())) for match in found)


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


def in_short(row: Row, line: Line) -> Row:
    """Tell a sentence with "the fee" for "the harbour fee" where the line says so and the sources know no other fee.

    Args:
        row: The units of the sentence.
        line: The line.

    Returns:
        The units of the sentence without such words before a noun.
    """
    definite = {unit.stem for unit in line.row.units if unit.before[-1:] in _DEFINITE_WORDS and unit.value is None}
    named = {(kind.stem, noun.stem) for kind, noun in pairwise(line.row.units)}
    units = list(row.units)
    for at in range(len(units) - 1, 0, -1):
        kind, noun = units[at - 1], units[at]
        is_pair = noun.stem in definite and not (noun.before or noun.marks or is_verb(kind) or is_verb(noun))
        is_plain = kind.value is None and (not kind.is_upper or at == 1) and kind.before[-1:] in _DEFINITE_WORDS
        if (
            is_pair
            and is_plain
            and (kind.stem, noun.stem) not in named
            and _is_only_kind(kind.word, noun.word, line.sources)
        ):
            units[at - 1 : at + 1] = [replace(noun, before=kind.before, marks=kind.marks)]
    return replace(row, units=tuple(units)) if len(units) < len(row.units) else row


def _is_only_kind(kind: str, noun: str, sources: Iterable[str]) -> bool:
    """Return whether the sources speak of a noun with a word before it, and with no other such word."""
    pattern = re.compile(rf"(\w+)\s{{1,3}}{re.escape(noun)}\b", re.I)
    before = {match[1].casefold() for text in sources for match in pattern.finditer(text)}
    return kind in before and all(word in (kind, "other") or word in STOPWORDS for word in before)


# Verbs whose noun is followed by what the deed is done to: "the closure of the mine".
_DONE_TO_WHAT_FOLLOWS = frozenset(
    stem_of(word)
    for word in "discover close create construct destroy reduce introduce remove recover complete extend expand "
    "eliminate restore adopt acquire publish sell produce demolish store".split()
)


def in_words_of(row: Row, line: Row) -> Row:
    """Tell a sentence with the words of a line, where these lack a word of it and have one of its family.

    A noun of the sentence may be a verb of the line, "the discovery of gold" for "discovered gold". A verb is no noun,
    since "Ada fears the closure of the mine" does not say that it was closed.

    Args:
        row: The units of the sentence.
        line: Those of the line.

    Returns:
        The units of the sentence, each of such words with the stem of the word of the line.
    """
    stems = {unit.stem: at for at, unit in enumerate(line.units) if unit.value is None}
    lacking = [at for at, unit in enumerate(row.units) if unit.value is None and unit.stem not in stems]
    if not lacking:
        return row
    sources: dict[str, set[str]] = {}
    for unit in line.units:
        for stem in relatives_of(unit.word) if unit.value is None else ():
            sources.setdefault(stem, set()).add(unit.stem)
    deeds: dict[str, set[str]] = {}
    for unit in line.units:
        for stem in verbs_of(unit.word) if unit.value is None else ():
            deeds.setdefault(stem, set()).add(unit.stem)
    units = list(row.units)
    for at in lacking:
        unit = units[at]
        verbs = verbs_of(unit.word) & stems.keys()
        others = (relatives_of(unit.word) & stems.keys()) | sources.get(unit.stem, set())
        if unit.word.endswith("ing"):
            others |= deeds.get(unit.stem, set())
        if len(family := verbs | others) != 1:
            continue
        (stem,) = family
        units[at] = replace(unit, stem=stem)
        following = units[at + 1] if at + 1 < len(units) else None
        after = line.units[stems[stem] + 1] if stems[stem] + 1 < len(line.units) else None
        is_of = following is not None and following.before[:1] == ("of",) and not following.is_upper
        if verbs & _DONE_TO_WHAT_FOLLOWS and following and after and is_of and not relation(after):
            units[at + 1] = replace(following, before=following.before[1:])
    return replace(row, units=tuple(units))
