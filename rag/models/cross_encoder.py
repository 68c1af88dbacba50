"""A sentence-transformers CrossEncoder from this machine.

Owns: loading it without a network, and one sentence when that fails. Knows nothing about what its scores mean.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.models.offline import keep_libraries_offline
from rag.notices import Notice

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_LOG = logging.getLogger(__name__)


def load_cross_encoder(spec: str, threads: int, setting: str) -> CrossEncoder:
    """Load a cross-encoder without a network, and without running code that comes with it.

    Args:
        spec: A folder, or a Hugging Face name whose files are already on this machine.
        threads: Threads that it computes with.
        setting: The variable that holds ``spec``, for the sentence about a failure.

    Returns:
        The model, on the CPU.

    Raises:
        ModelError: There is no such model on this machine, or it is no CrossEncoder, or damaged.
    """
    keep_libraries_offline()
    import torch
    from sentence_transformers import CrossEncoder

    torch.set_num_threads(threads)
    folder = Path(spec).expanduser()
    try:
        model: CrossEncoder = CrossEncoder(
            str(folder) if folder.exists() else spec, device="cpu", local_files_only=True, trust_remote_code=False
        )
    except Exception as error:  # the libraries that read weights and tokenizers raise types of their own, and bare ones
        _LOG.debug("a cross-encoder cannot be loaded", extra={"model": spec}, exc_info=True)
        values = {"model": spec, "cause": type(error).__name__, "setting": setting}
        raise ModelError(Notice("cross-encoder-unloadable", values)) from error
    return model
