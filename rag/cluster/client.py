"""Connecting over Ray's client, which waits for the cluster without a limit.

Owns: that an attempt ends, and that one which failed is made once more. For each client the cluster starts a process of
its own, out of one with many threads that use gRPC; now and then that process dies or hangs as it starts, and the
client is not told (ray-project/ray issues 63202 and 60316). The next one starts as a rule.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from typing import Any

_LOG = logging.getLogger(__name__)

_ATTEMPTS = 2
# Ray gives the process 30 seconds to listen; a busy cluster may have been told to give it more.
_ATTEMPT_SECONDS, _END_SECONDS, _TICK = 90.0, 30.0, 0.5


def join_as_client(ray: Any, address: str, options: dict[str, Any]) -> None:
    """Connect to a cluster over the port of Ray's client.

    Args:
        ray: The module.
        address: ``ray://HOST:PORT``.
        options: Further arguments of ``ray.init``.

    Raises:
        ConnectionError: The cluster does not answer, or its process for this client could not be started, twice.
        TimeoutError: It does not answer, and the attempt cannot be ended.
        RuntimeError: It refuses, as where its Ray or Python is of another version.
    """
    for left in reversed(range(_ATTEMPTS)):
        try:
            _attempt(ray, address, options)
        except ConnectionError as error:
            if not left:
                raise
            _LOG.warning("the cluster did not let this program in, and is asked once more", exc_info=error)
        else:
            return


def _attempt(ray: Any, address: str, options: dict[str, Any]) -> None:
    """Connect within a limit; what hangs is broken off."""
    failed: list[Exception] = []

    def connect() -> None:
        try:
            ray.init(address, **options)
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=connect, name="connecting to the cluster", daemon=True)
    thread.start()
    thread.join(_ATTEMPT_SECONDS)
    if thread.is_alive():
        latest = time.monotonic() + _END_SECONDS
        while thread.is_alive() and time.monotonic() < latest:
            # There may be nothing to close yet.
            _break_off()
            thread.join(_TICK)
        # Beside one that goes on, no other is made.
        kind = TimeoutError if thread.is_alive() else ConnectionError
        raise kind(f"it did not answer within {_ATTEMPT_SECONDS:.0f} seconds")
    if failed:
        raise failed[0]


def _break_off() -> None:
    """Close the channel of a client that waits, so that its threads end: nothing else ends them, nor the program."""
    from ray.util.client import ray

    client: Any = ray
    with suppress(Exception):
        worker = client.get_context().client_worker
        # Else it would connect again.
        worker._in_shutdown = True
        worker.channel.close()
