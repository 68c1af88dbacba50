"""Does a sentence stand in its sources? Pure.

Owns: the verdict on one sentence, given the exact words it is checked against. Knows nothing about retrieval, models
or how an answer is shown.

Numbers, names, months and days, opposites and negation are compared by rule: a mismatch is never *verified*, whatever
the other words say. The rest is lexical alignment: the share of the sentence's content stems that stand in the sources.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text import STOPWORDS, normalise, terms, words
from rag.types import Verdict

# Shares of content stems that must stand in the sources.
VERIFIED_SHARE = 0.8
PARTLY_SHARE = 0.5

# A sign counts only where nothing stands right before it: "3-5" is a range, "A-5" a name.
_NUMBER = re.compile(r"(?:(?<![\w.,-])-(?=\d))?\d+(?:[.,:]\d+)*")
# A word with a capital that does not open a sentence; all capitals and inner capitals count anywhere.
_NAME = re.compile(r"(?<=[^.!?:;\s“”\"(\[•*-]\s)[A-ZÀ-ÞΑ-ΩА-Я]\w+|\b\w+[A-ZÀ-ÞΑ-ΩА-Я]\w*")
_NEGATIONS = frozenset("not no never none nobody nothing neither nor without cannot".split())
_CALENDAR = frozenset(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday""".split()
)
# Words of one side against words of the other turn a sentence around.
_OPPOSITES = tuple(
    (frozenset(terms(left)), frozenset(terms(right)))
    for left, right in (
        ("more higher greater larger above over longer", "less fewer lower smaller below under shorter"),
        (
            "increase increased rise rises rose risen grow grew grown gain gained",
            "decrease decreased fall falls fell fallen decline declined drop dropped shrink shrank",
        ),
        ("before earlier prior", "after later since"),
        ("first", "last"),
        ("maximum most", "minimum least"),
        ("open opens opened", "close closes closed shut"),
        ("allow allowed permit permitted", "forbid forbidden prohibit prohibited ban banned"),
        ("include included including", "exclude excluded excluding"),
        ("win won", "lose lost"),
        ("buy bought", "sell sold"),
        ("accept accepted approve approved", "reject rejected refuse refused"),
        ("always", "never"),
        ("must shall required", "may might can could optional"),
        ("all every each", "some few"),
    )
)


@dataclass(frozen=True, slots=True)
class Check:
    """A verdict and, where it is not *verified*, why in words."""

    verdict: Verdict
    reason: str = ""


def check(sentence: str, quotes: Sequence[str]) -> Check:
    """The verdict on ``sentence`` against the words of its sources."""
    content = content_stems(sentence)
    if not content and not numbers(sentence):
        return Check("not a claim")
    source = "\n".join(quotes)
    found = numbers(source)
    for number in numbers(sentence):
        if number not in found:
            return Check("unsupported", f"the number {number} does not stand in the source")
    held_words = set(words(source))
    for name in names(sentence):
        if not set(words(name)) <= held_words:
            return Check("unsupported", f"{name!r} does not stand in the source")
    held = set(terms(source))
    # Numbers were compared by value: another spelling of one is no missing word.
    wordy = [stem for stem in content if not _NUMBER.fullmatch(stem)]
    absent = [stem for stem in wordy if stem not in held]
    share = 1 - len(absent) / len(wordy) if wordy else 1.0
    if share < PARTLY_SHARE:
        return Check("unsupported", "its words do not stand in the source")
    line = nearest_line(source, content)
    if turned := opposite(sentence, line):
        return Check("unsupported", f"the sentence says {turned[0]!r} where the source says {turned[1]!r}")
    if negations(sentence) != negations(line):
        return Check("partly", "the sentence and the source differ in a negation")
    if share < VERIFIED_SHARE:
        return Check("partly", f"not in the source: {', '.join(absent[:5])}")
    return Check("verified")


def content_stems(text: str) -> list[str]:
    """The distinct stems of a text's content words, in order."""
    return list(dict.fromkeys(terms(" ".join(word for word in words(text) if word not in STOPWORDS))))


def numbers(text: str) -> list[str]:
    """The numbers of a text as they are compared: no thousands separators, no trailing zeros after a point."""
    return [_plain(match.group()) for match in _NUMBER.finditer(normalise(text))]


def negations(text: str) -> bool:
    """Whether the text denies something."""
    return any(word in _NEGATIONS for word in words(text)) or "n't" in text.replace("’", "'")


def names(text: str) -> list[str]:
    """The names of a text, and its months and days: words that a source must hold as they are."""
    plain = unicodedata.normalize("NFKC", text)
    dated = [word for word in re.findall(r"[^\W\d_]+", plain) if word[:1].isupper() and word.lower() in _CALENDAR]
    return list(dict.fromkeys([*_NAME.findall(plain), *dated]))


def opposite(sentence: str, line: str) -> tuple[str, str] | None:
    """A word of the sentence and its opposite in the line, where the line has nothing of the sentence's side."""
    stated = dict(zip(terms(sentence), words(sentence), strict=True))
    held = dict(zip(terms(line), words(line), strict=True))
    for pair in _OPPOSITES:
        for side, other in (pair, pair[::-1]):
            said = next((stem for stem in stated if stem in side), None)
            against = next((stem for stem in held if stem in other), None)
            if said and against and not side & held.keys() and not other & stated.keys():
                return stated[said], held[against]
    return None


def nearest_line(source: str, content: Sequence[str]) -> str:
    """The sentence or line of the source that shares most stems with ``content``."""
    lines = [line for line in re.split(r"(?<=[.!?;])\s+|\n", source) if line.strip()] or [source]
    wanted = set(content)
    return max(lines, key=lambda line: len(wanted & set(terms(line))))


def _plain(number: str) -> str:
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", number):
        number = number.replace(",", "")
    elif re.fullmatch(r"-?\d+,\d+", number):
        number = number.replace(",", ".")
    if re.fullmatch(r"-?\d+\.\d+", number):
        number = number.rstrip("0").rstrip(".")
    return number
