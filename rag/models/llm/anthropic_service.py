"""The model service ``anthropic``: models of Anthropic.

Owns: its LlamaIndex class, where Anthropic is reached, and its key. Knows nothing about retries or prompts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rag.models.llm.endpoint import CLIENT_TIMEOUT_MARGIN, Endpoint, extra_needed, required_key
from rag.models.llm.model import Model

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

    from rag.models.weights import Fetch
    from rag.settings import Settings

UNKNOWN_WINDOW = 200_000
"""Tokens of the context window of a model that the library does not know."""


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
    from llama_index.llms.anthropic import Anthropic
    from llama_index.llms.anthropic.utils import anthropic_modelname_to_contextsize

    key = required_key("ANTHROPIC_API_KEY", "Anthropic")
    address = os.environ.get("ANTHROPIC_BASE_URL") or "https://api.anthropic.com"
    endpoint = Endpoint("Anthropic", address, name, key_variable="ANTHROPIC_API_KEY", secret=key)
    try:
        window = anthropic_modelname_to_contextsize(name)
    except ValueError:
        window = UNKNOWN_WINDOW
    llm = Anthropic(
        model=name,
        api_key=key,
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

    return Model(name, settings.context_window or window, False, llm, stream_deltas, endpoint.explain)
