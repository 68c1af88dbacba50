"""Read the texts and presentations of OpenDocument: ODT and ODP.

Owns: where headings, paragraphs, lists, tables, notes, comments and slides stand. Knows nothing about how a text or a
slide looks.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from rag.errors import LoadError, SkipFile
from rag.load.builder import Builder
from rag.load.office.embedded import embedded_notice
from rag.load.office.inline import Inline
from rag.load.office.math_xml import MATHML, read_mathml
from rag.load.office.odf_inline import (
    DRAW,
    FORM,
    PRESENTATION,
    TABLE,
    XLINK,
    OdfAttached,
    OdfContext,
    deletions_of,
    description,
    read_paragraph,
)
from rag.load.office.odf_slides import ordered_shapes
from rag.load.office.odf_styles import OFFICE, STYLE, TEXT, OdfStyles, count, label
from rag.load.office.odf_tables import add_chart, chart_of, marked_names, rows_of
from rag.load.office.package import Package, first_day
from rag.load.office.xml_parts import number
from rag.load.tables import Cell, add_table, spread
from rag.notices import Notice

_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_ITEM, _HEADER = f"{TEXT}list-item", f"{TEXT}list-header"
_PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
# Cap on a row or cell that says how often it is repeated.
_MOST_REPEATED = 100
# Cap on the copies of cells in a document.
_MOST_COPIES = 200_000
_SKIPPED = frozenset((f"{TEXT}tracked-changes", f"{OFFICE}forms", f"{TEXT}note", f"{OFFICE}annotation",
                      f"{PRESENTATION}notes", f"{TEXT}sequence-decls"))  # fmt: skip


def read_odt(package: io.BytesIO, builder: Builder) -> str:
    """Append a text, each note behind the paragraph of its mark, then headers and footers.

    Args:
        package: The unpacked document.
        builder: What the blocks are appended to.

    Returns:
        The title that the properties give, or "".

    Raises:
        LoadError: When there is no text in the package, or a password protects it.
    """
    document = _Document(Package(package), builder)
    document.add_blocks(document.body)
    document.add_headers_and_footers()
    document.warn()
    return document.title


def read_odp(package: io.BytesIO, builder: Builder, max_pages: int) -> str:
    """Append each slide, its comments and its speaker's notes.

    Args:
        package: The unpacked presentation.
        builder: What the slides are appended to, each as a page.
        max_pages: The most slides that a file may have.

    Returns:
        The title that the properties give, or "".

    Raises:
        LoadError: When there is no presentation in the package, or a password protects it.
        SkipFile: When there are too many slides.
    """
    document = _Document(Package(package), builder)
    slides = document.body.findall(f"{DRAW}page")
    if len(slides) > max_pages:
        raise SkipFile(Notice("file-too-many-slides", {"slides": max_pages}))
    for slide in slides:
        builder.begin_page()
        document.add_slide(slide)
    document.warn()
    return document.title


class _Document:
    """Appends the stories of one document.

    Attributes:
        body: The element of its text or slides.
        title: The title that the properties give, or "".
    """

    def __init__(self, package: Package, builder: Builder) -> None:
        root, shared, meta = (package.xml(f"{name}.xml") for name in ("content", "styles", "meta"))
        body = root.find(f"{OFFICE}body") if root is not None else None
        if body is None or not len(body):
            is_protected = b"encryption-data" in (package.data("META-INF/manifest.xml") or b"")
            raise LoadError(Notice("file-protected" if is_protected else "file-damaged-package"))
        self.body = body[0]
        self.title = _property(meta, f"{_DC}title")
        builder.date = first_day(_property(meta, f"{_DC}date"), _property(meta, f"{_META}creation-date"))
        self._package = package
        self._builder = builder
        self._shared = shared
        self._styles = OdfStyles(shared, root)
        controls = {e.get(f"{FORM}id", ""): e for forms in root.iter(f"{OFFICE}forms") for e in forms.iter()}
        self._context = OdfContext(self._styles, self._object, controls, deletions_of(root))
        # The numbers of headings; those of lists by the name of their style and by their own identifier.
        self._headings: dict[int, int] = {}
        self._lists: dict[str, dict[int, int]] = {}
        self._room = _MOST_COPIES
        self._objects: list[str] = []
        self._unread_charts = 0

    def add_blocks(self, elements: Iterable[Any]) -> None:
        """Append headings, paragraphs, lists and tables, and what hangs on them."""
        for element in elements:
            tag = element.tag
            is_hidden = element.get(f"{TEXT}display") == "none" or element.get(f"{TEXT}is-hidden") == "true"
            if not isinstance(tag, str) or tag in _SKIPPED or is_hidden:
                continue
            if tag in _PARAGRAPHS:
                self._add_paragraph(element)
            elif tag == f"{TEXT}list":
                self._add_list(element)
            elif tag == f"{TABLE}table":
                self._add_table(element)
            elif tag.startswith(DRAW):
                self._add_shape(element)
            else:
                self.add_blocks(element)

    def _add_paragraph(self, element: Any, before: str = "", is_item: bool = False) -> None:
        """Append a paragraph or a heading behind its number, then what hangs on it."""
        attached = OdfAttached()
        text = read_paragraph(element, self._context, attached)
        level = self._heading_level(element)
        if level and text and not before and element.get(f"{TEXT}is-list-header") != "true":
            count(self._styles.outline, self._headings, level)
            before = label(self._styles.outline, self._headings, level)
        words = f"{before} {text}" if before and text else text
        if level:
            self._builder.add("heading", " ".join(words.split()), level)
        else:
            self._builder.add("item" if is_item else "paragraph", words)
        self._add_attached(attached)

    def _heading_level(self, element: Any) -> int:
        if element.tag == f"{TEXT}h":
            return min(max(number(element.get(f"{TEXT}outline-level", "1"), 1), 1), 9)
        return int(self._styles.is_title(element.get(f"{TEXT}style-name", "")))

    def _add_list(
        self, element: Any, outer_style: str = "", level: int = 1, counts: dict[int, int] | None = None
    ) -> None:
        """Append the items of a list, behind their numbers.

        Args:
            element: The list.
            outer_style: The name of the style of the list around it.
            level: How deep it stands in other lists, from 1.
            counts: The numbers of the lists around it; None where it stands by itself.
        """
        style = element.get(f"{TEXT}style-name", outer_style)
        counts = self._counts(element, style) if counts is None else counts
        levels = self._styles.list_levels(style)
        for item in element.iterchildren(_ITEM, _HEADER):
            before = ""
            # An item that only holds another list has no number.
            if item.tag == _ITEM and len(item) and item[0].tag != f"{TEXT}list":
                count(levels, counts, level, item.get(f"{TEXT}start-value"))
                before = label(levels, counts, level)
            for child in item:
                if child.tag == f"{TEXT}list":
                    self._add_list(child, style, level + 1, counts)
                elif child.tag in _PARAGRAPHS:
                    self._add_paragraph(child, before, is_item=True)
                    before = ""
                else:
                    self.add_blocks([child])

    def _counts(self, element: Any, style: str) -> dict[int, int]:
        """Return the numbers that a list begins with: those of the list that it continues, or none."""
        continued = element.get(f"{TEXT}continue-list")
        if continued is None and element.get(f"{TEXT}continue-numbering") == "true":
            continued = style
        counts = self._lists.get(continued, {}) if continued else {}
        self._lists[style] = counts
        identifier = element.get("{http://www.w3.org/XML/1998/namespace}id")
        if identifier:
            self._lists[identifier] = counts
        return counts

    def _add_table(self, table: Any) -> None:
        """Append a table, then the tables in its cells and what hangs on their paragraphs."""
        attached = OdfAttached()
        inner: list[Any] = []
        names = 0
        rows: list[list[Cell]] = []
        for row, is_name in rows_of(table):
            elements = row.iterchildren(f"{TABLE}table-cell")
            cells = [cell for element in elements for cell in self._cells(element, is_name, attached, inner)]
            times = self._times(row, "rows", len(cells))
            # Each row has cells of its own: one that is the same in two rows spans both.
            rows += ([replace(cell) for cell in cells] for _ in range(times))
            names += times if is_name else 0
        names = names or marked_names(table, rows)
        add_table(self._builder, spread(rows), names=names if 0 < names < len(rows) else None)
        for nested in inner:
            self._add_table(nested)
        self._add_attached(attached)

    def _cells(self, element: Any, is_name: bool, attached: OdfAttached, inner: list[Any]) -> list[Cell]:
        """Return a cell, as often as it says that it is repeated."""
        columns, rows = (
            max(1, number(element.get(f"{TABLE}number-{name}-spanned", "1"), 1)) for name in ("columns", "rows")
        )
        text = "\n".join(self._cell_texts(element, attached, inner))
        times = self._times(element, "columns", 1)
        return [Cell(text, columns, rows, is_name or None) for _ in range(times)]

    def _times(self, element: Any, what: str, cells: int) -> int:
        """Return how often a row or cell is there, as far as it says so and a document has room for copies."""
        said = number(element.get(f"{TABLE}number-{what}-repeated", "1"), 1)
        times = max(1, min(said, _MOST_REPEATED, 1 + self._room // max(cells, 1)))
        self._room -= (times - 1) * cells
        return times

    def _cell_texts(self, element: Any, attached: OdfAttached, inner: list[Any]) -> Iterator[str]:
        """Yield the paragraphs of a cell; its tables are kept for later."""
        for child in element:
            if child.tag == f"{TABLE}table":
                inner.append(child)
            elif child.tag in _PARAGRAPHS:
                yield read_paragraph(child, self._context, attached)
            elif isinstance(child.tag, str) and child.tag.startswith(DRAW):
                attached.shapes.append(child)
            elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
                yield from self._cell_texts(child, attached, inner)

    def _add_attached(self, attached: OdfAttached) -> None:
        """Append what hangs on a paragraph: shapes, notes, comments."""
        for shape in attached.shapes:
            self._add_framed(shape)
        for mark, note in attached.notes:
            self._add_note(note, f"[{mark}]")
        for comment in attached.comments:
            self._add_comment(comment)

    def _add_note(self, note: Any, before: str) -> None:
        """Append a note, its first paragraph behind its mark."""
        body = note.find(f"{TEXT}note-body")
        for child in body if body is not None else ():
            if child.tag in _PARAGRAPHS:
                self._add_paragraph(child, before)
                before = ""
            else:
                self.add_blocks([child])

    def _add_comment(self, comment: Any) -> None:
        words = self._lines(comment)
        author = (comment.findtext(f"{_DC}creator") or "").strip()
        if words:
            self._builder.add("paragraph", f"Comment by {author}: {words}" if author else f"Comment: {words}")

    def _add_shape(self, shape: Any) -> None:
        """Append the words of a frame or a shape that hangs on no paragraph, and what it shows."""
        inline = Inline()
        inline.add_picture(description(shape))
        if shape.get(f"{PRESENTATION}placeholder") == "true":
            return
        if shape.get(f"{PRESENTATION}class") == "title":
            self._builder.add("heading", " ".join(self._lines(shape).split()), 1)
        else:
            self._add_framed(shape)
        self._builder.add("paragraph", inline.text())

    def _add_framed(self, shape: Any) -> None:
        """Append the words of a shape, or the table, chart or object that it frames."""
        ways = [child for child in shape if isinstance(child.tag, str) and not child.tag.startswith(_SVG)]
        # A frame says the same in several ways, the best one first.
        for child in ways[:1] if shape.tag == f"{DRAW}frame" else ways:
            if child.tag in (f"{DRAW}object", f"{DRAW}object-ole"):
                self._add_object(child)
            else:
                self.add_blocks(child if child.tag == f"{DRAW}text-box" else [child])

    def _add_object(self, element: Any) -> None:
        """Append the chart or the formula that is linked or held; another object is counted as not read."""
        root = self._object(element.get(f"{XLINK}href", ""))
        if root is None:
            # In a flat file it stands in the object itself.
            root = next((child for child in element if child.tag in (f"{MATHML}math", f"{OFFICE}document")), None)
        chart = chart_of(root)
        if root is not None and root.tag == f"{MATHML}math":
            self._builder.add("paragraph", read_mathml(root))
        elif chart is None:
            self._objects.append(element.getparent().get(f"{DRAW}name", ""))
        elif not add_chart(self._builder, chart):
            self._unread_charts += 1

    def add_slide(self, slide: Any) -> None:
        """Append a slide: its shapes as they are read, its comments and its notes."""
        for shape in ordered_shapes(slide):
            self._add_shape(shape)
        for comment in slide.iterfind(f"{OFFICE}annotation"):
            self._add_comment(comment)
        for frame in slide.iterfind(f"{PRESENTATION}notes/{DRAW}frame"):
            if frame.get(f"{PRESENTATION}class") == "notes":
                notes = self._lines(frame)
                self._builder.add("paragraph", f"Notes: {notes}" if notes else "")

    def add_headers_and_footers(self) -> None:
        """Append the headers and footers of all pages, equal ones once."""
        pages = self._shared.iter(f"{STYLE}master-page") if self._shared is not None else ()
        stories = [story for page in pages for story in page if story.get(f"{STYLE}display") != "false"]
        for text in dict.fromkeys(map(self._lines, stories)):
            # A number alone is that of the page.
            self._builder.add("paragraph", "" if text.isdecimal() else text)

    def _lines(self, element: Any) -> str:
        """Return the paragraphs in an element, a line each."""
        texts = (read_paragraph(p, self._context, OdfAttached()) for p in element.iter(*_PARAGRAPHS))
        return "\n".join(filter(None, texts))

    def warn(self) -> None:
        """Say what of the document is not read."""
        if self._unread_charts:
            self._builder.warn(Notice("reading-charts", {"count": self._unread_charts}))
        if self._objects:
            self._builder.warn(embedded_notice(self._objects))

    def _object(self, link: str) -> Any:
        """Return the root element of an object in the file by its link; None for one that is no XML."""
        return self._package.xml(posixpath.join(posixpath.normpath(link), "content.xml")) if link else None


def _property(meta: Any, tag: str) -> str:
    return next((e.text or "" for e in meta.iter(tag)), "").strip() if meta is not None else ""
