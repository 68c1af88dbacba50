"""Find where a citation stands on its page.

Owns: going back to a source's file, and that it still holds the version that was cited. Where it does not, a citation
gets no boxes: a reader sees no highlight rather than a wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rag.errors import LoadError
from rag.store.index import Index
from rag.types import Citation

# Page, left, top, right and bottom in PDF points from the page's top left.
_Box = tuple[int, float, float, float, float]


def add_boxes(index: Index, citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """Add the boxes of their words to the citations that stand in a PDF.

    Args:
        index: The index that holds the cited versions.
        citations: Citations of an answer.

    Returns:
        The citations in the same order. Those of other formats, or of a file that has changed, have no boxes.
    """
    files: dict[str, Path | None] = {}
    located: list[Citation] = []
    for citation in citations:
        if citation.page is None:
            located.append(replace(citation, boxes=()))
            continue
        if citation.source not in files:
            files[citation.source] = _unchanged_file(index, citation)
        path, cell = files[citation.source], citation.cell
        if cell:
            cell = replace(cell, boxes=_boxes(index, citation, path, cell.start, cell.end))
        boxes = _boxes(index, citation, path, citation.start, citation.end)
        located.append(replace(citation, boxes=boxes, cell=cell))
    return tuple(located)


def _unchanged_file(index: Index, citation: Citation) -> Path | None:
    """Return the file of a cited source, or None when it no longer holds the cited version."""
    record = index.catalog.source_record(citation.source)
    if record is None or record.document_id != citation.source_id:
        return None
    from rag.load.loader import hash_file

    path = Path(record.path)
    try:
        return path if hash_file(path) == record.file_hash else None
    except LoadError:
        return None


def _boxes(index: Index, citation: Citation, path: Path | None, start: int, end: int) -> tuple[_Box, ...]:
    """Return the boxes of a part of what is cited."""
    document = index.catalog.document(citation.source_id)
    if path is None or document is None or document.media_type != "application/pdf":
        return ()
    # Imported late: it loads the PDF library, which most answers do not need.
    from rag.load.pdf.boxes import span_boxes

    try:
        words = citation.quote[start - citation.start : end - citation.start]
        return tuple(span_boxes(path, document.pages, start, end, words))
    except LoadError:
        return ()
