"""OpenAI's protocol: its chat completions, streamed and whole, and its refusals, as servers send them."""

from __future__ import annotations

from typing import Any

from tests.models.servers import EVENTS, Reply, as_events, as_json


def chunk(finish: str | None = None, **delta: Any) -> dict[str, Any]:
    """One event of a stream; ``delta`` is what it adds: ``content="…"``."""
    return {
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1764400000, "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }  # fmt: skip


def usage(sent: int, written: int, thought: int = 0) -> dict[str, Any]:
    """The event that ``include_usage`` asks for: no choice, but what the call took."""
    return {**chunk(), "choices": [], "usage": tokens(sent, written, thought)}


def tokens(sent: int, written: int, thought: int = 0) -> dict[str, Any]:
    return {
        "prompt_tokens": sent, "completion_tokens": written, "total_tokens": sent + written,
        "completion_tokens_details": {"reasoning_tokens": thought},
    }  # fmt: skip


def events(*chunks: object, done: bool = True) -> Reply:
    """A stream of these events."""
    return Reply(as_events([*chunks, *(["[DONE]"] if done else [])]), type=EVENTS)


def streamed(*texts: str, finish: str = "stop") -> Reply:
    """A stream of these words."""
    return events(chunk(role="assistant", content=""), *(chunk(content=text) for text in texts), chunk(finish))


def whole(text: object, finish: str = "stop", **message: Any) -> Reply:
    """A reply that comes at once."""
    return as_json({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1764400000, "model": "m",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": text, **message}, "finish_reason": finish}
        ],
        "usage": tokens(11, 5),
    })  # fmt: skip


def refusal(status: int, message: str, code: str | None = None, param: str | None = None, **headers: str) -> Reply:
    """An error as OpenAI sends it."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return as_json({"error": error}, status, **headers)


def models(*names: str) -> Reply:
    """The list of a server's models."""
    return as_json({"object": "list", "data": [{"id": name, "object": "model", "owned_by": "me"} for name in names]})
