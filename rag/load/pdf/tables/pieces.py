"""Cut the lines of a page into pieces, and see which pieces stand beside each other, however they were drawn.

Owns: what is a figure, a name of a period, a sign drawn apart from its number. Knows nothing about tables. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from rag.load.pdf.types import Box, Line, Piece, enclosing_box

# Two spaces stand between two cells of a line.
_BETWEEN_CELLS = 2
# Pieces that share this part of their height stand beside each other.
_BESIDE = 0.6
_CURRENCY = re.compile(r"(?:[A-Z]{1,3})?[$€£¥]$")
_NUMBER_START = re.compile(r"[-+(\d.–—−]")
_NUMBER_END = re.compile(r"(?:\)|%|\)\s?%|pts?\.?|bps)$")
_FIGURE = re.compile(
    r"[<>≤≥~≈]?\s?[-+(–—−]{0,2}\s?(?:[A-Z]{1,3})?[$€£¥]?\s?[-+(–—−]?\s?\.?\d[\d.,'’]*(?: \d{3}(?!\d))*\s?"
    r"(?:%|[kKmMxX]|bn|pts?\.?|bps|pp)?\s?\)?\s?%?\s?(?:\*{1,3}|†|‡|\(\d\)|\([a-z]\))?$"
)
_NOTHING = re.compile(r"(?:[$€£¥]\s?)?(?:[-–—−]{1,3}|n/?a|N/?A|N/?M|nm)\s?%?$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Two years that are compared: "21/20".
_YEARS = re.compile(r"\d\d ?(?:/|vs?\.?) ?\d\d")
_MONTH = re.compile(
    r"\b(?:(?:weeks|months|quarters?|years?|periods?) end(?:ed|ing)|q[1-4]|fy ?\d\d|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?",
    re.I,
)
# How a text with a figure begins: "230 V", "$10.95 billion".
_VALUE_START = re.compile(r"[<>≤≥~≈]?\s?[-+(–—−]?\s?(?:[A-Z]{1,3})?[$€£¥]?\s?[-+(–—−]?\s?\.?\d")
# A name of a column, such as "1-3 Years" or "5-15".
_DURATION = re.compile(
    r"\d{1,2}(?:\s?[-–]\s?\d{1,2})? (?:years?|months?|weeks?|days?|quarters?)|\d{1,2}[-–]\d{1,2}", re.I
)
# Marks of footnotes behind a name.
_MARKS = re.compile(r"(?<=\w)(?:\s?\((?:\d{1,2}|[a-z])\)){1,4}$")
# No space stands behind the first or before the second in a number.
_OPENING, _CLOSING = "$€£¥(+-–—−", "%)"
# A footnote's mark stands at most so many heights of a line behind words.
_MARK = re.compile(r"(?:\(\d{1,2}\)|\([a-z]\)|[*†‡®™℠]|\s){1,8}$")
_MARK_GAP = 2.5
_DAY = re.compile(r"\d{1,2},?$")
# Boxes to tick, and ticks.
_BOXES = frozenset("☐☑☒✓✔✗✘■□")
_ONE_YEAR = r"(?:19|20)\d\d"
_ONE_DATE = r"(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2},"
_ONE_NUMBER = r"(?:[$€£¥] ?)?(?:\(?[$€£¥]? ?\d[\d.,:]{0,20}\)?(?: ?%\)?)?|[–—-])"
_REPEATED = tuple(re.compile(rf"{one}(?: {{1,3}}{one}){{1,30}}") for one in (_ONE_YEAR, _ONE_DATE, _ONE_NUMBER))
_ONE_OF_REPEATED = dict(zip(_REPEATED, map(re.compile, (_ONE_YEAR, _ONE_DATE, _ONE_NUMBER)), strict=True))
# How each of these begins: a figure, a sign before one, a month.
_MAY_BE_SEVERAL = re.compile(r"[\d$€£¥(–—JFMASOND-]")
# Names of two columns that look like the signs of one figure.
_SIGNS_APART = re.compile(r"([$€£¥]) +(%)")
# A piece that holds several figures has at most so many characters.
_LONGEST_ROW = 200
# The same texts of a page are looked at over and over again.
_REMEMBERED = 2048
# Longer texts, in characters, are no figure.
_LONGEST_FIGURE = 40


def line_pieces(line: Line, line_number: int) -> list[Piece]:
    """Return the pieces that wide gaps cut a line into, signs with their numbers.

    Args:
        line: A line.
        line_number: Its number in the page.

    Returns:
        Pieces from the left.
    """
    pieces: list[Piece] = []
    start = 0
    for cell in line.cells:
        end = start + len(cell.text)
        box = (min(cell.x0, cell.x1), line.box[1], max(cell.x0, cell.x1), line.box[3])
        piece = Piece(cell.text, line.glyph_numbers[start:end], box, line_number, line.height, line.bold)
        pieces += _parted(piece)
        start = end + _BETWEEN_CELLS
    return pieces


def _parted(piece: Piece) -> list[Piece]:
    """Return the parts of a piece that holds several figures, years or dates: too narrow a gap parts their columns.

    The boxes of the parts are estimated by their shares of the letters.
    """
    text = piece.text
    if " " not in text or len(text) > _LONGEST_ROW or not _MAY_BE_SEVERAL.match(text):
        return [piece]
    if apart := _SIGNS_APART.fullmatch(text):
        x0, y0, x1, y1 = piece.box
        middle = (x0 + x1) / 2
        return [
            replace(piece, text=piece.text[start:end], glyph_numbers=piece.glyph_numbers[start:end], box=box)
            for (start, end), box in zip(
                (apart.span(1), apart.span(2)),
                ((x0, y0, min(x0 + piece.height, middle), y1), (max(x1 - piece.height, middle), y0, x1, y1)),
                strict=True,
            )
        ]
    if is_figure(text):
        return [piece]
    pattern = next((pattern for pattern in _REPEATED if pattern.fullmatch(text)), None)
    if pattern is None:
        return [piece]
    x0, y0, x1, y1 = piece.box
    width = (x1 - x0) / len(text)
    return [
        Piece(
            piece.text[match.start() : match.end()],
            piece.glyph_numbers[match.start() : match.end()],
            (x0 + match.start() * width, y0, x0 + match.end() * width, y1),
            piece.line_number,
            piece.height,
            piece.bold,
        )
        for match in _ONE_OF_REPEATED[pattern].finditer(text)
    ]


def visual_lines(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return the pieces that stand beside each other, from the top; those of a line from the left.

    Args:
        pieces: Pieces in any order.

    Returns:
        Lines of at least one piece; signs are joined to their numbers.
    """
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.box[1] + piece.box[3], piece.box[0])):
        if lines and _is_beside(piece.box, lines[-1][0].box):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [_joined_signs(sorted(line, key=lambda piece: piece.box[0])) for line in lines]


