"""Group the lines of a page into paragraphs, list items and table rows.

Owns: where a paragraph ends, and its text with the glyph behind each character. Knows nothing about PDF files, and
gives the same blocks for the same glyphs each time: the boxes of a citation rely on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from rag.load.pdf.lines import make_lines
from rag.load.pdf.tables import is_table_row, name_columns
from rag.load.pdf.types import Glyph, LayoutBlock, Line
from rag.text.scripts import is_unspaced

_ITEM = re.compile(r"(?:[•◦▪‣●○■□–\uf0b7]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxlc]{1,5}\))\s")
_HYPHENS = "-\xad"
_SENTENCE_ENDS = (".", "!", "?", ":", ";", '."', ".”", ".)")
# Words that take a hyphen: one behind them at the end of a line belongs to the word.
_HYPHENATED_PREFIXES = frozenset(
    "all anti co cross ex full half high in long low mid multi non off on pre self short so well".split()
)


def layout_blocks(runs: Sequence[Sequence[Glyph]], is_bold: Callable[[int], bool]) -> list[LayoutBlock]:
    """Return the blocks of a page, in reading order.

    Args:
        runs: Glyphs that stand on one line, in reading order; boxes in points from the top left of a page whose text
            stands upright.
        is_bold: Tells whether the font of the glyph of a number is heavy.

    Returns:
        Blocks with their text; table rows also with the names of their columns.
    """
    lines = make_lines(runs, is_bold)
    blocks = _group_lines(lines)
    page_words = {word.strip(".,;:()").lower() for line in lines for word in line.text.split()}
    first_line = 0
    for block in blocks:
        _join_lines(block, page_words, first_line)
        first_line += len(block.lines)
    name_columns(blocks)
    return blocks


def _group_lines(lines: list[Line]) -> list[LayoutBlock]:
    gaps = [below.box[1] - above.box[3] for above, below in pairwise(lines)]
    usual_gap = median([gap for gap in gaps if gap > -0.5] or [0.0])
    blocks: list[LayoutBlock] = []
    for line in lines:
        above = blocks[-1] if blocks else None
        opens_item = _ITEM.match(line.text) is not None
        if is_table_row(line):
            if above and _is_label_above(above, line) and _continues(above, line, usual_gap):
                above.kind = "row"
                above.lines.append(line)
            else:
                blocks.append(LayoutBlock("row", [line]))
        elif above and above.kind != "row" and not opens_item and _continues(above, line, usual_gap):
            above.lines.append(line)
        else:
            blocks.append(LayoutBlock("item" if opens_item else "paragraph", [line]))
    return blocks


def _is_label_above(block: LayoutBlock, row: Line) -> bool:
    """Tell whether a row's label began on the lines above: it goes on with a small letter."""
    is_short = block.kind == "paragraph" and len(block.lines) <= 3
    return is_short and row.characters[0].islower() and not block.lines[-1].text.endswith(_SENTENCE_ENDS)


def _continues(block: LayoutBlock, line: Line, usual_gap: float) -> bool:
    """Tell whether a line goes on with the block above it: near, of its size and weight, and not indented anew."""
    above = block.lines[-1]
    height = min(above.height, line.height)
    gap = line.box[1] - above.box[3]
    if gap > max(0.4 * height, min(usual_gap, height) * 1.3 + 0.1 * height) or gap < -0.8 * height:
        return False
    if abs(above.height - line.height) > 0.15 * height or above.bold != line.bold:
        return False
    if line.box[0] > above.box[2] or line.box[2] < above.box[0]:
        return False
    if len(block.lines) == 1 and _is_run_in_title(above, line):
        return False
    if block.kind == "item" and line.box[0] < block.lines[0].box[0] - 0.5 * height:
        return False
    right_edge = max(part.box[2] for part in block.lines)
    indent = line.box[0] - above.box[0]
    ends_sentence = above.text.endswith(_SENTENCE_ENDS)
    if ends_sentence and above.box[2] < right_edge - 0.25 * (right_edge - above.box[0]):
        return False
    return not (ends_sentence and indent > height and len(block.lines) > 1)


def _is_run_in_title(above: Line, line: Line) -> bool:
    """Tell whether a line is the name of what stands below it.

    A paragraph's first line would have gone on to its end.
    """
    is_short = above.box[2] - above.box[0] < 0.4 * (line.box[2] - line.box[0])
    is_flush = abs(line.box[0] - above.box[0]) < 0.5 * line.height
    return is_short and is_flush and not above.text.endswith(("-", ",")) and not line.characters[0].islower()


def _join_lines(block: LayoutBlock, page_words: set[str], first_line: int) -> None:
    """Set a block's text: its lines joined with spaces, and words that were broken at the end of a line made whole.

    Args:
        block: The block; its text, glyph numbers and line numbers are set.
        page_words: The words of the page in small letters, as they are written where no line ends.
        first_line: The number, in the page, of the block's first line.
    """
    characters: list[str] = []
    for number, line in enumerate(block.lines):
        if number:
            above = block.lines[number - 1]
            if above.characters[-1] in _HYPHENS:
                if _is_broken_word(above.text, line.text, page_words):
                    characters.pop()
                    block.glyph_numbers.pop()
                    block.line_numbers.pop()
            elif not (is_unspaced(line.characters[0]) and _is_unspaced_end(above.characters[-1])):
                characters.append(" ")
                block.glyph_numbers.append(-1)
                block.line_numbers.append(first_line + number - 1)
        characters += line.characters
        block.glyph_numbers += line.glyph_numbers
        block.line_numbers += [first_line + number] * len(line.characters)
    block.text = "".join(characters)


def _is_unspaced_end(character: str) -> bool:
    """Tell whether no space stands behind a character of a script without spaces, or behind its punctuation."""
    return is_unspaced(character) or character in "、。，．！？：；）」』】》〉・"


def _is_broken_word(above: str, below: str, page_words: set[str]) -> bool:
    """Tell whether a hyphen at the end of a line was put there to break a word, and is not part of it.

    Only small letters are joined, and never where the page itself writes the word with a hyphen, or goes on with one
    ("year-", "over-year").
    """
    left = re.search(r"([^\W\d_]+)[-\xad]$", above[-40:])
    right = re.match(r"[^\W\d_]+", below[:40])
    if left is None or right is None:
        return False
    head, tail = left.group(1), right.group(0)
    if not head[1:].islower() or not tail.islower() or head.lower() in _HYPHENATED_PREFIXES:
        return False
    if re.match(r"[-\xad]\w", below[right.end() : right.end() + 2]):
        return False
    return f"{head}-{tail}".lower() not in page_words
