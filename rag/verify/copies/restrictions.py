"""What limits a rule or a finding to some cases: "free for children", "closed on Mondays", "cured in mice". Pure.

Owns: which phrases behind a statement it is not true without. What happened once, happened also without its place and
time: "Ada sold the barn in May" says that she sold the barn. Knows nothing about how sentences are compared.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.verify.copies.units import Unit

# Small words that open a limit of a rule.
_LIMITING = frozenset(
    "for with without on during under over above below within at in if when unless until except to after before".split()
)
# What a rule says of something, with "is" or "are" before it.
_OF_RULES = frozenset(
    """closed open free forbidden prohibited allowed permitted banned required mandatory compulsory optional valid paid
    due payable refundable available effective safe harmful toxic excluded included covered exempt reduced entitled
    eligible restricted limited possible waived charged""".split()
)
_PRESENT = frozenset("is are be remains remain stays stay".split())
# So many units before the limit a rule may stand: "is paid at double rate for night shifts".
_BEHIND = 4
_PERMITTING = frozenset("may must shall should needn".split())
# In whom or what something was found.
_STUDIED = frozenset(
    """vitro vivo mice mouse rats animals dogs monkeys pigs rabbits children adults women men patients infants babies
    elderly smokers pregnancy theory principle tests test trials trial simulation simulations laboratory lab model
    models""".split()
)


def restricts(units: Sequence[Unit], start: int) -> bool:
    """Tell whether the rest of a line limits what stands before it.

    Args:
        units: The units of the line.
        start: Where the rest begins.

    Returns:
        True for a rule ("free", "may") behind which a small word opens a limit, and for a finding in some kind of
        beings or in a trial.
    """
    opening, before = units[start], units[:start]
    if "in" in opening.before and opening.word in _STUDIED:
        return True
    if _LIMITING.isdisjoint(opening.before):
        return False
    small = [word for unit in before for word in unit.before] + list(opening.before)
    if not _PERMITTING.isdisjoint(small):
        return True
    # "Allowed" is a small word itself: "dogs are allowed on a lead".
    said = [(unit.word, unit.before) for unit in before[-_BEHIND:]] + [
        (word, opening.before) for word in opening.before
    ]
    return any(word in _OF_RULES and not _PRESENT.isdisjoint(around) for word, around in said)
