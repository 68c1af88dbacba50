"""The steps of an answer, and how long each took.

Owns: one record. Knows nothing about how steps are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["searching", "reading", "writing", "checking", "done"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done for an answer, and the seconds it took so far."""

    state: State
    seconds: float
