"""Plan what is done about a question.

Owns: the order of the steps before a search: read, stand alone, correct, read again, choose the searches. Knows
nothing about what is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.models.llm.model import Model
from rag.notices import Notice
from rag.planning.assistant import named
from rag.planning.follow_up import rewrite_query
from rag.planning.reasons import reasons_of
from rag.planning.spelling import correct_spelling
from rag.prompts import read_prompt
from rag.question.question_words import split_question
from rag.question.reading import Question, read_again, read_question
from rag.store.index import Index
from rag.types import Plan, PlannedSearch, Turn


@dataclass(frozen=True, slots=True)
class Planned:
    """A question that stands alone, and its plan."""

    question: Question
    plan: Plan


def make_plan(
    index: Index,
    text: str,
    history: Sequence[Turn] = (),
    model: Model | None = None,
) -> Planned:
    """Plan what is done about a message.

    Args:
        index: The index that is asked; it knows which words and sources there are.
        text: The message as the person wrote it.
        history: The conversation before it, oldest message first.
        model: The language model; a strong one rewrites a question that leans on the conversation.

    Returns:
        The question as it stands alone, and what is searched for.

    Raises:
        UsageError: The prompt for that is wrong.
    """
    message = read_question(text)
    if message.kind == "small-talk":
        # Documents about the program answer questions about it.
        about_itself = (PlannedSearch(named(message.asked)),) if message.talk == "assistant" else ()
        return Planned(message, Plan("small-talk", message.asked, about_itself, reasons_of(message)))
    condense = read_prompt("condense", index.settings.prompts)
    standalone = rewrite_query(message.asked, history, model, condense)
    corrected = correct_spelling(index, standalone)
    question = message if corrected.question == message.asked else read_again(message, corrected.question)
    corrections = (Notice("spelling-corrected", {"from": typed, "to": meant}) for typed, meant in corrected.corrections)
    searches = tuple(PlannedSearch(query) for query in _queries(question))
    return Planned(question, Plan(question.kind, question.asked, searches, (*reasons_of(question), *corrections)))


def _queries(question: Question) -> Sequence[str]:
    """Return what is searched for: each side of a comparison, the topic of a summary, or each part of a question."""
    if question.sides:
        # "Fresno: city is larger" finds what is said of the city's size.
        return [side if question.topic in side else f"{side}: {question.topic}" for side in question.sides]
    if question.topic and question.kind in ("summary", "overview", "list"):
        return (question.topic,)
    return split_question(question.asked)
