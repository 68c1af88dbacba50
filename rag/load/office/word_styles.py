"""Say how the paragraphs and runs of a Word document are formatted, by themselves and by their styles.

Owns: what is hidden, struck out, raised, a heading or a list item. Knows nothing about the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.load.office.inline import Script, TextFormat
from rag.load.office.word_xml import W, find, is_on, value
from rag.load.office.xml_parts import number

# Cap on the styles that a style is based on: they may be based on each other.
_MAX_STYLES = 10
# In half points: letters of this size and smaller cannot be read.
_TINY = 2
_HIDDEN_MARKS = (f"{W}vanish", f"{W}webHidden")
_STRUCK_MARKS = (f"{W}strike", f"{W}dstrike")
_SCRIPTS: dict[str, Script] = {"superscript": "raised", "subscript": "lowered"}


@dataclass(frozen=True, slots=True)
class _ParagraphForm:
    """What a style says of its paragraphs: the level of a heading, and whether its name says so; whether of a list."""

    level: int = 0
    is_named_heading: bool = False
    is_list: bool = False


class Styles:
    """The styles of a document by their identifiers."""

    def __init__(self, root: Any) -> None:
        elements = root.findall(f"{W}style") if root is not None else []
        self._by_id = {style.get(f"{W}styleId", ""): style for style in elements}
        self._default = next(
            (s.get(f"{W}styleId", "") for s in elements
             if s.get(f"{W}type") == "paragraph" and s.get(f"{W}default") in ("1", "true", "on")), ""
        )  # fmt: skip
        self._formats: dict[tuple[str, str], list[Any]] = {}
        self._paragraph_forms: dict[str, _ParagraphForm] = {}

    def chain(self, identifier: str) -> Iterator[Any]:
        """Yield a style and those it is based on, nearest first."""
        for _ in range(_MAX_STYLES):
            style = self._by_id.get(identifier)
            if style is None:
                return
            yield style
            identifier = value(style, "basedOn")

    def run_format(self, run: Any, paragraph_style: str) -> TextFormat:
        """Return how a run looks.

        Args:
            run: The run.
            paragraph_style: The style that its paragraph names, or "".

        Returns:
            Its own format, and what its style and that of its paragraph add.
        """
        own = run.find(f"{W}rPr")
        key = (value(own, "rStyle"), paragraph_style)
        if key not in self._formats:
            chains = (*self.chain(key[0]), *self.chain(key[1]))
            self._formats[key] = [f for style in chains if (f := style.find(f"{W}rPr")) is not None]
        inherited = self._formats[key]
        if own is None and not inherited:
            return _PLAIN
        return _run_format(inherited if own is None else [own, *inherited])

    def style_of(self, paragraph: Any) -> str:
        """Return the style of a paragraph: the one that it names, else that of paragraphs that name none."""
        return value(paragraph, "pPr/pStyle") or self._default

    def heading_level(self, paragraph: Any) -> int:
        """Return the level of a heading, by its own outline level or its style's; 0 for other paragraphs."""
        form = self._paragraph_form(self.style_of(paragraph))
        own = "" if form.is_named_heading else value(paragraph, "pPr/outlineLvl")
        return _outline_level(own) if own else form.level

    def is_list(self, paragraph: Any) -> bool:
        """Tell whether the style of a paragraph is named as one of lists."""
        return self._paragraph_form(self.style_of(paragraph)).is_list

    def _paragraph_form(self, identifier: str) -> _ParagraphForm:
        if identifier not in self._paragraph_forms:
            self._paragraph_forms[identifier] = _paragraph_form(list(self.chain(identifier)))
        return self._paragraph_forms[identifier]

    def marks_first_row(self, table: Any) -> bool:
        """Tell whether the style of a table makes its first row look like names, and the table says so."""
        look = find(table, "tblPr/tblLook")
        if look is None:
            return False
        is_asked = look.get(f"{W}firstRow")
        if is_asked is None:
            is_asked = "1" if _hexadecimal(look.get(f"{W}val", "")) & 0x20 else "0"
        return is_asked in ("1", "true", "on") and any(
            part.get(f"{W}type") == "firstRow" and len(part)
            for style in self.chain(value(table, "tblPr/tblStyle"))
            for part in style.iter(f"{W}tblStylePr")
        )


_PLAIN = TextFormat()


def _paragraph_form(chain: list[Any]) -> _ParagraphForm:
    """Return what a style says, of which those that it is based on are given, too, nearest first."""
    names = [value(style, "name").lower() for style in chain]
    is_list = any(name.startswith("list") for name in names)
    for name in names:
        if name == "title":
            return _ParagraphForm(1, True, is_list)
        if name.startswith("heading ") and name[8:].isdecimal():
            return _ParagraphForm(min(max(number(name[8:], 1), 1), 9), True, is_list)
    levels = (level for style in chain if (level := value(style, "pPr/outlineLvl")))
    return _ParagraphForm(_outline_level(next(levels, "")), False, is_list)


def _outline_level(text: str) -> int:
    """Return the level of a heading: in the file they count from 0, and 9 is that of body text."""
    level = number(text, 9)
    return level + 1 if level < 9 else 0


def _run_format(formats: list[Any]) -> TextFormat:
    size = _nearest(formats, f"{W}sz")
    is_tiny = size is not None and number(size.get(f"{W}val", ""), _TINY + 1) <= _TINY
    fonts = _nearest(formats, f"{W}rFonts")
    return TextFormat(
        is_tiny or any(is_on(_nearest(formats, mark)) for mark in _HIDDEN_MARKS),
        any(is_on(_nearest(formats, mark)) for mark in _STRUCK_MARKS),
        _script(formats),
        "" if fonts is None else fonts.get(f"{W}ascii", fonts.get(f"{W}hAnsi", "")),
    )


def _script(formats: list[Any]) -> Script:
    """Return whether letters are raised or lowered: marked as such, or smaller and moved by hand."""
    align, moved = _nearest(formats, f"{W}vertAlign"), formats[0].find(f"{W}position")
    if align is not None:
        return _SCRIPTS.get(align.get(f"{W}val", ""), "")
    if moved is None or formats[0].find(f"{W}sz") is None:
        return ""
    offset = moved.get(f"{W}val", "")
    return "lowered" if offset.startswith("-") else "raised" if number(offset, 0) else ""


def _nearest(formats: list[Any], tag: str) -> Any:
    """Return the first element of a tag in some formats, or None."""
    elements = (element.find(tag) for element in formats if element is not None)
    return next((element for element in elements if element is not None), None)


def _hexadecimal(text: str) -> int:
    try:
        return int(text[:8], 16)
    except ValueError:
        return 0
