"""Evidence in pieces that a checking model can read whole. Pure.

Owns: how evidence is cut where a model reads only so much at once, and which spans stand in a piece. Knows nothing
about models beyond how many tokens a text has for one, or about verdicts.

    words_of_spans(spans)                  spans of a document as one text
    own_texts(claim), other_texts(claim)   what a claim is held against, whole
    WindowCutter(count).windows(texts, room)   the same in windows of at most so many tokens
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from rag.text import sentences
from rag.types import Span
from rag.verify.checker import ClaimToCheck, NumberedEvidence

CountTokens = Callable[[Sequence[str]], list[int]]
"""Returns how many tokens each text has by itself."""

# A title that would take more of the room than this is left out.
_TITLE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """Evidence that stands together.

    Attributes:
        title: What stands above it; "" for nothing.
        text: Its words, whole.
        spans: The spans of it that can be cited.
    """

    title: str
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the evidence that a model reads at once.

    Attributes:
        text: Its words, with what stands above them.
        spans: The spans that stand in it.
    """

    text: str
    spans: tuple[Span, ...]


def own_texts(claim: ClaimToCheck) -> list[EvidenceText]:
    """Return what a claim is held against: the evidence that its marks name, or the spans where there is none."""
    if claim.evidence:
        return [_of_piece(piece) for piece in claim.marked]
    return _of_spans(claim.named or claim.everything)


def other_texts(claim: ClaimToCheck) -> list[EvidenceText]:
    """Return the numbered evidence beside that which a claim's marks name."""
    named = {piece.number for piece in claim.marked}
    return [_of_piece(piece) for piece in claim.evidence if piece.number not in named]


class WindowCutter:
    """Cuts evidence into windows; what it has counted once it does not count again."""

    def __init__(self, count: CountTokens) -> None:
        """Remember how to count.

        Args:
            count: Counts the tokens of texts.
        """
        self._count_all = count
        self._counts: dict[str, int] = {}
        self._cuts: dict[tuple[EvidenceText, int], tuple[Window, ...]] = {}

    def count(self, text: str) -> int:
        """Return how many tokens a text has."""
        return self._counted([text])[0]

    def windows(self, texts: Sequence[EvidenceText], room: int) -> list[Window]:
        """Cut evidence into windows, and put together what stands in two texts.

        A window holds as many whole sentences as fit and begins with the last sentence of the one before, so that what
        two neighbouring sentences say together stands in one. A sentence that does not fit is cut at white space.

        Args:
            texts: The evidence.
            room: How many tokens a window may have.

        Returns:
            The windows of each text in order; then, wherever they fit, the neighbouring ones of two texts as one:
            a sentence may join what the two say. Two windows of one text never fit together.
        """
        cut = [self._cut(text, room) for text in texts]
        joined = [_join(before[-1], after[0]) for before, after in pairwise(cut) if before and after]
        sizes = self._counted([window.text for window in joined])
        return [
            *(window for windows in cut for window in windows),
            *(window for window, size in zip(joined, sizes, strict=True) if size <= room),
        ]

    def _cut(self, text: EvidenceText, room: int) -> tuple[Window, ...]:
        key = (text, room)
        if key not in self._cuts:
            self._cuts[key] = tuple(self._cut_anew(text, room))
        return self._cuts[key]

    def _cut_anew(self, text: EvidenceText, room: int) -> Iterator[Window]:
        above = f"{text.title}\n" if text.title else ""
        if self.count(above) > room * _TITLE_SHARE:
            above = ""
        left = room - self.count(above)
        whole = list(_sentence_spans(text.text))
        self._counted([text.text[start:end] for start, end in whole])
        units = [unit for span in whole for unit in self._fitting(text.text, *span, left)]
        sizes = self._counted([text.text[start:end] for start, end in units])
        # What stands between two sentences may be a token, too.
        for first, behind in pack([size + 1 for size in sizes], left + 1):
            for start, end in self._fitting(text.text, units[first][0], units[behind - 1][1], left):
                words = text.text[start:end]
                # Two texts may have a token more as one than each by itself.
                fits = self.count(above + words) <= room
                yield Window(above + words if fits else words, _spans_in(words, text.spans))

    def _fitting(self, text: str, start: int, end: int, room: int) -> Iterator[tuple[int, int]]:
        """Yield a slice of a text, or the halves of it that fit."""
        open_slices = [(start, end)]
        while open_slices:
            first, last = open_slices.pop()
            if last - first <= 1 or self.count(text[first:last]) <= room:
                yield first, last
            else:
                middle = _middle(text, first, last)
                open_slices += [(middle, last), (first, middle)]

    def _counted(self, texts: Sequence[str]) -> list[int]:
        unknown = list(dict.fromkeys(text for text in texts if text not in self._counts))
        if unknown:
            self._counts.update(zip(unknown, self._count_all(unknown), strict=True))
        return [self._counts[text] for text in texts]


def pack(sizes: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Pack units into runs that fit, each of which begins with the last unit of the one before where that fits, too.

    Args:
        sizes: The sizes of the units.
        room: The size of a run at most; a larger unit makes a run by itself.

    Returns:
        The first unit of each run and the one behind its last.
    """
    runs: list[tuple[int, int]] = []
    first = 0
    while first < len(sizes):
        behind, size = first + 1, sizes[first]
        while behind < len(sizes) and size + sizes[behind] <= room:
            size += sizes[behind]
            behind += 1
        runs.append((first, behind))
        if behind == len(sizes):
            break
        overlaps = behind - first > 1 and sizes[behind - 1] + sizes[behind] <= room
        first = behind - 1 if overlaps else behind
    return runs


def _of_piece(piece: NumberedEvidence) -> EvidenceText:
    return EvidenceText(piece.title, piece.text, piece.spans)


def _of_spans(spans: Sequence[Span]) -> list[EvidenceText]:
    """Return the spans of each document as one text."""
    texts = []
    for (_, title), group in groupby(spans, key=lambda span: (span.source_id, span.title)):
        together = tuple(group)
        texts.append(EvidenceText(title, words_of_spans(together), together))
    return texts


def words_of_spans(spans: Sequence[Span]) -> str:
    """Return spans of one document as a text, each on a line of its own, rows below the names of their columns."""
    lines: list[str] = []
    for before, span in zip([None, *spans], spans, strict=False):
        if span.header and (before is None or before.header != span.header):
            lines.append(span.header)
        lines.append(span.quote)
    return "\n".join(lines)


def _sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a text stands; a sentence ends with its line."""
    start = 0
    for line in text.splitlines(keepends=True):
        yield from sentences(text, start, start + len(line))
        start += len(line)


def _middle(text: str, start: int, end: int) -> int:
    """Return where a slice is halved: at the last white space of its first half, else in the middle."""
    middle = (start + end) // 2
    for at in range(middle, start, -1):
        if text[at].isspace():
            return at
    return middle


def _spans_in(words: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans that stand in a part of a text; all of its spans where none does, whole."""
    return tuple(span for span in spans if span.quote in words) or tuple(spans)


def _join(before: Window, after: Window) -> Window:
    return Window(f"{before.text}\n\n{after.text}", (*before.spans, *after.spans))
