"""Words of a document cut into pieces of one look, the cited ones in marks. Pure.

Owns: where a look and a mark begin and end, and which mark is the first. A piece is a slice of the canonical text, so
what is marked is exactly what was cited. Knows nothing about formats or HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

# A sign says how words look and is no word itself; a break ends a line. Neither is shown.
SIGN, BREAK = "sign", "break"
# Looks that are an element of HTML of their own, outermost first.
_ELEMENTS = ("strong", "em", "s", "code", "sup")


class Inline(NamedTuple):
    """How ``text[start:end]`` looks: a name of an element, or of a class; ``title`` is shown when one points at it."""

    start: int
    end: int
    look: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one look: the elements around them, outermost first, a class and a title, each empty for none."""

    text: str
    elements: tuple[str, ...] = ()
    style: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces in one mark or in none.

    ``mark`` is ``cited``, ``other`` for what is cited beside it, or empty; ``first`` is the mark that is scrolled to.
    """

    pieces: tuple[Piece, ...]
    mark: str = ""
    first: bool = False


class Marker:
    """Cuts parts of one text, in order, at the ends of what is cited in it.

    Attributes:
        text: The canonical text.
        start: The first character of the cited span.
        end: The character behind it; the same as ``start`` where nothing is cited.
    """

    def __init__(
        self,
        text: str,
        start: int = 0,
        end: int = 0,
        others: Sequence[tuple[int, int]] = (),
        answer: tuple[int, int] = (0, 0),
    ) -> None:
        """Begin before the first part.

        Args:
            text: The canonical text.
            start: The first character of the cited span, an offset into ``text``.
            end: The character behind it.
            others: Spans that are cited beside it and are marked lightly.
            answer: The cell of a cited row that answers the question; an empty span for none.
        """
        self.text, self.start, self.end, self._answer = text, start, end, answer
        self._others = [(first, last) for first, last in others if (first, last) != (start, end)]
        self._has_first = False

    def groups(self, start: int, end: int, inlines: Sequence[Inline] = ()) -> tuple[Group, ...]:
        """Return ``text[start:end]``, cut at the ends of the looks and of what is cited."""
        groups: list[Group] = []
        for mark, pieces in self._marked(start, end, inlines):
            if groups and groups[-1].mark == mark:
                groups[-1] = Group((*groups[-1].pieces, pieces), mark, groups[-1].first)
            else:
                groups.append(Group((pieces,), mark, mark == "cited" and not self._has_first))
                self._has_first = self._has_first or mark == "cited"
        return tuple(groups)

    def is_cited(self, start: int, end: int) -> bool:
        """Tell whether something of ``text[start:end]`` is cited."""
        return self.start < self.end and start < self.end and end > self.start

    def is_answer(self, start: int, end: int) -> bool:
        """Tell whether ``text[start:end]`` is the cell that answers the question, or holds it."""
        first, last = self._answer
        return first < last and start <= first and last <= end

    def take_first(self, start: int, end: int) -> bool:
        """Tell whether what holds ``text[start:end]`` is scrolled to: it is cited, and nothing was marked so far."""
        if self._has_first or not self.is_cited(start, end):
            return False
        self._has_first = True
        return True

    def _marked(self, start: int, end: int, inlines: Sequence[Inline]) -> Iterator[tuple[str, Piece]]:
        marks = [(first, last) for first, last in ((self.start, self.end), *self._others) if first < last]
        cuts = {start, end}
        for first, last in (*marks, *((inline.start, inline.end) for inline in inlines)):
            cuts |= {cut for cut in (first, last) if start < cut < end}
        waiting = sorted((inline for inline in inlines if inline.end > start), key=lambda inline: -inline.start)
        active: list[Inline] = []
        places = sorted(cuts)
        for first, last in pairwise(places):
            active = [inline for inline in active if inline.end > first]
            while waiting and waiting[-1].start <= first:
                inline = waiting.pop()
                if inline.end > first:
                    active.append(inline)
            looks = {inline.look for inline in active}
            if SIGN in looks:
                continue
            yield self._mark(first), _piece(self.text[first:last], looks, active)

    def _mark(self, place: int) -> str:
        if self.start <= place < self.end:
            return "cited"
        return "other" if any(first <= place < last for first, last in self._others) else ""


def _piece(text: str, looks: set[str], active: Sequence[Inline]) -> Piece:
    if BREAK in looks:
        return Piece("", ("br",))
    elements = tuple(name for name in _ELEMENTS if name in looks)
    style = " ".join(sorted(f"f-{look}" for look in looks - {*_ELEMENTS}))
    return Piece(text, elements, style, next((inline.title for inline in active if inline.title), ""))
