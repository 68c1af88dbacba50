"""Join columns that hold only the signs of numbers to the numbers, and leave out those in which no cell begins.

Owns: "$ | 1,234" and "(234 | )" as one cell, as accountants set them. Knows nothing about what names what. Pure.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.load.tables.grid import EMPTY, Cell, words_of

# Signs of the number on their right, and of the number on their left.
_BEFORE = frozenset("$ € £ ¥ ₹ ( ($ (€ (£ US$ C$ A$ HK$ R$".split())
_BEHIND = frozenset(") % ‰ )% %) € £".split())
_SIGNS = _BEFORE | _BEHIND
_BEGINS_NUMBERS = "0123456789.(-−–—$€£¥+<>≤≥~"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table become one.

    Attributes:
        groups: The columns of each, and the one among them that holds the numbers.
    """

    groups: tuple[tuple[tuple[int, ...], int], ...]

    def row(self, cells: Sequence[Cell]) -> tuple[Cell, ...]:
        """Return a row with a cell for each group; what has no place in them comes behind the others."""
        row: list[Cell] = []
        said: set[int] = set()
        for group, main in self.groups:
            parts = list(_parts(cells, group, main))
            said.update(map(id, parts))
            row.append(_joined(parts, cells[main] if main < len(cells) else EMPTY))
        row += [cell for cell in cells if cell.text.strip() and id(cell) not in said]
        return tuple(row)

    def count(self, columns: int | None) -> int | None:
        """Return how many of the groups lie in so many columns from the left."""
        return None if columns is None else sum(main < columns for _, main in self.groups)


def sign_columns(rows: Sequence[Sequence[Cell]], *, keep_empty: bool = False) -> Columns | None:
    """Return how the columns of a table are joined.

    Args:
        rows: Its first rows, laid out.
        keep_empty: Whether columns without words stay where none holds signs.

    Returns:
        The groups of columns; None where all stay as they are.
    """
    width = max(map(len, rows), default=0)
    begun = [at for at in range(width) if any(_begins(row, at) for row in rows)]
    signs = _directions(rows, begun)
    if not signs and (keep_empty or len(begun) == width):
        return None
    groups: list[tuple[tuple[int, ...], int]] = []
    before: tuple[int, ...] = ()
    for at in begun:
        if signs.get(at) == 1:
            before += (at,)
        elif at in signs:
            groups[-1] = ((*groups[-1][0], at), groups[-1][1])
        else:
            groups.append(((*before, at), at))
            before = ()
    return Columns(tuple(groups))


def _directions(rows: Sequence[Sequence[Cell]], begun: Sequence[int]) -> Mapping[int, int]:
    """Return the columns that hold only signs: 1 where the numbers stand on their right, -1 on their left."""
    candidates = {at: words for at in begun if (words := _signs_in(rows, at)) and words <= _SIGNS}
    others = [at for at in begun if at not in candidates]
    directions: dict[int, int] = {}
    # On which side signs that may stand on either one stand: all on the same.
    either = 0
    for at, words in candidates.items():
        place = bisect(others, at)
        left, right = (others[place - 1] if place else -1), (others[place] if place < len(others) else -1)
        is_before = words <= _BEFORE and right >= 0 and _stands_beside_numbers(rows, at, right)
        is_behind = words <= _BEHIND and left >= 0 and _stands_beside_numbers(rows, at, left)
        if is_before and is_behind:
            either = either or -1
            directions[at] = either
        elif is_before or is_behind:
            directions[at] = 1 if is_before else -1
            either = either or (directions[at] if words <= _BEFORE & _BEHIND else 0)
    return directions


def _signs_in(rows: Sequence[Sequence[Cell]], at: int) -> set[str]:
    """Return the words of one column; a wider cell that begins in it does not count."""
    return {words_of(row[at]) for row in rows if _begins(row, at) and not _goes_on(row, at)}


def _stands_beside_numbers(rows: Sequence[Sequence[Cell]], at: int, beside: int) -> bool:
    signed = [row for row in rows if _begins(row, at) and not _goes_on(row, at)]
    numbers = [words_of(row[beside]) for row in signed if len(row) > beside]
    return len(numbers) == len(signed) and all(words[:1] in _BEGINS_NUMBERS and words for words in numbers)


def _begins(row: Sequence[Cell], at: int) -> bool:
    return at < len(row) and bool(row[at].text.strip()) and not (at and row[at - 1] is row[at])


def _goes_on(row: Sequence[Cell], at: int) -> bool:
    return at + 1 < len(row) and row[at + 1] is row[at]


def _parts(cells: Sequence[Cell], group: Sequence[int], main: int) -> Iterator[Cell]:
    """Yield the cells of some columns that become one: the number and its signs, or the only one with words."""
    filled = [cells[at] for at in group if at < len(cells) and cells[at].text.strip()]
    number = cells[main] if main < len(cells) else EMPTY
    if not number.text.strip():
        yield from filled[:1]
        return
    last = EMPTY
    for cell in filled:
        if cell is not last and (cell is number or words_of(cell) in _SIGNS):
            yield cell
        last = cell


def _joined(parts: Sequence[Cell], number: Cell) -> Cell:
    if len(parts) < 2:
        return parts[0] if parts else number
    return Cell("".join(map(words_of, parts)), number.columns, number.rows, number.is_name)
