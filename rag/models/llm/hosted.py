"""Language models behind a service: OpenAI, anything that speaks its protocol, Anthropic, Ollama.

Owns: the LlamaIndex classes of these services, their keys, and one sentence for each of their failures. Knows nothing
about retries or prompts. Keys come from the environment and stay inside the client objects.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from rag.errors import LLMError, UsageError
from rag.models.llm.budget import estimate_tokens
from rag.models.llm.model import Model, TransientError
from rag.models.llm.trust import is_weak

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

    from rag.settings import Settings

DEFAULT_WINDOW = 8192
"""Tokens of the context window of a server that does not state one."""
UNKNOWN_OPENAI_WINDOW = 128_000
UNKNOWN_ANTHROPIC_WINDOW = 200_000
REASONING_TOKENS = 4096
"""Added to the answer's limit for reasoning models: the service counts their hidden reasoning against it."""
CLIENT_TIMEOUT_MARGIN = 5
"""Seconds by which a client's own timeout exceeds ours, so that ours ends the wait with its sentence."""


@dataclass(frozen=True)
class Service:
    """A service as the sentences about its failures name it.

    Attributes:
        title: Its name, such as ``OpenAI`` or ``The server at http://…``.
        address: Its base URL.
        model: The model that is asked for.
        key_variable: The environment variable that holds its key; empty when it needs none.
        secret: The key, so that it can be kept out of every sentence.
        start: What to do when it cannot be reached.
    """

    title: str
    address: str
    model: str
    key_variable: str = ""
    secret: str = ""
    start: str = "check that it runs and that the address is right"

    def explain(self, error: Exception, began: bool) -> LLMError:
        """Return one sentence for what a client raised.

        Args:
            error: Any exception of a client library; its ``status_code``, ``body`` and ``response`` count if present.
            began: Whether part of the answer had come before.

        Returns:
            An error to raise; a ``TransientError`` when the same request may succeed later.
        """
        status = getattr(error, "status_code", None)
        message = self._message_of(error)
        if began:
            return LLMError(f"{self.title} broke off in the middle of the answer: ask again.")
        if re.search(r"context.{0,12}(length|size|window)|maximum context|prompt is too long", message, re.IGNORECASE):
            return LLMError(
                f"The question with its evidence is longer than the window of {self.model}: lower RAG_TOP_K, or set "
                "RAG_CONTEXT_WINDOW to the window's size."
            )
        if status in (401, 403):
            return LLMError(f"{self.title} refuses access (status {status}){self._key_advice()}.")
        if status == 404:
            return LLMError(f"{self.title} has no model {self.model!r}, or {self.address} is not its address.")
        if isinstance(status, int) and 0 < status < 500 and status not in (408, 409, 425, 429):
            return LLMError(f"{self.title} refuses the request (status {status}): {message}")
        if status == 429:
            transient = TransientError(f"{self.title} is over its rate limit or quota: try again later.")
        elif isinstance(status, int) and status > 0:
            transient = TransientError(f"{self.title} fails at the moment (status {status}): try again later.")
        elif isinstance(error, (ValueError, TypeError, KeyError, AttributeError)):
            return LLMError(f"{self.title} answers in a form that is not understood: check the address {self.address}.")
        elif getattr(error, "body", None):  # an error event inside a stream that began well
            return LLMError(f"{self.title} refuses the request: {message}")
        else:
            transient = TransientError(f"{self.title} cannot be reached at {self.address}: {self.start}.")
        transient.retry_after = _retry_after(error)
        return transient

    def _key_advice(self) -> str:
        return f": check {self.key_variable}" if self.key_variable else ""

    def _message_of(self, error: Exception) -> str:
        """Return the service's own words: at most 300 characters, without anything that looks like a key."""
        body = getattr(error, "body", None)
        inner = body.get("error", body) if isinstance(body, dict) else None
        message = str(inner.get("message") or error) if isinstance(inner, dict) else str(error)
        if self.secret:
            message = message.replace(self.secret, "…")
        message = re.sub(r"\b(sk|key|Bearer)[-_ ][\w*.-]{6,}", "…", message)
        return " ".join(message.split())[:300]


