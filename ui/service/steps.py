"""The steps of an answer, and how long each took.

Owns: the record of a step, and the clock that measures it. Knows nothing about how steps are shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["searching", "reading", "writing", "checking", "done"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done for an answer, and the seconds it took."""

    state: State
    seconds: float


class StepTimer:
    """Measures how long an answer stays in each state."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._finished: tuple[Step, ...] = ()
        self._state: State | None = None
        self._since = 0.0

    def enter(self, state: State) -> tuple[Step, ...]:
        """Note that the answer is in a state now, and return the steps that are finished."""
        if state != self._state:
            now = self._clock()
            if self._state is not None:
                self._finished += (Step(self._state, now - self._since),)
            self._state, self._since = state, now
        return self._finished
