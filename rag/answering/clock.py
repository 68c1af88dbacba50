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
        # A step that an answer does without takes no time.
        self._timings = {"retrieve_ms": 0.0, "first_token_ms": 0.0, "total_ms": 0.0}

    def stamp(self, snapshot: Answer, stage: str) -> Answer:
        """Note in a snapshot that a stage ends now.

        Args:
            snapshot: The answer so far.
            stage: The key in the answer's ``timings``, such as ``check_ms``.

        Returns:
            The snapshot with all that was noted, and the milliseconds since the start under that key.
        """
        self._timings[stage] = round((time.perf_counter() - self._started) * 1000, 1)
        return replace(snapshot, timings=dict(self._timings))
