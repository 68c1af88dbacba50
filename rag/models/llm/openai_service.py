"""The model service ``openai``: models of OpenAI.

Owns: where OpenAI is reached, its key, and the window of a model it does not tell. Knows nothing about the protocol.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rag.models.llm.endpoint import Endpoint, extra_needed, required_key
from rag.models.llm.model import Model
from rag.models.llm.openai_protocol import open_openai_protocol

if TYPE_CHECKING:
    from rag.models.weights import Fetch
    from rag.settings import Settings

UNKNOWN_WINDOW = 128_000
"""Tokens of the context window of a model that the library does not know."""


class OpenAIService:
    """Models of OpenAI."""

    form = "openai:NAME"

    def check(self, name: str) -> None:
        """Accept any name: OpenAI adds models at any time."""

    def open(self, name: str, settings: Settings, fetch: Fetch | None = None) -> Model:  # noqa: ARG002
        """Open a model; nothing is sent yet.

        Args:
            name: The model's name at OpenAI.
            settings: Timeout and context window.
            fetch: Not needed.

        Returns:
            The open model.

        Raises:
            UsageError: The package or the key is missing.
        """
        with extra_needed("openai", "openai"):
            from llama_index.llms.openai.utils import openai_modelname_to_contextsize

            key = required_key("OPENAI_API_KEY", "OpenAI")
            address = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
            endpoint = Endpoint("OpenAI", address, name, key_variable="OPENAI_API_KEY", secret=key)
            try:
                window = openai_modelname_to_contextsize(name)
            except ValueError:
                window = UNKNOWN_WINDOW
            return open_openai_protocol(
                endpoint, settings, settings.context_window or window, weak=False, official=True
            )
