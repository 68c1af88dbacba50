"""Ollama's protocol: what it tells of a model, its chat, streamed and whole, and its refusals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.models.servers import LINES, Reply, as_json, as_lines

AT = "2026-01-01T00:00:00Z"


def shown(parameters: int = 8_000_000_000, *capabilities: str, window: int = 40960) -> Reply:
    """What ``/api/show`` tells."""
    return as_json({
        "details": {"family": "m", "parameter_size": "8B"},
        "model_info": {"general.parameter_count": parameters, "m.context_length": window},
        "capabilities": ["completion", *capabilities],
        "modified_at": AT,
    })  # fmt: skip


def line(content: str = "", thinking: str | None = None, **more: Any) -> dict[str, Any]:
    """One line of a chat."""
    message = {"role": "assistant", "content": content, **({"thinking": thinking} if thinking is not None else {})}
    return {"model": "m", "created_at": AT, "message": message, "done": False, **more}


def last(reason: str = "stop", sent: int = 11, written: int = 5) -> dict[str, Any]:
    """The last line of a chat."""
    return line(done=True, done_reason=reason, prompt_eval_count=sent, eval_count=written, total_duration=1)


def chat(lines: Iterable[object]) -> Reply:
    """A streamed chat."""
    return Reply(as_lines(lines), type=LINES)


def refusal(status: int, message: str) -> Reply:
    """An error as Ollama sends it."""
    return as_json({"error": message}, status)


def tags(*names: str) -> Reply:
    """The list of the models that a server has."""
    return as_json({"models": [{"model": name, "name": name, "modified_at": AT, "size": 1} for name in names]})
