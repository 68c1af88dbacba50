"""Plan what is done about a question.

Owns: the order of the steps before a search: read, stand alone, read again, choose the searches. Knows nothing about
what is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.models.llm.model import Model
from rag.notices import Notice
from rag.planning.follow_up import rewrite_query
from rag.planning.sources import find_named_sources
from rag.prompts import read_prompt
from rag.question.question_words import split_question
from rag.question.reading import Question, read_question
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
        return Planned(message, Plan("small-talk", message.asked))
    condense = read_prompt("condense", index.settings.prompts)
    standalone = rewrite_query(message.asked, history, model, condense)
    question = message if standalone == message.asked else _merge(message, read_question(standalone))
    named = find_named_sources(index, question.asked)
    parts = split_question(named.query)
    asked = message.asked if question is not message and len(parts) == 1 else ""
    searches = tuple(PlannedSearch(part, named.sources, asked) for part in parts)
    why = (Notice("searched-in", {"sources": list(named.sources)}),) if named.sources else ()
    return Planned(question, Plan(question.kind, question.asked, searches, why))


def _merge(message: Question, standalone: Question) -> Question:
    """Return the question that stands alone, with the instructions that the message gave beside it."""
    return replace(
        standalone,
        text=message.text,
        instructions=message.instructions or standalone.instructions,
        sentences=message.sentences or standalone.sentences,
        items=message.items or standalone.items,
        cut=message.cut,
    )
