"""Is a sentence a near-copy of its sources: their words, in their order? Pure.

Owns: what makes a sentence differ from the lines that hold its words. What these lines deny, ask or suppose is told in
``rules.scope``. Knows nothing about verdicts.

A near-copy is a line of the source with parts left out. Its content words, numbers and dates stand in one line in the
same order; small words that tell roles ("of", "by", "to", "because", "was") stand before the same ones; and what is
left out between two of them is a part that can go without a change to the rest: what stands between commas or
brackets, a phrase that a preposition opens, the first of two joined by "and", an adjective. A subject, a verb or the
noun that an adjective belongs to is no such part. A phrase of time or place may move, and a passive may become an
active; a sentence that joins two lines is compared part by part. A long sentence may slip once (``slips``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from rag.notices import Notice
from rag.verify.copies.align import Alignment
from rag.verify.copies.clauses import asides, clauses_of, noun_before, without_relative
from rag.verify.copies.line import (
    Line,
    described_as,
    in_short,
    in_words_of,
    is_kind,
    is_predicate,
    possessives,
    subject_stems,
)
from rag.verify.copies.omissions import (
    difference_at_end,
    difference_at_start,
    difference_behind,
    difference_between,
    left_out_of,
    limit_left_out,
    other_role,
)
from rag.verify.copies.qualities import is_year, other_quality
from rag.verify.copies.readings import readings
from rag.verify.copies.roles import (
    ADVERBS,
    AUXILIARIES,
    JOINING,
    MARKS_OF_PARTS,
    MOVABLE,
    PERSONAL,
    RELATIONS,
    RELATIVE,
    RESULTS,
    SUBJECT_PRONOUNS,
    SUBORDINATING,
    connectives,
    is_adjective,
    is_boundary,
    is_participle,
    is_verb,
    may_be_verb,
    relation,
)
from rag.verify.copies.slips import LEAST_OF_SLIP, SLIPS, may_slip
from rag.verify.copies.table_row import agrees_with_bars, agrees_with_row, read_cells
from rag.verify.copies.units import WE, Row, Unit, match_in_order, units_of
from rag.verify.parse.lexicon import MONTHS, WEEKDAYS
from rag.verify.parse.parsed_text import ParsedText
from rag.verify.rule import Comparison

# Cap on the absent words that a reason names.
_MAX_ABSENT_SHOWN = 5
# Cap on the parts that a sentence is cut into, each to be compared with a line of its own, and on the places to cut.
_MAX_PARTS, _MAX_CUTS = 4, 24
# How a line opens that is about a part of what stands above it.
_DEFINITE = {("the",), ("its",), ("their",), ("his",), ("her",)}
# Cap on the letters that a name in full may be told with.
_MAX_INITIALS = 5
_CLAUSE_OPENERS = JOINING | RELATIVE | {"that"}
# Cap on the words of a sentence in small letters that a clause of a line lacks.
_MOST_LACKING = 1
# What may stand behind "every" to tell when.
_TIMES = (
    frozenset(MONTHS)
    | frozenset(WEEKDAYS)
    | frozenset(
        "day week month quarter year hour minute night morning evening spring summer autumn winter season".split()
    )
)
# Units that each of these parts has at least.
_MIN_PART = 2
# Cap on the units of a relative clause that is left out, of a moved phrase, and of the noun that a pronoun stands for.
_MAX_RELATIVE, _MAX_MOVED, _MAX_SUBJECT = 6, 5, 6


@dataclass(frozen=True, slots=True)
class Copied:
    """What a sentence is a near-copy of.

    Attributes:
        lines: One line, or one for each part of the sentence.
        slip: The one thing that it leaves out or says with another small word; None where it differs in nothing.
    """

    lines: tuple[ParsedText, ...]
    slip: Notice | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A difference, and whether a long sentence may have one such and still say what the line says."""

    notice: Notice
    may_slip: bool = False


