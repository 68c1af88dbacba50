"""Find what stands above a table and holds for all its figures: "(in millions)".

Owns: how far above a row it is looked for. Knows nothing about cells.
"""

from __future__ import annotations

from bisect import bisect_left

from rag.retrieval.cells import caption_scale
from rag.store.index import Index
from rag.types import Span, Table

# So many blocks above a row, rows among them, may lie between it and the caption.
_BLOCKS_ABOVE = 60
# A longer paragraph, in characters, is prose: what it is counted in holds for itself.
_LONGEST = 400


def caption_above(index: Index, span: Span) -> str:
    """Return the nearest caption above a table row that says what its figures are counted in.

    Args:
        index: The index that holds the document.
        span: The row.

    Returns:
        The caption, "" where there is none before the heading above the table.
    """
    recorded = (span.header, *(table.caption for table in index.catalog.tables(span.source_id) if _holds(table, span)))
    if said := next((words for words in recorded if span.cells and caption_scale(words)), ""):
        return said
    document = index.catalog.document(span.source_id)
    if document is None:
        return ""
    number = bisect_left(document.blocks, span.start, key=lambda block: block.start)
    for block in reversed(document.blocks[max(0, number - _BLOCKS_ABOVE) : number]):
        words = document.text[block.start : block.end]
        if block.kind != "row" and len(words) <= _LONGEST and caption_scale(words):
            return words
        if block.kind == "heading" and block.level:
            return ""
    return ""


def _holds(table: Table, span: Span) -> bool:
    return table.start <= span.start and span.end <= table.end
