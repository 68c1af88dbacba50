"""Write any XML as HTML, by its text: articles in DocBook, JATS and TEI by their elements, other files by their form.

Owns: what an element is by its name, or by what is in it. Knows nothing about files; the HTML is read as any page.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from rag.load.markup.xml_names import ADMONITIONS, DROPPED, FIGURES, FORMULAS, SECTIONS, TAGS, TITLES
from rag.load.markup.xml_nodes import (
    effect_of_attributes,
    formula_html,
    has_own_words,
    is_container,
    local_name,
    mathml,
    person_words,
    spans,
)
from rag.load.markup.xml_records import is_record, labelled, record_table, told_attributes
from rag.load.markup.xml_safe import entity_text

_NUMBERED = ("order", "ordered", "alpha", "roman")
# How the items of a list are numbered, in the words of DocBook and JATS, and in those of HTML.
_NUMBER_TYPES = {
    "loweralpha": "a", "alpha-lower": "a", "upperalpha": "A", "alpha-upper": "A",
    "lowerroman": "i", "roman-lower": "i", "upperroman": "I", "roman-upper": "I",
}  # fmt: skip
_MARK = '<a role="doc-noteref"{}>{}</a>'


def to_html(root: Any, entities: dict[str, str], *, is_article: bool) -> str:
    """Return an XML file as HTML.

    Args:
        root: Its root, an element of lxml.
        entities: The texts of the entities that it declares.
        is_article: Whether the names of its elements are those of DocBook, JATS or TEI.

    Returns:
        The body of a page.
    """
    writer = _Writer(entities, is_article)
    writer.write(root)
    return writer.html


def _number_type(kind: str) -> str:
    """Return the attribute of HTML that numbers a list as it is numbered, or ""."""
    return f' type="{_NUMBER_TYPES[kind]}"' if kind in _NUMBER_TYPES else ""


class _Writer:
    """Walks a tree with a stack of its own."""

    def __init__(self, entities: dict[str, str], is_article: bool) -> None:
        self.entities = entities
        self.is_article = is_article
        # What is written, innermost part last: a note or a caption waits for its place.
        self.parts: list[list[str]] = [[]]
        self.stack: list[Any] = []
        self.depth = 0
        # In how many elements whose words are one paragraph the walk stands, and in how many tables.
        self.line_depth = self.table_depth = 0
        # What the next paragraph or title begins with: "2.1", "[1]", "Note:".
        self.label = ""
        self.caption = ""
        self.notes: list[str] = []
        self.note_count = 0
        self.columns: list[str] = []

    @property
    def html(self) -> str:
        """Return what is written."""
        return "".join(self.parts[0]) + "".join(self.notes)

    def write(self, root: Any) -> None:
        self._element(root)
        while self.stack:
            step = self.stack.pop()
            if callable(step):
                step()
            elif isinstance(step, str):
                self._text(step)
            elif step.__class__.__name__ == "_Entity":
                self._text(entity_text(step.name, self.entities))
            else:
                self._element(step)

    def _put(self, text: str) -> None:
        self.parts[-1].append(text)

    def _text(self, text: str) -> None:
        self._put(html.escape(text, quote=False))

    def _descend(self, node: Any, end: Callable[[], None]) -> None:
        """Have what is in an element written next, and then its end."""
        self.stack.append(end)
        self.stack.extend(reversed(list(self._content(node))))

    def _content(self, node: Any) -> Iterator[Any]:
        """Yield the texts and elements in an element; white space between blocks does not matter."""
        if node.text:
            yield node.text
        if not self.line_depth and not self.is_article:
            yield from self._with_tables(node)
            return
        for child in node:
            yield child
            if child.tail:
                yield child.tail

    def _with_tables(self, node: Any) -> Iterator[Any]:
        """Yield what is in an element, records that follow each other as a table."""
        for is_row, run in groupby(node, lambda child: (is_record(child), child.tag) if is_record(child) else None):
            children = list(run)
            if is_row and (table := record_table(children)):
                yield lambda table=table: self._put(table)
                yield from (child.tail for child in children if child.tail and child.tail.strip())
                continue
            for child in children:
                yield child
                if child.tail and child.tail.strip():
                    yield child.tail

    def _element(self, node: Any) -> None:
        name = local_name(node)
        if name == "math":
            self._put(mathml(node))
        elif name in FORMULAS and self.is_article and (formula := formula_html(node)):
            self._put(formula if self.line_depth else f"<p>{formula}</p>")
        elif self.is_article and (name in DROPPED or node.get("hidden") == "true"):
            return
        elif self.is_article and name == "teiHeader":
            self._tei_title(node)
        elif self.is_article and name in ("footnote", "note") and self._is_note(name):
            self._note(node)
        elif name in TITLES:
            self._title(node)
        elif self.is_article and self._special(node, name):
            return
        elif name in TAGS and self.is_article:
            self._known(node, name, TAGS[name])
        else:
            self._unknown(node)

    def _special(self, node: Any, name: str) -> bool:
        """Write an element that is more than one of HTML, and tell whether it is such."""
        if name == "label":
            if local_name(node.getparent()) == "list":
                self._wrap(node, "dt")
            else:
                words = " ".join("".join(node.itertext()).split())
                self.label = f"[{words}] " if local_name(node.getparent()) == "fn" else f"{words} "
        elif name == "xref" and node.get("ref-type") in ("fn", "table-fn"):
            mark = html.escape(" ".join("".join(node.itertext()).split()))
            self._put(_MARK.format(f' href="#{html.escape(node.get("rid") or "")}"', mark))
        elif name == "caption" and self._parent_is_figure(node):
            self.parts.append([])
            self._descend(node, self._end_caption)
        elif name == "date" and not self.line_depth:
            return True
        elif name in ("name", "personname", "string-name", "author", "contrib"):
            words = html.escape(person_words(node))
            self._put(words if self.line_depth else f"<p>{words}</p>")
            if self.line_depth and name == "contrib" and node.getnext() is not None:
                self._put(", ")
        else:
            return False
        return True

    def _known(self, node: Any, name: str, tag: str) -> None:
        effect = effect_of_attributes(node)
        if tag == "" or (self.line_depth and tag == "div"):
            if effect:
                self._put(f"<{effect}>")
                self._descend(node, lambda: self._put(f"</{effect}>"))
            else:
                self._descend(node, lambda: None)
            return
        if name == "ab" and "code" in (node.get("type") or ""):
            tag = "pre"
        if name in ADMONITIONS and tag == "div":
            self.label = f"{ADMONITIONS[name]}: "
        if name in ("list", "table") or tag == "table":
            self._list_or_table(node, name)
        elif tag in ("td", "th", "li", "tr"):
            self._part(node, name, tag)
        elif tag in ("p", "sup", "sub", "s", "dt") or (tag == "pre"):
            self._line(node, tag)
        elif name in SECTIONS:
            self.depth += 1
            self._wrap(node, "div", self._end_section)
        else:
            self._wrap(node, tag + (_number_type(node.get("numeration") or "") if tag == "ol" else ""))

    def _wrap(self, node: Any, tag: str, end: Callable[[], None] | None = None) -> None:
        self._put(f"<{tag}>")

        def close() -> None:
            self._put(f"</{tag.partition(' ')[0]}>")
            if end is not None:
                end()

        self._descend(node, close)

    def _line(self, node: Any, tag: str) -> None:
        """Write an element whose words are one paragraph, or a part of one."""
        if self.line_depth and tag in ("p", "dt"):
            self._put(" ")
            self._descend(node, lambda: self._put(" "))
            return
        self._put(f"<{tag}>")
        if tag in ("p", "dt"):
            self._take_label()
        self.line_depth += 1

        def close() -> None:
            self.line_depth -= 1
            self._put(f"</{tag}>")
            self._put_notes()

        self._descend(node, close)

    def _part(self, node: Any, name: str, tag: str) -> None:
        """Write a row, a cell or an item with what its attributes say."""
        attributes = ""
        if tag == "li":
            value = node.get("override") or node.get("n")
            attributes = f' value="{value}"' if value and value.isdecimal() else ""
            is_term = any(local_name(child) == "label" for child in node.getparent()) and name == "item"
            parent = local_name(node.getparent())
            tag = "dd" if is_term or parent in ("varlistentry", "def-item", "glossentry") else tag
        elif tag in ("td", "th"):
            row = node.getparent()
            is_name = "label" in (node.get("role") or "", row.get("role") or "")
            tag = "th" if is_name else tag
            attributes = spans(node, self.columns)
        self._put(f"<{tag}{attributes}>")
        self._descend(node, lambda: self._put(f"</{tag}>"))

    def _list_or_table(self, node: Any, name: str) -> None:
        if name == "list":
            kind = node.get("list-type") or node.get("type") or ""
            has_labels = any(local_name(child) == "label" for item in node for child in item)
            terms = any(local_name(child) == "label" for child in node)
            is_numbered = kind.startswith(_NUMBERED) and not has_labels
            self._wrap(node, "dl" if terms else f"ol{_number_type(kind)}" if is_numbered else "ul")
            return
        children = {local_name(child) for child in node}
        if name == "table" and not children & {"tr", "row", "thead", "tbody"}:
            # DocBook: the title stands here, the rows stand deeper.
            self._wrap(node, "div")
            return
        self.columns = [column.get("colname") or "" for column in node if local_name(column) == "colspec"]
        caption, self.caption = self.caption, ""
        self._put('<table border="1">' + (f"<caption>{caption}</caption>" if caption else ""))
        self.table_depth += 1
        self._descend(node, self._end_table)

    def _end_table(self) -> None:
        self._put("</table>")
        self.table_depth -= 1
        self._put_notes()

    def _end_section(self) -> None:
        self.depth -= 1

    def _end_caption(self) -> None:
        """End the words of a table or a figure, which stand before it."""
        text = "".join(self.parts.pop())
        words = " ".join(text.replace("<p>", " ").replace("</p>", " ").split())
        self.caption = f"{self.caption} {html.escape(self.label)}{words}".strip()
        self.label = ""

    def _parent_is_figure(self, node: Any) -> bool:
        return local_name(node.getparent()) in FIGURES

    def _title(self, node: Any) -> None:
        parent = node.getparent()
        if parent is not None and self.is_article and local_name(parent) in FIGURES:
            self.parts.append([])
            self.line_depth += 1

            def end() -> None:
                self.line_depth -= 1
                self._end_caption()
                if local_name(parent) not in ("table", "informaltable", "table-wrap"):
                    self._put(f"<p>{self.caption}</p>")
                    self.caption = ""

            self._descend(node, end)
            return
        if self.line_depth:
            self._descend(node, lambda: None)
            return
        level = max(1, min(6, self.depth))
        self._put(f"<h{level}>")
        self._take_label()
        self.line_depth += 1

        def close() -> None:
            self.line_depth -= 1
            self._put(f"</h{level}>")
            self._put_notes()

        self._descend(node, close)

    def _take_label(self) -> None:
        if self.label:
            self._text(self.label)
            self.label = ""

    def _is_note(self, name: str) -> bool:
        """Tell whether an element is a note to the words before it; in DocBook a note may stand between paragraphs."""
        return name == "footnote" or bool(self.line_depth)

    def _note(self, node: Any) -> None:
        self.note_count += 1
        mark = str(self.note_count)
        self._put(_MARK.format("", mark))
        outer_line, self.line_depth = self.line_depth, 1
        self.parts.append([])

        def end() -> None:
            self.line_depth = outer_line
            self.notes.append(f"<p>[{mark}] {''.join(self.parts.pop()).strip()}</p>")

        self._descend(node, end)

    def _put_notes(self) -> None:
        """Write the notes to the paragraph or table that ends here."""
        if self.notes and not self.line_depth and not self.table_depth:
            self._put("".join(self.notes))
            self.notes = []

    def _tei_title(self, header: Any) -> None:
        title = next((node for node in header.iter() if local_name(node) == "title"), None)
        if title is not None:
            self._title(title)

    def _unknown(self, node: Any) -> None:
        """Write an element by its form: a paragraph, a label with its value, or a part that holds others."""
        if self.line_depth:
            before = node.getprevious()
            if not self.is_article and before is not None and not before.tail:
                self._put(" ")
            self._descend(node, lambda: None)
        elif not len(node) and not self.is_article:
            self._put(labelled(node) + told_attributes(node))
        elif not len(node) or (has_own_words(node) and not any(map(is_container, node))):
            self._line(node, "p")
        else:
            self._put("" if self.is_article else told_attributes(node))
            self.depth += 1
            self._wrap(node, "div", self._end_section)
