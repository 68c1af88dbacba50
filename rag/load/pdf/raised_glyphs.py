"""Tell raised and lowered glyphs of a line by their size and place, and write them on the line.

Owns: what counts as raised or lowered on a page, and which glyph stands behind each character that is written for it.
Knows nothing about what raised letters mean.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from rag.load.pdf.bidi import has_right_to_left
from rag.load.pdf.types import Box, Glyph
from rag.load.raised import lowered, raised

# To the size of the line's other letters: smaller ones may be raised or lowered, by so much at least.
_SMALL = 0.9
_RAISED, _LOWERED = 0.12, -0.05
# In heights of the line: a narrower gap is none.
_GAP = 0.12
# So many characters before and behind are looked at.
_CONTEXT = 80
_STROKES = ("/", "⁄")
# What is raised or lowered: short, and without words.
_LONGEST = 12
_SHORT = re.compile(rf"[\w+−–=()\[\],*†‡§. -]{{1,{_LONGEST}}}$")
_BRACKETED = re.compile(r"\([^()]{1,5}\)")
_SEVERAL = re.compile(r"(?:\([^()]{1,5}\)){2,}")
_NEAR = 0.3


# The size of the font of a glyph, and the height of the line it stands on, from the bottom of the page.
Measure = Callable[[int], tuple[float, float]]


def write_raised(run: Sequence[Glyph], measure: Measure) -> list[Glyph]:
    """Return the glyphs of a line with the raised and lowered ones written as they read: 10⁶, m², CO₂, "1,200 [3]".

    Args:
        run: The glyphs of one line, in reading order.
        measure: Tells the size and the foot of the glyph of a number. Boxes tell too little: some hold the ink alone.

    Returns:
        The same glyphs where none is raised. Characters that are put in have the number -1, and the box of what they
        stand beside.
    """
    usual = _usual(run)
    if usual is None or any(has_right_to_left(glyph.character) for glyph in run):
        return list(run)
    height = usual[0]
    levels = list(_levels(run, usual, measure))
    if not any(levels):
        return list(run)
    groups = [(level, [run[place] for place in places]) for level, places in _grouped(run, levels)]
    written: list[Glyph] = []
    was_raised = False
    for number, (level, glyphs) in enumerate(groups):
        is_raised = bool(level) and _stands_close(written, glyphs, groups[number + 1 :], height)
        if is_raised:
            _drop_spaces(written, glyphs[0], height)
            before = _text(written[-_CONTEXT:])
            after = "".join(_text(part) for _, part in groups[number + 1 : number + 3])
            written += _placed(_written(level, _text(glyphs), before, after), glyphs)
        elif was_raised:
            written += _behind_raised(glyphs, written, height)
        else:
            written += glyphs
        was_raised = is_raised
    return written


def _written(level: int, text: str, before: str, after: str) -> str:
    """Return what is written on the line for raised or lowered letters."""
    if level > 0 and text.isdecimal() and after.startswith(_STROKES):
        # The upper half of a fraction.
        return " " + text if before[-1:].isalnum() else text
    if text.isalpha() and after[:1].isalpha():
        # Letters of a word that are set like this, as in a trade mark.
        return text
    if not before.strip():
        # At the beginning of a line: the mark of the note that stands there.
        after = f" {after}"
    if level > 0:
        marks = _BRACKETED.findall(text) if _SEVERAL.fullmatch(text) else [text]
        return "".join(raised(mark, before, after) for mark in marks)
    return text if before.endswith(_STROKES) else lowered(text)


def _stands_close(
    written: Sequence[Glyph], glyphs: Sequence[Glyph], behind: Sequence[tuple[int, Sequence[Glyph]]], height: float
) -> bool:
    """Tell whether raised letters stand at a word, and are as few as powers and marks of notes are.

    Smaller words beside a line, such as a unit below a headline, are words like any others.
    """
    if not _SHORT.match(_text(glyphs)):
        return False
    box = glyphs[0].box
    before = next((glyph.box for glyph in reversed(written) if glyph.box), None)
    after = next((glyph.box for _, part in behind for glyph in part if glyph.box), None)
    last = next(glyph.box for glyph in reversed(glyphs) if glyph.box)
    if box is None or last is None:
        return False
    if before is not None and abs(box[0] - before[2]) < _NEAR * height:
        return True
    return before is None and after is not None and after[0] - last[2] < 2 * _NEAR * height


def _usual(run: Sequence[Glyph]) -> tuple[float, int] | None:
    """Return the height of most letters of a line, and the number of a glyph so high; None for a line of one height."""
    drawn = [glyph for glyph in run if glyph[2] and glyph[1] >= 0]
    heights = [box[3] - box[1] for _, _, box, _ in drawn if box]
    if not heights or round(min(heights), 1) == round(max(heights), 1):
        return None
    letters: Counter[float] = Counter()
    numbers: dict[float, int] = {}
    for glyph, height in zip(drawn, heights, strict=True):
        height = round(height, 1)
        letters[height] += len(glyph.character)
        numbers.setdefault(height, glyph.number)
    # The larger of two that are as frequent.
    height = max(letters, key=lambda each: (letters[each], each))
    return (height, numbers[height]) if height > 0 else None


def _levels(run: Sequence[Glyph], usual: tuple[float, int], measure: Measure) -> Iterator[int]:
    """Yield 1 for each raised glyph, -1 for each lowered one, else 0."""
    height, number = usual
    size, foot = measure(number)
    for glyph in run:
        box = glyph.box
        if box is None or glyph.number < 0 or box[3] - box[1] >= height or len(glyph.character) > _LONGEST:
            yield 0
            continue
        own_size, own_foot = measure(glyph.number)
        above = own_foot - foot
        is_small = 0 < own_size <= _SMALL * size
        yield 0 if not is_small else 1 if above > _RAISED * size else -1 if above < _LOWERED * size else 0


def _grouped(run: Sequence[Glyph], levels: list[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield the places of glyphs that are raised or lowered together; a space alone parts nothing."""
    whole = list(levels)
    for place in range(1, len(run) - 1):
        if run[place].box is None and levels[place - 1] == levels[place + 1] != 0:
            whole[place] = levels[place - 1]
    for level, group in groupby(range(len(run)), key=whole.__getitem__):
        places = list(group)
        # Signs alone, such as an apostrophe, are no words that were raised.
        has_words = any(character.isalnum() for place in places for character in run[place].character)
        yield (level if has_words else 0), places


