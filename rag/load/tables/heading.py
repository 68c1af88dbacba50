"""Make the names of the columns from the rows that name them.

Owns: a name that stands above several columns, and names that occur twice. Knows nothing about which rows name. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from rag.load.tables.grid import EMPTY, Cell, words_of
from rag.load.tables.kinds import LONGEST_NAME

# Behind a name that was cut off: it stands before each value.
_CUT = "…"


class Heading:
    """The rows of names above the columns of a table.

    Attributes:
        rows: The words of each row of names, all as wide as the widest; a name over several columns is repeated.
    """

    def __init__(self, naming_rows: Sequence[Sequence[Cell]]) -> None:
        """Make the names.

        Args:
            naming_rows: The rows, from the top.
        """
        self._as_written = [tuple(map(words_of, row)) for row in naming_rows]
        self.rows = column_names(naming_rows)
        self._first_words = set(map(_first_words, naming_rows))
        self._joined: dict[tuple[int, int], str] = {}

    @property
    def lines(self) -> list[str]:
        """The words of each row of names on one line, each name once."""
        return ["; ".join(dict.fromkeys(filter(None, texts))) for texts in self._as_written]

    def lines_without(self, said: AbstractSet[int]) -> list[str]:
        """Return on one line the names that stand above none of the columns whose names were said."""
        others = {row[at] for row in self.rows for at in said if at < len(row)}
        names = dict.fromkeys(words for row in self.rows for words in row if words and words not in others)
        return ["; ".join(names)] if names else []

    @property
    def is_cut(self) -> bool:
        """Whether names are too long to be said of each value."""
        return any(len(words) > LONGEST_NAME for texts in self._as_written for words in texts)

    def repeats(self, row: Sequence[Cell]) -> bool:
        """Tell whether a row says the names again, as a long table does on each page."""
        return _first_words(row) in self._first_words and tuple(map(words_of, row)) in self._as_written

    def name(self, first: int, last: int) -> str:
        """Return the names above some columns.

        Args:
            first: The first column.
            last: The column behind the last one.

        Returns:
            The names, outermost first and each once, parted by spaces.
        """
        if (first, last) not in self._joined:
            above = (texts[column] for texts in self.rows for column in range(first, min(last, len(texts))))
            self._joined[first, last] = " ".join(dict.fromkeys(filter(None, above)))
        return self._joined[first, last]


def column_names(naming_rows: Sequence[Sequence[Cell]]) -> tuple[tuple[str, ...], ...]:
    """Return the words of each row of names.

    Args:
        naming_rows: The rows, from the top.

    Returns:
        Rows of equal width. Without spans, a name stands also above the columns on its right that have none and are
        named below. The second column of one name has "(2)" behind it.
    """
    width = max(map(len, naming_rows), default=0)
    rows = [[_short(words_of(cell)) for cell in row] + [""] * (width - len(row)) for row in naming_rows]
    for number in range(len(rows) - 1):
        cells = naming_rows[number]
        has_spans = any(cells[at] is cells[at - 1] and cells[at].text for at in range(1, len(cells)))
        if not has_spans and (not any(cell.is_name for cell in cells) or _groups_all(rows[number], rows[number + 1])):
            _fill(rows[number], rows[number + 1])
    _tell_apart(rows, naming_rows)
    return tuple(map(tuple, rows))


def _first_words(row: Sequence[Cell]) -> str:
    return next((words_of(cell) for cell in row if cell is not EMPTY), "")


def _groups_all(row: Sequence[str], below: Sequence[str]) -> bool:
    """Tell whether a row has several names above others, each with a column on its right that only those name."""
    above = [at for at, words in enumerate(row) if words and below[at]]
    has_gap = [at + 1 < len(row) and not row[at + 1] and bool(below[at + 1]) for at in above]
    return len(above) > 1 and all(has_gap)


def _fill(row: list[str], below: Sequence[str]) -> None:
    """Say each name of a row also of the columns on its right that it groups.

    The last group ends where the ones before do, when these are all of one size.
    """
    begins = [at for at, words in enumerate(row) if words]
    if len(begins) < 2:
        return
    sizes = {after - before for before, after in pairwise(begins[1:])}
    longest = sizes.pop() if len(sizes) == 1 else len(row)
    for begin, end in zip(begins, [*begins[1:], min(len(row), begins[-1] + longest)], strict=True):
        for at in range(begin + 1, end):
            if not below[at]:
                break
            row[at] = row[begin]


def _tell_apart(rows: list[list[str]], naming_rows: Sequence[Sequence[Cell]]) -> None:
    """Put a number behind the name of each column that has the name of one before; a cell over several is one name."""
    seen: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(rows[0]) if rows else 0):
        names = tuple(dict.fromkeys(row[at] for row in rows if row[at]))
        if not names:
            continue
        cell_ids = seen.setdefault(names, [])
        cell_id = next(id(row[at]) for row in reversed(naming_rows) if at < len(row) and words_of(row[at]))
        if cell_id not in cell_ids:
            cell_ids.append(cell_id)
        if (count := cell_ids.index(cell_id)) > 0:
            deepest = next(row for row in reversed(rows) if row[at])
            deepest[at] = f"{deepest[at]} ({count + 1})"


def _short(name: str) -> str:
    """Return a name on its line as it is said of each value: without its colon, and cut where it is too long."""
    name = name.rstrip(" :：") or name
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME].rstrip() + _CUT
