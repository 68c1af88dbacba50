"""Tell which lines of a page are the rows of a table that is not drawn as one.

Owns: where such a table begins and ends. It is seen by the gaps between its cells. Knows nothing about names. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.load.pdf.tables.columns import Extent, column_extents, spanned_columns
from rag.load.pdf.tables.pieces import gaps, has_value, is_figure, names_period
from rag.load.pdf.types import Line, Piece

# A cell that only marks a list item or a note, so that the text behind it is no second column.
MARKER = re.compile(r"(?:[•◦▪‣●○■□–\uf0b7]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxlc]{1,5}\)|\(\d\))$")
_LEADER = re.compile(r"(?:\.\s?){4,}")
_DIGIT = re.compile(r"\d")
# Between two rows of one table there are at most so many lines with a label alone.
_LABELS_BETWEEN = 3
# Longer texts, in characters, are no label.
_LONGEST_LABEL = 160
# Gaps between the words of a spread line, in heights of it, are narrower.
_SPREAD = 2.2
# White space, in heights of a line: more than the first ends a table, less than the second is none.
_WIDEST_GAP, _TIGHT = 4.0, 0.5
# The last column goes on to the right by at most so many heights of a line.
_WIDEST_CELL = 20.0
# Rows that were not drawn row by row have cells of at most so many characters, and so many of them stand together.
_LONGEST_SHORT, _LEAST_SHORT = 32, 3
# Between two of them there are at most so many lines with words of one cell.
_PARTS_BETWEEN = 5
# The columns of a table are told from so many of its last lines, to see where it ends.
_COLUMN_LINES = 40
# So many lines of names stand above the first row with figures.
_NAMING_LINES = 5
# Prose: so many lines below each other, one of them of at least so many characters; or more of them that are as long
# as the next number says, and of which at least such a share begins with a small letter.
_PROSE_CHARACTERS, _PROSE_LINES = 34, 4
_NARROW_PROSE_LINES, _NARROW_CHARACTERS, _SMALL_LETTERS = 6, 18, 0.4

VisualLine = list[Piece]


def is_row_like(cells: Sequence[tuple[str, float, float]], height: float) -> bool:
    """Tell whether a line is a table row: figures beside a label, three cells or more, or two far apart.

    Args:
        cells: The text of each cell, and where it begins and ends from the left.
        height: The height of the line.

    Returns:
        False also for a list item, and for an entry of a table of contents with dots.
    """
    words = [cell[0] for cell in cells]
    if _LEADER.search(" ".join(words)):
        return False
    if MARKER.match(words[0]):
        cells, words = cells[1:], words[1:]
    if len(cells) < 2:
        return False
    if len(cells) > 2 or any(map(_DIGIT.search, words[1:])):
        return True
    return max(right[1] - left[2] for left, right in pairwise(cells)) > 2 * height


def is_table_row(line: Line) -> bool:
    """Tell whether a line, as it was drawn, looks like a table row."""
    return is_row_like([(cell.text, cell.x0, cell.x1) for cell in line.cells], line.height)


def prose_lines(lines: Sequence[Line]) -> set[int]:
    """Return the numbers of the lines of running text: long, without gaps, drawn one below the other."""
    prose: set[int] = set()
    run: list[int] = []
    for number, line in enumerate([*lines, None]):
        above = lines[run[-1]] if run else None
        goes_on = (
            line is not None
            and above is not None
            and _has_no_columns(line)
            and abs(line.box[0] - above.box[0]) < 2 * above.height
            and -0.5 * above.height < line.box[1] - above.box[3] < 1.2 * above.height
        )
        if not goes_on:
            prose.update(run if _is_prose([lines[at] for at in run]) else ())
            run = []
        if line is not None and _has_no_columns(line):
            run.append(number)
    return prose


def _has_no_columns(line: Line) -> bool:
    """Tell whether a line may be one of text: its gaps are no wider than in lines that are spread to the margin."""
    gaps_are_narrow = all(right.x0 - left.x1 < _SPREAD * line.height for left, right in pairwise(line.cells))
    return len(line.cells) == 1 or (gaps_are_narrow and not any(is_figure(cell.text) for cell in line.cells))


def _is_prose(lines: Sequence[Line]) -> bool:
    if len(lines) < _PROSE_LINES:
        return False
    small = sum(line.text[0].islower() for line in lines)
    if max(len(line.text) for line in lines) >= _PROSE_CHARACTERS:
        return small > 0
    usual = sum(len(line.text) for line in lines) / len(lines)
    return len(lines) >= _NARROW_PROSE_LINES and small >= _SMALL_LETTERS * len(lines) and usual >= _NARROW_CHARACTERS


def has_figures(line: VisualLine) -> bool:
    """Tell whether a line has figures beside a label; years and dates are none: they name columns."""
    return len(line) > 1 and any(has_value(piece.text) for piece in line[1:])


def find_regions(lines: Sequence[VisualLine]) -> list[tuple[int, int]]:
    """Return where the tables of a page begin and end: numbers of lines, the end not included.

    Args:
        lines: The lines of a page without those of prose, from the top.

    Returns:
        Regions of at least two rows, or of one with figures, from the top.
    """
    white = [*gaps(lines), 0.0]
    rows = _row_numbers(lines, white)
    regions = []
    at = lowest = 0
    while at < len(lines):
        if at not in rows:
            at += 1
            continue
        end = _region_end(lines, rows, white, at)
        while at > 0 and at - 1 not in rows and white[at - 1] < 0 and len(lines[at - 1]) == 1 and at > lowest:
            at -= 1
        if sum(number in rows for number in range(at, end)) > 1 or has_figures(lines[at]):
            regions.append((at, end))
        at = lowest = end
    return regions


def _row_numbers(lines: Sequence[VisualLine], white: Sequence[float]) -> set[int]:
    """Return the numbers of the lines that look like rows."""
    rows: set[int] = set()
    short: list[int] = []
    for number, line in enumerate(lines):
        height = line[0].height
        cells = [(piece.text, piece.box[0], piece.box[2]) for piece in line]
        is_row = len(line) > 1 and is_row_like(cells, height)
        drawn_together = len({piece.line_number for piece in line}) < len(line)
        if is_row and drawn_together:
            rows.add(number)
        is_short = is_row and all(len(piece.text) <= _LONGEST_SHORT for piece in line)
        is_part = len(line) == 1 and len(line[0].text) <= _LONGEST_SHORT
        if short and (
            not (is_short or is_part) or white[number - 1] > _WIDEST_GAP * height or number - short[-1] > _PARTS_BETWEEN
        ):
            rows.update(short if len(short) >= _LEAST_SHORT else ())
            short = []
        if is_short:
            short.append(number)
    rows.update(short if len(short) >= _LEAST_SHORT else ())
    return rows


def _region_end(lines: Sequence[VisualLine], rows: set[int], white: Sequence[float], start: int) -> int:
    """Return the number of the line after a table that begins with a line; ``white`` is the space below each line."""
    taken = [lines[start]]
    columns = column_extents(taken)
    with_figures = has_figures(lines[start])
    end = number = start + 1
    if not columns:
        return end

    def is_tight(number: int, end: int) -> bool:
        """Tell whether a line touches the table above it, or a row of it below."""
        near = _TIGHT * lines[number][0].height
        below = any(
            after in rows and all(gap < near for gap in white[number:after]) for after in range(number + 1, number + 3)
        )
        return below or (end == number and white[number - 1] < near)

    while number < len(lines) and number - end <= _LABELS_BETWEEN:
        line = lines[number]
        height = line[0].height
        if white[number - 1] > _WIDEST_GAP * height:
            break
        if number in rows:
            figures = has_figures(line)
            if figures and not with_figures and len(taken) <= _NAMING_LINES:
                # What stood above it are names.
                taken = []
                columns = column_extents([line]) or columns
            after_label = number > end and not figures
            if after_label or not _fits(line, columns) or (with_figures and not figures and _is_heading(line, columns)):
                break
            with_figures = with_figures or figures
        elif not _goes_on(line, columns, is_tight(number, end)):
            if len(line) > 1 or len(line[0].text) > _LONGEST_LABEL or not stands_left(line[0], columns):
                break
            number += 1
            continue
        number += 1
        end = number
        taken.append(line)
        if not _are_inside(line, columns):
            columns = column_extents(taken[-_COLUMN_LINES:]) or columns
    return end


def _are_inside(line: VisualLine, columns: Sequence[Extent]) -> bool:
    """Tell whether each piece of a line stands inside of a column."""
    return all(any(x0 <= piece.box[0] and piece.box[2] <= x1 for x0, x1 in columns) for piece in line)


def stands_left(piece: Piece, columns: Sequence[Extent]) -> bool:
    """Tell whether a piece stands where labels do.

    Args:
        piece: A piece.
        columns: The extents of the columns of a table.

    Returns:
        True for one in the first column, or left of all columns of values.
    """
    return piece.box[0] < columns[0][1] or len(columns) < 2 or piece.box[2] < columns[1][0]


def _fits(line: VisualLine, columns: Sequence[Extent]) -> bool:
    """Tell whether a row is one of the table above it: most of its pieces stand in one column each."""
    single = sum(spanned_columns(piece, columns)[1] == 1 for piece in line[1:])
    return 2 * single >= len(line) - 1


def _is_heading(line: VisualLine, columns: Sequence[Extent]) -> bool:
    """Tell whether a row without figures, below rows with figures, names the columns of another table."""
    has_label = line[0].box[0] < columns[0][1]
    values = line[1:] if has_label else line
    if has_label and len(columns) < 3 and not line[0].bold:
        return False
    return not has_label or all(names_period(piece.text) for piece in values) or line[0].bold


def _goes_on(line: VisualLine, columns: Sequence[Extent], tight: bool) -> bool:
    """Tell whether a line that is no row by itself is part of the table: words of cells that began above, a figure."""
    if len(columns) < 2:
        return False
    for piece in line:
        first, span = spanned_columns(piece, columns)
        is_inside = span == 1 and (first > 0 or len(line) > 1)
        right = columns[first + 1][0] if first + 1 < len(columns) else columns[first][1] + _WIDEST_CELL * piece.height
        stands_under = columns[first][0] - 2 * piece.height < piece.box[0] and piece.box[2] <= right
        if not (is_inside and (tight or is_figure(piece.text)) and stands_under):
            return False
    return True
