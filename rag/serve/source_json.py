"""Sources as programs are told of them.

Owns: the JSON of a source by itself, with its outline; in a list it is that of ``rag.serialize``. Knows nothing
about requests.
"""

from __future__ import annotations

from typing import Any

from rag.store.catalog import Catalog, SourceRecord
from rag.types import page_of

# Headings of an outline: of a dictionary each word may be one.
_MOST_HEADINGS = 1000


def record_json(index: str, catalog: Catalog, record: SourceRecord) -> dict[str, Any]:
    """Return all that is known of a source, readable or not.

    Args:
        index: The name of the index.
        catalog: Its catalog.
        record: The source.

    Returns:
        JSON values; ``outline`` has the headings with their slices of the text.
    """
    document = catalog.document(record.document_id) if record.document_id else None
    text, pages = (document.text, document.pages) if document else ("", ())
    headings = [block for block in document.blocks if block.kind == "heading"] if document else []
    return {
        "index": index,
        "source": record.source,
        "source_id": record.document_id,
        "title": record.title,
        "media_type": document.media_type if document else "",
        "pages": len(pages) or None,
        "chunks": catalog.chunk_count([record.source]),
        "characters": len(text),
        "date": record.date,
        "status": _status(record),
        "reason": record.problem.as_json() if record.problem else None,
        "warnings": [warning.as_json() for warning in record.warnings],
        "outline": [
            {
                "title": " ".join(text[block.start : block.end].strip("#=- \n\t").split()),
                "level": block.level,
                "start": block.start,
                "end": block.end,
                "page": page_of(pages, block.start),
            }
            for block in headings[:_MOST_HEADINGS]
        ],
        "outline_complete": len(headings) <= _MOST_HEADINGS,
    }


def _status(record: SourceRecord) -> str:
    if record.problem:
        return "skipped" if record.skipped else "failed"
    return "part" if record.warnings else "read"
