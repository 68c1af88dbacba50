"""The answer to a line that is no message of the protocol.

Owns: what such a line is told, so that its sender does not wait for an answer that never comes. Knows nothing about
transports, or about what a message asks for.
"""

from __future__ import annotations

from typing import Any

import mcp_types as types
from mcp_types import INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR
from pydantic_core import from_json


def refusal_of(line: str) -> types.JSONRPCError | None:
    """Return what the sender of a line is told.

    Args:
        line: The line.

    Returns:
        The error, with the id of the request where one can be read; None where the line is a message, or nothing that
        anybody waits for: an empty line, a notification or a response.
    """
    if not line.strip():
        return None
    try:
        types.jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValueError:
        return _refusal(line)
    return _wrong_id(line)


def _refusal(line: str) -> types.JSONRPCError | None:
    try:
        message = from_json(line)
    except ValueError:
        return _error(PARSE_ERROR, "This line is no JSON that can be read; send one message a line, as UTF-8.")
    if isinstance(message, list):
        return _error(INVALID_REQUEST, "This is a list; send each message on a line of its own.")
    if not isinstance(message, dict):
        return _error(INVALID_REQUEST, "This is no message; send an object with jsonrpc, id and method.")
    if _is_waited_for_by_nobody(message):
        return None
    number = message.get("id")
    if message.get("jsonrpc") != "2.0":
        return _error(INVALID_REQUEST, "The field jsonrpc is missing or wrong; it has to be 2.0.", number)
    if not isinstance(message.get("method"), str):
        return _error(INVALID_REQUEST, "The field method is missing or no text; name what is asked for.", number)
    return _error(INVALID_PARAMS, "The field params is no object; send the values by their names.", number)


def _is_waited_for_by_nobody(message: dict[str, Any]) -> bool:
    """Return whether an object is meant as a notification or a response."""
    if "method" in message:
        return "id" not in message
    return "result" in message or "error" in message


def _wrong_id(line: str) -> types.JSONRPCError | None:
    """Return the error for a request whose id is none: the SDK takes it for a notification, and answers nothing."""
    message = from_json(line)
    if "method" in message and "id" in message and _id(message["id"]) is None:
        return _error(INVALID_REQUEST, "The field id is no text and no whole number; send one, which the answer names.")
    return None


def _id(given: Any) -> str | int | None:
    return given if isinstance(given, str | int) and not isinstance(given, bool) else None


def _error(code: int, message: str, number: Any = None) -> types.JSONRPCError:
    return types.JSONRPCError(jsonrpc="2.0", id=_id(number), error=types.ErrorData(code=code, message=message))
