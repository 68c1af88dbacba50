"""The vectors of an index, copied into a collection of their own.

Owns: which vectors a copy has: those of the visible chunks, in the order of their numbers. Knows nothing about what
becomes of the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rag.database import Connection
from rag.store.catalog.columns import pages_from_json
from rag.store.vector_stores import CheckedVectorStore, VectorRecord
from rag.types import page_of

# Chunks whose vectors are in memory at a time.
_CHUNKS_AT_A_TIME = 1000
# Page starts of documents that are in memory.
_KEPT_PAGES = 64


def copy_vectors(
    db: Connection, source: CheckedVectorStore, target: CheckedVectorStore, advance: Callable[[int], None]
) -> None:
    """Copy the vectors of all visible chunks.

    Args:
        db: A connection to the catalog of the original, which sees one committed state.
        source: The vectors of the original.
        target: Where they are added.
        advance: Is told how many more are copied.

    Raises:
        IndexUnusable: A vector is missing, or one of the stores cannot be used.
    """
    for records in _records(db):
        target.add(records, source.vectors([record.id for record in records]))
        advance(len(records))


def delete_vectors(store: CheckedVectorStore) -> None:
    """Delete all vectors of a collection, and the collection where it is on a server."""
    if ids := sorted(store.each_id()):
        store.delete(ids)
    store.drop()


def _records(db: Connection) -> Iterator[list[VectorRecord]]:
    """Yield the chunks as they stand beside their vectors, some at a time."""
    pages: dict[str, tuple[int, ...]] = {}
    last = -1
    while rows := db.execute(
        'SELECT c.number, c.id, c.text, c.source, s.document_id, s.title, c.context, c.start, c."end" FROM chunks c '
        "JOIN sources s ON s.source = c.source WHERE c.number > ? ORDER BY c.number LIMIT ?",
        (last, _CHUNKS_AT_A_TIME),
    ).fetchall():
        last = rows[-1][0]
        records = []
        for _, id_, text, source, document_id, title, context, start, end in rows:
            if document_id not in pages:
                if len(pages) >= _KEPT_PAGES:
                    pages.clear()
                found = db.execute("SELECT pages FROM documents WHERE id = ?", (document_id,)).fetchone()
                pages[document_id] = pages_from_json(found[0])
            page = page_of(pages[document_id], start)
            records.append(VectorRecord(id_, text, source, document_id, title, context, start, end, page))
        yield records