@dataclass(frozen=True, slots=True)
class _Difference:
    """What keeps a part of a sentence from being a near-copy of a line, and how much of it stands there in order."""

    notice: Notice
    matched: int
    is_slip: bool = False
    line: ParsedText | None = None

    @property
    def rank(self) -> tuple[bool, int]:
        """How near it is: one slip before all others, then by how much stands in order."""
        return self.is_slip, self.matched


def find_copied(comparison: Comparison, aligned: Alignment, is_computed: bool = False) -> Copied | Notice:
    """Find the lines that a sentence is a near-copy of.

    Args:
        comparison: The sentence, and the lines that it rests on.
        aligned: Which of its words stand in these, and what stands before them.
        is_computed: Whether the numbers that these lack follow from others, so that they are not looked for.

    Returns:
        The lines; the reason where it is no near-copy.
    """
    row = units_of(comparison.claim)
    if is_computed:
        row = _without_results(row, aligned.lines)
    row = _without_initials(_with_company(row, aligned.lines), aligned.lines)
    units_by_stem = {unit.stem: unit for unit in row.units}
    absent_units = [units_by_stem[token.stem] for token in aligned.absent if token.stem in units_by_stem]
    if absent := [unit.word for unit in absent_units if not _has_relative(unit, aligned.lines)]:
        return Notice("words-absent", {"words": list(dict.fromkeys(absent))[:_MAX_ABSENT_SHOWN]})
    titles = comparison.above.stems if comparison.above else frozenset[str]()
    lines: list[Line] = []
    above = [comparison.above] if comparison.above else []
    names = _names([*aligned.lines, *(line for line in aligned.before if line), *above])
    owners = possessives(comparison.quotes)
    around = (*comparison.quotes, *(words for beside in comparison.beside for words in beside))
    kept_owners = frozenset(owner for owner, _ in possessives([comparison.sentence]))
    # What a line speaks of before which nothing stands is told by the other lines.
    subjects = frozenset[str]().union(*(subject_stems(units_of(line)) for line in aligned.lines))
    for line, before in zip(aligned.lines, aligned.before, strict=True):
        cells = read_cells(line.text)
        if (cells and agrees_with_row(row.units, cells)) or agrees_with_bars(row.units, line.text):
            return Copied((line,))
        if not cells:
            row_before = units_of(before) if before else Row(())
            known = titles.union(subject_stems(row_before) if before else subjects)
            kinds = described_as(row_before)
            lines.append(Line(line, units_of(line), known, kinds, titles, names, owners, kept_owners, around))
    return _find_copied(row, lines, _MAX_PARTS) if row.units else Copied(aligned.lines)


def _without_results(row: Row, lines: Sequence[ParsedText]) -> Row:
    """Return a sentence without the numbers that the lines lack and the words for them: "a difference of 5"."""
    stems = frozenset[str]().union(*(line.stems for line in lines))
    values = [other for line in lines for other in units_of(line).units if other.value is not None]

    def is_there(unit: Unit) -> bool:
        if unit.value is None:
            return unit.stem in stems or unit.word not in RESULTS
        return any(unit.is_same(other) for other in values)

    return replace(row, units=tuple(unit for unit in row.units if is_there(unit)))


def _with_company(row: Row, lines: Sequence[ParsedText]) -> Row:
    """Return a sentence with "we" for "the company" where the lines say "we" and speak of no company."""
    units = [unit for line in lines for unit in units_of(line).units]
    if not any(unit.stem == WE for unit in units) or any(unit.word == "company" for unit in units):
        return row
    return replace(row, units=tuple(replace(u, word=WE, stem=WE) if _is_company(u) else u for u in row.units))


