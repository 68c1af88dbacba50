"""Lines, paragraphs and table rows, from where glyphs stand on a page.

Owns: the geometry of one page, and the text of each of its pieces with the glyph behind each character. Knows nothing
about PDF files: it is handed glyphs in points from the top left of a page whose text stands upright, and gives the same
pieces for the same glyphs each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from rag.types import BlockKind

Box = tuple[float, float, float, float]

# In heights of a line: a gap this wide separates two cells, and before a currency sign a narrower one does.
_CELL_GAP = 1.2
_CURRENCY_GAP = 0.5
_CURRENCIES = "$€£¥"
_ITEM = re.compile(r"(?:[•◦▪‣●○■□–\uf0b7]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxlc]{1,5}\))\s")
_MARKER = re.compile(r"(?:[•◦▪‣●○■□–\uf0b7]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxlc]{1,5}\)|\(\d\))$")
_HYPHENS = "-\xad"
_YEAR = re.compile(r"(?:19|20)\d\d$")
_PREFIXES = frozenset(
    "all anti co cross ex full half high in long low mid multi non off on pre self short so well".split()
)
_ENDS = (".", "!", "?", ":", ";", '."', ".”", ".)")


class Glyph(NamedTuple):
    """A character, its number in the page, and its box; white space has none."""

    character: str
    number: int
    box: Box | None = None


@dataclass(slots=True)
class Cell:
    """Glyphs of a line that no wide gap parts."""

    text: str
    x0: float
    x1: float


@dataclass(slots=True)
class Line:
    """A line as the reader sees it: its characters, the glyph number of each (-1 for a space put in) and its box."""

    characters: list[str]
    numbers: list[int]
    box: Box
    height: float
    cells: list[Cell]
    bold: bool = False

    @property
    def text(self) -> str:
        return "".join(self.characters)


@dataclass(slots=True)
class LayoutBlock:
    """A block of a page: its lines, and its text with the glyph number and the line behind each character."""

    kind: BlockKind
    lines: list[Line]
    text: str = ""
    numbers: list[int] = field(default_factory=list)
    line_numbers: list[int] = field(default_factory=list)
    header: str = ""
    names_columns: bool = False

    @property
    def height(self) -> float:
        return median(line.height for line in self.lines)

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)


def layout_blocks(rows: Sequence[Sequence[Glyph]], is_bold: Callable[[int], bool]) -> list[LayoutBlock]:
    """The blocks of a page. ``rows`` are runs of glyphs that stand on a line, in reading order; ``is_bold`` tells
    whether the font of a glyph is heavy."""
    lines = [line for line in map(_line, _joined(rows)) if line is not None]
    for line in lines:
        visible = [number for number in line.numbers if number >= 0]
        line.bold = is_bold(visible[0]) and is_bold(visible[-1])
    found = _grouped(lines)
    words = {word.strip(".,;:()").lower() for line in lines for word in line.text.split()}
    first = 0
    for piece in found:
        _set_text(piece, words, first)
        first += len(piece.lines)
    _name_columns(found)
    return found


def _visible(row: Sequence[Glyph]) -> list[Box]:
    return [glyph.box for glyph in row if glyph.box]


def _bounds(boxes: Sequence[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _joined(rows: Sequence[Sequence[Glyph]]) -> list[list[Glyph]]:
    """Runs that stand beside each other on one line, joined: a label and its numbers are often drawn apart."""
    joined: list[list[Glyph]] = []
    last: Box | None = None
    for row in rows:
        boxes = _visible(row)
        if not boxes:
            continue
        box = _bounds(boxes)
        if last is not None and _beside(last, box):
            joined[-1] += [Glyph(" ", -1), *row]
            last = _bounds((last, box))
        else:
            joined.append(list(row))
            last = box
    return joined


def _beside(left: Box, right: Box) -> bool:
    height = min(left[3] - left[1], right[3] - right[1])
    overlap = min(left[3], right[3]) - max(left[1], right[1])
    return overlap > 0.6 * height and right[0] > left[2] - 0.2 * height


def _line(row: Sequence[Glyph]) -> Line | None:
    boxes = _visible(row)
    if not boxes:
        return None
    height = median(box[3] - box[1] for box in boxes) or 1.0
    characters: list[str] = []
    numbers: list[int] = []
    cells: list[Cell] = []
    before: Box | None = None
    spaces: list[int] = []
    begin, cell_x0 = 0, boxes[0][0]
    for glyph in row:
        box = glyph.box
        if box is None:
            spaces.append(glyph.number)
            continue
        if before is not None:
            gap = box[0] - before[2]
            wide = gap > _CELL_GAP * height and characters[-1] not in _CURRENCIES
            money = glyph.character in _CURRENCIES and gap > _CURRENCY_GAP * height
            if wide or money:
                cells.append(Cell("".join(characters[begin:]), cell_x0, before[2]))
                characters += "  "
                numbers += ([*spaces, -1, -1])[:2]
                begin = len(characters)
            elif spaces:
                characters.append(" ")
                numbers.append(spaces[0])
        if begin == len(characters):
            cell_x0 = box[0]
        characters.append(glyph.character)
        numbers.append(glyph.number)
        spaces = []
        before = box
    assert before is not None
    cells.append(Cell("".join(characters[begin:]), cell_x0, before[2]))
    return Line(characters, numbers, _bounds(boxes), height, cells)


def _is_row(line: Line) -> bool:
    cells = line.cells[1:] if _MARKER.match(line.cells[0].text) else line.cells
    if len(cells) < 2:
        return False
    widest = max(right.x0 - left.x1 for left, right in pairwise(cells))
    figures = any(character.isdecimal() for cell in cells[1:] for character in cell.text)
    return figures or len(cells) > 2 or widest > 2 * line.height


def _grouped(lines: list[Line]) -> list[LayoutBlock]:
    gaps = [below.box[1] - above.box[3] for above, below in pairwise(lines)]
    usual = median([gap for gap in gaps if gap > -0.5] or [0.0])
    found: list[LayoutBlock] = []
    for line in lines:
        if _is_row(line):
            if found and _is_label_above(found[-1], line) and _continues(found[-1], line, usual):
                found[-1].kind = "row"
                found[-1].lines.append(line)
            else:
                found.append(LayoutBlock("row", [line]))
        elif found and found[-1].kind != "row" and not _ITEM.match(line.text) and _continues(found[-1], line, usual):
            found[-1].lines.append(line)
        else:
            found.append(LayoutBlock("item" if _ITEM.match(line.text) else "paragraph", [line]))
    return found


def _is_label_above(piece: LayoutBlock, line: Line) -> bool:
    """Whether a row's label began on the lines above: it goes on with a small letter."""
    short = piece.kind == "paragraph" and len(piece.lines) <= 3
    return short and line.characters[0].islower() and not piece.lines[-1].text.endswith(_ENDS)


