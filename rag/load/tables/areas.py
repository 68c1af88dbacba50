"""Rows that know their place in a sheet, and parts of a sheet. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.load.tables.grid import Cell


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with words: its number from 0, and its cells by column. A merged cell stands in each column it covers."""

    number: int
    cells: dict[int, Cell]

    @property
    def begins(self) -> list[int]:
        """The columns in which a cell begins, from the left."""
        return [at for at in sorted(self.cells) if self.cells.get(at - 1) is not self.cells[at]]


class PlacedRow(tuple[Cell, ...]):
    """A row that was laid out, and where it stands in its sheet.

    Attributes:
        number: Its number in the sheet, from 0.
    """

    number: int

    def __new__(cls, cells: Iterable[Cell], number: int) -> PlacedRow:
        """Make a row of cells."""
        row = super().__new__(cls, cells)
        row.number = number
        return row


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a sheet: its first and last row and column, from 0, and how many of its rows are known to be names."""

    top: int
    left: int
    bottom: int
    right: int
    names: int = 1