def _without_initials(row: Row, lines: Sequence[ParsedText]) -> Row:
    """Return a sentence without initials in brackets behind the name that they stand for, where the lines lack them."""
    stems = frozenset[str]().union(*(line.stems for line in lines))
    letters = "".join(unit.word[:1] or " " for unit in row.units)
    kept: list[Unit] = []
    for at, unit in enumerate(row.units):
        is_told = letters[max(0, at - len(unit.word)) : at] == unit.word
        is_in_brackets = unit.is_upper and unit.marks == "(" and not unit.before and len(unit.word) <= _MAX_INITIALS
        if not (is_in_brackets and is_told and len(unit.word) > 1 and unit.stem not in stems):
            kept.append(unit)
    return replace(row, units=tuple(kept))


def _is_company(unit: Unit) -> bool:
    return unit.word == "company" and unit.before[-1:] == ("the",)


def _has_relative(unit: Unit, lines: Iterable[ParsedText]) -> bool:
    """Return whether a line has a word of the family of a word that all of them lack."""
    row = Row((unit,))
    return any(in_words_of(row, units_of(line)) != row for line in lines)


def _names(lines: Iterable[ParsedText]) -> str:
    """Return the stems of lines in order, those of each between line breaks."""
    return "\n".join(" ".join(("", *(unit.stem for unit in units_of(line).units), "")) for line in lines)


def _find_copied(row: Row, lines: Sequence[Line], parts: int) -> Copied | Notice:
    """Find the one line that a sentence is a copy of, or one line for each of its parts."""
    best: _Difference | None = None
    for line in lines:
        difference = _difference_from_line(row, line)
        if difference is None or agrees_with_bars(row.units, line.parsed.text):
            return Copied((line.parsed,))
        if best is None or difference.rank > best.rank:
            best = replace(difference, line=line.parsed)
    slipped = Copied((best.line,), best.notice) if best and best.line and best.is_slip else None
    cuts = list(islice(_cuts(row, len(lines) > 1), _MAX_CUTS)) if parts > 1 else []
    for first, second in reversed(cuts):
        copied = _find_copied(first, lines, 1)
        if isinstance(copied, Copied):
            rest = _find_copied(second, lines, parts - 1)
            if isinstance(rest, Copied) and not (copied.slip and rest.slip):
                whole = Copied((*copied.lines, *rest.lines), copied.slip or rest.slip)
                if whole.slip is None:
                    return whole
                slipped = slipped or whole
    if slipped:
        return slipped
    return best.notice if best else other_role(row.units[0])


def _cuts(row: Row, has_lines: bool) -> Iterator[tuple[Row, Row]]:
    """Yield the ways to cut a sentence in two: before "and", a comma, a participle or a relative clause.

    The subject of the second part is the first part's, or stands right before the relative clause: "the mill, which
    Bo bought" becomes "the mill Bo bought".

    Args:
        row: The units of the sentence.
        has_lines: Whether its parts may stand in several lines, so that a phrase may be a part, too.

    Yields:
        The two parts.
    """
    shares = row.subject and row.units and (is_verb(row.units[0]) or may_be_verb(row.units[0]))
    subject, kinds = row.subject if shares else subject_stems(row), described_as(row) or row.kinds
    yield from asides(row)
    for at, unit in enumerate(row.units):
        least = _MIN_PART if has_lines or not _is_second_verb(unit) else 1
        if not _MIN_PART <= at <= len(row.units) - least:
            continue
        first, rest = Row(row.units[:at]), row.units[at + 1 :]
        words = tuple(word for word in unit.before if word not in JOINING)
        if words[1:2] == ("which",) and words[0] in RELATIONS and not unit.marks:
            noun = noun_before(row.units, at)
            opening = replace(unit, before=words[2:])
            yield first, Row((opening, *rest, replace(noun[0], before=(words[0], *noun[0].before)), *noun[1:]))
            continue
        if has_lines and RELATIVE.union(("that",)).intersection(words):
            opening = replace(unit, before=without_relative(words), marks="")
            if row.units[at - 1].is_upper and not unit.marks and (end := _end_of_subject(row)):
                yield first, Row((*row.units[:end], opening, *rest))  # "is a mill in Hull that …"
            yield first, Row((*noun_before(row.units, at), opening, *rest))
            continue
        if _opens_part(unit) if has_lines else _is_second_verb(unit):
            opening = replace(unit, before=words, marks="")
            shared = row.shared.union(one.stem for one in first.units if one.stem and has_lines)
            yield first, replace(row, units=(opening, *rest), subject=subject, kinds=kinds, shared=shared)


