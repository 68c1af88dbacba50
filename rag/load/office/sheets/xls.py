"""Read workbooks of Excel 97 to 2003: XLS.

Owns: how the library's cells become those of a sheet. Formulas are not computed: what Excel stored is shown.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.office.sheets.formats import BUILT_IN, shown, shown_text
from rag.load.office.sheets.types import Merged, Sheet, cell_name
from rag.load.office.sheets.write import add_sheets
from rag.load.tables import Area, Cell, SheetRow
from rag.notices import Notice

_DEFAULT_DATES = (14, 22)
_VERY_HIDDEN = 2


def read_xls(data: bytes, builder: Builder) -> str:
    """Append each sheet: its name and its tables. Hidden sheets are read; one that no menu shows is left out.

    Args:
        data: The file.
        builder: What the sheets are appended to.

    Returns:
        The title that the properties give, or "".

    Raises:
        LoadError: When the workbook is protected by a password, or damaged.
    """
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, on_demand=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        is_protected = "encrypted" in str(error).lower()
        raise LoadError(Notice("file-protected" if is_protected else "file-damaged-package")) from None
    add_sheets(builder, (_sheet(book, number) for number in range(book.nsheets) if _can_be_shown(book, number)))
    builder.date, title = _properties(data)
    return title


def _can_be_shown(book: Any, number: int) -> bool:
    return bool(book._sheet_visibility[number] != _VERY_HIDDEN)


def _sheet(book: Any, number: int) -> Sheet:
    sheet = book.sheet_by_index(number)
    merged = Merged(Area(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells)
    notes = sorted(sheet.cell_note_map.items())
    comments = [(cell_name(*place), note.text) for place, note in notes]
    return Sheet(sheet.name, _rows(book, sheet, merged), (), comments)


def _rows(book: Any, sheet: Any, merged: Merged) -> Iterator[SheetRow]:
    for number in range(sheet.nrows):
        cells: dict[int, Cell] = {}
        for column in range(sheet.row_len(number)):
            text = _text(book, sheet.cell(number, column))
            if text.strip():
                cells[column] = Cell(text)
        merged.cover(number, cells)
        if cells:
            yield SheetRow(number, cells)


def _text(book: Any, cell: Any) -> str:
    """Return what a cell shows."""
    import xlrd

    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "true" if cell.value else "false"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, ""))
    code = ""
    if cell.xf_index is not None and cell.xf_index < len(book.xf_list):
        number = book.xf_list[cell.xf_index].format_key
        form = book.format_map.get(number)
        code = BUILT_IN[number] if number in _DEFAULT_DATES or (form is None and number in BUILT_IN) else ""
        code = code or (form.format_str if form else "")
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return shown_text(cell.value, code)
    return shown(float(cell.value), code, bool(book.datemode))


def _properties(data: bytes) -> tuple[str, str]:
    """Return the day of the last change and the title, "" for none."""
    import olefile

    with contextlib.suppress(Exception), olefile.OleFileIO(io.BytesIO(data)) as container:  # They may be damaged.
        properties = container.get_metadata()
        day = properties.last_saved_time or properties.create_time
        title = properties.title or b""
        encoding = f"cp{properties.codepage}" if properties.codepage else "cp1252"
        words = title.decode("utf-8" if properties.codepage in (65001, -535) else encoding, "replace")
        return (day.date().isoformat() if day and day.year > 1980 else ""), words.strip("\0 ")
    return "", ""
