"""Where the chat listens, and who may come.

Owns: the address, and that one which other machines can reach is never opened by accident. Imports nothing heavy: a
mistake is told before anything is loaded.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from rag.errors import UsageError


@dataclass(frozen=True, slots=True)
class BindAddress:
    """Where the chat listens, and who may come: ``auth`` is a file of users, ``suite`` the file for test cases."""

    host: str = "127.0.0.1"
    port: int = 7860
    auth: Path | None = None
    insecure: bool = False
    suite: Path | None = None


def check_bind_address(place: BindAddress) -> None:
    """Raises UsageError for an address that other machines can reach unless there are users or it is meant so."""
    if not is_loopback(place.host) and place.auth is None and not place.insecure:
        raise UsageError(
            f"--host {place.host} lets other machines read your documents without a password; add --auth FILE "
            "(make it with --add-user NAME), or --insecure if that is meant."
        )


def is_loopback(host: str) -> bool:
    """Whether an address or name can only mean this machine."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def address(place: BindAddress) -> str:
    """Where a browser finds the chat."""
    host = f"[{place.host}]" if ":" in place.host else place.host
    return f"http://{host}:{place.port}"