def _opens_part(unit: Unit) -> bool:
    """Return whether a sentence may be cut before a unit: at "and", a comma, a phrase or a participle."""
    is_joined = JOINING.intersection(unit.before) or MARKS_OF_PARTS.intersection(unit.marks)
    is_phrase = bool(unit.before) and (relation(unit) in MOVABLE or bool(SUBORDINATING.intersection(unit.before)))
    return bool(is_joined) or is_phrase or (not unit.before and (unit.word.endswith("ing") or is_participle(unit)))


def _is_second_verb(unit: Unit) -> bool:
    """Return whether a unit is a further verb of the subject: "and opened", "and was sold"."""
    is_joined = unit.before[:1] in (("and",), ("but",)) and not connectives(unit)
    return is_joined and (is_verb(unit) or may_be_verb(unit)) and not SUBJECT_PRONOUNS.intersection(unit.before)


def _end_of_subject(row: Row) -> int:
    """Return where a sentence begins to say what its subject is: at "mill" in "The Tern is a mill"; 0 for nowhere."""
    at = next((at for at, unit in enumerate(row.units) if at and is_predicate(unit)), 0)
    return 0 if any(unit.before or unit.marks for unit in row.units[1:at]) else at


def _difference_from_line(row: Row, line: Line) -> _Difference | None:
    row = in_short(in_words_of(_with_initials(row, line), line.row), line)
    lacking = [unit for unit in row.units if line.lacks(unit)]
    if lacking and any(not unit.is_upper for unit in lacking if unit not in row.units[:_MAX_SUBJECT]):
        return _Difference(_unmatched(lacking[0], ()), len(row.units) - len(lacking))
    best: _Difference | None = None
    clauses = (replace(line, row=clause) for clause in clauses_of(line.row) if _may_hold(clause, row))
    for part in (line, *clauses):
        for claim, source in readings(row, part):
            matched = match_in_order(claim.units, source.units)
            differences = list(islice(_differences(claim, source, matched, part), 2))
            if not differences:
                return None
            is_slip = len(differences) == 1 and differences[0].may_slip and len(matched) >= LEAST_OF_SLIP
            difference = _Difference(differences[0].notice, len(matched), is_slip)
            if best is None or difference.rank > best.rank:
                best = difference
    return best


def _may_hold(clause: Row, row: Row) -> bool:
    """Return whether a clause has the words of a sentence, but for those that may name what a pronoun means."""
    stems = {unit.stem for unit in clause.units}
    lacking = sum(unit.value is None and not unit.is_upper and unit.stem not in stems for unit in row.units)
    return lacking <= _MOST_LACKING


