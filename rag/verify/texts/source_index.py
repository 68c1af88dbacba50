"""The sources of a text, cut into spans and pieces, and found by the words they share with a sentence. Pure.

Owns: which spans of the sources are most similar to a sentence, and which whole piece each stands in. Knows nothing
about marks, verdicts, stored indexes or models.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log

from rag.text import query_terms, split_block, terms
from rag.types import Block, Document, Span, page_of
from rag.verify.checker import NumberedEvidence
from rag.verify.parse.parsed_text import ParsedText, parse_text
from rag.verify.scope.find import is_denying_heading, leads_in
from rag.verify.scope.passage import is_plain_heading

# Cap on the spans that a sentence is compared with word by word.
_MAX_CANDIDATES = 40
# Cap on the spans that are scored for a sentence, counted once for each stem they share with it.
_MAX_SCORED = 5000
# Characters of a piece: a longer paragraph or table is cut between sentences or rows.
_PIECE_CHARACTERS = 1500
# A longer paragraph leads into nothing.
_LEAD_IN_CHARACTERS = 300
# Between the title and the headings of a piece.
_SEPARATOR = " › "
# A heading as Markdown marks it, in a text that is read as plain, and the level of one that nothing marks.
_MARKED_HEADING = re.compile(r"(?:(?P<signs>#{1,6})\s+\S[^\n]*|[^\n]{1,100}\n(?:={3,}|-{3,}))")
_PLAIN_LEVEL = 9
_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?![^\S\n]*\n))*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of spans, ``first`` to ``last``, of one paragraph, list or table; ``title`` is what stands above it."""

    first: int
    last: int
    title: str
    text: str


class SourceIndex:
    """The sentences, items and rows of all sources by the stems they hold.

    Attributes:
        titles: The title of each source by its name, in the order in which they were given.
    """

    def __init__(self, sources: Mapping[str, Document | str], ids: Mapping[str, str] | None = None) -> None:
        """Cut the sources.

        Args:
            sources: Documents, or plain texts, by name.
            ids: The ids of those that have one, by name; the others are named by a hash of their text.
        """
        self._ids = ids or {}
        self._spans: list[Span] = []
        self._pieces: list[_Piece] = []
        self._ranges: dict[str, tuple[int, int]] = {}
        self._numbers_by_stem: dict[str, list[int]] = defaultdict(list)
        self.titles: dict[str, str] = {}
        for name, source in sources.items():
            self._add(name, _as_document(source))
        self._ends_of_pieces = [piece.last for piece in self._pieces]
        for number, span in enumerate(self._spans):
            for stem in dict.fromkeys(terms(span.quote)):
                self._numbers_by_stem[stem].append(number)

    def most_similar(self, sentence: str, source: str | None = None) -> list[int]:
        """Find the spans that share most with a sentence, by the inverse frequency of the stems that they share.

        Args:
            sentence: The sentence.
            source: The only source whose spans count; None: all do.

        Returns:
            The numbers of at most forty spans, the most similar first.
        """
        first, end = (0, len(self._spans)) if source is None else self._ranges[source]
        known = [self._numbers_by_stem.get(stem, ()) for stem in query_terms(sentence)]
        parsed = parse_text(sentence)
        if not parsed.content_outside_numbers():
            # Nothing but its numbers tells which spans it is about, and they may be written in another way.
            known.extend(self._numbers_by_value.get(value, ()) for value in _values(parsed))
        shared = (_between(numbers, first, end) for numbers in known)
        scores: dict[int, float] = defaultdict(float)
        scored = 0
        # The rarest stems first: what nearly every span holds tells little, and takes long.
        for numbers in sorted(filter(None, shared), key=len):
            if scored and scored + len(numbers) > _MAX_SCORED:
                break
            scored += len(numbers)
            for number in numbers:
                scores[number] += log(1 + (end - first) / len(numbers))
        return sorted(scores, key=lambda number: (-scores[number], number))[:_MAX_CANDIDATES]

    @cached_property
    def _numbers_by_value(self) -> Mapping[Hashable, list[int]]:
        """The spans by the values of their numbers and dates."""
        found: dict[Hashable, list[int]] = defaultdict(list)
        for number, span in enumerate(self._spans):
            for value in _values(parse_text(span.quote)):
                found[value].append(number)
        return found

    def spans(self, numbers: Collection[int]) -> tuple[Span, ...]:
        """Return spans by their numbers, in the order of the sources."""
        return tuple(self._spans[number] for number in sorted(set(numbers)))

    def pieces_of(self, numbers: Sequence[int], limit: int) -> list[int]:
        """Find the pieces that spans stand in.

        Args:
            numbers: The spans, the most similar first.
            limit: How many pieces are returned at most.

        Returns:
            The numbers of the pieces, that of the most similar span first.
        """
        return list(dict.fromkeys(bisect_left(self._ends_of_pieces, number) for number in numbers))[:limit]

    def spans_of_pieces(self, pieces: Collection[int]) -> set[int]:
        """Return the numbers of all spans of some pieces."""
        return {n for piece in pieces for n in range(self._pieces[piece].first, self._pieces[piece].last + 1)}

    def source_of_piece(self, piece: int) -> str:
        """Return the name of the source that a piece is of."""
        return self._spans[self._pieces[piece].first].source

    def evidence(self, pieces: Sequence[int]) -> tuple[NumberedEvidence, ...]:
        """Return pieces as evidence that is numbered from 1."""
        return tuple(
            NumberedEvidence(number, piece.title, piece.text, tuple(self._spans[piece.first : piece.last + 1]))
            for number, piece in enumerate((self._pieces[piece] for piece in pieces), 1)
        )

    def _add(self, name: str, document: Document) -> None:
        hashed = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
        source_id = self._ids.get(name, hashed)
        first = len(self._spans)
        self.titles[name] = document.title
        lead_in: Block | None = None
        for headings, run in _runs(document):
            above = (document.title or name, *headings, run[0].header)
            spans = [
                Span(
                    name,
                    source_id,
                    document.title,
                    start,
                    end,
                    document.text[start:end],
                    page_of(document.pages, start),
                    block.header,
                )
                for block in run
                for start, end in split_block(document.text, block)
            ]
            title = _SEPARATOR.join(dict.fromkeys(filter(None, above)))
            for start, end in _cuts(spans):
                first_of_text = lead_in.start if lead_in and start == 0 else spans[start].start
                text = document.text[first_of_text : spans[end - 1].end]
                before = len(self._spans)
                self._pieces.append(_Piece(before + start, before + end - 1, title, text))
            self._spans.extend(spans)
            lead_in = run[-1] if _leads_in(document.text[run[-1].start : run[-1].end]) else None
        self._ranges[name] = first, len(self._spans)


