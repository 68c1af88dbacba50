"""Find the names that stand above the columns of a table on a page.

Owns: which lines name columns, and which columns a name that spans several stands above. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from rag.load.pdf.tables.columns import Extent
from rag.load.pdf.tables.pieces import gaps, has_value, names_period
from rag.load.pdf.tables.regions import VisualLine
from rag.load.pdf.tables.spans import name_spans, parted_names, ruled_span
from rag.load.pdf.types import Box, Piece

# Names stand on at most so many lines, and are at most so long, in characters.
_MOST_LINES, _LONGEST_NAME = 6, 60
# White space between names, in heights of a line.
_WIDEST_GAP = 3.0
# Between the names and the first row stand at most so many labels of sections.
_MOST_SECTIONS = 3
# Lines of a note above the labels that stand between lines of names.
_MOST_SKIPPED = 2
# A title begins left of the first column of values; a period may do so by so many heights of a line.
_TITLE_OVERHANG = 4.0
# The middle of a name above all columns is at most so many heights off theirs.
_OFF_CENTRE = 1.5
# White space, in heights of a line, less than which parts no lines of one name.
_TIGHT = 0.5
# What is said of the whole table: "(in millions)", "Unaudited".
NOTE = re.compile(r"\(|(?:\w+ )?in (?:millions|thousands|billions)\b|unaudited\b|dollars\b|amounts\b", re.I)
_UNIT = re.compile(r"\(?\s?(?:[\w$€£¥]{1,12} ){0,3}in (?:millions|thousands|billions)\b", re.I)
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
        has_names_below = all(any(row[at] for row in names.rows) for at in range(1, len(columns)))
        named = _named_columns(line, columns, rulings, goes_on, has_names_below, names.pieces[0] if below else ())
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
    line: VisualLine,
    columns: Sequence[Extent],
    rulings: Sequence[Box],
    goes_on: bool,
    has_names_below: bool,
    below: Sequence[Piece],
) -> tuple[tuple[str, ...], list[Piece]] | None:
    """Return the names that a line gives to columns and their pieces, or None where it names none.

    Args:
        line: The line.
        columns: The extents of the columns, the first that of the labels.
        rulings: The level lines that are drawn on the page.
        goes_on: Whether names stand right below it.
        has_names_below: Whether each column of values has a name below it.
        below: The names on the line below.
    """
    line = _parted_periods(line)
    if not has_names_below:
        line = [part for piece in line for part in parted_names(piece, columns)]
    labels = [piece for piece in line if not _names_values(piece, columns)]
    values = [piece for piece in line[len(labels) :] if len(line) == 1 or not _UNIT.match(piece.text)]
    if not values or any(
        has_value(piece.text) or len(piece.text) > _LONGEST_NAME or not _names_values(piece, columns)
        for piece in values
    ):
        return None
    is_ruled = ruled_span(values[0], values, columns, rulings) is not None
    if len(line) == 1 and not is_ruled and (NOTE.match(line[0].text) or _is_title(values[0], columns, goes_on)):
        return None
    label = " ".join(piece.text for piece in labels)
    if label.endswith(":") or (label and has_value(label)):
        return None
    row = [""] * len(columns)
    named = list(values)
    period = _table_period(labels) if len(labels) == 1 else None
    if period is not None:
        row[1:] = [period.text] * (len(columns) - 1)
        named = [period, *values]
    elif label and not NOTE.match(label):
        row[0] = label
        named = [*labels, *values]
    for piece, (first, last) in zip(values, name_spans(values, columns, rulings, has_names_below, below), strict=True):
        for column in range(first, last):
            row[column] = f"{row[column]} {piece.text}".strip()
    return tuple(row), named


def _table_period(labels: Sequence[Piece]) -> Piece | None:
    """Return the period that stands above the labels and is said of all columns, without a note behind it; or None."""
    (label,) = labels
    text = label.text.partition(" (")[0]
    if not names_period(text) or has_value(text) or text.isdecimal():
        return None
    return replace(label, text=text, glyph_numbers=label.glyph_numbers[: len(text)])


def _is_title(piece: Piece, columns: Sequence[Extent], goes_on: bool) -> bool:
    """Tell whether a piece alone on its line, with no ruling below it, is the title of the table.

    It begins far above the labels, or it is neither the middle of the columns of values nor the first line of a name.
    """
    first, last = columns[1], columns[-1]
    overhang = _TITLE_OVERHANG * piece.height if names_period(piece.text) else 0.0
    if piece.box[0] < first[0] - overhang:
        return True
    middle = (piece.box[0] + piece.box[2]) / 2
    is_middle = abs(middle - (first[0] + last[1]) / 2) < _OFF_CENTRE * piece.height
    return not (is_middle or goes_on or len(columns) == 2)


def _parted_periods(line: VisualLine) -> VisualLine:
    """Return a line with names of periods parted that stand so near to each other that no gap parts them."""
    parted = []
    for piece in line:
        starts = [match.start() for match in _PERIOD.finditer(piece.text)]
        if len(starts) < 2 or starts[0]:
            parted.append(piece)
            continue
        x0, y0, x1, y1 = piece.box
        width = (x1 - x0) / len(piece.text)
        for start, end in pairwise([*starts, len(piece.text) + 1]):
            box = (x0 + start * width, y0, x0 + (end - 1) * width, y1)
            parted.append(
                Piece(
                    piece.text[start : end - 1],
                    piece.glyph_numbers[start : end - 1],
                    box,
                    piece.line_number,
                    piece.height,
                    piece.bold,
                )
            )
    return parted


def _end_at_full_row(names: Names) -> None:
    """Leave nothing below the highest line that names every column: those below it are rows of words."""
    # A name that stands above several columns has others below it.
    are_full = (all(row) and len(set(row)) == len(row) for row in names.rows)
    full = next((number for number, is_full in enumerate(are_full) if is_full), len(names.rows))
    del names.rows[full + 1 :], names.lines[full + 1 :], names.pieces[full + 1 :]
