"""The numbers in the cells of tables, each with what its row and the head of its column say. Pure.

Owns: ``find_cells`` for rows with bars, for rows whose cells are named ("item: Rent; 2023: 300") and for rows set apart
by spaces under a line of years or dates. Rows that do not fit their head have no cells here. Knows nothing about
sentences or verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.verify.parse.parsed_text import ParsedText, content_stems
from rag.verify.parse.quantities import Quantity

# Fewest columns that are named by periods.
_PERIODS = 2
# Most characters of a row.
_LONGEST_ROW = 2000
_YEAR = re.compile(r"(?<![\d.,])(?:\b(?:FY|CY|GJ)\s?)?(?P<year>(?:19|20)\d\d)(?![\d%]|[.,]\d)", re.I)
_QUARTER = re.compile(
    r"\bQ([1-4])\b|\b(first|second|third|fourth|erste[sn]?|zweite[sn]?|dritte[sn]?|vierte[sn]?)\s", re.I
)
_QUARTER_WORD = re.compile(r"\s*(?:fiscal\s)?(?:quarter|quartal)\b", re.I)
_QUARTERS = {
    "first": "1",
    "second": "2",
    "third": "3",
    "fourth": "4",
    "erst": "1",
    "zweit": "2",
    "dritt": "3",
    "viert": "4",
}
# A year that ends in one of these months may be called by the year before.
_EARLY_MONTH = re.compile(
    r"\b(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni)\b|\b\d{4}-0[1-6]\b", re.I
)
_NAMED_CELL = re.compile(r"(?P<name>[^:;]{1,80}): (?P<value>[^;]*)")


@dataclass(frozen=True, slots=True)
class Period:
    """The years and quarters that a text names.

    Attributes:
        years: The years.
        quarters: The quarters, "1" to "4".
    """

    years: frozenset[str] = frozenset()
    quarters: frozenset[str] = frozenset()

    def excludes(self, other: Period) -> bool:
        """Return whether both name a year, or both a quarter, and none is the same."""
        return any(
            bool(own and others) and own.isdisjoint(others)
            for own, others in ((self.years, other.years), (self.quarters, other.quarters))
        )

    def includes(self, other: Period) -> bool:
        """Return whether all that another names is among this one's."""
        return other.years <= self.years and other.quarters <= self.quarters


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a table.

    Attributes:
        quantity: The number.
        line: The number of its line.
        table: Which of the tables it stands in.
        place: Which of the columns.
        label: The content stems of what its row is about.
        head: The content stems of the name of its column.
        period: The period of its column, or of its row where columns have none.
        is_of_row: Whether the period is that of the row.
    """

    quantity: Quantity
    line: int
    table: int
    place: int
    label: frozenset[str]
    head: frozenset[str]
    period: Period
    is_of_row: bool


def period_of(text: str) -> Period:
    """Return the years and quarters that a text names."""
    years = frozenset(match["year"] for match in _YEAR.finditer(text))
    quarters = frozenset(
        match[1] or _QUARTERS[re.sub(r"e[sn]?$", "", match[2].lower())]
        for match in _QUARTER.finditer(text)
        if match[1] or _QUARTER_WORD.match(text, match.end())
    )
    return Period(years, quarters)


def ends_early(text: str) -> bool:
    """Return whether a period ends in the first half of a year, so that it may be named by the year before."""
    return _EARLY_MONTH.search(text) is not None


def find_cells(lines: Sequence[ParsedText]) -> Sequence[Cell]:
    """Return the numbers of rows whose columns, or which themselves, are named by periods; in order."""
    return _read_cells(tuple(lines))


# Several sentences are held against the same lines.
@lru_cache(maxsize=64)
def _read_cells(lines: tuple[ParsedText, ...]) -> Sequence[Cell]:
    cells: list[Cell] = []
    heads: list[str] = []
    table = 0
    is_ruled = False
    for at, line in enumerate(lines):
        text = line.text
        if len(text) > _LONGEST_ROW:
            heads = []
        elif "|" in text:
            row = text.strip().strip("|").split("|")
            if not is_ruled or not heads or _is_head(row[1:]):
                heads, table = row, table + 1
            elif len(row) == len(heads):
                cells += _ruled_cells(line, at, table, heads)
            is_ruled = True
        elif named := _named_cells(text):
            heads, is_ruled = [], False
            cells += _cells_by_name(line, at, named)
        else:
            is_ruled = False
            years = [match["year"] for match in _YEAR.finditer(text)]
            if len(years) >= _PERIODS and _is_line_of_periods(line):
                heads, table = years if not ends_early(text) else [], table + 1
            elif heads and all(_YEAR.fullmatch(head) for head in heads):
                cells += _spaced_cells(line, at, table, heads)
            else:
                heads = []
    return tuple(cells)


def _is_head(cells: Sequence[str]) -> bool:
    """Return whether cells are names of periods."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) >= _PERIODS and all(period_of(cell) != Period() for cell in filled)


def _is_line_of_periods(line: ParsedText) -> bool:
    return not re.search(r"[.!?:;]\s*$", line.text) and all(quantity.is_year() for quantity in line.quantities)


def _ruled_cells(line: ParsedText, at: int, table: int, heads: Sequence[str]) -> Iterator[Cell]:
    text = line.text
    offset = len(text) - len(text.lstrip())
    offset += text[offset : offset + 1] == "|"
    first = text.strip().strip("|").split("|")[0]
    for quantity in line.quantities:
        place = text.count("|", offset, quantity.start)
        if place and place < len(heads):
            yield _cell(quantity, at, table, place, first, heads[place])


def _spaced_cells(line: ParsedText, at: int, table: int, heads: Sequence[str]) -> Iterator[Cell]:
    """Yield the cells of a row with as many numbers as its head has years."""
    if len(line.quantities) == len(heads):
        label = line.text[: line.quantities[0].start]
        for place, (quantity, head) in enumerate(zip(line.quantities, heads, strict=True)):
            yield _cell(quantity, at, table, place, label, head)


def _named_cells(text: str) -> list[re.Match[str]]:
    """Return the cells of a row each of which has its name before it; none where it is no such row."""
    if "; " not in text or ": " not in text:
        return []
    matches = list(_NAMED_CELL.finditer(text))
    return matches if len(matches) == text.count("; ") + 1 else []


def _cells_by_name(line: ParsedText, at: int, named: Sequence[re.Match[str]]) -> Iterator[Cell]:
    for place, match in enumerate(named[1:], start=1):
        for quantity in line.quantities:
            if match.start("value") <= quantity.start < match.end("value"):
                # Rows of such tables name their columns, so that they are one table.
                yield _cell(quantity, at, 0, place, named[0]["value"], match["name"])


def _cell(quantity: Quantity, line: int, table: int, place: int, label: str, head: str) -> Cell:
    of_column, of_row = period_of(head), period_of(label)
    is_of_row = of_column == Period()
    period = of_row if is_of_row else of_column
    if ends_early(label if is_of_row else head):
        period = Period()
    return Cell(
        quantity, line, table, place, frozenset(content_stems(label)), frozenset(content_stems(head)), period, is_of_row
    )
