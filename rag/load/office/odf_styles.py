"""Say how the words, lists and headings of an OpenDocument file are formatted, by their styles.

Owns: what is hidden, struck out or raised, and how the levels of lists are numbered. Knows nothing about the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.load.office.counting import Style, written
from rag.load.office.inline import Script, TextFormat
from rag.load.office.xml_parts import number

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_LIBREOFFICE = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
# Cap on the styles that a style is based on: they may be based on each other.
_MAX_STYLES = 10
_MOST_LEVELS = 10
_STYLES: dict[str, Style] = {"1": "decimal", "a": "lower-letter", "A": "upper-letter", "i": "lower-roman",
                             "I": "upper-roman"}  # fmt: skip
_PLACE = re.compile(r"%(\d{1,2})%")
# In points: letters of this size and smaller cannot be read.
_TINY = 1.0


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list is numbered.

    Attributes:
        pattern: What stands before an item; ``%2%`` is the number of level 2. "" for bullets and for no number.
        form: How its number is written.
        start: The first number.
    """

    pattern: str = ""
    form: Style = "decimal"
    start: int = 1


class OdfStyles:
    """The styles of a document, those of its text and those that are shared."""

    def __init__(self, *roots: Any) -> None:
        self._styles: dict[tuple[str, str], Any] = {}
        self._lists: dict[str, dict[int, Level]] = {}
        self._outline: dict[int, Level] = {}
        self._fonts: dict[str, str] = {}
        for root in roots:
            for font in root.iter(f"{STYLE}font-face") if root is not None else ():
                self._fonts[font.get(f"{STYLE}name", "")] = font.get(f"{_SVG}font-family", "").strip("'\"")
            for style in root.iter(f"{STYLE}style") if root is not None else ():
                self._styles[style.get(f"{STYLE}family", ""), style.get(f"{STYLE}name", "")] = style
            for style in root.iter(f"{TEXT}list-style") if root is not None else ():
                self._lists[style.get(f"{STYLE}name", "")] = _levels(style)
            for style in root.iter(f"{TEXT}outline-style") if root is not None else ():
                self._outline = _levels(style)

    def text_format(self, family: str, name: str, outer: TextFormat) -> TextFormat:
        """Return how words look.

        Args:
            family: The family of their style: ``text`` or ``paragraph``.
            name: The name of their style.
            outer: How the words around them look.

        Returns:
            What their style says, and how the words around them look where it says nothing.
        """
        properties = [p for style in self._chain(family, name) for p in style.iterfind(f"{STYLE}text-properties")]
        if not properties:
            return outer
        display = _nearest(properties, f"{TEXT}display")
        line = _nearest(properties, f"{STYLE}text-line-through-style") or _nearest(
            properties, f"{STYLE}text-line-through-type"
        )
        position = _nearest(properties, f"{STYLE}text-position")
        font = _nearest(properties, f"{STYLE}font-name")
        return TextFormat(
            display == "none" or _is_tiny(_nearest(properties, f"{_FO}font-size")) or (outer.is_hidden and not display),
            line != "none" if line else outer.is_struck,
            _script(position) if position else outer.script,
            self._fonts.get(font, font) or outer.font,
        )

    def is_title(self, name: str) -> bool:
        """Tell whether a style of paragraphs is that of the title, or based on it."""
        return any(style.get(f"{STYLE}name") == "Title" for style in self._chain("paragraph", name))

    def list_levels(self, name: str) -> dict[int, Level]:
        """Return the levels of a style of lists, from 1."""
        return self._lists.get(name, {})

    @property
    def outline(self) -> dict[int, Level]:
        """The levels of headings, from 1."""
        return self._outline

    def _chain(self, family: str, name: str) -> Iterator[Any]:
        for _ in range(_MAX_STYLES):
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.get(f"{STYLE}parent-style-name", "")


def label(levels: dict[int, Level], counts: dict[int, int], level: int) -> str:
    """Return what stands before an item of a list: "2.", "1.2", "(a)".

    Args:
        levels: The levels of the list.
        counts: The number of the item, and of those above it, by level.
        level: The level of the item.

    Returns:
        The number with what stands around it; "" for a bullet.
    """

    def shown(match: re.Match[str]) -> str:
        at = int(match[1])
        form = levels.get(at, Level())
        return written(counts.get(at, form.start), form.form)

    own = levels.get(level)
    return _PLACE.sub(shown, own.pattern).strip() if own is not None else ""


def count(levels: dict[int, Level], counts: dict[int, int], level: int, start: str | None = None) -> None:
    """Count an item of a list; the levels below begin again.

    Args:
        levels: The levels of the list.
        counts: The numbers so far, by level.
        level: The level of the item.
        start: The number that the item itself says that it has.
    """
    first = levels.get(level, Level()).start
    counts[level] = number(start, first) if start else counts.get(level, first - 1) + 1
    for deeper in [other for other in counts if other > level]:
        del counts[deeper]


def _levels(style: Any) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for element in style:
        at = min(number(element.get(f"{TEXT}level", ""), 1), _MOST_LEVELS)
        form = element.get(f"{STYLE}num-format", "")
        if form not in _STYLES:
            levels[at] = Level()
            continue
        shown = min(number(element.get(f"{TEXT}display-levels", "1"), 1), at)
        places = ".".join(f"%{level}%" for level in range(at - shown + 1, at + 1))
        pattern = element.get(f"{_LIBREOFFICE}num-list-format") or (
            element.get(f"{STYLE}num-prefix", "") + places + element.get(f"{STYLE}num-suffix", "")
        )
        levels[at] = Level(pattern, _STYLES[form], number(element.get(f"{TEXT}start-value", "1"), 1))
    return levels


def _nearest(properties: list[Any], attribute: str) -> str:
    return next((text for element in properties if (text := element.get(attribute))), "")


def _is_tiny(size: str) -> bool:
    try:
        return size.endswith("pt") and float(size[:-2]) <= _TINY
    except ValueError:
        return False


def _script(position: str) -> Script:
    """Return what a position says: "super 58%", "33% 80%", "-8% 80%", "0% 100%"."""
    first = position.split()[0] if position.split() else ""
    if first in ("super", "sub"):
        return "raised" if first == "super" else "lowered"
    if first.startswith("-"):
        return "lowered"
    return "raised" if first.rstrip("%").strip("0.") else ""
