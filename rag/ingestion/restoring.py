"""Bring removed sources back as they were.

Owns: how a removed version becomes visible again: it is cut anew, and its vectors come from the cache. No file is read.
Knows nothing about how long a removal is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rag.ingestion.chunking import cut_chunks
from rag.ingestion.pipeline import chunk_id, store_vectors, texts_of_versions
from rag.languages.identify import languages_of_document
from rag.store.catalog import NewVersion, SourceRecord
from rag.store.index import Index
from rag.store.reading import keep_source_languages
from rag.store.write_lock import write_lock

# Versions that become visible together.
_BATCH = 64


def restore(index: Index, removal: str, done: Callable[[SourceRecord, bool], None]) -> None:
    """Make the sources of a removal visible again; one whose name is in the index by now stays as it is there.

    Args:
        index: The index, which is locked for writing meanwhile.
        removal: The name that the sources were removed under.
        done: Is told each source, and whether it came back.

    Raises:
        IndexUnusable: Another process writes to the index.
    """
    with write_lock(index.folder):
        records = index.catalog.removed_sources(removal)
        for start in range(0, len(records), _BATCH):
            batch = records[start : start + _BATCH]
            absent = [record for record in batch if index.catalog.source_record(record.source) is None]
            versions = [version for record in absent if (version := _version_of(index, record))]
            if versions:
                vectors = index.cache.encode(index.encoder, texts_of_versions(versions))
                store_vectors(index, versions, vectors)
                index.catalog.publish(versions)
            shown = {version.record.source for version in versions}
            index.catalog.put_sources([record for record in absent if record.document_id is None])
            languages = {v.record.source: languages_of_document(v.document.text) for v in versions}
            keep_source_languages(index.catalog, languages)
            for record in batch:
                done(record, record.source in shown or (record in absent and record.document_id is None))
        index.catalog.forget_removal(removal)


def _version_of(index: Index, record: SourceRecord) -> NewVersion | None:
    """Return the version that a source showed; None for one that showed none."""
    document = index.catalog.document(record.document_id) if record.document_id else None
    if document is None:
        return None
    document = replace(document, title=record.title, date=record.date, warnings=record.warnings)
    limit = min(index.settings.chunk_tokens, index.encoder.max_tokens)
    chunks = cut_chunks(document, index.encoder.count_tokens, limit)
    return NewVersion(record, document, chunks, [chunk_id(index, record, chunk) for chunk in chunks])
