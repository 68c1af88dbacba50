"""Sources as rows of the manifest.

Owns: the columns of the table of sources, and how a record is written to them and read from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.database import Connection
from rag.store.catalog.columns import (
    notice_from_json,
    notice_to_json,
    notices_from_json,
    notices_to_json,
    path_from_value,
    path_value,
)
from rag.store.catalog.records import SourceRecord
from rag.types import Document

SOURCE_COLUMNS = (
    "source, root, path, stamp, file_hash, fingerprint, document_id, title, problem, skipped, date, warnings"
)


def put_source(db: Connection, record: SourceRecord, document: Document | None = None, chunks: int = 0) -> None:
    """Write what is known of a source in the place of what was known.

    What a list of sources shows of a version stands beside the record, so that no list reads the version itself.

    Args:
        db: A connection inside a transaction.
        record: The source.
        document: The version that it shows from now on; None where that stays, or it shows none.
        chunks: How many chunks the version was cut into.
    """
    contents = (document.media_type, len(document.pages), chunks) if document else (None, None, None)
    db.execute(
        f"INSERT INTO sources ({SOURCE_COLUMNS}, media_type, pages, chunks) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, coalesce(?13, ''), coalesce(?14, 0), "
        "coalesce(?15, 0)) "
        "ON CONFLICT (source) DO UPDATE SET root = excluded.root, path = excluded.path, stamp = excluded.stamp, "
        "file_hash = excluded.file_hash, fingerprint = excluded.fingerprint, document_id = excluded.document_id, "
        "title = excluded.title, problem = excluded.problem, skipped = excluded.skipped, "
        "date = excluded.date, warnings = excluded.warnings, "
        "media_type = CASE WHEN excluded.document_id IS NULL THEN '' ELSE coalesce(?13, sources.media_type) END, "
        "pages = CASE WHEN excluded.document_id IS NULL THEN 0 ELSE coalesce(?14, sources.pages) END, "
        "chunks = CASE WHEN excluded.document_id IS NULL THEN 0 ELSE coalesce(?15, sources.chunks) END",
        (
            record.source,
            path_value(record.root),
            path_value(record.path),
            record.stamp,
            record.file_hash,
            record.fingerprint,
            record.document_id,
            record.title,
            notice_to_json(record.problem),
            int(record.skipped),
            record.date,
            notices_to_json(record.warnings),
            *contents,
        ),
    )


def source_record(row: Sequence[Any]) -> SourceRecord:
    """Return a source from its ``SOURCE_COLUMNS``."""
    source, root, path, stamp, file_hash, fingerprint, document_id, title, problem, skipped, date, warnings = row
    return SourceRecord(
        source,
        path_from_value(root),
        path_from_value(path),
        stamp,
        file_hash,
        fingerprint,
        document_id,
        title,
        notice_from_json(problem),
        bool(skipped),
        date,
        notices_from_json(warnings),
    )


def has_form(row: Sequence[Any]) -> bool:
    """Return whether ``SOURCE_COLUMNS`` of a damaged file can be read as a source."""
    try:
        source_record(row)
    except Exception:  # Bytes of any kind may stand there.
        return False
    return True
