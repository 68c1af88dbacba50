"""Opening a language model by its spec.

Owns: the forms of a spec, and which module opens each of them: ``local`` the embedded engine, ``hosted`` the services.
Knows nothing about prompts, evidence or answers, nor how a model is run.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError, UsageError
from rag.models.llm.model import Model
from rag.models.weights import TABLE, Weights, path_of

if TYPE_CHECKING:
    from rag.settings import Settings

__all__ = ["DEFAULT_MODEL", "SPEC_FORMS", "check_spec", "open_llm"]

DEFAULT_MODEL = "qwen2.5-coder-0.5b-instruct"
SPEC_FORMS = (
    "none, local, local:NAME, a path to a .gguf file, ollama:NAME, openai:NAME, anthropic:NAME, or openai-like:URL#NAME"
)
_SERVICES = ("ollama", "openai", "anthropic", "openai-like")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _ParsedSpec:
    """What a spec names: a model of a ``service``, known ``weights``, a GGUF file at ``path``, or nothing: no model."""

    service: str = ""
    model: str = ""
    weights: Weights | None = None
    path: Path | None = None


def open_llm(spec: str, settings: Settings, fetch: Callable[[str], Path] | None = None) -> Model | None:
    """Open the language model that a spec names.

    Args:
        spec: One of ``SPEC_FORMS``.
        settings: Where weights lie, and how much and how long the model may write.
        fetch: Brings known weights that are absent, given their name, and returns their path; without it they are not
            fetched.

    Returns:
        The model, which the caller closes; None for the spec ``none``.

    Raises:
        UsageError: The spec has no known form, or a package or key that it needs is missing.
        ModelError: The weights are absent or cannot be loaded.
        LLMError: A service cannot be used.
    """
    started = time.perf_counter()
    model = _open(_parse(spec), settings, fetch)
    if model:
        _LOG.info(
            "language model opened",
            extra={
                "model": model.name,
                "context_window": model.context_window,
                "weak": model.weak,
                "seconds": round(time.perf_counter() - started, 3),
            },
        )
    return model


def _open(parsed: _ParsedSpec, settings: Settings, fetch: Callable[[str], Path] | None) -> Model | None:
    if parsed.service:
        from rag.models.llm.hosted import open_hosted

        return open_hosted(parsed.service, parsed.model, settings)
    if parsed.weights:
        weights = parsed.weights
        path = path_of(weights.name, settings.models) or (fetch(weights.name) if fetch else None)
        if path is None:
            raise ModelError(f"{weights.title} has not been fetched: run `rag models pull {weights.name}`.")
        return _open_local(path, weights.title, weights.window, settings)
    return _open_local(parsed.path, parsed.path.stem, 0, settings) if parsed.path else None


def check_spec(spec: str) -> None:
    """Check the form of a spec, and that a file that it names is there. Nothing is loaded.

    Args:
        spec: The spec, as users write it.

    Raises:
        UsageError: The spec has no known form, or names a file that is absent.
    """
    _parse(spec)


def _parse(spec: str) -> _ParsedSpec:
    kind, _, rest = spec.strip().partition(":")
    if kind in _SERVICES:
        if not rest:
            raise UsageError(
                f"{spec!r} names no model; write {kind}:{'URL#NAME' if kind == 'openai-like' else 'NAME'}."
            )
        return _ParsedSpec(service=kind, model=rest)
    if spec.strip().lower() == "none":
        return _ParsedSpec()
    name = (rest or DEFAULT_MODEL) if kind == "local" else spec.strip()
    weights = TABLE.get(name.lower())
    if weights and weights.kind == "llm":
        return _ParsedSpec(weights=weights)
    path = Path(name).expanduser()
    if path.suffix.lower() != ".gguf":
        known = ", ".join(weights.name for weights in TABLE.values() if weights.kind == "llm")
        raise UsageError(f"{spec!r} names no language model; write {SPEC_FORMS}. Local names: {known}.")
    if not path.is_file():
        raise UsageError(f"There is no file {path}; give the path of a GGUF file.")
    return _ParsedSpec(path=path)


def _open_local(path: Path, title: str, window: int, settings: Settings) -> Model:
    from rag.models.llm.local import open_local

    return open_local(path, title, window, settings)
