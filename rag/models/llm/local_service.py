"""The model services ``local`` and ``hf``: GGUF files that run inside this process.

Owns: what a local name stands for, and that weights are fetched before they are opened. Knows nothing about the engine,
which is imported when a model is opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError, UsageError
from rag.models.hub_names import GGUF_FORM, PREFIX, HubName, read_hub_name
from rag.models.llm.model import Model
from rag.models.llm.services import unknown_model_error
from rag.models.weight_check import named_when_damaged
from rag.models.weights import TABLE, Weights, path_of
from rag.notices import Notice

if TYPE_CHECKING:
    from rag.models.weights import Fetch
    from rag.settings import Settings

DEFAULT_MODEL = "qwen2.5-coder-0.5b-instruct"


class LocalService:
    """Known weights by name, and GGUF files by path."""

    form = "local, local:NAME, a path to a .gguf file"

    def check(self, name: str) -> None:
        """Refuse a name that is neither that of known weights nor the path of a GGUF file.

        Args:
            name: A name of ``rag models list``, a path, or nothing for the default model.

        Raises:
            UsageError: It is neither, or there is no such file.
        """
        _find(name)

    def open(self, name: str, settings: Settings, fetch: Fetch | None = None) -> Model:
        """Load a GGUF file, which takes some seconds.

        Args:
            name: A name of ``rag models list``, a path, or nothing for the default model.
            settings: Where weights lie, threads, context window and answer length.
            fetch: Brings known weights that are absent; without it they are not fetched.

        Returns:
            The open model.

        Raises:
            ModelError: The weights are absent or cannot be loaded.
        """
        from rag.models.llm.local import open_local

        found = _find(name)
        if isinstance(found, Path):
            return open_local(found, found.stem, 0, settings)
        path = path_of(found.name, settings.models) or (fetch(found.name) if fetch else None)
        if path is None:
            raise ModelError(Notice("weights-absent", {"title": found.title, "name": found.name}))
        with named_when_damaged(found.name, settings.models):
            return open_local(path, found.title, found.window, settings)


class HubService:
    """GGUF files of the Hugging Face hub, which are fetched once."""

    form = GGUF_FORM

    def check(self, name: str) -> None:
        """Refuse a name that is not that of a GGUF file.

        Args:
            name: ``OWNER/REPO/FILE.gguf[@REVISION]``.

        Raises:
            UsageError: It is another name.
        """
        _read_gguf_name(name)

    def open(self, name: str, settings: Settings, fetch: Fetch | None = None) -> Model:
        """Load a GGUF file, which takes some seconds.

        Args:
            name: ``OWNER/REPO/FILE.gguf[@REVISION]``.
            settings: Where weights lie, threads, context window and answer length.
            fetch: Brings the file where it is absent; without it it is not fetched.

        Returns:
            The open model.

        Raises:
            ModelError: The file is absent or cannot be loaded.
        """
        from rag.models.llm.local import open_local

        found = _read_gguf_name(name)
        path = path_of(found.spec, settings.models) or (fetch(found.spec) if fetch else None)
        if path is None:
            raise ModelError(Notice("weights-absent", {"title": found.title, "name": found.spec}))
        with named_when_damaged(found.spec, settings.models):
            return open_local(path, found.title, 0, settings)


def _read_gguf_name(name: str) -> HubName:
    found = read_hub_name(PREFIX + name)
    if not found.file:
        raise UsageError(Notice("hub-gguf-needed", {"name": found.spec, "form": GGUF_FORM}))
    return found


def is_local_name(name: str) -> bool:
    """Tell whether a name stands for a local model without a prefix: known weights, or the path of a GGUF file."""
    weights = TABLE.get(name.lower())
    return bool(weights and weights.kind == "llm") or Path(name).suffix.lower() == ".gguf"


def _find(name: str) -> Weights | Path:
    """Return what a local name stands for; nothing is the default model."""
    name = name or DEFAULT_MODEL
    if not is_local_name(name):
        raise unknown_model_error(f"local:{name}")
    if weights := TABLE.get(name.lower()):
        return weights
    path = Path(name).expanduser()
    if not path.is_file():
        raise UsageError(Notice("gguf-absent", {"path": str(path)}))
    return path
