"""Read workbooks of one XML text, as Excel 2003 and programs that export to it write them: SpreadsheetML 2003.

Owns: which element holds what. Formulas are not computed: what was stored is shown.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from typing import Any

from lxml import etree

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.office.sheets.formats import shown, shown_text
from rag.load.office.sheets.parts import day_of, property_of
from rag.load.office.sheets.types import Merged, Sheet, cell_name
from rag.load.office.sheets.write import Unread, add_sheets
from rag.load.tables import Area, Cell, SheetRow
from rag.notices import Notice

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{NAMESPACE}}}"
_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
# The formats that have a name in place of a code.
_NAMED = {
    "General Number": "General", "General Date": "m/d/yy h:mm", "Short Date": "mm-dd-yy", "Long Date": "mm-dd-yy",
    "Medium Date": "d-mmm-yy", "Long Time": "h:mm:ss AM/PM", "Medium Time": "h:mm AM/PM", "Short Time": "h:mm",
    "Currency": '"$"#,##0.00', "Euro Currency": '"€"#,##0.00', "Fixed": "0.00", "Standard": "#,##0.00",
    "Percent": "0.00%", "Scientific": "0.00E+00", "Yes/No": '"Yes";"Yes";"No"', "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}  # fmt: skip
# A date without a format of its own is shown as the default one.
_DEFAULT_DATE = "m/d/yy h:mm"
_PARENTS = 10


def read_spreadsheet_xml(data: bytes, builder: Builder) -> str:
    """Append each sheet: its name and its tables. Hidden sheets are read; one that no menu shows is left out.

    Args:
        data: The file.
        builder: What the sheets are appended to.

    Returns:
        The title that the properties give, or "".

    Raises:
        LoadError: When it declares entities.
    """
    if b"<!ENTITY" in data.replace(b"\0", b""):
        raise LoadError(Notice("file-entities"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                             remove_pis=True, huge_tree=True)  # fmt: skip
    root = etree.fromstring(data, parser)
    unread = Unread()
    codes = _format_codes(root)
    sheets = (sheet for sheet in root.iterchildren(f"{_SS}Worksheet") if _can_be_shown(sheet))
    add_sheets(builder, (_Worksheet(sheet, codes, unread).sheet() for sheet in sheets))
    unread.warn(builder)
    properties = next(root.iterchildren("{*}DocumentProperties"), None)
    builder.date = day_of(property_of(properties, "LastSaved"), property_of(properties, "Created"))
    return property_of(properties, "Title")


def _can_be_shown(sheet: Any) -> bool:
    return all((visible.text or "").strip() != "SheetVeryHidden" for visible in sheet.iterfind("{*}*/{*}Visible"))


def _format_codes(root: Any) -> dict[str, str]:
    """Return the format code of each style; one without a format has that of the style it is made from."""
    own: dict[str, str] = {}
    parents: dict[str, str] = {}
    for style in root.iterfind(f"{_SS}Styles/{_SS}Style"):
        name = _attribute(style, "ID")
        parents[name] = _attribute(style, "Parent")
        form = style.find(f"{_SS}NumberFormat")
        if form is not None:
            code = _attribute(form, "Format")
            own[name] = _NAMED.get(code, code)
    codes: dict[str, str] = {}
    for name in parents:
        above = name
        for _ in range(_PARENTS):
            if above in own or above not in parents:
                break
            above = parents[above]
        codes[name] = own.get(above, own.get("Default", ""))
    return codes


class _Worksheet:
    """A sheet, and what lies on it."""

    def __init__(self, element: Any, codes: dict[str, str], unread: Unread) -> None:
        self._element, self._codes, self._unread = element, codes, unread
        self._title = _attribute(element, "Name")
        self._comments: list[tuple[str, str]] = []

    def sheet(self) -> Sheet:
        """Return the sheet; its rows must be read before its comments are."""
        return Sheet(self._title, self._rows(), (), self._comments)

    def _rows(self) -> Iterator[SheetRow]:
        for table in self._element.iterchildren(f"{_SS}Table"):
            styles = _column_styles(table)
            merged: list[Area] = []
            read: list[SheetRow] = []
            number = -1
            for row in table.iterchildren(f"{_SS}Row"):
                number = _place(row, number + 1, _LAST_ROW)
                if cells := self._cells(row, number, styles, merged):
                    read.append(SheetRow(number, cells))
                number += _count(row, "Span")
            covering = Merged(merged)
            for found in read:
                covering.cover(found.number, found.cells)
                yield found

    def _cells(self, row: Any, number: int, styles: dict[int, str], merged: list[Area]) -> dict[int, Cell]:
        cells: dict[int, Cell] = {}
        column = -1
        for cell in row.iterchildren(f"{_SS}Cell"):
            column = _place(cell, column + 1, _LAST_COLUMN)
            style = _attribute(cell, "StyleID") or _attribute(row, "StyleID") or styles.get(column, "Default")
            text = self._text(cell, self._codes.get(style, ""), cell_name(number, column))
            right, down = _count(cell, "MergeAcross"), _count(cell, "MergeDown")
            if text.strip():
                cells[column] = Cell(text)
                if right or down:
                    merged.append(Area(number, column, number + down, column + right))
            column += right
        return cells

    def _text(self, cell: Any, code: str, place: str) -> str:
        """Return what a cell shows, and keep what is said of it."""
        for comment in cell.iterchildren(f"{_SS}Comment"):
            self._comments.append((place, "".join(comment.itertext())))
        data = cell.find(f"{_SS}Data")
        text = "" if data is None else "".join(data.itertext())
        if not text and _attribute(cell, "Formula"):
            self._unread.formula(self._title, place)
        return _shown(text, "" if data is None else _attribute(data, "Type"), code)


def _column_styles(table: Any) -> dict[int, str]:
    """Return the style of each column that has one."""
    styles: dict[int, str] = {}
    number = -1
    for column in table.iterchildren(f"{_SS}Column"):
        first = _place(column, number + 1, _LAST_COLUMN)
        number = min(first + _count(column, "Span"), _LAST_COLUMN)
        if style := _attribute(column, "StyleID"):
            styles.update(dict.fromkeys(range(first, number + 1), style))
    return styles


def _shown(text: str, kind: str, code: str) -> str:
    """Show a value as its cell does."""
    if not text:
        return ""
    if kind == "Boolean":
        return "TRUE" if text.strip() == "1" else "FALSE"
    value = _number(text) if kind == "Number" else _day(text) if kind == "DateTime" else None
    if value is None:
        return text if kind == "Error" else shown_text(text, code)
    return shown(value, code if kind == "Number" or code not in ("", "General") else _DEFAULT_DATE)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _day(text: str) -> float | None:
    """Return the day number of a date and time; None for what is none."""
    try:
        when = datetime.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return None
    # Excel takes 1900 for a leap year.
    first = datetime.datetime(1899, 12, 31 if when < datetime.datetime(1900, 3, 1) else 30)  # noqa: DTZ001
    return (when - first) / datetime.timedelta(days=1)


def _attribute(element: Any, name: str) -> str:
    return element.get(f"{_SS}{name}") or element.get(name) or ""


def _place(element: Any, following: int, last: int) -> int:
    """Return the row or column of an element, from 0: the one that it names, which is no earlier one, or the next."""
    return min(max(_count(element, "Index") - 1, following), last)


def _count(element: Any, name: str) -> int:
    value = _attribute(element, name)
    return int(value) if value.isdecimal() and len(value) < 8 else 0
