"""The words by which a language asks. Pure.

Owns: the record, and how its patterns are compiled. Knows no language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.question.courtesy import SmallTalk
from rag.question.vocabulary import AnswerType
from rag.types import Kind


@dataclass(frozen=True, slots=True)
class AskingWords:
    """How a language asks, in small letters.

    Attributes:
        spaced: Whether spaces stand between its words.
        kinds: Patterns of whole questions with what they ask for, tried in order; ``topic`` is what it is to be about,
            ``first`` and ``second`` are compared.
        types: Patterns of question words with what the answer must hold, tried in order; ``head`` is the noun that is
            counted or asked for.
        asking: Finds a word that asks for something other than yes or no.
        yes_no: Finds what asks for yes or no; a question with a mark and without a word that asks does, too, where
            ``mark_asks``.
        mark_asks: Whether a statement with a question mark asks.
        opening: Finds courtesy before a question.
        closing: Finds courtesy behind it.
        talk: Whole messages of small talk, by what each is.
        function: Words that are no content; with ``spaced`` whole words, else pieces of a run of letters.
    """

    spaced: bool
    kinds: tuple[tuple[re.Pattern[str], Kind], ...]
    types: tuple[tuple[re.Pattern[str], AnswerType | None], ...]
    asking: re.Pattern[str]
    yes_no: re.Pattern[str]
    mark_asks: bool
    opening: re.Pattern[str]
    closing: re.Pattern[str]
    talk: tuple[tuple[re.Pattern[str], SmallTalk], ...]
    function: frozenset[str]


def rows_of(rows: Iterable[tuple[str, Kind]]) -> tuple[tuple[re.Pattern[str], Kind], ...]:
    """Compile patterns of whole questions."""
    return tuple((re.compile(pattern), kind) for pattern, kind in rows)


def types_of(rows: Iterable[tuple[str, AnswerType | None]]) -> tuple[tuple[re.Pattern[str], AnswerType | None], ...]:
    """Compile patterns of question words."""
    return tuple((re.compile(pattern), answer_type) for pattern, answer_type in rows)


def talk_of_rows(rows: Iterable[tuple[str, SmallTalk]]) -> tuple[tuple[re.Pattern[str], SmallTalk], ...]:
    """Compile patterns of small talk, each a whole message."""
    return tuple((re.compile(pattern), kind) for pattern, kind in rows)
