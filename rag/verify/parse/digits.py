"""Digits that say something by where they stand: raised ones, fractions of one character, and numbers that refer. Pure.

Owns: writing out raised digits and fractions before a text is normalised (``write_out``), since NFKC makes 1016 of
10¹⁶ and 21⁄2 of 2½; finding the numbers of list items and citation marks (``find_references``), which count
nothing; and the record of how a text writes numbers (``Notation``), which ``notation`` tells. Knows nothing about
values or units.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

DIGIT = re.compile(r"\d")
_RUN = re.compile(r"\w+")
_PLAIN_LETTERS = str.maketrans("İıſ\u212a\u212bẞ", "IisK\u00c5ß")
_RAISED = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹]+")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
# Fractions, and numbers in circles, in brackets or with a full stop, of one character.
_ENCLOSED = re.compile("[¼-¾⅐-⅟↉①-⒛⓪-⓿❶-➓㉈-㉏㉑-㉟㊱-㊿]")
# One or two digits, which may have a power, and the sign of a product before them.
_BASE = re.compile(r"(?P<times>[×x·*]\s?)?(?<![\d.,'’\u00a0\u202f])(?P<digits>\d{1,2})$")
_LETTERS = re.compile(r"[^\W\d_]+$")
_NOUN = re.compile(r"[ \u00a0](?!(?:is|are|was|were|of|and|or|to|in|as|ist|sind|und|oder)\b)[^\W\d_]{2}")
# Units have two letters at most before their power: m², km².
_LONGEST_UNIT = 2
# Characters before and behind a raised number that tell what it is.
_CHARACTERS_AROUND = 24

_ONES = ("one two three four five six seven eight nine ten".split(), "ein zwei drei vier fünf".split())
_WHOLE = {word: at for words in _ONES for at, word in enumerate(words, 1)} | {"andert": 1}
_AND_HALF = re.compile(
    rf"\b(?:(?P<whole>{'|'.join(_ONES[0])}|\d{{1,3}})(?: |-)and(?: |-)a(?: |-)half"
    rf"|(?P<german>{'|'.join(_ONES[1])})einhalb|(?P<one>andert)halb)\b",
    re.I,
)
_PERIODS = "hour|day|week|month|year|decade|century|minute|mile|metre|meter|litre|liter|kilometre|kilometer"
_UNIT_AND_HALF = re.compile(rf"\b(?:an?|one) ({_PERIODS}) and a half\b", re.I)
_HALF_OF_UNIT = re.compile(rf"\bhalf (?:an?|of an?) ({_PERIODS}|million|billion)\b", re.I)

# Before these, "3." is the third.
GERMAN_COUNTED = (
    r"(?-i:Quartal|Halbjahr|Jahrhundert|Jahrestag|Geburtstag|Platz|Rang|Stelle|Stock|Etage|Auflage|Liga|Klasse|Runde"
    r"|Absatz|Kapitel|Artikel|Mal|Tag|Woche|Monat|Jahr)"
)
# "1. ", "1) " and "(1) " at the start of a line, before something else.
_LIST_NUMBERS = re.compile(rf"^[ \t]*(?:\(?\d{{1,3}}\)[ \t]+|\d{{1,3}}\.[ \t]+(?!{GERMAN_COUNTED}))+(?=\S)", re.M)
# [1], [2, 3], [4–6]
_CITATION_MARK = re.compile(r"\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,20}\]")


@dataclass(frozen=True, slots=True)
class Notation:
    """How a text writes numbers and dates.

    Attributes:
        decimal: What it writes before decimals, "." or ","; "" where that is not known.
        is_regional: Whether another mark is as usual in its language, and none of its numbers shows which it has.
        is_day_first: Whether its dates surely begin with the day.
    """

    decimal: str = ""
    is_regional: bool = False
    is_day_first: bool = False


def write_out(text: str) -> str:
    """Return a text with powers as "10^16", fractions as "2 1⁄2", and without the raised marks of footnotes.

    Halves in words are such fractions, too: "two and a half metres", "an hour and a half", "half an hour".
    """
    if "half" in text or "halb" in text:
        text = _HALF_OF_UNIT.sub(r"1⁄2 \1", _UNIT_AND_HALF.sub(r"1 1⁄2 \1s", _AND_HALF.sub(_and_half, text)))
    if text.isascii():
        return text
    raised = _RAISED.sub(_plain, text) if _RAISED.search(text) else text
    return _ENCLOSED.sub(_set_apart, raised)


def _and_half(match: re.Match[str]) -> str:
    whole = match["whole"] or match["german"] or match["one"]
    return f"{_WHOLE.get(whole.lower(), whole)} 1⁄2"


def with_plain_letters(text: str) -> str:
    """Return a text of the same length without letters that only a search without letter case takes for others.

    "APRİL" and "aprıl" are found as "april", which they are in no letter case.
    """
    return text if text.isascii() else text.translate(_PLAIN_LETTERS)


@lru_cache(maxsize=64)
def words_in(text: str) -> frozenset[str]:
    """Return the runs of letters and digits of a text in small letters; several ask for those of one text in turn."""
    return frozenset(_RUN.findall(text.lower()))


def find_references(text: str) -> list[tuple[int, int]]:
    """Return where the numbers of list items and citation marks stand, in order."""
    if not DIGIT.search(text):
        return []
    spans = [match.span() for pattern in (_LIST_NUMBERS, _CITATION_MARK) for match in pattern.finditer(text)]
    return sorted(spans)


def inside_any(spans: Sequence[tuple[int, int]]) -> Callable[[int], bool]:
    """Return a test of whether a position lies in one of the spans, which do not overlap."""
    ends = dict(spans)
    starts = sorted(ends)

    def is_inside(position: int) -> bool:
        nearest = bisect_right(starts, position) - 1
        return nearest >= 0 and position < ends[starts[nearest]]

    return is_inside


def _plain(match: re.Match[str]) -> str:
    """Return what a raised number is written out as: a power, the power of a unit, or nothing for a footnote's mark."""
    before = match.string[max(0, match.start() - _CHARACTERS_AROUND) : match.start()]
    behind = match.string[match.end() : match.end() + _CHARACTERS_AROUND]
    digits = match.group().translate(_PLAIN)
    nothing = " " if behind[:1].isalnum() else ""
    if behind.startswith("⁄"):
        return f" {digits}"
    if base := _BASE.search(before):
        is_power = base["digits"] in ("2", "10") or base["times"] or not digits.isdigit() or not _NOUN.match(behind)
        return f"^{digits}" if is_power else nothing
    if letters := _LETTERS.search(before):
        return match.group() if len(letters.group()) <= _LONGEST_UNIT else nothing
    return nothing


def _set_apart(match: re.Match[str]) -> str:
    """Return one of these characters written out, with a space to what stands beside it."""
    before = match.string[match.start() - 1 : match.start()] if match.start() else ""
    behind = match.string[match.end() : match.end() + 1]
    left = " " if before and not before.isspace() else ""
    right = " " if behind.isalnum() else ""
    return f"{left}{unicodedata.normalize('NFKC', match.group())}{right}"
