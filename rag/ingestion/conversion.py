"""Bring an index to another precision of its embedding model, from the text that it holds: no file is read.

Owns: what is carried into the new index. It is made beside the old one, which answers until it is put in its place, and
text that was embedded in that precision before is not embedded again, so a conversion that was stopped goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from rag.errors import IndexUnusable
from rag.ingestion.pipeline import Progress, chunk_id, store_vectors, texts_of_versions
from rag.ingestion.replacement import made_in_place_of
from rag.models.encoder import Encoder
from rag.models.encoders import open_encoder
from rag.models.weights import Fetch
from rag.notices import Notice
from rag.precision import Precision, precision_of, unmarked
from rag.settings import Settings
from rag.store.catalog import Catalog, NewVersion, SourceRecord
from rag.store.folders import index_folder
from rag.store.index import Index, check_vector_store
from rag.store.leftovers import remove_unfinished
from rag.store.moving import recover_index
from rag.store.reading import keep_source_languages, source_languages
from rag.store.write_lock import write_lock
from rag.types import Chunk, FileReport

# Sources are made visible in batches of about this many chunks.
_BATCH_CHUNKS = 512
# What a catalog notes of sources and questions, whatever the vectors: the folders ingested, the threshold calibrated.
_KEPT = ("roots", "threshold")


def convert(
    name: str, precision: Precision, settings: Settings, progress: Progress | None = None, fetch: Fetch | None = None
) -> int | None:
    """Embed all text of an index anew in a precision; sources, versions and conversations stay as they are.

    Args:
        name: The name of the index.
        precision: That of the new vectors.
        settings: As for ``ingest``; they name the embedding model that the index was made with.
        progress: Is told what is done; amounts are chunks.
        fetch: Fetches a model that is not on this machine.

    Returns:
        The number of chunks; None where the index has that precision.

    Raises:
        IndexUnusable: There is no index, or it was made with another embedding model or vector store.
        RagError: The new index cannot be made; the old one stays.
    """
    home = settings.home.expanduser()
    folder = index_folder(name, home)
    recover_index(name, home)
    with closing(Catalog(folder)) as old, write_lock(folder):
        check_vector_store(old, settings, name)
        if precision_of(old.get("embedding_fingerprint")) == precision:
            # Whoever wanted another precision and was stopped has thought better of it.
            remove_unfinished(name, settings)
            return None
        encoder = _encoder_of(old, name, settings.model_copy(update={"embedding_precision": precision}), fetch)
        with made_in_place_of(name, settings, encoder) as fresh:
            total = _Copy(old, fresh, progress).run()
    return total


def _encoder_of(catalog: Catalog, name: str, settings: Settings, fetch: Fetch | None) -> Encoder:
    """Open the embedding model of an index in the settings' precision; raise IndexUnusable where it is another."""
    encoder = open_encoder(settings, fetch)
    fingerprint = catalog.get("embedding_fingerprint")
    if unmarked(encoder.fingerprint) != unmarked(fingerprint):
        values = {"index": name, "made_with": catalog.get("embedding_model"), "configured": encoder.name}
        raise IndexUnusable(Notice("index-of-other-model", values))
    if precision_of(encoder.fingerprint) != settings.embedding_precision:
        raise IndexUnusable(Notice("int8-not-computed", {"model": encoder.name, "folder": str(settings.models)}))
    return encoder


class _Copy:
    """The sources of an index on their way into a new one."""

    def __init__(self, old: Catalog, fresh: Index, progress: Progress | None) -> None:
        self.old, self.fresh, self.progress = old, fresh, progress

    def run(self) -> int:
        """Copy all sources; return the number of chunks."""
        records = self.old.source_records()
        total = self.old.chunk_total()
        if self.progress:
            self.progress.start(len(records), total)
        batch: list[NewVersion] = []
        for record in records:
            if version := self._version(record):
                batch.append(version)
            else:
                self.fresh.catalog.put_sources([record])
            if sum(len(one.chunks) for one in batch) >= _BATCH_CHUNKS:
                self._publish(batch)
                batch = []
        self._publish(batch)
        keep_source_languages(self.fresh.catalog, source_languages(self.old))
        self.fresh.catalog.set(**{key: value for key in _KEPT if (value := self.old.get(key))})
        return total

    def _version(self, record: SourceRecord) -> NewVersion | None:
        """Return what the old index shows of a source; None for one of which nothing could be read."""
        document = self.old.document(record.document_id) if record.document_id else None
        if document is None:
            return None
        found = self.old.chunks(self.old.chunk_ids([record.source])).values()
        chunks = [Chunk(one.start, one.end, one.context) for one in found]
        return NewVersion(record, document, chunks, [chunk_id(self.fresh, record, chunk) for chunk in chunks])

    def _publish(self, versions: Sequence[NewVersion]) -> None:
        """Embed and store the chunks of sources, then make them visible together, as ingestion does."""
        if not versions:
            return
        last, texts = versions[-1].record.source, texts_of_versions(versions)
        vectors = self.fresh.cache.encode(self.fresh.encoder, texts, lambda done: self._advance(done, last))
        store_vectors(self.fresh, versions, vectors)
        self.fresh.catalog.publish(versions)
        for version in versions:
            if self.progress:
                self.progress.file(FileReport(version.record.source, "unchanged", None, len(version.chunks)))

    def _advance(self, chunks: int, source: str) -> None:
        if self.progress:
            self.progress.advance(chunks, source)
