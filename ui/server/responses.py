"""Responses that several routes give.

Owns: the form of a download and of an error. Knows nothing about what is in them.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from rag.errors import RagError
from rag.text import printable
from ui.server.dependencies import translate_for


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
        return JSONResponse({"error": translate_for(request).notice(error.notice)}, status_code=400)

    @app.exception_handler(HTTPException)
    async def on_refusal(_: Request, error: HTTPException) -> Response:
        return JSONResponse({"error": str(error.detail)}, status_code=error.status_code)
