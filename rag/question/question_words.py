"""What a question asks: its parts, and the words and times that an answer must be about. Pure.

Owns: cutting a question that asks two things, naming what of it the documents do not mention, and telling the time it
asks about from another. Knows nothing about retrieval or models.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.notices.language import GERMAN_FUNCTION_WORDS, language_of
from rag.text import STOPWORDS, query_terms, terms, words

# Characters of a question that are searched for and shown to a model: a longer text is a pasted page, and the model's
# window must have room for the evidence.
QUESTION_CHARACTERS = 4000

# Terms of a question that are searched for: a pasted page must not become a query of thousands.
_MOST_TERMS = 64
# A question of more parts than this is a list of questions and is not cut.
_MOST_PARTS = 3
_WH = "who|whom|whose|what|when|where|which|why|how"
_AUXILIARY = "is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|had"
# What joins two questions in one: a question mark, a semicolon, or "and" before a question word or "is it" and such.
_JOINT = re.compile(
    rf"\?\s+|;\s+|,?\s+(?:and|or|but)\s+(?:also\s+|then\s+)?(?=(?:(?:in|at|on|by|for|to|from|of|with)\s+)?(?:{_WH})\b)"
    rf"|,?\s+and\s+(?:also\s+)?(?=(?:{_AUXILIARY})\s+(?:it|they|he|she|there|the|a|an|this|these|my|your|our)\b)",
    re.I,
)
# A word that a question is asked with.
_ASKING = re.compile(rf"\b(?:{_WH}|{_AUXILIARY})\b", re.I)
# A word of a question as it is shown, with the hyphens, apostrophes and points inside it.
_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")

# A question about what came after or before a time is not answered by that time.
_AROUND = re.compile(r"\b(?:after|before|since|until|between|from|by|than|versus|vs)\b", re.I)
# A year from 1900 to 2099.
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_QUARTERS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "1st": "1", "2nd": "2", "3rd": "3", "4th": "4"}
# A quarter of a year, as "Q3" or "third quarter".
_QUARTER = re.compile(rf"\bQ([1-4])\b|\b({'|'.join(_QUARTERS)})(?: fiscal)? quarter\b", re.I)
_MONTHS = {"three": "3", "six": "6", "nine": "9", "twelve": "12"}
# The length of a reported period, as "nine months".
_MONTHS_ENDED = re.compile(rf"\b({'|'.join(_MONTHS)}|3|6|9|12)[- ]months?\b", re.I)


def question_terms(question: str) -> list[str]:
    """Return the first 64 distinct content stems of a question; all its stems where it has no content word."""
    return query_terms(question)[:_MOST_TERMS]


def split_question(question: str) -> list[str]:
    """Cut a question into the questions that it is made of; one that asks a single thing is its only part.

    A cut is made only where both sides ask something of their own: "salt and pepper" is one thing.
    """
    pieces = [piece.strip(" ,;?") for piece in _JOINT.split(question)]
    pieces = [piece for piece in pieces if piece]
    asking = [bool(_ASKING.search(piece)) and _count_content_words(piece) > 0 for piece in pieces]
    if len(pieces) < 2 or not all(asking) or len(pieces) > _MOST_PARTS:
        return [question]
    return [f"{piece}?" for piece in pieces]


def unmentioned(question: str, texts: Iterable[str]) -> list[str]:
    """Find the content words of a question that stand in none of the texts, inflection aside.

    Args:
        question: The question.
        texts: Where its words may stand.

    Returns:
        The words as the question writes them, in order, each once; neighbours are one run: "North Haven".
    """
    present = {stem for text in texts for stem in terms(text)}
    function_words = GERMAN_FUNCTION_WORDS if language_of(question) == "de" else frozenset[str]()
    runs: list[str] = []
    end = -2
    for match in _WORD.finditer(question):
        pairs = zip(words(match.group()), terms(match.group()), strict=True)
        stems = [stem for word, stem in pairs if word not in STOPWORDS and word not in function_words]
        if not stems or any(stem in present for stem in stems):
            continue
        if runs and not question[end : match.start()].strip():
            runs[-1] = f"{runs[-1]} {match.group()}"
        else:
            runs.append(match.group())
        end = match.end()
    return list(dict.fromkeys(runs))


def names_and_numbers(question: str) -> list[str]:
    """Return the names and numbers of a question: what an answer may not be without.

    A name is a content word with a capital that does not open the question.
    """
    opening = _WORD.search(question)
    first = opening.start() if opening else 0
    return [
        match.group()
        for match in _WORD.finditer(question)
        if match.group()[0].isdigit()
        or (match.group()[0].isupper() and match.start() > first and _count_content_words(match.group()))
    ]


def is_other_period(question: str, text: str) -> bool:
    """Tell whether a text is about other years, quarters or numbers of months than a question.

    Args:
        question: The question.
        text: The text that may answer it.

    Returns:
        True where both name periods of one kind and none of them is the same; False where the question asks about what
        came before, after or between.
    """
    if _AROUND.search(question):
        return False
    return any(
        in_question and in_text and not in_question & in_text
        for in_question, in_text in zip(_periods(question), _periods(text), strict=True)
    )


def _periods(text: str) -> tuple[set[str], set[str], set[str]]:
    """Return the years, the quarters and the numbers of months that a text names."""
    quarters = {digit or _QUARTERS[ordinal.lower()] for digit, ordinal in _QUARTER.findall(text)}
    months = {_MONTHS.get(number.lower(), number) for number in _MONTHS_ENDED.findall(text)}
    return set(_YEAR.findall(text)), quarters, months


def _count_content_words(text: str) -> int:
    return sum(word not in STOPWORDS for word in words(text))
