"""Write the rows of a table as blocks of a document, and keep the record of its cells.

Owns: how a row reads. Knows nothing about formats, or about how names are told from values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice

from rag.load.builder import Builder
from rag.load.tables.grid import Cell
from rag.load.tables.names import Layout, find_names
from rag.types import Table, TableCell

# The names of the columns are looked for in so many rows.
_FIRST_ROWS = 20
# Cells of a document whose places are kept. The rows of larger tables are cited whole.
_MOST_CELLS = 200_000

Row = Sequence[Cell]


def add_table(
    builder: Builder,
    rows: Iterable[Row],
    caption: str = "",
    *,
    names: int | None = None,
    labels: int | None = None,
    is_sheet: bool = False,
) -> None:
    """Append a table, a block a row. Rows stream: only the first few are held.

    Rows above the names of the columns (a table's own title, a note) become paragraphs.

    Args:
        builder: What the rows are appended to.
        rows: The rows, laid out: each column has its cell. Rows without words are left out.
        caption: What is said of the whole table; it is recorded, not appended.
        names: How many rows from the top are known to name the columns; None where that is to be told.
        labels: How many columns from the left are known to name the rows; None where that is to be told.
        is_sheet: Whether it is a sheet or a CSV, whose first row names the columns where it could be either.
    """
    stream = (row for row in rows if any(cell.text.strip() for cell in row))
    first_rows = list(islice(stream, _FIRST_ROWS))
    layout = find_names(first_rows, is_sheet=is_sheet)
    if names is not None:
        layout = Layout(0, min(names, len(first_rows)), layout.labels if names == layout.names else 0)
    if labels is not None:
        layout = Layout(layout.notes, layout.names, labels)
    for row in first_rows[: layout.notes]:
        builder.add("paragraph", "; ".join(dict.fromkeys(filter(None, map(_words, row)))))
    below = layout.notes + layout.names
    naming_rows = [tuple(map(_words, row)) for row in first_rows[layout.notes : below]]
    _Writer(builder, naming_rows, layout.labels, caption).write(chain(first_rows[below:], stream))


def row_text(named: Iterable[tuple[str, str]]) -> tuple[str, list[tuple[int, int]]]:
    """Write one row.

    Args:
        named: The name and the words of each cell; a cell without words is left out, one without a name stands alone.

    Returns:
        "Name: words; Name: words", and where the words of each cell stand in it: ``(-1, -1)`` for one left out.
    """
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    length = 0
    for name, words in named:
        if not words:
            places.append((-1, -1))
            continue
        before = ("; " if parts else "") + (f"{name}: " if name and name != words else "")
        parts += [before, words]
        places.append((length + len(before), length + len(before) + len(words)))
        length += len(before) + len(words)
    return "".join(parts), places


class _Writer:
    """Appends the rows of one table and records its cells."""

    def __init__(self, builder: Builder, naming_rows: list[tuple[str, ...]], labels: int, caption: str) -> None:
        self._builder = builder
        self._naming_rows = naming_rows
        self._labels = labels
        self._caption = caption
        self._cells: list[TableCell] = []
        self._room = _MOST_CELLS - sum(len(table.cells) for table in builder.tables)
        self._row_count = 0
        self._start = self._end = -1

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            # A long table says its names again on each page.
            if tuple(map(_words, row)) not in self._naming_rows:
                self._add_row(row)
        if not self._row_count:
            # Without a row below, the names are all that the table says.
            for texts in self._naming_rows:
                self._builder.add("row", "; ".join(dict.fromkeys(filter(None, texts))))
            return
        width = max(map(len, self._naming_rows), default=0)
        names = tuple(texts + ("",) * (width - len(texts)) for texts in self._naming_rows)
        self._builder.tables.append(
            Table(self._start, self._end, names, tuple(self._cells), self._labels, self._caption)
        )

    def _add_row(self, row: Row) -> None:
        """Append a row; a cell that spans columns is said once, with the names of all of them."""
        columns: list[tuple[int, int]] = []
        for column, cell in enumerate(row):
            if columns and row[columns[-1][0]] is cell and cell.text:
                columns[-1] = (columns[-1][0], column + 1)
            else:
                columns.append((column, column + 1))
        label = " ".join(dict.fromkeys(_words(cell) for cell in row[: self._labels] if _words(cell)))
        named = []
        for first, last in columns:
            words = _words(row[first])
            if first < self._labels:
                # A label is written before each value that it names.
                named.append(("", ""))
            else:
                name = self._name(first, last)
                named.append((" ".join(filter(None, (label, name))), words))
        text, places = row_text(named)
        if not text:
            text, places = row_text(("", label if first == 0 else "") for first, _ in columns)
        start = self._builder.add("row", text)
        if start < 0:
            return
        self._start = start if self._start < 0 else self._start
        self._end = self._builder.length
        for (first, last), (begin, end) in zip(columns, places, strict=True):
            if begin >= 0 and len(self._cells) < self._room:
                self._cells.append(TableCell(start + begin, start + end, self._row_count, first, last - first))
        self._row_count += 1

    def _name(self, first: int, last: int) -> str:
        """Return the names above some columns, outermost first and each once."""
        above = (texts[column] for texts in self._naming_rows for column in range(first, min(last, len(texts))))
        return " ".join(dict.fromkeys(filter(None, above)))


def _words(cell: Cell) -> str:
    """Return the words of a cell on one line."""
    return " ".join(cell.text.split())
