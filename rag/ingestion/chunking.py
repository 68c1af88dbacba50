"""Cut a document into chunks that carry their spans.

Owns: where one chunk ends and the next begins. Knows nothing about files, models or storage; it is handed a way to
count tokens. Offsets are added up while cutting: nothing is ever searched for.

A chunk is a run of whole units (sentences, list items, table rows, lines of code). A heading opens a new chunk
unless the one before is still small. The title and the headings above a chunk are its ``context``: embedded with it,
counted against the limit, and never part of its span. So are the names of the columns of its rows, which are counted
and embedded once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.text import is_between_words, is_unspaced, split_block, trim, without_repeated_names
from rag.types import Block, Chunk, Document

# Bump when the same document would be cut differently: the manifest compares it.
CHUNKER_VERSION = "3"

# Token counts of many texts, without the model's special tokens.
CountTokens = Callable[[Sequence[str]], list[int]]

# A tokenizer may count a long unknown word as one token; eight characters a token is the most that real text has.
_CHARACTERS_A_TOKEN = 8
# The classification and separator tokens that the model adds.
_SPECIAL_TOKENS = 2
# Between the title and the headings of a context.
_SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class _Unit:
    """A piece of text that is not cut further.

    Attributes:
        start: The offset where it begins.
        end: The offset behind its last character.
        cost: Its tokens.
        cost_behind: Its tokens behind the unit before it: a table row need not say again the names that one says.
        path: The headings above it, outermost first.
        header: Of a table row, the names of its columns.
        heading: Whether it is a heading.
        margin: Whether it stands beside the text.
        is_row: Whether it is a table row.
    """

    start: int
    end: int
    cost: int
    cost_behind: int
    path: tuple[str, ...]
    header: str
    heading: bool
    margin: bool
    is_row: bool


def cut_chunks(document: Document, count: CountTokens, limit: int = 240, target: int = 0) -> list[Chunk]:
    """Cut a document into chunks.

    Args:
        document: The document.
        count: Counts the tokens of texts.
        limit: The most tokens of a chunk, with its context and the model's special tokens.
        target: The tokens that a chunk has where the text allows; 0 for seven tenths of the limit, which balanced
            recall and precision best on Chroma's chunking evaluation (`tests/benchmarks/chunking.py`): larger chunks
            find more and carry more that is not wanted.

    Returns:
        Chunks in order that do not overlap and cover every non-blank character of the document.
    """
    target = target or limit * 7 // 10
    budget = limit - _SPECIAL_TOKENS
    context_budget = budget // 4
    fitting = _fitting_units(document, count, budget - context_budget)
    contexts = _Contexts(document.title, count, context_budget)
    chunks: list[Chunk] = []
    for group in _pack(fitting, target, lambda unit: budget - contexts.cost_of(unit)):
        first, last = group[0], group[-1]
        chunks.append(Chunk(first.start, last.end, contexts.text_of(first)))
    return chunks


class _Contexts:
    """The context of each unit and its cost in tokens, computed once for each heading path."""

    def __init__(self, title: str, count: CountTokens, budget: int) -> None:
        self._title, self._count, self._budget = title.strip(), count, budget
        self._built: dict[tuple[tuple[str, ...], str], tuple[str, int]] = {}

    def text_of(self, unit: _Unit) -> str:
        return self._context(unit)[0]

    def cost_of(self, unit: _Unit) -> int:
        return self._context(unit)[1]

    def _context(self, unit: _Unit) -> tuple[str, int]:
        key = (unit.path, unit.header)
        if key not in self._built:
            self._built[key] = self._build(*key)
        return self._built[key]

    def _build(self, path: tuple[str, ...], header: str) -> tuple[str, int]:
        """Return the title, the headings of a path and the column names on one line within the budget, and its cost."""
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
    """Return the first three quarters of a name."""
    return name[: len(name) * 3 // 4].rstrip()


def _cost(text: str, tokens: int) -> int:
    """Return the tokens that a text counts for: at least one for every eight characters."""
    return max(tokens, -(-len(text) // _CHARACTERS_A_TOKEN))


def _fitting_units(document: Document, count: CountTokens, budget: int) -> list[_Unit]:
    """Return the units of a document with their cost; those of more than ``budget`` tokens are cut."""
    text = document.text
    # A window no longer than the characters a chunk may have bounds what one call of the tokenizer sees.
    windows = [
        replace(unit, start=start, end=end)
        for unit in _document_units(document)
        for start, end in _windows(text, unit.start, unit.end, budget * _CHARACTERS_A_TOKEN)
    ]
    words = [text[window.start : window.end] for window in windows]
    behind = list(_behind_each_other(words, windows))
    # Only a table row may be shorter behind another; each text is counted once.
    texts = list(dict.fromkeys([*words, *behind]))
    count_of = dict(zip(texts, count(texts), strict=True))
    fitting: list[_Unit] = []
    for number, window in enumerate(windows):
        cost = _cost(words[number], count_of[words[number]])
        if cost <= budget:
            cost_behind = _cost(behind[number], count_of[behind[number]])
            fitting.append(replace(window, cost=cost, cost_behind=cost_behind))
        else:
            for start, end, part_cost in _halves(text, window.start, window.end, budget, count):
                fitting.append(replace(window, start=start, end=end, cost=part_cost, cost_behind=part_cost))
    return fitting


def _behind_each_other(words: Sequence[str], units: Sequence[_Unit]) -> Iterator[str]:
    """Yield the words of each unit as they are embedded behind the one before."""
    for number, own in enumerate(words):
        if number and units[number].is_row and units[number - 1].is_row:
            # A row is on one line; so is what is left of it.
            above = words[number - 1]
            yield without_repeated_names(f"{above}\n{own}")[len(without_repeated_names(above)) + 1 :]
        else:
            yield own


def _document_units(document: Document) -> Iterator[_Unit]:
    """Yield the units of a document with the headings above them; their cost is not counted yet."""
    text = document.text
    path: list[tuple[int, str]] = []
    for block in document.blocks or (Block(0, len(text), "paragraph"),):
        if block.kind == "heading":
            path = [(level, name) for level, name in path if level < block.level]
        above = tuple(name for _, name in path)
        if block.kind == "heading":
            path.append((block.level, " ".join(text[block.start : block.end].strip("#=- \n\t").split())))
        for start, end in split_block(text, block):
            yield _Unit(
                start,
                end,
                0,
                0,
                above,
                block.header,
                block.kind == "heading",
                block.kind == "margin",
                block.kind == "row",
            )


def _windows(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """Yield the span in parts of at most ``longest`` characters, without the white space around each."""
    while end - start > longest:
        cut = _cut_near(text, start, start + longest)
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a span without the white space around it; nothing for a blank one."""
    start, end = trim(text, start, end)
    if start < end:
        yield start, end