@lru_cache(maxsize=_REMEMBERED)
def is_figure(text: str) -> bool:
    """Tell whether a text is a number, with its signs, or a dash for none; a year is one, too."""
    return len(text) <= _LONGEST_FIGURE and bool(_FIGURE.match(text) or _NOTHING.match(text))


def is_nothing(text: str) -> bool:
    """Tell whether a text stands for no figure: a dash, "n/a"."""
    return bool(_NOTHING.match(text[:_LONGEST_FIGURE]))


def has_box(text: str) -> bool:
    """Tell whether a text holds a box to tick, or a tick."""
    return not _BOXES.isdisjoint(text)


@lru_cache(maxsize=_REMEMBERED)
def has_value(text: str) -> bool:
    """Tell whether a text holds a figure that names no period: "14,514", "230 V", "—"; not "2024" or "June 30,"."""
    if is_nothing(text) or has_box(text):
        return True
    text = _MARKS.sub("", text)
    if len(text) > _LONGEST_FIGURE or text.endswith(",") or _DURATION.fullmatch(text):
        return False
    return (is_figure(text) or _VALUE_START.match(text) is not None) and not names_period(text)


def names_period(text: str) -> bool:
    """Tell whether a text names a year or a date, as the names of columns do."""
    if _YEARS.fullmatch(text):
        return True
    year = _YEAR.search(text)
    if year and not is_figure(text):
        return True
    is_bare_year = year is not None and year.group() == text.strip(" ()")
    return is_bare_year or (_MONTH.search(text) is not None and len(text) <= _LONGEST_FIGURE)


def tidy(piece: Piece) -> None:
    """Take the spaces out of a number between its signs: "$ 14,514" and "(5) %"."""
    if not is_figure(piece.text) or " " not in piece.text:
        return
    kept = [
        at
        for at, character in enumerate(piece.text)
        if character != " " or not (piece.text[at - 1] in _OPENING or piece.text[at + 1] in _CLOSING)
    ]
    piece.text = "".join(piece.text[at] for at in kept)
    piece.glyph_numbers = [piece.glyph_numbers[at] for at in kept]


def _is_beside(box: Box, other: Box) -> bool:
    overlap = min(box[3], other[3]) - max(box[1], other[1])
    return overlap > _BESIDE * min(box[3] - box[1], other[3] - other[1])


def _joined_signs(line: list[Piece]) -> list[Piece]:
    """Return a line with currency signs before, and percent signs and parentheses behind, joined to their numbers."""
    joined: list[Piece] = []
    for piece in line:
        before = joined[-1] if joined else None
        opens = before is not None and _CURRENCY.match(before.text) and _NUMBER_START.match(piece.text)
        marks = before is not None and (_is_mark(piece, before) or _is_day(piece, before))
        closes = before is not None and _NUMBER_END.match(piece.text) and is_figure(before.text + piece.text)
        if before is not None and (opens or closes or marks):
            space = " " if marks else ""
            joined[-1] = Piece(
                before.text + space + piece.text,
                before.glyph_numbers + [-1] * len(space) + piece.glyph_numbers,
                enclosing_box((before.box, piece.box)),
                before.line_number,
                before.height,
                before.bold,
            )
        else:
            joined.append(piece)
    for piece in joined:
        tidy(piece)
    return joined


def _is_mark(piece: Piece, before: Piece) -> bool:
    """Tell whether a piece is the mark of a footnote behind words: near to them, a number in parentheses."""
    is_near = piece.box[0] - before.box[2] < _MARK_GAP * piece.height
    return is_near and _MARK.match(piece.text) is not None and not is_figure(before.text)


def _is_day(piece: Piece, before: Piece) -> bool:
    """Tell whether a piece is the day that a month before it belongs to."""
    is_near = piece.box[0] - before.box[2] < _MARK_GAP * piece.height
    return is_near and _DAY.match(piece.text) is not None and _MONTH.fullmatch(before.text) is not None


def gaps(lines: Sequence[Sequence[Piece]]) -> list[float]:
    """Return the white space below each line but the last, in points; below 0 where two overlap."""
    boxes = [enclosing_box([piece.box for piece in line]) for line in lines]
    return [below[1] - above[3] for above, below in pairwise(boxes)]
