"""Is a sentence a near-copy of its sources: their words, in their order? Pure.

Owns: what makes a sentence differ from the lines that hold its words. What these lines deny, ask or suppose is told in
``rules.scope``. Knows nothing about verdicts.

A near-copy is a line of the source with parts left out. Its content words, numbers and dates stand in one line in the
same order; small words that tell roles ("of", "by", "to", "because", "was") stand before the same ones; and what is
left out between two of them is a part that can go without a change to the rest: what stands between commas or
brackets, a phrase that a preposition opens, the first of two joined by "and", an adjective. A subject, a verb or the
noun that an adjective belongs to is no such part. A phrase of time or place may move, and a passive may become an
active; a sentence that joins two lines is compared part by part.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from rag.notices import Notice
from rag.verify.align import Alignment
from rag.verify.lexicon import IRREGULAR_FORMS, MODALS, NEGATIONS, OPPOSITES, ORDINALS, QUANTIFIERS
from rag.verify.rule import Comparison
from rag.verify.table_row import agrees_with_row, read_cells
from rag.verify.units import WE, Row, Unit, match_in_order, units_of

# Cap on the absent words that a reason names.
_MAX_ABSENT_SHOWN = 5
# Cap on the parts that a sentence is cut into, each to be compared with a line of its own, and on the places to cut.
_MAX_PARTS, _MAX_CUTS = 3, 8
# Units that each of these parts has at least.
_MIN_PART = 2
# Cap on the units of a relative clause that is left out, of a moved phrase, and of the noun that a pronoun stands for.
_MAX_RELATIVE, _MAX_MOVED, _MAX_SUBJECT = 6, 5, 6

# Words that tell in which role the next word stands; those of one group say much the same.
_RELATIONS = {
    word: group.split()[0]
    for group in (
        "in within inside", "on upon", "at", "during", "of", "to into onto toward towards", "from", "by", "for",
        "with", "without", "before", "after", "since", "until till", "than", "over above", "under below", "between among", "against",
        "through via", "about", "beyond", "across", "along", "behind", "near", "per", "off", "out", "up", "down",
    )
    for word in group.split()
}  # fmt: skip
# Words that tie a clause to another.
_CONNECTIVES = {
    word: group.split()[0]
    for group in ("because", "so", "despite", "although though", "if", "unless", "whether", "why", "how", "therefore")
    for word in group.split()
}
# What a phrase of time or place begins with that may move.
_MOVABLE = frozenset("in on at during since after before for until from".split())
_TIME_RELATIONS = frozenset("in on at during".split())
_JOINING = frozenset("and or but nor yet while whereas plus".split())
_COMPLEMENT = frozenset("that whether if because".split())
_RELATIVE = frozenset("who which whose where whom when".split())
_SUBJECT_PRONOUNS = frozenset("he she they we i it".split())
_MALE, _FEMALE = frozenset("he him his himself".split()), frozenset("she her hers herself".split())
_ARTICLES = frozenset("a an the".split())
_REFERRING = frozenset(
    "he she it they his her its their this these that those such we our i my there you your one both".split()
)
_BE = frozenset("is are was were be been being am".split())
_AUXILIARIES = _BE | frozenset("has have had having does did do".split()) | frozenset(MODALS)
_IRREGULAR_NOUNS = frozenset(
    "man woman child person foot tooth mouse life datum medium analysis basis crisis criterion phenomenon index colour "
    "centre metre litre organisation labour behaviour favour honour neighbour defence licence programme annual death "
    "be".split()
)
_IRREGULAR_VERBS = frozenset(form for form, base in IRREGULAR_FORMS.items() if base not in _IRREGULAR_NOUNS)
# Words that may go from the end of a sentence or from before a word, as other adverbs may.
_ADVERBS = frozenset(
    "today yesterday tomorrow once twice again later earlier soon together well however often always never alone "
    "also then now still even already too back away there here instead ago abroad overall".split()
)
_ADJECTIVE_ENDING = re.compile(r"(?:al|ic|ive|ous|ful|less|able|ible|ary|ly|est|ern|ish|ient|ant)$")
_ADJECTIVES = (
    frozenset(word for pair in OPPOSITES for words in pair for word in words.split() if word not in _IRREGULAR_VERBS)
    | frozenset(
        "main key own single whole overall total common modern ancient recent current former joint net gross new old "
        "major minor red blue green white black grey gray brown wide deep famous popular strange rare good bad extra vast "
        "open closed free full empty entire certain so-called very quite rather real true local".split()
    )
    | frozenset(ORDINALS)
)
_BOUNDARY_MARKS = frozenset(',;:()[]{}|–—!?/“”"•*')


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the source.

    Attributes:
        row: Its units.
        known: The stems of what a pronoun that opens it may mean.
        titles: The stems of the titles above it, which may name who "we" are.
    """

    row: Row
    known: frozenset[str]
    titles: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Difference:
    """What keeps a part of a sentence from being a near-copy of a line, and how much of it stands there in order."""

    notice: Notice
    matched: int


