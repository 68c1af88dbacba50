"""Whether a question asks how one thing stands at several times: "across quarters", "over time". Pure.

Owns: the words that ask so. Knows nothing about the documents that may hold the times.

A length of time ("for two years") and a rate ("days per year", "paid each month") ask of one time.
"""

from __future__ import annotations

import re

_THE = r"(?:(?:the|of|its|their|our)\s+)"
_COUNT = r"(?:(?:two|three|four|five|six|\d{1,2})\s+)"
_MANY = (
    r"(?:(?:these|those|all|different|various|several|reported|covered|available|past|last|recent|previous|prior"
    r"|earlier|preceding|consecutive|successive|fiscal)\s+)"
)
_TIMES = r"(?:quarters|years|periods|months|seasons|reports|filings|statements|editions|10-[KQ]s)"
_TIME = r"(?:quarter|year|period|month|season|report|filing|edition|10-[KQ])"
_GERMAN_TIMES = r"(?:quartalen?|jahren?|zeiträumen?|monaten?|berichten?|perioden)"
_SEVERAL_TIMES = re.compile(
    rf"\b(?:over time|across (?:{_THE}|{_MANY}|{_COUNT}){{0,5}}{_TIMES}"
    rf"|over {_TIMES}|(?:over|through|throughout|between) (?:{_THE}|{_MANY})(?:{_THE}|{_MANY}|{_COUNT}){{0,4}}{_TIMES}"
    rf"|(?:in|during|from|for|of|to|with|than) {_THE}{{0,3}}{_COUNT}?{_MANY}{{1,3}}{_COUNT}?{_TIMES}"
    rf"|(?:each|every) {_MANY}{{1,2}}{_TIME}|(?:each|every) (?:period|report|filing|edition|10-[KQ])"
    r"|(?P<one>quarter|year|month|period)[\s-](?:by|over|to|on)[\s-](?P=one)"
    rf"|one {_TIME} to the (?:next|other)|im zeitverlauf|im zeitablauf|im lauf der (?:zeit|jahre)"
    r"|über (?:die|alle|mehrere)\s+(?:\w{1,20} ){0,2}(?:quartale|jahre|monate|zeiträume|berichte)"
    rf"|in (?:allen|diesen|mehreren|den letzten|den vergangenen)\s+(?:\w{{1,20}} )?{_GERMAN_TIMES}"
    r"|in jedem (?:quartal|jahr|bericht))\b",
    re.I,
)
_NAMES_TIME = re.compile(rf"\b(?:{_TIME}|{_TIMES}|{_GERMAN_TIMES}|quartals?|jahr(?:es)?|monats?)\b", re.I)


def asks_of_several_times(question: str) -> bool:
    """Return whether a question asks how one thing stands at several times: "changed over time", "across quarters"."""
    return _SEVERAL_TIMES.search(question) is not None


def names_time(words: str) -> bool:
    """Return whether a side of a comparison names a time or the report of one: "sales in the most recent quarter"."""
    return _NAMES_TIME.search(words) is not None
