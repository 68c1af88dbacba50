"""The model service ``gemini``: Google's Gemini models, reached through Google's own client.

Owns: the Gemini API, where it is reached, its key, and what its failures mean. Knows nothing about retries or prompts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from rag.errors import LLMError
from rag.models.llm.budget import REASONING_TOKENS
from rag.models.llm.endpoint import (
    CLIENT_TIMEOUT_MARGIN,
    Endpoint,
    NothingCame,
    StreamEnded,
    extra_needed,
    required_key,
)
from rag.models.llm.habits import habits_of
from rag.models.llm.metering import End, Reason, telling_what_it_took
from rag.models.llm.model import THINKING_PATIENCE, Model, TransientError, retry_after
from rag.models.llm.reasoning import Thought
from rag.models.llm.tool_calls import ToolCalls

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

    from rag.models.weights import Fetch
    from rag.settings import Settings

WINDOW = 200_000
"""Tokens of the context window. Gemini models read a million, but a request of that size is over what many accounts may
send in a minute; ``RAG_CONTEXT_WINDOW`` raises it."""

# The first is what Google's client takes where both are set.
_KEYS = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
_REASONS: dict[str, Reason] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "CONTINUATION": "length",
    "SAFETY": "filter",
    "RECITATION": "filter",
    "LANGUAGE": "filter",
    "BLOCKLIST": "filter",
    "PROHIBITED_CONTENT": "filter",
    "SPII": "filter",
    "ESCALATION": "filter",
    "MODEL_ARMOR": "filter",
    "UNEXPECTED_TOOL_CALL": "tool",
    "MALFORMED_FUNCTION_CALL": "tool",
}
_BLOCKED = "SAFETY"
_MOST_STOPS = 5


class GeminiService:
    """Gemini models of Google."""

    form = "gemini:NAME"

    def check(self, name: str) -> None:
        """Accept any name: Google adds models at any time."""

    def open(self, name: str, settings: Settings, fetch: Fetch | None = None) -> Model:  # noqa: ARG002
        """Open a model; nothing is sent yet.

        Args:
            name: The model's name at Google.
            settings: Timeout, answer length and context window.
            fetch: Not needed.

        Returns:
            The open model.

        Raises:
            UsageError: The package or the key is missing.
        """
        with extra_needed("gemini", "gemini"):
            return _open(name, settings)


def _open(name: str, settings: Settings) -> Model:
    from google import genai
    from google.genai.types import AutomaticFunctionCallingConfig, GenerateContentConfig, HttpOptions

    from rag.models.llm.hosted import HostedLLM, name_the_known, send_what_is_taken
    from rag.models.llm.responses import open_client

    variable = next((one for one in _KEYS if os.environ.get(one, "").strip()), _KEYS[-1])
    key = required_key(variable, "Gemini")
    address = os.environ.get("GOOGLE_GEMINI_BASE_URL") or "https://generativelanguage.googleapis.com"
    endpoint = Endpoint("Gemini", address, name, key_variable=variable, secret=key)
    habits = habits_of(address, name)
    habits.thinks = True  # The models of today do, unless they are told not to.
    timeout = settings.llm_timeout * THINKING_PATIENCE + CLIENT_TIMEOUT_MARGIN
    connections = open_client(endpoint, timeout)
    http_options = HttpOptions(base_url=address, timeout=int(1000 * timeout), httpx_client=connections)
    client = genai.Client(api_key=key, vertexai=False, http_options=http_options)

    def send(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str], stream: bool) -> Any:
        """Send a request; return its response or, as they come, its responses, once the service has accepted it."""
        system, contents = _conversation(messages)
        options: dict[str, Any] = {"temperature": 0.0, "max_output_tokens": max_tokens}
        if stop:
            options["stop_sequences"] = list(stop)[:_MOST_STOPS]

        def send_once(taken: dict[str, Any]) -> Any:
            config = GenerateContentConfig(
                system_instruction=system or None,
                automatic_function_calling=AutomaticFunctionCallingConfig(disable=True),
                **taken,
            )
            if stream:
                return _begun(client.models.generate_content_stream(model=name, contents=contents, config=config))
            return client.models.generate_content(model=name, contents=contents, config=config)

        return send_what_is_taken(habits, options, send_once, lambda error: (_status_of(error), _words_of(error)))

    def stream_deltas(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        with closing(send(messages, max_tokens, stop, True)) as responses:
            yield from _read(responses)

    def ask(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> str:
        return "".join(_read([send(messages, max_tokens + REASONING_TOKENS, stop, False)]))

    def explain(error: Exception, began: bool) -> LLMError:
        return name_the_known(
            endpoint,
            _explain(endpoint, error, began),
            lambda: (model.name.removeprefix("models/") for model in client.models.list() if model.name),
        )

    llm = HostedLLM(
        stream_deltas,
        ask,
        explain,
        model_name=name,
        context_window=settings.context_window or WINDOW,
        num_output=settings.max_answer_tokens,
    )
    return Model(
        name,
        settings.context_window or WINDOW,
        False,
        llm,
        stream_deltas,
        explain,
        close=connections.close,
        habits=habits,
    )


def _conversation(messages: Sequence[ChatMessage]) -> tuple[str, list[Any]]:
    """Return what the system says, and the other messages as the Gemini API takes them."""
    system = "\n\n".join(message.content or "" for message in messages if message.role.value == "system")
    roles = {"user": "user", "assistant": "model"}
    return system, [
        {"role": roles[message.role.value], "parts": [{"text": message.content or ""}]}
        for message in messages
        if message.role.value in roles
    ]


def _begun(responses: Any) -> Generator[Any, None, None]:
    """Return the same responses, the first of which has come, so that a refusal was raised."""
    first = next(responses, None)

    def each() -> Generator[Any, None, None]:
        with closing(responses):
            if first is not None:
                yield first
                yield from responses

    return each()


def _read(responses: Iterable[Any]) -> Iterator[str]:
    """Read the responses of one reply.

    Args:
        responses: The client's responses as they come; one for a reply that comes whole.

    Yields:
        The pieces of the answer and of its thoughts; then how the reply ended.

    Raises:
        ValueError: A response has none of the parts of one.
        NothingCame: There is no response.
        StreamEnded: The responses ended before the reply did.
    """
    reason: str | None = None
    usage: Any = None
    has_begun, calls = False, ToolCalls()
    with telling_what_it_took(lambda: _end("", usage)):
        for response in responses:
            has_begun = True
            if not (response.candidates or response.usage_metadata or response.prompt_feedback):
                raise ValueError("no response of the Gemini API")
            usage = response.usage_metadata or usage
            feedback = response.prompt_feedback
            if feedback and feedback.block_reason:
                reason = _BLOCKED
            for candidate in (response.candidates or ())[:1]:
                parts = (candidate.content.parts if candidate.content else None) or ()
                for number, part in enumerate(parts):
                    if part.function_call:
                        calls.add(number, part.function_call.name, part.function_call.args)
                    yield Thought(part.text or "") if part.thought else part.text or ""
                reason = str(candidate.finish_reason.value) if candidate.finish_reason else reason
        if reason is None:
            raise StreamEnded("the responses ended without a reason") if has_begun else NothingCame("nothing came")
    yield calls.text()
    yield _end("UNEXPECTED_TOOL_CALL" if calls.exist else reason, usage)


def _end(reason: str, usage: Any) -> End:
    """Return the end of a reply; Google counts its thoughts beside its words."""
    if usage is None:
        return End(_REASONS.get(reason, ""))
    thought = usage.thoughts_token_count or 0
    written = (usage.candidates_token_count or 0) + thought
    return End(_REASONS.get(reason, ""), usage.prompt_token_count, written, thought)


def _explain(endpoint: Endpoint, error: Exception, began: bool) -> LLMError:
    """Return one sentence for what the client raised."""
    from rag.models.llm.hosted import StatedError

    status, words, details = _status_of(error), _words_of(error), _details_of(error)
    if not status:
        return endpoint.explain(error, began)
    if status == 400 and (_detail(details, "ErrorInfo", "reason") == "API_KEY_INVALID" or "API key not valid" in words):
        return endpoint.access_refused(status)
    if status == 400 and re.search(r"token count .{0,40}exceeds", words):
        return LLMError(endpoint.notice("model-context-too-long", model=endpoint.model))
    stated = StatedError(status, getattr(error, "details", None), getattr(error, "response", None))
    seconds = _seconds(_detail(details, "RetryInfo", "retryDelay"))
    is_passing = seconds is not None or retry_after(stated) is not None
    if status == 429 and _is_exhausted(details, words, is_passing):
        return LLMError(endpoint.notice("model-quota-exhausted"))
    explained = endpoint.explain(stated, began)
    if isinstance(explained, TransientError) and explained.retry_after is None:
        explained.retry_after = seconds
    return explained


def _status_of(error: Exception) -> int:
    """Return the number of HTTP of a failure; 0 where it has none."""
    code = getattr(error, "code", None)
    return code if isinstance(code, int) else 0


def _words_of(error: Exception) -> str:
    """Return what Google says about a failure; "" where it says nothing."""
    return str(getattr(error, "message", None) or "")


def _details_of(error: Exception) -> list[dict[str, Any]]:
    """Return the parts of a failure that are made for programs."""
    body = getattr(error, "details", None)
    inner = body.get("error") if isinstance(body, dict) else None
    details = inner.get("details") if isinstance(inner, dict) else None
    return [one for one in details if isinstance(one, dict)] if isinstance(details, list) else []


def _detail(details: Sequence[dict[str, Any]], kind: str, name: str) -> Any:
    """Return a value of the first detail of a kind, such as ``RetryInfo``; None where there is none."""
    return next((one.get(name) for one in details if str(one.get("@type", "")).endswith(f".{kind}")), None)


def _is_exhausted(details: Sequence[dict[str, Any]], words: str, is_passing: bool) -> bool:
    """Tell whether what is used up comes back tomorrow at the earliest, and not within a minute.

    Args:
        details: The parts of the failure that are made for programs.
        words: Google's words, which are the same for both.
        is_passing: Whether Google says when to ask again.
    """
    violations = str(_detail(details, "QuotaFailure", "violations"))
    if "PerDay" in violations or "credits are depleted" in words:
        return True
    is_of_plan = re.search(r"exceeded your current quota.{0,80}\bplan and billing", words) is not None
    return is_of_plan and "PerMinute" not in violations and not is_passing


def _seconds(duration: object) -> float | None:
    """Return the seconds of a duration such as ``34.07s``; None for anything else."""
    stated = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)s", duration) if isinstance(duration, str) else None
    return float(stated[1]) if stated else None
