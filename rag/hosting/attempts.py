"""How often something secret may be guessed before the next guess has to wait.

Owns: the counting of failures by whatever names a guesser, and the waits that grow with them. Knows nothing about
passwords, keys or requests.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Limit(NamedTuple):
    """How often may be failed before the next attempt has to wait, and the wait in seconds: it doubles each time."""

    free: int
    first_delay: float
    longest_delay: float


AttemptKey = tuple[Limit, str, str]
"""What an attempt is counted by: a limit with the name and the network that it is of, each "" for all."""
# Seconds without an attempt after which earlier failures are forgotten.
_FORGIVEN_AFTER = 3600.0
# Whoever has one address of IPv6 has as many as a network of this length.
_IPV6_NETWORK = 64


class Attempts:
    """Counts failed attempts, in memory. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = 10_000) -> None:
        """Count nothing yet.

        Args:
            clock: Returns seconds; replaced by tests.
            most: Cap on what is counted at once; the oldest is forgotten first.
        """
        self._clock, self._most = clock, most
        self._guard = threading.Lock()
        self._failures: OrderedDict[AttemptKey, _Failures] = OrderedDict()

    def __len__(self) -> int:
        return len(self._failures)

    def wait(self, keys: Sequence[AttemptKey]) -> float:
        """Return the seconds until the next attempt that counts by these is allowed; 0 where it is allowed now."""
        now = self._clock()
        with self._guard:
            waits = [self._failures[key].locked_until - now for key in keys if key in self._failures]
        return max(0.0, *waits) if waits else 0.0

    def note_failure(self, keys: Sequence[AttemptKey]) -> None:
        """Count a failed attempt by each of these."""
        now = self._clock()
        with self._guard:
            for key in keys:
                before = self._failures.pop(key, None)
                if before is None or now - before.last > _FORGIVEN_AFTER:
                    before = _Failures(0, now, now)
                limit, count = key[0], before.count + 1
                excess = count - limit.free
                delay = min(limit.longest_delay, limit.first_delay * 2.0 ** min(excess, 10)) if excess >= 0 else 0.0
                self._failures[key] = _Failures(count, now, now + delay)
            while len(self._failures) > self._most:
                self._failures.popitem(last=False)

    def forget(self, key: AttemptKey) -> None:
        """Forget what failed by this."""
        with self._guard:
            self._failures.pop(key, None)


def network_of(address: str) -> str:
    """Return the part of a network address that one person can hardly change; a text that is none as it is."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False))


@dataclass(frozen=True, slots=True)
class _Failures:
    """How many attempts failed, when the last did, and until when none is allowed; times are the clock's."""

    count: int
    last: float
    locked_until: float
