"""Guard the chat: turn away what the page never sends, find the user, and add the security headers.

Owns: which requests pass, who sent them, and the headers of every response. Knows nothing about documents or answers.

The page runs under a content security policy without ``eval`` and without inline scripts other than those of Gradio's
own page, which are named by their hashes. ``style-src`` needs ``'unsafe-inline'``: Gradio's components write ``style``
attributes. Gradio's ``gr.HTML`` and its ``js=`` would need ``'unsafe-eval'``; neither is used.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import DatabaseUnusable
from rag.hosting.bind_address import is_loopback
from rag.hosting.users import COOKIE
from rag.notices import Notice
from ui.i18n import LANGUAGES, translator
from ui.server.preloaded import LINK_HEADER

_LOG = logging.getLogger(__name__)

# The user of a request in its scope, for the routes behind the guard; None when there are no users.
USER_KEY = "footnote.user"

# What the page needs of Gradio. All else that Gradio serves (files, proxies, uploads, its API) does not exist here.
_PREFIX = "|".join(f"/{language}" for language in LANGUAGES if language != "en")
_GRADIO_PATHS = re.compile(
    rf"(?:{_PREFIX})?/(?:config|theme\.css|manifest\.json|favicon\.ico|(?:assets|static)/(?!.*\.\.)[\w./-]+"
    r"|gradio_api/(?:queue/join|queue/data|heartbeat/\w+|cancel|startup-events|app_id|login_check|reset))?/?"
)
_OWN_PATHS = re.compile(r"/(?:sign-in|sign-out|page/[\w.-]+|health|i/.+)")
_PATHS_WITHOUT_USER = re.compile(r"/(?:sign-in|page/[\w.-]+|health|favicon\.ico)")
# Files of Gradio's own, whose names change with their content: the browser may keep them.
_CACHED_PATHS = re.compile(rf"(?:{_PREFIX})?/(?:assets|static)/")
# What is sent to others as a link: a stranger is led to sign in, and back to it.
SHARED_PATHS = re.compile(r"/i/shared/[\w-]{1,100}", re.ASCII)
_START_PATHS = re.compile(rf"(?:{_PREFIX})?/?")
_GRADIO_POSTS = re.compile(rf"(?:{_PREFIX})?/gradio_api/(?:queue/join|cancel|reset)/?")
# Their routes look at the length themselves.
_UPLOAD_PATHS = re.compile(r"/i/[^/]+/(?:uploads/[^/]+/files|conversations/import)")
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.S)
# A language that a browser asks for, with its weight: ``de-AT;q=0.8``.
_ACCEPTED = re.compile(r"\s*([A-Za-z]{2,8})(?:-[\w-]+)?\s*(?:;\s*[qQ]=([01](?:\.\d{0,3})?)\s*)?", re.ASCII)
# Longest body of a request other than an upload: a question and the page's own state.
_LONGEST_BODY = 2_000_000

_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def content_security_policy(body: bytes = b"") -> str:
    """Return the content security policy of a page; the inline scripts in ``body`` are allowed by their hashes."""
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
    """An ASGI application around another: turns requests away, finds their user, and adds headers to responses."""

    def __init__(
        self,
        app: ASGIApp,
        user_of_session: Callable[[str], str | None] | None,
        loopback_only: bool,
        is_shared: bool = False,
    ) -> None:
        """Put the guard before an application.

        Args:
            app: The application.
            user_of_session: Returns the user of a session's token, or None; None itself where there are no users.
            loopback_only: Whether to refuse requests that name another host than this machine, so that a foreign page
                cannot reach the chat through a name of its own that leads to 127.0.0.1 (DNS rebinding).
            is_shared: Whether sessions are kept in a database, for which `user_of_session` waits.
        """
        self._is_shared = is_shared
        self._app, self._user_of_session, self._loopback_only = app, user_of_session, loopback_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # The page needs no web socket.
            return
        headers = Headers(scope=scope)
        try:
            answer = self._refusal(scope, headers) or await self._sign_in_first(scope, headers)
        except DatabaseUnusable as error:
            _LOG.warning("a request was refused without the database", extra={"cause": str(error)})
            # A stranger may be told: nothing is said of where the database is.
            away = translator(reader_language(headers)).notice(Notice("shared-state-away"))
            answer = _say(503, away, headers)
        answer = answer or _other_language(scope, headers)
        if answer is not None:
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, _HeaderSender(send, str(scope["path"])).send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Return the answer to what the page never sends, or None for what passes."""
        path, method = str(scope["path"]), str(scope["method"])
        # Starlette's TrustedHostMiddleware compares with a list of names, so it knows neither the other addresses of
        # 127.0.0.0/8 nor other spellings of ::1; and its answer, 400 without these headers, cannot be changed.
        if self._loopback_only and not is_loopback(_host_name(headers.get("host", ""))):
            return _refuse(421, "this computer only", headers)
        if not (_GRADIO_PATHS.fullmatch(path) or _OWN_PATHS.fullmatch(path)):
            return _refuse(404, "nothing here", headers)
        if method in ("GET", "HEAD"):
            # Nothing of a person's is loaded into another page; a link may lead here.
            is_inside = path.startswith("/i/") and headers.get("sec-fetch-mode") != "navigate"
            return _refuse(403, "another page", headers) if is_inside and _from_another_site(headers) else None
        if not (_OWN_PATHS.fullmatch(path) or _GRADIO_POSTS.fullmatch(path)):
            return _refuse(405, "nothing here", headers)
        if _from_another_page(headers):
            return _refuse(403, "another page", headers)
        if not _UPLOAD_PATHS.fullmatch(path):
            # Whoever deletes need not send anything.
            length = "0" if method == "DELETE" and "transfer-encoding" not in headers else ""
            length = headers.get("content-length", length)
            if not re.fullmatch("[0-9]{1,18}", length):
                return _refuse(411, "no length", headers)
            if int(length) > _LONGEST_BODY:
                return _refuse(413, "too long", headers)
        return None

    async def _sign_in_first(self, scope: Scope, headers: Headers) -> Response | None:
        """Note the user in the scope; return the answer to a stranger, or None for what a stranger may see."""
        scope[USER_KEY] = None
        if self._user_of_session is None:
            return None
        path = str(scope["path"])
        token = session_of(headers.get("cookie", ""))
        if self._is_shared:
            # The database is asked, for which no other request is to wait.
            scope[USER_KEY] = await run_sync(self._user_of_session, token)
        else:
            scope[USER_KEY] = self._user_of_session(token)
        if scope[USER_KEY] is not None or _PATHS_WITHOUT_USER.fullmatch(path):
            return None
        if SHARED_PATHS.fullmatch(path) and scope["method"] == "GET":
            return _come_again(path) if headers.get("sec-fetch-site") == "cross-site" else _redirect(sign_in_path(path))
        return _redirect("/sign-in") if _START_PATHS.fullmatch(path) else _refuse(401, "sign in first", headers)