def _continues(piece: LayoutBlock, line: Line, usual: float) -> bool:
    """Whether a line goes on with the paragraph above it: near, of its size and weight, and not indented anew."""
    above = piece.lines[-1]
    height = min(above.height, line.height)
    gap = line.box[1] - above.box[3]
    if gap > max(0.4 * height, min(usual, height) * 1.3 + 0.1 * height) or gap < -0.8 * height:
        return False
    if abs(above.height - line.height) > 0.15 * height or above.bold != line.bold:
        return False
    if line.box[0] > above.box[2] or line.box[2] < above.box[0]:
        return False
    if len(piece.lines) == 1 and _names(above, line):
        return False
    if piece.kind == "item" and line.box[0] < piece.lines[0].box[0] - 0.5 * height:
        return False
    widest = max(part.box[2] for part in piece.lines)
    indent = line.box[0] - above.box[0]
    ended = above.text.endswith(_ENDS)
    if ended and above.box[2] < widest - 0.25 * (widest - above.box[0]):
        return False
    return not (ended and indent > height and len(piece.lines) > 1)


def _names(above: Line, line: Line) -> bool:
    """Whether a line is the name of what stands below it: a paragraph's first line would have gone on to its end."""
    short = above.box[2] - above.box[0] < 0.4 * (line.box[2] - line.box[0])
    flush = abs(line.box[0] - above.box[0]) < 0.5 * line.height
    return short and flush and not above.text.endswith(("-", ",")) and not line.characters[0].islower()


def _set_text(piece: LayoutBlock, words: set[str], first: int) -> None:
    """Join the lines of a piece with spaces, and the halves of a word that was broken at the end of a line."""
    characters: list[str] = []
    for number, line in enumerate(piece.lines):
        if number:
            above = piece.lines[number - 1]
            if above.characters[-1] in _HYPHENS:
                if _is_broken(above.text, line.text, words):
                    characters.pop()
                    piece.numbers.pop()
                    piece.line_numbers.pop()
            else:
                characters.append(" ")
                piece.numbers.append(-1)
                piece.line_numbers.append(first + number - 1)
        characters += line.characters
        piece.numbers += line.numbers
        piece.line_numbers += [first + number] * len(line.characters)
    piece.text = "".join(characters)


