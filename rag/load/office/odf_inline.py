"""Read a paragraph of an OpenDocument file: its words in a line, and what hangs on it.

Owns: what each element inside a paragraph reads as. Knows nothing about where the words go.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rag.load.office.inline import Inline, TextFormat
from rag.load.office.math_xml import MATHML, read_mathml
from rag.load.office.odf_styles import OFFICE, TEXT, OdfStyles
from rag.load.office.symbols import without_private
from rag.load.office.xml_parts import number

DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
FORM = "{urn:oasis:names:tc:opendocument:xmlns:form:1.0}"
PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_FIELD = "{urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0}"
_SPACE = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 100
_SHAPES = frozenset(DRAW + name for name in (
    "frame", "custom-shape", "rect", "ellipse", "circle", "line", "connector", "path", "polygon", "polyline", "caption",
    "regular-polygon", "g", "a"))  # fmt: skip
_SKIPPED = frozenset(
    (f"{TEXT}tracked-changes", f"{TEXT}hidden-paragraph", f"{TEXT}script", f"{OFFICE}forms", f"{TEXT}note-body")
)


@dataclass(slots=True)
class OdfAttached:
    """What hangs on a paragraph, in the order in which it stands there.

    Attributes:
        notes: The mark and the element of each note.
        comments: The elements of comments.
        shapes: The elements of frames and shapes.
    """

    notes: list[tuple[str, Any]] = field(default_factory=list)
    comments: list[Any] = field(default_factory=list)
    shapes: list[Any] = field(default_factory=list)


_CHANGES = (f"{TEXT}change-start", f"{TEXT}change-end")
_IN_LINE = (f"{TEXT}span", f"{TEXT}a")


@dataclass(frozen=True, slots=True)
class OdfContext:
    """What is needed to read paragraphs.

    Attributes:
        styles: The styles of the document.
        object_of: Gives the root element of an object in the file by its link; None for one that is no XML.
        controls: The controls of forms, by identifier.
        deletions: The identifiers of what was deleted while changes were tracked and stands among the words.
        open_deletions: Those of the deletions that have begun, and have not ended yet.
    """

    styles: OdfStyles
    object_of: Callable[[str], Any]
    controls: dict[str, Any]
    deletions: frozenset[str] = frozenset()
    open_deletions: set[str] = field(default_factory=set)


def deletions_of(root: Any) -> frozenset[str]:
    """Return the identifiers of what was deleted and stands among the words of a document, between two marks."""
    regions = root.iter(f"{TEXT}changed-region")
    deleted = {region.get(f"{TEXT}id") for region in regions if region.find(f"{TEXT}deletion") is not None}
    ended = {end.get(f"{TEXT}change-id") for end in root.iter(f"{TEXT}change-end")} if deleted else set()
    return frozenset(name for name in deleted & ended if name)


def read_paragraph(paragraph: Any, context: OdfContext, attached: OdfAttached) -> str:
    """Return the visible words of a paragraph or a heading.

    Args:
        paragraph: The element.
        context: What is needed to read it.
        attached: What hangs on the paragraph is added to it.

    Returns:
        The words.
    """
    name = paragraph.get(f"{TEXT}style-name", "")
    line = _Line(context, attached)
    line.read(paragraph, context.styles.text_format("paragraph", name, TextFormat()))
    return line.inline.text().strip()


class _Line:
    """Reads one paragraph."""

    def __init__(self, context: OdfContext, attached: OdfAttached) -> None:
        self.inline = Inline()
        self._context = context
        self._attached = attached

    def read(self, element: Any, form: TextFormat) -> None:
        self._add(element.text, form)
        for child in element:
            if isinstance(child.tag, str):
                self._read_child(child, form)
            self._add(child.tail, form)

    def _add(self, text: str | None, form: TextFormat) -> None:
        if text and not form.is_hidden and not self._context.open_deletions:
            words = without_private(_SPACE.sub(" ", text), form.font)
            self.inline.add(words, struck=form.is_struck, script=form.script)

    def _read_child(self, child: Any, form: TextFormat) -> None:
        tag = child.tag
        if tag in _CHANGES:
            self._begin_or_end_change(tag, child.get(f"{TEXT}change-id", ""))
        elif self._context.open_deletions and tag not in _IN_LINE:
            return
        elif tag == f"{TEXT}span":
            name = child.get(f"{TEXT}style-name", "")
            self.read(child, self._context.styles.text_format("text", name, form))
        elif tag == f"{TEXT}s":
            self.inline.add(" " * min(number(child.get(f"{TEXT}c", "1"), 1), _MOST_SPACES), struck=form.is_struck)
        elif tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            self.inline.add("\t" if tag.endswith("tab") else "\n", struck=form.is_struck)
        elif form.is_hidden or tag in _SKIPPED:
            return
        elif tag == f"{TEXT}note":
            citation = child.find(f"{TEXT}note-citation")
            mark = "" if citation is None else citation.get(f"{TEXT}label") or "".join(citation.itertext()).strip()
            self._attached.notes.append((mark, child))
            self.inline.add_mark(mark)
        elif tag == f"{OFFICE}annotation":
            self._attached.comments.append(child)
        elif tag == f"{TEXT}ruby-text":
            self.inline.add(f"({''.join(child.itertext())})")
        elif tag == f"{_FIELD}fieldmark":
            self._read_field(child)
        elif tag == f"{DRAW}control":
            self.inline.add(_control_text(self._context.controls.get(child.get(f"{DRAW}control", ""))))
        elif tag in _SHAPES:
            self._read_shape(child)
        else:
            self.read(child, form)

    def _begin_or_end_change(self, tag: str, name: str) -> None:
        if name in self._context.deletions:
            change = self._context.open_deletions
            change.discard(name) if tag.endswith("-end") else change.add(name)

    def _read_shape(self, shape: Any) -> None:
        """Read a formula or the description of a picture in the line; other shapes hang on the paragraph."""
        linked = shape.find(f"{DRAW}object")
        root = self._context.object_of(linked.get(f"{XLINK}href", "")) if linked is not None else None
        if linked is not None and root is None:
            # The formula may stand in the object itself.
            root = linked.find(f"{MATHML}math")
        if root is not None and root.tag == f"{MATHML}math":
            self.inline.add(read_mathml(root))
            return
        self.inline.add_picture(description(shape))
        self._attached.shapes.append(shape)

    def _read_field(self, mark: Any) -> None:
        """Read the state of a form field of Word."""
        values = [(p.get(f"{_FIELD}name", ""), p.get(f"{_FIELD}value", "")) for p in mark.iter(f"{_FIELD}param")]
        named = dict(values)
        if mark.get(f"{_FIELD}type", "").endswith("FORMCHECKBOX"):
            self.inline.add("☒" if named.get("Checkbox_Checked") == "true" else "☐")
        elif mark.get(f"{_FIELD}type", "").endswith("FORMDROPDOWN"):
            entries = [value for name, value in values if name == "Dropdown_ListEntry"]
            chosen = number(named.get("Dropdown_Selected", ""), 0)
            self.inline.add(entries[chosen] if chosen < len(entries) else "")


def description(shape: Any) -> str:
    """Return what a picture or an object shows, in the words of who put it there."""
    return (shape.findtext(f"{_SVG}desc") or shape.findtext(f"{_SVG}title") or "").strip()


def _control_text(control: Any) -> str:
    """Return the state or the value of a control, and its label."""
    if control is None or not isinstance(control.tag, str):
        return ""
    name = control.tag.removeprefix(FORM)
    label = control.get(f"{FORM}label", "")
    if name in ("checkbox", "radio"):
        state = control.get(f"{FORM}current-state") or control.get(f"{FORM}state")
        selected = control.get(f"{FORM}current-selected") or control.get(f"{FORM}selected")
        return f"{'☒' if state == 'checked' or selected == 'true' else '☐'} {label}".strip()
    if name in ("listbox", "combobox"):
        chosen = [o.get(f"{FORM}label", "") for o in control.iter(f"{FORM}option")
                  if (o.get(f"{FORM}current-selected") or o.get(f"{FORM}selected")) == "true"]  # fmt: skip
        if chosen:
            return ", ".join(chosen)
    return str(control.get(f"{FORM}current-value") or control.get(f"{FORM}value") or label)
