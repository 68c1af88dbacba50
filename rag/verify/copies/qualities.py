"""What a near-copy must keep of each thing: that it is no longer, not yet or only so called, and that it was. Pure.

Owns: the adjectives that take back the noun behind them, and the tense of a verb. Knows nothing about roles.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rag.notices import Notice
from rag.verify.copies.omissions import left_out_of
from rag.verify.copies.roles import AUXILIARIES, is_participle
from rag.verify.copies.units import Row, Unit
from rag.verify.parse.parsed_text import stem_of
from rag.verify.parse.quantities import Quantity

# A former mayor is no mayor, and a toy boat no boat.
_NOMINAL = frozenset(
    "former ex onetime erstwhile acting deputy vice assistant next future prospective potential possible would-be "
    "aspiring proposed planned intended attempted failed unsuccessful fake false mock toy imitation artificial dummy "
    "counterfeit forged alleged supposed suspected purported putative presumed so-called self-styled self-proclaimed "
    "pseudo fictional fictitious imaginary hypothetical simulated honorary ehemalige ehemaliger ehemaligen "
    "stellvertretende stellvertretender angebliche angeblicher künftige künftiger".split()
)
# They may go from before a name: "former President Lund".
_OF_OFFICE = frozenset("former onetime erstwhile vice acting deputy ehemalige ehemaliger ehemaligen".split())
_NOW, _THEN = frozenset("is are am".split()), frozenset("was were".split())
# A modifier and its noun have at most so many words between them.
_MOST_BETWEEN = 1


def other_quality(claim: Row, source: Row, matched: Sequence[tuple[int, int]], moved: Collection[int]) -> Notice | None:
    """Find that a sentence leaves out what takes a noun back, or tells of now what its line tells of the past.

    Args:
        claim: The sentence.
        source: The line.
        matched: Which units are the same: their places in the two.
        moved: Which units of the line stand elsewhere in the sentence.

    Returns:
        The reason; None for neither.
    """
    kept = {j for _, j in matched}.union(moved)
    left_out = [j for j in range(len(source.units)) if j not in kept]
    if found := nominal_only(source.units, left_out):
        return found
    return next(filter(None, (other_time(claim.units[i], source.units, j) for i, j in matched)), None)


def is_year(unit: Unit) -> bool:
    """Return whether a unit is a year in digits."""
    return isinstance(unit.value, Quantity) and unit.value.is_year()


def nominal_only(source: Sequence[Unit], left_out: Sequence[int]) -> Notice | None:
    """Find an adjective that takes back the noun behind it where the sentence has the noun alone.

    "Ada is the mayor" against "Ada is the former mayor".

    Args:
        source: The units of a line.
        left_out: Which of them a sentence lacks.

    Returns:
        The reason; None for no such word.
    """
    for at in left_out:
        if source[at].word not in _NOMINAL:
            continue
        nouns = [place for place in range(at + 1, min(len(source), at + 2 + _MOST_BETWEEN)) if place not in left_out]
        noun = source[nouns[0]] if nouns else None
        is_named = noun is not None and noun.is_upper and source[at].word in _OF_OFFICE
        if noun is not None and not (noun.before or noun.marks or is_named):
            return left_out_of(source, [at])
    return None


def other_time(unit: Unit, source: Sequence[Unit], at: int) -> Notice | None:
    """Find that a sentence says of now what its line says of the past: "owns" for "owned", "is" for "was".

    Args:
        unit: The unit of the sentence.
        source: The units of a line.
        at: Which of them is the same unit.

    Returns:
        The reason; None where the two say it of one time, or the sentence of the past.
    """
    other = source[at]
    now, then = _NOW.intersection(unit.before), _THEN.intersection(other.before)
    if now and then and not (_NOW & set(other.before) or _THEN & set(unit.before)):
        return Notice("contrasting-word", {"word": min(now), "instead": min(then)})
    if in_small := _other_time_of_small(set(unit.before) - set(other.before), other.before):
        return in_small
    has_agent = at + 1 < len(source) and source[at + 1].before[:1] == ("by",)
    is_past = is_participle(other) and not (has_agent or AUXILIARIES.intersection(other.before))
    is_present = unit.word.endswith("s") and unit.stem == other.stem and not is_participle(unit)
    if is_past and is_present and not (AUXILIARIES.intersection(unit.before) or "to" in unit.before):
        return Notice("contrasting-word", {"word": unit.word, "instead": other.word})
    return None


def _other_time_of_small(own: Collection[str], others: Collection[str]) -> Notice | None:
    """Find a verb of the present among small words in place of the same verb of the past: "has" is none."""
    for word in own:
        if word.endswith("s") and word not in AUXILIARIES:
            past = next((one for one in others if one.endswith("ed") and stem_of(one) == stem_of(word)), None)
            if past:
                return Notice("contrasting-word", {"word": word, "instead": past})
    return None
