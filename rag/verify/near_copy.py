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

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from rag.notices import Notice
from rag.verify.align import Alignment
from rag.verify.lexicon import MODALS, NEGATIONS, QUANTIFIERS
from rag.verify.parsed_text import ParsedText
from rag.verify.roles import (
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    BE,
    COMPLEMENT,
    DEGREES,
    EMBEDDING_VERBS,
    FACTIVE_VERBS,
    FEMALE,
    JOINING,
    MALE,
    MARKS_OF_PARTS,
    MOVABLE,
    PERSONAL,
    REFERRING,
    RELATIONS,
    RELATIVE,
    RESULTS,
    SUBJECT_PRONOUNS,
    SUBORDINATING,
    connectives,
    is_adjective,
    is_boundary,
    is_modifier,
    is_participle,
    is_passive,
    is_same_relation,
    is_verb,
    may_be_verb,
    relation,
)
from rag.verify.rule import Comparison
from rag.verify.table_row import agrees_with_bars, agrees_with_row, read_cells
from rag.verify.units import WE, Row, Unit, match_in_order, units_of

# Cap on the absent words that a reason names.
_MAX_ABSENT_SHOWN = 5
# Cap on the parts that a sentence is cut into, each to be compared with a line of its own, and on the places to cut.
_MAX_PARTS, _MAX_CUTS = 4, 24
# Units that each of these parts has at least.
_MIN_PART = 2
# Cap on the units of a relative clause that is left out, of a moved phrase, and of the noun that a pronoun stands for.
_MAX_RELATIVE, _MAX_MOVED, _MAX_SUBJECT = 6, 5, 6
_COPULAS = BE | frozenset("become becomes became".split())
_VERBS = _COPULAS | AUXILIARIES
# Words that may stand before a subject.
_CONNECTING = JOINING | SUBORDINATING | COMPLEMENT
# Small words that go with the adjective behind them.
_GRADES = frozenset("almost nearly virtually practically very quite rather so most more".split())


@dataclass(frozen=True, slots=True)
class _Line:
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


@dataclass(frozen=True, slots=True)
class _Difference:
    """What keeps a part of a sentence from being a near-copy of a line, and how much of it stands there in order."""

    notice: Notice
    matched: int


def find_copied(comparison: Comparison, aligned: Alignment, is_computed: bool = False) -> Sequence[ParsedText] | Notice:
    """Find the lines that a sentence is a near-copy of.

    Args:
        comparison: The sentence, and the lines that it rests on.
        aligned: Which of its words stand in these, and what stands before them.
        is_computed: Whether the numbers that these lack follow from others, so that they are not looked for.

    Returns:
        One line, or one for each part of the sentence; the reason where it is no near-copy.
    """
    row = units_of(comparison.claim)
    if is_computed:
        row = _without_results(row, aligned.lines)
    in_row = {unit.stem for unit in row.units}
    if absent := [token.word for token in aligned.absent if token.stem in in_row]:
        return Notice("words-absent", {"words": list(dict.fromkeys(absent))[:_MAX_ABSENT_SHOWN]})
    titles = comparison.above.stems if comparison.above else frozenset[str]()
    lines: list[_Line] = []
    names = _names([*aligned.lines, *(line for line in aligned.before if line)])
    # What a line speaks of before which nothing stands is told by the other lines.
    subjects = frozenset[str]().union(*(subject_stems(units_of(line)) for line in aligned.lines))
    for line, before in zip(aligned.lines, aligned.before, strict=True):
        cells = read_cells(line.text)
        if (cells and agrees_with_row(row.units, cells)) or agrees_with_bars(row.units, line.text):
            return [line]
        if not cells:
            row_before = units_of(before) if before else Row(())
            known = titles.union(subject_stems(row_before) if before else subjects)
            lines.append(_Line(line, units_of(line), known, described_as(row_before), titles, names))
    return _find_copied(row, lines, _MAX_PARTS) if row.units else aligned.lines


def subject_stems(row: Row) -> frozenset[str]:
    """Return the stems of the words that open a line, up to its first verb: what "it" in the next line may mean."""
    ends = (at for at, unit in enumerate(row.units) if at and (is_verb(unit) or relation(unit)))
    return frozenset(unit.stem for unit in row.units[: min(next(ends, _MAX_SUBJECT), _MAX_SUBJECT)] if unit.stem)


