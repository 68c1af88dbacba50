"""Tell what kind of thing the words of a cell are: a number, a date, a code, words in small letters.

Owns: the kinds, and what each looks like. Knows nothing about where a cell stands. Pure.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal[
    "",
    "integer",
    "decimal",
    "measure",
    "year",
    "period",
    "date",
    "time",
    "code",
    "address",
    "small",
    "capitalised",
    "capitals",
    "words",
    "long",
    "sign",
]

NUMBERS: frozenset[Kind] = frozenset({"integer", "decimal", "measure"})
# What stands below a name, and seldom is one.
VALUES: frozenset[Kind] = NUMBERS | {"date", "time", "code", "address", "year", "period"}
WORDS: frozenset[Kind] = frozenset({"small", "capitalised", "capitals", "words"})

# Longer texts, in characters, are no name, and no number or date.
LONGEST_NAME, _LONGEST_VALUE = 120, 60
_SENTENCE_WORDS = 8
_STRUCK = "[struck out: "
_MISSING = frozenset("- – — − n/a na n.a. nan null .. ... … ? k.a. #n/a".split())
_CURRENCY = r"(?:[$€£¥₹]|[A-Z]{3}|kr\.?|Fr\.?)"
# Digits in groups or without, with a decimal part or without, each of which occurs in one way only.
_AMOUNT = r"\d{1,20}(?:[  '’,.]\d{3}(?!\d)){0,6}(?:[.,]\d{1,20})?(?:[eE][-+]?\d{1,3})?"
_PLAIN = re.compile(rf"\(?[-+−]?(?P<amount>{_AMOUNT})\)?$")
_MEASURE = re.compile(
    rf"\(?[-+−<>≤≥~≈±]?\s?(?:{_CURRENCY}\s?)?[-+−]?(?P<amount>{_AMOUNT})\s?(?:{_CURRENCY}|%|‰|°[CF]?|[^\W\d_]{{1,12}}[²³.]?"
    rf"(?:/[^\W\d_]{{1,8}}[²³]?)?)?\)?$"
)
_INTEGER = re.compile(r"\d{1,3}(?:[  '’,]\d{3})+$|\d{1,3}(?:\.\d{3}){2,}$|\d+$")
_YEAR = re.compile(r"(?:19|20)\d\d$|2100$")
_MONTH = (
    r"(?:jan|feb|mar|mär|maart|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec"
    r"|dez|des|déc|fév|avr|juin|juil|août)[a-zé]{0,7}\.?"
)
_PERIOD = re.compile(
    rf"(?:FY ?|Q[1-4][ /-]|H[12][ /-]|{_MONTH} )'?\d{{2,4}}$"
    rf"|(?:19|20)\d\d ?[/–-] ?\d{{2,4}}$|(?:19|20)\d\d ?[QH][1-4]$",
    re.I,
)
_DATE = re.compile(
    rf"\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}\.?(?:[T ]\d{{1,2}}:\d\d.{{0,15}})?$"
    rf"|\d{{1,2}}\.? {_MONTH} \d{{4}}$|{_MONTH} \d{{1,2}}, \d{{4}}$",
    re.I,
)
_TIME = re.compile(r"\d{1,4}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?$", re.I)
_CODE = re.compile(r"(?=[^\d]*\d)(?=.*[^\W\d_])[\w./#:+-]{1,40}$")
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,80}$|(?:https?://|www\.)\S+$")
_UNIT = re.compile(
    r"[\[(][^\d\])]{1,24}[\d]?[\])]$"
    r"|(?:[kmµcd]?(?:g|m|l|L|W|V|A|J|Hz|Pa|mol|s|b|B)|[kMG]W ?h|ha|t|kt|Mt|h|min|d|°[CF]?|K|%|‰|ft|in|lb|lbs|oz|pcs"
    r"|[kmcd]?m[²³23]|m/s|m[³3]/s|[lL]/s|km/h|mph|Stk\.?|Std\.?|ppm|[µmk]g/(?:l|L|kg|m³)"
    r"|€|\$|£|EUR|USD|GBP|NOK|SEK|DKK|CHF|JPY|k?€|k\$|T€|TEUR|kr|bn|mn|[mM]io\.?|Mrd\.?)$"
)


def kind_of(words: str) -> Kind:
    """Return the kind of the words of a cell, "" for none and for a sign that a value is missing.

    Args:
        words: The words, on one line without white space around them.

    Returns:
        The kind. A ``measure`` is a number with a sign or unit, a ``code`` one word of letters and digits.
    """
    words = _unmarked(words)
    if not words or words.lower() in _MISSING:
        return ""
    if len(words) > LONGEST_NAME or _is_sentence(words):
        return "long"
    if len(words) <= _LONGEST_VALUE and any(map(str.isdigit, words)) and (kind := _kind_of_figures(words)):
        return kind
    if "@" in words or "://" in words or words.startswith("www."):
        return "address" if _ADDRESS.match(words) else "words"
    return _kind_of_words(words)


def is_unit(words: str) -> bool:
    """Tell whether the words of a cell are a unit of measurement, or stand in brackets."""
    words = _unmarked(words)
    return len(words) <= _LONGEST_VALUE and bool(_UNIT.match(words))


def _unmarked(words: str) -> str:
    """Return words that are wholly struck out without the mark that tells so."""
    is_marked = words.startswith(_STRUCK) and words.find("]") == len(words) - 1
    return words[len(_STRUCK) : -1].strip() if is_marked else words


def _is_sentence(words: str) -> bool:
    return words[-1] in ".!?。" and words.count(" ") + 1 >= _SENTENCE_WORDS


def _kind_of_figures(words: str) -> Kind:
    """Return the kind of words with a digit; "" where they are words with a number in them."""
    if _YEAR.match(words):
        return "year"
    if _DATE.match(words):
        return "date"
    if _TIME.match(words):
        return "time"
    if _PERIOD.match(words):
        return "period"
    if plain := _PLAIN.match(words):
        return "integer" if _INTEGER.match(plain["amount"]) else "decimal"
    if _MEASURE.match(words):
        # "5G" and "3D" are words: a unit that is glued to a digit and is no known one makes a code.
        return "measure" if not _CODE.match(words) or is_unit(words.lstrip("-+−0123456789.,")) else "code"
    return "code" if _CODE.match(words) else ""


def _kind_of_words(words: str) -> Kind:
    letters = [character for character in words if character.isalpha()]
    if not letters:
        # A telephone number, a fraction.
        return "code" if any(map(str.isdigit, words)) else "sign"
    if letters[0].islower():
        return "small"
    if not letters[0].isupper():
        return "words"
    return "capitals" if len(letters) > 1 and all(map(str.isupper, letters)) else "capitalised"