def _as_document(source: Document | str) -> Document:
    """Return a source as a document with blocks; those of a plain text are what stands between blank lines."""
    if isinstance(source, Document) and source.blocks:
        return source
    document = source if isinstance(source, Document) else Document(source, "", "text/plain")
    blocks = tuple(Block(*match.span(), "paragraph") for match in _PARAGRAPH.finditer(document.text))
    return replace(document, blocks=blocks)


def _runs(document: Document) -> Iterator[tuple[tuple[str, ...], list[Block]]]:
    """Yield the paragraphs, lists and tables of a document with the headings above them; margins are left out."""
    headings: dict[int, str] = {}
    run: list[Block] = []
    for block in document.blocks:
        goes_on = run and block.kind in ("item", "row") and (block.kind, block.header) == (run[0].kind, run[0].header)
        if not goes_on and run:
            yield tuple(headings.values()), run
            run = []
        words = document.text[block.start : block.end]
        level = block.level if block.kind == "heading" else _level_of_plain_heading(block, words)
        if level:
            headings = {above: name for above, name in headings.items() if above < level}
        if level and (block.kind == "heading" or level < _PLAIN_LEVEL or is_denying_heading(words.strip())):
            headings[level] = " ".join(words.strip("#=- \n\t").split())
        if block.kind not in ("heading", "margin"):
            run.append(block)
    if run:
        yield tuple(headings.values()), run


def _level_of_plain_heading(block: Block, words: str) -> int:
    """Return the level of a paragraph that is a heading, marked as in Markdown or a line of few words; 0 for none.

    It is text, too: of a line of few words nobody can tell.
    """
    if block.kind != "paragraph":
        return 0
    if marked := _MARKED_HEADING.fullmatch(words.strip()):
        return len(marked["signs"] or "#")
    return _PLAIN_LEVEL if is_plain_heading(words.strip()) else 0


def _leads_in(text: str) -> bool:
    """Return whether a paragraph says how to read the next one: "The following is not true"."""
    if len(text) > _LEAD_IN_CHARACTERS:
        return False
    return text.rstrip().endswith(":") or leads_in(text)


def _cuts(spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Yield the first span and the one behind the last span of each piece of a run."""
    first = 0
    for number, span in enumerate(spans):
        if number > first and span.end - spans[first].start > _PIECE_CHARACTERS:
            yield first, number
            first = number
    if spans:
        yield first, len(spans)


def _values(parsed: ParsedText) -> set[Hashable]:
    """Return what the numbers and dates of a text mean, however they are written."""
    numbers = {(quantity.unit, f"{value:.9g}") for quantity in parsed.quantities for value in quantity.values}
    return numbers.union(meant for date in parsed.dates for meant in date.interpretations)


def _between(numbers: Sequence[int], first: int, end: int) -> Sequence[int]:
    """Return those of some sorted numbers that are at least ``first`` and less than ``end``."""
    return numbers[bisect_left(numbers, first) : bisect_left(numbers, end)]
