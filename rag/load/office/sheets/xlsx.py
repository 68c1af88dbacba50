"""Read Excel workbooks of XML parts: XLSX, XLSM and templates.

Owns: which part holds what, and what a cell's value is. Knows nothing about how sheets are written down. Formulas are
not computed: what Excel stored is shown.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from rag.load.builder import Builder
from rag.load.office.embedded import embedded_name
from rag.load.office.sheets.formats import BUILT_IN, shown, shown_text
from rag.load.office.sheets.parts import Parts, day_of, property_of, texts_of, unescaped
from rag.load.office.sheets.types import Merged, Sheet, area_of, cell_name, column_number
from rag.load.office.sheets.write import Unread, add_sheets
from rag.load.tables import Area, Cell, SheetRow

_MERGED = re.compile(rb"<(?:\w{1,30}:)?mergeCell\s[^>]{0,200}?\bref=[\"']([^\"']{1,40})[\"']")
_FILTERED = re.compile(rb"<(?:\w{1,30}:)?autoFilter\s[^>]{0,200}?\bref=[\"']([^\"']{1,40})[\"']")
_CELL_NAME = re.compile(r"([A-Za-z]{1,3})(\d{1,7})$")


def read_xlsx(package: io.BytesIO, builder: Builder) -> str:
    """Append each sheet: its name and its tables.

    Hidden sheets, rows and columns are read: a filter or a folded group hides them, and a reader shows them again. A
    sheet that no menu shows is left out.

    Args:
        package: The unpacked workbook.
        builder: What the sheets are appended to.

    Returns:
        The title that the properties give, or "".
    """
    parts = Parts(package)
    root = parts.related("")
    book = next(path for _, kind, path in root if kind == "officeDocument")
    unread = Unread()
    add_sheets(builder, _Workbook(parts, book, unread).sheets())
    unread.warn(builder)
    properties = parts.xml(next((path for _, kind, path in root if kind == "core-properties"), "docProps/core.xml"))
    builder.date = day_of(property_of(properties, "modified"), property_of(properties, "created"))
    return property_of(properties, "title")


class _Workbook:
    """The sheets of a workbook, and what they share."""

    def __init__(self, parts: Parts, book: str, unread: Unread) -> None:
        self._parts, self._unread = parts, unread
        self._root = parts.xml(book)
        related = parts.related(book)
        self._paths = {name: (kind, path) for name, kind, path in related}
        by_kind = {kind: path for _, kind, path in related}
        self._words = [texts_of(item) for item in parts.elements(by_kind.get("sharedStrings", ""), "si")]
        self._codes = _format_codes(parts.xml(by_kind.get("styles", "")))
        settings = next(self._root.iter("{*}workbookPr"), None)
        self._is_1904 = settings is not None and settings.get("date1904") in ("1", "true", "on")

    def sheets(self) -> Iterator[Sheet]:
        """Yield the sheets that a menu can show."""
        for sheet in self._root.iter("{*}sheet"):
            link = next((value for key, value in sheet.attrib.items() if etree.QName(key).localname == "id"), "")
            kind, path = self._paths.get(link, ("", ""))
            if kind and sheet.get("state") != "veryHidden":
                yield self._sheet(unescaped(sheet.get("name") or ""), path)

    def _sheet(self, title: str, path: str) -> Sheet:
        related = self._parts.related(path)
        texts: list[str] = []
        for _, kind, part in related:
            if kind == "drawing":
                self._unread.charts(title, sum(kind.startswith("chart") for _, kind, _ in self._parts.related(part)))
                texts += _shape_texts(self._parts.xml(part))
            elif kind in ("oleObject", "package"):
                self._unread.objects([embedded_name(part, self._parts.bytes(part))])
        data = self._parts.bytes(path)
        # What follows the rows of a sheet stands at its end: merged cells, the area of a filter.
        tail = data[max(data.rfind(b"sheetData"), 0) :]
        areas = [area for _, kind, part in related if kind == "table" and (area := self._table(part))]
        areas += _areas(_FILTERED, tail)
        rows = self._rows(title, path, Merged(_areas(_MERGED, tail)))
        return Sheet(title, rows, areas, self._comments(related), texts)

    def _table(self, part: str) -> Area | None:
        root = self._parts.xml(part)
        if root is None:
            return None
        return area_of(root.get("ref") or "", int(root.get("headerRowCount") or 1))

    def _comments(self, related: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
        """Return place and words of each comment; one with replies has them in place of an older form of itself."""
        found: dict[str, list[str]] = {}
        roots = [self._parts.xml(part) for _, kind, part in related if kind == "threadedComment"]
        for comment in (c for root in roots if root is not None for c in root.iter("{*}threadedComment")):
            found.setdefault(comment.get("ref") or "", []).append(texts_of(comment, "text"))
        threaded = set(found)
        roots = [self._parts.xml(part) for _, kind, part in related if kind == "comments"]
        for comment in (c for root in roots if root is not None for c in root.iter("{*}comment")):
            if (place := comment.get("ref") or "") not in threaded:
                found.setdefault(place, []).append(texts_of(comment))
        return [(place, " ".join(words)) for place, words in found.items()]

    def _rows(self, title: str, path: str, merged: Merged) -> Iterator[SheetRow]:
        number = -1
        for row in self._parts.elements(path, "row"):
            number = int(row.get("r") or number + 2) - 1
            cells: dict[int, Cell] = {}
            column = -1
            for cell in row:
                place = _CELL_NAME.match(cell.get("r") or "")
                column = column_number(place[1]) if place else column + 1
                text = self._text(cell, title, number, column)
                if text.strip():
                    cells[column] = Cell(text)
            merged.cover(number, cells)
            if cells:
                yield SheetRow(number, cells)

    def _text(self, cell: Any, title: str, row: int, column: int) -> str:
        """Return what a cell shows."""
        kind = cell.get("t") or "n"
        value, has_formula, has_value = "", False, False
        for part in cell:
            name = part.tag.rpartition("}")[2] if isinstance(part.tag, str) else ""
            if name == "v":
                value, has_value = part.text or "", True
            elif name == "is":
                value, has_value = texts_of(part), True
            elif name == "f":
                has_formula = True
        if has_formula and not value and not (has_value and kind == "str"):
            self._unread.formula(title, cell_name(row, column))
        style = int(cell.get("s") or 0)
        code = self._codes[style] if style < len(self._codes) else ""
        if not value:
            return ""
        if kind == "n":
            return shown(float(value), code, self._is_1904)
        if kind == "s":
            return shown_text(self._words[int(value)], code)
        if kind == "b":
            return "TRUE" if value in ("1", "true") else "FALSE"
        if kind == "d":
            return value.replace("T00:00:00", "").replace("T", " ")
        return value if kind == "e" else shown_text(unescaped(value), code)


def _format_codes(styles: Any) -> list[str]:
    """Return the format code of each style of a cell."""
    if styles is None:
        return []
    codes = {int(code.get("numFmtId") or 0): code.get("formatCode") or "" for code in styles.iter("{*}numFmt")}
    used = next(styles.iter("{*}cellXfs"), None)
    numbers = [int(style.get("numFmtId") or 0) for style in ([] if used is None else used.iterchildren("{*}xf"))]
    # The default dates are no code but a setting, whatever the file writes out for them.
    known = {**BUILT_IN, **codes, 14: BUILT_IN[14], 22: BUILT_IN[22]}
    return [known.get(number, "") for number in numbers]


def _areas(pattern: re.Pattern[bytes], data: bytes) -> list[Area]:
    found = (area_of(match[1].decode("ascii", "replace")) for match in pattern.finditer(data))
    return [area for area in found if area]


def _shape_texts(drawing: Any) -> list[str]:
    """Return the paragraphs in the shapes of a drawing."""
    if drawing is None:
        return []
    bodies = drawing.iter("{*}txBody")
    return [text for body in bodies for line in body.iter("{*}p") if (text := texts_of(line).strip())]
