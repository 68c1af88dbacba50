"""What a question asks: its parts, and the words and times that an answer must be about. Pure.

Owns: cutting a question that asks two things, naming what of it the documents do not mention, and telling the time it
asks about from another. Knows nothing about
retrieval or models.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.text import STOPWORDS, query_terms, terms, words

# More parts than this are a list of questions; the first ones are answered apart, the rest with the last.
_PARTS = 3
_MOST_TERMS = 64
_WH = "who|whom|whose|what|when|where|which|why|how"
_AUXILIARY = "is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|had"
_JOINT = re.compile(
    rf"\?\s+|;\s+|,?\s+(?:and|or|but)\s+(?:also\s+|then\s+)?(?=(?:(?:in|at|on|by|for|to|from|of|with)\s+)?(?:{_WH})\b)"
    rf"|,?\s+and\s+(?:also\s+)?(?=(?:{_AUXILIARY})\s+(?:it|they|he|she|there|the|a|an|this|these|my|your|our)\b)",
    re.I,
)
_ASKING = re.compile(rf"\b(?:{_WH}|{_AUXILIARY})\b", re.I)
# A content word, hyphens and apostrophes in it.
_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")

# A question about what came after or before a time is not answered by that time.
_AROUND = re.compile(r"\b(?:after|before|since|until|between|from|by|than|versus|vs)\b", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_QUARTERS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "1st": "1", "2nd": "2", "3rd": "3", "4th": "4"}
_QUARTER = re.compile(rf"\bQ([1-4])\b|\b({'|'.join(_QUARTERS)})(?: fiscal)? quarter\b", re.I)
_MONTHS = {"three": "3", "six": "6", "nine": "9", "twelve": "12"}
_MONTHS_ENDED = re.compile(rf"\b({'|'.join(_MONTHS)}|3|6|9|12)[- ]months?\b", re.I)


def question_terms(question: str) -> list[str]:
    """Return the first 64 distinct content stems of a question; a pasted page must not become a query of thousands."""
    return query_terms(question)[:_MOST_TERMS]


def split_question(question: str) -> list[str]:
    """The questions that a question is made of; one that asks a single thing is its only part.

    A cut is made only where both sides ask something of their own: "salt and pepper" is one thing.
    """
    pieces = [piece.strip(" ,;?") for piece in _JOINT.split(question)]
    pieces = [piece for piece in pieces if piece]
    asking = [bool(_ASKING.search(piece)) and _content(piece) > 0 for piece in pieces]
    if len(pieces) < 2 or not all(asking) or len(pieces) > _PARTS:
        return [question]
    return [f"{piece}?" for piece in pieces]


def unmentioned(question: str, texts: Iterable[str]) -> list[str]:
    """The runs of content words of a question that stand, inflection aside, in none of the texts."""
    held = {stem for text in texts for stem in terms(text)}
    runs: list[str] = []
    end = -2
    for match in _WORD.finditer(question):
        stems = [stem for word, stem in zip(words(match.group()), terms(match.group()), strict=True) if _tells(word)]
        if not stems or any(stem in held for stem in stems):
            continue
        if runs and not question[end : match.start()].strip():
            runs[-1] = f"{runs[-1]} {match.group()}"
        else:
            runs.append(match.group())
        end = match.end()
    return list(dict.fromkeys(runs))


def names_and_numbers(question: str) -> list[str]:
    """The names and numbers of a question: what an answer may not be without."""
    opening = _WORD.search(question)
    first = opening.start() if opening else 0
    return [
        match.group()
        for match in _WORD.finditer(question)
        if match.group()[0].isdigit()
        or (match.group()[0].isupper() and match.start() > first and _content(match.group()))
    ]


def is_other_period(question: str, text: str) -> bool:
    """Whether a text tells of other years, quarters or numbers of months than the ones a question asks about."""
    if _AROUND.search(question):
        return False
    return any(
        asked and told and not asked & told for asked, told in zip(_periods(question), _periods(text), strict=True)
    )


def _periods(text: str) -> tuple[set[str], ...]:
    """The years, the quarters and the numbers of months that a text names."""
    quarters = {first or _QUARTERS[second.lower()] for first, second in _QUARTER.findall(text)}
    months = {_MONTHS.get(number.lower(), number) for number in _MONTHS_ENDED.findall(text)}
    return set(_YEAR.findall(text)), quarters, months


def _tells(word: str) -> bool:
    return word not in STOPWORDS


def _content(text: str) -> int:
    return sum(_tells(word) for word in words(text))
