"""A place with the numbers that belong to it: "Havnegata 12", "27 Tower Street, EH6 7BY", "Building C, Room 118". Pure.

Owns: how far an address or a room reaches to both sides of its name. Knows nothing about the question.
"""

from __future__ import annotations

import re

from rag.answering.short_answers.phrases import Phrase

# Nouns that stand before the number of a place.
_NUMBERED = (
    r"(?:room|gate|floor|platform|building|hall|wing|block|bay|dock|pier|suite|unit|level|track|desk|counter|stand|plot"
    r"|car park|raum|zimmer|gleis|halle|stock|etage|ebene|tor|gebäude|haus)"
)
_STREET = (
    r"(?:street|st|road|rd|lane|ln|avenue|ave|square|sq|drive|dr|way|place|court|close|terrace|boulevard|blvd|quay|row"
    r"|hill|gardens|crescent|parade|wharf|walk|mews|green)"
)
# A code, or a number that reads as no year and no decimal of an amount: "12", "31a", "4.12", "B7", "0150".
_CODE = r"(?:[A-Z]{0,2}\d{1,2}(?:\.\d{1,3})?[a-zA-Z]?|[A-Z]?[03-9]\d{2,4}[a-z]?|[A-Z]?[12]\d{2}[a-z]?|[A-Z]?[12]\d{4})"
_CAPITAL = r"[A-ZÀ-Þ][\w’'-]*"
_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
# Behind it nothing is counted: "Oslo 12 people".
_WHOLE, _ENDS = r"(?![\w%°]|[.,:/-]\d)", r"\s*(?:[.,;:)]|$)|\s(?:on|in|at|from|by|until|since|near|am|im|ab|bis)\b"
# What follows a name without a comma.
_NUMBER_BEHIND = re.compile(rf"\s(?P<number>{_CODE}){_WHOLE}(?={_ENDS}|\s(?:and|of|for|to|is|was|where|which|und)\b)")
# What follows behind a comma: a part of an address that has a number.
_PART_BEHIND = re.compile(
    rf",\s(?:{_POSTCODE}|(?i:{_NUMBERED})\s{_CODE}|{_CODE}\s{_CAPITAL}(?:\s{_CAPITAL}){{0,2}}){_WHOLE}(?={_ENDS})"
)
# Behind a number or another part of an address, the town alone.
_TOWN_BEHIND = re.compile(rf",\s{_CAPITAL}(?:[\s-]{_CAPITAL}){{0,2}}(?=\s*(?:[.,;)]|$))")
_POSTCODE_BEHIND = re.compile(rf",?\s{_POSTCODE}(?!\w)")
_NUMBER_BEFORE = re.compile(r"(?<![\w.,:/$€£-])(?P<number>\d{1,4}[a-z]?)\s$")
_IS_STREET = re.compile(rf"(?:{_CAPITAL}[\s-]){{1,3}}(?i:{_STREET})\b")
NUMBERED_NOUN = re.compile(rf"\b(?i:{_NUMBERED})\s$")
"""Finds a noun at the end of a text behind which a number or a letter stands: "Hall " before "B"."""
# Characters before a name in which its number or noun stands, and the most parts of an address.
_BEFORE, _MOST_PARTS = 12, 3
_DIGIT = re.compile(r"\d")


def whole_place(text: str, phrase: Phrase) -> Phrase:
    """Return a place with the house number, the postal code, the room and the town that stand beside its name.

    Args:
        text: The sentence.
        phrase: The place that was found in it.

    Returns:
        The phrase, or a longer one.
    """
    start, end = phrase.start, phrase.end
    before = text[max(0, start - _BEFORE) : start]
    if number := _NUMBER_BEFORE.search(before):
        if _IS_STREET.match(text, start):
            start -= len(number.group())
    elif (noun := NUMBERED_NOUN.search(before)) and _DIGIT.match(text, start):
        start -= len(noun.group())
    if number := _NUMBER_BEHIND.match(text, end):
        end = number.end("number")
    for _ in range(_MOST_PARTS):
        part = _POSTCODE_BEHIND.match(text, end) or _PART_BEHIND.match(text, end)
        if part is None and _DIGIT.search(text, start, end):
            part = _TOWN_BEHIND.match(text, end)
        if part is None:
            break
        end = part.end()
    return Phrase(start, end, phrase.form)
