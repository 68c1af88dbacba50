"""Find the list that a document itself has of what is asked for.

Owns: which list items or table rows stand under a heading or a sentence that names the topic. Knows nothing about how
they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.extraction.scope import core_terms
from rag.answering.extraction.statements import Statement, read_statements
from rag.injection.detector import find_injections
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.types import Block

# Best chunks near which a list is looked for.
_CHUNKS = 6
# Fewer items are no list.
_FEWEST = 2
# Of a topic's words, the share that the heading or the sentence above a list must have.
_SHARE = 0.6


def items_on(index: Index, wanted: Sequence[str], chunks: Sequence[ChunkRecord]) -> list[Statement]:
    """Return the items of the first list on a topic.

    Args:
        index: The index that holds the chunks.
        wanted: The stems of the topic.
        chunks: The chunks, best first; a list is looked for in and below the first few.

    Returns:
        The first sentence of each item, in order; none where no list is announced with the topic's words.
    """
    if not wanted:
        return []
    for chunk in chunks[:_CHUNKS]:
        document = index.catalog.document(chunk.document_id)
        if document is None:
            continue
        for first, last in _lists(document.blocks):
            blocks = document.blocks
            if blocks[last].end <= chunk.start or blocks[first].start >= chunk.end + len(chunk.text):
                continue
            above = " ".join(document.text[block.start : block.end] for block in _announcing(blocks, first))
            # "List all fees": the column of a table is called so.
            above = f"{above} {blocks[last].header}"
            named = set(core_terms(above))
            if sum(stem in named for stem in wanted) < _SHARE * len(wanted):
                continue
            items = _statements_between(index, chunk.source, blocks[first].start, blocks[last].end)
            if len(items) >= _FEWEST:
                return items
    return []


def _lists(blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Return the runs of list items or table rows, as numbers of their first and last block."""
    runs: list[tuple[int, int]] = []
    for number, block in enumerate(blocks):
        if block.kind not in ("item", "row"):
            continue
        if runs and runs[-1][1] == number - 1 and blocks[number - 1].kind == block.kind:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return [(first, last) for first, last in runs if last - first + 1 >= _FEWEST]


def _announcing(blocks: Sequence[Block], first: int) -> list[Block]:
    """Return the block right above a list, and the heading above it."""
    above = list(blocks[max(0, first - 1) : first])
    heading = next((block for block in reversed(blocks[:first]) if block.kind == "heading"), None)
    return [*([heading] if heading and heading not in above else []), *above]


def _statements_between(index: Index, source: str, start: int, end: int) -> list[Statement]:
    """Return the first part of each block of a list."""
    chunks = [each for each in _chunks(index, source) if each.start < end and start < each.end]
    items: dict[int, Statement] = {}
    for item in read_statements(index, chunks):
        if start <= item.block < end and item.kind in ("item", "row") and not find_injections(item.span.quote):
            items.setdefault(item.block, item)
    return list(items.values())


def _chunks(index: Index, source: str) -> list[ChunkRecord]:
    chunks = index.catalog.chunks(index.catalog.chunk_ids([source])).values()
    return sorted(chunks, key=lambda each: each.start)
