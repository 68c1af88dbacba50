"""Negation and opposite words between two sentences that are alike. Pure.

Owns: what one of two sentences denies and the other states. Knows nothing about questions.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.conflict.pairing import Pairing
from rag.verify.conflict.slots import Slot, slots_of
from rag.verify.conflict.vocabulary import DENYING_PREFIXES, EVENTS, OPPOSITE_STEMS
from rag.verify.parse.lexicon import DENYING_WORDS, NEGATIONS
from rag.verify.parse.parsed_text import parse_text

# The shortest word that a prefix such as "un" turns into its contrary.
_SHORTEST_DENIED = 4
_HELPING_VERB_BEFORE = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|may|might|must|shall|should|will|would"
    r"|ist|sind|war|waren|hat|haben|darf|dürfen|kann|können|muss|müssen|wird|werden|wurde)\s+){1,3}$",
    re.I,
)
# Verbs that deny what follows them.
_DENYING = DENYING_WORDS - {"against", "instead", "unlikely", "impossible"}
# Most characters before a word in which its helping verbs stand.
_BEFORE = 24


@dataclass(frozen=True, slots=True)
class Denial:
    """A word of a sentence that denies: where it stands, and the number of the slot it speaks of."""

    start: int
    end: int
    slot: int


def denials(text: str, clauses: Sequence[Slot], replaced: Sequence[Slot] = ()) -> list[Denial] | None:
    """Find what a sentence denies.

    Args:
        text: The sentence.
        clauses: Slots that do not count, since the other sentence has no such clause.
        replaced: Words that deny nothing more, since the other sentence has another one in their place.

    Returns:
        Its denials, each with the slot behind it, or before it where none follows; None where that is too intricate.
    """
    parsed, slots = parse_text(text), slots_of(text)
    negations = [token for token in parsed.tokens if token.word in NEGATIONS]
    if len(negations) != len(parsed.negations):
        return None
    starts = [slot.start for slot in slots]
    found = [
        Denial(slot.start, slot.end, min(number + 1, len(slots) - 1))
        for number, slot in enumerate(slots)
        if slot.text.lower() in _DENYING and slot not in clauses and slot not in replaced
    ]
    for word in negations:
        number = bisect_left(starts, word.end)
        number -= number == len(slots)
        # "No longer open" denies "open".
        if slots[number].text.lower() == "longer" and number + 1 < len(slots):
            number += 1
        if number >= 0 and slots[number] not in clauses:
            found.append(Denial(word.start, word.end, number))
    return found


def find_negation(left: str, right: str, pairing: Pairing) -> tuple[str, str] | None:
    """Find what one of two sentences denies and the other, in the same words, states.

    Args:
        left: A sentence.
        right: Another one.
        pairing: The two side by side.

    Returns:
        What each says: "is open", "is not open"; None where they differ in more, or in nothing.
    """
    if pairing.replaced or not all(map(_only_denies, (slot for extra in pairing.extra for slot in extra))):
        return None
    counts = denials(left, pairing.clauses[0]), denials(right, pairing.clauses[1])
    match counts:
        case ([denial], []):
            counterpart = dict(pairing.same).get(slots_of(left)[denial.slot])
            return (_denied(left, denial), _stated(right, counterpart)) if counterpart else None
        case ([], [denial]):
            counterpart = {other: one for one, other in pairing.same}.get(slots_of(right)[denial.slot])
            return (_stated(left, counterpart), _denied(right, denial)) if counterpart else None
    return None


def deny_alike(left: str, right: str, pairing: Pairing) -> bool:
    """Tell whether two sentences deny as often.

    Args:
        left: A sentence.
        right: Another one.
        pairing: The two side by side.

    Returns:
        Whether they do, clauses that only one of them has left out.
    """
    one = denials(left, pairing.clauses[0], [slot for slot, _ in pairing.replaced])
    other = denials(right, pairing.clauses[1], [slot for _, slot in pairing.replaced])
    return one is not None and other is not None and len(one) == len(other)


def are_opposite(left: Slot, right: Slot, pairing: Pairing) -> bool:
    """Tell whether two words say the contrary of the same thing.

    Args:
        left: A word.
        right: The one in its place.
        pairing: The two sentences side by side: opposite events contradict each other only where these say when.

    Returns:
        Whether they do: "open" and "closed", "likely" and "unlikely"; not "born" and "died".
    """
    if left.kind != "word" or right.kind != "word":
        return False
    if left.stems <= EVENTS and right.stems <= EVENTS and left.text.lower().endswith(("s", "ed", "gan", "pped")):
        return any(slot.kind == "date" for slot, _ in pairing.same) or left.text.lower() in ("closed", "opened")
    (one,), (other,) = left.stems, right.stems
    if other in OPPOSITE_STEMS.get(one, ()):
        return True
    short, long = sorted((left.text.lower(), right.text.lower()), key=len)
    return len(short) >= _SHORTEST_DENIED and any(long == prefix + short for prefix in DENYING_PREFIXES)


def _only_denies(slot: Slot) -> bool:
    return slot.text.lower() in _DENYING or slot.text.lower() == "longer"


def _denied(text: str, denial: Denial) -> str:
    words, slot = parse_text(text).text, slots_of(text)[denial.slot]
    start = min(denial.start, slot.start)
    return words[_with_helping_verb(words, start) : max(denial.end, slot.end)]


def _stated(text: str, slot: Slot) -> str:
    words = parse_text(text).text
    return words[_with_helping_verb(words, slot.start) : slot.end]


def _with_helping_verb(text: str, start: int) -> int:
    first = max(0, start - _BEFORE)
    helping = _HELPING_VERB_BEFORE.search(text[first:start])
    return first + helping.start() if helping else start
