"""What stands between a browser and the page.

Owns: which requests pass, who sent them, and the headers of every response. Knows nothing about documents or answers.

The page runs under a content security policy without ``eval`` and without inline scripts other than those of Gradio's
own page, which are named by their hashes. ``style-src`` needs ``'unsafe-inline'``: Gradio's components write ``style``
attributes. Gradio's ``gr.HTML`` and its ``js=`` would need ``'unsafe-eval'``; neither is used.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from ui.i18n import LANGUAGES
from ui.server.bind_address import is_loopback
from ui.service.users import COOKIE

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# The user of a request, for the routes behind the guard; None when there are no users.
USER = "footnote.user"

# What the page needs of Gradio. All else that Gradio serves (files, proxies, uploads, its API) does not exist here.
_PREFIX = "|".join(f"/{language}" for language in LANGUAGES if language != "en")
_GRADIO = re.compile(
    rf"(?:{_PREFIX})?/(?:config|theme\.css|manifest\.json|favicon\.ico|assets/[\w./-]+|static/[\w./-]+"
    r"|gradio_api/(?:queue/join|queue/data|heartbeat/\w+|cancel|startup-events|app_id|login_check|reset))?/?"
)
_OURS = re.compile(r"/(?:sign-in|sign-out|page/[\w.-]+|health|i/.+)")
_OPEN = re.compile(r"/(?:sign-in|page/[\w.-]+|health|favicon\.ico)")
# Files of Gradio's own, whose names change with their content.
_KEPT = re.compile(rf"(?:{_PREFIX})?/(?:assets|static)/")
_START = re.compile(rf"(?:{_PREFIX})?/?")
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.S)
# Longest body of a request other than an upload: a question and the page's own state.
_LONGEST_BODY = 2_000_000
_UPLOAD = re.compile(r"/i/[^/]+/uploads/.+")

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=()",
}


def policy(body: bytes = b"") -> str:
    """The content security policy of a page; the inline scripts in ``body`` are allowed by their hashes."""
    hashes = "".join(
        f" 'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
        for script in dict.fromkeys(_INLINE_SCRIPT.findall(body))
    )
    return (
        f"default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


class Guard:
    """An ASGI application around ``app``: turns away what the page never sends, and adds the headers.

    ``who`` finds the user of a session cookie; without it there are no users. ``local`` refuses requests that name
    another host than this machine, so that a foreign page cannot reach the chat through a name of its own.
    """

    def __init__(self, app: App, who: Callable[[str], str | None] | None, local: bool) -> None:
        self._app, self._who, self._local = app, who, local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # The page needs no web socket.
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        path, method = str(scope["path"]), str(scope["method"])
        refusal = self._refusal(path, method, headers)
        if refusal:
            await _say(send, *refusal)
            return
        user = None
        if self._who is not None:
            user = self._who(session_of(headers.get("cookie", "")))
            if user is None and not _OPEN.fullmatch(path):
                if _START.fullmatch(path):
                    await _redirect(send, "/sign-in")
                else:
                    await _say(send, 401, "Sign in first.")
                return
        language = cookie_of(headers.get("cookie", ""), "language")
        if path == "/" and method == "GET" and language != "en" and language in LANGUAGES:
            await _redirect(send, f"/{language}/")
            return
        scope[USER] = user
        await self._app(scope, receive, _Dressed(send, path).send)

    def _refusal(self, path: str, method: str, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if self._local and not is_loopback(urlsplit(f"//{host}").hostname or ""):
            return 421, "This chat answers to this computer only."
        if not (_GRADIO.fullmatch(path) or _OURS.fullmatch(path)):
            return 404, "There is nothing here."
        if method not in ("GET", "HEAD"):
            origin = headers.get("origin")
            if origin is not None and urlsplit(origin).netloc != host:
                return 403, "Another page may not do this."
            if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                return 403, "Another page may not do this."
            if not _UPLOAD.fullmatch(path):
                length = headers.get("content-length", "")
                if not length.isdigit() and method != "DELETE":
                    return 411, "The length of the request is missing."
                if length.isdigit() and int(length) > _LONGEST_BODY:
                    return 413, "The request is too long."
        return None


def session_of(cookie: str) -> str:
    """The session named by a ``Cookie`` header, or nothing."""
    return cookie_of(cookie, COOKIE)


def cookie_of(cookie: str, name: str) -> str:
    """The value that a ``Cookie`` header has for a name, or nothing."""
    try:
        found = SimpleCookie(cookie).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


class _Dressed:
    """Adds the headers to one response. A page of HTML is held back until it is whole: its scripts are hashed."""

    def __init__(self, send: Send, path: str) -> None:
        self._send, self._path = send, path
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = {name.lower(): value for name, value in message["headers"]}
            if b"text/html" in headers.get(b"content-type", b""):
                self._start = message
                return
            await self._send({**message, "headers": self._headers(message, b"")})
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send({**self._start, "headers": self._headers(self._start, self._body)})
                await self._send({"type": "http.response.body", "body": self._body})

    def _headers(self, message: Message, body: bytes) -> list[tuple[bytes, bytes]]:
        kept = [(name, value) for name, value in message["headers"] if name.lower() not in _HEADERS]
        names = {name.lower() for name, _ in kept}
        added = [*_HEADERS.items(), (b"content-security-policy", policy(body).encode())]
        if b"cache-control" not in names and not _KEPT.match(self._path):
            added.append((b"cache-control", b"no-store"))
        return [*((name, value) for name, value in kept if name.lower() != b"content-security-policy"), *added]


async def _say(send: Send, status: int, text: str) -> None:
    body = text.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    headers += [*_HEADERS.items(), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _redirect(send: Send, target: str) -> None:
    headers = [(b"location", target.encode()), (b"content-length", b"0"), *_HEADERS.items()]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