def _is_broken(above: str, below: str, words: set[str]) -> bool:
    """Whether a hyphen at the end of a line was put there to break a word, and is not part of it.

    Only small letters are joined, and never where the page itself writes the word with a hyphen, or goes on with one
    ("year-", "over-year").
    """
    left = re.search(r"([^\W\d_]+)[-\xad]$", above[-40:])
    right = re.match(r"[^\W\d_]+", below[:40])
    if left is None or right is None:
        return False
    head, tail = left.group(1), right.group(0)
    if not head[1:].islower() or not tail.islower() or head.lower() in _PREFIXES:
        return False
    if re.match(r"[-\xad]\w", below[right.end() : right.end() + 2]):
        return False
    return f"{head}-{tail}".lower() not in words


def _name_columns(found: list[LayoutBlock]) -> None:
    """Give the rows of a table the names that stand above its columns, and the label of their section."""
    number = 0
    inherited, width = "", 0
    while number < len(found):
        if not _has_figures(found[number]):
            number += 1
            continue
        end = _table_end(found, number)
        rows = [piece for piece in found[number:end] if piece.kind == "row"]
        columns = _columns(rows)
        names = _column_names(rows[0], columns, found[max(0, number - 16) : number])
        if not names and len(columns) == width:
            # A long table goes on below a line of text.
            names = inherited
        inherited, width = names, len(columns)
        section = found[number - 1].text if number and _is_section(found[number - 1]) else ""
        for piece in found[number:end]:
            if piece.kind != "row":
                section = piece.text if _is_section(piece) else ""
                continue
            piece.header = " | ".join(filter(None, (section.rstrip(":"), names)))[:300]
            if piece.text.startswith("Total"):
                section = ""
        number = end


def _has_figures(piece: LayoutBlock) -> bool:
    """Whether a row has figures beside its label. Years and dates are none: they name columns."""
    if piece.kind != "row":
        return False
    cells = piece.lines[-1].cells[1:]
    return any(any(character.isdecimal() for character in cell.text) and not _YEAR.search(cell.text) for cell in cells)


def _table_end(found: list[LayoutBlock], begin: int) -> int:
    """The number of the piece after a table: rows, with at most three labels of one line between two of them."""
    end = number = begin + 1
    while number < len(found) and number - end <= 3:
        piece = found[number]
        number += 1
        if _has_figures(piece):
            end = number
        elif piece.kind == "row" or len(piece.lines) > 1 or len(piece.text) > 80:
            break
    return end


def _is_section(piece: LayoutBlock) -> bool:
    return piece.kind == "paragraph" and piece.text.endswith(":") and len(piece.text) <= 80


def _column_names(row: LayoutBlock, columns: list[tuple[float, float]], above: list[LayoutBlock]) -> str:
    """The words that stand above each column, from the pieces above the first row."""
    if not columns:
        return ""
    labels_end = min(column[0] for column in columns) - 5 * row.height
    top = row.lines[0].box[1]
    # The words above each column, lowest first.
    names: list[list[str]] = [[] for _ in columns]
    seen = False
    for piece in reversed(above):
        if _is_section(piece) and not seen:
            continue
        cells = [cell for line in reversed(piece.lines) for cell in line.cells]
        right = [cell for cell in cells if cell.x0 >= labels_end and len(cell.text) <= 60]
        below = any(line.box[3] > top + 0.5 * line.height for line in piece.lines)
        if not right or below or len(right) < len(cells) - 1 or _has_figures(piece) or piece.text.startswith("("):
            break
        taken = False
        for cell in right:
            for name, (x0, x1) in zip(names, columns, strict=True):
                if min(cell.x1, x1) > max(cell.x0, x0):
                    name.append(cell.text)
                    taken = True
        if not taken:
            break
        seen = piece.names_columns = True
    joined = (" ".join(reversed(name)) for name in names)
    return " | ".join(dict.fromkeys(filter(None, joined)))


def _columns(rows: list[LayoutBlock]) -> list[tuple[float, float]]:
    """The horizontal extent of each column after the first, from the cells of all rows."""
    extents = sorted((cell.x0, cell.x1) for row in rows for cell in row.lines[-1].cells[1:] if len(cell.text) <= 40)
    columns: list[tuple[float, float]] = []
    for x0, x1 in extents:
        if columns and x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], x1))
        else:
            columns.append((x0, x1))
    return columns if len(columns) <= 20 else []
