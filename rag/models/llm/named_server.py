"""Models of a server that a person named: its kind, its address, its key.

Owns: opening such a model, asking the server for its models, and a short question that tries one. Knows nothing about
where servers are kept or who may name one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from rag.errors import LLMError, UsageError
from rag.models.llm.endpoint import Endpoint
from rag.models.llm.model import Message, Model
from rag.models.llm.opening import open_with
from rag.notices import Notice

if TYPE_CHECKING:
    from rag.settings import Settings

ServerKind = Literal["openai", "ollama"]

# What a model is asked to see whether it answers, and how much it may write: one that thinks first needs some room.
_TRIAL = "Say hello in one short sentence."
_TRIAL_TOKENS, _TRIAL_SECONDS = 400, 60.0
_LONGEST_REPLY = 200


@dataclass(frozen=True, slots=True)
class NamedServer:
    """A server and one of its models.

    Attributes:
        kind: ``openai`` for one that speaks OpenAI's protocol, ``ollama`` for one of Ollama.
        address: Its base address, such as ``http://127.0.0.1:8080/v1``.
        model: The name of the model; "" while only the list of models is asked for.
        key: Its key; "" for none. It stands in no notice and no ``repr``.
        private: Whether it may lie in a private network or be this machine.
    """

    kind: ServerKind
    address: str
    model: str = ""
    key: str = field(default="", repr=False)
    private: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a short question: the reply, cut, and the seconds it took."""

    reply: str
    seconds: float


def base_address(kind: ServerKind, address: str) -> str:
    """Return the address that a server is called at: its protocol's own path is added, or taken away.

    Args:
        kind: The kind of server.
        address: An address without a slash at its end.

    Returns:
        The address.
    """
    if kind == "ollama":
        return address.removesuffix("/v1").removesuffix("/api").rstrip("/")
    return address if urlsplit(address).path.strip("/") else f"{address}/v1"


def open_server(server: NamedServer, settings: Settings) -> Model:
    """Open the model of a server.

    Args:
        server: The server.
        settings: Timeout and context window, and what they decide about every model.

    Returns:
        The model, which the caller closes.

    Raises:
        UsageError: A package is missing, the key cannot be sent, or the server has no model.
        LLMError: The server cannot be reached, may not be called, refuses access or has no such model.
    """
    endpoint, network = _reached(server)
    if server.kind == "ollama":
        from rag.models.llm.ollama_service import open_ollama

        return open_with("ollama", server.model, settings, lambda: open_ollama(endpoint, settings, **network))
    from rag.models.llm.openai_like_service import open_openai_like

    name = f"{server.address}#{server.model}"
    return open_with("openai-like", name, settings, lambda: open_openai_like(endpoint, settings, **network))


def list_models(server: NamedServer) -> list[str]:
    """Return the names of the models that a server says it has, in its order.

    Args:
        server: The server.

    Raises:
        UsageError: A package is missing, or the key cannot be sent.
        LLMError: The server cannot be reached, may not be called, refuses access or has no list.
    """
    endpoint, network = _reached(server)
    if server.kind == "ollama":
        from rag.models.llm.ollama_service import list_ollama

        return list_ollama(endpoint, **network)
    from rag.models.llm.openai_like_service import list_openai_like

    return list_openai_like(endpoint, **network)


def try_model(server: NamedServer, settings: Settings) -> Trial:
    """Ask the model of a server a short question.

    Args:
        server: The server.
        settings: As for ``open_server``; none waits longer than a minute here.

    Returns:
        What came back.

    Raises:
        UsageError: As ``open_server``.
        LLMError: As ``open_server``, or the model did not answer, in a minute at most.
    """
    patience = min(settings.llm_timeout, _TRIAL_SECONDS)
    hasty = settings.model_copy(update={"llm_timeout": patience, "llm_retries": 0})
    started = time.monotonic()
    model = open_server(server, hasty)
    try:
        from rag.models.llm.reasoning import without_reasoning

        text = ""
        for piece in model.stream([Message("user", _TRIAL)], _TRIAL_TOKENS):
            text += piece
            # Some models never end by themselves; that they answer is known by then.
            if len(without_reasoning(text)) > _LONGEST_REPLY or time.monotonic() - started > _TRIAL_SECONDS:
                break
        reply = " ".join(without_reasoning(text).split())
    finally:
        model.close()
    if not reply:
        raise LLMError(Notice("server-said-nothing", {"model": server.model or model.name}))
    shown = reply if len(reply) <= _LONGEST_REPLY else f"{reply[:_LONGEST_REPLY].rstrip()}…"
    return Trial(shown, time.monotonic() - started)


def _reached(server: NamedServer) -> tuple[Endpoint, dict[str, Any]]:
    """Return where a server is, and the options of an HTTP client that reaches it and nothing else."""
    from rag.models.llm.guarded_network import GuardedTransport

    if not all("!" <= sign <= "~" for sign in server.key):
        raise UsageError(Notice("server-key-unsendable"))
    endpoint = Endpoint("", server.address, server.model, server.address, "", server.key)
    return endpoint, {"transport": GuardedTransport(server.private)}
