"""Which cached vectors do the indexes use?

Owns: the walk over all indexes of a home folder. Knows nothing about how vectors are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from rag.store.catalog import Catalog
from rag.store.catalog.places import index_names
from rag.store.vector_cache import key_of
from rag.text import embedded_text

# Chunks that are read at a time.
_BATCH = 512


def keys_in_use(home: Path) -> Iterator[bytes]:
    """Yield the keys of the cached vectors of all visible chunks, also of an index that is being made anew.

    Args:
        home: The folder that the indexes lie in.

    Raises:
        IndexUnusable: The catalog of one cannot be read.
    """
    for name in index_names(home):
        with closing(Catalog(home / name)) as catalog:
            fingerprint = catalog.get("embedding_fingerprint")
            ids = catalog.chunk_ids()
            for i in range(0, len(ids), _BATCH):
                for chunk in catalog.chunks(ids[i : i + _BATCH]).values():
                    yield key_of(fingerprint, embedded_text(chunk.text, chunk.context))