def _without_results(row: Row, lines: Sequence[ParsedText]) -> Row:
    """Return a sentence without the numbers that the lines lack and the words for them: "a difference of 5"."""
    stems = frozenset[str]().union(*(line.stems for line in lines))
    values = [other for line in lines for other in units_of(line).units if other.value is not None]

    def is_there(unit: Unit) -> bool:
        if unit.value is None:
            return unit.stem in stems or unit.word not in RESULTS
        return any(unit.is_same(other) for other in values)

    return replace(row, units=tuple(unit for unit in row.units if is_there(unit)))


def described_as(row: Row) -> frozenset[str]:
    """Return the stems of what a text says that its subject is: "new" and "song" for "Bay is a new song by Bo"."""
    at = next((at for at, unit in enumerate(row.units) if at and _is_predicate(unit)), None)
    if at is None:
        return frozenset()
    rest = row.units[at:]
    end = next((i for i, unit in enumerate(rest) if i and (unit.before or is_boundary(unit))), len(rest))
    return frozenset(unit.stem for unit in rest[:end] if unit.stem)


def _is_predicate(unit: Unit) -> bool:
    """Return whether a unit is what something is said to be: "is a song"."""
    return bool(BE.intersection(unit.before)) and unit.before[-1] in ARTICLES


def _names(lines: Iterable[ParsedText]) -> str:
    """Return the stems of lines in order, those of each between line breaks."""
    return "\n".join(" ".join(("", *(unit.stem for unit in units_of(line).units), "")) for line in lines)


def _find_copied(row: Row, lines: Sequence[_Line], parts: int) -> list[ParsedText] | Notice:
    """Find the one line that a sentence is a copy of, or one line for each of its parts."""
    best: _Difference | None = None
    for line in lines:
        difference = _difference_from_line(row, line)
        if difference is None or agrees_with_bars(row.units, line.parsed.text):
            return [line.parsed]
        if best is None or difference.matched > best.matched:
            best = difference
    cuts = list(islice(_cuts(row), _MAX_CUTS)) if parts > 1 and len(lines) > 1 else []
    for first, second in reversed(cuts):
        copied = _find_copied(first, lines, 1)
        if isinstance(copied, list):
            rest = _find_copied(second, lines, parts - 1)
            if isinstance(rest, list):
                return [*copied, *rest]
    return best.notice if best else _other_role(row.units[0])


def _cuts(row: Row) -> Iterator[tuple[Row, Row]]:
    """Yield the ways to cut a sentence in two: before "and", a comma, a participle or a relative clause.

    The subject of the second part is the first part's, or stands right before the relative clause: "the mill, which
    Bo bought" becomes "the mill Bo bought".
    """
    shares = row.subject and row.units and (is_verb(row.units[0]) or may_be_verb(row.units[0]))
    subject, kinds = row.subject if shares else subject_stems(row), described_as(row) or row.kinds
    for at, unit in enumerate(row.units):
        if not _MIN_PART <= at <= len(row.units) - _MIN_PART:
            continue
        first, rest = Row(row.units[:at]), row.units[at + 1 :]
        words = tuple(word for word in unit.before if word not in JOINING)
        if RELATIVE.union(("that",)).intersection(words):
            own = tuple(word for word in words if word not in RELATIVE and word != "that")
            yield first, Row((*_noun_before(row.units, at), replace(unit, before=own, marks=""), *rest))
            continue
        is_joined = JOINING.intersection(unit.before) or MARKS_OF_PARTS.intersection(unit.marks)
        is_phrase = bool(unit.before) and (relation(unit) in MOVABLE or bool(SUBORDINATING.intersection(unit.before)))
        if is_joined or is_phrase or (not unit.before and (unit.word.endswith("ing") or is_participle(unit))):
            opening = replace(unit, before=words, marks="")
            shared = row.shared.union(one.stem for one in first.units if one.stem)
            yield first, replace(row, units=(opening, *rest), subject=subject, kinds=kinds, shared=shared)


def _is_other_word(unit: Unit, following: Unit) -> bool:
    """Return whether a word is no part of the noun or name behind it: "[hired] Cy", "[sold] boats"."""
    return unit.is_upper != following.is_upper or is_verb(unit) or may_be_verb(unit)


