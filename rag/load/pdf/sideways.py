"""Read the words of a page that stand sideways: the name of an axis, a stamp along the margin, a note beside a table.

Owns: which runs stand sideways, and their blocks. Read with the others, they fall apart into letters. Knows nothing
about PDF files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from statistics import median

from rag.load.pdf.types import Box, Cell, Glyph, LayoutBlock, Line, enclosing_box

# Of so many glyphs and fewer the box does not tell which way they are read.
_FEW_GLYPHS = 3
# Lines of one text, and parts of a line, are nearer than this, in heights of them; parts of a line overlap so far.
_NEAR, _OVERLAP = 0.8, 0.6
# A run that is so many times as high as its first glyph may hold words of several directions.
_HIGH = 3.0
# A wider gap is a space.
_SPACE = 0.15

Run = list[Glyph]


def part_sideways(runs: list[Run], is_turned: Callable[[int], bool]) -> tuple[list[Run], list[Run]]:
    """Return the level runs of a page, and those whose words stand sideways.

    Args:
        runs: Runs of glyphs, in PDFium's order.
        is_turned: Tells whether the glyph of a number is turned to one side. What most glyphs of lines from left to
            right are is level.

    Returns:
        The level runs, and the others: those that go on in one line are joined.
    """
    whole = runs
    runs = [part for run in runs for part in _parts(run, is_turned)]
    turned = [_is_turned(run, is_turned) for run in runs]
    if not {True, False}.issubset(turned):
        return whole, []
    counts = Counter[bool | None]()
    for run, is_run_turned in zip(runs, turned, strict=True):
        if is_run_turned is not None and _is_long(run):
            counts[is_run_turned] += sum(len(glyph.character) for glyph in run)
    usual = counts[True] > counts[False]
    level: list[Run] = []
    sideways: list[Run] = []
    for run, is_run_turned in zip(runs, turned, strict=True):
        if is_run_turned is None or is_run_turned == usual or _is_long(run):
            level.append(run)
        elif not (sideways and _go_on(sideways[-1], run)):
            sideways.append(list(run))
    return level, sideways


def sideways_blocks(runs: Sequence[Run], first_line: int) -> Iterator[LayoutBlock]:
    """Yield a block for each text that stands sideways, to stand behind the text of the page.

    Args:
        runs: Runs that stand sideways.
        first_line: The number of the first line behind those of the page.

    Yields:
        Items; lines beside each other are of one.
    """
    block: LayoutBlock | None = None
    for number, run in enumerate(runs, first_line):
        line = _line(run)
        if block is not None and _is_next(block.lines[-1].box, line):
            block.text += " " + line.text
            block.glyph_numbers += [-1, *line.glyph_numbers]
            block.line_numbers += [number - 1] + [number] * len(line.characters)
            block.lines.append(line)
            continue
        if block is not None:
            yield block
        numbers = list(line.glyph_numbers)
        block = LayoutBlock("item", [line], line.text, numbers, [number] * len(numbers))
    if block is not None:
        yield block


def _parts(run: Run, is_turned: Callable[[int], bool]) -> list[Run]:
    """Return a run, or its parts where it is higher than a line is: those of one direction that touch each other."""
    boxes = [glyph.box for glyph in run if glyph.box]
    if not boxes or max(box[3] for box in boxes) - min(box[1] for box in boxes) < _HIGH * (boxes[0][3] - boxes[0][1]):
        return [run]
    parts: list[Run] = [[]]
    before: tuple[bool, Box] | None = None
    for glyph in run:
        if glyph.box:
            flag = is_turned(glyph.number)
            if before is not None and (flag != before[0] or _are_apart(before[1], glyph.box)):
                parts.append([])
            before = flag, glyph.box
        parts[-1].append(glyph)
    return parts


def _are_apart(box: Box, other: Box) -> bool:
    """Tell whether two boxes stand neither beside nor above each other."""
    across = min(box[2], other[2]) - max(box[0], other[0])
    down = min(box[3], other[3]) - max(box[1], other[1])
    return across < 0 and down < 0


def _is_turned(run: Run, is_turned: Callable[[int], bool]) -> bool | None:
    """Tell whether the first glyph of a run that is drawn is turned; None for a run without any."""
    return next((is_turned(glyph.number) for glyph in run if glyph.box), None)


def _is_long(run: Run) -> bool:
    """Tell whether a run goes from the left to the right, whatever its glyphs say."""
    x0, y0, x1, y1 = enclosing_box([glyph.box for glyph in run if glyph.box])
    return x1 - x0 > y1 - y0 and sum(len(glyph.character) for glyph in run if glyph.box) > _FEW_GLYPHS


def _go_on(line: Run, run: Run) -> bool:
    """Put a run behind a line that it goes on with, above or below it; return False where it does not."""
    before = next(glyph.box for glyph in reversed(line) if glyph.box)
    after = next(glyph.box for glyph in run if glyph.box)
    width = before[2] - before[0]
    overlap = min(before[2], after[2]) - max(before[0], after[0])
    gap = max(after[1] - before[3], before[1] - after[3])
    if overlap < _OVERLAP * width or not -_NEAR * width < gap < _NEAR * width:
        return False
    if gap > _SPACE * width and line[-1].box is not None:
        line.append(Glyph(" ", -1))
    line += run
    return True


def _line(run: Run) -> Line:
    """Return a run as a line: one space for any white space."""
    characters: list[str] = []
    glyph_numbers: list[int] = []
    for glyph in run:
        if glyph.box is None and (not characters or characters[-1] == " "):
            continue
        characters += glyph.character if glyph.box else " "
        glyph_numbers += range(glyph.number, glyph.number + len(glyph.character)) if glyph.box else [glyph.number]
    while characters[-1] == " ":
        characters.pop()
        glyph_numbers.pop()
    boxes = [glyph.box for glyph in run if glyph.box]
    box = enclosing_box(boxes)
    height = median(x1 - x0 for x0, _, x1, _ in boxes)
    return Line(characters, glyph_numbers, box, height, [Cell("".join(characters), box[0], box[2])])


def _is_next(above: Box, line: Line) -> bool:
    """Tell whether a line stands beside the one before it."""
    x0, y0, x1, y1 = line.box
    is_near = max(x0 - above[2], above[0] - x1) < _NEAR * line.height
    return is_near and min(y1, above[3]) > max(y0, above[1])
