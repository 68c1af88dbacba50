"""Record each call: its id, its end, and whoever is told of it.

Owns: the id of a request, the headers of every response, and the answer to an error that nobody foresaw. Knows nothing
about what a call does. It is plain ASGI, and stands outside all else.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.hosting.calls import Call, recorded
from rag.hosting.error_json import error_json
from rag.log import logged_with

_LOG = logging.getLogger(__name__)

Observer = Callable[[Call], object]
"""Is told of a call once it is over. What it raises is logged, and fails no call."""
Around = Callable[[Call, Headers], AbstractContextManager[object]]
"""Stands around a call, such as the span of a trace."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
# Nobody waits for the answer to a request whose client has left.
_CLIENT_LEFT = 499
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
}


class CallRecorder:
    """An ASGI application around another that records its calls."""

    def __init__(self, app: ASGIApp, observers: Sequence[Observer] = (), around: Around | None = None) -> None:
        """Record the calls of an application.

        Args:
            app: The application.
            observers: Are told of each call once it is over.
            around: Stands around each call.
        """
        self._app, self._observers, self._around = app, tuple(observers), around

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        method = str(scope["method"])
        call = Call(_request_id(headers.get("x-request-id", "")), method if method in _METHODS else "other")
        with ExitStack() as stack:
            stack.enter_context(logged_with(request_id=call.request_id))
            stack.enter_context(recorded(call))
            if self._around is not None:
                stack.enter_context(self._around(call, headers))
            began = time.perf_counter()
            try:
                await self._answer(call, scope, receive, send)
            finally:
                call.seconds = time.perf_counter() - began
                call.route = route_of(scope)
                call.status = call.status or _CLIENT_LEFT
                self._tell(call)

    async def _answer(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                call.status = int(message["status"])
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers["x-request-id"] = call.request_id
                message = {**message, "headers": headers.raw}
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                call.complete = True

        try:
            await self._app(scope, receive, noted)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            _LOG.error("request failed", extra={"error": type(error).__name__}, exc_info=error)
            if call.status:
                # Half a response is out: only an end without its last piece says that it is none.
                raise
            message = (
                f"Something unexpected happened; the service's log says more at request {call.request_id}, and what of "
                "it can be reported without private data."
            )
            await JSONResponse(error_json(message, "server_error", "unexpected"), 500)(scope, receive, noted)

    def _tell(self, call: Call) -> None:
        fields = {"method": call.method, "route": call.route, "status": call.status, "key": call.caller}
        _LOG.info("call answered", extra={**fields, "milliseconds": round(call.seconds * 1000)})
        for observer in self._observers:
            try:
                observer(call)
            except Exception as error:
                _LOG.warning("a call could not be told of", extra={"cause": type(error).__name__}, exc_info=error)


def route_of(scope: Scope) -> str:
    """Return the template of the route that a request was led to; "" for none: what callers write is no template."""
    return str(getattr(scope.get("route"), "path", ""))


def _request_id(given: str) -> str:
    return given if _ID.fullmatch(given) else secrets.token_hex(12)
