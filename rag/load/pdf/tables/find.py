"""Read the tables of a page.

Owns: the way from lines, or from the cells of a ruled grid, to blocks of rows, and which rows are names. Knows nothing
about PDF files or about paragraphs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median

from rag.load.pdf.lines import line_of_pieces, make_lines
from rag.load.pdf.tables.columns import Extent, column_extents
from rag.load.pdf.tables.grids import Grid
from rag.load.pdf.tables.names import Names, names_above
from rag.load.pdf.tables.not_tables import is_contents, is_prose, is_signature
from rag.load.pdf.tables.pieces import has_box, has_value, line_pieces, tidy, visual_lines
from rag.load.pdf.tables.regions import VisualLine, find_regions, has_figures, prose_lines
from rag.load.pdf.tables.rows import grid_rows
from rag.load.pdf.tables.write import cell_name, join_cells, row_block
from rag.load.pdf.types import Box, GridCell, GridRow, LayoutBlock, Line, PageTable, Piece
from rag.load.tables import Cell as TextCell
from rag.load.tables.names import Layout, find_names

# The names of the columns are looked for in so many rows.
_FIRST_ROWS = 20
# At most so many rows of a ruled table are names, and a name is at most so long, in characters.
_MOST_NAMING_ROWS, _LONGEST_NAME = 4, 80
# Columns of a table that goes on begin or end as near as this, in points, to those above.
_SAME_COLUMN = 12.0


@dataclass(slots=True)
class FoundTable:
    """A table among the lines of a page.

    Attributes:
        blocks: Its rows and the labels between them.
        glyph_numbers: The numbers of the glyphs in it and in its names.
        table: What its rows have in common.
    """

    blocks: list[LayoutBlock]
    glyph_numbers: set[int]
    table: PageTable


def find_tables(
    lines: Sequence[Line], page_words: set[str], first_line: int, rulings: Sequence[Box] = ()
) -> list[FoundTable]:
    """Return the tables that are seen by the gaps between their cells.

    Args:
        lines: Lines of a page, in reading order.
        page_words: The words of the page in small letters.
        first_line: The number, in the page, of the first line.
        rulings: The level lines that are drawn on the page, joined where they meet.

    Returns:
        Tables, from the top.
    """
    prose = prose_lines(lines)
    pieces = [
        piece
        for number, line in enumerate(lines)
        if number not in prose
        for piece in line_pieces(line, first_line + number)
    ]
    rows = visual_lines(pieces)
    tables: list[FoundTable] = []
    taken = 0
    for start, end in find_regions(rows):
        found = _table_of_region(rows, start, end, taken, page_words, tables[-1].table if tables else None, rulings)
        if found is not None:
            tables.append(found)
            taken = end
    return tables


def grid_blocks(grid: Grid, is_bold: Callable[[int], bool], page_words: set[str], first_line: int) -> list[LayoutBlock]:
    """Return the blocks of a ruled table.

    Args:
        grid: The grid with the glyphs of its cells.
        is_bold: Tells whether the font of the glyph of a number is heavy.
        page_words: The words of the page in small letters.
        first_line: The number, in the page, of the first of its lines.

    Returns:
        Its rows and the labels between them.
    """
    cells: dict[int, GridCell] = {}
    for number, (_, column, _, columns) in enumerate(grid.cells):
        lines = sorted(make_lines(grid.runs[number], is_bold), key=lambda line: (round(line.box[1]), line.box[0]))
        pieces = []
        for line in lines:
            pieces.append(Piece(line.text, line.glyph_numbers, line.box, first_line, line.height, line.bold))
            tidy(pieces[-1])
            first_line += 1
        if pieces:
            cells[number] = GridCell(pieces, column, columns)
    rows: list[GridRow] = []
    for owners in grid.owner:
        row = [cells[number] for number in dict.fromkeys(owners) if number in cells]
        if row:
            rows.append(row)
    join_cells(rows, page_words)
    width = len(grid.xs) - 1
    table = PageTable(extents=tuple(zip(grid.xs, grid.xs[1:], strict=False)), top=grid.ys[0])
    return _blocks(rows, table, _layout(rows, width), width)[0]


def _table_of_region(
    rows: Sequence[VisualLine],
    start: int,
    end: int,
    lowest: int,
    page_words: set[str],
    above: PageTable | None,
    rulings: Sequence[Box],
) -> FoundTable | None:
    """Return the table of a region, or None for a region that is none; ``above`` is the table before it."""
    region = rows[start:end]
    if is_contents(region) or is_signature(region):
        return None
    first_figures = next((number for number in range(start, end) if has_figures(rows[number])), None)
    names = Names()
    columns: list[Extent] = []
    if first_figures is not None:
        columns = column_extents(rows[first_figures:end])
        if len(columns) > 1:
            names = names_above(rows, lowest, first_figures, columns, rulings)
    if names.lines:
        body = [*rows[start : names.lines[0]], *rows[names.lines[-1] + 1 : end]]
    else:
        body = list(region)
        columns = column_extents(region)
    if len(columns) < 2 or (len(region) < 2 and not names.lines):
        return None
    grid = grid_rows(body, columns)
    join_cells(grid, page_words)
    highest = names.pieces[0] if names.pieces else body[0]
    top = min(piece.box[1] for piece in highest)
    table = PageTable(tuple(names.rows), extents=tuple(columns), top=top)
    layout = Layout() if names.lines else _layout(grid, len(columns))
    if not names.lines and is_prose(grid):
        return None
    if above is not None and above.names and not table.names and not layout.names and is_continued(table, above):
        table.names, layout = above.names, Layout()
    blocks, said_names = _blocks(grid, table, layout, len(columns))
    said = " ".join(said_names)
    naming = [piece for line in names.pieces for piece in line if piece.text in said]
    glyphs = set[int]().union(*(piece.glyph_numbers for piece in chain(naming, *body)))
    return FoundTable(blocks, glyphs - {-1}, table)


def _said_names(table: PageTable, rows: Iterable[GridRow]) -> set[str]:
    """Return the names that the rows of a table say: those of columns in which a row has a cell with other words."""
    return {
        names[column]
        for row in rows
        if len(row) > 1
        for cell in row
        if cell_name(table, cell) not in ("", cell.text)
        for names in table.names
        for column in range(cell.column, cell.column + cell.columns)
    }


def is_continued(table: PageTable, above: PageTable) -> bool:
    """Tell whether a table has the columns of another.

    Args:
        table: A table.
        above: The one above it, or on the page before.

    Returns:
        True where each column begins or ends where one of the other does.
    """
    return len(table.extents) == len(above.extents) and all(
        min(abs(x0 - before[0]), abs(x1 - before[1])) < _SAME_COLUMN
        for (x0, x1), before in zip(table.extents, above.extents, strict=True)
    )


def _layout(rows: Sequence[GridRow], width: int) -> Layout:
    """Return where the names of a table stand whose names were not found by position."""
    first_rows = rows[:_FIRST_ROWS]
    figures = next((number for number, row in enumerate(rows) if any(has_value(cell.text) for cell in row[1:])), 0)
    if 0 < figures <= _MOST_NAMING_ROWS and (width > 2 or _stub_is_empty(rows[0])):
        above = rows[:figures]
        are_short = all(len(cell.text) <= _LONGEST_NAME for row in above for cell in row)
        has_spans = any(cell.columns > 1 for row in above[:-1] for cell in row) or len(above[0]) < width
        is_row = all(len(row) > 1 for row in above)
        if are_short and is_row and (figures == 1 or has_spans or _are_bold(above) > _are_bold(rows[figures:])):
            return Layout(names=figures)
    is_marked = len(rows) > 1 and len(rows[0]) > 1 and _are_bold(rows[:1]) and not _any_bold(rows[1:])
    laid_out = [_laid_out(row, width, is_marked if number == 0 else None) for number, row in enumerate(first_rows)]
    layout = find_names(laid_out)
    if any(has_box(cell.text) for row in rows[layout.notes : layout.notes + layout.names] for cell in row):
        # A box to tick names nothing.
        return Layout()
    if is_marked and not layout.names:
        return Layout(names=1)
    if width == 2 and not layout.names:
        return Layout(layout.notes, labels=1)
    return layout


def _laid_out(row: GridRow, width: int, is_name: bool | None) -> tuple[TextCell, ...]:
    """Return a row with a cell in each column; one that spans several stands in each of them."""
    cells = [TextCell("")] * width
    for cell in row:
        last = min(width, cell.column + cell.columns)
        cells[cell.column : last] = [TextCell(cell.text, is_name=is_name)] * (last - cell.column)
    return tuple(cells)


def _stub_is_empty(row: GridRow) -> bool:
    return row[0].column > 0


def _are_bold(rows: Sequence[GridRow]) -> bool:
    return all(piece.bold for row in rows for cell in row for piece in cell.pieces)


def _any_bold(rows: Sequence[GridRow]) -> bool:
    return any(piece.bold for row in rows for cell in row for piece in cell.pieces)


def _blocks(
    rows: Sequence[GridRow], table: PageTable, layout: Layout, width: int
) -> tuple[list[LayoutBlock], set[str]]:
    """Return the blocks of a table's rows, and the names that they say.

    They are rows with values, and paragraphs for notes, for labels alone and for names above nothing.
    """
    notes, below = layout.notes, layout.notes + layout.names
    if layout.names:
        table.names = tuple(_texts(row, width) for row in rows[notes:below])
    table.labels = layout.labels
    naming = {
        number
        for number, row in enumerate(rows)
        if notes <= number and (number < below or (table.names and _texts(row, width) in table.names))
    }
    said = _said_names(table, (row for number, row in enumerate(rows) if number >= notes and number not in naming))
    blocks = []
    for number, row in enumerate(rows):
        if number in naming:
            row = [cell for cell in row if cell.text not in said]
            if row:
                blocks.append(_paragraph(row, [_line(row)]))
            continue
        lines = [_line(row)]
        if number < notes or len(row) == 1:
            blocks.append(_paragraph(row, lines))
        else:
            blocks += [row_block(part, table, lines) for part in _form_parts(row, layout)]
    return blocks, said


def _form_parts(row: GridRow, layout: Layout) -> list[GridRow]:
    """Return the parts of a row of a form: label and value, label and value; the row itself in other tables."""
    begins = [0, *layout.more_labels] if layout.labels and not layout.names else [0]
    ends = [*begins[1:], row[-1].column + row[-1].columns]
    parts = [[cell for cell in row if begin <= cell.column < end] for begin, end in zip(begins, ends, strict=True)]
    return [part for part in parts if part]


def _paragraph(row: GridRow, lines: list[Line]) -> LayoutBlock:
    """Return the block of a label alone: what stands below it is of its section."""
    text = ""
    glyph_numbers: list[int] = []
    line_numbers: list[int] = []
    for cell in row:
        if text:
            text += "; "
            glyph_numbers += [-1, -1]
            line_numbers += [line_numbers[-1]] * 2
        text += cell.text
        glyph_numbers += cell.glyph_numbers
        line_numbers += cell.line_numbers
    return LayoutBlock("paragraph", lines, text, glyph_numbers, line_numbers)


def _texts(row: GridRow, width: int) -> tuple[str, ...]:
    texts = [""] * width
    for cell in row:
        for column in range(cell.column, min(width, cell.column + cell.columns)):
            texts[column] = cell.text
    return tuple(texts)


def _line(row: GridRow) -> Line:
    """Return a row as one line."""
    pieces = [piece for cell in row for piece in cell.pieces]
    height = median(piece.height for piece in pieces)
    return line_of_pieces(pieces, height, all(piece.bold for piece in pieces))
