"""Blocks of a document as what they are: headings, lists, quotes, notes, code, tables, heads of mails. Pure.

Owns: what a block looks like in each format, and which of its characters are signs. Knows nothing about how much of a
document is shown, or about HTML.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag.load.media_types import CODE, EML, MARKDOWN, MBOX, MSG, NOTEBOOK
from rag.types import Block, BlockKind, Table
from ui.views.source_cells import Cells
from ui.views.source_inline import markdown_inlines, written_inlines
from ui.views.source_pieces import SIGN, Group, Inline, Marker
from ui.views.source_table import ShownTable, shown_table

_MARKDOWN = (MARKDOWN, NOTEBOOK)
_MAILS = (EML, MBOX, MSG)
_LONGEST_NOTE = 300
_HEADING_SIGNS = re.compile(r"\A {0,3}#{1,6}[ \t]*|[ \t]+#+[ \t]*\Z|\A={1,6} ?|[ \t]*={1,6}\Z|\n[ \t]*[=~^-]+[ \t]*\Z")
_BULLET = re.compile(r"[-*+•◦▪‣●○–][ \t]+(?:\[(?P<box>[ xX])\][ \t]+)?")
_NUMBER = re.compile(
    r"\(?(?:\d{1,4}(?:\.\d{1,3}){0,5}|[a-zA-Z]|[ivxlcdmIVXLCDM]{1,6})[.)]\)?[ \t]+|\d{1,3}(?:\.\d{1,3}){1,5}[ \t]+"
)
_QUOTED = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.M)
_RULE = re.compile(r"[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_NOTE = re.compile(r"(\[(?:[0-9]{1,4}|[A-Za-z*†‡§]{1,3}|\^[^\[\]\s]{1,40})\]):?[ \t]")
_FENCE = re.compile(r"(?P<open>[`~]{3,}[^\n]*\n?)|\n?[ \t]*[`~]{3,}[ \t]*\Z")
_FIELD = re.compile(r"(?P<name>[A-Z][\w-]{0,30}): +(?=\S)")
_MATTER_NAME = re.compile(r"^([A-Za-z][\w -]{0,40}?)[ \t]*[:=]", re.M)
_MOST_NAMES_OF_MATTER = 6


@dataclass(frozen=True, slots=True)
class SourceText:
    """A document version, as far as it is shown as text.

    Attributes:
        text: Its canonical text.
        blocks: Its blocks, in order.
        tables: The records of its tables.
        pages: Where its pages or slides begin.
        media_type: The type of its file.
        name: The name of the source.
    """

    text: str
    blocks: Sequence[Block] = ()
    tables: Sequence[Table] = ()
    pages: Sequence[int] = ()
    media_type: str = ""
    name: str = ""

    @property
    def is_code(self) -> bool:
        """Whether it is shown line by line, with numbers."""
        return self.media_type == CODE or self.name.lower().endswith(".log")


@dataclass(frozen=True, slots=True)
class Element:
    """Something that is shown.

    Attributes:
        kind: ``heading``, ``paragraph``, ``quote``, ``note``, ``margin``, ``rule``, ``code``, ``matter`` (front
            matter), ``mail`` (the head of a mail), ``table``, ``list``, ``item`` (``todo``
            and ``done`` where it has a box), ``page``, or ``lines`` of code.
        at: Where it begins in the text.
        groups: Its words.
        level: The depth of a heading or an item, or the number of a page or of the first line.
        marker: The number of an item: empty for a bullet, None for an item that goes on.
        is_first: Whether it is scrolled to itself: what is cited in it are signs.
        parts: The items of a list, the lines of code, the fields of a mail, or what stands on a page.
        names: The names of the fields of a mail, or of those in front matter.
        table: The rows of a table.
    """

    kind: str
    at: int
    groups: Sequence[Group] = ()
    level: int = 0
    marker: Sequence[Group] | None = ()
    is_first: bool = False
    parts: Sequence[Element] = ()
    names: Sequence[str] = ()
    table: ShownTable | None = None


@dataclass(slots=True)
class Shower:
    """Turns blocks of one document into elements, in order."""

    source: SourceText
    marker: Marker
    is_grid: bool = False
    _notes: Mapping[str, str] = field(init=False)
    _markdown: bool = field(init=False)

    def __post_init__(self) -> None:
        text = self.source.text
        self._markdown = self.source.media_type in _MARKDOWN
        self._notes = {
            match[1]: " ".join(text[match.end() : min(block.end, match.end() + _LONGEST_NOTE)].split())
            for block in self.source.blocks
            if text.startswith("[", block.start) and (match := _NOTE.match(text, block.start, block.end))
        }

    def elements(self, first: int, last: int) -> list[Element]:
        """Return what stands in ``text[first:last]``."""
        if self.source.is_code:
            return [self._lines(first, last)]
        blocks = list(self._blocks(first, last))
        pages = [page for page in self.source.pages if first <= page < last]
        if not self.source.pages:
            return list(self._flow(blocks))
        found: list[Element] = []
        before = sum(page < first for page in self.source.pages)
        starts = [first, *(page for page in pages if page > first)]
        for number, (begin, stop) in enumerate(zip(starts, [*starts[1:], last], strict=True)):
            on_page = [block for block in blocks if begin <= block.start < stop]
            page = before + number + (first in pages)
            found.append(Element("page", begin, level=page, parts=list(self._flow(on_page))))
        return found

    def inlines(self, start: int, end: int) -> list[Inline]:
        """Return how the words between two offsets look."""
        found = list(written_inlines(self.source.text, start, end, self._notes))
        return [*found, *markdown_inlines(self.source.text, start, end)] if self._markdown else found

    # -- blocks --

    def _blocks(self, first: int, last: int) -> Iterator[Block]:
        """Yield the blocks between two offsets, cut at them, and what stands between blocks as paragraphs."""
        text, at = self.source.text, first
        begin = bisect_right(self.source.blocks, first, key=lambda block: block.end)
        for block in self.source.blocks[begin : bisect_left(self.source.blocks, last, key=lambda block: block.start)]:
            if text[at : block.start].strip():
                yield _trimmed(text, Block(at, block.start, "paragraph"))
            start, end = max(block.start, first), min(block.end, last)
            is_cut = (start, end) != (block.start, block.end)
            kind: BlockKind = "paragraph" if is_cut and block.kind == "row" else block.kind
            yield replace(block, start=start, end=end, kind=kind)
            at = end
        if text[at:last].strip():
            yield _trimmed(text, Block(at, last, "paragraph"))

    def _flow(self, blocks: Sequence[Block]) -> Iterator[Element]:
        at = 0
        while at < len(blocks):
            stop = at + 1
            kind = blocks[at].kind
            while kind in ("item", "row") and stop < len(blocks) and blocks[stop].kind == kind:
                stop += 1
            above = blocks[at - 1] if at else None
            if kind == "row" and self._is_head(blocks[at], above):
                head = replace(blocks[at], end=blocks[stop - 1].end, kind="paragraph")
                yield self._element(head, above)
            elif kind == "row":
                yield from self._tables(blocks[at], blocks[stop - 1])
            elif kind == "item":
                yield Element("list", blocks[at].start, parts=[self._item(block) for block in blocks[at:stop]])
            else:
                yield self._element(blocks[at], above)
            at = stop

    def _tables(self, first: Block, last: Block) -> Iterator[Element]:
        blocks = self.source.blocks
        cells = Cells(self.source.text, blocks, self.source.tables, self._markdown)
        begin = bisect_left(blocks, first.start, key=lambda block: block.start)
        for rows in cells.rows(begin, bisect_right(blocks, last.start, key=lambda block: block.start)):
            table = shown_table(rows, self.marker, self.inlines, self.is_grid)
            yield Element("table", rows.rows[0].block.start if rows.rows else rows.key, table=table)

    def _element(self, block: Block, above: Block | None) -> Element:
        text = self.source.text
        words = text[block.start : block.end]
        if block.kind == "heading":
            return self._simple("heading", block, _signs(_HEADING_SIGNS, words, block), block.level)
        if block.kind == "margin":
            return self._simple("margin", block)
        if block.kind == "code":
            return self._code(block, words)
        if self._is_head(block, above):
            return self._mail(block, text[above.start : above.end] if above else "")
        if _NOTE.match(words):
            return self._simple("note", block)
        if self._markdown and _RULE.fullmatch(words):
            return self._simple("rule", block, [Inline(block.start, block.end, SIGN)])
        if self._markdown and words.lstrip().startswith(">"):
            return self._simple("quote", block, _signs(_QUOTED, words, block))
        return self._simple("paragraph" if self._markdown else "verse", block)

    def _is_head(self, block: Block, above: Block | None) -> bool:
        """Tell whether a block begins the head of a mail, which stands below its subject."""
        is_below = self.source.media_type in _MAILS and above is not None and above.kind == "heading"
        return is_below and _FIELD.match(self.source.text, block.start, block.end) is not None

    def _simple(self, kind: str, block: Block, signs: Sequence[Inline] = (), level: int = 0) -> Element:
        """Return an element of the words of a block and nothing else."""
        inlines = [*signs, *(self.inlines(block.start, block.end) if kind != "rule" else ())]
        groups = self.marker.groups(block.start, block.end, inlines)
        return Element(kind, block.start, groups, level, is_first=self.marker.take_first(block.start, block.end))

    def _code(self, block: Block, words: str) -> Element:
        is_matter = block.start == 0 and self._markdown and words[:3] in ("---", "+++")
        signs = _signs(_FENCE, words, block) if words[:3] in ("```", "~~~") else []
        groups = self.marker.groups(block.start, block.end, signs)
        names = _MATTER_NAME.findall(words)[:_MOST_NAMES_OF_MATTER] if is_matter else ()
        kind = "matter" if is_matter else "code"
        is_first = self.marker.take_first(block.start, block.end)
        return Element(kind, block.start, groups, is_first=is_first, names=names)

    def _item(self, block: Block) -> Element:
        text = self.source.text
        line = text.rfind("\n", 0, block.start) + 1
        indent = text[line : block.start]
        level = min(4, len(indent.replace("\t", "    ")) // 2) if not indent.strip() else 0
        bullet = _BULLET.match(text, block.start, block.end)
        number = None if bullet else _NUMBER.match(text, block.start, block.end)
        begin = (bullet or number).end() if bullet or number else block.start  # type: ignore[union-attr]
        marker: Sequence[Group] | None = ()
        if number:
            marker = self.marker.groups(block.start, begin)
        elif self._markdown and not bullet:
            marker = None
        groups = self.marker.groups(begin, block.end, self.inlines(begin, block.end))
        box = bullet["box"] if bullet else None
        kind = "item" if not box else "todo" if box == " " else "done"
        return Element(kind, block.start, groups, level, marker, self.marker.take_first(block.start, block.end))

    def _mail(self, block: Block, subject: str) -> Element:
        """Return the head of a mail; a subject that is the heading above is not said again."""
        text, at = self.source.text, block.start
        names: list[str] = []
        parts: list[Element] = []
        for line in text[block.start : block.end].split("\n"):
            stop = at + len(line)
            match = _FIELD.match(text, at, stop)
            repeated = bool(match) and text[match.end() : stop] == subject and not self.marker.is_cited(at, stop)  # type: ignore[union-attr]
            if not repeated:
                begin = match.end() if match else at
                groups = self.marker.groups(begin, stop, self.inlines(begin, stop))
                names.append(match["name"] if match else "")
                parts.append(Element("field", at, groups))
            at = stop + 1
        is_first = self.marker.take_first(block.start, block.end)
        return Element("mail", block.start, parts=parts, names=names, is_first=is_first)

    def _lines(self, first: int, last: int) -> Element:
        text = self.source.text
        number = text.count("\n", 0, first) + 1
        parts: list[Element] = []
        at = first
        for line in text[first:last].removesuffix("\n").split("\n"):
            groups = self.marker.groups(at, at + len(line))
            cited = self.marker.is_cited(at, at + len(line))
            parts.append(Element("line", at, groups, number + len(parts), is_first=cited))
            at += len(line) + 1
        return Element("lines", first, level=number, parts=parts)


def _trimmed(text: str, block: Block) -> Block:
    words = text[block.start : block.end]
    start = block.start + len(words) - len(words.lstrip())
    return replace(block, start=start, end=start + len(words.strip()))


def _signs(pattern: re.Pattern[str], words: str, block: Block) -> list[Inline]:
    """Return the signs of a block that a pattern finds; what is all sign is words."""
    signs = [Inline(block.start + match.start(), block.start + match.end(), SIGN) for match in pattern.finditer(words)]
    return signs if sum(sign.end - sign.start for sign in signs) < len(words) else []
