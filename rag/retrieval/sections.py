"""Read on around a passage.

Owns: which chunks make up the section that a passage stands in. Knows nothing about questions.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.retrieval.passages import passage_of
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.types import Passage

# Chunks before and after a passage that a section has at most.
_REACH = 4


def open_section(index: Index, passage: Passage, rank: int) -> list[Passage]:
    """Return the passages of the section around a passage, the passage itself left out.

    A section is what stands under the same headings, at most four chunks to each side; where there are no headings, the
    two neighbours.

    Args:
        index: The index that holds the document.
        passage: The passage.
        rank: The rank of the first one.

    Returns:
        The passages in the order of the document, ranked from ``rank`` on, without scores.
    """
    chunks = list(index.catalog.chunks(index.catalog.chunk_ids([passage.source])).values())
    at = next((place for place, chunk in enumerate(chunks) if chunk.id == passage.chunk_id), None)
    if at is None:
        return []
    has_headings = any(chunk.context != chunks[0].context for chunk in chunks)
    near = chunks[max(0, at - _REACH) : at + _REACH + 1] if has_headings else chunks[max(0, at - 1) : at + 2]
    return [
        passage_of(index, chunk, rank + place, {"fused": 0.0, "dense": 0.0, "keyword": 0.0})
        for place, chunk in enumerate(_section(near, passage, has_headings))
    ]


def _section(chunks: Sequence[ChunkRecord], passage: Passage, has_headings: bool) -> list[ChunkRecord]:
    return [
        chunk
        for chunk in chunks
        if chunk.id != passage.chunk_id and (not has_headings or chunk.context == passage.context)
    ]
