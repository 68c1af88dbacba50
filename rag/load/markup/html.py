"""Read HTML.

Owns: the walk over the elements of a page, and which blocks they make. Knows nothing about fetching; it runs no script.

    elements     what each element is: inline or block, hidden, raised, struck out
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
    INLINE,
    PREFORMATTED,
    Effect,
    children,
    class_effects,
    effect_of,
    has_blocks,
    is_hidden,
    is_inline,
    is_note_mark,
)
from rag.load.markup.forms import is_tick, own_label, value_of
from rag.load.markup.head import date_of, title_of
from rag.load.markup.html_tables import captions, data_table
from rag.load.markup.lists import ListNumbers
from rag.load.markup.mathml import linear_mathml
from rag.load.markup.sentences import ends_before_sentence_goes_on, is_in_sentence, text_after
from rag.load.markup.words import Words, struck
from rag.load.raised import fraction
from rag.load.tables import add_table
from rag.types import BlockKind

_SPACES = re.compile(r"[ \t\n\r\f]+")
_CONTROLS = ("input", "select", "textarea")
_PICTURE_NAME = re.compile(r"\S{1,200}\.(?:jpe?g|png|gif|svg|webp|bmp|avif)$", re.I)
# Elements of XHTML that are empty; in HTML they would go on to the end of the page.
_EMPTY_ELEMENT = re.compile(r"<([a-zA-Z][\w:.-]{0,40})((?:\s[^<>]{0,2000})?)/>")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_XHTML_HEAD = re.compile(r"\s{0,20}(?:<\?xml\b|<!DOCTYPE[^>]{0,100}XHTML)", re.I)
# A label of more characters is a paragraph of its own.
_LONGEST_LABEL = 200
_SLASHES = ("/", "\u2044")


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
        sheets = [sheet, *(element.text() for element in tree.css("style"))]
        _TreeReader(builder, class_effects("\n".join(sheets))).read(tree.body)
    return title


def _closed(element: re.Match[str]) -> str:
    """Return an empty element of XHTML as HTML closes it."""
    name = element[1]
    return element[0] if name.lower() in _VOID else f"<{name}{element[2]}></{name}>"


class _TreeReader:
    """Appends the text of an element tree.

    It walks the tree with a stack of its own: a page may nest deeper than Python can recurse.
    """

    def __init__(self, builder: Builder, effects: dict[str, Effect]) -> None:
        self.builder = builder
        self.effects = effects
        self.words = Words()
        self.lists = ListNumbers()
        # What is still to be done, last first: a node to read, or the end of an element.
        self.stack: list[Any] = []
        # In how many elements that keep their white space, and that are struck out, the walk stands.
        self.preformatted_depth = self.struck_depth = 0
        # The kinds and levels of the blocks that are open, innermost last: text belongs to the last.
        self.kinds: list[tuple[BlockKind, int]] = [("paragraph", 0)]
        # What is written before the next block: the number of its item, its term, the mark of its note.
        self.prefixes: list[str] = []
        # The marks of the notes, by the elements that they lead to.
        self.marks: dict[str, str] = {}
        # Terms whose values are still to come, and whether a value came since.
        self.terms: list[str] = []
        self.has_value = False
        self.readings: list[list[str]] = []
        self.abbreviations: set[str] = set()
        # Whether the text so far ends with a label, and in how many labels the walk stands.
        self.after_label = False
        self.label_depth = 0
        # Whether all becomes one line, as in a cell of a table; the tables in it are put aside.
        self.is_flat = False
        self.tables_aside: list[Any] = []

    def read(self, root: Any) -> None:
        self._read_below(root)
        self._end_block()

    def flat_text(self, node: Any) -> str:
        """Return the visible words of an element on one line."""
        outer = self.stack, self.words, self.is_flat
        self.stack, self.words, self.is_flat = [], Words(), True
        self._read_below(node)
        text = " ".join(self.words.take().split())
        self.stack, self.words, self.is_flat = outer
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
            self._add_text(node.text_content or "")
        elif tag.startswith("-") or tag in DROPPED or is_hidden(node):
            return
        elif tag == "br":
            self.words.add("\n", keep_spaces=True)
        elif tag == "math" or tag.endswith(":math"):
            self.words.add(linear_mathml(node))
        elif tag == "img":
            self._add_picture(node)
        elif tag in _CONTROLS:
            self._add_control(node)
        elif (tag == "button" and not self._is_in_text(node)) or (tag == "table" and self._add_table(node)):
            return
        elif is_inline(node) or is_in_sentence(node):
            self._read_inline(node)
        elif self.is_flat:
            self.words.add(" ")
            self._descend(node, lambda: self.words.add(" "))
        else:
            self._read_block(node)

    def _add_text(self, text: str) -> None:
        self.words.add(text, keep_spaces=self.preformatted_depth > 0)
        if not text.isspace():
            self.after_label = False

    def _read_inline(self, node: Any) -> None:
        words, tag = self.words, node.tag
        if words.is_deep:
            self._descend(node, lambda: None)
            return
        effect = effect_of(node, self.effects)
        if effect and not self.is_flat and has_blocks(node):
            effect = ""
            if node.tag in ("s", "del", "strike"):
                self._end_block()
                self.struck_depth += 1
                self._descend(node, self._end_struck)
                return
        if effect == "raised":
            if not self._add_fraction(node):
                self._open(node, lambda: words.close_raised(text_after(node)))
        elif effect == "lowered":
            self._open(node, words.close_lowered)
        elif effect == "struck":
            self._open(node, words.close_struck)
        elif tag == "a" and is_note_mark(node.attributes):
            self._open(node, lambda: self._end_note(node))
        elif tag == "ruby":
            self.readings.append([])
            self._open(node, lambda: words.close_ruby("".join(self.readings.pop())))
        elif tag in ("rt", "rp"):
            self._open(node, lambda: self._end_reading(tag))
        elif tag == "abbr" and node.attributes.get("title"):
            self._open(node, lambda: self._end_abbreviation(node))
        elif tag == "label":
            self.label_depth += 1
            self._descend(node, self._end_label)
        elif tag == "button":
            words.need_space()
            self._descend(node, words.need_space)
        elif tag in INLINE or "-" in tag or ":" in tag:
            self._descend(node, lambda: None)
        else:
            words.add(" ")
            self._descend(node, lambda: words.add(" "))

    def _open(self, node: Any, end: Callable[[], None]) -> None:
        """Read the words of an inline element that are written in another way."""
        self.words.open()
        self._descend(node, end)

    def _end_struck(self) -> None:
        self._end_block()
        self.struck_depth -= 1

    def _end_note(self, node: Any) -> None:
        mark = self.words.close_note()
        target = (node.attributes.get("href") or "").rpartition("#")[2]
        if mark and target and "sym" not in (node.attributes.get("class") or ""):
            self.marks.setdefault(target, mark)

    def _end_reading(self, tag: str) -> None:
        reading = self.words.close()
        if tag == "rt" and self.readings:
            self.readings[-1].append(reading.strip())
        elif tag == "rt":
            self.words.add(f" ({reading.strip()})")

    def _end_abbreviation(self, node: Any) -> None:
        short = self.words.close()
        title = " ".join((node.attributes.get("title") or "").split())
        is_said = title.lower() in self.words.before().lower() or text_after(node).lstrip().startswith("(")
        self.words.add(short)
        if short not in self.abbreviations and title and not is_said and title != short.strip():
            self.words.add(f" ({title})")
        self.abbreviations.add(short)

    def _end_label(self) -> None:
        self.label_depth -= 1
        self.after_label = True

    def _add_fraction(self, node: Any) -> bool:
        """Write a raised number over a lowered one, and tell whether they are such."""
        slash = node.next
        if slash is None or slash.tag != "-text" or (slash.text_content or "").strip() not in _SLASHES:
            return False
        under = slash.next
        if under is None or under.tag == "-text" or effect_of(under, self.effects) != "lowered":
            return False
        if len(self.stack) < 2 or not (self.stack[-1] == slash and self.stack[-2] == under):
            return False
        del self.stack[-2:]
        self.words.add(fraction(node.text(deep=True), under.text(deep=True), self.words.before()))
        return True

    def _add_picture(self, node: Any) -> None:
        attributes = node.attributes
        text = " ".join((attributes.get("alt") or "").split())
        is_decoration = attributes.get("aria-hidden") == "true" or attributes.get("role") in ("presentation", "none")
        if text and not is_decoration and not _PICTURE_NAME.match(text) and not text_after(node).startswith(text):
            self.words.add_apart(text)

    def _is_in_text(self, node: Any) -> bool:
        """Tell whether a button stands in a heading or among words; alone it is no text."""
        is_among_words = bool(self.words.before().strip() or text_after(node).strip())
        return is_among_words or self.is_flat or self.kinds[-1][0] == "heading"

    def _add_control(self, node: Any) -> None:
        value = value_of(node)
        if not value:
            return
        if is_tick(node):
            self.words.add_apart(value)
            self.words.add(" ")
            return
        before = self.words.before().rstrip()
        label = own_label(node)
        if not before and label:
            value = f"{label}: {value}"
        elif before and (self.after_label or self.label_depth) and not before.endswith(":"):
            self.words.strip_end()
            value = f": {value}"
        elif before and not self.words.before()[-1:].isspace():
            value = f" {value}"
        self.words.add(value.replace("\n", " ") if self.is_flat else value, keep_spaces=True)
        self.words.add(" ")
        self.after_label = False

    def _add_table(self, node: Any) -> bool:
        """Append a table that holds data, and have those in it read next; tell whether it is one."""
        if self.is_flat:
            self.tables_aside.append(node)
            return True
        outer, self.tables_aside = self.tables_aside, []
        table = data_table(node, self.flat_text)
        inner, self.tables_aside = self.tables_aside, outer
        if table is None:
            return False
        self._end_block()
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
        if (identifier := node.attributes.get("id")) and tag != "li" and identifier in self.marks:
            self.prefixes.append(f"[{self.marks[identifier]}]")
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
            self.has_value = True
            self.prefixes += [term if term.endswith((":", "?", "!")) else f"{term}:" for term in self._joined_terms()]
            self._read_kind(node, "item")
        elif tag == "dl":
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
            self.prefixes = []

    def _end_list(self) -> None:
        self._end_block()
        self.lists.close()

    def _end_paragraph(self, node: Any) -> None:
        if ends_before_sentence_goes_on(node):
            self.words.add(" ")
        else:
            self._end_block()

    def _read_term(self, node: Any) -> None:
        if self.has_value:
            self.terms, self.has_value = [], False
        text = self.flat_text(node)
        if len(text) > _LONGEST_LABEL:
            self.builder.add("paragraph", text)
        elif text:
            self.terms.append(text)

    def _joined_terms(self) -> list[str]:
        return [", ".join(self.terms)] if self.terms else []

    def _end_terms(self) -> None:
        """End a list of terms; those that no value followed stand alone."""
        self._end_block()
        if not self.has_value:
            for text in self.terms:
                self.builder.add("item", text)
        self.terms, self.has_value = [], False

    def _end_block(self) -> None:
        """Append the words since the last block as a block of the kind at hand."""
        text = self.words.take()
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
