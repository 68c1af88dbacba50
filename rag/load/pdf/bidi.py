"""Put the glyphs of Arabic and Hebrew lines into the order in which they are read.

Owns: the order of right-to-left words, of numbers and Latin words among them, and of signs that join two letters. It
goes by where the glyphs stand: files hold such lines in the order of reading, of drawing, or of neither. Knows nothing
about PDF files.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections import deque
from collections.abc import Iterator, Sequence

from rag.load.pdf.types import Box, Glyph, enclosing_box

_LETTER = r"[\u0590-\u05ff\u0620-\u064a\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
_RIGHT_TO_LEFT = re.compile(_LETTER)
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z\u00aa-\u02af\u0370-\u052f]")
# A number, which is read from the left among words that are read from the right.
_NUMBER = re.compile(r"\d(?:[\d.,:/٫٬-]*\d)?")
# What stands between right-to-left words of a line that is read from the left.
_RIGHT_TO_LEFT_WORDS = re.compile(rf"{_LETTER}(?:[^A-Za-z\u00aa-\u02af\u0370-\u052f]*{_LETTER})?")
_PRESENTATION_FORMS = re.compile(r"[\ufb1d-\ufdff\ufe70-\ufefc]")
_LAM, _ALEFS = "ل", "اأإآٱ"
_BRACKETS = ("()", "[]", "{}", "«»", "<>")
# In heights of the line: a gap between two words, where the file has a space there too, and where it has none.
_GAP_WITH_SPACE, _GAP = 0.12, 0.22


def has_right_to_left(text: str) -> bool:
    """Tell whether a text has right-to-left letters."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def reads_from_right(text: str) -> bool:
    """Tell whether most letters of a text are right-to-left letters."""
    return len(_RIGHT_TO_LEFT.findall(text)) > len(_LEFT_TO_RIGHT.findall(text))


def in_reading_order(runs: Sequence[Sequence[Glyph]]) -> list[list[Glyph]]:
    """Return runs of glyphs with right-to-left words in the order of reading.

    Args:
        runs: Runs, each glyph of right-to-left words by itself; several may stand on one line.

    Returns:
        A run a line where there are such words; other runs as they are.
    """
    ordered: list[list[Glyph]] = []
    for line in _lines(runs):
        text = "".join(glyph.character for glyph in line)
        ordered.append(_ordered(line, reads_from_right(text)) if has_right_to_left(text) else list(line))
    return ordered


def mirrored(box: Box) -> Box:
    """Return a box as in a mirror, so that what is read first stands to the left."""
    return (-box[2], box[1], -box[0], box[3])


def _lines(runs: Sequence[Sequence[Glyph]]) -> Iterator[list[Glyph]]:
    """Yield the runs, those joined that follow one another on a line with right-to-left words."""
    line: list[Glyph] = []
    line_box: Box | None = None
    from_right = False
    for run in runs:
        boxes = [glyph.box for glyph in run if glyph.box]
        box = enclosing_box(boxes) if boxes else None
        run_from_right = has_right_to_left("".join(glyph.character for glyph in run))
        if box and line_box and (from_right or run_from_right) and _are_level(box, line_box):
            line += run
            line_box, from_right = enclosing_box((box, line_box)), True
            continue
        if line:
            yield line
        line, line_box, from_right = list(run), box, run_from_right
    if line:
        yield line


def _are_level(box: Box, other: Box) -> bool:
    height = min(box[3] - box[1], other[3] - other[1])
    return min(box[3], other[3]) - max(box[1], other[1]) > 0.6 * height


def _ordered(line: Sequence[Glyph], from_right: bool) -> list[Glyph]:
    visual = list(_spaced(_from_left(line), _word_numbers(line)))
    text = "".join(glyph.character[0] for glyph in visual)
    order = _order(text, from_right)
    glyphs: list[Glyph] = []
    for start, end, is_reversed in order:
        part = visual[start:end]
        if is_reversed:
            glyphs += reversed(part)
        else:
            # Read against the line's direction: all of it stands in one place of the line.
            box = enclosing_box([glyph.box for glyph in part if glyph.box])
            glyphs += [glyph._replace(box=box) if glyph.box and from_right else glyph for glyph in part]
    return _with_brackets([plain for glyph in glyphs for plain in _plain(glyph)])


def _order(text: str, from_right: bool) -> list[tuple[int, int, bool]]:
    """Return the parts of a line in the order of reading, and whether each is read from the right.

    Args:
        text: The line as it is seen, from the left.
        from_right: Whether the line as a whole is read from the right.
    """
    parts: list[tuple[int, int, bool]] = []
    if from_right:
        for start, end in _left_to_right_parts(text):
            if start > (parts[-1][1] if parts else 0):
                parts.append((parts[-1][1] if parts else 0, start, True))
            parts.append((start, end, False))
        last = parts[-1][1] if parts else 0
        return [(last, len(text), True), *reversed(parts)]
    position = 0
    for words in _RIGHT_TO_LEFT_WORDS.finditer(text):
        parts.append((position, words.start(), False))
        inner = _order(words.group(), from_right=True)
        parts += [(words.start() + start, words.start() + end, flag) for start, end, flag in inner]
        position = words.end()
    return [part for part in (*parts, (position, len(text), False)) if part[0] < part[1]]


