"""Tell which columns each name of a line stands above.

Owns: names above several columns: by the ruling below them, as the middle of a group, or by what they overlap. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from rag.load.pdf.tables.columns import Extent
from rag.load.pdf.types import Box, Piece

# A ruling below a name, or below the further lines of it, is at most so many heights away.
_RULED_BELOW = 4.5
# The middle of a group of columns is at most so far off that of its name: in heights of a line, in shares of its width.
_OFF_HEIGHTS, _OFF_SHARE = 1.5, 0.3

# The middle of a ruling below a name is at most so far off that of the name, in shares of its length.
_OFF_RULING = 0.15
# A name is in the middle of two columns rather than of one where it is nearer by so many heights, is flush with neither
# side of the one, and the two are as near as this.
_CLEARLY_NEARER, _FLUSH, _PAIR_GAP = 0.3, 0.35, 5.0

# Names that begin this near to each other, in heights of a line, are flush.
_SAME_START = 0.15

_WORD = re.compile(r"\S+")

# The first column, and the one after the last.
Span = tuple[int, int]


def name_spans(
    pieces: Sequence[Piece],
    columns: Sequence[Extent],
    rulings: Sequence[Box],
    has_names_below: bool,
    below: Sequence[Piece] = (),
) -> list[Span]:
    """Return the columns of values that each of the names of one line stands above.

    Args:
        pieces: The names, from the left.
        columns: The extents of the columns, the first that of the labels.
        rulings: The level lines that are drawn on the page.
        has_names_below: Whether each column of values has a name of its own below.
        below: The names on the line below.

    Returns:
        A span a name: the first column, and the one after the last; the same where it stands above none.
    """
    tiled = _tiled(pieces, columns) if has_names_below and 1 < len(pieces) < len(columns) - 1 else None
    if _one_each(pieces, columns):
        return [(number, number + 1) for number in range(1, len(columns))]
    if has_names_below and (flush := _flush(pieces, columns, below)):
        return flush
    nearest = tiled or _nearest(pieces, columns)
    return [ruled_span(piece, pieces, columns, rulings) or span for piece, span in zip(pieces, nearest, strict=True)]


def ruled_span(piece: Piece, pieces: Sequence[Piece], columns: Sequence[Extent], rulings: Sequence[Box]) -> Span | None:
    """Return the columns above which a ruling below a name runs.

    Args:
        piece: The name.
        pieces: All names of its line.
        columns: The extents of the columns, the first that of the labels.
        rulings: The level lines that are drawn on the page.

    Returns:
        The first column and the one after the last; None without a ruling that runs below this name alone.
    """
    middle = _middle(piece.box[0], piece.box[2])
    below = [
        ruling
        for ruling in rulings
        if ruling[0] - 1 <= middle <= ruling[2] + 1
        and -0.3 * piece.height < ruling[1] - piece.box[3] < _RULED_BELOW * piece.height
    ]
    if not below:
        return None
    x0, _, x1, _ = min(below, key=lambda ruling: ruling[1])
    if sum(x0 - 1 <= _middle(other.box[0], other.box[2]) <= x1 + 1 for other in pieces) != 1:
        return None
    if x0 < columns[0][0] + 1:
        # It runs below the whole table.
        x0 = columns[1][0]
    off = abs(_middle(x0, x1) - middle)
    if off > max(_OFF_HEIGHTS * piece.height, _OFF_RULING * (x1 - x0)):
        return None
    above = [
        number
        for number, (start, end) in enumerate(columns)
        if number and min(end, x1) - max(start, x0) > 0.5 * (end - start)
    ]
    return (above[0], above[-1] + 1) if above else None


def parted_names(piece: Piece, columns: Sequence[Extent]) -> list[Piece]:
    """Return the names in a piece that holds those of several columns, since no wide gap parts them.

    Args:
        piece: A piece of the lowest line of names, where no name stands above several columns.
        columns: The extents of the columns, the first that of the labels.

    Returns:
        A piece for the words nearest to each column, where there are words for each that the piece stands above; else
        the piece as it is. Their boxes are estimated by their shares of the letters.
    """
    touched = [number for number in range(1, len(columns)) if _overlap(piece, columns[number])]
    words = list(_WORD.finditer(piece.text))
    begins_with_labels = piece.box[0] < columns[0][0] + piece.height
    if begins_with_labels or len(touched) < 2 or len(words) < len(touched):
        return [piece]
    x0, y0, x1, y1 = piece.box
    width = (x1 - x0) / len(piece.text)
    owners = []
    for word in words:
        middle = x0 + width * (word.start() + word.end()) / 2
        owners.append(min(touched, key=lambda number: abs(_middle(*columns[number]) - middle)))
    if set(owners) != set(touched) or owners != sorted(owners):
        return [piece]
    parts = []
    for number in touched:
        own = [word for word, owner in zip(words, owners, strict=True) if owner == number]
        start, end = own[0].start(), own[-1].end()
        box = (x0 + width * start, y0, x0 + width * end, y1)
        parts.append(
            replace(
                piece,
                text=piece.text[start:end],
                glyph_numbers=piece.glyph_numbers[start:end],
                box=box,
            )
        )
    return parts


def _tiled(pieces: Sequence[Piece], columns: Sequence[Extent]) -> list[Span] | None:
    """Return spans that share all columns of values among the names, each in the middle of its own; else None.

    The shares with the least sum of distances are found column by column.
    """
    ends = len(columns)
    # Of so many names above the columns before the key: the least sum of distances, and where each name's span begins.
    best: dict[int, tuple[float, list[int]]] = {1: (0.0, [])}
    for piece in pieces:
        longer: dict[int, tuple[float, list[int]]] = {}
        for first, (distance, starts) in best.items():
            for last in range(first + 1, ends + 1):
                off = _off_middle(piece, columns, (first, last))
                if _holds(piece, columns, (first, last), off):
                    known = longer.get(last)
                    if known is None or distance + off < known[0]:
                        longer[last] = (distance + off, [*starts, first])
        best = longer
    if ends not in best:
        return None
    starts = [*best[ends][1], ends]
    return list(pairwise(starts))


def _flush(pieces: Sequence[Piece], columns: Sequence[Extent], below: Sequence[Piece]) -> list[Span] | None:
    """Return spans up to the next name, where each begins just above a name below it, as spreadsheets print them.

    Names in the middle of what they stand above begin elsewhere, unless each stands above one column.
    """
    own = below[len(below) - len(columns) + 1 :]
    if len(own) != len(columns) - 1 or len(own) <= len(pieces):
        return None
    starts = []
    for piece in pieces:
        near = (at for at, each in enumerate(own, 1) if abs(each.box[0] - piece.box[0]) < _SAME_START * piece.height)
        starts.append(next(near, 0))
    if starts[0] != 1 or 0 in starts or sorted(set(starts)) != starts:
        return None
    return list(pairwise([*starts, len(columns)]))


def _one_each(pieces: Sequence[Piece], columns: Sequence[Extent]) -> bool:
    """Tell whether each column of values has one of the names in order, on whichever side of its cell that stands."""
    if len(pieces) != len(columns) - 1:
        return False
    ends = [*(piece.box[0] for piece in pieces[1:]), float("inf")]
    return all(piece.box[0] < x1 <= end for piece, (_, x1), end in zip(pieces, columns[1:], ends, strict=True))


def _holds(piece: Piece, columns: Sequence[Extent], span: Span, off: float) -> bool:
    """Tell whether a name can stand above a span: near its middle, and above no column beside it."""
    first, last = span
    width = columns[last - 1][1] - columns[first][0]
    is_near = off <= max(_OFF_HEIGHTS * piece.height, _OFF_SHARE * width)
    right = columns[last][0] if last < len(columns) else float("inf")
    return is_near and piece.box[2] <= right + piece.height and piece.box[0] >= columns[first - 1][1] - piece.height


def _nearest(pieces: Sequence[Piece], columns: Sequence[Extent]) -> list[Span]:
    """Return the columns that each name overlaps; those whose middle is nearest to it where it is above none alone."""
    overlapped = [[number for number in range(1, len(columns)) if _overlap(piece, columns[number])] for piece in pieces]
    spans = []
    for number, piece in enumerate(pieces):
        low = max([1, *(at + 1 for other in overlapped[:number] for at in other)])
        high = min([len(columns), *(at for other in overlapped[number + 1 :] for at in other)])
        touched = [at for at in overlapped[number] if low <= at < high]
        if len(touched) == 1 and _stands_above(piece, columns[touched[0]]):
            spans.append(_with_next(piece, columns, touched[0], low, high))
            continue
        candidates = [
            (first, last)
            for first in range(low, high)
            for last in range(first + 1, high + 1)
            if not touched or (first <= touched[0] and touched[-1] < last)
        ]
        only = max(1, min(low, len(columns) - 1))
        if not candidates and not overlapped[number]:
            # Its own column is empty.
            spans.append((only, only))
            continue
        spans.append(
            min(
                candidates or [(only, only + 1)],
                key=lambda span: (round(_off_middle(piece, columns, span)), span[1] - span[0]),
            )
        )
    return spans


def _with_next(piece: Piece, columns: Sequence[Extent], number: int, low: int, high: int) -> Span:
    """Return one column, or it and the next on a side where no name stands: a name in the middle of both names both."""
    only = (number, number + 1)
    sides = [min(abs(piece.box[0] - columns[number][0]), abs(piece.box[2] - columns[number][1]))]
    pairs = [span for span in ((number, number + 2), (number - 1, number + 1)) if low <= span[0] and span[1] <= high]
    near = [span for span in pairs if columns[span[1] - 1][0] - columns[span[0]][1] < _PAIR_GAP * piece.height]
    best = min(near, key=lambda span: _off_middle(piece, columns, span), default=only)
    is_better = _off_middle(piece, columns, best) + _CLEARLY_NEARER * piece.height < _off_middle(piece, columns, only)
    return best if is_better and min(sides) > _FLUSH * piece.height else only


def _stands_above(piece: Piece, column: Extent) -> bool:
    """Tell whether a name is in line with one column: in its middle, or with one of its sides."""
    is_inside = column[0] - piece.height <= _middle(piece.box[0], piece.box[2]) <= column[1] + piece.height
    return is_inside or min(abs(piece.box[0] - column[0]), abs(piece.box[2] - column[1])) < piece.height


def _off_middle(piece: Piece, columns: Sequence[Extent], span: Span) -> float:
    return abs(_middle(columns[span[0]][0], columns[span[1] - 1][1]) - _middle(piece.box[0], piece.box[2]))


def _middle(x0: float, x1: float) -> float:
    return (x0 + x1) / 2


def _overlap(piece: Piece, column: Extent) -> bool:
    return column[0] < piece.box[2] and piece.box[0] < column[1]
