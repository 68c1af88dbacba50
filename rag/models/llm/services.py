"""The model services: one table of those that ship and those that other packages bring.

Owns: what a model service is, and the sentence that lists how its models are named. Knows nothing about any one of
them: a service is imported when a model's name has its prefix.

A package adds a service with an entry point, whose name is the prefix of its models::

    [project.entry-points."footnote.model_services"]
    bedrock = "footnote_bedrock:BedrockService"
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from rag.errors import UsageError
from rag.models.llm.model import Model
from rag.models.weights import TABLE, Fetch
from rag.notices import Notice
from rag.parts import Parts

if TYPE_CHECKING:
    from rag.settings import Settings


@runtime_checkable
class ModelService(Protocol):
    """Opens the language models whose names have its prefix, ``PREFIX:NAME``.

    Attributes:
        form: How a model is named, for the sentence that lists the forms: ``openai:NAME``. Several forms stand in one
            string with ``", "`` between them. A spec without a name is refused unless the prefix alone is one of them.
    """

    form: str

    def check(self, name: str) -> None:
        """Refuse a name that cannot be one; nothing is loaded and no server is asked.

        Args:
            name: What stands behind the prefix.

        Raises:
            UsageError: The name is malformed, or names a file that is absent.
        """
        ...

    def open(self, name: str, settings: Settings, fetch: Fetch | None) -> Model:
        """Open a model.

        Args:
            name: What stands behind the prefix; ``check`` has accepted it.
            settings: How long a model may be silent and how much it may write; ``context_window``, where it is not 0,
                is the window that the user wants. ``RAG_LLM_TRUST`` and, where the model sets none of its own, timeout
                and retries are put in by the caller.
            fetch: Brings weights of ``rag models list`` that are absent, given their name; None: they are not fetched.

        Returns:
            The open model; ``Model(name, context_window, weak, llm)`` is enough. It is asked from several threads at
            once: a model that cannot bear that takes turns by a lock of its own.

        Raises:
            UsageError: A package or a key is missing.
            ModelError: Weights are absent or cannot be loaded.
            LLMError: The service cannot be used. Whatever else it raises becomes one.
        """
        ...


# What a name without a prefix begins with, or is.
_RESERVED = ("none", "gguf")


def _fault_of(service: ModelService) -> str:
    return "" if isinstance(service.form, str) and service.form else "its form is no text"


def _name_fault(name: str) -> str:
    if len(name) == 1:
        return "a single letter is the drive of a Windows path"
    return "it names a model without a service" if name.lower() in (*_RESERVED, *TABLE) else ""


MODEL_SERVICES: Parts[ModelService] = Parts(
    "model service",
    {
        "local": "rag.models.llm.local_service:LocalService",
        "hf": "rag.models.llm.local_service:HubService",
        "ollama": "rag.models.llm.ollama_service:OllamaService",
        "openai": "rag.models.llm.openai_service:OpenAIService",
        "anthropic": "rag.models.llm.anthropic_service:AnthropicService",
        "gemini": "rag.models.llm.gemini_service:GeminiService",
        "openai-like": "rag.models.llm.openai_like_service:OpenAILikeService",
    },
    ModelService,
    _fault_of,
    _name_fault,
)


def spec_forms() -> list[str]:
    """Return how a model can be named: ``none``, and the forms of each service."""
    return ["none", *(service.form for _, service in MODEL_SERVICES.items())]


def unknown_model_error(spec: str) -> UsageError:
    """Return the error for a spec of no known form."""
    known = [weights.name for weights in TABLE.values() if weights.kind == "llm"]
    return UsageError(Notice("model-spec-unknown", {"spec": spec, "forms": spec_forms(), "known": known}))
