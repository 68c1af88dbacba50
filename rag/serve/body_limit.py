"""No request is read beyond a size, or waited for beyond a time.

Owns: the limit of a request's body, which is read before the application sees it. Knows nothing about routes but that
those which take files have limits of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi.responses import JSONResponse

from rag.serve.errors import error_json, kind_of

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

# Seconds that a client has to send a body of this size.
_SECONDS = 60.0
# Where files come in.
_UPLOADS = "/v1/sources"


class BodyLimit:
    """An ASGI application before another one."""

    def __init__(self, app: Application, most: int) -> None:
        """Stand before an application.

        Args:
            app: The application.
            most: The most bytes of a body.
        """
        self._app, self._most = app, most

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Read the body of a request, then let the application have it; one that is too large is refused.

        Args:
            scope: The connection.
            receive: Gives what the client sends.
            send: Takes what it is sent.
        """
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD") or scope["path"].startswith(_UPLOADS):
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"")
        if declared.isdigit() and int(declared) > self._most:
            await self._refuse(413, "body_too_large", scope, receive, send)
            return
        messages: list[Message] = []
        size = 0
        try:
            async with asyncio.timeout(_SECONDS):
                while True:
                    message = await receive()
                    messages.append(message)
                    size += len(message.get("body", b""))
                    if size > self._most:
                        await self._refuse(413, "body_too_large", scope, receive, send)
                        return
                    if not message.get("more_body", False):
                        break
        except TimeoutError:
            await self._refuse(408, "body_too_slow", scope, receive, send)
            return
        messages.reverse()

        async def replay() -> Message:
            return messages.pop() if messages else await receive()

        await self._app(scope, replay, send)

    async def _refuse(self, status: int, code: str, scope: Message, receive: Receive, send: Send) -> None:
        message = {
            "body_too_large": f"A request has at most {self._most // 1000} kilobytes (RAG_SERVE_BODY_KB); send less.",
            "body_too_slow": f"The request was not complete after {_SECONDS:.0f} seconds; send it again.",
        }[code]
        # What is left of the body is not read, so the connection cannot go on.
        response = JSONResponse(error_json(message, kind_of(status), code), status, {"Connection": "close"})
        await response(scope, receive, send)
