"""The HTML of a conversation as blocks, for formats that are no HTML.

Owns: which elements of that HTML are which block, and that no word of it is lost. Knows nothing about what the words
say, or about the formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Literal

Kind = Literal["heading", "paragraph", "item", "quote", "code", "table", "rule"]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# The attribute of words that an element sets.
_STYLES = {"strong": "bold", "b": "bold", "th": "bold", "em": "italic", "i": "italic", "code": "code", "mark": "marked"}
_VOID = ("br", "hr", "meta", "link")


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    marked: bool = False
    symbol: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a document, from one side of the page to the other.

    Attributes:
        kind: What it is.
        runs: Its words; a line's end among them begins a new line. None for a table or a rule.
        level: The level of a heading, or how deep an item or what stands in one lies; 1 is the outermost.
        sign: What stands before an item; empty for what goes on in one.
        small: Whether it stands back.
        rows: The rows of a table: cells of runs.
        names: Whether the first row holds the names of the columns.
    """

    kind: Kind
    runs: Runs = ()
    level: int = 0
    sign: str = ""
    small: bool = False
    rows: tuple[tuple[Runs, ...], ...] = ()
    names: bool = False


@dataclass
class _List:
    """A list that is open: its next number, None where items have none."""

    number: int | None
    sign: str = ""


@dataclass
class _Open:
    """What stands open at a place of the HTML."""

    tags: list[tuple[str, str]] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)


def blocks_of(html: str) -> list[Block]:
    """Return HTML as blocks.

    Args:
        html: HTML that a template of an export wrote: complete, and of the elements that they use.

    Returns:
        The blocks, in order.
    """
    reader = _Reader()
    # Plain text from here on: what is safe HTML would escape what is added to it.
    reader.feed(str(html))
    reader.close()
    reader.end_block()
    return reader.blocks


class _Reader(HTMLParser):
    """Reads elements into blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._open = _Open()
        self._runs: list[Run] = []
        self._rows: list[list[Runs]] = []
        self._names = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        values = dict(attrs)
        match tag:
            case "br":
                self._runs.append(Run("\n"))
            case "hr":
                self.end_block()
                self.blocks.append(Block("rule"))
            case "ul":
                self.end_block()
                self._open.lists.append(_List(None))
            case "ol":
                self.end_block()
                self._open.lists.append(_List(int(values.get("start") or 1)))
            case "li":
                self.end_block()
                self._begin_item(values.get("value"))
            case "table":
                self.end_block()
                self._rows, self._names = [], False
            case "tr":
                self._rows.append([])
            case "td" | "th":
                self._runs = []
            case "thead":
                self._names = True
            case "p" | "div" | "section" | "blockquote" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self.end_block()
        if tag not in _VOID:
            self._open.tags.append((tag, values.get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        match tag:
            case "td" | "th":
                self._rows[-1].append(tuple(self._runs))
                self._runs = []
            case "table":
                rows = tuple(map(tuple, self._rows))
                self.blocks.append(Block("table", level=len(self._open.lists), rows=rows, names=self._names))
            case "ul" | "ol":
                self.end_block()
                self._open.lists.pop()
            case "p" | "div" | "section" | "li" | "blockquote" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self.end_block()
        if tag not in _VOID:
            self._open.tags.pop()

    def handle_data(self, data: str) -> None:
        """Add words, in the style of the elements that they stand in."""
        classes = {name for _, names in self._open.tags for name in names.split()}
        # The sign of an item stands there for who copies it; here the list has one of its own.
        if "f-bracket" in classes:
            return
        styles = {_STYLES[tag]: True for tag, _ in self._open.tags if tag in _STYLES}
        if not self._within("blockquote", "pre") and not self._within("div"):
            data = data.replace("\n", " ")
        if data:
            self._runs.append(Run(data, symbol="symbol" in classes, **styles))

    def end_block(self) -> None:
        """Make a block of the words that were read."""
        runs = _joined(self._runs)
        self._runs = []
        if not runs:
            return
        sign = ""
        if self._open.lists and self._open.lists[-1].sign:
            sign, self._open.lists[-1].sign = self._open.lists[-1].sign, ""
        level = len(self._open.lists)
        small = any("small" in names.split() for _, names in self._open.tags)
        heading = next((_HEADINGS[tag] for tag, _ in self._open.tags if tag in _HEADINGS), 0)
        if heading:
            self.blocks.append(Block("heading", runs, heading))
        elif self._within("blockquote"):
            self.blocks.append(Block("quote", runs, level))
        elif self._within("pre"):
            self.blocks.append(Block("code", runs, level))
        elif level:
            self.blocks.append(Block("item", runs, level, sign, small))
        else:
            self.blocks.append(Block("paragraph", runs, small=small))

    def _begin_item(self, value: str | None) -> None:
        list_ = self._open.lists[-1]
        if value is not None:
            list_.sign = f"[{value}]"
        elif list_.number is None:
            list_.sign = "•"
        else:
            list_.sign = f"{list_.number}."
            list_.number += 1

    def _within(self, *tags: str) -> bool:
        return any(tag in tags for tag, _ in self._open.tags)


def _joined(runs: list[Run]) -> Runs:
    """Return runs without white space at both ends, those of one style as one."""
    joined: list[Run] = []
    for run in runs:
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        else:
            joined.append(run)
    while joined and not joined[0].text.strip():
        joined.pop(0)
    while joined and not joined[-1].text.strip():
        joined.pop()
    if joined:
        joined[0] = replace(joined[0], text=joined[0].text.lstrip("\n "))
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)
