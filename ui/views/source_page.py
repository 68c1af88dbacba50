"""Pages of a PDF: their size, and pictures of them.

Owns: being sure that a file is still the one that was cited, and the few pictures kept for who turns the pages. Knows
nothing about citations.
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
_KEPT_BYTES = 48_000_000

_pictures: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
_guard = threading.Lock()


def cited_file(index: Index, source_id: str, source: str = "") -> tuple[Path, str] | None:
    """A file that still holds exactly the version ``source_id``, and its hash; None when there is none.

    ``source`` is looked at first where several have the same words.
    """
    records = sorted(index.catalog.sources_of(source_id), key=lambda record: (record.source != source, record.source))
    for record in records:
        path = Path(record.path)
        if record.file_hash and _hash_of(path) == record.file_hash:
            return path, record.file_hash
    return None


def page_size(path: Path, file_hash: str, page: int) -> tuple[float, float]:
    """Width and height of a visible page in points. Raises LoadError for a page that is not there."""
    return _size(str(path), file_hash, page)


def picture(path: Path, file_hash: str, page: int, width: int) -> bytes:
    """A page as PNG, about ``width`` pixels wide. Raises LoadError for a page that is not there."""
    from rag.load.pdf.render import render

    # In steps, so that every reader's window is not a picture of its own.
    width = min(WIDEST, max(NARROWEST, -(-width // 100) * 100))
    key = (file_hash, page, width)
    with _guard:
        if key in _pictures:
            _pictures.move_to_end(key)
            return _pictures[key]
    points, _ = page_size(path, file_hash, page)
    png = render(path, page, width / max(points, 1.0)).png
    with _guard:
        _pictures[key] = png
        while len(_pictures) > 1 and sum(map(len, _pictures.values())) > _KEPT_BYTES:
            _pictures.popitem(last=False)
    return png


@lru_cache(maxsize=2048)
def _size(path: str, _: str, page: int) -> tuple[float, float]:
    from rag.load.pdf.render import render

    # The smallest picture tells the size, too.
    found = render(Path(path), page, 0.05)
    return found.width, found.height


def _hash_of(path: Path) -> str:
    """The hash of a file's bytes, empty when it cannot be read; read again only when it may have changed."""
    try:
        found = path.stat()
        if not has_settled(found):
            return hash_file(path)
        return settled_hash(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    except (OSError, LoadError):
        return ""


@lru_cache(maxsize=1024)
def settled_hash(path: Path, *_: int) -> str:
    return hash_file(path)
