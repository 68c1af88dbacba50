"""Find the tables that are drawn with rulings, and the glyphs that stand in each of their cells.

Owns: how rulings make a grid, and what an absent ruling joins. Knows nothing about PDF files or about words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.load.pdf.tables.pieces import is_figure
from rag.load.pdf.types import Box, Glyph

# Ends of rulings that are this near, in points, meet; parallel ones this near are one.
_NEAR = 2.0
# Caps: a page with more rulings, or a grid with more columns or rows, is a drawing.
_MOST_RULINGS, _MOST_COLUMNS, _MOST_ROWS = 4_000, 60, 400
# A grid with a smaller share of cells with words is a drawing.
_LEAST_FILLED = 0.25
# So is one whose rulings cut more words than this share of its cells with words. Glyphs of one word that stand on both
# sides of a ruling are nearer than this, in heights of them.
_MOST_CUT, _TOUCHING = 0.2, 0.1

Interval = tuple[float, float]


@dataclass(slots=True, eq=False)
class Grid:
    """A table that is drawn with rulings.

    Attributes:
        xs: Where its columns begin, and where the last one ends.
        ys: Where its rows begin, and where the last one ends.
        cells: Its cells: row, column, rows and columns spanned.
        owner: The number of the cell that each place belongs to, by row and column.
        runs: The glyphs of each cell, by the number of the cell.
    """

    xs: list[float]
    ys: list[float]
    cells: list[tuple[int, int, int, int]]
    owner: list[list[int]]
    runs: list[list[list[Glyph]]]

    def cell_at(self, x: float, y: float) -> int:
        """Return the cell that holds a point.

        Args:
            x: Points from the left.
            y: Points from the top.

        Returns:
            The number of the cell, or -1 for a point outside.
        """
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        is_inside = 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1
        return self.owner[row][column] if is_inside else -1


def find_grids(rulings: Sequence[Box]) -> list[Grid]:
    """Return the grids of at least two columns and two rows that rulings make, from the top.

    Args:
        rulings: Thin boxes, in points from the top left.

    Returns:
        Grids without glyphs.
    """
    if len(rulings) > _MOST_RULINGS:
        return []
    level = _joined(((box[1] + box[3]) / 2, box[0], box[2]) for box in rulings if _is_level(box))
    upright = _joined(((box[0] + box[2]) / 2, box[1], box[3]) for box in rulings if not _is_level(box))
    grids = []
    for across, down in _connected(level, upright):
        grid = _grid(across, down)
        if grid is not None:
            grids.append(grid)
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))


def level_rulings(rulings: Sequence[Box]) -> list[Box]:
    """Return the level lines of a page, those that meet joined; none for a drawing.

    Args:
        rulings: Thin boxes, in points from the top left.

    Returns:
        Boxes of no height.
    """
    if len(rulings) > _MOST_RULINGS:
        return []
    lines = _joined(((box[1] + box[3]) / 2, box[0], box[2]) for box in rulings if _is_level(box))
    return [(x0, y, x1, y) for y, x0, x1 in lines]


def fill_grids(runs: Sequence[Sequence[Glyph]], grids: Sequence[Grid]) -> tuple[list[list[list[Glyph]]], list[Grid]]:
    """Put the glyphs of a page that stand in grids into their cells.

    Args:
        runs: The glyphs of the page.
        grids: Grids without glyphs.

    Returns:
        The runs of the glyphs outside of all grids, and the grids in the order of their first glyph: before the first
        grid, between two of them, and behind the last one. A grid that holds too little is left out, with its glyphs.
    """
    if not grids:
        return [[list(run) for run in runs]], []
    placed = [[_place(glyph, grids) for glyph in run] for run in runs]
    inside: list[dict[int, list[Glyph]]] = [{} for _ in grids]
    for run, places in zip(runs, placed, strict=True):
        for glyph, (grid, cell) in zip(run, places, strict=True):
            if glyph.box and grid >= 0:
                inside[grid].setdefault(cell, []).append(glyph)
    cuts = _cut_words(runs, placed)
    kept = {
        number
        for number, grid in enumerate(grids)
        if _is_filled(grid, inside[number]) and cuts[number] <= _MOST_CUT * len(inside[number])
    }
    outside: list[list[list[Glyph]]] = [[]]
    order: list[int] = []
    for run, places in zip(runs, placed, strict=True):
        last: tuple[int, int] | None = None
        for glyph, place in zip(run, places, strict=True):
            where = place if place[0] in kept else (-1, -1)
            if glyph.box is None and last is not None:
                where = last
            if where[0] >= 0 and where[0] not in order:
                order.append(where[0])
                outside.append([])
            target = grids[where[0]].runs[where[1]] if where[0] >= 0 else outside[-1]
            if where != last or not target:
                target.append([])
            target[-1].append(glyph)
            last = where
    return outside, [grids[number] for number in order]


def _place(glyph: Glyph, grids: Sequence[Grid]) -> tuple[int, int]:
    """Return the number of the grid and of the cell that a glyph stands in; -1 for none."""
    if glyph.box:
        x, y = (glyph.box[0] + glyph.box[2]) / 2, (glyph.box[1] + glyph.box[3]) / 2
        for number, grid in enumerate(grids):
            cell = grid.cell_at(x, y)
            if cell >= 0:
                return number, cell
    return -1, -1


def _cut_words(runs: Sequence[Sequence[Glyph]], placed: Sequence[Sequence[tuple[int, int]]]) -> Counter[int]:
    """Return how often the rulings of each grid run through a word: the boxes of a drawing do, those of a table not.

    Args:
        runs: The glyphs of the page.
        placed: The number of the grid and of the cell of each.
    """
    cuts: Counter[int] = Counter()
    for run, places in zip(runs, placed, strict=True):
        for (before, glyph), ((grid, cell), place) in zip(pairwise(run), pairwise(places), strict=True):
            if grid >= 0 and grid == place[0] and cell != place[1] and _is_of_one_word(before, glyph):
                cuts[grid] += 1
    return cuts


def _is_of_one_word(before: Glyph, glyph: Glyph) -> bool:
    if before.box is None or glyph.box is None or glyph.number != before.number + len(before.character):
        return False
    return abs(glyph.box[0] - before.box[2]) < _TOUCHING * (glyph.box[3] - glyph.box[1])


def _is_filled(grid: Grid, glyphs: dict[int, list[Glyph]]) -> bool:
    """Tell whether a grid holds a table.

    It has words in enough cells, in two of one row at least twice, and its rulings part its rows: no cell has two
    figures, one below the other, and not most rows have equally many lines in all their cells.
    """
    cells_of_row: dict[int, int] = {}
    for number in glyphs:
        row = grid.cells[number][0]
        cells_of_row[row] = cells_of_row.get(row, 0) + 1
    full_rows = sum(count > 1 for count in cells_of_row.values())
    if full_rows < 2 or len(glyphs) < _LEAST_FILLED * len(grid.cells):
        return False
    lines_of_row: dict[int, list[int]] = {}
    for number, inside in glyphs.items():
        lines = _lines(inside)
        if sum(map(is_figure, lines)) > 1:
            return False
        lines_of_row.setdefault(grid.cells[number][0], []).append(len(lines))
    stacked = sum(len(counts) > 1 and min(counts) == max(counts) > 1 for counts in lines_of_row.values())
    return 2 * stacked < full_rows


def _lines(glyphs: Sequence[Glyph]) -> list[str]:
    """Return what stands on each line of a cell."""
    lines: dict[int, list[str]] = {}
    for glyph in glyphs:
        assert glyph.box is not None
        height = max(glyph.box[3] - glyph.box[1], 1.0)
        lines.setdefault(round((glyph.box[1] + glyph.box[3]) / height), []).append(glyph.character)
    return ["".join(line) for line in lines.values()]


def _is_level(box: Box) -> bool:
    return box[2] - box[0] >= box[3] - box[1]


def _joined(lines: Iterable[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Return lines (place, start, end) with those of one place joined where they meet."""
    by_place: list[list[tuple[float, float, float]]] = []
    for line in sorted(lines):
        if by_place and line[0] - by_place[-1][0][0] <= _NEAR:
            by_place[-1].append(line)
        else:
            by_place.append([line])
    joined: list[tuple[float, float, float]] = []
    for group in by_place:
        place = sum(line[0] for line in group) / len(group)
        start, end = float("-inf"), float("-inf")
        for _, line_start, line_end in sorted(group, key=lambda line: line[1]):
            if line_start > end + _NEAR:
                if end > start:
                    joined.append((place, start, end))
                start, end = line_start, line_end
            end = max(end, line_end)
        joined.append((place, start, end))
    return joined


