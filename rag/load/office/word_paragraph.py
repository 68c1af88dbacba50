"""Read a paragraph of a Word document: its words in a line, and what hangs on it.

Owns: what each element inside a paragraph reads as. Knows nothing about where the words go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from rag.load.office.drawings import CHART, DIAGRAM, is_large
from rag.load.office.inline import Inline, TextFormat
from rag.load.office.math_xml import OMML, read_omml
from rag.load.office.symbols import sign, without_private
from rag.load.office.word_styles import Styles
from rag.load.office.word_xml import BOX, PARAGRAPH, RUN, SKIPPED, TABLE, W14, W, find, is_on, is_placeholder, value
from rag.load.office.xml_parts import RELATION, number, visible_children

_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_VML = "{urn:schemas-microsoft-com:vml}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
_NEWER_CHART = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_TICKED, _EMPTY = "☒", "☐"
# Where the reading of a field stands: in its instruction, in its result, or past the state that was shown for it.
_FieldState = Literal["instruction", "result", "shown"]


@dataclass(slots=True)
class Attached:
    """What hangs on a paragraph, in the order in which it stands there.

    Attributes:
        notes: The kind ("footnote", "endnote"), the identifier and the mark of each note.
        comments: The identifiers of comments.
        boxes: The elements of text boxes.
        charts: The relations to the parts of charts.
        diagrams: The relations to the parts of diagrams.
        unread_charts: How many charts are of a kind that is not read.
        pictures: How many large pictures have no words that describe them.
        objects: The relation and the program, or the name, of each object of another program.
    """

    notes: list[tuple[str, str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    diagrams: list[str] = field(default_factory=list)
    unread_charts: int = 0
    pictures: int = 0
    objects: list[tuple[str, str]] = field(default_factory=list)


class _Line:
    """Reads one paragraph."""

    def __init__(self, paragraph: Any, styles: Styles, attached: Attached, mark_of: Callable[[str], str]) -> None:
        self.inline = Inline()
        self._styles = styles
        self._style = value(paragraph, "pPr/pStyle")
        self._attached = attached
        self._mark_of = mark_of
        # The state of each open field, and how many of them hide what stands in them: all but those in their result.
        self._fields: list[_FieldState] = []
        self._hiding_fields = 0

    def read(self, element: Any) -> None:
        """Read what is below an element that is no run."""
        for child in visible_children(element):
            tag = child.tag
            if tag == RUN:
                self._read_run(child)
            elif tag in (f"{OMML}oMath", f"{OMML}oMathPara"):
                self._read_formula(child)
            elif tag == f"{W}sdt" and child.find(f"{W}sdtPr/{W14}checkbox") is not None:
                self._read_tick(child)
            elif tag == f"{W}ruby":
                self._read_ruby(child)
            elif tag not in SKIPPED and tag not in (TABLE, PARAGRAPH) and not is_placeholder(child):
                self.read(child)

    def _read_run(self, run: Any) -> None:
        form = self._styles.run_format(run, self._style)
        if form.is_hidden:
            return
        self._read_content(run, form)

    def _read_content(self, element: Any, form: TextFormat) -> None:
        for child in visible_children(element):
            tag = child.tag
            if tag == f"{W}fldChar":
                self._read_field(child)
            elif self._hiding_fields:
                continue
            elif tag == f"{W}t":
                words = without_private(child.text or "", form.font)
                self.inline.add(words, struck=form.is_struck, script=form.script)
            elif tag in _SIGNS:
                self.inline.add(_SIGNS[tag], struck=form.is_struck)
            elif tag == f"{W}sym":
                self._read_symbol(child, form)
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                self._read_note(child)
                if is_on_attribute(child.get(f"{W}customMarkFollows", "0")):
                    return
            elif tag == f"{W}commentReference":
                self._attached.comments.append(child.get(f"{W}id", ""))
            elif tag == f"{W}ruby":
                self._read_ruby(child)
            elif tag.startswith(OMML):
                self._read_formula(child)
            elif tag in (f"{W}drawing", f"{W}pict", f"{W}object") or tag.endswith("}AlternateContent"):
                self._read_drawing(child, form)
            elif tag not in SKIPPED:
                self._read_content(child, form)

    def _read_formula(self, element: Any) -> None:
        formulas = [element] if element.tag == f"{OMML}oMath" else element.iter(f"{OMML}oMath")
        self.inline.add("\n".join(map(read_omml, formulas)))

    def _read_symbol(self, element: Any, form: TextFormat) -> None:
        try:
            code = int(element.get(f"{W}char", ""), 16)
        except ValueError:
            return
        self.inline.add(sign(element.get(f"{W}font", ""), code), struck=form.is_struck, script=form.script)

    def _read_tick(self, element: Any) -> None:
        """Read a box to be ticked: as it is shown, else as its state says."""
        before = len(self.inline)
        content = find(element, "sdtContent")
        if content is not None:
            self.read(content)
        if len(self.inline) == before:
            ticked = element.find(f"{W}sdtPr/{W14}checkbox/{W14}checked")
            is_ticked = ticked is not None and is_on_attribute(ticked.get(f"{W14}val", "1"))
            self.inline.add(_TICKED if is_ticked else _EMPTY)

    def _read_ruby(self, element: Any) -> None:
        """Read letters with a reading beside them: "漢字(かんじ)"."""
        for name, brackets in (("rubyBase", ("", "")), ("rt", ("(", ")"))):
            part = find(element, name)
            if part is not None:
                self.inline.add(brackets[0])
                self.read(part)
                self.inline.add(brackets[1])

    def _read_field(self, mark: Any) -> None:
        """Read a mark of a field: of its instruction nothing is shown, not even the result of a field within it."""
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append("shown" if self._read_form_field(mark) else "instruction")
            self._hiding_fields += 1
        elif kind == "separate" and self._fields and self._fields[-1] == "instruction":
            self._fields[-1] = "result"
            self._hiding_fields -= 1
        elif kind == "end" and self._fields:
            self._hiding_fields -= self._fields.pop() != "result"

    def _read_form_field(self, mark: Any) -> bool:
        """Read the state of an old form field, and tell whether it is one: its result is no more than that."""
        box, choices = find(mark, "ffData/checkBox"), find(mark, "ffData/ddList")
        if box is not None and not self._hiding_fields:
            state = find(box, "checked")
            is_ticked = is_on(state if state is not None else find(box, "default"))
            self.inline.add(_TICKED if is_ticked else _EMPTY)
        elif choices is not None and not self._hiding_fields:
            entries = [entry.get(f"{W}val", "") for entry in choices.findall(f"{W}listEntry")]
            chosen = number(value(choices, "result") or value(choices, "default"), 0)
            self.inline.add(entries[chosen] if chosen < len(entries) else "")
        return box is not None or choices is not None

    def _read_note(self, reference: Any) -> None:
        kind, identifier = reference.tag[len(W) :].removesuffix("Reference"), reference.get(f"{W}id", "")
        label = ""
        if is_on_attribute(reference.get(f"{W}customMarkFollows", "0")):
            label = "".join(reference.getparent().itertext(f"{W}t")).strip()
        label = label or self._mark_of(kind)
        self._attached.notes.append((kind, identifier, label))
        self.inline.add_mark(label)

    def _read_drawing(self, element: Any, form: TextFormat) -> None:
        for child in visible_children(element):
            tag = child.tag
            if tag == BOX:
                self._attached.boxes.append(child)
            elif tag == f"{CHART}chart":
                self._attached.charts.append(child.get(f"{RELATION}id", ""))
            elif tag == f"{_NEWER_CHART}chart":
                self._attached.unread_charts += 1
            elif tag == f"{DIAGRAM}relIds":
                self._attached.diagrams.append(child.get(f"{RELATION}dm", ""))
            elif tag in (f"{_OFFICE}OLEObject", f"{W}control"):
                name = child.get("ProgID", child.get(f"{W}name", ""))
                self._attached.objects.append((child.get(f"{RELATION}id", ""), name))
            elif tag == f"{_PLACED}docPr" and child.find(f".//{_DECORATIVE}") is None:
                is_said = self.inline.add_picture(child.get("descr", ""))
                frame = child.getparent()
                if not is_said and next(frame.iter(_PICTURE), None) is not None:
                    self._attached.pictures += is_large(frame.find(f"{_PLACED}extent"))
            elif tag == f"{_VML}textpath":
                self.inline.add(child.get("string", ""))
            elif tag == f"{_VML}shape" and child.find(f"{_VML}imagedata") is not None:
                self.inline.add_picture(child.get("alt", ""))
                self._read_drawing(child, form)
            elif tag in (f"{W}t", f"{W}r"):
                self._read_content(child, form)
            elif tag not in SKIPPED:
                self._read_drawing(child, form)


def read_paragraph(paragraph: Any, styles: Styles, attached: Attached, mark_of: Callable[[str], str]) -> str:
    """Return the visible words of a paragraph.

    Args:
        paragraph: The element of the paragraph.
        styles: The styles of the document.
        attached: What hangs on the paragraph is added to it.
        mark_of: Gives the mark of the next note of a kind.

    Returns:
        The words, with their white space.
    """
    line = _Line(paragraph, styles, attached, mark_of)
    line.read(paragraph)
    return line.inline.text()


def is_on_attribute(text: str) -> bool:
    """Tell whether the value of an attribute says that something is so."""
    return text in ("1", "true", "on")
