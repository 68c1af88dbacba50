"""Time the stages of one answer.

Owns: the start of an answer and the form of its timings. Knows nothing about what the stages do.
"""

from __future__ import annotations

import time
from dataclasses import replace

from rag.types import Answer


class Clock:
    """Milliseconds since the question was asked; it starts when it is made."""

    def __init__(self) -> None:
        self._started = time.perf_counter()

    def elapsed_ms(self) -> float:
        """Return the milliseconds since the start, to a tenth."""
        return round((time.perf_counter() - self._started) * 1000, 1)

    def stamp(self, snapshot: Answer, stage: str) -> Answer:
        """Note in a snapshot that a stage ends now.

        Args:
            snapshot: The answer so far.
            stage: The key in the answer's ``timings``, such as ``check_ms``.

        Returns:
            The snapshot with the milliseconds since the start under that key.
        """
        return replace(snapshot, timings={**snapshot.timings, stage: self.elapsed_ms()})
