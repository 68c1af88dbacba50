"""How often a caller may ask.

Owns: a bucket of tokens for each caller, from which a request takes one and which time fills again. Knows nothing about
requests or keys, or how much is answered at once. All of it is in memory: a service that starts again begins with full
buckets.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

# Cap on the callers with a bucket; there are as many as keys and users.
_MOST_KEPT = 10_000


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

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Fill the buckets.

        Args:
            per_minute: Requests a minute of a caller; 0: as many as they like.
            clock: Returns seconds; replaced by tests.
        """
        self._per_minute, self._clock = per_minute, clock
        self._guard = threading.Lock()
        # What is left to each caller, and when it was counted.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

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
        now, each = self._clock(), 60.0 / limit
        with self._guard:
            tokens, since = self._buckets.pop(caller, (float(limit), now))
            tokens = min(float(limit), tokens + (now - since) / each)
            is_allowed = tokens >= 1
            tokens -= is_allowed
            self._buckets[caller] = (tokens, now)
            while len(self._buckets) > _MOST_KEPT:
                self._buckets.popitem(last=False)
        wait = 0.0 if is_allowed else (1 - tokens) * each
        return Allowance(limit, math.floor(tokens), (limit - tokens) * each, wait)
