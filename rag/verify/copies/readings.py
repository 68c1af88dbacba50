"""A sentence and a line in the forms that say the same: passives turned, clauses moved, names for pronouns. Pure.

Owns: ``readings``. Knows nothing about what may differ between them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from rag.verify.copies.line import Line, is_kind
from rag.verify.copies.roles import (
    ARTICLES,
    AUXILIARIES,
    BE,
    COMPLEMENT,
    JOINING,
    MOVABLE,
    PERSONAL,
    SUBORDINATING,
    is_boundary,
    is_participle,
    is_verb,
    may_be_verb,
    relation,
)
from rag.verify.copies.units import WE, Row, Unit

# Cap on the units of a relative clause that is left out, of a moved phrase, and of the noun that a pronoun stands for.
_MAX_RELATIVE, _MAX_MOVED, _MAX_SUBJECT = 6, 5, 6
# Cap on the lists of a text whose members may stand in another order.
_MAX_LISTS = 8
_COPULAS = BE | frozenset("become becomes became".split())
_VERBS = _COPULAS | AUXILIARIES
_DEFINITE = frozenset("the its their his her".split())
# Adverbs that limit what stands behind them, so that their place counts.
_LIMITING = frozenset(
    "only mostly mainly nearly hardly barely scarcely partly solely largely merely purely exclusively primarily "
    "chiefly supposedly allegedly reportedly apparently possibly probably likely family".split()
)
_LETTERS_OF_MANNER = 4
# Verbs that say no more than that something is there.
_STANDING = frozenset(
    "lies lie lay stands stand stood sits sit sat runs run ran exists exist existed hangs hang".split()
)
# What a phrase between a passive and its agent begins with: "was moved to Hull by Ada".
_BEHIND_PASSIVE = MOVABLE | {"to", "with"}
_OF = {("of",), ("of", "the"), ("of", "a"), ("of", "an")}
# Words that may stand before a subject.
_CONNECTING = JOINING | SUBORDINATING | COMPLEMENT


def readings(row: Row, line: Line) -> Iterator[tuple[Row, Row]]:
    """Yield a sentence with a line, each as it stands and in the forms that say the same.

    Passives are turned into actives, "Ada is the captain" into "the captain Ada", "A because B" into "Because B, A",
    and the name in the title of a company's report into "we".

    Args:
        row: The units of the sentence.
        line: The line.

    Yields:
        The two, in a form each.
    """
    line = replace(line, row=_with_properties(line.row))
    row = _with_properties(_adverbs_as_in(row, line.row))
    yield row, line.row
    if (listed := _listed_as_in(row, line.row)) is not None:
        row = listed
        yield row, line.row
    if (bare := _without_brackets(line.row)) is not None:
        yield row, bare
    for is_long in (False, True):
        if (active := _active(row, is_long)) is not None:
            yield active, line.row
        if (active := _active(line.row, is_long)) is not None:
            yield row, active
    if (active := _active_of_unnamed(row, line.row)) is not None:
        yield active, line.row
    if row.units[0].before[:1] == ("you",) and (active := _active_of_unnamed(line.row, row)) is not None:
        yield row, active
    if (turned := _genitives_as_in(row, line.row)) is not None:
        yield turned, line.row
    if (turned := _genitives_as_in(line.row, row)) is not None:
        yield row, turned
    if (apposition := _apposition(row)) is not None:
        yield apposition, line.row
    if (inverted := _inverted(row)) is not None:
        yield inverted, line.row
    if (said := _with_role(line.row)) is not None:
        yield row, said
    if (moved := _moved_clause(row, line.row)) is not None:
        yield moved, line.row
    if (named := _with_name(row, line)) is not None:
        yield row, named
    if (moved := _moved_reason(row)) is not None:
        yield moved, line.row
    if row.units[0].before[:1] == ("there",):
        yield from ((stated, line.row) for stated in _without_there(row, line.row))
    if any(_is_author(unit) for unit in line.row.units) and (author := _with_author(row, line.titles)) is not None:
        yield author, replace(line.row, units=tuple(_author(u) if _is_author(u) else u for u in line.row.units))


def _adverbs_as_in(row: Row, other: Row) -> Row:
    """Return a text with each adverb on the side of its verb that another has: "fully rebuilt", "rebuilt fully"."""
    units = list(row.units)
    pairs = {(left.word, right.word) for left, right in pairwise(other.units) if not right.marks}
    for at in range(1, len(units)):
        left, right = units[at - 1], units[at]
        is_manner = _is_manner(right) and is_verb(left) and not right.before
        is_before = _is_manner(left) and is_participle(right) and not right.before
        if (is_manner or is_before) and not right.marks and (right.word, left.word) in pairs:
            units[at - 1 : at + 1] = [
                replace(right, before=left.before, marks=left.marks),
                replace(left, before=(), marks=""),
            ]
    return replace(row, units=tuple(units))


def _with_properties(row: Row) -> Row:
    """Return a text with "the mill's height is 9 metres" for "the mill has a height of 9 metres"."""
    units = list(row.units)
    for at in range(1, len(units) - 1):
        name, value = units[at], units[at + 1]
        if name.before in (("has", "a"), ("has", "an"), ("had", "a"), ("had", "an")) and value.before[:1] == ("of",):
            is_number = value.value is not None and not (name.marks or value.marks)
            copula = "is" if name.before[0] == "has" else "was"
            if is_number:
                units[at : at + 2] = [replace(name, before=()), replace(value, before=(copula, *value.before[1:]))]
    return replace(row, units=tuple(units)) if row.units else row


def _is_manner(unit: Unit) -> bool:
    """Return whether a unit is an adverb that tells how something is done, and of nothing that it holds alone."""
    return unit.word.endswith("ly") and unit.word not in _LIMITING and len(unit.word) > _LETTERS_OF_MANNER


def _without_brackets(row: Row) -> Row | None:
    """Return a text without what stands in brackets; None where there are none."""
    depth, kept = 0, list[Unit]()
    for unit in row.units:
        depth = max(0, depth + sum((mark in "([") - (mark in ")]") for mark in unit.marks))
        if not depth:
            kept.append(replace(unit, marks=unit.marks.strip(")]")) if unit.marks[:1] in (")", "]") else unit)
    return replace(row, units=tuple(kept)) if kept and len(kept) < len(row.units) else None


def _moved_clause(row: Row, other: Row) -> Row | None:
    """Return "Because it rained, they left" for "They left because it rained", and the other way round."""
    units, aims = row.units, frozenset(unit.stem for unit in other.units if unit.before == ("to",))
    opens = bool(units) and _may_open_clause(units[0], aims)
    for at, unit in enumerate(units[1:], start=1):
        if "," in unit.marks if opens else _may_open_clause(unit, aims if other.units[0].before == ("to",) else ()):
            main = replace(units[0], marks=",")
            return Row((replace(unit, marks=""), *units[at + 1 :], main, *units[1:at]))
    return None


def _may_open_clause(unit: Unit, aims: Collection[str]) -> bool:
    """Return whether a unit opens a clause, or what something is done for: "because it rained", "to open the lid".

    Args:
        unit: The unit.
        aims: Stems that are verbs behind "to".

    Returns:
        Whether it does.
    """
    is_aim = unit.before[:1] == ("to",) and (may_be_verb(unit) or (len(unit.before) == 1 and unit.stem in aims))
    return is_aim or bool(SUBORDINATING.intersection(unit.before)) or unit.word in ("despite", "unless")


def _moved_reason(row: Row) -> Row | None:
    """Return "They were late, so they left" for "As they were late, they left"."""
    units = row.units
    if not units or units[0].before[:1] not in (("as",), ("because",), ("since",)):
        return None
    at = next((at for at, unit in enumerate(units) if at and "," in unit.marks), 0)
    if not at:
        return None
    first = replace(units[0], before=units[0].before[1:])
    return replace(
        row, units=(first, *units[1:at], replace(units[at], before=("so", *units[at].before)), *units[at + 1 :])
    )


def _with_name(row: Row, line: Line) -> Row | None:
    """Return a line with the name that opens a sentence for the pronoun or "the song" that it stands for; else None."""
    units = line.row.units
    start = _end_of_fronted(row.units)
    named = range(start, len(row.units))
    end = next((i for i in named if row.units[i].stem not in line.known or (i > start and row.units[i].before)), 0)
    end = 0 if end == start else end
    at = next((at for at, unit in enumerate(units) if PERSONAL.intersection(unit.before)), None)
    if is_kind(units[0], line.kinds):
        at, rest = 0, units[1:]
    elif at is None or not end or (at and not _is_fronted(units[: at + 1])):
        return None
    else:
        place = next(i for i, word in enumerate(units[at].before) if word in PERSONAL)
        rest = (replace(units[at], before=units[at].before[place + 1 :], marks=""), *units[at + 1 :])
    if not end:
        return None
    before = tuple(word for word in units[at].before if word in _CONNECTING)
    first = replace(row.units[start], before=before, marks=units[at].marks)
    return replace(line.row, units=(*units[:at], first, *row.units[start + 1 : end], *rest))


def _without_there(row: Row, line: Row) -> Iterator[Row]:
    """Yield "the lake has two boats" and "two boats lie on the lake" for "there are two boats on the lake"."""
    units = row.units
    at = next((at for at, unit in enumerate(units) if at and relation(unit)), 0)
    if not at or units[0].before[1:2] not in (("is",), ("are",), ("was",), ("were",)):
        return
    first = replace(units[0], before=units[0].before[2:])
    if units[at].before[:1] in (("in",), ("on",), ("at",)) and not any(
        unit.before or unit.marks for unit in units[at + 1 :]
    ):
        whole = replace(units[at], before=units[at].before[1:])
        yield Row((whole, *units[at + 1 :], replace(first, before=("has", *first.before)), *units[1:at]))
    for verb in line.units:
        if verb.word in _STANDING and not (verb.before or verb.marks):
            yield Row((first, *units[1:at], verb, *units[at:]))


def _end_of_fronted(units: Sequence[Unit]) -> int:
    """Return where a sentence goes on behind a phrase of time or place that opens it: at "she" in "In 1990, she …"."""
    if not units or relation(units[0]) not in MOVABLE:
        return 0
    return next((at for at, unit in enumerate(units) if at and "," in unit.marks), 0)


def _is_fronted(units: Sequence[Unit]) -> bool:
    """Return whether all but the last of some units are a phrase of time or place before the subject."""
    names_other = any(unit.is_upper and unit.value is None for unit in units[1:-1])
    return "," in units[-1].marks and not names_other and not any(is_verb(unit) for unit in units[:-1])


def _is_author(unit: Unit) -> bool:
    """Return whether a unit means whoever speaks: "we", or "the Company"."""
    return unit.stem == WE or (unit.word == "company" and unit.is_upper and "the" in unit.before)


def _author(unit: Unit) -> Unit:
    return replace(unit, word=WE, stem=WE)


def _with_author(row: Row, titles: frozenset[str]) -> Row | None:
    """Return a sentence with "we" for the name that opens it, where the titles hold that name; else None."""
    end = next((at for at, unit in enumerate(row.units) if not unit.is_upper or unit.stem not in titles), 0)
    if not end:
        return None
    return replace(row, units=(_author(row.units[0]), *row.units[end:]))


def _active(row: Row, is_long: bool = False) -> Row | None:
    """Return a text whose first passive is turned: "the roof was mended by Ada" into "Ada mended the roof".

    Args:
        row: The text.
        is_long: Whether what stands behind the agent belongs to it: "by a smith from Hull".

    Returns:
        The text; None where it has no such passive, or nothing behind the agent that may belong to it.
    """
    units = row.units
    for at in range(1, len(units) - 1):
        verb = units[at]
        by = _agent(units, at) if BE.intersection(verb.before) and is_participle(verb) else 0
        if not by:
            continue
        start = at - 1
        while start and not is_boundary(units[start]):
            start -= 1
        end = by + 1
        while end < len(units) and not is_boundary(units[end]) and not relation(units[end]):
            end += 1
        end = _end_of_list(units, by, end)
        if is_long and (end == len(units) or is_boundary(units[end])):
            return None
        while is_long and end < len(units) and not is_boundary(units[end]):
            end += 1
        first = replace(units[by], before=units[start].before, marks=units[start].marks)
        active_verb = replace(verb, before=tuple(word for word in verb.before if word not in BE))
        patient = replace(units[start], before=(), marks="")
        turned = (first, *units[by + 1 : end], active_verb, patient, *units[start + 1 : at], *units[at + 1 : by])
        return replace(row, units=(*units[:start], *turned, *units[end:]))
    return None


def _end_of_list(units: Sequence[Unit], start: int, end: int) -> int:
    """Return where a list of names ends whose first member ends at a unit: "by Ada, Bo and Cy"; else that unit."""
    at = end
    while at < len(units) and units[at].is_upper and units[at].value is None:
        if units[at].before == ("and",) and units[start].is_upper:
            return at + 1
        if units[at].before or units[at].marks not in ("", ","):
            break
        at += 1
    return end


def _agent(units: Sequence[Unit], verb: int) -> int:
    """Return where "by Ada" stands behind a verb or behind when and where it was done; 0 for nowhere."""
    for at in range(verb + 1, min(len(units), verb + 1 + _MAX_MOVED)):
        if units[at].before[:1] == ("by",):
            return 0 if units[at].value is not None and at > verb + 1 else at
        is_first = at == verb + 1
        if is_boundary(units[at]) or is_verb(units[at]) or (is_first and relation(units[at]) not in _BEHIND_PASSIVE):
            return 0
        if not is_first and units[at].before and relation(units[at]) not in _BEHIND_PASSIVE:
            return 0
    return 0


def _listed_as_in(row: Row, other: Row) -> Row | None:
    """Return a text with the members of its only list in the order of another; None where it has no such list."""
    units, stems = list(row.units), [unit.stem for unit in other.units]
    if len(own := _lists(row.units)) != 1 or any(unit.value is not None and "," in unit.marks for unit in units):
        return None  # "Ada and Bo got 5 and 6": the order of one list is that of the other.
    start, end = own[0]
    members = [unit.stem for unit in units[start:end]]
    by_stem = {unit.stem: unit for unit in units[start:end]}
    for place, stop in _lists(other.units):
        if all(members) and stems[place:stop] != members and sorted(stems[place:stop]) == sorted(members):
            ordered = zip((by_stem[stem] for stem in stems[place:stop]), units[start:end], strict=True)
            units[start:end] = [replace(one, before=unit.before, marks=unit.marks) for one, unit in ordered]
            return replace(row, units=tuple(units))
    return None


@lru_cache(maxsize=256)
def _lists(units: tuple[Unit, ...]) -> list[tuple[int, int]]:
    """Return where lists of single words stand: "rope, nets and sails"."""
    lists: list[tuple[int, int]] = []
    for at, unit in enumerate(units):
        is_last = unit.before in (("and",), ("or",))
        start = at - 1
        while start > 0 and units[start].marks == "," and not units[start].before:
            start -= 1
        if is_last and at and not any(is_verb(one) for one in units[start : at + 1]) and len(lists) < _MAX_LISTS:
            lists.append((max(0, start), at + 1))
    return lists


def _genitives_as_in(row: Row, other: Row) -> Row | None:
    """Return a text with "the mill's roof" for "the roof of the mill" where another has these words; else None."""
    pairs = {(left.stem, right.stem) for left, right in pairwise(other.units) if not (right.before or right.marks)}
    units = row.units
    for at in range(1, len(units)):
        if units[at].before not in _OF or units[at].marks or units[at].value is not None:
            continue
        start, end = at - 1, at + 1
        while start and not (units[start].before or units[start].marks or is_verb(units[start])):
            start -= 1
        while end < len(units) and not (units[end].before or units[end].marks or is_verb(units[end])):
            if (units[end - 1].stem, units[start].stem) in pairs:
                break
            end += 1
        if (units[end - 1].stem, units[start].stem) not in pairs or is_verb(units[start]):
            continue
        kept = tuple(word for word in units[start].before if word not in ARTICLES)
        owner = replace(units[at], before=(*kept, *units[at].before[1:]), marks=units[start].marks)
        owned = replace(units[start], before=(), marks="")
        turned = (owner, *units[at + 1 : end], owned, *units[start + 1 : at])
        return replace(row, units=(*units[:start], *turned, *units[end:]))
    return None


def _active_of_unnamed(row: Row, line: Row) -> Row | None:
    """Return "the roof was mended in May" as "Ada mended the roof in May" where a line says who did so; else None."""
    units = row.units
    at = next((at for at, unit in enumerate(units) if at and BE.intersection(unit.before) and is_participle(unit)), 0)
    following = units[at + 1].before[:1] if at + 1 < len(units) else ()
    if not at or at > _MAX_SUBJECT or following == ("by",):
        return None
    verb, patient = units[at], units[:at]
    for place, other in enumerate(line.units):
        behind = line.units[place + 1 : place + 1 + at]
        is_active = other.stem == verb.stem and not BE.intersection(other.before) and not relation(other)
        if not is_active or [unit.stem for unit in behind] != [unit.stem for unit in patient]:
            continue
        start = place
        while start and not is_boundary(line.units[start]):
            start -= 1
        agent = line.units[start:place]
        is_you = not agent and other.before[:1] == ("you",)
        if not (agent or is_you) or relation((*agent, other)[0]) or relation(behind[0]):
            continue
        before = tuple(word for word in ("you", *verb.before)[not is_you :] if word not in BE)
        turned = (replace(verb, before=before, marks=""), *patient)
        return replace(
            row, units=(*(replace(unit, marks="") for unit in agent[:1]), *agent[1:], *turned, *units[at + 1 :])
        )
    return None


def _apposition(row: Row) -> Row | None:
    """Return "Ada is a captain" as "captain Ada"; None where a sentence does not say so of a name."""
    units = row.units
    at = next((at for at, unit in enumerate(units) if BE.intersection(unit.before)), 0)
    if not at or at > _MAX_SUBJECT or not all(unit.is_upper and not unit.marks for unit in units[1:at]):
        return None
    if not BE.union(ARTICLES).issuperset(units[at].before) or not ARTICLES.intersection(units[at].before):
        return None
    first, name = replace(units[at], before=(), marks=""), replace(units[0], before=(), marks="")
    return Row((first, *units[at + 1 :], name, *units[1:at]), ends_in_subject=True)


def _inverted(row: Row) -> Row | None:
    """Return "The captain is Ada" as "Ada is the captain"; None where "the" does not open a sentence about what is."""
    units = row.units
    at = next((at for at, unit in enumerate(units) if at and _VERBS.intersection(unit.before)), 0)
    if (
        not at
        or not _DEFINITE.intersection(units[0].before)
        or not _COPULAS.intersection(units[at].before[:1])
        or is_participle(units[at])
    ):
        return None
    copula, rest = units[at].before[:1], units[at].before[1:]
    subject = replace(units[0], before=(*copula, *units[0].before), marks="")
    return Row((replace(units[at], before=rest, marks=""), *units[at + 1 :], subject, *units[1:at]))


def _with_role(row: Row) -> Row | None:
    """Return "As a captain, Ada sails" as "Ada is a captain who sails"; None for anything else."""
    units = row.units
    comma = next((at for at, unit in enumerate(units) if at and "," in unit.marks), 0)
    if not comma or units[0].before[:1] != ("as",) or not ARTICLES.intersection(units[0].before[1:2]):
        return None
    verb = next((at for at in range(comma + 1, len(units)) if is_verb(units[at]) or may_be_verb(units[at])), 0)
    if not verb:
        return None
    role = replace(units[0], before=("is", *units[0].before[1:]))
    subject = (replace(units[comma], marks=""), *units[comma + 1 : verb])
    return replace(row, units=(*subject, role, *units[1:comma], *units[verb:]))
