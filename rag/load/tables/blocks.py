"""Find the tables of a sheet: they are parted by empty rows and columns.

Owns: where one table ends and the next begins, and what is a title or a note between them. Knows nothing about files.
A long table streams: only the rows that decide are held.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rag.load.builder import Builder
from rag.load.tables.areas import Area, PlacedRow, SheetRow
from rag.load.tables.evidence import weigh
from rag.load.tables.grid import EMPTY, words_of
from rag.load.tables.kinds import NUMBERS, kind_of
from rag.load.tables.write import add_table

# So many rows tell how the columns are parted; longer tables side by side are held up to the second number.
_HELD, _HELD_BESIDE = 200, 20_000
# The rows that the rows behind an empty one are compared with.
_COMPARED = 20
# So many rows of one cell above a table are its title and notes.
_MOST_NOTES = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sheet: a table, or a note where it has one row of one cell.

    Attributes:
        rows: Its rows, laid out; they stream and must be read before the next part is asked for.
        note: The words of a title or note, "" for a table.
        caption: The notes right above a table.
        names: How many rows from the top are known to be names; None where that is to be told.
        places: The place in the rows of each column of the sheet; it grows while they are read.
    """

    rows: Iterable[PlacedRow] = ()
    note: str = ""
    caption: str = ""
    names: int | None = None
    places: Mapping[int, int] = field(default_factory=dict)


def add_parts(
    builder: Builder,
    rows: Iterable[SheetRow],
    areas: Sequence[Area] = (),
    begin: Callable[[], None] | None = None,
    *,
    side_by_side: bool = True,
) -> None:
    """Append the tables of a sheet, and the notes between them.

    Args:
        builder: What they are appended to.
        rows: The rows of the sheet with words, from the top.
        areas: The tables that the file itself marks.
        begin: Is called before each part.
        side_by_side: Whether an empty column may part two tables.
    """
    for part in sheet_parts(rows, areas, side_by_side):
        if begin:
            begin()
        if part.note:
            builder.add("paragraph", part.note)
        else:
            add_table(builder, part.rows, part.caption, names=part.names, is_sheet=True, places=part.places)


def sheet_parts(rows: Iterable[SheetRow], areas: Sequence[Area] = (), side_by_side: bool = True) -> Iterator[Part]:
    """Yield the parts of a sheet in reading order.

    Args:
        rows: Its rows with words, from the top.
        areas: The tables that the file itself marks.
        side_by_side: Whether an empty column may part two tables.

    Yields:
        Notes and tables. The rows of a table must be read before the next part is asked for.
    """
    source = _Source(rows)
    notes: list[str] = []
    is_first = True
    while band := source.band(_HELD):
        pieces = _pieces(source, band, areas) if side_by_side else [_Piece(band)]
        for piece in pieces:
            # A sheet that says one thing is a table of one cell.
            is_only = is_first and len(pieces) == 1 and source.is_empty
            if piece.is_notes and len(piece.rows) <= _MOST_NOTES and not is_only:
                notes += (words_of(row.cells[row.begins[0]]) for row in piece.rows)
                yield from (Part(note=words_of(row.cells[row.begins[0]])) for row in piece.rows)
                continue
            is_alone = len(pieces) == 1
            rows_ = _table_rows(piece, source if is_alone else _Source(()))
            yield Part(rows_, "", "; ".join(notes), piece.names, piece.places)
            notes = []
        is_first = False


@dataclass(slots=True)
class _Piece:
    """Rows that are one table, how many of them are known to be names, and the places of their columns."""

    rows: list[SheetRow]
    names: int | None = None
    places: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns = sorted({at for row in self.rows for at in row.begins})
        self.places = {column: place for place, column in enumerate(columns)}

    @property
    def is_notes(self) -> bool:
        return self.names is None and all(len(row.begins) == 1 for row in self.rows)

    def laid_out(self, row: SheetRow) -> PlacedRow:
        """Return the cells of a row in the places of their columns; a column that is new comes behind the others."""
        for column in row.begins:
            self.places.setdefault(column, len(self.places))
        cells = [EMPTY] * len(self.places)
        for column, cell in row.cells.items():
            if (place := self.places.get(column)) is not None:
                cells[place] = cell
        return PlacedRow(cells, row.number)


class _Source:
    """Rows that can be looked at before they are taken."""

    def __init__(self, rows: Iterable[SheetRow]) -> None:
        self._rows = iter(rows)
        self._held: deque[SheetRow] = deque()

    def _fill(self, count: int) -> None:
        while len(self._held) < count and (row := next(self._rows, None)) is not None:
            self._held.append(row)

    def band(self, most: int) -> list[SheetRow]:
        """Take the next rows up to an empty one, so many at most."""
        rows: list[SheetRow] = []
        while len(rows) < most and (row := self.next_of_band(rows[-1] if rows else None)):
            rows.append(row)
        return rows

    def next_of_band(self, above: SheetRow | None) -> SheetRow | None:
        """Take the next row where no empty one stands between it and the row above; else None."""
        self._fill(1)
        if not self._held or (above and self._held[0].number > above.number + 1):
            return None
        return self._held.popleft()

    @property
    def is_empty(self) -> bool:
        self._fill(1)
        return not self._held

    def put_back(self, rows: Sequence[SheetRow]) -> None:
        self._held.extendleft(reversed(rows))

    def ends(self, above: SheetRow) -> bool:
        """Tell whether a row is the last before an empty one."""
        self._fill(1)
        return not self._held or self._held[0].number > above.number + 1


