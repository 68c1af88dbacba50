"""The clauses of a sentence or a line, each with its subject. Pure.

Owns: ``asides``, which cuts a clause between commas out of a sentence, and ``clauses_of``, what the clauses of a line
say. Knows nothing about comparing two texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice, takewhile

from rag.verify.copies.roles import (
    ARTICLES,
    PERSONAL,
    RELATIVE,
    is_boundary,
    is_participle,
    is_verb,
    may_be_verb,
    relation,
)
from rag.verify.copies.units import Row, Unit

_HOLDING = frozenset("involving including containing featuring".split())
# Cap on the units of a relative clause, of the noun that a line is about, and on the clauses of a line.
_MAX_RELATIVE, _MAX_SUBJECT, _MAX_CLAUSES = 6, 6, 8


@lru_cache(maxsize=1024)
def clauses_of(row: Row) -> tuple[Row, ...]:
    """Return what the clauses of a line say, each told as a sentence.

    "Built in 1990, the mill is red" says "the mill was built in 1990"; "the mill, which Ada sold, burned" says "Ada
    sold the mill"; "Ada left after having sold the mill" says "Ada sold the mill"; "Ada Lund, a young smith, left" says
    "the young smith Ada Lund left".
    """
    of_asides = chain.from_iterable(asides(row))
    found = chain(of_asides, _with_objects(row), _perfects(row), _appositions(row), _contents(row))
    return tuple(clause for clause in islice(found, _MAX_CLAUSES) if clause != row)


def _with_objects(row: Row) -> Iterator[Row]:
    """Yield what relative clauses with a subject of their own say: "Ada sold the mill"."""
    units = row.units
    for at, unit in enumerate(units):
        if not at or "," not in unit.marks or unit.before[:1] != ("which",) or is_verb(unit):
            continue
        end = _end_of_clause(units, at)
        verb = next((place for place in range(at + 1, end) if is_verb(units[place])), 0)
        if not verb or any(relation(one) or is_boundary(one) for one in units[at + 1 : verb + 1]):
            continue
        opening = replace(unit, before=unit.before[1:], marks="")
        yield Row((opening, *units[at + 1 : verb + 1], *noun_before(units, at), *units[verb + 1 : end]))


def _perfects(row: Row) -> Iterator[Row]:
    """Yield what is told of the subject of a line as done before: "after having sold the mill"."""
    units = row.units
    first = next((at for at, unit in enumerate(units) if is_verb(unit)), 0)
    if first > _MAX_SUBJECT or any(relation(unit) or is_boundary(unit) for unit in units[1:first]):
        return
    place = next((at for at, word in enumerate(units[0].before) if word in PERSONAL), None)
    for at in range(first + 1, len(units)):
        verb = units[at]
        if verb.before[-2:] != ("after", "having") or not is_participle(verb):
            continue
        clause = units[at + 1 : _end_of_clause(units, at)]
        if first:
            yield Row((*units[:first], replace(verb, before=(), marks=""), *clause))
        elif place is not None:
            yield Row((replace(verb, before=(units[0].before[place],), marks=""), *clause))


def _appositions(row: Row) -> Iterator[Row]:
    """Yield a line with what a name is said to be before the name: "the young smith Ada Lund"."""
    units = row.units
    for at, unit in enumerate(units):
        if not at or unit.marks != "," or unit.before[:1] not in (("a",), ("an",), ("the",)) or len(unit.before) > 1:
            continue
        start = at - 1
        while start and units[start].is_upper and not (units[start].before or units[start].marks):
            start -= 1
        stop = at + 1
        while stop < len(units) and not (units[stop].before or units[stop].marks or is_verb(units[stop])):
            stop += 1
        end = _end_of_clause(units, at)
        is_name = all(one.is_upper and one.value is None for one in units[start:at])
        if not is_name or any(is_verb(one) for one in units[at:end]) or end - at > _MAX_RELATIVE:
            continue
        kind = (replace(unit, before=units[start].before, marks=units[start].marks), *units[at + 1 : stop])
        name = (replace(units[start], before=(), marks=""), *units[start + 1 : at])
        rest = (replace(units[end], marks=""), *units[end + 1 :]) if end < len(units) else ()
        yield Row((*units[:start], *kind, *name, *rest))


def _contents(row: Row) -> Iterator[Row]:
    """Yield that something is in what holds it: "two smiths were involved in a theft" for "a theft involving them"."""
    units = row.units
    for at, unit in enumerate(units[:-1]):
        if not at or unit.word not in _HOLDING or unit.before or unit.marks:
            continue
        end = _end_of_clause(units, at)
        if end > at + 1:
            holder = noun_before(units, at)
            held = (replace(unit, before=("were",)), replace(holder[0], before=("in", *holder[0].before)), *holder[1:])
            yield Row((*units[at + 1 : end], *held))


def _end_of_clause(units: Sequence[Unit], start: int) -> int:
    """Return where a clause ends that begins at a unit: before the next comma or other mark, or "and"."""
    return next((at for at in range(start + 1, len(units)) if is_boundary(units[at])), len(units))


def asides(row: Row) -> Iterator[tuple[Row, Row]]:
    """Yield a sentence without a clause between commas behind a noun, and that noun with the clause.

    "The mill, which Bo built, is red" becomes "The mill is red" and "the mill Bo built"; "The mill, built in 1990, is
    red" and "Built in 1990, the mill is red" become "The mill is red" and "the mill was built in 1990".
    """
    units = row.units
    for start, unit in enumerate(units):
        is_clause = bool(RELATIVE.intersection(unit.before)) and "," in unit.marks
        is_short = is_participle(unit) and not unit.before and (not start or "," in unit.marks)
        if not (is_clause or is_short):
            continue
        near = range(start + 1, min(len(units), start + 1 + _MAX_RELATIVE))
        end = next((at for at in near if "," in units[at].marks), 0)
        if not end:
            continue
        own = ("was",) if is_short else without_relative(unit.before)
        clause = (replace(unit, before=own, marks=""), *units[start + 1 : end])
        rest = (replace(units[end], marks=""), *units[end + 1 :])
        if start:
            yield Row((*units[:start], *rest)), Row((*noun_before(units, start), *clause))
        elif len(rest) > 1:
            subject = (rest[0], *takewhile(_continues_noun, rest[1:]))
            yield Row(rest), Row((*subject, *clause))


def _is_other_word(unit: Unit, following: Unit) -> bool:
    """Return whether a word is no part of the noun or name behind it: "[hired] Cy", "[sold] boats"."""
    return unit.is_upper != following.is_upper or is_verb(unit) or may_be_verb(unit)


def _continues_noun(unit: Unit) -> bool:
    return not (unit.before or unit.marks or is_verb(unit) or may_be_verb(unit))


def noun_before(units: Sequence[Unit], end: int) -> tuple[Unit, ...]:
    """Return the noun before a unit with its adjectives, without the preposition before it.

    Args:
        units: The units of a text.
        end: Which of them the noun stands before.

    Returns:
        The units of the noun.
    """
    start = end - 1
    while start and not (units[start].before or units[start].marks or _is_other_word(units[start - 1], units[start])):
        start -= 1
    articles = tuple(word for word in units[start].before if word in ARTICLES)
    return (replace(units[start], before=articles, marks=""), *units[start + 1 : end])


def without_relative(words: Iterable[str]) -> tuple[str, ...]:
    """Return small words without those that open a relative clause."""
    return tuple(word for word in words if word not in RELATIVE and word != "that")
