"""Read a page: its blocks, and what of it is a picture.

Owns: the way from an open page to its blocks. It depends on that page alone, so that ``boxes`` can read a page again,
long after the document was indexed, and find the same glyph behind each character.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rag.load.pdf.annotations import page_annotations, struck_areas
from rag.load.pdf.bidi import has_right_to_left, in_reading_order, mirrored, reads_from_right
from rag.load.pdf.blocks import layout_blocks
from rag.load.pdf.directions import Direction, are_names, are_stamp, aside, name_line, other_directions
from rag.load.pdf.glyph_data import GlyphData
from rag.load.pdf.glyphs import boldness, page_glyphs, text_rotation
from rag.load.pdf.gutters import read_columns
from rag.load.pdf.lines import from_the_top, join_runs
from rag.load.pdf.overlays import annotation_blocks, place_annotations
from rag.load.pdf.page_objects import PageObjects, page_objects
from rag.load.pdf.pdfium import page_transform
from rag.load.pdf.pictures import has_drawings, has_unknown_letters, is_implausible, picture_box
from rag.load.pdf.raised_glyphs import write_raised
from rag.load.pdf.rulings import page_rulings
from rag.load.pdf.strikes import struck_glyphs, write_struck
from rag.load.pdf.types import Box, Glyph, LayoutBlock, enclosing_box
from rag.load.pdf.visibility import unseen_glyphs
from rag.text.scripts import is_unspaced

# A page of fewer characters is a picture of one, perhaps with a number on it.
_FEW_CHARACTERS = 20
# Beside more characters than these a picture is an illustration.
_LITTLE_TEXT = 600


@dataclass(frozen=True, slots=True)
class PageReading:
    """What was read on a page.

    Attributes:
        blocks: Its blocks, in reading order.
        picture: Where it shows a picture that may hold words, in PDF coordinates; None for none.
        is_sketch: Whether that picture is no more than a few lines or a small picture on a page without text.
        letters: Whether its letters can be told: "unknown" where the fonts do not say what they are, "implausible"
            where they are those of no language.
        has_untold_letters: Whether some of its letters cannot be told, although most can.
    """

    blocks: list[LayoutBlock]
    picture: Box | None = None
    is_sketch: bool = False
    letters: Literal["told", "unknown", "implausible"] = "told"
    has_untold_letters: bool = False

    @property
    def is_scanned(self) -> bool:
        """Tell whether the page holds next to no text of its own."""
        return _length(self.blocks) < _FEW_CHARACTERS


def read_page(page: Any, text_page: Any) -> PageReading:
    """Read a page.

    Args:
        page: PDFium's page.
        text_page: PDFium's text of that page.

    Returns:
        Its blocks with their text, and what of it may be read by character recognition.
    """
    data = GlyphData(text_page)
    if has_unknown_letters(data.codes):
        return PageReading([], tuple(page.get_bbox()), letters="unknown")
    blocks = _blocks(page, data)
    length = _length(blocks)
    if length < _LITTLE_TEXT and (picture := picture_box(page)) and not _lies_below_text(picture, data):
        return PageReading(blocks, picture, has_untold_letters=data.has_untold_letters)
    if length < _FEW_CHARACTERS and has_drawings(page):
        return PageReading(blocks, tuple(page.get_bbox()), is_sketch=True)
    if is_implausible(" ".join(block.text for block in blocks)):
        return PageReading(blocks, tuple(page.get_bbox()), letters="implausible")
    return PageReading(blocks, has_untold_letters=data.has_untold_letters)


def _blocks(page: Any, data: GlyphData) -> list[LayoutBlock]:
    rotation = text_rotation(page, data)
    transform = page_transform(page, rotation)
    objects = page_objects(page)
    rulings = [transform(line) for line in page_rulings(objects)]
    struck, rulings = struck_glyphs(data, rulings, [transform(area) for area in struck_areas(page)], transform)
    upright = [(x0 + x1) / 2 for x0, y0, x1, y1 in rulings if y1 - y0 > x1 - x0]
    others = other_directions(data, objects, rotation)
    left_out = [number for numbers in others.values() for number in numbers.tolist()]
    runs = page_glyphs(page, data, objects, rotation, upright, struck, left_out)
    if has_right_to_left(data.codes):
        runs = in_reading_order(runs)
        if reads_from_right(data.codes):
            # In a mirror the layout of the page is that of any other.
            runs = [[glyph._replace(box=glyph.box and mirrored(glyph.box)) for glyph in run] for run in runs]
            transform = _then(transform, mirrored)
            rulings = [mirrored(line) for line in rulings]
    is_sideways = (page.get_rotation() - rotation) % 180 == 90
    if is_sideways or (rotation == 270 and is_unspaced(data.codes)):
        runs = from_the_top(runs)
    lines = [run for run, _ in join_runs(runs)]
    if rotation == 0:
        lines = [write_raised(run, data.size_and_foot) for run in lines]
    lines = read_columns(lines)
    turned = _turned_lines(page, data, objects, others)
    for direction in [each for each in turned if (each - page.get_rotation()) % 180 == 90]:
        if _put_names(lines, turned[direction], data, transform):
            del turned[direction]
    if struck:
        lines = [write_struck(run, struck) for run in lines]
    left_over = place_annotations(lines, list(page_annotations(page)), data.count, transform)
    blocks = layout_blocks(lines, boldness(data), rulings)
    for direction, runs in turned.items():
        _add_turned(blocks, layout_blocks(runs, boldness(data)), direction == page.get_rotation())
    if "aslant" in others:
        unseen = set(unseen_glyphs(page, data, objects).tolist())
        if seen := [number for number in others["aslant"].tolist() if number not in unseen]:
            blocks.append(aside(data, seen, _line_count(blocks)))
    if left_over:
        blocks += annotation_blocks(left_over, data.count, _line_count(blocks))
    return blocks


def _turned_lines(
    page: Any, data: GlyphData, objects: PageObjects, others: dict[Direction, Any]
) -> dict[int, list[list[Glyph]]]:
    """Return the lines of a page that run in another direction than most, each direction on a page turned for it."""
    turned: dict[int, list[list[Glyph]]] = {}
    for direction, numbers in others.items():
        if direction != "aslant":
            left_out = data.drawn[~np.isin(data.drawn, numbers)].tolist()
            runs = page_glyphs(page, data, objects, direction, left_out=left_out)
            turned[direction] = [run for run, _ in join_runs(runs)]
    return turned


def _put_names(
    lines: list[list[Glyph]], runs: list[list[Glyph]], data: GlyphData, transform: Callable[[Box], Box]
) -> bool:
    """Put sideways names of columns above the line that follows them; return whether the runs are such names."""
    boxes = []
    for run in runs:
        drawn = [glyph.number + place for glyph in run if glyph.box for place in range(len(glyph.character))]
        boxes.append(enclosing_box([transform(data.font_box(number)) for number in drawn]))
    if not are_names(boxes, ["".join(glyph.character for glyph in run) for run in runs]):
        return False
    foot = max(box[3] for box in boxes)
    tops = (min((glyph.box[3] for glyph in line if glyph.box), default=0.0) for line in lines)
    place = next((place for place, top in enumerate(tops) if top > foot), len(lines))
    lines.insert(place, name_line(boxes, runs))
    return True


def _add_turned(blocks: list[LayoutBlock], turned: list[LayoutBlock], is_upright: bool) -> None:
    """Add the blocks of another direction: before the page's sideways ones where they stand upright, else behind."""
    first = _line_count(blocks)
    for block in turned:
        block.line_numbers = [first + number for number in block.line_numbers]
        block.is_margin = not is_upright and are_stamp(turned)
    blocks[:] = [*turned, *blocks] if is_upright else [*blocks, *turned]


def _line_count(blocks: list[LayoutBlock]) -> int:
    return 1 + max((number for block in blocks for number in block.line_numbers), default=-1)


def _then(first: Callable[[Box], Box], second: Callable[[Box], Box]) -> Callable[[Box], Box]:
    return lambda box: second(first(box))


def _length(blocks: list[LayoutBlock]) -> int:
    return sum(len(block.text) for block in blocks)


def _lies_below_text(picture: Box, data: GlyphData) -> bool:
    """Tell whether words are drawn over a picture, visibly or not: it was read before, or is their background."""
    boxes = data.drawn_boxes
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    is_over = ((middles >= picture[:2]) & (middles <= picture[2:])).all(axis=1)
    return int(is_over.sum()) >= _FEW_CHARACTERS
