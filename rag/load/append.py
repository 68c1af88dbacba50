"""Append one document to another that is being built, as an attachment to its message.

Owns: the places of blocks, tables and cells in the text that they are moved to. Knows nothing about formats.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from rag.load.builder import Builder
from rag.types import Document, Table, TableCell


def append_document(builder: Builder, document: Document, levels: int) -> None:
    """Append the blocks and tables of a document; its pages are none of the other's.

    Args:
        builder: What they are appended to.
        document: The document.
        levels: How many levels its headings go down.
    """
    # Where each block began, and how far its text has moved.
    starts: list[int] = []
    moves: list[int] = []
    for block in document.blocks:
        words = document.text[block.start : block.end]
        level = block.level + levels if block.kind == "heading" else block.level
        start = builder.add(block.kind, words, level, block.header)
        if start >= 0:
            starts.append(block.start)
            moves.append(start - block.start - (len(words) - len(words.lstrip())))
    if starts:
        builder.tables += [_moved(table, starts, moves) for table in document.tables]


def _moved(table: Table, starts: list[int], moves: list[int]) -> Table:
    def move(place: int) -> int:
        return place + moves[max(0, bisect_right(starts, place) - 1)]

    cells = tuple(
        TableCell(move(cell.start), cell.end + move(cell.start) - cell.start, *cell[2:]) for cell in table.cells
    )
    # The last row ends in the block that its last character stands in.
    return replace(table, start=move(table.start), end=move(max(table.start, table.end - 1)) + 1, cells=cells)
