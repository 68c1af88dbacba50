"""Find what stands above a table and holds for all its figures: "(in millions)".

Owns: how far above a row it is looked for: no further than its own table's caption. Knows nothing about cells.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rag.retrieval.cells import caption_scale
from rag.store.index import Index
from rag.types import Block, Document, Span, Table

# So many blocks above a row, rows among them, may lie between it and the caption.
_BLOCKS_ABOVE = 60
# A longer paragraph, in characters, is prose: what it is counted in holds for itself.
_LONGEST = 400
# A table in a cell of another one begins behind it; so many that begin before a place are looked at.
_LOOKED_AT = 4
_SCALE_ALONE = re.compile(
    r"\(?(?:(?:amounts?|dollars?|figures|[$€£]|U\.?S\.? dollars) )?(?:in|of) [^.\n]{0,12}(?:thousand|million|billion)s?"
    r"(?:,? except [^.\n]{1,60})?\)?|\(?(?:Angaben )?in (?:Tsd|Mio|Mrd)[^\n]{0,12}\)?",
    re.I,
)
_SENTENCE = re.compile(r"[.!?][\"”)\]]*\s*$")


def caption_above(index: Index, span: Span) -> str:
    """Return the nearest caption above a table row that says what its figures are counted in.

    Args:
        index: The index that holds the document.
        span: The row.

    Returns:
        The caption; "" where none stands between the table and the heading, the sentence or the other table above it.
    """
    document = index.catalog.document(span.source_id)
    if document is None:
        return ""
    own = _table_at(document.tables, span.start)
    recorded = (span.header, own.caption if own else "")
    if said := next((words for words in recorded if span.cells and caption_scale(words)), ""):
        return said
    number = bisect_left(document.blocks, span.start, key=lambda block: block.start)
    above = document.blocks[max(0, number - _BLOCKS_ABOVE) : number]
    if own and above and above[0].start > own.start:
        # A long table: what stands above it is further up.
        number = bisect_left(document.blocks, own.start, key=lambda block: block.start)
        above = document.blocks[max(0, number - _BLOCKS_ABOVE) : number]
    return _above(document, above, own) or _behind(document, own)


def _behind(document: Document, table: Table | None) -> str:
    """Return the line right behind a table that says nothing but what its figures are counted in: "In millions"."""
    if table is None:
        return ""
    number = bisect_left(document.blocks, table.end, key=lambda block: block.start)
    following = [block for block in document.blocks[number : number + 3] if block.kind != "margin"][:2]
    if not following or following[0].kind != "paragraph" or [block.kind for block in following[1:]] == ["row"]:
        return ""
    words = document.text[following[0].start : following[0].end]
    return words if _SCALE_ALONE.fullmatch(words.strip()) else ""


def _above(document: Document, above: Sequence[Block], own: Table | None) -> str:
    """Return the caption among the blocks above a row, looking up from it."""
    is_right_above = True
    for block in reversed(above):
        words = document.text[block.start : block.end]
        if block.kind == "margin":
            continue
        if block.kind == "row":
            other = _table_at(document.tables, block.start)
            if not _goes_on(own, other) or (words.startswith("|") and not is_right_above):
                return ""
            if other and caption_scale(other.caption):
                return other.caption
            continue
        is_sentence = _SENTENCE.search(words) is not None
        if len(words) <= _LONGEST and caption_scale(words) and (is_right_above or not is_sentence):
            return words
        if is_sentence or block.kind != "paragraph" or block.level:
            return ""
        is_right_above = False
    return ""


def _goes_on(own: Table | None, other: Table | None) -> bool:
    """Tell whether a row above is of the same table, or of the part of it on the page before."""
    if own is None or other is None or own == other:
        return own is other or own == other
    return bool(own.names) and own.names == other.names


def _table_at(tables: Sequence[Table], start: int) -> Table | None:
    """Return the innermost table with a record that holds a place of the text; None for none."""
    number = bisect_right(tables, start, key=lambda table: table.start)
    near = tables[max(0, number - _LOOKED_AT) : number]
    return next((table for table in reversed(near) if start < table.end), None)
