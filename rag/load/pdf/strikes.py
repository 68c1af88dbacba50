"""Find the letters of a page that are struck out, and say so where they stand.

Owns: which drawn lines strike letters out, and how struck words are written. Knows nothing about PDF files.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from itertools import groupby

import numpy as np

from rag.load.pdf.glyph_data import GlyphData
from rag.load.pdf.types import Box, Glyph

# A line strikes letters out where it is no further from their middle than this, in parts of their height: an underline
# is, and so is a line above them.
_OFF_MIDDLE = 0.22
# The share of such a line that runs through letters, and how far it goes on beside them, in heights.
_LEAST_SHARE, _BEYOND = 0.6, 0.8
# More level lines than these are a drawing.
_MOST_LINES = 1000


def struck_glyphs(
    data: GlyphData, rulings: Sequence[Box], areas: Sequence[Box], transform: Callable[[Box], Box]
) -> tuple[set[int], list[Box]]:
    """Return the glyphs of a page that are struck out.

    Args:
        data: The glyphs of the page.
        rulings: The lines that are drawn on it, on the page as it is seen.
        areas: The areas that are marked as struck out, likewise.
        transform: The way from PDF coordinates to those of ``rulings``; it takes arrays, too.

    Returns:
        The numbers of the glyphs, and the rulings that strike none out.
    """
    level = [place for place, (x0, y0, x1, y1) in enumerate(rulings) if x1 - x0 > y1 - y0][:_MOST_LINES]
    if not level and not areas:
        return set(), list(rulings)
    x0, y0, x1, y1 = transform(tuple(data.drawn_boxes.T))
    order = np.argsort(y0 + y1, kind="stable")
    boxes, numbers = np.stack((x0, y0, x1, y1)).T[order], data.drawn[order]
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    found: list[int] = []
    for left, top, right, bottom in areas[:_MOST_LINES]:
        found += numbers[(across >= left) & (down >= top) & (across <= right) & (down <= bottom)].tolist()
    reach = _OFF_MIDDLE * float((boxes[:, 3] - boxes[:, 1]).max(initial=0.0))
    levels = np.array([(rulings[place][1] + rulings[place][3]) / 2 for place in level])
    firsts, lasts = np.searchsorted(down, levels - reach).tolist(), np.searchsorted(down, levels + reach).tolist()
    strikes = set()
    for place, first, last in zip(level, firsts, lasts, strict=True):
        if first < last and len(through := _through(rulings[place], boxes[first:last])):
            found += numbers[through + first].tolist()
            strikes.add(place)
    return set(found), [ruling for place, ruling in enumerate(rulings) if place not in strikes]


def write_struck(run: Sequence[Glyph], struck: Container[int]) -> list[Glyph]:
    """Return the glyphs of a line with struck words as they are read: ``[struck out: 50] 45``.

    Args:
        run: The glyphs of a line, in reading order.
        struck: The numbers of those that are struck out.

    Returns:
        The same glyphs; characters that are put in have the number -1, and the box of what they stand beside.
    """
    states = [glyph.number in struck if glyph.box else None for glyph in run]
    _fill_spaces(states)
    written: list[Glyph] = []
    for is_struck, group in groupby(zip(states, run, strict=True), key=lambda pair: pair[0]):
        glyphs = [glyph for _, glyph in group]
        if not is_struck:
            written += glyphs
            continue
        first, last = glyphs[0].box, glyphs[-1].box
        before = [Glyph("[struck", -1, first), Glyph(" ", -1), Glyph("out:", -1, first), Glyph(" ", -1)]
        written += [*before, *glyphs, Glyph("]", -1, last)]
    return written


def _fill_spaces(states: list[bool | None]) -> None:
    """Set the state of spaces: struck out between two glyphs that are, else not."""
    behind: bool | None = None
    following = []
    for state in reversed(states):
        behind = state if state is not None else behind
        following.append(behind)
    before: bool | None = None
    for place, next_state in enumerate(reversed(following)):
        before = states[place] if states[place] is not None else before
        if states[place] is None:
            states[place] = bool(before and next_state)


def _through(line: Box, boxes: np.ndarray) -> np.ndarray:
    """Return the places of the glyphs that a level line strikes out.

    Args:
        line: The line.
        boxes: The boxes of the glyphs near it, a row each.
    """
    x0, x1, y = line[0], line[2], (line[1] + line[3]) / 2
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    heights = boxes[:, 3] - boxes[:, 1]
    places = np.flatnonzero((np.abs(down - y) <= _OFF_MIDDLE * heights) & (across >= x0) & (across <= x1))
    if not len(places):
        return places
    hit = boxes[places]
    share = (hit[:, 2] - hit[:, 0]).sum() / (x1 - x0)
    beyond = _BEYOND * float(np.median(heights[places]))
    is_theirs = hit[:, 0].min() - x0 <= beyond and x1 - hit[:, 2].max() <= beyond and share >= _LEAST_SHARE
    return places if is_theirs else places[:0]
