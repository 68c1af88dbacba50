"""Read the texts and presentations of OpenDocument: ODT and ODP.

Owns: where headings, paragraphs, lists, tables, notes, comments, charts and slides stand. Knows nothing about how a
text or a slide looks.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from rag.errors import LoadError, SkipFile
from rag.load.builder import Builder
from rag.load.office.odf_inline import (
    DRAW, FORM, TABLE, XLINK, OdfAttached, OdfContext, description, read_paragraph,
)  # fmt: skip
from rag.load.office.odf_styles import OFFICE, STYLE, TEXT, OdfStyles, count, label
from rag.load.office.package import Package, first_day
from rag.load.office.placement import Placed, in_reading_order
from rag.load.office.word_xml import number
from rag.load.tables import Cell, add_table, spread, text_rows
from rag.notices import Notice

_PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_CHART = "{urn:oasis:names:tc:opendocument:xmlns:chart:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_FOOT = ("date-time", "footer", "header")
_LENGTH = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)(cm|mm|in|pt|px)?")
_MOVED = re.compile(r"translate\s{0,9}\((\S{1,30})[\s,]{1,9}(\S{1,30})\)")
_MILLIMETRES = {"cm": 10.0, "mm": 1.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96}
# Cap on a row or cell that says how often it is repeated.
_MOST_REPEATED = 100
_SKIPPED = frozenset((f"{TEXT}tracked-changes", f"{OFFICE}forms", f"{TEXT}note", f"{OFFICE}annotation",
                      f"{_PRESENTATION}notes", f"{TEXT}sequence-decls"))  # fmt: skip


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
    """Append each slide and its speaker's notes.

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
    """Appends the stories of one document."""

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
        self._context = OdfContext(self._styles, self._object, controls)
        # The numbers of headings; those of lists by the name of their style and by their own identifier.
        self._headings: dict[int, int] = {}
        self._lists: dict[str, dict[int, int]] = {}
        self._objects = 0
        self._unread_charts = 0

    def add_blocks(self, element: Any) -> None:
        """Append the headings, paragraphs, lists and tables in an element."""
        for child in element:
            if isinstance(child.tag, str):
                self._add_block(child)

    def _add_block(self, child: Any) -> None:
        tag = child.tag
        if tag in (f"{TEXT}h", f"{TEXT}p"):
            self._add_paragraph(child)
        elif tag == f"{TEXT}list":
            self._add_list(child, "", 1, None)
        elif tag == f"{TABLE}table":
            self._add_table(child)
        elif tag in _SKIPPED or child.get(f"{TEXT}display") == "none":
            return
        elif tag.startswith(DRAW):
            self._add_shape(child)
        else:
            self.add_blocks(child)

    def _add_paragraph(self, element: Any, before: str = "", is_item: bool = False) -> None:
        """Append a paragraph or a heading behind its number, then what hangs on it."""
        attached = OdfAttached()
        text = read_paragraph(element, self._context, attached)
        level = self._heading_level(element)
        if level and not before and text and element.get(f"{TEXT}is-list-header") != "true":
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

    def _add_list(self, element: Any, outer_style: str, level: int, counts: dict[int, int] | None) -> None:
        """Append the items of a list, behind their numbers.

        Args:
            element: The list.
            outer_style: The name of the style of the list around it.
            level: How deep it stands in other lists, from 1.
            counts: The numbers of the lists around it; None where it stands by itself.
        """
        style = element.get(f"{TEXT}style-name", outer_style)
        if counts is None:
            counts = self._counts(element, style)
        levels = self._styles.list_levels(style)
        for item in element:
            if item.tag not in (f"{TEXT}list-item", f"{TEXT}list-header"):
                continue
            before = ""
            first = next(iter(item), None)
            if item.tag == f"{TEXT}list-item" and first is not None and first.tag != f"{TEXT}list":
                count(levels, counts, level, item.get(f"{TEXT}start-value"))
                before = label(levels, counts, level)
            for child in item:
                if child.tag == f"{TEXT}list":
                    self._add_list(child, style, level + 1, counts)
                elif child.tag in (f"{TEXT}p", f"{TEXT}h"):
                    self._add_paragraph(child, before, is_item=True)
                    before = ""
                elif isinstance(child.tag, str):
                    self._add_block(child)

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
        for row, is_name in _rows(table):
            cells = [c for c in row if c.tag == f"{TABLE}table-cell"]
            times = min(number(row.get(f"{TABLE}number-rows-repeated", "1"), 1), _MOST_REPEATED)
            rows += [[self._cell(cell, is_name, attached, inner) for cell in cells] for _ in range(times)]
            names += times if is_name else 0
        if not names and table.get(f"{TABLE}use-first-row-styles") == "true" and rows and rows[0]:
            height = max(cell.rows for cell in rows[0])
            names = height if all(cell.columns == 1 for cell in rows[0]) or height > 1 else 0
        add_table(self._builder, spread(rows), names=names if names < len(rows) and names else None)
        for nested in inner:
            self._add_table(nested)
        self._add_attached(attached)

    def _cell(self, element: Any, is_name: bool, attached: OdfAttached, inner: list[Any]) -> Cell:
        columns, rows = (
            max(1, number(element.get(f"{TABLE}number-{name}-spanned", "1"), 1)) for name in ("columns", "rows")
        )
        texts = list(self._cell_texts(element, attached, inner))
        return Cell("\n".join(texts), columns, rows, True if is_name else None)

    def _cell_texts(self, element: Any, attached: OdfAttached, inner: list[Any]) -> Iterator[str]:
        """Yield the paragraphs of a cell; its tables are kept for later."""
        for child in element:
            if child.tag == f"{TABLE}table":
                inner.append(child)
            elif child.tag in (f"{TEXT}p", f"{TEXT}h"):
                yield read_paragraph(child, self._context, attached)
            elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
                yield from self._cell_texts(child, attached, inner)

    def _add_attached(self, attached: OdfAttached) -> None:
        """Append what hangs on a paragraph: shapes, notes, comments."""
        for shape in attached.shapes:
            self._add_shape(shape, is_described=True)
        for mark, note in attached.notes:
            body = note.find(f"{TEXT}note-body")
            self._add_note(body, mark)
        for comment in attached.comments:
            self._add_comment(comment)

    def _add_note(self, body: Any, mark: str) -> None:
        """Append a note, its first paragraph behind its mark."""
        before = f"[{mark}]"
        for child in body if body is not None else ():
            if child.tag in (f"{TEXT}p", f"{TEXT}h"):
                self._add_paragraph(child, before)
                before = ""
            elif isinstance(child.tag, str):
                self._add_block(child)

    def _add_comment(self, comment: Any) -> None:
        texts = (read_paragraph(p, self._context, OdfAttached()) for p in comment.iter(f"{TEXT}p"))
        words = "\n".join(filter(None, texts))
        author = (comment.findtext(f"{_DC}creator") or "").strip()
        if words:
            self._builder.add("paragraph", f"Comment by {author}: {words}" if author else f"Comment: {words}")

    def _add_shape(self, shape: Any, is_described: bool = False) -> None:
        """Append the words of a frame or a shape, or the table, chart or object that it frames."""
        kind = shape.get(f"{_PRESENTATION}class", "")
        if kind == "page-number" or shape.get(f"{_PRESENTATION}placeholder") == "true":
            return
        if not is_described and (words := description(shape)):
            self._add_described(words)
        if kind == "title":
            texts = [read_paragraph(p, self._context, OdfAttached()) for p in shape.iter(f"{TEXT}p", f"{TEXT}h")]
            self._builder.add("heading", " ".join(" ".join(texts).split()), 1)
            return
        for child in _first_ways(shape):
            if child.tag in (f"{DRAW}object", f"{DRAW}object-ole"):
                self._add_object(child)
            else:
                self._add_block(child)

    def _add_described(self, words: str) -> None:
        from rag.load.office.inline import Inline

        inline = Inline()
        inline.add_picture(words)
        self._builder.add("paragraph", inline.text())

    def _add_object(self, element: Any) -> None:
        """Append the chart or the formula that is linked; another object is counted as not read."""
        from rag.load.office.math_xml import MATHML, read_mathml

        root = self._object(element.get(f"{XLINK}href", ""))
        if root is not None and root.tag == f"{MATHML}math":
            self._builder.add("paragraph", read_mathml(root))
            return
        chart = root.find(f"{OFFICE}body/{OFFICE}chart/{_CHART}chart") if root is not None else None
        if chart is None:
            self._objects += 1
        elif not self._add_chart(chart):
            self._unread_charts += 1

    def _add_chart(self, chart: Any) -> bool:
        """Append the title of a chart and the table that is stored with it; tell whether there is one."""
        title = chart.find(f"{_CHART}title")
        words = " ".join("".join(title.itertext()).split()) if title is not None else ""
        table = chart.find(f"{TABLE}table")
        rows = [
            ["".join(c.itertext()).strip() for c in row if c.tag == f"{TABLE}table-cell"] for row, _ in _rows(table)
        ] if table is not None else []  # fmt: skip
        rows = [["" if text == "NaN" else text for text in row] for row in rows]
        if len(rows) < 2:
            return False
        self._builder.add("paragraph", words)
        add_table(self._builder, text_rows(rows), words, names=1)
        return True

    def add_slide(self, slide: Any) -> None:
        """Append a slide: its title, its outline, the rest as it is read, its comments and its notes."""
        shapes = [shape for shape in slide if isinstance(shape.tag, str) and shape.tag.startswith(DRAW)]
        kinds = [shape.get(f"{_PRESENTATION}class", "") for shape in shapes]
        of_kind = list(zip(shapes, kinds, strict=True))
        for wanted in (("title",), ("subtitle", "outline", "text")):
            for shape in (shape for shape, kind in of_kind if kind in wanted):
                self._add_shape(shape)
        for shape in _free([shape for shape, kind in of_kind if kind not in ("title", "subtitle", "outline", "text", *_FOOT)]):
            self._add_shape(shape)
        for shape in (shape for shape, kind in of_kind if kind in _FOOT):
            self._add_shape(shape)
        for comment in slide.iterfind(f"{OFFICE}annotation"):
            self._add_comment(comment)
        for frame in slide.iterfind(f"{_PRESENTATION}notes/{DRAW}frame"):
            if frame.get(f"{_PRESENTATION}class") == "notes":
                texts = (read_paragraph(p, self._context, OdfAttached()) for p in frame.iter(f"{TEXT}p"))
                notes = "\n".join(filter(None, texts))
                self._builder.add("paragraph", f"Notes: {notes}" if notes else "")

    def add_headers_and_footers(self) -> None:
        """Append the headers and footers of all pages, equal ones once."""
        seen = set()
        for page in self._shared.iter(f"{STYLE}master-page") if self._shared is not None else ():
            for story in page:
                texts = (read_paragraph(p, self._context, OdfAttached()) for p in story.iter(f"{TEXT}p", f"{TEXT}h"))
                text = "\n".join(filter(None, texts))
                # A number alone is that of the page.
                if text and not text.isdecimal() and text not in seen and story.get(f"{STYLE}display") != "false":
                    seen.add(text)
                    self._builder.add("paragraph", text)

    def warn(self) -> None:
        """Say what of the document is not read."""
        if self._unread_charts:
            self._builder.warn(Notice("reading-charts", {"count": self._unread_charts}))
        if self._objects:
            self._builder.warn(Notice("reading-embedded-objects", {"count": self._objects}))

    def _object(self, link: str) -> Any:
        """Return the root element of an object in the file by its link; None for one that is no XML."""
        return self._package.xml(posixpath.join(posixpath.normpath(link), "content.xml")) if link else None


