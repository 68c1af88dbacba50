"""The model service ``openai-like``: any server that speaks OpenAI's protocol, such as llama.cpp or vLLM.

Owns: the form ``URL#NAME``, and asking a server for its models and their windows. Knows nothing about the protocol's
client.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from rag.errors import LLMError, UsageError
from rag.models.llm.endpoint import DEFAULT_WINDOW, Endpoint, extra_needed, optional_key
from rag.models.llm.model import Model
from rag.models.llm.openai_protocol import open_openai_protocol
from rag.models.llm.trust import has_few_parameters
from rag.notices import Notice

if TYPE_CHECKING:
    import httpx

    from rag.models.weights import Fetch
    from rag.settings import Settings


class OpenAILikeService:
    """Models of a server whose address is part of the spec."""

    form = "openai-like:URL#NAME"

    def check(self, name: str) -> None:
        """Refuse a name that does not begin with a URL.

        Raises:
            UsageError: It does not.
        """
        if not re.match(r"https?://[^/]", name):
            raise UsageError(Notice("model-address-wrong", {"address": name}))

    def open(self, name: str, settings: Settings, fetch: Fetch | None = None) -> Model:  # noqa: ARG002
        """Ask a server for its model, and open it.

        Args:
            name: The server's URL and, behind ``#``, the model's name; without one, the server's first model counts.
            settings: Timeout and context window.
            fetch: Not needed.

        Returns:
            The open model.

        Raises:
            UsageError: The package is missing, or the server has no model to take when none is named.
            LLMError: The server cannot be reached or refuses access.
        """
        address, _, model = name.partition("#")
        address = address.rstrip("/")
        secret = optional_key("RAG_LLM_API_KEY")
        return open_openai_like(Endpoint("", address, model, address, "RAG_LLM_API_KEY", secret), settings)


def open_openai_like(endpoint: Endpoint, settings: Settings, **network: Any) -> Model:
    """Ask a server for its model, and open it.

    Args:
        endpoint: Where it is, its key and the model; without a model, the server's first one counts.
        settings: Timeout and context window.
        **network: Further options of the HTTP client.

    Returns:
        The open model.

    Raises:
        UsageError: The package is missing, or the server has no model to take when none is named.
        LLMError: The server cannot be reached or refuses access.
    """
    with extra_needed("openai-like", "openai"):
        import llama_index.llms.openai_like  # noqa: F401  a missing extra is reported before the server is asked

        served = _query_server(endpoint, network)
        return open_openai_protocol(
            replace(endpoint, model=served.name),
            settings,
            settings.context_window or served.window or DEFAULT_WINDOW,
            weak=has_few_parameters(served.parameters),
            official=False,
            **network,
        )


def list_openai_like(endpoint: Endpoint, **network: Any) -> list[str]:
    """Return the names of the models that a server lists, in its order.

    Args:
        endpoint: Where it is, and its key.
        **network: Further options of the HTTP client.

    Raises:
        LLMError: The server cannot be reached, refuses access or has no list.
    """
    import httpx

    from rag.models.llm.responses import open_client

    try:
        with open_client(endpoint, 10, headers=_headers(endpoint), **network) as client:
            return [entry["id"] for entry in _entries(client, endpoint)]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise endpoint.explain(error, False) from None


def _headers(endpoint: Endpoint) -> dict[str, str]:
    return {"Authorization": f"Bearer {endpoint.secret}"} if endpoint.secret else {}


class _ServedModel(NamedTuple):
    """What a server says about a model: its name, its context window (0: not stated) and its number of parameters."""

    name: str
    window: int
    parameters: float | None


def _query_server(endpoint: Endpoint, network: dict[str, Any]) -> _ServedModel:
    """Ask a server for the model of ``endpoint``, or for its first model when none is named."""
    import httpx

    from rag.models.llm.responses import open_client

    root = endpoint.address.removesuffix("/v1")
    try:
        with open_client(endpoint, 10, headers=_headers(endpoint), **network) as client:
            entries = _entries(client, endpoint)
            properties = _properties(client, f"{root}/props") if root != endpoint.address else {}
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise endpoint.explain(error, False) from None
    model: dict[str, Any] = next((entry for entry in entries if endpoint.model in ("", entry["id"])), {})
    name = endpoint.model or model.get("id")
    if not name:
        raise UsageError(endpoint.notice("model-unnamed"))
    # llama.cpp states the window that it was started with in /props; vLLM and the like in the list of models.
    meta = model.get("meta") or {}
    served_window = (properties.get("default_generation_settings") or {}).get("n_ctx")
    window = served_window or model.get("max_model_len") or meta.get("n_ctx") or 0
    return _ServedModel(name, int(window), meta.get("n_params"))


def _entries(client: httpx.Client, endpoint: Endpoint) -> list[dict[str, Any]]:
    """Return the models that a server lists; none where it has no list.

    Raises:
        LLMError: It refuses access, or answers with something else and no model is named.
    """
    try:
        listing = client.get(f"{endpoint.address}/models")
    except LLMError as error:
        if endpoint.model and error.notice.code in ("model-answer-empty", "model-answer-not-json"):
            return []
        raise
    if listing.status_code in (401, 403):
        raise endpoint.access_refused(listing.status_code)
    entries = _json_object(listing).get("data")
    return (
        [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
        if isinstance(entries, list)
        else []
    )


def _properties(client: httpx.Client, url: str) -> dict[str, Any]:
    """Return what llama.cpp's server says of itself; nothing where another server answers in its own way."""
    try:
        return _json_object(client.get(url))
    except LLMError:
        return {}


def _json_object(response: Any) -> dict[str, Any]:
    """Return the JSON object in a response; an empty one when it failed or holds something else."""
    try:
        value = response.json() if response.is_success else {}
    except ValueError:
        value = {}
    return value if isinstance(value, dict) else {}