def _differences(claim: Row, source: Row, matched: Sequence[tuple[int, int]], line: Line) -> Iterator[_Found]:
    """Yield in what a sentence differs from a line, given which units are the same; words in another order once."""
    if not matched:
        yield _Found(Notice("word-elsewhere", {"word": claim.units[0].word if claim.units else ""}))
        return
    in_source = {j for _, j in matched}
    in_claim = {i for i, _ in matched}
    unmatched = [i for i in range(len(claim.units)) if i not in in_claim]
    opening = claim.units[: matched[0][0]]
    is_named = bool(opening) and _is_meant(opening, source, matched[0][1], line)
    moved: set[int] = set()
    for run in _runs(unmatched):
        if is_named and run[0] == 0:
            continue
        places = _moved_phrase(claim.units, run, source.units, in_source)
        places = _named(claim.units, run, source.units, matched, line) if places is None else places
        places = [] if places is None and _is_whole(claim.units, run, source.units, matched, line) else places
        if places is None:
            yield _Found(_unmatched(claim.units[run[0]], source.units))
            return
        moved.update(places)
    if not is_named and (difference := difference_at_start(claim, source, matched[0], moved, line)):
        before_it = [source.units[at] for at in range(matched[0][1]) if at not in moved]
        yield _Found(
            difference, difference.code in SLIPS and may_slip(claim, source, matched[0], before_it, len(matched))
        )
    if limit := limit_left_out(claim, source, matched, moved):
        yield _Found(limit)
    if owner := _ownerless(source, matched, line):
        yield _Found(owner)
    if quality := other_quality(claim, source, matched, moved):
        yield _Found(quality)
    for left, right in pairwise(matched):
        left_out = [j for j in range(left[1] + 1, right[1]) if j not in moved]
        is_moved = right[0] - left[0] > 1 or len(left_out) < right[1] - left[1] - 1
        if left_out and _is_shared([source.units[at] for at in left_out], claim, source.units[right[1]]):
            left_out, is_moved = [], True
        if difference := difference_between(claim.units, source.units, right, left_out, is_moved):
            gap = [source.units[at] for at in left_out]
            yield _Found(difference, difference.code in SLIPS and may_slip(claim, source, right, gap, len(matched)))
    if difference := difference_at_end(claim, source, matched[-1]):
        yield _Found(difference)
    if difference := difference_behind(claim, source, matched[-1]):
        yield _Found(difference)


def _ownerless(source: Row, matched: Sequence[tuple[int, int]], line: Line) -> Notice | None:
    """Find a possessive of the line that is none in the sentence, which lacks what belongs to it.

    "The mill is red" against "The mill's key is red"; "the mill key" has both.
    """
    places = dict(matched)
    for i, j in matched if line.owners else ():
        unit, owned = source.units[j], source.units[j + 1] if j + 1 < len(source.units) else None
        is_owner = owned is not None and (unit.stem, owned.stem) in line.owners and not (owned.before or owned.marks)
        if is_owner and unit.stem not in line.kept_owners and places.get(i + 1) != j + 1:
            return left_out_of(source.units, [j + 1])
    return None


def _is_shared(gap: Sequence[Unit], claim: Row, other: Unit) -> bool:
    """Return whether a part leaves out a verb that the part before it has, with what goes with the verb.

    "In May Ada sold 5 boats and in June 6" is "In June Ada sold 6".
    """
    if not any(is_verb(one) and one.stem in claim.shared for one in gap) or is_boundary(other):
        return False
    return all(
        one.stem in claim.shared
        or one.value is not None
        or is_adjective(one)
        or "of" in one.before
        or (at and "of" in gap[at - 1].before)
        for at, one in enumerate(gap)
    )


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


def _is_meant(opening: Sequence[Unit], source: Row, first: int, line: Line) -> bool:
    """Return whether the words that open a sentence are what a pronoun that opens its line means.

    "The ferry takes cars" against "It sails daily and takes cars", where "it" is the ferry. Under the title "Lantern
    bridge", or behind "The Lantern is a bridge.", also "The Lantern bridge is closed" against "The bridge is closed".
    """
    is_titled = all(unit.stem in line.titles for unit in opening)
    is_about = bool(line.kinds) and _names_subject(opening, line)
    if (is_titled or is_about) and first == 0 and source.units[0].before == ("the",):
        return True
    is_kind_of = len(opening) == 1 and is_kind(opening[0], line.kinds)
    if not is_kind_of and not all(unit.stem in line.known for unit in opening):
        return False
    after = source.units[first]
    goes_on = bool(JOINING.intersection(after.before)) and not relation(after)
    if first and SUBJECT_PRONOUNS.intersection(after.before):
        return False
    if is_kind(source.units[0], line.kinds):
        return first == 1 or goes_on
    refers_back = bool(PERSONAL.intersection(source.units[0].before))
    return refers_back and (first == 0 or goes_on)


