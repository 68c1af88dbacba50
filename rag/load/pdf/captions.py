"""Say of each row of a table what it does not say itself: its section, and the caption of its table.

Owns: which blocks above a table are said of all of it. Knows nothing about columns. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.load.pdf.table_names import NOTE
from rag.load.pdf.types import LayoutBlock, PageTable

# A caption has at most so many blocks, each of at most so many characters; a longer one ends with a colon.
_MOST_BLOCKS, _LONGEST_BLOCK, _LONGEST_WITH_COLON = 4, 110, 400
# White space, in heights of a line, that ends a caption.
_WIDEST_GAP = 3.5
_LONGEST_SECTION, _LONGEST_HEADER = 80, 300


def set_headers(blocks: Sequence[LayoutBlock]) -> None:
    """Set the caption of each table of a page and the header of each of its rows.

    Args:
        blocks: The blocks of a page, in reading order.
    """
    table: PageTable | None = None
    section = ""
    for number, block in enumerate(blocks):
        if block.table is None:
            if block.kind == "paragraph" and table is not None and len(block.text) <= _LONGEST_SECTION:
                section = block.text
            continue
        if block.table is not table:
            table = block.table
            section, table.caption = _above(blocks, number, table)
        block.header = " | ".join(filter(None, (section.rstrip(" :"), table.caption)))[:_LONGEST_HEADER]
        if block.text.startswith("Total"):
            section = ""


def _above(blocks: Sequence[LayoutBlock], first: int, table: PageTable) -> tuple[str, str]:
    """Return the label of a table's first rows, and what is said of the whole table above it."""
    section = ""
    caption: list[str] = []
    top = table.top
    left = blocks[first].lines[0].box[0]
    for block in reversed(blocks[max(0, first - _MOST_BLOCKS) : first]):
        if block.kind != "paragraph" or block.table is not None:
            break
        has_colon = block.text.endswith(":")
        white = top - block.lines[-1].box[3]
        is_between = block.lines[0].box[1] > table.top
        is_section = has_colon and top == table.top and block.lines[0].box[0] <= left + 1
        if len(block.text) <= _LONGEST_SECTION and (is_between or (is_section and not section)):
            # It stands below the names, or right above the first row.
            if is_between and NOTE.match(block.text):
                caption.append(block.text)
            else:
                section = section or block.text
            continue
        is_near = -block.height < white < _WIDEST_GAP * block.height
        if (
            not is_near
            or block.text.endswith(".")
            or len(block.text) > (_LONGEST_WITH_COLON if has_colon else _LONGEST_BLOCK)
        ):
            break
        caption.insert(0, block.text.rstrip(" :"))
        if has_colon:
            break
        top = min(top, block.lines[0].box[1])
    return section, " ".join(caption)
