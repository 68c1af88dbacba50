"""A model behind OpenAI's protocol, whoever serves it.

Owns: the client of this protocol, and how a limit and stop words are asked for. Knows nothing about whose server it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rag.models.llm.endpoint import CLIENT_TIMEOUT_MARGIN, Endpoint
from rag.models.llm.model import Model

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

    from rag.settings import Settings

REASONING_TOKENS = 4096
"""Added to the answer's limit for reasoning models: the service counts their hidden reasoning against it."""


def open_openai_protocol(endpoint: Endpoint, settings: Settings, window: int, weak: bool, official: bool) -> Model:
    """Open a model behind OpenAI's protocol.

    Args:
        endpoint: Where it is, and its key.
        settings: The timeout.
        window: Tokens of its context window.
        weak: Whether it has too few parameters to be trusted.
        official: Whether the server is OpenAI's own, whose reasoning models take other options.

    Returns:
        The open model; nothing has been sent yet.
    """
    from llama_index.llms.openai.utils import O1_MODELS
    from llama_index.llms.openai_like import OpenAILike
    from openai import AsyncOpenAI, OpenAI

    options: dict[str, Any] = {
        "base_url": endpoint.address,
        "api_key": endpoint.secret or "none",
        "timeout": settings.llm_timeout + CLIENT_TIMEOUT_MARGIN,
        "max_retries": 0,
    }
    client = OpenAI(**options)
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
    is_reasoning_model = official and endpoint.model in O1_MODELS

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

    return Model(endpoint.model, window, weak, llm, stream_deltas, endpoint.explain, close=client.close)
