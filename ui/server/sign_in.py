"""The page to sign in, and the way out.

Owns: the form and its two routes. Who may come in is decided by ``ui.service.users``.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rag.errors import UsageError
from ui.i18n import Translate, translator
from ui.server.security import session_of
from ui.service.users import Authenticator
from ui.views.escape import escape


def add_sign_in(app: FastAPI, door: Authenticator) -> None:
    """``/sign-in`` and ``/sign-out``."""

    @app.get("/sign-in")
    def form(request: Request) -> Response:
        return HTMLResponse(_form(_say(request)))

    @app.post("/sign-in")
    async def enter(request: Request) -> Response:
        said = parse_qs((await request.body())[:10_000].decode("utf-8", "replace"))
        name, password = said.get("name", [""])[0], said.get("password", [""])[0]
        who = request.client.host if request.client else ""
        from anyio.to_thread import run_sync

        try:
            token = await run_sync(lambda: door.enter(name, password, who))
        except UsageError as error:
            return HTMLResponse(_form(_say(request), str(error)), status_code=401)
        answer = RedirectResponse("/", status_code=303)
        answer.headers["Set-Cookie"] = door.cookie(token, request.url.scheme == "https")
        return answer

    @app.post("/sign-out")
    def leave(request: Request) -> Response:
        door.leave(session_of(request.headers.get("cookie", "")))
        answer = RedirectResponse("/sign-in", status_code=303)
        answer.headers["Set-Cookie"] = door.cookie("", request.url.scheme == "https")
        return answer


def _say(request: Request) -> Translate:
    return translator(request.cookies.get("language", "en"))


def _form(say: Translate, wrong: str = "") -> str:
    problem = f'<p class="f-wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><title>{say("sign in")} · Footnote</title>'
        '<link rel="stylesheet" href="/page/footnote.css"><script src="/page/theme-init.js"></script></head>'
        '<body class="f-page"><main class="f-sign-in"><h1>Footnote</h1>'
        f'{problem}<form method="post" action="/sign-in"><label>{say("user")}<input name="name" '
        f'autocomplete="username" autofocus required maxlength="200"></label><label>{say("password")}'
        '<input name="password" type="password" autocomplete="current-password" required maxlength="1000"></label>'
        f'<button type="submit">{say("sign in")}</button></form></main></body></html>'
    )
