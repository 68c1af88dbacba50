"""Anthropic's Messages API: replies that were written down, and how it fails."""

from __future__ import annotations

from typing import Any

from tests.models.servers import EVENTS, Reply, as_events, as_json

USAGE = {"input_tokens": 40, "cache_creation_input_tokens": 2, "cache_read_input_tokens": 3, "output_tokens": 1}


def message(
    *blocks: dict[str, Any], stop_reason: str | None = "end_turn", written: int = 7, thought: int | None = None
) -> dict[str, Any]:
    """A whole reply."""
    details = {} if thought is None else {"output_tokens_details": {"thinking_tokens": thought}}
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-test",
        "content": list(blocks),
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {**USAGE, "output_tokens": written, **details},
    }


def text(*pieces: str) -> dict[str, Any]:
    """A block of words; in a stream, one delta a piece."""
    return {"type": "text", "text": "".join(pieces), "pieces": pieces}


def thinking(*pieces: str) -> dict[str, Any]:
    """A block of thoughts."""
    return {"type": "thinking", "thinking": "".join(pieces), "signature": "c2ln", "pieces": pieces}


def whole(*blocks: dict[str, Any], **ending: Any) -> Reply:
    """A reply that comes whole."""
    return as_json(message(*({key: block[key] for key in block if key != "pieces"} for block in blocks), **ending))


def events(*blocks: dict[str, Any], **ending: Any) -> list[dict[str, Any]]:
    """The events of a streamed reply."""
    full = message(**ending)
    start = {**full, "stop_reason": None, "usage": USAGE}
    told: list[dict[str, Any]] = [{"type": "message_start", "message": start}, {"type": "ping"}]
    for index, block in enumerate(blocks):
        kind = block["type"]
        empty = {"type": kind, kind: "", **({"signature": ""} if kind == "thinking" else {})}
        told.append({"type": "content_block_start", "index": index, "content_block": empty})
        told += [
            {"type": "content_block_delta", "index": index, "delta": {"type": f"{kind}_delta", kind: piece}}
            for piece in block["pieces"]
        ]
        if kind == "thinking":
            signature = {"type": "signature_delta", "signature": block["signature"]}
            told.append({"type": "content_block_delta", "index": index, "delta": signature})
        told.append({"type": "content_block_stop", "index": index})
    delta = {"stop_reason": full["stop_reason"], "stop_sequence": None}
    usage = {key: value for key, value in full["usage"].items() if key.startswith("output")}
    return [*told, {"type": "message_delta", "delta": delta, "usage": usage}, {"type": "message_stop"}]


def stream(*blocks: dict[str, Any], **ending: Any) -> Reply:
    """A streamed reply."""
    return Reply(as_events(events(*blocks, **ending), named=True), type=EVENTS)


def broken(*blocks: dict[str, Any], last: bytes = b"") -> Reply:
    """A streamed reply that has no end, and what comes in its place."""
    told = as_events(events(*blocks)[:-3], named=True)
    return Reply([*told, last], type=EVENTS)


def error(kind: str, words: str) -> dict[str, Any]:
    """What Anthropic says about a failure."""
    return {"type": "error", "error": {"type": kind, "message": words}, "request_id": "req_1"}


def failure(status: int, kind: str, words: str, **headers: str) -> Reply:
    """A refusal."""
    return as_json(error(kind, words), status, **headers)
