"""The model service ``anthropic``: models of Anthropic, reached through Anthropic's own client.

Owns: the Messages API, where Anthropic is reached, its key, and what its failures mean. Knows nothing about retries or
prompts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from rag.errors import LLMError, causes_of
from rag.models.llm.budget import REASONING_TOKENS
from rag.models.llm.endpoint import (
    CLIENT_TIMEOUT_MARGIN,
    Endpoint,
    NothingCame,
    StreamEnded,
    WholeReply,
    extra_needed,
    required_key,
)
from rag.models.llm.habits import habits_of
from rag.models.llm.metering import End, Reason, telling_what_it_took
from rag.models.llm.model import THINKING_PATIENCE, Model
from rag.models.llm.reasoning import Thought
from rag.models.llm.tool_calls import ToolCalls

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

    from rag.models.weights import Fetch
    from rag.settings import Settings

WINDOW = 200_000
"""Tokens of the context window: every model since Claude 2.1 has at least so many."""

# Later versions have none, and their models refuse it; the others answer alike each time with it.
_VERSION_WITH_TEMPERATURE = "2023-06-01"
_REASONS: dict[str, Reason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "filter",
    "tool_use": "tool",
}
# An error inside a stream has a type in the place of a number of HTTP.
_STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
# The most tokens that a model can be asked for, by its address and name, where it refused more.
_MOST_TOKENS: dict[tuple[str, str], int] = {}
_THOUGHTS = ("thinking", "redacted_thinking")
_SENT = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


class AnthropicService:
    """Models of Anthropic."""

    form = "anthropic:NAME"

    def check(self, name: str) -> None:
        """Accept any name: Anthropic adds models at any time."""

    def open(self, name: str, settings: Settings, fetch: Fetch | None = None) -> Model:  # noqa: ARG002
        """Open a model; nothing is sent yet.

        Args:
            name: The model's name at Anthropic.
            settings: Timeout, answer length and context window.
            fetch: Not needed.

        Returns:
            The open model.

        Raises:
            UsageError: The package or the key is missing.
        """
        with extra_needed("anthropic", "anthropic"):
            return _open(name, settings)


def _open(name: str, settings: Settings) -> Model:
    from anthropic import Anthropic, DefaultHttpxClient
    from anthropic.types import Message

    from rag.models.llm.hosted import HostedLLM, name_the_known, send_what_is_taken
    from rag.models.llm.responses import hooks

    key = required_key("ANTHROPIC_API_KEY", "Anthropic")
    address = os.environ.get("ANTHROPIC_BASE_URL") or "https://api.anthropic.com"
    endpoint = Endpoint("Anthropic", address, name, key_variable="ANTHROPIC_API_KEY", secret=key)
    habits = habits_of(address, name)
    client = Anthropic(
        api_key=key,
        base_url=address,
        max_retries=0,
        http_client=DefaultHttpxClient(
            timeout=settings.llm_timeout * THINKING_PATIENCE + CLIENT_TIMEOUT_MARGIN,
            follow_redirects=False,
            event_hooks=hooks(endpoint),
        ),
        default_headers={"x-api-key": key},  # Gateways look for the key here, where older clients put it.
    )

    def send(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str], stream: bool) -> Any:
        """Send a request; return its message or its stream once the service has accepted it."""
        conversation = _conversation(messages)
        options: dict[str, Any] = {"temperature": 0.0}
        if words := [word for word in stop if word.strip()]:  # Blank ones are refused.
            options["stop_sequences"] = words

        def send_once(taken: dict[str, Any]) -> Any:
            version = {"anthropic-version": _VERSION_WITH_TEMPERATURE} if "temperature" in taken else {}
            request = {**conversation, "model": name, "stream": stream, "extra_body": taken, "extra_headers": version}
            try:
                most = _MOST_TOKENS.get((address, name), max_tokens)
                return client.messages.create(max_tokens=min(max_tokens, most), **request)
            except Exception as error:
                if not (stated := _most_tokens(_words_of(error))):
                    raise
                _MOST_TOKENS[address, name] = stated
                return client.messages.create(max_tokens=stated, **request)

        return send_what_is_taken(habits, options, send_once, _refusal)

    def stream_deltas(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        thinks = habits.thinks
        try:
            events = send(messages, max_tokens, stop, True)
        except Exception as error:
            whole = next((cause for cause in causes_of(error) if isinstance(cause, WholeReply)), None)
            if whole is None:
                raise
            yield from _read_whole(Message.construct(**_reply_in(whole.value)))
            return
        with closing(events):
            end = yield from _read(events, thinks)
            habits.thinks = habits.thinks or (end.reason == "length" and end.written is None)
        yield end

    def stream_alone(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        """Stream for a caller that does not ask again by itself where thoughts had no room."""
        thought_before = habits.thinks
        yield from stream_deltas(messages, max_tokens + (REASONING_TOKENS if thought_before else 0), stop)
        if habits.thinks and not thought_before:
            yield from stream_deltas(messages, max_tokens + REASONING_TOKENS, stop)

    def ask(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> str:
        message = send(messages, max_tokens + (REASONING_TOKENS if habits.thinks else 0), stop, False)
        if not habits.thinks and any(block.type in _THOUGHTS for block in message.content):
            habits.thinks = True
            if message.stop_reason == "max_tokens":
                message = send(messages, max_tokens + REASONING_TOKENS, stop, False)
        return "".join(_read_whole(message))

    def explain(error: Exception, began: bool) -> LLMError:
        return name_the_known(
            endpoint, _explain(endpoint, error, began), lambda: (model.id for model in client.models.list(timeout=10))
        )

    llm = HostedLLM(
        stream_alone,
        ask,
        explain,
        model_name=name,
        context_window=settings.context_window or WINDOW,
        num_output=settings.max_answer_tokens,
    )
    return Model(
        name, settings.context_window or WINDOW, False, llm, stream_deltas, explain, close=client.close, habits=habits
    )


def _conversation(messages: Sequence[ChatMessage]) -> dict[str, Any]:
    """Return messages as the Messages API takes them: what the system says stands beside the others."""
    system = "\n\n".join(message.content or "" for message in messages if message.role.value == "system")
    turns = [
        {"role": message.role.value, "content": message.content or ""}
        for message in messages
        if message.role.value != "system"
    ]
    return {"messages": turns, **({"system": system} if system else {})}


def _read(events: Any, thinks: bool) -> Generator[str, None, End]:
    """Read a stream.

    Args:
        events: The client's stream of events.
        thinks: Whether the request left room for thoughts.

    Yields:
        The pieces of the answer, and of its thoughts.

    Returns:
        How the reply ended. Where the model begins with thoughts for which the request left no room, it is read no
        further, and ends by ``length`` with an unknown number of tokens.

    Raises:
        ValueError: The service answered with something else than a stream of events.
        NothingCame: The stream was empty.
        StreamEnded: The stream ended before the reply did.
    """
    usage: dict[str, Any] = {}
    calls = ToolCalls()
    reason, wrote = None, False
    with telling_what_it_took(lambda: _so_far(usage)):
        for event in events:
            if event.type == "message_start":
                usage |= _numbers(event.message.usage)
            elif event.type == "content_block_start" and event.content_block.type in _THOUGHTS:
                if not (thinks or wrote):
                    return _so_far(usage, "length")
                yield Thought()
            elif event.type == "content_block_delta" and event.delta.type == "thinking_delta":
                yield Thought(event.delta.thinking or "")
            elif event.type == "content_block_start" and event.content_block.type == "tool_use":
                calls.add(event.index, event.content_block.name, event.content_block.input or None)
            elif event.type == "content_block_delta" and event.delta.type == "input_json_delta":
                calls.add(event.index, None, event.delta.partial_json)
            elif event.type in ("content_block_start", "content_block_delta"):
                text = _text_of(event.content_block if event.type == "content_block_start" else event.delta)
                wrote = wrote or bool(text)
                yield text
            elif event.type == "message_delta":
                usage |= _numbers(event.usage)
                reason = event.delta.stop_reason or reason
        if not usage and "event-stream" not in events.response.headers.get("content-type", ""):
            raise ValueError("no stream of events")
        if reason is None:
            raise StreamEnded("the stream ended without a reason") if usage else NothingCame("nothing came")
    yield calls.text()
    return _end(reason, usage)


def _so_far(usage: dict[str, Any], reason: Reason = "") -> End:
    """Return the end of a reply that was not read to its end: what it wrote is not told by then."""
    return End(reason, _end("", usage).sent)


def _reply_in(value: Any) -> dict[str, Any]:
    """Return the reply that a gateway sent whole although a stream was asked for.

    Raises:
        StatedError: It says what is wrong.
        ValueError: It is JSON of another form.
    """
    from rag.models.llm.hosted import StatedError

    fields = value if isinstance(value, dict) else {}
    if isinstance(error := fields.get("error"), dict):
        raise StatedError(_STATUSES.get(str(error.get("type")), 400), value)
    if not isinstance(fields.get("content"), list):
        raise ValueError("a reply of another form")
    return fields


def _read_whole(message: Any) -> Iterator[str]:
    """Yield the pieces of a reply that came whole, and how it ended."""
    calls = ToolCalls()
    for number, block in enumerate(message.content):
        if block.type == "tool_use":
            calls.add(number, block.name, block.input)
        yield Thought(getattr(block, "thinking", None) or "") if block.type in _THOUGHTS else _text_of(block)
    yield calls.text()
    yield _end(message.stop_reason or "", _numbers(message.usage))


def _text_of(part: Any) -> str:
    """Return the words of a block or of what is added to it; "" where it has none."""
    return (part.text or "") if part.type in ("text", "text_delta") else ""


def _numbers(usage: Any) -> dict[str, Any]:
    """Return what a report of tokens states, without what it leaves out."""
    stated = usage.model_dump() if usage else {}
    return {name: value for name, value in stated.items() if value is not None}


def _end(reason: str, usage: dict[str, Any]) -> End:
    """Return the end of a reply; tokens that were read from or written to a cache were sent, too."""
    sent = [usage[name] for name in _SENT if name in usage]
    thought = (usage.get("output_tokens_details") or {}).get("thinking_tokens") or 0
    return End(_REASONS.get(reason, ""), sum(sent) if sent else None, usage.get("output_tokens"), thought)


def _explain(endpoint: Endpoint, error: Exception, began: bool) -> LLMError:
    """Return one sentence for what the client raised."""
    from anthropic import APIStatusError

    from rag.models.llm.hosted import StatedError

    words = _words_of(error)
    status = _status_of(error)
    if status == 400 and re.search(r"usage limits?\b", words):
        return LLMError(endpoint.notice("model-quota-exhausted"))
    if status == 413 or "exceed context limit" in words:
        return LLMError(endpoint.notice("model-context-too-long", model=endpoint.model))
    if isinstance(error, APIStatusError):
        return endpoint.explain(StatedError(status, error.body, error.response), began)
    return endpoint.explain(error, began)


def _status_of(error: Exception) -> int:
    """Return the number of HTTP of a failure; 0 where it has none."""
    status = getattr(error, "status_code", None) or 0
    return status if status >= 400 else _STATUSES.get(getattr(error, "type", None) or "", status)


def _refusal(error: Exception) -> tuple[int, str]:
    """Return the number of HTTP of a failure and Anthropic's words.

    Where it no longer takes the version of the API that has a temperature, the temperature counts as refused.
    """
    words = _words_of(error)
    return _status_of(error), f"{words} temperature" if "anthropic-version" in words else words


def _words_of(error: Exception) -> str:
    """Return what Anthropic says about a failure; "" where it says nothing."""
    return str(getattr(error, "api_message", None) or "")


def _most_tokens(words: str) -> int | None:
    """Return the most tokens that a model can be asked for, where it refuses a request for more."""
    stated = re.search(r"max_tokens: \d{1,9} > (\d{1,9})", words)
    return int(stated[1]) if stated else None
