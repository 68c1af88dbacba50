"""Language models behind a service: OpenAI, anything that speaks its protocol, Anthropic, Ollama.

Owns: the LlamaIndex classes of these services, their keys, and what to say about each of their failures. Knows
nothing about retries or prompts. Keys come from the environment and stay inside the client objects.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.errors import LLMError, UsageError
from rag.models.llm.budget import estimate_tokens
from rag.models.llm.model import Model, PassingError
from rag.models.llm.opening import is_weak

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

    from rag.settings import Settings

DEFAULT_WINDOW = 8192
UNKNOWN_OPENAI_WINDOW = 128_000
UNKNOWN_ANTHROPIC_WINDOW = 200_000
REASONING_TOKENS = 4096
"""Room for the unseen thoughts of models whose answer limit counts them."""
GRACE = 5
"""Seconds by which a client's own timeout exceeds ours, so that ours speaks first."""


@dataclass(frozen=True)
class Service:
    """What the sentences about a failure need to know."""

    title: str
    address: str
    model: str
    key_variable: str = ""
    secret: str = ""
    start: str = "check that it runs and that the address is right"

    def explain(self, error: Exception, began: bool) -> LLMError:
        """One sentence for what a client raised; ``PassingError`` when trying again may help."""
        status = getattr(error, "status_code", None)
        said = self._said(error)
        if began:
            return LLMError(f"{self.title} broke off in the middle of the answer: ask again.")
        if re.search(r"context.{0,12}(length|size|window)|maximum context|prompt is too long", said, re.IGNORECASE):
            return LLMError(
                f"The question with its evidence is longer than the window of {self.model}: lower RAG_TOP_K, or set "
                "RAG_CONTEXT_WINDOW to the window's size."
            )
        if status in (401, 403):
            return LLMError(f"{self.title} refuses access (status {status}){self._key_advice()}.")
        if status == 404:
            return LLMError(f"{self.title} has no model {self.model!r}, or {self.address} is not its address.")
        if isinstance(status, int) and 0 < status < 500 and status not in (408, 409, 425, 429):
            return LLMError(f"{self.title} refuses the request (status {status}): {said}")
        if status == 429:
            passing = PassingError(f"{self.title} is over its rate limit or quota: try again later.")
        elif isinstance(status, int) and status > 0:
            passing = PassingError(f"{self.title} fails at the moment (status {status}): try again later.")
        elif isinstance(error, (ValueError, TypeError, KeyError, AttributeError)):
            return LLMError(f"{self.title} answers in a form that is not understood: check the address {self.address}.")
        elif getattr(error, "body", None):  # an error event inside a stream that began well
            return LLMError(f"{self.title} refuses the request: {said}")
        else:
            passing = PassingError(f"{self.title} cannot be reached at {self.address}: {self.start}.")
        passing.wait = _retry_after(error)
        return passing

    def _key_advice(self) -> str:
        return f": check {self.key_variable}" if self.key_variable else ""

    def _said(self, error: Exception) -> str:
        """The service's own words, short and without anything that looks like a key."""
        body = getattr(error, "body", None)
        inner = body.get("error", body) if isinstance(body, dict) else None
        said = str(inner.get("message") or error) if isinstance(inner, dict) else str(error)
        if self.secret:
            said = said.replace(self.secret, "…")
        said = re.sub(r"\b(sk|key|Bearer)[-_ ][\w*.-]{6,}", "…", said)
        return " ".join(said.split())[:300]


