"""Read a page as the tests look at it."""

from __future__ import annotations

from rag.load.builder import Builder
from rag.load.markup.html import read_html
from rag.types import BlockKind


def page(html: str) -> list[tuple[BlockKind, str]]:
    """Return the kinds and words of a page's blocks, which lie in its text in order and without overlap."""
    builder = Builder()
    read_html(html, builder)
    return blocks_of(builder)


def blocks_of(builder: Builder) -> list[tuple[BlockKind, str]]:
    """Return the kinds and words of the blocks of a document."""
    text, end = builder.text, 0
    for block in builder.blocks:
        assert not text[end : block.start].strip()
        assert block.start < block.end
        end = block.end
    assert not text[end:].strip()
    for table in builder.tables:
        assert all(table.start <= cell.start <= cell.end <= table.end for cell in table.cells)
    return [(block.kind, text[block.start : block.end]) for block in builder.blocks]


def lines(html: str) -> list[str]:
    """Return the words of a page's blocks."""
    return [words for _, words in page(html)]
