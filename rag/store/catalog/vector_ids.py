"""Which chunks have no vector, and which vectors no chunk.

Owns: comparing the ids of a vector store with those of the visible chunks, in a table that goes with its connection:
however many there are, they are not all in memory. Knows nothing about vectors.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

_WITHOUT = {
    "vector": "FROM main.chunks WHERE id NOT IN (SELECT id FROM temp.vector_ids)",
    "chunk": "FROM temp.vector_ids WHERE id NOT IN (SELECT id FROM main.chunks)",
}
# Ids that are in memory at a time.
_IDS_AT_A_TIME = 5000


@dataclass(frozen=True, slots=True)
class VectorIds:
    """The ids of a vector store, beside those of the visible chunks. Of use as long as ``vector_ids`` is entered."""

    _db: sqlite3.Connection

    def count_without(self, other: Literal["vector", "chunk"]) -> int:
        """Return how many chunks have no vector, or how many vectors no chunk."""
        return int(self._db.execute(f"SELECT count(*) {_WITHOUT[other]}").fetchone()[0])

    def without(self, other: Literal["vector", "chunk"]) -> Iterator[list[str]]:
        """Yield the ids of chunks without a vector, or of vectors without a chunk: lists of some thousands, by id.

        What is yielded may be added or deleted meanwhile.
        """
        last = ""
        while ids := [
            id_
            for (id_,) in self._db.execute(
                f"SELECT id {_WITHOUT[other]} AND id > ? ORDER BY id LIMIT {_IDS_AT_A_TIME}", (last,)
            )
        ]:
            yield ids
            last = ids[-1]


@contextmanager
def vector_ids(db: sqlite3.Connection, ids: Iterable[str]) -> Iterator[VectorIds]:
    """Take the ids of a vector store for comparison.

    Args:
        db: A connection to the catalog, outside a transaction.
        ids: The ids of all vectors, in any order.

    Yields:
        The ids.
    """
    db.execute("DROP TABLE IF EXISTS temp.vector_ids")
    db.execute("CREATE TEMP TABLE vector_ids (id TEXT PRIMARY KEY) WITHOUT ROWID")
    try:
        db.execute("BEGIN")
        try:
            db.executemany("INSERT OR IGNORE INTO temp.vector_ids VALUES (?)", ((id_,) for id_ in ids))
        finally:
            db.execute("COMMIT")
        yield VectorIds(db)
    finally:
        db.execute("DROP TABLE temp.vector_ids")
