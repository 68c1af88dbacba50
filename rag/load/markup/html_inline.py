"""Read the inline elements of a page: what is raised, struck out, read aloud, filled in, or shown as a picture.

Owns: how each reads in its line. Knows nothing about blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rag.load.markup.elements import INLINE, children, is_note_mark
from rag.load.markup.forms import is_tick, own_label, value_of
from rag.load.markup.sentences import text_after
from rag.load.markup.sheets import Sheet
from rag.load.markup.words import Words
from rag.load.raised import fraction

_PICTURE_NAME = re.compile(r"\S{1,200}\.(?:jpe?g|png|gif|svg|webp|bmp|avif)$", re.I)
_SLASHES = ("/", "\u2044")

# Has what is in an element read next, and then its end.
Descend = Callable[[Any, Callable[[], None]], None]


class Inline:
    """The inline elements that are open, and the words among them.

    Attributes:
        words: The words since the last block ended.
        marks: The marks of the notes, by the elements that they lead to.
        is_flat: Whether all becomes one line, as in a cell of a table.
        sheet: What the style sheets say.
    """

    def __init__(self, sheet: Sheet, descend: Descend, skip: Callable[[Any, Any], bool]) -> None:
        """Begin without words.

        Args:
            sheet: What the style sheets say.
            descend: Has what is in an element read next.
            skip: Passes over two nodes if they are read next, and tells whether they are.
        """
        self.words = Words()
        self.marks: dict[str, str] = {}
        self.is_flat = False
        self.sheet, self._descend, self._skip = sheet, descend, skip
        self._readings: list[list[str]] = []
        self._abbreviations: set[str] = set()
        # Whether the text so far ends with a label, and in how many labels the walk stands.
        self._after_label = False
        self._label_depth = 0
        # In how many marks of notes the walk stands: raised letters in them are no powers.
        self._mark_depth = 0

    def add_text(self, text: str, keep_spaces: bool) -> None:
        """Append text.

        Args:
            text: The text.
            keep_spaces: Whether its white space is its own.
        """
        self.words.add(text, keep_spaces=keep_spaces)
        if not text.isspace():
            self._after_label = False

    def read(self, node: Any) -> None:
        """Read an inline element."""
        words, tag = self.words, node.tag
        if words.is_deep or (self._mark_depth and tag in ("sup", "sub", "span")):
            self._descend(node, lambda: None)
            return
        effect = self.sheet.effect_of(node)
        if effect == "raised":
            if not self._add_fraction(node):
                self._open(node, lambda: words.close_raised(text_after(node)))
        elif effect == "lowered":
            self._open(node, words.close_lowered)
        elif effect == "struck":
            self._open(node, words.close_struck)
        elif tag == "a" and is_note_mark(node.attributes):
            self._mark_depth += 1
            self._open(node, lambda: self._end_note(node))
        elif tag == "ruby":
            self._readings.append([])
            self._open(node, lambda: words.close_ruby("".join(self._readings.pop())))
        elif tag in ("rt", "rp"):
            self._open(node, lambda: self._end_reading(tag))
        elif tag == "abbr" and node.attributes.get("title"):
            self._open(node, lambda: self._end_abbreviation(node))
        elif tag == "label":
            self._label_depth += 1
            self._descend(node, self._end_label)
        elif tag == "button":
            words.need_space()
            self._descend(node, words.need_space)
        elif tag in INLINE or "-" in tag or ":" in tag:
            self._descend(node, lambda: None)
        else:
            words.add(" ")
            self._descend(node, lambda: words.add(" "))

    def _open(self, node: Any, end: Callable[[], None]) -> None:
        """Read the words of an inline element that are written in another way."""
        self.words.open()
        self._descend(node, end)

    def _end_note(self, node: Any) -> None:
        self._mark_depth -= 1
        mark = self.words.close_note()
        target = (node.attributes.get("href") or "").rpartition("#")[2]
        if mark and target and "sym" not in (node.attributes.get("class") or ""):
            self.marks.setdefault(target, mark)

    def _end_reading(self, tag: str) -> None:
        reading = self.words.close()
        if tag == "rt" and self._readings:
            self._readings[-1].append(reading.strip())
        elif tag == "rt":
            self.words.add(f" ({reading.strip()})")

    def _end_abbreviation(self, node: Any) -> None:
        short = self.words.close()
        title = " ".join((node.attributes.get("title") or "").split())
        is_said = title.lower() in self.words.before().lower() or text_after(node).lstrip().startswith("(")
        self.words.add(short)
        if short not in self._abbreviations and title and not is_said and title != short.strip():
            self.words.add(f" ({title})")
        self._abbreviations.add(short)

    def _end_label(self) -> None:
        self._label_depth -= 1
        self._after_label = True

    def _add_fraction(self, node: Any) -> bool:
        """Write a raised number over a lowered one, and tell whether they are such."""
        slash = node.next
        if slash is None or slash.tag != "-text" or (slash.text_content or "").strip() not in _SLASHES:
            return False
        under = slash.next
        if under is None or under.tag == "-text" or self.sheet.effect_of(under) != "lowered":
            return False
        if not self._skip(slash, under):
            return False
        self.words.add(fraction(node.text(deep=True), under.text(deep=True), self.words.before()))
        return True

    def add_picture(self, node: Any) -> None:
        """Append the words that stand for a picture."""
        attributes = node.attributes
        text = " ".join((attributes.get("alt") or "").split())
        is_decoration = attributes.get("aria-hidden") == "true" or attributes.get("role") in ("presentation", "none")
        if text and not is_decoration and not _PICTURE_NAME.match(text) and not text_after(node).startswith(text):
            self.words.add_apart(text)

    def add_drawing(self, node: Any) -> None:
        """Append the words in a drawing (SVG)."""
        texts: list[str] = []
        stack = [node]
        while stack:
            part = stack.pop()
            if part.tag.startswith("-") or self.sheet.is_hidden(part):
                continue
            if part.tag == "text":
                texts.append(" ".join(part.text(deep=True).split()))
            else:
                stack.extend(reversed(list(children(part))))
        self.words.add_apart("; ".join(filter(None, texts)))

    def is_among_words(self, node: Any) -> bool:
        """Tell whether a button stands among words; alone it is no text."""
        return self.is_flat or bool(self.words.before().strip() or text_after(node).strip())

    def add_control(self, node: Any) -> None:
        """Append what is filled in in a control, after its label."""
        value = value_of(node)
        if not value:
            return
        if is_tick(node):
            self.words.add_apart(value)
            self.words.add(" ")
            return
        before = self.words.before().rstrip()
        label = own_label(node)
        if not before and label:
            value = f"{label}: {value}"
        elif before and (self._after_label or self._label_depth) and not before.endswith(":"):
            self.words.strip_end()
            value = f": {value}"
        elif before and not self.words.before()[-1:].isspace():
            value = f" {value}"
        self.words.add(value.replace("\n", " ") if self.is_flat else value, keep_spaces=True)
        self.words.add(" ")
        self._after_label = False