def _noun_before(units: Sequence[Unit], end: int) -> tuple[Unit, ...]:
    """Return the noun before ``units[end]`` with its adjectives, without the preposition before it."""
    start = end - 1
    while start and not (units[start].before or units[start].marks or _is_other_word(units[start - 1], units[start])):
        start -= 1
    articles = tuple(word for word in units[start].before if word in ARTICLES)
    return (replace(units[start], before=articles, marks=""), *units[start + 1 : end])


def _difference_from_line(row: Row, line: _Line) -> _Difference | None:
    lacking = [unit for unit in row.units if line.lacks(unit)]
    if lacking and any(not unit.is_upper for unit in lacking if unit not in row.units[:_MAX_SUBJECT]):
        return _Difference(_unmatched(lacking[0], ()), len(row.units) - len(lacking))
    best: _Difference | None = None
    for claim, source in _readings(row, line):
        matched = match_in_order(claim.units, source.units)
        difference = _first_difference(claim, source, matched, line)
        if difference is None:
            return None
        if best is None or len(matched) > best.matched:
            best = _Difference(difference, len(matched))
    return best


def _readings(row: Row, line: _Line) -> Iterator[tuple[Row, Row]]:
    """Yield a sentence with a line, each as it stands and in the forms that say the same.

    Passives are turned into actives, "Ada is the captain" into "the captain Ada", "A because B" into "Because B, A",
    and the name in the title of a company's report into "we".
    """
    yield row, line.row
    if (bare := _without_brackets(line.row)) is not None:
        yield row, bare
    if (active := _active(row)) is not None:
        yield active, line.row
    if (active := _active(line.row)) is not None:
        yield row, active
    if (apposition := _apposition(row)) is not None:
        yield apposition, line.row
    if (inverted := _inverted(row)) is not None:
        yield inverted, line.row
    if (said := _with_role(line.row)) is not None:
        yield row, said
    if (moved := _moved_clause(row)) is not None:
        yield moved, line.row
    if (named := _with_name(row, line)) is not None:
        yield row, named
    if (moved := _moved_reason(row)) is not None:
        yield moved, line.row
    if any(_is_author(unit) for unit in line.row.units) and (author := _with_author(row, line.titles)) is not None:
        yield author, replace(line.row, units=tuple(_author(u) if _is_author(u) else u for u in line.row.units))


def _without_brackets(row: Row) -> Row | None:
    """Return a text without what stands in brackets; None where there are none."""
    depth, kept = 0, list[Unit]()
    for unit in row.units:
        depth = max(0, depth + sum((mark in "([") - (mark in ")]") for mark in unit.marks))
        if not depth:
            kept.append(replace(unit, marks=unit.marks.strip(")]")) if unit.marks[:1] in (")", "]") else unit)
    return replace(row, units=tuple(kept)) if kept and len(kept) < len(row.units) else None


def _moved_clause(row: Row) -> Row | None:
    """Return "Because it rained, they left" for "They left because it rained", and the other way round."""
    units = row.units
    opens = bool(units) and bool(SUBORDINATING.intersection(units[0].before))
    for at, unit in enumerate(units[1:], start=1):
        if "," in unit.marks if opens else SUBORDINATING.intersection(unit.before):
            main = replace(units[0], marks=",")
            return Row((replace(unit, marks=""), *units[at + 1 :], main, *units[1:at]))
    return None


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


def _with_name(row: Row, line: _Line) -> Row | None:
    """Return a line with the name that opens a sentence for the pronoun or "the song" that it stands for; else None."""
    units = line.row.units
    end = next((at for at, unit in enumerate(row.units) if unit.stem not in line.known or (at and unit.before)), 0)
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
    first = replace(row.units[0], before=before, marks=units[at].marks)
    return replace(line.row, units=(*units[:at], first, *row.units[1:end], *rest))


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


def _active(row: Row) -> Row | None:
    """Return a text whose first passive is turned: "the roof was mended by Ada" into "Ada mended the roof"."""
    units = row.units
    for at in range(1, len(units) - 1):
        verb, agent = units[at], units[at + 1]
        if not (BE.intersection(verb.before) and is_participle(verb) and agent.before[:1] == ("by",)):
            continue
        start = at - 1
        while start and not is_boundary(units[start]):
            start -= 1
        end = at + 2
        while end < len(units) and not is_boundary(units[end]) and not relation(units[end]):
            end += 1
        first = replace(agent, before=units[start].before, marks=units[start].marks)
        active_verb = replace(verb, before=tuple(word for word in verb.before if word not in BE))
        patient = replace(units[start], before=(), marks="")
        turned = (first, *units[at + 2 : end], active_verb, patient, *units[start + 1 : at])
        return replace(row, units=(*units[:start], *turned, *units[end:]))
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
        or "the" not in units[0].before
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


