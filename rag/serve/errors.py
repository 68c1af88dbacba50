"""Errors as programs are told of them.

Owns: their JSON, which is that of OpenAI's protocol on every route (``{"error": {"message", "type", …}}``).
Knows nothing about what raises them. An error that nobody foresaw is answered by ``rag.hosting.call_recorder``.
"""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from rag.errors import IndexUnusable, LLMError, ModelError, RagError
from rag.hosting.error_json import error_json as error_json
from rag.hosting.error_json import kind_of as kind_of
from rag.hosting.refused import ApiError as ApiError
from rag.hosting.told import told

_UNREADABLE = error_json(
    "The body is no JSON that can be read; send it as UTF-8, and not nested too deep.", kind_of(400), "unreadable_body"
)


def status_of(error: RagError) -> int:
    """Return the HTTP status for an error that Footnote raises on purpose."""
    if isinstance(error, IndexUnusable | ModelError):
        return 503
    return 502 if isinstance(error, LLMError) else 400


def told_json(error: RagError) -> dict[str, object]:
    """Return the JSON of an error that Footnote raises on purpose, as callers are told of it."""
    notice = told(error)
    return error_json(notice.text(), kind_of(status_of(error)), notice.code)


def unexpected_json() -> dict[str, object]:
    """Return the JSON of an error that nobody foresaw, amid a stream; what it was is for the log alone."""
    return error_json(
        "Something unexpected happened; the service's log says more, and what of it can be reported without private "
        "data.",
        "server_error",
        "unexpected",
    )


def answer_errors(app: FastAPI) -> None:
    """Answer every error with its JSON; what was sent is not given back."""

    @app.exception_handler(ApiError)
    async def on_refusal(_: Request, error: ApiError) -> Response:
        content = error_json(error.message, kind_of(error.status), error.code, error.param)
        return JSONResponse(content, error.status, error.headers)

    @app.exception_handler(RagError)
    async def on_error(_: Request, error: RagError) -> Response:
        return JSONResponse(told_json(error), status_of(error))

    @app.exception_handler(RequestValidationError)
    async def on_wrong_value(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            return JSONResponse(_UNREADABLE, 400)
        field = ".".join(str(part) for part in first["loc"] if part != "body")
        message = f"The request is wrong at {field or 'its body'}: {first['msg']}."
        return JSONResponse(error_json(message, "invalid_request_error", "invalid_request", field or None), 422)

    @app.exception_handler(HTTPException)
    async def on_no_route(_: Request, error: HTTPException) -> Response:
        if error.status_code == 400:
            # A body that is not UTF-8, or nested beyond what can be read.
            return JSONResponse(_UNREADABLE, 400)
        message = {404: "There is nothing at this address.", 405: "This address takes another method."}
        text = message.get(error.status_code, str(error.detail))
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
        return JSONResponse(error_json(text, kind_of(error.status_code), code), error.status_code, error.headers)
