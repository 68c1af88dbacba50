"""Put the words that lie over a page into its text: beside their labels, or behind it.

Owns: which label is that of a field, and the glyphs that stand for the words of an annotation. Their number is that of
the annotation behind the glyphs of the page. Knows nothing about PDF files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.load.pdf.annotations import Annotation
from rag.load.pdf.types import Box, Cell, Glyph, LayoutBlock, Line

# In points: a field is so near its label at most, to the left of it and above it.
_LABEL_GAP, _LABEL_ABOVE = 200.0, 18.0
_TOLERANCE = 4.0
# Text so near behind a field goes on with the sentence that the field stands in.
_INLINE_GAP = 25.0
# More than these have no labels: they are no form, and would take long.
_MOST_PLACED = 500

Run = list[Glyph]


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of an annotation, the number of their glyphs, and where they lie among the lines of the page."""

    annotation: Annotation
    text: str
    number: int
    box: Box
    first_number: int

    def is_put_in(self, glyph: Glyph) -> bool:
        """Tell whether a glyph is of an annotation, and not of the page."""
        return glyph.number >= self.first_number

    def is_drawn(self, glyph: Glyph) -> bool:
        """Tell whether a glyph is drawn by the page itself."""
        return glyph.box is not None and 0 <= glyph.number < self.first_number


def place_annotations(
    lines: list[Run], annotations: Sequence[Annotation], first_number: int, transform: Callable[[Box], Box]
) -> list[Annotation]:
    """Put the values of fields, ticks and typed words beside their labels.

    Args:
        lines: The lines of a page; words are put into them, or lines of their own among them.
        annotations: The annotations of the page.
        first_number: The number of the first annotation's glyphs.
        transform: The way from PDF coordinates to those of the lines.

    Returns:
        The annotations that stand beside no label: typed words with room of their own, then comments.
    """
    left_over: list[Annotation] = []
    placed = 0
    for annotation in sorted(annotations, key=lambda each: (transform(each.box)[1], transform(each.box)[0])):
        box = transform(annotation.box)
        number = first_number + annotation.number
        words = _Words(annotation, " ".join(annotation.text.split()), number, box, first_number)
        may_have_label = annotation.kind != "comment" and placed < _MOST_PLACED
        if may_have_label and (_place_in_line(lines, words) or _place_below(lines, words)):
            placed += 1
        elif annotation.kind in ("comment", "typed"):
            left_over.append(annotation)
        else:
            before = f"{annotation.label.rstrip(' :')}: " if annotation.label else ""
            _add_line(lines, [*_glyphs(before, -1, box, box[0]), *_glyphs(words.text, number, box, box[0])], box)
    return sorted(left_over, key=lambda each: each.kind == "comment")


def annotation_blocks(annotations: Sequence[Annotation], first_number: int, first_line: int) -> Iterator[LayoutBlock]:
    """Yield a block for each annotation, to stand behind the text of the page.

    Args:
        annotations: What stands beside no label.
        first_number: The number of the first annotation's glyphs.
        first_line: The number of the first line behind those of the page.

    Yields:
        Items, each of one line.
    """
    for line_number, annotation in enumerate(annotations, first_line):
        words = " ".join(annotation.text.split())
        numbers = [first_number + annotation.number] * len(words)
        line = Line(words, numbers, annotation.box, 1.0, [Cell(words, annotation.box[0], annotation.box[2])])
        yield LayoutBlock("item", [line], words, numbers, [line_number] * len(words))


def _place_in_line(lines: list[Run], words: _Words) -> bool:
    """Put words into the line they lie on, behind what stands to the left of them; return whether there is one."""
    box, kind = words.box, words.annotation.kind
    best: tuple[float, Run, int] | None = None
    for line in lines:
        drawn = [(place, glyph.box) for place, glyph in enumerate(line) if glyph.box and words.is_drawn(glyph)]
        before = [(place, at) for place, at in drawn if _is_beside(at, box) and at[2] <= box[0] + _TOLERANCE]
        behind = [at for _, at in drawn if _is_beside(at, box) and at[0] >= box[2] - _TOLERANCE]
        gap = box[0] - before[-1][1][2] if before else behind[0][0] - box[2] if behind else _LABEL_GAP
        if (before or kind == "tick") and gap < _LABEL_GAP and (best is None or gap < best[0]):
            best = gap, line, before[-1][0] if before else -1
    if best is None:
        return False
    _, line, label = best
    if label >= 0:
        following = next((glyph.box for glyph in line[label + 1 :] if glyph.box and words.is_drawn(glyph)), None)
        is_inline = kind == "tick" or (following is not None and following[0] - box[2] < _INLINE_GAP)
        _put_behind(line, label, words, is_inline)
    else:
        first = next(glyph.box for glyph in line if glyph.box)
        height = first[3] - first[1]
        at = (first[0] - height, first[1], first[0] - 0.3 * height, first[3])
        line[:0] = [Glyph(words.text, words.number, at), Glyph(" ", -1)]
    return True


def _place_below(lines: list[Run], words: _Words) -> bool:
    """Put the value of a field behind the label above it, where no words of the form's say what the field is."""
    if words.annotation.kind != "value" or words.annotation.label:
        return False
    box = words.box
    for line in reversed(lines):
        for place in range(len(line) - 1, -1, -1):
            at = line[place].box if words.is_drawn(line[place]) else None
            if at and 0 <= box[1] - at[3] + _TOLERANCE < _LABEL_ABOVE and at[0] < box[2] and at[2] > box[0]:
                _put_behind(line, place, words, is_inline=False)
                return True
    return False


def _put_behind(line: Run, label: int, words: _Words, is_inline: bool) -> None:
    """Put words behind the glyph that ends their label, and behind those that were put there before.

    Args:
        line: The line, which is changed.
        label: The place of that glyph.
        words: The words.
        is_inline: Whether no colon parts them from the label.
    """
    place = label + 1
    for at in range(place, len(line)):
        if words.is_drawn(line[at]):
            break
        if words.is_put_in(line[at]):
            place = at + 1
    before = line[place - 1].box
    assert before is not None
    _, y0, x1, y1 = before
    needs_colon = not is_inline and place == label + 1 and line[label].character[-1:].isalnum()
    colon = [Glyph(":", -1, (x1, y0, x1 + 1, y1))] if needs_colon else []
    line[place:place] = [*colon, Glyph(" ", -1), *_glyphs(words.text, words.number, before, x1 + (y1 - y0) / 4)]


def _is_beside(label: Box, box: Box) -> bool:
    """Tell whether a label stands on the height of a field."""
    middle = (label[1] + label[3]) / 2
    return box[1] - _TOLERANCE < middle < box[3] + _TOLERANCE


def _glyphs(words: str, number: int, line: Box, x0: float) -> Iterator[Glyph]:
    """Yield a glyph a character, as narrow as thin letters are, so that they part nothing."""
    width = min(line[3] - line[1], 12.0) / 50
    for place, character in enumerate(words):
        at = x0 + place * width
        yield Glyph(character, number, None if character == " " else (at, line[1], at + width, line[3]))


def _add_line(lines: list[Run], glyphs: Run, box: Box) -> None:
    """Add a line before the first that stands below it."""
    for place, line in enumerate(lines):
        first = next((glyph.box for glyph in line if glyph.box), None)
        if first is not None and first[1] >= box[3] - _TOLERANCE:
            lines.insert(place, glyphs)
            return
    lines.append(glyphs)
