"""Read Word documents.

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
from rag.load.tables import add_table, text_rows

_SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:delText"), qn("w:pPr"), qn("w:rPr"),
            "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}  # fmt: skip
_BOX, _PARAGRAPH, _TABLE = qn("w:txbxContent"), qn("w:p"), qn("w:tbl")
_TEXT, _TAB, _BREAKS, _HYPHEN = qn("w:t"), qn("w:tab"), {qn("w:br"), qn("w:cr")}, qn("w:noBreakHyphen")
_RUN, _RUN_FORMAT, _PARAGRAPH_FORMAT, _SIZE = qn("w:r"), qn("w:rPr"), qn("w:pPr"), qn("w:sz")
_HIDDEN_MARKS = (qn("w:vanish"), qn("w:webHidden"))
# In half points: letters of this size and smaller cannot be read.
_TINY = 2
_ROW, _CELL, _VALUE = qn("w:tr"), qn("w:tc"), qn("w:val")
_NOTES = ("footnotes", "endnotes")
# Cap on the styles that a style is based on: they may be based on each other.
_MAX_STYLES = 10
# Cap on the columns of a cell that spans several.
_MAX_SPAN = 100


def read_docx(package: io.BytesIO, builder: Builder) -> str:
    """Append the body of a document, then its notes, headers and footers.

    Args:
        package: The unpacked document.
        builder: What the blocks are appended to.

    Returns:
        The title that the properties give, or "".
    """
    document = docx.Document(package)
    styles = {style.style_id: style for style in document.styles if style.style_id}
    _drop_hidden(document.element.body, styles)
    _add_body(document.element.body, styles, builder)
    _add_notes(document, styles, builder)
    _add_headers_and_footers(document, styles, builder)
    return str(document.core_properties.title or "")


def _add_notes(document: Any, styles: dict[str, Any], builder: Builder) -> None:
    """Append footnotes and endnotes, without those that only draw a separating line."""
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


def _add_headers_and_footers(document: Any, styles: dict[str, Any], builder: Builder) -> None:
    """Append the headers and footers of all sections, equal ones once."""
    seen = set()
    for section in document.sections:
        for story in (section.header, section.footer):
            _drop_hidden(story._element, styles)
            text = "\n".join(_text(paragraph) for paragraph in story._element.iter(_PARAGRAPH))
            if text.strip() and text not in seen:
                seen.add(text)
                builder.add("paragraph", text)


def _drop_hidden(root: Any, styles: dict[str, Any]) -> None:
    """Take out the runs that no reader sees: formatted as hidden, by themselves or by a style, or a point high."""
    for run in list(root.iter(_RUN)):
        own_format = run.find(_RUN_FORMAT)
        paragraph = next(run.iterancestors(_PARAGRAPH), None)
        run_style = own_format.find(qn("w:rStyle")) if own_format is not None else None
        paragraph_style = paragraph.find(f"{_PARAGRAPH_FORMAT}/{qn('w:pStyle')}") if paragraph is not None else None
        formats = [own_format, *_style_formats(run_style, styles), *_style_formats(paragraph_style, styles)]
        if any(_is_set(formats, mark) for mark in _HIDDEN_MARKS) or _is_tiny(formats):
            run.getparent().remove(run)


def _style_formats(reference: Any, styles: dict[str, Any]) -> list[Any]:
    """Return the formats of runs that the style of a reference and those it is based on give, nearest first."""
    style = styles.get(reference.get(_VALUE)) if reference is not None else None
    return [based_on.element.find(_RUN_FORMAT) for based_on in _style_chain(style)]


def _is_set(formats: list[Any], mark: str) -> bool:
    """Tell whether the nearest format that holds a mark turns it on."""
    element = _nearest_element(formats, mark)
    return element is not None and element.get(_VALUE, "true") not in ("0", "false", "off")


def _is_tiny(formats: list[Any]) -> bool:
    """Tell whether the nearest format that gives a size gives one that cannot be read."""
    element = _nearest_element(formats, _SIZE)
    size = element.get(_VALUE, "") if element is not None else ""
    return size.isdecimal() and int(size) <= _TINY


def _nearest_element(formats: list[Any], tag: str) -> Any:
    """Return the first element of a tag in some formats, or None."""
    elements = (element.find(tag) for element in formats if element is not None)
    return next((element for element in elements if element is not None), None)


def _add_body(body: Any, styles: dict[str, Any], builder: Builder) -> None:
    """Append the paragraphs and tables of an element, and the text boxes that hang on a paragraph."""
    for element in _paragraphs_and_tables(body):
        if element.tag == _TABLE:
            add_table(builder, text_rows(_rows(element)))
        else:
            level = _heading_level(element, styles)
            if level:
                builder.add("heading", " ".join(_text(element).split()), level)
            else:
                builder.add("item" if _is_item(element, styles) else "paragraph", _text(element))
        for box in element.iter(_BOX) if element.tag == _PARAGRAPH else ():
            if not any(parent.tag in _SKIPPED for parent in box.iterancestors()):
                for paragraph in box.iter(_PARAGRAPH):
                    builder.add("paragraph", _text(paragraph))


def _paragraphs_and_tables(body: Any) -> Iterator[Any]:
    """Yield paragraphs and tables in order, also those wrapped in content controls and tracked insertions."""
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        if element.tag in (_PARAGRAPH, _TABLE):
            yield element
        elif element.tag not in _SKIPPED:
            stack.extend(reversed(element))


def _text(paragraph: Any) -> str:
    """Return the visible words of a paragraph, without those of a text box that hangs on it or that were deleted."""
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
    """Yield the rows of a table as the texts of their cells; a cell over several columns counts as so many."""
    for row in _own_descendants(table, _ROW):
        cells: list[str] = []
        for cell in _own_descendants(row, _CELL):
            cells.append("\n".join(_text(paragraph) for paragraph in cell.iter(_PARAGRAPH)))
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            width = span.get(_VALUE, "1") if span is not None else "1"
            cells += [""] * (min(int(width), _MAX_SPAN) - 1 if width.isdecimal() else 0)
        yield tuple(cells)


def _own_descendants(element: Any, tag: str) -> Iterator[Any]:
    """Yield the descendants of a tag, not those inside another of the same tag (a table in a cell)."""
    stack = list(reversed(element))
    while stack:
        child = stack.pop()
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIPPED:
            stack.extend(reversed(child))


def _paragraph_styles(paragraph: Any, styles: dict[str, Any]) -> Iterator[Any]:
    """Yield the style of a paragraph and those it is based on, nearest first."""
    return _style_chain(styles.get(paragraph.style or "Normal"))


def _style_chain(style: Any) -> Iterator[Any]:
    """Yield a style and those it is based on, nearest first; nothing for None."""
    for _ in range(_MAX_STYLES):
        if style is None:
            return
        yield style
        style = getattr(style, "base_style", None)


def _heading_level(paragraph: Any, styles: dict[str, Any]) -> int:
    """Return the level of a heading, by its own outline level or its style's; 0 for other paragraphs."""
    formats = [paragraph.pPr]
    for style in _paragraph_styles(paragraph, styles):
        name = (style.name or "").lower()
        if name == "title":
            return 1
        if name.startswith("heading ") and name[8:].isdecimal():
            return min(max(int(name[8:]), 1), 9)
        formats.append(style.element.find(qn("w:pPr")))
    outline_level = _nearest_element(formats, qn("w:outlineLvl"))
    # Levels count from 0; 9 is that of body text.
    value = outline_level.get(_VALUE, "9") if outline_level is not None else "9"
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else 0


def _is_item(paragraph: Any, styles: dict[str, Any]) -> bool:
    """Tell whether a paragraph is a list item, by its numbering or the name of its style."""
    if paragraph.pPr is not None and paragraph.pPr.find(qn("w:numPr")) is not None:
        return True
    return any((style.name or "").lower().startswith("list") for style in _paragraph_styles(paragraph, styles))
