"""Which network addresses a server may be called at, and calling it there and nowhere else.

Owns: reading the address of a server that a person names, and a transport of HTTP that looks a name up once for each
connection, refuses what it must not reach, connects to exactly what it has looked at, and takes no endless reply. Knows
nothing about models; which addresses are of the open internet is owned by ``rag.public_addresses``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from rag.errors import LLMError, UsageError
from rag.notices import Notice
from rag.public_addresses import NameUnknown, PrivateAddress, is_public_at_any_port, look_up_all

_LONGEST_ADDRESS = 300
# The longest reply: a million tokens are a few megabytes, a thousand models with their data are less.
LONGEST_REPLY = 32 * 1024 * 1024
# Seconds in which a reply has to be whole that is no stream of events; a byte now and then would go on for ever.
REPLY_SECONDS = 120.0
_STREAMS = ("text/event-stream", "application/x-ndjson")


def read_address(address: str) -> str:
    """Return the address of a server without the signs at its ends that mean nothing.

    Args:
        address: What a person wrote: ``http://…`` or ``https://…``.

    Raises:
        UsageError: It has another form, or holds a name and password, a query or a fragment.
    """
    text = address.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        is_whole = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not parts.query
            and not parts.fragment
        )
    except ValueError:
        raise UsageError(Notice("server-address-wrong")) from None
    if "@" in parts.netloc:
        raise UsageError(Notice("server-address-with-password"))
    if not is_whole or len(text) > _LONGEST_ADDRESS or not text.isascii() or not text.isprintable() or " " in text:
        raise UsageError(Notice("server-address-wrong"))
    return text


def look_up(host: str, port: int, private: bool) -> str:
    """Return the network address to connect to for a host.

    Args:
        host: Its name, or an address.
        port: The port that is wanted.
        private: Whether it may lie in a private network or be this machine.

    Returns:
        The first address that its name stands for.

    Raises:
        LLMError: One of its addresses is private, and that is not allowed.
        httpx.ConnectError: The name stands for nothing.
    """
    try:
        return look_up_all(host, port, _anywhere if private else is_public_at_any_port)[0]
    except NameUnknown as error:
        raise httpx.ConnectError(f"{host} cannot be found") from error
    except PrivateAddress:
        raise LLMError(Notice("server-address-private", {"host": host})) from None


def _anywhere(address: object, port: int) -> bool:  # noqa: ARG001 – the form of ``Allowed``
    return True


class _LimitedStream(httpx.SyncByteStream):
    """The body of a reply, up to a length and a moment."""

    def __init__(self, stream: httpx.SyncByteStream, until: float | None) -> None:
        self._stream, self._until = stream, until

    def __iter__(self) -> Iterator[bytes]:
        length = 0
        for piece in self._stream:
            length += len(piece)
            if length > LONGEST_REPLY:
                raise httpx.ReadError(f"the reply is longer than {LONGEST_REPLY} bytes")
            if self._until is not None and time.monotonic() > self._until:
                raise httpx.ReadTimeout(f"the reply was not whole in {REPLY_SECONDS:g} seconds")
            yield piece

    def close(self) -> None:
        self._stream.close()


class GuardedTransport(httpx.BaseTransport):
    """Sends requests to where ``look_up`` says, so that a name cannot lead elsewhere between the look and the call.

    Args:
        private: Whether a server may lie in a private network or be this machine.
    """

    def __init__(self, private: bool) -> None:
        self._private = private
        # A client with a transport of its own goes through no proxy: one would look the name up by itself.
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; its reply comes as it is, not packed, and is neither endless nor longer than the limit.

        Raises:
            LLMError: The server may not be called.
            httpx.HTTPError: It cannot be reached.
            httpx.RemoteProtocolError: It packs its reply: a small one could unpack to any length.
        """
        host = request.url.host
        headers = httpx.Headers(request.headers)
        headers["accept-encoding"] = "identity"
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=look_up(host, port, self._private)),
            # The name stays in the header and in the certificate that is asked for.
            headers=headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        response = self._inner.handle_request(pinned)
        if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
            response.close()
            raise httpx.RemoteProtocolError("the reply is packed, although that was not asked for")
        if isinstance(response.stream, httpx.SyncByteStream):
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            until = None if kind in _STREAMS else time.monotonic() + REPLY_SECONDS
            response.stream = _LimitedStream(response.stream, until)
        return response

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._inner.close()
        self._inner = httpx.HTTPTransport()
