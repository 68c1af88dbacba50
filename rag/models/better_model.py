"""Whether this machine has room for a better language model than the default one, and saying so once.

Owns: the room that it takes, and the mark that it has been said. Knows nothing about how it is fetched.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from rag.models.known_weights import known
from rag.models.weights import path_of
from rag.notices import Notice

BETTER = "qwen2.5-coder-1.5b-instruct"
LEAST_MEMORY = 8 * 10**9
"""Bytes of memory in all; the model takes up 2.1 GB of them."""
LEAST_DISK = 5 * 10**9
"""Bytes that are free where models lie; the model takes up 1.1 GB of them."""
LEAST_CORES = 4
"""It computes three times as long as the default model."""

_MARK = "better-model-offered"
# Where Linux says how much memory a container may use.
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def offer_once(models: Path, data_folder: Path) -> Notice | None:
    """Return a notice on the better model where the machine has room for it, the first time only.

    Args:
        models: The folder of all models.
        data_folder: Where the mark is kept that it has been said; where that cannot be kept, nothing is said.

    Returns:
        The notice; None where it has been said, the model is here, or the machine is too small.
    """
    if (data_folder / _MARK).exists() or path_of(BETTER, models) or not _has_room(models):
        return None
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        (data_folder / _MARK).touch(exist_ok=False)
    except OSError:
        return None
    return Notice("better-model-exists", {"name": BETTER, "size": known(BETTER).size})


def total_memory() -> int:
    """Return the bytes of memory that this process may use; 0 where the system does not say."""
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0
    return min([total, *filter(None, map(_limit, _CGROUP_LIMITS))])


def _limit(path: Path) -> int:
    try:
        text = path.read_text().strip()
    except OSError:
        return 0
    return int(text) if text.isdecimal() else 0


def _has_room(models: Path) -> bool:
    folder = next((parent for parent in (models, *models.parents) if parent.exists()), None)
    try:
        free = shutil.disk_usage(folder).free if folder else 0
    except OSError:
        return False
    return total_memory() >= LEAST_MEMORY and free >= LEAST_DISK and (os.cpu_count() or 1) >= LEAST_CORES
