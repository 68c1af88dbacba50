"""The model service ``ollama``: models of an Ollama server.

Owns: its LlamaIndex class, where the server is reached, and asking it about a model. Knows nothing about retries or
prompts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rag.errors import LLMError
from rag.models.llm.endpoint import CLIENT_TIMEOUT_MARGIN, DEFAULT_WINDOW, Endpoint, extra_needed
from rag.models.llm.model import Model
from rag.models.llm.trust import has_few_parameters
from rag.notices import Notice

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.ollama import Ollama

    from rag.models.weights import Fetch
    from rag.settings import Settings


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
        with extra_needed("ollama", "ollama"):
            return _open(name, settings)


def _open(name: str, settings: Settings) -> Model:
    from llama_index.llms.ollama import Ollama

    address = os.environ.get("OLLAMA_HOST", "").strip() or "http://127.0.0.1:11434"
    address = address if "://" in address else f"http://{address}"
    endpoint = Endpoint("Ollama", address, name, address, unreachable="ollama-unreachable")
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
            raise LLMError(Notice("ollama-model-absent", {"model": name})) from None
        raise endpoint.explain(error, False) from None

    def stream_deltas(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        # This class takes its options when it is built, not with the question.
        request_llm = build_llm({"num_predict": max_tokens, **({"stop": list(stop)} if stop else {})})
        finished = False
        for response in request_llm.stream_chat(messages):
            finished = finished or bool((response.raw or {}).get("done"))
            yield response.delta or ""
        if not finished:
            raise ConnectionError("the stream ended without a reason")

    weak = has_few_parameters(details.get("general.parameter_count"))
    return Model(name, window, weak, llm, stream_deltas, endpoint.explain)
