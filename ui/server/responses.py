"""Responses that several routes give.

Owns: the form of a download and of an error. Knows nothing about what is in them.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException

from rag.errors import DatabaseUnusable, RagError
from rag.hosting.told import told
from rag.notices import Notice
from rag.text import printable, shorten
from ui.server.dependencies import translate_for

_LOG = logging.getLogger(__name__)
_LONGEST_ERROR = 1000


def download(text: str, media_type: str, name: str) -> Response:
    """Return a text that the browser saves as a file.

    Args:
        text: What it holds.
        media_type: Its media type, without the charset.
        name: The name of the file, in ASCII.

    Returns:
        The response.
    """
    return download_bytes(text.encode("utf-8", "replace"), f"{media_type}; charset=utf-8", name)


def download_bytes(content: bytes, media_type: str, name: str) -> Response:
    """Return bytes that the browser saves as a file.

    Args:
        content: What it holds.
        media_type: Its media type.
        name: The name of the file, in ASCII.

    Returns:
        The response.
    """
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def attachment(name: str) -> str:
    """Return the ``Content-Disposition`` that has a browser save a file of any name, and never show it.

    Args:
        name: The name of the file, without its folder.

    Returns:
        The header's value: a name of plain letters for old browsers, and the whole one in UTF-8 (RFC 6266).
    """
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name) or "file"
    whole = quote(re.sub(r"[\x00-\x1f\x7f/\\\\]", "_", printable(name)).encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"


def answer_errors(app: FastAPI) -> None:
    """Answer every error that Footnote raises on purpose with ``{"error": SENTENCE}``, for the page's script."""

    @app.exception_handler(RagError)
    async def on_error(request: Request, error: RagError) -> Response:
        # On one line, and not much longer than a sentence: what was sent may stand in it.
        notice = error.notice if request.app.state.authenticator is None else told(error)
        sentence = " ".join(printable(translate_for(request).notice(notice)).split())
        return JSONResponse({"error": shorten(sentence, _LONGEST_ERROR)}, status_code=400)

    @app.exception_handler(DatabaseUnusable)
    async def on_no_database(request: Request, error: DatabaseUnusable) -> Response:
        _LOG.warning("a request was refused without the database", extra={"cause": str(error)})
        # Where there are users, where the database is concerns whoever looks after the server: the log has it.
        notice = error.notice if request.app.state.authenticator is None else Notice("shared-state-away")
        return JSONResponse({"error": translate_for(request).notice(notice)}, status_code=503)

    @app.exception_handler(HTTPException)
    async def on_refusal(_: Request, error: HTTPException) -> Response:
        return JSONResponse({"error": str(error.detail)}, status_code=error.status_code)

    @app.exception_handler(RequestValidationError)
    async def on_wrong_value(request: Request, _: RequestValidationError) -> Response:
        # What was given is not given back.
        return JSONResponse({"error": translate_for(request)("request wrong")}, status_code=422)

    @app.exception_handler(StarletteHTTPException)
    async def on_no_route(request: Request, error: StarletteHTTPException) -> Response:
        headers = error.headers
        return JSONResponse({"error": translate_for(request)("nothing here")}, error.status_code, headers)

    @app.exception_handler(Exception)
    async def on_fault(request: Request, _: Exception) -> Response:
        return JSONResponse({"error": translate_for(request)("unexpected")}, status_code=500)


def answer_unknown_addresses(app: FastAPI) -> None:
    """Answer what no route of ours takes, so that it does not fall through to Gradio; called after all of them."""

    async def nothing_here(request: Request) -> Response:
        return JSONResponse({"error": translate_for(request)("nothing here")}, status_code=404)

    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    for path in ("/i/{rest:path}", "/page/{rest:path}", "/health", "/sign-in", "/sign-out"):
        app.add_route(path, nothing_here, methods)
