"""Sources that were removed and can still be brought back.

Owns: the table of removed sources. What a source showed stays stored as long as it can be brought back; its chunks and
vectors go at once, and are made anew when it comes back. Knows nothing about files.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

from rag.database import Connection
from rag.store.catalog.forgetting import forget_documents
from rag.store.catalog.records import SourceRecord
from rag.store.catalog.source_rows import SOURCE_COLUMNS, source_record


def keep_removed(db: Connection, removal: str, sources: Sequence[str]) -> None:
    """Note sources that are about to be removed; the caller removes them in the same transaction.

    Args:
        db: A connection inside a transaction.
        removal: A name for all that is removed now.
        sources: The names of the sources.
    """
    now = time.time()
    for source in sources:
        row = db.execute(f"SELECT {SOURCE_COLUMNS} FROM sources WHERE source = ?", (source,)).fetchone()
        if row is not None:
            values = [value.hex() if isinstance(value, bytes) else value for value in row]
            bytes_at = [number for number, value in enumerate(row) if isinstance(value, bytes)]
            db.execute(
                "INSERT INTO removed_sources VALUES (?, ?, ?, ?, ?) ON CONFLICT (removal, source) DO UPDATE "
                "SET at = excluded.at, record = excluded.record, document_id = excluded.document_id",
                (removal, now, source, json.dumps([values, bytes_at]), source_record(row).document_id),
            )


def removed_sources(db: Connection, removal: str) -> list[SourceRecord]:
    """Return the sources of a removal as they were.

    Args:
        db: A connection.
        removal: The name of the removal.

    Returns:
        The sources, by name; none once they are forgotten.
    """
    records = []
    for (text,) in db.execute("SELECT record FROM removed_sources WHERE removal = ? ORDER BY source", (removal,)):
        values, bytes_at = json.loads(text)
        for number in bytes_at:
            values[number] = bytes.fromhex(values[number])
        records.append(source_record(values))
    return records


def forget_removals(db: Connection, before: float) -> list[str]:
    """Forget what was removed before a moment, for good.

    Args:
        db: A connection inside a transaction.
        before: The moment, by the clock.

    Returns:
        The names of the removals that were forgotten.
    """
    rows = db.execute("SELECT DISTINCT removal FROM removed_sources WHERE at < ?", (before,)).fetchall()
    for (removal,) in rows:
        forget_removal(db, removal)
    return [removal for (removal,) in rows]


def forget_removal(db: Connection, removal: str) -> None:
    """Forget one removal: it was undone, or cannot be any more.

    Args:
        db: A connection inside a transaction.
        removal: The name of the removal.
    """
    shown = db.execute("SELECT document_id FROM removed_sources WHERE removal = ?", (removal,)).fetchall()
    db.execute("DELETE FROM removed_sources WHERE removal = ?", (removal,))
    forget_documents(db, (id_ for (id_,) in shown if id_))
