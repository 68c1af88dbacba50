"""What stands beside a vector: `rag.store.vector_records`."""

from __future__ import annotations

from pathlib import Path

from rag.store.catalog import Catalog, NewVersion, SourceRecord
from rag.store.vector_records import records_of_chunks, records_of_versions
from rag.store.vector_stores import VectorRecord
from rag.types import Chunk, Document


def test_a_visible_chunk_has_the_record_it_was_published_with(tmp_path: Path) -> None:
    document = Document("The bridge. The ferry.", "Sea", "application/pdf", pages=(0, 12))
    source = SourceRecord("sea.pdf", "/root", "/root/sea.pdf", "1", "hash", "print", "doc", "Sea", "", False)
    version = NewVersion(source, document, [Chunk(0, 11, "Sea"), Chunk(12, 22, "Sea")], ["one", "two"])
    records = records_of_versions([version])
    assert records == [
        VectorRecord("one", "The bridge.", "sea.pdf", "doc", "Sea", "Sea", 0, 11, 1),
        VectorRecord("two", "The ferry.", "sea.pdf", "doc", "Sea", "Sea", 12, 22, 2),
    ]
    catalog = Catalog(tmp_path, create=True)
    catalog.publish([version])
    chunks = catalog.chunks(["two", "one", "absent"])
    assert list(chunks) == ["two", "one"]
    assert records_of_chunks(catalog, chunks.values()) == records[::-1]
    catalog.close()
