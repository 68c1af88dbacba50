"""What the runner asks: a system that answers the questions of a suite.

Owns: the Protocol ``System``, and the answer of a system that does not give everything that Footnote gives. Knows
nothing about how any system is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.evaluate.types import Case
from rag.types import Answer, Turn

Ask = Callable[[str, Sequence[Turn]], Answer]
"""Answers one question: (question, the conversation before it) → the finished answer.

Whatever keeps it from answering is raised, and becomes the error of the case.
"""


class System(Protocol):
    """What answers the questions of a suite."""

    def asking(self, case: Case) -> Ask:
        """Return what answers the question of a case, and every question of a case that is a whole conversation.

        Args:
            case: The case; a live system needs nothing of it, recorded answers are found by its id.

        Returns:
            The function that is asked, in the order of the conversation.
        """
        ...


@dataclass(frozen=True, slots=True)
class SystemAnswer(Answer):
    """An answer of a system that may not give everything that Footnote gives.

    Attributes:
        not_given: What it does not give, as codes of ``rag.evaluate.systems.not_given``. A metric that needs it is not
            measured: it has no value, in place of a bad one.
        not_placed: How many of its contexts have no place in the corpus that is sure.
    """

    not_given: tuple[str, ...] = ()
    not_placed: int = 0
