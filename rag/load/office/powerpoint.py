"""Read PowerPoint presentations.

Owns: the reading of PPTX; each slide is a page. Knows nothing about how a slide looks.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from rag.errors import SkipFile
from rag.load.builder import Builder
from rag.load.office.drawings import CHART, DIAGRAM, DRAWING, add_chart, diagram_texts, is_large
from rag.load.office.embedded import embedded_name, embedded_notice
from rag.load.office.inline import Inline
from rag.load.office.package import Package
from rag.load.office.placement import Placed, in_reading_order
from rag.load.office.powerpoint_text import paragraphs
from rag.load.office.xml_parts import RELATION, number, visible_children, visible_descendants
from rag.load.tables import Cell, add_table, spread
from rag.notices import Notice

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_NEWER_CHART = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
_THREADED = "{http://schemas.microsoft.com/office/powerpoint/2018/8/main}"
_SHAPES = frozenset(_P + name for name in ("sp", "pic", "graphicFrame", "cxnSp", "grpSp", "contentPart"))
_TITLES = ("title", "ctrTitle")
_FOOT = ("dt", "ftr")
_YES = ("1", "true", "on")


def read_pptx(package: io.BytesIO, builder: Builder, max_pages: int) -> str:
    """Append each slide, its tables, charts and comments, and its speaker's notes.

    Args:
        package: The unpacked presentation.
        builder: What the slides are appended to, each as a page.
        max_pages: The most slides that a file may have.

    Returns:
        The title that the properties give, or "".

    Raises:
        LoadError: When there is no presentation in the package.
        SkipFile: When there are too many slides.
    """
    parts = Package(package)
    part, root = parts.main_part()
    title, builder.date = parts.title_and_date()
    relations = parts.relations(part)
    slides = [relations[key].target for e in root.iter(f"{_P}sldId") if (key := e.get(f"{RELATION}id")) in relations]
    if len(slides) > max_pages:
        raise SkipFile(Notice("file-too-many-slides", {"slides": max_pages}))
    presentation = _Presentation(parts, part, builder)
    for page, slide in enumerate(slides, start=1):
        builder.begin_page()
        presentation.add_slide(slide, page)
    presentation.warn()
    return title


class _Presentation:
    """Appends the slides of one presentation."""

    def __init__(self, parts: Package, part: str, builder: Builder) -> None:
        self._parts = parts
        self._builder = builder
        self._authors = _authors(parts, part)
        # The numbers of the slides with what is not read, one for each chart and object.
        self._objects: list[tuple[int, str]] = []
        self._unread_charts: list[int] = []
        self._pictures = 0

    def add_slide(self, part: str, page: int) -> None:
        """Append a slide.

        Args:
            part: The name of its part.
            page: Its number.
        """
        root = self._parts.xml(part)
        tree = root.find(f"{_P}cSld/{_P}spTree") if root is not None else None
        if tree is None:
            return
        for shape in _ordered(tree):
            self._add_shape(shape, part, page)
        for relation in self._parts.relations(part).values():
            if relation.kind == "notesSlide":
                self._add_notes(self._parts.xml(relation.target))
            elif relation.kind == "comments":
                self._add_comments(self._parts.xml(relation.target))

    def _add_shape(self, shape: Any, part: str, page: int) -> None:
        """Append a shape: its words, or the table, chart, diagram or object that it frames."""
        inline = Inline()
        is_said = inline.add_picture(_properties(shape).get("descr", ""))
        if shape.tag == f"{_P}pic" and not is_said:
            self._pictures += is_large(shape.find(f"{_P}spPr/{DRAWING}xfrm/{DRAWING}ext"))
        body, frame = shape.find(f"{_P}txBody"), shape.find(f"{DRAWING}graphic/{DRAWING}graphicData")
        if body is not None:
            if _placeholder(shape) in _TITLES:
                self._builder.add("heading", " ".join(" ".join(t for t, _ in paragraphs(body)).split()), 1)
            else:
                self._add_text(body)
        elif frame is not None:
            for child in visible_descendants(frame):
                self._add_framed(child, part, page)
        self._builder.add("paragraph", inline.text())

    def _add_text(self, body: Any) -> None:
        texts = list(paragraphs(body))
        for text, is_numbered in texts:
            self._builder.add("item" if is_numbered or len(texts) > 1 else "paragraph", text)

    def _add_framed(self, element: Any, part: str, page: int) -> None:
        relation = self._parts.relations(part).get(element.get(f"{RELATION}id", element.get(f"{RELATION}dm", "")))
        root = self._parts.xml(relation.target) if relation is not None and relation.target.endswith(".xml") else None
        if element.tag == f"{DRAWING}tbl":
            _add_table(element, self._builder)
        elif element.tag == f"{CHART}chart":
            if not add_chart(self._builder, root):
                self._unread_charts.append(page)
        elif element.tag == f"{_NEWER_CHART}chart":
            self._unread_charts.append(page)
        elif element.tag == f"{DIAGRAM}relIds" and root is not None:
            for text in diagram_texts(root):
                self._builder.add("item", text)
        elif element.tag == f"{_P}oleObj":
            target = relation.target if relation is not None else ""
            self._objects.append((page, embedded_name(target, self._parts.data(target), element.get("progId", ""))))

    def _add_notes(self, root: Any) -> None:
        """Append the speaker's notes."""
        for shape in root.iter(f"{_P}sp") if root is not None else ():
            body = shape.find(f"{_P}txBody")
            if _placeholder(shape) == "body" and body is not None:
                notes = "\n".join(text for text, _ in paragraphs(body))
                self._builder.add("paragraph", f"Notes: {notes}" if notes else "")

    def _add_comments(self, root: Any) -> None:
        """Append the comments of a slide, of the older and the newer kind, with the answers to them."""
        for comment in root.iter(f"{_P}cm", f"{_THREADED}cm", f"{_THREADED}reply") if root is not None else ():
            body = comment.find(f"{_THREADED}txBody")
            text = comment.findtext(f"{_P}text") or ""
            if body is not None:
                text = "\n".join(words for words, _ in paragraphs(body))
            author = self._authors.get(comment.get("authorId", ""), "")
            if text.strip():
                self._builder.add("paragraph", f"Comment by {author}: {text}" if author else f"Comment: {text}")

    def warn(self) -> None:
        """Say what of the presentation is not read."""
        if self._unread_charts:
            slides = sorted(set(self._unread_charts))
            self._builder.warn(Notice("reading-charts", {"count": len(self._unread_charts), "slides": slides}))
        if self._pictures:
            self._builder.warn(Notice("reading-pictures", {"count": self._pictures}))
        if self._objects:
            slides = sorted({slide for slide, _ in self._objects})
            self._builder.warn(embedded_notice([name for _, name in self._objects], slides))


