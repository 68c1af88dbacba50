"""Put the glyphs of a page into lines and their cells.

Owns: which glyphs stand on one line, and where a gap is so wide that it parts two cells. Knows nothing about PDF files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from rag.load.pdf.types import Box, Cell, Glyph, Line, Piece, enclosing_box

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
    lines = [_make_line(run, box) for run, box in join_runs(runs)]
    for line in lines:
        drawn = [number for number in (line.glyph_numbers[0], line.glyph_numbers[-1]) if number >= 0]
        drawn = drawn if len(drawn) == 2 else [number for number in line.glyph_numbers if number >= 0]
        line.bold = bool(drawn) and is_bold(drawn[0]) and is_bold(drawn[-1])
    return lines


def join_runs(runs: Sequence[Sequence[Glyph]]) -> list[tuple[list[Glyph], Box]]:
    """Join the runs that stand beside each other on one line: a label and its numbers are often drawn apart.

    Args:
        runs: Runs of glyphs; those of which none is drawn are left out.

    Returns:
        The glyphs of each line, and the box of them all.
    """
    joined: list[tuple[list[Glyph], Box]] = []
    for run in runs:
        boxes = [box for _, _, box, _ in run if box]
        if not boxes:
            continue
        box = enclosing_box(boxes)
        if joined and _is_right_of(box, joined[-1][1]):
            glyphs, line_box = joined[-1]
            glyphs.append(Glyph(" ", -1))
            glyphs += run
            joined[-1] = glyphs, enclosing_box((line_box, box))
        else:
            joined.append((list(run), box))
    return joined


def from_the_top(runs: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """Return runs from the top where they are mostly drawn from the foot up, as vertical lines are from the left."""
    tops = [min((box[1] for _, _, box, _ in run if box), default=float("nan")) for run in runs]
    up = sum(below < above for above, below in pairwise(tops))
    down = sum(below > above for above, below in pairwise(tops))
    if up <= down:
        return list(runs)
    drawn = [(top, run) for top, run in zip(tops, runs, strict=True) if top == top]
    return [run for _, run in sorted(drawn, key=lambda pair: pair[0])]


def line_of_pieces(pieces: Sequence[Piece], height: float, bold: bool) -> Line:
    """Return pieces that stand beside each other as a line: a cell each.

    Args:
        pieces: The pieces, from the left; at least one.
        height: The height of the line.
        bold: Whether it is bold.

    Returns:
        The line; two spaces stand between two of its cells.
    """
    glyph_numbers = list(pieces[0].glyph_numbers)
    for piece in pieces[1:]:
        glyph_numbers += (-1, -1, *piece.glyph_numbers)
    cells = [Cell(piece.text, piece.box[0], piece.box[2]) for piece in pieces]
    box = enclosing_box([piece.box for piece in pieces])
    return Line("  ".join(cell.text for cell in cells), glyph_numbers, box, height, cells, bold)


def _is_right_of(right: Box, left: Box) -> bool:
    """Tell whether a run stands on the line of the one before it, to the right of it."""
    height = min(left[3] - left[1], right[3] - right[1])
    overlap = min(left[3], right[3]) - max(left[1], right[1])
    return overlap > 0.6 * height and right[0] > left[2] - 0.2 * height


def _make_line(run: Sequence[Glyph], line_box: Box) -> Line:
    """Return the line of some glyphs: one space for any white space, two for a gap that parts two cells."""
    height = _median_height(run) or 1.0
    glyph_numbers: list[int] = []
    cells: list[Cell] = []
    # The words of the cell at hand.
    words: list[str] = []
    # Where the glyph before ends and the cell begins, from the left.
    end: float | None = None
    cell_x0 = 0.0
    # The numbers of the spaces since the last visible glyph.
    spaces: list[int] = []
    for text, number, box, _ in run:
        if box is None:
            spaces.append(number)
            continue
        if end is None:
            cell_x0 = box[0]
        else:
            gap = box[0] - end
            is_wide = gap > _CELL_GAP * height and words[-1][-1] not in _CURRENCIES
            if is_wide or (gap > _CURRENCY_GAP * height and text[0] in _CURRENCIES):
                cells.append(Cell("".join(words), cell_x0, end))
                glyph_numbers += ([*spaces, -1, -1])[:2]
                words, cell_x0 = [], box[0]
            elif spaces:
                words.append(" ")
                glyph_numbers.append(spaces[0])
        if spaces:
            spaces = []
        words.append(text)
        glyph_numbers += range(number, number + len(text)) if number >= 0 else [-1] * len(text)
        end = box[2]
    cells.append(Cell("".join(words), cell_x0, end or 0.0))
    return Line("  ".join(cell.text for cell in cells), glyph_numbers, line_box, height, cells)


def _median_height(run: Sequence[Glyph]) -> float:
    """Return the median height of the characters that are drawn."""
    heights: list[float] = []
    for text, _, box, known in run:
        if box:
            heights += known or [box[3] - box[1]] * (len(text) - text.count(" "))
    heights.sort()
    middle = len(heights) // 2
    return heights[middle] if len(heights) % 2 else (heights[middle - 1] + heights[middle]) / 2
