"""The gate before a service: which requests pass, who sent them, and whether it is their turn.

Owns: that each request has a caller before anything of it is read. Knows nothing about routes but those that need no
caller. It is plain ASGI: a middleware that runs a response in a task of its own would break streams and their end.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Collection
from typing import TypeVar
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import DatabaseUnusable
from rag.hosting.access import Access, Caller, CallerMustWait
from rag.hosting.bind_address import is_loopback
from rag.hosting.calls import current_call
from rag.hosting.error_json import error_json, kind_of
from rag.hosting.rate_limits import Allowance, RateLimits
from rag.notices import Notice

_LOG = logging.getLogger(__name__)
Result = TypeVar("Result")

CALLER = "caller"
"""Under this name the caller stands in the state of a request: ``request.state.caller``."""
# Passwords are hashed one at a time; who waits for that must not take the threads that answer.
_MOST_SIGNING_IN = 8


class Gate:
    """An ASGI application around another that lets callers pass whom an `Access` knows."""

    def __init__(self, app: ASGIApp, access: Access, limits: RateLimits, open_paths: Collection[str] = ()) -> None:
        """Put the gate before an application.

        Args:
            app: The application.
            access: Knows the callers.
            limits: How often each may ask.
            open_paths: The paths that need no caller; theirs is None in the state where nobody is known.
        """
        self._app, self._access, self._limits, self._open_paths = app, access, limits, frozenset(open_paths)
        self._signing_in: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # There is no web socket here.
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        is_open = str(scope["path"]) in self._open_paths and scope["method"] in ("GET", "HEAD")
        refusal = self._misled(headers)
        caller = None
        if refusal is None:
            try:
                caller = await self._caller(scope, headers)
            except CallerMustWait as wait:
                refusal = None if is_open else _too_many_wrong_keys(wait.seconds)
            except DatabaseUnusable as error:
                refusal = None if is_open else _no_database(error)
            else:
                refusal = None if is_open or caller is not None else self._unknown(headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        scope.setdefault("state", {})[CALLER] = caller
        if caller is None or not caller.name or is_open:
            await self._app(scope, receive, send)
            return
        if (call := current_call()) is not None:
            call.caller = caller.name
        await self._in_turn(caller, scope, receive, send)

    async def _in_turn(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            allowance = await self._aside(self._limits.take, caller.name, caller.per_minute)
        except DatabaseUnusable as error:
            await _no_database(error)(scope, receive, send)
            return
        if allowance.wait > 0:
            await _too_many_requests(allowance)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                headers.update(_limit_headers(allowance))
                message = {**message, "headers": headers.raw}
            await send(message)

        await self._app(scope, receive, with_headers)

    def _misled(self, headers: Headers) -> Response | None:
        """Return the refusal of what a page of another site made a browser send; None for what passes."""
        host = headers.get("host", "")
        # Starlette's TrustedHostMiddleware compares with a list, which holds neither 127.0.0.2 nor each form of ::1.
        if self._access.only_this_machine and not is_loopback(_host_name(host)):
            return refusal_of(421, "wrong_host", "This service answers only as 127.0.0.1, ::1 or localhost.")
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        if site not in ("same-origin", "none") or (origin is not None and not _same_host(origin, host)):
            return refusal_of(403, "cross_origin", "Pages of other sites may not call this service.")
        return None

    async def _caller(self, scope: Scope, headers: Headers) -> Caller | None:
        address = str(scope["client"][0]) if scope.get("client") else ""
        if not headers.get("authorization", "").lower().startswith("basic"):
            return await self._aside(self._access.caller_of, headers, address)
        if self._signing_in is None:
            self._signing_in = CapacityLimiter(_MOST_SIGNING_IN)
        return await to_thread.run_sync(self._access.caller_of, headers, address, limiter=self._signing_in)

    async def _aside(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Call a function: in a thread where it may ask the database, for which no other request is to wait."""
        if self._limits.is_shared:
            return await to_thread.run_sync(function, *arguments)
        return function(*arguments)

    def _unknown(self, headers: Headers) -> Response:
        message = (
            "This key, or name and password, is wrong, was removed or has ended; rag keys list shows the keys."
            if headers.get("authorization")
            else "This service needs a key: send it as 'Authorization: Bearer KEY'."
        )
        return refusal_of(401, "invalid_api_key", message, {"www-authenticate": self._access.challenge})


def refusal_of(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    """Return the answer to a request that does not pass.

    Args:
        status: The HTTP status.
        code: A stable code for programs.
        message: One sentence: what, where, what to do.
        headers: Further headers.

    Returns:
        The response.
    """
    return JSONResponse(error_json(message, kind_of(status), code), status, headers)


def _no_database(error: DatabaseUnusable) -> Response:
    _LOG.warning("a call was refused without the database", extra={"cause": str(error)})
    # Whoever calls may be a stranger, to whom nothing is said of where the database is.
    away = Notice("shared-state-away")
    return refusal_of(503, away.code, away.text(), {"retry-after": "5"})


def _too_many_wrong_keys(seconds: int) -> Response:
    message = f"Too many wrong keys or passwords came from your address; try again in {seconds} seconds."
    return refusal_of(429, "too_many_wrong_keys", message, {"retry-after": str(seconds)})


def _too_many_requests(allowance: Allowance) -> Response:
    seconds = max(1, math.ceil(allowance.wait))
    message = f"This key may make {allowance.limit} requests a minute; try again in {seconds} seconds."
    return refusal_of(429, "rate_limit_exceeded", message, {"retry-after": str(seconds), **_limit_headers(allowance)})


def _limit_headers(allowance: Allowance) -> dict[str, str]:
    """Return the headers that OpenAI's service tells limits with."""
    if not allowance.limit:
        return {}
    return {
        "x-ratelimit-limit-requests": str(allowance.limit),
        "x-ratelimit-remaining-requests": str(allowance.remaining),
        "x-ratelimit-reset-requests": f"{max(0, math.ceil(allowance.full_after))}s",
    }


def _host_name(host: str) -> str:
    """Return the name or address in a ``Host`` header, without its port; empty when it has none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _same_host(origin: str, host: str) -> bool:
    try:
        return urlsplit(origin).netloc == host
    except ValueError:
        return False
