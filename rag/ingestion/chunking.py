"""Cut a document into chunks that carry their spans.

Owns: where one chunk ends and the next begins. Knows nothing about files, models or storage; it is handed a way to
count tokens. Offsets are added up while cutting: nothing is ever searched for.

A chunk is a run of whole units (sentences, list items, table rows, lines of code). A heading opens a new chunk
unless the one before is still small. The title and the headings above a chunk are its ``context``: embedded with it,
counted against the limit, and never part of its span.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.text import trim, units
from rag.types import Block, Chunk, Document

# Bump when the same document would be cut differently: the manifest compares it.
CHUNKER_VERSION = "2"

# Token counts of many texts, without the model's special tokens.
CountTokens = Callable[[Sequence[str]], list[int]]

# A tokenizer may count a long unknown word as one token; eight characters a token is the most that real text has.
_CHARACTERS_A_TOKEN = 8
# Classification and separator tokens that the model adds.
_SPECIAL_TOKENS = 2
_SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class _Unit:
    """A piece that is not cut further, its cost in tokens, and the heading path above it."""

    start: int
    end: int
    cost: int
    path: tuple[str, ...]
    header: str
    heading: bool
    margin: bool


def cut_chunks(document: Document, count: CountTokens, limit: int = 240, target: int = 0) -> list[Chunk]:
    """Chunks of at most ``limit`` tokens (context and special tokens counted), about ``target`` where text allows.

    Without a ``target`` it is seven tenths of the limit, which balanced recall and precision best on Chroma's chunking
    evaluation (`tests/benchmarks/chunking.py`): larger chunks find more and carry more that is not wanted.

    The union of the chunks covers every non-blank character of the document; chunks are in order and do not overlap.
    """
    target = target or limit * 7 // 10
    budget = limit - _SPECIAL_TOKENS
    context_budget = budget // 4
    measured = _units(document, count, budget - context_budget)
    contexts = _Contexts(document.title, count, context_budget)
    chunks: list[Chunk] = []
    for group in _pack(measured, target, lambda unit: budget - contexts.cost(unit)):
        first, last = group[0], group[-1]
        chunks.append(Chunk(first.start, last.end, contexts.text(first)))
    return chunks


class _Contexts:
    """The context line of a unit and its cost, computed once for each heading path."""

    def __init__(self, title: str, count: CountTokens, budget: int) -> None:
        self._title, self._count, self._budget = title.strip(), count, budget
        self._known: dict[tuple[tuple[str, ...], str], tuple[str, int]] = {}

    def text(self, unit: _Unit) -> str:
        return self._of(unit)[0]

    def cost(self, unit: _Unit) -> int:
        return self._of(unit)[1]

    def _of(self, unit: _Unit) -> tuple[str, int]:
        key = (unit.path, unit.header)
        if key not in self._known:
            self._known[key] = self._build(*key)
        return self._known[key]

    def _build(self, path: tuple[str, ...], header: str) -> tuple[str, int]:
        names = [name for name in dict.fromkeys((self._title, *path, header)) if name]
        # The nearest heading says most about a chunk, then the title: drop from between them, then cut words.
        while names:
            line = _SEPARATOR.join(names)
            cost = _cost(line, self._count([line])[0])
            if cost <= self._budget:
                return line, cost
            if len(names) > 2:
                del names[1]
            elif len(names) == 2 and len(names[1]) < len(names[0]):
                names[0] = _shorter(names[0])
            else:
                names[-1] = _shorter(names[-1])
            names = [name for name in names if name]
        return "", 0


def _shorter(name: str) -> str:
    return name[: len(name) * 3 // 4].rstrip()


def _cost(text: str, tokens: int) -> int:
    return max(tokens, -(-len(text) // _CHARACTERS_A_TOKEN))


def _units(document: Document, count: CountTokens, budget: int) -> list[_Unit]:
    text = document.text
    path: list[tuple[int, str]] = []
    pieces: list[_Unit] = []
    for block in document.blocks or (Block(0, len(text), "paragraph"),):
        above = tuple(name for _, name in path)
        if block.kind == "heading":
            path = [(level, name) for level, name in path if level < block.level]
            above = tuple(name for _, name in path)
            path.append((block.level, " ".join(text[block.start : block.end].strip("#=- \n\t").split())))
        for start, end in units(text, block):
            pieces.append(_Unit(start, end, 0, above, block.header, block.kind == "heading", block.kind == "margin"))
    # A window no longer than the characters a chunk may have bounds what one call of the tokenizer sees.
    windows = [
        replace(piece, start=start, end=end)
        for piece in pieces
        for start, end in _windows(text, piece.start, piece.end, budget * _CHARACTERS_A_TOKEN)
    ]
    counts = count([text[window.start : window.end] for window in windows])
    fitting: list[_Unit] = []
    for window, tokens in zip(windows, counts, strict=True):
        cost = _cost(text[window.start : window.end], tokens)
        if cost <= budget:
            fitting.append(replace(window, cost=cost))
        else:
            for start, end, part in _halves(text, window.start, window.end, budget, count):
                fitting.append(replace(window, start=start, end=end, cost=part))
    return fitting


def _windows(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    while end - start > longest:
        cut = _cut_near(text, start, start + longest)
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    start, end = trim(text, start, end)
    if start < end:
        yield start, end


def _halves(text: str, start: int, end: int, budget: int, count: CountTokens) -> Iterator[tuple[int, int, int]]:
    """Cut a unit in two until each part fits."""
    cost = _cost(text[start:end], count([text[start:end]])[0])
    if cost <= budget or end - start == 1:
        yield start, end, cost
        return
    cut = _cut_near(text, start, start + (end - start + 1) // 2)
    for left, right in ((start, cut), (cut, end)):
        for piece in _trimmed(text, left, right):
            yield from _halves(text, *piece, budget, count)


def _cut_near(text: str, start: int, wanted: int) -> int:
    """A place at or before ``wanted`` to cut: after white space, else after punctuation, else between characters."""
    earliest = start + (wanted - start) * 3 // 4
    for fits in (str.isspace, lambda character: unicodedata.category(character)[0] == "P"):
        for position in range(wanted, earliest, -1):
            if fits(text[position - 1]):
                return position
    position = wanted
    # Keep a character together with the marks and joiners that change it.
    while position - 1 > earliest and (
        unicodedata.category(text[position])[0] == "M" or "\u200d" in (text[position], text[position - 1])
    ):
        position -= 1
    return position


def _pack(units: Sequence[_Unit], target: int, room: Callable[[_Unit], int]) -> Iterator[list[_Unit]]:
    """Groups of units: sections first, then each section in even parts of about ``target`` tokens."""
    for section in _sections(units, target):
        total = sum(unit.cost for unit in section)
        share = total / max(1, round(total / target))
        group: list[_Unit] = []
        used = packed = groups = 0
        for unit in section:
            over = bool(group) and used + unit.cost > room(group[0])
            # A group ends where its end lies nearest to an even share, but never right behind a heading, and a running
            # foot is no chunk of its own.
            full = packed + unit.cost / 2 > share * (groups + 1)
            full = full and not unit.margin and not all(member.heading for member in group)
            if over or full:
                yield group
                groups += 1
                group, used = [], 0
            group.append(unit)
            used += unit.cost
            packed += unit.cost
        if group:
            yield group


def _sections(units: Sequence[_Unit], target: int) -> Iterator[list[_Unit]]:
    """Runs of units between headings; a run is joined to the one before while that is under a third of the target."""
    section: list[_Unit] = []
    size = 0
    for i, unit in enumerate(units):
        opens = unit.heading and not (i and units[i - 1].heading)
        if opens and size >= target / 3:
            yield section
            section, size = [], 0
        section.append(unit)
        size += unit.cost
    if section:
        yield section
