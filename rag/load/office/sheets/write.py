"""Write sheets as blocks of a document.

Owns: the order in a sheet: its name, its tables and notes, what lies on it, its comments. Knows nothing about files.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.load.builder import Builder
from rag.load.office.embedded import embedded_notice
from rag.load.office.sheets.types import Sheet
from rag.load.tables import add_parts
from rag.notices import Notice

# So many cells are named, of those whose formulas have no value.
_NAMED_CELLS = 5


def add_sheets(builder: Builder, sheets: Iterable[Sheet]) -> None:
    """Append sheets; a sheet without words is left out.

    Args:
        builder: What they are appended to.
        sheets: The sheets, in order.
    """
    for sheet in sheets:
        _SheetWriter(builder, sheet.title).write(sheet)


class _SheetWriter:
    """Appends one sheet; its name comes first, once there is something to say of it."""

    def __init__(self, builder: Builder, title: str) -> None:
        self._builder = builder
        self._title = title

    def write(self, sheet: Sheet) -> None:
        add_parts(self._builder, sheet.rows, sheet.areas, begin=self._begin)
        for text in sheet.texts:
            self._add(text)
        for place, words in sheet.comments:
            self._add(f"Comment on {place}: {' '.join(words.split())}" if words.strip() else "")

    def _begin(self) -> None:
        self._builder.add("heading", self._title, 1)
        self._title = ""

    def _add(self, text: str) -> None:
        if text.strip():
            self._begin()
            self._builder.add("paragraph", text)


class Unread:
    """What of a workbook is not read, collected while its sheets are."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._cells: list[str] = []
        self._formulas = 0
        self._charts: dict[str, int] = {}
        self._objects: list[str] = []

    def formula(self, sheet: str, cell: str) -> None:
        """Note a formula without a value.

        Args:
            sheet: The name of its sheet.
            cell: The name of its cell.
        """
        self._formulas += 1
        if self._formulas <= _NAMED_CELLS:
            self._cells.append(f"{sheet}!{cell}")

    def charts(self, sheet: str, count: int) -> None:
        """Note charts.

        Args:
            sheet: The name of the sheet that they lie on.
            count: How many.
        """
        if count:
            self._charts[sheet] = self._charts.get(sheet, 0) + count

    def objects(self, names: Iterable[str]) -> None:
        """Note objects of other programs by their names; "" for one without a name."""
        self._objects += names

    def warn(self, builder: Builder) -> None:
        """Say what was not read."""
        if self._formulas:
            builder.warn(Notice("reading-formulas", {"count": self._formulas, "cells": self._cells}))
        if self._charts:
            builder.warn(Notice("reading-charts", {"count": sum(self._charts.values()), "sheets": list(self._charts)}))
        if self._objects:
            builder.warn(embedded_notice(self._objects))
