"""Gather what an answer is written from, by the kind of its question.

Owns: the table of kinds. Knows nothing about how any of them gathers.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from rag.answering.context import AnswerContext
from rag.answering.kinds import comparison, computation, listing, look_up, overview, small_talk, summary
from rag.answering.material import Material
from rag.types import Answer, Kind

Gather = Callable[[Answer, AnswerContext], Generator[Answer, None, Material]]

_GATHERINGS: dict[Kind, Gather] = {
    "fact": look_up.gather,
    "how-to": look_up.gather,
    "yes-no": look_up.gather,
    "list": listing.gather,
    "summary": summary.gather,
    "comparison": comparison.gather,
    "overview": overview.gather,
    "computation": computation.gather,
    "small-talk": small_talk.gather,
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
    return (yield from _GATHERINGS[context.plan.kind](snapshot, context))
