"""Make the rows of a table from its lines: cells and labels that go over several lines become one.

Owns: which lines are one row. Knows nothing about names. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.load.pdf.pieces import gaps, has_box, is_figure
from rag.load.pdf.regions import VisualLine
from rag.load.pdf.table_columns import Extent, spanned_columns
from rag.load.pdf.types import GridCell, GridRow, Piece

# White space, in heights of a line, by which rows are further apart than the lines of one row.
_CLEARLY_WIDER = 0.25
# Lines with more white space between them are not of one cell.
_TIGHT = 0.6


def grid_rows(lines: Sequence[VisualLine], columns: Sequence[Extent]) -> list[GridRow]:
    """Return the rows of a table.

    Args:
        lines: Its lines, from the top.
        columns: The extents of its columns.

    Returns:
        Rows of cells from the left; a row holds only cells with words.
    """
    rows: list[GridRow] = []
    bands = _bands(lines)
    for band in bands:
        if len(bands) > 1 and len(band) > 1 and _is_one_row(band, columns):
            rows.append(_row([piece for line in band for piece in line], columns))
        else:
            rows += _rows_of_band(band, columns)
    return rows


def _bands(lines: Sequence[VisualLine]) -> list[list[VisualLine]]:
    """Return the lines in groups that clearly wider white space parts; in one group where there is none."""
    white = gaps(lines)
    if not white:
        return [list(lines)]
    limit = max(0.0, min(white)) + _CLEARLY_WIDER * lines[0][0].height
    bands = [[lines[0]]]
    for gap, line in zip(white, lines[1:], strict=True):
        if gap <= limit:
            bands[-1].append(line)
        else:
            bands.append([line])
    return bands


def _is_one_row(band: Sequence[VisualLine], columns: Sequence[Extent]) -> bool:
    """Tell whether lines without white space between them are one row: no column has two figures, or two labels."""
    lines_per_column: dict[int, list[Piece]] = {}
    for line in band:
        for piece in line:
            lines_per_column.setdefault(spanned_columns(piece, columns)[0], []).append(piece)
    if len(lines_per_column) < 2:
        return False
    if any(
        sum(is_figure(piece.text) or has_box(piece.text) for piece in pieces) > 1
        for pieces in lines_per_column.values()
    ):
        return False
    counts = {len(pieces) for pieces in lines_per_column.values()}
    goes_on = any(piece.text[0].islower() for pieces in lines_per_column.values() for piece in pieces[1:])
    ends = any(piece.text.endswith(":") for line in band for piece in line)
    return not ends and (len(counts) > 1 or goes_on) and (goes_on or max(counts) > 2 or 1 in counts)


def _rows_of_band(band: Sequence[VisualLine], columns: Sequence[Extent]) -> list[GridRow]:
    """Return a row a line, but for lines that go on with the row above them, or that the row below goes on with."""
    rows: list[GridRow] = []
    white = [*gaps(band), 0.0]
    waiting: list[Piece] = []
    for number, line in enumerate(band):
        above = band[number - 1] if number else None
        is_near = above is not None and white[number - 1] <= _TIGHT * line[0].height
        following = band[number + 1] if number + 1 < len(band) else None
        label_only = len(line) == 1 and spanned_columns(line[0], columns)[0] == 0
        if label_only and not waiting and following is not None and _begins_label(line[0], following, white[number]):
            waiting = list(line)
            continue
        goes_on = rows and is_near and not waiting and _continues_row(line, rows[-1], columns)
        if goes_on:
            pieces = [piece for cell in rows[-1] for piece in cell.pieces]
            rows[-1] = _row([*pieces, *line], columns)
        else:
            rows.append(_row([*waiting, *line], columns))
        waiting = []
    return rows


def _begins_label(piece: Piece, following: VisualLine, white: float) -> bool:
    """Tell whether a label goes on in the row below: near, and with a small letter."""
    goes_on = following[0].text[0].islower() and len(following) > 1
    return goes_on and white <= _TIGHT * piece.height and not piece.text.endswith((":", "."))


def _continues_row(line: VisualLine, row: GridRow, columns: Sequence[Extent]) -> bool:
    """Tell whether a line goes on with the row above: words below words, a label with a small letter."""
    filled = {cell.column: cell for cell in row}
    for piece in line:
        cell = filled.get(spanned_columns(piece, columns)[0])
        if cell is None or is_figure(piece.text) or is_figure(cell.pieces[-1].text):
            return False
        if cell.column == 0 and not piece.text[0].islower():
            return False
        if cell.column == 0 and cell.pieces[-1].text.endswith((":", ".")):
            return False
    return any(cell.column > 0 for cell in row)


def _row(pieces: Sequence[Piece], columns: Sequence[Extent]) -> GridRow:
    """Return a row of pieces: those of one column are one cell."""
    cells: dict[int, GridCell] = {}
    for piece in pieces:
        column, span = spanned_columns(piece, columns)
        cell = cells.setdefault(column, GridCell([], column, span))
        cell.pieces.append(piece)
        cell.columns = min(cell.columns, span)
    return [cells[column] for column in sorted(cells)]
