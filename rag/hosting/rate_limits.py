"""How often a caller may ask.

Owns: a bucket of tokens for each caller, from which a request takes one and which time fills again. Knows nothing about
requests or keys, or how much is answered at once. All of it is in memory, and a service that starts again begins with
full buckets; services on one database count together.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from rag.hosting.state import MemoryState, State

# Cap on the callers with a bucket; there are as many as keys and users.
_MOST_KEPT = 10_000
# Seconds after which any bucket is full.
_KIND, _FULL_SECONDS = "requests", 60.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a caller.

    Attributes:
        limit: How many requests a minute they may make; 0: as many as they like.
        remaining: How many they may make now.
        full_after: Seconds until they may make ``limit`` at once again.
        wait: Seconds until the request that was refused may be made; 0 for one that may.
    """

    limit: int
    remaining: int = 0
    full_after: float = 0.0
    wait: float = 0.0


class RateLimits:
    """The buckets of all callers. Safe to use from several threads."""

    def __init__(
        self, per_minute: int, clock: Callable[[], float] = time.monotonic, state: State | None = None
    ) -> None:
        """Fill the buckets.

        Args:
            per_minute: Requests a minute of a caller; 0: as many as they like.
            clock: Returns seconds; replaced by tests.
            state: Where the buckets are; None: in a memory of their own, by that clock.
        """
        self._per_minute = per_minute
        self._state = state or MemoryState(clock, _MOST_KEPT)
        self.is_shared = self._state.is_shared

    def take(self, caller: str, per_minute: int | None = None) -> Allowance:
        """Ask for one request.

        Args:
            caller: Who asks.
            per_minute: Requests a minute of this caller; None: as of all.

        Returns:
            What is left; ``wait`` is above 0 where the request may not be made.
        """
        limit = self._per_minute if per_minute is None else per_minute
        if not limit:
            return Allowance(0)
        bucket = self._state.change(_KIND, caller, partial(_taken, limit, self._state.now()), _FULL_SECONDS)
        tokens, each = bucket["tokens"], 60.0 / limit
        wait = 0.0 if bucket["allowed"] else (1 - tokens) * each
        return Allowance(limit, math.floor(tokens), (limit - tokens) * each, wait)


def _taken(limit: int, now: float, before: dict[str, float] | None) -> dict[str, float]:
    """Return a bucket after one more request: what is left, when that was, and whether the request was allowed."""
    tokens = float(limit)
    if before is not None:
        # Servers look at the clock one after the other, and may come here in another order: no time counts twice.
        since = max(now, before["since"])
        tokens, now = min(tokens, before["tokens"] + (since - before["since"]) * limit / 60.0), since
    is_allowed = tokens >= 1
    return {"tokens": tokens - is_allowed, "since": now, "allowed": is_allowed}
