"""Models that the hub's client library has put on this machine.

Owns: finding them without a network. Knows nothing about fetching.
"""

from __future__ import annotations

from pathlib import Path


def folder_in_hub_cache(name: str) -> Path | None:
    """Return the folder of a Hugging Face model in the cache of the hub's client library.

    Args:
        name: The name on Hugging Face, ``owner/model``.

    Returns:
        Its folder; None where the cache does not have it.
    """
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):
        return None
