"""Turn a model's text with ``[n]`` marks into claims, and find the spans that support one. Pure.

Owns: which sentence a mark belongs to and which parts state nothing (``read_claims``), and the spans that support a
claim (``supporting_spans``). Knows nothing about verdicts, retrieval, models or the numbering of citations.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise

from rag.marks import EVIDENCE_MARK, LIST_NUMBER, mark_numbers, positions_in_quotations
from rag.scoring.values import AlignmentLimits
from rag.text import sentences, trim
from rag.types import Span
from rag.verify.copies.align import greedy_cover
from rag.verify.copies.shared import Part, parts_of
from rag.verify.layout import Block, positions_in_code, read_layout, without_sign
from rag.verify.parse.parsed_text import parse_text

_CLOSING_SIGNS = re.compile(r"[*_]{1,3}(?=\s|\Z)")
# Characters before a mark, the indentation and the number of an item among them, that are looked at.
_LONGEST_INDENTATION = 40


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a model's text without its marks.

    Attributes:
        text: The sentence.
        marks: The evidence numbers it was marked with, each once.
        before: The white space that stood before it, so that paragraphs and list items stay apart; the number of an
            item of a list is a part of it.
        start: Where it starts in the text it was read from.
        end: Where it ends there; ``start`` and ``end`` slice that text, marks inside the sentence included.
        states: Whether it may state something; code, headings, the heads of tables and rules do not.
        head: The head of the table that it is a row of; "" for none.
    """

    text: str
    marks: tuple[int, ...]
    before: str = ""
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    states: bool = True
    head: str = field(default="", compare=False)


def read_claims(text: str, known: int) -> list[Claim]:
    """Split a model's text into claims.

    A mark belongs to the sentence it stands in, or to the one it follows; one that opens a line, to what follows it. A
    row of a table is one claim; code, a heading or the head of a table is one that states nothing.

    Args:
        text: The text with marks.
        known: How much evidence there is; marks that name none of 1…``known`` are dropped.

    Returns:
        Its sentences in order.
    """
    plain, marks, original = _strip_marks(text, known)
    # A mark behind a full stop ends a sentence, whatever the splitter thinks of the word before it.
    cuts = [position for position, _ in marks if position and plain[position - 1] in ".!?…。！？"]
    blocks = read_layout(plain)
    spans = _without_list_numbers(plain, [span for block in blocks for span in _sentences(plain, block, cuts)])
    silent = {block.start for block in blocks if not block.states}
    heads = {block.start: without_sign(plain[slice(*block.head)]) for block in blocks}
    starts = [start for start, _ in spans]
    line_starts = _line_starts(plain)
    marks_by_span: list[list[int]] = [[] for _ in spans]
    for position, numbers in marks:
        following = bisect_left(starts, position)
        line_start = line_starts[bisect_right(line_starts, position) - 1]
        opens_line = (
            following < len(spans)
            and position
            and (position == line_start or _holds_list_number(plain, line_start, position))
        )
        if spans:
            marks_by_span[following if opens_line else max(0, following - 1)].extend(numbers)
    previous_ends = [0, *(end for _, end in spans)]
    return [
        Claim(
            text=plain[start:end],
            marks=tuple(dict.fromkeys(numbers)),
            before=plain[previous_end:start],
            start=original(start),
            end=original(end - 1) + 1,
            states=start not in silent,
            head=heads.get(start, ""),
        )
        for (start, end), numbers, previous_end in zip(spans, marks_by_span, previous_ends, strict=False)
    ]