def _rows(table: Any) -> Iterator[tuple[Any, bool]]:
    """Yield the rows of a table, and whether each is marked as one of names."""
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child, False
        elif child.tag == f"{TABLE}table-header-rows":
            yield from ((row, True) for row, _ in _rows(child))
        elif child.tag in (f"{TABLE}table-rows", f"{TABLE}table-row-group"):
            yield from _rows(child)


def _first_ways(shape: Any) -> Iterator[Any]:
    """Yield what a shape holds; of a frame that says the same in several ways the first."""
    children = [child for child in shape if isinstance(child.tag, str) and not child.tag.startswith(_SVG)]
    if shape.tag == f"{DRAW}frame":
        yield from children[:1]
    else:
        yield from children


def _free(shapes: list[Any]) -> Iterator[Any]:
    """Yield shapes as they are read, those of a group together."""
    for shape in in_reading_order(_placed(shape) for shape in shapes):
        if shape.tag == f"{DRAW}g":
            yield from _free([child for child in shape if isinstance(child.tag, str) and child.tag.startswith(DRAW)])
        else:
            yield shape


def _placed(shape: Any) -> Placed:
    """Return a shape with its place; a group has that of its first shape."""
    first = next((e for e in shape.iter() if e.get(f"{_SVG}y") or e.get(f"{DRAW}transform")), shape)
    moved = _MOVED.search(first.get(f"{DRAW}transform", ""))
    left, top = (moved[1], moved[2]) if moved else (first.get(f"{_SVG}x", ""), first.get(f"{_SVG}y", ""))
    return Placed(shape, _length(top), _length(left), _length(first.get(f"{_SVG}height", "")))


def _length(text: str) -> float:
    """Return a length in millimetres; 0 for one that cannot be read."""
    match = _LENGTH.fullmatch(text)
    return float(match[1]) * _MILLIMETRES.get(match[2] or "", 1.0) if match else 0.0


def _property(meta: Any, tag: str) -> str:
    return next((e.text or "" for e in meta.iter(tag)), "").strip() if meta is not None else ""
