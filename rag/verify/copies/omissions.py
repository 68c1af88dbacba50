"""What a near-copy may leave out of its line, and which small words must stay. Pure.

Owns: the differences at the first unit that both have, between two, and at the end. Knows nothing about where a
sentence is cut or which line it is compared with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from rag.notices import Notice
from rag.verify.copies.line import Line, is_kind, is_predicate, subject_stems
from rag.verify.copies.restrictions import restricts, restricts_ahead, restricts_subject
from rag.verify.copies.roles import (
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    COMPLEMENT,
    DEGREES,
    EMBEDDING_VERBS,
    FACTIVE_VERBS,
    FEMALE,
    JOINING,
    MALE,
    PERSONAL,
    REFERRING,
    RELATIONS,
    RELATIVE,
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
from rag.verify.copies.units import Row, Unit
from rag.verify.parse.lexicon import MODALS, NEGATIONS, QUANTIFIERS
from rag.verify.parse.quantities import Quantity

# Cap on the absent words that a reason names.
_MAX_ABSENT_SHOWN = 5
# Cap on the units of a relative clause that is left out, of a moved phrase, and of the noun that a pronoun stands for.
_MAX_RELATIVE, _MAX_MOVED, _MAX_SUBJECT = 6, 5, 6
_PROPOSING = frozenset("suggest suggests suggested propose proposes proposed".split())
# What may stand before a name, and the cap on the first names between the two.
_TITLES = frozenset(
    "admiral archbishop bishop president chancellor minister governor senator mayor judge justice general colonel "
    "captain major professor doctor chairman chairwoman".split()
)
_MAX_FIRST_NAMES = 2
_COURTESY = frozenset("sir dame mr mrs ms dr".split())
# Small words that go with the adjective behind them.
_GRADES = frozenset("almost nearly virtually practically very quite rather so most more".split())


def difference_at_start(
    claim: Row, source: Row, pair: tuple[int, int], moved: Collection[int], line: Line
) -> Notice | None:
    """Find a change at the first unit that both have: what stands before it in the line is left out.

    Args:
        claim: The sentence.
        source: The line.
        pair: The first unit that both have: its places in the two.
        moved: Which units of the line stand elsewhere in the sentence.
        line: The line, with what pronouns in it may mean.

    Returns:
        The reason; None for no change.
    """
    i, j = pair
    unit, other = claim.units[i], source.units[j]
    left_out = [at for at in range(j) if at not in moved]
    is_bare_value = len(claim.units) == 1 and unit.value is not None and not unit.before
    if is_bare_value:
        return None
    if _has_relative_clause(claim, source, pair):
        return other_qualifier(unit, replace(other, before=()))
    if i == 0 and not is_same_relation(unit, other, is_gap=True):
        return other_role(unit)
    is_stated = bool(left_out) and _is_stated(source.units[j - 1], other)
    is_embedded = left_out and COMPLEMENT.intersection(other.before) and not is_stated
    is_excepted = "but" in other.before and not other.marks and is_negated(source.units[:j])
    if connectives(other) - connectives(unit) - {"so"} or is_embedded or (left_out and is_excepted):
        return other_role(unit)
    if difference := other_qualifier(unit, other):
        return difference
    if left_out and claim.kinds and is_kind(source.units[0], claim.kinds) and (left_out == [0] or is_boundary(other)):
        return None
    if claim.subject and any(source.units[at].value is None for at in left_out):
        # The line begins with a subject, which the part shares with the part before it or lacks.
        shares_subject = all(source.units[at].stem in claim.subject for at in left_out)
        opening = source.units[0]
        is_about_it = bool(PERSONAL.intersection(opening.before)) and bool(claim.subject & line.known)
        says_what = any(is_predicate(source.units[at]) for at in left_out) and not unit.before
        is_about_it = is_about_it or (says_what and _opens_with(source.units, claim.subject))
        refers_back = is_about_it and (left_out == [0] or is_boundary(other) or says_what)
        is_about_part = _is_about_part([source.units[at] for at in left_out], claim)
        return None if shares_subject or refers_back or is_about_part else other_role(unit)
    if not left_out or is_stated or is_boundary(other):
        return None
    start = j
    while start and not is_boundary(source.units[start]):
        start -= 1
    chunk = source.units[start:j]
    if all(is_adjective(one) or is_participle(one) for one in chunk) and not other.before:
        return None
    if any(is_verb(one) for one in chunk) or any(AUXILIARIES.intersection(one.before) for one in chunk[1:]):
        return other_role(unit)
    if REFERRING.intersection(unit.before):
        return None if len(chunk) <= _MAX_SUBJECT else other_role(unit)
    if AUXILIARIES.intersection(other.before) or is_verb(other):
        return other_role(unit)
    opens_time = bool(relation(chunk[0])) or chunk[0].word == "since"
    is_other_noun = bool(ARTICLES.intersection(other.before)) and len(chunk) > 1 and not opens_time
    if is_other_noun and not SUBORDINATING.intersection(chunk[0].before):
        return other_role(unit)  # "The bridge beside the museum opened."
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


def difference_between(
    claim: Sequence[Unit],
    source: Sequence[Unit],
    right: tuple[int, int],
    left_out: Sequence[int],
    is_moved: bool,
) -> Notice | None:
    """Find a change between two units that stand one after the other in the sentence.

    Args:
        claim: The units of the sentence.
        source: Those of the line.
        right: The second of the two units: its places in the two.
        left_out: Which units of the line, between them, the sentence lacks.
        is_moved: Whether something between them stands elsewhere.

    Returns:
        The reason; None for no change.
    """
    unit = claim[right[0]]
    if _is_denied_with(unit, source[right[1]], [source[at] for at in left_out]):
        return other_role(unit)
    other, left_out = _without_modifiers(unit, source, right[1], left_out)
    if left_out and unit.value is not None and other.marks == "(" and source[left_out[-1]].value is not None:
        other, left_out = replace(other, before=source[left_out[-1]].before, marks=""), left_out[:-1]
    if left_out and is_boundary(other) and _is_member(unit, other, [source[at] for at in left_out]):
        return other_qualifier(unit, other)
    if (not (left_out or is_moved) and _joins_other(unit, other)) or _is_unjoined(unit, other, bool(left_out)):
        return other_role(unit)
    if left_out and right[1] > len(left_out) and _is_copula_clause(source, left_out, unit, other):
        return None
    if left_out and _is_pronoun_for(unit, other, [source[at] for at in left_out]):
        left_out = []
    if left_out and _is_first_name(source, left_out, unit, other):
        return None
    if len(left_out) == 1 and _is_kind_in_place(source[left_out[0]], unit, other):
        return None
    if difference := other_qualifier(unit, other):
        return difference
    if _is_other_relation(unit, other, bool(left_out) or is_moved) or _is_other_voice(claim, source, right):
        return other_role(unit)
    if left_out:
        gap = [source[at] for at in left_out]
        is_harmless = _can_go(gap, unit, other) or _is_count(gap, unit, other)
        return None if is_harmless else left_out_of(source, left_out)
    closes_aside = "," in other.marks and not unit.marks and is_verb(other) and not JOINING.intersection(other.before)
    closes_aside = closes_aside and any("," in one.marks for one in source[1 : right[1]])
    return other_role(unit) if closes_aside else None  # "Ada, a pupil of Bo, paints" does not say that Bo does.


def _is_denied_with(unit: Unit, other: Unit, gap: Sequence[Unit]) -> bool:
    """Return whether a negation before what is left out denies a unit, too: "did not [marry or] leave"."""
    denied = any(NEGATIONS.intersection(one.before) for one in gap) and {"or", "nor"}.intersection(other.before)
    return bool(denied) and not NEGATIONS.intersection(unit.before)


def _joins_other(unit: Unit, other: Unit) -> bool:
    """Return whether a phrase that the line ties on with "and" is none of what stands before it.

    "Ada sold 5 boats in May" against "In April Ada sold 5 boats, and in May 6".
    """
    is_joined = JOINING.intersection(other.before) and not JOINING.intersection(unit.before)
    return bool(is_joined and not unit.marks and "," in other.marks)


def _is_unjoined(unit: Unit, other: Unit, is_gap: bool) -> bool:
    """Return whether a further verb of the subject is one of another clause in the line: "[Bo, who] sold boats"."""
    if not (JOINING.intersection(unit.before) and is_verb(unit)) or JOINING.intersection(other.before):
        return False
    return bool(RELATIVE.union(COMPLEMENT).intersection(other.before)) or (is_gap and not other.marks)


def _is_copula_clause(source: Sequence[Unit], left_out: Sequence[int], unit: Unit, other: Unit) -> bool:
    """Return whether a proposal is told by what it says that something was: "proposed [that the cause was] a leak"."""
    proposing, gap = source[left_out[0] - 1], [source[at] for at in left_out]
    opens = proposing.word in _PROPOSING and gap[0].before[:1] == ("that",) and not is_negated(gap)
    is_noun = other.before[:1] in (("is",), ("was",), ("were",), ("are",)) and other.before[1:] == unit.before
    return opens and is_noun and not is_boundary(other) and not any(is_boundary(one) or is_verb(one) for one in gap)


def is_negated(units: Iterable[Unit]) -> bool:
    """Return whether a negation or a modal stands before one of some units."""
    return any(word in NEGATIONS or MODALS.get(word) for unit in units for word in unit.before)


def _is_member(unit: Unit, other: Unit, gap: Sequence[Unit]) -> bool:
    """Return whether a unit is a member of a list whose first members are left out: "in [Oslo, Bergen and] Hull"."""
    is_list = not relation(other) and not any(relation(one) or is_verb(one) for one in gap[1:])
    is_verbless = is_list and not is_verb(other) and not SUBJECT_PRONOUNS.intersection(other.before)
    return is_verbless and bool(relation(unit)) and relation(gap[0]) == relation(unit)


def _is_first_name(source: Sequence[Unit], left_out: Sequence[int], unit: Unit, other: Unit) -> bool:
    """Return whether names or initials are left out: "Admiral [Ada] Lund", "Ada [B.] Lund"."""
    names = [*(source[at] for at in left_out), other]
    if not left_out[0] or unit.before or unit.marks or not all(one.is_upper and one.value is None for one in names):
        return False
    if any(set(one.before) - _COURTESY or one.marks.strip(".") for one in names) or len(left_out) > _MAX_FIRST_NAMES:
        return False
    title = source[left_out[0] - 1]
    return title.word in _TITLES or (title.is_upper and all(len(one.word) == 1 for one in names[:-1]))


def _is_kind_in_place(kind: Unit, unit: Unit, other: Unit) -> bool:
    """Return whether a place is told of something itself that its line tells of a thing of a kind.

    "The Tern is in Hull" against "The Tern is [a ferry] in Hull".
    """
    is_place = other.before == ("in",) and unit.before[-1:] == ("in",) and not (other.marks or unit.marks or kind.marks)
    return is_place and other.is_upper and is_predicate(kind) and unit.before[:-1] == kind.before[:-1]


def _is_count(gap: Sequence[Unit], unit: Unit, other: Unit) -> bool:
    """Return whether what is left out is how many there are of something: "sold [5] boats"."""
    is_number = len(gap) == 1 and isinstance(gap[0].value, Quantity) and not (gap[0].before or gap[0].marks)
    has_none = is_number and isinstance(gap[0].value, Quantity) and 0.0 in gap[0].value.values
    is_plural = other.word.endswith("s") and not (other.before or other.marks or unit.before or is_verb(other))
    return is_number and not has_none and is_plural and not gap[0].word.startswith(("no", "19", "20"))


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
    if "such" in other.before and "as" in other.before and len(gap) == 1 and not unit.marks:
        return not (opening.marks or relation(unit))  # "makes [goods such as] rope"
    if other.before[:1] == ("times",) and len(gap) == 1 and opening.value is not None and not opening.before:
        return True  # "won the cup [three times,] in 1990 and 1994"
    if other.value is not None and any(one.value is not None for one in gap):
        return len(gap) == 1 and (relation(opening), relation(other), relation(unit)) == ("from", "to", "to")
    if RELATIVE.union(("that",)).intersection(other.before) and any(is_predicate(one) for one in gap):
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
    if has_boundary and relation(opening) and relation(opening) == relation(other) != "of":
        return False  # "Ferries leave [at noon, trains] at nine."
    if has_boundary and not closes:
        # What follows the boundary may be another subject, unless no verb stands before it: "the fee [of A and B]".
        return bool(relation(opening)) and not has_verb and not any(may_be_verb(one) for one in gap)
    is_shared = joins and is_verb(opening) and not (has_boundary or opening.marks)
    if is_shared and AUXILIARIES.intersection(unit.before):
        own = tuple(word for word in other.before if word not in JOINING)
        if own == unit.before:
            return True  # "The song [was sold and] is about rain."
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


def limit_left_out(
    claim: Row, source: Row, matched: Sequence[tuple[int, int]], moved: Collection[int]
) -> Notice | None:
    """Find what limits a rule or a finding, and stands before it, where a sentence leaves it out.

    Args:
        claim: The sentence.
        source: The line.
        matched: Which units are the same: their places in the two.
        moved: Which units of the line stand elsewhere in the sentence.

    Returns:
        The reason; None for no such limit.
    """
    first = matched[0][1]
    is_bare_value = len(claim.units) == 1 and claim.units[0].value is not None
    if not is_bare_value and 0 not in moved and restricts_ahead(source.units, first, source.behind):
        return left_out_of(source.units, range(first))
    places = [j for _, j in matched]
    if len(places) > 1 and not places[0] and places[1] > 1 and 1 not in moved and restricts_subject(source.units, 1):
        return left_out_of(source.units, range(1, places[1]))
    return None


def difference_at_end(claim: Row, source: Row, pair: tuple[int, int]) -> Notice | None:
    """Find that a sentence ends before the noun that its last word belongs to: "the Bern" for "the Bern office".

    Args:
        claim: The sentence.
        source: The line.
        pair: The last unit that both have: its places in the two.

    Returns:
        The reason; None for no change.
    """
    _, j = pair
    if claim.ends_in_subject or j + 1 >= len(source.units):
        return None
    last, following = source.units[j], source.units[j + 1]
    if restricts(source.units, j + 1, source.behind):
        return left_out_of(source.units, [j + 1])
    if following.before or following.marks or is_verb(last) or last.value is not None:
        return None
    if following.word in ADVERBS or following.word in RELATIONS or following.word.endswith("ly"):
        return None
    after = source.units[j + 2] if j + 2 < len(source.units) else None
    is_clause = following.word.endswith("ing") or is_participle(following)
    if is_clause and after and (after.value is not None or relation(after) or JOINING.intersection(after.before)):
        return None
    return left_out_of(source.units, [j + 1])


def difference_behind(claim: Row, source: Row, pair: tuple[int, int]) -> Notice | None:
    """Find that the small words that end a sentence are not those of the line: "go before her" for "go after her".

    Args:
        claim: The sentence.
        source: The line.
        pair: The last unit that both have: its places in the two.

    Returns:
        The reason; None for no change.
    """
    i, j = pair
    own = [RELATIONS[word] for word in claim.behind if word in RELATIONS]
    following = source.units[j + 1].before if j + 1 < len(source.units) else source.behind
    theirs = [RELATIONS[word] for word in following if word in RELATIONS]
    is_last = i == len(claim.units) - 1
    return other_role(claim.units[i]) if is_last and own and own != theirs[: len(own)] else None


def other_qualifier(unit: Unit, other: Unit) -> Notice | None:
    """Find a negation, a modal, a quantifier or a pronoun before a unit that the other side lacks there.

    Args:
        unit: The sentence's unit.
        other: The same unit of the source.

    Returns:
        The reason; None for no difference.
    """
    for listed, code in ((MODALS, "different-modal"), (QUANTIFIERS, "different-quantifier")):
        own = {listed[word] for word in unit.before if word in listed} - {"all"}
        theirs = {listed[word]: word for word in other.before if word in listed and listed[word] != "all"}
        if missing := theirs.keys() - own:
            return Notice(code, {"word": theirs[min(missing)], "said_by": "source"})
    if bool(NEGATIONS.intersection(unit.before)) != bool(NEGATIONS.intersection(other.before)):
        return other_role(unit)
    if DEGREES.intersection(unit.before) != DEGREES.intersection(other.before):
        return other_role(unit)
    own_words, their_words = set(unit.before), set(other.before)
    if (own_words & MALE and their_words & FEMALE) or (own_words & FEMALE and their_words & MALE):
        return other_role(unit)
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
    is_same = is_passive(claim, i) == is_passive(source, j) or (is_passive(source, j) and _shares_passive(claim, i))
    return not is_reduced and not is_same


def _shares_passive(units: Sequence[Unit], at: int) -> bool:
    """Return whether a participle may share the "was" of one before it: "was found in May and [was] sold in June"."""
    following = units[at + 1] if at + 1 < len(units) else None
    has_object = following is not None and not (following.before or following.marks or following.value is not None)
    return units[at].before == ("and",) and not has_object and any(is_passive(units, i) for i in range(at))


def other_role(unit: Unit) -> Notice:
    """Return the reason that a word has another role in the line."""
    return Notice("other-role", {"word": unit.word})


def left_out_of(source: Sequence[Unit], left_out: Sequence[int]) -> Notice:
    """Return the reason that a part of the line is left out without which the rest may say something else.

    Args:
        source: The units of the line.
        left_out: Which of them are left out.

    Returns:
        The reason, with the first of their words.
    """
    return Notice("part-left-out", {"words": [source[at].word for at in left_out[:_MAX_ABSENT_SHOWN]]})
