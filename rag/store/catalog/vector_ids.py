"""Which chunks have no vector, and which vectors no chunk.

Owns: comparing the ids of a vector store with those of the visible chunks, in a table that goes with its connection:
however many there are, they are not all in memory. Knows nothing about vectors.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from rag.database import Connection, is_postgres

_WITHOUT = {
    "vector": "FROM chunks WHERE NOT EXISTS (SELECT 1 FROM compared_ids v WHERE v.id = chunks.id)",
    "chunk": "FROM compared_ids WHERE NOT EXISTS (SELECT 1 FROM chunks c WHERE c.id = compared_ids.id)",
}
# Ids that are in memory at a time.
_IDS_AT_A_TIME = 5000


@dataclass(frozen=True, slots=True)
class VectorIds:
    """The ids of a vector store, beside those of the visible chunks. Of use as long as ``vector_ids`` is entered."""

    _db: Connection

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
def vector_ids(db: Connection, ids: Iterable[str]) -> Iterator[VectorIds]:
    """Take the ids of a vector store for comparison.

    Args:
        db: A connection to the catalog, outside a transaction.
        ids: The ids of all vectors, in any order.

    Yields:
        The ids.
    """
    binary = ' COLLATE "C"' if is_postgres(db) else ""
    db.execute("DROP TABLE IF EXISTS compared_ids")
    db.execute(f"CREATE TEMP TABLE compared_ids (id TEXT{binary} PRIMARY KEY)")
    try:
        db.execute("BEGIN")
        try:
            left = iter(ids)
            while some := list(islice(left, _IDS_AT_A_TIME)):
                db.execute(
                    "INSERT INTO compared_ids SELECT value FROM json_each(?) WHERE 1 = 1 ON CONFLICT DO NOTHING",
                    (json.dumps(some),),
                )
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
        yield VectorIds(db)
    finally:
        db.execute("DROP TABLE IF EXISTS compared_ids")
