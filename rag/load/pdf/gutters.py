"""Read columns of text one after the other, where a page draws them row by row.

Owns: what a gutter between columns is, and what tells columns of text from the columns of a table: in text each line
goes on in the one below it. Knows nothing about PDF files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rag.load.pdf.types import Box, Glyph, enclosing_box
from rag.text.scripts import is_unspaced

# In heights of a line: the least width of a gutter, and the most between two lines of one column.
_GUTTER, _LINE_GAP = 0.9, 1.8
_FEWEST_ROWS, _MOST_COLUMNS = 3, 6
# The share of lines that go on below; and of lines that are figures.
_FLOWING, _MOST_FIGURES = 0.5, 0.2
# Lines of text have so many words; cells of tables fewer.
_FEWEST_WORDS = 2.5
# A line of a script without capitals goes on where it fills so much of its column.
_FULL = 0.85
_ENDS = (".", "!", "?", ":", "。", "؟", "۔")

Run = list[Glyph]


@dataclass(slots=True)
class _Part:
    """What stands on a line between two wide gaps."""

    glyphs: Run
    box: Box

    @property
    def text(self) -> str:
        return "".join([glyph[0] for glyph in self.glyphs]).strip()


@dataclass(slots=True)
class _Column:
    x0: float
    x1: float
    parts: list[_Part] = field(default_factory=list)


@dataclass(slots=True)
class _Band:
    """Lines below each other that the same gutters part."""

    columns: list[_Column] = field(default_factory=list)
    lines: list[Run] = field(default_factory=list)
    rows: int = 0
    foot: float = 0.0


def read_columns(lines: Sequence[Run]) -> list[Run]:
    """Return the lines of a page with columns of text that were drawn row by row one after the other.

    Args:
        lines: The lines, from the top; one that reaches over several columns holds the words of all of them.

    Returns:
        The same glyphs. Lines of tables stay as they are.
    """
    starts = [_part_starts(line) for line in lines]
    parted = {
        number: _parts(line, of) for number, (line, of) in enumerate(zip(lines, starts, strict=True)) if len(of) > 1
    }
    if sum(map(_may_be_text, parted.values())) < _FEWEST_ROWS - 1:
        return list(lines)
    parts_of_lines = [parted.get(number) or _parts(line, starts[number]) for number, line in enumerate(lines)]
    ordered: list[Run] = []
    band = _Band()
    for line, parts in zip(lines, parts_of_lines, strict=True):
        if parts and _add(band, line, parts):
            continue
        ordered += _read(band)
        band = _Band()
        if not parts or not _add(band, line, parts):
            ordered.append(line)
    return [*ordered, *_read(band)]


def _part_starts(line: Run) -> list[int]:
    """Return the places where the parts of a line between gaps as wide as a gutter begin; none of an empty line."""
    boxes = [glyph[2] for glyph in line if glyph[2]]
    if not boxes:
        return []
    gap = _GUTTER * max(box[3] - box[1] for box in boxes)
    if not any(right[0] - left[2] > gap for left, right in pairwise(boxes)):
        return [0]
    starts = [0]
    end = boxes[0][2]
    for place, glyph in enumerate(line):
        if glyph.box:
            if glyph.box[0] - end > gap:
                starts.append(place)
            end = glyph.box[2]
    return starts


def _parts(line: Run, starts: Sequence[int]) -> list[_Part]:
    """Return the parts of a line that begin at some places."""
    parts = (line[start:end] for start, end in pairwise((*starts, len(line))))
    return [_Part(part, enclosing_box([glyph.box for glyph in part if glyph.box])) for part in parts]


def _may_be_text(parts: Sequence[_Part]) -> bool:
    """Tell whether two parts of a line have several words each, or are of a script without spaces."""
    return sum(part.text.count(" ") >= _FEWEST_WORDS - 1 or is_unspaced(part.text) for part in parts) > 1


def _add(band: _Band, line: Run, parts: list[_Part]) -> bool:
    """Add a line to a band; return False, and add nothing, where it does not stand in the band's columns."""
    top, foot = min(part.box[1] for part in parts), max(part.box[3] for part in parts)
    height = min(part.box[3] - part.box[1] for part in parts)
    if len(parts) > _MOST_COLUMNS:
        return False
    is_far = not -height < top - band.foot < _LINE_GAP * height
    if band.lines and (is_far or (len(parts) > 1 and not band.rows)):
        return False
    placed: list[tuple[_Part, _Column]] = []
    columns = list(band.columns)
    for part in parts:
        below = [column for column in columns if column.x0 < part.box[2] and column.x1 > part.box[0]]
        if len(below) > 1 or (below and any(column is below[0] for _, column in placed)):
            return False
        column = below[0] if below else _Column(part.box[0], part.box[2])
        if not below:
            columns.append(column)
        placed.append((part, column))
    columns.sort(key=lambda column: column.x0)
    # A line that reaches into a gutter closes it.
    widened = {id(column): (column.x0, column.x1) for column in columns}
    for part, column in placed:
        x0, x1 = widened[id(column)]
        widened[id(column)] = min(x0, part.box[0]), max(x1, part.box[2])
    extents = [widened[id(column)] for column in columns]
    if any(right[0] - left[1] < _GUTTER * height for left, right in pairwise(extents)):
        return False
    if len(columns) > _MOST_COLUMNS:
        return False
    for column in columns:
        column.x0, column.x1 = widened[id(column)]
    for part, column in placed:
        column.parts.append(part)
    band.columns = columns
    band.lines.append(line)
    band.rows += len(parts) > 1
    band.foot = foot
    return True


def _read(band: _Band) -> Iterator[Run]:
    """Yield the lines of a band: a column after the other where they hold text, else as they were drawn."""
    if band.rows < _FEWEST_ROWS or not _hold_text(band.columns):
        yield from band.lines
        return
    for column in band.columns:
        for part in column.parts:
            yield part.glyphs


def _hold_text(columns: Sequence[_Column]) -> bool:
    """Tell whether columns hold running text: in each of them, most lines go on in the one below."""
    if len(columns) < 2 or any(len(column.parts) < _FEWEST_ROWS for column in columns):
        return False
    return all(_flows(column) for column in columns)


def _flows(column: _Column) -> bool:
    texts = [part.text for part in column.parts]
    words = sum(sum(map(str.isalpha, word)) > 1 for text in texts for word in text.split())
    if words < _FEWEST_WORDS * len(texts) and not any(map(is_unspaced, texts)):
        return False
    figures = sum(not any(map(str.isalpha, text)) for text in texts)
    if figures > _MOST_FIGURES * len(texts):
        return False
    going_on = stopping = 0
    for part, text, below in zip(column.parts, texts, texts[1:], strict=False):
        if text.endswith(_ENDS):
            continue
        first = below[:1]
        is_cased = first.lower() != first.upper()
        is_full = part.box[2] - part.box[0] > _FULL * (column.x1 - column.x0)
        if first.islower() or (is_full and not is_cased and first.isalpha()) or text.endswith(("-", ",")):
            going_on += 1
        else:
            stopping += 1
    return going_on >= 2 and going_on >= _FLOWING * (going_on + stopping)