def difference_from_copy(comparison: Comparison, aligned: Alignment) -> Notice | None:
    """Find what keeps a sentence from being a near-copy of the lines it rests on.

    Args:
        comparison: The sentence and these lines.
        aligned: Which of its words stand in them, and what stands before them.

    Returns:
        The reason; None where it is a near-copy.
    """
    if aligned.absent:
        words = list(dict.fromkeys(token.word for token in aligned.absent[:_MAX_ABSENT_SHOWN]))
        return Notice("words-absent", {"words": words})
    titles = comparison.above.stems if comparison.above else frozenset[str]()
    lines = [
        _Line(units_of(line), titles | subject_stems(units_of(before) if before else None), titles)
        for line, before in zip(aligned.lines, aligned.before, strict=True)
        if not read_cells(line.text)
    ]
    row = units_of(comparison.claim)
    if not row.units:
        return None
    if any(agrees_with_row(row.units, cells) for line in aligned.lines if (cells := read_cells(line.text))):
        return None
    return _difference(row, lines, _MAX_PARTS)


def subject_stems(row: Row | None) -> frozenset[str]:
    """Return the stems of the words that open a line, up to its first verb: what "it" in the next line may mean."""
    if row is None:
        return frozenset()
    ends = (at for at, unit in enumerate(row.units) if at and (_is_verb(unit) or _relation(unit)))
    return frozenset(unit.stem for unit in row.units[: min(next(ends, _MAX_SUBJECT), _MAX_SUBJECT)] if unit.stem)


def _difference(row: Row, lines: Sequence[_Line], parts: int) -> Notice | None:
    """Find what keeps a sentence from being a copy of one line, or its parts from being copies of one line each."""
    best: _Difference | None = None
    for line in lines:
        difference = _difference_from_line(row, line)
        if difference is None:
            return None
        if best is None or difference.matched > best.matched:
            best = difference
    if parts > 1 and len(lines) > 1:
        for first, second in islice(_cuts(row), _MAX_CUTS):
            if _difference(first, lines, 1) is None and _difference(second, lines, parts - 1) is None:
                return None
    return best.notice if best else _other_role(row.units[0])


def _cuts(row: Row) -> Iterator[tuple[Row, Row]]:
    """Yield the ways to cut a sentence in two before "and", a comma or the like."""
    for at, unit in enumerate(row.units):
        if not _MIN_PART <= at <= len(row.units) - _MIN_PART:
            continue
        if _JOINING.intersection(unit.before) or ";" in unit.marks or "," in unit.marks:
            words = tuple(word for word in unit.before if word not in _JOINING)
            opening = replace(unit, before=words, marks="")
            yield Row(row.units[:at]), replace(row, units=(opening, *row.units[at + 1 :]), is_part=True)


