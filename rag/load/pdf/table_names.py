"""Find the names that stand above the columns of a table on a page.

Owns: which lines name columns, and which columns a name that spans several stands above. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rag.load.pdf.pieces import gaps, has_value, names_period
from rag.load.pdf.regions import VisualLine
from rag.load.pdf.table_columns import Extent
from rag.load.pdf.types import Box, Piece

# Names stand on at most so many lines, and are at most so long, in characters.
_MOST_LINES, _LONGEST_NAME = 6, 60
# White space between names, in heights of a line.
_WIDEST_GAP = 3.0
# Between the names and the first row stand at most so many labels of sections.
_MOST_SECTIONS = 3
# Lines of a note above the labels that stand between lines of names.
_MOST_SKIPPED = 2
# A title begins so many heights of a line left of the first column of values.
_TITLE_OVERHANG = 4.0
# The middle of a name above all columns is at most so many heights off theirs.
_OFF_CENTRE = 1.5
# White space, in heights of a line, less than which parts no lines of one name.
_TIGHT = 0.5
# A ruling below a name, or below the further lines of it, is at most so many heights away.
_RULED_BELOW = 4.5
# What is said of the whole table: "(in millions)", "Unaudited".
NOTE = re.compile(r"\(|(?:\w+ )?in (?:millions|thousands|billions)\b|unaudited\b|dollars\b|amounts\b", re.I)
_PERIOD = re.compile(r"\b(?:three|six|nine|twelve|\d{1,2}) (?:months|weeks) ended\b", re.I)


@dataclass(slots=True)
class Names:
    """The names above the columns of a table.

    Attributes:
        rows: The names of each line, from the top, a column each; "" for none.
        lines: The numbers of the lines they stand on.
        pieces: The pieces of each of those lines that are names.
    """

    rows: list[tuple[str, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    pieces: list[list[Piece]] = field(default_factory=list)


def names_above(
    lines: Sequence[VisualLine], lowest: int, first_row: int, columns: Sequence[Extent], rulings: Sequence[Box] = ()
) -> Names:
    """Return the names that stand above the columns of a table.

    Args:
        lines: The lines of the page, from the top.
        lowest: The number of the first line that is of no other table.
        first_row: The number of the table's first row with figures.
        columns: The extents of its columns, the first that of its labels.
        rulings: The level lines that are drawn on the page; one below a name shows which columns it stands above.

    Returns:
        The names, read from the lowest line up until one names no column.
    """
    names = Names()
    number = first_row - 1
    sections = skipped = 0
    while number >= lowest and len(names.lines) < _MOST_LINES:
        line = lines[number]
        (white,) = gaps(lines[number : number + 2])
        if white > _WIDEST_GAP * line[0].height:
            break
        if not names.lines and sections < _MOST_SECTIONS and _is_section(line, columns):
            # The labels of the first rows stand between them and the names.
            sections += 1
            number -= 1
            continue
        if not names.lines and len(line) == 1 and NOTE.match(line[0].text):
            # A unit stands between them.
            number -= 1
            continue
        below = lines[names.lines[0]] if names.lines else None
        is_tight = below is not None and white < _TIGHT * line[0].height
        goes_on = below is not None and is_tight and below[0].bold == line[0].bold
        named = _named_columns(line, columns, rulings, goes_on)
        if named is None and names.lines and skipped < _MOST_SKIPPED and _is_section(line, columns):
            # A note stands beside the names, above the labels.
            skipped += 1
            number -= 1
            continue
        if named is None:
            break
        names.rows.insert(0, named[0])
        names.lines.insert(0, number)
        names.pieces.insert(0, named[1])
        number -= 1
    _end_at_full_row(names)
    if len(columns) == 2 and any(all(row) for row in names.rows) and not _are_marked(lines, names, first_row):
        # Two columns of words above two columns with a figure: label and value.
        return Names()
    return names


def _are_marked(lines: Sequence[VisualLine], names: Names, first_row: int) -> bool:
    """Tell whether the names of two columns are marked as such: they are bold, or the second is a period."""
    named = [lines[number] for number in names.lines]
    is_bold = all(piece.bold for line in named for piece in line) and not lines[first_row][-1].bold
    return is_bold or all(names_period(line[-1].text) for line in named)


def _is_section(line: VisualLine, columns: Sequence[Extent]) -> bool:
    """Tell whether a line is a label alone, above the rows that it is the label of."""
    piece = line[0]
    return len(line) == 1 and (
        piece.box[2] < columns[1][0] or (piece.box[0] < columns[0][1] and not _names_values(piece, columns))
    )


def _names_values(piece: Piece, columns: Sequence[Extent]) -> bool:
    """Tell whether a piece stands above columns of values, not above the labels."""
    values_start = columns[1][0]
    middle = (piece.box[0] + piece.box[2]) / 2
    between = min(values_start - 2 * piece.height, (columns[0][1] + values_start) / 2)
    return middle > between and piece.box[0] > columns[0][0] + 2 * piece.height


def _named_columns(
    line: VisualLine, columns: Sequence[Extent], rulings: Sequence[Box], goes_on: bool
) -> tuple[tuple[str, ...], list[Piece]] | None:
    """Return the names that a line gives to columns and their pieces, or None where it names none.

    Args:
        line: The line.
        columns: The extents of the columns, the first that of the labels.
        rulings: The level lines that are drawn on the page.
        goes_on: Whether names stand right below it.
    """
    line = _parted_periods(line)
    values = line if _names_values(line[0], columns) else line[1:]
    if not values or any(
        has_value(piece.text) or len(piece.text) > _LONGEST_NAME or not _names_values(piece, columns)
        for piece in values
    ):
        return None
    ruled = [_ruled_span(piece, values, columns, rulings) for piece in values]
    if len(line) == 1 and not ruled[0] and (NOTE.match(line[0].text) or _is_title(values[0], columns, goes_on)):
        return None
    if len(values) < len(line) and (line[0].text.endswith(":") or has_value(line[0].text)):
        return None
    row = [""] * len(columns)
    named = list(values)
    if len(values) < len(line) and not NOTE.match(line[0].text):
        row[0] = line[0].text
        named.insert(0, line[0])
    for piece, span, by_ruling in zip(values, _spans(values, columns), ruled, strict=True):
        first, last = by_ruling or span
        for column in range(first, last):
            row[column] = f"{row[column]} {piece.text}".strip()
    return tuple(row), named


def _is_title(piece: Piece, columns: Sequence[Extent], goes_on: bool) -> bool:
    """Tell whether a piece alone on its line, with no ruling below it, is the title of the table.

    It begins far above the labels, or it is neither the middle of the columns of values nor the first line of a name.
    """
    first, last = columns[1], columns[-1]
    if piece.box[0] < first[0] - _TITLE_OVERHANG * piece.height:
        return True
    middle = (piece.box[0] + piece.box[2]) / 2
    is_middle = abs(middle - (first[0] + last[1]) / 2) < _OFF_CENTRE * piece.height
    return not (is_middle or goes_on or len(columns) == 2)


def _ruled_span(
    piece: Piece, values: Sequence[Piece], columns: Sequence[Extent], rulings: Sequence[Box]
) -> tuple[int, int] | None:
    """Return the columns above which a ruling below a name runs, where it runs below no other name; else None."""
    middle = (piece.box[0] + piece.box[2]) / 2
    below = [
        ruling
        for ruling in rulings
        if ruling[0] - 1 <= middle <= ruling[2] + 1
        and -0.3 * piece.height < ruling[1] - piece.box[3] < _RULED_BELOW * piece.height
    ]
    if not below:
        return None
    x0, _, x1, _ = min(below, key=lambda ruling: ruling[1])
    if sum(x0 - 1 <= (other.box[0] + other.box[2]) / 2 <= x1 + 1 for other in values) != 1 or x0 < columns[0][0] + 1:
        return None
    above = [
        number
        for number, (start, end) in enumerate(columns)
        if number and min(end, x1) - max(start, x0) > 0.5 * (end - start)
    ]
    return (above[0], above[-1] + 1) if above else None


def _parted_periods(line: VisualLine) -> VisualLine:
    """Return a line with names of periods parted that stand so near to each other that no gap parts them."""
    parted = []
    for piece in line:
        starts = [match.start() for match in _PERIOD.finditer(piece.text)]
        if len(starts) < 2 or starts[0]:
            parted.append(piece)
            continue
        x0, y0, x1, y1 = piece.box
        width = (x1 - x0) / len(piece.characters)
        for start, end in pairwise([*starts, len(piece.characters) + 1]):
            box = (x0 + start * width, y0, x0 + (end - 1) * width, y1)
            parted.append(
                Piece(
                    piece.characters[start : end - 1],
                    piece.glyph_numbers[start : end - 1],
                    box,
                    piece.line_number,
                    piece.height,
                    piece.bold,
                )
            )
    return parted


def _spans(pieces: Sequence[Piece], columns: Sequence[Extent]) -> list[tuple[int, int]]:
    """Return the columns that each of the names of one line stands above: the first, and the one after the last.

    A name stands above the columns that it overlaps. Where it is the middle of more columns, or of none, it stands
    above all of those whose middle is nearest to it, as far as the names beside it leave them.
    """
    overlapped = [[number for number in range(1, len(columns)) if _overlap(piece, columns[number])] for piece in pieces]
    spans = []
    for number, piece in enumerate(pieces):
        low = max([1, *(at + 1 for other in overlapped[:number] for at in other)])
        high = min([len(columns), *(at for other in overlapped[number + 1 :] for at in other)])
        middle = (piece.box[0] + piece.box[2]) / 2
        touched = [at for at in overlapped[number] if low <= at < high]
        candidates = [
            (first, last)
            for first in range(low, high)
            for last in range(first + 1, high + 1)
            if not touched or (first <= touched[0] and touched[-1] < last)
        ]
        if not candidates:
            candidates = [(max(1, min(low, len(columns) - 1)), max(1, min(low, len(columns) - 1)) + 1)]

        def off_centre(span: tuple[int, int], middle: float = middle) -> float:
            return abs((columns[span[0]][0] + columns[span[1] - 1][1]) / 2 - middle)

        if touched:
            narrow = (touched[0], touched[-1] + 1)
            x0, x1 = columns[narrow[0]][0], columns[narrow[1] - 1][1]
            stands_over_one = len(touched) == 1 and (
                x0 - piece.height <= middle <= x1 + piece.height
                or abs(piece.box[2] - x1) < piece.height
                or abs(piece.box[0] - x0) < piece.height
            )
            best = (
                narrow
                if stands_over_one
                else min(candidates, key=lambda span: (round(off_centre(span)), span[1] - span[0]))
            )
        else:
            best = min(candidates, key=lambda span: (round(off_centre(span)), span[1] - span[0]))
        spans.append(best)
    return spans


def _overlap(piece: Piece, column: Extent) -> bool:
    return column[0] < piece.box[2] and piece.box[0] < column[1]


def _end_at_full_row(names: Names) -> None:
    """Leave nothing below the highest line that names every column: those below it are rows of words."""
    full = next((number for number, row in enumerate(names.rows) if all(row)), len(names.rows))
    del names.rows[full + 1 :], names.lines[full + 1 :], names.pieces[full + 1 :]
