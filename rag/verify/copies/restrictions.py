"""What limits a rule or a finding to some cases: "free for children", "closed on Mondays", "cured in mice". Pure.

Owns: which phrases behind a statement it is not true without. What happened once, happened also without its place and
time: "Ada sold the barn in May" says that she sold the barn. Knows nothing about how sentences are compared.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.verify.copies.units import Unit
from rag.verify.parse.quantities import Quantity

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
# Whom or what some of a kind are told by: "students with a card", "adults over 65".
_OF_SOME = frozenset("with without over under above below".split())
_PEOPLE = frozenset("children people women men".split())
# Verbs that say what happens each time, and what limits them.
_HABITUAL = frozenset(
    """pay pays get gets receive receives travel travels open opens closes departs arrives starts begins applies lowers
    prevents reduces relieves protects kills sells carries""".split()
)
_OF_HABITS = frozenset("on during under over above below if when unless until except before after".split())
_TIMES = frozenset("year years month months week weeks spring summer autumn winter season".split())
_RECURRING = frozenset(
    """weekdays weekends holidays mondays tuesdays wednesdays thursdays fridays saturdays sundays""".split()
)
_OF_DAYS = frozenset("on at during".split())
_AHEAD = frozenset("for with without under during until except after before".split())
# They open a condition; others that are no small words.
_CONDITIONS = frozenset("subject provided depending".split())
_CHARGED = frozenset("cost costs pay pays".split())


def restricts(units: Sequence[Unit], start: int, behind: Sequence[str] = ()) -> bool:
    """Tell whether the rest of a line limits what stands before it.

    Args:
        units: The units of the line.
        start: Where the rest begins.
        behind: The small words behind the last unit.

    Returns:
        True for a rule ("free", "may", "5 euros an hour") behind which a small word opens a limit, for a finding in
        some kind of beings or in a trial, and for days that come again.
    """
    opening, before = units[start], units[:start]
    if _is_study_or_days(opening) or opening.word in _CONDITIONS or _is_only(units, start, behind):
        return True
    if before and isinstance(before[-1].value, Quantity) and _limits_amount(before, opening):
        return True
    is_bounded = isinstance(opening.value, Quantity) and opening.value.bound in ("<", "<=", ">", ">=")
    is_limit = opening.word == "within" or is_bounded or not _LIMITING.isdisjoint(opening.before)
    if _is_habit(units, start):
        return True
    if not is_limit:
        return False
    small = [word for unit in before for word in unit.before] + list(opening.before)
    if not _PERMITTING.isdisjoint(small):
        return True
    # "Allowed" is a small word itself: "dogs are allowed on a lead".
    return _is_rule(before[-_BEHIND:], opening.before)


def restricts_ahead(units: Sequence[Unit], start: int, behind: Sequence[str]) -> bool:
    """Tell whether what opens a line limits the rest: "In mice, the drug cured fever", "On Sundays it is closed".

    Args:
        units: The units of the line.
        start: Where the rest begins.
        behind: The small words behind the last unit.

    Returns:
        True for what limits a finding, and for what limits a rule.
    """
    if not start:
        return False
    if _is_study_or_days(units[0]):
        return True
    if _AHEAD.isdisjoint(units[0].before):
        return False
    rest = units[start : start + _BEHIND]
    small = behind if start + _BEHIND >= len(units) else ()
    return _is_rule(rest, small) or any(unit.word in _HABITUAL for unit in rest)


def restricts_subject(units: Sequence[Unit], start: int) -> bool:
    """Tell whether some of a kind are told by what stands behind their name: "students with a card travel free".

    Args:
        units: The units of the line.
        start: Where that begins, right behind the first unit.

    Returns:
        True behind a plural that opens the line and has no article.
    """
    if units[0].before or not (units[0].word in _PEOPLE or units[0].word.endswith("s")):
        return False
    opening = units[start]
    return not opening.marks and not _OF_SOME.isdisjoint(opening.before)


def _is_study_or_days(opening: Unit) -> bool:
    is_study = "in" in opening.before and opening.word in _STUDIED
    return is_study or (opening.word in _RECURRING and not _OF_DAYS.isdisjoint(opening.before))


def _is_only(units: Sequence[Unit], start: int, behind: Sequence[str]) -> bool:
    """Tell whether "only" stands in the phrase that begins somewhere, before its next comma."""
    for at in range(start, len(units)):
        if at > start and units[at].marks:
            return False
        if "only" in units[at].before:
            return not units[at].marks
    return "only" in behind


def _limits_amount(before: Sequence[Unit], opening: Unit) -> bool:
    """Tell whether an amount is charged for some, or each time: "5 euros for members", "5 euros per hour"."""
    if opening.word == "per":
        return True
    is_charged = not _PRESENT.isdisjoint(before[-1].before) or (len(before) > 1 and before[-2].word in _CHARGED)
    return is_charged and "for" in opening.before


def _is_habit(units: Sequence[Unit], start: int) -> bool:
    """Tell whether a habit stands before its limit: "sells bread on Mondays", "pays no fee in the first year"."""
    opening = units[start]
    is_time = "in" in opening.before and any(unit.word in _TIMES for unit in units[start : start + 2])
    is_limit = is_time or not _OF_HABITS.isdisjoint(opening.before)
    return is_limit and any(unit.word in _HABITUAL for unit in units[max(0, start - _BEHIND) : start])


def _is_rule(units: Sequence[Unit], behind: Sequence[str]) -> bool:
    """Tell whether one of some units, or of the small words behind them, is said of something as a rule."""
    said = [(unit.word, unit.before) for unit in units] + [(word, behind) for word in behind]
    return any(word in _OF_RULES and not _PRESENT.isdisjoint(around) for word, around in said)