def _difference_from_line(row: Row, line: _Line) -> _Difference | None:
    best: _Difference | None = None
    for claim, source in _readings(row, line):
        matched = match_in_order(claim.units, source.units)
        difference = _first_difference(claim, source, matched, line.known)
        if difference is None:
            return None
        if best is None or len(matched) > best.matched:
            best = _Difference(difference, len(matched))
    return best


def _readings(row: Row, line: _Line) -> Iterator[tuple[Row, Row]]:
    """Yield a sentence with a line, each as it stands and in the forms that say the same.

    Passives are turned into actives, "Ada is the captain" into "the captain Ada", and the name in the title of a
    company's report into "we".
    """
    yield row, line.row
    if (active := _active(row)) is not None:
        yield active, line.row
    if (active := _active(line.row)) is not None:
        yield row, active
    if (apposition := _apposition(row)) is not None:
        yield apposition, line.row
    if any(_is_author(unit) for unit in line.row.units) and (author := _with_author(row, line.titles)) is not None:
        yield author, replace(line.row, units=tuple(_author(u) if _is_author(u) else u for u in line.row.units))


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


def _active(row: Row) -> Row | None:
    """Return a text whose first passive is turned: "the roof was mended by Ada" into "Ada mended the roof"."""
    units = row.units
    for at in range(1, len(units) - 1):
        verb, agent = units[at], units[at + 1]
        if not (_BE.intersection(verb.before) and _is_participle(verb) and agent.before[:1] == ("by",)):
            continue
        start = at - 1
        while start and not _is_boundary(units[start]):
            start -= 1
        end = at + 2
        while end < len(units) and not _is_boundary(units[end]) and not _relation(units[end]):
            end += 1
        first = replace(agent, before=units[start].before, marks=units[start].marks)
        active_verb = replace(verb, before=tuple(word for word in verb.before if word not in _BE))
        patient = replace(units[start], before=(), marks="")
        turned = (first, *units[at + 2 : end], active_verb, patient, *units[start + 1 : at])
        return replace(row, units=(*units[:start], *turned, *units[end:]))
    return None


def _apposition(row: Row) -> Row | None:
    """Return "Ada is a captain" as "captain Ada"; None where a sentence does not say so of a name."""
    units = row.units
    at = next((at for at, unit in enumerate(units) if _BE.intersection(unit.before)), 0)
    if not at or at > _MAX_SUBJECT or not all(unit.is_upper and not unit.marks for unit in units[1:at]):
        return None
    if not _BE.union(_ARTICLES).issuperset(units[at].before) or not _ARTICLES.intersection(units[at].before):
        return None
    first, name = replace(units[at], before=(), marks=""), replace(units[0], before=(), marks="")
    return Row((first, *units[at + 1 :], name, *units[1:at]), ends_in_subject=True)


def _first_difference(
    claim: Row, source: Row, matched: Sequence[tuple[int, int]], known: frozenset[str]
) -> Notice | None:
    """Find the first thing in which a sentence differs from a line, given which units are the same."""
    if not matched:
        return Notice("word-elsewhere", {"word": claim.units[0].word if claim.units else ""})
    in_source = {j for _, j in matched}
    in_claim = {i for i, _ in matched}
    unmatched = [i for i in range(len(claim.units)) if i not in in_claim]
    opening = claim.units[: matched[0][0]]
    is_named = len(unmatched) == len(opening) > 0 and _is_meant(opening, source, matched[0][1], known)
    moved: set[int] = set()
    for run in [] if is_named else _runs(unmatched):
        places = _moved_phrase(claim.units, run, source.units, in_source)
        if places is None:
            return _unmatched(claim.units[run[0]], source.units)
        moved.update(places)
    if not is_named and (difference := _difference_at_start(claim, source, matched[0], moved)):
        return difference
    for left, right in pairwise(matched):
        left_out = [j for j in range(left[1] + 1, right[1]) if j not in moved]
        is_moved = right[0] - left[0] > 1 or len(left_out) < right[1] - left[1] - 1
        if difference := _difference_between(claim.units, source.units, right, left_out, is_moved):
            return difference
    return _difference_at_end(claim, source, matched[-1]) or _difference_behind(claim, source, matched[-1])


