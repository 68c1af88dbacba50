"""Put the glyphs of a page into lines and their cells.

Owns: which glyphs stand on one line, and where a gap is so wide that it parts two cells. Knows nothing about PDF files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from rag.load.pdf.types import Box, Cell, Glyph, Line, enclosing_box

# In heights of the line: a gap this wide parts two cells, and before a currency sign a narrower one does.
_CELL_GAP = 1.2
_CURRENCY_GAP = 0.5
_CURRENCIES = "$€£¥"


def make_lines(runs: Sequence[Sequence[Glyph]], is_bold: Callable[[int], bool]) -> list[Line]:
    """Return the lines of a page.

    Args:
        runs: Glyphs that stand on one line, in reading order. A line may be drawn in several runs.
        is_bold: Tells whether the font of the glyph of a number is heavy.

    Returns:
        Lines in the order of ``runs``; runs without a visible glyph give none.
    """
    lines = [line for line in map(_make_line, _join_runs(runs)) if line is not None]
    for line in lines:
        visible = [number for number in line.glyph_numbers if number >= 0]
        line.bold = is_bold(visible[0]) and is_bold(visible[-1])
    return lines


def _join_runs(runs: Sequence[Sequence[Glyph]]) -> list[list[Glyph]]:
    """Join the runs that stand beside each other on one line: a label and its numbers are often drawn apart."""
    joined: list[list[Glyph]] = []
    line_box: Box | None = None
    for run in runs:
        boxes = _visible_boxes(run)
        if not boxes:
            continue
        box = enclosing_box(boxes)
        if line_box is not None and _is_right_of(box, line_box):
            joined[-1] += [Glyph(" ", -1), *run]
            line_box = enclosing_box((line_box, box))
        else:
            joined.append(list(run))
            line_box = box
    return joined


def _visible_boxes(run: Sequence[Glyph]) -> list[Box]:
    return [glyph.box for glyph in run if glyph.box]


def _is_right_of(right: Box, left: Box) -> bool:
    """Tell whether a run stands on the line of the one before it, to the right of it."""
    height = min(left[3] - left[1], right[3] - right[1])
    overlap = min(left[3], right[3]) - max(left[1], right[1])
    return overlap > 0.6 * height and right[0] > left[2] - 0.2 * height


def _make_line(run: Sequence[Glyph]) -> Line | None:
    """Return the line of some glyphs: one space for any white space, two for a gap that parts two cells."""
    boxes = _visible_boxes(run)
    if not boxes:
        return None
    height = median(box[3] - box[1] for box in boxes) or 1.0
    characters: list[str] = []
    glyph_numbers: list[int] = []
    cells: list[Cell] = []
    previous: Box | None = None
    # The numbers of the spaces since the last visible glyph.
    spaces: list[int] = []
    cell_start, cell_x0 = 0, boxes[0][0]
    for glyph in run:
        box = glyph.box
        if box is None:
            spaces.append(glyph.number)
            continue
        if previous is not None:
            gap = box[0] - previous[2]
            is_wide = gap > _CELL_GAP * height and characters[-1] not in _CURRENCIES
            opens_amount = glyph.character in _CURRENCIES and gap > _CURRENCY_GAP * height
            if is_wide or opens_amount:
                cells.append(Cell("".join(characters[cell_start:]), cell_x0, previous[2]))
                characters += "  "
                glyph_numbers += ([*spaces, -1, -1])[:2]
                cell_start = len(characters)
            elif spaces:
                characters.append(" ")
                glyph_numbers.append(spaces[0])
        if cell_start == len(characters):
            cell_x0 = box[0]
        characters.append(glyph.character)
        glyph_numbers.append(glyph.number)
        spaces = []
        previous = box
    assert previous is not None
    cells.append(Cell("".join(characters[cell_start:]), cell_x0, previous[2]))
    return Line(characters, glyph_numbers, enclosing_box(boxes), height, cells)
