"""Opening a language model by its spec.

Owns: which service a spec belongs to, what the settings decide about every model, and the notice on a service from
outside that fails. Knows nothing about prompts, evidence or answers, nor about any one service but that a name without
a prefix is local.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.errors import LLMError, UsageError
from rag.models.llm.budget import estimate_tokens
from rag.models.llm.local_service import DEFAULT_MODEL, is_local_name
from rag.models.llm.metering import EMBEDDED, LOCAL
from rag.models.llm.model import Model
from rag.models.llm.services import MODEL_SERVICES, ModelService, unknown_model_error
from rag.models.weights import TABLE
from rag.notices import Notice
from rag.parts import PartFailed, Unfit, warn_once

if TYPE_CHECKING:
    from rag.models.weights import Fetch
    from rag.settings import Settings

__all__ = ["DEFAULT_MODEL", "check_spec", "is_hosted", "is_known_weak", "open_llm", "open_with"]

_LOG = logging.getLogger(__name__)


def open_llm(spec: str, settings: Settings, fetch: Fetch | None = None) -> Model | None:
    """Open the language model that a spec names.

    Args:
        spec: ``none``, ``PREFIX:NAME`` with the prefix of a model service, or the name or path of a local model.
        settings: Where weights lie, and how much and how long the model may write.
        fetch: Brings weights that are absent, given a name of ``rag models list`` or ``hf:…``, and returns their path;
            without it they are not fetched.

    Returns:
        The model, which the caller closes; None for the spec ``none``.

    Raises:
        UsageError: The spec has no known form, or a package or key that it needs is missing.
        ModelError: The weights are absent or cannot be loaded.
        LLMError: A service cannot be used.
    """
    started = time.perf_counter()
    prefix, name = _parse(spec)
    if not prefix:
        return None
    return open_with(prefix, name, settings, lambda: _service(prefix).open(name, settings, fetch), started)


def open_with(
    prefix: str, name: str, settings: Settings, make: Callable[[], Model], started: float | None = None
) -> Model:
    """Open a model as ``open_llm`` does, by another way than its service's.

    Args:
        prefix: The prefix of its service.
        name: The name behind the prefix, by which what it costs is counted.
        settings: What they decide about every model.
        make: Opens it.
        started: When that began by the performance counter; None: now.

    Returns:
        The model, which the caller closes.

    Raises:
        UsageError: A package or key that it needs is missing.
        ModelError: The weights are absent or cannot be loaded.
        LLMError: It cannot be used.
    """
    started = time.perf_counter() if started is None else started
    model = _guard(prefix, _heed(settings, replace(_open(prefix, make), spec=f"{prefix}:{name}")))
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


def check_spec(spec: str) -> None:
    """Check the form of a spec, and that a file that it names is there. Nothing is loaded.

    Args:
        spec: The spec, as users write it.

    Raises:
        UsageError: The spec has no known form, or names a file that is absent.
    """
    _parse(spec)


def is_hosted(spec: str) -> bool:
    """Tell whether a spec names a model of a service, which answers several questions at once."""
    return MODEL_SERVICES.split_name(spec.strip())[0] not in ("", *EMBEDDED)


def is_known_weak(spec: str, trust: str) -> bool:
    """Tell whether a model is known to be weak before it is opened.

    Args:
        spec: A spec of a known form.
        trust: The setting ``RAG_LLM_TRUST``.

    Returns:
        Whether the setting calls every model weak, or leaves it open and the weights are fetched by name: all of these
        are small.
    """
    prefix, name = _parse(spec)
    if trust != "auto" or not prefix:
        return bool(prefix) and trust == "weak"
    return prefix == LOCAL and (name or DEFAULT_MODEL).lower() in TABLE


def _parse(spec: str) -> tuple[str, str]:
    """Return the prefix and the name that a spec stands for; no prefix for ``none``."""
    text = spec.strip()
    if text.lower() == "none":
        return "", ""
    prefix, name = MODEL_SERVICES.split_name(text)
    if not prefix and not is_local_name(text):
        raise unknown_model_error(spec)
    prefix = prefix or LOCAL
    service = _service(prefix)
    if not name and prefix not in service.form.split(", "):
        raise UsageError(Notice("model-name-missing", {"spec": spec, "form": service.form}))
    with _in_one_sentence(prefix):
        service.check(name)
    return prefix, name


def _service(prefix: str) -> ModelService:
    service = MODEL_SERVICES.get(prefix)
    if service is None:
        problem = MODEL_SERVICES.problem(prefix)
        raise UsageError(problem) if problem else unknown_model_error(prefix)
    return service


def _open(prefix: str, make: Callable[[], Model]) -> Model:
    with _in_one_sentence(prefix):
        model = make()
    if not isinstance(model, Model):
        returned = type(model).__name__
        raise LLMError(Notice("model-service-unusable", {"prefix": prefix, "returned": returned}))
    if field := _wrong_field(model):
        values = {"prefix": prefix, "field": field, "type": type(getattr(model, field)).__name__}
        raise LLMError(Notice("model-field-wrong", values))
    return model


def _wrong_field(model: Model) -> str:
    """Return the name of a field that is not what ``Model`` says; "" where all are."""
    from llama_index.core.llms import LLM

    def is_number(value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    def is_whole(value: object, least: int) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and value >= least

    right = {
        "name": isinstance(model.name, str) and bool(model.name),
        "context_window": is_whole(model.context_window, 1),
        "weak": isinstance(model.weak, bool),
        "llm": isinstance(model.llm, LLM),
        "stream_deltas": model.stream_deltas is None or callable(model.stream_deltas),
        "explain": model.explain is None or callable(model.explain),
        "count_tokens": callable(model.count_tokens),
        "close": callable(model.close),
        "timeout": model.timeout is None or (is_number(model.timeout) and model.timeout > 0),
        "retries": model.retries is None or is_whole(model.retries, 0),
        "likelihood": model.likelihood is None or callable(model.likelihood),
    }
    return next((field for field, is_right in right.items() if not is_right), "")


@contextmanager
def _in_one_sentence(prefix: str) -> Iterator[None]:
    """Turn whatever a service raises into one sentence, without its words: they may hold a key."""
    try:
        with MODEL_SERVICES.calling(prefix):
            yield
    except PartFailed as failed:
        raise LLMError(Notice("model-service-failed", {"prefix": prefix, "cause": failed.cause})) from failed


def _heed(settings: Settings, model: Model) -> Model:
    """Return a model as the settings want every model, whichever service opened it."""
    return replace(
        model,
        context_window=min(model.context_window, settings.context_window or model.context_window),
        weak=model.weak if settings.llm_trust == "auto" else settings.llm_trust == "weak",
        timeout=settings.llm_timeout if model.timeout is None else model.timeout,
        retries=settings.llm_retries if model.retries is None else model.retries,
    )


def _guard(prefix: str, model: Model) -> Model:
    """Return a model whose count of tokens and whose closing cost no answer where they fail."""

    def count_tokens(text: str) -> int:
        try:
            with MODEL_SERVICES.calling(prefix):
                counted = model.count_tokens(text)
                if not isinstance(counted, int) or counted < 0:
                    raise Unfit("it gave no whole number")
                return counted
        except PartFailed as failed:
            _warn(prefix, failed, "cannot count tokens, which are estimated instead")
            return estimate_tokens(text)

    def close() -> None:
        try:
            with MODEL_SERVICES.calling(prefix):
                model.close()
        except PartFailed as failed:
            _warn(prefix, failed, "cannot close a model")

    return replace(model, count_tokens=count_tokens, close=close)


def _warn(prefix: str, failed: PartFailed, what: str) -> None:
    warn_once(f"The model service {prefix!r} {what} ({failed.cause}); update its package.")
