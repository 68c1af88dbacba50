"""Read the values of workbooks of every kind, without their formats.

Owns: how the library's values become cells. Numbers and dates are shown as a cell without a format shows them.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from typing import Any

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.office.sheets.formats import general
from rag.load.office.sheets.types import Sheet
from rag.load.office.sheets.write import Unread, add_sheets
from rag.load.tables import Cell, SheetRow
from rag.notices import Notice


def add_values(workbook: io.BytesIO, builder: Builder) -> None:
    """Append each sheet: its name and its tables. Hidden sheets are read; one that no menu shows is left out.

    Args:
        workbook: The workbook.
        builder: What the sheets are appended to.

    Raises:
        LoadError: When the workbook is protected by a password, or damaged.
    """
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(workbook)
    except python_calamine.PasswordError:
        raise LoadError(Notice("file-protected")) from None
    unread = Unread()
    hidden = python_calamine.SheetVisibleEnum.VeryHidden
    kinds = python_calamine.SheetTypeEnum
    for sheet in book.sheets_metadata:
        unread.charts(sheet.name, int(sheet.typ == kinds.ChartSheet))
    names = [s.name for s in book.sheets_metadata if s.visible != hidden and s.typ == kinds.WorkSheet]
    add_sheets(builder, (Sheet(name, _rows(book.get_sheet_by_name(name))) for name in names))
    unread.warn(builder)


def _rows(sheet: Any) -> Iterator[SheetRow]:
    if sheet.start is None:
        return
    left = sheet.start[1] if sheet.width < sheet.total_width else 0
    for number, row in enumerate(sheet.iter_rows()):
        cells = {left + at: Cell(text) for at, value in enumerate(row) if (text := _text(value)).strip()}
        if cells:
            yield SheetRow(number, cells)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return general(float(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else str(value)
