"""Cut plain text into blocks.

Owns: what structure is seen in plain text. Knows nothing about files, and never changes the text.
"""

from __future__ import annotations

from rag.load.plain_text.line_blocks import ITEM, BlockCollector, split_lines, underline_level, wiki_heading_level
from rag.types import Block


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Return paragraphs, list items, wiki headings, and headings that are underlined by at least half their length."""
    collector = BlockCollector()
    for line in split_lines(text):
        content = line[1]
        if not content or content.isspace():
            collector.close()
        elif _is_underline(collector, content):
            collector.take(line)
            collector.close("heading", underline_level(content))
        elif level := wiki_heading_level(content):
            collector.take(line, "heading")
            collector.close(level=level)
        elif ITEM.match(content):
            collector.take(line, "item")
        else:
            collector.take(line)
    collector.close()
    return tuple(collector.blocks)


def _is_underline(collector: BlockCollector, content: str) -> bool:
    """Tell whether a line underlines the one above, which stands alone, by at least half its length."""
    if len(collector.open_lines) != 1 or collector.kind != "paragraph" or not underline_level(content):
        return False
    length = len(content.strip())
    return length >= 3 and 2 * length >= len(collector.open_lines[0][1].strip())
