"""What ``--workers`` names: this process, a cluster of this machine, or one at an address. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.errors import UsageError
from rag.notices import Notice

LOCAL, RAY = "local", "ray"
CLIENT = "ray://"
_HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]*):(?P<port>[0-9]{1,5})")
_LARGEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """Where a cluster is.

    Attributes:
        text: As Ray takes it; "" for a cluster of this machine, which is started where there is none.
        host: The host to connect to; "" for this machine.
        port: The port there; 0 for none.
    """

    text: str = ""
    host: str = ""
    port: int = 0


def read_workers(text: str) -> ClusterAddress | None:
    """Read a value of ``--workers``.

    Args:
        text: ``local``, ``ray``, ``ray://HOST:PORT`` or ``HOST:PORT``.

    Returns:
        The address of a cluster; None for ``local``.

    Raises:
        UsageError: It is none of these.
    """
    text = text.strip()
    if text == LOCAL:
        return None
    if text == RAY:
        return ClusterAddress()
    found = _HOST_AND_PORT.fullmatch(text.removeprefix(CLIENT))
    if not found or not 0 < int(found["port"]) <= _LARGEST_PORT:
        raise UsageError(Notice("cluster-address-wrong", {"address": text}))
    return ClusterAddress(text, found["host"].strip("[]"), int(found["port"]))
