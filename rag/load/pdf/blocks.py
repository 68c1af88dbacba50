"""Group the lines of a page into paragraphs, list items and table rows.

Owns: where a paragraph ends, and its text with the glyph behind each character. Knows nothing about PDF files, and
gives the same blocks for the same glyphs each time: the boxes of a citation rely on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from rag.load.pdf.joining import join
from rag.load.pdf.lines import line_of_pieces, make_lines
from rag.load.pdf.tables.captions import set_headers
from rag.load.pdf.tables.find import find_tables, grid_blocks
from rag.load.pdf.tables.grids import fill_grids, find_grids, level_rulings
from rag.load.pdf.tables.pieces import line_pieces
from rag.load.pdf.tables.regions import is_table_row
from rag.load.pdf.types import Box, Glyph, LayoutBlock, Line, Piece

_ITEM = re.compile(r"(?:[•◦▪‣●○■□–\uf0b7]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxlc]{1,5}\))\s")
_FULL_STOPS = (".", "!", "?", '."', ".”", ".)")
_SENTENCE_ENDS = (*_FULL_STOPS, ":", ";")
# Dots that lead from a label to its value, which is no number of a page.
_LEADER = re.compile(r"(?:\.\s?){4,}|(?:…\s?){2,}")
_PAGE = re.compile(r"\d{1,4}|[ivxlc]{1,8}", re.I)
_LONGEST_VALUE = 40


def layout_blocks(
    runs: Sequence[Sequence[Glyph]], is_bold: Callable[[int], bool], rulings: Sequence[Box] = ()
) -> list[LayoutBlock]:
    """Return the blocks of a page, in reading order.

    Args:
        runs: Glyphs that stand on one line, in reading order; boxes in points from the top left of a page whose text
            stands upright.
        is_bold: Tells whether the font of the glyph of a number is heavy.
        rulings: The lines that are drawn on the page, as thin boxes.

    Returns:
        Blocks with their text; in the rows of tables each cell stands behind its names.
    """
    outside, grids = fill_grids(_level_runs(runs), find_grids(rulings))
    parts = [make_lines(part, is_bold) for part in outside]
    page_words = {word for lines in parts for line in lines for word in _hyphenated_words(line.text)}
    blocks: list[LayoutBlock] = []
    level = level_rulings(rulings)
    first_line = 0
    for number, lines in enumerate(parts):
        blocks += _blocks_of_lines(lines, page_words, first_line, _usual_gap(lines), level)
        first_line += len(lines)
        if number < len(grids):
            blocks += grid_blocks(grids[number], is_bold, page_words, first_line)
            first_line += 2 + sum(len(run) for cell in grids[number].runs for run in cell)
    set_headers(blocks)
    return blocks


def _hyphenated_words(text: str) -> list[str]:
    """Return the words of a line that have a hyphen, in small letters."""
    return [word.strip(".,;:()").lower() for word in text.split() if "-" in word] if "-" in text else []


def _level_runs(runs: Sequence[Sequence[Glyph]]) -> list[list[Glyph]]:
    """Return runs that stay on their line: where a glyph stands wholly above or below the one before, a run ends."""
    level: list[list[Glyph]] = []
    for run in runs:
        level.append([])
        top, bottom = float("-inf"), float("inf")
        for glyph in run:
            if glyph.box:
                if glyph.box[1] >= bottom or glyph.box[3] <= top:
                    level.append([])
                top, bottom = glyph.box[1], glyph.box[3]
            level[-1].append(glyph)
    return level


def _blocks_of_lines(
    lines: list[Line], page_words: set[str], first_line: int, usual_gap: float, rulings: Sequence[Box]
) -> list[LayoutBlock]:
    """Return the blocks of some lines: tables where their first words stand, and what stands around them."""
    tables = find_tables(lines, page_words, first_line, rulings)
    table_of: dict[int, int] = {}
    for number, table in enumerate(tables):
        table_of.update(dict.fromkeys(table.glyph_numbers, number))
    blocks: list[LayoutBlock] = []
    around: list[Line] = []
    numbers: list[int] = []
    placed: set[int] = set()

    def close() -> None:
        grouped = _group_lines(around, lines, usual_gap)
        at = 0
        for block in grouped:
            _join_lines(block, page_words, numbers[at : at + len(block.lines)])
            at += len(block.lines)
        blocks.extend(grouped)
        around.clear()
        numbers.clear()

    for number, line in enumerate(lines):
        left, in_tables = _without(line, table_of)
        for place in in_tables:
            if place not in placed:
                close()
                blocks += tables[place].blocks
                placed.add(place)
        if left is not None:
            around.append(left)
            numbers.append(first_line + number)
    close()
    return blocks


def _without(line: Line, table_of: dict[int, int]) -> tuple[Line | None, list[int]]:
    """Return what of a line stands in no table, and the numbers of the tables that have the rest."""
    if table_of.keys().isdisjoint(line.glyph_numbers):
        return line, []
    found = dict.fromkeys(filter(table_of.__contains__, line.glyph_numbers))
    in_tables = list(dict.fromkeys(map(table_of.__getitem__, found)))
    others = set(line.glyph_numbers).difference(found, (-1,))
    if not others or all(
        line.text[at] == " " for at, number in enumerate(line.glyph_numbers) if number in others or number < 0
    ):
        # Nothing is left.
        return None, in_tables
    pieces = [left for piece in line_pieces(line, 0) if (left := _rest(piece, found)) is not None]
    if not pieces:
        return None, in_tables
    return line_of_pieces(pieces, line.height, line.bold), in_tables


def _rest(piece: Piece, taken: Container[int]) -> Piece | None:
    """Return what of a piece is not taken, or None where nothing is left but spaces."""
    kept = [at for at, number in enumerate(piece.glyph_numbers) if number not in taken]
    if len(kept) == len(piece.text):
        return piece
    while kept and piece.text[kept[0]] == " ":
        del kept[0]
    while kept and piece.text[kept[-1]] == " ":
        del kept[-1]
    if not kept:
        return None
    return replace(
        piece,
        text="".join(piece.text[at] for at in kept),
        glyph_numbers=[piece.glyph_numbers[at] for at in kept],
    )


def _usual_gap(lines: list[Line]) -> float:
    """Return the median white space between two lines of one paragraph, in points.

    Such lines are seen by the small letter that the lower one begins with; in scripts without capitals any two count.
    """
    is_cased = any(line.text[0].islower() or line.text[0].isupper() for line in lines)
    gaps = [below.box[1] - above.box[3] for above, below in pairwise(lines) if not is_cased or below.text[0].islower()]
    return median([gap for gap in gaps if gap > -0.5] or [0.0])


def _group_lines(lines: list[Line], page_lines: Sequence[Line], usual_gap: float) -> list[LayoutBlock]:
    """Return the blocks of lines that follow each other, which are some of those of the page."""
    blocks: list[LayoutBlock] = []
    for line in lines:
        above = blocks[-1] if blocks else None
        opens_item = _ITEM.match(line.text) is not None
        if _LEADER.search(line.text):
            # A label that leads to its value stands by itself.
            label = above if above and above.kind == "paragraph" and line.text[0].islower() else None
            if label and _continues(label, line, usual_gap, page_lines):
                label.kind = "item"
                label.lines.append(_led(line))
            else:
                blocks.append(LayoutBlock("item", [_led(line)]))
        elif above and _LEADER.search(above.lines[-1].text):
            blocks.append(LayoutBlock("item" if opens_item else "paragraph", [line]))
        elif is_table_row(line):
            if above and _is_label_above(above, line) and _continues(above, line, usual_gap, page_lines):
                above.kind = "row"
                above.lines.append(line)
            else:
                blocks.append(LayoutBlock("row", [line]))
        elif above and above.kind != "row" and not opens_item and _continues(above, line, usual_gap, page_lines):
            above.lines.append(line)
        else:
            blocks.append(LayoutBlock("item" if opens_item else "paragraph", [line]))
    return blocks


def _is_label_above(block: LayoutBlock, row: Line) -> bool:
    """Tell whether a row's label began on the lines above: it goes on with a small letter."""
    is_short = block.kind == "paragraph" and len(block.lines) <= 3
    return is_short and row.text[0].islower() and not block.lines[-1].text.endswith(_SENTENCE_ENDS)


