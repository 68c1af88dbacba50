"""Word documents.

Owns: the reading of DOCX: headings, paragraphs, lists, tables, text boxes, notes, headers and footers. Knows nothing
about pages, which a DOCX does not have until it is printed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from rag.load.builder import Builder
from rag.load.tables import add_table

_SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:delText"), qn("w:pPr"), qn("w:rPr"),
            "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}  # fmt: skip
_BOX, _PARAGRAPH, _TABLE = qn("w:txbxContent"), qn("w:p"), qn("w:tbl")
_TEXT, _TAB, _BREAKS, _HYPHEN = qn("w:t"), qn("w:tab"), {qn("w:br"), qn("w:cr")}, qn("w:noBreakHyphen")
_RUN, _RUN_FORMAT, _PARAGRAPH_FORMAT, _SIZE = qn("w:r"), qn("w:rPr"), qn("w:pPr"), qn("w:sz")
_HIDES = (qn("w:vanish"), qn("w:webHidden"))
# In half points: smaller letters cannot be read.
_SMALLEST = 2
_ROW, _CELL, _VALUE = qn("w:tr"), qn("w:tc"), qn("w:val")
_NOTES = ("footnotes", "endnotes")


def read_docx(package: io.BytesIO, builder: Builder) -> str:
    """Append the document to the builder; return its title, if its properties give one."""
    document = docx.Document(package)
    styles = {style.style_id: style for style in document.styles if style.style_id}
    _drop_hidden(document.element.body, styles)
    _add_body(document.element.body, styles, builder)
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.rsplit("/", 1)[-1] in _NOTES:
            from lxml import etree

            part = relation.target_part
            parser = etree.XMLParser(resolve_entities=False)
            root = part.element if hasattr(part, "element") else etree.fromstring(part.blob, parser)
            _drop_hidden(root, styles)
            for note in root:
                if note.get(qn("w:type")) in (None, "normal"):
                    _add_body(note, styles, builder)
    seen = set()
    for section in document.sections:
        for story in (section.header, section.footer):
            _drop_hidden(story._element, styles)
            text = "\n".join(_text(paragraph) for paragraph in story._element.iter(_PARAGRAPH))
            if text.strip() and text not in seen:
                seen.add(text)
                builder.add("paragraph", text)
    return str(document.core_properties.title or "")


def _drop_hidden(root: Any, styles: dict[str, Any]) -> None:
    """Take out the runs that no reader sees: formatted as hidden, by themselves or by a style, or a point high."""
    for run in list(root.iter(_RUN)):
        own = run.find(_RUN_FORMAT)
        paragraph = next(run.iterancestors(_PARAGRAPH), None)
        named = own.find(qn("w:rStyle")) if own is not None else None
        above = paragraph.find(f"{_PARAGRAPH_FORMAT}/{qn('w:pStyle')}") if paragraph is not None else None
        formats = [own, *_formats(named, styles), *_formats(above, styles)]
        if any(_says(formats, sign) for sign in _HIDES) or _is_tiny(formats):
            run.getparent().remove(run)


def _formats(name: Any, styles: dict[str, Any]) -> list[Any]:
    """The formats of runs that a style and those it is based on give, nearest first."""
    found = []
    style = styles.get(name.get(_VALUE)) if name is not None else None
    for _ in range(10):
        if style is None:
            break
        found.append(style.element.find(_RUN_FORMAT))
        style = getattr(style, "base_style", None)
    return found


def _says(formats: list[Any], sign: str) -> bool:
    """Whether the nearest format that speaks of a sign turns it on."""
    for element in formats:
        found = element.find(sign) if element is not None else None
        if found is not None:
            return found.get(_VALUE, "true") not in ("0", "false", "off")
    return False


def _is_tiny(formats: list[Any]) -> bool:
    for element in formats:
        found = element.find(_SIZE) if element is not None else None
        if found is not None:
            size = found.get(_VALUE, "")
            return size.isdecimal() and int(size) <= _SMALLEST
    return False


def _add_body(body: Any, styles: dict[str, Any], builder: Builder) -> None:
    for element in _stories(body):
        if element.tag == _TABLE:
            add_table(builder, _rows(element))
        else:
            level = _heading(element, styles)
            kind = _kind(element, styles)
            if level:
                builder.add("heading", " ".join(_text(element).split()), level)
            else:
                builder.add("item" if kind == "item" else "paragraph", _text(element))
        for box in element.iter(_BOX) if element.tag == _PARAGRAPH else ():
            if not any(parent.tag in _SKIPPED for parent in box.iterancestors()):
                for paragraph in box.iter(_PARAGRAPH):
                    builder.add("paragraph", _text(paragraph))


def _stories(body: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those wrapped in content controls and tracked insertions."""
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        if element.tag in (_PARAGRAPH, _TABLE):
            yield element
        elif element.tag not in _SKIPPED:
            stack.extend(reversed(element))


def _text(paragraph: Any) -> str:
    """The visible words of a paragraph, without those of a text box that hangs on it or that were deleted."""
    parts = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag == _TEXT:
            parts.append(element.text or "")
        elif tag == _TAB:
            parts.append("\t")
        elif tag in _BREAKS:
            parts.append("\n")
        elif tag == _HYPHEN:
            parts.append("-")
        elif tag not in _SKIPPED and tag != _BOX:
            stack.extend(reversed(element))
    return "".join(parts)


def _rows(table: Any) -> Iterator[tuple[str, ...]]:
    """Rows of a table as cell texts; a cell over several columns keeps the later cells in their columns."""
    for row in _nearest(table, _ROW):
        cells: list[str] = []
        for cell in _nearest(row, _CELL):
            cells.append("\n".join(_text(paragraph) for paragraph in cell.iter(_PARAGRAPH)))
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            width = span.get(_VALUE, "1") if span is not None else "1"
            cells += [""] * (min(int(width), 100) - 1 if width.isdecimal() else 0)
        yield tuple(cells)


def _nearest(element: Any, tag: str) -> Iterator[Any]:
    """Descendants of a tag, not those inside another of the same tag (a table in a cell)."""
    stack = list(reversed(element))
    while stack:
        child = stack.pop()
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIPPED:
            stack.extend(reversed(child))


def _style_chain(paragraph: Any, styles: dict[str, Any]) -> Iterator[Any]:
    style = styles.get(paragraph.style or "Normal")
    for _ in range(10):
        if style is None:
            return
        yield style
        style = getattr(style, "base_style", None)


def _heading(paragraph: Any, styles: dict[str, Any]) -> int:
    """The level of a heading, by its own outline level or its style's; 0 for other paragraphs."""
    properties = [paragraph.pPr]
    for style in _style_chain(paragraph, styles):
        name = (style.name or "").lower()
        if name == "title":
            return 1
        if name.startswith("heading ") and name[8:].isdecimal():
            return min(max(int(name[8:]), 1), 9)
        properties.append(style.element.find(qn("w:pPr")))
    for found in properties:
        level = found.find(qn("w:outlineLvl")) if found is not None else None
        if level is not None:
            value = level.get(_VALUE, "9")
            return int(value) + 1 if value.isdecimal() and int(value) < 9 else 0
    return 0


def _kind(paragraph: Any, styles: dict[str, Any]) -> str:
    if paragraph.pPr is not None and paragraph.pPr.find(qn("w:numPr")) is not None:
        return "item"
    listed = any((style.name or "").lower().startswith("list") for style in _style_chain(paragraph, styles))
    return "item" if listed else "paragraph"
