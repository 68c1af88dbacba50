"""The original file of a document.

Owns: the check that a file is still the one that was read. Knows nothing about formats.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from io import FileIO
from pathlib import Path

from rag.errors import LoadError
from rag.load.loader import has_settled, hash_file, open_regular
from rag.store.index import Index
from ui.service.page_reader import PageFile

_CHUNK_BYTES = 1 << 20


def cited_file(index: Index, source_id: str, source: str = "") -> PageFile | None:
    """Return a file that still holds exactly one version of a document.

    Args:
        index: The index that holds the version.
        source_id: The id of the version.
        source: The source whose file is tried first where several have the same words.

    Returns:
        The file; None when none holds the version.
    """
    records = sorted(index.catalog.sources_of(source_id), key=lambda record: (record.source != source, record.source))
    for record in records:
        path = Path(record.path)
        if record.file_hash and _hash_of(path) == record.file_hash:
            return PageFile(path, record.file_hash)
    return None


def original_file(index: Index, source_id: str, source: str = "") -> tuple[str, FileIO] | None:
    """Open a file that still holds exactly one version of a document.

    Args:
        index: The index that holds the version.
        source_id: The id of the version.
        source: The source whose file is tried first where several have the same words.

    Returns:
        Its name without its folder, and the open file, at its beginning: its bytes were read for this and are those
        that were indexed. None when no file holds the version.
    """
    file = cited_file(index, source_id, source)
    if file is None:
        return None
    try:
        opened = open_regular(file.path)
    except (OSError, LoadError):
        return None
    # The bytes that are given out are those of this very file, whatever its path leads to by now.
    digest = hashlib.sha256()
    try:
        while chunk := opened.read(_CHUNK_BYTES):
            digest.update(chunk)
        if digest.hexdigest() == file.file_hash:
            opened.seek(0)
            return file.path.name, opened
    except OSError:
        pass
    opened.close()
    return None


def _hash_of(path: Path) -> str:
    """Return the hash of a file's bytes, empty when it cannot be read; read again only when it may have changed."""
    try:
        status = path.stat()
        if not has_settled(status):
            return hash_file(path)
        return settled_hash(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    except (OSError, LoadError):
        return ""


@lru_cache(maxsize=1024)
def settled_hash(path: Path, *_: int) -> str:
    """Return the hash of a file's bytes, cached by the time stamps and sizes that follow the path."""
    return hash_file(path)