def _unmatched(unit: Unit, source: Sequence[Unit]) -> Notice:
    stands = any(unit.is_same(other) for other in source)
    return Notice("other-order" if stands else "word-elsewhere", {"word": unit.word})


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Return numbers in order as runs without gaps.

    >>> _runs([1, 2, 5])
    [[1, 2], [5]]
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _is_meant(opening: Sequence[Unit], source: Row, first: int, known: frozenset[str]) -> bool:
    """Return whether the words that open a sentence are what a pronoun that opens its line means.

    "The ferry takes cars" against "It sails daily and takes cars", where "it" is the ferry.
    """
    refers_back = bool(_REFERRING.intersection(source.units[0].before))
    goes_on = bool(_JOINING.intersection(source.units[first].before)) and not _relation(source.units[first])
    has_other_subject = first and _SUBJECT_PRONOUNS.intersection(source.units[first].before)
    is_known = all(unit.stem in known for unit in opening)
    return refers_back and is_known and (first == 0 or goes_on) and not has_other_subject


def _moved_phrase(
    claim: Sequence[Unit], run: Sequence[int], source: Sequence[Unit], in_source: Collection[int]
) -> list[int] | None:
    """Return where a phrase of time or place stands in a line that has moved to or from the start; None for nowhere.

    "In 1990 she met Bo" is "She met Bo in 1990", and the other way round; there it has the same preposition.
    """
    opens, ends = run[0] == 0, run[-1] == len(claim) - 1
    if _relation(claim[run[0]]) not in _MOVABLE or len(run) > _MAX_MOVED or not (opens or ends):
        return None
    is_anywhere = opens or all(claim[i].value is not None for i in run)
    for start in range(len(source) - len(run) + 1) if is_anywhere else (0,):
        places = list(range(start, start + len(run)))
        if places[-1] >= len(source) or any(place in in_source for place in places):
            continue
        pairs = [(claim[i], source[j]) for i, j in zip(run, places, strict=True)]
        if not all(unit.is_same(other) and _relation(unit) == _relation(other) for unit, other in pairs):
            continue
        if start == 0 or (start - 1 in in_source and not _JOINING.intersection(source[start].before)):
            return places
    return None


def _difference_at_start(claim: Row, source: Row, pair: tuple[int, int], moved: Collection[int]) -> Notice | None:
    """Find a change at the first unit that both have: what stands before it in the line is left out."""
    i, j = pair
    unit, other = claim.units[i], source.units[j]
    left_out = [at for at in range(j) if at not in moved]
    is_bare_value = len(claim.units) == 1 and unit.value is not None and not unit.before
    if is_bare_value:
        return None
    if i == 0 and not _is_same_relation(unit, other, is_gap=True):
        return _other_role(unit)
    if _connectives(other) - _connectives(unit) or (left_out and _COMPLEMENT.intersection(other.before)):
        return _other_role(unit)
    if difference := _other_qualifier(unit, other):
        return difference
    if claim.is_part and any(source.units[at].value is None for at in left_out):
        return _other_role(unit)  # The line begins with a subject that the part lacks.
    if not left_out or _is_boundary(other):
        return None
    start = j
    while start and not _is_boundary(source.units[start]):
        start -= 1
    chunk = source.units[start:j]
    if any(_is_verb(one) for one in chunk) or any(_AUXILIARIES.intersection(one.before) for one in chunk[1:]):
        return _other_role(unit)
    if _REFERRING.intersection(unit.before):
        return None if len(chunk) <= _MAX_SUBJECT else _other_role(unit)
    if _AUXILIARIES.intersection(other.before) or _is_verb(other):
        return _other_role(unit)
    return None


