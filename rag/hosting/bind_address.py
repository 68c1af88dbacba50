"""Where the chat listens, and who may come.

Owns: the address, and that one which other machines can reach is never opened by accident. Knows nothing about serving:
it imports nothing heavy, so that a mistake is reported before anything is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import UsageError
from rag.hosting.this_computer import is_this_computer


@dataclass(frozen=True, slots=True)
class BindAddress:
    """Where the chat listens, and who may come.

    Attributes:
        host: A name or address of this machine.
        port: A port; 1 to 65535.
        auth: The file of users, or ``database`` (`rag.hosting.kept_text`); None: there are none.
        insecure: Whether other machines may come without a password.
        suite: The file that test cases are added to; None: the default one in the home folder.
        proxies: The addresses and networks of proxies before the chat, whose word for who calls is taken
            (``X-Forwarded-For``, ``X-Forwarded-Proto``); of nobody else is it.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    auth: Path | None = None
    insecure: bool = False
    suite: Path | None = None
    proxies: tuple[str, ...] = ()


def check_bind_address(bind: BindAddress) -> None:
    """Refuse an address that other machines can reach, unless there are users or it is meant so.

    Raises:
        UsageError: Nobody has to say who they are there.
    """
    if not is_loopback(bind.host) and bind.auth is None and not bind.insecure:
        raise UsageError(
            f"--host {bind.host} lets other machines read your documents without a password; add --auth FILE "
            "(make it with --add-user NAME), or --insecure if that is meant."
        )


def is_loopback(host: str) -> bool:
    """Return whether an address or name can only mean this machine."""
    return is_this_computer(host)


def local_url_of(bind: BindAddress) -> str:
    """Return the address of the chat for a browser on this machine, which no "every address" is."""
    this_machine = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # names, not bound to
    return url_of(replace(bind, host=this_machine.get(bind.host, bind.host)))


def url_of(bind: BindAddress) -> str:
    """Return the address of the chat for a browser."""
    host = f"[{bind.host}]" if ":" in bind.host else bind.host
    return f"http://{host}:{bind.port}"
