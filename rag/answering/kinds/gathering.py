"""Gather what an answer is written from, by the kind of its question.

Owns: the table of kinds. Knows nothing about how any of them gathers.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from importlib import import_module

from rag.answering.context import AnswerContext
from rag.answering.material import Material
from rag.types import Answer, Kind

Gather = Callable[[Answer, AnswerContext], Generator[Answer, None, Material]]

# The module beside this one whose ``gather`` gathers for a kind; it is imported for the first question of that kind.
_MODULES: dict[Kind, str] = {
    "fact": "look_up",
    "how-to": "look_up",
    "yes-no": "look_up",
    "list": "listing",
    "summary": "summary",
    "comparison": "comparison",
    "overview": "overview",
    "computation": "computation",
    "small-talk": "small_talk",
}


def gather(snapshot: Answer, context: AnswerContext) -> Generator[Answer, None, Material]:
    """Gather what the answer to a question is written from.

    Args:
        snapshot: The answer so far, with its plan.
        context: The context of the answer.

    Yields:
        The answer while it is searched for.

    Returns:
        The material.
    """
    chosen: Gather = import_module(f"{__package__}.{_MODULES[context.plan.kind]}").gather
    return (yield from chosen(snapshot, context))
