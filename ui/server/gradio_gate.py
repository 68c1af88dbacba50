"""Let through to Gradio what the page sends, and nothing else: values of the right kind, and of the user's own tabs.

Owns: the checks of Gradio's events and streams. Knows nothing about what an event does.

Gradio keeps what a tab shows, and the stream of its changes, under a name that the browser makes up. Here the user is
made part of that name, so that a stream belongs to whoever is signed in: a name that somebody else learned leads to an
empty tab of their own. And Gradio fetches the address in a value that looks like a file, whatever component it is for;
the page sends text, numbers and short lists of these alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.i18n import translator
from ui.server.dependencies import user_of
from ui.server.security import reader_language

_EVENT_PATH = re.compile(r"(?:/[a-z]{2})?/gradio_api/(queue/join|queue/data|cancel|reset|heartbeat/(\w+))/?", re.ASCII)
_SESSION = re.compile(r"\w{1,64}", re.ASCII)
# Values in a list that a browser saved.
_MOST_SAVED = 10


class Handler(Protocol):
    """What Gradio knows of a handler of the page: the components it is given."""

    inputs: Any


class GradioGate:
    """An ASGI application around the one that Gradio's page is mounted in."""

    def __init__(self, app: ASGIApp, handlers: Mapping[int, Handler]) -> None:
        """Put the gate before a page.

        Args:
            app: The application.
            handlers: The handlers of its page, by their numbers.
        """
        self.app, self._handlers = app, handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        event = _EVENT_PATH.fullmatch(str(scope.get("path", ""))) if scope["type"] == "http" else None
        if event is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        user = user_of(request)
        try:
            if event[2]:
                scope = _with_path(scope, event.start(2), _own_session(event[2], user))
            elif event[1] == "queue/data":
                query = parse_qsl(request.url.query)
                (session,) = (value for name, value in query if name == "session_hash")
                scope = {**scope, "query_string": urlencode({"session_hash": _own_session(session, user)}).encode()}
            else:
                body = self._checked(event[1], json.loads(await request.body()), user)
                scope, receive = _with_body(scope, receive, json.dumps(body).encode())
        except (ValueError, RecursionError):
            sentence = translator(reader_language(Headers(scope=scope)))("request wrong")
            await JSONResponse({"error": sentence}, 400)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _checked(self, kind: str, content: Any, user: str) -> dict[str, Any]:
        """Return the body of an event as Gradio may have it; another is a ValueError."""
        if not isinstance(content, dict):
            raise ValueError("no object")
        if kind == "reset":
            return {"event_id": _session(content.get("event_id"))}
        session, number = _own_session(content.get("session_hash"), user), content.get("fn_index")
        handler = self._handlers.get(number) if type(number) is int else None
        if handler is None:
            raise ValueError("no such handler")
        if kind == "cancel":
            return {"session_hash": session, "fn_index": number, "event_id": _session(content.get("event_id"))}
        data = content.get("data")
        if not isinstance(data, list) or len(data) != len(handler.inputs):
            raise ValueError("not what the handler is given")
        for component, value in zip(handler.inputs, data, strict=True):
            _check_value(component.get_block_name(), value)
        trigger = content.get("trigger_id")
        kept = {"trigger_id": trigger} if type(trigger) is int else {}
        return {"session_hash": session, "fn_index": number, "data": data, **kept}


def _check_value(component: str, value: Any) -> None:
    """Raise ValueError for a value that the page never sends to a component."""
    match component:
        case "textbox":
            fits = isinstance(value, str)
        case "browserstate":
            is_short = isinstance(value, list) and len(value) <= _MOST_SAVED
            fits = value is None or (is_short and all(isinstance(one, str | int | float | None) for one in value))
        case _:
            # Gradio keeps a state on the server.
            fits = value is None
    if not fits:
        raise ValueError("another kind of value")
    # A half of a sign that has two can be neither stored nor sent.
    json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def _session(value: Any) -> str:
    if not isinstance(value, str) or not _SESSION.fullmatch(value):
        raise ValueError("no name of a tab or an event")
    return value


def _own_session(value: Any, user: str) -> str:
    """Return the name of a tab with its user in it; without users it stays as it is."""
    session = _session(value)
    return hashlib.sha256(f"{user}\n{session}".encode()).hexdigest() if user else session


def _with_path(scope: Scope, start: int, session: str) -> Scope:
    path = str(scope["path"])[:start] + session
    return {**scope, "path": path, "raw_path": path.encode()}


def _with_body(scope: Scope, receive: Receive, body: bytes) -> tuple[Scope, Receive]:
    """Return a request with another body."""
    kept = [(name, value) for name, value in scope["headers"] if name not in (b"content-length", b"content-type")]
    headers = [*kept, (b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
    given = False

    async def receive_body() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return {**scope, "headers": headers}, receive_body
