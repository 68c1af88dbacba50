"""Where a citation stands on its page.

Owns: finding a source's file again and being sure that it is still the version that was cited. When it is not, there
are no boxes: nothing is highlighted when unsure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rag.errors import LoadError
from rag.load.loader import hash_file
from rag.store.index import Index
from rag.types import Citation


def unchanged_file(index: Index, source: str, source_id: str) -> Path | None:
    """The file of a source, if it still holds the version ``source_id``."""
    record = index.catalog.source_record(source)
    if record is None or record.document_id != source_id:
        return None
    path = Path(record.path)
    try:
        return path if hash_file(path) == record.file_hash else None
    except LoadError:
        return None


def add_boxes(index: Index, citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """The citations, those into a PDF with the boxes of their words."""
    files: dict[str, Path | None] = {}
    located: list[Citation] = []
    for citation in citations:
        boxes: tuple[tuple[int, float, float, float, float], ...] = ()
        if citation.page is not None:
            if citation.source not in files:
                files[citation.source] = unchanged_file(index, citation.source, citation.source_id)
            boxes = _boxes(index, citation, files[citation.source])
        located.append(replace(citation, boxes=boxes))
    return tuple(located)


def _boxes(index: Index, citation: Citation, path: Path | None) -> tuple[tuple[int, float, float, float, float], ...]:
    document = index.catalog.document(citation.source_id)
    if path is None or document is None or document.media_type != "application/pdf":
        return ()
    from rag.load.pdf.boxes import boxes

    try:
        return tuple(boxes(path, document.pages, citation.start, citation.end, citation.quote))
    except LoadError:
        return ()