def _table_rows(piece: _Piece, source: _Source) -> Iterator[PlacedRow]:
    """Yield the rows of a table: those held, the rest of them, and those behind empty rows that go on with it."""
    above: deque[PlacedRow] = deque(maxlen=_COMPARED)
    last = piece.rows[-1]
    for row in piece.rows:
        above.append(piece.laid_out(row))
        yield above[-1]
    while True:
        while row_below := source.next_of_band(last):
            last = row_below
            above.append(piece.laid_out(last))
            yield above[-1]
        band = source.band(_COMPARED)
        if not band or not _goes_on(piece, band, list(above)):
            source.put_back(band)
            return
        for row in band:
            last = row
            above.append(piece.laid_out(row))
            yield above[-1]


def _goes_on(piece: _Piece, band: list[SheetRow], above: Sequence[PlacedRow]) -> bool:
    """Tell whether rows behind an empty one belong to the table above: a total, or more of the same."""
    begins = band[0].begins
    if len(begins) < 2 or not {at for row in band for at in row.begins} <= piece.places.keys():
        return False
    texts = [[words_of(cell) for cell in piece.laid_out(row)] for row in band]
    width = len(piece.places)
    if weigh(texts[0], texts[1:], width) == "names":
        return False
    rows_above = [[words_of(cell) for cell in row] for row in above]
    return len(band) == 1 or weigh(texts[0], rows_above, width) == "values"


def _pieces(source: _Source, band: list[SheetRow], areas: Sequence[Area]) -> list[_Piece]:
    """Return the tables of rows without an empty one between them: side by side, and cut at those that are marked."""
    sides = _sides(band)
    if len(sides) > 1 and not source.ends(band[-1]):
        more: list[SheetRow] = []
        while len(more) < _HELD_BESIDE and (row := source.next_of_band([*band, *more][-1])):
            more.append(row)
        if not source.ends([*band, *more][-1]):
            source.put_back(more)
            sides = [band]
        else:
            sides = _sides([*band, *more])
    return [piece for side in sides for piece in _cut(side, areas)]


def _sides(band: list[SheetRow]) -> list[list[SheetRow]]:
    """Return the rows by tables that stand side by side with an empty column between; titles above both come first."""
    notes = 0
    while notes < len(band) - 1 and len(band[notes].begins) == 1:
        notes += 1
    rows = band[notes:]
    parts = _column_parts(rows)
    if len(parts) < 2:
        return [band]
    sides = [band[:notes]] if notes else []
    for columns in parts:
        kept = [SheetRow(row.number, {at: cell for at, cell in row.cells.items() if at in columns}) for row in rows]
        sides += _runs([row for row in kept if row.cells])
    return sides


def _runs(rows: list[SheetRow]) -> list[list[SheetRow]]:
    """Return rows cut where an empty one stands between them."""
    runs: list[list[SheetRow]] = []
    for row in rows:
        if runs and row.number == runs[-1][-1].number + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _column_parts(rows: list[SheetRow]) -> list[set[int]]:
    """Return the columns of each table in rows.

    A table has two columns at least and does not begin with figures: so empty columns inside a table part nothing.
    """
    filled = sorted({at for row in rows for at in row.cells})
    groups: list[list[int]] = []
    for column in filled:
        if groups and column == groups[-1][-1] + 1:
            groups[-1].append(column)
        else:
            groups.append([column])
    parts: list[list[int]] = []
    for group in groups:
        if parts and (len(group) < 2 or len(parts[-1]) < 2 or _begins_with_figures(rows, group[0])):
            parts[-1] += group
        else:
            parts.append(group)
    if len(parts) > 1 and len(parts[-1]) < 2:
        parts[-2] += parts.pop()
    return [set(part) for part in parts]


def _begins_with_figures(rows: list[SheetRow], column: int) -> bool:
    kinds = [kind_of(words_of(row.cells[column])) for row in rows if column in row.cells]
    return 2 * sum(kind in NUMBERS for kind in kinds[1:]) > len(kinds[1:]) or not kinds


def _cut(rows: list[SheetRow], areas: Sequence[Area]) -> list[_Piece]:
    """Return rows cut above and below the tables that the file marks."""
    first, last = rows[0].number, rows[-1].number
    columns = {at for row in rows for at in row.begins}
    area = next(
        (a for a in areas if first <= a.top <= last and a.left <= max(columns) and a.right >= min(columns)), None
    )
    if area is None:
        return [_Piece(rows)]
    above = [row for row in rows if row.number < area.top]
    inside = [row for row in rows if area.top <= row.number <= area.bottom]
    below = [row for row in rows if row.number > area.bottom]
    pieces = _cut(above, ()) if above else []
    pieces.append(_Piece(inside, area.names))
    rest = [other for other in areas if other is not area]
    return pieces + (_cut(below, rest) if below else [])