def _halves(text: str, start: int, end: int, budget: int, count: CountTokens) -> Iterator[tuple[int, int, int]]:
    """Cut a span in two until each part fits; yield each part with its cost."""
    cost = _cost(text[start:end], count([text[start:end]])[0])
    if cost <= budget or end - start == 1:
        yield start, end, cost
        return
    cut = _cut_near(text, start, start + (end - start + 1) // 2)
    for left, right in ((start, cut), (cut, end)):
        for part_start, part_end in _trimmed(text, left, right):
            yield from _halves(text, part_start, part_end, budget, count)


def _cut_near(text: str, start: int, latest: int) -> int:
    """Return an offset to cut at, ``latest`` or a little before.

    It is behind white space, else behind punctuation, else between two words of a script without spaces, else between
    two characters.
    """
    earliest = start + (latest - start) * 3 // 4
    for may_end in (str.isspace, lambda character: unicodedata.category(character)[0] == "P"):
        for position in range(latest, earliest, -1):
            if may_end(text[position - 1]):
                return position
    if is_unspaced(text[earliest:latest]):
        return next((at for at in range(latest, earliest, -1) if is_between_words(text[at - 1], text[at])), latest)
    position = latest
    # Keep a character together with the marks and joiners that change it.
    while position - 1 > earliest and (
        unicodedata.category(text[position])[0] == "M" or "\u200d" in (text[position], text[position - 1])
    ):
        position -= 1
    return position


def _pack(fitting: Sequence[_Unit], target: int, room: Callable[[_Unit], int]) -> Iterator[list[_Unit]]:
    """Yield the units of each chunk: sections first, then each section in even parts of about ``target`` tokens.

    ``room`` says how many tokens a chunk that begins with a unit may have beside its context.
    """
    for section in _sections(fitting, target):
        total = sum(unit.cost_behind for unit in section)
        share = total / max(1, round(total / target))
        group: list[_Unit] = []
        group_cost = packed_cost = groups = 0
        for unit in section:
            is_over = bool(group) and group_cost + unit.cost_behind > room(group[0])
            # A group ends where its end lies nearest to an even share, but never right behind a heading, and a running
            # foot is no chunk of its own.
            is_full = packed_cost + unit.cost_behind / 2 > share * (groups + 1)
            is_full = is_full and not unit.margin and not all(member.heading for member in group)
            if is_over or is_full:
                yield group
                groups += 1
                group, group_cost = [], 0
            group_cost += unit.cost_behind if group else unit.cost
            group.append(unit)
            packed_cost += unit.cost_behind
        if group:
            yield group


def _sections(fitting: Sequence[_Unit], target: int) -> Iterator[list[_Unit]]:
    """Yield the units between headings; they are joined to those before while these are under a third of the target."""
    section: list[_Unit] = []
    size = 0
    for i, unit in enumerate(fitting):
        opens_section = unit.heading and not (i and fitting[i - 1].heading)
        if opens_section and size >= target / 3:
            yield section
            section, size = [], 0
        section.append(unit)
        size += unit.cost_behind
    if section:
        yield section
