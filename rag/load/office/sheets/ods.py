"""Read workbooks of OpenDocument: ODS.

Owns: which element holds what. A cell's words are those that it shows: the file stores them. Where a program stored
only values, they are shown as a cell without a format shows them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.office.sheets.formats import general
from rag.load.office.sheets.parts import Parts, day_of, property_of
from rag.load.office.sheets.types import Merged, Sheet, cell_name
from rag.load.office.sheets.write import Unread, add_sheets
from rag.load.tables import Area, Cell, SheetRow
from rag.notices import Notice

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_CHART_TYPE = "application/vnd.oasis.opendocument.chart"
# A row or cell with words may say that it is repeated; more often than this it is not said, nor more cells in all.
_MOST_REPEATED, _MOST_COPIES = 1000, 500_000
_MOST_SPACES = 100
# The attribute in which the value of each kind stands.
_VALUES = {"boolean": "boolean-value", "date": "date-value", "time": "time-value", "string": "string-value"}
_TIME = re.compile(r"PT(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,6})(?:\.\d{1,12})?S)?$")
_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?(?:[eE][-+]?\d{1,2})?$")
_ROWS = (f"{_TABLE}table-row-group", f"{_TABLE}table-rows", f"{_TABLE}table-header-rows")


def read_ods(package: io.BytesIO, builder: Builder) -> str:
    """Append each sheet: its name and its tables. Hidden sheets, rows and columns are read.

    Args:
        package: The unpacked workbook.
        builder: What the sheets are appended to.

    Returns:
        The title that the properties give, or "".

    Raises:
        LoadError: When a password protects the workbook, or it has no sheets.
    """
    parts = Parts(package)
    if b"encryption-data" in parts.bytes("META-INF/manifest.xml"):
        raise LoadError(Notice("file-protected"))
    content = parts.xml("content.xml")
    book = None if content is None else next(content.iter(f"{_OFFICE}spreadsheet"), None)
    if book is None:
        raise LoadError(Notice("file-damaged-package"))
    unread = Unread()
    charts = _charts(parts)
    add_sheets(builder, (_Sheet(table, charts, unread).sheet() for table in book.iterchildren(f"{_TABLE}table")))
    unread.warn(builder)
    properties = parts.xml("meta.xml")
    builder.date = day_of(property_of(properties, "date"), property_of(properties, "creation-date"))
    return property_of(properties, "title")


def _charts(parts: Parts) -> set[str]:
    """Return the names of the embedded objects that are charts."""
    manifest = parts.xml("META-INF/manifest.xml")
    entries = [] if manifest is None else [{etree.QName(k).localname: v for k, v in e.attrib.items()} for e in manifest]
    return {e.get("full-path", "").strip("/") for e in entries if e.get("media-type") == _CHART_TYPE}


class _Sheet:
    """A sheet, and what lies on it."""

    def __init__(self, table: Any, charts: set[str], unread: Unread) -> None:
        self._table, self._unread = table, unread
        self._title = table.get(f"{_TABLE}name") or ""
        self._comments: list[tuple[str, str]] = []
        self._texts: list[str] = []
        self._room = _MOST_COPIES
        for frame in table.iter(f"{_DRAW}object", f"{_DRAW}object-ole"):
            name = next((value for key, value in frame.attrib.items() if etree.QName(key).localname == "href"), "")
            is_chart = name.removeprefix("./").strip("/") in charts
            unread.charts(self._title, int(is_chart))
            unread.objects([] if is_chart else [frame.getparent().get(f"{_DRAW}name") or ""])
        for shapes in table.iterchildren(f"{_TABLE}shapes"):
            self._texts += filter(None, (_line(line) for line in shapes.iter(f"{_TEXT}p")))

    def sheet(self) -> Sheet:
        """Return the sheet; its rows must be read before its comments and texts are."""
        return Sheet(self._title, self._rows(), (), self._comments, self._texts)

    def _rows(self) -> Iterator[SheetRow]:
        number = 0
        merged: list[Area] = []
        read: list[tuple[int, dict[int, Cell]]] = []
        for row in _row_elements(self._table):
            count = _count(row, "number-rows-repeated")
            cells = self._cells(row, number, merged)
            if cells:
                read.append((number, cells))
                again = range(number + 1, number + self._copies(count, len(cells)))
                # Each row has cells of its own: one that is the same in two rows spans both.
                read += ((at, {column: Cell(cell.text) for column, cell in cells.items()}) for at in again)
            number += count
        covering = Merged(merged)
        for at, cells in read:
            covering.cover(at, cells)
            yield SheetRow(at, cells)

    def _cells(self, row: Any, number: int, merged: list[Area]) -> dict[int, Cell]:
        cells: dict[int, Cell] = {}
        column = 0
        for cell in row:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            count = _count(cell, "number-columns-repeated")
            text = self._cell_text(cell, number, column) if cell.tag == f"{_TABLE}table-cell" else ""
            if text:
                cells[column] = Cell(text)
                cells.update((column + again, Cell(text)) for again in range(1, self._copies(count, 1)))
                right = column + _count(cell, "number-columns-spanned") - 1
                bottom = number + _count(cell, "number-rows-spanned") - 1
                if right > column or bottom > number:
                    merged.append(Area(number, column, bottom, right))
            column += count
        return cells

    def _copies(self, count: int, cells: int) -> int:
        """Return how often a row or cell is said that is there so many times."""
        count = max(1, min(count, _MOST_REPEATED, self._room // cells))
        self._room -= (count - 1) * cells
        return count

    def _cell_text(self, cell: Any, row: int, column: int) -> str:
        """Return what a cell shows, and keep what hangs on it: comments and shapes."""
        lines: list[str] = []
        for part in cell:
            if part.tag == f"{_TEXT}p":
                lines.append(_line(part))
            elif part.tag == f"{_OFFICE}annotation":
                words = " ".join(filter(None, (_line(line) for line in part.iter(f"{_TEXT}p"))))
                self._comments.append((cell_name(row, column), words))
            elif isinstance(part.tag, str) and part.tag.startswith(_DRAW):
                self._texts += filter(None, (_line(line) for line in part.iter(f"{_TEXT}p")))
        text = "\n".join(lines).strip() if lines else _value_of(cell)
        if cell.get(f"{_TABLE}formula") and cell.get(f"{_OFFICE}value-type") is None and not text:
            self._unread.formula(self._title, cell_name(row, column))
        return text


def _value_of(cell: Any) -> str:
    """Return the value of a cell whose words are not stored, as one without a format shows it."""
    kind = cell.get(f"{_OFFICE}value-type") or ""
    value = cell.get(f"{_OFFICE}{_VALUES.get(kind, 'value')}") or ""
    if kind == "boolean" and value:
        return "TRUE" if value == "true" else "FALSE"
    if kind == "date":
        return value.removesuffix("T00:00:00").replace("T", " ")
    if kind == "time" and (time := _TIME.match(value)):
        return f"{int(time['hours'] or 0)}:{int(time['minutes'] or 0):02}:{int(time['seconds'] or 0):02}"
    if not _NUMBER.match(value):
        return value
    number = float(value)
    if kind == "percentage":
        return f"{general(round(number * 100, 8))}%"
    return " ".join(filter(None, (general(number), cell.get(f"{_OFFICE}currency"))))


def _row_elements(table: Any) -> Iterator[Any]:
    for part in table:
        if part.tag == f"{_TABLE}table-row":
            yield part
        elif part.tag in _ROWS:
            yield from part.iter(f"{_TABLE}table-row")


def _count(element: Any, name: str) -> int:
    value = element.get(f"{_TABLE}{name}") or ""
    return max(int(value), 1) if value.isdecimal() and len(value) < 10 else 1


def _line(paragraph: Any) -> str:
    """Return the words of a paragraph; spaces, tabs and breaks are elements of their own."""
    parts: list[str] = []
    for event, element in etree.iterwalk(paragraph, events=("start", "end")):
        if event == "start":
            if element.tag == f"{_TEXT}s":
                count = element.get(f"{_TEXT}c") or "1"
                parts.append(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))
            elif element.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
                parts.append(" ")
            parts.append(element.text or "")
        elif element is not paragraph:
            parts.append(element.tail or "")
    return "".join(parts).strip()
