"""The JSON of an error, which is that of OpenAI's protocol: ``{"error": {"message", "type", "param", "code"}}``.

Owns: its form. Knows nothing about what goes wrong.
"""

from __future__ import annotations

from rag.text import printable, shorten

_LONGEST_MESSAGE = 1000


def error_json(message: str, kind: str, code: str, param: str | None = None) -> dict[str, object]:
    """Return an error's JSON.

    Args:
        message: One sentence.
        kind: OpenAI's type of error, such as ``invalid_request_error``.
        code: A stable code for programs.
        param: The field of the request that is meant.

    Returns:
        The object.
    """
    shown = shorten(" ".join(printable(message).split()), _LONGEST_MESSAGE)
    return {"error": {"message": shown, "type": kind, "param": param, "code": code}}


def kind_of(status: int) -> str:
    """Return OpenAI's type of error for an HTTP status."""
    known = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
    return known.get(status, "server_error" if status >= 500 else "invalid_request_error")
