"""What a sentence has where the question has its question word: "館長は誰ですか", "館長は三枝理久です". Pure.

Owns: laying a question in a language whose question words stand in their place beside a sentence. Knows nothing about
types.
"""

from __future__ import annotations

import re

from rag.answering.short_answers.phrases import Phrase
from rag.question.languages.folding import fold
from rag.question.languages.tables import ASKING
from rag.question.vocabulary import AnswerType

# Letters of a question before its question word that the sentence must have, too.
_LEAST_BEFORE = 2
_MOST_LETTERS = 24
# What a question ends with and a statement lacks.
_QUESTION_END = re.compile(r"(?:です|でしょう|である|なの)?(?:か|の)?[\s??。吗嗎呢]*$")
_ASIDE = re.compile(r"[、,，:：\s]*")
# Where a phrase ends that nothing of the question ends: at a mark, or, in Japanese, at the copula and nowhere else.
_STOP = re.compile(r"[、,，。;；!?\n]|$")
_COPULA = re.compile(r"[^、,，。;；!?\n]{1,24}?(?P<copula>です|でした|である|だった|だ)(?=[。\s]|$)")
_AGENT = re.compile(r"[由是]|[,，、。;；]|^")


def phrase_in_place(text: str, question: str, answer_type: AnswerType, language: str) -> Phrase | None:
    """Find what stands in a sentence where a question has its question word.

    Args:
        text: The sentence.
        question: The question.
        answer_type: The type of its answer, which tells its question word.
        language: The language of both.

    Returns:
        The phrase; None where the sentence has not the question's words around it.
    """
    asked, said = fold(question).text, fold(text)
    word = next(
        (match for pattern, kind in ASKING[language].types if kind == answer_type and (match := pattern.search(asked))),
        None,
    )
    if word is None:
        return None
    before = asked[: word.start()].strip()
    behind = _QUESTION_END.sub("", asked[word.end() :].strip()).strip()
    found = _behind(said.text, before, behind, language) if before else _ahead(said.text, behind)
    if found is None:
        return None
    start, end = found
    while start < end and said.text[start].isspace():
        start += 1
    while end > start and said.text[end - 1].isspace():
        end -= 1
    if not 0 < end - start <= _MOST_LETTERS:
        return None
    return Phrase(said.places[start], said.places[end - 1] + 1, "name")


def _behind(said: str, before: str, behind: str, language: str) -> tuple[int, int] | None:
    """Return what follows the longest end of the words before the question word, up to those behind it."""
    for length in range(len(before), _LEAST_BEFORE - 1, -1):
        at = said.find(before[-length:])
        if at < 0:
            continue
        aside = _ASIDE.match(said, at + length)
        start = aside.end() if aside else at + length
        if not behind and language == "ja":
            copula = _COPULA.match(said, start)
            return (start, copula.start("copula")) if copula else None
        if not behind:
            stop = _STOP.search(said, start)
            return (start, stop.start()) if stop else None
        for kept in range(len(behind), 1, -1):
            end = said.find(behind[:kept], start)
            if end >= 0:
                return start, end
        return None
    return None


def _ahead(said: str, behind: str) -> tuple[int, int] | None:
    """Return what stands before the first words behind the question word: "由" and such begin it."""
    for kept in range(len(behind), 1, -1):
        end = said.find(behind[:kept])
        if end > 0:
            begins = [match.end() for match in _AGENT.finditer(said, max(0, end - _MOST_LETTERS), end)]
            return (begins[-1], end) if begins else None
    return None
