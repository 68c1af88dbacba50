"""The records of a page's layout: glyphs, cells, lines and blocks.

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
        characters: Its characters, one a string.
        glyph_numbers: The number of the glyph behind each character; -1 for a space that was put in.
        box: The box of all its glyphs.
        height: The median height of its glyphs, in points.
        cells: The parts that wide gaps cut it into; one for a line of running text.
        bold: Whether its first and last glyph are of a heavy font.
    """

    characters: list[str]
    glyph_numbers: list[int]
    box: Box
    height: float
    cells: list[Cell]
    bold: bool = False

    @property
    def text(self) -> str:
        """Return the words of the line."""
        return "".join(self.characters)


@dataclass(slots=True)
class LayoutBlock:
    """A block of a page.

    Attributes:
        kind: Whether it is a paragraph, a list item or a table row.
        lines: Its lines, from the top.
        text: Its text, joined from its lines.
        glyph_numbers: The number of the glyph behind each character of ``text``; -1 for a space that was put in.
        line_numbers: The number, in the page, of the line that each character of ``text`` stands on.
        header: Of a table row, the label of its section and the names of its columns.
        names_columns: Whether it stands above a table and names columns of it.
    """

    kind: BlockKind
    lines: list[Line]
    text: str = ""
    glyph_numbers: list[int] = field(default_factory=list)
    line_numbers: list[int] = field(default_factory=list)
    header: str = ""
    names_columns: bool = False

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
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
