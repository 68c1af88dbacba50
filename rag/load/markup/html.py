"""Read HTML.

Owns: the walk over the elements of a page, and which blocks they make. Knows nothing about fetching; it runs no script.

    elements     what each element is: inline or block, hidden, raised, struck out
    sheets       what style sheets hide, strike out, raise
    html_inline  inline elements
    words        the words of a block
    sentences    blocks in the middle of a sentence
    lists        the numbers of list items
    html_tables  tables
    forms        what is filled in
    mathml       formulas
    head         title and day
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from rag.load.builder import Builder
from rag.load.markup.elements import (
    DROPPED,
    HEADINGS,
    PREFORMATTED,
    children,
    has_blocks,
    is_inline,
    next_element,
)
from rag.load.markup.head import date_of, title_of
from rag.load.markup.html_inline import Inline
from rag.load.markup.html_tables import captions, data_table
from rag.load.markup.lists import ListNumbers, Terms
from rag.load.markup.mathml import linear_mathml
from rag.load.markup.sentences import ends_before_sentence_goes_on, is_in_sentence
from rag.load.markup.sheets import Sheet, read_sheet
from rag.load.markup.words import Words, struck
from rag.load.tables import add_table
from rag.types import BlockKind

_SPACES = re.compile(r"[ \t\n\r\f]+")
_CONTROLS = ("input", "select", "textarea")
# Elements of XHTML that are empty; in HTML they would go on to the end of the page.
_EMPTY_ELEMENT = re.compile(r"<([a-zA-Z][\w:.-]{0,40})((?:\s[^<>]{0,2000})?)/>")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_XHTML_HEAD = re.compile(r"\s{0,20}(?:<\?xml\b|<!DOCTYPE[^>]{0,100}XHTML)", re.I)
# What holds a drawing or a page of its own, and so many pages are read in each other.
_INNER = ("svg", "iframe")
_DEEPEST_FRAME = 3
# A label of more characters is a paragraph of its own.
_LONGEST_LABEL = 200


def read_html(text: str, builder: Builder, sheet: str = "") -> str:
    """Append the page's visible text, and note its day where none is known.

    Args:
        text: The canonical text of the file.
        builder: What the blocks are appended to.
        sheet: The style sheets of the page that stand beside it.

    Returns:
        The title of the page, or "".
    """
    if _XHTML_HEAD.match(text):
        text = _EMPTY_ELEMENT.sub(_closed, text)
    tree = LexborHTMLParser(text)
    title = ""
    if tree.head is not None:
        title = title_of(tree.head)
        builder.date = builder.date or date_of(tree.head)
    if tree.body is not None:
        rules = read_sheet("\n".join([sheet, *(element.text() for element in tree.css("style"))]))
        blocks = len(builder.blocks)
        _TreeReader(builder, rules).read(tree.body)
        if rules.hidden and len(builder.blocks) == blocks:
            # A script would have shown the page.
            _TreeReader(builder, rules.without_hidden).read(tree.body)
    return title


def _closed(element: re.Match[str]) -> str:
    """Return an empty element of XHTML as HTML closes it."""
    name = element[1]
    return element[0] if name.lower() in _VOID else f"<{name}{element[2]}></{name}>"


class _TreeReader:
    """Appends the text of an element tree.

    It walks the tree with a stack of its own: a page may nest deeper than Python can recurse.
    """

    def __init__(self, builder: Builder, sheet: Sheet) -> None:
        self.builder = builder
        self.sheet = sheet
        self.inline = Inline(sheet, self._descend, self._skip)
        self.lists = ListNumbers()
        # What is still to be done, last first: a node to read, or the end of an element.
        self.stack: list[Any] = []
        # In how many elements that keep their white space, and that are struck out, the walk stands.
        self.preformatted_depth = self.struck_depth = 0
        # The kinds and levels of the blocks that are open, innermost last: text belongs to the last.
        self.kinds: list[tuple[BlockKind, int]] = [("paragraph", 0)]
        # What is written before the next block: the number of its item, its term, the mark of its note.
        self.prefixes: list[str] = []
        # The lists of terms that are open, innermost last.
        self.terms: list[Terms] = [Terms()]
        # The pages in the page whose words are read.
        self.frames: list[LexborHTMLParser] = []
        # Tables in the cells of another.
        self.tables_aside: list[Any] = []

    def read(self, root: Any) -> None:
        self._read_below(root)
        self._end_terms()
        self._add_prefixes()

    def flat_text(self, node: Any) -> str:
        """Return the visible words of an element on one line."""
        inline = self.inline
        outer = self.stack, inline.words, inline.is_flat
        self.stack, inline.words, inline.is_flat = [], Words(), True
        self._read_below(node)
        text = " ".join(inline.words.take().split())
        self.stack, inline.words, inline.is_flat = outer
        return text

    def _read_below(self, node: Any) -> None:
        self._descend(node, lambda: None)
        while self.stack:
            step = self.stack.pop()
            if callable(step):
                step()
            else:
                self._read_node(step)

    def _descend(self, node: Any, end: Callable[[], None]) -> None:
        """Have what is in an element read next, and then its end."""
        self.stack.append(end)
        self.stack.extend(reversed(list(children(node))))

    def _read_node(self, node: Any) -> None:
        tag = node.tag
        if tag == "-text":
            self.inline.add_text(node.text_content or "", keep_spaces=self.preformatted_depth > 0)
        elif tag.startswith("-") or (tag in DROPPED and tag not in _INNER) or self.sheet.is_hidden(node):
            return
        elif tag == "br":
            self.inline.words.add("\n", keep_spaces=True)
        elif tag == "svg" or (tag == "iframe" and node.attributes.get("srcdoc")):
            self._read_inner(node)
        elif tag == "math" or tag.endswith(":math"):
            self.inline.words.add(linear_mathml(node))
        elif tag == "img":
            self.inline.add_picture(node)
        elif tag in _CONTROLS:
            self.inline.add_control(node)
        elif (tag == "button" and not self._is_shown(node)) or (tag == "table" and self._add_table(node)):
            return
        elif is_inline(node) or is_in_sentence(node):
            self._read_inline(node)
        elif self.inline.is_flat:
            self._read_flat(node)
        else:
            self._read_block(node)

    def _read_inner(self, node: Any) -> None:
        """Read the words of a drawing, or of a page that is written in an attribute."""
        if node.tag == "svg":
            self.inline.add_drawing(node)
            return
        frame = LexborHTMLParser(node.attributes["srcdoc"])
        if frame.body is None or len(self.frames) >= _DEEPEST_FRAME:
            return
        self.frames.append(frame)
        self._part_frame()
        self._descend(frame.body, self._end_frame)

    def _end_frame(self) -> None:
        self.frames.pop()
        self._part_frame()

    def _part_frame(self) -> None:
        """Part the words of a page from those around it."""
        if self.inline.is_flat:
            self.inline.words.need_space()
        else:
            self._end_block()

    def _end_flat(self, node: Any) -> None:
        """End a block whose words stand on the line of a cell: a term is told from its value, a value from the next."""
        if node.tag == "dt":
            self.inline.words.add_sign(":")
        elif node.tag == "dd" and next_element(node) is not None:
            self.inline.words.add_sign(",")
        self.inline.words.add(" ")

    def _is_shown(self, button: Any) -> bool:
        """Tell whether a button stands in a heading or among words."""
        return self.kinds[-1][0] == "heading" or self.inline.is_among_words(button)

    def _skip(self, *nodes: Any) -> bool:
        """Pass over nodes if they are read next, and tell whether they are."""
        count = len(nodes)
        if self.stack[-count:] != list(reversed(nodes)):
            return False
        del self.stack[-count:]
        return True

    def _read_flat(self, node: Any) -> None:
        """Read a block in a line."""
        words = self.inline.words
        words.add(" ")
        if self.sheet.is_struck(node) and not words.is_deep:
            words.open()
            self._descend(node, words.close_struck)
        else:
            self._descend(node, lambda: self._end_flat(node))

    def _read_inline(self, node: Any) -> None:
        effect = self.sheet.effect_of(node)
        if effect == "struck" and not self.inline.is_flat and has_blocks(node):
            self._end_block()
            self.struck_depth += 1
            self._descend(node, self._end_struck)
        elif effect and not self.inline.is_flat and (has_blocks(node) or (effect == "struck" and self.struck_depth)):
            self._descend(node, lambda: None)
        else:
            self.inline.read(node)

    def _end_struck(self) -> None:
        self._end_block()
        self.struck_depth -= 1

    def _add_table(self, node: Any) -> bool:
        """Append a table that holds data, and have those in it read next; tell whether it is one."""
        if self.inline.is_flat:
            self.tables_aside.append(node)
            return True
        is_struck = self.struck_depth > 0 or self.sheet.is_struck(node)
        outer, self.tables_aside = self.tables_aside, []
        table = data_table(node, self.flat_text, self.sheet, is_struck)
        inner, self.tables_aside = self.tables_aside, outer
        if table is None:
            return False
        self._end_block()
        self._add_prefixes()
        said = [*map(self.flat_text, captions(node)), *table.titles]
        for text in said:
            self.builder.add("paragraph", text)
        add_table(self.builder, table.rows, next(iter(said), ""), names=table.names, labels=table.labels)
        self.stack.extend(reversed(inner))
        return True

    def _read_block(self, node: Any) -> None:
        tag = node.tag
        if tag != "summary" or not is_in_sentence(node):
            self._end_block()
        if self.sheet.is_struck(node):
            self.struck_depth += 1
            self.stack.append(self._end_struck)
        if (identifier := node.attributes.get("id")) and tag != "li" and identifier in self.inline.marks:
            self.prefixes.append(f"[{self.inline.marks[identifier]}]")
        if tag in HEADINGS:
            self._read_kind(node, "heading", HEADINGS[tag])
        elif tag in PREFORMATTED:
            self.preformatted_depth += 1
            self._read_kind(node, "code")
        elif tag == "li":
            number = self.lists.next(node.attributes)
            self.prefixes += [number] if number else []
            self._read_kind(node, "item")
        elif tag in ("ol", "ul", "menu", "dir"):
            items = sum(child.tag == "li" for child in children(node)) if "reversed" in node.attributes else 0
            self.lists.open(tag, node.attributes, items)
            self._descend(node, self._end_list)
        elif tag == "dt":
            self._read_term(node)
        elif tag == "dd":
            self.prefixes += self.terms[-1].take()
            self._read_kind(node, "item")
        elif tag == "dl":
            self.terms.append(Terms())
            self._descend(node, self._end_terms)
        else:
            self._descend(node, lambda: self._end_paragraph(node))

    def _read_kind(self, node: Any, kind: BlockKind, level: int = 0) -> None:
        self.kinds.append((kind, level))
        self._descend(node, lambda: self._end_kind(kind))

    def _end_kind(self, kind: BlockKind) -> None:
        self._end_block()
        self.kinds.pop()
        self.preformatted_depth -= kind == "code"
        if kind == "item":
            self._add_prefixes()

    def _end_list(self) -> None:
        self._end_block()
        self.lists.close()

    def _end_paragraph(self, node: Any) -> None:
        if ends_before_sentence_goes_on(node):
            self.inline.words.add(" ")
        else:
            self._end_block()

    def _read_term(self, node: Any) -> None:
        text = self.flat_text(node)
        if len(text) > _LONGEST_LABEL:
            self.builder.add("paragraph", text)
        else:
            self.terms[-1].add(text)

    def _end_terms(self) -> None:
        """End a list of terms; those that no value followed stand alone."""
        self._end_block()
        for text in self.terms.pop().left():
            self.builder.add("item", text)
        self.terms = self.terms or [Terms()]

    def _add_prefixes(self) -> None:
        """Append a term or a mark that no words of its own follow; a number alone says nothing."""
        prefixes, self.prefixes = self.prefixes, []
        text = " ".join(prefix for prefix in prefixes if not prefix.endswith("."))
        self.builder.add("item", text.removesuffix(":"))

    def _end_block(self) -> None:
        """Append the words since the last block as a block of the kind at hand."""
        text = self.inline.words.take()
        if not text.strip():
            return
        kind, level = self.kinds[-1]
        if kind == "heading":
            text = " ".join(text.split())
        elif kind != "code":
            text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
        if self.struck_depth:
            text = struck(text)
        if self.prefixes:
            prefixes, self.prefixes = self.prefixes, []
            text = " ".join((*(prefix for prefix in prefixes if not _says(text, prefix)), text.strip()))
        self.builder.add(kind, text.strip("\n") if kind == "code" else text, level)


def _says(text: str, prefix: str) -> bool:
    """Tell whether a note begins with its mark already."""
    return prefix.startswith("[") and text.lstrip("[( ").startswith(prefix.strip("[]"))
