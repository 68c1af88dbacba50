"""Read HTML.

Owns: which elements of a page are text, and of which kind. Knows nothing about fetching; it runs no script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from rag.load.builder import Builder
from rag.load.tables import add_table, text_rows
from rag.types import BlockKind

_DROPPED = frozenset(
    "script style nav template noscript svg iframe object canvas audio video head select button datalist map"
    " textarea dialog".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark math meter output q"
    " rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Styles that hide an element: also letters of no size, or of a pixel, and ones that are wholly transparent.
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*(?:0{1,3}(?:\.0{1,3})?\s*(?:[a-z%]{1,4}\s*)?(?:[;!]|$)|(?:1|0?\.\d{1,3}|0\.\d{1,3})(?:px|pt))"
    r"|(?<![\w-])opacity\s*:\s*0{0,3}(?:\.0{1,3}|0)\s*(?:[;!]|$)",
    re.I,
)
_SPACES = re.compile(r"[ \t\n\r\f]+")
# A table with a longer cell, in characters, lays out the page.
_LONGEST_DATA_CELL = 2000
# Characters of a style that are searched.
_STYLE_CHARACTERS = 1000
# Cap on the columns of a cell that spans several.
_MAX_SPAN = 100
_LIST_ITEMS = ("li", "dd")
_PREFORMATTED = ("pre", "listing")


def read_html(text: str, builder: Builder) -> str:
    """Append the page's visible text.

    Args:
        text: The canonical text of the file.
        builder: What the blocks are appended to.

    Returns:
        The title of the page, or "".
    """
    tree = LexborHTMLParser(text)
    element = tree.css_first("title")
    title = " ".join(element.text().split()) if element is not None else ""
    if tree.body is not None:
        _TreeReader(builder).read(tree.body)
    return title


class _TreeReader:
    """Appends the text of an element tree.

    It walks the tree with a stack of its own: a page may nest deeper than Python can recurse.
    """

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        # The text since the last block ended.
        self.words: list[str] = []
        # In how many elements that keep their white space the walk stands.
        self.preformatted_depth = 0
        # The kinds and levels of the blocks that are open, innermost last: text belongs to the last.
        self.kinds: list[tuple[BlockKind, int]] = [("paragraph", 0)]

    def read(self, root: Any) -> None:
        stack: list[tuple[Any, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            tag = node.tag
            if leaving:
                self._leave(tag)
            elif tag == "-text":
                self._add_words(node.text_content or "")
            elif tag.startswith("-") or tag in _DROPPED or _is_hidden(node):
                continue
            elif tag == "br":
                self.words.append("\n")
            elif tag == "table" and _is_data_table(node):
                self._end_block()
                for caption in node.css("caption"):
                    self.builder.add("paragraph", _flat_text(caption))
                add_table(self.builder, text_rows(_rows(node)), names=1 if _has_column_names(node) else None)
            else:
                self._enter(tag)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(list(_children(node))))
        self._end_block()

    def _enter(self, tag: str) -> None:
        if tag in _INLINE:
            return
        self._end_block()
        if tag in _HEADINGS:
            self.kinds.append(("heading", _HEADINGS[tag]))
        elif tag in _LIST_ITEMS:
            self.kinds.append(("item", 0))
        elif tag in _PREFORMATTED:
            self.preformatted_depth += 1
            self.kinds.append(("code", 0))

    def _leave(self, tag: str) -> None:
        if tag in _INLINE:
            return
        self._end_block()
        if tag in _HEADINGS or tag in (*_LIST_ITEMS, *_PREFORMATTED):
            self.kinds.pop()
        if tag in _PREFORMATTED:
            self.preformatted_depth -= 1

    def _add_words(self, text: str) -> None:
        self.words.append(text if self.preformatted_depth else _SPACES.sub(" ", text))

    def _end_block(self) -> None:
        """Append the words since the last block as a block of the kind at hand."""
        text = "".join(self.words)
        self.words = []
        kind, level = self.kinds[-1]
        if kind == "heading":
            text = " ".join(text.split())
        elif kind != "code":
            text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
        self.builder.add(kind, text.strip("\n") if kind == "code" else text, level)


def _children(node: Any) -> Iterator[Any]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _is_hidden(node: Any) -> bool:
    """Tell whether an element is hidden from its reader by an attribute or a style of its own."""
    attributes = node.attributes
    if not attributes:
        return False
    return "hidden" in attributes or bool(_HIDING_STYLE.search((attributes.get("style") or "")[:_STYLE_CHARACTERS]))


def _flat_text(node: Any) -> str:
    """Return the visible words of an element on one line."""
    words: list[str] = []
    stack = [node]
    while stack:
        node = stack.pop()
        tag = node.tag
        if tag == "-text":
            words.append(node.text_content or "")
        elif not tag.startswith("-") and tag not in _DROPPED and not _is_hidden(node):
            if tag not in _INLINE:
                words.append(" ")
            stack.extend(reversed(list(_children(node))))
    return " ".join("".join(words).split())


def _is_data_table(table: Any) -> bool:
    """Tell whether a table holds data.

    One that lays out the page holds tables, headings, long texts or one cell a row.
    """
    if not any(sum(bool(cell.text(strip=True)) for cell in row.css("td, th")) > 1 for row in table.css("tr")):
        return False
    if len(table.css("table")) > 1 or table.css_first("h1, h2, h3, h4, h5, h6, pre") is not None:
        return False
    return all(len(cell.text()) <= _LONGEST_DATA_CELL for cell in table.css("td"))


def _has_column_names(table: Any) -> bool:
    """Tell whether the first row is marked as one that names the columns."""
    row = table.css_first("tr")
    if row is None:
        return False
    names = row.css("th")
    return bool(names) and (table.css_first("thead") is not None or (len(names) > 1 and not row.css("td")))


def _rows(table: Any) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table as the texts of their cells."""
    for row in table.css("tr"):
        if _is_hidden(row):
            continue
        cells: list[str] = []
        for cell in _children(row):
            if cell.tag in ("td", "th"):
                span = cell.attributes.get("colspan") or ""
                width = min(int(span), _MAX_SPAN) if span.isdecimal() and len(span) < 4 else 1
                text = _flat_text(cell)
                # A heading over several columns names each of them; a value stands in the first.
                cells += [text] * width if cell.tag == "th" else [text] + [""] * (width - 1)
        yield tuple(cells)
