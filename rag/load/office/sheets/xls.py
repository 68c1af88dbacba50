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
from rag.load.office.sheets.values import add_values
from rag.load.office.sheets.write import Unread, add_sheets
from rag.load.office.sheets.xls_objects import Objects, objects_of
from rag.load.tables import Area, Cell, SheetRow
from rag.notices import Notice

_DEFAULT_DATES = (14, 22)
_VERY_HIDDEN = 2
# The kinds of cells.
_EMPTY, _WORDS, _BOOLEAN, _ERROR, _BLANK = 0, 1, 4, 5, 6
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


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
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
    except Exception as error:  # A damaged workbook makes the library raise nearly anything.
        if "encrypted" in str(error).lower():
            raise LoadError(Notice("file-protected")) from None
        # The other library reads more, but knows no formats.
        add_values(io.BytesIO(data), builder)
    else:
        objects = _objects(data)
        unread = Unread()
        unread.objects([""] * objects.embedded)
        for name, count in objects.charts.items():
            unread.charts(name, count)
        numbers = [number for number in range(book.nsheets) if _can_be_shown(book, number)]
        add_sheets(builder, (_sheet(book, number, objects) for number in numbers))
        unread.warn(builder)
    builder.date, title = _properties(data)
    return title


def _can_be_shown(book: Any, number: int) -> bool:
    return bool(book._sheet_visibility[number] != _VERY_HIDDEN)


def _objects(data: bytes) -> Objects:
    """Return what lies on the sheets; nothing where the container is damaged."""
    import olefile

    with contextlib.suppress(Exception), olefile.OleFileIO(io.BytesIO(data)) as container:  # It may be damaged.
        name = "Workbook" if container.exists("Workbook") else "Book"
        found = objects_of(container.openstream(name).read())
        # Each has a storage of its own.
        found.embedded = len({path[0] for path in container.listdir() if path[0].startswith("MBD")})
        return found
    return Objects()


def _sheet(book: Any, number: int, objects: Objects) -> Sheet:
    sheet = book.sheet_by_index(number)
    merged = Merged(Area(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells)
    notes = sorted(sheet.cell_note_map.items())
    comments = [(cell_name(*place), note.text) for place, note in notes]
    said = {" ".join(words.split()) for _, words in comments}
    texts = [text for text in objects.texts.get(sheet.name, ()) if " ".join(text.split()) not in said]
    return Sheet(sheet.name, _rows(book, sheet, merged), (), comments, texts)


def _rows(book: Any, sheet: Any, merged: Merged) -> Iterator[SheetRow]:
    codes = _format_codes(book)
    for number in range(sheet.nrows):
        kinds = sheet.row_types(number)
        if not any(kinds):
            continue
        values = sheet.row_values(number)
        cells: dict[int, Cell] = {}
        for column, kind in enumerate(kinds):
            if kind not in (_EMPTY, _BLANK):
                style = sheet.cell_xf_index(number, column)
                text = _text(kind, values[column], codes[style] if style < len(codes) else "", bool(book.datemode))
                if text.strip():
                    cells[column] = Cell(text)
        merged.cover(number, cells)
        if cells:
            yield SheetRow(number, cells)


def _format_codes(book: Any) -> list[str]:
    """Return the format code of each style of a cell."""
    forms = {number: form.format_str for number, form in book.format_map.items()}
    known = {**BUILT_IN, **forms, **{number: BUILT_IN[number] for number in _DEFAULT_DATES}}
    return [known.get(style.format_key, "") for style in book.xf_list]


def _text(kind: int, value: Any, code: str, is_1904: bool) -> str:
    """Return what a cell shows."""
    if kind == _WORDS:
        return shown_text(value, code)
    if kind == _BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == _ERROR:
        return _ERRORS.get(value, "")
    return shown(float(value), code, is_1904)


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
