"""Responses that several routes give.

Owns: the form of a download and of an error. Knows nothing about what is in them.
"""

from __future__ import annotations

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from rag.errors import RagError
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


def answer_errors(app: FastAPI) -> None:
    """Answer every error that Footnote raises on purpose with ``{"error": SENTENCE}``, for the page's script."""

    @app.exception_handler(RagError)
    async def on_error(request: Request, error: RagError) -> Response:
        return JSONResponse({"error": translate_for(request).notice(error.notice)}, status_code=400)

    @app.exception_handler(HTTPException)
    async def on_refusal(_: Request, error: HTTPException) -> Response:
        return JSONResponse({"error": str(error.detail)}, status_code=error.status_code)
