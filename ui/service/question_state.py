"""What can be shown of a question at one moment. Knows nothing about how its answer is made."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Answer
from ui.service.steps import Step


@dataclass(frozen=True, slots=True)
class QuestionState:
    """What can be shown of a question at one moment: its place in the queue, then a snapshot of its answer.

    Attributes:
        turn_id: The id under which it is stored with its answer.
        position: Where it stands in the queue, counted from 1; 0 when it is its turn.
        answer: The answer in progress; None while the question waits.
        steps: The steps that are finished.
        taken_back: Whether it left the queue without an answer, so that nothing of it is stored.
    """

    turn_id: str = ""
    position: int = 0
    answer: Answer | None = None
    steps: tuple[Step, ...] = ()
    taken_back: bool = False
