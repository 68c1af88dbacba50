"""Find the columns of a table by where its pieces stand.

Owns: the extents of columns, and which columns a piece stands in. Knows nothing about names. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.load.pdf.types import Piece

# More columns than this are no table.
_MOST_COLUMNS = 24
# Columns that no row has both of are one where they are nearer than this, in heights of a line.
_NEAR = 0.9

# Where a column begins and ends from the left, in points.
Extent = tuple[float, float]


def column_extents(rows: Sequence[Sequence[Piece]]) -> list[Extent]:
    """Return the extent of each column.

    Pieces that overlap from the left are of one column, the narrowest first. A piece over two columns that another
    row has both of spans them.

    Args:
        rows: The pieces of each row.

    Returns:
        Extents from the left, in points; none for more columns than a table has.
    """
    items = sorted(
        (piece.box[2] - piece.box[0], piece.box[0], piece.box[2], number)
        for number, row in enumerate(rows)
        for piece in row
    )
    columns: list[tuple[float, float, set[int]]] = []
    for _, x0, x1, number in items:
        touched = [at for at, column in enumerate(columns) if column[0] < x1 and x0 < column[1]]
        if len(touched) == 1:
            start, end, rows_of_column = columns[touched[0]]
            rows_of_column.add(number)
            columns[touched[0]] = (min(x0, start), max(x1, end), rows_of_column)
        elif not touched:
            columns.append((x0, x1, {number}))
            if len(columns) > 2 * _MOST_COLUMNS:
                return []
        elif _are_apart(merged := [columns[at] for at in touched]):
            columns = [column for at, column in enumerate(columns) if at not in touched]
            columns.append(
                (
                    min(x0, *(column[0] for column in merged)),
                    max(x1, *(column[1] for column in merged)),
                    {number}.union(*(column[2] for column in merged)),
                )
            )
    height = max((piece.height for row in rows for piece in row), default=0.0)
    columns = _near_joined(sorted(columns, key=lambda column: column[0]), _NEAR * height)
    return [(x0, x1) for x0, x1, _ in columns] if len(columns) <= _MOST_COLUMNS else []


def spanned_columns(piece: Piece, columns: Sequence[Extent]) -> tuple[int, int]:
    """Return which columns a piece stands in.

    Args:
        piece: A piece.
        columns: The extents of the columns, at least one.

    Returns:
        The number of the first column and how many it spans; the nearest column for a piece between two.
    """
    x0, _, x1, _ = piece.box
    touched = [number for number, column in enumerate(columns) if column[0] < x1 and x0 < column[1]]
    if touched:
        return touched[0], touched[-1] - touched[0] + 1

    def distance(number: int) -> float:
        return max(columns[number][0] - x1, x0 - columns[number][1])

    return min(range(len(columns)), key=distance), 1


def _are_apart(columns: Sequence[tuple[float, float, set[int]]]) -> bool:
    """Tell whether no row has pieces in two of some columns."""
    return sum(len(column[2]) for column in columns) == len(set().union(*(column[2] for column in columns)))


def _near_joined(columns: list[tuple[float, float, set[int]]], near: float) -> list[tuple[float, float, set[int]]]:
    joined: list[tuple[float, float, set[int]]] = []
    for column in columns:
        before = joined[-1] if joined else None
        if (
            before is not None
            and (column[0] < before[1] or (column[0] - before[1] < near))
            and _are_apart((before, column))
        ):
            joined[-1] = (before[0], max(before[1], column[1]), before[2] | column[2])
        else:
            joined.append(column)
    return joined
