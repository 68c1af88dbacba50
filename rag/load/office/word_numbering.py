"""Count the numbered paragraphs of a Word document: "2.", "1.2.", "(a)", "Rule 2".

Owns: the counters of lists. Knows nothing about the words of paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from rag.load.office.counting import Style, written
from rag.load.office.word_styles import Styles
from rag.load.office.word_xml import W, find, is_on, value
from rag.load.office.xml_parts import number

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_STYLES: dict[str, Style] = {"lowerRoman": "lower-roman", "upperRoman": "upper-roman", "lowerLetter": "lower-letter",
                             "upperLetter": "upper-letter"}  # fmt: skip
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True, slots=True)
class _Level:
    """A level of a list: where it starts, how its number is written, and which levels start it again."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    is_legal: bool = False
    restart: int = _LEVELS
    style: str = ""


@dataclass(slots=True)
class _List:
    """A list: the levels of its definition, and the counters that all lists of the definition share."""

    definition: str
    levels: dict[int, _Level]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document, each counted on as its paragraphs come."""

    def __init__(self, root: Any, styles: Styles) -> None:
        """Begin to count.

        Args:
            root: The root element of the part that defines the lists, or None.
            styles: The styles of the document, which may number paragraphs.
        """
        self._styles = styles
        self._lists = _lists(root) if root is not None else {}
        self._counters: dict[str, dict[int, int]] = {}
        self._style_places: dict[str, tuple[str, str, str]] = {}

    def label(self, paragraph: Any) -> str | None:
        """Return the number of a paragraph, and count it; "" for a bullet, None for a paragraph of no list."""
        items, level = self._place(paragraph)
        if items is None:
            return None
        counters = self._counters.setdefault(items.definition, {})
        if level in items.restarts:
            counters[level] = items.restarts.pop(level) - 1
        definition = items.levels.get(level, _Level())
        counters[level] = counters.get(level, definition.start - 1) + 1
        for deeper in [other for other in counters if other > level]:
            if level < items.levels.get(deeper, _Level()).restart:
                del counters[deeper]
        return "" if definition.format == "bullet" else _written(items.levels, counters, definition)

    def _place(self, paragraph: Any) -> tuple[_List | None, int]:
        """Return the list and the level of a paragraph, by its own format or its style's."""
        own = find(paragraph, "pPr/numPr")
        style = self._styles.style_of(paragraph)
        if own is None and not self._by_style(style)[0]:
            return None, 0
        inherited, inherited_level, style_name = self._by_style(style)
        identifier = value(own, "numId") or inherited
        level = value(own, "ilvl") or inherited_level
        items = self._lists.get(identifier)
        if items is None:
            return None, 0
        if not level:
            level = next((str(at) for at, definition in items.levels.items() if definition.style == style_name), "0")
        return items, min(number(level, 0), _LEVELS - 1)

    def _by_style(self, style: str) -> tuple[str, str, str]:
        """Return the list and the level that a style gives its paragraphs, and the style that the list knows."""
        if style not in self._style_places:
            numbered = [(s, n) for s in self._styles.chain(style) if (n := find(s, "pPr/numPr")) is not None]
            with_list = next(((value(n, "numId"), s) for s, n in numbered if value(n, "numId")), ("", None))
            level = next((value(n, "ilvl") for _, n in numbered if value(n, "ilvl")), "")
            name = style if with_list[1] is None else with_list[1].get(f"{W}styleId", "")
            self._style_places[style] = (with_list[0], level, name)
        return self._style_places[style]


def _lists(root: Any) -> dict[str, _List]:
    """Return the lists of the part that defines them, by identifier; "0" takes a paragraph out of its list."""
    definitions = {e.get(f"{W}abstractNumId", ""): e for e in root.findall(f"{W}abstractNum")}
    by_style = {value(e, "styleLink"): e for e in definitions.values() if value(e, "styleLink")}
    lists: dict[str, _List] = {}
    for element in root.findall(f"{W}num"):
        identifier, key = element.get(f"{W}numId", ""), value(element, "abstractNumId")
        definition = definitions.get(key)
        linked = by_style.get(value(definition, "numStyleLink"))
        if definition is None or identifier == "0":
            continue
        definition = linked if linked is not None else definition
        key = definition.get(f"{W}abstractNumId", key)
        items = _List(key, {number(e.get(f"{W}ilvl", ""), 0): _level(e) for e in definition.findall(f"{W}lvl")})
        for override in element.findall(f"{W}lvlOverride"):
            level = number(override.get(f"{W}ilvl", ""), 0)
            replaced = override.find(f"{W}lvl")
            if replaced is not None:
                items.levels[level] = _level(replaced)
            start = value(override, "startOverride")
            if start:
                items.restarts[level] = number(start, 1)
        lists[identifier] = items
    return lists


def _level(element: Any) -> _Level:
    return _Level(
        number(value(element, "start", "1"), 1),
        value(element, "numFmt", "decimal"),
        value(element, "lvlText"),
        is_on(element.find(f"{W}isLgl")),
        number(value(element, "lvlRestart"), _LEVELS),
        value(element, "pStyle"),
    )


def _written(levels: dict[int, _Level], counters: dict[int, int], own: _Level) -> str:
    """Return the number of a paragraph, with those of the levels above where its level shows them."""

    def shown(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        level = levels.get(at, _Level())
        return counted(counters.get(at, level.start), "decimal" if own.is_legal else level.format)

    return _PLACE.sub(shown, own.text).strip()


def counted(count: int, form: str) -> str:
    """Return a number as a format of Word writes it: digits where the format is none of Latin letters.

    Args:
        count: The number.
        form: The name of the format, such as ``lowerRoman``.

    Returns:
        The number as the list shows it; "" where the format is none.
    """
    if form == "none":
        return ""
    if form == "decimalZero":
        return f"{count:02}"
    if form == "ordinal":
        return f"{count}{'th' if 10 < count % 100 < 14 else _ORDINALS.get(count % 10, 'th')}"
    return written(count, _STYLES.get(form, "decimal"))
