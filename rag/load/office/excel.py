"""Read Excel workbooks.

Owns: the reading of XLSX and how a cell's value reads. Knows nothing about formulas: it shows what Excel stored.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from itertools import chain
from typing import Any

import openpyxl

from rag.load.builder import Builder
from rag.load.tables import add_table, text_rows

# Cells further to the right are not read.
_MAX_COLUMNS = 1000


def read_xlsx(package: io.BytesIO, builder: Builder) -> str:
    """Append each sheet as a heading and its rows.

    Hidden sheets, rows and columns are read: a filter or a folded group hides them, and a reader shows them again. A
    sheet that no menu shows is left out.

    Args:
        package: The unpacked workbook.
        builder: What the sheets are appended to.

    Returns:
        The title that the properties give, or "".
    """
    workbook = openpyxl.load_workbook(package, read_only=True, data_only=True, keep_links=False)
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "veryHidden":
            continue
        # A file may claim a million columns: its size is counted while it is read.
        sheet.reset_dimensions()
        rows = _rows(sheet)
        first_row = next(rows, None)
        if first_row is not None:
            builder.add("heading", sheet.title, 1)
            add_table(builder, text_rows(chain((first_row,), rows)), is_sheet=True)
    return str(workbook.properties.title or "")


def _rows(sheet: Any) -> Iterator[tuple[str, ...]]:
    for row in sheet.iter_rows():
        if any(cell.value is not None for cell in row):
            yield tuple(_cell_text(cell) for cell in row[:_MAX_COLUMNS])


def _cell_text(cell: Any) -> str:
    """Return a cell as a reader would write it: ISO dates, whole numbers without ``.0``, percentages as such."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        if "%" in (cell.number_format or ""):
            return f"{value * 100:.10g}%"
        return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)
    return str(value)
