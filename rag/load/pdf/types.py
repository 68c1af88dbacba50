"""The records of a page's layout: glyphs, lines, blocks and tables.

Owns: their fields. Knows nothing about how they are found. Boxes are ``(x0, y0, x1, y1)`` in points from the top left
of a page whose text stands upright, unless they are said to be in PDF coordinates (from the bottom left).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from rag.types import BlockKind

Box = tuple[float, float, float, float]


class Glyph(NamedTuple):
    """One character, or some that are drawn at once and whose numbers follow one another.

    Attributes:
        character: The characters.
        number: The number of the first in PDFium's text of the page; -1 for a space that was put in.
        box: The box of all of them; a space has none.
        heights: The height of each that is drawn; empty where all are as high as the box.
    """

    character: str
    number: int
    box: Box | None = None
    heights: Sequence[float] = ()


@dataclass(slots=True)
class Cell:
    """Glyphs of a line that no wide gap parts, and where they begin and end from the left."""

    text: str
    x0: float
    x1: float


@dataclass(slots=True)
class Line:
    """A line as a reader sees it.

    Attributes:
        text: Its words.
        glyph_numbers: The number of the glyph behind each character; -1 for a space that was put in.
        box: The box of all its glyphs.
        height: The median height of its glyphs, in points.
        cells: The parts that wide gaps cut it into; one for a line of running text.
        bold: Whether its first and last glyph are of a heavy font.
    """

    text: str
    glyph_numbers: list[int]
    box: Box
    height: float
    cells: list[Cell]
    bold: bool = False


@dataclass(slots=True)
class Piece:
    """Some glyphs that stand beside each other: what one line has of one cell.

    Attributes:
        text: Its words.
        glyph_numbers: The number of the glyph behind each character; -1 for a space that was put in.
        box: Where it stands.
        line_number: The number, in the page, of the line it is part of.
        height: The median height of that line's glyphs, in points.
        bold: Whether that line is bold.
    """

    text: str
    glyph_numbers: list[int]
    box: Box
    line_number: int
    height: float
    bold: bool = False


@dataclass(slots=True, eq=False)
class GridCell:
    """A cell of a table on a page.

    Attributes:
        pieces: Its words, a line a piece, from the top.
        column: The first column it stands in, from 0.
        columns: How many columns it spans.
        text: Its words on one line.
        glyph_numbers: The number of the glyph behind each character of ``text``; -1 for a space that was put in.
        line_numbers: The number, in the page, of the line that each character of ``text`` stands on.
    """

    pieces: list[Piece]
    column: int
    columns: int = 1
    text: str = ""
    glyph_numbers: list[int] = field(default_factory=list)
    line_numbers: list[int] = field(default_factory=list)


GridRow = list[GridCell]


@dataclass(slots=True, eq=False)
class PageTable:
    """What the rows of one table on a page have in common.

    Attributes:
        names: The rows of names above its columns, each as wide as the table.
        labels: How many columns from the left hold the names of what stands beside them.
        caption: What is said of the whole table; "" for nothing.
        extents: Where its columns begin and end from the left, in points.
        top: Where its names, or its first row, begin from the top, in points.
    """

    names: tuple[tuple[str, ...], ...] = ()
    labels: int = 0
    caption: str = ""
    extents: tuple[tuple[float, float], ...] = ()
    top: float = 0.0


class PlacedCell(NamedTuple):
    """Where a cell's words stand in the text of its row, its first column, and how many columns it spans."""

    start: int
    end: int
    column: int
    columns: int


@dataclass(slots=True)
class LayoutBlock:
    """A block of a page.

    Attributes:
        kind: Whether it is a paragraph, a list item or a table row.
        lines: Its lines, from the top.
        text: Its text, joined from its lines; in a row of a table each cell stands behind its names.
        glyph_numbers: The number of the glyph behind each character of ``text``; -1 for one that was put in.
        line_numbers: The number, in the page, of the line that each character of ``text`` stands on.
        header: Of a table row, what it does not say itself: the label of its section and the table's caption.
        table: The table that it is a row of; None for other blocks and for rows of no table.
        cells: The places of a row's cells in ``text``.
        is_margin: Whether it is seen to stand beside the text of its page.
    """

    kind: BlockKind
    lines: list[Line]
    text: str = ""
    glyph_numbers: list[int] = field(default_factory=list)
    line_numbers: list[int] = field(default_factory=list)
    header: str = ""
    table: PageTable | None = None
    cells: list[PlacedCell] = field(default_factory=list)
    is_margin: bool = False

    @property
    def height(self) -> float:
        """Return the median height of its lines, in points."""
        return median(line.height for line in self.lines)

    @property
    def bold(self) -> bool:
        """Tell whether each of its lines is bold."""
        return all(line.bold for line in self.lines)


def enclosing_box(boxes: Sequence[Box]) -> Box:
    """Return the smallest box that holds all of ``boxes``, of which there is at least one."""
    if len(boxes) == 1:
        return boxes[0]
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
