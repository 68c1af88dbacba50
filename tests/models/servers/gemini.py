"""The Gemini API: replies that were written down, and how it fails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.models.servers import EVENTS, Reply, as_events, as_json


def part(words: str, thought: bool = False) -> dict[str, Any]:
    """A part of a reply."""
    return {"text": words, **({"thought": True} if thought else {})}


def response(
    *parts: dict[str, Any],
    reason: str | None = None,
    sent: int = 30,
    written: int | None = 5,
    thought: int | None = None,
) -> dict[str, Any]:
    """One response of a stream, or a whole one."""
    candidate: dict[str, Any] = {"index": 0}
    if parts:
        candidate["content"] = {"role": "model", "parts": list(parts)}
    if reason:
        candidate["finishReason"] = reason
    counts = {"promptTokenCount": sent, "candidatesTokenCount": written, "thoughtsTokenCount": thought}
    usage = {name: count for name, count in counts.items() if count is not None}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "gemini-test", "responseId": "r1"}


def blocked(reason: str = "PROHIBITED_CONTENT") -> dict[str, Any]:
    """The answer to a prompt that is not taken: no candidate."""
    return {"promptFeedback": {"blockReason": reason}, "usageMetadata": {"promptTokenCount": 30}}


def stream(*responses: dict[str, Any]) -> Reply:
    """A streamed reply."""
    return Reply(as_events(responses), type=EVENTS)


def words(*pieces: str, reason: str = "STOP", **counts: Any) -> Reply:
    """A streamed reply of some words."""
    *first, last = pieces
    return stream(*(response(part(piece)) for piece in first), response(part(last), reason=reason, **counts))


def whole(*parts: dict[str, Any], **ending: Any) -> Reply:
    """A reply that comes whole."""
    return as_json(response(*parts, **{"reason": "STOP", **ending}))


def error(code: int, status: str, message: str, details: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """What Google says about a failure."""
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}


def failure(code: int, status: str, message: str, details: Iterable[dict[str, Any]] = (), **headers: str) -> Reply:
    """A refusal."""
    return as_json(error(code, status, message, details), code, **headers)


def detail(kind: str, **values: Any) -> dict[str, Any]:
    """A part of a failure that is made for programs."""
    return {"@type": f"type.googleapis.com/google.rpc.{kind}", **values}
