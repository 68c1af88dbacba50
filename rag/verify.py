"""Does a sentence stand in its sources? Pure.

Owns: the verdict on one sentence, given the exact words it is checked against. Knows nothing about retrieval, models
or how an answer is shown.

Numbers and negation are compared by rule: a mismatch is never *verified*, whatever the words say. The rest is lexical
alignment: the share of the sentence's content stems that stand in the sources.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text import STOPWORDS, normalise, terms, words
from rag.types import Verdict

# Shares of content stems that must stand in the sources.
VERIFIED_SHARE = 0.8
PARTLY_SHARE = 0.5

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NEGATIONS = frozenset("not no never none nobody nothing neither nor without cannot".split())


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
    stated, found = numbers(sentence), numbers(source)
    missing = [number for number in stated if number not in found]
    if missing:
        return Check("unsupported", f"the number {missing[0]} does not stand in the source")
    held = set(terms(source))
    # Numbers were compared by value: another spelling of one is no missing word.
    wordy = [stem for stem in content if not _NUMBER.fullmatch(stem)]
    absent = [stem for stem in wordy if stem not in held]
    share = 1 - len(absent) / len(wordy) if wordy else 1.0
    if share < PARTLY_SHARE:
        return Check("unsupported", "its words do not stand in the source")
    if negations(sentence) != negations_near(source, content):
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


def negations_near(source: str, content: Sequence[str]) -> bool:
    """Whether the line of the source that shares most with the sentence denies something."""
    lines = [line for line in re.split(r"(?<=[.!?;])\s+|\n", source) if line.strip()] or [source]
    wanted = set(content)
    best = max(lines, key=lambda line: len(wanted & set(terms(line))))
    return negations(best)


def _plain(number: str) -> str:
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", number):
        number = number.replace(",", "")
    if re.fullmatch(r"\d+\.\d+", number):
        number = number.rstrip("0").rstrip(".")
    return number
