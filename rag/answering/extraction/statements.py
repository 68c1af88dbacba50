"""Cut chunks into the sentences that can be quoted by themselves.

Owns: which sentences of a document count, and the section that each stands in. Offsets are cut, never searched for.
Knows nothing about what is asked.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.extraction.standing import is_statement, leans_on_another
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.text import split_block
from rag.types import Block, BlockKind, Span, page_of

# Who speaks, before the words of a transcript: "THE PRESIDENT: ".
_SPEAKER = re.compile(r"[^\Wa-z\d_][^a-z:\n]{2,40}:\s+(?=\S)")
# The mark before a list item: a dash, a star, a number.
_ITEM_MARK = re.compile(r"\s*(?:[-*+•–]|\(?\d{1,3}[.)]|[a-z][.)])\s+")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, list item or table row of a document.

    Attributes:
        span: The exact slice.
        kind: The kind of its block.
        block: Where its block begins in the document.
        section: Where the heading above it begins; -1 above the first heading.
        first: Whether it opens its block.
        opens_section: Whether its block is the first below its heading.
        chunk_id: The chunk that it is cut from.
    """

    span: Span
    kind: BlockKind
    block: int
    section: int
    first: bool
    opens_section: bool
    chunk_id: str

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells it from all others."""
        return self.span.source, self.span.start, self.span.end

    @property
    def is_quotable(self) -> bool:
        """Whether it is a whole sentence that needs no other."""
        if self.kind == "code" or self.span.quote.rstrip().endswith("?"):
            return False
        return is_statement(self.span.quote) and not leans_on_another(
            self.span.quote, opens_block=self.first and self.span.page is None
        )


def read_statements(index: Index, chunks: Sequence[ChunkRecord]) -> list[Statement]:
    """Cut chunks into sentences, list items and rows; headings, running heads and code are left out.

    Args:
        index: The index that knows the structure of the documents.
        chunks: Chunks of the index, in any order.

    Returns:
        The sentences in the order of the chunks, each once.
    """
    statements: dict[tuple[str, int, int], Statement] = {}
    for chunk in chunks:
        blocks, pages = index.catalog.structure(chunk.document_id)
        headings = [block.start for block in blocks if block.kind == "heading"]
        number = bisect_right(blocks, chunk.start, key=lambda block: block.end)
        while number < len(blocks) and blocks[number].start < chunk.end:
            block = blocks[number]
            above = blocks[number - 1] if number else None
            number += 1
            if block.kind in ("heading", "margin", "code") or _names_columns(block, blocks[number : number + 1]):
                continue
            position = bisect_right(headings, block.start) - 1
            for left, right in _parts(chunk, block):
                span = Span(
                    chunk.source,
                    chunk.document_id,
                    chunk.title,
                    chunk.start + left,
                    chunk.start + right,
                    chunk.text[left:right],
                    page_of(pages, chunk.start + left),
                    block.header,
                )
                statement = Statement(
                    span,
                    block.kind,
                    block.start,
                    headings[position] if position >= 0 else -1,
                    chunk.start + left <= block.start + _mark_length(chunk, block),
                    above is None or above.kind in ("heading", "margin"),
                    chunk.id,
                )
                statements.setdefault(statement.key, statement)
    return list(statements.values())


def _names_columns(block: Block, following: Sequence[Block]) -> bool:
    """Tell whether a table row is the one with the names of the columns, which the rows below it have as header."""
    return block.kind == "row" and not block.header and any(each.kind == "row" and each.header for each in following)


def _parts(chunk: ChunkRecord, block: Block) -> list[tuple[int, int]]:
    """Return the sentences of a block as far as a chunk holds it, as spans of the chunk; an item without its mark."""
    start = max(block.start + _mark_length(chunk, block), chunk.start)
    end = min(block.end, chunk.end)
    if start >= end:
        return []
    parts = split_block(chunk.text, Block(start - chunk.start, end - chunk.start, block.kind))
    return [_without_speaker(chunk.text, left, right) for left, right in parts]


def _without_speaker(text: str, start: int, end: int) -> tuple[int, int]:
    speaker = _SPEAKER.match(text, start, end)
    return (speaker.end() if speaker and speaker.end() < end else start), end


def _mark_length(chunk: ChunkRecord, block: Block) -> int:
    """Return how many characters the mark of a list item has that begins inside a chunk; 0 for any other block."""
    if block.kind != "item" or block.start < chunk.start:
        return 0
    mark = _ITEM_MARK.match(chunk.text, block.start - chunk.start)
    return mark.end() - (block.start - chunk.start) if mark else 0
