"""The model service ``ollama``: models of an Ollama server.

Owns: its LlamaIndex class, where the server is reached, and asking it about a model. Knows nothing about retries or
prompts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rag.errors import LLMError
from rag.models.llm.endpoint import (
    CLIENT_TIMEOUT_MARGIN,
    DEFAULT_WINDOW,
    Endpoint,
    NothingCame,
    StreamEnded,
    WholeReply,
    extra_needed,
    most_similar,
    optional_key,
)
from rag.models.llm.habits import habits_of
from rag.models.llm.metering import End, Reason
from rag.models.llm.model import THINKING_PATIENCE, Model
from rag.models.llm.reasoning import Thought
from rag.models.llm.tool_calls import calls_in
from rag.models.llm.trust import has_few_parameters
from rag.notices import Notice

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.ollama import Ollama
    from ollama import Client

    from rag.models.weights import Fetch
    from rag.settings import Settings

_KEY = "OLLAMA_API_KEY"


class OllamaService:
    """Models of the Ollama server on this machine, or of the one that ``OLLAMA_HOST`` names."""

    form = "ollama:NAME"

    def check(self, name: str) -> None:
        """Accept any name: the server knows which models it has."""

    def open(self, name: str, settings: Settings, fetch: Fetch | None = None) -> Model:  # noqa: ARG002
        """Ask the server about a model, and open it.

        Args:
            name: The model's name on the server.
            settings: Timeout and context window.
            fetch: Not needed: the server fetches its models itself.

        Returns:
            The open model.

        Raises:
            UsageError: The package is missing.
            LLMError: The server cannot be reached or has no such model.
        """
        secret = optional_key(_KEY)
        address = ollama_address()
        variable = _KEY if secret else ""
        endpoint = Endpoint("Ollama", address, name, address, variable, secret, unreachable="ollama-unreachable")
        return open_ollama(endpoint, settings)


def ollama_address() -> str:
    """Return where the server of the environment is reached."""
    address = os.environ.get("OLLAMA_HOST", "").strip() or "http://127.0.0.1:11434"
    return address if "://" in address else f"http://{address}"


def open_ollama(endpoint: Endpoint, settings: Settings, **network: Any) -> Model:
    """Ask a server about a model, and open it.

    Args:
        endpoint: Where it is, its key and the model.
        settings: Timeout and context window.
        **network: Further options of the HTTP client.

    Returns:
        The open model.

    Raises:
        UsageError: The package is missing.
        LLMError: The server cannot be reached or has no such model.
    """
    with extra_needed("ollama", "ollama"):
        return _open(endpoint, settings, network)


def list_ollama(endpoint: Endpoint, **network: Any) -> list[str]:
    """Return the names of the models that a server has, in its order.

    Args:
        endpoint: Where it is, and its key.
        **network: Further options of the HTTP client.

    Raises:
        UsageError: The package is missing.
        LLMError: The server cannot be reached, or is none of Ollama.
    """
    with extra_needed("ollama", "ollama"):
        client = _client(endpoint, 10, network)
        try:
            return [entry.model for entry in client.list().models if entry.model]
        except Exception as error:
            raise endpoint.explain(error, False) from None
        finally:
            client._client.close()


def _client(endpoint: Endpoint, timeout: float, network: dict[str, Any]) -> Client:
    from ollama import Client

    from rag.models.llm.responses import hooks

    headers = {"Authorization": f"Bearer {endpoint.secret}"} if endpoint.secret else {}
    client = Client(
        endpoint.address,
        timeout=timeout,
        follow_redirects=False,
        event_hooks=hooks(endpoint),
        headers=headers,
        **network,
    )
    if not endpoint.secret:
        # The key of the environment, which the client takes by itself, is for the server of the environment.
        client._client.headers.pop("authorization", None)
    return client


def _open(endpoint: Endpoint, settings: Settings, network: dict[str, Any]) -> Model:
    from llama_index.llms.ollama import Ollama

    from rag.models.llm.responses import streams_closed

    address, name = endpoint.address, endpoint.model
    timeout = settings.llm_timeout * THINKING_PATIENCE + CLIENT_TIMEOUT_MARGIN
    client = _client(endpoint, timeout, network)

    def explain(error: Exception, began: bool) -> LLMError:
        explained = endpoint.explain(error, began)
        return _absent(client, name) if explained.notice.code == "model-not-found" else explained

    try:
        shown = client.show(name)
    except Exception as error:
        raise explain(error, False) from None
    details = shown.modelinfo or {}
    habits = habits_of(address, name)
    habits.thinks = habits.thinks or "thinking" in (shown.capabilities or ())
    window = settings.context_window or min(DEFAULT_WINDOW, _stated_window(details))

    def build_llm(options: dict[str, Any]) -> Ollama:
        return Ollama(
            model=name,
            base_url=address,
            temperature=0.0,
            context_window=window,
            request_timeout=timeout,
            additional_kwargs={"num_ctx": window, "seed": 1, **options},
            client=client,
        )

    def stream_deltas(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        # This class takes its options when it is built, not with the question.
        request_llm = build_llm({"num_predict": max_tokens, **({"stop": list(stop)} if stop else {})})
        last: Mapping[str, Any] = {}
        told: list[Any] = []
        try:
            with streams_closed():
                for response in request_llm.stream_chat(messages):
                    last = response.raw or {}
                    told += _calls_of(last)
                    if thought := response.additional_kwargs.get("thinking_delta"):
                        yield Thought(thought)
                    yield response.delta or ""
        except WholeReply as whole:
            last = _whole(whole.value)
            told = _calls_of(last)
            if thought := last["message"].get("thinking"):
                yield Thought(thought)
            yield last["message"]["content"]
        if not last.get("done"):
            raise StreamEnded if last else NothingCame
        calls = calls_in(told)
        yield calls.text()
        yield _end(last, calls.exist)

    weak = has_few_parameters(details.get("general.parameter_count"))
    return Model(name, window, weak, build_llm({}), stream_deltas, explain, close=client.close, habits=habits)


def _stated_window(details: Mapping[str, Any]) -> int:
    """Return the tokens of the window that a model was made for, as far as the server states them."""
    stated = [value for name, value in details.items() if name.endswith(".context_length")]
    return next((value for value in stated if isinstance(value, int) and value > 0), DEFAULT_WINDOW)


def _whole(value: Any) -> dict[str, Any]:
    """Return a reply that came whole.

    Raises:
        ValueError: It is JSON of another form.
    """
    message = value.get("message") if isinstance(value, dict) else None
    if not isinstance(message, dict) or not isinstance(message.get("content"), str):
        raise ValueError("a reply of another form")
    return {**value, "message": message}


def _calls_of(line: Mapping[str, Any]) -> list[Any]:
    """Return the calls of tools in a line of a chat, as JSON."""
    message = line.get("message")
    calls = message.get("tool_calls") if message is not None and hasattr(message, "get") else None
    return [call if isinstance(call, dict) else call.model_dump() for call in calls or () if call]


def _end(last: Mapping[str, Any], calls_tool: bool) -> End:
    reason: Reason = "length" if last.get("done_reason") == "length" else "tool" if calls_tool else "stop"
    return End(reason, last.get("prompt_eval_count"), last.get("eval_count"))


def _absent(client: Client, name: str) -> LLMError:
    """Return the error for a model that the server does not have, with those that it has."""
    try:
        names = most_similar(name, [entry.model for entry in client.list().models])
    except Exception:  # The list is only an advice beside another failure.
        names = []
    if not names:
        return LLMError(Notice("ollama-model-absent", {"model": name}))
    return LLMError(Notice("ollama-model-not-listed", {"model": name, "known": names}))
