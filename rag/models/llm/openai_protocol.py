"""A model behind OpenAI's protocol, whoever serves it.

Owns: the client of this protocol, how a limit and stop words are asked for, what is left out where a server refuses it,
and how a reply, its thoughts and its end are read. Knows nothing about whose server it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rag.errors import LLMError, causes_of
from rag.models.llm.endpoint import (
    CLIENT_TIMEOUT_MARGIN,
    Endpoint,
    NothingCame,
    Refusal,
    StreamEnded,
    WholeReply,
    most_similar,
)
from rag.models.llm.habits import habits_of
from rag.models.llm.metering import End, Reason, telling_what_it_took
from rag.models.llm.model import THINKING_PATIENCE, Model
from rag.models.llm.reasoning import Thought
from rag.models.llm.responses import open_client, streams_closed
from rag.models.llm.tool_calls import ToolCalls, calls_in

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.openai_like import OpenAILike

    from rag.settings import Settings

_REASONS: dict[str, Reason] = {
    "stop": "stop",
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "content_filter": "filter",
    "safety": "filter",
    "tool_calls": "tool",
    "function_call": "tool",
}
_LIMITS = ("max_tokens", "max_completion_tokens")


def open_openai_protocol(
    endpoint: Endpoint, settings: Settings, window: int, weak: bool, official: bool, **network: Any
) -> Model:
    """Open a model behind OpenAI's protocol.

    Args:
        endpoint: Where it is, and its key.
        settings: The timeout.
        window: Tokens of its context window.
        weak: Whether it has too few parameters to be trusted.
        official: Whether the server is OpenAI's own, which has another name for the limit of tokens.
        **network: Further options of the HTTP client.

    Returns:
        The open model; nothing has been sent yet.
    """
    from llama_index.llms.openai.utils import O1_MODELS
    from llama_index.llms.openai_like import OpenAILike
    from openai import AsyncOpenAI, OpenAI

    timeout = settings.llm_timeout * THINKING_PATIENCE + CLIENT_TIMEOUT_MARGIN
    options: dict[str, Any] = {
        "base_url": endpoint.address,
        "api_key": endpoint.secret or "none",
        "timeout": timeout,
        "max_retries": 0,
    }

    class Client(OpenAI):
        """Reads what some services send as a list of parts, too."""

        def _process_response_data(self, *, data: object, **others: Any) -> Any:
            return super()._process_response_data(data=_with_plain_content(data), **others)

    client = Client(**options, http_client=open_client(endpoint, timeout, **network))
    clients: dict[str, Any] = {"openai_client": client, "async_openai_client": AsyncOpenAI(**options)}
    llm = OpenAILike(
        model=endpoint.model,
        api_base=endpoint.address,
        api_key="kept in the client",
        **clients,
        is_chat_model=True,
        context_window=window,
        temperature=0.0,
        max_retries=0,
    )
    habits = habits_of(endpoint.address, endpoint.model)
    if official and endpoint.model in O1_MODELS:
        habits.thinks = True
        habits.refused |= {"temperature", "stop"}
    limits = _LIMITS[::-1] if official else _LIMITS

    def stream_deltas(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        while True:
            request = _request(habits.refused, limits, max_tokens, stop)
            chat = _without_system(messages) if "system" in habits.refused else messages
            began = False
            try:
                for piece in _reply(llm, chat, request):
                    began = True
                    yield piece
                return
            except Exception as error:
                sent = {*request, *({"system"} if any(message.role == "system" for message in chat) else ())}
                refused = "" if began else Refusal.of(error).part_of(sent)
                if not refused:
                    raise
                habits.refused.add(refused)

    def explain(error: Exception, began: bool) -> LLMError:
        explained = endpoint.explain(error, began)
        listed = _listed(client, endpoint.model) if explained.notice.code == "model-not-found" else []
        if not listed:
            return explained
        return LLMError(endpoint.notice("model-not-listed", model=endpoint.model, known=listed))

    return Model(endpoint.model, window, weak, llm, stream_deltas, explain, close=client.close, habits=habits)


def _request(refused: set[str], limits: Sequence[str], max_tokens: int, stop: Sequence[str]) -> dict[str, Any]:
    """Return what is sent besides the messages, without what the server refused before."""
    limit = next((name for name in limits if name not in refused), "")
    parts: dict[str, Any] = {
        "temperature": 0.0,
        **({limit: max_tokens} if limit else {}),
        **({"stop": list(stop)} if stop else {}),
        "stream": True,
        **({} if "stream" in refused else {"stream_options": {"include_usage": True}}),
    }
    return {name: value for name, value in parts.items() if name not in refused}


def _without_system(messages: list[ChatMessage]) -> list[ChatMessage]:
    """Return the messages with the system's words at the beginning of the first of the user."""
    from llama_index.core.llms import ChatMessage

    system = "\n\n".join(message.content or "" for message in messages if message.role == "system")
    first, *others = (message for message in messages if message.role != "system")
    return [ChatMessage(role=first.role, content=f"{system}\n\n{first.content or ''}"), *others]


