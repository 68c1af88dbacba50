"""Does a sentence say what a row of a table says: "name: Ada; team: red; score: 3"? Pure.

Owns: reading such a row (``read_cells``) and which of its values goes with which name (``agrees_with_row``,
``agrees_with_bars``). Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.copies.units import Unit, units_of
from rag.verify.parse.parsed_text import parse_text
from rag.verify.parse.quantities import Quantity

_CELL = re.compile(r"([^:;]+): ([^;]*)")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row with the name of its column."""

    name: tuple[Unit, ...]
    value: tuple[Unit, ...]


def read_cells(line: str) -> list[Cell]:
    """Return the cells of a line, two at least; none where it is no row of a table."""
    parts = line.split("; ")
    matches = [_CELL.fullmatch(part) for part in parts]
    is_in_brackets = any(part.count("(") != part.count(")") for part in parts)
    if len(matches) < 2 or is_in_brackets or not all(matches):
        return []
    return [Cell(units_of(parse_text(m[1])).units, units_of(parse_text(m[2])).units) for m in matches if m]


def agrees_with_row(units: Sequence[Unit], cells: Sequence[Cell]) -> bool:
    """Return whether all that a sentence says stands in a row, each value beside the name of its own column.

    The sentence must name the first value, which says what the row is about. A number goes with the name of its column
    wherever another column has a number, too.

    Args:
        units: The content words, numbers and dates of the sentence.
        cells: The row.

    Returns:
        Whether it does.
    """
    if not cells[0].value or not all(any(unit.is_same(own) for unit in units) for own in cells[0].value):
        return False
    values = [{at for at, cell in enumerate(cells) if _is_value(unit, cell)} for unit in units]
    names = [{at for at, cell in enumerate(cells) if _is_in(unit, cell.name)} for unit in units]
    if not all(value or name for value, name in zip(values, names, strict=True)):
        return False
    at_values = [at for at, cell in enumerate(values) if cell]
    for at, name in enumerate(names):
        if name and not values[at]:
            nearest = min((abs(at - other) for other in at_values), default=0)
            beside = {cell for other in at_values if abs(at - other) == nearest for cell in values[other]}
            if not name & beside:
                return False
    numeric = [at for at, cell in enumerate(cells) if any(unit.value is not None for unit in cell.value)]
    named = {cell for name in names for cell in name} | {
        cell for unit, value in zip(units, values, strict=True) if _has_unit(unit) for cell in value
    }
    return all(
        unit.value is None or value & named or len(numeric) == 1 or value == {0}
        for unit, value in zip(units, values, strict=True)
    )


def agrees_with_bars(units: Sequence[Unit], line: str) -> bool:
    """Return whether a sentence says what a row with bars between its cells says: "| ferry | 90 t | the oldest |".

    Each of its words opens a cell or goes on in one, a cell that it begins to say is said to the end unless it is the
    first, and the row has no other number of the same unit.

    Args:
        units: The content words, numbers and dates of the sentence.
        line: The row.

    Returns:
        Whether it does.
    """
    if line.count("|") < 2 or not units:
        return False
    cells = [units_of(parse_text(cell)).units for cell in line.strip().strip("|").split("|")]
    said: set[int] = set()
    at, place = -1, 0
    for unit in units:
        if at >= 0 and place < len(cells[at]) and unit.is_same(cells[at][place]):
            place += 1
            continue
        if at > 0 and place < len(cells[at]):
            return False
        at = next((i for i, cell in enumerate(cells) if i not in said and cell and unit.is_same(cell[0])), -1)
        if at < 0:
            return False
        said.add(at)
        place = 1
    is_whole = at == 0 or place == len(cells[at])
    numbers = [unit.value for unit in units if isinstance(unit.value, Quantity)]
    of_row = [unit.value for cell in cells[1:] for unit in cell if isinstance(unit.value, Quantity)]
    is_clear = all(sum(other.unit == number.unit for other in of_row) == 1 for number in numbers)
    return is_whole and len(said) > 1 and bool(numbers) and is_clear


def _is_in(unit: Unit, units: Sequence[Unit]) -> bool:
    return any(unit.is_same(other) for other in units)


def _is_value(unit: Unit, cell: Cell) -> bool:
    """Return whether a cell has a unit as its value; "30 days" is 30 under "days"."""
    if _is_in(unit, cell.value):
        return True
    number = unit.value
    if not isinstance(number, Quantity) or not _has_unit(unit):
        return False
    is_written = any(isinstance(own.value, Quantity) and number.same_written_number(own.value) for own in cell.value)
    in_name = {own.stem for own in cell.name}
    return is_written and bool(in_name.intersection(token.stem for token in parse_text(number.text).tokens))


def _has_unit(unit: Unit) -> bool:
    return isinstance(unit.value, Quantity) and bool(unit.value.unit)
