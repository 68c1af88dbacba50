"""The language models that a person may choose, those that can be fetched, and where each sends what it is given.

Owns: these lists. Knows nothing about opening a model, who may fetch one, or what a page shows of them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from rag.hosting.this_computer import is_this_computer
from rag.models.llm.opening import DEFAULT_MODEL
from rag.models.llm.services import MODEL_SERVICES
from rag.models.weights import TABLE, Weights, fetched_models, path_of
from rag.settings import Settings
from ui.service.model_servers import PREFIX, KeptServer

NONE = "none"
_HUB = "hf:"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A language model that can be used now.

    Attributes:
        spec: What it is chosen by.
        title: What people call it; empty for no model.
        kind: ``table`` for weights that Footnote knows, ``hub`` for others that were fetched, ``file`` for a file,
            ``server`` for one that the operator named, ``service`` for one of the command line, ``none`` for none.
        size: Bytes on the disk; 0 where that is not known.
        memory: Bytes of memory, as measured; 0 where that is not known.
        licence: Its licence; empty where that is not known.
        host: Where questions and passages are sent; empty: nowhere.
        name: Its name in the table; empty for another.
        id: The id of the server that was named; empty for another.
    """

    spec: str
    title: str
    kind: Literal["table", "hub", "file", "server", "service", "none"]
    size: int = 0
    memory: int = 0
    licence: str = ""
    host: str = ""
    name: str = ""
    id: str = ""


def model_name(spec: str) -> str:
    """Return a spec in full: ``local`` alone is the default model."""
    return f"local:{DEFAULT_MODEL}" if spec == "local" else spec


def choices(own: str, settings: Settings, servers: Sequence[KeptServer]) -> list[ModelChoice]:
    """Return the models that a person may choose: the server's own first, and no model last.

    Args:
        own: The spec that the chat was started with.
        settings: Where weights lie.
        servers: The servers that the operator named.
    """
    first = _of_spec(own or NONE)
    # One model under two names would be loaded twice.
    taken = {model_name(own)}
    embedded = [
        _of_weights(weights)
        for weights in TABLE.values()
        if weights.kind == "llm" and path_of(weights.name, settings.models) is not None
    ]
    fetched = [
        ModelChoice(
            str(manifest["name"]),
            str(manifest["name"]).removeprefix(_HUB),
            "hub",
            size=sum(file["size"] for file in manifest["files"]),
            licence=str(manifest.get("licence") or ""),
        )
        for manifest in fetched_models(settings.models)
        if manifest.get("kind") == "llm"
    ]
    named = [
        ModelChoice(kept.spec, kept.name, "server", host=host_of(kept.server.address), id=kept.id) for kept in servers
    ]
    others = [one for one in (*embedded, *fetched, *named) if one.spec not in taken]
    last = [] if first.kind == "none" else [ModelChoice(NONE, "", "none")]
    return [first, *others, *last]


def fetchable(settings: Settings) -> list[Weights]:
    """Return the language models of the checked table that are not on this machine."""
    return [
        weights
        for weights in TABLE.values()
        if weights.kind == "llm" and path_of(weights.name, settings.models) is None
    ]


def destination(spec: str, servers: Sequence[KeptServer]) -> str:
    """Return the host that a model sends questions and passages to.

    Args:
        spec: The spec of a model.
        servers: The servers that the operator named.

    Returns:
        The name of the host; empty for a model on this computer; the prefix of a service that is not known here.
    """
    if spec.startswith(PREFIX):
        return next((host_of(kept.server.address) for kept in servers if kept.spec == spec), "")
    prefix, name = MODEL_SERVICES.split_name(spec.strip())
    match prefix:
        case "" | "local" | "hf":
            return ""
        case "openai-like":
            return host_of(name.partition("#")[0])
        case "ollama":
            from rag.models.llm.ollama_service import ollama_address

            return host_of(ollama_address())
        case "openai":
            return host_of(os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com")
        case "anthropic":
            return host_of(os.environ.get("ANTHROPIC_BASE_URL") or "https://api.anthropic.com")
        case "gemini":
            return host_of(os.environ.get("GOOGLE_GEMINI_BASE_URL") or "https://generativelanguage.googleapis.com")
    return prefix


def host_of(address: str) -> str:
    """Return the host of an address; empty where that is this computer."""
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or address
    except ValueError:
        host = address
    return "" if is_this_computer(host) else host


def _of_weights(weights: Weights) -> ModelChoice:
    return ModelChoice(
        f"local:{weights.name}", weights.title, "table", weights.size, weights.memory, weights.licence, "", weights.name
    )


def _of_spec(spec: str) -> ModelChoice:
    """Return the model that the chat was started with."""
    if spec == NONE:
        return ModelChoice(NONE, "", "none")
    name = model_name(spec).removeprefix("local:")
    if weights := TABLE.get(name.lower()):
        shown = _of_weights(weights)
        return ModelChoice(spec, shown.title, "table", shown.size, shown.memory, shown.licence, "", weights.name)
    prefix, rest = MODEL_SERVICES.split_name(spec)
    if prefix == "hf":
        return ModelChoice(spec, rest, "hub")
    if prefix in ("", "local"):
        return ModelChoice(spec, Path(name).name, "file")
    title = rest.partition("#")[2] or rest
    return ModelChoice(spec, title, "service", host=destination(spec, ()))
