"""Part the letters of a page that run in another direction than most: stamps, watermarks, tables, names of columns.

Owns: the direction of letters, and where those of another one stand in the text of the page. Knows nothing about
tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import degrees
from typing import Any, Literal

import numpy as np

from rag.load.pdf.glyph_data import GlyphData
from rag.load.pdf.page_objects import PageObjects, are_level
from rag.load.pdf.tex_fonts import LIGATURES
from rag.load.pdf.types import Box, Cell, Glyph, LayoutBlock, Line, enclosing_box

# A direction that is nearer to a quarter turn than this, in degrees, is one.
_NEAR = 5
# The share of a page's glyphs that its text has at least.
_LEAST_SHARE = 0.3
# Names of columns that stand sideways have at most so many letters, and end on one level, to so many points.
_LONGEST_NAME, _LEVEL = 30, 3.0
# They stand apart, by so many of their widths; lines of one text do not.
_APART = 0.5
# A sideways line of at most so many letters beside a page is a stamp.
_LONGEST_STAMP = 120

# By how many degrees, clockwise, the page is turned for letters to stand upright; or that they stand aslant.
Direction = int | Literal["aslant"]


def other_directions(data: GlyphData, objects: PageObjects, rotation: int) -> dict[Direction, Any]:
    """Return the glyphs of a page that run in another direction than most.

    Args:
        data: The glyphs of the page.
        objects: What the page draws.
        rotation: The direction of the page's text as its steps tell it. It is that of most glyphs unless few have it,
            as in lines that run down a page.

    Returns:
        An array of numbers a direction; none of any for nearly every page.
    """
    if not len(data.drawn) or (not objects.has_forms and are_level(objects.texts)):
        return {}
    turns = np.round(360 - np.array([degrees(angle) for angle in data.angles(data.drawn.tolist())])) % 360
    quarters = (np.round(turns / 90) * 90).astype(int)
    quarters = np.where(np.abs(turns - quarters) <= _NEAR, quarters % 360, -1)
    directions, counts = np.unique(quarters, return_counts=True)
    is_told = (quarters == rotation).mean() >= _LEAST_SHARE
    usual = rotation if is_told else directions[counts.argmax()]
    others = (direction for direction in directions.tolist() if direction != usual)
    return {("aslant" if each < 0 else each): data.drawn[quarters == each] for each in others}


def are_names(runs: Sequence[Box], texts: Sequence[str]) -> bool:
    """Tell whether sideways lines are the names of columns: several that are short, and end on one level.

    Args:
        runs: Their boxes on the page as it is seen.
        texts: Their words.

    Returns:
        Whether they are.
    """
    if len(runs) < 2 or any(len(text) > _LONGEST_NAME for text in texts):
        return False
    across = sorted((box[0], box[2]) for box in runs)
    if any(right[0] - left[1] < _APART * (left[1] - left[0]) for left, right in pairwise(across)):
        return False
    return any(max(box[side] for box in runs) - min(box[side] for box in runs) <= _LEVEL for side in (1, 3))


def name_line(boxes: Sequence[Box], runs: Sequence[Sequence[Glyph]]) -> list[Glyph]:
    """Return sideways names as one level line: each stands at the foot of its box, as high as it is wide.

    Args:
        boxes: The box of each name on the page as it is seen.
        runs: The glyphs of each, in reading order.

    Returns:
        The glyphs of all, from the left.
    """
    line: list[Glyph] = []
    for box, run in sorted(zip(boxes, runs, strict=True), key=lambda pair: pair[0][0]):
        foot = (box[0], box[3] - (box[2] - box[0]), box[2], box[3])
        line += [Glyph(" ", -1)] if line else []
        for glyph in run:
            letters = enumerate(glyph.character) if glyph.box else ()
            line += (Glyph(letter, glyph.number + place, foot) for place, letter in letters)
            line += [] if glyph.box else [glyph]
    return line


def aside(data: GlyphData, numbers: Sequence[int], first_line: int) -> LayoutBlock:
    """Return the words that stand aslant over a page, as watermarks do: a block beside its text.

    Args:
        data: The glyphs of the page.
        numbers: The numbers of those words' glyphs.
        first_line: The number of their line.

    Returns:
        A block of one line.
    """
    characters: list[str] = []
    glyph_numbers: list[int] = []
    for before, number in zip((-1, *numbers), numbers, strict=False):
        if characters and data.codes[before + 1 : number].strip("\0") != "":
            characters.append(" ")
            glyph_numbers.append(-1)
        letters = LIGATURES.get(data.codes[number], data.codes[number])
        characters += letters
        glyph_numbers += [number] * len(letters)
    box = enclosing_box([data.font_box(number) for number in numbers])
    text = "".join(characters)
    line = Line(text, glyph_numbers, box, 1.0, [Cell(text, box[0], box[2])])
    return LayoutBlock("paragraph", [line], text, glyph_numbers, [first_line] * len(text), is_margin=True)


def are_stamp(blocks: Sequence[LayoutBlock]) -> bool:
    """Tell whether sideways blocks are one short line, as stamps at the edge of a page are."""
    return len(blocks) == 1 and len(blocks[0].lines) == 1 and len(blocks[0].text) <= _LONGEST_STAMP
