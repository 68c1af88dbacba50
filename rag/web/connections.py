"""Which machines are connected to, and for how long.

Owns: that a name is looked up once for each connection and only what was looked at is connected to, and that all that
is sent and received ends at one moment and at one length. Knows nothing about HTTP.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable

import httpcore

from rag.errors import LoadError
from rag.notices import Notice
from rag.public_addresses import Allowed, NameUnknown, PrivateAddress, is_public_at_any_port, look_up_all

# Seconds for a connection to one address, and for the next bytes of a reply.
CONNECT_SECONDS, SILENCE_SECONDS = 10.0, 30.0


class Deadline:
    """The moment at which a page is given up.

    Attributes:
        seconds: How long it may take in all.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether it has passed."""
        return time.monotonic() >= self._end

    def left(self, most: float | None) -> float:
        """Return how many seconds may be waited for the next step.

        Args:
            most: The most for this step; None for no bound of its own.

        Returns:
            More than 0.

        Raises:
            httpcore.ReadTimeout: The moment has passed.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the page took too long")
        return left if most is None else min(left, most)


class CheckedNetwork(httpcore.NetworkBackend):
    """Opens connections, each to an address that was looked at.

    Args:
        deadline: When all ends.
        most_bytes: How many bytes may be received in all, headers too.
        allowed: Which addresses may be connected to.
        proxy: Host and port of a proxy that a person has configured: it may lie anywhere.
    """

    def __init__(
        self,
        deadline: Deadline,
        most_bytes: float,
        allowed: Allowed = is_public_at_any_port,
        proxy: tuple[str, int] | None = None,
    ) -> None:
        self._deadline, self._allowed, self._proxy = deadline, allowed, proxy
        self._room = _Room(most_bytes)
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 – the deadline counts
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers.

        Args:
            host: The host.
            port: The port.
            timeout: Is not looked at: the deadline counts.
            local_address: As httpcore has it.
            socket_options: As httpcore has it.

        Returns:
            The connection, with the bounds of the page.

        Raises:
            LoadError: The host is not known, or may not be connected to.
            httpcore.ConnectError: None of its addresses answers.
            httpcore.ConnectTimeout: The same, in time.
        """
        allowed = _anywhere if (host, port) == self._proxy else self._allowed
        try:
            addresses = look_up_all(host, port, allowed)
        except NameUnknown:
            raise LoadError(Notice("web-host-unknown", {"host": host})) from None
        except PrivateAddress:
            raise LoadError(Notice("web-address-private", {"host": host})) from None
        error: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                wait = self._deadline.left(CONNECT_SECONDS)
                stream = self._inner.connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
            else:
                return _BoundedStream(stream, self._deadline, self._room)
        raise error


class _Room:
    """How many more bytes may be received."""

    def __init__(self, most: float) -> None:
        self.left = most


class _BoundedStream(httpcore.NetworkStream):
    """A connection that ends at a moment and at a length, however its bytes are spread."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline, room: _Room) -> None:
        self._inner, self._deadline, self._room = inner, deadline, room

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, self._deadline.left(timeout))
        self._room.left -= len(data)
        if self._room.left < 0:
            raise httpcore.ReadError("the reply is too long")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = self._deadline.left(CONNECT_SECONDS if timeout is None else timeout)
        stream = self._inner.start_tls(ssl_context, server_hostname, wait)
        return _BoundedStream(stream, self._deadline, self._room)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


def _anywhere(address: object, port: int) -> bool:  # noqa: ARG001 – the form of ``Allowed``
    return True
