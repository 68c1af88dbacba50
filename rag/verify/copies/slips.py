"""The one difference that a long near-copy may have. Pure.

Owns: which differences count as a slip, and where one can change no role. Knows nothing about how they are found.

A sentence with many words in the order of its line seldom says something else because a further part is left out or a
small word is another. ``python -m tests.benchmarks.claims`` tells what that is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.verify.copies.omissions import other_qualifier
from rag.verify.copies.roles import (
    ARTICLES,
    BE,
    EMBEDDING_VERBS,
    RELATIONS,
    RELATIVE,
    is_adjective,
    is_participle,
    is_passive,
    is_verb,
    may_be_verb,
    relation,
)
from rag.verify.copies.units import Row, Unit
from rag.verify.parse.lexicon import NEGATIONS

SLIPS = frozenset({"other-role", "part-left-out"})
"""The codes of the differences of which a sentence may have one."""
LEAST_OF_SLIP = 5
"""How many words such a sentence has in the order of its line at least."""
# From so many words in order on, other prepositions and clauses that are left out count as a slip, too.
_LEAST_OF_ANY = 7
# Groups of prepositions that have an opposite.
_OPPOSED = frozenset("before after since until with without for against over under up down from to than".split())
# Words that tie a clause to another, and negations: none of them is left out by a slip.
_TIES = frozenset("whether if because unless although though despite so".split()) | frozenset(NEGATIONS)


def may_slip(claim: Row, source: Row, pair: tuple[int, int], left_out: Sequence[Unit], matched: int) -> bool:
    """Return whether a difference before a unit is one that a long sentence may have: no role can change by it.

    Something is left out, but no negation or degree, no number that one of the sentence may go with, nothing that says
    or doubts what follows, and not the noun that the rest belongs to: "the barn [door] of the farm", "the ferry
    [captain] sleeps", "bought a mill [and the mayor] sold it".

    Args:
        claim: The sentence.
        source: The line.
        pair: The unit: its places in the two.
        left_out: What the sentence lacks of the line before it.
        matched: How many units stand in the order of the line.

    Returns:
        Whether it is.
    """
    unit, other = claim.units[pair[0]], source.units[pair[1]]
    has_numbers = any(one.value for one in left_out) and any(one.value for one in claim.units)
    if not left_out or has_numbers:
        return False
    # "did not [marry or] leave": what stands before the first of two words goes with both.
    is_joined = len(left_out) == 1 and other.before in (("or",), ("and",))
    if other_qualifier(unit, replace(other, before=(*left_out[0].before, *other.before)) if is_joined else other):
        return False
    theirs = {word for one in (*left_out, other) for word in one.before}
    added = theirs.difference(unit.before)
    # A small word in place of what is left out may be a name: "the mill of the Time's Up".
    if set(unit.before) - theirs - RELATIONS.keys() - ARTICLES - BE:
        return False
    if added & _TIES or any(one.word in EMBEDDING_VERBS for one in left_out):
        return False
    if matched < _LEAST_OF_ANY:
        has_clause = len(left_out) > 1 and any(is_verb(one) or may_be_verb(one) for one in left_out)
        if has_clause or not _keeps_relation(unit, other, opens=pair[0] == 0):
            return False
    return (
        _says_no_opposite(unit, other)
        and _keeps_head(left_out, other)
        and _keeps_subject(claim, source, pair, left_out)
    )


def _keeps_head(left_out: Sequence[Unit], other: Unit) -> bool:
    """Return whether a phrase that goes on behind what is left out loses no noun by it."""
    opening = left_out[0]
    is_bare = not (opening.before or opening.marks or is_adjective(opening) or is_participle(opening))
    return not (is_bare and other.before)


def _keeps_relation(unit: Unit, other: Unit, opens: bool) -> bool:
    """Return whether a unit has the preposition of the line; one side may lack it where no sentence opens."""
    own, theirs = relation(unit), relation(other)
    return own == theirs or (bool(own) != bool(theirs) and not opens)


def _says_no_opposite(unit: Unit, other: Unit) -> bool:
    """Return whether another preposition than the line's may say the same: "after" is not "before"."""
    own, theirs = relation(unit), relation(other)
    return own == theirs or ("by" not in (own, theirs) and not (own and theirs and {own, theirs} & _OPPOSED))


def _keeps_subject(claim: Row, source: Row, pair: tuple[int, int], left_out: Sequence[Unit]) -> bool:
    """Return whether a verb behind what is left out has the same subject: "the bridge [beside the mill] opened"."""
    other = source.units[pair[1]]
    if not (is_verb(other) or may_be_verb(other)):
        return True
    start = len(left_out) - 1
    while start and not (left_out[start].before or left_out[start].marks):
        start -= 1
    # What stands right before a verb does it, unless a preposition holds it.
    is_subject = not relation(left_out[start]) or bool(RELATIVE.intersection(other.before))
    return not is_subject and is_passive(claim.units, pair[0]) == is_passive(source.units, pair[1])