def _retry_after(error: Exception) -> float | None:
    """Return the seconds in a ``Retry-After`` header; None without one or when it holds a date."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def open_hosted(kind: str, name: str, settings: Settings) -> Model:
    """Open a model of a service.

    Args:
        kind: ``openai``, ``openai-like``, ``anthropic`` or ``ollama``.
        name: The model's name; for ``openai-like`` the server's URL and, behind ``#``, the model's name.
        settings: Timeout, retries, answer length and context window.

    Returns:
        The open model. A service that states its window and size has been asked for them.

    Raises:
        UsageError: A package or a key that the service needs is missing, or the address is none.
        LLMError: The server cannot be reached or refuses access.
    """
    openers: dict[str, Callable[[str, Settings], Model]] = {
        "openai": _open_openai,
        "openai-like": _open_openai_like,
        "anthropic": _open_anthropic,
        "ollama": _open_ollama,
    }
    extra = "openai" if kind == "openai-like" else kind
    try:
        return openers[kind](name, settings)
    except ImportError:
        raise UsageError(f"{kind} models need another package: run `pip install 'footnote-rag[{extra}]'`.") from None


def _required_key(variable: str, title: str) -> str:
    key = os.environ.get(variable, "").strip()
    if not key:
        raise UsageError(f"{title} needs a key: put it into the environment variable {variable}.")
    return key


def _build_model(
    service: Service,
    settings: Settings,
    llm: LLM,
    window: int,
    parameters: float | None,
    stream_deltas: Callable[[list[ChatMessage], int, Sequence[str]], Iterator[str]],
    close: Callable[[], None] = lambda: None,
) -> Model:
    return Model(
        name=service.model,
        context_window=window,
        weak=is_weak(parameters, settings),
        llm=llm,
        stream_deltas=stream_deltas,
        explain=service.explain,
        count_tokens=estimate_tokens,
        close=close,
        timeout=settings.llm_timeout,
        retries=settings.llm_retries,
    )


def _open_openai_protocol(
    service: Service, base: str, settings: Settings, window: int, parameters: float | None, official: bool
) -> Model:
    from llama_index.llms.openai.utils import O1_MODELS
    from llama_index.llms.openai_like import OpenAILike
    from openai import AsyncOpenAI, OpenAI

    options: dict[str, Any] = {
        "base_url": base,
        "api_key": service.secret or "none",
        "timeout": settings.llm_timeout + CLIENT_TIMEOUT_MARGIN,
        "max_retries": 0,
    }
    client = OpenAI(**options)
    clients: dict[str, Any] = {"openai_client": client, "async_openai_client": AsyncOpenAI(**options)}
    llm = OpenAILike(
        model=service.model,
        api_base=base,
        api_key="kept in the client",
        **clients,
        is_chat_model=True,
        context_window=window,
        temperature=0.0,
        max_retries=0,
    )
    is_reasoning_model = official and service.model in O1_MODELS

    def stream_deltas(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        limit = "max_completion_tokens" if official else "max_tokens"
        request: dict[str, Any] = {limit: max_tokens + (REASONING_TOKENS if is_reasoning_model else 0)}
        if stop and not is_reasoning_model:  # they refuse stop words
            request["stop"] = list(stop)
        finished = False
        for response in llm.stream_chat(messages, **request):
            choices = getattr(response.raw, "choices", None)
            finished = finished or bool(choices and choices[0].finish_reason)
            yield response.delta or ""
        if not finished:
            raise ConnectionError("the stream ended without a reason")

    return _build_model(service, settings, llm, window, parameters, stream_deltas, client.close)


def _open_openai(name: str, settings: Settings) -> Model:
    from llama_index.llms.openai.utils import openai_modelname_to_contextsize

    base = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
    service = Service("OpenAI", base, name, "OPENAI_API_KEY", _required_key("OPENAI_API_KEY", "OpenAI"))
    try:
        window = openai_modelname_to_contextsize(name)
    except ValueError:
        window = UNKNOWN_OPENAI_WINDOW
    return _open_openai_protocol(service, base, settings, settings.context_window or window, None, official=True)


def _open_openai_like(url_and_name: str, settings: Settings) -> Model:
    import llama_index.llms.openai_like  # noqa: F401  a missing extra is reported before the server is asked

    base, _, name = url_and_name.partition("#")
    base = base.rstrip("/")
    if not re.match(r"https?://[^/]", base):
        raise UsageError(f"{url_and_name!r} is no address; write openai-like:http://HOST:PORT/v1#NAME.")
    secret = os.environ.get("RAG_LLM_API_KEY", "").strip()
    service = Service(f"The server at {base}", base, name, "RAG_LLM_API_KEY", secret)
    served = _query_server(service)
    service = replace(service, model=served.name)
    return _open_openai_protocol(
        service,
        base,
        settings,
        settings.context_window or served.window or DEFAULT_WINDOW,
        served.parameters,
        official=False,
    )


class _ServedModel(NamedTuple):
    """What a server says about a model: its name, its context window (0: not stated) and its number of parameters."""

    name: str
    window: int
    parameters: float | None


def _query_server(service: Service) -> _ServedModel:
    """Ask a server of the OpenAI protocol for the model of ``service``, or for its first model when none is named."""
    import httpx

    headers = {"Authorization": f"Bearer {service.secret}"} if service.secret else {}
    root = service.address.removesuffix("/v1")
    try:
        with httpx.Client(headers=headers, timeout=10) as client:
            listing = client.get(f"{service.address}/models")
            if listing.status_code in (401, 403):
                raise LLMError(
                    f"{service.title} refuses access (status {listing.status_code}): check {service.key_variable}."
                )
            entries = _json_object(listing).get("data") or []
            properties = _json_object(client.get(f"{root}/props")) if root != service.address else {}
    except (httpx.HTTPError, httpx.InvalidURL):
        raise LLMError(f"{service.title} cannot be reached: {service.start}.") from None
    entries = [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
    model: dict[str, Any] = next((entry for entry in entries if service.model in ("", entry["id"])), {})
    name = service.model or model.get("id")
    if not name:
        raise UsageError(f"{service.title} does not say which models it has: name one, openai-like:URL#NAME.")
    # llama.cpp states the window that it was started with in /props; vLLM and the like in the list of models.
    meta = model.get("meta") or {}
    served_window = (properties.get("default_generation_settings") or {}).get("n_ctx")
    window = served_window or model.get("max_model_len") or meta.get("n_ctx") or 0
    return _ServedModel(name, int(window), meta.get("n_params"))


def _json_object(response: Any) -> dict[str, Any]:
    """Return the JSON object in a response; an empty one when it failed or holds something else."""
    try:
        value = response.json() if response.is_success else {}
    except ValueError:
        value = {}
    return value if isinstance(value, dict) else {}


def _open_anthropic(name: str, settings: Settings) -> Model:
    from llama_index.llms.anthropic import Anthropic
    from llama_index.llms.anthropic.utils import anthropic_modelname_to_contextsize

    secret = _required_key("ANTHROPIC_API_KEY", "Anthropic")
    address = os.environ.get("ANTHROPIC_BASE_URL") or "https://api.anthropic.com"
    service = Service("Anthropic", address, name, "ANTHROPIC_API_KEY", secret)
    try:
        window = anthropic_modelname_to_contextsize(name)
    except ValueError:
        window = UNKNOWN_ANTHROPIC_WINDOW
    llm = Anthropic(
        model=name,
        api_key=secret,
        base_url=address,
        temperature=0.0,
        max_tokens=settings.max_answer_tokens,
        timeout=settings.llm_timeout + CLIENT_TIMEOUT_MARGIN,
        max_retries=0,
    )

    def stream_deltas(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        request: dict[str, Any] = {"max_tokens": max_tokens}
        if stop:
            request["stop_sequences"] = list(stop)
        for response in llm.stream_chat(messages, **request):
            yield response.delta or ""

    return _build_model(service, settings, llm, settings.context_window or window, None, stream_deltas)


def _open_ollama(name: str, settings: Settings) -> Model:
    from llama_index.llms.ollama import Ollama

    address = os.environ.get("OLLAMA_HOST", "").strip() or "http://127.0.0.1:11434"
    address = address if "://" in address else f"http://{address}"
    service = Service(f"Ollama at {address}", address, name, start="start it with `ollama serve`, or set OLLAMA_HOST")
    window = settings.context_window or DEFAULT_WINDOW

    def build_llm(options: dict[str, Any]) -> Ollama:
        return Ollama(
            model=name,
            base_url=address,
            temperature=0.0,
            context_window=window,
            request_timeout=settings.llm_timeout + CLIENT_TIMEOUT_MARGIN,
            additional_kwargs={"num_ctx": window, "seed": 1, **options},
        )

    llm = build_llm({})
    try:
        details = llm.client.show(name).modelinfo or {}
    except Exception as error:
        if getattr(error, "status_code", None) == 404:
            raise LLMError(f"Ollama has no model {name!r}: run `ollama pull {name}`.") from None
        raise service.explain(error, False) from None

    def stream_deltas(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        # This class takes its options when it is built, not with the question.
        request_llm = build_llm({"num_predict": max_tokens, **({"stop": list(stop)} if stop else {})})
        finished = False
        for response in request_llm.stream_chat(messages):
            finished = finished or bool((response.raw or {}).get("done"))
            yield response.delta or ""
        if not finished:
            raise ConnectionError("the stream ended without a reason")

    return _build_model(service, settings, llm, window, details.get("general.parameter_count"), stream_deltas)
