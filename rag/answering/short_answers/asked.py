"""What a question asks for, as far as the form of its answer goes. Pure.

Owns: the noun that "which" and "how many" ask for, the words that the question itself names, and which roles it gives
them. Knows nothing about documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.answering.short_answers.words import ARTICLES, AUXILIARIES, COPULAS, QUESTION_WORDS
from rag.question.vocabulary import AnswerType
from rag.text import STOPWORDS, terms

WORD = re.compile(r"\d+(?:[.,:/]\d+)+|\w+(?:[-'’.]\w+)*")
# Words between "which" or "how many" and the verb are looked for the noun at most.
_FOCUS_WORDS = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the search for its short answer reads it.

    Attributes:
        text: The question.
        answer_type: What the answer must hold; None where any words may be the answer.
        word: The question word: "when"; "" for none.
        focus: The noun that it stands with: "cars" in "how many cars", "country" in "which country"; "" for none.
        stems: The stems of the content words, the focus among them.
        focus_stem: The stem of the focus.
        subject: Whether the question word is the subject, or part of it: "Who painted …?", against "Who did … marry?".
        measure: Whether the focus is an adjective: "long" in "how long".
        copular: The words between a copula and the end: "the keeper" in "Who is the keeper?"; "" where it asks more.
    """

    text: str
    answer_type: AnswerType | None
    word: str
    focus: str
    stems: frozenset[str]
    focus_stem: str
    subject: bool
    copular: str
    measure: bool


def read_asked(text: str, answer_type: AnswerType | None) -> Asked:
    """Read a question for its short answer.

    Args:
        text: A question that stands alone.
        answer_type: What its answer must hold, as far as that is known.

    Returns:
        What the question asks for.
    """
    tokens = [match.group() for match in WORD.finditer(text)]
    lower = [token.lower() for token in tokens]
    at = next((i for i, word in enumerate(lower) if word in QUESTION_WORDS), None)
    word = "" if at is None else lower[at]
    focus, behind = "", 0
    if at is not None:
        behind = at + 1
        if word in ("how", "wie") and lower[behind : behind + 1] and lower[behind] in ("many", "much", "viele", "viel"):
            behind += 1
        run = behind
        while run < len(lower) and run < behind + _FOCUS_WORDS and lower[run] not in AUXILIARIES:
            if lower[run] in ("of", "von") and run > behind:
                break
            run += 1
        if run > behind and word not in ("who", "when", "where", "why", "wer", "wann", "wo"):
            if run < len(lower) and (lower[run] in AUXILIARIES or lower[run] in ("of", "von")):
                focus = lower[run - 1]
            else:
                focus = lower[behind]
    content = frozenset(
        stem
        for token in lower
        if token not in STOPWORDS and token not in QUESTION_WORDS and token not in ARTICLES | AUXILIARIES
        for stem in terms(token)
    )
    return Asked(
        text,
        answer_type,
        word,
        focus,
        content,
        terms(focus)[0] if focus and terms(focus) else "",
        at is not None and not _has_inversion(lower, at),
        _copular(tokens, at),
        word in ("how", "wie") and behind == (at or 0) + 1,
    )


def _has_inversion(lower: list[str], at: int) -> bool:
    """Tell whether "did", "has" and such follow the question word, so that another subject stands behind them."""
    following = lower[at + 1 : at + 1 + _FOCUS_WORDS]
    return any(word in ("do", "does", "did") for word in following)


def _copular(tokens: list[str], at: int | None) -> str:
    """Return the words between a copula right behind the question word and the end of the question, article aside."""
    if at is None or at + 2 >= len(tokens) or at > 0 or tokens[at + 1].lower() not in COPULAS:
        return ""
    rest = tokens[at + 2 :]
    if rest[0].lower() in ARTICLES:
        rest = rest[1:]
    return " ".join(rest)
