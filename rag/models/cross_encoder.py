"""A sentence-transformers CrossEncoder from this machine.

Owns: loading it without a network, and one sentence when that fails. Knows nothing about what its scores mean.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError
from rag.models.device import CPU, TorchDevice
from rag.models.hub_names import PREFIX
from rag.models.offline import keep_libraries_offline
from rag.models.weights import pull
from rag.notices import Notice

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_LOG = logging.getLogger(__name__)


class LoadedCrossEncoder:
    """A CrossEncoder on a device; where that is a GPU and fails, it goes on on the CPU."""

    def __init__(self, model: CrossEncoder, device: TorchDevice) -> None:
        """Take over a loaded model.

        Args:
            model: The model.
            device: Where it is.
        """
        self.tokenizer: Any = model.tokenizer
        self.config: Any = model.config
        self._model, self._device = model, device

    def predict(self, pairs: Sequence[tuple[str, str]], **options: Any) -> Any:
        """Score pairs of texts.

        Args:
            pairs: The pairs.
            **options: As of ``sentence_transformers.CrossEncoder.predict``.

        Returns:
            An output for each pair, in the same order.
        """
        return self._device.run(lambda: self._model.predict(list(pairs), **options), lambda: self._model.to(CPU))


def load_cross_encoder(
    spec: str, threads: int, setting: str, *, device: str = CPU, models: Path | None = None
) -> LoadedCrossEncoder:
    """Load a cross-encoder without a network, and without running code that comes with it.

    Only a model of the hub, ``hf:OWNER/MODEL``, is fetched where it is absent.

    Args:
        spec: A folder, ``hf:OWNER/MODEL``, or a Hugging Face name whose files are already on this machine.
        threads: Threads that it computes with.
        setting: The variable that holds ``spec``, for the sentence about a failure.
        device: Where it computes, as ``RAG_DEVICE`` names it.
        models: The folder of all models, for a model of the hub.

    Returns:
        The model.

    Raises:
        ModelError: There is no such model on this machine, or it is no CrossEncoder, or damaged.
        UsageError: What follows ``hf:`` is no name.
    """
    folder = pull(spec, models) if models and spec.startswith(PREFIX) else Path(spec).expanduser()
    keep_libraries_offline()
    import torch
    from sentence_transformers import CrossEncoder

    torch.set_num_threads(threads)

    def load(on: str) -> CrossEncoder:
        name = str(folder) if folder.exists() else spec
        model: CrossEncoder = CrossEncoder(name, device=on, local_files_only=True, trust_remote_code=False)
        return model

    on_device = TorchDevice(device)
    try:
        model = on_device.load(load)
    except Exception as error:  # the libraries that read weights and tokenizers raise types of their own, and bare ones
        _LOG.debug("a cross-encoder cannot be loaded", extra={"model": spec}, exc_info=True)
        values = {"model": spec, "cause": type(error).__name__, "setting": setting}
        raise ModelError(Notice("cross-encoder-unloadable", values)) from error
    return LoadedCrossEncoder(model, on_device)