def sign_in_path(then: str) -> str:
    """Return the address of the form that leads on to a path once somebody has signed in."""
    return f"/sign-in?{urlencode({'then': then})}"


def session_of(cookie: str) -> str:
    """Return the session's token in a ``Cookie`` header; empty when it has none."""
    return _cookie_of(cookie, COOKIE)


def reader_language(headers: Headers) -> str:
    """Return the language of the page that asks, else the one last chosen in this browser, else the browser's own.

    Two tabs of one browser may be in two languages.
    """
    chosen = headers.get("footnote-language") or _cookie_of(headers.get("cookie", ""), "language")
    return chosen if chosen in LANGUAGES else _accepted_language(headers.get("accept-language", ""))


def _accepted_language(accepted: str) -> str:
    """Return the language that an ``Accept-Language`` header prefers of those there are, else English."""
    preferred, highest = "en", 0.0
    for part in accepted.split(","):
        entry = _ACCEPTED.fullmatch(part)
        if entry is None:
            continue
        language, weight = entry[1].lower(), float(entry[2] or 1)
        if language in LANGUAGES and weight > highest:
            preferred, highest = language, weight
    return preferred


def _cookie_of(cookie: str, name: str) -> str:
    """Return the value of a cookie; the cookies of other programs on this host, however odd, change nothing.

    `http.cookies` refuses a whole header for one cookie that it cannot read, and so signed people out.
    """
    for part in cookie.split(";"):
        key, _, value = part.partition("=")
        if key.strip() == name:
            return value.strip().strip('"')
    return ""


