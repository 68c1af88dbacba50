"""Read Word documents.

Owns: the reading of DOCX: headings, paragraphs, lists, tables, text boxes, notes, comments, charts, headers and
footers, and where each stands. Knows nothing about pages, which a DOCX does not have until it is printed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from rag.load.builder import Builder
from rag.load.office.drawings import add_chart, diagram_texts
from rag.load.office.embedded import embedded_name, embedded_notice
from rag.load.office.package import Package
from rag.load.office.word_numbering import Numbering, counted
from rag.load.office.word_paragraph import Attached, read_paragraph
from rag.load.office.word_styles import Styles
from rag.load.office.word_tables import frame_cell, lay_out
from rag.load.office.word_xml import PARAGRAPH, TABLE, W, descendants, find, value
from rag.load.office.xml_parts import RELATION, number
from rag.load.tables import add_table
from rag.notices import Notice

_NOTES = ("footnote", "endnote")
_ALTERNATIVE = f"{W}altChunk"
_NOTHING = Attached()


def read_docx(package: io.BytesIO, builder: Builder) -> str:
    """Append the body of a document, each note behind the paragraph of its mark, then headers and footers.

    Args:
        package: The unpacked document.
        builder: What the blocks are appended to.

    Returns:
        The title that the properties give, or "".

    Raises:
        LoadError: When there is no document in the package.
    """
    parts = Package(package)
    part, root = parts.main_part()
    title, builder.date = parts.title_and_date()
    document = _Document(parts, part, builder)
    body = find(root, "body")
    document.add_body(body if body is not None else root, part)
    document.add_headers_and_footers()
    document.warn()
    return title


class _Document:
    """Appends the stories of one document."""

    def __init__(self, parts: Package, part: str, builder: Builder) -> None:
        self._parts = parts
        self._part = part
        self._builder = builder
        self._styles = Styles(self._related("styles"))
        self._numbering = Numbering(self._related("numbering"), self._styles)
        settings = self._related("settings")
        self._note_formats = {kind: value(settings, f"{kind}Pr/numFmt", form)
                              for kind, form in zip(_NOTES, ("decimal", "lowerRoman"), strict=True)}  # fmt: skip
        self._note_counts = {kind: number(value(settings, f"{kind}Pr/numStart"), 1) - 1 for kind in _NOTES}
        self._stories: dict[str, dict[str, Any]] = {}
        self._objects: list[str] = []
        self._unread_charts = self._pictures = 0

    def add_body(self, body: Any, part: str) -> None:
        """Append the paragraphs and tables of an element, and what hangs on them.

        Args:
            body: The element.
            part: The name of its part.
        """
        for element in descendants(body, PARAGRAPH, TABLE, _ALTERNATIVE):
            attached = Attached()
            if element.tag == TABLE:
                self._add_table(element, part, attached)
            elif element.tag == _ALTERNATIVE:
                self._add_objects([(element.get(f"{RELATION}id", ""), "")], part)
            else:
                self._add_paragraph(element, attached)
            self._add_attached(attached, part)

    def _add_paragraph(self, element: Any, attached: Attached) -> None:
        level = self._styles.heading_level(element)
        label, text = self._labelled(element, attached)
        if level:
            self._builder.add("heading", " ".join(text.split()), level)
        else:
            is_item = label is not None or self._styles.is_list(element)
            self._builder.add("item" if is_item else "paragraph", text)

    def _labelled(self, paragraph: Any, attached: Attached) -> tuple[str | None, str]:
        """Return the number of a paragraph, and its words behind it; a number alone is none."""
        label = self._numbering.label(paragraph)
        text = read_paragraph(paragraph, self._styles, attached, self._mark_of).strip()
        return label, f"{label} {text}" if label and text else text

    def _text(self, paragraph: Any, attached: Attached) -> str:
        return self._labelled(paragraph, attached)[1]

    def _add_table(self, table: Any, part: str, attached: Attached) -> None:
        frame = frame_cell(table)
        if frame is not None:
            self.add_body(frame, part)
            return
        inner: list[Any] = []

        def cell_text(cell: Any) -> str:
            texts: list[str] = []
            for element in descendants(cell, PARAGRAPH, TABLE):
                if element.tag == TABLE:
                    inner.append(element)
                else:
                    texts.append(self._text(element, attached))
            return "\n".join(texts)

        rows, names = lay_out(table, cell_text)
        if not names and len(rows) > 1 and self._styles.marks_first_row(table):
            names = 1
        add_table(self._builder, rows, names=names or None)
        for nested in inner:
            self._add_table(nested, part, attached)

    def _add_attached(self, attached: Attached, part: str) -> None:
        """Append what hangs on a paragraph or a table: text boxes, charts, diagrams, notes, comments."""
        if attached == _NOTHING:
            return
        for box in attached.boxes:
            self.add_body(box, part)
        relations = self._parts.relations(part)
        for identifier in attached.charts:
            chart = relations.get(identifier)
            if chart is None or not add_chart(self._builder, self._parts.xml(chart.target)):
                self._unread_charts += 1
        self._unread_charts += attached.unread_charts
        self._pictures += attached.pictures
        for identifier in attached.diagrams:
            diagram = relations.get(identifier)
            root = self._parts.xml(diagram.target) if diagram is not None else None
            for text in diagram_texts(root) if root is not None else ():
                self._builder.add("item", text)
        for kind, identifier, mark in attached.notes:
            self._add_note(kind, identifier, mark)
        for identifier in dict.fromkeys(attached.comments):
            self._add_comment(identifier)
        self._add_objects(attached.objects, part)

    def _add_objects(self, objects: Iterable[tuple[str, str]], part: str) -> None:
        """Note objects that are not read, given by relation and program."""
        for identifier, program in objects:
            relation = self._parts.relations(part).get(identifier)
            target = relation.target if relation is not None else ""
            self._objects.append(embedded_name(target, self._parts.data(target), program))

    def _add_note(self, kind: str, identifier: str, mark: str) -> None:
        """Append a note once, its first paragraph behind its mark."""
        note = self._story(kind).pop(identifier, None)
        if note is None:
            return
        part = self._parts.related(self._part, f"{kind}s")
        attached = Attached()
        has_mark = False
        for element in descendants(note, PARAGRAPH, TABLE):
            if element.tag == TABLE:
                self._add_table(element, part, attached)
                continue
            text = self._text(element, attached)
            if text and not has_mark:
                # A mark of one's own is typed before the note, too.
                text = f"[{mark}] {text.removeprefix(f'[{mark}]').removeprefix(mark).strip()}"
                has_mark = True
            self._builder.add("paragraph", text)
        self._add_attached(attached, part)

    def _add_comment(self, identifier: str) -> None:
        comment = self._story("comment").pop(identifier, None)
        if comment is None:
            return
        author = comment.get(f"{W}author", "").strip()
        words = "\n".join(filter(None, self._lines(comment, self._parts.related(self._part, "comments"))))
        if words:
            self._builder.add("paragraph", f"Comment by {author}: {words}" if author else f"Comment: {words}")

    def add_headers_and_footers(self) -> None:
        """Append the headers and footers of all sections, equal ones once."""
        relations = self._parts.relations(self._part).values()
        parts = dict.fromkeys(r.target for kind in ("header", "footer") for r in relations if r.kind == kind)
        stories = ((story, part) for part in parts if (story := self._parts.xml(part)) is not None)
        for text in dict.fromkeys("\n".join(filter(None, self._lines(story, part))) for story, part in stories):
            self._builder.add("paragraph", text)

    def _lines(self, story: Any, part: str) -> Iterator[str]:
        """Yield the words of the paragraphs in a story, those of a text box behind the one that it hangs on."""
        for paragraph in descendants(story, PARAGRAPH):
            attached = Attached()
            yield self._text(paragraph, attached)
            for box in attached.boxes:
                yield from self._lines(box, part)
            self._add_objects(attached.objects, part)

    def warn(self) -> None:
        """Say what of the document is not read."""
        if self._unread_charts:
            self._builder.warn(Notice("reading-charts", {"count": self._unread_charts}))
        if self._pictures:
            self._builder.warn(Notice("reading-pictures", {"count": self._pictures}))
        if self._objects:
            self._builder.warn(embedded_notice(self._objects))

    def _mark_of(self, kind: str) -> str:
        """Return the number of the next note of a kind."""
        self._note_counts[kind] += 1
        return counted(self._note_counts[kind], self._note_formats[kind])

    def _story(self, kind: str) -> dict[str, Any]:
        """Return the notes of a kind, or the comments, by identifier, without those that only draw a line."""
        if kind not in self._stories:
            root = self._related(f"{kind}s")
            self._stories[kind] = {
                element.get(f"{W}id", ""): element
                for element in (root if root is not None else ())
                if element.tag == W + kind and element.get(f"{W}type") in (None, "normal")
            }
        return self._stories[kind]

    def _related(self, kind: str) -> Any:
        part = self._parts.related(self._part, kind)
        return self._parts.xml(part) if part else None
