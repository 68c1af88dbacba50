"""What a server sends in the place of a reply: a page, nothing, other bytes, or the way to another address.

Owns: looking at each response before a client library reads it. Knows nothing about any one protocol.
"""

from __future__ import annotations

import codecs
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from rag.errors import LLMError
from rag.models.llm.endpoint import Endpoint, WholeReply

_STREAMS = ("text/event-stream", "application/x-ndjson")
# The streams that were begun within `streams_closed` in this thread: its attribute ``responses``.
_BEGUN = threading.local()


class _Utf8Stream(httpx.SyncByteStream):
    """The bytes of a stream, as long as they are UTF-8."""

    def __init__(self, stream: httpx.SyncByteStream, error: LLMError) -> None:
        self._stream, self._error = stream, error

    def __iter__(self) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder("utf-8")()
        for piece in self._stream:
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                raise self._error from None
            yield piece

    def close(self) -> None:
        self._stream.close()


def open_client(endpoint: Endpoint, timeout: float, **options: Any) -> httpx.Client:
    """Return an HTTP client that refuses what is no reply, and follows no server to another address.

    Args:
        endpoint: Where it is used, for the notices.
        timeout: Seconds without a byte after which a call fails.
        **options: Further options of the client.

    Returns:
        The client.
    """
    return httpx.Client(timeout=timeout, follow_redirects=False, event_hooks=hooks(endpoint), **options)


def hooks(endpoint: Endpoint) -> dict[str, list[Callable[..., Any]]]:
    """Return the hooks of an HTTP client that refuse what is no reply.

    Args:
        endpoint: Where it is used, for the notices.

    Returns:
        The option ``event_hooks``.
    """

    def check(response: httpx.Response) -> None:
        if response.is_redirect:
            to = _address_of(urljoin(str(response.request.url), response.headers.get("location", "")))
            raise LLMError(endpoint.notice("model-moved", address=endpoint.address, to=to))
        if response.is_success:
            _check_body(endpoint, response)

    return {"response": [check]}


@contextmanager
def streams_closed() -> Iterator[None]:
    """Close the streams that are begun inside, read to their end or not; for clients with the hooks of this module.

    The stream of a client library may be a circle of objects, which only the collector of garbage frees: until then a
    model would write on for somebody who has left.
    """
    begun: list[httpx.Response] = []
    before = getattr(_BEGUN, "responses", None)
    _BEGUN.responses = begun
    try:
        yield
    finally:
        _BEGUN.responses = before
        for response in begun:
            response.close()


def _check_body(endpoint: Endpoint, response: httpx.Response) -> None:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _STREAMS:
        begun: list[httpx.Response] | None = getattr(_BEGUN, "responses", None)
        if begun is not None:
            begun.append(response)
        if "content-encoding" not in response.headers and isinstance(response.stream, httpx.SyncByteStream):
            error = LLMError(endpoint.notice("model-answer-garbled", address=endpoint.address))
            response.stream = _Utf8Stream(response.stream, error)
        return
    if "html" in kind:
        raise LLMError(endpoint.notice("model-answer-page", address=endpoint.address))
    value = _read_json(endpoint, response.read())
    if value is not None and b'"stream":true' in response.request.content.replace(b" ", b""):
        raise WholeReply(value)


def _read_json(endpoint: Endpoint, body: bytes) -> Any:
    """Return the JSON of a body; None where it holds a stream.

    Raises:
        LLMError: It holds neither.
    """
    if not body.strip():
        raise LLMError(endpoint.notice("model-answer-empty", address=endpoint.address))
    try:
        text = body.decode().lstrip("\ufeff").strip()
    except UnicodeDecodeError:
        raise LLMError(endpoint.notice("model-answer-garbled", address=endpoint.address)) from None
    if text.startswith("<"):
        raise LLMError(endpoint.notice("model-answer-page", address=endpoint.address))
    if text.startswith(("data:", "event:", "id:", ":")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        if "\n" in text and text.startswith("{"):
            return None
        raise LLMError(endpoint.notice("model-answer-not-json", address=endpoint.address)) from None


def _address_of(url: str) -> str:
    """Return the address that a server points to, without anything that could be a key; "" where it is none."""
    try:
        parts = urlsplit(url)
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    address = f"{parts.scheme}://{host}{parts.path}".removesuffix("/chat/completions").removesuffix("/models")
    return address[:200] if address.isascii() and address.isprintable() else ""
