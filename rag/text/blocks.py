"""The smallest parts of a document that are cited. Pure.

Owns: cutting a block into sentences, lines of code or whole rows. Knows nothing about how a sentence ends.
"""

from __future__ import annotations

from collections.abc import Iterator

from rag.text.splitting import sentences, trim
from rag.types import Block


def split_block(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Split a block into the smallest parts that are cited.

    Args:
        text: The text of the document.
        block: A block of it.

    Yields:
        Half-open, trimmed spans of ``text``: the block's sentences, its lines of code, or the whole of a heading or a
        table row.
    """
    if block.kind in ("heading", "row"):
        span = trim(text, block.start, block.end)
        if span[0] < span[1]:
            yield span
    elif block.kind == "code":
        position = block.start
        while position < block.end:
            newline = text.find("\n", position, block.end)
            end = block.end if newline < 0 else newline + 1
            span = trim(text, position, end)
            if span[0] < span[1]:
                yield span
            position = end
    else:
        yield from sentences(text, block.start, block.end)
