"""The interface of whoever writes an answer. Builds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from rag.answering.context import AnswerContext
from rag.answering.material import Material
from rag.types import Answer


class Writer(Protocol):
    """Writes an answer from what was gathered for its question."""

    @property
    def prompt_id(self) -> str:
        """The id of the prompt that the answer is written with; "" without one."""
        ...

    def write(self, snapshot: Answer, material: Material, context: AnswerContext) -> Iterator[Answer]:
        """Write an answer.

        Args:
            snapshot: The answer so far, with its passages and evidence.
            material: What was gathered.
            context: The context of the answer.

        Yields:
            The answer as it grows; the last snapshot is done.
        """
        ...
