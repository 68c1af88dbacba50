"""Read the glyphs of a page: which characters stand on it, and where.

Owns: how PDFium's characters become runs of glyphs: words, line ends, direction, heavy fonts. Knows nothing about
paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from rag.load.pdf.bidi import has_right_to_left
from rag.load.pdf.glyph_data import LINE_END_HYPHEN, GlyphData
from rag.load.pdf.page_objects import PageObjects
from rag.load.pdf.pdfium import page_transform
from rag.load.pdf.tex_fonts import LIGATURES
from rag.load.pdf.types import Box, Glyph
from rag.load.pdf.visibility import unseen_glyphs

_SOFT_HYPHEN = "\xad"
# Hyphens and ligatures are pieces of their own: they are written otherwise than they are drawn.
_ALONE = frozenset((LINE_END_HYPHEN, _SOFT_HYPHEN, *LIGATURES))
# The flag ForceBold of a font descriptor (PDF 1.7, table 123).
_FORCE_BOLD = 1 << 18
_HEAVY = re.compile(r"bold|black|heavy|semibold|demi", re.I)
# What the least box around several is made with: left, top, right, bottom.
_ENCLOSING = (np.minimum, np.minimum, np.maximum, np.maximum)
# Glyphs are of one piece where their boxes overlap so far from top to foot and are so nearly of one height, in parts of
# the lower and of the higher one: neither is raised. A space that is wider, in heights of the glyph behind it, is of
# none.
_OVERLAP, _ALIKE = 0.86, 0.7
_NARROW = 0.35


def page_glyphs(
    page: Any,
    data: GlyphData,
    objects: PageObjects,
    rotation: int,
    rulings: Sequence[float] = (),
    struck: Collection[int] = (),
    left_out: Collection[int] = (),
) -> list[list[Glyph]]:
    """Return the glyphs of a page that a reader sees.

    Args:
        page: PDFium's page.
        data: The glyphs of that page.
        objects: What that page draws.
        rotation: By how many degrees, clockwise, the page is turned for its text to stand upright.
        rulings: Where lines from the top to the foot of tables stand, from the left of the turned page. No words on
            both sides of one are put together.
        struck: The glyphs that are struck out; no others are put together with them.
        left_out: The glyphs that are read by themselves.

    Returns:
        Runs of glyphs, in PDFium's order: a run is what PDFium takes for a line. Words that are equally high, and the
        single spaces between them, are one of them. Their boxes are in points from the top left of the turned page.
    """
    numbers, boxes = data.drawn, data.drawn_boxes
    unseen = unseen_glyphs(page, data, objects)
    if len(unseen) or len(left_out):
        seen = ~np.isin(numbers, unseen) & ~np.isin(numbers, list(left_out))
        numbers, boxes = numbers[seen], boxes[seen]
    boxes = np.stack(page_transform(page, rotation)(tuple(boxes.T))).T
    starts = _piece_starts(data, numbers, boxes, rulings, struck)
    if not len(starts):
        return []
    sides = (reduce.reduceat(boxes[:, side], starts).tolist() for side, reduce in enumerate(_ENCLOSING))
    ends = np.append(starts[1:], len(numbers))
    heights = (boxes[:, 3] - boxes[:, 1]).tolist()
    pieces = zip(
        numbers[starts].tolist(),
        (numbers[ends - 1] + 1).tolist(),
        zip(*sides, strict=True),
        (heights[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)),
        strict=True,
    )
    return _runs(data.codes, pieces)


def text_rotation(page: Any, data: GlyphData) -> int:
    """Return by how many degrees, clockwise, a page must be turned for its text to stand upright.

    Seldom other than the page's own rotation, but tables are drawn sideways on upright pages too.

    Args:
        page: PDFium's page.
        data: The glyphs of that page.

    Returns:
        0, 90, 180 or 270.
    """
    boxes = data.drawn_boxes
    # A step from a glyph to the next is capped at 20 points, so that a jump to another line does not outweigh the text.
    steps = np.diff(boxes[:, :2] + boxes[:, 2:], axis=0).clip(-20.0, 20.0)
    across, up = steps.sum(axis=0)
    if abs(up) > abs(across):
        return 90 if up > 0 else 270
    # Text that runs to the left is upside down, or Arabic: the page's own rotation decides.
    return 180 if across < 0 and page.get_rotation() == 180 else 0


def _runs(codes: str, pieces: Iterable[tuple[int, int, Box, Sequence[float]]]) -> list[list[Glyph]]:
    """Return runs of glyphs.

    Args:
        codes: The characters of the page, one a glyph.
        pieces: The first number of each piece, that behind its last, its box, and the heights of its glyphs.

    Returns:
        The pieces with the spaces between them, cut where a line ends.
    """
    runs: list[list[Glyph]] = [[]]
    run = runs[0]
    position = 0
    for first, end, box, heights in pieces:
        for number in range(position, first):
            code = codes[number]
            if code == "\n":
                run = []
                runs.append(run)
            elif code not in "\0\r" and (code.isspace() or code < " "):
                run.append(Glyph(" ", number))
        position = end
        characters = codes[first:end]
        if run and run[-1].character == _SOFT_HYPHEN:
            # Nothing is seen of it within a line.
            run.pop()
        if characters == LINE_END_HYPHEN:
            run.append(Glyph("-", first, box, heights))
            run = []
            runs.append(run)
        elif characters in LIGATURES:
            # Each of its letters has the number and the box of the ligature.
            run += (Glyph(letter, first, box) for letter in LIGATURES[characters])
        else:
            run.append(Glyph(characters, first, box, heights))
    return runs


def boldness(data: GlyphData) -> Callable[[int], bool]:
    """Return a function that tells whether a glyph's font is heavy, by its flags or its name."""

    def is_bold(number: int) -> bool:
        name, flags = data.font(number)
        return bool(flags & _FORCE_BOLD) or _is_heavy(name)

    return is_bold


