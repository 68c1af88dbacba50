"""Read what a person wrote into the question that it holds.

Owns: the record of a question, and the order in which one is read: courtesy and instructions are cut off, then its kind
and the type of its answer are told. Knows nothing about documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.notices.language import language_of
from rag.patterns import lazy_pattern
from rag.question.answer_types import read_answer_type
from rag.question.courtesy import SmallTalk, talk_of
from rag.question.instructions import number_of, sentences_asked
from rag.question.kinds import read_kind
from rag.question.languages.asking import language_asked_in, read_foreign, talk_in_any, without_courtesy
from rag.question.message import read_message
from rag.question.vocabulary import NUMBER, AnswerType
from rag.types import Kind

# "three main points", "top 5", "name two": how many things are asked for.
_ITEMS = lazy_pattern(
    r"(?:\b(?:what|which|name|list|give(?: me)?|state|find|identify|provide|tell me|describe|top|nenne|welche|zeige|the"
    r"|die)"
    rf" (?:(?:the|your|die|me|top) )*(?P<first>{NUMBER})|^(?P<second>{NUMBER}))"
    r" (?!(?:percent|%|years?|days?|months?|hours?|minutes?|dollars?|euros?|sentences?|words?|paragraphs?|lines?|of|is"
    r"|was|time)\b)[^\W\d_]",
    re.I,
)
_MOST_ITEMS = 50
_KINDS_WITH_TYPE = ("fact", "list", "computation")
_KINDS_WITH_ITEMS = ("fact", "list", "summary", "overview", "comparison")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was read.

    Attributes:
        text: The message as the person wrote it.
        asked: The question in it: without greetings, thanks, signatures, a preamble, and instructions on how to answer.
        kind: What it asks for.
        answer_type: What the answer must hold; None where any words may be the answer.
        head: The noun or adjective that a question of fact asks for, in small letters: "year", "city", "long"; "" where
            there is none.
        topic: What a summary, an overview or a list is to be about: "the privacy guarantees"; "" for all there is.
        sides: The things that are compared; none where the question compares nothing.
        sentences: How many sentences are asked for at most; 0 where the question does not say.
        items: How many things are asked for: 3 in "three main points"; 0 where the question does not say.
        instructions: How to answer, in the person's words: "If it is not stated, say so."
        talk: What small talk it is; None for a question.
        shortened: Whether greetings, a preamble or a pasted text around the question were left out.
        cut: Whether the question was too long, so that only its beginning is read.
        language: The language in which it is answered, ``en`` or ``de``.
        written_in: The language of the question where it is read by a table of words: ``fr``, ``zh`` and such; "" for
            English, German and others.
    """

    text: str
    asked: str
    kind: Kind = "fact"
    answer_type: AnswerType | None = None
    head: str = ""
    topic: str = ""
    sides: tuple[str, ...] = ()
    sentences: int = 0
    items: int = 0
    instructions: tuple[str, ...] = ()
    talk: SmallTalk | None = None
    shortened: bool = False
    cut: bool = False
    language: str = "en"
    written_in: str = ""


def read_question(text: str) -> Question:
    """Read a message: what of it is the question, and what that asks for."""
    message = read_message(text)
    if not message.is_talk and (talk := talk_in_any(text)):
        return Question(text, message.asked, "small-talk", talk=talk)
    language = language_of(message.asked)
    written_in = language_asked_in(message.asked) if language == "en" else ""
    asked = without_courtesy(message.asked, written_in) if written_in else message.asked
    question = Question(
        text,
        asked,
        sentences=sentences_asked(" ".join(message.instructions)) if message.instructions else 0,
        instructions=message.instructions,
        shortened=message.left_out or asked != message.asked,
        cut=message.cut,
        language=language,
        written_in=written_in,
    )
    if message.is_talk:
        return replace(question, kind="small-talk", talk=talk_of(message.asked) or "greeting")
    return read_again(question, asked)


def read_again(question: Question, asked: str) -> Question:
    """Read what a question asks for in other words, as when it was made to stand alone.

    Args:
        question: The question; how it is to be answered stays.
        asked: It in other words.

    Returns:
        The question in those words; its kind stays where they ask for a fact only.
    """
    if question.written_in:
        return _read_again_in(question.written_in, question, asked)
    ask = read_kind(asked, question.language, question.sentences)
    kind = question.kind if ask.kind == "fact" else ask.kind
    answer_type, head = read_answer_type(asked) if kind in _KINDS_WITH_TYPE else (None, "")
    return replace(
        question,
        asked=asked,
        kind=kind,
        answer_type=answer_type,
        head=head,
        topic=ask.topic or question.topic,
        sides=ask.sides or question.sides,
        sentences=question.sentences or (sentences_asked(asked) if kind == "summary" else 0),
        items=_items_asked(asked, kind) or question.items,
    )


def _read_again_in(language: str, question: Question, asked: str) -> Question:
    """Read what a question asks for by the table of its language."""
    ask = read_foreign(asked, language)
    return replace(
        question,
        asked=asked,
        kind=question.kind if ask.kind == "fact" else ask.kind,
        answer_type=ask.answer_type,
        head=ask.head,
        topic=ask.topic or question.topic,
        sides=ask.sides or question.sides,
    )


def _items_asked(asked: str, kind: Kind) -> int:
    match = _ITEMS.search(" ".join(asked[:200].split())) if kind in _KINDS_WITH_ITEMS else None
    if match is None:
        return 0
    count = number_of(match["first"] or match["second"])
    return count if 1 < count <= _MOST_ITEMS else 0
