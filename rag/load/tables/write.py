"""Write the rows of a table as blocks of a document, and keep the record of its cells.

Owns: how a row reads. Knows nothing about formats, or about how names are told from values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from rag.load.builder import Builder
from rag.load.tables.areas import PlacedRow
from rag.load.tables.grid import EMPTY, Cell, words_of
from rag.load.tables.heading import Heading
from rag.load.tables.kinds import LONGEST_NAME, NUMBERS, WORDS, kind_of
from rag.load.tables.names import Layout, find_names, known_names
from rag.load.tables.signs import Columns, sign_columns
from rag.types import Table, TableCell

# The names of the columns are looked for in so many rows.
_FIRST_ROWS = 20
# Cells of a document whose places are kept. The rows of larger tables are cited whole.
_MOST_CELLS = 200_000
# The characters of what is embedded with each row: the label of its section and the caption.
_LONGEST_HEADER = 160
# A longer cell, in characters, is said once and not in each row that it spans.
_LONGEST_REPEATED = 200

Row = Sequence[Cell]


def add_table(
    builder: Builder,
    rows: Iterable[Row],
    caption: str = "",
    *,
    names: int | None = None,
    labels: int | None = None,
    is_sheet: bool = False,
    places: Mapping[int, int] | None = None,
) -> None:
    """Append a table, a block a row. Rows stream: only the first few are held.

    Rows above the names of the columns (a table's own title, a note) become paragraphs. With the caption and the label
    of its section, a row that spans the table, they are the ``header`` of each row below.

    Args:
        builder: What the rows are appended to.
        rows: The rows, laid out: each column has its cell. Rows without words are left out.
        caption: What is said of the whole table; it is recorded, not appended.
        names: How many rows from the top are known to name the columns; None where that is to be told.
        labels: How many columns from the left are known to name the rows; None where that is to be told. Where rows
            name the columns as well, both stand before a value: "Coast line Summer: 18".
        is_sheet: Whether it is a sheet or a CSV, whose first row names the columns where it could be either.
        places: The place in the rows of each column of a sheet, whose rows are ``PlacedRow``.
    """
    stream: Iterator[Row] = (row for row in rows if any(cell.text.strip() for cell in row))
    first_rows = list(islice(stream, _FIRST_ROWS))
    if columns := sign_columns(first_rows, keep_empty=is_sheet):
        join = _keeping_place(columns.row)
        first_rows = list(map(join, first_rows))
        stream = map(join, stream)
        labels = columns.count(labels)
    layout = find_names(first_rows, is_sheet=is_sheet)
    if names is not None or labels is not None:
        layout = known_names(first_rows, layout, names, labels)
    notes = [_note(row) for row in first_rows[: layout.notes]]
    for note in notes:
        builder.add("paragraph", note)
    caption = "; ".join(filter(None, (" ".join(caption.split()), *notes)))
    below = layout.notes + layout.names
    width = max(map(len, first_rows), default=0)
    writer = _Writer(builder, first_rows[layout.notes : below], layout, caption, width)
    writer.has_groups = _has_groups(first_rows[below:], width)
    if places is not None:
        writer.sheet_columns = lambda: _sheet_columns(places, columns)
    writer.write(chain(first_rows[below:], stream))


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

    def __init__(self, builder: Builder, naming_rows: list[Row], layout: Layout, caption: str, width: int) -> None:
        self._builder = builder
        self._layout = layout
        self._caption = caption
        self._width = width
        # Whether words alone in the first column group the rows below them.
        self.has_groups = False
        # The column of the sheet that each column is; asked for once its rows were read.
        self.sheet_columns: Callable[[], tuple[int, ...]] = tuple
        self._room = _MOST_CELLS - sum(len(table.cells) for table in builder.tables)
        self._begin(naming_rows)

    def _begin(self, naming_rows: list[Row]) -> None:
        self._naming_rows = naming_rows
        self._heading = Heading(naming_rows)
        self._has_marks = bool(naming_rows) and _is_marked(naming_rows[0])
        self._cells: list[TableCell] = []
        self._row_count = 0
        self._said: set[int] = set()
        self._start = self._end = -1
        # The rows of the sheet that the blocks were read from, and the one that is being written.
        self._rows: list[tuple[int, int]] = []
        self._number = 0
        self._header = _header("", self._caption)
        self._above: Row = ()

    def write(self, rows: Iterable[Row]) -> None:
        self._say_long_names()
        for row in rows:
            if self._heading.repeats(row) or not _says_more(row, self._above):
                continue
            columns = _columns(row)
            self._number = row.number + 1 if isinstance(row, PlacedRow) else 0
            if len(columns) > 1:
                if self._has_marks and _is_marked(row):
                    self._name_again(row)
                else:
                    self._add_row(row, columns)
            else:
                self._add_single(row, columns[0])
            self._above = row
        self._finish()

    def _name_again(self, row: Row) -> None:
        """Take a row for names of the columns below it, in place of the names so far or below them."""
        if self._row_count:
            self._finish()
            self._room -= len(self._cells)
            self._begin([row])
        else:
            self._begin([*self._naming_rows, row])
        self._say_long_names()

    def _say_long_names(self) -> None:
        if self._heading.is_cut:
            for line in self._heading.lines:
                self._add(line)

    def _finish(self) -> None:
        """Record the table."""
        self._number = 0
        if not self._heading.is_cut:
            # Without a row below, the names are all that the table says; a name without a value is said, too.
            for line in self._heading.lines_without(self._said) if self._row_count else self._heading.lines:
                self._add(line)
        if self._row_count:
            self._builder.tables.append(
                Table(
                    self._start,
                    self._end,
                    self._heading.rows,
                    tuple(self._cells),
                    self._layout.labels,
                    self._caption,
                    *((tuple(self._rows), self.sheet_columns()) if any(first for first, _ in self._rows) else ()),
                )
            )

    def _add_single(self, row: Row, column: tuple[int, int]) -> None:
        """Append a row of one cell: a note, a label of the rows below, or a value."""
        first, last = column
        words = words_of(row[first])
        has_names = bool(self._heading.rows)
        is_label_long = len(words) > LONGEST_NAME
        is_label = first == 0 and not is_label_long and (row[first].is_name or words.endswith((":", "：")))
        if self._width > 1 and has_names and self._row_count and first == 0 and kind_of(words) == "long":
            # A sentence in the first column, below rows, says something of the table.
            self._add(words)
        elif (self._width > 1 and last - first >= self._width) or (self._width > 2 and is_label):
            self._open_section(words)
        else:
            is_named = bool(self._heading.name(0, 1)) and not self.has_groups
            # In a column without a name, or above rows that it groups, it is said of the rows below as well.
            is_group = self._width > 2 and first == 0 and has_names and not is_label_long and not is_named
            self._header = _header("", self._caption) if is_group else self._header
            self._add_row(row, [column])
            if is_group:
                self._header = _header(words, self._caption)

    def _open_section(self, label: str) -> None:
        """Append the label of the rows below."""
        self._header = _header(label, self._caption)
        self._add(label)

    def _add_row(self, row: Row, columns: list[tuple[int, int]]) -> None:
        """Append a row; a cell that spans columns is said once, with the names of all of them."""
        if not self._layout.labels:
            self._add_named(row, columns)
            return
        begins = (0, *self._layout.more_labels)
        for begin, end in zip(begins, (*begins[1:], len(row)), strict=True):
            labels = self._layout.labels if begin == 0 else 1
            self._add_labelled(row, begin, begin + labels, max(end, begin))

    def _add_named(self, row: Row, columns: Sequence[tuple[int, int]], left: int = 0) -> None:
        """Append cells behind the names of their columns; ``left`` is the column that counts as the first."""
        words = [self._words(row, first) for first, _ in columns]
        names = [self._heading.name(*column) for column in columns]
        if self._begins_with_sum(columns, words):
            names[0] = ""
        text, places = row_text(zip(names, words, strict=True))
        self._say(column for column, cell in zip(columns, words, strict=True) if cell)
        self._record(self._add(text), columns, places, left)

    def _begins_with_sum(self, columns: Sequence[tuple[int, int]], words: Sequence[str]) -> bool:
        """Tell whether the first cell says what the numbers beside it are: "Total" below several names, of none."""
        first, last = columns[0] if columns else (0, 0)
        is_wide = first == 0 and last > 1 and self._heading.name(0, 1) != self._heading.name(0, last)
        are_numbers = len(words) > 1 and all(kind_of(cell) in NUMBERS for cell in words[1:])
        return is_wide and are_numbers and kind_of(words[0]) in WORDS and self._said.issuperset(range(last))

    def _say(self, columns: Iterable[tuple[int, int]]) -> None:
        """Note that the names of some columns were said."""
        for first, last in columns:
            self._said.update(range(first, last))

    def _add_labelled(self, row: Row, begin: int, values: int, end: int) -> None:
        """Append the cells of a row from one column to before another; those before ``values`` name the others."""
        columns = [column for column in _columns(row, begin, end) if self._words(row, column[0])]
        labels = [column for column in columns if column[0] < values]
        others = columns[len(labels) :]
        label_words = [_label(self._words(row, first)) for first, _ in labels]
        label = " ".join(label_words)
        if not labels or not others or len(label) > LONGEST_NAME:
            self._add_named(row, columns, begin)
            return
        self._say(others)
        names = [f"{label} {self._heading.name(*column)}".rstrip() for column in others]
        text, places = row_text((name, self._words(row, first)) for name, (first, _) in zip(names, others, strict=True))
        label_places = []
        at = 0
        for words in label_words:
            label_places.append((at, at + len(words)))
            at += len(words) + 1
        if not text.startswith(f"{names[0]}: "):
            labels, label_places = [], []
        self._record(self._add(text), [*labels, *others], [*label_places, *places], begin)

    def _words(self, row: Row, column: int) -> str:
        """Return the words of a cell; long ones are said in the first of the rows that they span."""
        cell = row[column]
        is_repeated = len(cell.text) > _LONGEST_REPEATED and column < len(self._above) and self._above[column] is cell
        return "" if is_repeated else words_of(cell)

    def _add(self, text: str) -> int:
        """Append a block of the table and return where it begins; -1 where it was left out."""
        start = self._builder.add("row", text, header=self._header if self._header != text else "")
        if start >= 0:
            self._start = start if self._start < 0 else self._start
            self._end = self._builder.length
            first, count = self._rows[-1] if self._rows else (-1, 0)
            if self._number == (first + count if first > 0 else first):
                self._rows[-1] = (first, count + 1)
            else:
                self._rows.append((self._number, 1))
        return start

    def _record(
        self, start: int, columns: Sequence[tuple[int, int]], places: Sequence[tuple[int, int]], left: int = 0
    ) -> None:
        """Record the cells of a row.

        Args:
            start: Where the row begins in the document's text.
            columns: The first column of each cell and the one behind its last.
            places: Where the words of each stand in the row.
            left: The column that counts as the first: each part of a form is a row of its own.
        """
        if start < 0:
            return
        for (first, last), (begin, end) in zip(columns, places, strict=True):
            if begin >= 0 and len(self._cells) < self._room:
                self._cells.append(TableCell(start + begin, start + end, self._row_count, first - left, last - first))
        self._row_count += 1


def _keeping_place(change: Callable[[Row], Row]) -> Callable[[Row], Row]:
    """Return a change of rows after which each is where it was in its sheet."""
    return lambda row: PlacedRow(change(row), row.number) if isinstance(row, PlacedRow) else change(row)


def _sheet_columns(places: Mapping[int, int], joined: Columns | None) -> tuple[int, ...]:
    """Return the column of the sheet that each column is: of joined ones that with the numbers."""
    columns = sorted(places, key=places.__getitem__)
    return tuple(columns[main] for _, main in joined.groups) if joined else tuple(columns)


def _columns(row: Row, begin: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the first column of each cell with words, and the one behind its last."""
    columns: list[tuple[int, int]] = []
    for column in range(begin, len(row) if end is None else end):
        cell = row[column]
        if cell is EMPTY or not cell.text.strip():
            continue
        if columns and columns[-1][1] == column and row[column - 1] is cell:
            columns[-1] = (columns[-1][0], column + 1)
        else:
            columns.append((column, column + 1))
    return columns


def _has_groups(rows: Sequence[Row], width: int) -> bool:
    """Tell whether words alone in the first column group the rows below: "Adults" above "Day" and "Year".

    Where they do not, they are rows whose values are missing.

    Args:
        rows: The first rows below the names.
        width: The number of columns.

    Returns:
        Whether the first row has such words and values follow, or the rows below two of them are named alike.
    """
    if width < 3:
        return False
    columns = [_columns(row) for row in rows]
    alone = [at for at, filled in enumerate(columns) if filled == [(0, 1)]]
    others = [words_of(rows[at][0]) for at, filled in enumerate(columns) if len(filled) > 1 and filled[0][0] == 0]
    begins_with_group = alone[:1] == [0] and len(columns) > 2 and len(columns[1]) > 1 and len(columns[2]) > 1
    return bool(alone) and (begins_with_group or (len(alone) > 1 and len(set(others)) < len(others)))


def _says_more(row: Row, above: Row) -> bool:
    """Tell whether a row has words that do not stand in the row above as well, in a cell that spans both."""
    return any(cell.text.strip() and (at >= len(above) or above[at] is not cell) for at, cell in enumerate(row))


def _is_marked(row: Row) -> bool:
    return all(cell.is_name for cell in row if cell.text.strip())


def _label(words: str) -> str:
    return words.rstrip(" :：") or words


def _note(row: Row) -> str:
    """Return a row above the names as a line; of two cells the first is the label."""
    words = list(dict.fromkeys(filter(None, map(words_of, row))))
    return f"{_label(words[0])}: {words[1]}" if len(words) == 2 else "; ".join(words)


def _header(section: str, caption: str) -> str:
    """Return what is embedded with each row: the label of its section and as much of the caption as fits."""
    header = " | ".join(filter(None, (_label(section) if section else "", caption)))
    if len(header) <= _LONGEST_HEADER:
        return header
    return header[:_LONGEST_HEADER].rsplit(" ", 1)[0].rstrip()
