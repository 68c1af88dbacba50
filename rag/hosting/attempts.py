"""How often something secret may be guessed before the next guess has to wait.

Owns: the counting of failures by whatever names a guesser, and the waits that grow with them. Knows nothing about
passwords, keys or requests.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from rag.hosting.state import MemoryState, State, hidden_name, remove


class Limit(NamedTuple):
    """How often may be failed before the next attempt has to wait, and the wait in seconds: it doubles each time."""

    free: int
    first_delay: float
    longest_delay: float


AttemptKey = tuple[Limit, str, str]
"""What an attempt is counted by: a limit with the name and the network that it is of, each "" for all."""
# Seconds without an attempt after which earlier failures are forgotten.
_FORGIVEN_AFTER = 3600.0
_KIND, _KEPT_SECONDS = "attempt", 2 * _FORGIVEN_AFTER
# Whoever has one address of IPv6 has as many as a network of this length.
_IPV6_NETWORK = 64


class Attempts:
    """Counts failed attempts, in the memory of the server: of several servers, together. Safe to use from threads."""

    def __init__(self, state: State | None = None) -> None:
        """Count nothing yet.

        Args:
            state: Where is counted; None: in a memory of its own.
        """
        self._state = state or MemoryState()

    def wait(self, keys: Sequence[AttemptKey]) -> float:
        """Return the seconds until the next attempt that counts by these is allowed; 0 where it is allowed now."""
        counted = [self._state.get(_KIND, hidden_name(*key)) for key in keys]
        now = self._state.now()
        return max(0.0, max((float(one["locked_until"]) - now for one in counted if one), default=0.0))

    def note_failure(self, keys: Sequence[AttemptKey]) -> None:
        """Count a failed attempt by each of these."""
        for key in keys:
            now = self._state.now()
            self._state.change(_KIND, hidden_name(*key), partial(_failed, key[0], now), _KEPT_SECONDS)

    def forget(self, key: AttemptKey) -> None:
        """Forget what failed by this."""
        remove(self._state, _KIND, hidden_name(*key))


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


def _failed(limit: Limit, now: float, before: dict[str, float] | None) -> dict[str, float]:
    """Return what is known after one more failure: how many there were, when the last was, and how long one waits."""
    if before is None or now - before["last"] > _FORGIVEN_AFTER:
        before = {"count": 0}
    count = before["count"] + 1
    excess = count - limit.free
    delay = min(limit.longest_delay, limit.first_delay * 2.0 ** min(excess, 10)) if excess >= 0 else 0.0
    return {"count": count, "last": now, "locked_until": now + delay}