def _reply(llm: OpenAILike, messages: list[ChatMessage], request: dict[str, Any]) -> Iterator[str]:
    from openai import omit

    fields = {"temperature": omit, **request}
    if not fields.pop("stream", False):
        whole_reply: Any = llm.chat(messages, **fields).raw
        yield from _whole(whole_reply.model_dump())
        return
    try:
        yield from _streamed(llm, messages, fields)
    except Exception as error:
        whole = next((cause for cause in causes_of(error) if isinstance(cause, WholeReply)), None)
        if whole is None:
            raise
        yield from _whole(whole.value)


def _streamed(llm: OpenAILike, messages: list[ChatMessage], fields: dict[str, Any]) -> Iterator[str]:
    reason = ""
    usage: Any = None
    chunk: Any = None
    calls = ToolCalls()
    with streams_closed(), telling_what_it_took(lambda: _end("", usage.model_dump() if usage else {})):
        for response in llm.stream_chat(messages, **fields):
            chunk = response.raw
            usage = getattr(chunk, "usage", None) or usage
            choices = getattr(chunk, "choices", None)
            if choices:
                reason = choices[0].finish_reason or reason
                for call in getattr(choices[0].delta, "tool_calls", None) or ():
                    calls.add(
                        call.index or 0, *((call.function.name, call.function.arguments) if call.function else ("", ""))
                    )
            if thought := response.additional_kwargs.get("thinking_delta"):
                yield Thought(thought)
            yield response.delta or ""
        if not reason:
            raise StreamEnded if chunk else NothingCame
    yield calls.text()
    yield _end("tool_calls" if calls.exist else reason, usage.model_dump() if usage else {})


def _whole(value: Any) -> Iterator[str]:
    """Yield the pieces of a reply that came whole.

    Raises:
        _Refused: The service says what is wrong, with status 200.
        ValueError: It is JSON of another form.
    """
    value = _with_plain_content(value)
    choices = value.get("choices") if isinstance(value, dict) else None
    if not choices and isinstance(value, dict) and value.get("error"):
        raise _Refused(value)
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    if not isinstance(first, dict) or not isinstance(message, dict):
        raise ValueError("a reply of another form")
    thought = message.get("reasoning_content") or message.get("reasoning")
    if isinstance(thought, str):
        yield Thought(thought)
    content = message.get("content")
    yield content if isinstance(content, str) else ""
    calls = calls_in(message.get("tool_calls"))
    yield calls.text()
    usage = value.get("usage")
    yield _end(
        "tool_calls" if calls.exist else str(first.get("finish_reason") or ""), usage if isinstance(usage, dict) else {}
    )


def _with_plain_content(value: object) -> object:
    """Return a reply, or an event of it, whose content is a text.

    A list of thoughts and words becomes one, and what a model says when it declines, in a field of its own.
    """
    choices = value.get("choices") if isinstance(value, dict) else None
    for choice in choices if isinstance(choices, list) else ():
        message = (choice.get("delta") or choice.get("message")) if isinstance(choice, dict) else None
        if isinstance(message, dict) and isinstance(message.get("content"), list):
            parts = [part for part in message["content"] if isinstance(part, dict)]
            thoughts = [_text_of(part) for part in parts if part.get("type") in ("thinking", "reasoning")]
            message["content"] = "".join(_text_of(part) for part in parts if part.get("type") == "text")
            if any(thoughts):
                message["reasoning_content"] = "".join(thoughts)
        if isinstance(message, dict) and not message.get("content") and isinstance(message.get("refusal"), str):
            message["content"] = message["refusal"]
    return value


def _text_of(part: dict[str, Any]) -> str:
    """Return the words of a part of a content; those of a thought are parts again."""
    text = part.get("text") or part.get("thinking") or part.get("reasoning") or ""
    inner = [text] if isinstance(text, str) else text if isinstance(text, list) else []
    return "".join(
        one if isinstance(one, str) else str(one.get("text") or "") for one in inner if isinstance(one, str | dict)
    )


class _Refused(Exception):
    """A service says what is wrong in the place of a reply."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__()
        self.body = body
        self.status_code = 400


def _end(reason: str, usage: dict[str, Any]) -> End:
    def count(value: Any) -> int | None:
        return value if isinstance(value, int) and value >= 0 else None

    details = usage.get("completion_tokens_details")
    thought = count(details.get("reasoning_tokens")) if isinstance(details, dict) else None
    # An unknown reason is one of the many names for being done.
    known = _REASONS.get(reason.lower(), "stop") if reason else ""
    return End(known, count(usage.get("prompt_tokens")), count(usage.get("completion_tokens")), thought or 0)


def _listed(client: Any, model: str) -> list[str]:
    """Return names of models that a server lists, the most similar first; none where it does not tell."""
    try:
        names = [entry.id for entry in client.models.list(timeout=10).data]
    except Exception:  # The list is only an advice beside another failure.
        return []
    return most_similar(model, names)
