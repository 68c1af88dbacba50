"""Chunks as they stand beside their vectors.

Owns: what of a chunk the vector store is given. Knows nothing about how either is stored.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.store.catalog import Catalog, ChunkRecord, NewVersion, SourceRecord
from rag.store.vector_stores import VectorRecord
from rag.types import Chunk, page_of


def records_of_versions(versions: Iterable[NewVersion]) -> list[VectorRecord]:
    """Return the records of all chunks of versions that are about to become visible, in order."""
    return [
        _record(
            id_,
            version.document.text[chunk.start : chunk.end],
            chunk,
            version.record,
            version.document.pages,
        )
        for version in versions
        for chunk, id_ in zip(version.chunks, version.chunk_ids, strict=True)
    ]


def records_of_chunks(catalog: Catalog, chunks: Iterable[ChunkRecord]) -> list[VectorRecord]:
    """Return the records of chunks that are visible already.

    Args:
        catalog: The catalog that the chunks come from; it knows their pages.
        chunks: The chunks.

    Returns:
        One record a chunk, in the same order; equal to those that were made when the chunks became visible.
    """
    return [_record(chunk.id, chunk.text, chunk, chunk, catalog.pages(chunk.document_id)) for chunk in chunks]


def _record(
    id_: str, text: str, chunk: Chunk | ChunkRecord, source: SourceRecord | ChunkRecord, pages: tuple[int, ...]
) -> VectorRecord:
    return VectorRecord(
        id=id_,
        text=text,
        source=source.source,
        document_id=source.document_id or "",
        title=source.title,
        context=chunk.context,
        start=chunk.start,
        end=chunk.end,
        page=page_of(pages, chunk.start),
    )
