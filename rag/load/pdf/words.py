"""Place the words of a page over its picture, so that they can be selected and found.

Owns: how the text of a page falls into runs of words that stand side by side on it. Knows nothing about the picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from rag.load.pdf.boxes import page_text
from rag.load.pdf.glyph_data import GlyphData
from rag.load.pdf.layout import read_page
from rag.load.pdf.page_objects import page_objects
from rag.load.pdf.pdfium import open_page, open_text_page, page_transform
from rag.load.pdf.types import Box, enclosing_box
from rag.load.pdf.visibility import unseen_glyphs

# Words of a line that are so many of its heights apart are runs of their own: the cells of a table.
_WIDEST_GAP = 1.6
# A run begins anew where the next glyph lies so many heights further back: the words go on elsewhere.
_BACK = 0.6
# Text that is turned by so many degrees more or less than a quarter of a turn is drawn as if it were not.
_TURN_TOLERANCE = 12.0


class WordRun(NamedTuple):
    """Words that stand side by side, with one blank behind them unless the last one goes on elsewhere.

    Attributes:
        text: The words.
        start: The offset of the first in the text of the page; -1 for words that stand there only beside others, as the
            names of a table do beside its cells.
        left: Where they begin from the left of the visible page, in points.
        top: Where they begin from its top.
        right: Where they end.
        bottom: Where they end.
        turn: By how many degrees, clockwise, they are turned: 0, 90, 180 or 270.
        ends_block: Whether a paragraph, an item or a row ends with them.
    """

    text: str
    start: int
    left: float
    top: float
    right: float
    bottom: float
    turn: int
    ends_block: bool


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of a page.

    Attributes:
        text: Its text, as a reader of the whole file begins with it: without what was recognised in pictures.
        runs: Its words in the order of reading, as far as they are seen on the page.
    """

    text: str
    runs: tuple[WordRun, ...]


def page_words(document: Any, number: int) -> PageWords:
    """Return the words of a page of an open document.

    Args:
        document: PDFium's document.
        number: The number of the page, from 0.

    Returns:
        The words.
    """
    with open_page(document, number) as page, open_text_page(page) as text_page:
        text, glyph_numbers, line_numbers = page_text(read_page(page, text_page).blocks)
        data = GlyphData(text_page)
        written = {glyph for glyph in glyph_numbers if 0 <= glyph < data.count}
        unseen = set(unseen_glyphs(page, data, page_objects(page)).tolist())
        others = [glyph for glyph in data.drawn.tolist() if glyph not in written and glyph not in unseen]
        drawn = [*written, *others]
        transform = page_transform(page, page.get_rotation())
        boxes = dict(zip(drawn, map(transform, map(tuple, data.font_boxes(drawn).tolist())), strict=True))
        angles = dict(zip(drawn, data.angles(drawn), strict=True))
        turns = {glyph: _quarter(angle, page.get_rotation()) for glyph, angle in angles.items()}
        places = list(_runs(text, glyph_numbers, line_numbers, boxes, turns))
        goes_on = {each.start for each in places}
        runs = [_run(text, run, run.stop in goes_on, glyph_numbers, boxes, turns) for run in places]
        # A page whose letters cannot be told has none that could be shown.
        for names in _other_runs(data.codes, others if runs else [], boxes, turns):
            # They are read before what stands below them.
            below = (place for place, run in enumerate(runs) if run.top >= names.bottom - 1)
            runs.insert(next(below, len(runs)), names)
        return PageWords(text, tuple(run for run in runs if _is_on(page.get_size(), run)))


def _other_runs(codes: str, others: list[int], boxes: dict[int, Box], turns: dict[int, int]) -> Iterator[WordRun]:
    """Yield the words that are drawn and stand in the text of the page only beside others, if at all."""
    run: list[int] = []
    for glyph in [*others, -1]:
        if run and (
            glyph < 0 or turns[glyph] != turns[run[-1]] or not _is_beside(boxes[run[-1]], boxes[glyph], turns[glyph])
        ):
            words = "".join(
                (" " if before >= 0 and " " in codes[before + 1 : each] else "") + codes[each]
                for before, each in zip([-1, *run], run, strict=False)
            )
            if any(map(str.isalnum, words)):
                left, top, right, bottom = enclosing_box([boxes[each] for each in run])
                sides = round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)
                yield WordRun(words + " ", -1, *sides, turns[run[0]], True)
            run = []
        if glyph >= 0:
            run.append(glyph)