def _named(
    claim: Sequence[Unit], run: Sequence[int], source: Sequence[Unit], matched: Sequence[tuple[int, int]], line: Line
) -> list[int] | None:
    """Return where a line has what a name of the sentence stands for; None where it does not.

    "The song by Ada Lund" is "the song by Lund" where her name stands in full in another line, and "the song by her"
    or "the song by the painter" where the line before is about Ada Lund, a painter.
    """
    names = [claim[i] for i in run]
    if not all(unit.is_upper and unit.value is None for unit in names):
        return None
    left = next((j for i, j in reversed(matched) if i < run[0]), -1)
    right = next((j for i, j in matched if i > run[-1]), len(source))
    if _is_full_name(claim, run, line.names) and right - left <= len(run) + 1:
        return []
    if left < 0 or not all(unit.stem in line.known for unit in names):
        return None
    gap = source[left + 1 : right]
    if len(gap) == 1 and gap[0].before[-1:] in (("the",), ("this",)):
        is_same_role = relation(gap[0]) == relation(names[0])
        return [left + 1] if gap[0].stem in line.kinds and is_same_role else None
    return None


def _names_subject(units: Iterable[Unit], line: Line) -> bool:
    """Return whether units name what stands in the titles above a line or what the line before says something of."""
    said = line.known | line.kinds if line.kinds else frozenset[str]()
    return all(unit.value is None and (unit.stem in line.titles or unit.stem in said) for unit in units)


def _is_whole(
    claim: Sequence[Unit], run: Sequence[int], source: Sequence[Unit], matched: Sequence[tuple[int, int]], line: Line
) -> bool:
    """Return whether a run of units tells of what the subject of a line is a part: "The bow [of the Tern] is blue".

    The line opens with "the bow" or "its bow", and what it is a part of stands above it.
    """
    units = [claim[i] for i in run]
    is_of = units[0].before[:1] == ("of",) and not any(unit.before or unit.marks for unit in units[1:])
    if not is_of or units[0].marks or not _names_subject(units, line):
        return False
    before = [pair for pair in matched if pair[0] < run[0]]
    opens = before == [(i, i) for i in range(run[0])] and bool(before)
    return opens and source[0].before in _DEFINITE and not any(relation(unit) for unit in source[1 : run[0]])


def _with_initials(row: Row, line: Line) -> Row:
    """Return a sentence with the initials that its line has for a name in full: "NRG" for "net rate of growth".

    The name stands in full in the lines or above them, too.
    """
    acronyms = {unit.word: unit for unit in line.row.units if unit.is_upper and 1 < len(unit.word) <= _MAX_INITIALS}
    stems = {unit.stem for unit in row.units}
    for acronym, other in acronyms.items():
        if other.stem in stems or other.word.upper() not in line.parsed.text:
            continue
        for start in range(len(row.units)):
            end = _end_of_initials(row.units, start, acronym)
            name = row.units[start:end]
            if end and f" {' '.join(unit.stem for unit in name)} " in line.names:
                first = replace(other, before=name[0].before, marks=name[0].marks)
                return replace(row, units=(*row.units[:start], first, *row.units[end:]))
    return row


def _end_of_initials(units: Sequence[Unit], start: int, acronym: str) -> int:
    """Return where a name ends that begins at a unit and has some initials, which may lack small words; 0 for none."""
    for with_small in (False, True):
        letters = ""
        for end in range(start, min(len(units), start + len(acronym))):
            small = [word[0] for word in units[end].before] if with_small and end > start else []
            letters += "".join(small) + units[end].word[0]
            if letters == acronym and end > start:
                return end + 1
            if (end > start and units[end].marks) or not acronym.startswith(letters):
                break
    return 0