def _led(line: Line) -> Line:
    """Return a line "Tea .... 2.40" as "Tea: 2.40"; one that leads to the number of a page as it is."""
    leader = _LEADER.search(line.text)
    if leader is None:
        return line
    label, behind = line.text[: leader.start()].rstrip(" :"), line.text[leader.end() :].rstrip()
    value = behind.lstrip()
    is_page = _PAGE.fullmatch(value) is not None
    if not label or not value or is_page or len(value) > _LONGEST_VALUE or _LEADER.search(value):
        return line
    start = leader.end() + len(behind) - len(value)
    numbers = line.glyph_numbers
    # The first of the dots stands behind the colon.
    return replace(
        line,
        text=f"{label}: {value}",
        glyph_numbers=[*numbers[: len(label)], numbers[leader.start()], -1, *numbers[start : start + len(value)]],
    )


def _continues(block: LayoutBlock, line: Line, usual_gap: float, page_lines: Sequence[Line]) -> bool:
    """Tell whether a line goes on with the block above it: near, of its size and weight, and not indented anew."""
    above = block.lines[-1]
    height = min(above.height, line.height)
    gap = line.box[1] - above.box[3]
    if block.kind == "paragraph" and _goes_on_beside(above, line):
        return True
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
    if above.text.endswith(_FULL_STOPS) and not line.text[0].islower() and _is_short(above, page_lines):
        return False
    return not (ends_sentence and indent > height and len(block.lines) > 1)


def _goes_on_beside(above: Line, line: Line) -> bool:
    """Tell whether a sentence goes on at the top of the next column."""
    is_beside = line.box[0] > above.box[2] - above.height and line.box[3] < above.box[1]
    is_alike = abs(above.height - line.height) < 0.05 * line.height and above.bold == line.bold
    return is_beside and is_alike and line.text[0].islower() and not above.text.endswith(_SENTENCE_ENDS)


def _is_short(line: Line, others: Sequence[Line]) -> bool:
    """Tell whether a line leaves much room to the right that other lines, which begin where it does, do not."""
    left = line.box[0]
    right = max((other.box[2] for other in others if abs(other.box[0] - left) < line.height), default=line.box[2])
    return line.box[2] < right - 0.25 * (right - left)


def _is_run_in_title(above: Line, line: Line) -> bool:
    """Tell whether a line is the name of what stands below it.

    A paragraph's first line would have gone on to its end.
    """
    is_short = above.box[2] - above.box[0] < 0.4 * (line.box[2] - line.box[0])
    is_flush = abs(line.box[0] - above.box[0]) < 0.5 * line.height
    return is_short and is_flush and not above.text.endswith(("-", ",")) and not line.text[0].islower()


def _join_lines(block: LayoutBlock, page_words: set[str], line_numbers: Sequence[int]) -> None:
    """Set a block's text, and what stands behind its characters."""
    block.text, block.glyph_numbers, block.line_numbers = join(block.lines, line_numbers, page_words)