def _first_difference(claim: Row, source: Row, matched: Sequence[tuple[int, int]], line: _Line) -> Notice | None:
    """Find the first thing in which a sentence differs from a line, given which units are the same."""
    if not matched:
        return Notice("word-elsewhere", {"word": claim.units[0].word if claim.units else ""})
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
        if places is None:
            return _unmatched(claim.units[run[0]], source.units)
        moved.update(places)
    if not is_named and (difference := _difference_at_start(claim, source, matched[0], moved, line)):
        return difference
    for left, right in pairwise(matched):
        left_out = [j for j in range(left[1] + 1, right[1]) if j not in moved]
        is_moved = right[0] - left[0] > 1 or len(left_out) < right[1] - left[1] - 1
        if left_out and _is_shared([source.units[at] for at in left_out], claim, source.units[right[1]]):
            left_out, is_moved = [], True
        if difference := _difference_between(claim.units, source.units, right, left_out, is_moved):
            return difference
    return _difference_at_end(claim, source, matched[-1]) or _difference_behind(claim, source, matched[-1])


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


def _is_meant(opening: Sequence[Unit], source: Row, first: int, line: _Line) -> bool:
    """Return whether the words that open a sentence are what a pronoun that opens its line means.

    "The ferry takes cars" against "It sails daily and takes cars", where "it" is the ferry; and under the title
    "Lantern bridge" also "The Lantern bridge is closed" against "The bridge is closed".
    """
    is_titled = all(unit.stem in line.titles for unit in opening)
    if is_titled and first == 0 and source.units[0].before == ("the",):
        return True
    if not all(unit.stem in line.known for unit in opening):
        return False
    after = source.units[first]
    goes_on = bool(JOINING.intersection(after.before)) and not relation(after)
    if first and SUBJECT_PRONOUNS.intersection(after.before):
        return False
    if is_kind(source.units[0], line.kinds):
        return first == 1 or goes_on
    refers_back = bool(PERSONAL.intersection(source.units[0].before))
    return refers_back and (first == 0 or goes_on)


def is_kind(unit: Unit, kinds: Collection[str]) -> bool:
    """Tell whether a unit is "the song" or "this song" where something is said to be a song.

    Args:
        unit: The unit.
        kinds: The stems of what something is said to be.

    Returns:
        Whether it is.
    """
    return unit.before in (("the",), ("this",)) and unit.stem in kinds