def _is_full_name(claim: Sequence[Unit], run: Sequence[int], names: str) -> bool:
    """Return whether a run of units stands beside a name of the sentence and, together with it, in the lines."""
    start, end = run[0], run[-1] + 1
    while start and claim[start - 1].is_upper and not (claim[start].before or claim[start].marks):
        start -= 1
    while end < len(claim) and claim[end].is_upper and not (claim[end].before or claim[end].marks):
        end += 1
    is_longer = end - start > len(run)
    return is_longer and f" {' '.join(unit.stem for unit in claim[start:end])} " in names


def _may_move(unit: Unit) -> bool:
    """Return whether a phrase of time, place or manner that a unit opens may stand elsewhere: "by default"."""
    is_as_of = unit.value is not None and unit.before[-2:] == ("as", "of")
    is_way = unit.word == "default" and unit.before == ("by",)
    is_time = unit.word == "since" or (unit.before[-1:] in (("every",), ("each",)) and unit.word in _TIMES)
    return is_as_of or is_way or is_time or relation(unit) in MOVABLE


def _is_same_place(unit: Unit, other: Unit) -> bool:
    """Return whether two equal units have the same preposition; "for 2021" and "in 2021" are one."""
    pair = {relation(unit), relation(other)}
    return len(pair) == 1 or (pair == {"for", "in"} and is_year(other))


def _crosses(
    claim: Sequence[Unit], run: Sequence[int], source: Sequence[Unit], places: Sequence[int], in_source: Collection[int]
) -> bool:
    """Return whether a phrase has moved past one with its preposition: "in Hull in May" for "in May in Hull"."""
    own = {relation(claim[i]) for i in run}
    others = [j for j in in_source if j not in places and relation(source[j]) in own]
    before = sum(j < places[0] for j in others)
    return before != sum(relation(claim[i]) in own for i in range(run[0]))


def _is_whole_phrase(source: Sequence[Unit], places: Sequence[int]) -> bool:
    """Return whether some units of a line are a phrase up to its end: "for the quarter" of "for the quarter, and …"."""
    end = places[-1] + 1
    return end == len(source) or bool(source[end].before) or is_boundary(source[end]) or is_verb(source[end])


def _moved_phrase(
    claim: Sequence[Unit], run: Sequence[int], source: Sequence[Unit], in_source: Collection[int]
) -> list[int] | None:
    """Return where a phrase of time or place stands in a line that has moved to or from the start; None for nowhere.

    "In 1990 she met Bo" is "She met Bo in 1990", and the other way round; there it has the same preposition.
    """
    if len(run) == 1 and claim[run[0]].word in ADVERBS and not claim[run[0]].before:
        word = claim[run[0]].word
        return next(([j] for j, other in enumerate(source) if j not in in_source and other.word == word), None)
    opens, ends = run[0] == 0, run[-1] == len(claim) - 1
    after = None if ends else claim[run[-1] + 1]
    is_closed = after is None or is_boundary(after) or is_verb(after) or bool(AUXILIARIES.intersection(after.before))
    is_closed = is_closed or (after is not None and bool(after.before) and all(claim[i].value for i in run))
    if not _may_move(claim[run[0]]) or len(run) > _MAX_MOVED or not (opens or is_closed):
        return None
    for start in range(len(source) - len(run) + 1):
        places = list(range(start, start + len(run)))
        if any(place in in_source for place in places):
            continue
        pairs = [(claim[i], source[j]) for i, j in zip(run, places, strict=True)]
        if not all(unit.is_same(other) and _is_same_place(unit, other) for unit, other in pairs):
            continue
        is_free = opens or start == 0 or all(unit.value is not None for unit, _ in pairs)
        if not is_free and (not _is_whole_phrase(source, places) or _crosses(claim, run, source, places, in_source)):
            continue
        opens_clause = _CLAUSE_OPENERS.intersection(source[start].before) and start > 0
        if not opens_clause and (start == 0 or start - 1 in in_source):
            return places
    return None
