"""What a question asks for, as far as the form of its answer goes. Pure.

Owns: the words that the question itself names, and which roles it gives them. Knows nothing about documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.answering.short_answers.words import ARTICLES, AUXILIARIES, COPULAS, QUESTION_WORDS
from rag.question.reading import Question
from rag.question.vocabulary import AnswerType
from rag.text import STOPWORDS, terms

WORD = re.compile(r"\d+(?:[.,:/]\d+)+|\w+(?:[-'’.]\w+)*")
# Words behind the question word among which "did" and such give the question another subject.
_INVERSION_WORDS = 4
# What stands behind a noun and tells it from others.
_BEHIND_NOUN = re.compile(r" (?:of|in|at|on|for|with|von|des|der|im|in|am) ", re.I)
_DO = frozenset({"do", "does", "did"})
# "How many", "how much" ask for an amount of a noun; "how long" for that of an adjective.
_COUNTED = frozenset({"many", "much", "viele", "viel"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the search for its short answer reads it.

    Attributes:
        text: The question.
        answer_type: What the answer must hold; None where any words may be the answer.
        word: The question word: "when"; "" for none.
        focus: The noun or adjective that it asks for: "car" in "how many cars", "long" in "how long"; "" for none.
        stems: The stems of the content words, the focus among them.
        focus_stem: The stem of the focus.
        subject: Whether the question word is the subject, or part of it: "Who painted …?", against "Who did … marry?".
        measure: Whether the focus is an adjective: "long" in "how long".
        copular: The words between a copula and the end: "the keeper" in "Who is the keeper?"; "" where it asks more.
        role: The stem of the noun among them that is told of somebody: "keeper" in "Who is the keeper of the hall?".
    """

    text: str
    answer_type: AnswerType | None
    word: str
    focus: str
    stems: frozenset[str]
    focus_stem: str
    subject: bool
    measure: bool
    copular: str
    role: str


def read_asked(question: Question, text: str) -> Asked:
    """Read a question for its short answer.

    Args:
        question: The question as it was read.
        text: Its words as they were searched for: standing alone, typos corrected.

    Returns:
        What the question asks for.
    """
    tokens = [match.group() for match in WORD.finditer(text)]
    lower = [token.lower() for token in tokens]
    at = next((i for i, word in enumerate(lower) if word in QUESTION_WORDS), None)
    word = "" if at is None else lower[at]
    behind = [] if at is None else lower[at + 1 :]
    content = frozenset(
        stem
        for token in lower
        if token not in STOPWORDS and token not in QUESTION_WORDS and token not in ARTICLES | AUXILIARIES
        for stem in terms(token)
    )
    focus_stems = terms(question.head)
    copular = _copular(tokens, at)
    role = terms(_BEHIND_NOUN.split(copular)[0])
    return Asked(
        text,
        question.answer_type,
        word,
        question.head,
        content,
        focus_stems[0] if focus_stems else "",
        at is not None and _DO.isdisjoint(behind[:_INVERSION_WORDS]),
        word in ("how", "wie") and behind[:1] == [question.head] and question.head not in _COUNTED,
        copular,
        role[-1] if role else "",
    )


def _copular(tokens: list[str], at: int | None) -> str:
    """Return the words between a copula right behind the question word and the end of the question, article aside."""
    if at is None or at + 2 >= len(tokens) or at > 0 or tokens[at + 1].lower() not in COPULAS:
        return ""
    rest = tokens[at + 2 :]
    if rest[0].lower() in ARTICLES:
        rest = rest[1:]
    return " ".join(rest)
