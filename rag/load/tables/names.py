"""Tell which rows name the columns of a table, and which columns name its rows.

Owns: what a name looks like beside a value. Knows nothing about formats or how a row is written. Pure.

Names that the format marks always count. Without marks a table has none where its first row repeats the value pattern
of the rows below: "Alice, Berlin, engineer" above "Bob, Paris, baker", decimals above decimals. Words above figures are
names, and so are figures above values of another kind: "30, 60, 90" above "2.1, 2.4, 2.9", and years. Where it could be
either, a sheet has names; any other table of two columns is label: value, a wider one has names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.load.tables.evidence import Verdict, is_units_row, weigh
from rag.load.tables.grid import Cell, words_of
from rag.load.tables.kinds import NUMBERS, VALUES, WORDS, Kind, kind_of

# A row of names fills at least this share of the columns; one that fills less says something of the whole table.
_FULL_ROW = 0.6
# What one name alone may group without a span: a year above "Plan" and "Actual".
_TIMES: frozenset[Kind] = frozenset({"year", "period", "code"})
# Rows of names, at most.
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the names of a table stand.

    Attributes:
        notes: How many rows from the top say something of the whole table: its title, a note.
        names: How many rows below those name the columns.
        labels: How many columns from the left hold the names of what stands beside them.
        more_labels: Further columns that do, as in a form: label, value, label, value.
    """

    notes: int = 0
    names: int = 0
    labels: int = 0
    more_labels: tuple[int, ...] = ()


def find_names(rows: Sequence[Sequence[Cell]], *, is_sheet: bool = False) -> Layout:
    """Return where the names of a table stand.

    Args:
        rows: Its first rows, laid out, without those that are empty.
        is_sheet: Whether it is a sheet or a CSV, whose first row names the columns where it could be either.

    Returns:
        The layout; all zeros for a table without names.
    """
    view = _View(rows)
    if not view.texts:
        return Layout()
    notes = view.count_notes()
    if marked := view.count_marked_names(notes):
        return Layout(notes, view.end_of_names(notes, notes + marked) - notes)
    if len(view.columns) < 2:
        return Layout()
    if form := view.form_columns(notes):
        return Layout(notes, 0, form[0] + 1, form[1:])
    labels = view.columns[0] + 1 if len(view.columns) == 2 else 0
    if marked_labels := view.count_marked_labels(notes):
        if len(view.columns) == 2 or view.verdict(notes) != "names":
            return Layout(notes, 0, marked_labels)
    elif labels and view.labels_end_with_colon(notes):
        return Layout(notes, 0, labels)
    first = view.first_row_of_names(notes)
    verdict = view.verdict(first)
    if verdict == "names" or (verdict == "either" and (is_sheet or not labels)):
        above = view.first_group_row(notes, first)
        return Layout(above, view.end_of_names(above, first + 1) - above)
    return Layout(notes, 0, labels)


def known_names(rows: Sequence[Sequence[Cell]], told: Layout, names: int | None, labels: int | None) -> Layout:
    """Return where the names stand, where the format knows it.

    Args:
        rows: The first rows of the table, laid out, without those that are empty.
        told: What ``find_names`` returns for them.
        names: How many rows from the top name the columns; None where the format does not know.
        labels: How many columns from the left name the rows; None where the format does not know.

    Returns:
        The layout. Rows of names in one cell are notes, and a row of units below the names belongs to them.
    """
    layout = told
    view = _View(rows)
    if names:
        notes = min(view.count_notes(), names - 1)
        layout = Layout(notes, view.end_of_names(notes, min(names, len(rows))) - notes)
    elif names == 0 and told.names:
        layout = Layout(0, 0, view.columns[0] + 1 if len(view.columns) == 2 else 0)
    is_form = bool(labels and told.more_labels and not layout.names)
    if labels is not None and not is_form:
        layout = Layout(layout.notes, layout.names, labels)
    return layout


