"""Read the tables of a page: which lines are rows, and what names stand above their columns.

Owns: what a table row is, where a table ends, the extent of its columns, and the header of each row. Knows nothing
about PDF files or about paragraphs. A table is never drawn as one in a PDF: it is seen by the gaps between its cells.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rag.load.pdf.types import Cell, LayoutBlock, Line

# A cell that only marks a list item or a note, so that the text behind it is no second column.
_MARKER = re.compile(r"(?:[•◦▪‣●○■□–\uf0b7]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxlc]{1,5}\)|\(\d\))$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
# So many blocks above a table may name its columns.
_NAMING_BLOCKS = 16
# Between two rows of one table there are at most so many labels of one line.
_LABELS_BETWEEN = 3
# Longer texts, in characters, are no label of a section, no name of a column and no value of a cell.
_LONGEST_LABEL, _LONGEST_NAME, _LONGEST_VALUE = 80, 60, 40
# More columns than this are no table.
_MAX_COLUMNS = 20
_HEADER_CHARACTERS = 300

# Where a column begins and ends from the left, in points.
Extent = tuple[float, float]


def is_table_row(line: Line) -> bool:
    """Tell whether a line is a table row: figures beside a label, three cells or more, or two far apart."""
    cells = line.cells[1:] if _MARKER.match(line.cells[0].text) else line.cells
    if len(cells) < 2:
        return False
    widest_gap = max(right.x0 - left.x1 for left, right in pairwise(cells))
    has_figures = any(character.isdecimal() for cell in cells[1:] for character in cell.text)
    return has_figures or len(cells) > 2 or widest_gap > 2 * line.height


def name_columns(blocks: list[LayoutBlock]) -> None:
    """Set the header of each table row: the label of its section, and the names that stand above its columns.

    Args:
        blocks: The blocks of a page, in reading order. Those that name columns are marked so.
    """
    start = 0
    names_above, columns_above = "", 0
    while start < len(blocks):
        if not _has_figures(blocks[start]):
            start += 1
            continue
        end = _table_end(blocks, start)
        rows = [block for block in blocks[start:end] if block.kind == "row"]
        columns = _column_extents(rows)
        names = _column_names(rows[0], columns, blocks[max(0, start - _NAMING_BLOCKS) : start])
        if not names and len(columns) == columns_above:
            # A long table goes on below a line of text.
            names = names_above
        names_above, columns_above = names, len(columns)
        section = blocks[start - 1].text if start and _is_section_label(blocks[start - 1]) else ""
        _set_headers(blocks[start:end], section, names)
        start = end


def _set_headers(table: list[LayoutBlock], section: str, names: str) -> None:
    """Set the headers of a table's rows; ``section`` is the label above its first row."""
    for block in table:
        if block.kind != "row":
            section = block.text if _is_section_label(block) else ""
            continue
        block.header = " | ".join(filter(None, (section.rstrip(":"), names)))[:_HEADER_CHARACTERS]
        if block.text.startswith("Total"):
            section = ""


def _has_figures(block: LayoutBlock) -> bool:
    """Tell whether a row has figures beside its label. Years and dates are none: they name columns."""
    if block.kind != "row":
        return False
    values = block.lines[-1].cells[1:]
    return any(any(character.isdecimal() for character in cell.text) and not _YEAR.search(cell.text) for cell in values)


def _table_end(blocks: list[LayoutBlock], start: int) -> int:
    """Return the number of the block after a table: rows, with at most three labels of one line between two of them."""
    end = number = start + 1
    while number < len(blocks) and number - end <= _LABELS_BETWEEN:
        block = blocks[number]
        number += 1
        if _has_figures(block):
            end = number
        elif block.kind == "row" or len(block.lines) > 1 or len(block.text) > _LONGEST_LABEL:
            break
    return end


def _is_section_label(block: LayoutBlock) -> bool:
    """Tell whether a block is the label of the rows below it, such as "Net sales:"."""
    return block.kind == "paragraph" and block.text.endswith(":") and len(block.text) <= _LONGEST_LABEL


def _column_extents(rows: list[LayoutBlock]) -> list[Extent]:
    """Return the extent of each column after the first, from the cells of all rows that overlap."""
    cell_extents = sorted(
        (cell.x0, cell.x1) for row in rows for cell in row.lines[-1].cells[1:] if len(cell.text) <= _LONGEST_VALUE
    )
    columns: list[Extent] = []
    for x0, x1 in cell_extents:
        if columns and x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], x1))
        else:
            columns.append((x0, x1))
    return columns if len(columns) <= _MAX_COLUMNS else []


def _column_names(first_row: LayoutBlock, columns: list[Extent], blocks_above: list[LayoutBlock]) -> str:
    """Return the words that stand above each column, " | " between two columns.

    Where each column has a name, equal ones are repeated, so that the third name is that of the third column; but one
    that stands above all of them is said once.

    The blocks above the first row are read from the lowest up, until one stands there that names no column.
    """
    if not columns:
        return ""
    labels_end = min(x0 for x0, _ in columns) - 5 * first_row.height
    table_top = first_row.lines[0].box[1]
    # The words above each column, lowest first.
    names: list[list[str]] = [[] for _ in columns]
    any_named = False
    for block in reversed(blocks_above):
        if _is_section_label(block) and not any_named:
            continue
        cells = [cell for line in reversed(block.lines) for cell in line.cells]
        naming_cells = [cell for cell in cells if cell.x0 >= labels_end and len(cell.text) <= _LONGEST_NAME]
        reaches_below = any(line.box[3] > table_top + 0.5 * line.height for line in block.lines)
        # One cell may stand to the left, above the labels of the rows.
        has_other_cells = len(naming_cells) < len(cells) - 1
        if not naming_cells or reaches_below or has_other_cells or _has_figures(block) or block.text.startswith("("):
            break
        if not _add_names(naming_cells, columns, names):
            break
        any_named = block.names_columns = True
    joined = [" ".join(reversed(words)) for words in names]
    distinct = list(dict.fromkeys(filter(None, joined)))
    return " | ".join(joined if all(joined) and len(distinct) > 1 else distinct)


def _add_names(cells: list[Cell], columns: list[Extent], names: list[list[str]]) -> bool:
    """Add the text of each cell to the names of the columns it stands above; return whether there was one."""
    added = False
    for cell in cells:
        for words, (x0, x1) in zip(names, columns, strict=True):
            if min(cell.x1, x1) > max(cell.x0, x0):
                words.append(cell.text)
                added = True
    return added
