"""Is a phrase of the kind that a question asks for: a person to "who", a place to "where", a river to "which river"?

Owns: what certainly is none. Of other phrases nobody knows without a dictionary. Pure.
"""

from __future__ import annotations

import re

from rag.answering.short_answers.asked import WORD, Asked
from rag.answering.short_answers.phrases import Phrase, find_phrases
from rag.answering.short_answers.words import (
    ABSTRACT_ENDINGS,
    AGENT_ENDINGS,
    MONTHS_AND_DAYS,
    PERSON_NOUNS,
    PLACE_PREPOSITIONS,
    THINGS,
)
from rag.question.vocabulary import HEADS
from rag.text import STOPWORDS, terms

_FORMED = ("date", "year", "time", "duration", "money", "percentage", "number")
# What is named by a number.
_NUMBERED = frozenset({"code", "number", "title", "term", "model", "rank", "channel", "room", "address", "version"})
# Words before a phrase among which a preposition says that it is a place.
_WORDS_BEFORE = 3
# What ends the head of a phrase: "master" of "master of the house", "men" of "men who fled".
_END_OF_HEAD = re.compile(
    r"[,;(]| (?:of|who|which|that|in|at|from|with|for|to|on|by|von|der|die|aus|mit|für|zu)\b", re.I
)


def fits_kind(asked: Asked, text: str, phrase: Phrase) -> bool:
    """Tell whether a phrase may be of the kind that is asked for.

    Args:
        asked: The question.
        text: The sentence.
        phrase: The phrase of it.

    Returns:
        False where it certainly is not: a date to "who", a treaty to "who", a bare number to "what".
    """
    shown = text[phrase.start : phrase.end]
    words = [match.group() for match in WORD.finditer(shown)]
    if not words:
        return False
    if asked.answer_type in _FORMED:
        return bool(find_phrases(shown, asked.answer_type, asked.focus))
    if _is_amount_or_date(shown, words):
        return bool(asked.focus) and (asked.answer_type is None or asked.focus in _NUMBERED)
    match asked.answer_type:
        case "person":
            return _may_act(shown, words)
        case "place":
            return _may_be_place(text, phrase, words, asked)
        case _:
            return True


def _is_amount_or_date(shown: str, words: list[str]) -> bool:
    """Tell whether a phrase is nothing but a number, an amount or a date."""
    rest = [word for word in words if not word[0].isdigit() and word.lower() not in STOPWORDS | MONTHS_AND_DAYS]
    if not rest:
        return True
    whole = [*find_phrases(shown, "number", ""), *find_phrases(shown, "duration", ""), *find_phrases(shown, "date", "")]
    return any(one.start == 0 and one.end == len(shown.rstrip(".,;")) for one in whole)


def _may_act(shown: str, words: list[str]) -> bool:
    """Tell whether a phrase may be a person, a people or an organisation."""
    end = _END_OF_HEAD.search(shown)
    head = [match.group() for match in WORD.finditer(shown[: end.start()] if end and end.start() else shown)] or words
    last = head[-1].lower()
    if last in THINGS or last.removesuffix("s") in THINGS:
        return False
    if any(word[0].isupper() and word.lower() not in STOPWORDS | MONTHS_AND_DAYS for word in head):
        return True
    stem = last.removesuffix("'s").removesuffix("s")
    if stem.endswith(ABSTRACT_ENDINGS):
        return False
    return stem.endswith(AGENT_ENDINGS) or last in PERSON_NOUNS or HEADS.get(stem) == "person" or last.endswith("s")


def _may_be_place(text: str, phrase: Phrase, words: list[str], asked: Asked) -> bool:
    """Tell whether a phrase may be a place: it has a name, or a preposition says so."""
    if asked.focus and asked.focus_stem in terms(text[phrase.start : phrase.end]):
        return True
    if any(word[0].isupper() and word.lower() not in STOPWORDS | MONTHS_AND_DAYS for word in words):
        return True
    before = [match.group().lower() for match in WORD.finditer(text, 0, phrase.start)][-_WORDS_BEFORE:]
    return any(word in PLACE_PREPOSITIONS for word in [*before, *map(str.lower, words)])