class _View:
    """The first rows of a table, as texts, and what can be told of each."""

    def __init__(self, rows: Sequence[Sequence[Cell]]) -> None:
        self.cells = rows
        self.texts = [[words_of(cell) for cell in row] for row in rows]
        self.columns = sorted({at for row in self.texts for at, words in enumerate(row) if words})

    def filled(self, number: int) -> list[int]:
        """Return the columns in which a cell with words begins."""
        row, texts = self.cells[number], self.texts[number]
        return [at for at, words in enumerate(texts) if words and not (at and row[at] is row[at - 1])]

    def count_notes(self) -> int:
        """Return how many rows from the top say something of the whole table, each in one cell."""
        last = len(self.texts) - 1
        return next((at for at in range(last) if not self._is_title(at)), last if last > 0 else 0)

    def _is_title(self, number: int) -> bool:
        """Tell whether a row has one cell only, at the left or over the whole width."""
        begins = self.filled(number)
        if len(begins) != 1 or len(self.columns) < 2:
            return False
        width = sum(cell is self.cells[number][begins[0]] for cell in self.cells[number])
        if width > 1:
            return width >= max(map(len, self.cells))
        return begins[0] == self.columns[0] or len(self.columns) > 2

    def count_marked_names(self, start: int) -> int:
        """Return how many rows, from one on, have only cells that are marked as names.

        A cell over the whole width below a row of names is the label of a section.
        """
        count = 0
        while start + count < len(self.texts) and self._is_marked(start + count):
            if count and self._is_title(start + count):
                break
            count += 1
        # A table all of whose cells are marked marks none.
        return count if start + count < len(self.texts) or len(self.texts) == 1 else 0

    def _is_marked(self, number: int) -> bool:
        return all(self.cells[number][at].is_name for at in self.filled(number))

    def count_marked_labels(self, start: int) -> int:
        """Return how many columns from the left are marked as names in most rows."""
        rows = range(start, len(self.texts))
        labels = 0
        for column in self.columns[:-1]:
            marked = sum(len(self.cells[at]) > column and bool(self.cells[at][column].is_name) for at in rows)
            if 2 * marked <= len(rows):
                break
            labels = column + 1
        return labels

    def form_columns(self, start: int) -> tuple[int, ...]:
        """Return the columns of labels where a table has several of them, each with values on its right; else none."""
        rows = [at for at in range(start, len(self.texts)) if len(self.filled(at)) > 1]
        columns = [at for at in self.columns if sum(self._is_label(number, at) for number in rows) * 2 > len(rows)]
        is_form = len(columns) > 1 and columns[0] == self.columns[0] and columns[-1] != self.columns[-1]
        if is_form and all(b - a > 1 for a, b in pairwise(columns)):
            return tuple(columns)
        return tuple(self.columns[::2]) if self._alternates(start) else ()

    def _alternates(self, start: int) -> bool:
        """Tell whether every second column holds words, and the others, from the first row on, values of all kinds."""
        if len(self.columns) < 4 or len(self.columns) % 2 or len(self.texts) - start < 2:
            return False
        kinds = [[kind_of(self._text(at, column)) for at in range(start, len(self.texts))] for column in self.columns]
        are_labels = all(kind in WORDS or not kind for column in kinds[::2] for kind in column)
        figures = [set(filter(None, column)) for column in kinds[1::2] if not set(column) <= WORDS]
        begins_with_figure = any(column[0] in VALUES - {"code", "year", "period"} for column in kinds[1::2])
        return are_labels and begins_with_figure and all(len(column) > 1 for column in figures)

    def _is_label(self, number: int, column: int) -> bool:
        """Tell whether a cell is marked as a name, or ends with a colon; an empty one may be a label, too."""
        if column >= len(self.texts[number]):
            return False
        return bool(self.cells[number][column].is_name) or self.texts[number][column].endswith((":", "："))

    def labels_end_with_colon(self, start: int) -> bool:
        """Tell whether most cells of the first column end with a colon."""
        first = self.columns[0]
        labels = [words for row in self.texts[start:] if len(row) > first and (words := row[first])]
        return 2 * sum(words.endswith((":", "：")) for words in labels) > len(labels)

    def first_row_of_names(self, start: int) -> int:
        """Return the first row that is as wide as the table: what is above it is a note, or groups the names."""
        widest = max(len(self.filled(at)) for at in range(start, len(self.texts)))
        for at in range(start, len(self.texts) - 1):
            is_group = at + 1 < len(self.texts) and self._groups(at, at + 1)
            if len(self.filled(at)) >= max(2, _FULL_ROW * widest) and not is_group:
                return at
        return start

    def first_group_row(self, start: int, first: int) -> int:
        """Return the first row, from one on, of those right above the row of names that group its names."""
        above = first
        while above > start and self._groups(above - 1, above):
            above -= 1
        return above

    def _groups(self, number: int, below: int) -> bool:
        """Tell whether the cells of a row stand each above several names of the row below it."""
        row, begins = self.cells[number], self.filled(number)
        kinds = {kind_of(self.texts[number][at]) for at in begins}
        if not begins or kinds & NUMBERS or "long" in kinds or self._has_values(below) or self._is_title(number):
            return False
        width = min(len(row), len(self.cells[below]))
        spans = any(row[at] is row[at - 1] and self.texts[number][at] for at in range(1, width))
        if spans or len(begins) < 2:
            return spans
        # Without spans, each stands at the left of the names that it groups, and names nothing by itself. One of a
        # column that no group holds, as that of the rows at the corner, stands in the upper row alone.
        groups = [at for at in begins if self._text(below, at)]
        before_gaps = [at for at in groups if not self._text(number, at + 1) and self._text(below, at + 1)]
        alone = [at for at in begins if not self._text(below, at)]
        if any(self._text(below, at + 1) and not self._text(number, at + 1) for at in alone):
            return False
        is_time = all(kind_of(self._text(number, at)) in _TIMES for at in before_gaps)
        has_corner = alone[:1] == self.columns[:1]
        return len(before_gaps) > 1 or (bool(before_gaps) and before_gaps == groups and has_corner and is_time)

    def _text(self, number: int, column: int) -> str:
        return self.texts[number][column] if column < len(self.texts[number]) else ""

    def _has_values(self, number: int) -> bool:
        return any(kind_of(self.texts[number][at]) in {*NUMBERS, "long", "date"} for at in self.filled(number))

    def end_of_names(self, start: int, end: int) -> int:
        """Return the end of the rows of names: further ones stand below spans, and units below names."""
        limit = min(len(self.texts) - 1, start + _MOST_NAMES)
        while end < limit and self._groups(end - 1, end) and self.verdict(end) != "values":
            end += 1
        if end < limit and is_units_row(self.texts[end], self.texts[end + 1 :]):
            end += 1
        return end

    def verdict(self, number: int) -> Verdict:
        """Return whether a row holds names or values, by the rows below it; a long table says its names again."""
        texts = self.texts[number]
        below = [row for row in self.texts[number + 1 :] if len(row) > 1 and row != texts]
        return weigh(texts, below, len(self.columns))