def _retry_after(error: Exception) -> float | None:
    """Seconds in a ``Retry-After`` header; dates are not understood and count as absent."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def open_hosted(kind: str, rest: str, settings: Settings) -> Model:
    """Open ``kind``:``rest`` of a spec. Raises UsageError when its extra or key is missing."""
    openers: dict[str, Callable[[str, Settings], Model]] = {
        "openai": _open_openai,
        "openai-like": _open_openai_like,
        "anthropic": _open_anthropic,
        "ollama": _open_ollama,
    }
    extra = "openai" if kind == "openai-like" else kind
    try:
        return openers[kind](rest, settings)
    except ImportError:
        raise UsageError(f"{kind} models need another package: run `pip install 'footnote-rag[{extra}]'`.") from None


def _key(variable: str, title: str) -> str:
    key = os.environ.get(variable, "").strip()
    if not key:
        raise UsageError(f"{title} needs a key: put it into the environment variable {variable}.")
    return key


def _model(
    service: Service,
    settings: Settings,
    llm: LLM,
    window: int,
    parameters: float | None,
    ask: Callable[[list[ChatMessage], int, Sequence[str]], Iterator[str]],
    shut: Callable[[], None] = lambda: None,
) -> Model:
    return Model(
        name=service.model,
        context_window=window,
        weak=is_weak(parameters, settings),
        llm=llm,
        ask=ask,
        explain=service.explain,
        count=estimate_tokens,
        shut=shut,
        timeout=settings.llm_timeout,
        retries=settings.llm_retries,
    )


def _openai_protocol(
    service: Service, base: str, settings: Settings, window: int, parameters: float | None, official: bool
) -> Model:
    from llama_index.llms.openai.utils import O1_MODELS
    from llama_index.llms.openai_like import OpenAILike
    from openai import AsyncOpenAI, OpenAI

    options: dict[str, Any] = {
        "base_url": base,
        "api_key": service.secret or "none",
        "timeout": settings.llm_timeout + GRACE,
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
    reasons = official and service.model in O1_MODELS

    def ask(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        limit = "max_completion_tokens" if official else "max_tokens"
        request: dict[str, Any] = {limit: max_tokens + (REASONING_TOKENS if reasons else 0)}
        if stop and not reasons:  # reasoning models refuse stop words
            request["stop"] = list(stop)
        finished = False
        for response in llm.stream_chat(messages, **request):
            choices = getattr(response.raw, "choices", None)
            finished = finished or bool(choices and choices[0].finish_reason)
            yield response.delta or ""
        if not finished:
            raise ConnectionError("the stream ended without a reason")

    return _model(service, settings, llm, window, parameters, ask, client.close)


def _open_openai(name: str, settings: Settings) -> Model:
    from llama_index.llms.openai.utils import openai_modelname_to_contextsize

    base = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
    service = Service("OpenAI", base, name, "OPENAI_API_KEY", _key("OPENAI_API_KEY", "OpenAI"))
    try:
        window = openai_modelname_to_contextsize(name)
    except ValueError:
        window = UNKNOWN_OPENAI_WINDOW
    return _openai_protocol(service, base, settings, settings.context_window or window, None, official=True)


def _open_openai_like(rest: str, settings: Settings) -> Model:
    import llama_index.llms.openai_like  # noqa: F401  a missing extra is said before the server is asked

    base, _, name = rest.partition("#")
    base = base.rstrip("/")
    if not re.match(r"https?://[^/]", base):
        raise UsageError(f"{rest!r} is no address; write openai-like:http://HOST:PORT/v1#NAME.")
    secret = os.environ.get("RAG_LLM_API_KEY", "").strip()
    service = Service(f"The server at {base}", base, name, "RAG_LLM_API_KEY", secret)
    name, window, parameters = _look(service)
    service = Service(service.title, base, name, "RAG_LLM_API_KEY", secret)
    return _openai_protocol(
        service, base, settings, settings.context_window or window or DEFAULT_WINDOW, parameters, official=False
    )


def _look(service: Service) -> tuple[str, int, float | None]:
    """Ask the server for the model's name, its window (0: not said) and its number of parameters."""
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
            entries = _json(listing).get("data") or []
            properties = _json(client.get(f"{root}/props")) if root != service.address else {}
    except (httpx.HTTPError, httpx.InvalidURL):
        raise LLMError(f"{service.title} cannot be reached: {service.start}.") from None
    entries = [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
    chosen: dict[str, Any] = next((entry for entry in entries if service.model in ("", entry["id"])), {})
    name = service.model or chosen.get("id")
    if not name:
        raise UsageError(f"{service.title} does not say which models it has: name one, openai-like:URL#NAME.")
    meta = chosen.get("meta") or {}
    served = (properties.get("default_generation_settings") or {}).get("n_ctx")
    window = served or chosen.get("max_model_len") or meta.get("n_ctx") or 0
    return name, int(window), meta.get("n_params")


def _json(response: Any) -> dict[str, Any]:
    try:
        value = response.json() if response.is_success else {}
    except ValueError:
        value = {}
    return value if isinstance(value, dict) else {}


def _open_anthropic(name: str, settings: Settings) -> Model:
    from llama_index.llms.anthropic import Anthropic
    from llama_index.llms.anthropic.utils import anthropic_modelname_to_contextsize

    secret = _key("ANTHROPIC_API_KEY", "Anthropic")
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
        timeout=settings.llm_timeout + GRACE,
        max_retries=0,
    )

    def ask(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        request: dict[str, Any] = {"max_tokens": max_tokens}
        if stop:
            request["stop_sequences"] = list(stop)
        for response in llm.stream_chat(messages, **request):
            yield response.delta or ""

    return _model(service, settings, llm, settings.context_window or window, None, ask)


def _open_ollama(name: str, settings: Settings) -> Model:
    from llama_index.llms.ollama import Ollama

    address = os.environ.get("OLLAMA_HOST", "").strip() or "http://127.0.0.1:11434"
    address = address if "://" in address else f"http://{address}"
    service = Service(f"Ollama at {address}", address, name, start="start it with `ollama serve`, or set OLLAMA_HOST")
    window = settings.context_window or DEFAULT_WINDOW

    def built(options: dict[str, Any]) -> Ollama:
        return Ollama(
            model=name,
            base_url=address,
            temperature=0.0,
            context_window=window,
            request_timeout=settings.llm_timeout + GRACE,
            additional_kwargs={"num_ctx": window, "seed": 1, **options},
        )

    llm = built({})
    try:
        details = llm.client.show(name).modelinfo or {}
    except Exception as error:
        sentence = service.explain(error, False)
        if getattr(error, "status_code", None) == 404:
            sentence = LLMError(f"Ollama has no model {name!r}: run `ollama pull {name}`.")
        raise sentence from None

    def ask(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        # This class takes its options when it is built, not with the question.
        once = built({"num_predict": max_tokens, **({"stop": list(stop)} if stop else {})})
        finished = False
        for response in once.stream_chat(messages):
            finished = finished or bool((response.raw or {}).get("done"))
            yield response.delta or ""
        if not finished:
            raise ConnectionError("the stream ended without a reason")

    return _model(service, settings, llm, window, details.get("general.parameter_count"), ask)
