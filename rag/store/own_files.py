"""Which files are Footnote's own: those of an index, and the cache beside it.

Owns: telling an index's folder from any other by what lies in it. Knows nothing about what is in a file.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from rag.store.catalog import FILE
from rag.store.folders import CACHE_FILE, SENTENCES_FILE
from rag.store.write_lock import LOCK_FILE

_CACHES = (CACHE_FILE, SENTENCES_FILE)


def own_files(files: Sequence[Path], root: Path) -> set[Path]:
    """Find Footnote's own files among those below a folder.

    A folder is an index's where a catalog and a write lock lie in it; the cache lies beside the indexes. A folder that
    is named itself is not taken for one: whoever names it wants what is in it.

    Args:
        files: All files below the folder.
        root: The folder.

    Returns:
        The files inside indexes, and the caches beside these.
    """
    present = set(files)
    indexes = {
        file.parent
        for file in files
        if file.name == FILE and file.parent != root and file.with_name(LOCK_FILE) in present
    }
    homes = {index.parent for index in indexes}
    return {
        file
        for file in files
        if any(folder in indexes for folder in file.parents)
        # Beside the cache lie SQLite's own files, such as the log of what is still to be written.
        or (file.parent in homes and file.name.startswith(_CACHES))
    }


def is_own_file(file: Path, root: Path) -> bool:
    """Tell whether one file below a folder is Footnote's own, by what lies beside it on the disk.

    Args:
        file: The file.
        root: The folder.

    Returns:
        Whether it lies in an index below the folder, or is a cache.
    """
    if file.name.startswith(_CACHES):
        return True
    inside = [folder for folder in file.parents if root in folder.parents]
    return any(os.path.isfile(folder / FILE) and os.path.isfile(folder / LOCK_FILE) for folder in inside)