def _without_list_numbers(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans without those that are the number of an item of a list: "1." before words on the same line."""
    line_starts = _line_starts(text)

    def opens_line(start: int, end_before: int) -> bool:
        return line_starts[bisect_right(line_starts, start) - 1] >= end_before

    return [
        (start, end)
        for (_, end_before), (start, end), (following, _) in zip(
            [(0, 0), *spans], spans, [*spans[1:], (len(text), 0)], strict=False
        )
        if not LIST_NUMBER.fullmatch(text, start, end)
        or following == len(text)
        or not opens_line(start, end_before)
        or "\n" in text[end:following]
    ]


def _holds_list_number(text: str, start: int, end: int) -> bool:
    """Return whether nothing but the number of an item of a list stands in a part of a text."""
    return end - start <= _LONGEST_INDENTATION and LIST_NUMBER.fullmatch(text, *trim(text, start, end)) is not None


def _line_starts(text: str) -> list[int]:
    """Return where the lines of a text start; a text has at least one."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _strip_marks(text: str, known: int) -> tuple[str, list[tuple[int, tuple[int, ...]]], Callable[[int], int]]:
    """Return a text without marks, the marks with their positions in it, and a map from there to the text's own."""
    pieces: list[str] = []
    # Where each piece starts without marks, and where it starts in the text.
    offsets: list[tuple[int, int]] = []
    marks: list[tuple[int, tuple[int, ...]]] = []
    position = length = 0
    no_marks = positions_in_code(text, EVIDENCE_MARK) if "`" in text or "~" in text else set()
    no_marks |= positions_in_quotations(text)
    for match in EVIDENCE_MARK.finditer(text):
        if match.start() in no_marks:
            continue
        piece = text[position : match.start()].rstrip(" ")
        offsets.append((length, position))
        pieces.append(piece)
        length += len(piece)
        marks.append((length, tuple(number for number in mark_numbers(match.group(1)) if 1 <= number <= known)))
        position = match.end()
    offsets.append((length, position))
    pieces.append(text[position:])

    def original(at: int) -> int:
        start, original_start = offsets[bisect_right(offsets, at, key=lambda pair: pair[0]) - 1]
        return original_start + at - start

    return "".join(pieces), marks, original


def _sentences(text: str, block: Block, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """Return the sentences of a block of a text, also cut at those of the sorted ``cuts`` that lie in it."""
    if block.is_whole:
        return [(block.start, block.end)]
    inside = cuts[bisect_right(cuts, block.start) : bisect_left(cuts, block.end)]
    parts = (trim(text, *part) for part in pairwise([block.start, *inside, block.end]))
    spans = [span for part in parts if part[0] < part[1] for span in sentences(text, *part)]
    return _with_closing_signs(text, spans)


def _with_closing_signs(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the sentences of a line, each with the signs that end its bold letters: "**It is closed.**"."""
    moved: list[tuple[int, int]] = []
    for start, end in spans:
        signs = _CLOSING_SIGNS.match(text, start, end) if moved and moved[-1][1] == start else None
        if signs:
            moved[-1] = moved[-1][0], signs.end()
            start, end = trim(text, signs.end(), end)
        if start < end:
            moved.append((start, end))
    return moved


def supporting_spans(claim: str, candidates: Sequence[Span], limits: AlignmentLimits) -> list[Span]:
    """Choose the fewest candidate spans that hold most of a claim.

    A greedy cover: each further span must add a share of the claim's words, numbers and dates.

    Args:
        claim: The sentence, without marks.
        candidates: The spans to choose from.
        limits: How many spans are chosen at most, and what each must add.

    Returns:
        The chosen spans in the order of the candidates; none when no candidate holds any part of the claim.
    """
    return SupportingSpans(claim, limits).among(candidates)


class SupportingSpans:
    """The spans that support a claim, of several selections: each span is read once."""

    def __init__(self, claim: str, limits: AlignmentLimits) -> None:
        """Read a claim.

        Args:
            claim: The sentence, without marks.
            limits: How many spans are chosen at most, and what each must add.
        """
        self._parts, self._limits = parts_of(parse_text(claim)), limits
        self._found: dict[str, Set[Part]] = {}

    def among(self, candidates: Sequence[Span], to_the_last: bool = False) -> list[Span]:
        """Return the fewest of some spans that hold most of the claim, as ``supporting_spans`` does.

        Args:
            candidates: The spans.
            to_the_last: Whether a span is chosen, too, that adds a single word or number.

        Returns:
            The spans in their order.
        """
        if not self._parts.count:
            return []
        found = [self._in_span(span) for span in candidates]
        least = self._limits.span_gain * self._parts.count
        least = min(least, 1.0) if to_the_last else least
        asking = [span.quote.rstrip().endswith("?") for span in candidates]
        chosen = greedy_cover(found, self._parts.weight, self._limits.spans, least, asking)
        return [candidates[i] for i in sorted(chosen)]

    def _in_span(self, span: Span) -> Set[Part]:
        known = self._found.get(span.quote)
        if known is None:
            known = self._found[span.quote] = self._parts.in_line(parse_text(span.quote))
        return known
