"""Read what a person wrote into the question that it holds.

Owns: the record of a question. Knows nothing about documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.notices.language import language_of
from rag.question.question_words import QUESTION_CHARACTERS
from rag.types import Kind

AnswerType = Literal[
    "person", "place", "date", "time", "year", "duration", "money", "percentage", "number", "name", "definition"
]
"""What the answer to a question of fact must hold."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was read.

    Attributes:
        text: The message as the person wrote it.
        asked: The question in it: without greetings, thanks, signatures, a preamble, and instructions on how to answer.
        kind: What it asks for.
        answer_type: What the answer must hold; None where any words may be the answer.
        topic: What a summary, an overview or a list is to be about: "the privacy guarantees"; "" for all there is.
        sides: The things that are compared; none where the question compares nothing.
        sentences: How many sentences are asked for at most; 0 where the question does not say.
        items: How many things are asked for: 3 in "three main points"; 0 where the question does not say.
        instructions: How to answer, in the person's words: "If it is not stated, say so."
        cut: Whether the message was too long, so that only its beginning was read.
        language: The language of the question, ``en`` or ``de``.
    """

    text: str
    asked: str
    kind: Kind = "fact"
    answer_type: AnswerType | None = None
    topic: str = ""
    sides: tuple[str, ...] = ()
    sentences: int = 0
    items: int = 0
    instructions: tuple[str, ...] = ()
    cut: bool = False
    language: str = "en"


def read_question(text: str) -> Question:
    """Read a message: what of it is the question, and what that asks for."""
    asked = text.strip()
    return Question(text, asked[:QUESTION_CHARACTERS], cut=len(asked) > QUESTION_CHARACTERS, language=language_of(text))