def _named(
    claim: Sequence[Unit], run: Sequence[int], source: Sequence[Unit], matched: Sequence[tuple[int, int]], line: _Line
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


def _is_full_name(claim: Sequence[Unit], run: Sequence[int], names: str) -> bool:
    """Return whether a run of units stands beside a name of the sentence and, together with it, in the lines."""
    start, end = run[0], run[-1] + 1
    while start and claim[start - 1].is_upper and not (claim[start].before or claim[start].marks):
        start -= 1
    while end < len(claim) and claim[end].is_upper and not (claim[end].before or claim[end].marks):
        end += 1
    is_longer = end - start > len(run)
    return is_longer and f" {' '.join(unit.stem for unit in claim[start:end])} " in names


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
    if relation(claim[run[0]]) not in MOVABLE or len(run) > _MAX_MOVED or not (opens or ends):
        return None
    is_anywhere = opens or all(claim[i].value is not None for i in run)
    for start in range(len(source) - len(run) + 1) if is_anywhere else (0,):
        places = list(range(start, start + len(run)))
        if places[-1] >= len(source) or any(place in in_source for place in places):
            continue
        pairs = [(claim[i], source[j]) for i, j in zip(run, places, strict=True)]
        if not all(unit.is_same(other) and relation(unit) == relation(other) for unit, other in pairs):
            continue
        if start == 0 or (start - 1 in in_source and not JOINING.intersection(source[start].before)):
            return places
    return None


def _difference_at_start(
    claim: Row, source: Row, pair: tuple[int, int], moved: Collection[int], line: _Line
) -> Notice | None:
    """Find a change at the first unit that both have: what stands before it in the line is left out."""
    i, j = pair
    unit, other = claim.units[i], source.units[j]
    left_out = [at for at in range(j) if at not in moved]
    is_bare_value = len(claim.units) == 1 and unit.value is not None and not unit.before
    if is_bare_value:
        return None
    if _has_relative_clause(claim, source, pair):
        return _other_qualifier(unit, replace(other, before=()))
    if i == 0 and not is_same_relation(unit, other, is_gap=True):
        return _other_role(unit)
    is_stated = bool(left_out) and _is_stated(source.units[j - 1], other)
    is_embedded = left_out and COMPLEMENT.intersection(other.before) and not is_stated
    if connectives(other) - connectives(unit) - {"so"} or is_embedded:
        return _other_role(unit)
    if difference := _other_qualifier(unit, other):
        return difference
    if left_out and claim.kinds and is_kind(source.units[0], claim.kinds) and (left_out == [0] or is_boundary(other)):
        return None
    if claim.subject and any(source.units[at].value is None for at in left_out):
        # The line begins with a subject, which the part shares with the part before it or lacks.
        shares_subject = all(source.units[at].stem in claim.subject for at in left_out)
        opening = source.units[0]
        is_about_it = bool(PERSONAL.intersection(opening.before)) and bool(claim.subject & line.known)
        is_predicate = any(_is_predicate(source.units[at]) for at in left_out) and not unit.before
        is_about_it = is_about_it or (is_predicate and _opens_with(source.units, claim.subject))
        refers_back = is_about_it and (left_out == [0] or is_boundary(other) or is_predicate)
        is_about_part = _is_about_part([source.units[at] for at in left_out], claim)
        return None if shares_subject or refers_back or is_about_part else _other_role(unit)
    if not left_out or is_stated or is_boundary(other):
        return None
    start = j
    while start and not is_boundary(source.units[start]):
        start -= 1
    chunk = source.units[start:j]
    if all(is_adjective(one) or is_participle(one) for one in chunk) and not other.before:
        return None
    if any(is_verb(one) for one in chunk) or any(AUXILIARIES.intersection(one.before) for one in chunk[1:]):
        return _other_role(unit)
    if REFERRING.intersection(unit.before):
        return None if len(chunk) <= _MAX_SUBJECT else _other_role(unit)
    if AUXILIARIES.intersection(other.before) or is_verb(other):
        return _other_role(unit)
    return None


def _has_relative_clause(claim: Row, source: Row, pair: tuple[int, int]) -> bool:
    """Return whether a sentence says of its subject what a relative clause of the line says of the same words."""
    i, j = pair
    if i or relation(claim.units[0]):
        return False
    for unit, other in zip(claim.units[1:_MAX_SUBJECT], source.units[j + 1 :], strict=False):
        if RELATIVE.intersection(other.before):
            return not relation(other) and not RELATIVE.intersection(unit.before) and unit.is_same(other)
        if not unit.is_same(other) or unit.before or other.before:
            return False
    return False


def _is_about_part(left_out: Sequence[Unit], claim: Row) -> bool:
    """Return whether a line opens with "the women" or "these women" of whom the part before it speaks."""
    opening = left_out[0]
    is_definite = opening.before[:1] in (("the",), ("this",), ("these",), ("such",)) and opening.stem in claim.shared
    return is_definite and not any(unit.is_upper and unit.stem not in claim.shared for unit in left_out[1:])


def _opens_with(units: Sequence[Unit], subject: Collection[str]) -> bool:
    """Return whether the words that open a line, up to its first verb or preposition, are a given subject."""
    end = next((at for at, unit in enumerate(units) if at and (is_boundary(unit) or is_verb(unit))), 0)
    return bool(end) and subject_stems(Row(tuple(units[:end]))) <= set(subject)


def _is_stated(verb: Unit, opening: Unit) -> bool:
    """Return whether a clause behind "that" is said to be true: "the report shows that …"."""
    words = opening.before[: opening.before.index("that")] if "that" in opening.before else ()
    is_limited = any(MODALS.get(word) or word in NEGATIONS for word in (*verb.before, *words))
    is_fact = "found" in words or (not words and verb.word in FACTIVE_VERBS)
    return "that" in opening.before and is_fact and not is_limited


def _difference_between(
    claim: Sequence[Unit],
    source: Sequence[Unit],
    right: tuple[int, int],
    left_out: Sequence[int],
    is_moved: bool,
) -> Notice | None:
    """Find a change between two units that stand one after the other in the sentence."""
    unit = claim[right[0]]
    other, left_out = _without_modifiers(unit, source, right[1], left_out)
    if left_out and unit.value is not None and other.marks == "(" and source[left_out[-1]].value is not None:
        other, left_out = replace(other, before=source[left_out[-1]].before, marks=""), left_out[:-1]
    if left_out and is_boundary(other) and _is_member(unit, other, [source[at] for at in left_out]):
        return _other_qualifier(unit, other)
    if left_out and _is_pronoun_for(unit, other, [source[at] for at in left_out]):
        left_out = []
    if difference := _other_qualifier(unit, other):
        return difference
    if _is_other_relation(unit, other, bool(left_out) or is_moved) or _is_other_voice(claim, source, right):
        return _other_role(unit)
    if left_out:
        gap = [source[at] for at in left_out]
        is_harmless = _can_go(gap, unit, other) or not any(
            is_verb(one) or may_be_verb(one) or one.is_upper or one.value is not None
            or COMPLEMENT.union(RELATIVE, SUBORDINATING, NEGATIONS).intersection(one.before) for one in gap
        )
        return None if is_harmless else _left_out(source, left_out)
    closes_aside = "," in other.marks and not unit.marks and is_verb(other) and not JOINING.intersection(other.before)
    closes_aside = closes_aside and any("," in one.marks for one in source[1 : right[1]])
    return _other_role(unit) if closes_aside else None  # "Ada, a pupil of Bo, paints" does not say that Bo does.


def _is_member(unit: Unit, other: Unit, gap: Sequence[Unit]) -> bool:
    """Return whether a unit is a member of a list whose first members are left out: "in [Oslo, Bergen and] Hull"."""
    is_list = not relation(other) and not any(relation(one) or is_verb(one) for one in gap[1:])
    is_verbless = is_list and not is_verb(other) and not SUBJECT_PRONOUNS.intersection(other.before)
    return is_verbless and bool(relation(unit)) and relation(gap[0]) == relation(unit)


def _is_pronoun_for(unit: Unit, other: Unit, gap: Sequence[Unit]) -> bool:
    """Return whether a pronoun of the sentence stands for a name in the line."""
    has_pronoun = SUBJECT_PRONOUNS.intersection(unit.before) and not PERSONAL.intersection(other.before)
    is_name = all(one.is_upper and not one.marks for one in gap) and not any(one.before for one in gap[1:])
    return bool(has_pronoun) and is_name and not relation(gap[0])


def _without_modifiers(
    unit: Unit, source: Sequence[Unit], at: int, left_out: Sequence[int]
) -> tuple[Unit, Sequence[int]]:
    """Return a unit of a line without what is left out right before it, as in "in a [strange dark] room".

    Adjectives may go, and so may nouns where small words of the sentence tell that its unit is a noun.

    Args:
        unit: The unit of the sentence.
        source: The units of the line.
        at: Which of these is the same unit.
        left_out: Which of them, before it, are left out.

    Returns:
        The unit of the line with the small words before what is left out, and what else is left out.
    """
    start = at
    while start - 1 in left_out and _is_bare(source[start], start < at):
        start -= 1
    modifiers = source[start:at]
    is_noun = bool(unit.before) and (unit.before[-1] in ARTICLES or unit.before[-1] in RELATIONS)
    if not modifiers or not (is_noun or all(is_adjective(one) for one in modifiers)) or not source[start].before:
        return source[at], left_out
    grades = _GRADES if is_adjective(source[start]) else frozenset[str]()
    kept = tuple(word for word in source[start].before if word not in grades)
    whole = replace(source[at], before=kept + source[at].before, marks=source[start].marks)
    return whole, [other for other in left_out if other < start]


def _is_bare(unit: Unit, is_left_out: bool) -> bool:
    """Return whether nothing stands before a unit; "almost white" goes as a whole where it is left out."""
    before = (
        [word for word in unit.before if word not in _GRADES] if is_left_out and is_adjective(unit) else unit.before
    )
    return not before and not unit.marks


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
    has_boundary = any(is_boundary(one) for one in gap[1:])
    closes = is_boundary(other)
    if all(is_modifier(one) for one in gap) and not (has_boundary or closes or is_boundary(opening)):
        return True
    pronouns = SUBJECT_PRONOUNS.intersection(other.before) - set(unit.before)
    if pronouns:
        # "Ada [sold the barn, and she] hired Bo": she is Ada where no other name stands between.
        return pronouns <= {"he", "she", "they"} and not relation(other) and not any(one.is_upper for one in gap)
    if other.value is not None and any(one.value is not None for one in gap):
        return False
    if RELATIVE.union(("that",)).intersection(other.before) and any(_is_predicate(one) for one in gap):
        return not relation(other) and not any(is_boundary(one) and is_verb(one) for one in gap)
    if COMPLEMENT.intersection(word for one in gap for word in one.before):
        return False
    if any(one.word in EMBEDDING_VERBS for one in gap):
        return False
    has_verb = any(is_verb(one) for one in gap)
    joins, joined = bool(JOINING.intersection(other.before)), bool(JOINING.intersection(unit.before))
    if closes and opening.marks and is_boundary(opening):
        return joined or not (joins and relation(other))
    if not closes and relation(opening) and not has_verb and is_verb(other) and not relation(other):
        return True  # "The rise [in rents and wages] was caused by …"
    if has_boundary and not closes:
        # What follows the boundary may be another subject, unless no verb stands before it: "the fee [of A and B]".
        return bool(relation(opening)) and not has_verb and not any(may_be_verb(one) for one in gap)
    if joins:
        return joined or not relation(other)
    if JOINING.intersection(opening.before) and not joined and not unit.marks:
        return not has_verb
    if RELATIVE.intersection(opening.before):
        return len(gap) <= _MAX_RELATIVE
    if relation(opening) and not closes:
        return not has_verb or not relation(other)
    if closes:
        return not has_verb
    if is_participle(opening) and len(gap) > 1 and relation(gap[1]):
        return not any(is_verb(one) for one in gap[1:])
    return False


def _difference_at_end(claim: Row, source: Row, pair: tuple[int, int]) -> Notice | None:
    """Find that a sentence ends before the noun that its last word belongs to: "the Bern" for "the Bern office"."""
    _, j = pair
    if claim.ends_in_subject or j + 1 >= len(source.units):
        return None
    last, following = source.units[j], source.units[j + 1]
    if following.before or following.marks or is_verb(last) or last.value is not None:
        return None
    if following.word in ADVERBS or following.word.endswith("ly"):
        return None
    after = source.units[j + 2] if j + 2 < len(source.units) else None
    is_clause = following.word.endswith("ing") or is_participle(following)
    if is_clause and after and (after.value is not None or relation(after) or JOINING.intersection(after.before)):
        return None
    return _left_out(source.units, [j + 1])


def _difference_behind(claim: Row, source: Row, pair: tuple[int, int]) -> Notice | None:
    """Find that the small words that end a sentence are not those of the line: "go before her" for "go after her"."""
    i, j = pair
    own = [RELATIONS[word] for word in claim.behind if word in RELATIONS]
    following = source.units[j + 1].before if j + 1 < len(source.units) else source.behind
    theirs = [RELATIONS[word] for word in following if word in RELATIONS]
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
    if DEGREES.intersection(unit.before) != DEGREES.intersection(other.before):
        return _other_role(unit)
    own_words, their_words = set(unit.before), set(other.before)
    if (own_words & MALE and their_words & FEMALE) or (own_words & FEMALE and their_words & MALE):
        return _other_role(unit)
    return None


def _is_other_relation(unit: Unit, other: Unit, is_gap: bool) -> bool:
    if connectives(unit) != connectives(other) and (not is_gap or connectives(unit)):
        return True
    own, theirs = set(unit.before), set(other.before)
    if ("or" in own and "and" in theirs - own) or ("and" in own and "or" in theirs - own):
        return True
    return not is_same_relation(unit, other, is_gap)


def _is_other_voice(claim: Sequence[Unit], source: Sequence[Unit], pair: tuple[int, int]) -> bool:
    """Return whether a participle is in the passive on one side alone: "was replaced" for "replaced"."""
    (i, j) = pair
    if not (is_participle(claim[i]) and is_participle(source[j])):
        return False
    is_reduced = RELATIVE.intersection(claim[i].before) and "," in source[j].marks and not source[j].before
    return not is_reduced and is_passive(claim, i) != is_passive(source, j)


def _other_role(unit: Unit) -> Notice:
    return Notice("other-role", {"word": unit.word})


def _left_out(source: Sequence[Unit], left_out: Sequence[int]) -> Notice:
    return Notice("part-left-out", {"words": [source[at].word for at in left_out[:_MAX_ABSENT_SHOWN]]})
