"""What a question asks: its parts, and the words and times that an answer must be about. Pure.

Owns: cutting a question that asks two things, which of its terms are searched for, and telling the time it asks about
from another. Knows nothing about retrieval or models.
"""

from __future__ import annotations

import re

from rag.question.mentions import Term, question_mentions
from rag.question.notation import Periods, periods
from rag.text import STOPWORDS, query_terms, words

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
# A run of white space is tried from its start only, or a long one would take quadratic time.
_JOINT = re.compile(
    rf"\?\s+|;\s+|(?:,|(?<!\s))\s+(?:and|or|but)\s+(?:also\s+|then\s+)?(?=(?:(?:in|at|on|by|for|to|from|of|with)\s+)?(?:{_WH})\b)"
    rf"|(?:,|(?<!\s))\s+and\s+(?:also\s+)?(?=(?:{_AUXILIARY})\s+(?:it|they|he|she|there|the|a|an|this|these|my|your|our)\b)",
    re.I,
)
# A word that a question is asked with.
_ASKING = re.compile(rf"\b(?:{_WH}|{_AUXILIARY})\b", re.I)
# A question about what came after or before a time is not answered by that time.
_AROUND = re.compile(r"\b(?:after|before|since|until|between|from|by|than|versus|vs)\b", re.I)


def question_terms(question: str) -> list[Term]:
    """Return the first 64 distinct things that a question mentions; all its words where it has no content word."""
    return list(question_mentions(question)[:_MOST_TERMS])


def search_words(question: str) -> list[str]:
    """Return the first 64 distinct content stems of a question; all its stems where it has no content word."""
    return query_terms(question)[:_MOST_TERMS]


def names_and_numbers(question: str) -> list[str]:
    """Return the names, codes and numbers of a question, as it writes them: what an answer may not be without."""
    return [term.text for term in question_mentions(question) if term.kind != "word"]


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


def is_other_period(question: str, text: str, setting: str = "") -> bool:
    """Tell whether a text is about other days, months, years, parts of a year or lengths of time than a question.

    Args:
        question: The question.
        text: The text that may answer it.
        setting: Where it stands, such as the title and the folder of its document: a kind of period that the text
            itself does not name is taken from there.

    Returns:
        True where both name periods of one kind and none of them is the same; False where the question asks about what
        came before, after or between.
    """
    asked = periods(question)
    if asked == Periods() or _AROUND.search(question):
        return False
    return asked.differ(periods(text), periods(setting))


def _count_content_words(text: str) -> int:
    return sum(word not in STOPWORDS for word in words(text))