def _host_name(host: str) -> str:
    """Return the name or address in a ``Host`` header, without its port; empty when it has none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _from_another_page(headers: Headers) -> bool:
    """Return whether the browser says that a page of another origin sent the request."""
    origin = headers.get("origin")
    if origin is not None and not _same_host(origin, headers.get("host", "")):
        return True
    return _from_another_site(headers)


def _from_another_site(headers: Headers) -> bool:
    return headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def _same_host(origin: str, host: str) -> bool:
    try:
        return urlsplit(origin).netloc == host
    except ValueError:
        return False


def _other_language(scope: Scope, headers: Headers) -> Response | None:
    """Return the way to the page in the reader's language, for who opens the English one."""
    language = reader_language(headers)
    if scope["path"] == "/" and scope["method"] == "GET" and language != "en":
        return _redirect(f"/{language}/")
    return None


def _refuse(status_code: int, key: str, headers: Headers) -> Response:
    """Return a refusal in the reader's language: a sentence for a person who opens an address, JSON for a script."""
    return _say(status_code, translator(reader_language(headers))(key), headers)


def _say(status_code: int, sentence: str, headers: Headers) -> Response:
    response_headers = {**_HEADERS, "cache-control": "no-store"}
    if "text/html" in headers.get("accept", ""):
        return PlainTextResponse(sentence, status_code, response_headers)
    return JSONResponse({"error": sentence}, status_code, response_headers)


def _redirect(path: str) -> Response:
    return RedirectResponse(path, 303, _HEADERS)


def _come_again(path: str) -> Response:
    """Return a page that opens a path once more, for who follows a link on a page of another site.

    The browser keeps the session's cookie to itself there (``SameSite=Strict``), and so somebody who is signed in looks
    like a stranger.
    """
    page = f'<!DOCTYPE html><title>Footnote</title><meta http-equiv="refresh" content="0; url={path}">'
    headers = {**_HEADERS, "content-security-policy": content_security_policy(), "cache-control": "no-store"}
    return HTMLResponse(page, headers=headers)


class _HeaderSender:
    """Adds the headers to one response. A page of HTML is held back until it is whole: its scripts are hashed."""

    def __init__(self, send: Send, path: str) -> None:
        self._send, self._path = send, path
        self._html_start: Message | None = None
        self._html = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if "text/html" in Headers(raw=message["headers"]).get("content-type", ""):
                self._html_start = message
                return
            await self._send(self._with_headers(message, b""))
        elif self._html_start is None:
            await self._send(message)
        else:
            self._html += message.get("body", b"")
            if not message.get("more_body"):
                await self._send(self._with_headers(self._html_start, self._html))
                await self._send({"type": "http.response.body", "body": self._html})

    def _with_headers(self, start: Message, html: bytes) -> Message:
        headers = MutableHeaders(raw=list(start["headers"]))
        headers.update(_HEADERS)
        # Words of documents and of people stand in our own pages: no script in those is ever let run.
        headers["content-security-policy"] = content_security_policy(
            html if _START_PATHS.fullmatch(self._path) else b""
        )
        if html and _START_PATHS.fullmatch(self._path):
            headers["link"] = LINK_HEADER
        if not _CACHED_PATHS.match(self._path):
            headers.setdefault("cache-control", "no-store")
        return {**start, "headers": headers.raw}