def _difference_between(
    claim: Sequence[Unit],
    source: Sequence[Unit],
    right: tuple[int, int],
    left_out: Sequence[int],
    is_moved: bool,
) -> Notice | None:
    """Find a change between two units that stand one after the other in the sentence."""
    unit, other = claim[right[0]], source[right[1]]
    if difference := _other_qualifier(unit, other):
        return difference
    if _is_other_relation(unit, other, bool(left_out) or is_moved) or _is_other_voice(claim, source, right):
        return _other_role(unit)
    if left_out:
        is_harmless = _can_go([source[at] for at in left_out], unit, other)
        return None if is_harmless else _left_out(source, left_out)
    closes_aside = "," in other.marks and not unit.marks and _is_verb(other) and not _JOINING.intersection(other.before)
    return _other_role(unit) if closes_aside else None  # "Ada, a pupil of Bo, paints" does not say that Bo does.


def _can_go(gap: Sequence[Unit], unit: Unit, other: Unit) -> bool:
    """Return whether what a line has before a unit can go without a change to the rest.

    Args:
        gap: What is left out.
        unit: The unit of the sentence.
        other: The same unit of the line.
    """
    opening = gap[0]
    if opening.marks.endswith(("(", "[")) and other.marks.startswith((")", "]")):
        return True
    has_boundary = any(_is_boundary(one) for one in gap[1:])
    closes = _is_boundary(other)
    if all(_is_modifier(one) for one in gap) and not (has_boundary or closes or _is_boundary(opening)):
        return True
    if _SUBJECT_PRONOUNS.intersection(other.before) - set(unit.before):
        return False
    if other.value is not None and any(one.value is not None for one in gap):
        return False
    if _COMPLEMENT.intersection(word for one in gap for word in one.before):
        return False
    has_verb = any(_is_verb(one) for one in gap)
    joins, joined = bool(_JOINING.intersection(other.before)), bool(_JOINING.intersection(unit.before))
    if closes and opening.marks and _is_boundary(opening):
        return joined or not (joins and _relation(other))
    if not closes and _relation(opening) and not has_verb and _is_verb(other) and not _relation(other):
        return True  # "The rise [in rents and wages] was caused by …"
    if has_boundary and not closes:
        return False  # What follows the boundary is another subject.
    if joins:
        return joined or not _relation(other)
    if _JOINING.intersection(opening.before) and not joined and not unit.marks:
        return not has_verb
    if _RELATIVE.intersection(opening.before):
        return len(gap) <= _MAX_RELATIVE
    if _relation(opening) or closes:
        return not has_verb
    if _is_participle(opening) and len(gap) > 1 and _relation(gap[1]):
        return not any(_is_verb(one) for one in gap[1:])
    return False


def _difference_at_end(claim: Row, source: Row, pair: tuple[int, int]) -> Notice | None:
    """Find that a sentence ends before the noun that its last word belongs to: "the Bern" for "the Bern office"."""
    _, j = pair
    if claim.ends_in_subject or j + 1 >= len(source.units):
        return None
    last, following = source.units[j], source.units[j + 1]
    if following.before or following.marks or _is_verb(last) or last.value is not None:
        return None
    if following.word in _ADVERBS or following.word.endswith("ly"):
        return None
    return _left_out(source.units, [j + 1])


def _difference_behind(claim: Row, source: Row, pair: tuple[int, int]) -> Notice | None:
    """Find that the small words that end a sentence are not those of the line: "go before her" for "go after her"."""
    i, j = pair
    own = [_RELATIONS[word] for word in claim.behind if word in _RELATIONS]
    following = source.units[j + 1].before if j + 1 < len(source.units) else source.behind
    theirs = [_RELATIONS[word] for word in following if word in _RELATIONS]
    is_last = i == len(claim.units) - 1
    return _other_role(claim.units[i]) if is_last and own and own != theirs[: len(own)] else None