def _connected(
    level: list[tuple[float, float, float]], upright: list[tuple[float, float, float]]
) -> list[tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]]:
    """Return the groups of level and upright lines that cross or meet."""
    parents = list(range(len(level) + len(upright)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    for i, (y, x0, x1) in enumerate(level):
        for j, (x, y0, y1) in enumerate(upright):
            if x0 - _NEAR <= x <= x1 + _NEAR and y0 - _NEAR <= y <= y1 + _NEAR:
                parents[root(i)] = root(len(level) + j)
    groups: dict[int, tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]] = {}
    for number in range(len(parents)):
        across, down = groups.setdefault(root(number), ([], []))
        if number < len(level):
            across.append(level[number])
        else:
            down.append(upright[number - len(level)])
    return list(groups.values())


def _grid(across: list[tuple[float, float, float]], down: list[tuple[float, float, float]]) -> Grid | None:
    """Return the grid of the lines of one table; its outer rulings may be absent."""
    if not across or not down:
        return None
    xs = _distinct([x for x, _, _ in down] + [min(x0 for _, x0, _ in across), max(x1 for _, _, x1 in across)])
    ys = _distinct([y for y, _, _ in across] + [min(y0 for _, y0, _ in down), max(y1 for _, _, y1 in down)])
    columns, rows = len(xs) - 1, len(ys) - 1
    if not 2 <= columns <= _MOST_COLUMNS or not 2 <= rows <= _MOST_ROWS:
        return None
    owner = [[-1] * columns for _ in range(rows)]
    cells: list[tuple[int, int, int, int]] = []
    walls = _walls(down, xs, ys)
    floors = _walls(across, ys, xs)
    for row in range(rows):
        for column in range(columns):
            if owner[row][column] >= 0:
                continue
            right = column + 1
            while right < columns and owner[row][right] < 0 and (right, row) not in walls:
                right += 1
            below = row + 1
            while below < rows and all(
                owner[below][at] < 0 and (below, at) not in floors for at in range(column, right)
            ):
                below += 1
            for taken in range(row, below):
                owner[taken][column:right] = [len(cells)] * (right - column)
            cells.append((row, column, below - row, right - column))
    return Grid(xs, ys, cells, owner, [[] for _ in cells])


def _walls(lines: list[tuple[float, float, float]], places: list[float], stops: list[float]) -> set[tuple[int, int]]:
    """Return where lines part two places: the number of the place behind, and of the stretch between two stops."""
    walls = set()
    for place, start, end in lines:
        number = min(range(len(places)), key=lambda at: abs(places[at] - place))
        for stretch in range(len(stops) - 1):
            middle = (stops[stretch] + stops[stretch + 1]) / 2
            if start - _NEAR <= middle <= end + _NEAR:
                walls.add((number, stretch))
    return walls


def _distinct(values: list[float]) -> list[float]:
    """Return ascending values, those that are near each other once."""
    distinct: list[float] = []
    for value in sorted(values):
        if not distinct or value - distinct[-1] > 2 * _NEAR:
            distinct.append(value)
    return distinct