def _ordered(tree: Any) -> Iterator[Any]:
    """Yield the shapes of a slide: its title, the other placeholders, the rest as it is read, and what is at its foot.

    The number of the slide is left out: it is that of the page.
    """
    shapes = list(_children(tree))
    kinds = [_placeholder(shape) for shape in shapes]
    of_kind = list(zip(shapes, kinds, strict=True))
    yield from (shape for shape, kind in of_kind if kind in _TITLES)
    yield from (shape for shape, kind in of_kind if kind and kind not in (*_TITLES, *_FOOT, "sldNum"))
    yield from _free([shape for shape, kind in of_kind if not kind])
    yield from (shape for shape, kind in of_kind if kind in _FOOT)


def _free(shapes: list[Any]) -> Iterator[Any]:
    """Yield shapes as they are read, those of a group together."""
    for shape in in_reading_order(_placed(shape) for shape in shapes):
        if shape.tag == f"{_P}grpSp":
            yield from _free(list(_children(shape)))
        else:
            yield shape


def _children(tree: Any) -> Iterator[Any]:
    """Yield the shapes in a group or on a slide, but those that are hidden."""
    stack = visible_children(tree)[::-1]
    while stack:
        child = stack.pop()
        if child.tag in _SHAPES:
            if _properties(child).get("hidden", "0") not in _YES:
                yield child
        elif "}" in child.tag and child.tag.rsplit("}", 1)[1] in ("AlternateContent", "Choice", "Fallback"):
            stack.extend(reversed(visible_children(child)))


def _placed(shape: Any) -> Placed:
    """Return a shape with its place, which is that in its group where it has one; the top for one without."""
    offset = next(shape.iter(f"{DRAWING}off"), None)
    size = next(shape.iter(f"{DRAWING}ext"), None)
    top, left, height = (
        float(text) if text.lstrip("-").isdecimal() and len(text) < 16 else 0.0
        for text in (
            *((offset.get("y", "0"), offset.get("x", "0")) if offset is not None else ("0", "0")),
            size.get("cy", "0") if size is not None else "0",
        )
    )
    return Placed(shape, top, left, height)


def _properties(shape: Any) -> dict[str, str]:
    """Return the name, the description and such of a shape."""
    return dict(next((e.attrib for e in shape.iterfind(f"*/{_P}cNvPr")), {}))


def _placeholder(shape: Any) -> str:
    """Return the kind of a placeholder, "obj" for one that says none; "" for another shape."""
    found = shape.find(f"*/{_P}nvPr/{_P}ph")
    return "" if found is None else str(found.get("type", "obj"))


def _authors(parts: Package, part: str) -> dict[str, str]:
    """Return the names of those who commented, by identifier."""
    roots = [parts.xml(r.target) for r in parts.relations(part).values() if r.kind in ("commentAuthors", "authors")]
    return {e.get("id", ""): e.get("name", "") for root in roots if root is not None for e in root}


def _add_table(table: Any, builder: Builder) -> None:
    """Append a table; where it marks its first row, that names the columns, with all rows that its cells span."""
    rows = [
        [_cell(cell) for cell in row.iterfind(f"{DRAWING}tc") if not {"hMerge", "vMerge"} & _set(cell)]
        for row in table.iterfind(f"{DRAWING}tr")
    ]
    form = table.find(f"{DRAWING}tblPr")
    names = None
    if form is not None and form.get("firstRow") in _YES and rows and rows[0]:
        height = max(cell.rows for cell in rows[0])
        is_open = height == 1 and any(cell.columns > 1 for cell in rows[0])
        names = None if is_open or height >= len(rows) else height
    add_table(builder, spread(rows), names=names)


def _set(cell: Any) -> set[str]:
    return {name for name, text in cell.attrib.items() if text in _YES}


def _cell(cell: Any) -> Cell:
    body = cell.find(f"{DRAWING}txBody")
    text = "\n".join(words for words, _ in paragraphs(body)) if body is not None else ""
    return Cell(text, max(1, number(cell.get("gridSpan", "1"), 1)), max(1, number(cell.get("rowSpan", "1"), 1)))