def _behind_raised(glyphs: list[Glyph], written: Sequence[Glyph], height: float) -> list[Glyph]:
    """Return glyphs that stand behind raised ones: without a space where there is no gap, but apart from a mark."""
    first = next((glyph for glyph in glyphs if glyph.box), None)
    last = written[-1].box
    if first is None or first.box is None or last is None or first.box[0] - last[2] >= _GAP * height:
        return glyphs
    while glyphs[0].box is None:
        glyphs = glyphs[1:]
    is_mark = written[-1].number < 0 and written[-1].character == "]"
    return [Glyph(" ", -1), *glyphs] if is_mark and first.character[0].isalnum() else glyphs


def _drop_spaces(written: list[Glyph], glyph: Glyph, height: float) -> None:
    """Take back the spaces before a raised glyph that stands close to what is before them."""
    drawn = next((before for before in reversed(written) if before.box), None)
    if drawn is None or drawn.box is None or glyph.box is None or glyph.box[0] - drawn.box[2] >= _GAP * height:
        return
    while written and written[-1].box is None:
        written.pop()


def _text(glyphs: Sequence[Glyph]) -> str:
    return "".join(glyph.character for glyph in glyphs)


def _placed(words: str, glyphs: list[Glyph]) -> Iterator[Glyph]:
    """Yield what is written for some glyphs, with the number of the glyph behind each character, or -1."""
    numbered = [
        (character, glyph.number + place, glyph.box)
        for glyph in glyphs
        for place, character in enumerate(glyph.character)
    ]
    box: Box | None = numbered[0][2]
    text = "".join(character for character, _, _ in numbered)
    if len(words) == len(text):
        yield from (Glyph(new, number, at) for new, (_, number, at) in zip(words, numbered, strict=True))
        return
    start = words.find(text)
    if start < 0:
        yield from (Glyph(new, numbered[0][1] if new.strip() else -1, box if new.strip() else None) for new in words)
        return
    for new in words[:start]:
        yield Glyph(new, -1, box if new.strip() else None)
    for new, number, at in numbered:
        yield Glyph(new, number, at)
    for new in words[start + len(text) :]:
        yield Glyph(new, -1, numbered[-1][2] if new.strip() else None)
