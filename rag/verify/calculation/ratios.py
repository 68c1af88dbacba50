"""Ratios in words: "half of", "tripled", "five times as much", "one in eight", "by a third". Pure.

Owns: which words say a ratio, in English and German, and which number that is. Knows nothing about sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.text import in_small_letters

_NUMBERS = {
    word: float(value)
    for value, words in enumerate(
        (
            "one a an ein eine einem einer", "two zwei", "three drei", "four vier", "five fünf", "six sechs",
            "seven sieben", "eight acht", "nine neun", "ten zehn", "eleven elf", "twelve zwölf",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_PARTS = {
    word: float(value)
    for value, words in enumerate(
        (
            "half halves", "third thirds drittel", "quarter quarters fourth fourths viertel", "fifth fifths fünftel",
            "sixth sixths sechstel", "seventh sevenths siebtel", "eighth eighths achtel", "ninth ninths neuntel",
            "tenth tenths zehntel",
        ),
        start=2,
    )
    for word in words.split()
}  # fmt: skip
# Said of anything.
_TURNED_INTO = {
    word: value
    for value, words in (
        (2.0, "doubled doubling twofold verdoppelt verdoppelte verdoppelten zweifache"),
        (3.0, "tripled tripling trebled trebling threefold verdreifacht verdreifachte verdreifachten dreifache"),
        (4.0, "quadrupled quadrupling fourfold vervierfacht vervierfachte vervierfachten vierfache"),
        (5.0, "quintupled fivefold verfünffacht verfünffachte fünffache"), (6.0, "sixfold sechsfache"),
        (7.0, "sevenfold siebenfache"), (8.0, "eightfold achtfache"), (9.0, "ninefold neunfache"),
        (10.0, "tenfold verzehnfacht verzehnfachte zehnfache"), (0.5, "halved halving halbiert halbierte halbierten"),
    )
    for word in words.split()
}  # fmt: skip
# Said of what follows: "twice as much", but neither "voted twice" nor "a double room" nor "the first half".
_COMPARED = {
    "half": 0.5, "halb": 0.5, "hälfte": 0.5, "twice": 2.0, "double": 2.0, "doubles": 2.0, "doppelt": 2.0,
    "thrice": 3.0, "triple": 3.0, "triples": 3.0, "quadruple": 4.0, "quadruples": 4.0,
}  # fmt: skip


def _any_of(words: dict[str, float]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


# Both are searched in small letters.
_COUNT = rf"\d{{1,4}}(?:[.,]\d{{1,2}})?|{_any_of(_NUMBERS)}"
_COUNTED = re.compile(
    rf"\b(?P<by>(?:by|um)\s(?:(?:about|around|roughly|nearly|almost|over|more\sthan|etwa|rund|fast)\s)?)?"
    rf"(?P<count>{_COUNT})(?:"
    rf"[\s-](?P<part>{_any_of(_PARTS)})\b(?(by)|(?=(?<=s)\s|\s(?:of|the|as|that|its|their|der|des|von|so)\b))"
    rf"|\s(?:out\sof|in|von)(?:\severy)?\s(?P<every>{_COUNT})(?=\s[^\W\d_])"
    r"|(?P<times>\s(?:times|mal)(?=\s(?:as|more|what|the|that|its|their|so|[^\W\d_]{3,}er)\b)"
    r"|-?\s?(?:fold\b|fache?s?\b|mal(?=\sso\b))|\s?[x×](?!\w|\s?\d)))",
)
_IN_ONE_WORD = re.compile(
    rf"\b(?:(?P<turned>{_any_of(_TURNED_INTO)})\b"
    rf"|(?<!first )(?<!second )(?<!other )(?<!last )(?P<compared>{_any_of(_COMPARED)})"
    r"(?=\s(?:of|as|the|that|its|their|what|so|der|des|von)\b))",
)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio in words.

    Attributes:
        start: Where it starts in the text.
        end: Where it ends.
        number: The number: 0.5 for "half of", 5 for "five times".
        is_change: Whether something grew or shrank by it: "by a third".
    """

    start: int
    end: int
    number: float
    is_change: bool = False


def find_ratios(text: str) -> list[Ratio]:
    """Return the ratios that a text says in words, in order."""
    small = in_small_letters(text)
    return sorted([*_counted(small), *_in_one_word(small)], key=lambda ratio: ratio.start)


def _counted(text: str) -> Iterator[Ratio]:
    for match in _COUNTED.finditer(text):
        count, start = _value(match["count"]), match.start("count")
        if match["part"]:
            yield Ratio(start, match.end(), count / _PARTS[match["part"]], match["by"] is not None)
        elif match["times"] and count:
            yield Ratio(start, match.end(), count)
        elif match["every"] and 0 < count < (every := _value(match["every"])):
            yield Ratio(start, match.end(), count / every)


def _in_one_word(text: str) -> Iterator[Ratio]:
    for match in _IN_ONE_WORD.finditer(text):
        word = match.group()
        yield Ratio(match.start(), match.end(), _TURNED_INTO.get(word) or _COMPARED[word])


def _value(words: str) -> float:
    return _NUMBERS.get(words) or float(words.replace(",", "."))