def _piece_starts(data: GlyphData, numbers: Any, boxes: Any, rulings: Sequence[float], struck: Collection[int]) -> Any:
    """Return where, among the glyphs, a piece begins: an array of places.

    Args:
        data: The glyphs of the page.
        numbers: The numbers of those that are drawn, as an array.
        boxes: The box of each of these on the page as it is seen, as an array of rows.
        rulings: Where lines from the top to the foot stand, from the left.
        struck: The numbers of those that are struck out.
    """
    if not len(numbers):
        return np.zeros(0, int)
    codes = data.code_numbers
    is_start = np.ones(len(numbers), bool)
    gaps = boxes[1:, 0] - boxes[:-1, 2]
    heights = boxes[1:, 3] - boxes[1:, 1]
    is_spaced = (np.diff(numbers) == 2) & (codes[numbers[1:] - 1] == ord(" ")) & (np.abs(gaps) < _NARROW * heights)
    is_start[1:] = (np.diff(numbers) != 1) & ~is_spaced
    overlaps = np.minimum(boxes[1:, 3], boxes[:-1, 3]) - np.maximum(boxes[1:, 1], boxes[:-1, 1])
    before = boxes[:-1, 3] - boxes[:-1, 1]
    lower = np.minimum(heights, before)
    is_start[1:] |= (overlaps < _OVERLAP * lower) | (lower < _ALIKE * np.maximum(heights, before))
    if rulings:
        sides = np.searchsorted(np.sort(rulings), (boxes[:, 0] + boxes[:, 2]) / 2)
        is_start[1:] |= sides[1:] != sides[:-1]
    if struck:
        is_struck = np.isin(numbers, list(struck))
        is_start[1:] |= is_struck[1:] != is_struck[:-1]
    if alone := [character for character in _ALONE if character in data.codes]:
        is_alone = np.isin(codes[numbers], [ord(character) for character in alone])
        is_start[1:] |= is_alone[1:] | is_alone[:-1]
    # Right-to-left words are put into another order afterwards, glyph by glyph.
    if has_right_to_left(data.codes):
        is_start[:] = True
    return np.flatnonzero(is_start)


@lru_cache(maxsize=256)
def _is_heavy(font_name: bytes) -> bool:
    return bool(_HEAVY.search(font_name.decode("latin-1")))