def _left_to_right_parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield where Latin words, with what stands between them, and numbers stand in a right-to-left line."""
    for between in re.finditer(rf"(?:(?!{_LETTER}).)+", text, re.S):
        latin = list(_LEFT_TO_RIGHT.finditer(between.group()))
        numbers = list(_NUMBER.finditer(between.group()))
        if latin:
            first = min(found[0].start() for found in (latin, numbers) if found)
            last = max(found[-1].end() for found in (latin, numbers) if found)
            yield between.start() + first, between.start() + last
        else:
            yield from ((between.start() + number.start(), between.start() + number.end()) for number in numbers)


def _from_left(line: Sequence[Glyph]) -> list[Glyph]:
    """Return the drawn glyphs of a line from the left; those that stand upon a letter behind it."""
    drawn = [glyph for glyph in line if glyph.box]
    letters = [glyph for glyph in drawn if not unicodedata.combining(glyph.character[0])]
    letters.sort(key=lambda glyph: (_middle(glyph), glyph.character in _ALEFS and -1, glyph.number))
    signs = sorted((glyph for glyph in drawn if unicodedata.combining(glyph.character[0])), key=_middle)
    middles = [_middle(glyph) for glyph in letters]
    placed: list[tuple[int, Glyph]] = []
    for sign in signs:
        at = bisect(middles, _middle(sign))
        nearest = min((at - 1, at), key=lambda place: _distance(letters, place, sign))
        placed.append((max(0, nearest), sign))
    waiting = deque(placed)
    with_signs: list[Glyph] = []
    for place, letter in enumerate(letters):
        # A line from the right is turned round afterwards: the sign then stands behind its letter.
        while waiting and waiting[0][0] <= place:
            with_signs.append(waiting.popleft()[1])
        with_signs.append(letter)
    return with_signs + [sign for _, sign in waiting]


def _distance(letters: Sequence[Glyph], place: int, sign: Glyph) -> float:
    """Return how far a sign is from a letter, in points; what one glyph stands for has one top and one foot."""
    letter = letters[place] if 0 <= place < len(letters) else None
    if letter is None or letter.box is None or sign.box is None:
        return float("inf")
    is_one = letter.box[1] == sign.box[1] and letter.box[3] == sign.box[3]
    return abs(_middle(letter) - _middle(sign)) + (0 if is_one else (sign.box[3] - sign.box[1]) / 2)


def _middle(glyph: Glyph) -> float:
    return (glyph.box[0] + glyph.box[2]) / 2 if glyph.box else 0.0


def _word_numbers(line: Sequence[Glyph]) -> dict[int, int]:
    """Return, by the number of each glyph, which word of the line it is of: words are what the file's spaces part."""
    words: dict[int, int] = {}
    word = 0
    has_space = False
    for glyph in line:
        if glyph.box is None:
            has_space = True
            continue
        word += has_space
        words[glyph.number] = word
        has_space = False
    return words


def _spaced(glyphs: Sequence[Glyph], words: dict[int, int]) -> Iterator[Glyph]:
    """Yield glyphs from the left, with a space in each gap between two words.

    Args:
        glyphs: The glyphs.
        words: The word of each by its number, as the file has them: letters may be drawn from either side.
    """
    # Some of the boxes hold the ink alone: the tallest is that of the font.
    height = max((glyph.box[3] - glyph.box[1] for glyph in glyphs if glyph.box), default=1.0)
    end: float | None = None
    before: Glyph | None = None
    signs: list[Glyph] = []
    had_signs = False
    for glyph in glyphs:
        if unicodedata.combining(glyph.character[0]):
            signs.append(glyph)
            continue
        assert glyph.box is not None
        boxes = [each.box for each in (glyph, *signs) if each.box]
        if end is not None and before is not None:
            gap = min(box[0] for box in boxes) - end
            is_known = abs(words[before.number] - words[glyph.number]) == 1
            # Beside a sign, the box of its letter is narrower than the letter.
            usual = 2 * _GAP if signs or had_signs else _GAP
            if gap > (_GAP_WITH_SPACE if is_known else usual) * height:
                yield Glyph(" ", -1)
        yield from (*signs, glyph)
        had_signs, signs = bool(signs), []
        end = max(end or float("-inf"), *(box[2] for box in boxes))
        before = glyph
    yield from signs


def _plain(glyph: Glyph) -> Iterator[Glyph]:
    """Yield a glyph with the letter that a joined form stands for; one of two letters is yielded twice."""
    if _PRESENTATION_FORMS.match(glyph.character):
        for letter in unicodedata.normalize("NFKC", glyph.character).strip():
            yield glyph._replace(character=letter)
    else:
        yield glyph


def _with_brackets(glyphs: list[Glyph]) -> list[Glyph]:
    """Return a line whose brackets open before they close: drawn from the right, they look the other way round."""
    for pair in _BRACKETS:
        opening, closing = pair[0], pair[1]
        places = [place for place, glyph in enumerate(glyphs) if glyph.character in (opening, closing)]
        if not places or (glyphs[places[0]].character == opening and (len(places) > 1 or places[0] < len(glyphs) - 1)):
            continue
        if glyphs[places[0]].character == closing and len(places) == 1 and places[0] > 0:
            continue
        for place in places:
            other = closing if glyphs[place].character == opening else opening
            glyphs[place] = glyphs[place]._replace(character=other)
    return glyphs
