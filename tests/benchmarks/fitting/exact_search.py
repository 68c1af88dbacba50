"""The nearest vectors, all of them: the vector store's search is approximate, and differs a little from run to run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from rag.models.encoder import Vectors
from rag.store.index import Index
from rag.text import embedded_text


@contextmanager
def search_exactly(index: Index) -> Iterator[Index]:
    """An open index that compares a question with every vector; it is closed at the end."""
    with index:
        chunks = sorted(index.catalog.chunks(index.catalog.chunk_ids()).values(), key=lambda chunk: chunk.id)
        ids = [chunk.id for chunk in chunks]
        vectors = index.cache.encode(index.encoder, [embedded_text(chunk.text, chunk.context) for chunk in chunks])

        def nearest(vector: Vectors, limit: int, among: Sequence[str] | None = None) -> list[tuple[str, float]]:
            scores = vectors @ vector
            allowed = None if among is None else set(among)
            best = [at for at in np.argsort(-scores, kind="stable") if allowed is None or ids[at] in allowed]
            return [(ids[at], float(scores[at])) for at in best[:limit]]

        index.vectors.nearest = nearest  # type: ignore[method-assign]
        yield index
