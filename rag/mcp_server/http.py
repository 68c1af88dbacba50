"""Serve clients over streamable HTTP.

Owns: the address of the protocol, and what stands before it: the record of calls, and the gate that knows the callers
and turns away what a page of another site sends (DNS rebinding). Knows nothing about tools.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.hosting.access import Access
from rag.hosting.audit import AuditLog
from rag.hosting.bind_address import BindAddress, url_of
from rag.hosting.call_recorder import CallRecorder
from rag.hosting.gate import CALLER, Gate
from rag.hosting.listening import run, stopped_by_sigterm
from rag.hosting.rate_limits import RateLimits

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

    from rag.hosting.state import State
    from rag.settings import Settings

_LOG = logging.getLogger(__name__)
PATH = "/mcp"
"""The path of the protocol on its host."""
_MOST_SESSIONS = 1_000


def serve_http(
    server: Server[Any], access: Access, settings: Settings, bind: BindAddress, state: State | None = None
) -> None:
    """Serve until stopped by Ctrl-C, or by SIGTERM, as a service manager and a container stop it.

    Args:
        server: The server.
        access: Knows the callers.
        settings: How often each may call, and what the audit log holds.
        bind: Where it listens.
        state: Where calls are counted; None: in a memory of its own.

    Raises:
        UsageError: The port cannot be used.
        KeyboardInterrupt: Ctrl-C was pressed.
    """

    def ready() -> None:
        print(f"Footnote speaks MCP at {url_of(bind)}{PATH} (stop with Ctrl-C)", flush=True)  # noqa: T201
        _LOG.info("server started", extra={"host": bind.host, "port": bind.port})

    try:
        with stopped_by_sigterm() as stop:
            run(make_app(server, access, settings, state), bind, ready, stop)
    except KeyboardInterrupt:
        # The terminal has written ^C, and goes on below it.
        print(file=sys.stderr)  # noqa: T201
        raise


def make_app(server: Server[Any], access: Access, settings: Settings, state: State | None = None) -> ASGIApp:
    """Return the application.

    Args:
        server: The server.
        access: Knows the callers.
        settings: How often each may call, and what the audit log holds.
        state: Where calls are counted; None: in a memory of its own.

    Returns:
        The application, with all that stands before it.
    """
    # The gate looks at Host and Origin, for every path alike.
    unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    protocol = server.streamable_http_app(
        streamable_http_path=PATH, transport_security=unchecked, max_sessions=_MOST_SESSIONS
    )
    observers = []
    if settings.serve_audit != "off":
        observers.append(AuditLog(settings.home, with_questions=settings.serve_audit == "questions"))
    limits = RateLimits(settings.serve_per_minute, state=state)
    return CallRecorder(Gate(_OwnSessions(protocol), access, limits), observers)


class _OwnSessions:
    """An ASGI application around the protocol's, by which a session belongs to the key that began it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = scope.get("state", {}).get(CALLER) if scope["type"] == "http" else None
        if caller is not None and caller.name:
            token = AccessToken(token="", client_id=caller.name, scopes=[])
            scope = {**scope, "user": AuthenticatedUser(token)}
        await self._app(scope, receive, send)