def _other_qualifier(unit: Unit, other: Unit) -> Notice | None:
    """Find a negation, a modal, a quantifier or a pronoun before a unit that the other side lacks there."""
    for listed, code in ((MODALS, "different-modal"), (QUANTIFIERS, "different-quantifier")):
        own = {listed[word] for word in unit.before if word in listed} - {"all"}
        theirs = {listed[word]: word for word in other.before if word in listed and listed[word] != "all"}
        if missing := theirs.keys() - own:
            return Notice(code, {"word": theirs[min(missing)], "said_by": "source"})
    if bool(NEGATIONS.intersection(unit.before)) != bool(NEGATIONS.intersection(other.before)):
        return _other_role(unit)
    own_words, their_words = set(unit.before), set(other.before)
    if (own_words & _MALE and their_words & _FEMALE) or (own_words & _FEMALE and their_words & _MALE):
        return _other_role(unit)
    return None


def _is_other_relation(unit: Unit, other: Unit, is_gap: bool) -> bool:
    if _connectives(unit) != _connectives(other) and (not is_gap or _connectives(unit)):
        return True
    own, theirs = set(unit.before), set(other.before)
    if ("or" in own and "and" in theirs - own) or ("and" in own and "or" in theirs - own):
        return True
    return not _is_same_relation(unit, other, is_gap)


def _is_other_voice(claim: Sequence[Unit], source: Sequence[Unit], pair: tuple[int, int]) -> bool:
    """Return whether a participle is in the passive on one side alone: "was replaced" for "replaced"."""
    (i, j) = pair
    if not (_is_participle(claim[i]) and _is_participle(source[j])):
        return False
    return _is_passive(claim, i) != _is_passive(source, j)


def _is_passive(units: Sequence[Unit], at: int) -> bool:
    has_agent = units[at + 1].before[:1] == ("by",) if at + 1 < len(units) else False
    return has_agent or bool(_BE.intersection(units[at].before))


def _is_same_relation(unit: Unit, other: Unit, is_gap: bool) -> bool:
    """Return whether the small words before a unit tell the same role as in the line; "in March" is "on 3 March"."""
    if other.value is not None and {_relation(unit), _relation(other)} <= _TIME_RELATIONS:
        return True
    return _relation(unit) == _relation(other) if is_gap else _relations(unit) == _relations(other)


def _relations(unit: Unit) -> list[str]:
    """Return the groups of the small words before a unit that tell its role, in order."""
    return [_RELATIONS[word] for word in unit.before if word in _RELATIONS]


def _relation(unit: Unit) -> str:
    """Return the group of the last small word before a unit that tells its role; "" for none."""
    return next((_RELATIONS[word] for word in reversed(unit.before) if word in _RELATIONS), "")


def _connectives(unit: Unit) -> set[str]:
    return {_CONNECTIVES[word] for word in unit.before if word in _CONNECTIVES}


def _is_boundary(unit: Unit) -> bool:
    """Return whether a clause or a member of a list may begin at a unit."""
    return bool(_BOUNDARY_MARKS.intersection(unit.marks) or _JOINING.intersection(unit.before))


def _is_verb(unit: Unit) -> bool:
    """Return whether a unit looks like a verb: by its form, or by an auxiliary before it."""
    return unit.value is None and (_is_participle(unit) or bool(_AUXILIARIES.intersection(unit.before)))


def _is_participle(unit: Unit) -> bool:
    return unit.value is None and (unit.word.endswith("ed") or unit.word in _IRREGULAR_VERBS)


def _is_modifier(unit: Unit) -> bool:
    """Return whether a word may go from before or behind another: an adjective or an adverb."""
    return not unit.before and (
        unit.word == "our"
        or unit.word in _ADVERBS
        or unit.word in _ADJECTIVES
        or bool(_ADJECTIVE_ENDING.search(unit.word))
    )


def _other_role(unit: Unit) -> Notice:
    return Notice("other-role", {"word": unit.word})


def _left_out(source: Sequence[Unit], left_out: Sequence[int]) -> Notice:
    return Notice("part-left-out", {"words": [source[at].word for at in left_out[:_MAX_ABSENT_SHOWN]]})
