"""The form to sign in, and the routes that sign in and out.

Owns: the form and its routes. Who may come in is decided by ``rag.hosting.users``.
"""

from __future__ import annotations

import logging
from typing import Annotated
from urllib.parse import parse_qs

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rag.errors import DatabaseUnusable, UsageError
from rag.hosting.users import Authenticator
from rag.notices import Notice
from ui.server.dependencies import translate_for
from ui.server.security import SHARED_PATHS, session_of
from ui.views.templates import render_page

_LOG = logging.getLogger(__name__)
_LONGEST_FORM = 10_000

router = APIRouter()


async def authenticator_of(request: Request) -> Authenticator:
    """Return the authenticator of the server."""
    authenticator: Authenticator = request.app.state.authenticator
    return authenticator


CurrentAuthenticator = Annotated[Authenticator, Depends(authenticator_of)]


@router.get("/sign-in")
def form(request: Request, then: str = "") -> Response:
    return _form(request, then)


@router.post("/sign-in")
async def sign_in(request: Request, authenticator: CurrentAuthenticator) -> Response:
    fields = parse_qs((await request.body())[:_LONGEST_FORM].decode("utf-8", "replace"))
    name, password, then = (fields.get(field, [""])[0] for field in ("name", "password", "then"))
    address = request.client.host if request.client else ""
    try:
        token = await run_sync(authenticator.sign_in, name, password, address)
    except UsageError as error:
        # Without what was given as the name: it may be a password that was typed into the wrong box.
        _LOG.info("sign-in refused")
        return _form(request, then, error.notice, status_code=401)
    except DatabaseUnusable as error:
        return _no_database(request, then, error)
    _LOG.info("sign-in accepted")
    _LOG.debug("user signed in", extra={"user": name.strip().lower()})
    return _redirect(_known(then) or "/", authenticator.cookie(token, request.url.scheme == "https"))


@router.post("/sign-out")
def sign_out(request: Request, authenticator: CurrentAuthenticator) -> Response:
    try:
        authenticator.sign_out(session_of(request.headers.get("cookie", "")))
    except DatabaseUnusable as error:
        # The session goes on: nothing says that it has ended.
        return _no_database(request, "", error)
    return _redirect("/sign-in", authenticator.cookie("", request.url.scheme == "https"))


def _known(then: str) -> str:
    """Return where to go on to; empty for what the form does not lead to, such as another server."""
    return then if SHARED_PATHS.fullmatch(then) else ""


def _form(request: Request, then: str, problem: Notice | None = None, status_code: int = 200) -> Response:
    t = translate_for(request)
    page = render_page(
        "sign-in", language=t.language, title=t("sign in"), then=_known(then), problem=t.notice(problem), t=t
    )
    return HTMLResponse(page, status_code=status_code)


def _no_database(request: Request, then: str, error: DatabaseUnusable) -> Response:
    """Return the form with one sentence, which says nothing of where the database is: strangers read it."""
    _LOG.warning("nobody can sign in or out without the database", extra={"cause": str(error)})
    return _form(request, then, Notice("shared-state-away"), status_code=503)


def _redirect(path: str, cookie: str) -> Response:
    return RedirectResponse(path, status_code=303, headers={"Set-Cookie": cookie})
