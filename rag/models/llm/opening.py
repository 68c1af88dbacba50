"""Language models: opening one by its spec, and streaming its words.

Owns: the forms of a spec, the ``Model`` that the rest of the program holds, retries, timeouts, cancellation and the
budget of a context window. Knows nothing about prompts, evidence or answers; ``local`` knows the embedded engine and
``hosted`` the services, each behind a LlamaIndex ``LLM``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError, UsageError
from rag.models import weights as models
from rag.models.llm.model import Model

if TYPE_CHECKING:
    from rag.settings import Settings

__all__ = ["DEFAULT", "FORMS", "check_spec", "is_weak", "open_llm"]

DEFAULT = "qwen2.5-coder-0.5b-instruct"
FORMS = (
    "none, local, local:NAME, a path to a .gguf file, ollama:NAME, openai:NAME, anthropic:NAME, or openai-like:URL#NAME"
)
WEAK_BELOW = 3e9
"""Models with fewer parameters cannot be trusted to cite or to abstain."""


def open_llm(spec: str, settings: Settings, fetch: Callable[[str], Path] | None = None) -> Model | None:
    """Open the model that ``spec`` names; None for ``none``.

    ``fetch(name)`` brings known weights that are absent and returns their path; without it they are not fetched.
    Raises UsageError for a spec of no known form, ModelError when weights cannot be had, LLMError when a service
    cannot be used.
    """
    check_spec(spec)
    kind, _, rest = spec.strip().partition(":")
    if spec.strip().lower() == "none":
        return None
    if kind in ("ollama", "openai", "anthropic", "openai-like"):
        from rag.models.llm import hosted

        return hosted.open_hosted(kind, rest, settings)
    name = (rest or DEFAULT) if kind == "local" else spec.strip()
    weights = models.TABLE.get(name.lower())
    if weights and weights.kind == "llm":
        path = models.path_of(weights.name, settings.models) or (fetch(weights.name) if fetch else None)
        if path is None:
            raise ModelError(f"{weights.title} has not been fetched: run `rag models pull {weights.name}`.")
        return _open_local(path, weights.title, weights.window, settings)
    path = Path(name).expanduser()
    return _open_local(path, path.stem, 0, settings)


def check_spec(spec: str) -> None:
    """Raise UsageError for a spec of no known form, or of a file that is not there. Loads nothing."""
    kind, _, rest = spec.strip().partition(":")
    if kind in ("ollama", "openai", "anthropic", "openai-like"):
        if not rest:
            raise UsageError(
                f"{spec!r} names no model; write {kind}:{'URL#NAME' if kind == 'openai-like' else 'NAME'}."
            )
        return
    name = (rest or DEFAULT) if kind == "local" else spec.strip()
    weights = models.TABLE.get(name.lower())
    if spec.strip().lower() == "none" or (weights and weights.kind == "llm"):
        return
    path = Path(name).expanduser()
    if path.suffix.lower() != ".gguf":
        known = ", ".join(weights.name for weights in models.TABLE.values() if weights.kind == "llm")
        raise UsageError(f"{spec!r} names no language model; write {FORMS}. Local names: {known}.")
    if not path.is_file():
        raise UsageError(f"There is no file {path}; give the path of a GGUF file.")


def _open_local(path: Path, title: str, window: int, settings: Settings) -> Model:
    from rag.models.llm import local

    return local.open_local(path, title, window, settings)


def is_weak(parameters: float | None, settings: Settings) -> bool:
    """Whether a model of that many parameters (None: not known, taken for a big one) is weak, unless set by hand."""
    if settings.llm_trust != "auto":
        return settings.llm_trust == "weak"
    return parameters is not None and parameters < WEAK_BELOW
