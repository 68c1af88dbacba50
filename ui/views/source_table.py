"""A table of a document as it is shown: names above, labels at the left, cited cells marked. Pure.

Owns: which names span columns or rows, and which row and cell a mark stands in. Knows nothing about how rows are read
back into cells, or about HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ui.views.source_cells import Row, RowCell, Rows
from ui.views.source_pieces import Group, Inline, Marker, Piece

# Widths of columns that a grid has, in letters, and the longest that is measured.
_WIDTHS = (4, 7, 10, 14, 20, 28, 40)
_MEASURED_ROWS = 40
_AMOUNT = re.compile(
    r"[-+−–(]?(?:[A-Z]{3} ?|[€$£¥] ?)?[-+−–]?\d[\d.,'’\u00a0\u202f]{0,20}(?:[eE][+-]?\d{1,3})?"
    r"(?: ?(?:[%‰]|[€$£¥]|[^\W\d]{1,4}[²³]?))?\)?"
)

Inlines = Callable[[int, int], Sequence[Inline]]


@dataclass(frozen=True, slots=True)
class ShownName:
    """A name above columns, the columns and the rows of names that it spans."""

    groups: Sequence[Group]
    columns: int = 1
    rows: int = 1
    is_amount: bool = False


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as it is shown.

    Attributes:
        groups: Its words; none for an empty cell.
        columns: How many columns it spans.
        is_label: Whether it names the other cells of its row.
        is_cited: Whether words in it are cited.
        is_answer: Whether it is the cell of a cited row that answers the question.
        is_beside: Whether it stands below or above the cell that is cited or answers.
        is_amount: Whether it stands in a column of amounts, which are ranged right.
    """

    groups: Sequence[Group] = ()
    columns: int = 1
    is_label: bool = False
    is_cited: bool = False
    is_answer: bool = False
    is_beside: bool = False
    is_amount: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as it is shown: where its block begins, its number, whether it is cited, and scrolled to itself."""

    at: int
    number: int
    cells: Sequence[ShownCell]
    is_cited: bool = False
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class ShownTable:
    """Rows of a table as they are shown.

    Attributes:
        key: Where the table begins: rows of one key, loaded one after the other, become one table.
        names: The rows of names.
        rows: The rows.
        width: How many columns there are.
        widths: The class of the width of each column of a grid; none elsewhere.
        letters: The letters of the columns of a grid; none elsewhere.
        caption: What is said of the whole table.
    """

    key: int
    names: Sequence[Sequence[ShownName]]
    rows: Sequence[ShownRow]
    width: int
    widths: Sequence[int] = ()
    letters: Sequence[str] = ()
    caption: str = ""
    name_rows: int = 0


def shown_table(rows: Rows, marker: Marker, inlines: Inlines, is_grid: bool = False) -> ShownTable:
    """Return rows as they are shown.

    Args:
        rows: Rows of one table.
        marker: Marks what is cited; it takes the cells in the order of the text.
        inlines: How the words between two offsets look.
        is_grid: Whether they are the rows of a sheet.

    Returns:
        The table.
    """
    if rows.name_rows:
        names = [[_marked_name(cell, marker, inlines) for cell in row.cells] for row in rows.name_rows]
    else:
        names = [list(row) for row in _names(rows.names, rows.width)]
    lit = _lit(rows, marker) if is_grid else set()
    amounts = _amounts(rows, marker.text)
    names = [[replace(name, is_amount=at in amounts) for at, name in _places(row)] for row in names]
    shown = [_shown_row(row, rows.width, marker, inlines, lit, amounts) for row in rows.rows]
    widths = _widths(rows) if is_grid else ()
    places = rows.columns if len(rows.columns) == rows.width else range(rows.width)
    letters = [_letters(column) for column in places] if is_grid else ()
    # Rows of the file are counted with the names above them already.
    name_rows = 0 if rows.columns else len(names)
    return ShownTable(rows.key, names, shown, rows.width, widths, letters, rows.caption, name_rows)


def _lit(rows: Rows, marker: Marker) -> set[int]:
    """Return the columns of the cell that answers, else of the cited ones; a row cited as a whole lights none."""
    answering, cited = (
        {
            column
            for row in rows.rows
            for cell in row.cells
            if is_marked(cell.start, cell.end)
            for column in range(cell.column, cell.column + cell.columns)
        }
        for is_marked in (marker.is_answer, marker.is_cited)
    )
    return answering or (cited if len(cited) < max(2, rows.width) else set())


def _marked_name(cell: RowCell, marker: Marker, inlines: Inlines) -> ShownName:
    return ShownName(marker.groups(cell.start, cell.end, inlines(cell.start, cell.end)), cell.columns)


def _names(names: Sequence[Sequence[str]], width: int) -> Iterator[list[ShownName]]:
    """Yield the rows of names; one that is repeated beside or below itself is said once and spans."""
    grid = [[*row, *([""] * (width - len(row)))][:width] for row in names]
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(grid):
        shown: list[ShownName] = []
        column = 0
        while column < width:
            if (at, column) in taken:
                column += 1
                continue
            name, columns, rows = row[column], 1, 1
            below = [later[column] for later in grid[at + 1 :]]
            if name:
                while below[rows - 1 : rows] == [name]:
                    rows += 1
                # Only above other names does a name that is repeated span: two columns may have one name.
                is_above = rows == 1 and at + 1 < len(grid)
                while is_above and row[column + columns : column + columns + 1] == [name]:
                    columns += 1
            taken |= {(at + down, column) for down in range(rows)}
            shown.append(ShownName((Group((Piece(name),)),) if name else (), columns, rows))
            column += columns
        yield shown


def _shown_row(row: Row, width: int, marker: Marker, inlines: Inlines, lit: set[int], amounts: set[int]) -> ShownRow:
    block = row.block
    is_cited = marker.is_cited(block.start, block.end)
    if not row.cells:
        groups = marker.groups(block.start, block.end, inlines(block.start, block.end))
        cells = [ShownCell(groups, width, is_label=True, is_cited=is_cited)]
        return ShownRow(block.start, row.number, cells, is_cited)
    cells = []
    column = 0
    for cell in row.cells:
        while column < cell.column:
            cells.append(ShownCell(is_beside=column in lit))
            column += 1
        groups = marker.groups(cell.start, cell.end, inlines(cell.start, cell.end))
        cells.append(
            ShownCell(
                groups,
                cell.columns,
                cell.is_label,
                is_cited=any(group.mark == "cited" for group in groups),
                is_answer=marker.is_answer(cell.start, cell.end),
                is_beside=column in lit,
                is_amount=column in amounts,
            )
        )
        column = cell.column + cell.columns
    cells += [ShownCell(is_beside=at in lit) for at in range(column, width)]
    # A span that holds the name of a column alone is in no cell.
    return ShownRow(block.start, row.number, cells, is_cited, marker.take_first(block.start, block.end))


def _places(names: Sequence[ShownName]) -> Iterator[tuple[int, ShownName]]:
    """Yield names with the first column that each stands above, as far as no name above spans rows."""
    column = 0
    for name in names:
        yield column if name.columns == 1 else -1, name
        column += name.columns


def _amounts(rows: Rows, text: str) -> set[int]:
    """Return the columns that hold amounts alone."""
    found: dict[int, bool] = {}
    for row in rows.rows:
        for cell in row.cells:
            if cell.start < cell.end and cell.columns == 1:
                is_amount = not cell.is_label and _is_amount(text[cell.start : cell.end])
                found[cell.column] = found.get(cell.column, True) and is_amount
    return {column for column, are_amounts in found.items() if are_amounts}


def _is_amount(words: str) -> bool:
    """Tell whether a cell holds an amount: a number with its sign, its currency or its unit."""
    return _AMOUNT.fullmatch(words) is not None


def _widths(rows: Rows) -> list[int]:
    """Return the class of the width of each column, by the longest of its names and first cells."""
    lengths = [0] * rows.width
    for names in rows.names:
        for column, name in enumerate(names[: rows.width]):
            lengths[column] = max(lengths[column], min(20, len(name)))
    for row in rows.rows[:_MEASURED_ROWS]:
        for cell in row.cells:
            if cell.columns == 1 and cell.column < rows.width:
                lengths[cell.column] = max(lengths[cell.column], cell.end - cell.start)
    return [next((at for at, most in enumerate(_WIDTHS) if length <= most), len(_WIDTHS) - 1) for length in lengths]


def _letters(column: int) -> str:
    """Return the letters of a column as spreadsheets count: A, B … Z, AA."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
