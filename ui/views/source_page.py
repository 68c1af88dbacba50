"""Pages of a PDF: their size, and pictures of them.

Owns: the check that a file is still the one that was cited, and a cache of pictures for readers who turn the pages.
Knows nothing about citations.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

from rag.errors import LoadError
from rag.load.loader import has_settled, hash_file
from rag.store.index import Index

NARROWEST, WIDEST = 100, 3000
_MOST_CACHED_BYTES = 48_000_000

_PICTURES: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
_PICTURES_LOCK = threading.Lock()


def cited_file(index: Index, source_id: str, source: str = "") -> tuple[Path, str] | None:
    """Return a file that still holds exactly one version of a document, and its hash.

    Args:
        index: The index that holds the version.
        source_id: The id of the version.
        source: The source whose file is tried first where several have the same words.

    Returns:
        The path and the hash of the file's bytes; None when no file holds the version.
    """
    records = sorted(index.catalog.sources_of(source_id), key=lambda record: (record.source != source, record.source))
    for record in records:
        path = Path(record.path)
        if record.file_hash and _hash_of(path) == record.file_hash:
            return path, record.file_hash
    return None


def page_size(path: Path, file_hash: str, page: int) -> tuple[float, float]:
    """Return the size of a page in points.

    Args:
        path: The file.
        file_hash: The hash of its bytes, by which the size is cached.
        page: The number of the page, counted from 1.

    Returns:
        Width and height of what is visible of the page.

    Raises:
        LoadError: There is no such page.
    """
    return _size(str(path), file_hash, page)


def picture(path: Path, file_hash: str, page: int, width: int) -> bytes:
    """Return a page as PNG.

    Args:
        path: The file.
        file_hash: The hash of its bytes, by which the picture is cached.
        page: The number of the page, counted from 1.
        width: About how many pixels the picture is wide.

    Raises:
        LoadError: There is no such page.
    """
    from rag.load.pdf.render import render_page

    # Rounded, so that readers with windows of different widths share a picture.
    width = min(WIDEST, max(NARROWEST, -(-width // 100) * 100))
    key = (file_hash, page, width)
    with _PICTURES_LOCK:
        if key in _PICTURES:
            _PICTURES.move_to_end(key)
            return _PICTURES[key]
    points, _ = page_size(path, file_hash, page)
    png = render_page(path, page, width / max(points, 1.0)).png
    with _PICTURES_LOCK:
        _PICTURES[key] = png
        while len(_PICTURES) > 1 and sum(map(len, _PICTURES.values())) > _MOST_CACHED_BYTES:
            _PICTURES.popitem(last=False)
    return png


@lru_cache(maxsize=2048)
def _size(path: str, _: str, page: int) -> tuple[float, float]:
    from rag.load.pdf.render import render_page

    # Rendered as small as possible, since only the size is used.
    rendered = render_page(Path(path), page, 0.05)
    return rendered.width, rendered.height


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
