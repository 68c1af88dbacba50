"""Is a difference one between two things, of which both may be true? Pure.

Owns: telling what a sentence says of a thing from what tells that thing from another: "the toll of the *Moss* pier is
*3*". Knows nothing about negation or how values are compared.
"""

from __future__ import annotations

import re

from rag.text import STOPWORDS
from rag.verify.conflict.asked import Asked
from rag.verify.conflict.pairing import Pairing
from rag.verify.conflict.slots import Slot, stems_in
from rag.verify.conflict.vocabulary import (
    DOCUMENT_DATE,
    NUMBERED,
    ONCE,
    SHARED_BY_MANY,
    SHARED_BY_MANY_AGENTS,
    TELLS_APART,
)
from rag.verify.parse.parsed_text import stem_of

# Characters before and behind a slot that are read.
_BEFORE, _BEHIND, _NEAR = 48, 48, 24
_BY = re.compile(r"\b(?:by|von|durch)\s+(?:the\s+)?$", re.I)
_DETERMINER = re.compile(
    r"\b(?:the|an?|this|that|our|its|their|his|her|my|your|der|die|das|dem|den|des|unsere?r?|ein\w*)\s+$", re.I
)
_NOUN_BEHIND = re.compile(r"[ '’-]+([^\W\d_]+)")
_WORD_BEFORE = re.compile(r"(\w+)\W{1,3}$")
_SETTING = re.compile(r"(\w+)\s+(of|in|at|near|for|on|across|von|in|bei|für|auf)\s+(?:the\s+|der\s+|dem\s+)?$", re.I)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|can|may|must|will|ist|sind|war|hat|kann|darf|muss|wird)\b", re.I)
_EXAMPLE = re.compile(
    r"\b(?:such as|including|like|e\.g\.|for example|for instance|among others|one of|also)\W*$", re.I
)
_IS_ONE_OF = re.compile(
    r"\s+(?:(?:is|was|are|were|became|ist|war)\s+(?:also\s+)?(?:an?|one of|ein\w*)\b|also\b|auch\b)", re.I
)
_INDEFINITE_SUBJECT = re.compile(r"^\W*(?:an?|another|some|one of|ein\w*)\s", re.I)


def names_another(slot: Slot, text: str, asked: Asked) -> bool:
    """Tell whether a name only tells which thing a sentence is about, or one of many of which it is true.

    Args:
        slot: The name.
        text: Its sentence, as parsed.
        asked: What the question asks for.

    Returns:
        True for "Moss" in "the Moss pier" and "the mayor of Moss", and for "Ada" in "Ada is a keeper".
    """
    before, behind = text[max(0, slot.start - _BEFORE) : slot.start], text[slot.end : slot.end + _BEHIND]
    if _EXAMPLE.search(before) or _IS_ONE_OF.match(behind) or _is_modifier(before, behind, asked):
        return True
    if asked.where and not before.strip():
        # Where somebody was is asked, not who was there.
        return True
    setting = _SETTING.search(before)
    if not setting or stem_of(setting[1].lower()) not in asked.stems:
        return False
    if asked.who or asked.where:
        return asked.who or setting[2].lower() in ("of", "von")
    return not _VERB.search(text[: slot.start]) and bool(_VERB.search(text[slot.end :]))


def tells_apart(slot: Slot, text: str, asked: Asked) -> bool:
    """Tell whether a word only tells which of two things a sentence is about.

    Args:
        slot: The word, which has an opposite in its place.
        text: Its sentence, as parsed.
        asked: What the question asks for.

    Returns:
        True for "north" in "the toll of the north pier", unless the question asks where or for which pier.
    """
    noun = _NOUN_BEHIND.match(text, slot.end)
    if not slot.stems <= TELLS_APART or not noun or noun[1].lower() in STOPWORDS:
        return False
    stem = stem_of(noun[1].lower())
    if asked.where or stem in asked.kind_of:
        return False
    return stem in asked.stems or not _VERB.search(text[: slot.start])


def is_label(slot: Slot, text: str, asked: Asked) -> bool:
    """Tell whether a number is the name of a thing.

    Args:
        slot: The number.
        text: Its sentence, as parsed.
        asked: What the question asks for.

    Returns:
        True for "12" in "room 12", unless the question asks for which room.
    """
    before = _WORD_BEFORE.search(text[max(0, slot.start - _BEFORE) : slot.start])
    noun = stem_of(before[1].lower()) if before else ""
    is_name = bool(before and before[1].istitle() and slot.key == "<number >" and before[1].lower() not in STOPWORDS)
    return (noun in NUMBERED or is_name) and noun not in asked.kind_of and not asked.where


def is_shared_by_many(slot: Slot, text: str) -> bool:
    """Tell whether what is said beside a name may be true of many.

    Args:
        slot: The name.
        text: Its sentence, as parsed.

    Returns:
        True for "Ada" in "Ada works here", but not in "the work was done by Ada".
    """
    before, behind = text[max(0, slot.start - _NEAR) : slot.start], text[slot.end : slot.end + _NEAR]
    if _BY.search(before):
        return not SHARED_BY_MANY_AGENTS.isdisjoint(stems_in(before))
    return not SHARED_BY_MANY.isdisjoint(stems_in(f"{before} {behind}"))


def happens_once(pairing: Pairing, text: str) -> bool:
    """Tell whether two sentences tell of an event that has one date.

    Args:
        pairing: The two side by side.
        text: One of them.

    Returns:
        Whether they do: "the bridge opened in 1931"; not "a bridge opened in 1931" or "sales rose in 1931".
    """
    stems = {stem for slot, _ in pairing.same for stem in slot.stems}
    return bool(stems & ONCE) and not stems & DOCUMENT_DATE and not _INDEFINITE_SUBJECT.match(text)


def _is_modifier(before: str, behind: str, asked: Asked) -> bool:
    """Return whether a noun that a name belongs to stands right behind it: "the *Moss* pier"."""
    noun = _NOUN_BEHIND.match(behind)
    if not noun or not noun[1].islower() or noun[1] in STOPWORDS or noun[1].endswith("ed"):
        return False
    stem = stem_of(noun[1])
    if stem in asked.kind_of:
        return False
    if _DETERMINER.search(before):
        return not (asked.who and stem in asked.stems)
    return stem in asked.stems and not asked.who
