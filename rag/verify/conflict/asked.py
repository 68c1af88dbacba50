"""What a question asks for, and what it names, as far as two sources may disagree about it. Pure.

Owns: reading that from the words of a question. Knows nothing about sources.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.verify.conflict.slots import Slot, slots_of, stems_in

# A question that asks for a date. Beside any other one, a date only tells when something was said.
_DATE = re.compile(
    r"\b(?:when|since|until|deadlines?|due|dates?|days?|months?|years?|born|died|founded|founding|established|built|opened"
    r"|opens?|closes?|launched|published|signed|starts?|began|begins?|ends?|ended|expires?|expiry|century|wann|seit|bis|frist"
    r"|datum|jahr|tag|monat)\b",
    re.I,
)
_YES_NO = re.compile(
    r"^\W*(?:is|are|was|were|do|does|did|can|could|may|must|should|has|have|had|will|would|ist|sind|war|waren|hat|haben"
    r"|darf|dürfen|kann|können|muss|müssen|wird|werden|wurde|wurden|gibt)\b",
    re.I,
)
_WHO = re.compile(r"\b(?:who|whom|whose|wer|wen|wem|wessen)\b", re.I)
_WHERE = re.compile(r"\b(?:where|wo|wohin|woher)\b", re.I)
_WHICH = re.compile(r"\b(?:which|what|welche[rsnm]?|was)\s+(\w+(?:\s+\w+)?)", re.I)
_INTERROGATIVE = re.compile(
    r"\b(?:(?P<name>who|whom|whose|where|wer|wen|wem|wessen|wo|wohin|woher)|(?P<no_name>when|how|why|wann|wie|warum|wieso"
    r"|(?:what|which|welche[rsnm]?) (?:year|date|day|month|time|number|percentage|amount|century|jahr|datum|tag))"
    r"|(?P<kind>which|what|was|welche[rsnm]?)(?P<many> (?:are|were|sind|waren|[a-z]+[^aiosu]s)\b)?)\b",
    re.I,
)
_MANY = re.compile(r"\b(?:who|wer) (?:are|were|sind|waren)\b|\b(?:name|list) (?:all|the \w+s)\b", re.I)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for.

    Attributes:
        stems: The stems of its words.
        values: The dates and numbers that it names.
        date: Whether it may ask for a date.
        name: Whether it may ask for a name; a question that asks for several asks for none.
        who: Whether it asks for a person.
        where: Whether it asks for a place.
        kind_of: The stems of the nouns whose kind it asks for: "which *pier*".
        yes_no: Whether it asks whether something is so; then it names what is disputed.
    """

    stems: frozenset[str]
    values: tuple[Slot, ...]
    date: bool
    name: bool
    who: bool
    where: bool
    kind_of: frozenset[str]
    yes_no: bool

    def names(self, slot: Slot) -> bool:
        """Return whether the question names what a slot says."""
        if slot.value is not None:
            return any(slot.key == other.key and slot.says_the_same(other) for other in self.values)
        return slot.stems <= self.stems


@lru_cache(maxsize=256)
def read_asked(question: str) -> Asked:
    """Read what a question asks for."""
    question = question[:4000]
    return Asked(
        stems=stems_in(question),
        values=tuple(slot for slot in slots_of(question) if slot.value is not None),
        date=bool(_DATE.search(question)),
        name=_asks_for_a_name(question),
        who=bool(_WHO.search(question)),
        where=bool(_WHERE.search(question)),
        kind_of=stems_in(" ".join(_WHICH.findall(question))),
        yes_no=bool(_YES_NO.search(question)),
    )


def _asks_for_a_name(question: str) -> bool:
    """Return whether a name may answer a question, one and not several; the first interrogative tells."""
    first = _INTERROGATIVE.search(question)
    return not _MANY.search(question) and (first is None or not (first["no_name"] or first["many"]))
