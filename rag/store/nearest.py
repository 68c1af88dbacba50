"""The nearest vectors of an index, or of some of its sources.

Owns: how a search is kept to some sources, whose names the vector store need not know, and telling that vectors are
missing. Knows nothing about questions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.models.encoder import Vectors
from rag.store.catalog import Catalog
from rag.store.vector_stores import CheckedVectorStore

# A store is given the ids to search among where they are at most so many: with each it takes longer.
_NAMED_IDS = 5000
# Where the sources hold a smaller share of all chunks, too many others would be nearer.
_LEAST_SHARE = 0.1
# So many times as many vectors are asked for as would do if those of the sources lay evenly among all.
_PLENTY = 2


def nearest_chunks(
    catalog: Catalog, vectors: CheckedVectorStore, vector: Vectors, limit: int, sources: Sequence[str] | None
) -> list[tuple[str, float]]:
    """Find the nearest vectors of some sources.

    Args:
        catalog: The catalog of the index.
        vectors: Its vectors.
        vector: A vector of unit length, of shape ``(dimension,)``.
        limit: How many to return at most.
        sources: The sources; None for all.

    Returns:
        ``(id, cosine similarity in -1…1)``, best first; ties by id.
    """
    if sources is None:
        return vectors.nearest(vector, limit)
    chosen, total = catalog.chunk_count(sources), catalog.chunk_total()
    if chosen > max(_NAMED_IDS, _LEAST_SHARE * total):
        asked = math.ceil(_PLENTY * limit * total / chosen)
        nearest = vectors.nearest(vector, asked)
        allowed = catalog.among_sources([id_ for id_, _ in nearest], sources)
        found = [(id_, score) for id_, score in nearest if id_ in allowed][:limit]
        # Fewer, where all that is near is of other sources.
        if len(found) == limit:
            return found
    return vectors.nearest(vector, limit, catalog.chunk_ids(sources))


def are_missing(catalog: Catalog, vectors: CheckedVectorStore) -> bool:
    """Tell whether there are fewer vectors than chunks, which no crash of an ingestion leaves behind.

    Args:
        catalog: The catalog of an index; another process may be writing to it.
        vectors: Its vectors.

    Returns:
        Whether there are.

    Raises:
        IndexUnusable: The vectors cannot be read.
    """
    # An ingestion adds vectors before the chunks, and takes them away after: of the chunks counted on both sides, the
    # fewer are those that must have one.
    before = catalog.chunk_total()
    if vectors.count() >= min(before, catalog.chunk_total()):
        return False
    # They may have been counted before another process added what the catalog shows by now.
    vectors.refresh()
    before = catalog.chunk_total()
    return vectors.count() < min(before, catalog.chunk_total())
