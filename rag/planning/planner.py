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
from rag.planning.sources import find_named_sources
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
    named_sources = find_named_sources(index, question.asked)
    queries = _queries(question, named_sources.query)
    # The evidence of a follow-up is ranked by the words that it was put in, too.
    asked = message.asked if standalone != message.asked and len(queries) == 1 else ""
    searches = tuple(PlannedSearch(query, named_sources.sources, asked) for query in queries)
    why = [*reasons_of(question)]
    why.extend(Notice("spelling-corrected", {"from": typed, "to": meant}) for typed, meant in corrected.corrections)
    if named_sources.sources:
        why.append(Notice("searched-in", {"sources": list(named_sources.sources)}))
    return Planned(question, Plan(question.kind, question.asked, searches, tuple(why)))


def _queries(question: Question, asked: str) -> Sequence[str]:
    """Return what is searched for: each side of a comparison, the topic of a summary, or each part of a question.

    ``asked`` is the question without the names of the files that it is only searched in.
    """
    if question.sides:
        # "Fresno: city is larger" finds what is said of the city's size.
        return [side if question.topic in side else f"{side}: {question.topic}" for side in question.sides]
    if question.topic and question.kind in ("summary", "overview", "list"):
        return (question.topic,)
    return split_question(asked)