def _is_beside(before: Box, after: Box, turn: int) -> bool:
    """Tell whether a glyph stands on the line of another, and not far from it."""
    turned = _UPRIGHT[turn]
    _, top0, _, bottom0 = turned(before)
    _, top1, _, bottom1 = turned(after)
    return min(bottom0, bottom1) > max(top0, top1) and not _is_apart(before, after, turn)


def _runs(
    text: str, glyphs: list[int], lines: list[int], boxes: dict[int, Box], turns: dict[int, int]
) -> Iterator[range]:
    """Yield the places of the text that make up one run, from its first letter to its last."""
    first = last = -1
    for place, glyph in enumerate(glyphs):
        if glyph not in boxes or text[place].isspace():
            continue
        if first >= 0 and (
            lines[place] != lines[last]
            or _is_cut(text, last, place, glyphs)
            or turns[glyph] != turns[glyphs[last]]
            or _is_apart(boxes[glyphs[last]], boxes[glyph], turns[glyph])
        ):
            yield range(first, last + 1)
            first = place
        elif first < 0:
            first = place
        last = place
    if first >= 0:
        yield range(first, last + 1)


def _is_cut(text: str, last: int, place: int, glyphs: list[int]) -> bool:
    """Tell whether words stand between two letters that the page does not draw there, as the names of a table do."""
    between = range(last + 1, place)
    return any(glyphs[each] < 0 and not text[each].isspace() for each in between) or "\n" in text[last + 1 : place]


def _is_apart(before: Box, after: Box, turn: int) -> bool:
    """Tell whether two glyphs that follow each other in the text do not on the page, either way they may run."""
    turned: Callable[[Box], Box] = _UPRIGHT[turn]
    left0, _, right0, _ = turned(before)
    left1, top, right1, bottom = turned(after)
    height = max(bottom - top, 1.0)
    gap = max(left1 - right0, left0 - right1)
    return gap > _WIDEST_GAP * height or (left1 < left0 - _BACK * height and right1 > left0 + _BACK * height)


# How a box lies once the page is turned so that words of a turn stand upright.
_UPRIGHT: dict[int, Callable[[Box], Box]] = {
    0: lambda box: box,
    90: lambda box: (box[1], -box[2], box[3], -box[0]),
    180: lambda box: (-box[2], -box[3], -box[0], -box[1]),
    270: lambda box: (-box[3], box[0], -box[1], box[2]),
}


def _run(
    text: str, run: range, goes_on: bool, glyphs: list[int], boxes: dict[int, Box], turns: dict[int, int]
) -> WordRun:
    """Return a run with the box around its glyphs, and with a blank behind it unless its last word goes on."""
    left, top, right, bottom = enclosing_box([boxes[glyphs[place]] for place in run if glyphs[place] in boxes])
    sides = round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)
    words = text[run.start : run.stop] + ("" if goes_on else " ")
    behind = text[run.stop : run.stop + 1]
    return WordRun(words, run.start, *sides, turns[glyphs[run.start]], not behind or behind == "\n")


def _quarter(angle: float, rotation: int) -> int:
    """Return a turn in quarters, in degrees, of what the page itself turns further; 0 for what is aslant."""
    degrees = (math.degrees(angle) + rotation) % 360
    nearest = round(degrees / 90) * 90
    return nearest % 360 if abs(degrees - nearest) <= _TURN_TOLERANCE else 0


def _is_on(size: tuple[float, float], run: WordRun) -> bool:
    return run.left < size[0] and run.top < size[1] and run.right > 0 and run.bottom > 0
