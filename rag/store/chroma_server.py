"""A client of a Chroma server, each of whose calls ends.

Owns: the address, the credentials and the time limits, and what went wrong in one sentence. Chroma's own client waits
for ever for a server that does not answer, and reports what else answers at an address as an error of its own parser.
Knows nothing about collections.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from queue import Empty, Queue
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urlsplit

import chromadb
import httpx
from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import AuthorizationError, ChromaAuthError, NotFoundError

from rag.errors import IndexUnusable, UsageError
from rag.notices import Notice
from rag.settings import Settings

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

Made = TypeVar("Made")

# Seconds until a server must have taken a connection, and until it must have answered a call.
_CONNECT_SECONDS, _ANSWER_SECONDS = 5.0, 60.0
# Seconds until it must have said that it is there at all.
_HEARTBEAT_SECONDS = 10.0
# Seconds before each further try of a call whose connection broke.
_PAUSES = (0.2, 1.0)
_HEARTBEAT = "nanosecond heartbeat"


class _Persistent(httpx.BaseTransport):
    """A transport that makes a call again whose connection broke: calls are such that the second changes nothing."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a request."""
        for pause in _PAUSES:
            try:
                return self._transport.handle_request(request)
            except (httpx.RemoteProtocolError, httpx.ConnectError, httpx.ReadError, httpx.WriteError):
                time.sleep(pause)
        return self._transport.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()


def server_client(url: str, settings: Settings) -> ClientAPI:
    """Connect to a Chroma server.

    Args:
        url: Its address, ``http://HOST:PORT``; a path is that of a proxy before it, a user and a password are sent.
        settings: Name the token, the tenant and the database.

    Returns:
        The client.

    Raises:
        UsageError: The address is none.
        IndexUnusable: No Chroma server answers there, or it refuses.
    """
    base, headers = _address(url)
    if settings.chroma_token:
        headers |= {"Authorization": f"Bearer {settings.chroma_token}", "X-Chroma-Token": settings.chroma_token}
    _see_that_it_is_there(base, headers, url)
    parts = urlsplit(base)

    def connect() -> ClientAPI:
        return chromadb.HttpClient(
            # As a whole address it may have a path.
            host=base,
            port=parts.port or 0,
            ssl=parts.scheme == "https",
            headers=headers,
            settings=ChromaSettings(anonymized_telemetry=False),
            tenant=settings.chroma_tenant or DEFAULT_TENANT,
            database=settings.chroma_database or DEFAULT_DATABASE,
        )

    try:
        client = _within(_ANSWER_SECONDS, connect)
    except Exception as error:
        raise IndexUnusable(explain(error, url)) from error
    for session in sessions_of(client):
        session.timeout = httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS)
        if not isinstance(session._transport, _Persistent):
            session._transport = _Persistent(session._transport)
    return client


def sessions_of(client: ClientAPI) -> list[httpx.Client]:
    """Return the connections of a client of a server, and of the administrator's client inside it."""
    parts = (client, getattr(client, "_admin_client", None))
    sessions = (getattr(getattr(part, "_server", None), "_session", None) for part in parts)
    return [session for session in sessions if session is not None]


def _within(seconds: float, action: Callable[[], Made]) -> Made:
    """Return what ``action()`` returns: to make a client asks the server, and nothing limits for how long.

    Raises:
        ReadTimeout: It took longer.
    """
    made: Queue[Made | Exception] = Queue()

    def run() -> None:
        try:
            made.put(action())
        except Exception as error:
            made.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        result = made.get(timeout=seconds)
    except Empty:
        raise httpx.ReadTimeout("no answer") from None
    if isinstance(result, Exception):
        raise result
    return result


def public_address(url: str) -> str:
    """Return an address without the user and the password in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def explain(error: Exception, url: str) -> Notice:
    """Return in one sentence what went wrong with a server.

    Args:
        error: What its client raised.
        url: Its address.

    Returns:
        The notice; it names the address without user and password.
    """
    address = public_address(url)
    # Chroma wraps what httpx raises.
    while error.__cause__ is None and isinstance(error.__context__, httpx.HTTPError):
        error = error.__context__
    if isinstance(error, httpx.TimeoutException):
        return Notice("chroma-server-slow", {"url": address, "seconds": int(_ANSWER_SECONDS)})
    if isinstance(error, ChromaAuthError | AuthorizationError) or _status(error) in (401, 403):
        return Notice("chroma-server-refuses", {"url": address})
    if isinstance(error, NotFoundError):
        return Notice("vectors-missing", {"place": address})
    is_silent = isinstance(error, ValueError) and "connect" in str(error).lower()
    if is_silent or isinstance(error, httpx.TransportError | ConnectionError | OSError):
        return Notice("chroma-server-silent", {"url": address})
    cause = " ".join(str(error).split())[:200] or type(error).__name__
    return Notice("chroma-server-failed", {"url": address, "cause": cause})


def _status(error: Exception) -> int:
    response = getattr(error, "response", None)
    return int(getattr(response, "status_code", 0) or 0)


def _address(url: str) -> tuple[str, dict[str, str]]:
    """Return the address without user and password, and the header that says them."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise UsageError(Notice("chroma-address-wrong", {"url": url})) from None
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(Notice("chroma-address-wrong", {"url": public_address(url)}))
    host = f"[{host}]" if ":" in host else host
    default = 443 if parts.scheme == "https" else 8000
    base = f"{parts.scheme}://{host}:{port or default}{parts.path.rstrip('/')}"
    if not parts.username:
        return base, {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return base, {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _see_that_it_is_there(base: str, headers: dict[str, str], url: str) -> None:
    """Ask the server for its heartbeat, so that another service on the port is not taken for it.

    Raises:
        IndexUnusable: Nothing, or something else, answers.
    """
    address, timeout = public_address(url), httpx.Timeout(_HEARTBEAT_SECONDS, connect=_CONNECT_SECONDS)
    try:
        response = httpx.get(f"{base}/api/v2/heartbeat", headers=headers, timeout=timeout)
    except httpx.TimeoutException:
        raise IndexUnusable(
            Notice("chroma-server-slow", {"url": address, "seconds": int(_HEARTBEAT_SECONDS)})
        ) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        raise IndexUnusable(Notice("chroma-server-silent", {"url": address})) from None
    if response.status_code in (401, 403):
        raise IndexUnusable(Notice("chroma-server-refuses", {"url": address}))
    try:
        there = _HEARTBEAT in json.loads(response.text)
    except (ValueError, TypeError):
        there = False
    if not there:
        raise IndexUnusable(Notice("chroma-not-there", {"url": address}))
